"""Each origin's robots.txt, site files and named documents: asked for once, through Scrapy."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from signals_agent import availability, freshness
from signals_agent import url as urls
from signals_agent.integrations.scrapy import captures
from signals_agent.limits import DEFAULT_LIMITS
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.resolve import access
from signals_agent.resolve.access import Given

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

SIDE: Final = "signals_agent_for"
"""The key of ``request.meta`` that marks our own requests, with what each is for."""

_ANSWERS = (Availability.PRESENT, Availability.ABSENT, Availability.UNAVAILABLE)
_AFTER_FAILURE = 300.0
"""Seconds for which a host that gave no answer is left alone."""
_MOST = 20_000
_FIRST = 1000
_CAPS = {
    Role.SITE_FILE: DEFAULT_LIMITS.max_site_file_bytes,
    Role.LICENCE_DOCUMENT: DEFAULT_LIMITS.max_document_bytes,
    Role.POLICY_DOCUMENT: DEFAULT_LIMITS.max_document_bytes,
}


class Stopped(IgnoreRequest):
    """A redirect of one of our own requests that is not followed; ``how`` looking ended."""

    def __init__(self, how: Availability, words: str) -> None:
        """``words`` say why."""
        super().__init__(words)
        self.how = how


@dataclass(slots=True)
class _Copy:
    capture: Capture
    until: float


class Shelf:
    """Keeps what was found, as long as it serves (rules R15, R15a).

    ``asked`` is called with the role of each request that we make. Awaits Scrapy's own
    deferreds only, so that it works with the asyncio reactor and without.
    """

    def __init__(
        self, crawler: "Crawler", asked: Callable[[Role], None], *, offline: bool = False
    ) -> None:
        """Asks through the crawler's own downloader: its slots, delays, cache and proxies.

        ``offline`` takes what Scrapy's cache has, however old: nobody else is to be asked.
        """
        self._crawler = crawler
        self._asked = asked
        self._offline = offline
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._of_cache: OrderedDict[str, Capture] = OrderedDict()
        self._flights: dict[str, list[Deferred[None]]] = {}

    def kept(self, url: str) -> Capture | None:
        """The copy that still serves, if there is one."""
        copy = self._copies.get(url)
        if copy is None:
            return None
        if copy.until <= time.monotonic():
            del self._copies[url]
            return None
        self._copies.move_to_end(url)
        return copy.capture

    def keep(self, url: str, capture: Capture, role: Role) -> None:
        """Keep what was found at a URL; what is no answer, for five minutes."""
        seconds = _lifetime(capture, role) - (0.0 if self._offline else _age(capture))
        self._copies[url] = _Copy(capture, time.monotonic() + seconds)
        while len(self._copies) > _MOST:
            self._copies.popitem(last=False)

    def replaceable(self, response: "Response", request: Request) -> bool:
        """Whether a response comes out of Scrapy's cache, and its publisher may be asked again."""
        asked_again = "dont_cache" in request.meta
        return captures.from_cache(response) and not self._offline and not asked_again

    def doubts(self, url: str, response: "Response", request: Request, role: Role) -> bool:
        """Whether what came out of Scrapy's cache has to be asked for again, past the cache.

        It is no longer current (rule R15), nobody knows how old it is, or it is not whole.
        """
        if not self.replaceable(response, request):
            return False
        capture = captures.of(response, url, request)
        if capture.truncated or capture.fetched_at is None:
            return True
        if _age(capture) < _lifetime(capture, role):
            return False
        # It still says what was said on the day of the pages that are in the cache with it.
        self._of_cache[url] = capture
        while len(self._of_cache) > _MOST:
            self._of_cache.popitem(last=False)
        return True

    def of_day(self, url: str, given: Given, asset: Capture) -> Given:
        """A file for an asset that is of another day: as the cache has it from that day (R32)."""
        old = self._of_cache.get(url)
        if old is None or not isinstance(given, Capture) or _same_day(given, asset):
            return given
        return old if _same_day(old, asset) else given

    async def robots(self, origin: str) -> Capture:
        """An origin's robots.txt, by whoever asked for it first: Scrapy or we."""
        return await self.get(access.robots_url(origin), Role.ROBOTS)

    async def under_way(self, url: str) -> Capture | None:
        """What is kept of a URL, once nobody is fetching it any more."""
        while (waiting := self._flights.get(url)) is not None:
            turn: Deferred[None] = Deferred()
            waiting.append(turn)
            await maybe_deferred_to_future(turn)
        return self.kept(url)

    async def get(self, url: str, role: Role) -> Capture:
        """What stands at a URL: as kept, or fetched once for all who ask at the same time."""
        known = await self.under_way(url)
        if known is not None:
            return known
        waiting = self._flights[url] = []
        try:
            capture = await self._fetch(url, role)
            self.keep(url, capture, role)
        finally:
            del self._flights[url]
            for turn in waiting:
                turn.callback(None)
        return capture

    async def _fetch(self, url: str, role: Role) -> Capture:
        meta: dict[str, Any] = {
            SIDE: str(role),
            # We have asked already, by our own engine, for what is not robots.txt itself.
            "dont_obey_robotstxt": True,
            "allow_offsite": True,
            "dont_merge_cookies": True,
        }
        if role in _CAPS:
            meta["download_maxsize"] = _CAPS[role] + 1
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, priority=_FIRST, meta=meta)
        self._asked(role)
        try:
            response = await self._download(request)
            if self.doubts(url, response, response.request or request, role):
                request = past_cache(request)
                response = await self._download(request)
            return captures.of(response, url, response.request or request)
        except Stopped as stopped:
            return ended(url, stopped.how, str(stopped))
        except IgnoreRequest as error:
            return ended(url, Availability.NOT_LOOKED, f"Scrapy left it out: {error}")
        except Exception as error:
            # Whatever a download may raise: it is not known what stands there.
            return ended(url, *of_failure(error))

    def _download(self, request: Request) -> "Awaitable[Response]":
        engine = self._crawler.engine
        assert engine is not None
        if hasattr(engine, "download_async"):
            return engine.download_async(request)
        # Scrapy 2.13
        return maybe_deferred_to_future(engine.download(request))

    async def check(self, request: Request, permitted: Callable[[urls.Url, Capture], bool]) -> None:
        """Whether a redirect of one of our own requests may be followed; raises ``Stopped``.

        That of robots.txt may (RFC 9309 2.3.1.2), five times; that of anything else where
        robots.txt there lets us, ten times (rule R15).
        """
        times = request.meta.get("redirect_times", 0)
        if not times:
            return
        if request.meta.get(SIDE, Role.ROBOTS) == Role.ROBOTS:
            most = DEFAULT_LIMITS.max_robots_redirects
            if times > most:
                raise Stopped(Availability.UNAVAILABLE, f"more than {most} redirects")
            return
        most = DEFAULT_LIMITS.max_redirects
        if times > most:
            raise Stopped(Availability.UNREACHABLE, f"more than {most} redirects")
        onward = urls.parse(request.url)
        if not permitted(onward, await self.robots(onward.origin)):
            words = "robots.txt does not let us follow the redirect"
            raise Stopped(Availability.NOT_LOOKED, words)


def past_cache(request: Request) -> Request:
    """The request again, for its publisher and not for Scrapy's cache."""
    meta = {**request.meta, "dont_cache": True}
    meta.pop(captures.NOT_MODIFIED, None)
    return request.replace(meta=meta, dont_filter=True)


def _lifetime(capture: Capture, role: Role) -> float:
    """For how many seconds from its own fetch on a copy serves (rules R15, R15a)."""
    ended, _ = availability.classify(Role.ROBOTS, capture)
    if ended not in _ANSWERS:
        return _AFTER_FAILURE
    return freshness.document_lifetime(role, capture).total_seconds()


def _age(capture: Capture) -> float:
    """How many seconds ago it was fetched; nothing where nobody knows."""
    if capture.fetched_at is None:
        return 0.0
    return (datetime.now(UTC) - capture.fetched_at).total_seconds()


def _same_day(one: Capture, other: Capture) -> bool:
    if one.fetched_at is None or other.fetched_at is None:
        return True
    return abs(one.fetched_at - other.fetched_at) <= freshness.CEILING


def of_failure(error: Exception) -> tuple[Availability, str]:
    """How looking ended that ended with an exception, in a few words (rule R15)."""
    name = type(error).__name__
    if "Cancelled" in name:
        # Scrapy breaks off what is longer than we asked for.
        return Availability.UNREADABLE, "longer than what is read"
    return Availability.UNREACHABLE, name


def ended(url: str, how: Availability, words: str) -> Capture:
    """What is known of a URL from which no response came."""
    return Capture(url, availability=how, failure=words, fetched_at=datetime.now(UTC))


def robots_asked(request: Request) -> str | None:
    """Which robots.txt a request is for, whatever redirects it took; ``None`` for any other.

    Spiders copy ``meta`` to requests of their own, so what it says of redirects is believed
    only of the requests that Scrapy itself makes.
    """
    came_from: list[str] = request.meta.get("redirect_urls") or [request.url]
    if request.callback is NO_CALLBACK and asks_robots(came_from[0]):
        return came_from[0]
    return request.url if asks_robots(request.url) else None


def asks_robots(url: str) -> bool:
    """Whether a URL is that of a robots.txt, which may always be asked for (RFC 9309 2.2.2)."""
    scheme, _, rest = url.partition("://")
    return scheme in ("http", "https") and rest.partition("/")[2] == "robots.txt"
