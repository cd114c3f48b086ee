"""The HTTP client: one exchange with one server, from the URL to a capture."""

import asyncio
import functools
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Self, TypeAlias, cast

import aiohttp
import httpx
import yarl
from aiohttp.client_proto import ResponseHandler
from httpx_aiohttp.transport import AiohttpResponseStream, AiohttpTransport, map_aiohttp_exceptions

from signals_agent import url as urls
from signals_agent.errors import ConfigError, UsageError
from signals_agent.fetch import coding, failures, guard, request
from signals_agent.fetch.exchange import Exchange, within_caps
from signals_agent.limits import Limits
from signals_agent.model.capture import Capture, Role
from signals_agent.url import Url
from signals_agent.version import VERSION

OUTSIDE = "guard-outside-transport"
"""The note of a capture whose connection we did not make, so could not guard as it was made."""

_Chunks: TypeAlias = AsyncGenerator[bytes, None]
_KEEP_ALIVE = 4.0
_DNS_SECONDS = 300
_FRAMING = 256 * 1024
"""Octets of framing, header section included, that a body may have beside as many as its own."""


class HeadersTooLong(Exception):
    """The header section went on after the cap."""


class Flooded(Exception):
    """Far more octets came than their body has: framing that goes on without end."""


class Client:
    """Asks one URL once and makes a capture of whatever happens; use ``async with``.

    Redirects are captures like any other: following them is the caller's part. Nothing
    but cancellation and programming errors of ours is raised: each failure is a capture
    with an availability and a few words (``failures``). No cookies are kept, nothing is
    taken from the environment, TLS is always verified.

    ``transport`` is any httpx transport; it takes the place of ours, and then addresses
    are looked at before the request instead of as the connection is made. The same goes
    for ``proxy``, an http URL. ``ca_bundle`` is a file of certificates in PEM form.
    """

    def __init__(
        self,
        *,
        token: str,
        contact: str = "",
        limits: Limits,
        transport: httpx.AsyncBaseTransport | None = None,
        allow_private: bool = False,
        proxy: str | None = None,
        ca_bundle: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if transport is not None and not isinstance(transport, httpx.AsyncBaseTransport):
            raise ConfigError(
                f"a transport is an httpx.AsyncBaseTransport, not {type(transport).__name__}"
            )
        if transport is not None and (proxy or ca_bundle):
            raise ConfigError("proxy and ca_bundle belong to the transport that was given")
        self._limits = limits
        self._allow_private = allow_private
        self._outside = transport is not None or proxy is not None
        self._now = now
        wire = transport or _Transport(
            limits,
            None if ca_bundle is None else _trust(ca_bundle),
            _proxy(proxy),
            allow_private=allow_private,
        )
        headers = {
            "user-agent": user_agent(token, contact),
            "accept-encoding": coding.ACCEPTED,
        }
        self._client = _Plain(wire, headers, limits.connect_timeout)
        self._headers = {
            role: httpx.Headers(request.fields(headers["user-agent"], role)) for role in Role
        }
        self._ours = isinstance(wire, _Transport)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._client.__aexit__(None, None, None)

    async def get(
        self, url: Url, role: Role, *, seconds: float | None = None, depth: str = "page"
    ) -> Capture:
        """One GET; ``seconds`` are the time for all of it.

        ``depth`` says how much of an asset is read: ``headers`` (no body), ``head`` (of
        HTML up to the end of its head) or ``page``.
        """
        exchange = Exchange(url, role, depth, self._limits)
        try:
            async with asyncio.timeout(self._limits.timeout if seconds is None else seconds):
                if self._outside:
                    await guard.look_first(
                        url.host,
                        url.port,
                        allow_private=self._allow_private,
                        seconds=self._limits.connect_timeout,
                    )
                await self._ask(exchange)
        except Exception as error:
            exchange.fail(failures.classify(error))
        return exchange.capture(self._now(), (OUTSIDE,) if self._outside else ())

    async def _ask(self, exchange: Exchange) -> None:
        response = await self._client.send(self._request(exchange.url, exchange.role), stream=True)
        try:
            # Some transports hand over a body that has been read, and so decoded, already.
            whole = response.is_stream_consumed
            fields = response.headers.raw
            if not exchange.begin(response.status_code, fields, self._now(), decoded=whole):
                return
            if whole:
                if exchange.feed(response.content):
                    exchange.end()
                return
            # What our own transport gives is taken as it is; others may give less than a stream.
            raw = cast(_Chunks, response.stream).__aiter__() if self._ours else response.aiter_raw()
            async with aclosing(cast(_Chunks, raw)) as chunks:
                async for chunk in chunks:
                    if not exchange.feed(chunk):
                        return
            exchange.end()
        finally:
            await response.aclose()

    def _request(self, url: Url, role: Role) -> httpx.Request:
        """The request for a URL, which asks for the very path that was judged."""
        if self._ours:
            # httpx takes longer over a URL and its headers than over the rest of a request;
            # our transport asks for the URL as it was written and wants neither.
            return httpx.Request(
                "GET",
                _origin(url.origin),
                headers=self._headers[role],
                stream=_NOTHING,
                extensions={"verbatim": url.text},
            )
        return self._client.build_request(
            "GET",
            url.text,
            headers={"accept": request.accept(role)},
            # httpx rewrites paths.
            extensions={"target": url.target.encode("ascii")},
        )


_NOTHING = httpx.ByteStream(b"")


@functools.lru_cache(maxsize=4096)
def _origin(origin: str) -> httpx.URL:
    return httpx.URL(origin)


def capture_of(response: httpx.Response, limits: Limits, at: datetime) -> tuple[Capture, ...]:
    """The captures of an answer that a pipeline already has: its redirects, then itself.

    Raises ``UsageError`` where it is no ``httpx.Response``, does not know its request
    (and so no URL), or its body has not been read.
    """
    if not isinstance(response, httpx.Response):
        raise UsageError(f"a response is an httpx.Response, not {type(response).__name__}")
    return tuple(
        within_caps(
            Capture(
                urls.parse(str(_request_of(answer).url)).text,
                answer.status_code,
                answer.headers.raw,
                _content(answer, required=answer is response),
                fetched_at=at,
            ),
            limits,
            Role.ASSET,
        )
        for answer in (*response.history, response)
    )


def _request_of(response: httpx.Response) -> httpx.Request:
    try:
        return response.request
    except RuntimeError:
        raise UsageError(
            "the response has no request, so no URL: httpx.Response(..., request=httpx.Request"
            "('GET', url))"
        ) from None


def _content(response: httpx.Response, *, required: bool) -> bytes | None:
    """The body, decoded; ``None`` where the request was one for headers alone."""
    if response.request.method == "HEAD":
        return None
    try:
        return response.content
    except httpx.ResponseNotRead:
        if not required:
            return b""
        raise UsageError(
            "the body of the response has not been read: await response.aread() first"
        ) from None


def user_agent(token: str, contact: str) -> str:
    """``TOKEN/VERSION (+CONTACT)``; raises ``ConfigError`` where that is no field value."""
    value = f"{token}/{VERSION} (+{contact})" if contact else f"{token}/{VERSION}"
    if not re.fullmatch(r"[\x20-\x7e]+", value):
        raise ConfigError(f"a contact is an address in printable ASCII, not {contact!r}")
    return value


def _trust(ca_bundle: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"cannot read the certificates in {ca_bundle}: {error}") from None


def _proxy(proxy: str | None) -> httpx.Proxy | None:
    if proxy is None:
        return None
    try:
        made = httpx.Proxy(proxy)
    except (ValueError, TypeError, httpx.InvalidURL):
        made = None
    if made is None or made.url.scheme not in ("http", "https") or not made.url.host:
        raise ConfigError("a proxy is an http URL: http://HOST:PORT")
    return made


class _Plain(httpx.AsyncClient):
    """httpx's client without what it does of its own accord.

    It would keep cookies, and would read ``Location`` even where it follows nothing,
    failing on one that it does not like.
    """

    def __init__(self, wire: httpx.AsyncBaseTransport, headers: dict[str, str], connect: float):
        super().__init__(
            transport=wire,
            headers=headers,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(None, connect=connect),
        )
        self._wire = wire

    async def send(
        self, request: httpx.Request, *, stream: bool = False, **_: Any
    ) -> httpx.Response:
        """One request, one answer, its body unread."""
        response = await self._wire.handle_async_request(request)
        response.request = request
        return response


class _Transport(AiohttpTransport):
    """aiohttp beneath httpx, with our caps and guard, asking for the very path we judged."""

    def __init__(
        self,
        limits: Limits,
        context: ssl.SSLContext | None,
        proxy: httpx.Proxy | None,
        *,
        allow_private: bool,
    ) -> None:
        # The parent's own context is never used; this one trusts nobody.
        super().__init__(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), proxy=proxy)
        self._context = context
        self._caps = limits
        self._allow_private = allow_private

    def get_client(self) -> aiohttp.ClientSession:
        """The session, made on first use, when a loop runs."""
        limits = self._caps
        connector = aiohttp.TCPConnector(
            limit=0,  # how many run at once is the pacer's to say
            keepalive_timeout=_KEEP_ALIVE,
            ttl_dns_cache=_DNS_SECONDS,
            # Through a proxy the address is the proxy's, which our caller chose.
            socket_factory=None if self.proxy else guard.sockets(self._allow_private),
        )
        most = limits.max_header_bytes + 2 * max(
            limits.max_body_bytes,
            limits.max_other_bytes,
            limits.max_site_file_bytes,
            limits.max_document_bytes,
        )
        connector._factory = functools.partial(  # type: ignore[assignment]  # no public place to count the octets of a head
            _Handler, connector._loop, limits.max_header_bytes, most
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            # The defaults, 8,190 octets and 128 lines, are below what real sites send. The
            # shortest field line has three octets: what counts is the cap on them all.
            max_line_size=limits.max_header_bytes,
            max_field_size=limits.max_header_bytes,
            max_headers=limits.max_header_bytes // 3,
            timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect_timeout),
        )
        # It would ask again by itself where a connection breaks: unpaced, and seen by nobody.
        session._retry_connection = False
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; as the parent's, but for the URL, which is sent as it was written."""
        if not isinstance(self.client, aiohttp.ClientSession):
            self.client = self.get_client()
        more: dict[str, Any] = {}
        proxy = self.proxy
        if "https" in (request.url.scheme, proxy and proxy.url.scheme):
            # Reading the usual certificates takes longer than many a run over http.
            if self._context is None:
                self._context = httpx.create_ssl_context(trust_env=False)
            more["ssl"] = self._context
        if proxy is not None:
            name, password = proxy.auth or (None, None)
            more["proxy"] = yarl.URL(str(proxy.url)).with_user(name).with_password(password)
        with map_aiohttp_exceptions():
            response = await self.client.request(
                request.method,
                # yarl rewrites paths, as httpx does.
                yarl.URL(request.extensions["verbatim"], encoded=True),
                # Iterated over, httpx's own mapping works out its encoding for each field.
                headers=[(k.decode("ascii"), v.decode("latin-1")) for k, v in request.headers.raw],
                allow_redirects=False,
                **more,
            )
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Stream(response),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )


class _Stream(AiohttpResponseStream):
    """A body in the pieces in which it arrives."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        content = self._aiohttp_response.content
        with map_aiohttp_exceptions():
            while chunk := await content.readany():
                yield chunk


class _Handler(ResponseHandler):
    """aiohttp's reader of answers, that gives up a header section which has no end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, cap: int, most: int) -> None:
        super().__init__(loop=loop)
        self._cap = cap
        self._most = most
        self._seen = 0
        self._in_head = True

    def set_response_params(self, **params: Any) -> None:
        """A new answer begins."""
        self._seen = 0
        self._in_head = True
        super().set_response_params(**params)

    def feed_data(self, data: Any, *size: int) -> None:
        """A header section is complete; interim ones (1xx) do not start the count anew."""
        self._in_head = data[0].code < 200
        super().feed_data(data, *size)

    def data_received(self, data: bytes) -> None:
        """Octets arrive: headers count up to their cap, the rest up to far beyond any body."""
        self._seen += len(data)
        super().data_received(data)
        if self.transport is None or self._seen <= self._allowed():
            return
        if self._in_head:
            self.set_exception(HeadersTooLong())
        elif self._payload is not None:
            self._payload.set_exception(Flooded())
        self.transport.close()

    def _allowed(self) -> int:
        """How many octets of an answer may have come by now, framing included."""
        if self._in_head:
            return self._cap
        if self._payload is None:
            return self._most
        # Chunks of an octet each cost far more time than any page is worth.
        return min(self._most, 2 * self._payload.total_bytes + _FRAMING)
