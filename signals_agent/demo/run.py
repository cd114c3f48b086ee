"""The demo's run: serve the publishers, and assess their pages through HTTP."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from signals_agent.agent import Agent
from signals_agent.demo.publishers import Page, Publisher, load, planned_text, policy_text
from signals_agent.demo.server import Servers
from signals_agent.limits import Limits
from signals_agent.model.assessment import Assessment
from signals_agent.policy import Policy

NAME: Final = "ExampleBot"
"""The product token under which the demo reads."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One page, and what it came to; ``planned`` is the same for who plans a release."""

    publisher: Publisher
    page: Page
    result: Assessment
    planned: Assessment | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything that was checked, in order, and the policies that decided."""

    checked: tuple[Checked, ...]
    policy: Policy
    planned: Policy


async def run(publishers: Sequence[Publisher] | None = None) -> Demo:
    """Serve the publishers on loopback and check every page for real."""
    chosen = tuple(publishers) if publishers is not None else load()
    async with Servers(chosen) as servers:
        policy = Policy.parse(servers.placed(policy_text()), "the demo's policy")
        planned = Policy.parse(servers.placed(planned_text()), "the demo's plan")
        pages = [(publisher, page) for publisher in chosen for page in publisher.pages]
        asked = [(publisher, page) for publisher, page in pages if page.planned is not None]
        results = await _assessed(pages, servers, policy)
        under = await _assessed(asked, servers, planned)
    found = {
        (publisher.name, page.path): result
        for (publisher, page), result in zip(asked, under, strict=True)
    }
    checked = tuple(
        Checked(*pair, result, found.get((pair[0].name, pair[1].path)))
        for pair, result in zip(pages, results, strict=True)
    )
    return Demo(checked, policy, planned)


async def serve(ready: Callable[[tuple[str, ...]], object]) -> None:
    """Serve the publishers until it is cancelled; ``ready`` is called with their pages' URLs."""
    publishers = load()
    async with Servers(publishers) as servers:
        ready(
            tuple(
                servers.origins[publisher.name] + page.path
                for publisher in publishers
                for page in publisher.pages
            )
        )
        await asyncio.Event().wait()


async def _assessed(
    pages: Sequence[tuple[Publisher, Page]], servers: Servers, policy: Policy
) -> list[Assessment]:
    async with Agent(
        token=NAME,
        contact="https://lab.example/bot",
        policy=policy,
        allow_private=True,
        host_delay=0.0,
        # Loopback answers at once: waiting for a broken server would only be slow.
        limits=Limits(timeout=20.0, max_retry_after=0.0),
    ) as agent:
        return await asyncio.gather(
            *(
                agent.assess(servers.origins[publisher.name] + page.path)
                for publisher, page in pages
            )
        )
