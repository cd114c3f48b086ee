"""URLs as tables have them: CSV and TSV, with a line of names or without."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent.sources import columns
from signals_agent.sources.lines import LONGEST
from signals_agent.sources.listed import Firsts

_DELIMITERS: Final = (",", "\t", ";", "|")
_SAMPLE: Final = 50
"""How many lines are looked at to find the column of URLs where none names it."""
_PATIENCE: Final = 20
"""How often a quotation mark that is never closed is searched for its end."""
_NEAR: Final = 8
"""Within how many lines that search costs nothing worth counting."""
_WITHIN: Final = re.compile(r'(?:[^"]++|"")*+')

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a table is read; ``width`` is 0 where no line of names says how many cells there are."""

    delimiter: str
    place: int
    header: bool
    width: int = 0


def written(
    lines: Iterator[Line],
    name: str,
    skipped: Firsts,
    lost: Firsts,
    column: str | None,
    *,
    tabs: bool,
) -> Iterator[Line]:
    """The address of each record, with the number of its first line.

    ``column`` is a name, or a number from 1. Without it the column is found by its name, or
    without a line of names by what stands in it.
    """
    lines = ((number, line) for number, line in lines if line.strip("\0\ufeff \t\r\n"))
    sample = [line for line in (next(lines, None),) if line is not None]
    if not sample:
        return
    shape = _by_name(sample[0][1], column, tabs)
    if shape is None:
        room = LONGEST
        while len(sample) < _SAMPLE and room > 0 and (line := next(lines, None)) is not None:
            sample.append(line)
            room -= len(line[1])
        shape = _by_content(sample, column, tabs)
    if shape is None:
        lost.note(name, 0, _no_column(sample[0][1], column, tabs))
        return
    records = _records(deque(sample), lines, shape.delimiter)
    if shape.header:
        next(records, None)
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if shape.width and len(cells) > shape.width:
            # A URL with a bare comma would be taken for two cells, and cut.
            skipped.note(name, number, f"{len(cells)} cells in a table of {shape.width} columns")
        elif len(cells) <= shape.place or not cells[shape.place].strip():
            skipped.note(name, number, f"nothing in column {shape.place + 1}, that of the URLs")
        else:
            yield number, cells[shape.place]


def names_urls(line: str) -> bool:
    """Whether a line names the columns of a table, one of them for URLs."""
    return _by_name(line, None, tabs=False) is not None


def holds_urls(line: str) -> bool:
    """Whether a line looks like a record with a URL in one of several cells."""
    shape = _by_content([(1, line)], None, tabs=False)
    return shape is not None and len(_cells(line.rstrip("\r\n"), shape.delimiter)) > 1


def _delimiters(tabs: bool) -> Sequence[str]:
    return ("\t",) if tabs else _DELIMITERS


def _by_name(line: str, column: str | None, tabs: bool) -> _Shape | None:
    found: list[_Shape] = []
    for delimiter in _delimiters(tabs):
        names = _cells(line.rstrip("\r\n"), delimiter)
        place = columns.named(names, column)
        if place is not None:
            found.append(_Shape(delimiter, place, True, len(names)))
    # "url" alone is a line of names under every delimiter.
    return max(found, key=lambda shape: shape.width, default=None)


def _by_content(sample: list[Line], column: str | None, tabs: bool) -> _Shape | None:
    wanted = columns.numbered(column)
    if column is not None and wanted is None:
        return None
    best: tuple[tuple[tuple[int, int], bool], _Shape] | None = None
    for delimiter in _delimiters(tabs):
        rows = [cells for _, cells in _records(deque(sample), iter(()), delimiter)]
        looked = rows if wanted is None else [row[wanted : wanted + 1] for row in rows]
        found = columns.by_content(looked)
        if found is None:
            continue
        place = found[0] if wanted is None else wanted
        first = rows[0][place].strip() if len(rows[0]) > place else ""
        shape = _Shape(delimiter, place, re.fullmatch(r"[^.:/\d][^.:/]*", first) is not None)
        # A comma that is in some lines only belongs to their URLs.
        score = (found[1], len({len(row) for row in rows}) == 1)
        if best is None or score > best[0]:
            best = score, shape
    return None if best is None else best[1]


def _no_column(line: str, column: str | None, tabs: bool) -> str:
    first = max(
        (_cells(line.rstrip("\r\n"), each) for each in _delimiters(tabs)), key=len, default=[]
    )
    has = ", ".join(quote.text(each.strip(), 60) for each in first[:12])
    if column is not None:
        return f"no column {quote.text(column, 60)} with URLs; its first line has: {has}"
    return f"no column named url, and none that holds URLs; its first line has: {has}"


def _records(
    held: deque[Line], lines: Iterator[Line], delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """Each record as its cells: RFC 4180, but a quotation mark that is never closed is one
    line's fault and not that of all that follow.
    """
    patience = _PATIENCE
    while (line := _next(held, lines)) is not None:
        number, text = line
        if '"' in text and patience and not _closed(delimiter, False).fullmatch(text):
            taken: list[Line] = []
            room, closed = LONGEST - len(text), False
            while room > 0 and (more := _next(held, lines)) is not None:
                taken.append(more)
                room -= len(more[1])
                if '"' in more[1]:
                    closed = _closed(delimiter, True).fullmatch(more[1]) is not None
                    if closed or not _WITHIN.fullmatch(more[1]):
                        break
            if closed:
                text += "".join(each for _, each in taken)
            else:
                patience -= len(taken) > _NEAR
                held.extendleft(reversed(taken))
        yield number, _cells(text.rstrip("\r\n"), delimiter)


def _next(held: deque[Line], lines: Iterator[Line]) -> Line | None:
    return held.popleft() if held else next(lines, None)


def _cells(record: str, delimiter: str) -> list[str]:
    if '"' not in record:
        return record.split(delimiter)
    cells: list[str] = []
    field, at = _field(delimiter), 0
    while (found := field.match(record, at)) is not None:
        quoted, behind, plain, end = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"') + behind)
        at = found.end()
        if not end:
            break
    return cells


@lru_cache(maxsize=8)
def _field(delimiter: str) -> re.Pattern[str]:
    other = rf"[^{re.escape(delimiter)}]*+"
    return re.compile(
        rf'(?:"((?:[^"]++|"")*+)"({other})|({other}))({re.escape(delimiter)}|\Z)', re.DOTALL
    )


@lru_cache(maxsize=16)
def _closed(delimiter: str, inside: bool) -> re.Pattern[str]:
    """A text at whose end no quoted cell is open; ``inside``: one is at its beginning."""
    mark = re.escape(delimiter)
    # Over the end of a line only a mark that ends its cell closes: a stray one swallows nothing.
    behind = rf"[\r\n]*+(?={mark}|\Z)" if inside else rf"[^{mark}]*+"
    rest = rf'(?:[^"]++|"")*+"{behind}'
    cell = rf'(?:"{rest}|(?!")[^{mark}]*+)'
    return re.compile(rf"{rest if inside else cell}(?:{mark}{cell})*+", re.DOTALL)
