"""The downloader middleware: asks before the request, and judges the response."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.integrations import received
from signals_agent.integrations.scrapy import captures, choices, resume, shelf
from signals_agent.integrations.scrapy.crawl import Crawl
from signals_agent.integrations.scrapy.judged import META, Judged, Refused
from signals_agent.model.capture import Capture, Role
from signals_agent.model.resolution import AccessAnswer
from signals_agent.pipeline import Considered, PermitAnswer, permit_of
from signals_agent.plan import Known

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_FORBIDDEN = "Forbidden by robots.txt"
"""What Scrapy's own robots.txt middleware says when it drops a request."""


class DownloaderMiddleware:
    """Drops what the policy skips or holds, and tells of the rest what is owed.

    Its place is behind Scrapy's robots.txt middleware and before its retries and redirects:
    ``DOWNLOADER_MIDDLEWARES = {"signals_agent.integrations.scrapy.DownloaderMiddleware": 150}``.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Raises ``NotConfigured`` where ``SIGNALS_AGENT_ENABLED`` is off."""
        if not choices.enabled(crawler.settings):
            raise NotConfigured("SIGNALS_AGENT_ENABLED is off")
        self._crawler = crawler
        self._crawl = Crawl.of(crawler)
        self._choices = self._crawl.choices
        self._account = self._crawl.account
        self._pending: WeakKeyDictionary[Request, Known] = WeakKeyDictionary()
        crawler.signals.connect(self._downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    async def process_request(self, request: Request, spider: Any = None) -> Response | None:
        """Ask before the request; raises ``Refused`` where it is not to be made."""
        request.meta.pop(captures.NOT_MODIFIED, None)
        resume.answer(self._crawl, request)
        if shelf.SIDE in request.meta:
            await self._crawl.shelf.check(request, self._crawl.permitted)
            return None
        if shelf.robots_asked(request) is not None:
            return await self._robots_asked(request)
        if not self._is_asset(request):
            return None
        request.meta.pop(META, None)
        hops = captures.followed(request)
        known, told = await self._crawl.look(Known(urls.parse(request.url).text, hops=hops))
        self._pending[request] = known
        self._keep_pace(request, known)
        if told is not None and self._stops(request, told):
            raise Refused(self._account.add(told.assessment))
        return None

    async def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Response | Request:
        """Judge the response; raises ``Refused`` where it is not to be passed on.

        What is in Scrapy's cache and is not whole, or for robots.txt not current, is asked
        for again, past the cache.
        """
        if shelf.SIDE in request.meta:
            return response
        robots = shelf.robots_asked(request)
        if robots is not None:
            if self._crawl.shelf.doubts(robots, response, request, Role.ROBOTS):
                return shelf.past_cache(request)
            self._keep_robots(request, captures.of(response, robots, request))
            return response
        if not self._is_asset(request):
            return response
        known = self._pending.pop(request, None)
        if known is None:
            # A middleware before this one answered by itself.
            known = Known(urls.parse(request.url).text, hops=captures.followed(request))
        at = self._answered_at(response, known.url)
        if at != known.url:
            # What fetched it (a browser, say) followed a redirect by itself (rule R16).
            hop = Capture(known.url, 302, fetched_at=datetime.now(UTC))
            known = Known(at, hops=(*known.hops, hop))
        asset = received.content(captures.of(response, at, request))
        if asset.truncated and self._crawl.shelf.replaceable(response, request):
            return shelf.past_cache(request)
        known, told = await self._crawl.look(self._crawl.with_asset(known, asset))
        made = (told or self._crawl.consider(known)).assessment
        judged = self._account.add(made, stopped=False)
        request.meta[META] = judged
        if self._choices.passes(judged.decision):
            return response
        raise Refused(judged)

    def process_exception(self, request: Request, exception: Exception, spider: Any = None) -> None:
        """Take note that nothing came; raises ``Refused`` where Scrapy's robots.txt refused."""
        if isinstance(exception, Refused) or shelf.SIDE in request.meta:
            return
        asked = shelf.robots_asked(request)
        if asked is not None:
            if isinstance(exception, shelf.Stopped):
                self._keep_robots(request, shelf.ended(asked, exception.how, str(exception)))
            elif not isinstance(exception, IgnoreRequest):
                self._keep_robots(request, shelf.ended(asked, *shelf.of_failure(exception)))
        elif isinstance(exception, IgnoreRequest):
            if _FORBIDDEN in str(exception) and self._is_asset(request):
                raise Refused(self._refused_by_robots(request))
        elif self._is_asset(request):
            known = self._pending.pop(request, None)
            if known is not None:
                asset = shelf.ended(known.url, *shelf.of_failure(exception))
                told = self._crawl.consider(replace(known, asset=asset))
                self._account.add(told.assessment)

    async def _robots_asked(self, request: Request) -> Response | None:
        """What is kept of a robots.txt that Scrapy asks for, so that it is asked for once."""
        if request.meta.get("redirect_times"):
            await self._crawl.shelf.check(request, self._crawl.permitted)
            return None
        if request.callback is not NO_CALLBACK:
            # A spider's own, for the sitemaps that it names: it gets what it asked for.
            return None
        kept = await self._crawl.shelf.under_way(urls.parse(request.url).text)
        if kept is None:
            return None
        if kept.status is None:
            raise IgnoreRequest(f"{request.url} is known to be {kept.failure or 'unreachable'}")
        lines: dict[bytes, list[bytes]] = {}
        for name, value in kept.headers:
            lines.setdefault(name, []).append(value)
        return TextResponse(
            request.url, status=kept.status, headers=lines, body=kept.body or b"", flags=["kept"]
        )

    def _keep_robots(self, request: Request, capture: Capture) -> None:
        if request.method == "GET":
            self._crawl.shelf.keep(urls.parse(capture.url).text, capture, Role.ROBOTS)

    def _is_asset(self, request: Request) -> bool:
        """Whether there is a publisher to ask: not for ``file:``, ``data:``, ``s3:`` and the like.

        What claims to be http and is no URL is dropped: nobody could be asked for it.
        """
        if request.url.partition(":")[0].lower() not in ("http", "https"):
            return False
        try:
            urls.parse(request.url)
        except InvalidURL as error:
            self._account.count("unjudged")
            raise IgnoreRequest(f"signals_agent: {error}") from None
        return not shelf.asks_robots(request.url)

    def _answered_at(self, response: Response, asked: str) -> str:
        """The URL from which a response came; raises ``IgnoreRequest`` where it is none."""
        try:
            return urls.parse(response.url).text if response.url else asked
        except InvalidURL as error:
            self._account.count("unjudged")
            raise IgnoreRequest(f"signals_agent: {error}") from None

    def _refused_by_robots(self, request: Request) -> Judged:
        """The whole answer where Scrapy asked robots.txt first, and dropped the request."""
        hops = captures.followed(request)
        known = self._crawl.known(request.url, hops)
        return self._account.add(self._crawl.consider(known).assessment)

    def _stops(self, request: Request, told: Considered) -> bool:
        """Whether what is known before the request stands against making it.

        To observe is to stop only what Scrapy was told to stop. It does not always do so: under
        asyncio, of the requests that wait for one robots.txt all but the first few are let go.
        """
        if not self._choices.observe:
            return permit_of(told.assessment).answer is not PermitAnswer.FETCH
        obeys = self._crawler.settings.getbool("ROBOTSTXT_OBEY") and not request.meta.get(
            "dont_obey_robotstxt"
        )
        return obeys and told.assessment.access.answer is AccessAnswer.DISALLOWED

    def _keep_pace(self, request: Request, known: Known) -> None:
        """Give the host's slot the ``Crawl-delay`` that is asked of us (rule R15)."""
        origin = urls.parse(known.url).origin
        given = known.robots.get(origin)
        asked = None if given is None else self._crawl.crawl_delay(origin, given)
        engine = self._crawler.engine
        if asked is None or engine is None:
            return
        slot = engine.downloader.slots.get(engine.downloader.get_slot_key(request))
        if slot is not None and slot.delay < asked:
            slot.delay = asked

    def _downloaded(self, response: Response, request: Request) -> None:
        captures.note_redirect(request, response)
        captures.note_not_modified(request, response)
