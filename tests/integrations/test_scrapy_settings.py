"""Settings of the Scrapy integration that cannot be: a sentence, and no crawl."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from wire import Wire, html, text

pytest.importorskip("scrapy", reason="Scrapy is not installed")

from scrapy_crawls import crawl


@pytest.fixture
async def site() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        wire.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
        wire.on("/page", html(b"<title>A page</title><p>Words."))
        yield wire


MISTAKES = {
    "a policy with an unknown key": (
        {"SIGNALS_AGENT_POLICY": {"use": ["search"]}},
        "unknown key 'use'; did you mean 'uses'?",
    ),
    "a policy that is not there": (
        {"SIGNALS_AGENT_POLICY": "nowhere.toml"},
        "cannot read the policy nowhere.toml",
    ),
    "a token with a slash": (
        {"SIGNALS_AGENT_TOKEN": "Bot/1"},
        "SIGNALS_AGENT_TOKEN: 'Bot/1' is not a product token",
    ),
    "site files of another kind": (
        {"SIGNALS_AGENT_SITE_FILES": "all"},
        "SIGNALS_AGENT_SITE_FILES is one of default, none, extended; not 'all'",
    ),
    "a switch that is neither on nor off": (
        {"SIGNALS_AGENT_OBSERVE": "perhaps"},
        "SIGNALS_AGENT_OBSERVE is True or False; not 'perhaps'",
    ),
    "a ledger where none can be": (
        {"SIGNALS_AGENT_LEDGER": "nowhere/run.ledger"},
        "the ledger nowhere/run.ledger cannot be made: there is no folder",
    ),
    "to resume without a ledger": (
        {"SIGNALS_AGENT_RESUME": True},
        "SIGNALS_AGENT_RESUME needs SIGNALS_AGENT_LEDGER",
    ),
    "a style of credit that is none": (
        {"SIGNALS_AGENT_CREDIT": "prose"},
        "SIGNALS_AGENT_CREDIT is one of markdown, html, text, bibtex; not 'prose'",
    ),
    "another way to hold": (
        {"SIGNALS_AGENT_HOLD": "wait"},
        "SIGNALS_AGENT_HOLD is one of drop, pass; not 'wait'",
    ),
}


@pytest.mark.parametrize(("settings", "says"), MISTAKES.values(), ids=MISTAKES)
async def test_a_wrong_setting_stops_the_crawl_before_it_begins(
    site: Wire, tmp_path: Path, settings: dict[str, object], says: str
) -> None:
    crawled = await crawl(tmp_path, [site.url("/page")], settings)
    before, _, told = crawled.log.partition("CRITICAL: the crawl does not begin: ")
    assert says in told.splitlines()[0]
    assert "Traceback" not in before
    assert site.asked == []
    assert json.dumps(crawled.items) == "[]"


async def test_items_have_the_credit_line_in_the_style_that_is_set(
    site: Wire, tmp_path: Path
) -> None:
    (plain,) = (await crawl(tmp_path, [site.url("/page")])).items
    (marked,) = (
        await crawl(tmp_path, [site.url("/page")], {"SIGNALS_AGENT_CREDIT": "markdown"})
    ).items
    page = site.url("/page")
    assert plain["signals_agent"]["credit"].endswith(f", {page}")
    assert f"[A page](<{page}>)" in marked["signals_agent"]["credit"]
