"""The transport for synchronous clients: what is asked, sent, read and judged, in order."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from signals_agent.errors import UsageError
from signals_agent.integrations import mistakes
from signals_agent.integrations.background import BackgroundAgent
from signals_agent.integrations.httpx.arguments import check_wrapped, settings_of
from signals_agent.integrations.httpx.bodies import Intake, SyncHanded, read_already
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

_NOT_ASYNC = (
    "SyncSignalsTransport belongs to an httpx.Client: give an httpx.AsyncClient a SignalsTransport"
)


class SyncSignalsTransport(httpx.BaseTransport):
    """The same for ``httpx.Client``: robots.txt and site files are fetched in a thread of its own.

    ``settings`` are the arguments of an ``Agent``. Not for use where an event loop runs.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        wrapped: httpx.BaseTransport | None = None,
        *,
        on_refused: OnRefused = "raise",
        on_hold: OnHold = "refuse",
        on_assessment: OnAssessment | None = None,
    ) -> None:
        if not isinstance(settings, Mapping):
            raise UsageError(
                f"settings are an Agent's arguments as a mapping, not {type(settings).__name__}"
            )
        self._background = BackgroundAgent(settings_of(settings))
        self._gate = Gate(self._background.agent, on_refused, on_hold, on_assessment)
        self._wrapped = httpx.HTTPTransport() if wrapped is None else wrapped
        check_wrapped(self._wrapped, "handle_request", "httpx.HTTPTransport()")
        self._warned = False
        self.tally = self._gate.tally

    def __enter__(self) -> Self:
        """Open what is wrapped; the agent opens with the first request."""
        self._wrapped.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Close both."""
        self._close()
        self._wrapped.__exit__(kind, error, trace)

    def close(self) -> None:
        """The same, where it was never entered."""
        self._close()
        self._wrapped.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange, asked for before and judged after; raises ``Refused``."""
        gate = self._gate
        url = gate.check(request)
        self._look_for_loop()
        permit = self._background.permit(url)
        if (instead := gate.before(request, permit)) is not None:
            return instead
        try:
            response = self._wrapped.handle_request(gate.sent(request))
        except httpx.TransportError as error:
            self._unreached(request, error)
            raise
        try:
            if gate.is_hop(request, response):
                return response
            answer = self._judged(request, response)
            instead = gate.after(request, response, answer)
        except BaseException:
            response.close()
            raise
        if instead is None:
            return response
        response.close()
        return instead

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ``UsageError``: this is what an asynchronous client asks."""
        raise UsageError(_NOT_ASYNC)

    async def __aenter__(self) -> Self:
        """Raises ``UsageError``: so an asynchronous client begins."""
        raise UsageError(_NOT_ASYNC)

    async def __aexit__(self, *error: object) -> None:
        """Never reached; an asynchronous client looks for it."""

    def _look_for_loop(self) -> None:
        """Say once that waiting here makes a running event loop wait."""
        if self._warned:
            return
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        self._warned = True
        mistakes.warn(
            "SyncSignalsTransport is used on the thread of an event loop, which waits with it: "
            "use httpx.AsyncClient and SignalsTransport there"
        )

    def _judged(self, request: httpx.Request, response: httpx.Response) -> Assessment:
        hops = self._gate.hops(request)
        try:
            capture = self._read(request, response)
        except httpx.TransportError as error:
            self._unreached(request, error)
            raise
        if response.status_code == 304:
            told = self._background.assess_capture(stored(capture), hops)
            if decision_of(told) is Decision.SKIP:
                return told
        return self._background.assess_capture(capture, hops)

    def _unreached(self, request: httpx.Request, error: Exception) -> None:
        """Put a request that got no answer, or none that is whole, on record."""
        told, hops = unreached(request, error), self._gate.hops(request)
        self._gate.unreached(request, self._background.assess_capture(told, hops))

    def _read(self, request: httpx.Request, response: httpx.Response) -> Capture:
        if request.method == "HEAD" or response.status_code == 304:
            return capture_of(request, response, None)
        intake = Intake(self._background.agent, request, response)
        if response.is_stream_consumed:
            return read_already(intake, response)
        if not intake.begin(decoded=False):
            return intake.capture()
        assert isinstance(response.stream, httpx.SyncByteStream)
        stream = response.stream
        rest = iter(stream)
        response.stream = SyncHanded(intake.held, rest, stream)
        for chunk in rest:
            intake.held.append(chunk)
            if not intake.feed(chunk):
                return intake.capture()
        return intake.end()

    def _close(self) -> None:
        self._background.close()
        self._gate.close()
