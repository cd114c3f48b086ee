"""On which line of a TOML document each table, key and element of a list stands."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and, in lists and arrays of tables, places from 0: ``("commitment", 1, "kind")``."""

_TOKEN: Final = re.compile(
    r'''(?P<text>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')'''
    r"|(?P<comment>\#[^\n]*)|(?P<line>\n)|(?P<blank>[ \t\r]+)|(?P<mark>[][{},=])"
    r"|(?P<bare>[^][{},=\s\#\"']+)",
    re.DOTALL,
)
_PART: Final = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(?:\.|\Z)""")


def of(text: str) -> dict[Path, int]:
    """Lines from 1 by path, of a text that ``tomllib`` reads; what it says is not looked at.

    Keys within inline tables are left out; the table itself has its line.
    """
    return _Scan().of(text)


def line(places: Mapping[Path, int], path: Path) -> int | None:
    """The line of a path, else of the nearest around it; ``None`` where none is known."""
    for length in range(len(path), 0, -1):
        near = path[:length]
        if found := places.get(near) or places.get((*near, 0)):
            return found
    return None


class _Scan:
    """One pass over the tokens; ``open`` are the brackets that are open in a value."""

    def __init__(self) -> None:
        self.found: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}
        self.table: Path = ()
        self.open: list[str] = []

    def of(self, text: str) -> dict[Path, int]:
        number = 1
        head: list[str] = []
        key: Path = ()
        element: int | None = None
        for token in _TOKEN.finditer(text):
            said = token[0]
            if token.lastgroup == "line":
                if not self.open:
                    self._table(head, number)
                    head, key, element = [], (), None
                number += 1
            elif token.lastgroup in ("blank", "comment"):
                pass
            elif not key:
                if said == "=" and not self._is_table(head):
                    key = (*self.table, *_parts("".join(head)))
                    self.found.setdefault(key, number)
                else:
                    head.append(said)
            else:
                if self.open == ["["] and element is not None and said not in (",", "]"):
                    self.found.setdefault((*key, element), number)
                if said in ("[", "{"):
                    element = 0 if not self.open and said == "[" else element
                    self.open.append(said)
                elif said in ("]", "}") and self.open:
                    self.open.pop()
                elif said == "," and self.open == ["["] and element is not None:
                    element += 1
                number += said.count("\n")
        self._table(head, number)
        return self.found

    @staticmethod
    def _is_table(head: list[str]) -> bool:
        return head[:1] == ["["]

    def _table(self, head: list[str], number: int) -> None:
        """What stands on a line of its own: the head of a table or of one of several."""
        if not self._is_table(head):
            return
        several = head[1:2] == ["["]
        depth = 2 if several else 1
        path: Path = ()
        names = _parts("".join(head[depth:-depth]))
        for at, name in enumerate(names):
            path = (*path, name)
            if several and at == len(names) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
        self.found.setdefault(path, number)
        self.table = path


def _parts(dotted: str) -> Path:
    return tuple(next(filter(None, part.groups()), "") for part in _PART.finditer(dotted))
