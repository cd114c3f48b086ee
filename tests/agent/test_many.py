"""Many URLs: answers as they come, no more held than needed, and nothing left behind."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from wire import Do, Wire, html, text

import signals_agent as sa
from signals_agent.agent import Agent


@pytest.fixture(autouse=True)
async def nothing_is_left_running() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert {task for task in left if not task.done()} == set()


@pytest.fixture
def pages(site: Wire) -> Wire:
    site.on("/robots.txt", text(b"User-agent: *\nDisallow: /no\n"))
    for number in range(100):
        site.on(f"/{number}", html(b"<p>"))
    return site


def working() -> int:
    """How many workers of a run there are."""
    return sum("Flow.run" in repr(task.get_coro()) for task in asyncio.all_tasks())


async def answers(agent: Agent, urls: object, **wishes: object) -> list[sa.Assessment]:
    return [each async for each in agent.assess_many(urls, **wishes)]


@pytest.mark.parametrize("concurrency", [1, 3, 64])
async def test_every_url_is_answered_once(agent: Agent, pages: Wire, concurrency: int) -> None:
    urls = [pages.url(f"/{number}") for number in range(40)]
    results = await answers(agent, iter(urls), concurrency=concurrency)
    assert sorted(each.url for each in results) == sorted(urls)
    assert pages.times("/robots.txt") == 1


async def test_the_urls_may_come_asynchronously(agent: Agent, pages: Wire) -> None:
    async def urls() -> AsyncIterator[str]:
        for number in range(5):
            await asyncio.sleep(0)
            yield pages.url(f"/{number}")

    assert len(await answers(agent, urls())) == 5


async def test_an_empty_list_has_no_answers(agent: Agent) -> None:
    assert await answers(agent, []) == []


async def test_answers_come_as_they_are_ready(agent: Agent, pages: Wire) -> None:
    release = pages.hold("/0")
    found: list[str] = []
    async for each in agent.assess_many([pages.url("/0"), pages.url("/1")]):
        found.append(each.url)
        release.set()
    assert found == [pages.url("/1"), pages.url("/0")]


async def test_an_endless_list_is_drawn_only_as_fast_as_answers_are_taken(
    agent: Agent, pages: Wire
) -> None:
    drawn = 0

    def urls() -> Iterator[str]:
        nonlocal drawn
        while True:
            drawn += 1
            yield pages.url(f"/{drawn % 100}")

    taken = 0
    many = agent.assess_many(urls(), concurrency=4)
    async for _ in many:
        taken += 1
        for _ in range(50):
            await asyncio.sleep(0)
        if taken == 30:
            break
    await many.aclose()
    assert drawn <= 30 + 4 + 4 + 1


async def test_a_text_that_is_no_url_is_told_and_the_run_goes_on(
    agent: Agent, pages: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, str]] = []
    urls = ["nonsense", pages.url("/1"), "ftp://a.example/", "", pages.url("/2")]
    results = await answers(
        agent, urls, on_invalid=lambda text, error: told.append((text, type(error).__name__))
    )
    assert len(results) == 2
    assert sorted(told) == [
        (bad, "InvalidURL") for bad in sorted(["nonsense", "ftp://a.example/", ""])
    ]
    with caplog.at_level(logging.WARNING, "signals_agent"):
        assert len(await answers(agent, ["http://u:secret@/", pages.url("/1")])) == 1
    assert "left out" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("entry", [None, b"http://a.example/", 5, ["x"]], ids=repr)
async def test_an_entry_that_is_no_text_is_told_and_the_run_goes_on(
    agent: Agent, pages: Wire, caplog: pytest.LogCaptureFixture, entry: object
) -> None:
    told: list[object] = []
    urls = [pages.url("/1"), entry, pages.url("/2")]
    results = await answers(agent, urls, on_invalid=lambda given, error: told.append(given))
    assert (len(results), told) == (2, [entry])
    with caplog.at_level(logging.WARNING, "signals_agent"):
        assert len(await answers(agent, urls)) == 2
    assert f"left out: a URL is text, not {type(entry).__name__}" in caplog.text


async def test_one_bad_site_is_one_outcome(agent: Agent, pages: Wire, other: Wire) -> None:
    other.on("/robots.txt", b"\x00garbage", Do.CLOSE)
    urls = [other.url("/"), pages.url("/1"), "http://does-not-exist.invalid/", pages.url("/no")]
    results = {each.url: each for each in await answers(agent, urls)}
    assert set(results) == set(urls)
    held = {url for url, each in results.items() if each.uses[sa.Use.SEARCH].decision == "hold"}
    assert held == {urls[0], urls[2]}


async def test_a_failing_source_of_urls_is_told_to_the_caller(agent: Agent, pages: Wire) -> None:
    def urls() -> Iterator[str]:
        yield pages.url("/1")
        raise OSError("the list could not be read")

    with pytest.raises(OSError, match="the list could not be read"):
        await answers(agent, urls())


async def test_whoever_stops_listening_stops_the_work(agent: Agent, pages: Wire) -> None:
    pages.hold("/0")
    many = agent.assess_many([pages.url("/1"), pages.url("/0")])
    async for _ in many:
        break
    assert working() > 0
    await many.aclose()
    assert working() == 0


async def test_leaving_the_block_ends_a_run_that_nobody_closed(
    make_agent: Callable[..., Agent], pages: Wire
) -> None:
    pages.hold("/0")
    async with make_agent() as agent:
        many = agent.assess_many([pages.url("/1"), *[pages.url("/0")] * 20], concurrency=8)
        await anext(many)
        assert working() > 0
    assert working() == 0
    await many.aclose()


async def test_cancelling_is_clean(make_agent: Callable[..., Agent], pages: Wire) -> None:
    pages.hold("/robots.txt")
    arrived = pages.arrival("/robots.txt")

    async def run() -> None:
        async with make_agent() as agent:
            await answers(agent, [pages.url(f"/{n}") for n in range(10)])

    task = asyncio.ensure_future(run())
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# The agent itself


async def test_outside_its_block_an_agent_is_closed(make_agent: Callable[..., Agent]) -> None:
    agent = make_agent()
    url = "https://example.org/"
    with pytest.raises(sa.ClosedAgent):
        await agent.assess(url)
    async with agent:
        pass
    for ask in (agent.assess, agent.permit, agent.look):
        with pytest.raises(sa.ClosedAgent):
            await ask(url)
    with pytest.raises(sa.ClosedAgent):
        await answers(agent, [url])
    with pytest.raises(sa.ClosedAgent):
        await agent.__aenter__()


@pytest.mark.parametrize(
    "wishes",
    [
        {"uses": ["train-ai"]},
        {"uses": "search"},
        {"vocabulary": "09"},
        {"depth": "deep"},
        {"token": "Example Bot"},
        {"tokens": "ExampleBot"},
        {"acquired_by": "CC/Bot"},
        {"per_host": 0},
        {"host_delay": -1},
        {"ca_bundle": "/nowhere.pem"},
        {"proxy": "ftp://x"},
        {"contact": "a\nb"},
        {"contact": 5},
        {"token": ""},
        {"token": 5},
        {"tokens": 5},
        {"tokens": [None]},
        {"acquired_by": ""},
        {"uses": 5},
        {"policy": 5},
        {"policy": {"unknwn": 1}},
        {"limits": {"timeout": 5}},
        {"transport": "http"},
        {"per_host": 1.5},
        {"host_delay": float("nan")},
        {"host_delay": float("inf")},
        {"host_delay": "1"},
        {"ca_bundle": 5.0},
        {"proxy": 5},
        {"proxy": "http://u:secret@"},
    ],
    ids=str,
)
def test_a_callers_mistake_is_told_at_once(wishes: dict[str, object]) -> None:
    with pytest.raises(sa.UsageError) as told:
        sa.Agent(**wishes)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


async def test_a_policy_may_be_its_keys(make_agent: Callable[..., Agent], pages: Wire) -> None:
    keys = {"name": "mine", "uses": ["search"], "tokens": ["LabBot"]}
    async with make_agent(token=None, policy=keys) as agent:
        result = await agent.assess(pages.url("/1"))
    assert result.tokens == ("LabBot",)
    assert result.verdict is not None
    assert result.verdict.policy.name == "mine"


async def test_a_callers_mistake_in_a_url_or_a_number_is_told(agent: Agent) -> None:
    for url in ("nonsense", "ftp://a.example/", "//a.example/", None, b"http://a.example/", 5):
        for ask in (agent.assess, agent.permit, agent.look):
            with pytest.raises(sa.InvalidURL):
                await ask(url)
    for concurrency in (0, 1.5, "2", None):
        with pytest.raises(sa.UsageError, match="concurrency"):
            await answers(agent, [], concurrency=concurrency)
    for urls in (None, 5, "http://a.example/"):
        with pytest.raises(sa.UsageError, match="an iterable of URLs"):
            await answers(agent, urls)


def test_the_default_token_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "signals_agent"):
        sa.Agent()
        assert "SignalsAgent" in caplog.text
        caplog.clear()
        sa.Agent(token="ExampleBot")
        assert caplog.text == ""
