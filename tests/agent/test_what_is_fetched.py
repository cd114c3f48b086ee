"""The agent asks robots.txt first, fetches what it may, and nothing else (rules R15, R16)."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest
from wire import Do, Wire, answer, endless, html, moved, text

import signals_agent as sa
from signals_agent.agent import Agent
from signals_agent.model.resolution import AccessAnswer
from signals_agent.policy import Agreement, Policy

TDMREP = "/.well-known/tdmrep.json"
FREE = b"User-agent: *\nAllow: /\n"
GENAI = (b"Content-Usage", b"train-genai=n;exceptions=cc-cr-ec")


def coverage(result: sa.Assessment) -> dict[str, str]:
    """How looking ended, by the path of the source."""
    return {"/" + each.source.split("/", 3)[3]: each.availability.value for each in result.coverage}


def decision(result: sa.Assessment, use: str = "train-generative") -> str:
    return result.uses[sa.Use(use)].decision.value


async def test_robots_txt_comes_first_then_the_site_files_then_the_asset(
    agent: Agent, site: Wire
) -> None:
    site.on("/robots.txt", text(FREE))
    site.on("/page", html(b"<p>", GENAI))
    result = await agent.assess(site.url("/page#part"))
    assert site.asked == ["/robots.txt", TDMREP, "/page"]
    answered = result.uses[sa.Use.TRAIN_GENERATIVE]
    assert answered.preference is sa.Preference.CONDITIONAL
    assert answered.literal is sa.Preference.UNKNOWN
    assert answered.decision is sa.Decision.HOLD
    assert {each.kind.value for each in result.obligations_for("train-generative")} >= {
        "credit",
        "ecosystem-contribution",
    }
    assert coverage(result) == {"/robots.txt": "present", TDMREP: "absent", "/page": "present"}
    assert result.checked_at is not None


async def test_what_robots_txt_refuses_is_never_asked_for(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: ExampleBot\nDisallow: /private\n"))
    site.on("/private/page", html(b"<p>"))
    result = await agent.assess(site.url("/private/page"))
    assert "/private/page" not in site.asked
    assert result.access.answer is AccessAnswer.DISALLOWED
    assert {each.decision for each in result.uses.values()} == {sa.Decision.SKIP}
    assert coverage(result)["/private/page"] == "not-looked"


async def test_a_refused_site_file_is_not_asked_for(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nDisallow: /.well-known/\n"))
    await agent.assess(site.url("/page"))
    assert site.asked == ["/robots.txt", "/page"]


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n"


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((answer(status=500),), id="500"),
        pytest.param((answer(status=503),), id="503"),
        pytest.param((answer(status=429),), id="429"),
        pytest.param((answer(b"", (b"Retry-After", b"9999"), status=503),), id="asked to wait"),
        pytest.param((Do.RESET,), id="reset"),
        pytest.param((Do.HANG,), id="time-out"),
        pytest.param((CUT, Do.CLOSE), id="cut"),
        pytest.param((b"garbage\r\n\r\n", Do.CLOSE), id="garbage"),
        pytest.param((b"HTTP/1.1 200 OK\r\n", endless(b"X: y\r\n" * 1000)), id="endless headers"),
        pytest.param((text(b"", (b"Content-Encoding", b"br")),), id="an unknown coding"),
        pytest.param((text(b"x", (b"Content-Encoding", b"gzip")),), id="a broken coding"),
        pytest.param((answer(b"", (b"cf-mitigated", b"challenge")),), id="a challenge"),
        pytest.param((moved("ftp://x/"),), id="a redirect to nowhere"),
    ],
)
async def test_where_robots_txt_cannot_be_had_nothing_is_fetched(
    make_agent: Callable[..., Agent], site: Wire, steps: tuple[bytes | Do, ...]
) -> None:
    site.on("/robots.txt", *steps)
    site.on("/page", html(b"<p>"))
    async with make_agent(limits=sa.Limits(timeout=0.3)) as agent:
        result = await agent.assess(site.url("/page"))
        permit = await agent.permit(site.url("/page"))
    assert set(site.asked) == {"/robots.txt"}
    assert result.access.answer is AccessAnswer.UNDETERMINED
    assert decision(result) == "hold"
    assert permit.answer is sa.PermitAnswer.HOLD
    assert coverage(result)["/robots.txt"] == "unreachable"


@pytest.mark.parametrize(
    ("script", "ended"),
    [
        pytest.param(answer(status=404), "absent", id="404"),
        pytest.param(answer(status=410), "absent", id="410"),
        pytest.param(answer(status=403), "unavailable", id="403"),
        pytest.param(answer(status=401), "unavailable", id="401"),
        pytest.param(html(b"<!doctype html><title>Home</title>"), "unreadable", id="HTML"),
        pytest.param(moved("/robots.txt"), "unavailable", id="a loop"),
    ],
)
async def test_a_site_without_rules_may_be_fetched(
    agent: Agent, site: Wire, script: bytes, ended: str
) -> None:
    site.on("/robots.txt", script)
    site.on("/page", html(b"<p>"))
    result = await agent.assess(site.url("/page"))
    assert site.asked[-1] == "/page"
    assert coverage(result)["/robots.txt"] == ended
    assert site.times("/robots.txt") == (
        6 if ended == "unavailable" and b"Location" in script else 1
    )


async def test_robots_txt_that_moved_to_another_origin_speaks_for_the_first(
    agent: Agent, site: Wire, other: Wire
) -> None:
    site.on("/robots.txt", moved(other.url("/shared")))
    other.on("/shared", text(b"User-agent: *\nDisallow: /page\n"))
    result = await agent.assess(site.url("/page"))
    assert result.access.answer is AccessAnswer.DISALLOWED
    assert (site.asked, other.asked) == (["/robots.txt"], ["/shared"])


# Redirects


async def test_each_hop_is_asked_of_its_own_robots_txt_first(
    agent: Agent, site: Wire, other: Wire
) -> None:
    site.on("/robots.txt", text(FREE + b"Content-Usage: train-ai=n\n"))
    other.on("/robots.txt", text(FREE))
    site.on("/a", moved("/b"))
    site.on("/b", moved(other.url("/c"), 301))
    other.on("/c", html(b"<p>"))
    result = await agent.assess(site.url("/a"))
    assert site.asked == ["/robots.txt", TDMREP, "/a", "/b"]
    assert other.asked == ["/robots.txt", TDMREP, "/c"]
    assert (result.url, result.final_url) == (site.url("/a"), other.url("/c"))
    assert decision(result, "train-other") == "skip"  # a redirect does not launder
    assert "redirect-hop-preference" in {note.code for note in result.notes}


async def test_a_redirect_to_what_robots_txt_refuses_is_not_followed(
    agent: Agent, site: Wire, other: Wire
) -> None:
    site.on("/a", moved(other.url("/secret")))
    other.on("/robots.txt", text(b"User-agent: *\nDisallow: /secret\n"))
    other.on("/secret", html(b"<p>"))
    result = await agent.assess(site.url("/a"))
    assert other.asked == ["/robots.txt"]
    assert result.access.answer is AccessAnswer.DISALLOWED
    assert decision(result) == "skip"


async def test_ten_redirects_are_followed_and_eleven_are_not(agent: Agent, site: Wire) -> None:
    for number in range(11):
        site.on(f"/{number}", moved(f"/{number + 1}"))
    site.on("/11", html(b"<p>"))
    result = await agent.assess(site.url("/1"))
    assert (result.final_url, decision(result)) == (site.url("/11"), "ingest")
    site.asked.clear()
    result = await agent.assess(site.url("/0"))
    assert "/11" not in site.asked
    assert decision(result) == "hold"
    assert coverage(result)["/11"] == "unreachable"


@pytest.mark.parametrize(
    "location",
    [b"next", b"./x/../next", b"//{host}/next", b"next#frag", b"  /next ", b"http:next", b"\\next"],
    ids=repr,
)
async def test_odd_locations_are_read_as_browsers_read_them(
    agent: Agent, site: Wire, location: bytes
) -> None:
    site.on("/a", moved(location.replace(b"{host}", b"127.0.0.1:%d" % site.port)))
    site.on("/next", html(b"<p>"))
    result = await agent.assess(site.url("/a"))
    assert result.final_url == site.url("/next")


@pytest.mark.parametrize(
    "location", [b"", b"mailto:a@b.example", b"http://", b"http://[", b"javascript:1"]
)
async def test_a_redirect_to_nowhere_is_never_an_asset(
    agent: Agent, site: Wire, location: bytes
) -> None:
    site.on("/a", moved(location))
    result = await agent.assess(site.url("/a"))
    assert decision(result) == "hold"
    assert coverage(result)["/a"] == "not-looked"
    assert site.asked == ["/robots.txt", TDMREP, "/a"]


async def test_a_redirect_into_the_machine_is_refused(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    site.on("/a", moved("http://169.254.169.254/latest/meta-data/"))
    async with make_agent() as agent:
        result = await agent.assess(site.url("/a"))
    assert decision(result) == "hold"
    assert "guard-refused" in {note.code for note in result.notes}


async def test_without_leave_no_private_address_is_asked(site: Wire) -> None:
    async with sa.Agent(token="ExampleBot") as agent:
        result = await agent.assess(site.url("/"))
    assert site.connections == 0
    assert decision(result) == "hold"


# Stopping early


async def test_what_is_already_refused_for_every_intended_use_is_not_fetched(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    site.on("/robots.txt", text(FREE + b"Content-Usage: train-ai=n\n"))
    site.on("/page", html(b"<p>"))
    async with make_agent(uses=["train-generative"]) as agent:
        result = await agent.assess(site.url("/page"))
        assert site.asked == ["/robots.txt", TDMREP]
        assert decision(result) == "skip"
        assert coverage(result)["/page"] == "not-looked"
        assert (await agent.permit(site.url("/page"))).answer is sa.PermitAnswer.SKIP
    async with make_agent(uses=["train-generative", "search"]) as agent:
        await agent.assess(site.url("/page"))
        assert site.asked[-1] == "/page"


async def test_what_is_only_not_looked_at_yet_is_never_already_refused(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    site.on("/robots.txt", text(FREE))
    site.on("/page", html(b"<p>"))
    policy = Policy(on={"undetermined": "skip"})
    async with make_agent(policy=policy) as agent:
        assert (await agent.permit(site.url("/page"))).answer is sa.PermitAnswer.FETCH
        result = await agent.assess(site.url("/page"))
    assert site.asked[-1] == "/page"
    assert decision(result) == "ingest"


async def test_a_site_file_can_end_it_too(make_agent: Callable[..., Agent], site: Wire) -> None:
    site.on(TDMREP, answer(b'[{"location": "/", "tdm-reservation": 1}]'))
    async with make_agent(uses=["train-generative"]) as agent:
        result = await agent.assess(site.url("/page"))
    assert site.asked == ["/robots.txt", TDMREP]
    assert decision(result) == "skip"


async def test_an_agreement_lifts_the_refusal(make_agent: Callable[..., Agent], site: Wire) -> None:
    site.on("/robots.txt", text(b"User-agent: *\nDisallow: /\n"))
    site.on("/page", html(b"<p>"))
    policy = Policy(
        uses=("train-generative",),
        agreement=(
            Agreement.model_validate(
                {
                    "party": "Example Press",
                    "origins": [site.origin],
                    "uses": ["train-generative"],
                    "from": date(2020, 1, 1),
                }
            ),
        ),
    )
    async with make_agent(policy=policy) as agent:
        result = await agent.assess(site.url("/page"))
    assert site.asked[-1] == "/page"
    assert decision(result) == "ingest"


async def test_permit_fetches_no_asset(agent: Agent, site: Wire) -> None:
    site.on("/robots.txt", text(FREE))
    permit = await agent.permit(site.url("/page"))
    assert permit.answer is sa.PermitAnswer.FETCH
    assert site.asked == ["/robots.txt", TDMREP]


# Once for many


async def test_robots_txt_and_site_files_are_asked_for_once_per_origin(
    agent: Agent, site: Wire
) -> None:
    release = site.hold("/robots.txt")
    arrived = site.arrival("/robots.txt")
    asking = [asyncio.ensure_future(agent.assess(site.url(f"/{n}"))) for n in range(20)]
    await arrived.wait()
    release.set()
    await asyncio.gather(*asking)
    await agent.assess(site.url("/later"))
    assert (site.times("/robots.txt"), site.times(TDMREP)) == (1, 1)


# Time


async def test_when_the_time_is_up_what_is_known_is_told(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    site.on("/robots.txt", text(FREE + b"Content-Usage: search=n\n"))
    site.on("/page", Do.HANG)
    async with make_agent(limits=sa.Limits(timeout=0.3)) as agent:
        result = await agent.assess(site.url("/page"))
    assert coverage(result)["/page"] == "unreachable"
    assert decision(result, "search") == "skip"
    assert decision(result) == "hold"


async def test_an_asker_does_not_outwait_its_time_for_a_shared_robots_txt(
    make_agent: Callable[..., Agent], site: Wire, other: Wire
) -> None:
    site.on("/slow", moved(other.url("/x")))
    other.on("/robots.txt", Do.HANG)
    async with make_agent(limits=sa.Limits(timeout=0.3)) as agent:
        async with asyncio.timeout(5):
            result = await agent.assess(site.url("/slow"))
    assert result.access.answer is AccessAnswer.UNDETERMINED


async def test_an_asset_that_fails_once_is_asked_again(agent: Agent, site: Wire) -> None:
    site.on("/page", Do.RESET)
    site.on("/page", html(b"<p>"))
    # aiohttp itself asks again over a fresh connection where an idle one was dropped.
    result = await agent.assess(site.url("/page"))
    assert site.times("/page") >= 2
    assert coverage(result)["/page"] == "present"


async def test_depth_headers_leaves_the_body_unread(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Usage: search=n\r\n\r\n"
    site.on("/page", head, Do.HANG)
    async with make_agent(depth="headers") as agent:
        result = await agent.assess(site.url("/page"))
    assert decision(result, "search") == "skip"
    assert decision(result) == "hold"


@pytest.mark.parametrize(
    ("line", "fetched"),
    [
        pytest.param(b"Content-Usage: train-ai=n\n", [], id="the whole site"),
        pytest.param(b"Content-Usage: /a train-ai=n\n", ["/b", "/c"], id="one path"),
        pytest.param(b"Content-Usage: /*c train-ai=n\n", ["/a", "/b"], id="one ending"),
        pytest.param(b"Content-Usage: train-ai=y\n", ["/a", "/b", "/c"], id="nothing"),
    ],
)
async def test_each_path_has_its_own_permit_in_any_order(
    make_agent: Callable[..., Agent], site: Wire, line: bytes, fetched: list[str]
) -> None:
    site.on("/robots.txt", text(FREE + line))
    for path in "abc":
        site.on("/" + path, html(b"<p>"))
    for paths in ("abc", "cba"):
        site.asked.clear()
        async with make_agent(uses=["train-generative"]) as agent:
            for path in paths:
                result = await agent.assess(site.url("/" + path))
                assert (decision(result) == "skip") is ("/" + path not in fetched)
        assert sorted(set(site.asked) - {"/robots.txt", TDMREP}) == fetched


async def test_where_others_are_refused_by_path_each_path_has_its_own_permit(
    make_agent: Callable[..., Agent], site: Wire
) -> None:
    crawlers = b"User-agent: GPTBot\nUser-agent: CCBot\nUser-agent: ClaudeBot\nDisallow: /a\n"
    site.on("/robots.txt", text(FREE + crawlers))
    for path in "ab":
        site.on("/" + path, html(b"<p>"))
    policy = Policy(training_crawlers_refused="disallow")
    for paths in ("ab", "ba"):
        site.asked.clear()
        async with make_agent(uses=["train-generative"], policy=policy) as agent:
            for path in paths:
                result = await agent.assess(site.url("/" + path))
                assert (decision(result) == "skip") is (path == "a")
        assert [path for path in site.asked if path in ("/a", "/b")] == ["/b"]
