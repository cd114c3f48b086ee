"""A clock that only moves when someone sleeps, so that no test ever waits."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Clock:
    """``time`` in seconds, ``now`` as a date; ``sleep`` passes at once, and is written down."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1000.0)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)
