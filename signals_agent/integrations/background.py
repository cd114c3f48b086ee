"""An agent that runs in a thread of its own, for callers that have no event loop."""

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from signals_agent.agent import Agent
from signals_agent.errors import ClosedAgent
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Capture
from signals_agent.pipeline import Permit

_T = TypeVar("_T")


class BackgroundAgent:
    """An ``Agent`` behind plain calls, safe from any thread; ``close`` it when done.

    ``settings`` are the arguments of ``Agent``; a mistake in them raises at once. The loop
    and its thread begin with the first call. Do not call it on a thread whose event loop
    is running: the call would block that loop.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.agent = Agent(**settings)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def permit(self, url: str) -> Permit:
        """As ``Agent.permit``."""
        return self._call(self.agent.permit(url))

    def assess_capture(self, capture: Capture, hops: tuple[Capture, ...] = ()) -> Assessment:
        """As ``Agent.assess_capture``."""
        return self._call(self.agent.assess_capture(capture, hops=hops))

    def close(self) -> None:
        """Close the agent, and end the loop and its thread; what still waits is given up."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self.agent.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def _call(self, work: Coroutine[Any, Any, _T]) -> _T:
        try:
            loop = self._running()
        except BaseException:
            work.close()
            raise
        future = asyncio.run_coroutine_threadsafe(work, loop)
        try:
            return future.result()
        except BaseException:
            # A caller that is interrupted leaves nothing running behind.
            future.cancel()
            raise

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise ClosedAgent("the transport was closed; make another one")
            if self._loop is None:
                loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run, args=(loop,), name="signals-agent", daemon=True
                )
                self._thread.start()
                asyncio.run_coroutine_threadsafe(self.agent.__aenter__(), loop).result()
                self._loop = loop
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run the loop until it is stopped, then end what still runs in it."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
