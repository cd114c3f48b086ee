"""Bodies of every kind, and clients that read little of them: nothing refused gets through."""

import gzip

import httpx
import pytest
from wire import Wire, answer, html
from wrapped import NO, client_of, settings

from signals_agent.integrations.httpx import Refused, SignalsTransport

HIDDEN = b"<!doctype html><meta name=robots content=noai><p>" + b"x" * 200


@pytest.mark.parametrize(
    ("method", "sent", "decision"),
    [
        ("GET", answer(b"", NO, status=204), None),
        ("GET", html(b""), "skip"),
        ("GET", html(gzip.compress(HIDDEN)), "hold"),
        ("GET", html(gzip.compress(HIDDEN)[:40], (b"Content-Encoding", b"gzip")), "hold"),
        ("GET", html(HIDDEN, (b"Content-Encoding", b"gzip")), "hold"),
        ("GET", html(gzip.compress(HIDDEN), (b"Content-Encoding", b"gzip, gzip")), "hold"),
        ("GET", html(gzip.compress(HIDDEN), (b"Content-Encoding", b"gzip")), "skip"),
        ("POST", html(HIDDEN), "skip"),
        ("PUT", html(b"<p>x", NO), "skip"),
        (
            "GET",
            answer(
                HIDDEN[15:],
                (b"Content-Type", b"text/html"),
                (b"Content-Range", b"bytes 15-%d/%d" % (len(HIDDEN) - 1, len(HIDDEN))),
                status=206,
            ),
            "hold",
        ),
        (
            "GET",
            answer(
                b"x" * 20,
                (b"Content-Type", b"text/html"),
                (b"Content-Range", b"bytes 229-248/249"),
                status=206,
            ),
            "hold",
        ),
        ("GET", answer(HIDDEN, (b"Content-Type", b"text/html"), status=300), "hold"),
        ("GET", answer(HIDDEN, (b"Content-Type", b"text/html"), status=302), "hold"),
        ("GET", html(b"\xff\xfe" + HIDDEN.decode().encode("utf-16-le")), "skip"),
        ("GET", html(b"x" * 3_000_000 + HIDDEN), None),
    ],
    ids=[
        "no content, and a header field",
        "an empty page",
        "compressed, which nobody says",
        "compressed, and cut",
        "not compressed, as it says it is",
        "compressed once, as it says twice",
        "compressed",
        "an answer to POST",
        "an answer to PUT",
        "a part that speaks",
        "a part that is silent",
        "a choice of several",
        "a redirect to nowhere",
        "in UTF-16",
        "a declaration behind megabytes of text",
    ],
)
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed and left"])
async def test_nothing_that_is_refused_gets_through(
    site: Wire, method: str, sent: bytes, decision: str | None, streamed: bool
) -> None:
    site.on("/page", sent)
    transport = SignalsTransport(settings())
    got: list[bytes] = []

    async def read(client: httpx.AsyncClient) -> None:
        async with client.stream(method, site.url("/page"), content=b"") as response:
            async for chunk in response.aiter_bytes():
                got.append(chunk)
                if streamed:
                    break

    async with client_of(transport) as client:
        with pytest.raises(Refused) as refused:
            await read(client)
    assert got == []
    assert refused.value.decision in ([decision] if decision else ["hold", "skip"])
    assert transport.tally.total == 1


async def test_a_consumer_that_stops_early_leaves_the_connection_to_the_next(site: Wire) -> None:
    site.on("/page", html(b"<p>" + b"x" * 1_000_000))
    site.on("/no", html(b"<p>x", NO))
    async with client_of(SignalsTransport(settings())) as client:
        for _ in range(3):
            async with client.stream("GET", site.url("/page")) as response:
                assert (await anext(response.aiter_bytes(10)))[:3] == b"<p>"
            with pytest.raises(Refused):
                await client.get(site.url("/no"))
