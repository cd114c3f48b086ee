"""What is asked of a ledger: what was said, when, and why it was ingested."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from heapq import merge
from typing import Any, Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import StoreError, UsageError
from signals_agent.evidence import Evidence
from signals_agent.model.verdict import Decision, PolicyRecord
from signals_agent.store import copying, counting, packing, writing
from signals_agent.store.entry import Count, Entry, Grounds, grounds
from signals_agent.store.file import File

_TOGETHER: Final = 64
"""How many entries are read in one go."""

_COLUMNS: Final = (
    "id, key, url, final_url, checked_at, decision, policy_name, policy_sha256, result"
)


class Reader:
    """The questions that an open ledger answers; none of them writes."""

    file: File

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, in the order of writing; as they are read, not all at once."""
        return self.entries()

    def entries(self, decision: Decision | str | None = None, *, after: int = 0) -> Iterator[Entry]:
        """Entries in the order of writing, those of one decision or all; beyond a number.

        Memory does not grow with their count, and no lock is held between two of them.
        """
        chosen, values = "", []
        if decision is not None:
            chosen, values = "AND decision = ? ", [_decision(decision)]
        while True:
            found = self._entries(
                f"WHERE id > ? {chosen}ORDER BY id LIMIT {_TOGETHER}", (after, *values)
            )
            yield from found
            if len(found) < _TOGETHER:
                return
            after = found[-1].number

    def ingested(self, *, after: int = 0) -> Iterator[Entry]:
        """Every entry whose verdict is *ingest*, in the order of writing."""
        return self.entries(Decision.INGEST, after=after)

    def entry(self, beginning: str) -> Entry | None:
        """The entry whose id begins so; ``None`` where none does, or several do."""
        start = writing.text(beginning)
        found = self._entries("WHERE key >= ? AND key < ? LIMIT 2", (start, start + "g"))
        return found[0] if len(found) == 1 else None

    def said(self, url: str, at: datetime | None = None) -> Entry | None:
        """What a URL said at a time (the last time it was looked at until then), or says now.

        A URL to which only redirects led is found by them. ``None`` where it had not been
        looked at. Raises ``InvalidURL``, and ``UsageError`` for a time without a zone.
        """
        return self._last(url, at)

    def why(self, url: str, at: datetime | None = None) -> Grounds | None:
        """Why a URL was ingested, the last time it was until then; ``None`` where it never was."""
        found = self._last(url, at, Decision.INGEST)
        return None if found is None else grounds(found)

    def still_holds(self, url: str, at: datetime | None = None) -> Entry | None:
        """The last look at a URL, where its answer still holds at a time, or now (rule R38).

        The last entry that was asked for under exactly this URL until then, if that is before
        its ``valid_until``. ``None`` where it says of no time until when it holds, and where it
        holds no longer: an older answer that would have held for longer is not gone back to.
        Raises ``InvalidURL``, and ``UsageError`` for a time without a zone.
        """
        then = _moment(datetime.now(UTC) if at is None else at)
        found = self._entries(
            "WHERE id = (SELECT id FROM assessments WHERE url = ? AND checked_at <= ? "
            "ORDER BY checked_at DESC, id DESC LIMIT 1) AND valid_until > ?",
            (urls.parse(url).text, then, then),
        )
        return found[0] if found else None

    def has(self, url: str, since: datetime | None = None) -> bool:
        """Whether a URL was looked at (since a time), so that a second start repeats nothing."""
        found = self.file.rows(
            "SELECT 1 FROM assessments WHERE url = ? AND checked_at >= ? LIMIT 1",
            (urls.parse(url).text, "" if since is None else _moment(since)),
        )
        return bool(found)

    def resting_on(
        self, declaration: str, decision: Decision | str | None = Decision.INGEST
    ) -> Iterator[Entry]:
        """The assets that rest on a declaration (its id in a result), in the order of writing.

        It stands behind an answer, a reason, an obligation or the credit line. Those that
        were ingested; with another ``decision`` those, with ``None`` all.
        """
        kept = None if decision is None else _decision(decision)
        rows = self.file.rows(
            "SELECT id FROM declarations WHERE declaration = ?", (writing.text(declaration),)
        )
        # Each of them has its entries in order; most often there is one.
        return merge(*(self._resting(row, kept) for (row,) in rows), key=lambda each: each.number)

    def _resting(self, row: int, decision: str | None) -> Iterator[Entry]:
        after = 0
        columns = ", ".join(f"a.{name}" for name in _COLUMNS.split(", "))
        chosen = "" if decision is None else "AND a.decision = ? "
        while True:
            found = [
                self._entry(each)
                for each in self.file.rows(
                    f"SELECT {columns} FROM assessment_declarations l "
                    "CROSS JOIN assessments a ON a.id = l.assessment "
                    f"WHERE l.declaration = ? AND l.assessment > ? AND l.rests = 1 {chosen}"
                    f"ORDER BY l.assessment LIMIT {_TOGETHER}",
                    (row, after, *([] if decision is None else [decision])),
                )
            ]
            yield from found
            if len(found) < _TOGETHER:
                return
            after = found[-1].number

    def evidence(self, entry: Entry | int) -> Evidence:
        """What an entry (or its number) rests on: the document, and its octets (rule R30).

        Raises ``StoreError`` where there is no such entry, or it is damaged.
        """
        number = entry.number if isinstance(entry, Entry) else entry
        with self.file.reading():  # one turn for both
            document = self._document(number)
            blobs = dict(
                self.file.rows(
                    "SELECT b.sha256, b.octets FROM assessment_blobs l "
                    "JOIN blobs b ON b.id = l.blob WHERE l.assessment = ?",
                    (number,),
                )
            )
        return Evidence(document, blobs)

    def _document(self, number: int) -> Any:
        """The document of an entry's evidence."""
        found = self.file.rows("SELECT evidence FROM assessments WHERE id = ?", (number,))
        if not found:
            raise StoreError(f"the ledger {self.file} has no entry {number}")
        try:
            return json.loads(packing.unpack(found[0][0], "evidence"))
        except (TypeError, ValueError, RecursionError) as error:
            raise self._damaged(number, error) from None

    def count(self) -> Count:
        """How much the ledger holds."""
        return counting.count(self.file)

    def copy_to(self, path: str | os.PathLike[str]) -> None:
        """Copy all that was written until now into a new file, also while others write.

        The copy is whole by itself: nothing of it waits in a ``-wal``. It appears whole or not
        at all. Raises ``StoreError``, also where there is a file of this name already.
        """
        copying.copy(self.file, path)

    def _last(
        self, url: str, at: datetime | None = None, decision: Decision | None = None
    ) -> Entry | None:
        return self._one(url, at, decision, "DESC")

    def _first(
        self, url: str, at: datetime | None = None, decision: Decision | None = None
    ) -> Entry | None:
        return self._one(url, at, decision, "ASC")

    def _one(
        self, url: str, at: datetime | None, decision: Decision | None, order: str
    ) -> Entry | None:
        here = urls.parse(url).text
        chosen, values = "", []
        if at is not None:
            chosen, values = "AND checked_at <= ? ", [_moment(at)]
        if decision is not None:
            chosen, values = chosen + "AND decision = ? ", [*values, decision.value]
        for column in ("url", "final_url"):
            found = self._entries(
                f"WHERE {column} = ? {chosen}ORDER BY checked_at {order}, id {order} LIMIT 1",
                (here, *values),
            )
            if found:
                return found[0]
        return None

    def _entries(self, where: str, values: Sequence[writing.Value]) -> list[Entry]:
        rows = self.file.rows(f"SELECT {_COLUMNS} FROM assessments {where}", values)
        return [self._entry(row) for row in rows]

    def _entry(self, row: Sequence[Any]) -> Entry:
        number, key, url, final_url, checked_at, decision, name, sha256, result = row
        try:
            return Entry(
                number,
                key,
                url,
                final_url,
                datetime.fromisoformat(checked_at),
                None if decision is None else Decision(decision),
                None if name is None else PolicyRecord(name, sha256),
                result,
            )
        except (TypeError, ValueError) as error:
            raise self._damaged(number, error) from None

    def _damaged(self, number: int, error: Exception) -> StoreError:
        return StoreError(
            f"the ledger {self.file} is damaged: entry {number} cannot be "
            f"read ({quote.text(str(error), 200)}); signals-agent verify tells more"
        )


def _decision(given: Decision | str) -> str:
    try:
        return Decision(given).value
    except ValueError:
        raise UsageError(f"{given!r} is not a decision; accepted: {', '.join(Decision)}") from None


def _moment(given: datetime) -> str:
    if given.tzinfo is None:
        raise UsageError("a time is aware, for example datetime.now(UTC)")
    try:
        return writing.moment(given)
    except OverflowError:
        raise UsageError("a time lies between the years 1 and 9999, in UTC too") from None
