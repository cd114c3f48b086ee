"""A live run from the command line: listing, asking with progress, stopping when told to."""

import asyncio
import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from signals_agent.audit.progress import Progress, Seen

if TYPE_CHECKING:
    from signals_agent.audit.live import Live
    from signals_agent.audit.pace import Pace
    from signals_agent.audit.tally import Tally
    from signals_agent.recording import Recorder
    from signals_agent.store import Ledger
    from signals_agent.store.runs import Run

_OFTEN: Final = 0.25
"""Seconds between two looks of the bar on a terminal."""
_SELDOM: Final = 30.0
"""Seconds between two lines in a log; the first comes sooner."""
_STATE: Final = 10.0
"""Seconds between two looks into the store."""


def fill(ledger: "Ledger", run: "Run", watched: "Watched") -> Mapping[str, Any]:
    """Read the lists of a run into its store."""
    from signals_agent.audit import filling

    try:
        return filling.fill(ledger, run, lambda n: watched.say(f"reading the list: {n:,} URLs"))
    finally:
        watched.wipe()


class Watched:
    """Where progress is shown: a line that changes on a terminal, lines in a log, or nowhere."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self.terminal = sys.stderr.isatty()

    def say(self, line: str) -> None:
        """Show a line in place of the last one, on a terminal."""
        if self._wanted and self.terminal:
            sys.stderr.write(f"\r{line}\x1b[K")
            sys.stderr.flush()

    def log(self, line: str) -> None:
        """Show a line that stays, in a log."""
        if self._wanted and not self.terminal:
            sys.stderr.write(f"signals-agent: {line}\n")
            sys.stderr.flush()

    def wipe(self) -> None:
        """Take away the line on a terminal."""
        self.say("")


def run(
    ledger: "Ledger",
    stored: "Run",
    settings: Mapping[str, Any],
    pace: "Pace",
    tally: "Tally",
    watched: Watched,
    recorder: "Recorder | None",
    advice: str,
) -> tuple[str, "Live"]:
    """Ask every URL that waits; why it ended, and what was run."""
    from signals_agent.audit.live import Live

    live = Live(ledger, stored, settings, pace, answered=tally.add, recorder=recorder)
    return asyncio.run(_run(live, tally, watched, pace, advice)), live


async def _run(live: "Live", tally: "Tally", watched: Watched, pace: "Pace", advice: str) -> str:
    asking = asyncio.ensure_future(live.run())
    showing = asyncio.ensure_future(_show(live, tally, watched, pace, advice))
    with _stopped_by_signals(live):
        try:
            return await asking
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            watched.wipe()


@contextlib.contextmanager
def _stopped_by_signals(live: "Live") -> Iterator[None]:
    """Ctrl-C ends the run well, and a second one at once."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        live.stop()
        for each in signals:
            loop.remove_signal_handler(each)

    try:
        for each in signals:
            loop.add_signal_handler(each, stop)
    except (RuntimeError, ValueError):
        # Not everywhere, and only in the main thread: then it ends as Python ends it.
        yield
        return
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


async def _show(live: "Live", tally: "Tally", watched: Watched, pace: "Pace", advice: str) -> None:
    """Show how far it is until it is cancelled."""
    await live.begun.wait()
    sys.stderr.write(advice)
    progress = Progress(tally)
    state, looked = await live.state(), time.monotonic()
    before, listed = state.answered, state.answered + state.waiting
    told, wait = time.monotonic(), 5.0
    while True:
        await asyncio.sleep(_OFTEN)
        progress.mark()
        now = time.monotonic()
        if now - looked > _STATE:
            state, looked = await live.state(), now
        seen = Seen(listed, before, live.hosts, state.longest, pace.host_delay)
        watched.say(progress.bar(seen, shutil.get_terminal_size((100, 24)).columns))
        if now - told > wait:
            watched.log(progress.line(seen))
            told, wait = now, _SELDOM
