"""Many URLs through one agent, answered in the order in which they were asked."""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from signals_agent.model.assessment import Assessment

CONCURRENCY: Final = 64
"""How many URLs are asked for at a time."""

AHEAD: Final = 1024
"""How many answers may wait for an earlier one."""


def run(
    urls: Sequence[str],
    settings: dict[str, Any],
    answer: Callable[["Assessment"], None],
    progress: bool = False,
) -> None:
    """Assess every URL, and hand each result to ``answer`` in input order."""
    asyncio.run(_run(urls, settings, answer, progress))


async def _run(
    urls: Sequence[str],
    settings: dict[str, Any],
    answer: Callable[["Assessment"], None],
    progress: bool,
) -> None:
    from signals_agent.agent import Agent

    places = asyncio.Semaphore(CONCURRENCY)
    waiting: deque[asyncio.Task[Assessment]] = deque()
    remaining = iter(urls)
    done = 0
    async with Agent(**settings) as agent:

        async def one(url: str) -> "Assessment":
            async with places:
                return await agent.assess(url)

        def ask() -> None:
            for url in remaining:
                waiting.append(asyncio.create_task(one(url)))
                if len(waiting) >= AHEAD:
                    return

        try:
            ask()
            while waiting:
                result = await waiting.popleft()
                done += 1
                if progress:
                    sys.stderr.write(f"\r{done}/{len(urls)}\x1b[K")
                    sys.stderr.flush()
                answer(result)
                ask()
        finally:
            if progress:
                sys.stderr.write("\r\x1b[K")
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
