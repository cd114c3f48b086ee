"""Whether the tables, indices and triggers of a ledger are those that the migrations make."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent.store import migrations, runs
from signals_agent.store.file import File

_Objects = Mapping[tuple[str, str], tuple[str, str | None]]

_SHOWN: Final = 3
"""How many of what is alike are named; who takes the triggers away takes all thirty."""

_MASTER = (
    # What SQLite itself notes down of how the tables are filled says nothing of the ledger.
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_stat[0-9]'"
)


def unlike(file: File) -> Iterator[str]:
    """In words, what is missing in a file, was changed, or was added; tables first."""
    here = _objects(file.rows(_MASTER))
    made = _made(with_audits=any(("table", name) in here for name in runs.TABLES))
    found: dict[tuple[str, str], list[str]] = {}
    for each in sorted({*made, *here}, key=lambda one: (one[0] != "table", one)):
        if made.get(each) != here.get(each):
            what = "missing" if each not in here else "changed" if each in made else "added"
            found.setdefault((each[0], what), []).append(quote.text(each[1], 200))
    for (kind, what), names in found.items():
        yield _told(quote.text(kind, 40), what, names)


def _told(kind: str, what: str, names: list[str]) -> str:
    """``the trigger blobs_once is missing``, or ``30 triggers are missing (blobs_once, ...)``."""
    if len(names) == 1:
        return f"the {kind} {names[0]} {'is' if what == 'missing' else 'was'} {what}"
    plural = "indices" if kind == "index" else f"{kind}s"
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    return f"{len(names)} {plural} {'are' if what == 'missing' else 'were'} {what} ({shown})"


@lru_cache(maxsize=2)
def _made(*, with_audits: bool) -> _Objects:
    """What the migrations make of an empty file, with the book of audits or without."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrations.migrate(connection, 0)
        if with_audits:
            connection.executescript(runs.schema())
        return _objects(connection.execute(_MASTER).fetchall())


def _objects(rows: list[tuple[str, str, str, str | None]]) -> _Objects:
    return {(str(kind), str(name)): (table, text) for kind, name, table, text in rows}
