"""When a host may be asked again: so far apart, so many at once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_SWEEP_ABOVE = 4096


@dataclass(slots=True)
class _Host:
    """One origin's queue; both gates let waiters through in the order in which they came."""

    room: asyncio.Semaphore
    delay: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = float("-inf")
    users: int = 0


class Pacer:
    """Spaces the requests to each origin, and bounds how many run at once.

    ``delay`` is the least time between the starts of two requests to one origin, in
    seconds; ``Crawl-delay`` may lengthen it (``learn``). ``per_host`` and ``most`` bound
    the requests under way to one origin and in all.
    """

    def __init__(
        self,
        *,
        delay: float = 0.0,
        per_host: int = 4,
        most: int = 256,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay
        self._per_host = per_host
        self._room = asyncio.Semaphore(most)
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = _SWEEP_ABOVE

    def learn(self, origin: str, crawl_delay: float) -> None:
        """Take an origin's ``Crawl-delay`` into account; it never shortens our own delay."""
        delay = max(self._delay, crawl_delay)
        host = self._host(origin)
        # The robots.txt that said so was itself a request: the next one is apart from it.
        host.next_at += delay - host.delay
        host.delay = delay

    def hold(self, origin: str, seconds: float) -> None:
        """Leave an origin alone for so long, as its ``Retry-After`` asks."""
        host = self._host(origin)
        host.next_at = max(host.next_at, self._clock() + seconds)

    @asynccontextmanager
    async def slot(self, origin: str) -> AsyncIterator[None]:
        """A place among the requests to an origin; waits for it, first come first served."""
        host = self._host(origin)
        host.users += 1
        try:
            async with host.room:
                # The turn is held until the request starts, so that two starts that were
                # both kept waiting by others still lie apart.
                async with host.turn:
                    while (wait := host.next_at - self._clock()) > 0:
                        await self._sleep(wait)
                    await self._room.acquire()
                    host.next_at = self._clock() + host.delay
                try:
                    yield
                finally:
                    self._room.release()
        finally:
            host.users -= 1

    def _host(self, origin: str) -> _Host:
        host = self._hosts.get(origin)
        if host is None:
            if len(self._hosts) >= self._sweep_at:
                self._sweep()
            host = self._hosts[origin] = _Host(asyncio.Semaphore(self._per_host), self._delay)
        return host

    def _sweep(self) -> None:
        """Forget the origins that nobody waits for and that may be asked at once."""
        now = self._clock()
        idle = [
            name for name, host in self._hosts.items() if not host.users and host.next_at <= now
        ]
        for name in idle:
            del self._hosts[name]
        self._sweep_at = max(_SWEEP_ABOVE, 2 * len(self._hosts))
