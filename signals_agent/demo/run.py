"""The demo's run: serve the publishers, and assess their pages through HTTP."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from signals_agent.agent import Agent
from signals_agent.demo.publishers import Page, Publisher, load, policy_text
from signals_agent.demo.server import Servers
from signals_agent.limits import Limits
from signals_agent.model.assessment import Assessment
from signals_agent.policy import Policy

NAME: Final = "ExampleBot"
"""The product token under which the demo reads."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One page, and what it came to."""

    publisher: Publisher
    page: Page
    result: Assessment


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything that was checked, in order, and the policy that decided."""

    checked: tuple[Checked, ...]
    policy: Policy


async def run(publishers: Sequence[Publisher] | None = None) -> Demo:
    """Serve the publishers on loopback and check every page for real."""
    chosen = tuple(publishers) if publishers is not None else load()
    async with Servers(chosen) as servers:
        policy = Policy.parse(servers.placed(policy_text()), "the demo's policy")
        async with Agent(
            token=NAME,
            contact="https://lab.example/bot",
            policy=policy,
            allow_private=True,
            host_delay=0.0,
            # Loopback answers at once: waiting for a broken server would only be slow.
            limits=Limits(timeout=20.0, max_retry_after=0.0),
        ) as agent:
            pages = [(publisher, page) for publisher in chosen for page in publisher.pages]
            results = await asyncio.gather(
                *(
                    agent.assess(servers.origins[publisher.name] + page.path)
                    for publisher, page in pages
                )
            )
    checked = tuple(Checked(*pair, result) for pair, result in zip(pages, results, strict=True))
    return Demo(checked, policy)
