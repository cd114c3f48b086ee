"""What comes out of Scrapy's HTTP cache: how old it is, whether it is whole, what a 304 changed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from wire import Do, Wire, answer, html, moved, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy.utils.request import RequestFingerprinter
from scrapy_crawls import Crawled, crawl

from signals_agent.integrations.scrapy import CacheStorage

NO = (b"Content-Usage", b"train-ai=n")
YES = (b"Content-Usage", b"train-ai=y")
ALLOWED = b"User-agent: *\nAllow: /\n"
REFUSED = b"User-agent: *\nDisallow: /page\nDisallow: /new\n"
WORDS = b"<title>A page</title>" + b"<p>Words." * 50
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x\r\n%s\r\n0\r\n\r\n" % (len(WORDS), WORDS)
)
PLAIN = "scrapy.extensions.httpcache.FilesystemCacheStorage"
RFC = "scrapy.extensions.httpcache.RFC2616Policy"


@pytest.fixture
async def bare() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        wire.on("/page", html(WORDS))
        yield wire


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        wire.on("/robots.txt", text(ALLOWED))
        wire.on("/page", html(WORDS))
        yield wire


def settings(folder: Path, **more: object) -> dict[str, Any]:
    return {
        "SIGNALS_AGENT_POLICY": {"uses": ["train-generative"]},
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": str(folder / "cache"),
        **more,
    }


def folder_of(folder: Path, url: str) -> Path:
    """Where the cache has a URL."""
    (found,) = (
        meta.parent
        for meta in (folder / "cache").rglob("meta")
        if f"'response_url': {url!r}" in meta.read_text()
    )
    return found


async def first(site: Wire, folder: Path, *paths: str, **more: object) -> Crawled:
    """Crawl, and forget what the server was asked for."""
    crawled = await crawl(folder, [site.url(path) for path in paths], settings(folder, **more))
    site.asked.clear()
    return crawled


def cut(file: Path, octets: int = 20) -> None:
    file.write_bytes(file.read_bytes()[:octets])


WRITTEN = (
    *("meta", "pickled_meta", "response_headers", "response_body", "response_data"),
    *("request_headers", "request_body"),
)
"""The files of an entry in the order in which Scrapy writes them; the fifth since 2.14."""

STATES = [(name, octets) for name in WRITTEN for octets in (0, 20)]


@pytest.mark.parametrize(
    ("name", "octets"), STATES, ids=[f"{octets} octets of {name}" for name, octets in STATES]
)
def test_of_an_entry_that_a_kill_left_half_nothing_is_read(
    tmp_path: Path, name: str, octets: int
) -> None:
    crawler = Crawler(Spider, Settings({"HTTPCACHE_DIR": str(tmp_path / "cache")}))
    crawler.request_fingerprinter = RequestFingerprinter(crawler)
    spider = Spider.from_crawler(crawler, name="kept")
    storage = CacheStorage(crawler.settings)
    storage.open_spider(spider)
    request = Request("https://press.example/page", method="POST", body=b"q=1")
    page = HtmlResponse(request.url, body=WORDS, headers={"Content-Usage": "train-ai=n"})
    storage.store_response(spider, request, page)
    (entry,) = {meta.parent for meta in (tmp_path / "cache").rglob("meta")}
    kept = storage.retrieve_response(spider, request)
    assert kept is not None
    assert (kept.body, kept.headers) == (WORDS, page.headers)
    if (entry / name).exists() and name != "request_body":
        cut(entry / name, octets)
    for each in WRITTEN[WRITTEN.index(name) + (name != "request_body") :]:
        (entry / each).unlink(missing_ok=True)
    assert storage.retrieve_response(spider, request) is None
    # Nothing that is left behind stands in the way of a whole one.
    storage.store_response(spider, request, page)
    kept = storage.retrieve_response(spider, request)
    assert kept is not None
    assert kept.body == WORDS
    assert {meta.parent for meta in (tmp_path / "cache").rglob("meta")} == {entry}


async def test_a_page_of_which_a_kill_left_half_is_asked_for_again(
    site: Wire, tmp_path: Path
) -> None:
    # No length says how long it is.
    site.on("/chunked", CHUNKED)
    await first(site, tmp_path, "/chunked")
    entry = folder_of(tmp_path, site.url("/chunked"))
    cut(entry / "response_body")
    (entry / "request_body").unlink()
    for asked in (["/chunked"], []):
        site.asked.clear()
        crawled = await crawl(tmp_path, [site.url("/chunked")], settings(tmp_path))
        assert site.asked == asked
        assert crawled.asked() == {site.url("/chunked")}


async def test_what_was_cut_on_its_way_is_not_kept(site: Wire, tmp_path: Path) -> None:
    whole = html(b"<title>A page</title>")
    site.on("/cut", whole.replace(b"Content-Length: 21", b"Content-Length: 900"), Do.CLOSE)
    site.on("/cut", whole)
    lenient = {"DOWNLOAD_FAIL_ON_DATALOSS": False}
    assert (await first(site, tmp_path, "/cut", **lenient)).stat("hold") == 1
    assert (await first(site, tmp_path, "/cut", **lenient)).stat("ingest") == 1


async def test_scrapys_own_storage_is_not_believed_where_octets_are_missing(
    site: Wire, tmp_path: Path
) -> None:
    await first(site, tmp_path, "/page", HTTPCACHE_STORAGE=PLAIN)
    for path in ("/page", "/robots.txt"):
        cut(folder_of(tmp_path, site.url(path)) / "response_body")
    again = settings(tmp_path, HTTPCACHE_STORAGE=PLAIN)
    crawled = await crawl(tmp_path, [site.url("/page")], again)
    assert sorted(site.asked) == ["/page", "/robots.txt"]
    assert crawled.stat("ingest") == 1
    # Where nobody else may be asked, what is cut is held.
    offline = {**again, "HTTPCACHE_IGNORE_MISSING": True}
    assert (await crawl(tmp_path, [site.url("/page")], offline)).stat("hold") == 1


def aged(entry: Path, age: timedelta | None) -> None:
    """Make an entry say that it was sent so long ago; or not say when."""
    headers = entry / "response_headers"
    lines = [each for each in headers.read_bytes().split(b"\r\n") if not each.startswith(b"Date:")]
    if age is not None:
        lines.append(b"Date: " + format_datetime(datetime.now(UTC) - age, usegmt=True).encode())
    headers.write_bytes(b"\r\n".join(lines))


AGES = {"from nobody knows when": None, "from two days ago": timedelta(days=2)}


@pytest.mark.parametrize("age", AGES.values(), ids=AGES)
async def test_an_old_robots_txt_lets_nobody_in(
    bare: Wire, tmp_path: Path, age: timedelta | None
) -> None:
    bare.on("/robots.txt", text(ALLOWED))
    bare.on("/robots.txt", text(REFUSED))
    await first(bare, tmp_path, "/page")
    aged(folder_of(tmp_path, bare.url("/robots.txt")), age)
    crawled = await crawl(tmp_path, [bare.url("/page"), bare.url("/new")], settings(tmp_path))
    assert bare.asked == ["/robots.txt"]
    assert crawled.stat("reason/access-refused") == 2


@pytest.mark.parametrize("age", AGES.values(), ids=AGES)
async def test_an_old_site_file_is_asked_for_again(
    site: Wire, tmp_path: Path, age: timedelta | None
) -> None:
    said = b'[{"location": "/", "tdm-reservation": 1}]'
    kind = (b"Content-Type", b"application/json")
    site.on("/.well-known/tdmrep.json", answer(b"[]", kind))
    site.on("/.well-known/tdmrep.json", answer(said, kind))
    assert (await first(site, tmp_path, "/page")).stat("ingest") == 1
    aged(folder_of(tmp_path, site.url("/.well-known/tdmrep.json")), age)
    crawled = await crawl(tmp_path, [site.url("/page")], settings(tmp_path))
    assert site.asked == ["/.well-known/tdmrep.json"]
    assert crawled.stat("ingest") == 0


async def test_a_page_of_another_day_is_judged_by_the_robots_txt_of_that_day(
    site: Wire, tmp_path: Path
) -> None:
    await first(site, tmp_path, "/page")
    for path in ("/page", "/robots.txt", "/.well-known/tdmrep.json"):
        aged(folder_of(tmp_path, site.url(path)), timedelta(days=9))
    crawled = await crawl(tmp_path, [site.url("/page")], settings(tmp_path))
    assert "/page" not in site.asked
    assert crawled.stat("ingest") == 1


async def test_what_may_ask_nobody_takes_what_the_cache_has(site: Wire, tmp_path: Path) -> None:
    await first(site, tmp_path, "/page")
    for path in ("/page", "/robots.txt", "/.well-known/tdmrep.json"):
        aged(folder_of(tmp_path, site.url(path)), timedelta(days=9))
    offline = settings(tmp_path, HTTPCACHE_IGNORE_MISSING=True)
    crawled = await crawl(tmp_path, [site.url("/page"), site.url("/other")], offline)
    assert site.asked == []
    assert crawled.asked() == {site.url("/page")}


NOT_MODIFIED = {
    "a header field that refuses": (NO, 0),
    "a header field that allows": (YES, 1),
    "no word of it": ((b"X-Other", b"1"), 0),
}


@pytest.mark.parametrize(("field", "ingested"), NOT_MODIFIED.values(), ids=NOT_MODIFIED)
async def test_what_a_304_says_counts(
    site: Wire, tmp_path: Path, field: tuple[bytes, bytes], ingested: int
) -> None:
    stale = (b"Cache-Control", b"max-age=0")
    tag = (b"ETag", b'"1"')
    said = NO if field[0] != b"Content-Usage" or field == YES else YES
    site.on("/kept", html(b"<title>Kept</title>", tag, stale, said))
    site.on("/kept", answer(b"", tag, stale, field, status=304))
    assert (await first(site, tmp_path, "/kept", HTTPCACHE_POLICY=RFC)).stat("ingest") == int(
        said == YES
    )
    crawled = await first(site, tmp_path, "/kept", HTTPCACHE_POLICY=RFC)
    assert crawled.stats["httpcache/revalidate"] >= 1
    assert crawled.stat("ingest") == ingested
    assert crawled.stat("skip") == 1 - ingested


async def test_a_304_to_robots_txt_says_what_it_says(bare: Wire, tmp_path: Path) -> None:
    stale = (b"Cache-Control", b"max-age=0")
    tag = (b"ETag", b'"1"')
    bare.on("/robots.txt", text(ALLOWED, tag, stale))
    bare.on("/robots.txt", answer(b"", tag, stale, status=304))
    await first(bare, tmp_path, "/page", HTTPCACHE_POLICY=RFC)
    crawled = await crawl(tmp_path, [bare.url("/page")], settings(tmp_path, HTTPCACHE_POLICY=RFC))
    assert bare.times("/robots.txt") == 1
    assert crawled.stat("ingest") == 1


async def test_a_304_that_nobody_has_a_copy_for_is_not_passed_on(
    site: Wire, tmp_path: Path
) -> None:
    site.on("/bare", answer(b"", (b"ETag", b'"1"'), status=304))
    urls = [(site.url("/bare"), {"handle_httpstatus_all": True})]
    crawled = await crawl(tmp_path, urls, {"SIGNALS_AGENT_POLICY": {"uses": ["search"]}})
    assert crawled.items == ()
    assert crawled.why(site.url("/bare")).startswith("signals_agent: hold: undetermined: ")


async def test_a_redirect_out_of_the_cache_says_what_it_said(site: Wire, tmp_path: Path) -> None:
    site.on("/away", moved(site.url("/page")))
    chosen = settings(tmp_path, SIGNALS_AGENT_LEDGER=str(tmp_path / "l"), SIGNALS_AGENT_RESUME=True)
    from signals_agent.store import Ledger

    for _ in range(2):
        crawled = await crawl(tmp_path, [site.url("/away")], chosen)
        assert crawled.asked() == {site.url("/away")}
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        (entry,) = ledger
    assert (entry.url, entry.final_url) == (site.url("/away"), site.url("/page"))
    assert site.times("/away") == 1
