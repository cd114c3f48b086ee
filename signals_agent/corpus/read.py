"""Which corpus a path is: a ledger, a list, or the manifest that travelled with one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from signals_agent.corpus import by_policy, of_ledger, of_list, of_manifest
from signals_agent.corpus.cards.provenance import Provenance
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Member
from signals_agent.corpus.of_ledger import Dropped
from signals_agent.corpus.of_list import Unread
from signals_agent.errors import ConfigError, EvidenceError
from signals_agent.evidence.recomputed import policy_of
from signals_agent.policy import Policy
from signals_agent.store import Ledger, last_ingested

_LISTS: Final = (".csv", ".tsv", ".jsonl", ".ndjson")


@dataclass(slots=True)
class Reading:
    """What reading the corpora left out, and how many members each had.

    ``held`` and ``skipped`` count the entries of ledgers that were not ingested, ``policies``
    are those by which ledgers were written, as name and SHA-256; ``policy`` is that one of
    which there is no other.
    """

    members: list[int] = field(default_factory=list)
    dropped: Dropped = field(default_factory=Dropped)
    unread: Unread = field(default_factory=Unread)
    ledgers: int = 0
    held: int = 0
    skipped: int = 0
    policies: set[tuple[str, str]] = field(default_factory=set)
    written_by: Policy | None = None

    @property
    def policy(self) -> Policy | None:
        """The policy by which all that was ingested was decided, where it was one."""
        return self.written_by if len(self.policies) == 1 else None

    @property
    def provenance(self) -> Provenance:
        """The same as the card tells it."""
        kinds = {self.ledgers == len(self.members), self.ledgers > 0}
        crawled = kinds.pop() if len(kinds) == 1 else None
        name, sha256 = next(iter(self.policies)) if len(self.policies) == 1 else (None, None)
        if not self.ledgers:
            return Provenance(crawled, unread=self.unread.count)
        return Provenance(
            crawled,
            self.held,
            self.skipped,
            len(self.dropped.tightened),
            self.unread.count,
            name,
            sha256,
        )


def holdings(
    paths: Sequence[Path],
    now: datetime,
    policy: Policy | None = None,
    step: Callable[[int], object] | None = None,
) -> tuple[Holdings, Reading]:
    """What all these hold, put together; the caller closes it.

    A path is a ledger, a list (by its ending), or a preference manifest or its folder. With a
    ``policy`` its statements and agreements count, as of ``now``; without one those count by
    which a ledger was written. Raises ``StoreError`` and ``ConfigError``.
    """
    made, told = Holdings([path.name for path in paths]), Reading()
    try:
        for number, path in enumerate(paths):
            found = _members(path, policy, told)
            if policy is not None:
                found = by_policy.applied(found, policy, now)
            told.members.append(made.add(found, number, step))
    except BaseException:
        made.close()
        raise
    return made, told


def _members(path: Path, policy: Policy | None, told: Reading) -> Iterator[Member]:
    if not path.exists():
        raise ConfigError(f"there is no corpus at {path}")
    if path.is_dir() or path.suffix.lower() == ".json":
        yield from of_manifest.members(path, told.unread)
    elif path.suffix.lower() in _LISTS:
        yield from of_list.members(path, told.unread)
    else:
        with Ledger(path, read_only=True, create=False) as ledger:
            count = ledger.count()
            told.ledgers += 1
            told.held += count.held
            told.skipped += count.skipped
            told.policies.update(last_ingested.policies(ledger))
            if policy is None and told.policy is None and len(told.policies) == 1:
                told.written_by = _written_by(ledger)
            yield from of_ledger.members(ledger, policy, told.dropped)


def _written_by(ledger: Ledger) -> Policy | None:
    """The policy by which the first asset was ingested; ``None`` where nothing tells."""
    for entry in last_ingested.last_ingested(ledger):
        try:
            return policy_of(ledger.evidence(entry.number).document)
        except EvidenceError as error:
            raise ConfigError(
                f"the policy by which {ledger.path} was written cannot be read ({error}); name "
                "one with --policy"
            ) from None
    return None
