"""Tables of Markdown, and what may stand in their cells."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from signals_agent import quote

_ALIGNED: Final = {"l": "---", "r": "--:"}


class Shown:
    """What somebody else said, as Markdown shows it and gives it no meaning.

    ``width`` is a factor by which all of it is cut shorter.
    """

    def __init__(self, width: float = 1.0) -> None:
        self._width = width

    def __call__(self, said: str, limit: int) -> str:
        """At most so many octets as shown, which may be many times as long as what was said."""
        most = kept = int(limit * self._width)
        while True:
            text = quote.markdown(said, kept)
            if len(text.encode("utf-8", "replace")) <= most + len("...") or not kept:
                return text
            kept = kept * 3 // 4


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> Iterator[str]:
    """A table; ``align`` is a letter for each column, ``l`` or ``r``."""
    yield _row(heads)
    yield _row([_ALIGNED[each] for each in align])
    for row in rows:
        yield _row(row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
