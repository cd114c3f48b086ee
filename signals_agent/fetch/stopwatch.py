"""How much of the time allowed for one URL has been spent at work, waiting in queues apart."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopwatch:
    """Seconds of a budget, counted only while something runs (``Limits.timeout``).

    Sections may overlap: time that several share counts once.
    """

    def __init__(self, budget: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._budget = budget
        self._clock = clock
        self._done = 0.0
        self._running = 0
        self._since = 0.0

    @property
    def spent(self) -> float:
        """Seconds counted so far."""
        return self._done + (self._clock() - self._since if self._running else 0.0)

    @property
    def left(self) -> float:
        """Seconds that remain; never below zero."""
        return max(0.0, self._budget - self.spent)

    def charge(self, up_to: float) -> None:
        """Count time that was spent elsewhere on our behalf, up to so many seconds in all."""
        self._done += max(0.0, up_to - self.spent)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time spent inside."""
        if not self._running:
            self._since = self._clock()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._done += self._clock() - self._since
