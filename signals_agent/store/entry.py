"""What the ledger holds of one assessment, as it is handed out."""

from dataclasses import dataclass, field
from datetime import datetime

from signals_agent.model.assessment import Assessment
from signals_agent.model.declaration import Declaration
from signals_agent.model.obligation import Obligation
from signals_agent.model.verdict import Decision, PolicyRecord, Reason
from signals_agent.store import stored
from signals_agent.store.packing import Unreadable


@dataclass(frozen=True, slots=True)
class Entry:
    """One assessment that was written down; ``number`` counts them in the order of writing.

    ``id`` hashes the result, its evidence and the time (64 hex digits). ``decision`` is
    ``None`` where there is no verdict: neither uses nor a policy were given. ``kept`` is the
    result as the file has it, packed or not.
    """

    number: int
    id: str
    url: str
    final_url: str
    checked_at: datetime
    decision: Decision | None
    policy: PolicyRecord | None
    kept: str | bytes = field(repr=False)

    @property
    def result(self) -> str:
        """The result as it was appended, as canonical JSON; unpacked each time it is asked for.

        Raises ``StoreError`` where it is damaged.
        """
        return stored.result_text(self.kept, self.number)

    @property
    def assessment(self) -> Assessment:
        """The result as it was appended; read from its JSON each time it is asked for.

        Raises ``StoreError`` where it is damaged.
        """
        try:
            return stored.result(self.result)[1]
        except Unreadable as error:
            raise stored.damaged(self.number, error) from None


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why an asset was ingested: the reasons, what was owed for it, and what was declared.

    ``obligations`` are those that the ingested asset carries, ``declarations`` those that
    stand behind the reasons, the answers for its uses and the obligations.
    """

    entry: Entry
    reasons: tuple[Reason, ...]
    obligations: tuple[Obligation, ...]
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How much a ledger holds; ``octets`` are those of the blobs, each counted once.

    ``chain`` is the SHA-256 that stands for all that was written so far.
    """

    assessments: int
    urls: int
    ingested: int
    held: int
    skipped: int
    without_verdict: int
    captures: int
    declarations: int
    obligations: int
    blobs: int
    octets: int
    chain: str


def grounds(entry: Entry) -> Grounds:
    """What the verdict of an entry stands on; nothing where there is no verdict."""
    result = entry.assessment
    if result.verdict is None:
        return Grounds(entry, (), (), ())
    verdict = result.verdict
    owed = tuple(each for each in result.obligations if each.id in verdict.obligations)
    behind = {each for reason in verdict.reasons for each in reason.because}
    behind.update(each for use in verdict.uses for each in result.uses[use].because)
    behind.update(each for obligation in owed for each in obligation.because)
    declared = tuple(each for each in result.declarations if each.id in behind)
    return Grounds(entry, verdict.reasons, owed, declared)
