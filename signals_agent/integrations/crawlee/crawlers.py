"""What Crawlee's own crawlers and clients are given, and how their failures are heard of."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from crawlee.crawlers import BasicCrawler
from crawlee.http_clients import HttpxHttpClient

OnFailed: TypeAlias = Callable[[Any, Exception], Awaitable[None]]

_log = logging.getLogger(__name__)


def http_client(user_agent: str, more: Mapping[str, Any]) -> HttpxHttpClient:
    """A client with our name that leaves redirects to the hooks."""
    fields = {"User-Agent": user_agent, **more.get("headers", {})}
    return HttpxHttpClient(
        **{"header_generator": None, **more, "headers": fields, "follow_redirects": False}
    )


def browser_options(user_agent: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a browser's crawler, with our name."""
    page = {
        "user_agent": user_agent,
        # What a service worker answers, nobody was asked for.
        "service_workers": "block",
        **(more.get("browser_new_context_options") or {}),
    }
    return {"fingerprint_generator": None, **more, "browser_new_context_options": page}


def browser_of(crawler: object) -> Any:
    """The crawler, where it is one that drives a browser; ``None`` where it is none."""
    try:
        from crawlee.crawlers import PlaywrightCrawler
    except ImportError:
        return None
    return crawler if isinstance(crawler, PlaywrightCrawler) else None


def look_at_client(
    crawler: BasicCrawler[Any, Any], ours: Sequence[HttpxHttpClient], user_agent: str
) -> None:
    """Say so where a crawler's client is none of ours."""
    client = getattr(crawler, "_http_client", None)
    if client is not None and all(client is not each for each in ours):
        _log.warning(
            "this crawler's HTTP client does not say that it is %s, and may follow redirects "
            "before their targets are asked for: give it http_client=signals.http_client()",
            user_agent.partition("/")[0],
        )


def tell_failures(crawler: BasicCrawler[Any, Any], ours: OnFailed) -> None:
    """Have ``ours`` called with each request that failed, before any handler of the caller's.

    Crawlee keeps one handler only, and the next one would take the place of ours.
    """
    register = crawler.failed_request_handler

    def chained(handler: OnFailed) -> OnFailed:
        async def both(context: Any, error: Exception) -> None:
            await ours(context, error)
            await handler(context, error)

        register(both)
        return handler

    there = getattr(crawler, "_failed_request_handler", None)
    if there is None:
        register(ours)
    else:
        chained(there)
    crawler.failed_request_handler = chained  # type: ignore[method-assign]  # see above
