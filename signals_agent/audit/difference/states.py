"""The two states that are compared: a run of a store, or what a ledger held at a time."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from signals_agent import quote
from signals_agent.errors import StoreError, UsageError
from signals_agent.evidence import Evidence
from signals_agent.store import Ledger, runs, stored
from signals_agent.store.runs import Run
from signals_agent.store.snapshot import Snapshot
from signals_agent.store.writing import moment

_TOGETHER: Final = 256
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_FOREVER: Final = "9999-12-31T23:59:59.999999Z"

_LAST: Final = (
    "SELECT a.url, a.id, a.result FROM assessments a WHERE a.url > ? AND a.checked_at <= ? "
    "AND NOT EXISTS (SELECT 1 FROM assessments b WHERE b.url = a.url AND b.checked_at <= ? "
    "AND (b.checked_at, b.id) > (a.checked_at, a.id)) ORDER BY a.url LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A state as it was asked for: a file, and after an ``@`` a run or a time.

    ``which`` is the number of a run, counted back from the last where it is negative; ``at``
    the time. Where both are ``None`` the last run is meant, or all that a plain ledger holds.
    """

    path: str
    which: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a state holds of one URL; ``result`` is empty where it was not asked."""

    url: str
    entry: int
    result: str


class State(Protocol):
    """One of the two: its URLs in their order, each once, and what its entries rest on.

    ``run`` is ``None`` where it is no run but each URL's last entry.
    """

    @property
    def run(self) -> Run | None:
        """The run, where it is one."""

    @property
    def label(self) -> str:
        """What it is, in a few words, for a report."""

    def rows(self) -> Iterator[Held]:
        """Its URLs, sorted; where one occurs several times, its last answer."""

    def evidence(self, entry: int) -> Evidence:
        """What an entry rests on; raises ``StoreError``."""


class OfRun:
    """A run of a store."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def run(self) -> Run:
        """The run."""
        return self._snapshot.run

    @property
    def label(self) -> str:
        """The file, and which of its runs."""
        return f"{self._snapshot.ledger.file}, run {self.run.number}"

    def rows(self) -> Iterator[Held]:
        """The URLs of the run, sorted."""
        last: Held | None = None
        for row in self._snapshot.rows(by_url=True):
            if last is not None and last.url != row.url:
                yield last
                last = None
            if last is None or row.entry:
                last = Held(row.url, row.entry, row.result)
        if last is not None:
            yield last

    def evidence(self, entry: int) -> Evidence:
        """What an entry rests on."""
        return self._snapshot.ledger.evidence(entry)


class OfLedger:
    """Each URL's last entry until a time, whichever run it is of."""

    run = None

    def __init__(self, ledger: Ledger, at: datetime | None) -> None:
        self._ledger = ledger
        self._at = at
        self._until = _FOREVER if at is None else moment(at)
        there = ledger.file.rows(
            "SELECT 1 FROM assessments WHERE checked_at <= ? LIMIT 1", (self._until,)
        )
        if not there:
            raise StoreError(f"{self.label}: nothing had been looked at")

    @property
    def label(self) -> str:
        """The file, and until when."""
        until = "" if self._at is None else f" until {told(self._at)}"
        return f"{self._ledger.file}, each URL's last entry{until}"

    def rows(self) -> Iterator[Held]:
        """The URLs of the ledger, sorted; no lock is held between some of them and the next."""
        after = ""
        while True:
            found = self._ledger.file.rows(_LAST, (after, self._until, self._until, _TOGETHER))
            for row in found:
                yield self._held(*row)
            if len(found) < _TOGETHER:
                return
            after = found[-1][0]

    def _held(self, url: Any, entry: int, result: Any) -> Held:
        if not isinstance(url, str):
            raise stored.damaged(entry, ValueError("its URL is no text"))
        return Held(url, entry, stored.result_text(result, entry))

    def evidence(self, entry: int) -> Evidence:
        """What an entry rests on."""
        return self._ledger.evidence(entry)


def read(text: str) -> Named:
    """A state as somebody writes it: ``audit.db``, ``audit.db@-2``, ``audit.db@2026-10-01``.

    A file of the whole name goes before what stands after its ``@``. A date is the end of that
    day in UTC, and so is a time without a zone in UTC. Raises ``UsageError``.
    """
    path, sign, which = text.rpartition("@")
    if not sign or "/" in which or Path(text).is_file():
        return Named(text)
    if not path:
        raise UsageError(f"{_shown(text)} names no file before its @")
    if _NUMBER.fullmatch(which):
        return Named(path, int(which))
    at = _time(which)
    if at is None:
        raise UsageError(
            f"{_shown(text)}: there is no such file, and {_shown(which)} is neither a run "
            "(2, or -2: the last but one) nor a time (2026-11-22, or 2026-11-22T12:00:00Z)"
        )
    return Named(path, at=at)


def last_two(named: Named) -> tuple[Named, Named]:
    """The run before, and the run that is named, or the last one; raises ``UsageError``."""
    if named.at is not None:
        raise UsageError("one time alone is compared with nothing: name two, A and B")
    which = -1 if named.which is None else named.which
    if which in (0, 1):
        raise UsageError(f"{_shown(named.path)} has no run before run {which}")
    return Named(named.path, which - 1), Named(named.path, which)


def is_first(named: Named) -> bool:
    """Whether it is the last run, and the only one: there is nothing to compare it with yet."""
    if named.at is not None or named.which not in (None, -1):
        return False
    with Ledger(named.path, read_only=True) as ledger:
        return len(runs.all_of(ledger.file)) == 1


def opened(named: Named, across: bool, until: ExitStack) -> State:
    """The state, open for reading until the stack is closed.

    At a time: the last run that had started by then; where there is none, and where ``across``
    says so, each URL's last entry until then. Raises ``StoreError`` and ``UsageError``.
    """
    ledger = until.enter_context(Ledger(named.path, read_only=True))
    if across and named.which is not None:
        raise UsageError("one run cannot be taken across runs: name a time instead, or neither")
    which = named.which
    if which is None and not across:
        every = runs.all_of(ledger.file)
        if named.at is not None:
            every = tuple(each for each in every if each.started_at <= named.at)
        which = len(every) or None
    if which is None:
        return OfLedger(ledger, named.at)
    return OfRun(until.enter_context(Snapshot(named.path, which)))


def told(time: datetime) -> str:
    """A time as reports have it (RFC 3339 UTC, seconds)."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        if len(text) <= 10:  # the end of that day
            time = time.replace(hour=23, minute=59, second=59, microsecond=999999)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _shown(text: str) -> str:
    return f"'{quote.text(text, 300)}'"
