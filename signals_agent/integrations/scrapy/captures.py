"""Scrapy's responses and redirects as captures."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from signals_agent.model.capture import Capture

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

CHAIN: Final = "signals_agent_chain"
"""The key of ``request.meta`` under which the redirects so far are kept."""

NOT_MODIFIED: Final = "signals_agent_not_modified"
"""The key of ``request.meta`` under which the header section of a 304 is kept."""

WHOLE: Final = "kept whole"
"""The flag of a response out of a cache that keeps whole ones only."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CUT: Final = frozenset({"dataloss", "download_stopped"})
"""Flags of a body that is not whole.

``partial`` is none of them: it is on every body that ends with its connection, as HTTP/1.0 does.
"""

Lines: TypeAlias = tuple[tuple[bytes, bytes], ...]
Hop: TypeAlias = tuple[str, int | None, Lines, str]
"""A redirect as plain values, since Scrapy may put requests on disk: URL, status, lines, time."""


def of(response: "Response", url: str, request: "Request") -> Capture:
    """What a response says, as octets; a HEAD request brings a header section only (rule R12).

    One out of Scrapy's cache that a 304 confirmed says what the 304 says besides: Scrapy
    before 2.14 leaves that out, and with it what was declared since (RFC 9111 4.3.4).
    """
    capture = Capture(
        url,
        status=response.status,
        headers=_lines(response),
        body=None if request.method == "HEAD" else response.body,
        fetched_at=_fetched_at(response),
        truncated=cut(response) or _short(response, request),
    )
    told = request.meta.get(NOT_MODIFIED)
    if told is None or not from_cache(response):
        return capture
    lines, moment = told
    fetched_at = datetime.fromisoformat(moment)
    return capture.refreshed(Capture(url, 304, lines, fetched_at=fetched_at))


def from_cache(response: "Response") -> bool:
    """Whether a response comes out of Scrapy's HTTP cache."""
    return "cached" in response.flags


def cut(response: "Response") -> bool:
    """Whether Scrapy says that a body is not whole."""
    return not _CUT.isdisjoint(response.flags)


def _short(response: "Response", request: "Request") -> bool:
    """Whether what comes out of a cache has fewer octets than its publisher announced.

    What was decoded on the way has more, but for a few octets that do not code well.
    """
    if WHOLE in response.flags or not from_cache(response) or request.method == "HEAD":
        return False
    said = (response.headers.get(b"Content-Length") or b"").strip()
    announced = int(said) if said.isdigit() and len(said) < 20 else 0
    return response.status == 200 and len(response.body) < announced


def note_not_modified(request: "Request", response: "Response") -> None:
    """Keep what a 304 says, before Scrapy puts the copy of its cache in its place."""
    if response.status == 304:
        request.meta[NOT_MODIFIED] = (_lines(response), datetime.now(UTC).isoformat())


def followed(request: "Request") -> tuple[Capture, ...]:
    """The redirects that led to a request, first one first; the request is known from now on.

    Scrapy hands ``meta`` on from redirect to redirect, but spiders copy it to requests of
    their own as well. So a redirect counts only where the last URL that Scrapy says it was
    redirected from is the one for which we were asked last.
    """
    known = request.meta.get(CHAIN)
    url, hops, answered = known if known is not None else ("", (), None)
    if known is not None and url != request.url:
        came_from = request.meta.get("redirect_urls") or ("",)
        redirected = came_from[-1] == url
        hops = (*hops, answered or _told(request, url)) if redirected else ()
    request.meta[CHAIN] = (request.url, hops, None)
    return _as_captures(hops)


def note_redirect(request: "Request", response: "Response") -> None:
    """Keep what a redirect said, before Scrapy makes a new request of it."""
    known = request.meta.get(CHAIN)
    if known is not None and response.status in _REDIRECTS and known[0] == request.url:
        moment = _fetched_at(response) or datetime.now(UTC)
        hop: Hop = (request.url, response.status, _lines(response), moment.isoformat())
        request.meta[CHAIN] = (known[0], known[1], hop)


def _told(request: "Request", url: str) -> Hop:
    """A redirect that nobody saw (out of a cache that is not ours, or by a page's meta)."""
    reason = (request.meta.get("redirect_reasons") or (None,))[-1]
    status = reason if isinstance(reason, int) else None
    return url, status, (), datetime.now(UTC).isoformat()


def _as_captures(hops: Sequence[Hop]) -> tuple[Capture, ...]:
    return tuple(
        Capture(url, status=status, headers=lines, fetched_at=datetime.fromisoformat(moment))
        for url, status, lines, moment in hops
    )


def _lines(response: "Response") -> Lines:
    return tuple(
        (name, value) for name, values in response.headers.items() for value in values or ()
    )


def _fetched_at(response: "Response") -> datetime | None:
    """Now, or when the server says it sent what comes out of Scrapy's cache (rule R32)."""
    if not from_cache(response):
        return datetime.now(UTC)
    sent = response.headers.get(b"Date")
    try:
        moment = parsedate_to_datetime((sent or b"").decode("latin-1"))
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
