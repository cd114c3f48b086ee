"""Entries that many rows share, each given a number and written down once."""

from collections.abc import Callable
from typing import Any, Final

_MOST: Final = 4_096

Entry = tuple[Any, ...] | str


class Interned:
    """Numbers for entries, from 0; ``fresh`` are those not yet written.

    All that is known is forgotten once it is too much to hold; what comes again after that
    is written again under a new number, so memory stays flat whatever rows hold.
    """

    __slots__ = ("_known", "_next", "fresh")

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...] | str, int] = {}
        self._next = 0
        self.fresh: list[Entry] = []

    def number(self, entry: Entry, made: Callable[[Any], Entry] | None = None) -> int:
        """The number of an entry, which is written where it is new.

        ``made`` makes what is written of it, so that what is known already is not made again.
        """
        found = self._known.get(entry)
        if found is not None:
            return found
        if len(self._known) >= _MOST:
            self._known.clear()
        number = self._known[entry] = self._next
        self._next += 1
        self.fresh.append(entry if made is None else made(entry))
        return number

    def taken(self) -> list[Entry]:
        """What has not been written yet, which counts as written from now on."""
        fresh, self.fresh = self.fresh, []
        return fresh
