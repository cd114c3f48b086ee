"""What is asked of a ledger about assets whose declarations became stricter (rule R38)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from signals_agent.errors import EvidenceError
from signals_agent.evidence import as_stored, policy_of, recompute, wishes_of
from signals_agent.model.assessment import Assessment
from signals_agent.model.verdict import Decision
from signals_agent.policy import Policy
from signals_agent.store.entry import Entry
from signals_agent.store.reading import Reader
from signals_agent.store.tightened import Tightened, asked_alike, compare

_TOGETHER: Final = 64
"""How many URLs are read in one go."""


class Watcher(Reader):
    """The questions of a reader, and those about what became stricter."""

    def tightened(
        self,
        of: str | Assessment,
        *,
        ingested: datetime | None = None,
        policy: Policy | None = None,
    ) -> Tightened | None:
        """What became stricter for an asset since it was ingested, with both readings (rule R38).

        ``of`` is a new assessment, which need not have been appended, or a URL: its last entry
        is the new reading then. It is held against the first *ingest* of that URL, or, where
        ``ingested`` names the time from which a copy is, against the last one until then; both
        are weighed by one policy. Whether the copy is kept or dropped says ``policy``, and where
        none is given the one by which it was ingested; but without ``ingested`` it is kept where
        it was ingested again since, and nothing is stricter than it was then.
        ``None`` where nothing became stricter, or nothing was ingested.
        """
        later: Entry | Assessment | None = of if isinstance(of, Assessment) else self._last(of)
        if later is None:
            return None
        first = self._last if ingested is not None else self._first
        before = first(later.url, ingested, Decision.INGEST)
        if before is None or before.checked_at > later.checked_at:
            return None
        found = self._held_against(before, later)
        if found is None:
            return None
        if ingested is None and (again := self._taken_again(before, later)) is not None:
            return replace(found, then="keep", taken_again=again)
        return replace(found, then=(policy or self._policy(before)).on.tightened)

    def all_tightened(
        self, *, ingested: datetime | None = None, policy: Policy | None = None
    ) -> Iterator[Tightened]:
        """The same for every URL that was ingested and looked at again, by URL."""
        url = ""
        while True:
            rows = self.file.rows(
                "SELECT url FROM assessments WHERE url > ? GROUP BY url "
                f"HAVING count(*) > 1 ORDER BY url LIMIT {_TOGETHER}",
                (url,),
            )
            for (url,) in rows:
                found = self.tightened(url, ingested=ingested, policy=policy)
                if found is not None:
                    yield found
            if len(rows) < _TOGETHER:
                return

    def _held_against(self, before: Entry, later: Entry | Assessment) -> Tightened | None:
        """What is stricter in the later reading, both weighed by one policy."""
        then, now = before.assessment, later if isinstance(later, Assessment) else later.assessment
        weighed = () if asked_alike(then, now) else self._weighed(before, then, later, now)
        return compare(then, now, weighed=weighed)

    def _taken_again(self, before: Entry, later: Entry | Assessment) -> datetime | None:
        """When it was ingested again, under no less than the later reading asks for."""
        verdict = later.verdict if isinstance(later, Assessment) else None
        if verdict is not None and verdict.decision is Decision.INGEST:
            return later.checked_at  # it need not have been appended
        last = self._last(later.url, later.checked_at, Decision.INGEST)
        if last is None or last.number == before.number or last.checked_at <= before.checked_at:
            return None
        return None if self._held_against(last, later) is not None else last.checked_at

    def _policy(self, entry: Entry) -> Policy:
        """The policy by which an entry was decided."""
        try:
            return policy_of(self._document(entry.number))
        except EvidenceError as error:
            raise self._damaged(entry.number, error) from None

    def _weighed(
        self, first: Entry, then: Assessment, later: Entry | Assessment, now: Assessment
    ) -> tuple[tuple[Assessment, Assessment], ...]:
        """Both readings by the policy of the first one, and by that of the later one.

        Empty where one of them cannot be weighed anew: they are compared as they are then.
        """
        old = self.evidence(first)
        try:
            new = self.evidence(later) if isinstance(later, Entry) else as_stored(later)
            as_then = recompute(new.document, new.blobs, wishes_of(old.document))
            as_now = recompute(old.document, old.blobs, wishes_of(new.document))
        except EvidenceError:
            return ()
        return (then, as_then), (as_now, now)
