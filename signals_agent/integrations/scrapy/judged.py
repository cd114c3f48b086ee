"""What a crawl is told of one asset: the decision, why, what is owed, and the whole result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from scrapy.exceptions import IgnoreRequest

from signals_agent.integrations import sentences, tally
from signals_agent.model.assessment import Assessment
from signals_agent.model.obligation import Obligation
from signals_agent.model.verdict import Decision, Reason

META: Final = "signals_agent"
"""The key of ``response.meta`` under which the answer stands."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for one asset, as it stands in ``response.meta["signals_agent"]``."""

    assessment: Assessment

    @property
    def decision(self) -> Decision:
        """``ingest``, ``hold`` or ``skip``, over the uses that the policy intends (rule R27)."""
        return tally.decision_of(self.assessment)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, each with a code and a sentence (rule R29)."""
        return tally.reasons_of(self.assessment)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """What is owed for the uses that the policy intends (rule R23)."""
        verdict = self.assessment.verdict
        wanted = set(verdict.obligations) if verdict is not None else set()
        return tuple(each for each in self.assessment.obligations if each.id in wanted)

    @property
    def credit(self) -> str:
        """The credit line as plain text; ``assessment.citation`` has it in other styles."""
        return self.assessment.citation("text")

    @property
    def why(self) -> str:
        """The reasons as one printable line."""
        return sentences.why(self.assessment)

    def fields(self, credit: str = "text") -> dict[str, Any]:
        """What an item carries along: plain values, ready for JSON.

        ``credit`` is the style of the credit line: ``text``, ``markdown``, ``html``, ``bibtex``.
        """
        document = self.assessment.model_dump(mode="json")
        verdict = document.get("verdict", {})
        wanted = {each.id for each in self.obligations}
        owed = [each for each in document["obligations"] if each["id"] in wanted]
        return {
            "url": document["final_url"],
            "checked_at": document["checked_at"],
            "decision": str(self.decision),
            "verdict": verdict,
            "obligations": owed,
            "credit": self.assessment.citation(credit),
        }

    def __reduce__(self) -> tuple[Callable[[str], "Judged"], tuple[str]]:
        """The answer as its document: a request that copies ``meta`` may be put on disk."""
        return _read_back, (self.assessment.model_dump_json(),)


class Refused(IgnoreRequest):
    """The policy says hold or skip; ``judged`` has the whole answer."""

    def __init__(self, judged: Judged) -> None:
        """The message is the decision and its reasons."""
        super().__init__(f"signals_agent: {judged.decision}: {judged.why}")
        self.judged = judged


def _read_back(document: str) -> Judged:
    return Judged(Assessment.model_validate_json(document))
