"""The live run: hosts by turns until no URL waits, or until it is stopped."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from signals_agent import url as urls
from signals_agent.agent import Agent
from signals_agent.audit.book import Book
from signals_agent.audit.host_turn import HostTurn
from signals_agent.audit.pace import EACH, HOSTS, Pace
from signals_agent.fetch import failures
from signals_agent.fetch.retry import retry_after
from signals_agent.limits import Limits
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Capture, Role
from signals_agent.recording import Recorder
from signals_agent.store import Ledger
from signals_agent.store import runs as stored_runs
from signals_agent.store.queue import State
from signals_agent.store.runs import Run

BUDGET: Final = "budget"
STOPPED: Final = ""
_WAIT: Final = 0.5
"""After so many seconds it is looked again whether a host is ready."""
_SOON: Final = 0.05
"""And after so many where few are being asked, and the turn of one has just ended."""


class Live:
    """One start of a live run.

    ``settings`` are the keywords of ``Agent``. ``answered`` is called with each answer, and
    ``recorder`` keeps every exchange before an answer that rests on it. ``begun`` is set once
    the settings are found good.
    """

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        settings: Mapping[str, Any],
        pace: Pace,
        *,
        answered: Callable[[Assessment], None],
        recorder: Recorder | None = None,
    ) -> None:
        self._ledger = ledger
        self._run = run
        self._settings = settings
        self._pace = pace
        self._answered = answered
        self._recorder = recorder
        self._limits: Limits = settings["limits"]
        self._turns: dict[str, HostTurn] = {}
        self._stopping = asyncio.Event()
        self.begun = asyncio.Event()
        self._book: Book | None = None
        self._agent: Agent | None = None
        self._more = True
        self._under_way = 0
        self.requests = run.requests
        self.faults = 0

    @property
    def hosts(self) -> int:
        """How many hosts are being asked."""
        return len(self._turns)

    def stop(self) -> None:
        """Begin nothing more; what is under way is given up, and asked again on resuming."""
        self._stopping.set()

    async def state(self) -> State:
        """How far it is; only while it runs."""
        assert self._book is not None
        return await self._book.state()

    async def run(self) -> str:
        """Ask until all is answered, a budget is used up or it is stopped; why it ended.

        ``complete``, ``budget``, or empty where it was stopped.
        """
        async with (
            Book(self._ledger, self._run, self._keep_evidence) as book,
            Agent(
                **self._settings,
                host_delay=self._pace.host_delay,
                per_host=self._pace.per_host,
                most=self._pace.concurrency,
                shelf=book,
                # So that it is asked for again when a host has been left alone for a while.
                after_failure=self._pace.cool_down * 0.9,
                witness=self._seen,
            ) as agent,
        ):
            self._book, self._agent = book, agent
            self.begun.set()
            return await self._ask(book, agent)

    async def _ask(self, book: Book, agent: Agent) -> str:
        tasks: set[asyncio.Task[None]] = set()
        stopping = asyncio.ensure_future(self._stopping.wait())
        most = HOSTS * self._pace.concurrency
        try:
            looked = float("-inf")
            while not self._stopping.is_set():
                for task in [each for each in tasks if each.done()]:
                    tasks.remove(task)
                    task.result()
                book.check()
                if self._spent():
                    if not tasks:
                        return stored_runs.COMPLETE if await book.is_done() else BUDGET
                elif not tasks or (
                    len(tasks) < most
                    and time.monotonic() - looked
                    >= (_SOON if self._more and len(tasks) < self._pace.concurrency else _WAIT)
                ):
                    self._more = False
                    looked = time.monotonic()
                    for lent in await book.lend(most - len(tasks), self._pace.urls):
                        turn = HostTurn(lent, agent, book, self._pace, self._begin, self._done)
                        self._more = True
                        tasks.add(asyncio.ensure_future(self._take_turn(turn)))
                    if not tasks:
                        wait = (await book.state()).next_ready - time.time()
                        if wait == float("inf"):
                            return stored_runs.COMPLETE if await book.is_done() else BUDGET
                        await asyncio.wait({stopping}, timeout=max(0.01, min(wait, 1.0)))
                        continue
                await asyncio.wait(
                    {*tasks, stopping},
                    timeout=_SOON if self._more else _WAIT,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            return STOPPED
        finally:
            stopping.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, stopping, return_exceptions=True)

    async def _take_turn(self, turn: HostTurn) -> None:
        self._turns[turn.origin] = turn
        try:
            await turn.run()
        finally:
            self.faults += turn.faults
            self._more = True
            del self._turns[turn.origin]

    def _keep_evidence(self) -> None:
        """What was recorded is on the disk before what rests on it."""
        if self._recorder is not None:
            self._recorder.flush()

    def _begin(self) -> bool:
        """Whether another URL may be begun; then it is under way.

        What is under way counts as what a URL of a new host takes: robots.txt, a site file
        and the page.
        """
        budget = self._pace.budget
        if self._stopping.is_set() or (
            budget is not None and self.requests + EACH * self._under_way >= budget
        ):
            return False
        self._under_way += 1
        return True

    def _done(self, answer: Assessment | None) -> None:
        """A URL that was begun is answered, or put back."""
        self._under_way -= 1
        if answer is not None:
            self._answered(answer)

    def _spent(self) -> bool:
        return self._pace.budget is not None and self.requests >= self._pace.budget

    def _seen(self, capture: Capture, role: Role) -> None:
        """Count an exchange, and heed what it says of when to come back."""
        if self._recorder is not None:
            self._recorder.take(capture, role)
        assert self._book is not None
        assert self._agent is not None
        if failures.GUARDED in capture.notes:
            return  # we refused to connect: nobody was asked
        self.requests += 1
        self._book.count(1)
        origin = urls.parse(capture.url).origin
        turn = self._turns.get(origin)
        if turn is not None:
            turn.requests += 1
        if capture.status in (429, 503):
            seconds = retry_after(capture, datetime.now(UTC))
            if seconds is None:
                return
            self._agent.leave_alone(origin, min(seconds, self._limits.max_retry_after))
            if seconds > self._limits.max_retry_after and turn is not None:
                turn.breaker.leave_alone(self._limits.max_retry_after)
