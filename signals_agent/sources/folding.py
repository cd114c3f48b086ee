"""Which URLs have been listed already, and whether they were written in the same way."""

import hashlib
from enum import StrEnum
from typing import Final

from signals_agent.store.scratch import Scratch

_SCHEMA: Final = "CREATE TABLE seen (url BLOB PRIMARY KEY, written BLOB NOT NULL) WITHOUT ROWID"
_URL: Final = 16
"""Octets of the hash of a URL: two of a hundred million URLs meet once in 10^22 lists."""
_WRITTEN: Final = 8
"""Octets of the hash of how it was written; where two meet, a variant counts as a duplicate."""


class Again(StrEnum):
    """How a URL comes again, or that it does not."""

    NEW = "new"
    DUPLICATE = "duplicate"
    VARIANT = "variant"


class Seen:
    """The URLs so far, in a working file on the disk: their number takes no memory.

    To be used in the thread that made it. Raises ``StoreError`` where the disk is full.
    """

    def __init__(self) -> None:
        self._scratch = Scratch(_SCHEMA)
        # One transaction for all, never committed: what does not fit into the cache goes to
        # the disk, and nothing has to outlive the run.
        self._scratch.one("BEGIN")

    def close(self) -> None:
        """Forget it all."""
        self._scratch.close()

    def again(self, url: str, written: str) -> Again:
        """Whether a URL in its normal form was there before; remembers it."""
        key = _hash(url, _URL)
        spelling = _hash(written, _WRITTEN)
        first = self._scratch.one("SELECT written FROM seen WHERE url = ?", (key,))
        if first is None:
            self._scratch.one("INSERT INTO seen VALUES (?, ?)", (key, spelling))
            return Again.NEW
        return Again.DUPLICATE if first[0] == spelling else Again.VARIANT


def _hash(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
