"""How many assets each note is about, contradictions told apart from the others."""

from signals_agent.audit.figures import disagreements
from signals_agent.audit.figures.groups import Groups
from signals_agent.audit.figures.nouns import Contradiction
from signals_agent.audit.figures.standing import Result
from signals_agent.store.snapshot import Row


class Notes:
    """Counts assets by the notes of their results; a note that comes twice counts once."""

    def __init__(self) -> None:
        self._groups: Groups[tuple[str, str]] = Groups()
        self._summaries: dict[str, str] = {}

    def add(self, row: Row, result: Result) -> None:
        """One asset."""
        seen = set()
        for note in result["notes"]:
            code, summary = note["code"], note["summary"]
            key = code, disagreements.which(code, summary)
            if key not in seen:
                seen.add(key)
                self._groups.add(key, row.url, row.host)
                self._summaries.setdefault(code, summary)

    def told(self) -> tuple[tuple[Contradiction, ...], tuple[Contradiction, ...]]:
        """The contradictions and the other notes, those on most assets first.

        A note that is no contradiction has the words of the first asset that has it.
        """
        contradictions: list[Contradiction] = []
        others: list[Contradiction] = []
        for (code, pair), group in self._groups.largest_first():
            disagree = code in disagreements.CONTRADICTIONS
            words = disagreements.words(code, pair) if disagree else self._summaries[code]
            (contradictions if disagree else others).append(
                Contradiction(code, words, group.assets, len(group.origins), tuple(group.examples))
            )
        return tuple(contradictions), tuple(others)
