"""Site files over the wire: each asked for once per origin, and followed where it moved."""

from collections.abc import Callable

import pytest
from wire import Wire, answer, html, moved, text

import signals_agent as sa
from signals_agent.agent import Agent
from signals_agent.families import FAMILIES
from signals_agent.plan import wanted_files

PATHS = [file.path for file in wanted_files(FAMILIES, "extended")]
SAID = {
    "/.well-known/tdmrep.json": b'[{"location": "/", "tdm-reservation": 1}]',
    "/ai.txt": b"User-Agent: *\nDisallow: /\n",
    "/trust.txt": b"datatrainingallowed=no\n",
    "/.well-known/trust.txt": b"datatrainingallowed=no\n",
}
EXTENDED = sa.Policy.parse("sources = 'extended'")
HOME = b"<!doctype html><title>Home</title>"
every_file = pytest.mark.parametrize("path", PATHS)


def said(result: sa.Assessment) -> str:
    return str(result.uses[sa.Use.TRAIN_GENERATIVE].preference)


async def test_each_is_asked_for_once_for_all_pages_of_an_origin(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    for name in "abc":
        site.on("/" + name, html(b"<p>"))
    async with make_agent(policy=EXTENDED) as agent:
        for name in "abca":
            await agent.assess(site.url("/" + name))
    assert {path: site.times(path) for path in ["/robots.txt", *PATHS]} == dict.fromkeys(
        ["/robots.txt", *PATHS], 1
    )
    assert len(PATHS) == len(set(PATHS)) == 4


async def test_without_extended_sources_only_one_is_asked_for(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    site.on("/a", html(b"<p>"))
    async with make_agent() as agent:
        await agent.assess(site.url("/a"))
    assert [path for path in site.asked if path in PATHS] == ["/.well-known/tdmrep.json"]


@every_file
async def test_a_file_that_moved_is_followed(
    make_agent: Callable[..., Agent], site: Wire, path: str
) -> None:
    site.on("/a", html(b"<p>"))
    site.on(path, moved("/files/here"))
    site.on("/files/here", text(SAID[path]))
    async with make_agent(policy=EXTENDED) as agent:
        assert said(await agent.assess(site.url("/a"))) == "disallow"


@every_file
async def test_a_file_that_moved_to_the_home_page_is_none(
    make_agent: Callable[..., Agent], site: Wire, path: str
) -> None:
    site.on("/a", html(b"<p>"))
    site.on("/", answer(HOME + SAID[path], (b"Content-Type", b"text/plain")))
    site.on(path, moved("/"))
    async with make_agent(policy=EXTENDED) as agent:
        result = await agent.assess(site.url("/a"))
    assert said(result) == "unknown"
    assert "site-file-soft-404" in {note.code for note in result.notes}


@every_file
async def test_a_file_that_robots_txt_refuses_is_not_asked_for(
    make_agent: Callable[..., Agent], site: Wire, path: str
) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nDisallow: " + path.encode() + b"\n"))
    site.on("/a", html(b"<p>"))
    async with make_agent(policy=EXTENDED) as agent:
        result = await agent.assess(site.url("/a"))
    assert path not in site.asked
    assert {each.source: str(each.availability) for each in result.coverage}[
        site.url(path)
    ] == "not-looked"
