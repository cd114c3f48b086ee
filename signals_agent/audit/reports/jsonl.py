"""The results themselves, one JSON object a line, each with its ``schema``."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from signals_agent.model.use import Use
from signals_agent.store.snapshot import Row

_USES: Final = ',"uses":{'
_ORDER: Final = {use.value: place for place, use in enumerate(Use)}
_TOGETHER: Final = 64

_read = json.JSONDecoder().raw_decode
_write = json.JSONEncoder(separators=(",", ":")).encode


def write(rows: Iterable[Row]) -> Iterator[str]:
    """The lines, some at a time; they are ASCII, so that they are safe on any terminal.

    A URL that was not asked has no result, and none here: CSV and Parquet have a row for it,
    and Markdown and HTML say how many there are.
    """
    waiting: list[str] = []
    for row in rows:
        if row.result:
            waiting.append(line(row.result))
        if len(waiting) == _TOGETHER:
            yield "".join(waiting)
            waiting.clear()
    if waiting:
        yield "".join(waiting)


def line(result: str) -> str:
    """A result, from its canonical JSON, with its uses in their order."""
    # Of all members only this one has another order. A quotation mark in a string is escaped,
    # so that this cannot stand in one, and "uses" of a verdict is a list.
    place = result.find(_USES)
    if place < 0:
        return _plain(_write(_ordered(json.loads(result))))
    start = place + len(_USES) - 1
    uses, end = _read(result, start)
    return _plain(result[:start] + _write(_sorted(uses)) + result[end:])


def _ordered(result: dict[str, Any]) -> dict[str, Any]:
    return {name: _sorted(value) if name == "uses" else value for name, value in result.items()}


def _sorted(uses: dict[str, Any]) -> dict[str, Any]:
    return {use: uses[use] for use in sorted(uses, key=lambda use: (_ORDER.get(use, 99), use))}


def _plain(text: str) -> str:
    # DEL is ASCII, but nothing for a terminal; it stands in strings only.
    return text.replace("\x7f", "\\u007f") + "\n"
