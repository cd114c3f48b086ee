"""Real Scrapy crawls of single sites: what is asked for, what is passed on, and why."""

import gzip
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from wire import Do, Wire, answer, html, moved, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import ASYNCIO, CLASSIC, crawl

POLICY = {"uses": ["train-generative"]}
SETTINGS = {"SIGNALS_AGENT_POLICY": POLICY}
ALLOWED = text(b"User-agent: *\nAllow: /\nDisallow: /closed\n")
NO = (b"Content-Usage", b"train-ai=n")
PAGE = html(b"<title>A page</title><p>Words.")
FREE = (
    b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
    b'<permits type="usage">all</permits></license></content></rsl>'
)


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        wire.on("/robots.txt", ALLOWED)
        yield wire


@pytest.fixture
async def other() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.mark.parametrize("reactor", [ASYNCIO, CLASSIC], ids=["asyncio", "classic"])
async def test_of_many_requests_at_once_none_that_robots_refuses_is_made(
    site: Wire, tmp_path: Path, reactor: str | None
) -> None:
    refused = [site.url(f"/closed/{n}") for n in range(6)]
    urls = [*refused[:3], site.url("/open"), *refused[3:]]
    site.on("/open", PAGE)
    crawled = await crawl(tmp_path, urls, {**SETTINGS, "TWISTED_REACTOR": reactor})
    assert sorted(site.asked) == ["/.well-known/tdmrep.json", "/open", "/robots.txt"]
    assert crawled.asked() == {site.url("/open")}
    assert crawled.stat("reason/access-refused") == 6
    assert {crawled.why(url) for url in refused} == {
        "signals_agent: skip: access-refused: robots.txt refuses access (Disallow: /closed)"
    }


async def test_observing_makes_none_that_robots_refuses_either(site: Wire, tmp_path: Path) -> None:
    urls = [site.url(f"/closed/{n}") for n in range(6)]
    await crawl(tmp_path, urls, {**SETTINGS, "SIGNALS_AGENT_OBSERVE": True})
    assert not [target for target in site.asked if target.startswith("/closed")]


FAILURES = {
    "a server error": answer(b"", status=503),
    "too many requests": answer(b"", status=429),
    "a reset": Do.RESET,
    "a challenge page": html(b"<title>Just a moment...</title>", (b"cf-mitigated", b"challenge")),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_a_robots_txt_that_could_not_be_looked_at_holds_every_page(
    other: Wire, tmp_path: Path, failure: bytes | Do
) -> None:
    other.on("/robots.txt", failure)
    other.on("/page", PAGE)
    urls = [other.url("/page"), other.url("/page?2"), other.url("/page?3")]
    crawled = await crawl(tmp_path, urls, {**SETTINGS, "SIGNALS_AGENT_HOLD": "pass"})
    assert other.asked == ["/robots.txt"]
    assert crawled.items == ()
    assert crawled.stat("reason/access-undetermined") == crawled.stat("hold") == 3


NO_RULES = {
    "that is not there": answer(b"", status=404),
    "that is forbidden": answer(b"", status=403),
    "that is a web page": html(b"<html>User-agent: *\nDisallow: /"),
    "whose error page looks like rules": answer(b"User-agent: *\nDisallow: /\n", status=404),
}


@pytest.mark.parametrize("robots", NO_RULES.values(), ids=NO_RULES)
async def test_a_robots_txt_without_rules_lets_everyone_in(
    other: Wire, tmp_path: Path, robots: bytes
) -> None:
    other.on("/robots.txt", robots)
    other.on("/page", PAGE)
    crawled = await crawl(tmp_path, [other.url("/page")], SETTINGS)
    assert crawled.asked() == {other.url("/page")}


async def test_a_robots_txt_that_redirects_without_end_has_no_rules(
    other: Wire, tmp_path: Path
) -> None:
    other.on("/robots.txt", moved("/1"))
    for n in range(1, 8):
        other.on(f"/{n}", moved(f"/{n + 1}"))
    other.on("/page", PAGE)
    crawled = await crawl(tmp_path, [other.url("/page")], SETTINGS)
    assert crawled.asked() == {other.url("/page")}
    assert other.times("/5") == 1
    assert other.times("/6") == 0


async def test_a_robots_txt_behind_a_redirect_speaks_for_who_was_asked(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    other.on("/robots.txt", moved(site.url("/robots.txt")))
    other.on("/closed/page", PAGE)
    crawled = await crawl(tmp_path, [other.url("/closed/page")], SETTINGS)
    assert crawled.stat("reason/access-refused") == 1
    assert other.asked == ["/robots.txt"]


async def test_responses_are_judged_by_all_that_came_with_them(site: Wire, tmp_path: Path) -> None:
    meta = b'<meta name="robots" content="noai"><title>T</title>'
    site.on("/header", html(b"<p>x", NO))
    site.on("/second", html(b"<p>x", (b"Content-Usage", b"search=y"), NO))
    coded = (b"Content-Encoding", b"gzip")
    site.on("/meta", html(gzip.compress(meta, mtime=0), coded))
    site.on("/plain", html(gzip.compress(b"<title>T</title>", mtime=0), coded))
    site.on("/gone", answer(b"Gone.", status=404))
    site.on("/wall", answer(b"Pay.", status=402))
    site.on("/gate", html(b"<title>Just a moment...</title>", (b"cf-mitigated", b"challenge")))
    paths = ("/header", "/second", "/meta", "/plain", "/gone", "/wall", "/gate")
    urls = [(site.url(path), {"handle_httpstatus_all": True}) for path in paths]
    crawled = await crawl(tmp_path, urls, SETTINGS)
    assert crawled.asked() == {site.url("/plain")}
    for path in ("/header", "/second", "/meta"):
        assert crawled.why(site.url(path)).startswith("signals_agent: skip: disallow: ")
    assert crawled.why(site.url("/gone")).startswith("signals_agent: skip: no-asset: ")
    assert crawled.why(site.url("/wall")).startswith("signals_agent: hold: access-terms: ")
    assert crawled.why(site.url("/gate")).startswith("signals_agent: hold: asset-unreachable: ")


async def test_a_page_that_broke_off_is_held(site: Wire, tmp_path: Path) -> None:
    cut = html(b"<title>T").replace(b"Content-Length: 8", b"Content-Length: 800")
    site.on("/cut", cut, Do.CLOSE)
    settings = {**SETTINGS, "DOWNLOAD_FAIL_ON_DATALOSS": False}
    crawled = await crawl(tmp_path, [site.url("/cut")], settings)
    assert crawled.items == ()
    assert crawled.stat("reason/unreadable") == 1


async def test_a_redirect_does_not_launder_what_its_first_origin_says(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    other.on("/robots.txt", text(b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n"))
    other.on("/away", moved("/further"))
    other.on("/further", moved(site.url("/page")))
    site.on("/page", PAGE)
    urls = [other.url("/away"), site.url("/page?direct")]
    site.on("/page?direct", PAGE)
    # The use that is refused is one of two, so that only the worst of both skips.
    policy = {"uses": ["train-generative", "search"]}
    crawled = await crawl(tmp_path, urls, {"SIGNALS_AGENT_POLICY": policy})
    assert crawled.asked() == {site.url("/page?direct")}
    assert crawled.why(site.url("/page")).startswith("signals_agent: skip: disallow: train-gen")
    assert other.times("/robots.txt") == site.times("/robots.txt") == 1


async def test_where_a_redirect_leads_robots_is_asked_too(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    other.on("/away", moved(site.url("/closed/page")))
    crawled = await crawl(tmp_path, [other.url("/away")], SETTINGS)
    assert "/closed/page" not in site.asked
    assert crawled.stat("reason/access-refused") == 1


COPIES = """
    def parse(self, response):
        if response.url.endswith("/page"):
            yield response.follow("/linked", meta=response.meta, errback=self.failed)
        else:
            yield {"asked": response.url, "decision": response.meta["signals_agent"].decision}
"""


async def test_a_request_to_which_a_spider_copied_meta_is_no_redirect(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    other.on("/robots.txt", text(b"User-agent: *\nContent-Usage: /linked train-ai=n\nAllow: /\n"))
    other.on("/away", moved(site.url("/page")))
    site.on("/page", PAGE)
    site.on("/linked", PAGE)
    # On disk too: what stands in meta can be written down.
    settings = {**SETTINGS, "JOBDIR": str(tmp_path / "job")}
    crawled = await crawl(tmp_path, [other.url("/away")], settings, more=COPIES)
    assert crawled.asked() == {site.url("/linked")}
    assert "Unable to serialize request" not in crawled.log
    assert crawled.stats["scheduler/dequeued/disk"] >= 1


async def test_without_scrapys_own_robots_the_middleware_asks_once(
    site: Wire, tmp_path: Path
) -> None:
    site.on("/page", PAGE)
    urls = [site.url("/page"), site.url("/closed/1"), site.url("/closed/2")]
    settings = {
        **SETTINGS,
        "ADDONS": {},
        "DOWNLOADER_MIDDLEWARES": {
            "signals_agent.integrations.scrapy.DownloaderMiddleware": 150,
        },
        "ROBOTSTXT_OBEY": False,
    }
    crawled = await crawl(tmp_path, urls, settings)
    assert sorted(site.asked) == ["/.well-known/tdmrep.json", "/page", "/robots.txt"]
    assert crawled.stat("asked/robots-txt") == 1
    assert crawled.stat("skip") == 2


async def test_a_request_that_may_ignore_robots_is_asked_about_all_the_same(
    site: Wire, tmp_path: Path
) -> None:
    urls = [(site.url("/closed/1"), {"dont_obey_robotstxt": True})]
    crawled = await crawl(tmp_path, urls, SETTINGS)
    assert site.asked == ["/robots.txt"]
    assert crawled.stat("reason/access-refused") == 1


@pytest.mark.parametrize(
    ("sources", "files"),
    [
        ("none", set()),
        ("default", {"/.well-known/tdmrep.json"}),
        ("extended", {"/.well-known/tdmrep.json", "/ai.txt", "/trust.txt"}),
    ],
    ids=["no site files", "the default ones", "the extended ones"],
)
async def test_settings_say_which_site_files_are_asked_for(
    site: Wire, tmp_path: Path, sources: str, files: set[str]
) -> None:
    site.on("/page", PAGE)
    settings = {**SETTINGS, "SIGNALS_AGENT_SITE_FILES": sources}
    crawled = await crawl(tmp_path, [site.url("/page"), site.url("/page?2")], settings)
    side = [target for target in site.asked if target not in ("/page", "/page?2", "/robots.txt")]
    assert files <= set(side)
    assert len(side) == len(set(side))
    assert bool(side) is bool(files)
    assert crawled.asked() >= {site.url("/page")}


@pytest.mark.parametrize("asked", [True, False], ids=["asked for", "left out"])
async def test_a_required_document_that_is_left_out_holds(
    other: Wire, tmp_path: Path, asked: bool
) -> None:
    other.on("/robots.txt", text(b"License: /license.xml\nUser-agent: *\nAllow: /\n"))
    other.on("/license.xml", answer(FREE, (b"Content-Type", b"application/rsl+xml")))
    urls = [other.url(f"/{n}") for n in range(4)]
    for n in range(4):
        other.on(f"/{n}", PAGE)
    settings = {**SETTINGS, "SIGNALS_AGENT_DOCUMENTS": asked}
    crawled = await crawl(tmp_path, urls, settings)
    assert other.times("/license.xml") == int(asked)
    assert crawled.stat("ingest") == (4 if asked else 0)
    assert crawled.stat("reason/undetermined") == (0 if asked else 4)


async def test_a_document_elsewhere_is_asked_for_where_robots_there_lets_us(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    named = site.url("/closed/license.xml")
    robots = f"License: {named}\nUser-agent: *\nAllow: /\n"
    other.on("/robots.txt", text(robots.encode()))
    other.on("/page", PAGE)
    offsite = "\n    allowed_domains = ['127.0.0.1']\n"
    crawled = await crawl(tmp_path, [other.url("/page")], SETTINGS, more=offsite)
    assert site.asked == ["/robots.txt"]
    assert crawled.stat("hold") == 1


async def test_what_is_held_can_be_passed_on_marked(site: Wire, tmp_path: Path) -> None:
    site.on("/credit", html(b"<p>x", (b"Content-Usage", b"train-ai=n;exceptions=cc-cr")))
    settings = {**SETTINGS, "SIGNALS_AGENT_HOLD": "pass"}
    crawled = await crawl(tmp_path, [site.url("/credit")], settings)
    (item,) = crawled.items
    assert item["signals_agent"]["decision"] == "hold"
    assert {each["kind"] for each in item["signals_agent"]["obligations"]} >= {"credit"}
    assert item["signals_agent"]["verdict"]["unmet"]


BROWSER = """
class Browser:
    def process_request(self, request, spider=None):
        if "browser" in request.meta:
            at = request.meta["browser"]
            return scrapy.http.HtmlResponse(at, body=b"<p>x", headers={"Content-Type": "text/html"})
"""


async def test_what_a_browser_brought_from_elsewhere_is_judged_by_both_places(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    # A browser in Scrapy's place follows redirects by itself, and tells where they led.
    other.on("/robots.txt", text(b"User-agent: *\nDisallow: /closed\n"))
    first, second, third = (site.url(f"/page?{n}") for n in range(3))
    asked = [
        (first, {"browser": other.url("/closed")}),
        (second, {"browser": other.url("/open")}),
        (third, {"browser": "about:blank"}),
    ]
    settings = {**SETTINGS, "DOWNLOADER_MIDDLEWARES": {"spider.Browser": 800}}
    crawled = await crawl(tmp_path, asked, settings, imports=BROWSER)
    assert crawled.asked() == {other.url("/open")}
    assert "access-refused" in crawled.why(first)
    assert "IgnoreRequest" in {kind for at, kind, _ in crawled.failed if at == third}
    (item,) = crawled.items
    assert item["signals_agent"]["url"] == other.url("/open")


async def test_a_page_without_content_is_no_asset(site: Wire, tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.on("/empty", head + b"0\r\n\r\n")
    crawled = await crawl(tmp_path, [site.url("/empty")], SETTINGS)
    assert crawled.items == ()
    assert "no-asset" in crawled.why(site.url("/empty"))


async def test_every_answer_is_written_into_the_ledger(site: Wire, tmp_path: Path) -> None:
    store = pytest.importorskip("signals_agent.store")
    site.on("/page", PAGE)
    site.on("/no", html(b"<p>x", NO))
    path = tmp_path / "run.db"
    urls = [site.url("/page"), site.url("/no"), site.url("/closed/1")]
    await crawl(tmp_path, urls, {**SETTINGS, "SIGNALS_AGENT_LEDGER": str(path)})
    with store.Ledger(path, read_only=True) as ledger:
        kept = {entry.url: entry.decision for entry in ledger}
    assert kept == {urls[0]: "ingest", urls[1]: "skip", urls[2]: "skip"}


SLOW = """
    def parse(self, response):
        slot = self.crawler.engine.downloader.slots["127.0.0.1"]
        yield {"asked": response.url, "delay": slot.delay}
"""


async def test_the_crawl_delay_that_is_asked_of_us_is_kept(other: Wire, tmp_path: Path) -> None:
    other.on("/robots.txt", text(b"User-agent: ExampleBot\nCrawl-delay: 0.05\nAllow: /\n"))
    other.on("/page", PAGE)
    crawled = await crawl(tmp_path, [other.url("/page")], SETTINGS, more=SLOW)
    assert [item["delay"] for item in crawled.items] == [0.05]


ITEMS = """
    def parse(self, response):
        yield Bare(title="x")
"""
BARE = """
class Bare(scrapy.Item):
    title = scrapy.Field()
"""


async def test_items_without_the_field_are_told_of(site: Wire, tmp_path: Path) -> None:
    site.on("/page", PAGE)
    crawled = await crawl(tmp_path, [site.url("/page")], SETTINGS, more=ITEMS, imports=BARE)
    assert crawled.items == ({"title": "x"},)
    assert "Bare has no field 'signals_agent'" in crawled.log
    assert crawled.stat("items/unmarked") == 1


async def test_the_field_of_items_can_be_named(site: Wire, tmp_path: Path) -> None:
    site.on("/page", PAGE)
    settings = {**SETTINGS, "SIGNALS_AGENT_ITEM_FIELD": "owed"}
    crawled = await crawl(tmp_path, [site.url("/page")], settings)
    (item,) = crawled.items
    assert item["owed"]["decision"] == "ingest"


async def test_switched_off_it_does_nothing(site: Wire, tmp_path: Path) -> None:
    site.on("/no", html(b"<p>x", NO))
    settings = {**SETTINGS, "SIGNALS_AGENT_ENABLED": False}
    crawled = await crawl(tmp_path, [site.url("/no")], settings)
    (item,) = crawled.items
    assert "signals_agent" not in item
    assert site.asked == ["/robots.txt", "/no"]


async def test_out_of_scrapys_cache_all_is_judged_as_before(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    other.on("/robots.txt", text(b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n"))
    other.on("/away", moved(site.url("/page")))
    site.on("/page", PAGE)
    site.on("/free", PAGE)
    urls = [other.url("/away"), site.url("/free")]
    settings = {
        "SIGNALS_AGENT_POLICY": {"uses": ["train-generative", "search"]},
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": str(tmp_path / "cache"),
    }
    first = await crawl(tmp_path, urls, settings)
    asked = len(site.asked), len(other.asked)
    again = await crawl(tmp_path, urls, settings)
    assert (len(site.asked), len(other.asked)) == asked
    assert again.stats["httpcache/hit"] >= 5
    assert again.asked() == first.asked() == {site.url("/free")}
    assert again.stat("skip") == first.stat("skip") == 1


async def test_robots_txt_itself_and_what_is_no_web_page_are_not_judged(
    site: Wire, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    file.write_text("one")
    urls = [site.url("/robots.txt"), file.as_uri(), "data:text/plain,two"]
    crawled = await crawl(tmp_path, urls, SETTINGS)
    assert len(crawled.items) == 3
    assert not any("signals_agent" in item for item in crawled.items)


def test_without_scrapy_one_sentence_says_what_to_install() -> None:
    code = (
        "import sys\nsys.modules['scrapy'] = None\n"
        "import signals_agent as sa\n"
        "try:\n    import signals_agent.integrations.scrapy\n"
        "except sa.MissingExtra as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "signals_agent.integrations.scrapy needs Scrapy: pip install 'signals-agent[scrapy]'\n"
    )
