"""Tables on the disk that nobody keeps: for sorting and grouping what does not fit into memory."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from signals_agent.store import connection as connections
from signals_agent.store.writing import Value

_NAME: Final = "working file"
_CACHE: Final = 8 * 1024
"""How much of it is held in memory, in KiB."""


class Scratch:
    """A database of its own that is gone when it is closed.

    Its size does not matter for memory, only for the disk. With a ``path`` it is a file that
    others can open too once it is written, and that whoever made it takes away. Raises
    ``StoreError`` where the disk is full.
    """

    def __init__(self, schema: str, path: str = "") -> None:
        with connections.told(_NAME):
            # An empty name: SQLite makes a file of its own, and takes it away on closing.
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            self._connection.execute("PRAGMA temp_store = FILE")
            self._connection.executescript(schema)

    def close(self) -> None:
        """Forget it all; doing so twice does no harm."""
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: many small writings cost one. Where it fails, nothing can go on."""
        with connections.told(_NAME):
            self._connection.execute("BEGIN")
            yield
            self._connection.execute("COMMIT")

    def many(self, query: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each row."""
        with connections.told(_NAME):
            self._connection.executemany(query, rows)

    def each(self, query: str, values: Sequence[Value] = ()) -> Iterator[Any]:
        """The rows of a query, read as they are asked for."""
        with connections.told(_NAME):
            yield from self._connection.execute(query, values)

    def one(self, query: str, values: Sequence[Value] = ()) -> Any:
        """The first row of a query, which is run; ``None`` where there is none."""
        with connections.told(_NAME):
            return self._connection.execute(query, values).fetchone()
