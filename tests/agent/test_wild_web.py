"""On a wild web every address has an answer, in time, and none is ingested without a cause."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from wild import BROKEN, FINE, TOKEN, TRAITS, USE, Listed
from wild_watch import Watched, answered, served, summary

import signals_agent as sa
from signals_agent import url as urls
from signals_agent.agent import Agent

TRUSTED = Path(__file__).parents[1] / "support" / "loopback.pem"
PER_HOST = 4
SECONDS = 2.5
RETRIED = 1
"""How often the HTTP client may ask for the same at once."""
GREEDY = (
    "bomb",
    "bomb-in-bomb",
    "bomb-of-members",
    "endless-page",
    "endless-head",
    "header-flood",
    "header-lines",
    "hint-flood",
    "status-line-flood",
    "trailer-flood",
    "chunk-extension",
)


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with served(2 * len(TRAITS), tmp_path_factory.mktemp("wild")) as watched:
        yield watched


def _impatient() -> Agent:
    return Agent(
        token=TOKEN,
        uses=[USE],
        allow_private=True,
        ca_bundle=str(TRUSTED),
        limits=sa.Limits(timeout=SECONDS, connect_timeout=SECONDS, max_retry_after=0.5),
        per_host=PER_HOST,
    )


async def _ask(agent: Agent, listed: dict[str, Listed]) -> dict[str, str]:
    """What is wrong with the answers, by URL; an answer for each."""
    wrong = {}
    seen = set()
    async for result in agent.assess_many(listed, concurrency=64):
        address = listed[result.url]
        seen.add(result.url)
        given = answered(result.model_dump(mode="json"))
        if not address.allows(*given):
            wrong[result.url] = f"{address.trait}, {address.kind}: {' '.join(given)}"
    assert seen == set(listed)
    return wrong


async def test_every_address_has_an_answer_that_it_may_have(wild: Watched) -> None:
    listed = {urls.parse(each.url).text: each for each in wild.web.of_every_kind()}
    async with _impatient() as agent:
        wrong = await _ask(agent, listed)
    asked = summary(wild.asked())
    # What this machine was too busy for in time is asked for once more, alone.
    async with _impatient() as agent:
        wrong = await _ask(agent, {url: listed[url] for url in wrong})
    assert not wrong
    assert {each.kind for each in listed.values()} >= set(FINE) | set(BROKEN)

    traits = wild.web.trait
    # A connection that is reset before the answer is tried again, here and by the HTTP client.
    often = {traits(number).name for number, times in asked.robots.items() if times > 1}
    assert often <= {"resets", "robots-500"}
    assert max(asked.robots.values()) <= 2 * RETRIED
    assert max(asked.site_files.values()) == 1
    assert max(asked.most_running.values()) <= PER_HOST
    for url, each in listed.items():
        target = asked.targets[each.origin, urls.parse(url).target]
        assert target <= each.asked_at_most * RETRIED, f"{each.kind} was asked {target} times"


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell what one took")
def test_what_floods_takes_little_memory(wild: Watched) -> None:
    """Of each kind of what is sent without end four, and the peak of the process that asks."""
    origins = [
        origin for n, origin in enumerate(wild.web.origins) if wild.web.trait(n).name == "open"
    ]
    floods = [f"{origin}/{kind}/{n}" for n in range(2) for kind in GREEDY for origin in origins]
    quiet = [f"{origin}/silent/{n}" for n in range(3) for origin in origins]
    assert _peak(floods) - _peak(quiet) < 100


def _peak(addresses: list[str]) -> float:
    """Megabytes that checking these takes at most, four at once."""
    script = (
        "import asyncio, sys, signals_agent as sa\n"
        "async def main():\n"
        "    agent = sa.Agent(token='WildBot', allow_private=True)\n"
        "    async with agent:\n"
        "        async for each in agent.assess_many(sys.argv[1:], concurrency=4):\n"
        "            print(each.uses['train-generative'].decision)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, *addresses], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = process.stdout.read().split()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert len(told) == len(addresses)
    return used.ru_maxrss / 1024
