"""Whether the tables, indices and triggers of a ledger are those that the migrations make."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import lru_cache

from signals_agent import quote
from signals_agent.store import migrations
from signals_agent.store.file import File

_Objects = Mapping[tuple[str, str], tuple[str, str | None]]

_MASTER = (
    # What SQLite itself notes down of how the tables are filled says nothing of the ledger.
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_stat[0-9]'"
)


def unlike(file: File) -> Iterator[str]:
    """In words, what is missing in a file, was changed, or was added."""
    made = _made()
    here = _objects(file.rows(_MASTER))
    for kind, name in sorted({*made, *here}):
        if made.get((kind, name)) != here.get((kind, name)):
            each = (kind, name)
            what = "missing" if each not in here else "changed" if each in made else "added"
            said = "is missing" if what == "missing" else f"was {what}"
            yield f"the {quote.text(kind, 40)} {quote.text(name, 200)} {said}"


@lru_cache(maxsize=1)
def _made() -> _Objects:
    """What the migrations make of an empty file."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrations.migrate(connection, 0)
        return _objects(connection.execute(_MASTER).fetchall())


def _objects(rows: list[tuple[str, str, str, str | None]]) -> _Objects:
    return {(str(kind), str(name)): (table, text) for kind, name, table, text in rows}
