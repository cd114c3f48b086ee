"""Much work, so much at a time: each result as soon as it is there, none held in excess."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_END: Final = object()


class Flow(Generic[Item, Result]):
    """Runs pieces of work side by side; ``aclose`` ends whatever is still running."""

    def __init__(self) -> None:
        self._workers: set[asyncio.Task[None]] = set()

    async def run(
        self,
        items: Iterable[Item] | AsyncIterable[Item],
        work: Callable[[Item], Awaitable[Result | None]],
        *,
        concurrency: int,
    ) -> AsyncGenerator[Result, None]:
        """The results of ``work``, ``concurrency`` at a time; one of ``None`` is left out.

        Items are drawn only as fast as results are taken: at most twice ``concurrency``
        are ahead. What ``items`` or ``work`` raises is raised here.
        """
        source = _drawn(items)
        drawing = asyncio.Lock()
        ready: asyncio.Queue[tuple[Result] | Exception | None] = asyncio.Queue(concurrency)

        async def worker() -> None:
            try:
                while True:
                    async with drawing:
                        item = await anext(source, _END)
                    if item is _END:
                        break
                    result = await work(item)  # type: ignore[arg-type]  # _END is no item
                    if result is not None:
                        await ready.put((result,))
            except Exception as error:
                await ready.put(error)
            else:
                await ready.put(None)

        workers = {asyncio.ensure_future(worker()) for _ in range(concurrency)}
        self._workers |= workers
        try:
            running = len(workers)
            while running:
                told = await ready.get()
                if isinstance(told, Exception):
                    raise told
                if told is None:
                    running -= 1
                else:
                    yield told[0]
        finally:
            await _cancel(workers)
            self._workers -= workers
            await source.aclose()

    async def aclose(self) -> None:
        """Cancel what is running, and wait until it is gone."""
        await _cancel(self._workers)


async def _drawn(items: Iterable[Item] | AsyncIterable[Item]) -> AsyncGenerator[Item, None]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


async def _cancel(tasks: set[asyncio.Task[None]]) -> None:
    ending = tuple(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
