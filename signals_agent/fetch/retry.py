"""Which exchanges are tried again, how often, and after how long."""

import random
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from signals_agent.fetch import failures
from signals_agent.fetch.stopwatch import Stopwatch
from signals_agent.model.capture import Capture, Role

if TYPE_CHECKING:
    from tenacity import RetryCallState

_RETRIES = {Role.ASSET: 2, Role.ROBOTS: 1, Role.LICENCE_DOCUMENT: 1}
"""How often each role is tried again. A robots.txt that fails is an answer of its own:
asking for it again and again helps nobody (rule R15)."""
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0
_SECONDS = re.compile(rb"\s*(\d{1,9})\s*")


class Retry:
    """Tries again what may succeed the next time, within the time allowed for a URL.

    ``longest`` is how long a ``Retry-After`` may ask us to wait, in seconds; where it
    asks for more, or for more than is left, the answer stands. ``jitter`` gives a number
    from 0 to 1.
    """

    def __init__(
        self,
        longest: float,
        *,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], datetime],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._longest = longest
        self._sleep = sleep
        self._now = now
        self._jitter = jitter

    async def run(
        self, attempt: Callable[[], Awaitable[Capture]], role: Role, watch: Stopwatch
    ) -> Capture:
        """The capture of the last attempt that was worth making."""
        first = await attempt()
        if not failures.is_transient(first):
            return first
        # Loaded when it is first needed: most runs try nothing again.
        from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt

        made = [first]

        async def again() -> Capture:
            return made.pop() if made else await attempt()

        async def sleep(seconds: float) -> None:
            with watch.running():
                await self._sleep(seconds)

        def worth_it(capture: Capture) -> bool:
            return failures.is_transient(capture) and self._wait(capture, 1) < watch.left

        def wait(state: "RetryCallState") -> float:
            assert state.outcome is not None
            return self._wait(state.outcome.result(), state.attempt_number)

        trying = AsyncRetrying(
            stop=stop_after_attempt(1 + _RETRIES.get(role, 1)),
            retry=retry_if_result(worth_it),
            wait=wait,
            sleep=sleep,
            retry_error_callback=_last,
        )
        capture: Capture = await trying(again)
        return capture

    def _wait(self, capture: Capture, attempt: int) -> float:
        """Seconds until the next attempt; infinite where the server wants us to stay away."""
        asked = retry_after(capture, self._now())
        if asked is not None:
            return asked if asked <= self._longest else float("inf")
        backoff = min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT)
        # Half of it is left to chance, so that many clients do not come back together.
        return float(backoff * (0.5 + self._jitter() / 2))


def retry_after(capture: Capture, now: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for (RFC 9110 10.2.3); ``None`` where it says nothing."""
    for line in capture.field_lines(b"retry-after"):
        seconds = _SECONDS.fullmatch(line)
        if seconds:
            return float(seconds[1])
        try:
            moment = parsedate_to_datetime(line.decode("latin-1"))
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if moment.tzinfo is None:  # "-0000": UTC, of an unknown place
            moment = moment.replace(tzinfo=now.tzinfo)
        return max(0.0, (moment - now).total_seconds())
    return None


def _last(state: "RetryCallState") -> Capture:
    assert state.outcome is not None
    capture: Capture = state.outcome.result()
    return capture
