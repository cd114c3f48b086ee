"""The transport for asynchronous clients: what is asked, sent, read and judged, in order."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from signals_agent.agent import Agent
from signals_agent.errors import UsageError
from signals_agent.integrations.httpx.arguments import check_wrapped, settings_of
from signals_agent.integrations.httpx.bodies import AsyncHanded, Intake, read_already
from signals_agent.integrations.httpx.gate import (
    Gate,
    OnAssessment,
    OnHold,
    OnRefused,
    capture_of,
    stored,
    unreached,
)
from signals_agent.integrations.tally import decision_of
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Capture
from signals_agent.model.verdict import Decision

_NOT_SYNC = (
    "SignalsTransport belongs to an httpx.AsyncClient: give an httpx.Client a SyncSignalsTransport"
)


class SignalsTransport(httpx.AsyncBaseTransport):
    """A transport for ``httpx.AsyncClient`` that asks for a permit, then judges what came.

    ``agent`` is an ``Agent`` that the caller has opened and closes, or the arguments of one
    as a mapping: it is then opened with the first request and closed with the transport.
    ``wrapped`` makes the requests (``httpx.AsyncHTTPTransport()`` where it is left out) and
    is closed with this one. What is refused raises ``Refused``, or, with
    ``on_refused="respond"``, is answered 403 in its place. ``on_hold="pass"`` hands on what
    is held once it was fetched. Responses carry their ``Assessment`` as
    ``response.extensions["signals_agent"]``; ``on_assessment`` is called with each, and with
    that of a request which got no answer, whose own error is raised after it.

    Under the preset ``observe`` everything is sent, handed on and counted in ``tally``,
    which is written to stderr in the end. Runs on asyncio.
    """

    def __init__(
        self,
        agent: Agent | Mapping[str, Any],
        wrapped: httpx.AsyncBaseTransport | None = None,
        *,
        on_refused: OnRefused = "raise",
        on_hold: OnHold = "refuse",
        on_assessment: OnAssessment | None = None,
    ) -> None:
        self._own = isinstance(agent, Mapping)
        if isinstance(agent, Mapping):
            agent = Agent(**settings_of(agent))
        if not isinstance(agent, Agent):
            raise UsageError(f"agent is an Agent or its arguments, not {type(agent).__name__}")
        self._agent = agent
        self._gate = Gate(agent, on_refused, on_hold, on_assessment)
        self._wrapped = httpx.AsyncHTTPTransport() if wrapped is None else wrapped
        check_wrapped(self._wrapped, "handle_async_request", "httpx.AsyncHTTPTransport()")
        self._opening = asyncio.Lock()
        self._opened = not self._own
        self.tally = self._gate.tally

    async def __aenter__(self) -> Self:
        """Open what is wrapped; the agent opens with the first request."""
        await self._wrapped.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Close everything that is ours to close."""
        await self._close()
        await self._wrapped.__aexit__(kind, error, trace)

    async def aclose(self) -> None:
        """The same, where it was never entered."""
        await self._close()
        await self._wrapped.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange, asked for before and judged after; raises ``Refused``."""
        await self._open()
        gate = self._gate
        permit = await self._agent.permit(gate.check(request))
        if (instead := gate.before(request, permit)) is not None:
            return instead
        try:
            response = await self._wrapped.handle_async_request(gate.sent(request))
        except httpx.TransportError as error:
            await self._unreached(request, error)
            raise
        try:
            if gate.is_hop(request, response):
                return response
            answer = await self._judged(request, response)
            instead = gate.after(request, response, answer)
        except BaseException:
            await response.aclose()
            raise
        if instead is None:
            return response
        await response.aclose()
        return instead

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ``UsageError``: this is what a synchronous client asks."""
        raise UsageError(_NOT_SYNC)

    def __enter__(self) -> Self:
        """Raises ``UsageError``: so a synchronous client begins."""
        raise UsageError(_NOT_SYNC)

    def __exit__(self, *error: object) -> None:
        """Never reached; a synchronous client looks for it."""

    async def _judged(self, request: httpx.Request, response: httpx.Response) -> Assessment:
        hops = self._gate.hops(request)
        try:
            capture = await self._read(request, response)
        except httpx.TransportError as error:
            await self._unreached(request, error)
            raise
        if response.status_code == 304:
            told = await self._agent.assess_capture(stored(capture), hops=hops)
            if decision_of(told) is Decision.SKIP:
                return told
        return await self._agent.assess_capture(capture, hops=hops)

    async def _unreached(self, request: httpx.Request, error: Exception) -> None:
        """Put a request that got no answer, or none that is whole, on record."""
        told, hops = unreached(request, error), self._gate.hops(request)
        self._gate.unreached(request, await self._agent.assess_capture(told, hops=hops))

    async def _read(self, request: httpx.Request, response: httpx.Response) -> Capture:
        """The response as far as judging needs it; the caller gets all of it nevertheless."""
        if request.method == "HEAD" or response.status_code == 304:
            return capture_of(request, response, None)
        intake = Intake(self._agent, request, response)
        if response.is_stream_consumed:
            return read_already(intake, response)
        if not intake.begin(decoded=False):
            return intake.capture()
        assert isinstance(response.stream, httpx.AsyncByteStream)
        stream = response.stream
        rest = aiter(stream)
        response.stream = AsyncHanded(intake.held, rest, stream)
        async for chunk in rest:
            intake.held.append(chunk)
            if not intake.feed(chunk):
                return intake.capture()
        return intake.end()

    async def _open(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise UsageError(
                "SignalsTransport runs on asyncio alone: use SyncSignalsTransport in a thread"
            ) from None
        if self._opened:
            return
        async with self._opening:
            if not self._opened:
                await self._agent.__aenter__()
                self._opened = True

    async def _close(self) -> None:
        if self._own and self._opened:
            await self._agent.__aexit__(None, None, None)
        self._gate.close()
