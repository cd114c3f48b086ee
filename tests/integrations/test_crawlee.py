"""The hooks for Crawlee, in real crawls of real sites on loopback."""

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wire import Do, Wire, answer, html, moved
from wrapped import CREDIT, MUSEUM, NO, settings, written

import signals_agent as sa
from signals_agent.store import Ledger

# What Crawlee and what it stands on warn of is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")
pytest.importorskip("crawlee", reason="the hooks for Crawlee need crawlee")

with warnings.catch_warnings(action="ignore"):
    from crawlee import ConcurrencySettings, Request, service_locator
    from crawlee.crawlers import BasicCrawler, HttpCrawler, HttpCrawlingContext
    from crawlee.http_clients import ImpitHttpClient
    from crawlee.storage_clients import MemoryStorageClient

    from signals_agent.integrations.crawlee import Signals


@pytest.fixture(autouse=True)
def queue_of_its_own() -> None:
    """Crawlers of one process share a queue, and with it what one that was stopped left over."""
    service_locator.storage_instance_manager.clear_cache()


def site_of(url: str) -> str:
    return url.rsplit("/", 1)[0]


def crawler_of(signals: Signals, **more: Any) -> HttpCrawler:
    return HttpCrawler(
        **{"http_client": signals.http_client(), "max_request_retries": 0} | more,
        storage_client=MemoryStorageClient(),
        configure_logging=False,
        concurrency_settings=ConcurrencySettings(desired_concurrency=2, max_concurrency=2),
    )


async def crawl(signals: Signals, *urls: str, **more: Any) -> dict[str, sa.Assessment]:
    """Crawl these, and nothing else; what reached the handler, with its result."""
    crawler = crawler_of(signals, **more)
    signals.attach(crawler)
    reached: dict[str, sa.Assessment] = {}
    failed: list[str] = []

    @crawler.router.default_handler
    async def handle(context: HttpCrawlingContext) -> None:
        reached[context.request.url] = signals.assessment(context)
        if context.request.url.endswith("/links"):
            links = [site_of(context.request.url) + path for path in ("/away", "/near")]
            await context.add_requests(links, strategy="same-hostname")

    @crawler.failed_request_handler
    async def fail(context: Any, error: Exception) -> None:
        failed.append(f"{context.request.url}: {error}")

    # Crawlers of one process share a queue, which remembers what it has seen.
    await crawler.run([Request.from_url(url, always_enqueue=True) for url in urls])
    assert not [each for each in failed if "status" not in each]
    return reached


def test_the_example_lets_one_of_three_pages_through(run_example: Callable[..., str]) -> None:
    printed = run_example("crawlee.md")
    lines = [line for line in printed.splitlines() if line.startswith("INGEST")]
    assert len(lines) == 1
    assert "“Heron”, in Fenwiki" in lines[0]
    assert "What enforcement comes to, for 3 assets:" in printed
    assert "skip: access-refused" in printed
    assert "hold: unmet" in printed


async def test_refused_is_not_requested_and_not_tried_again(site: Wire) -> None:
    site.on("/fine", html(b"<p>x"))
    site.on("/page", html(b"<p>x", NO))
    async with Signals(settings()) as signals:
        reached = await crawl(signals, *map(site.url, ("/closed/door", "/fine", "/page")))
    assert set(reached) == {site.url("/fine")}
    assert "/closed/door" not in site.asked
    assert site.times("/page") == site.times("/fine") == site.times("/robots.txt") == 1
    assert dict(signals.tally.decisions) == {"ingest": 1, "skip": 2}


async def test_the_handler_has_what_is_owed(site: Wire) -> None:
    site.on("/page", html(b"<title>Tides</title>", CREDIT))
    credit = {"kind": "credit", "evidence": "https://us.example/card"}
    async with Signals(settings(commitment=[credit])) as signals:
        reached = await crawl(signals, site.url("/page"))
    told = reached[site.url("/page")]
    assert "Tides" in told.citation("text")
    assert [each.kind for each in told.obligations if each.binding] == ["credit"]


async def test_held_reaches_the_handler_only_where_it_is_asked_for(site: Wire) -> None:
    site.on("/page", html(b"<p>x", CREDIT))
    async with Signals(settings()) as signals:
        assert await crawl(signals, site.url("/page")) == {}
    async with Signals(settings(), on_hold="pass") as signals:
        reached = await crawl(signals, site.url("/page"))
    assert [each.verdict.decision for each in reached.values() if each.verdict] == ["hold"]


async def test_a_redirect_is_asked_for_before_it_is_followed(site: Wire, other: Wire) -> None:
    site.on("/in", moved(other.url("/closed/it")))
    site.on("/on", moved("/there"))
    site.on("/there", html(b"<p>there"))
    async with Signals(settings()) as signals:
        reached = await crawl(signals, site.url("/in"), site.url("/on"))
    assert set(reached) == {site.url("/there")}
    assert "/closed/it" not in other.asked
    assert [hop.url for hop in reached[site.url("/there")].access.hops] == [
        site.url("/on"),
        site.url("/there"),
    ]


async def test_what_a_hop_s_robots_says_of_use_is_not_left_behind(other: Wire) -> None:
    other.on("/it", html(b"<p>it"))
    async with Wire() as museum:
        museum.on("/robots.txt", MUSEUM)
        museum.on("/media/it", moved(other.url("/it")))
        async with Signals(settings()) as signals:
            assert await crawl(signals, museum.url("/media/it")) == {}
    assert other.times("/it") == 1
    assert ("hold", "unmet") in signals.tally.reasons


async def test_redirects_without_end_come_to_one(site: Wire) -> None:
    for number in range(20):
        site.on(f"/r{number}", moved(f"/r{number + 1}"))
    async with Signals(settings()) as signals:
        assert await crawl(signals, site.url("/r0")) == {}
    assert site.times("/r10") == 1
    assert site.times("/r11") == 0


async def test_a_redirect_stays_where_links_may_lead(site: Wire) -> None:
    async with Wire() as far:
        away = f"http://localhost:{far.port}/page"
        site.on("/links", html(b"<p>links"))
        site.on("/away", moved(away))
        site.on("/near", html(b"<p>near"))
        async with Signals(settings()) as signals:
            reached = await crawl(signals, site.url("/links"))
        assert far.asked == []
    assert set(reached) == {site.url("/links"), site.url("/near")}
    assert site.times("/away") == 1


async def test_a_client_that_follows_by_itself_is_judged_by_every_hop(
    site: Wire, other: Wire
) -> None:
    site.on("/in", moved(other.url("/closed/it")))
    other.on("/closed/it", html(b"<p>it"))
    async with Signals(settings()) as signals:
        reached = await crawl(signals, site.url("/in"), http_client=ImpitHttpClient())
    assert reached == {}
    assert ("skip", "access-refused") in signals.tally.reasons


async def test_the_client_says_who_we_are(site: Wire) -> None:
    site.on("/page", html(b"<p>x"))
    async with Signals(settings()) as signals:
        await crawl(signals, site.url("/page"))
    sent = next(head for head in site.heads if b"GET /page" in head).lower()
    assert b"user-agent: examplebot/" in sent
    assert b"+https://us.example/bot" in sent


async def test_a_field_that_comes_twice_counts_twice(site: Wire) -> None:
    site.on("/page", html(b"<p>x", NO, (b"Content-Usage", b"search=y")))
    async with Signals(settings()) as signals:
        assert await crawl(signals, site.url("/page")) == {}
    assert ("skip", "disallow") in signals.tally.reasons


async def test_an_error_that_crawlee_ignores_is_no_asset(site: Wire) -> None:
    site.on("/gone", answer(b"<p>gone", (b"Content-Type", b"text/html"), status=404))
    async with Signals(settings()) as signals:
        reached = await crawl(signals, site.url("/gone"), ignore_http_error_status_codes=[404])
    assert reached == {}
    assert ("skip", "no-asset") in signals.tally.reasons


async def test_an_error_that_crawlee_raises_is_counted_once_however_often_it_is_tried(
    site: Wire,
) -> None:
    site.on("/gone", answer(b"<p>gone", (b"Content-Type", b"text/html"), status=404))
    site.on("/ill", answer(b"<p>ill", (b"Content-Type", b"text/html"), status=500))
    site.on("/well", answer(b"<p>ill", (b"Content-Type", b"text/html"), status=503))
    site.on("/well", html(b"<p>well"))
    async with Signals(settings()) as signals:
        reached = await crawl(
            signals, *map(site.url, ("/gone", "/ill", "/well")), max_request_retries=2
        )
    assert (site.times("/gone"), site.times("/ill"), site.times("/well")) == (1, 3, 2)
    assert set(reached) == {site.url("/well")}
    assert dict(signals.tally.reasons) == {
        ("skip", "no-asset"): 1,
        ("hold", "asset-unreachable"): 1,
        ("ingest", "unknown"): 1,
    }


@pytest.mark.parametrize("first", [True, False], ids=["before attach", "after attach"])
async def test_a_request_without_an_answer_counts_and_the_caller_is_told_too(
    site: Wire, first: bool
) -> None:
    site.on("/cut", Do.CLOSE)
    told: list[sa.Assessment] = []
    async with Signals(settings()) as signals:

        async def fail(context: Any, error: Exception) -> None:
            told.append(signals.assessment(context))

        crawler = crawler_of(signals)
        if first:
            crawler.failed_request_handler(fail)
        signals.attach(crawler)
        if not first:
            crawler.failed_request_handler(fail)
        await crawler.run([Request.from_url(site.url("/cut"), always_enqueue=True)])
    assert [each.verdict.decision for each in told if each.verdict] == ["hold"]
    assert dict(signals.tally.reasons) == {("hold", "asset-unreachable"): 1}


async def test_a_handler_that_fails_and_is_tried_again_leaves_one_count(site: Wire) -> None:
    site.on("/page", html(b"<p>x"))
    async with Signals(settings()) as signals:
        crawler = crawler_of(signals, max_request_retries=1)
        signals.attach(crawler)

        @crawler.router.default_handler
        async def handle(context: HttpCrawlingContext) -> None:
            raise RuntimeError("a mistake of the handler")

        await crawler.run([Request.from_url(site.url("/page"), always_enqueue=True)])
    assert site.times("/page") == 2
    assert dict(signals.tally.decisions) == {"ingest": 1}


async def test_every_answer_can_be_written_to_a_ledger(site: Wire, tmp_path: Path) -> None:
    site.on("/fine", html(b"<p>x"))
    site.on("/page", html(b"<p>x", NO))
    site.on("/gone", answer(b"", status=404))
    with Ledger(tmp_path / "crawl.db") as ledger:
        async with Signals(settings(), on_assessment=ledger.append) as signals:
            await crawl(signals, *map(site.url, ("/fine", "/page", "/gone", "/closed/door")))
    assert sorted(written(tmp_path / "crawl.db")) == [
        (site.url("/fine"), "ingest"),
        (site.url("/gone"), "skip"),
        (site.url("/page"), "skip"),
    ]
    assert signals.tally.total == 4


@pytest.mark.parametrize("retries", [0, 2], ids=["never tried again", "tried again"])
async def test_a_ledger_that_fails_stops_the_crawl(
    site: Wire, tmp_path: Path, retries: int
) -> None:
    urls = [f"/p{number}" for number in range(30)]
    for path in urls:
        site.on(path, html(b"<p>x"))
    ledger = Ledger(tmp_path / "crawl.db")
    kept: list[sa.Assessment] = []

    def keep(answer: sa.Assessment) -> None:
        if len(kept) == 3:
            ledger.close()
        ledger.append(answer)
        kept.append(answer)

    reached: dict[str, sa.Assessment] = {}
    with pytest.raises(sa.StoreError, match="was closed"):
        async with Signals(settings(), on_assessment=keep) as signals:
            reached |= await crawl(signals, *map(site.url, urls), max_request_retries=retries)
    assert len(kept) == 3
    assert len(written(tmp_path / "crawl.db")) == 3
    assert sum(site.times(path) for path in urls) < 10


async def test_a_host_on_this_machine_names_the_setting_that_lets_it_be_asked(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with Signals(settings() | {"allow_private": False}) as signals:
        assert await crawl(signals, site.url("/page"), site.url("/other")) == {}
    assert site.asked == []
    assert caplog.text.count("only where the agent is given allow_private=True") == 1


async def test_so_it_does_under_observe(site: Wire, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("/page", "/other"):
        site.on(path, html(b"<p>x"))
    private = settings(preset="observe") | {"allow_private": False}
    async with Signals(private) as signals:
        assert len(await crawl(signals, site.url("/page"), site.url("/other"))) == 2
    assert dict(signals.tally.decisions) == {"hold": 2}
    assert caplog.text.count("only where the agent is given allow_private=True") == 1


async def test_the_log_says_what_is_owed_and_what_is_passed_on(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "signals_agent")
    site.on("/page", html(b"<p>x", CREDIT))
    site.on("/cut", Do.CLOSE)
    owed = "unmet: not committed to: credit to 127.0.0.1"
    async with Signals(settings()) as signals:
        await crawl(signals, site.url("/page"))
        assert f"hold {site.url('/page')}: {owed}" in caplog.text
        crawler = crawler_of(signals)
        signals.attach(crawler)
        await crawler.run([Request.from_url(site.url("/cut"), always_enqueue=True)])
        assert f"hold {site.url('/cut')}: asset-unreachable: " in caplog.text
    async with Signals(settings(), on_hold="pass") as signals:
        await crawl(signals, site.url("/page"))
    assert f"hold {site.url('/page')}, passed on as held: {owed}" in caplog.text
    async with Signals(settings(preset="observe")) as signals:
        await crawl(signals, site.url("/page"))
    assert "observe: every asset is judged" in caplog.text
    assert f"would hold {site.url('/page')}, passed on under observe: {owed}" in caplog.text


async def test_a_client_of_another_name_is_told(
    site: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with Signals(settings()) as signals:
        signals.attach(crawler_of(signals))
        assert "signals.http_client()" not in caplog.text
        signals.attach(crawler_of(signals, http_client=ImpitHttpClient()))
    assert "does not say that it is ExampleBot" in caplog.text
    assert "http_client=signals.http_client()" in caplog.text


async def test_another_site_s_name_in_the_host_field_gets_no_answer(
    site: Wire, other: Wire
) -> None:
    site.on("/closed/door", html(b"<p>x"))
    async with Signals(settings()) as signals:
        crawler = crawler_of(signals)
        signals.attach(crawler)
        told: list[Exception] = []

        @crawler.failed_request_handler
        async def fail(context: Any, error: Exception) -> None:
            told.append(error)

        request = Request.from_url(
            other.url("/page"), headers={"Host": f"127.0.0.1:{site.port}"}, always_enqueue=True
        )
        await crawler.run([request])
    assert "ask for a site by its own URL" in str(told[0])
    assert "/page" not in other.asked


async def test_observe_hands_on_everything_and_says_what_it_would_have_cost(
    site: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/page", "/closed/door", "/fine"):
        site.on(path, html(b"<p>x", *((NO,) if path == "/page" else ())))
    async with Signals(settings(preset="observe")) as signals:
        reached = await crawl(signals, *map(site.url, ("/page", "/closed/door", "/fine")))
    assert len(reached) == 3
    told = capsys.readouterr().err
    assert "What enforcement would have cost, for 3 assets:" in told
    assert "skip: R27 row 2: disallow" in told


async def test_an_agent_of_the_caller_s_own_stays_open(site: Wire) -> None:
    async with sa.Agent(**settings()) as agent:
        async with Signals(agent) as signals:
            told = await signals.judge(site.url("/p"), 200, {"content-usage": "train-ai=n"}, b"x")
        assert (await agent.permit(site.url("/p"))).answer == "fetch"
    assert told.verdict is not None
    assert told.verdict.decision == "skip"


async def test_a_mistake_is_told_at_once(site: Wire) -> None:
    with pytest.raises(sa.UsageError, match="on_hold"):
        Signals(settings(), on_hold="maybe")  # type: ignore[arg-type]  # settings as a mapping, or wrong on purpose
    with pytest.raises(sa.UsageError, match="an Agent or its arguments"):
        Signals("ExampleBot")  # type: ignore[arg-type]  # settings as a mapping, or wrong on purpose
    with pytest.raises(sa.PolicyError):
        Signals({"policy": {"presett": "strict"}})
    async with Signals(settings()) as signals:
        with pytest.raises(sa.UsageError, match="HTTP crawlers"):
            signals.attach(BasicCrawler(storage_client=MemoryStorageClient()))  # type: ignore[arg-type]  # settings as a mapping, or wrong on purpose


def test_without_crawlee_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [each for each in sys.modules if each.split(".")[0] == "crawlee"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "signals_agent.integrations.crawlee")
    with pytest.raises(sa.MissingExtra, match=r"pip install 'signals-agent\[crawlee\]'"):
        __import__("signals_agent.integrations.crawlee")
