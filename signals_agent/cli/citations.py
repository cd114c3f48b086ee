"""Credit lines, one for each result and nothing else."""

from collections.abc import Iterable
from typing import Final

from signals_agent import quote
from signals_agent.credit import asks_what_changed
from signals_agent.model.assessment import Assessment
from signals_agent.model.licence import Activity

CHANGING: Final = frozenset({Activity.REDISTRIBUTE_MODIFIED, Activity.PUBLISH_ADAPTED_SAMPLES})
"""The activities in which the material itself goes out changed."""


class Citations:
    """Writes credit lines as a report is written; BibTeX entries stand apart by a blank line."""

    def __init__(self, style: str, changes: str, activities: Iterable[Activity]) -> None:
        self._style = style
        self._changes = changes
        self._changing = [each.value for each in activities if each in CHANGING]
        self._asking: dict[str, None] = {}
        self._written = False

    def begin(self) -> str:
        """Nothing."""
        return ""

    def add(self, assessment: Assessment) -> str:
        """The credit line of one result."""
        if self._changing and not self._changes.strip():
            self._asking.update(dict.fromkeys(asks_what_changed(assessment.licences)))
        between = "\n" if self._written and self._style == "bibtex" else ""
        self._written = True
        return between + assessment.citation(self._style, self._changes) + "\n"

    def end(self) -> str:
        """Nothing."""
        return ""

    def unsaid(self) -> str:
        """A sentence where a licence asks to say what was changed, and it was not said."""
        if not self._asking:
            return ""
        named = " and ".join(quote.text(each, 100) for each in self._asking)
        return (
            f"signals-agent: {' and '.join(self._changing)} is planned, and under {named} you "
            "say what you changed: --changes 'filtered and de-duplicated'\n"
        )
