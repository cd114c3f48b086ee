"""By what a column of URLs is known: its name, or what stands in it."""

from collections.abc import Iterable, Sequence
from typing import Final

from signals_agent.sources import addresses

NAMES: Final = (
    "url",
    "uri",
    "link",
    "loc",
    "href",
    "page_url",
    "source_url",
    "image_url",
    "website",
    "domain",
    "hostname",
    "host",
)
"""What a column of URLs is called, in any casing; the first that is there counts."""


def named(names: Sequence[str], column: str | None) -> int | None:
    """The place, from 0, of the column of URLs among the names; ``None`` where there is none."""
    if column is not None and column in names:
        return names.index(column)
    folded = [each.strip().lower() for each in names]
    wanted = NAMES if column is None else (column.strip().lower(),)
    return next((folded.index(each) for each in wanted if each in folded), None)


def numbered(column: str | None) -> int | None:
    """The place, from 0, that a text such as ``2`` means."""
    if column is None or not column.isascii() or not column.isdigit() or len(column) > 6:
        return None
    return int(column) - 1 if int(column) > 0 else None


def by_content(rows: Iterable[Sequence[str]]) -> tuple[int, tuple[int, int]] | None:
    """The column in which most URLs stand, and how many: whole ones, then bare hosts.

    ``None`` where no cell is a URL. Whole URLs count before hosts, and left before right.
    """
    hits: dict[int, tuple[int, int]] = {}
    for row in rows:
        for place, cell in enumerate(row):
            text = cell.strip()
            full = addresses.is_full(text)
            if full or addresses.is_bare(text):
                whole, bare = hits.get(place, (0, 0))
                hits[place] = (whole + full, bare + (not full))
    if not hits:
        return None
    best = max(hits, key=lambda place: (hits[place], -place))
    return best, hits[best]
