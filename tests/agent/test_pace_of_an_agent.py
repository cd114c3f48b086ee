"""At which pace an agent asks (rule R15)."""

import asyncio
from collections.abc import Callable

import pytest
from wire import Wire, html, moved, text

from signals_agent import Agent

TDMREP = "/.well-known/tdmrep.json"


async def test_a_crawl_delay_is_learned_and_capped(
    make_agent: Callable[..., Agent], site: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nCrawl-delay: 86400\n"))
    async with make_agent() as agent:
        learned: list[tuple[str, float]] = []
        monkeypatch.setattr(agent._pacer, "learn", lambda *what: learned.append(what))
        await agent.assess(site.url("/page"))
    assert set(learned) == {(site.origin, 30.0)}


async def test_no_more_than_per_host_run_at_once(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    for number in range(12):
        site.on(f"/{number}", html(b"<p>"))
    async with make_agent(per_host=2) as agent:
        await asyncio.gather(*(agent.assess(site.url(f"/{n}")) for n in range(12)))
    assert site.most_running <= 2


async def test_a_crawl_delay_is_learned_where_a_site_file_leads(
    make_agent: Callable[..., Agent], site: Wire, other: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.on(TDMREP, moved(other.url("/x")))
    other.on("/robots.txt", text(b"User-agent: *\nCrawl-delay: 2\n"))
    async with make_agent() as agent:
        learned: dict[str, list[str]] = {}
        monkeypatch.setattr(
            agent._pacer,
            "learn",
            lambda origin, delay: learned.setdefault(f"{origin} {delay}", list(other.asked)),
        )
        await agent.assess(site.url("/page"))
    assert learned[f"{other.origin} 2.0"] == ["/robots.txt"]
    assert other.asked == ["/robots.txt", "/x"]
