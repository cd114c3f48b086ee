"""Which run a start of an audit goes on with, or that it begins one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from signals_agent.audit import asked as wanted
from signals_agent.errors import UsageError
from signals_agent.store import Ledger, runs
from signals_agent.store.runs import Run


def open_run(
    ledger: Ledger, kind: str | None, asked: Mapping[str, Any], *, resume: bool
) -> tuple[Run, bool]:
    """The run, and whether it is one that goes on.

    ``kind`` is ``None`` where no inputs are named, which only a run that goes on may do.
    Raises ``UsageError`` where there is none to go on with, where it was begun by other
    means, and where one that was not finished would be left behind.
    """
    runs.prepare(ledger.file)
    found = runs.all_of(ledger.file)
    last = found[-1] if found else None
    unfinished = last is not None and last.ended != runs.COMPLETE
    if not resume:
        if last is not None and not last.ended:
            raise UsageError(
                f"{ledger.file} has a run that was not finished (run {last.number}); --resume "
                "goes on with it, another --store begins anew"
            )
        if kind is None:
            raise UsageError("nothing to audit: name a list of URLs, an archive, or - for stdin")
        return runs.begin(ledger.file, kind, asked), False
    if last is None:
        if kind is None:
            raise UsageError(f"{ledger.file} holds no run that could go on")
        return runs.begin(ledger.file, kind, asked), False
    if not unfinished:
        if kind is None:
            raise UsageError(
                f"the last run of {ledger.file} (run {last.number}) is complete; name inputs, and "
                "another one begins"
            )
        return runs.begin(ledger.file, kind, asked), False
    if kind is not None and kind != last.kind:
        raise UsageError(f"run {last.number} of {ledger.file} is one of {_of(last.kind)}")
    wanted.check_same(last.asked, asked)
    # Archives have to be those that it was begun with, and not as they are now.
    told = {
        **asked,
        **{name: last.asked[name] for name in ("inputs", "files") if name in last.asked},
    }
    runs.note_asked(ledger.file, last, told)
    return replace(last, asked=told, ended="", ended_at=None), True


def _of(kind: str) -> str:
    return "archives" if kind == runs.ARCHIVE else "lists of URLs"
