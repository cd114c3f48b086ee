"""How far a live run is, in one line: for a terminal, and for a log."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from signals_agent.audit.tally import Tally
from signals_agent.model.verdict import Decision

_WINDOW: Final = 60.0
"""The rate is that of so many seconds."""
_EARLY: Final = 3.0
"""Before so many seconds it says nothing."""
_BAR: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a run beside its answers.

    ``listed`` URLs in all, of which ``before`` were answered by earlier starts; ``hosts``
    are asked now, and the longest queue of one has ``longest`` URLs, no faster than
    ``spacing`` seconds apart.
    """

    listed: int
    before: int
    hosts: int
    longest: int
    spacing: float


class Progress:
    """Makes lines of what it is shown."""

    def __init__(self, tally: Tally, clock: Callable[[], float] = time.monotonic) -> None:
        self._tally = tally
        self._clock = clock
        self._began = clock()
        self._marks: deque[tuple[float, int]] = deque([(self._began, 0)])

    def mark(self) -> None:
        """Take note of how much is answered by now; a few times a second, or less."""
        now = self._clock()
        self._marks.append((now, self._tally.answered))
        while len(self._marks) > 2 and now - self._marks[1][0] > _WINDOW:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """URLs answered a second, of late."""
        (then, had), (now, has) = self._marks[0], self._marks[-1]
        return (has - had) / (now - then) if now > then else 0.0

    def left(self, seen: Seen) -> float | None:
        """Seconds left; ``None`` while nobody can say.

        What is left at the present rate, but no less than the longest queue takes: a host
        is not asked faster because the others are done.
        """
        waiting = seen.listed - seen.before - self._tally.answered
        if self._clock() - self._began < _EARLY or self.rate <= 0:
            return None
        return max(waiting / self.rate, seen.longest * seen.spacing)

    def bar(self, seen: Seen, columns: int) -> str:
        """The line for a terminal, no longer than so many columns."""
        done = seen.before + self._tally.answered
        share = done / seen.listed if seen.listed else 1.0
        full = int(share * _BAR)
        parts = [
            f"[{'#' * full}{'.' * (_BAR - full)}] {done:,} of {seen.listed:,}",
            self._left(seen),
            f"{self.rate:,.0f}/s" if self.rate >= 1 else f"{self.rate:.1f}/s",
            self.decisions(),
            f"{seen.hosts:,} {'host' if seen.hosts == 1 else 'hosts'}",
        ]
        line = parts[0]
        for part in parts[1:]:
            if part and len(line) + 2 + len(part) < columns:
                line += f"  {part}"
        return line[: columns - 1]

    def line(self, seen: Seen) -> str:
        """The line for a log."""
        done = seen.before + self._tally.answered
        parts = [
            f"{done:,} of {seen.listed:,} URLs answered",
            f"{self.rate:,.1f} a second",
            f"{seen.hosts:,} {'host' if seen.hosts == 1 else 'hosts'} being asked",
            self.decisions(),
            self._left(seen),
        ]
        return ", ".join(filter(None, parts))

    def decisions(self) -> str:
        """The decisions so far, or how many declare something where none was asked for."""
        tally = self._tally
        if not tally.has_verdict:
            return f"{tally.declared:,} with declarations" if tally.answered else ""
        return " ".join(f"{each} {tally.decisions[each]:,}" for each in Decision)

    def _left(self, seen: Seen) -> str:
        left = self.left(seen)
        return "" if left is None else f"{duration(left)} left"


def duration(seconds: float) -> str:
    """A time in words: ``40 s``, ``3 min``, ``2 h 05 min``, ``3 d 4 h``."""
    whole = max(0, round(seconds))
    if whole < 100:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"
