"""The ledger of a crawl: what stands in it already, and what is written down (rule R38)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from signals_agent import freshness
from signals_agent.gate import NOT_FOUND_OUT
from signals_agent.integrations import tally, unproven
from signals_agent.integrations.scrapy.choices import Choices
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability
from signals_agent.model.verdict import ReasonCode
from signals_agent.version import TABLES, VERSION

if TYPE_CHECKING:
    from signals_agent.store import Entry, Tightened

_TIMES: Final = frozenset({"checked_at", "valid_until"})


class Book:
    """One open ledger; everything raises ``StoreError`` where it cannot be read or written."""

    def __init__(self, choices: Choices) -> None:
        """Opens the ledger that the settings name, and makes it where it is not there."""
        # SQLite is not loaded for those who keep no ledger.
        from signals_agent.store import Ledger

        self._choices = choices
        self._ledger: Ledger = Ledger(choices.ledger)

    def close(self) -> None:
        """Close it."""
        self._ledger.close()

    def settled(self, url: str) -> Assessment | None:
        """The answer for a URL that need not be asked for again, since it would not be passed on.

        It still holds, it was found out, and nothing on our side has changed since.
        """
        entry = self._ledger.still_holds(url)
        if entry is None or entry.decision is None or self._choices.passes(entry.decision):
            return None
        stored = entry.assessment
        if any(reason.code in NOT_FOUND_OUT for reason in tally.reasons_of(stored)):
            return None
        if not self._by_the_same(stored) or self._more_is_looked_at(stored):
            return None
        now = self._choices.policy.record()["evidence"]
        return stored if self._checks(entry) == now else None

    def write(self, made: Assessment) -> Assessment:
        """Write an answer down; with ``SIGNALS_AGENT_RESUME`` only where it says something new.

        The result is the answer that stands: with the times of the one in the ledger where
        that says the same and still holds.
        """
        if self._choices.resume:
            stored = self._standing(made)
            if stored is not None and _said(stored) == _said(made):
                return made.model_copy(update={name: getattr(stored, name) for name in _TIMES})
        self._ledger.append(made)
        return made

    def _standing(self, made: Assessment) -> Assessment | None:
        """The answer that still holds; one that found nothing out, and says no end, for a day."""
        entry = self._ledger.still_holds(made.url)
        if entry is not None:
            return entry.assessment
        last = self._ledger.said(made.url)
        if last is None or last.url != made.url:
            return None
        stored = last.assessment
        late = made.checked_at - stored.checked_at > freshness.CEILING
        return None if stored.valid_until is not None or late else stored

    def tightened(self, made: Assessment) -> "Tightened | None":
        """What became stricter since the asset was ingested; ``None`` where it never was."""
        return self._ledger.tightened(made, policy=self._choices.policy)

    def _checks(self, entry: "Entry") -> object:
        """How checking the policy's evidence ended then."""
        try:
            return self._ledger.evidence(entry).document["wishes"]["policy"]["checks"]
        except (KeyError, TypeError):
            # Verifying the ledger tells what is wrong with it.
            return None

    def _by_the_same(self, stored: Assessment) -> bool:
        """Whether who asked, by what, and what was promised then, are as they are now."""
        run = self._choices.run
        verdict = stored.verdict
        now = datetime.now(UTC)
        before = list(unproven.sentences(run.policy, stored.checked_at))
        return (
            verdict is not None
            and verdict.policy.sha256 == run.policy.sha256
            and verdict.uses == run.uses
            and (stored.tokens, stored.acquired_by) == (run.tokens, run.acquired_by)
            and (stored.vocabulary, stored.tool.tables) == (run.vocabulary, TABLES)
            and stored.tool.version == VERSION
            # As days pass, commitments expire and agreements begin.
            and before == list(unproven.sentences(run.policy, now))
        )

    def _more_is_looked_at(self, stored: Assessment) -> bool:
        """Whether the settings ask for site files that were left out then."""
        refused = {ReasonCode.ACCESS_REFUSED}
        codes = {reason.code for reason in tally.reasons_of(stored)}
        return (
            self._choices.site_files != "none"
            and codes != refused
            and any(
                each.availability is Availability.NOT_LOOKED and not each.required
                for each in stored.coverage
                if each.source not in (stored.url, stored.final_url)
            )
        )


def _said(answer: Assessment) -> dict[str, Any]:
    """What an answer says, whenever it was asked for."""
    document = answer.model_dump(mode="json", exclude=set(_TIMES))
    for capture in document["captures"]:
        capture.pop("fetched_at", None)
    return document
