"""A real Scrapy crawl of the bundled publishers, and what their servers were asked for."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import ASYNCIO, CLASSIC, Crawled, crawl

from signals_agent.demo.publishers import Page, Publisher, load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.model.verdict import ReasonCode

PUBLISHERS = load()
PAGES = {
    f"{publisher.name}{page.path}": (publisher, page)
    for publisher in PUBLISHERS
    for page in publisher.pages
}


@dataclass(frozen=True)
class Ran:
    """A crawl of every page, named as the publishers are."""

    crawled: Crawled
    items: dict[str, dict[str, Any]]
    why: dict[str, str]
    asked: Counter[str]


async def whole(folder: Path, **settings: object) -> Ran:
    """Crawl all pages of all publishers."""
    async with Servers(PUBLISHERS) as servers:
        policy = folder / "policy.toml"
        policy.write_text(servers.placed(policy_text()))
        (folder / "contracts").mkdir()
        (folder / "contracts" / "harbour-times.pdf").write_bytes(b"%PDF-1.4 signed")
        urls = {
            servers.origins[publisher.name] + page.path: name
            for name, (publisher, page) in PAGES.items()
        }
        crawled = await crawl(folder, urls, {"SIGNALS_AGENT_POLICY": str(policy), **settings})
        asked = Counter(name + target for name, target in servers.requests)
    return Ran(
        crawled,
        {urls[item["asked"]]: item for item in crawled.items},
        {urls[url]: text for url, _, text in crawled.failed if url in urls},
        asked,
    )


@pytest.fixture(
    scope="module", params=[ASYNCIO, CLASSIC], ids=["the asyncio reactor", "the classic reactor"]
)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("crawl")
    ran = asyncio.run(whole(folder, TWISTED_REACTOR=request.param, LOG_LEVEL="DEBUG"))
    assert ("asyncio event loop" in ran.crawled.log) is (request.param == ASYNCIO)
    return ran


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("observed")
    return asyncio.run(whole(folder, SIGNALS_AGENT_OBSERVE=True))


def decided(decision: str) -> dict[str, tuple[Publisher, Page]]:
    return {name: pair for name, pair in PAGES.items() if pair[1].decision == decision}


def test_callbacks_see_what_the_policy_ingests_and_nothing_else(ran: Ran) -> None:
    assert set(ran.items) == set(decided("ingest"))
    assert {item["signals_agent"]["decision"] for item in ran.items.values()} == {"ingest"}


def test_every_page_is_counted_once_under_its_decision(ran: Ran) -> None:
    for decision in ("ingest", "hold", "skip"):
        assert ran.crawled.stat(decision) == len(decided(decision))


def test_the_errback_hears_the_decision_and_its_reasons(ran: Ran) -> None:
    for decision in ("hold", "skip"):
        for name, (_, page) in decided(decision).items():
            if name in ("loose-wire/schedule", "tern-museum/media/thimble.png"):
                continue  # the one is Scrapy's own failure, the other told under its target
            said = ran.why[name]
            assert said.startswith(f"signals_agent: {decision}: ")
            # Those of uses that would do better are left out.
            codes = {code for code in ReasonCode if f"{code}: " in said}
            assert codes
            assert not page.reasons or codes <= set(page.reasons)


NOT_200 = {
    "tollgate-almanac/days/midsummer",
    "tollgate-almanac/maps/salt-road",
    "loose-wire/episodes/13",
}
"""What is passed on to Scrapy, which itself keeps errors from a callback."""

REFUSED = {"harbour-times/subscribers/crossword", "cold-kettle/"}


def test_what_is_refused_before_the_fetch_is_never_asked_for(ran: Ran) -> None:
    assert {name for name in PAGES if not ran.asked[name]} == REFUSED


def test_a_robots_txt_that_fails_holds_and_nothing_else_is_asked_for_there(ran: Ran) -> None:
    assert {name for name in ran.asked if name.startswith("cold-kettle")} == {
        "cold-kettle/robots.txt"
    }
    assert "access-undetermined: " in ran.why["cold-kettle/"]


def test_robots_txt_site_files_and_documents_are_asked_for_once(ran: Ran) -> None:
    side = {name: times for name, times in ran.asked.items() if name not in PAGES}
    assert set(side.values()) == {1}
    assert {name for name in side if name.endswith("/robots.txt")} == {
        f"{publisher.name}/robots.txt" for publisher in PUBLISHERS
    }
    rest = {name.partition("/")[2] for name in side} - {"robots.txt", ".well-known/tdmrep.json"}
    assert rest == {"license.xml", "tdm-policy.json", "policies/mining.json"}
    assert ran.crawled.stat("asked/licence-document") == 1
    assert ran.crawled.stat("asked/policy-document") == 2
    assert ran.crawled.stat("asked/robots-txt") == 0


def test_a_redirect_to_another_origin_does_not_launder(ran: Ran) -> None:
    assert "tern-museum/media/thimble.png" not in ran.items
    assert "tern-cdn/objects/thimble.png" in ran.items
    assert ran.asked["tern-cdn/objects/thimble.png"] == 2
    assert "disallow: train-generative" in ran.why["tern-cdn/objects/thimble.png"]


def test_a_page_that_refuses_in_its_own_header_is_fetched_and_not_passed_on(ran: Ran) -> None:
    assert ran.asked["copper-pot/soup/leek"] == 1
    assert ran.why["copper-pot/soup/leek"].startswith("signals_agent: skip: disallow")


@pytest.mark.parametrize("name", decided("ingest"))
def test_items_carry_what_is_owed_and_the_credit_line(ran: Ran, name: str) -> None:
    carried = ran.items[name]["signals_agent"]
    _, page = PAGES[name]
    expected = {kind for answer in page.uses.values() for kind in answer.obligations}
    assert {each["kind"] for each in carried["obligations"] if each["binding"]} == expected
    assert carried["credit"]
    assert carried["url"] in carried["credit"]
    assert carried["verdict"]["policy"]["name"] == "a small laboratory"


def test_stats_have_reasons_and_rules(ran: Ran) -> None:
    assert ran.crawled.stat("reason/access-refused") == 1
    assert ran.crawled.stat("rule/R27-row-1") == 1
    assert ran.crawled.stat("reason/access-undetermined") == 1
    assert ran.crawled.stat("reason/asset-unreachable") == 1
    assert "What enforcement came to, for" in ran.crawled.log


def test_observing_drops_only_what_scrapy_itself_would_drop(observed: Ran) -> None:
    forbidden = {"harbour-times/subscribers/crossword"}
    no_answer = {"loose-wire/schedule"}
    assert set(PAGES) - set(observed.items) == forbidden | no_answer | NOT_200
    for name, item in observed.items.items():
        # What Scrapy takes a failed robots.txt for, it may fetch; that stays a hold.
        assert item["signals_agent"]["decision"] == PAGES[name][1].decision


def test_observing_says_of_what_is_passed_on_that_it_would_be_dropped(observed: Ran) -> None:
    log = observed.crawled.log
    assert "INFO: observe: every asset is judged and told of, and none is dropped" in log
    would = r"INFO: would (hold|skip) \S+, passed on under observe: [a-z-]+: "
    forbidden = {"harbour-times/subscribers/crossword"}
    passed = [name for name in observed.items if PAGES[name][1].decision != "ingest"]
    assert len(re.findall(would, log)) == len(passed) + len(NOT_200)
    # What was never asked for, or does not come, is not told as passed on.
    assert re.findall(r"INFO: (?:hold|skip) http://[^/]+(\S+): access-refused", log) == [
        "/" + name.partition("/")[2] for name in forbidden
    ]


def test_observing_prints_what_enforcement_would_have_cost(observed: Ran) -> None:
    text = observed.crawled.log
    beginning = text.index("What enforcement would have cost")
    for decision in ("ingest", "hold", "skip"):
        count = len(decided(decision))
        row = rf"^  {decision}\s+{count}\s+{100 * count / len(PAGES):.1f} %"
        assert re.search(row, text[beginning:], re.MULTILINE)
    assert re.search(r"skip: access-refused\s+1\b", text[beginning:])
    assert re.search(r"skip: R27 row 1\b.*\s1\s", text[beginning:])
