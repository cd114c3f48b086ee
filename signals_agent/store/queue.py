"""Which URLs of a run are asked next, host by host in turn, and what became of those that were."""

import math
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from signals_agent.store import site_copies, writing
from signals_agent.store.file import File
from signals_agent.store.runs import Run
from signals_agent.store.writing import Record, Row

_LENT: Final = 1e18
"""The end of time: a host with this ``ready`` is being asked."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A URL that is to be asked; ``number`` is its row."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Lent:
    """A host that is to be asked now, and the next of its URLs."""

    number: int
    origin: str
    urls: tuple[Waiting, ...]
    requests: int
    trips: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A host whose turn is over.

    ``ready`` is when it may be asked again, in seconds since 1970; ``requests`` and ``trips``
    are what it comes to in all, and ``closed`` says why nothing more of it is asked.
    """

    number: int
    ready: float
    requests: int
    trips: int
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A URL's row, and the record of its answer."""

    number: int
    host: int
    record: Record


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: URLs that wait, the most of one host, hosts that wait, when the next
    of them is ready.
    """

    answered: int
    waiting: int
    longest: int
    hosts: int
    next_ready: float


class Queue:
    """The URLs of a run that still wait; to be used in one thread at a time."""

    def __init__(self, file: File, run: Run, *, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._run = run.number
        self._now = now

    def start(self) -> None:
        """Take up the hosts that a start before this one was asking, or had closed or given up.

        A host that was left alone for a while stays so.
        """
        with self._file.writing() as connection:
            connection.execute(
                "UPDATE hosts SET ready = CASE WHEN ready >= ? THEN 0 ELSE ready END, "
                "closed = '', trips = 0 WHERE run = ?",
                (_LENT, self._run),
            )

    def lend(self, hosts: int, urls: int) -> tuple[Lent, ...]:
        """Up to so many hosts that are ready, who waited longest first, each with its next URLs.

        A host that was lent is not lent again until it is given back.
        """
        now = self._now()
        with self._file.writing() as connection:
            found = connection.execute(
                "SELECT id, origin, requests, trips FROM hosts WHERE run = ? AND waiting > 0 "
                "AND closed = '' AND ready <= ? ORDER BY ready, id LIMIT ?",
                (self._run, now, hosts),
            ).fetchall()
            connection.executemany(
                "UPDATE hosts SET ready = ? WHERE id = ?", [(_LENT, row[0]) for row in found]
            )
            return tuple(
                Lent(number, origin, self._next(connection, number, urls), requests, trips)
                for number, origin, requests, trips in found
            )

    def _next(self, connection: sqlite3.Connection, host: int, most: int) -> tuple[Waiting, ...]:
        rows = connection.execute(
            "SELECT id, url FROM listed WHERE host = ? AND assessment IS NULL "
            "ORDER BY rank, id LIMIT ?",
            (host, most),
        )
        return tuple(Waiting(number, url) for number, url in rows)

    def write(
        self,
        answered: Sequence[Answered],
        given_back: Iterable[GivenBack] = (),
        copies: Iterable[Row] = (),
        requests: int = 0,
    ) -> None:
        """Write answers down with all that they rest on, and who is free again: all or nothing."""
        by_host: dict[int, int] = {}
        with self._file.writing() as connection:
            entries = writing.write_many(connection, [each.record for each in answered])
            for each, entry in zip(answered, entries, strict=True):
                done = connection.execute(
                    "UPDATE listed SET assessment = ? WHERE id = ? AND assessment IS NULL",
                    (entry, each.number),
                ).rowcount
                by_host[each.host] = by_host.get(each.host, 0) + done
            _count_down(connection, by_host)
            connection.executemany(
                "UPDATE hosts SET ready = ?, requests = ?, trips = ?, closed = ? WHERE id = ?",
                [
                    (each.ready, each.requests, each.trips, each.closed, each.number)
                    for each in given_back
                ],
            )
            site_copies.write(connection, copies)
            if requests:
                connection.execute(
                    "UPDATE runs SET requests = requests + ? WHERE id = ?", (requests, self._run)
                )

    def state(self) -> State:
        """How far the run is."""
        ((waiting, longest, hosts, ready),) = self._file.rows(
            "SELECT coalesce(sum(waiting), 0), coalesce(max(waiting), 0), count(*), min(ready) "
            "FROM hosts WHERE run = ? AND waiting > 0 AND closed = ''",
            (self._run,),
        )
        ((answered,),) = self._file.rows(
            "SELECT count(assessment) FROM listed WHERE run = ?", (self._run,)
        )
        return State(answered, waiting, longest, hosts, math.inf if ready is None else ready)

    def is_done(self) -> bool:
        """Whether no URL waits any more, those of hosts that are closed included."""
        return not self._file.rows(
            "SELECT 1 FROM hosts WHERE run = ? AND waiting > 0 LIMIT 1", (self._run,)
        )


def _count_down(connection: sqlite3.Connection, by_host: Mapping[int, int]) -> None:
    connection.executemany(
        "UPDATE hosts SET waiting = waiting - ? WHERE id = ?",
        [(done, host) for host, done in by_host.items()],
    )
