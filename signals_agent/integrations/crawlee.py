"""Hooks for Crawlee that skip what is refused, before the request and before the handler."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self, TypeAlias

try:
    from crawlee import Request
    from crawlee.crawlers import AbstractHttpCrawler, BasicCrawlingContext, HttpCrawlingContext
    from crawlee.errors import ContextPipelineInterruptedError
    from crawlee.http_clients import HttpxHttpClient
except ImportError as error:
    from signals_agent.errors import MissingExtra

    raise MissingExtra(
        f"the hooks for Crawlee need crawlee ({error.name} is missing): "
        "pip install 'signals-agent[crawlee]'"
    ) from error

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.agent import Agent
from signals_agent.errors import InvalidURL, UsageError
from signals_agent.fetch import redirect
from signals_agent.integrations import received
from signals_agent.integrations.tally import Tally, decision_of, reasons_of, tell
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Capture
from signals_agent.model.verdict import Decision, Reason
from signals_agent.pipeline import PermitAnswer
from signals_agent.policy import Policy

OnHold: TypeAlias = Literal["refuse", "pass"]

_HOPS: Final = "signals_agent_hops"
_MOST_ANSWERS: Final = 10_000

_log = logging.getLogger(__name__)


class Signals:
    """Asks for a permit before a crawler's requests, and judges the responses; use ``async with``.

    ``agent`` is an ``Agent`` that the caller has opened and closes, or the arguments of one
    as a mapping. ``attach`` puts both hooks on a crawler; ``http_client`` is a client that
    says who we are and leaves redirects to the hooks. What is refused never reaches the
    handler and is not tried again; in the handler ``assessment(context)`` is the result.
    ``on_hold="pass"`` lets what is held reach the handler, once it was fetched.

    Under the preset ``observe`` everything is requested and handed on, and what enforcement
    would have cost is written to stderr in the end.
    """

    def __init__(self, agent: Agent | Mapping[str, Any], *, on_hold: OnHold = "refuse") -> None:
        if on_hold not in ("refuse", "pass"):
            raise UsageError(f"on_hold is 'refuse' or 'pass', not {on_hold!r}")
        self._own = isinstance(agent, Mapping)
        if isinstance(agent, Mapping):
            policy = agent.get("policy")
            agent = Agent(**{**agent, "policy": Policy() if policy is None else policy})
        if not isinstance(agent, Agent):
            raise UsageError(f"agent is an Agent or its arguments, not {type(agent).__name__}")
        self._agent = agent
        self._observes = agent.policy.preset == "observe"
        self._passes_held = on_hold == "pass"
        self._answers: OrderedDict[str, Assessment] = OrderedDict()
        self.tally = Tally()

    async def __aenter__(self) -> Self:
        """Open the agent, where it is ours."""
        if self._own:
            await self._agent.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Close it again; a run under ``observe`` says what it came to."""
        if self._own:
            await self._agent.__aexit__(None, None, None)
        if self._observes:
            tell(self.tally)

    def http_client(self, **more: Any) -> HttpxHttpClient:
        """A client that names our token, and follows no redirect before its target is asked for.

        ``more`` goes to ``HttpxHttpClient``. Crawlee's own default calls itself a browser.
        """
        fields = {"User-Agent": self._agent.user_agent, **more.pop("headers", {})}
        return HttpxHttpClient(
            **{"header_generator": None, **more, "headers": fields, "follow_redirects": False}
        )

    def attach(self, crawler: AbstractHttpCrawler[Any, Any, Any]) -> None:
        """Put the hooks on an HTTP crawler (``HttpCrawler``, ``BeautifulSoupCrawler`` and kin).

        Raises ``UsageError`` for another one, such as a browser: register ``before`` as its
        pre-navigation hook, and ask ``judge`` in the handler.
        """
        if not isinstance(crawler, AbstractHttpCrawler):
            raise UsageError(
                f"attach takes one of Crawlee's HTTP crawlers, not {type(crawler).__name__}; "
                "register before(context) as its pre-navigation hook"
            )
        # Errors that Crawlee raises itself are tried again; those that it is told to ignore
        # would reach the handler. Where it cannot be known, nothing but a success does.
        ignored = getattr(crawler, "_ignore_http_error_status_codes", range(400, 600))

        async def after(context: HttpCrawlingContext) -> None:
            status = context.http_response.status_code
            if status < 400 or status in ignored:
                await self._after(context, crawler)

        crawler.pre_navigation_hook(self.before)
        crawler.post_navigation_hook(after)

    async def before(self, context: BasicCrawlingContext) -> None:
        """The pre-navigation hook: ends the processing of a request that may not be sent."""
        url = context.request.url
        permit = await self._agent.permit(url)
        if self._observes or permit.answer is PermitAnswer.FETCH:
            return
        self.tally.add_permit(permit)
        raise _interrupted(url, permit.answer.value, permit.reasons)

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
        told = Capture(url, status, headers, body, fetched_at=datetime.now(UTC))
        answer = await self._agent.assess_capture(received.content(told), hops=hops)
        self.tally.add(answer)
        return answer

    def assessment(self, context: BasicCrawlingContext) -> Assessment:
        """The result for the response that a handler is given.

        Raises ``UsageError`` where none was judged: the hooks are not attached.
        """
        try:
            return self._answers[context.request.unique_key]
        except KeyError:
            raise UsageError(
                "no response was judged for this request: attach(crawler) before it runs"
            ) from None

    async def _after(
        self, context: HttpCrawlingContext, crawler: AbstractHttpCrawler[Any, Any, Any]
    ) -> None:
        """The post-navigation hook: follows a redirect, or judges what is no redirect."""
        request, response = context.request, context.http_response
        hops = _hops(request)
        told = Capture(request.url, response.status_code, response.headers, b"")
        if redirect.is_redirect(told) and request.method == "GET":
            await self._follow(request, told, hops, crawler)
        loaded = request.loaded_url or request.url
        if urls.parse(loaded).text != urls.parse(request.url).text:
            # The client has followed it by itself: only where it began is known.
            hops = (*hops, Capture(request.url, 302))
        body = None if request.method == "HEAD" else await response.read()
        answer = await self.judge(loaded, response.status_code, response.headers, body, hops=hops)
        self._answers[request.unique_key] = answer
        while len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)
        decision = decision_of(answer)
        if self._observes or decision is Decision.INGEST:
            return
        if decision is Decision.HOLD and self._passes_held:
            return
        raise _interrupted(request.url, decision.value, reasons_of(answer))

    async def _follow(
        self,
        request: Request,
        told: Capture,
        hops: tuple[Capture, ...],
        crawler: AbstractHttpCrawler[Any, Any, Any],
    ) -> None:
        """Give the target of a redirect to the crawler, whose hook asks for it (rule R16)."""
        onward = redirect.target(told)
        why = ""
        if onward is None:
            why = "nowhere"
        elif len(hops) >= self._agent.limits.max_redirects:
            why = "too far"
        elif not _within(request, onward.text):
            why = "out of what the crawler was to look at"
        if onward is None or why:
            _log.info("a redirect of %s leads %s", quote.text(request.url), why)
            raise ContextPipelineInterruptedError(f"a redirect that leads {why}")
        kept = [
            [each.url, each.status, each.field_lines(b"location")[-1].decode("latin-1")]
            for each in (*hops, told)
        ]
        data = {key: value for key, value in request.user_data.items() if key != "__crawlee"}
        await crawler.add_requests(
            [
                Request.from_url(
                    onward.text,
                    label=request.label,
                    enqueue_strategy=request.enqueue_strategy,
                    user_data={**data, _HOPS: {"to": onward.text, "hops": kept}},
                )
            ]
        )
        raise ContextPipelineInterruptedError("a redirect, which is followed as a request")


def _within(request: Request, target: str) -> bool:
    """Whether a redirect's target is where the request's strategy lets the crawler go."""
    strategy = request.enqueue_strategy
    if strategy == "all":
        return True
    try:
        # What Crawlee asks itself once it has been redirected; there is no public name for it.
        from crawlee._utils.urls import filter_url
    except ImportError:
        return urls.parse(target).origin == urls.parse(request.url).origin
    return bool(filter_url(target=target, strategy=strategy, origin=request.url)[0])


def _hops(request: Request) -> tuple[Capture, ...]:
    """The redirects that led to a request; a handler may have copied them to another one."""
    kept = request.user_data.get(_HOPS)
    if not isinstance(kept, dict):
        return ()
    try:
        if kept.get("to") != urls.parse(request.url).text:
            return ()
    except InvalidURL:
        return ()
    hops = kept.get("hops")
    return tuple(
        Capture(url, status, [("location", location)], b"")
        for url, status, location in (hops if isinstance(hops, list) else ())
    )


def _interrupted(
    url: str, decision: str, reasons: tuple[Reason, ...]
) -> ContextPipelineInterruptedError:
    """What ends the processing of a request: it counts as handled, and is not tried again."""
    codes = ", ".join(dict.fromkeys(reason.code.value for reason in reasons))
    _log.info("%s %s: %s", decision, quote.text(url), codes)
    return ContextPipelineInterruptedError(f"{decision}: {codes}")
