"""The formats in which a run is reported, found by name: each is a module of this package."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from signals_agent.audit.reports import whole
from signals_agent.errors import UsageError
from signals_agent.store.snapshot import Snapshot

FORMATS: Final = ("markdown", "html", "csv", "jsonl", "parquet")
"""Every format."""

BINARY: Final = frozenset({"html", "parquet"})
"""Formats that say nothing to a person at a terminal."""

_ENDINGS: Final = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def by_ending(path: str | os.PathLike[str], default: str) -> str:
    """The format that the name of a file asks for by its ending, else another."""
    return _ENDINGS.get(Path(path).suffix.lower(), default)


def write(snapshot: Snapshot, name: str, to: str | os.PathLike[str] | BinaryIO) -> None:
    """Report a run in a format, to a file by its path, or to an open one that takes octets.

    A file appears whole or not at all; memory does not grow with the run. The same run gives
    the same octets. Raises ``UsageError`` for what is no format, ``ConfigError`` where the
    file cannot be written, ``MissingExtra`` for Parquet without pyarrow, ``StoreError`` where
    the store is damaged.
    """
    if name not in FORMATS:
        raise UsageError(f"{name!r} is no format of a report; accepted: {', '.join(FORMATS)}")
    if name == "parquet":
        from signals_agent.audit.reports import parquet

        parquet.modules()  # before a file is begun
    if isinstance(to, str | os.PathLike):
        with whole.written(Path(to)) as out:
            _write(snapshot, name, out)
    else:
        _write(snapshot, name, to)


def _write(snapshot: Snapshot, name: str, to: BinaryIO) -> None:
    if name == "parquet":
        from signals_agent.audit.reports import parquet

        with _standing_still(snapshot):
            parquet.write(snapshot.rows(), to)
        return
    for part in text(snapshot, name):
        to.write(part.encode("utf-8", "backslashreplace"))


def text(snapshot: Snapshot, name: str) -> Generator[str, None, None]:
    """The report in a format that is text, piece by piece; raises as ``write`` does."""
    with _standing_still(snapshot):
        yield from _text(snapshot, name)


@contextmanager
def _standing_still(snapshot: Snapshot) -> Iterator[None]:
    """What is written to the store meanwhile is not seen: figures and rows are of one moment."""
    with snapshot.ledger.file.reading() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM runs LIMIT 1").fetchone()  # from here on
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def _text(snapshot: Snapshot, name: str) -> Iterator[str]:
    match name:
        case "csv":
            from signals_agent.audit.reports import csv

            return csv.write(snapshot.rows())
        case "jsonl":
            from signals_agent.audit.reports import jsonl

            return jsonl.write(snapshot.rows())
        case "html":
            from signals_agent.audit.reports import html

            return html.write_run(snapshot)
        case "markdown":
            from signals_agent.audit import figures
            from signals_agent.audit.reports import markdown

            return markdown.write(figures.of(snapshot))
    raise UsageError(f"{name!r} is no format that is text")
