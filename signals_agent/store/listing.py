"""How the URLs of a run come into its store, in their order, and which of them a sample keeps."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final, Protocol

from signals_agent.store.file import File
from signals_agent.store.run_names import RunNames
from signals_agent.store.runs import Run

_TOGETHER: Final = 5000


class Listed(Protocol):
    """A URL as a list gives it (``sources.listed.Listed``)."""

    @property
    def url(self) -> str:
        """In its normal form."""
        ...

    @property
    def origin(self) -> str:
        """Its origin."""
        ...

    @property
    def input(self) -> str:
        """The file that it stands in."""
        ...

    @property
    def line(self) -> int:
        """The line there, from 1."""
        ...


class Listing:
    """Fills the list of a run; where it did not come to its end, it is begun anew."""

    def __init__(self, file: File, run: Run) -> None:
        self._file = file
        self._run = run.number
        self._names = RunNames(run)

    def is_begun(self) -> bool:
        """Whether something was listed already."""
        query = "SELECT 1 FROM listed WHERE run = ? LIMIT 1"
        return bool(self._file.rows(query, (self._run,)))

    def clear(self) -> None:
        """Forget what was listed by a start that was stopped before its end."""
        with self._file.writing() as connection:
            for table in ("listed", "hosts", "inputs"):
                connection.execute(f"DELETE FROM {table} WHERE run = ?", (self._run,))

    def take(self, urls: Iterable[Listed], *, sample: int | None = None) -> Iterator[int]:
        """Write the URLs down in batches; how many there are so far, after each of them.

        With a ``sample`` only so many URLs of each origin stay, always the same of the same
        list whatever its order: those whose hashes are the lowest.
        """
        waiting = iter(urls)
        count = 0
        while batch := list(islice(waiting, _TOGETHER)):
            with self._file.writing() as connection:
                rows = [
                    (
                        self._run,
                        self._names.host(connection, each.origin),
                        each.url,
                        self._names.input(connection, each.input),
                        each.line,
                        0 if sample is None else _rank(each.url),
                    )
                    for each in batch
                ]
                connection.executemany(
                    "INSERT INTO listed (run, host, url, input, line, rank) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    rows,
                )
            count += len(batch)
            yield count
        with self._file.writing() as connection:
            if sample is not None:
                with _small_cache(connection):
                    self._leave_out(connection, sample)
            connection.execute(
                "UPDATE hosts SET waiting = (SELECT count(*) FROM listed WHERE host = hosts.id "
                "AND assessment IS NULL) WHERE run = ?",
                (self._run,),
            )

    def _leave_out(self, connection: sqlite3.Connection, sample: int) -> None:
        connection.execute(
            "CREATE TEMP TABLE beyond AS SELECT id, host FROM (SELECT id, host, row_number() "
            "OVER (PARTITION BY host ORDER BY rank, url, id) AS place FROM listed WHERE run = ?) "
            "WHERE place > ?",
            (self._run, sample),
        )
        connection.execute("DELETE FROM listed WHERE id IN (SELECT id FROM beyond)")
        connection.execute("CREATE INDEX temp.beyond_by_host ON beyond (host)")
        connection.execute(
            "UPDATE hosts SET left_out = (SELECT count(*) FROM beyond WHERE host = hosts.id) "
            "WHERE run = ?",
            (self._run,),
        )
        connection.execute("DROP TABLE beyond")


@contextmanager
def _small_cache(connection: sqlite3.Connection) -> Iterator[None]:
    """A sort holds as much in memory as the cache may."""
    ((before,),) = connection.execute("PRAGMA cache_size").fetchall()
    connection.execute("PRAGMA cache_size = -4096")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {before}")


def _rank(url: str) -> int:
    """The place of a URL in the sample of its origin: by chance, and always the same."""
    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
