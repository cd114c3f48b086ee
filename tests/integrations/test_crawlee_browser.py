"""The hooks for Crawlee on a real browser, which visits real sites on loopback."""

import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from wire import Do, Wire, answer, html, moved
from wrapped import CREDIT, MUSEUM, NO, chromium, settings, written

import signals_agent as sa
from signals_agent.store import Ledger

# What Crawlee, Playwright and what they stand on warn of is not ours to mend.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.browser, pytest.mark.tools]
pytest.importorskip("crawlee", reason="the hooks for Crawlee need crawlee")
pytest.importorskip("playwright", reason="the browser of Crawlee needs playwright")
CHROMIUM = chromium()
if CHROMIUM is None:
    pytest.skip("no Chromium is on this machine", allow_module_level=True)

with warnings.catch_warnings(action="ignore"):
    from crawlee import ConcurrencySettings, Request
    from crawlee.crawlers import PlaywrightCrawler, PlaywrightCrawlingContext
    from crawlee.storage_clients import MemoryStorageClient

    from signals_agent.integrations.crawlee import Signals
    from signals_agent.integrations.crawlee.browser import Visit


def crawler_of(signals: Signals, **more: Any) -> PlaywrightCrawler:
    return PlaywrightCrawler(
        **{
            **signals.browser_options(
                headless=True,
                browser_launch_options={
                    "executable_path": CHROMIUM,
                    # The sandbox wants rights that a build machine need not have.
                    "args": ["--no-sandbox", "--disable-dev-shm-usage"],
                },
            ),
            "max_request_retries": 0,
            "storage_client": MemoryStorageClient(),
            "configure_logging": False,
            **more,
        }
    )


async def visit(signals: Signals, *urls: str, **more: Any) -> dict[str, tuple[sa.Assessment, str]]:
    """Visit these; what reached the handler, with its result and what the page showed."""
    crawler = crawler_of(signals, **more)
    signals.attach(crawler)
    reached: dict[str, tuple[sa.Assessment, str]] = {}

    @crawler.router.default_handler
    async def handle(context: PlaywrightCrawlingContext) -> None:
        reached[context.request.url] = signals.assessment(context), await context.page.content()

    await crawler.run([Request.from_url(url, always_enqueue=True) for url in urls])
    return reached


async def test_the_bundled_publishers_are_refused_held_and_taken(sites: Any) -> None:
    urls = {
        "taken": sites.url("fenwiki", "/wiki/heron"),
        "closed": sites.url("harbour-times", "/subscribers/crossword"),
        "held": sites.url("lantern-photo", "/prints"),
    }
    credit = {"kind": "credit", "evidence": "https://us.example/card"}
    async with Signals(settings(commitment=[credit])) as signals:
        reached = await visit(signals, *urls.values())
    assert set(reached) == {urls["taken"]}
    told, page = reached[urls["taken"]]
    assert "Heron" in told.citation("text")
    assert "Heron" in page
    assert "/subscribers/crossword" not in sites.paths("harbour-times")
    assert "/prints" in sites.paths("lantern-photo")
    assert dict(signals.tally.decisions) == {"ingest": 1, "hold": 1, "skip": 1}


async def test_the_header_section_and_the_page_as_it_came_are_judged(site: Wire) -> None:
    site.on("/header", html(b"<p>x", (b"Content-Usage", b"search=y"), NO))
    site.on("/head", html(b'<title>x</title><meta name="robots" content="noai"><p>x'))
    site.on("/held", html(b"<p>x", CREDIT))
    site.on("/fine", html(b"<img src=/pic.png><iframe src=/closed/frame></iframe><p>fine"))
    async with Signals(settings()) as signals:
        reached = await visit(signals, *map(site.url, ("/header", "/head", "/held", "/fine")))
    assert set(reached) == {site.url("/fine")}
    # What a page draws in is the browser's: it is neither asked for nor judged.
    assert {"/pic.png", "/closed/frame"} <= set(site.asked)
    assert signals.tally.reasons["skip", "disallow"] == 2  # type: ignore[index]  # a StrEnum is its text
    assert signals.tally.reasons["hold", "unmet"] == 1  # type: ignore[index]  # a StrEnum is its text
    assert signals.tally.total == 4
    (sent,) = {head for head in site.heads if b"GET /fine" in head}
    assert b"user-agent: examplebot/" in sent.lower()


async def test_a_refused_target_of_a_redirect_is_never_requested(site: Wire, other: Wire) -> None:
    far = f"http://localhost:{other.port}"
    other.on("/closed/it", html(b"<p>it"))
    other.on("/open", html(b"<p>open"))
    site.on("/in", moved("/on"))
    site.on("/on", moved(f"{far}/closed/it", 301))
    site.on("/fine", moved(f"{far}/open", 307))
    async with Signals(settings()) as signals:
        reached = await visit(signals, site.url("/in"), site.url("/fine"), max_request_retries=2)
    assert set(reached) == {site.url("/fine")}
    told, page = reached[site.url("/fine")]
    assert [hop.url for hop in told.access.hops] == [site.url("/fine"), f"{far}/open"]
    assert "open" in page
    assert "/closed/it" not in other.asked
    assert site.times("/in") == site.times("/on") == 1
    assert dict(signals.tally.reasons) == {
        ("skip", "access-refused"): 1,
        ("ingest", "unknown"): 1,
    }


async def test_a_browser_that_asks_nobody_is_judged_by_every_hop(
    site: Wire, other: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Firefox and WebKit follow redirects: before anybody can be asked."""

    async def none(self: Visit) -> None:
        """No other browser has what Chromium is asked through."""

    monkeypatch.setattr(Visit, "_intercept", none)
    site.on("/in", moved("/on"))
    site.on("/on", moved(other.url("/closed/it")))
    other.on("/closed/it", html(b"<p>it"))
    async with Signals(settings()) as signals:
        assert await visit(signals, site.url("/in")) == {}
    assert other.times("/closed/it") == 1
    assert dict(signals.tally.reasons) == {("skip", "access-refused"): 1}


async def test_every_answer_can_be_written_to_a_ledger(site: Wire, tmp_path: Path) -> None:
    site.on("/fine", html(b"<p>x"))
    site.on("/on", moved("/no"))
    site.on("/no", html(b"<p>x", NO))
    with Ledger(tmp_path / "crawl.db") as ledger:
        async with Signals(settings(), on_assessment=ledger.append) as signals:
            await visit(signals, site.url("/fine"), site.url("/on"))
    assert sorted(decision or "" for _, decision in written(tmp_path / "crawl.db")) == [
        "ingest",
        "skip",
    ]


async def test_what_a_hop_s_robots_says_of_use_is_not_left_behind(site: Wire, other: Wire) -> None:
    other.on("/it", html(b"<p>it"))
    async with Wire() as museum:
        museum.on("/robots.txt", MUSEUM)
        museum.on("/media/it", moved(other.url("/it")))
        museum.on(
            "/media/on", html(b"<script>location.href = '%s'</script>" % other.url("/it").encode())
        )
        async with Signals(settings()) as signals:
            assert await visit(signals, museum.url("/media/it"), museum.url("/media/on")) == {}
    assert other.times("/it") == 2
    assert dict(signals.tally.reasons) == {("hold", "unmet"): 2}


async def test_a_page_that_sends_on_by_script_is_judged_by_what_it_shows(
    site: Wire, other: Wire
) -> None:
    """The answer that the navigation ended with is not always what the handler would read."""

    def sends(to: str) -> bytes:
        return html(b"<script>location.href = '%s'</script><p>first" % to.encode())

    site.on("/to-fine", sends(other.url("/fine")))
    site.on("/to-no", sends(other.url("/no")))
    site.on("/to-closed", sends(other.url("/closed/it")))
    site.on("/renamed", html(b"<script>history.pushState({}, '', '/closed/x')</script><p>kept"))
    other.on("/fine", html(b"<p>second"))
    other.on("/no", html(b"<p>second", NO))
    async with Signals(settings()) as signals:
        reached = await visit(
            signals,
            *map(site.url, ("/to-fine", "/to-no", "/to-closed", "/renamed")),
        )
    shown = {url.rsplit("/", 1)[1]: page for url, (_, page) in reached.items()}
    assert set(shown) == {"to-fine", "renamed"}
    assert "second" in shown["to-fine"]
    assert "kept" in shown["renamed"]
    assert "/closed/it" not in other.asked
    assert reached[site.url("/to-fine")][0].final_url == other.url("/fine")


async def test_where_a_handler_clicks_is_asked_for_too(site: Wire) -> None:
    site.on("/page", html(b"<a href=/closed/door>door</a><p>page"))
    site.on("/closed/door", html(b"<p>door"))
    async with Signals(settings()) as signals:
        crawler = crawler_of(signals)
        signals.attach(crawler)
        shown: list[str] = []

        @crawler.router.default_handler
        async def handle(context: PlaywrightCrawlingContext) -> None:
            async with context.page.expect_event("requestfailed"):
                await context.page.click("a")
            shown.append(await context.page.content())

        await crawler.run([Request.from_url(site.url("/page"), always_enqueue=True)])
    assert "page" in shown[0]
    assert "/closed/door" not in site.asked


async def test_errors_and_answers_that_never_come_are_counted(site: Wire) -> None:
    site.on("/gone", answer(b"<p>gone", (b"Content-Type", b"text/html"), status=404))
    site.on("/reset", Do.CLOSE)
    site.on("/cut", answer(b"<p>x", (b"Content-Type", b"text/html"), length=99), Do.CLOSE)
    site.on(
        "/file",
        answer(b"1,2", (b"Content-Disposition", b"attachment"), (b"Content-Type", b"text/csv")),
    )
    async with Signals(settings()) as signals:
        reached = await visit(
            signals,
            *map(site.url, ("/gone", "/reset", "/cut", "/file")),
            navigation_timeout=timedelta(seconds=3),
        )
    assert reached == {}
    assert signals.tally.total == 4
    assert dict(signals.tally.decisions) == {"skip": 1, "hold": 3}


async def test_observe_hands_on_everything(site: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    site.on("/page", html(b"<p>x", NO))
    site.on("/closed/door", html(b"<p>x"))
    async with Signals(settings(preset="observe")) as signals:
        reached = await visit(signals, *map(site.url, ("/page", "/closed/door")))
    assert len(reached) == 2
    assert "What enforcement would have cost, for 2 assets:" in capsys.readouterr().err


async def test_pages_are_closed_however_their_visit_ends(site: Wire) -> None:
    site.on("/page", html(b"<p>x", NO))
    for path in ("/first", "/last"):
        site.on(path, html(b"<p>x"))
    async with Signals(settings()) as signals:
        crawler = crawler_of(
            signals, concurrency_settings=ConcurrencySettings(1, 1, desired_concurrency=1)
        )
        signals.attach(crawler)
        left: dict[str, int] = {}

        @crawler.router.default_handler
        async def handle(context: PlaywrightCrawlingContext) -> None:
            left[context.request.url] = len(context.page.context.pages)

        paths = ("/first", "/closed/door", "/closed/gate", "/page", "/last")
        await crawler.run([Request.from_url(site.url(each), always_enqueue=True) for each in paths])
    assert left[site.url("/first")] == left[site.url("/last")]
