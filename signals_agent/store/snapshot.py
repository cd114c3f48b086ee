"""What a run found, row by row, for whoever reports on it or compares it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from signals_agent.errors import StoreError, UsageError
from signals_agent.store import runs, stored
from signals_agent.store.ledger import Ledger
from signals_agent.store.runs import Run

_TOGETHER: Final = 256

_ROW: Final = (
    "SELECT l.id, l.url, i.name, l.line, coalesce(l.assessment, 0), a.result, "
    "l.host FROM listed l "
    "JOIN inputs i ON i.id = l.input LEFT JOIN assessments a ON a.id = l.assessment "
)


@dataclass(frozen=True, slots=True)
class Row:
    """One URL of a run.

    ``number`` counts from 1 in the order of the input. ``source`` is the file that it stands
    in, and ``line`` the line there, in an archive the offset of its record, 0 where there is
    none. ``entry`` is the number of its entry in the ledger, and ``result`` the result as
    canonical JSON; 0 and empty where it was not asked. ``host`` is the number of its origin
    in the store.
    """

    number: int
    url: str
    source: str
    line: int
    entry: int
    result: str
    host: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a run holds: URLs, those answered, those not asked, left out by the sample."""

    listed: int
    answered: int
    waiting: int
    left_out: int
    hosts: int


class Snapshot:
    """The rows of one run of a store, read only; memory does not grow with their number.

    ``which`` is the number of a run, counted back from the last where it is negative.
    Raises ``StoreError`` where the file cannot be read or holds no run, ``UsageError`` where
    it has no such run.
    """

    def __init__(self, path: str | os.PathLike[str], which: int = -1) -> None:
        self.ledger = Ledger(path, read_only=True)
        try:
            self.run = _chosen(self.ledger, which)
        except BaseException:
            self.ledger.close()
            raise
        (first,) = self.ledger.file.rows(
            "SELECT min(id) FROM listed WHERE run = ?", (self.run.number,)
        )
        self._before = (first[0] or 1) - 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; doing so twice does no harm."""
        self.ledger.close()

    def rows(self, *, by_url: bool = False) -> Iterator[Row]:
        """Every URL of the run, in the order of the input, or sorted by URL."""
        if by_url:
            yield from self._by_url()
            return
        after = 0
        while True:
            found = self.ledger.file.rows(
                f"{_ROW} WHERE l.run = ? AND l.id > ? ORDER BY l.id LIMIT {_TOGETHER}",
                (self.run.number, after),
            )
            for row in found:
                yield self._row(row)
            if len(found) < _TOGETHER:
                return
            after = found[-1][0]

    def _by_url(self) -> Iterator[Row]:
        """Sorted by URL, then by number: the order is made on the disk."""
        from signals_agent.store.scratch import Scratch

        scratch = Scratch("CREATE TABLE by_url (url TEXT, id INTEGER)")
        try:
            with self.ledger.file.reading() as connection:
                every = connection.execute(
                    "SELECT url, id FROM listed WHERE run = ?", (self.run.number,)
                )
                with scratch.writing():
                    scratch.many("INSERT INTO by_url VALUES (?, ?)", every)
            for _, number in scratch.each("SELECT url, id FROM by_url ORDER BY url, id"):
                for row in self.ledger.file.rows(f"{_ROW} WHERE l.id = ?", (number,)):
                    yield self._row(row)
        finally:
            scratch.close()

    def _row(self, row: tuple[Any, ...]) -> Row:
        number, url, source, line, entry, result, host = row
        text = stored.result_text(result, entry) if entry else ""
        return Row(number - self._before, url, source, line, entry, text, host)

    def decisions(self) -> dict[str, int]:
        """How many URLs have which decision; none where no use was named."""
        return dict(
            self.ledger.file.rows(
                "SELECT a.decision, count(*) FROM listed l JOIN assessments a "
                "ON a.id = l.assessment WHERE l.run = ? AND a.decision IS NOT NULL "
                "GROUP BY a.decision",
                (self.run.number,),
            )
        )

    def counts(self) -> Counts:
        """How much the run holds."""
        ((listed, answered),) = self.ledger.file.rows(
            "SELECT count(*), count(assessment) FROM listed WHERE run = ?", (self.run.number,)
        )
        ((hosts, left_out),) = self.ledger.file.rows(
            "SELECT count(*), coalesce(sum(left_out), 0) FROM hosts WHERE run = ?",
            (self.run.number,),
        )
        return Counts(listed, answered, listed - answered, left_out, hosts)


def _chosen(ledger: Ledger, which: int) -> Run:
    found = runs.all_of(ledger.file)
    if not found:
        raise StoreError(
            f"{ledger.file} holds no audit: 'signals-agent audit INPUT --store FILE' makes one"
        )
    try:
        return found[which] if which < 0 else found[which - 1] if which else found[len(found)]
    except IndexError:
        has = "1 run" if len(found) == 1 else f"{len(found)} runs"
        raise UsageError(f"{ledger.file} has no run {which}: it has {has}") from None
