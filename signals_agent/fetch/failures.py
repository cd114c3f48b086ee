"""What each failure of the layers below means: how looking ended, and a few words on why."""

import errno
import logging
from dataclasses import dataclass

from signals_agent.fetch.guard import REFUSED
from signals_agent.model.capture import Availability, Capture

_log = logging.getLogger(__name__)

# Layers below are known here by the names of their exceptions alone, so that any
# transport can be used and none has to be installed.


@dataclass(frozen=True, slots=True)
class Failure:
    """How looking ended; ``words`` are ours and hold nothing that was received.

    ``transient`` says that asking once more may help; ``note`` is a note code.
    """

    words: str
    transient: bool = False
    availability: Availability = Availability.UNREACHABLE
    note: str = ""


GUARDED = "guard-refused"
OUT_OF_TIME = Failure("the time for this URL ran out")
CUT = Failure("the connection was closed before the body was complete", transient=True)
UNDECODABLE = Failure(
    "the content coding could not be taken off", availability=Availability.UNREADABLE
)
TOO_DENSE = Failure(
    "the body decompresses to more than the allowed multiple",
    availability=Availability.UNREADABLE,
)
LONG_HEADERS = Failure(
    "the header section is longer than the cap", availability=Availability.UNREADABLE
)
_FLOODED = Failure(
    "far more octets came than a body may have", availability=Availability.UNREADABLE
)
_REFUSED = Failure(f"refused: {REFUSED}", note=GUARDED)
_DNS = Failure("the host name could not be resolved", transient=True)
_DENIED = Failure("the connection was refused", transient=True)
_CONNECT = Failure("no connection could be made", transient=True)
_CONNECT_LATE = Failure("no connection was made in time", transient=True)
_RESET = Failure("the connection was reset or closed", transient=True)
_ROUTE = Failure("no route to the host", transient=True)
_CERTIFICATE = Failure("the TLS certificate could not be verified")
_TLS = Failure("TLS failed")
_LATE = Failure("no answer came in time")
_MALFORMED = Failure("the answer is not well-formed HTTP")
_PROXY = Failure("the proxy refused or failed")
_FULL = Failure("no place in the connection pool", transient=True)
_URL = Failure("the HTTP client does not take this URL")
_LOOP = Failure("too many redirects")
_OWN = Failure("the request could not be made")
_OTHER = Failure("an unforeseen failure of the network layer")

_ROWS: dict[str, Failure] = {
    # Ours
    "signals_agent.fetch.guard.Refused": _REFUSED,
    "signals_agent.fetch.coding.Undecodable": UNDECODABLE,
    "signals_agent.fetch.coding.TooDense": TOO_DENSE,
    "signals_agent.fetch.client.HeadersTooLong": LONG_HEADERS,
    "signals_agent.fetch.client.Flooded": _FLOODED,
    # The standard library
    "socket.gaierror": _DNS,
    "socket.herror": _DNS,
    "ssl.SSLCertVerificationError": _CERTIFICATE,
    "ssl.SSLError": _TLS,
    "ssl.CertificateError": _CERTIFICATE,
    "builtins.ConnectionRefusedError": _DENIED,
    "builtins.ConnectionResetError": _RESET,
    "builtins.ConnectionAbortedError": _RESET,
    "builtins.BrokenPipeError": _RESET,
    "builtins.ConnectionError": _RESET,
    "builtins.EOFError": _RESET,
    "builtins.TimeoutError": _LATE,
    "builtins.UnicodeError": _URL,
    "builtins.LookupError": _OWN,
    "builtins.RuntimeError": _OWN,
    "zlib.error": UNDECODABLE,
    # aiohttp
    "aiohttp.http_exceptions.LineTooLong": LONG_HEADERS,
    "aiohttp.http_exceptions.ContentEncodingError": UNDECODABLE,
    "aiohttp.http_exceptions.ContentLengthError": CUT,
    "aiohttp.http_exceptions.TransferEncodingError": CUT,
    "aiohttp.http_exceptions.HttpProcessingError": _MALFORMED,
    "aiohttp.client_exceptions.ClientConnectorDNSError": _DNS,
    "aiohttp.client_exceptions.ClientConnectorCertificateError": _CERTIFICATE,
    "aiohttp.client_exceptions.ClientSSLError": _TLS,
    "aiohttp.client_exceptions.ServerFingerprintMismatch": _CERTIFICATE,
    "aiohttp.client_exceptions.ClientProxyConnectionError": _PROXY,
    "aiohttp.client_exceptions.ClientHttpProxyError": _PROXY,
    "aiohttp.client_exceptions.ClientConnectorError": _CONNECT,
    "aiohttp.client_exceptions.ConnectionTimeoutError": _CONNECT_LATE,
    "aiohttp.client_exceptions.ServerTimeoutError": _LATE,
    "aiohttp.client_exceptions.ClientConnectionError": _RESET,
    "aiohttp.client_exceptions.ClientPayloadError": CUT,
    "aiohttp.client_exceptions.InvalidURL": _URL,
    "aiohttp.client_exceptions.NonHttpUrlClientError": _URL,
    "aiohttp.client_exceptions.RedirectClientError": _URL,
    "aiohttp.client_exceptions.TooManyRedirects": _LOOP,
    "aiohttp.client_exceptions.ContentTypeError": _MALFORMED,
    "aiohttp.client_exceptions.WSServerHandshakeError": _MALFORMED,
    "aiohttp.client_exceptions.ClientResponseError": _MALFORMED,
    "aiohttp.client_exceptions.ClientError": _OWN,
    "aiohttp.client_exceptions.WSMessageTypeError": _MALFORMED,
    "aiohttp._websocket.models.WebSocketError": _MALFORMED,
    "aiohttp.http_websocket.WebSocketError": _MALFORMED,
    "aiohttp.streams.EofStream": _RESET,
    # httpx; last in every chain, since what lies below tells more
    "httpx.ConnectTimeout": _CONNECT_LATE,
    "httpx.PoolTimeout": _FULL,
    "httpx.TimeoutException": _LATE,
    "httpx.ConnectError": _CONNECT,
    "httpx.ReadError": _RESET,
    "httpx.WriteError": _RESET,
    "httpx.CloseError": _RESET,
    "httpx.NetworkError": _RESET,
    "httpx.RemoteProtocolError": _MALFORMED,
    "httpx.ProtocolError": _MALFORMED,
    "httpx.DecodingError": UNDECODABLE,
    "httpx.ProxyError": _PROXY,
    "httpx.UnsupportedProtocol": _URL,
    "httpx.InvalidURL": _URL,
    "httpx.TooManyRedirects": _LOOP,
    "httpx.HTTPStatusError": _MALFORMED,
    "httpx.HTTPError": _OWN,
    "httpx.StreamError": _OWN,
    "httpx.CookieConflict": _OWN,
    # httpcore, where a caller's transport lets it through
    "httpcore.ConnectTimeout": _CONNECT_LATE,
    "httpcore.PoolTimeout": _FULL,
    "httpcore.TimeoutException": _LATE,
    "httpcore.ConnectError": _CONNECT,
    "httpcore.ProxyError": _PROXY,
    "httpcore.NetworkError": _RESET,
    "httpcore.ProtocolError": _MALFORMED,
    "httpcore.UnsupportedProtocol": _URL,
    "httpcore.ConnectionNotAvailable": _FULL,
}
_ERRNO_WORDS = {errno.ENETUNREACH: _ROUTE, errno.EHOSTUNREACH: _ROUTE}
_VAGUE = frozenset(
    {
        "builtins.TimeoutError",
        "builtins.UnicodeError",
        "builtins.LookupError",
        "builtins.RuntimeError",
    }
)
"""Too general to overrule what an exception above it says."""
_TRANSIENT = frozenset(
    failure.words for failure in (*_ROWS.values(), *_ERRNO_WORDS.values(), CUT) if failure.transient
)
_NAMED = {
    failure.words: failure
    for failure in (*_ROWS.values(), *_ERRNO_WORDS.values(), OUT_OF_TIME, CUT, TOO_DENSE, _OTHER)
}
_UNNAMED = Failure("looking failed, it is said, for a reason that is not known here")
_CUT_BY = {
    CUT.words: "disconnect",
    _RESET.words: "disconnect",
    _LATE.words: "time",
    OUT_OF_TIME.words: "time",
    _FLOODED.words: "length",
    TOO_DENSE.words: "length",
}
_RETRY_STATUSES = frozenset({429, 502, 503, 504})


def classify(error: BaseException) -> Failure:
    """What an exception of any layer means (rule R15).

    httpx-aiohttp gives most connection errors the name ``ConnectTimeout`` and lets some
    through raw, so the whole chain of causes is looked at; what lies deepest tells most.
    """
    found: Failure | None = None
    for link in _chain(error):
        row, vague = _row(link)
        if row is _REFUSED:
            return row
        if row is not None and (found is None or not vague):
            found = row
    if found is not None:
        return found
    if isinstance(error, OSError):
        return _CONNECT
    _log.warning("unforeseen failure while fetching: %s", type(error).__qualname__)
    _log.debug("unforeseen failure", exc_info=error)
    return _OTHER


def named(words: str) -> Failure:
    """The failure that has these words; nothing but the words of ours is taken over."""
    return _NAMED.get(words, _UNNAMED)


def cut_by(words: str) -> str:
    """What ended an answer that failed with these words, as ``WARC-Truncated`` says it."""
    return _CUT_BY.get(words, "unspecified")


def is_transient(capture: Capture) -> bool:
    """Whether asking once more may help: a connection that failed, or a busy server."""
    if capture.availability is None:
        return capture.status in _RETRY_STATUSES
    return capture.failure in _TRANSIENT


def _row(error: BaseException) -> tuple[Failure | None, bool]:
    """The row of an exception, or of the nearest class it comes from, and if that is vague."""
    # One refused address among several that failed leaves no more than its text.
    if isinstance(error, OSError) and REFUSED in str(error.strerror or error.args[:1]):
        return _REFUSED, False
    if isinstance(error, OSError) and error.errno in _ERRNO_WORDS:
        return _ERRNO_WORDS[error.errno], False
    for kind in type(error).__mro__:
        name = f"{kind.__module__}.{kind.__qualname__}"
        row = _ROWS.get(name)
        if row is not None:
            return row, name in _VAGUE
    return None, True


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, then what caused it, and so on; each once, members of groups included."""
    chain: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop(0)
        if link is None or any(link is known for known in chain):
            continue
        chain.append(link)
        if isinstance(link, BaseExceptionGroup):
            waiting.extend(link.exceptions)
        if link.__cause__ is not None:
            waiting.append(link.__cause__)
        elif not link.__suppress_context__:
            waiting.append(link.__context__)
    return chain
