"""The rows of a run's hosts and inputs, by their names."""

import sqlite3
from typing import Final

from signals_agent.store.runs import Run

_MOST: Final = 20_000
"""So many origins are remembered, so that the same one again need not be looked for."""


class RunNames:
    """Finds rows, and makes those that are not there yet, within the transaction that is open."""

    def __init__(self, run: Run) -> None:
        self._run = run.number
        self._hosts: dict[str, int] = {}
        self._inputs: dict[str, int] = {}

    def host(self, connection: sqlite3.Connection, origin: str) -> int:
        """The row of an origin."""
        if len(self._hosts) > _MOST:
            self._hosts.clear()
        return self._row(connection, self._hosts, "hosts", "origin", origin)

    def input(self, connection: sqlite3.Connection, name: str) -> int:
        """The row of a file that URLs stand in."""
        return self._row(connection, self._inputs, "inputs", "name", name)

    def forget(self) -> None:
        """What was made is not there: the transaction was rolled back."""
        self._hosts.clear()
        self._inputs.clear()

    def _row(
        self,
        connection: sqlite3.Connection,
        known: dict[str, int],
        table: str,
        column: str,
        value: str,
    ) -> int:
        number = known.get(value)
        if number is None:
            connection.execute(
                f"INSERT INTO {table} (run, {column}) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (self._run, value),
            )
            (number,) = connection.execute(
                f"SELECT id FROM {table} WHERE run = ? AND {column} = ?", (self._run, value)
            ).fetchone()
            known[value] = number
        return int(number)
