"""Real crawls of Scrapy, in a process of their own, of sites on loopback."""

import asyncio
import json
import signal
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPIDER = """
import json

import scrapy
{imports}

class Crawl(scrapy.Spider):
    name = "crawl"
    custom_settings = json.loads({settings!r})

    async def start(self):
        for url, meta in json.loads({urls!r}):
            yield scrapy.Request(url, meta=meta, dont_filter=True, errback=self.failed)

    def parse(self, response):
        asked = (response.meta.get("redirect_urls") or [response.url])[0]
        yield {{"asked": asked, "url": response.url, "status": response.status}}
{more}
    def failed(self, failure):
        with open("failed.jsonl", "a") as file:
            said = [failure.request.url, failure.type.__name__, str(failure.value)]
            file.write(json.dumps(said) + "\\n")

    def closed(self, reason):
        with open("stats.json", "w") as file:
            json.dump(self.crawler.stats.get_stats(), file, default=str)
"""

ASYNCIO = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
CLASSIC = None
"""Whichever reactor Twisted itself takes on this system."""

SETTINGS = {
    "ADDONS": {"signals_agent.integrations.scrapy.Addon": 500},
    "USER_AGENT": "ExampleBot/1.0 (+https://lab.example/bot)",
    "TELNETCONSOLE_ENABLED": False,
    "RETRY_TIMES": 0,
    "LOG_LEVEL": "INFO",
    "DOWNLOAD_DELAY": 0,
}


@dataclass(frozen=True)
class Crawled:
    """What a crawl left behind."""

    items: tuple[dict[str, Any], ...]
    failed: tuple[tuple[str, str, str], ...]
    stats: Mapping[str, Any]
    log: str
    code: int

    def asked(self) -> set[str]:
        return {item["asked"] for item in self.items}

    def stat(self, name: str) -> int:
        return int(self.stats.get(f"signals_agent/{name}", 0))

    def why(self, url: str) -> str:
        """What the errback was told of a URL."""
        (said,) = {text for at, _, text in self.failed if at == url}
        return said


async def crawl(
    folder: Path,
    urls: Iterable[str | tuple[str, dict[str, Any]]],
    settings: Mapping[str, Any] | None = None,
    *,
    more: str = "",
    imports: str = "",
) -> Crawled:
    """Run a spider that asks for the URLs; it must end by itself."""
    write(folder, urls, settings, more=more, imports=imports)
    return await run(folder, "spider.py")


def write(
    folder: Path,
    urls: Iterable[str | tuple[str, dict[str, Any]]],
    settings: Mapping[str, Any] | None = None,
    *,
    more: str = "",
    imports: str = "",
) -> None:
    """Write a spider that asks for the URLs, as ``spider.py``."""
    asked = [(url, {}) if isinstance(url, str) else url for url in urls]
    text = SPIDER.format(
        settings=json.dumps({**SETTINGS, **(settings or {})}),
        urls=json.dumps(asked),
        more=more,
        imports=imports,
    )
    (folder / "spider.py").write_text(text)


async def killed(folder: Path, ledger: Path, entries: int, *arguments: str) -> int:
    """Run ``spider.py`` until its ledger has so many entries, and kill it there (SIGKILL).

    How many entries there are then; it must not have ended by itself.
    """
    process = await _started(folder, *(arguments or ("spider.py",)))
    output = asyncio.ensure_future(process.communicate())
    while _entries(ledger) < entries:
        assert process.returncode is None, (await output)[0].decode()[-3000:]
        await asyncio.sleep(0)
    process.kill()
    await output
    assert process.returncode == -signal.SIGKILL
    return _entries(ledger)


def _entries(ledger: Path) -> int:
    """How many entries a ledger has, looked at from beside it."""
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(ledger, timeout=10)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM assessments").fetchone()
        except sqlite3.OperationalError:
            # Its tables are not made yet.
            return 0
    return int(count)


async def run(folder: Path, *arguments: str) -> Crawled:
    """``scrapy runspider`` in a folder."""
    process = await _started(folder, *arguments)
    out, _ = await asyncio.wait_for(process.communicate(), 120)
    stats = folder / "stats.json"
    return Crawled(
        tuple(_lines(folder / "items.jsonl")),
        tuple((at, kind, text) for at, kind, text in _lines(folder / "failed.jsonl")),
        json.loads(stats.read_text()) if stats.exists() else {},
        out.decode(),
        process.returncode or 0,
    )


async def _started(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scrapy",
        "runspider",
        *arguments,
        *(() if "-O" in arguments else ("-O", "items.jsonl")),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def _lines(file: Path) -> list[Any]:
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().splitlines() if line]
