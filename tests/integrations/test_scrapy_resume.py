"""A crawl of the bundled publishers that is killed in the middle, and started once more."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from wire import Wire, html, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import Crawled, killed, run, write

from signals_agent.demo.publishers import Page, Publisher, load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.gate import NOT_FOUND_OUT
from signals_agent.integrations.tally import reasons_of
from signals_agent.store import Ledger, verify

PUBLISHERS = load()
PAGES: dict[str, tuple[Publisher, Page]] = {
    f"{publisher.name}{page.path}": (publisher, page)
    for publisher in PUBLISHERS
    for page in publisher.pages
}
TOGETHER = 3
"""Requests under way at the same time."""

REFUSED = {"harbour-times/subscribers/crossword", "cold-kettle/"}
"""Pages that robots.txt refuses, or may refuse: it could not be looked at."""

CACHE = {
    "SIGNALS_AGENT_RESUME": True,
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_IGNORE_HTTP_CODES": [429, 500, 502, 503, 504],
    "CONCURRENT_REQUESTS": TOGETHER,
}


@dataclass(frozen=True)
class Written:
    """What a ledger holds, by the pages' names."""

    decisions: Mapping[str, str | None]
    times: Counter[str]
    not_found_out: frozenset[str]
    findings: int

    @classmethod
    def of(cls, path: Path, names: Mapping[str, str]) -> "Written":
        with Ledger(path, read_only=True) as ledger:
            entries = list(ledger)
            findings = sum(1 for _ in verify(ledger))
        return cls(
            {names[entry.url]: entry.decision for entry in entries},
            Counter(names[entry.url] for entry in entries),
            frozenset(
                names[entry.url]
                for entry in entries
                if {reason.code for reason in reasons_of(entry.assessment)} & NOT_FOUND_OUT
            ),
            findings,
        )


@dataclass(frozen=True)
class Ran:
    """A crawl that ended by itself, after starts that were killed."""

    crawled: Crawled
    items: Counter[str]
    written: Written
    at_kill: tuple[Written, ...]
    asked: tuple[Counter[str], ...]
    """What the servers were asked for, start by start."""


async def crawl(folder: Path, kill_at: tuple[int, ...] = ()) -> Ran:
    """Crawl every page; ``kill_at`` says at how many entries it is killed, start by start."""
    ledger = folder / "crawl.ledger"
    at_kill: list[Written] = []
    asked: list[Counter[str]] = []
    async with Servers(PUBLISHERS) as servers:
        (folder / "policy.toml").write_text(servers.placed(policy_text()))
        (folder / "contracts").mkdir()
        (folder / "contracts" / "harbour-times.pdf").write_bytes(b"%PDF-1.4 signed")
        names = {
            servers.origins[publisher.name] + page.path: name
            for name, (publisher, page) in PAGES.items()
        }

        def log() -> Counter[str]:
            found = Counter(name + target for name, target in servers.requests)
            servers.requests.clear()
            return found

        settings = {
            **CACHE,
            "SIGNALS_AGENT_POLICY": str(folder / "policy.toml"),
            "SIGNALS_AGENT_LEDGER": str(ledger),
            "HTTPCACHE_DIR": str(folder / "cache"),
        }
        write(folder, names, settings)
        for entries in kill_at:
            await killed(folder, ledger, entries)
            at_kill.append(Written.of(ledger, names))
            asked.append(log())
        crawled = await run(folder, "spider.py")
        asked.append(log())
    items = Counter(names[item["asked"]] for item in crawled.items)
    return Ran(crawled, items, Written.of(ledger, names), tuple(at_kill), tuple(asked))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return asyncio.run(crawl(tmp_path_factory.mktemp("whole")))


@pytest.fixture(
    scope="module",
    params=[(1,), (len(PAGES) // 3,), (2 * len(PAGES) // 3,), (5, 15)],
    ids=["at the first entry", "after a third", "after two thirds", "twice"],
)
def resumed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    ran = asyncio.run(crawl(tmp_path_factory.mktemp("killed"), request.param))
    assert all(0 < sum(each.times.values()) < len(PAGES) for each in ran.at_kill)
    return ran


def test_the_ledger_says_what_it_would_have_said(whole: Ran, resumed: Ran) -> None:
    assert resumed.written.decisions == whole.written.decisions
    assert set(resumed.written.decisions) == set(PAGES)


def test_no_url_stands_twice_in_the_ledger(whole: Ran, resumed: Ran) -> None:
    assert set(whole.written.times.values()) == {1}
    assert set(resumed.written.times.values()) == {1}


def test_each_item_is_there_once(whole: Ran, resumed: Ran) -> None:
    ingested = {name for name, says in resumed.written.decisions.items() if says == "ingest"}
    assert resumed.items == whole.items == Counter(ingested)


def test_the_ledger_verifies_after_each_kill_and_at_the_end(resumed: Ran) -> None:
    assert [each.findings for each in (*resumed.at_kill, resumed.written)] == [
        0 for _ in resumed.asked
    ]


def test_nothing_that_is_refused_is_requested_in_any_start(whole: Ran, resumed: Ran) -> None:
    assert {name for name in PAGES if not whole.asked[0][name]} == REFUSED
    for asked in resumed.asked:
        assert not [name for name in REFUSED if asked[name]]


def test_no_page_is_requested_again_but_those_under_way_at_the_kill(resumed: Ran) -> None:
    total = sum(resumed.asked, Counter[str]())
    again = {
        name: total[name] - 1
        for name in PAGES
        if total[name] > 1 and name not in resumed.written.not_found_out
    }
    assert sum(again.values()) <= TOGETHER * len(resumed.at_kill)
    for before, asked in zip(resumed.at_kill, resumed.asked[1:], strict=True):
        answered = set(before.times) - before.not_found_out
        assert not [name for name in answered if asked[name]]


def test_what_was_dropped_is_answered_from_the_ledger(resumed: Ran) -> None:
    last = resumed.at_kill[-1]
    dropped = {name for name, says in last.decisions.items() if says != "ingest"}
    assert resumed.crawled.stat("resumed") == len(dropped - last.not_found_out)


def test_the_end_tells_of_all_pages_as_if_nothing_had_happened(whole: Ran, resumed: Ran) -> None:
    for decision in ("ingest", "hold", "skip"):
        assert resumed.crawled.stat(decision) == whole.crawled.stat(decision)


TREE = """
    def parse(self, response):
        yield {"asked": response.url}
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link, errback=self.failed)
"""
DEPTH = 5


def branches(site: Wire) -> dict[str, str]:
    """Pages that link to two more each; some refuse, and behind these nothing is found."""
    site.on("/robots.txt", text(b"User-agent: *\nAllow: /\nDisallow: /0/1/1\n"))
    names = {}
    for number in range(2 ** (DEPTH + 1) - 1):
        path = "/" + "/".join(f"{number + 1:b}"[1:])
        names[site.url(path)] = path
        links = b"".join(b'<a href="%s/%d">x</a>' % (path.rstrip("/").encode(), n) for n in (0, 1))
        no = [(b"Content-Usage", b"train-ai=n")] if path.endswith("1/0/1") else []
        site.on(path, html(b"<title>T</title>" + (links if len(path) < 2 * DEPTH else b""), *no))
    return names


@pytest.mark.parametrize("entries", [1, 12, 24], ids=["early", "later", "late"])
async def test_the_pages_behind_links_are_found_again(tmp_path: Path, entries: int) -> None:
    settings = {**CACHE, "SIGNALS_AGENT_POLICY": {"uses": ["train-generative"]}}
    runs = []
    for folder, kill_at in ((tmp_path / "whole", 0), (tmp_path / "killed", entries)):
        folder.mkdir()
        ledger = folder / "crawl.ledger"
        mine = {"SIGNALS_AGENT_LEDGER": str(ledger), "HTTPCACHE_DIR": str(folder / "cache")}
        async with Wire() as site:
            names = branches(site)
            write(folder, [site.url("/")], {**settings, **mine}, more=TREE)
            if kill_at:
                await killed(folder, ledger, kill_at)
            crawled = await run(folder, "spider.py")
            items = Counter(names[item["asked"]] for item in crawled.items)
            asked = Counter(path for path in site.asked if path in names.values())
        runs.append((items, Written.of(ledger, names), asked))
    (items, written, asked), (items_again, written_again, asked_again) = runs
    assert items_again == items
    assert set(items.values()) == {1}
    assert written_again.decisions == written.decisions
    assert set(written_again.times.values()) == {1}
    assert set(asked_again) == set(asked)
    assert (asked_again - asked).total() <= TOGETHER
