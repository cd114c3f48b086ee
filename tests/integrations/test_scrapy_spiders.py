"""Spiders of every kind that Scrapy has, and its pipelines for files: each request is judged."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from wire import Wire, answer, html, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import Crawled, run

NO = (b"Content-Usage", b"train-ai=n")
SETTINGS = {
    "ADDONS": {"signals_agent.integrations.scrapy.Addon": 500},
    "USER_AGENT": "ExampleBot/1.0 (+https://lab.example/bot)",
    "SIGNALS_AGENT_POLICY": {"uses": ["train-generative"]},
    "TELNETCONSOLE_ENABLED": False,
    "RETRY_TIMES": 0,
    "LOG_LEVEL": "INFO",
}
REFUSED = {"/closed/1", "/closed/2"}


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        robots = f"User-agent: *\nAllow: /\nDisallow: /closed\nSitemap: {wire.url('/map.xml')}\n"
        wire.on("/robots.txt", text(robots.encode()))
        links = b"".join(b'<a href="%s">x</a>' % path for path in (b"/yes", b"/no", b"/closed/1"))
        wire.on("/", html(b"<title>Home</title>" + links))
        wire.on("/yes", html(b"<title>Yes</title>"))
        wire.on("/no", html(b"<title>No</title>", NO))
        wire.on("/yes.pdf", answer(b"%PDF-1.4 yes", (b"Content-Type", b"application/pdf")))
        wire.on("/no.pdf", answer(b"%PDF-1.4 no", (b"Content-Type", b"application/pdf"), NO))
        places = "".join(
            f"<url><loc>{wire.url(path)}</loc></url>" for path in ("/yes", "/no", "/closed/2")
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        sitemap = f'<urlset xmlns="{space}">{places}</urlset>'.encode()
        wire.on("/map.xml", answer(sitemap, (b"Content-Type", b"application/xml")))
        yield wire


async def crawl(folder: Path, code: str, **settings: object) -> Crawled:
    chosen = json.dumps({**SETTINGS, **settings})
    head = f"import json\nimport scrapy\nSETTINGS = json.loads({chosen!r})\n"
    (folder / "spider.py").write_text(head + code)
    return await run(folder, "spider.py")


async def test_a_crawl_spider_follows_no_link_to_what_is_refused(
    site: Wire, tmp_path: Path
) -> None:
    code = f"""
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

class Pages(CrawlSpider):
    name = "pages"
    custom_settings = SETTINGS
    start_urls = [{site.url("/")!r}]
    rules = [Rule(LinkExtractor(), callback="page")]

    def page(self, response):
        yield {{"asked": response.url}}
"""
    crawled = await crawl(tmp_path, code)
    assert crawled.asked() == {site.url("/yes")}
    assert not REFUSED & set(site.asked)


@pytest.mark.parametrize("start", ["/map.xml", "/robots.txt"])
async def test_a_sitemap_spider_reads_maps_and_judges_pages(
    site: Wire, tmp_path: Path, start: str
) -> None:
    code = f"""
from scrapy.spiders import SitemapSpider

class Pages(SitemapSpider):
    name = "pages"
    custom_settings = SETTINGS
    sitemap_urls = [{site.url(start)!r}]

    def parse(self, response):
        yield {{"asked": response.url}}
"""
    crawled = await crawl(tmp_path, code)
    assert crawled.asked() == {site.url("/yes")}
    assert not REFUSED & set(site.asked)


async def test_files_of_items_are_judged_one_by_one(site: Wire, tmp_path: Path) -> None:
    code = f"""
class Files(scrapy.Spider):
    name = "files"
    custom_settings = SETTINGS
    start_urls = [{site.url("/yes")!r}]

    def parse(self, response):
        paths = ("/yes.pdf", "/no.pdf", "/closed/1")
        yield {{"asked": response.url, "file_urls": [response.urljoin(path) for path in paths]}}
"""
    pipelines = {"scrapy.pipelines.files.FilesPipeline": 1}
    store = tmp_path / "store"
    crawled = await crawl(tmp_path, code, ITEM_PIPELINES=pipelines, FILES_STORE=str(store))
    (item,) = crawled.items
    assert [each["url"] for each in item["files"]] == [site.url("/yes.pdf")]
    assert [file.read_bytes() for file in store.rglob("*.pdf")] == [b"%PDF-1.4 yes"]
    assert not REFUSED & set(site.asked)


async def test_requests_that_a_callback_waits_for_are_judged(site: Wire, tmp_path: Path) -> None:
    code = f"""
class Inline(scrapy.Spider):
    name = "inline"
    custom_settings = SETTINGS
    start_urls = [{site.url("/yes")!r}]

    async def parse(self, response):
        engine = self.crawler.engine
        for path in ("/yes.pdf", "/no.pdf", "/closed/1"):
            request = scrapy.Request(response.urljoin(path))
            try:
                if hasattr(engine, "download_async"):
                    found = await engine.download_async(request)
                else:
                    found = await scrapy.utils.defer.maybe_deferred_to_future(
                        engine.download(request)
                    )
                yield {{"asked": found.url}}
            except scrapy.exceptions.IgnoreRequest as error:
                yield {{"asked": str(error)[:30]}}
"""
    crawled = await crawl(tmp_path, code)
    assert [item["asked"] for item in crawled.items] == [
        site.url("/yes.pdf"),
        "signals_agent: skip: disallow:",
        "signals_agent: skip: access-re",
    ]
    assert not REFUSED & set(site.asked)


async def test_queries_in_json_are_judged(site: Wire, tmp_path: Path) -> None:
    kind = (b"Content-Type", b"application/json")
    site.on("/query", answer(b'{"a": 1}', kind))
    site.on("/query?no", answer(b'{"a": 1}', kind, NO))
    code = f"""
class Queries(scrapy.Spider):
    name = "queries"
    custom_settings = SETTINGS

    async def start(self):
        for path in ("/query", "/query?no", "/closed/1"):
            yield scrapy.http.JsonRequest({site.url("")!r} + path, data={{"q": 1}})

    def parse(self, response):
        yield {{"asked": response.url}}
"""
    crawled = await crawl(tmp_path, code)
    assert crawled.asked() == {site.url("/query")}
    assert not REFUSED & set(site.asked)


async def test_without_scrapys_robots_txt_the_add_on_asks_all_the_same(
    site: Wire, tmp_path: Path
) -> None:
    code = f"""
class Pages(scrapy.Spider):
    name = "pages"
    custom_settings = {{**SETTINGS, "ROBOTSTXT_OBEY": False}}
    start_urls = [{site.url("/yes")!r}, {site.url("/closed/1")!r}]

    def parse(self, response):
        yield {{"asked": response.url}}
"""
    crawled = await crawl(tmp_path, code)
    assert crawled.asked() == {site.url("/yes")}
    assert not REFUSED & set(site.asked)


async def scrapy(folder: Path, *arguments: str, typed: bytes = b"") -> str:
    """What a command of Scrapy's own prints, in a project with the add-on."""
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = chosen\n")
    (folder / "chosen.py").write_text(
        "".join(f"{name} = {value!r}\n" for name, value in SETTINGS.items())
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scrapy", *arguments),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(typed), 60)
    return out.decode()


async def test_what_is_fetched_by_hand_is_judged(site: Wire, tmp_path: Path) -> None:
    assert "<title>Yes</title>" in await scrapy(tmp_path, "fetch", site.url("/yes"))
    refused = await scrapy(tmp_path, "fetch", site.url("/no"))
    assert "<title>No</title>" not in refused
    assert "skip " in refused
    await scrapy(tmp_path, "fetch", site.url("/closed/1"))
    assert not REFUSED & set(site.asked)


async def test_the_shell_shows_the_answer(site: Wire, tmp_path: Path) -> None:
    typed = b"print('DECISION', response.meta['signals_agent'].decision)\n"
    assert "DECISION ingest" in await scrapy(tmp_path, "shell", site.url("/yes"), typed=typed)
    told = await scrapy(tmp_path, "shell", site.url("/no"), typed=b"print('GOT', response)\n")
    assert "GOT None" in told
    assert "skip " in told
