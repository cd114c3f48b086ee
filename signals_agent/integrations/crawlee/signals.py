"""The hooks of a crawler: what is asked before a request, and judged once it is answered."""

import logging
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from crawlee.crawlers import (
    AbstractHttpCrawler,
    BasicCrawler,
    BasicCrawlingContext,
    HttpCrawlingContext,
)
from crawlee.http_clients import HttpxHttpClient

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.agent import Agent
from signals_agent.errors import InvalidURL, UsageError
from signals_agent.fetch import redirect
from signals_agent.integrations import mistakes, received, unproven
from signals_agent.integrations.crawlee import crawlers, redirects
from signals_agent.integrations.crawlee.account import Account, OnAssessment
from signals_agent.integrations.crawlee.browser import Visit
from signals_agent.integrations.tally import tell
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture
from signals_agent.pipeline import Permit, PermitAnswer
from signals_agent.policy import Policy

OnHold: TypeAlias = Literal["refuse", "pass"]

_log = logging.getLogger(__name__)


class Signals:
    """Asks for a permit before a crawler's requests, and judges the responses; use ``async with``.

    ``agent`` is an ``Agent`` that the caller has opened and closes, or the arguments of one
    as a mapping. ``attach`` puts the hooks on a crawler; ``http_client`` is a client that
    says who we are and leaves redirects to the hooks, ``browser_options`` are those of a
    browser that says it too. What is refused never reaches the
    handler and is not tried again; in the handler ``assessment(context)`` is the result.
    ``on_hold="pass"`` lets what is held reach the handler, once it was fetched.
    ``on_assessment`` is called with each result; if it raises, the crawler stops, and leaving
    the block raises the same.

    Under the preset ``observe`` everything is requested and handed on, and what enforcement
    would have cost is written to stderr in the end.
    """

    def __init__(
        self,
        agent: Agent | Mapping[str, Any],
        *,
        on_hold: OnHold = "refuse",
        on_assessment: OnAssessment | None = None,
    ) -> None:
        if on_hold not in ("refuse", "pass"):
            raise UsageError(f"on_hold is 'refuse' or 'pass', not {on_hold!r}")
        self._own = isinstance(agent, Mapping)
        if isinstance(agent, Mapping):
            policy = agent.get("policy")
            agent = Agent(**{**agent, "policy": Policy() if policy is None else policy})
        if not isinstance(agent, Agent):
            raise UsageError(f"agent is an Agent or its arguments, not {type(agent).__name__}")
        self._agent = agent
        unproven.warn(agent.policy)
        self._observes = agent.policy.preset == "observe"
        self._account = Account(on_assessment, observes=self._observes, passes=on_hold == "pass")
        self._visits: dict[str, Visit] = {}
        self._clients: list[HttpxHttpClient] = []
        self.tally = self._account.tally

    async def __aenter__(self) -> Self:
        """Open the agent, where it is ours."""
        if self._own:
            await self._agent.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it again; a run under ``observe`` says what it came to.

        Raises what ``on_assessment`` raised, where nothing of the caller's own is being raised.
        """
        if self._own:
            await self._agent.__aexit__(None, None, None)
        if self._observes:
            tell(self.tally)
        # Crawlee wraps what a handler of failed requests raises: the caller expects its own.
        if self._account.broken is not None and (
            error is None or error.__cause__ is self._account.broken
        ):
            raise self._account.broken from None

    def http_client(self, **more: Any) -> HttpxHttpClient:
        """A client that names our token, and follows no redirect before its target is asked for.

        ``more`` goes to ``HttpxHttpClient``. Crawlee's own default calls itself a browser.
        """
        client = crawlers.http_client(self._agent.user_agent, more)
        self._clients.append(client)
        return client

    def browser_options(self, **more: Any) -> dict[str, Any]:
        """Arguments for ``PlaywrightCrawler`` by which a browser names our token.

        ``more`` are others for the crawler. Crawlee's own default is a browser of somebody's.
        """
        return crawlers.browser_options(self._agent.user_agent, more)

    def attach(self, crawler: BasicCrawler[Any, Any]) -> None:
        """Put the hooks on an HTTP crawler (``BeautifulSoupCrawler`` and kin) or a browser's.

        The latter is ``PlaywrightCrawler``. Requests that get no answer are counted by way of
        the crawler's handler of failed requests; your own is called after that, whenever it
        is given. Raises ``UsageError`` for another crawler.
        """
        # Errors that Crawlee raises itself never reach the handler; those that it is told to
        # ignore would. Where it cannot be known, nothing but a success does.
        ignored = getattr(crawler, "_ignore_http_error_status_codes", range(400, 600))
        if isinstance(crawler, AbstractHttpCrawler):
            crawlers.look_at_client(crawler, self._clients, self._agent.user_agent)
            crawler.pre_navigation_hook(self.before)
            crawler.post_navigation_hook(
                lambda context: self._guarded(crawler, self._answered(context, crawler, ignored))
            )
        elif (browser := crawlers.browser_of(crawler)) is not None:
            browser.pre_navigation_hook(self.before)
            browser.post_navigation_hook(
                lambda context: self._guarded(crawler, self._shown(context, ignored))
            )
        else:
            raise UsageError(
                "attach takes one of Crawlee's HTTP crawlers or a PlaywrightCrawler, not "
                f"{type(crawler).__name__}; register before(context) as its pre-navigation hook"
            )
        crawlers.tell_failures(crawler, self.failed)

    async def before(self, context: BasicCrawlingContext) -> None:
        """The pre-navigation hook: ends the processing of a request that may not be sent."""
        if self._account.broken is not None:
            raise self._account.broken
        request, page = context.request, getattr(context, "page", None)
        self._account.take_back(request.unique_key)
        if not self._observes:
            mistakes.check_host(request.url, request.headers.get("host"))
        permit = await self._refusal(request.url)
        if permit is not None:
            if page is not None:
                # Crawlee opens it before the hooks, and closes it only after the navigation.
                await page.close()
            raise self._account.refused(request.url, permit)
        if page is not None:
            visit = Visit(page, self._refusal)
            self._visits[request.unique_key] = visit
            page.once("close", lambda _: self._left(request.unique_key, visit))
            await visit.begin()

    async def failed(self, context: BasicCrawlingContext, error: Exception) -> None:
        """Count a request that was given up without an answer; ``attach`` sees to it.

        Raises what ``on_assessment`` raised, so that the crawler stops.
        """
        if self._account.broken is not None:
            raise self._account.broken
        request = context.request
        if self._account.of(request.unique_key) is not None:
            return
        told = Capture(
            request.url,
            fetched_at=datetime.now(UTC),
            availability=Availability.UNREACHABLE,
            failure=f"the crawler's request ended in {type(error).__name__}",
        )
        try:
            answer = await self._judged(context, told, redirects.led_to(request))
            self._account.tell(request.url, answer)
        except InvalidURL:
            _log.info("no URL: %s", quote.text(request.url))

    async def judge(
        self,
        url: str,
        status: int,
        headers: Any,
        body: bytes | None,
        *,
        hops: tuple[Capture, ...] = (),
    ) -> Assessment:
        """The result for a response; nothing but what speaks of it is fetched."""
        return await self._judge(Capture(url, status, headers, body, datetime.now(UTC)), hops)

    def assessment(self, context: BasicCrawlingContext) -> Assessment:
        """The result for the response that a handler is given, that of failed requests too.

        Raises ``UsageError`` where none was judged: the hooks are not attached.
        """
        answer = self._account.of(context.request.unique_key)
        if answer is None:
            raise UsageError(
                "no response was judged for this request: attach(crawler) before it runs"
            )
        return answer

    async def _answered(
        self,
        context: HttpCrawlingContext,
        crawler: AbstractHttpCrawler[Any, Any, Any],
        ignored: Any,
    ) -> None:
        """The post-navigation hook of HTTP: follows a redirect, or judges what is no redirect."""
        request, response = context.request, context.http_response
        hops = redirects.led_to(request)
        told = Capture(request.url, response.status_code, response.headers, b"")
        if redirect.is_redirect(told) and request.method == "GET":
            await redirects.follow(context, told, crawler, self._agent.limits.max_redirects)
        loaded = request.loaded_url or request.url
        if urls.parse(loaded).text != urls.parse(request.url).text:
            # The client has followed it by itself: only where it began is known.
            hops = (*hops, Capture(request.url, 302))
        body = None if request.method == "HEAD" else await response.read()
        found = Capture(loaded, response.status_code, response.headers, body, datetime.now(UTC))
        self._decide(context, await self._judged(context, found, hops), found.status, ignored)

    async def _shown(self, context: Any, ignored: Any) -> None:
        """The post-navigation hook of a browser: judges what its page shows (rule R16)."""
        visit = self._visits.get(context.request.unique_key)
        if visit is None:
            raise UsageError("the page was not looked at: attach(crawler) before it runs")
        documents = await visit.documents(context.response)
        if visit.failed is not None:
            raise visit.failed
        if visit.refused is not None:
            raise self._account.refused(*visit.refused)
        hops: list[Capture] = []
        for told, led in documents[:-1]:
            # A page that sends on to another one is a hop of it.
            hops += [*led, told]
        found, led = documents[-1]
        answer = await self._judged(context, found, (*hops, *led))
        self._decide(context, answer, found.status, ignored)

    def _left(self, key: str, visit: Visit) -> None:
        """Forget a page that was closed; by now another one may be there for its request."""
        if self._visits.get(key) is visit:
            del self._visits[key]

    def _decide(
        self, context: BasicCrawlingContext, answer: Assessment, status: int | None, ignored: Any
    ) -> None:
        """End the processing of a response that is refused."""
        url = context.request.url
        if status is not None and status >= 400 and status not in ignored:
            # Crawlee ends these by itself, and may try them again.
            self._account.tell(url, answer)
        elif not self._account.passes(url, answer):
            raise self._account.interrupted(url, answer)

    async def _judged(
        self, context: BasicCrawlingContext, told: Capture, hops: tuple[Capture, ...]
    ) -> Assessment:
        key = context.request.unique_key
        self._account.take_back(key)
        answer = await self._judge(told, hops)
        self._account.keep(key, answer)
        return answer

    async def _judge(self, told: Capture, hops: tuple[Capture, ...]) -> Assessment:
        asset = received.whole(received.content(told))
        answer = await self._agent.assess_capture(asset, hops=hops)
        self._account.add(answer)
        return answer

    async def _refusal(self, url: str) -> Permit | None:
        """The permit by which a URL is refused; ``None`` where it may be asked for."""
        if self._observes:
            return None
        permit = await self._agent.permit(url)
        return None if permit.answer is PermitAnswer.FETCH else permit

    async def _guarded(self, crawler: BasicCrawler[Any, Any], work: Awaitable[None]) -> None:
        """Run a hook; where ``on_assessment`` fails in it, the crawler takes up nothing more."""
        try:
            await work
        except Exception as error:
            if error is self._account.broken:
                crawler.stop(f"a result could not be kept: {quote.text(str(error), 200)}")
            raise
