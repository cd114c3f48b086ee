"""The page about Scrapy: its example is run as it stands, and what it says of itself is so."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from wire import Wire, html, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import killed, run

from signals_agent.store import Ledger, verify

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scrapy.md").read_text("utf-8")
EXAMPLE, TRIAL = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LOOK, RECIPE = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SOURCES = "".join(
    file.read_text("utf-8")
    for file in sorted((ROOT / "signals_agent" / "integrations" / "scrapy").glob("*.py"))
)


@pytest.mark.parametrize("code", [EXAMPLE, TRIAL], ids=["the crawl", "the trial"])
def test_an_example_is_short(code: str) -> None:
    assert len(code.splitlines()) < 30


async def test_the_trial_crawls_the_bundled_publishers(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text(EXAMPLE)
    (tmp_path / "trial.py").write_text(TRIAL)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "trial.py"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 120)
    log = out.decode()
    assert process.returncode == 0, log
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    (heron,) = [item for item in items if item["url"].endswith("/wiki/heron")]
    assert heron["signals_agent"]["decision"] == "ingest"
    assert "Heron" in heron["signals_agent"]["credit"]
    assert re.search(r"INFO: skip \S+/subscribers/crossword: access-refused: ", log)
    assert re.search(r"INFO: hold \S+/prints: unmet: not committed to: ", log)
    assert "What enforcement came to, for 3 assets:" in log


@pytest.mark.parametrize(("ends", "code"), [("finished", 0), ("signals_agent_ledger_failed", 1)])
def test_the_line_that_looks_at_how_a_crawl_ended_finds_it(
    ends: str, code: int, tmp_path: Path
) -> None:
    """What it is given here is what Scrapy logs: ``test_scrapy_ledger`` looks at that."""
    (tmp_path / "pages.log").write_text(f"INFO: Closing spider ({ends})\n")
    look = LOOK.splitlines()[-1]
    assert subprocess.run(look, shell=True, cwd=tmp_path, check=False).returncode == code


async def test_the_example_runs_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text(EXAMPLE)
    robots = b"User-agent: *\nContent-Usage: train-ai=n;exceptions=cc-cr\nDisallow: /closed\n"
    async with Wire() as site:
        site.on("/robots.txt", text(robots))
        links = b'<title>Home</title><a href="/no">1</a><a href="/closed/2">2</a>'
        site.on("/", html(links))
        site.on("/no", html(b"<title>No</title>", (b"Content-Usage", b"train-ai=n")))
        crawled = await run(tmp_path, "pages.py", "-a", f"start={site.url('/')}")
        asked = set(site.asked)
        home = site.url("/")
    assert crawled.code == 0
    (item,) = crawled.items
    assert (item["url"], item["title"]) == (home, "Home")
    assert set(item["signals_agent"]) == {
        *("url", "checked_at", "decision", "verdict", "obligations", "credit")
    }
    assert "credit" in {each["kind"] for each in item["signals_agent"]["obligations"]}
    assert asked == {"/robots.txt", "/.well-known/tdmrep.json", "/", "/no"}
    assert "What enforcement came to, for 3 assets:" in crawled.log
    assert "Deprecat" not in crawled.log


async def test_the_second_start_is_the_same_command_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text(EXAMPLE)
    async with Wire() as site:
        site.on("/robots.txt", text(b"User-agent: *\nAllow: /\nDisallow: /closed\n"))
        links = b"".join(
            b'<a href="/%d">x</a><a href="/closed/%d">x</a>' % (n, n) for n in range(20)
        )
        site.on("/", html(b"<title>Home</title>" + links))
        for n in range(20):
            no = [(b"Content-Usage", b"train-ai=n")] if n % 3 else []
            site.on(f"/{n}", html(b"<title>Page</title>", *no))
        command = shlex.split(
            RECIPE.replace("\\\n", " ").replace("https://example.org/", site.url("/"))
        )
        assert command[:2] == ["scrapy", "runspider"]
        ledger = tmp_path / "pages.ledger"
        count = await killed(tmp_path, ledger, 8, *command[2:])
        crawled = await run(tmp_path, *command[2:])
        with Ledger(ledger, read_only=True) as opened:
            kept = Counter(entry.url for entry in opened)
            assert list(verify(opened)) == []
        asked = Counter(site.asked)
        home = site.url("/")
    assert 8 <= count < 41
    assert set(kept.values()) == {1}
    assert len(kept) == 41
    assert Counter(item["url"] for item in crawled.items) == Counter(
        [home, *(f"{home}{n}" for n in range(0, 20, 3))]
    )
    assert not [path for path in asked if path.startswith("/closed")]
    assert "'signals_agent/resumed': " in crawled.log
    assert asked.total() - len(asked) <= 16


def test_the_settings_of_the_page_are_those_of_the_code() -> None:
    table = PAGE.split("## Settings")[1].split("##")[0]
    told = set(re.findall(r"^\| `(SIGNALS_AGENT_\w+)`", table, re.MULTILINE))
    assert told == set(re.findall(r"\"(SIGNALS_AGENT_\w+)\"", SOURCES))


def test_every_name_that_the_page_imports_is_there() -> None:
    from signals_agent.integrations import scrapy

    named = set(re.findall(r"integrations\.scrapy\.(\w+)", PAGE))
    assert named == set(scrapy.__all__) - {"Judged", "Refused"}
