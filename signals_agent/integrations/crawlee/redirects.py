"""A redirect of an HTTP crawler, which becomes a request of its own and remembers its way."""

import logging
from typing import Any, Final, NoReturn

from crawlee import Request
from crawlee.crawlers import AbstractHttpCrawler, BasicCrawlingContext
from crawlee.errors import ContextPipelineInterruptedError

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.fetch import redirect
from signals_agent.model.capture import Capture

_HOPS: Final = "signals_agent_hops"

_log = logging.getLogger(__name__)


async def follow(
    context: BasicCrawlingContext,
    told: Capture,
    crawler: AbstractHttpCrawler[Any, Any, Any],
    most: int,
) -> NoReturn:
    """Give the target of a redirect to the crawler, whose hook asks for it (rule R16)."""
    target = onward(context.request, told, most)
    if isinstance(target, str):
        _log.info("a redirect of %s leads %s", quote.text(context.request.url), target)
        raise ContextPipelineInterruptedError(f"a redirect that leads {target}")
    await crawler.add_requests([target])
    raise ContextPipelineInterruptedError("a redirect, which is followed as a request")


def onward(request: Request, told: Capture, most: int) -> Request | str:
    """The request for the target of a redirect, or in a few words why there is none."""
    target = redirect.target(told)
    hops = led_to(request)
    if target is None:
        return "nowhere"
    if len(hops) >= most:
        return "too far"
    if not _within(request, target.text):
        return "out of what the crawler was to look at"
    kept = [
        [each.url, each.status, each.field_lines(b"location")[0].decode("latin-1")]
        for each in (*hops, told)
    ]
    data: dict[str, Any] = {
        key: value for key, value in request.user_data.items() if key != "__crawlee"
    }
    return Request.from_url(
        target.text,
        label=request.label,
        enqueue_strategy=request.enqueue_strategy,
        user_data={**data, _HOPS: {"to": target.text, "hops": kept}},
    )


def led_to(request: Request) -> tuple[Capture, ...]:
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
