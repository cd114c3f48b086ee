"""A run of archives: what they hold is judged and written into the store, each response once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from signals_agent.audit.archive import Judged, Progress, Told, judged
from signals_agent.errors import ConfigError, UsageError
from signals_agent.limits import Limits
from signals_agent.store import Ledger, runs
from signals_agent.store.archived_rows import Archived, ArchivedRows
from signals_agent.store.runs import Run
from signals_agent.wishes import Wishes

_TOGETHER: Final = 500


def run(
    ledger: Ledger,
    stored: Run,
    wishes: Wishes,
    limits: Limits,
    jobs: int,
    *,
    progress: Callable[[Progress], None] | None = None,
) -> Mapping[str, Any]:
    """Judge what is not judged yet; what became of the archives, as JSON.

    A run that was stopped reads the archives again, which have to be those that it was begun
    with, and writes on where it had come to. Raises as ``judged`` does, and ``UsageError``
    where an archive is another by now.
    """
    asked = stored.asked
    check_same_files(asked.get("files", {}))
    rows = ArchivedRows(ledger.file, stored)
    told = Told()
    found = judged(
        asked["inputs"],
        robots_files=asked.get("robots", ()),
        run=wishes,
        jobs=jobs,
        limits=limits,
        told=told,
        progress=progress,
        after=rows.count(),
    )
    for batch in _batches(found):
        rows.write(
            [Archived(each.url, each.source, each.offset or 0, each.record) for each in batch]
        )
    document = told.document()
    runs.note_listed(ledger.file, stored, document)
    return document


def check(files: Iterable[str]) -> None:
    """Refuse archives that cannot be opened; raises ``ConfigError``."""
    for each in files:
        try:
            with Path(each).open("rb"):
                pass
        except OSError as error:
            raise ConfigError(f"cannot read {each}: {error.strerror}") from None


def sizes(files: Iterable[str]) -> dict[str, list[int]]:
    """Octets and time of change, in nanoseconds, of files: by which they are known again."""
    found = {}
    for each in files:
        try:
            stat = Path(each).stat()
        except OSError:
            continue  # told where it is opened
        found[each] = [stat.st_size, stat.st_mtime_ns]
    return found


def check_same_files(before: Mapping[str, Sequence[int]]) -> None:
    """Refuse to go on with archives that are not as they were; raises ``UsageError``."""
    now = sizes(before)
    for name, known in before.items():
        if now.get(name) != list(known):
            raise UsageError(
                f"{name} is not the file that the run was begun with; begin anew with another "
                "--store"
            )


def _batches(found: Iterable[Judged]) -> Iterable[list[Judged]]:
    waiting = iter(found)
    while batch := list(islice(waiting, _TOGETHER)):
        yield batch
