"""A run of archives from the command line: reading and judging with progress."""

import os
import time
from typing import TYPE_CHECKING, Any, Final

from signals_agent.audit.archive import Progress
from signals_agent.cli import options
from signals_agent.cli.audit_live import Watched

if TYPE_CHECKING:
    from signals_agent.audit.asked import Asked
    from signals_agent.store import Ledger
    from signals_agent.store.runs import Run

_OFTEN: Final = 0.25
_SELDOM: Final = 30.0


def run(
    ledger: "Ledger", stored: "Run", asked: "Asked", given: dict[str, Any], watched: Watched
) -> str:
    """Judge what the archives hold; why it ended, or empty where it was stopped."""
    from signals_agent.audit import archiving
    from signals_agent.cli import audit_told
    from signals_agent.store import runs
    from signals_agent.wishes import Wishes

    wishes = Wishes.prepare(
        asked.tokens[0],
        asked.tokens[1:],
        asked.acquired_by or None,
        asked.policy,
        asked.uses or None,
        asked.vocabulary,
        asked.depth,
        None,
        None,
    )
    shown = _Shown(watched)
    try:
        told = archiving.run(
            ledger,
            stored,
            wishes,
            options.limits(given),
            given["jobs"] or os.cpu_count() or 1,
            progress=shown.progress,
        )
    except KeyboardInterrupt:
        return ""
    finally:
        watched.wipe()
    runs.end(ledger.file, stored, runs.COMPLETE)
    if not given["quiet"]:
        audit_told.read(told)
    return runs.COMPLETE


class _Shown:
    """What is shown of how far it is: not too often, and in a log seldom."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._shown = self._logged = time.monotonic()

    def progress(self, far: Progress) -> None:
        """Show it."""
        now = time.monotonic()
        if now - self._shown < _OFTEN:
            return
        self._shown = now
        files = f"{far.files_read:,} of {far.files:,} files read"
        line = (
            f"{far.judged:,} of {far.assets:,} responses judged"
            if far.assets
            else f"{files}, {far.responses:,} responses"
        )
        self._watched.say(line)
        if now - self._logged > _SELDOM:
            self._logged = now
            self._watched.log(line)
