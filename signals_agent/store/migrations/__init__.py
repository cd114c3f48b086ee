"""The numbered migrations of the ledger: one SQL file each, and what it takes to run them."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

APPLICATION: Final = 0x53696741
"""``SigA``: by this number in its header an SQLite file is known as a ledger."""

FILES: Final = ("0001_ledger.sql",)
"""In their order; the schema's version is how many of them were run. None is ever changed."""

KNOWN: Final = len(FILES)
"""The newest version of the schema that this software knows."""


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a schema from its version to the newest, each step in one transaction.

    Two processes may try it at the same time: the second waits, and finds it done.
    """
    for number in range(version + 1, KNOWN + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found < number:
                for statement in statements(_text(FILES[number - 1])):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one; ``executescript`` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _text(name: str) -> str:
    return (files("signals_agent.store.migrations") / name).read_text("utf-8")
