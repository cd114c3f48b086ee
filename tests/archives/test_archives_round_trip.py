"""What a server sent, judged from an archive and from the octets themselves."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

import signals_agent as sa
from signals_agent.archives import Kind, captures
from signals_agent.demo.publishers import load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.families import FAMILIES
from signals_agent.plan import wanted_files

# warcio leaves its temporary files to the collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
FILES = ("/robots.txt", *(file.path for file in wanted_files(FAMILIES)))


async def crawled() -> dict[str, bytes]:
    """All that the bundled publishers send, octet for octet, by URL."""
    found: dict[str, bytes] = {}
    async with Servers(load()) as servers:
        for publisher in load():
            origin = servers.origins[publisher.name]
            for path in (*FILES, *publisher.files, *(page.path for page in publisher.pages)):
                reader, writer = await asyncio.open_connection(*origin[7:].split(":"))
                writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                with contextlib.suppress(ConnectionResetError):
                    found[origin + path] = await reader.read()
                writer.close()
    return {url: octets for url, octets in found.items() if octets}


def by_hand(url: str, octets: bytes) -> sa.Capture:
    head, body = octets.split(b"\r\n\r\n", 1)
    status, *lines = head.split(b"\r\n")
    pairs = [tuple(line.split(b": ", 1)) for line in lines]
    return sa.Capture(url, int(status.split()[1]), pairs, body, fetched_at=AT)


def judged(url: str, at: dict[str, sa.Capture]) -> sa.Assessment:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    near = {origin + path: at[origin + path] for path in FILES if origin + path in at}
    robots = near.pop(origin + "/robots.txt", sa.NOT_LOOKED)
    documents = {each: told for each, told in at.items() if each not in near and each != url}
    return sa.assess(
        at[url],
        robots=robots,
        site_files=near,
        documents={each: told for each, told in documents.items() if each.startswith(origin)},
        policy=sa.Policy.parse(policy_text(), "demo"),
        now=AT,
    )


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_the_archive_comes_to_what_the_octets_come_to(
    name: str, warcio_file: Callable[..., Path]
) -> None:
    sent = asyncio.run(crawled())
    told = {each.capture.url: each for each in captures(warcio_file(sent, name))}
    assert set(told) == set(sent)
    from_archive = {url: each.capture for url, each in told.items()}
    from_octets = {url: by_hand(url, octets) for url, octets in sent.items()}
    assets = [url for url, each in told.items() if each.kind is Kind.ASSET]
    assert len(assets) >= 20
    answers = set()
    for url in assets:
        result = judged(url, from_archive)
        assert result == judged(url, from_octets)
        answers |= {str(answer.preference) for answer in result.uses.values()}
    assert answers >= {"allow", "disallow", "conditional"}


def test_robots_and_site_files_are_told_apart(warcio_file: Callable[..., Path]) -> None:
    octets = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\n"
    kinds = {
        "https://a.example/robots.txt": "robots-txt",
        "http://a.example:8080/robots.txt": "robots-txt",
        "https://a.example/robots.txt?x=1": "asset",
        "https://a.example/x/robots.txt": "asset",
        "https://a.example/.well-known/tdmrep.json": "site-file",
        "https://a.example/": "asset",
    }
    read = captures(warcio_file(dict.fromkeys(kinds, octets)))
    assert {each.capture.url: each.kind for each in read} == kinds
