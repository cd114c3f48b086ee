"""Each origin's robots.txt and site files: asked for once, kept as long as they serve."""

import asyncio
import dataclasses
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from signals_agent import availability, freshness
from signals_agent import url as urls
from signals_agent.fetch import redirect
from signals_agent.fetch.fetcher import out_of_time
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.url import Url

Get = Callable[[Url, Role, Stopwatch], Awaitable[Capture]]
"""Fetches one URL, following nothing."""
Fetch = Callable[[Stopwatch], Awaitable[Capture]]
"""Fetches one thing and what it redirects to, within a time."""
Permitted = Callable[[Url, Capture], bool]
"""Whether a robots.txt, as captured, lets us fetch a URL."""

_ANSWERS = (Availability.PRESENT, Availability.ABSENT, Availability.UNAVAILABLE)
"""How looking ends where the site itself has answered."""
_AFTER_FAILURE = 300.0
"""Seconds for which a host that gave no answer is left alone (ours: rule R15 is silent)."""
_MOST_COPIES = 20_000
_MOST_OCTETS = 128 * 1024 * 1024
_BESIDE_A_SHELF = 8
"""With a shelf, memory takes so many times less: what is forgotten is taken down again."""


class Shelf(Protocol):
    """Where copies are kept that have no place in memory, or outlive the process."""

    def find(self, key: str) -> tuple[Capture, float] | None:
        """The copy under a key, and for how many seconds it still serves."""
        ...

    def keep(self, key: str, capture: Capture, seconds: float) -> None:
        """Keep a copy that serves for so many seconds from now on."""
        ...


@dataclass(slots=True)
class _Copy:
    capture: Capture
    until: float


@dataclass(slots=True)
class _Flight:
    """A fetch under way, which all who ask for the same share."""

    task: asyncio.Task[Capture]
    watch: Stopwatch


class SiteStore:
    """Keeps robots.txt and site files in memory, each fetched once at a time.

    An answer serves for 24 hours, or as long as ``Cache-Control`` says but not below one
    hour (rule R15); what is none (a failure, a challenge, a part, a 304), for five minutes,
    or if it is robots.txt for ``after_failure`` seconds. What was used longest ago is
    forgotten first; a ``shelf`` keeps it besides.
    """

    def __init__(
        self,
        get: Get,
        permitted: Permitted,
        limits: Limits,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        shelf: Shelf | None = None,
        after_failure: float = _AFTER_FAILURE,
    ) -> None:
        self._get = get
        self._permitted = permitted
        self._limits = limits
        self._now = now
        self._clock = clock
        self._shelf = shelf
        self._after_failure = after_failure
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._octets = 0
        self._share = 1 if shelf is None else _BESIDE_A_SHELF
        self._flights: dict[str, _Flight] = {}

    async def robots(self, url: str, watch: Stopwatch) -> Capture:
        """An origin's robots.txt, by its URL; its redirects are followed (RFC 9309 2.3.1.2)."""
        return await self._shared(
            url, watch, partial(self._fetch_robots, urls.parse(url)), Role.ROBOTS
        )

    async def site_file(self, url: str, watch: Stopwatch) -> Capture:
        """A site file, by its URL; redirects are followed where robots.txt there lets us."""
        return await self._shared(
            url,
            watch,
            partial(self._fetch_followed, urls.parse(url), Role.SITE_FILE),
            Role.SITE_FILE,
        )

    async def document(self, url: str, role: Role, watch: Stopwatch) -> Capture:
        """A document that a declaration names; redirects as those of a site file."""
        return await self._shared(
            f"{role} {url}", watch, partial(self._fetch_followed, urls.parse(url), role), role
        )

    async def aclose(self) -> None:
        """Give up what is under way."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _shared(self, key: str, watch: Stopwatch, fetch: Fetch, role: Role) -> Capture:
        """A copy that serves, or the fetch under way, or a new one.

        The key is the URL, behind its role where the same URL may be two things.
        """
        kept = self._kept(key)
        if kept is not None:
            return kept
        url = key.rsplit(" ", 1)[-1]
        flight = self._flights.get(key)
        if flight is None and watch.left <= 0:
            return out_of_time(url, self._now())
        if flight is None:
            # Others may wait for it too, so it has its own time and outlives who asked first.
            own = Stopwatch(self._limits.timeout, self._clock)
            task = asyncio.ensure_future(self._fly(key, own, fetch, role))
            flight = self._flights[key] = _Flight(task, own)
            task.add_done_callback(lambda _: self._flights.pop(key, None))
        return await self._wait_for(url, flight, watch)

    async def _wait_for(self, url: str, flight: _Flight, watch: Stopwatch) -> Capture:
        """Wait as long as the asker's own time lasts; the queueing of the fetch is free."""
        while watch.left > 0:
            before, at = flight.watch.spent, watch.spent
            done, _ = await asyncio.wait((flight.task,), timeout=watch.left)
            watch.charge(at + flight.watch.spent - before)
            if done:
                return flight.task.result()
        return out_of_time(url, self._now())

    async def _fly(self, key: str, watch: Stopwatch, fetch: Fetch, role: Role) -> Capture:
        capture = await fetch(watch)
        self._keep(key, capture, role)
        return capture

    async def _fetch_robots(self, asked: Url, watch: Stopwatch) -> Capture:
        limit = self._limits.max_robots_redirects
        here = asked
        for _ in range(limit + 1):
            capture = await self._get(here, Role.ROBOTS, watch)
            if not redirect.is_redirect(capture):
                return dataclasses.replace(capture, url=asked.text)
            onward = redirect.target(capture)
            if onward is None:
                return self._ended(asked, Availability.UNREACHABLE, redirect.NOWHERE)
            here = onward
        return self._ended(asked, Availability.UNAVAILABLE, f"more than {limit} redirects")

    async def _fetch_followed(self, asked: Url, role: Role, watch: Stopwatch) -> Capture:
        limit = self._limits.max_redirects
        here = asked
        for _ in range(limit + 1):
            capture = await self._get(here, role, watch)
            if not redirect.is_redirect(capture):
                return dataclasses.replace(capture, url=asked.text)
            onward = redirect.target(capture)
            if onward is None:
                return self._ended(asked, Availability.UNREACHABLE, redirect.NOWHERE)
            robots = await self.robots(onward.origin + "/robots.txt", watch)
            if not self._permitted(onward, robots):
                return self._ended(
                    asked,
                    Availability.NOT_LOOKED,
                    "robots.txt does not let us follow the redirect",
                )
            here = onward
        return self._ended(asked, Availability.UNREACHABLE, f"more than {limit} redirects")

    def _ended(self, asked: Url, how: Availability, words: str) -> Capture:
        return Capture(asked.text, availability=how, failure=words, fetched_at=self._now())

    def _kept(self, url: str) -> Capture | None:
        copy = self._copies.get(url)
        if copy is None:
            return self._taken_down(url)
        if copy.until <= self._clock():
            self._forget(url)
            return None
        self._copies.move_to_end(url)
        return copy.capture

    def _keep(self, url: str, capture: Capture, role: Role) -> None:
        # Site files are judged as strictly here as robots.txt: a 304 tells nothing of them.
        ended, _ = availability.classify(Role.ROBOTS, capture)
        seconds = (
            freshness.document_lifetime(role, capture).total_seconds()
            if ended in _ANSWERS
            else (self._after_failure if role is Role.ROBOTS else _AFTER_FAILURE)
        )
        if self._shelf is not None:
            self._shelf.keep(url, capture, seconds)
        self._hold(url, capture, seconds)

    def _taken_down(self, url: str) -> Capture | None:
        """The copy that the shelf has, if it has one; from now on it is in memory too."""
        found = None if self._shelf is None or url in self._flights else self._shelf.find(url)
        if found is None:
            return None
        self._hold(url, *found)
        return found[0]

    def _hold(self, url: str, capture: Capture, seconds: float) -> None:
        if url in self._copies:
            self._forget(url)
        self._copies[url] = _Copy(capture, self._clock() + seconds)
        self._octets += _size(capture)
        while (
            len(self._copies) > _MOST_COPIES // self._share
            or self._octets > _MOST_OCTETS // self._share
        ):
            if len(self._copies) == 1:
                break
            self._forget(next(iter(self._copies)))

    def _forget(self, url: str) -> None:
        self._octets -= _size(self._copies.pop(url).capture)


def _size(capture: Capture) -> int:
    return len(capture.body or b"") + sum(len(n) + len(v) for n, v in capture.headers)
