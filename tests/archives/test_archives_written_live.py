"""A live run that is recorded, read again from its record."""

import asyncio
import gzip
import os
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

from fastwarc.warc import ArchiveIterator, WarcRecordType
from wire import Do, Wire, answer, endless, html, moved, text

import signals_agent as sa
from signals_agent.archives import Losses, captures
from signals_agent.demo.publishers import load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.fetch.client import user_agent
from signals_agent.limits import Limits
from signals_agent.model.capture import Capture, Role
from signals_agent.recording import Recorder

LIMITS = Limits(timeout=5.0, max_retry_after=0.0, max_body_bytes=200_000)
DOCUMENTS = (Role.LICENCE_DOCUMENT, Role.POLICY_DOCUMENT)
CONTACT = "https://lab.example/bot"


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


class Witness:
    """Sees what the recorder sees."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.seen: list[tuple[Capture, Role]] = []

    def __call__(self, capture: Capture, role: Role) -> None:
        self.seen.append((capture, role))
        self._recorder.take(capture, role)


async def recorded(
    folder: Path, urls: list[str], depth: str = "page", limits: Limits = LIMITS
) -> tuple[list[tuple[Capture, Role]], Path]:
    """What was fetched for these URLs, and the file that holds it."""
    name = user_agent("ExampleBot", CONTACT)
    with Recorder(folder, software="signals-agent/t", user_agent=name, depth=depth) as recorder:
        witness = Witness(recorder)
        agent = sa.Agent(
            token="ExampleBot",
            contact=CONTACT,
            policy=sa.Policy.parse(policy_text(), "demo"),
            allow_private=True,
            limits=limits,
            depth=depth,
            witness=witness,
        )
        async with agent, aclosing(agent.assess_many(urls, concurrency=8)) as results:
            assert len([each async for each in results]) == len(urls)
        await asyncio.to_thread(recorder.flush)
        assert recorder.written == len(witness.seen)
    (path,) = recorder.files
    return witness.seen, path


def essence(each: Capture) -> tuple[object, ...]:
    return (
        each.url,
        each.status,
        each.headers,
        each.body,
        each.availability,
        each.truncated,
        each.failure,
        each.fetched_at,
    )


@pytest.mark.parametrize("depth", ["page", "head", "headers"])
async def test_the_bundled_publishers_are_read_again_as_they_were(
    tmp_path: Path, depth: str
) -> None:
    async with Servers(load()) as servers:
        urls = [
            servers.origins[publisher.name] + page.path
            for publisher in load()
            for page in publisher.pages
        ]
        seen, path = await recorded(tmp_path, urls, depth)
        asked = {servers.origins[name] + target for name, target in servers.requests}
    losses = Losses()
    read = [each.capture for each in captures(path, depth=depth, limits=LIMITS, losses=losses)]
    assert losses.count == 0
    assert len(seen) >= 70
    # An archive does not tell a document that was named from an asset.
    named = {each.url for each, role in seen if role in (DOCUMENTS if depth != "page" else ())}
    assert Counter(essence(each) for each in read if each.url not in named) == Counter(
        essence(each) for each, _ in seen if each.url not in named
    )
    assert {each.url for each in read} == {each.url for each, _ in seen} == asked
    assert {role for _, role in seen} >= {Role.ASSET, Role.ROBOTS, Role.SITE_FILE}
    assert any(each.availability == "unreachable" for each in read)


def coded(body: bytes, name: bytes, octets: bytes) -> bytes:
    return answer(octets, (b"Content-Type", b"text/html"), (b"Content-Encoding", name))


PAGE = b"<html><head><title>t</title></head><body>" + b"word " * 500
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"


def chunks(octets: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(octets), octets)


MIX: dict[str, tuple[object, ...]] = {
    "/gzip": (coded(PAGE, b"gzip", gzip.compress(PAGE)),),
    "/deflate": (coded(PAGE, b"deflate", zlib.compress(PAGE)),),
    "/br": (coded(PAGE, b"br", b"\x1b\xff\x00\x81\x02"),),
    "/chunked": (CHUNKED + b"\r\n" + chunks(PAGE),),
    "/both": (CHUNKED + b"Content-Encoding: gzip\r\n\r\n" + chunks(gzip.compress(PAGE)),),
    "/folded": (b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\nX: \xff\r\nZ:\r\nContent-Length: 1\r\n\r\nx",),
    "/bare": (b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, Do.CLOSE),
    "/long": (html(b"x", (b"X", b"y" * 65_000)),),
    "/longer": (html(b"x", (b"X", b"y" * 70_000)),),
    "/endless": (CHUNKED + b"\r\n", endless(b"4\r\nabcd\r\n" * 500)),
    "/capped": (html(os.urandom(1000) * 300),),
    "/bomb": (coded(PAGE, b"gzip", gzip.compress(b" " * 9_000_000)),),
    "/short": (answer(PAGE, (b"Content-Type", b"text/html"), length=99_999), Do.CLOSE),
    "/empty": (html(b""),),
    "/204": (b"HTTP/1.1 204 No Content\r\n\r\n",),
    "/304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n",),
    "/404": (answer(b"gone", (b"Content-Type", b"text/plain"), status=404),),
    "/503": (answer(b"", (b"Retry-After", b"99"), status=503),),
    "/402": (answer(b"pay", status=402),),
    "/reset": (Do.RESET,),
    "/nothing": (Do.CLOSE,),
    "/garbage": (b"\x00\x01\x02\r\n\r\n", Do.CLOSE),
    "/moved": (moved("/moved/on"),),
    "/moved/on": (html(PAGE),),
    "/loop": (moved("/loop"),),
}


@pytest.mark.parametrize("depth", ["page", "head"])
async def test_the_broken_web_is_read_again_as_it_was(
    tmp_path: Path, site: Wire, depth: str
) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n"))
    for path, steps in MIX.items():
        site.on(path, *steps)
    seen, file = await recorded(tmp_path, [site.url(path) for path in MIX], depth)
    losses = Losses()
    read = [each.capture for each in captures(file, depth=depth, limits=LIMITS, losses=losses)]
    assert losses.count == 0
    found, sent = (
        {key: Counter(essence(each) for each in many if each.url == key) for key in urls}
        for many, urls in (
            (read, {each.url for each in read}),
            ([each for each, _ in seen], {each.url for each, _ in seen}),
        )
    )
    assert found == sent
    assert {site.url(path) for path in MIX} <= found.keys()
    states = {each.availability for each in read}
    assert states >= {None, "unreachable", "unreadable", "absent"}


@pytest.mark.parametrize("how", [Do.CLOSE, Do.HANG], ids=["closes", "says nothing"])
async def test_a_robots_txt_that_was_unreachable_is_so_and_not_unlooked(
    tmp_path: Path, site: Wire, how: Do
) -> None:
    site.on("/robots.txt", how)
    site.on("/", html(PAGE))
    limits = Limits(timeout=0.5, max_retry_after=0.0)
    _, file = await recorded(tmp_path, [site.url("/")], limits=limits)
    told = [each for each in captures(file) if each.kind == "robots-txt"]
    assert told
    assert {each.capture.availability for each in told} == {"unreachable"}
    assert {each.capture.url for each in told} == {site.url("/robots.txt")}
    page = Capture(site.url("/"), 200, [(b"Content-Type", b"text/html")], PAGE)
    result = sa.assess(page, robots=told[-1].capture)
    assert (
        next(
            each.availability for each in result.coverage if each.source == site.url("/robots.txt")
        )
        == "unreachable"
    )


async def test_requests_are_kept_as_they_were_sent(tmp_path: Path, site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    site.on("/a%20b/%C3%BC?x=%2f&y", html(PAGE))
    _, file = await recorded(tmp_path, [site.url("/a%20b/%C3%BC?x=%2f&y")])
    with file.open("rb") as stream:
        kept = [
            each.reader.read()
            for each in ArchiveIterator(stream, WarcRecordType.request, parse_http=False)
        ]
    assert len(kept) >= 3
    assert Counter(kept) == Counter(site.heads)


async def test_each_attempt_is_kept(tmp_path: Path, site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    site.on("/", answer(b"", (b"Retry-After", b"0"), status=503))
    site.on("/", answer(PAGE, length=9999), Do.CLOSE)
    site.on("/", html(PAGE))
    limits = Limits(timeout=20.0, max_retry_after=1.0)
    _, file = await recorded(tmp_path, [site.url("/")], limits=limits)
    told = [each.capture for each in captures(file) if each.capture.url == site.url("/")]
    assert [(each.status, each.availability) for each in told] == [
        (503, None),
        (200, "unreachable"),
        (200, None),
    ]


async def test_what_a_witness_raises_ends_the_run(site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))

    def full(capture: Capture, role: Role) -> None:
        raise sa.StoreError("no room")

    async with sa.Agent(token="ExampleBot", allow_private=True, witness=full) as agent:
        with pytest.raises(sa.StoreError, match="no room"):
            await agent.assess(site.url("/"))
