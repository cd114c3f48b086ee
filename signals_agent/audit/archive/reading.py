"""The pass over one archive file: what its responses say goes to the disk, octets do not."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from signals_agent.archives import Archived, Kind, Losses, captures
from signals_agent.audit.archive import folder as folders
from signals_agent.audit.archive.found import Found, Place, Quiet, forget, leads_on, locate
from signals_agent.audit.archive.index import Row, row
from signals_agent.errors import StoreError
from signals_agent.gathered import Inputs
from signals_agent.limits import Limits

_BATCH: Final = 64
_ROWS: Final = 256
_TELL: Final = 0.5
"""Seconds between two messages on how far it is."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A file to read; with ``apart`` only robots.txt and site files are taken from it."""

    number: int
    path: str
    apart: bool


@dataclass(slots=True)
class Read:
    """What was read of a file; ``batches`` are where judged responses stand, and how many."""

    number: int
    responses: int = 0
    assets: int = 0
    robots: int = 0
    site_files: int = 0
    batches: list[tuple[int, int]] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)


def read(
    task: ReadTask,
    folder: Path,
    template: Inputs,
    limits: Limits,
    tell: Callable[[Read], None],
) -> Read:
    """Read a file to its end; ``tell`` hears now and then how far it is.

    Raises ``ConfigError`` where it cannot be opened, ``StoreError`` where the disk is full.
    """
    try:
        return _read(task, folder, template, limits, tell)
    except BrokenPipeError:
        # Nobody hears any more.
        raise
    except OSError as error:
        raise StoreError(f"a working file cannot be written: {error.strerror}") from None


def _read(
    task: ReadTask,
    folder: Path,
    template: Inputs,
    limits: Limits,
    tell: Callable[[Read], None],
) -> Read:
    done = Read(task.number)
    heard = {listen.field.encode() for _, listen in template.listens["http-header"]}
    with ExitStack() as stack:
        writer = _Writer(
            stack.enter_context(folders.located(folder, task.number).open("wb")),
            stack.enter_context(folders.rows(folder, task.number).open("wb")),
            stack.enter_context(folders.aside(folder, task.number).open("wb")),
            done,
        )
        told_at = time.monotonic()
        for told in captures(task.path, depth=template.depth, limits=limits, losses=done.losses):
            done.responses += 1
            place = writer.place(told)
            if told.kind is not Kind.ASSET:
                done.robots += told.kind is Kind.ROBOTS
                done.site_files += told.kind is Kind.SITE_FILE
                writer.add(row(told.kind, told.capture, place, apart=task.apart, keep=True))
            elif task.apart:
                writer.add(
                    row(told.kind, told.capture, place, apart=True, keep=leads_on(told.capture))
                )
            else:
                found = locate(told, place, template, heard)
                # A redirect is kept, for others may lead to it.
                leads = isinstance(found, Found) and found.looked is None
                capture = found.capture if isinstance(found, Found) else told.capture
                writer.add(row(told.kind, capture, place, apart=False, keep=leads))
                writer.judge(found)
            if not done.responses % _BATCH:
                forget()
                if time.monotonic() - told_at > _TELL:
                    tell(Read(task.number, done.responses))
                    told_at = time.monotonic()
        writer.flush()
    return done


class _Writer:
    """Writes what was found, many at once."""

    def __init__(self, located: IO[bytes], rows: IO[bytes], aside: IO[bytes], done: Read) -> None:
        self._located, self._rows, self._aside, self._done = located, rows, aside, done
        self._found: list[Found | Quiet] = []
        self._seen: list[Row] = []

    def place(self, told: Archived) -> Place:
        """Where the octets are to be found again; they are set aside where they could not be."""
        record, number, order = told.record, self._done.number, self._done.responses - 1
        if record.offset is not None and record.sound:
            return Place(record, number, order)
        at = folders.write(self._aside, folders.packed(told.capture))
        return Place(record, number, order, at)

    def add(self, made: Row) -> None:
        self._seen.append(made)
        if len(self._seen) >= _ROWS:
            folders.write(self._rows, self._seen)
            self._seen = []

    def judge(self, found: Found | Quiet) -> None:
        self._done.assets += 1
        self._found.append(found)
        if len(self._found) >= _BATCH:
            self._batch()

    def _batch(self) -> None:
        at = folders.write(self._located, self._found)
        self._done.batches.append((at, len(self._found)))
        self._found = []

    def flush(self) -> None:
        if self._found:
            self._batch()
        if self._seen:
            folders.write(self._rows, self._seen)
            self._seen = []
