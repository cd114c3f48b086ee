"""The report as a table of comma-separated values, one row for each URL."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from signals_agent import quote
from signals_agent.audit.reports import rows as table
from signals_agent.audit.reports.rows import COLUMNS, Cells, Kind
from signals_agent.corpus import cells
from signals_agent.store.snapshot import Row

BETWEEN: Final = "; "
"""What stands between the members of a list."""

_LONGEST: Final = 400
"""Characters of one text that are shown."""

_TOGETHER: Final = 256


def write(rows: Iterable[Row]) -> Iterator[str]:
    """The table, some rows at a time; it is safe to open in a spreadsheet program.

    It begins with a byte order mark, by which Excel takes it for UTF-8, and its lines end at
    CR LF (RFC 4180). What begins as a formula has an apostrophe before it, also behind a
    semicolon, where a program may begin a cell; nothing in a cell is a line break or any
    other control.
    """
    yield cells.MARK + _lines([[each.name for each in COLUMNS]])
    waiting: list[list[str]] = []
    for row in table.each(rows):
        waiting.append(_row(row))
        if len(waiting) == _TOGETHER:
            yield _lines(waiting)
            waiting.clear()
    if waiting:
        yield _lines(waiting)


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    # Codes and names come again and again, and so do the declarations of a site.
    return cells.words(text, _LONGEST)


def _list(texts: list[str]) -> str:
    return BETWEEN.join(map(_words, texts))


_WRITERS: Final[dict[Kind, Callable[[Any], str]]] = {
    Kind.ADDRESS: cells.address,
    Kind.WORD: _words,
    Kind.WORDS: _words,
    Kind.LIST: _list,
    Kind.NUMBER: str,
    Kind.TIME: lambda time: cells.safe(quote.text(time)),
}

_CELLS: Final = tuple((each.name, _WRITERS[each.kind]) for each in COLUMNS)


def _row(row: Cells) -> list[str]:
    return [written(row[name]) if name in row else "" for name, written in _CELLS]
