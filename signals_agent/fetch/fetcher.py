"""One URL asked well: in its host's turn, again where that helps, within the time allowed."""

from collections.abc import Callable
from datetime import datetime

from signals_agent.fetch import failures
from signals_agent.fetch.client import Client
from signals_agent.fetch.pace import Pacer
from signals_agent.fetch.retry import Retry
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.model.capture import Capture, Role
from signals_agent.url import Url


class Fetcher:
    """Client, pace and retries as one; it follows no redirects.

    ``witness`` is shown each exchange as it was, once: redirects and attempts that are made
    again included. What it raises ends the fetch.
    """

    def __init__(
        self,
        client: Client,
        pacer: Pacer,
        retry: Retry,
        *,
        now: Callable[[], datetime],
        witness: Callable[[Capture, Role], None] | None = None,
    ) -> None:
        self._client = client
        self._pacer = pacer
        self._retry = retry
        self._now = now
        self._witness = witness

    async def get(self, url: Url, role: Role, watch: Stopwatch, *, depth: str = "page") -> Capture:
        """The capture of one URL; ``watch`` runs while we work and stands while we queue."""

        async def attempt() -> Capture:
            async with self._pacer.slot(url.origin):
                if watch.left <= 0:
                    told = out_of_time(url.text, self._now())
                else:
                    with watch.running():
                        told = await self._client.get(url, role, seconds=watch.left, depth=depth)
            if self._witness is not None:
                self._witness(told, role)
            return told

        return await self._retry.run(attempt, role, watch)


def out_of_time(url: str, at: datetime) -> Capture:
    """What is told of a URL for which no time was left."""
    failure = failures.OUT_OF_TIME
    return Capture(url, availability=failure.availability, failure=failure.words, fetched_at=at)
