"""One host's turn in a live run: its next URLs, asked within what the host may be asked."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from signals_agent import quote
from signals_agent.agent import Agent
from signals_agent.audit.book import Book
from signals_agent.audit.breaker import Breaker
from signals_agent.audit.pace import EACH, Pace
from signals_agent.errors import ClosedAgent, StoreError
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture
from signals_agent.store.queue import GivenBack, Lent, Waiting

_log = logging.getLogger(__name__)

BUDGET: Final = "budget"
"""Why a host is closed whose budget is used up."""


class HostTurn:
    """Asks the URLs that were lent; ``stop`` lets what is under way end and begins no more.

    ``begin`` says whether another URL may be begun, and ``done`` is called with its answer
    once it is taken, or with ``None`` where it is put back.
    """

    def __init__(
        self,
        lent: Lent,
        agent: Agent,
        book: Book,
        pace: Pace,
        begin: Callable[[], bool],
        done: Callable[[Assessment | None], None],
    ) -> None:
        self._lent = lent
        self._agent = agent
        self._book = book
        self._pace = pace
        self._begin = begin
        self._done = done
        self._waiting = deque(lent.urls)
        self._until = time.monotonic() + pace.turn
        self.breaker = Breaker(lent.origin, pace, lent.trips)
        self.requests = lent.requests
        self.faults = 0
        self._under_way = 0

    @property
    def origin(self) -> str:
        """The origin that is asked."""
        return self._lent.origin

    async def run(self) -> None:
        """Ask, and give the host back."""
        closed = ""
        if self.breaker.given_up:
            await self._give_up()
        else:
            # Of one that was left alone a while a single URL is tried first.
            side_by_side = 1 if self.breaker.trips else self._pace.per_host
            side_by_side = min(side_by_side, len(self._waiting))
            workers = [asyncio.ensure_future(self._work()) for _ in range(side_by_side)]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
            if self._is_spent():
                closed = BUDGET
        ready = time.time()
        if self.breaker.open and not self.breaker.given_up:
            ready += self.breaker.pause
        self._book.give_back(
            GivenBack(self._lent.number, ready, self.requests, self.breaker.trips, closed)
        )

    def _is_spent(self) -> bool:
        budget = self._pace.host_budget
        return budget is not None and self.requests >= budget

    def _may_begin(self) -> bool:
        """Whether another URL of the host may be begun; then it is under way."""
        budget = self._pace.host_budget
        if budget is not None and self.requests + EACH * self._under_way >= budget:
            return False
        if not self._begin():
            return False
        self._under_way += 1
        return True

    async def _work(self) -> None:
        while (
            self._waiting
            and not self.breaker.open
            and time.monotonic() < self._until
            and self._may_begin()
        ):
            waiting = self._waiting.popleft()
            taken: Assessment | None = None
            try:
                answer = await self._asked(waiting)
                if self.breaker.wants_another_try(answer):
                    return  # it stays in the list, and comes again with the host
                self.breaker.note(answer)
                taken = await self._take(waiting, answer)
            finally:
                self._under_way -= 1
                self._done(taken)

    async def _asked(self, waiting: Waiting) -> Assessment:
        try:
            return await self._agent.assess(waiting.url)
        except (ClosedAgent, StoreError):
            raise
        except Exception as error:
            return self._fault(waiting, error)

    def _fault(self, waiting: Waiting, error: Exception) -> Assessment:
        """A fault of ours ends the answer for this URL, and not that for a million others."""
        self.faults += 1
        _log.exception("a fault of ours with %s", quote.text(waiting.url, 500))
        words = f"a fault of ours ({type(error).__name__}) kept it from being looked at"
        return self._agent.not_looked_at(waiting.url, words)

    async def _give_up(self) -> None:
        """Answer what was lent without asking for it; robots.txt and site files are known."""
        while self._waiting and self._begin():
            waiting = self._waiting.popleft()
            taken: Assessment | None = None
            try:
                taken = await self._take(waiting, await self._untried(waiting))
            finally:
                self._done(taken)

    async def _untried(self, waiting: Waiting) -> Assessment:
        words = (
            "not asked for: the host could not be reached again and again, or asked to be left "
            "alone for longer than is waited"
        )
        try:
            return await self._agent.assess_capture(
                Capture(
                    waiting.url,
                    availability=Availability.NOT_LOOKED,
                    failure=words,
                    fetched_at=datetime.now(UTC),
                )
            )
        except (ClosedAgent, StoreError):
            raise
        except Exception as error:
            return self._fault(waiting, error)

    async def _take(self, waiting: Waiting, answer: Assessment) -> Assessment:
        try:
            await self._book.answer(waiting, self._lent.number, answer)
        except (ClosedAgent, StoreError):
            raise
        except Exception as error:
            answer = self._fault(waiting, error)
            await self._book.answer(waiting, self._lent.number, answer)
        return answer
