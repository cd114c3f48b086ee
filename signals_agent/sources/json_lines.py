"""URLs as JSON has them, an object or a text a line."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from signals_agent import quote
from signals_agent.sources.columns import NAMES
from signals_agent.sources.listed import Firsts


def written(
    lines: Iterable[tuple[int, str]], name: str, skipped: Firsts, column: str | None
) -> Iterator[tuple[int, str]]:
    """The address of each line.

    ``column`` is the name of a member, or names with dots between them for a member of a
    member; without it the usual names are tried, in any casing.
    """
    for number, line in lines:
        if not line.strip("\0\ufeff \t\r\n"):
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            said = "nests too deep" if isinstance(error, RecursionError) else str(error)
            skipped.note(name, number, f"no JSON: {quote.text(said, 120)}")
            continue
        found = value if isinstance(value, str) and column is None else _member(value, column)
        if isinstance(found, str) and found.strip():
            yield number, found
        else:
            skipped.note(name, number, _nothing(value, found, column))


def _member(value: Any, column: str | None) -> Any:
    if not isinstance(value, dict):
        return None
    if column is None:
        folded = {key.strip().lower(): each for key, each in reversed(value.items())}
        return next((folded[each] for each in NAMES if folded.get(each)), None)
    if column in value:
        return value[column]
    found: Any = value
    for part in column.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _nothing(value: Any, found: Any, column: str | None) -> str:
    if found is not None and not isinstance(found, str):
        return "its URL is no text"
    if not isinstance(value, dict):
        return "no JSON object"
    named = f"named {quote.text(column, 60)}" if column else f"among {', '.join(NAMES[:4])}, ..."
    return f"no member {named} that holds a URL"
