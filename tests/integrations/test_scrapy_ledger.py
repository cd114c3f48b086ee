"""Scrapy crawls with a ledger: what is not asked for again, what tightened, what stops a crawl."""

import asyncio
import re
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from wire import Wire, answer, html, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import Crawled, crawl

from signals_agent.store import Ledger, verify

NO = (b"Content-Usage", b"train-ai=n")
CREDIT = (b"Content-Usage", b"train-ai=n;exceptions=cc-cr")
PAGE = html(b"<title>A page</title><p>Words.")


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        wire.on("/robots.txt", text(b"User-agent: *\nAllow: /\nDisallow: /closed\n"))
        wire.on("/page", PAGE)
        wire.on("/no", html(b"<p>x", NO))
        wire.on("/credit", html(b"<p>x", CREDIT))
        yield wire


def settings(folder: Path, **more: object) -> dict[str, Any]:
    return {
        "SIGNALS_AGENT_POLICY": {"uses": ["train-generative"]},
        "SIGNALS_AGENT_LEDGER": str(folder / "crawl.ledger"),
        "SIGNALS_AGENT_RESUME": True,
        **more,
    }


def entries(folder: Path) -> list[tuple[str, str | None]]:
    with Ledger(folder / "crawl.ledger", read_only=True) as ledger:
        assert list(verify(ledger)) == []
        return [(entry.url, entry.decision) for entry in ledger]


async def again(
    site: Wire, folder: Path, first: dict[str, Any], second: dict[str, Any], *paths: str
) -> Crawled:
    """Crawl twice, the second time with other settings; ``site.asked`` is of the second."""
    urls = [site.url(path) for path in paths]
    await crawl(folder, urls, first)
    site.asked.clear()
    return await crawl(folder, urls, second)


async def test_of_what_is_refused_nobody_is_asked_again_not_even_robots_txt(
    site: Wire, tmp_path: Path
) -> None:
    chosen = settings(tmp_path)
    crawled = await again(site, tmp_path, chosen, chosen, "/no", "/credit", "/closed/1")
    assert site.asked == []
    assert crawled.stat("resumed") == 3
    assert (crawled.stat("skip"), crawled.stat("hold")) == (2, 1)
    assert crawled.stat("reason/disallow") == crawled.stat("reason/access-refused") == 1
    assert crawled.why(site.url("/no")).startswith("signals_agent: skip: disallow: ")
    assert len(entries(tmp_path)) == 3


async def test_without_the_setting_all_are_asked_and_written_again(
    site: Wire, tmp_path: Path
) -> None:
    chosen = settings(tmp_path, SIGNALS_AGENT_RESUME=False)
    crawled = await again(site, tmp_path, chosen, chosen, "/no")
    assert "/no" in site.asked
    assert crawled.stat("resumed") == 0
    # The ledger takes the same answer of the same second once.
    assert {url for url, _ in entries(tmp_path)} == {site.url("/no")}


async def test_what_was_ingested_is_asked_for_again_and_written_once(
    site: Wire, tmp_path: Path
) -> None:
    chosen = settings(tmp_path)
    crawled = await again(site, tmp_path, chosen, chosen, "/page")
    assert "/page" in site.asked
    assert "HTTPCACHE_ENABLED" in crawled.log
    (item,) = crawled.items
    with Ledger(tmp_path / "crawl.ledger", read_only=True) as ledger:
        (entry,) = ledger
    carried = item["signals_agent"]
    assert carried["checked_at"] == entry.assessment.model_dump(mode="json")["checked_at"]
    assert "A page" in carried["credit"]


async def test_another_answer_is_written_beside_the_first(site: Wire, tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    site.on("/page", html(b"<title>A page</title>", NO))
    await again(site, tmp_path, chosen, chosen, "/page")
    assert [says for _, says in entries(tmp_path)] == ["ingest", "skip"]


CHANGED: dict[str, dict[str, object]] = {
    "another policy": {"SIGNALS_AGENT_POLICY": {"uses": ["search"]}},
    "another token": {"SIGNALS_AGENT_TOKEN": "OtherBot"},
    "held pages are wanted": {"SIGNALS_AGENT_HOLD": "pass"},
    "only observing": {"SIGNALS_AGENT_OBSERVE": True},
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
async def test_an_answer_to_another_question_does_not_count(
    site: Wire, tmp_path: Path, change: dict[str, object]
) -> None:
    chosen = settings(tmp_path)
    crawled = await again(site, tmp_path, chosen, {**chosen, **change}, "/credit")
    assert "/credit" in site.asked
    assert crawled.stat("resumed") == 0


async def test_evidence_that_is_there_by_now_is_counted(site: Wire, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'uses = ["train-generative"]\n[[commitment]]\nkind = "credit"\nevidence = "credits.md"\n'
    )
    chosen = settings(tmp_path, SIGNALS_AGENT_POLICY=str(policy))
    first = await crawl(tmp_path, [site.url("/credit")], chosen)
    assert first.stat("hold") == 1
    assert re.search(
        r"WARNING: policy.toml: the commitment to credit: its evidence is not there "
        r"\(credits.md\), so it does not count",
        first.log,
    )
    (tmp_path / "credits.md").write_text("Thanks to all.")
    second = await crawl(tmp_path, [site.url("/credit")], chosen)
    assert second.stat("ingest") == 1
    assert "does not count" not in second.log


async def test_site_files_that_were_left_out_then_are_looked_at(site: Wire, tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    first = {**chosen, "SIGNALS_AGENT_SITE_FILES": "none"}
    await again(site, tmp_path, first, chosen, "/no", "/closed/1")
    assert "/.well-known/tdmrep.json" in site.asked
    assert "/closed/1" not in site.asked


async def test_what_could_not_be_found_out_is_asked_again(site: Wire, tmp_path: Path) -> None:
    site.on("/wobbly", answer(b"", status=503))
    site.on("/wobbly", PAGE)
    chosen = settings(tmp_path)
    crawled = await again(site, tmp_path, chosen, chosen, "/wobbly")
    assert crawled.asked() == {site.url("/wobbly")}
    assert [says for _, says in entries(tmp_path)] == ["hold", "ingest"]


async def test_only_plain_requests_are_answered_from_the_ledger(site: Wire, tmp_path: Path) -> None:
    more = """
    async def start(self):
        yield scrapy.http.JsonRequest(json.loads(self.settings["AT"]), data={"q": 1})
        yield scrapy.Request(json.loads(self.settings["AT"]), method="HEAD")
"""
    chosen = settings(tmp_path, AT=f'"{site.url("/no")}"')
    await crawl(tmp_path, [site.url("/no")], chosen)
    site.asked.clear()
    crawled = await crawl(tmp_path, [], chosen, more=more)
    assert site.asked.count("/no") == 2
    assert crawled.items == ()


async def test_what_tightened_since_it_was_ingested_is_told(
    site: Wire, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp_path = tmp_path_factory.mktemp("a folder with blanks")
    site.on("/page", html(b"<title>A page</title>", NO))
    policy = {"uses": ["train-generative"], "on": {"tightened": "drop"}}
    chosen = settings(tmp_path, SIGNALS_AGENT_POLICY=policy)
    crawled = await again(site, tmp_path, chosen, chosen, "/page")
    told = r"WARNING: tightened since \S+/page was ingested \(\d{4}-\d\d-\d\d\): "
    assert re.search(told + r".*unknown, now disallow.*; the policy says drop", crawled.log)
    assert crawled.stat("tightened") == crawled.stat("tightened/drop") == 1
    assert "1 that was ingested earlier has stricter declarations by now (1 to drop)" in crawled.log
    (command,) = re.findall(r"; (signals-agent ledger .*) shows both readings", crawled.log)
    shown = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "signals_agent", *shlex.split(command)[1:]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 1, shown.stderr
    assert site.url("/page") in shown.stdout
    # A third start drops it unasked, and says so all the same.
    site.asked.clear()
    third = await crawl(tmp_path, [site.url("/page")], chosen)
    assert site.asked == []
    assert third.stat("tightened") == third.stat("resumed") == 1


FULL = """
    def parse(self, response):
        import resource

        yield {"asked": response.url}
        # Beyond this no file grows.
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
"""
REMOVED = """
    def parse(self, response):
        from pathlib import Path

        yield {"asked": response.url}
        Path(self.settings["SIGNALS_AGENT_LEDGER"]).unlink(missing_ok=True)
"""
FAILURES = {
    "the disk is full": (FULL, "cannot be read or written|has no room left"),
    "the file was removed": (REMOVED, "was removed, or another file was put in its place"),
}


@pytest.mark.parametrize(("more", "says"), FAILURES.values(), ids=FAILURES)
async def test_a_ledger_that_cannot_be_written_stops_the_crawl(
    site: Wire, tmp_path: Path, more: str, says: str
) -> None:
    paths = [f"/{number}" for number in range(60)]
    for path in paths:
        site.on(path, PAGE)
    chosen = settings(tmp_path, SIGNALS_AGENT_RESUME=False, CONCURRENT_REQUESTS=2)
    crawled = await crawl(tmp_path, [site.url(path) for path in paths], chosen, more=more)
    errors = re.findall(r"ERROR: .*", crawled.log)
    (error,) = [each for each in errors if "the crawl is stopped" in each]
    assert re.search(says, error)
    assert "Closing spider (signals_agent_ledger_failed)" in crawled.log
    assert "'finish_reason': 'signals_agent_ledger_failed'" in crawled.log
    assert crawled.code == 0
    # Behind it stands what measures the tests, which cannot write either.
    assert "Traceback" not in crawled.log.partition("Spider closed")[0]
    assert len(site.asked) < len(paths)
    if more == REMOVED:
        assert len(crawled.items) < len(paths)
    else:
        assert crawled.asked() <= {url for url, _ in entries(tmp_path)}


async def test_a_folder_of_scrapys_own_to_resume_from_is_warned_of(
    site: Wire, tmp_path: Path
) -> None:
    chosen = settings(tmp_path, JOBDIR=str(tmp_path / "job"))
    crawled = await crawl(tmp_path, [site.url("/page")], chosen)
    assert "SIGNALS_AGENT_RESUME with JOBDIR" in crawled.log
