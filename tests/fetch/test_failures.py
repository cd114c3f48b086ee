"""Every exception of the layers below means something, and none of them gets through."""

import asyncio
import inspect
import socket
import ssl
import zlib
from collections.abc import Callable
from types import ModuleType

import aiohttp
import aiohttp.client_exceptions
import aiohttp.http_exceptions
import httpcore
import httpx
import pytest

from signals_agent import url as urls
from signals_agent.fetch import failures
from signals_agent.fetch.client import Client
from signals_agent.fetch.guard import Refused
from signals_agent.model.capture import Availability, Capture, Role


def exceptions_of(*modules: ModuleType) -> list[type[Exception]]:
    found = {
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Exception) and not issubclass(member, Warning)
    }
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


def raised(kind: type[Exception]) -> Exception:
    """An instance, whatever its maker wants to know."""
    return kind.__new__(kind)


LAYERS = exceptions_of(httpx, httpcore, aiohttp, aiohttp.client_exceptions, aiohttp.http_exceptions)
BELOW = [
    OSError,
    ConnectionError,
    ConnectionResetError,
    ConnectionRefusedError,
    BrokenPipeError,
    TimeoutError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    asyncio.InvalidStateError,
    socket.gaierror,
    ssl.SSLError,
    ssl.SSLCertVerificationError,
    ssl.SSLZeroReturnError,
    zlib.error,
    UnicodeDecodeError,
    UnicodeEncodeError,
    LookupError,
    KeyError,
    ValueError,
    TypeError,
    AssertionError,
    AttributeError,
    RuntimeError,
    ExceptionGroup,
    Exception,
]


def test_the_layers_below_have_exceptions_to_test() -> None:
    names = {kind.__name__ for kind in LAYERS}
    assert {"ConnectTimeout", "ServerDisconnectedError", "LineTooLong", "InvalidURL"} <= names
    assert len(LAYERS) > 60


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_of_the_http_layers_has_a_row_of_its_own(kind: type[Exception]) -> None:
    failure = failures.classify(raised(kind))
    assert failure.words != "an unforeseen failure of the network layer"
    assert failure.availability in (Availability.UNREACHABLE, Availability.UNREADABLE)


class Raising(httpx.AsyncBaseTransport):
    """A transport that fails, before the answer or within its body."""

    def __init__(self, error: Exception, *, within: bool) -> None:
        self._error = error
        self._within = within

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._within:
            raise self._error
        return httpx.Response(200, stream=RaisingStream(self._error))


class RaisingStream(httpx.AsyncByteStream):
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aiter__(self):
        yield b"<html>"
        raise self._error


@pytest.mark.parametrize("within", [False, True], ids=["before the answer", "within the body"])
@pytest.mark.parametrize(
    "kind", [*LAYERS, *BELOW], ids=lambda kind: f"{kind.__module__}.{kind.__name__}"
)
async def test_no_exception_of_a_transport_gets_through(
    make_client: Callable[..., Client], kind: type[Exception], within: bool
) -> None:
    error = ExceptionGroup("several", [OSError()]) if kind is ExceptionGroup else raised(kind)
    client = make_client(transport=Raising(error, within=within))
    capture = await client.get(urls.parse("http://127.0.0.1:9/"), Role.ASSET)
    assert capture.availability in (Availability.UNREACHABLE, Availability.UNREADABLE)
    assert capture.failure
    assert capture.body == (b"<html>" if within else b"")


@pytest.mark.parametrize("kind", [asyncio.CancelledError, KeyboardInterrupt, SystemExit])
async def test_what_ends_the_run_is_not_swallowed(
    make_client: Callable[..., Client], kind: type[BaseException]
) -> None:
    client = make_client(transport=Raising(kind(), within=False))
    caught: BaseException | None = None
    try:
        await client.get(urls.parse("http://127.0.0.1:9/"), Role.ASSET)
    except BaseException as error:
        caught = error
    assert isinstance(caught, kind)


def because(outer: Exception, *causes: BaseException) -> Exception:
    link: BaseException = outer
    for cause in causes:
        link.__cause__ = cause
        link = cause
    return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            because(httpx.ConnectTimeout(""), aiohttp.ServerDisconnectedError()),
            "reset or closed",
            id="a disconnect that httpx-aiohttp calls a time-out",
        ),
        pytest.param(
            because(httpx.ConnectTimeout(""), aiohttp.ClientOSError(), ConnectionResetError()),
            "reset or closed",
            id="a reset that it calls a time-out",
        ),
        pytest.param(
            because(httpx.ConnectTimeout(""), aiohttp.ConnectionTimeoutError(), TimeoutError()),
            "no connection was made in time",
            id="a real one",
        ),
        pytest.param(
            because(httpx.ConnectError(""), raised(aiohttp.ClientConnectorError), Refused("x")),
            "refused: an address",
            id="our own guard",
        ),
        pytest.param(because(httpx.ConnectError(""), OSError(113, "x")), "no route", id="no route"),
        pytest.param(
            because(httpx.ConnectError(""), ExceptionGroup("", [ConnectionRefusedError()])),
            "connection was refused",
            id="one of several addresses",
        ),
        pytest.param(
            because(httpx.ConnectError(""), raised(ssl.SSLCertVerificationError)),
            "certificate",
            id="a certificate",
        ),
        pytest.param(TypeError("x"), "unforeseen", id="a fault that nobody foresaw"),
    ],
)
def test_the_chain_of_causes_tells_what_happened(error: Exception, words: str) -> None:
    assert words in failures.classify(error).words


def test_a_chain_that_bites_its_own_tail_comes_to_an_end() -> None:
    first, second = ValueError(), TypeError()
    first.__context__, second.__context__ = second, first
    assert failures.classify(first).words


def capture(status: int | None = None, words: str = "") -> Capture:
    state = Availability.UNREACHABLE if words else None
    return Capture("http://a.example/", status=status, availability=state, failure=words)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_worth_another_try(status: int) -> None:
    assert failures.is_transient(capture(status))


@pytest.mark.parametrize("status", [200, 301, 403, 404, 500, 501])
def test_an_answer_is_an_answer(status: int) -> None:
    assert not failures.is_transient(capture(status))


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        (ConnectionResetError, True),
        (ConnectionRefusedError, True),
        (socket.gaierror, True),
        (ssl.SSLCertVerificationError, False),
        (TimeoutError, False),
        (aiohttp.http_exceptions.LineTooLong, False),
        (aiohttp.ClientPayloadError, True),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_only_what_may_pass_is_tried_again(kind: type[Exception], again: bool) -> None:
    assert failures.is_transient(capture(words=failures.classify(raised(kind)).words)) is again
