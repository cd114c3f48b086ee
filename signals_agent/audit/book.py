"""The store of a live run, from the event loop: what is written, in batches, by one thread."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self, TypeVar

from signals_agent import evidence
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Capture
from signals_agent.store import Ledger, site_copies, writing
from signals_agent.store.queue import Answered, GivenBack, Lent, Queue, State, Waiting
from signals_agent.store.runs import Run
from signals_agent.store.writing import Row

_Result = TypeVar("_Result")

_TOGETHER: Final = 500
"""So many answers are written in one transaction."""
_SECONDS: Final = 1.0
"""After so long what is there is written, however little it is."""
_MOST: Final = 4 * _TOGETHER
"""So many answers may wait to be written before no more are asked for."""


class Book:
    """Lends hosts and takes answers; use ``async with``.

    ``before`` is called before anything is written, in the thread that writes.

    What is written at once is written whole or not at all, so that whatever ends the process
    leaves each URL answered once or still waiting. Raises ``StoreError`` where the store
    takes no more.
    """

    def __init__(self, ledger: Ledger, run: Run, before: Callable[[], None] = lambda: None) -> None:
        self._ledger = ledger
        self._before = before
        self._queue = Queue(ledger.file, run)
        self._thread = ThreadPoolExecutor(1, "store")
        self._answered: list[Answered] = []
        self._given_back: list[GivenBack] = []
        self._copies: dict[str, Row] = {}
        self._fresh: dict[str, tuple[Capture, float]] = {}
        self._requests = 0
        self._room = asyncio.Semaphore(_MOST)
        self._turn = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._shelf_file = Ledger(ledger.path, read_only=True)

    async def __aenter__(self) -> Self:
        await self._in_thread(self._queue.start)
        self._writer = asyncio.create_task(self._write_on())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._writer is not None
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        try:
            await self.flush()
        finally:
            self._thread.shutdown()
            self._shelf_file.close()

    def check(self) -> None:
        """Raise what writing has failed of, where it has: nothing is taken any more."""
        if self._failure is not None:
            raise self._failure

    async def lend(self, hosts: int, urls: int) -> tuple[Lent, ...]:
        """Hosts to ask next; see ``Queue.lend``."""
        await self.flush()
        return await self._in_thread(lambda: self._queue.lend(hosts, urls))

    async def answer(self, waiting: Waiting, host: int, assessment: Assessment) -> None:
        """Take an answer; waits while too many are not written yet.

        The octets of the asset are let go: of the assessment only its record is kept.
        """
        held = evidence.of(assessment)
        record = writing.record(assessment, held.document, held.blobs, held.text)
        await self._room.acquire()
        self.check()
        self._answered.append(Answered(waiting.number, host, record))
        if len(self._answered) >= _TOGETHER:
            self._wanted.set()

    def give_back(self, host: GivenBack) -> None:
        """A host's turn is over."""
        self._given_back.append(host)

    def count(self, requests: int) -> None:
        """So many requests more were made."""
        self._requests += requests

    def find(self, key: str) -> tuple[Capture, float] | None:
        """A copy of a site's file, and for how long it serves, in seconds."""
        fresh = self._fresh.get(key)
        if fresh is not None:
            left = fresh[1] - time.time()
            return (fresh[0], left) if left > 0 else None
        return site_copies.find(self._shelf_file.file, key)

    def keep(self, key: str, capture: Capture, seconds: float) -> None:
        """Keep a copy of a site's file for so many seconds."""
        until = time.time() + seconds
        self._copies[key] = site_copies.row(key, capture, until)
        self._fresh[key] = (capture, until)

    async def state(self) -> State:
        """How far the run is, with all that was taken."""
        await self.flush()
        return await self._in_thread(self._queue.state)

    async def is_done(self) -> bool:
        """Whether no URL waits any more, those of hosts whose budget is used up included."""
        await self.flush()
        return await self._in_thread(self._queue.is_done)

    async def flush(self) -> None:
        """Write what has been taken; where that fails once, it and all that follows raise."""
        async with self._turn:
            self.check()
            answered, self._answered = self._answered, []
            back, self._given_back = self._given_back, []
            copies, self._copies = self._copies, {}
            requests, self._requests = self._requests, 0
            if answered or back or copies or requests:

                def write() -> None:
                    self._before()
                    self._queue.write(answered, back, copies.values(), requests)

                try:
                    await self._in_thread(write)
                except Exception as error:
                    self._failure = error
                    # Whoever waits for room is to hear of it.
                    for _ in range(_MOST):
                        self._room.release()
                    raise
            for key in copies:
                if key not in self._copies:
                    self._fresh.pop(key, None)
            for _ in answered:
                self._room.release()

    async def _write_on(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_SECONDS):
                    await self._wanted.wait()
            except TimeoutError:
                pass
            self._wanted.clear()
            try:
                await self.flush()
            except Exception:
                return  # it is kept, and raised to whoever asks next

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        # What has begun is carried out, whoever stops waiting for it.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))
