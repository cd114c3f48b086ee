"""Bodies that are read ahead of whoever asked for them, and then handed on as they came."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from datetime import UTC, datetime

import httpx

from signals_agent import url as urls
from signals_agent.agent import Agent
from signals_agent.fetch import failures
from signals_agent.fetch.exchange import Exchange
from signals_agent.model.capture import Capture, Role


class Intake:
    """A body that is read ahead of whoever asked for it, up to what judging needs."""

    def __init__(self, agent: Agent, request: httpx.Request, response: httpx.Response) -> None:
        self._exchange = Exchange(
            urls.parse(str(request.url)), Role.ASSET, agent.depth, agent.limits
        )
        self._response = response
        self.held: deque[bytes] = deque()

    def begin(self, *, decoded: bool) -> bool:
        """Take in the header section; whether the body is wanted."""
        response, at = self._response, datetime.now(UTC)
        try:
            return self._exchange.begin(
                response.status_code, response.headers.raw, at, decoded=decoded
            )
        except Exception as error:
            self._exchange.fail(failures.classify(error))
            return False

    def feed(self, chunk: bytes) -> bool:
        """Take in what came; whether more is wanted."""
        try:
            return self._exchange.feed(chunk)
        except Exception as error:
            # What cannot be decoded here is still the caller's to have, where it may be had.
            self._exchange.fail(failures.classify(error))
            return False

    def end(self) -> Capture:
        """The response, whole."""
        self._exchange.end()
        return self.capture()

    def capture(self) -> Capture:
        """The response, as far as it was read."""
        return self._exchange.capture(datetime.now(UTC))


class AsyncHanded(httpx.AsyncByteStream):
    """A body as it came: what was read ahead, then the rest."""

    def __init__(
        self, held: deque[bytes], rest: AsyncIterator[bytes], stream: httpx.AsyncByteStream
    ) -> None:
        self._held = held
        self._rest = rest
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._held:
            yield self._held.popleft()
        async for chunk in self._rest:
            yield chunk

    async def aclose(self) -> None:
        """Give up what was read ahead, and the rest."""
        self._held.clear()
        if isinstance(self._rest, AsyncGenerator):
            await self._rest.aclose()
        await self._stream.aclose()


class SyncHanded(httpx.SyncByteStream):
    """A body as it came: what was read ahead, then the rest."""

    def __init__(
        self, held: deque[bytes], rest: Iterator[bytes], stream: httpx.SyncByteStream
    ) -> None:
        self._held = held
        self._rest = rest
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        while self._held:
            yield self._held.popleft()
        yield from self._rest

    def close(self) -> None:
        """Give up what was read ahead, and the rest."""
        self._held.clear()
        if isinstance(self._rest, Generator):
            self._rest.close()
        self._stream.close()


def read_already(intake: Intake, response: httpx.Response) -> Capture:
    """A response whose transport has read and decoded it."""
    if not intake.begin(decoded=True) or not intake.feed(response.content):
        return intake.capture()
    return intake.end()
