"""The hooks of a crawler: what is asked before a request, and judged once it is answered."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Literal, NoReturn, Self, TypeAlias

from crawlee.crawlers import (
    AbstractHttpCrawler,
    BasicCrawler,
    BasicCrawlingContext,
    HttpCrawlingContext,
)
from crawlee.errors import ContextPipelineInterruptedError
from crawlee.http_clients import HttpxHttpClient

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.agent import Agent
from signals_agent.errors import InvalidURL, UsageError
from signals_agent.fetch import redirect
from signals_agent.integrations import mistakes, received, unproven
from signals_agent.integrations.crawlee import crawlers, redirects
from signals_agent.integrations.crawlee.browser import Visit
from signals_agent.integrations.tally import Tally, decision_of, reasons_of, tell
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Capture
from signals_agent.model.verdict import Decision
from signals_agent.pipeline import Permit, PermitAnswer
from signals_agent.policy import Policy

OnHold: TypeAlias = Literal["refuse", "pass"]
OnAssessment: TypeAlias = Callable[[Assessment], object]

_MOST_ANSWERS: Final = 10_000

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
        self._passes_held = on_hold == "pass"
        self._on_assessment = on_assessment
        self._answers: OrderedDict[str, Assessment] = OrderedDict()
        self._visits: dict[str, Visit] = {}
        self._clients: list[HttpxHttpClient] = []
        self._advised: set[str] = set()
        self._broken: Exception | None = None
        self.tally = Tally()

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
        if self._broken is not None and (error is None or error.__cause__ is self._broken):
            raise self._broken from None

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
        if self._broken is not None:
            raise self._broken
        request, page = context.request, getattr(context, "page", None)
        self._take_back(context)
        if not self._observes:
            mistakes.check_host(request.url, request.headers.get("host"))
        permit = await self._refusal(request.url)
        if permit is not None:
            if page is not None:
                # Crawlee opens it before the hooks, and closes it only after the navigation.
                await page.close()
            self._skip(request.url, permit)
        if page is not None:
            visit = Visit(page, self._refusal)
            self._visits[request.unique_key] = visit
            page.once("close", lambda _: self._left(request.unique_key, visit))
            await visit.begin()

    async def failed(self, context: BasicCrawlingContext, error: Exception) -> None:
        """Count a request that was given up without an answer; ``attach`` sees to it.

        Raises what ``on_assessment`` raised, so that the crawler stops.
        """
        if self._broken is not None:
            raise self._broken
        request = context.request
        if request.unique_key in self._answers:
            return
        told = Capture(
            request.url,
            fetched_at=datetime.now(UTC),
            availability=Availability.UNREACHABLE,
            failure=f"the crawler's request ended in {type(error).__name__}",
        )
        try:
            await self._judged(context, told, redirects.led_to(request))
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
        try:
            return self._answers[context.request.unique_key]
        except KeyError:
            raise UsageError(
                "no response was judged for this request: attach(crawler) before it runs"
            ) from None

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
            await self._follow(context, told, crawler)
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
            self._skip(*visit.refused)
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
        decision = decision_of(answer)
        if self._observes or decision is Decision.INGEST:
            return
        if decision is Decision.HOLD and self._passes_held:
            return
        if status is not None and status >= 400 and status not in ignored:
            # Crawlee ends these by itself, and may try them again.
            return
        raise self._interrupted(context.request.url, decision, answer)

    async def _judged(
        self, context: BasicCrawlingContext, told: Capture, hops: tuple[Capture, ...]
    ) -> Assessment:
        self._take_back(context)
        answer = await self._judge(told, hops)
        self._answers[context.request.unique_key] = answer
        while len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    async def _judge(self, told: Capture, hops: tuple[Capture, ...]) -> Assessment:
        asset = received.whole(received.content(told))
        answer = await self._agent.assess_capture(asset, hops=hops)
        if self._on_assessment is not None:
            try:
                self._on_assessment(answer)
            except Exception as error:
                self._broken = error
                raise
        self.tally.add(answer)
        return answer

    def _take_back(self, context: BasicCrawlingContext) -> None:
        """Count an attempt no more that is made again."""
        before = self._answers.pop(context.request.unique_key, None)
        if before is not None:
            self.tally.take_back(before)

    async def _refusal(self, url: str) -> Permit | None:
        """The permit by which a URL is refused; ``None`` where it may be asked for."""
        if self._observes:
            return None
        permit = await self._agent.permit(url)
        return None if permit.answer is PermitAnswer.FETCH else permit

    def _skip(self, url: str, permit: Permit) -> NoReturn:
        self.tally.add_permit(permit)
        raise self._interrupted(url, Decision(permit.answer.value), permit)

    async def _follow(
        self,
        context: BasicCrawlingContext,
        told: Capture,
        crawler: AbstractHttpCrawler[Any, Any, Any],
    ) -> None:
        """Give the target of a redirect to the crawler, whose hook asks for it (rule R16)."""
        most = self._agent.limits.max_redirects
        onward = redirects.onward(context.request, told, most)
        if isinstance(onward, str):
            _log.info("a redirect of %s leads %s", quote.text(context.request.url), onward)
            raise ContextPipelineInterruptedError(f"a redirect that leads {onward}")
        await crawler.add_requests([onward])
        raise ContextPipelineInterruptedError("a redirect, which is followed as a request")

    def _interrupted(
        self, url: str, decision: Decision, answer: Assessment | Permit
    ) -> ContextPipelineInterruptedError:
        """What ends the processing of a request: it counts as handled, and is not tried again."""
        reasons = reasons_of(answer) if isinstance(answer, Assessment) else answer.reasons
        codes = ", ".join(dict.fromkeys(reason.code.value for reason in reasons))
        _log.info("%s %s: %s", decision, quote.text(url), codes)
        advice = mistakes.advice(answer.notes)
        if advice and advice not in self._advised:
            self._advised.add(advice)
            _log.warning("%s %s: %s; %s", decision, quote.text(url), codes, advice)
        return ContextPipelineInterruptedError(f"{decision}: {codes}")

    async def _guarded(self, crawler: BasicCrawler[Any, Any], work: Awaitable[None]) -> None:
        """Run a hook; where ``on_assessment`` fails in it, the crawler takes up nothing more."""
        try:
            await work
        except Exception as error:
            if error is self._broken:
                crawler.stop(f"a result could not be kept: {quote.text(str(error), 200)}")
            raise
