"""One run of the demo, shared by the tests that look at what it found."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

import signals_agent as sa
from signals_agent.demo import run
from signals_agent.demo.publishers import Publisher, load, policy_text
from signals_agent.families import FAMILIES
from signals_agent.plan import wanted_files

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PUBLISHERS = {publisher.name: publisher for publisher in load()}


@pytest.fixture(scope="module")
def demo() -> run.Demo:
    """What the demo found, through HTTP on loopback."""
    return asyncio.run(run.run())


@pytest.fixture
def offline() -> Callable[[str, str], sa.Assessment]:
    """Assesses a bundled page from the octets that its server would send, without a server."""

    def capture(publisher: Publisher, path: str) -> sa.Capture:
        sent = publisher.respond(path)
        return sa.Capture(publisher.origin + path, sent.status, sent.headers, sent.body)

    def call(name: str, path: str) -> sa.Assessment:
        publisher = PUBLISHERS[name]
        hops = []
        asset = capture(publisher, path)
        while location := asset.field_lines(b"location"):
            hops.append(asset)
            parts = urlsplit(location[0].decode())
            publisher = next(each for each in PUBLISHERS.values() if each.host == parts.netloc)
            asset = capture(publisher, parts.path)
        chain = {publisher.origin: publisher, PUBLISHERS[name].origin: PUBLISHERS[name]}
        wanted: dict[str, sa.Capture] = {}
        for _ in range(2):
            result = assess(asset, hops, publisher, chain, wanted)
            looked = {each.source for each in result.coverage if each.availability == "not-looked"}
            for each in chain.values():
                paths = (path for path in each.files if each.origin + path in looked)
                wanted |= {each.origin + path: capture(each, path) for path in paths}
        return result

    def assess(
        asset: sa.Capture,
        hops: list[sa.Capture],
        publisher: Publisher,
        chain: dict[str, Publisher],
        documents: dict[str, sa.Capture],
    ) -> sa.Assessment:
        return sa.assess(
            asset,
            hops=hops,
            robots={origin: capture(each, "/robots.txt") for origin, each in chain.items()},
            site_files={
                publisher.origin + file.path: capture(publisher, file.path)
                for file in wanted_files(FAMILIES)
            },
            documents=documents,
            token=run.NAME,
            policy=sa.Policy.parse(policy_text(), "demo"),
            now=NOW,
        )

    return call
