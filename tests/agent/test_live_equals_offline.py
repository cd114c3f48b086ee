"""The same octets give the same result by every way, apart from times."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from wire import Wire, answer, html, moved, text

import signals_agent as sa
from signals_agent.agent import Agent

TDMREP = "/.well-known/tdmrep.json"
ROBOTS = (
    b"User-agent: *\nAllow: /\nContent-Signal: search=yes, ai-train=no\nContent-Usage: train-ai=n\n"
)
PAGE = (
    b"<!doctype html><head><meta name=robots content=noai>"
    b"<meta http-equiv=content-usage content='train-genai=n;exceptions=cc-cr'></head><p>\xc3\xa9"
)
TDM = b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "/p.json"}]'
FIELDS = [
    (b"Content-Usage", b"train-ai=y, search=y"),
    (b"content-usage", b"train-genai=n;exceptions=cc-cr-op"),
    (b"X-Robots-Tag", b"noindex"),
    (b"TDM-Reservation", b"0"),
]

Told = dict[str, Any]


def told(result: sa.Assessment) -> Told:
    """The document, without its times."""
    document: Told = json.loads(result.model_dump_json(by_alias=True, exclude_none=True))

    def timeless(value: Any) -> Any:
        if isinstance(value, dict):
            times = ("checked_at", "valid_until", "fetched_at")
            return {key: timeless(each) for key, each in value.items() if key not in times}
        return [timeless(each) for each in value] if isinstance(value, list) else value

    cleaned: Told = timeless(document)
    return cleaned


@pytest.mark.parametrize("uses", [None, ["search", "model-input"]], ids=["all uses", "two uses"])
@pytest.mark.parametrize("with_hop", [False, True], ids=["straight", "redirected"])
@pytest.mark.parametrize(
    ("robots", "tdm"),
    [
        pytest.param(text(ROBOTS), answer(TDM), id="everything declared"),
        pytest.param(text(b""), answer(status=404), id="the page alone"),
        pytest.param(answer(status=404), answer(b"<html>"), id="a soft 404"),
        pytest.param(html(b"<title>Home</title>"), answer(b"{"), id="junk"),
    ],
)
async def test_live_offline_and_from_a_response_are_one(
    make_agent: Callable[..., Agent],
    site: Wire,
    other: Wire,
    robots: bytes,
    tdm: bytes,
    with_hop: bool,
    uses: list[str] | None,
) -> None:
    for wire in (site, other):
        wire.on("/robots.txt", robots)
        wire.on(TDMREP, tdm)
    other.on("/page", html(PAGE, *FIELDS))
    site.on("/start", moved(other.url("/page")))
    url = site.url("/start") if with_hop else other.url("/page")

    async with make_agent(uses=uses) as agent:
        live = await agent.assess(url)
        known = await agent.look(url)
        before = [*site.asked, *other.asked]
        async with httpx.AsyncClient(
            trust_env=False, follow_redirects=True, headers={"accept-encoding": "identity"}
        ) as client:
            response = await client.get(url)
            fetched = len([*site.asked, *other.asked]) - len(before)
            answered = await agent.assess_response(response)
            assert len([*site.asked, *other.asked]) == len(before) + fetched
    assert known.asset is not None
    assert len(known.hops) == with_hop

    def given(raw: bytes, at: str) -> sa.Capture:
        """A capture made by hand from what the server sent."""
        head, body = raw.split(b"\r\n\r\n", 1)
        status, *lines = head.split(b"\r\n")
        fields = [tuple(line.split(b": ", 1)) for line in lines]
        return sa.Capture(at, status=int(status.split()[1]), headers=fields, body=body)

    origins = [site, other] if with_hop else [other]
    offline = sa.assess(
        given(html(PAGE, *FIELDS), other.url("/page")),
        hops=[given(moved(other.url("/page")), site.url("/start"))] if with_hop else [],
        robots={wire.origin: given(robots, wire.url("/robots.txt")) for wire in origins},
        site_files={other.url(TDMREP): given(tdm, other.url(TDMREP))},
        documents={other.url("/p.json"): given(answer(status=404), other.url("/p.json"))}
        if tdm == answer(TDM)
        else {},
        token="ExampleBot",
        uses=uses,
    )
    assert told(live) == told(offline)
    assert told(answered) == told(offline)


async def test_nothing_is_fetched_twice_for_a_response_in_hand(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nAllow: /\n"))
    request = httpx.Request("GET", site.url("/page"))
    fields = [("Content-Usage", "search=n"), ("Content-Type", "text/html")]
    response = httpx.Response(200, headers=fields, content=PAGE, request=request)
    result = await agent.assess_response(response)
    assert site.asked == ["/robots.txt", TDMREP]
    assert result.uses[sa.Use.SEARCH].decision is sa.Decision.SKIP


async def test_a_response_to_head_is_judged_by_its_headers_alone(agent: Agent, site: Wire) -> None:
    request = httpx.Request("HEAD", site.url("/page"))
    response = httpx.Response(200, headers={"Content-Type": "text/html"}, request=request)
    result = await agent.assess_response(response)
    assert result.uses[sa.Use.SEARCH].decision is sa.Decision.HOLD


async def test_every_hop_of_a_response_is_asked_of_its_own_robots_txt(
    agent: Agent, site: Wire, other: Wire
) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nContent-Usage: search=n\n"))
    first = httpx.Response(
        302, headers={"location": other.url("/b")}, request=httpx.Request("GET", site.url("/a"))
    )
    last = httpx.Response(200, content=b"x", request=httpx.Request("GET", other.url("/b")))
    last.history = [first]
    result = await agent.assess_response(last)
    assert site.asked == ["/robots.txt"]
    assert other.asked == ["/robots.txt", TDMREP]
    assert result.uses[sa.Use.SEARCH].decision is sa.Decision.SKIP


async def test_a_response_whose_body_was_not_read_is_the_callers_mistake(
    agent: Agent, site: Wire
) -> None:
    site.on("/page", html(b"<p>"))
    async with (
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("GET", site.url("/page")) as response,
    ):
        with pytest.raises(sa.UsageError, match="aread"):
            await agent.assess_response(response)


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(httpx.Response(200, text="x"), id="made without a request"),
        pytest.param("<p>", id="no response at all"),
        pytest.param(None, id="nothing"),
    ],
)
async def test_a_response_that_names_no_url_is_the_callers_mistake(
    agent: Agent, response: Any
) -> None:
    with pytest.raises(sa.UsageError, match="response"):
        await agent.assess_response(response)


async def test_credentials_in_a_url_reach_neither_the_server_nor_the_result(
    agent: Agent, site: Wire
) -> None:
    site.on("/page", html(PAGE))
    result = await agent.assess(site.url("/page").replace("//", "//user:secret@", 1))
    assert b"authorization" not in b"".join(site.heads).lower()
    assert "secret" not in result.model_dump_json()
