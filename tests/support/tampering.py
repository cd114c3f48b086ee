"""What somebody does to a ledger who takes its triggers away first, and puts them back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signals_agent.store import packing


@contextmanager
def without_triggers(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a ledger that takes anything; its schema is afterwards what it was.

    In SQL ``plain(...)`` unpacks a result or evidence, and ``packed(...)`` packs it.
    """
    other = sqlite3.connect(path)
    other.create_function("plain", 1, packing.unpack)
    other.create_function("packed", 1, packing.pack)
    other.execute("PRAGMA ignore_check_constraints = ON")
    triggers = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    made = dict(triggers.fetchall())
    for name in made:
        other.execute(f"DROP TRIGGER {name}")
    try:
        yield other
        for text in made.values():
            other.execute(text)
        other.commit()
    finally:
        other.close()


def tamper(path: Path, *statements: str) -> None:
    """Run statements of which each changes something."""
    with without_triggers(path) as other:
        for statement in statements:
            assert other.execute(statement).rowcount > 0


def as_text(path: Path) -> Path:
    """Turn a ledger into one of before results and evidence were packed."""
    tamper(path, "UPDATE assessments SET result = plain(result), evidence = plain(evidence)")
    return path


def cut(path: Path, last: int) -> None:
    """Take away everything that was written after an entry, as if it had never been."""
    nouns = ("blob", "capture", "declaration", "obligation")
    with without_triggers(path) as other:
        other.execute("DELETE FROM assessments WHERE id > ?", (last,))
        for noun in nouns:
            other.execute(f"DELETE FROM assessment_{noun}s WHERE assessment > ?", (last,))
            other.execute(
                f"DELETE FROM {noun}s WHERE id NOT IN (SELECT {noun} FROM assessment_{noun}s)"
            )
        other.execute(
            "DELETE FROM obligation_declarations WHERE obligation NOT IN "
            "(SELECT id FROM obligations) OR declaration NOT IN (SELECT id FROM declarations)"
        )
