"""Runs of an audit, as their store keeps them: what was asked, and how far they came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

from signals_agent.errors import StoreError
from signals_agent.store import migrations, writing
from signals_agent.store.file import File

LIST: Final = "list"
ARCHIVE: Final = "archive"
COMPLETE: Final = "complete"

TABLES: Final = ("runs", "hosts", "inputs", "listed", "site_copies")
"""The tables of the book of audits, in a file that has it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. ``number`` counts from 1 within its store.

    ``kind`` is ``list`` or ``archive``. ``ended`` is empty while it has not ended, and else
    why it did: ``complete``, or what stopped it (``budget``, ``deadline``). ``asked`` is what
    was asked for, ``told`` what became of the inputs; both are JSON objects.
    """

    number: int
    kind: str
    started_at: datetime
    listed_at: datetime | None = None
    ended_at: datetime | None = None
    ended: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    requests: int = 0


def schema() -> str:
    """The statements that make the book."""
    return (files("signals_agent.store") / "audit_schema.sql").read_text("utf-8")


def is_there(file: File) -> bool:
    """Whether a ledger holds the book of audits."""
    return bool(file.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'runs'"))


def prepare(file: File) -> None:
    """Make the book where it is not there yet."""
    if is_there(file):
        return
    with file.writing() as connection:
        for statement in migrations.statements(schema()):
            connection.execute(statement)


def all_of(file: File) -> tuple[Run, ...]:
    """The runs of a store, the first one first; none where it is a plain ledger."""
    if not is_there(file):
        return ()
    rows = file.rows(
        "SELECT id, kind, started_at, listed_at, ended_at, ended, asked, told, requests "
        "FROM runs ORDER BY id"
    )
    return tuple(_run(file, row) for row in rows)


def _run(file: File, row: tuple[Any, ...]) -> Run:
    number, kind, started, listed, ended_at, ended, asked, told, requests = row
    try:
        return Run(
            number,
            kind,
            datetime.fromisoformat(started),
            None if listed is None else datetime.fromisoformat(listed),
            None if ended_at is None else datetime.fromisoformat(ended_at),
            ended,
            json.loads(asked),
            json.loads(told),
            requests,
        )
    except (TypeError, ValueError):
        raise StoreError(f"the store {file} is damaged: run {number} cannot be read") from None


def begin(file: File, kind: str, asked: Mapping[str, Any]) -> Run:
    """A new run, which begins now; it takes over no copy of robots.txt from one before it."""
    now = datetime.now(UTC)
    with file.writing() as connection:
        connection.execute("DELETE FROM site_copies")
        number = connection.execute(
            "INSERT INTO runs (kind, started_at, asked) VALUES (?, ?, ?)",
            (kind, writing.moment(now), writing.canonical(asked)),
        ).lastrowid
    assert number is not None
    return Run(number, kind, now, asked=asked)


def note_listed(file: File, run: Run, told: Mapping[str, Any]) -> None:
    """The inputs have been read to their end, and this became of them."""
    with file.writing() as connection:
        connection.execute(
            "UPDATE runs SET listed_at = ?, told = ? WHERE id = ?",
            (writing.moment(datetime.now(UTC)), writing.canonical(told), run.number),
        )


def note_asked(file: File, run: Run, asked: Mapping[str, Any]) -> None:
    """What a run that goes on is asked for from now on."""
    with file.writing() as connection:
        connection.execute(
            "UPDATE runs SET asked = ?, ended = '', ended_at = NULL WHERE id = ?",
            (writing.canonical(asked), run.number),
        )


def end(file: File, run: Run, why: str) -> None:
    """The run has ended; copies of robots.txt and site files are kept only where it may go on."""
    with file.writing() as connection:
        connection.execute(
            "UPDATE runs SET ended_at = ?, ended = ? WHERE id = ?",
            (writing.moment(datetime.now(UTC)), why, run.number),
        )
        if why == COMPLETE:
            connection.execute("DELETE FROM site_copies")


def forget(file: File, run: Run) -> None:
    """A run that was given nothing to ask leaves no trace."""
    with file.writing() as connection:
        for table in ("listed", "hosts", "inputs"):
            connection.execute(f"DELETE FROM {table} WHERE run = ?", (run.number,))
        connection.execute("DELETE FROM runs WHERE id = ?", (run.number,))
