"""A ledger that every task of a run opens for itself, since none outlives its process."""

import os

from signals_agent.model.assessment import Assessment
from signals_agent.store import Ledger


class Book:
    """A ledger by its path: copied and sent to other processes unopened, and opened there."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._ledger: Ledger | None = None
        # A path that cannot be used is told now, and not by every task.
        Ledger(self._path).close()

    def __repr__(self) -> str:
        return "ledger"

    def __getstate__(self) -> dict[str, str]:
        """Its path alone."""
        return {"path": self._path}

    def __setstate__(self, state: dict[str, str]) -> None:
        """Unopened."""
        self._path, self._ledger = state["path"], None

    def append(self, assessment: Assessment) -> None:
        """As ``Ledger.append``."""
        if self._ledger is None:
            self._ledger = Ledger(self._path)
        self._ledger.append(assessment)

    def close(self) -> None:
        """Close it; the next ``append`` opens it again."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
