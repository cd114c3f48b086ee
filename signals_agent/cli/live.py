"""Many URLs through one agent, answered in the order in which they were asked."""

import asyncio
import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
    advice: str = "",
) -> None:
    """Assess every URL, and hand each result to ``answer`` in input order.

    ``advice`` is told on standard error once the settings have been found good.
    """
    asyncio.run(_run(urls, settings, answer, progress, advice))


@contextmanager
def _lightly() -> Iterator[None]:
    """Let the HTTP layers be imported without what we never use: a tenth of a short run.

    httpx brings its own command line, and so rich and pygments; where that is missing it
    goes without. aiohttp reads the usual certificates twice, for contexts of its own:
    those trust nobody now, and ``fetch.client`` hands it ours for whatever speaks TLS.
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None means: missing
    before = {name: os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    os.environ.update(dict.fromkeys(before, os.devnull))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


async def _run(
    urls: Sequence[str],
    settings: dict[str, Any],
    answer: Callable[["Assessment"], None],
    progress: bool,
    advice: str,
) -> None:
    with _lightly():
        from signals_agent.agent import Agent
    gc.freeze()  # what has been loaded stays; see cli.main
    places = asyncio.Semaphore(CONCURRENCY)
    waiting: deque[asyncio.Task[Assessment]] = deque()
    remaining = iter(urls)
    done = 0
    async with Agent(**settings) as agent:
        sys.stderr.write(advice)

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
