"""Copies of robots.txt, site files and documents that outlive the memory of one process."""

import json
import time
import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from signals_agent.evidence import captures
from signals_agent.model.capture import Capture
from signals_agent.store.file import File
from signals_agent.store.writing import Row, canonical

if TYPE_CHECKING:
    import sqlite3


def row(url: str, capture: Capture, until: float) -> Row:
    """The row of a copy that serves until a time, in seconds since 1970."""
    body = None if capture.body is None else zlib.compress(capture.body, 1)
    return (url, int(until), canonical(captures.write(capture)), body)


def write(connection: "sqlite3.Connection", rows: Iterable[Row]) -> None:
    """Write copies down, in the transaction that is open."""
    connection.executemany(
        "INSERT INTO site_copies (url, until, capture, body) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (url) DO UPDATE SET until = excluded.until, capture = excluded.capture, "
        "body = excluded.body",
        rows,
    )


def find(
    file: File, url: str, now: Callable[[], float] = time.time
) -> tuple[Capture, float] | None:
    """A copy that still serves, and for how many seconds; ``None`` where there is none.

    What cannot be read is none: it is asked for again.
    """
    found = file.rows("SELECT until, capture, body FROM site_copies WHERE url = ?", (url,))
    if not found or not (left := found[0][0] - now()) > 0:
        return None
    _, told, body = found[0]
    try:
        octets = None if body is None else zlib.decompress(body)
        return captures.read(json.loads(told), octets), left
    except (AttributeError, KeyError, TypeError, ValueError, zlib.error, RecursionError):
        return None
