"""What a page of a browser asks for as its document, and what it was given."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from signals_agent.fetch import redirect
from signals_agent.model.capture import Capture
from signals_agent.pipeline import Permit

Ask: TypeAlias = Callable[[str], Awaitable[Permit | None]]
"""Gives the permit by which a URL is refused, ``None`` where it may be asked for."""

_DOCUMENTS: Final = {"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"}
_IN_PLACE: Final = {
    "responseCode": 200,
    "responseHeaders": [{"name": "Content-Type", "value": "text/plain"}],
}

_log = logging.getLogger(__name__)


class Visit:
    """One page's documents: asked for before they are requested, where that can be, and kept.

    Only what the page itself shows counts: its frames, scripts and pictures are the browser's.
    In Chromium each request for a document, those after a redirect too, waits until ``ask``
    has answered. Other browsers follow redirects before anybody can be asked.
    """

    def __init__(self, page: Any, ask: Ask) -> None:
        self._page = page
        self._ask = ask
        self._frame = ""
        self._session: Any = None
        self._waiting: set[Any] = set()
        self._moved: set[Any] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._came: list[Any] = []
        self._shown: list[Any] = []
        self._judged = False
        self.refused: tuple[str, Permit] | None = None
        """The URL that was refused in place of the navigation, and why."""
        self.failed: Exception | None = None
        """What went wrong while a URL was asked for."""

    async def begin(self) -> None:
        """Look at what the page asks for from now on."""
        self._page.on("request", self._requested)
        self._page.on("response", self._responded)
        self._page.on("requestfinished", self._ended)
        self._page.on("requestfailed", self._failed)
        self._page.on("framenavigated", self._navigated)
        await self._intercept()

    async def documents(self, first: Any) -> list[tuple[Capture, tuple[Capture, ...]]]:
        """The documents that the page has shown, each with its redirects; it shows the last one.

        ``first`` is the response that the navigation ended with. Waits for a navigation that
        is under way. The body can be had of the last one alone.
        """
        while True:
            await self._quiet.wait()
            shown = tuple(self._shown) or (first,)
            found = [
                (await _captured(each, whole=each is shown[-1]), await _hops(each))
                for each in shown
            ]
            if self._quiet.is_set() and shown == (tuple(self._shown) or (first,)):
                self._judged = True
                return found

    async def _intercept(self) -> None:
        # Playwright's own routes see no request that follows a redirect.
        try:
            session = await self._page.context.new_cdp_session(self._page)
            tree = await session.send("Page.getFrameTree")
        except Exception as error:
            _log.debug("no Chromium: %s", type(error).__name__)
            return
        self._session, self._frame = session, tree["frameTree"]["frame"]["id"]
        session.on("Fetch.requestPaused", self._paused)
        await session.send("Fetch.enable", {"patterns": [_DOCUMENTS]})

    async def _paused(self, event: dict[str, Any]) -> None:
        """Let a request go, or answer it here."""
        which = {"requestId": event["requestId"]}
        refused, wrong = None, False
        if event["frameId"] == self._frame:
            try:
                refused = await self._ask(event["request"]["url"])
            except Exception as error:
                self.failed, wrong = error, True
        if refused is None and not wrong:
            await self._say("Fetch.continueRequest", which)
        elif self._judged:
            # The page stays as it is.
            await self._say("Fetch.failRequest", which | {"errorReason": "Aborted"})
        elif refused is None:
            await self._say("Fetch.failRequest", which | {"errorReason": "BlockedByClient"})
        else:
            # An error would be the crawler's to try again, so it is given something to look at.
            self.refused = (event["request"]["url"], refused)
            await self._say("Fetch.fulfillRequest", which | _IN_PLACE)

    async def _say(self, method: str, what: dict[str, Any]) -> None:
        try:
            await self._session.send(method, what)
        except Exception as error:
            # The page was closed in the meantime, and its requests with it.
            _log.debug("%s: %s", method, type(error).__name__)

    def _requested(self, request: Any) -> None:
        if self._of_page(request):
            self._waiting.discard(request.redirected_from)
            self._waiting.add(request)
            self._quiet.clear()

    def _responded(self, response: Any) -> None:
        request = response.request
        if not self._of_page(request):
            return
        if response.status in redirect.STATUSES and "location" in response.headers:
            self._moved.add(request)
        else:
            self._came.append(response)

    def _ended(self, request: Any) -> None:
        if request not in self._moved:
            self._waiting.discard(request)
            if not self._waiting:
                self._quiet.set()

    def _failed(self, request: Any) -> None:
        """A download, say, comes and is never shown."""
        self._came = [each for each in self._came if each.request != request]
        self._moved.discard(request)
        self._ended(request)

    def _navigated(self, frame: Any) -> None:
        """Note what the page shows now; a script may rename it besides."""
        if frame != self._page.main_frame:
            return
        here = _plain(frame.url)
        for place, came in reversed(tuple(enumerate(self._came))):
            if _plain(came.url) == here:
                self._shown.append(came)
                del self._came[: place + 1]
                break

    def _of_page(self, request: Any) -> bool:
        try:
            return bool(request.is_navigation_request() and request.frame == self._page.main_frame)
        except Exception:
            # A request of a service worker, or of a frame that is not there yet.
            return False


def _plain(url: str) -> str:
    return url.partition("#")[0]


async def _captured(response: Any, *, whole: bool) -> Capture:
    """A response of a browser; its body has had every coding taken off."""
    body = None
    if whole:
        try:
            body = await response.body()
        except Exception as error:
            # Cut on its way, too large, or gone with a page that has been left.
            _log.debug("no body of %s: %s", response.url, type(error).__name__)
    return Capture(
        response.url,
        response.status,
        await _fields(response),
        body,
        fetched_at=datetime.now(UTC),
    )


async def _hops(response: Any) -> tuple[Capture, ...]:
    """The redirects that the browser followed to a response, first one first (rule R16)."""
    hops: list[Capture] = []
    request = response.request.redirected_from
    while request is not None:
        told = await request.response()
        status = 302 if told is None else told.status
        hops.append(Capture(request.url, status, await _fields(told) if told else (), b""))
        request = request.redirected_from
    return tuple(reversed(hops))


async def _fields(response: Any) -> list[tuple[str, str]]:
    return [(each["name"], each["value"]) for each in await response.headers_array()]
