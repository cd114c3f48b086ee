"""The open file of a ledger: whose turn it is to read or to write, in one process."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from signals_agent.errors import StoreError, UsageError
from signals_agent.store import connection as connections
from signals_agent.store.writing import Value


class File:
    """One connection, which threads share and which does not survive a fork.

    As a text it is its path, as messages name it. Faults of SQLite are raised as
    ``StoreError`` throughout.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, read_only: bool, create: bool, timeout: float
    ) -> None:
        given = os.fsdecode(path)
        if not given:
            raise UsageError("the path of a ledger is empty")
        self.path = given
        self._timeout = timeout
        self._turn = threading.RLock()
        self._process = os.getpid()
        self._connection: sqlite3.Connection | None = connections.connect(
            given, read_only=read_only, create=create, timeout=timeout
        )
        # By its full name, for a process may go to another folder.
        self._where = Path(given).absolute()
        self._which = self._stands_there()

    def __str__(self) -> str:
        return connections.shown(self.path)

    def close(self) -> None:
        """Close it; doing so twice does no harm."""
        with self._turn:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
                self._connection = None

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Any]:
        """All rows of a query."""
        with self.reading() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for as long as it is this thread's turn."""
        with self._turn, connections.told(self.path, self._timeout):
            yield self._open()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which begins by locking the file for writing."""
        with self._turn, connections.told(self.path, self._timeout):
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._check_place()
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _stands_there(self) -> tuple[int, int] | None:
        """Which file has the name of this one by now; opening it would end SQLite's locks."""
        try:
            found = self._where.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _check_place(self) -> None:
        """Refuse to write to a file that nobody would find: what is written would be lost."""
        if self._stands_there() != self._which:
            raise StoreError(
                f"the ledger {self} was removed, or another file was put in its place, "
                "while it was open; what was being written is not in it"
            )

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(f"the ledger {self} was closed")
        if self._process != os.getpid():
            # SQLite's locks do not cross a fork.
            raise StoreError(
                f"the ledger {self} was opened by another process; open it in this one"
            )
        return self._connection
