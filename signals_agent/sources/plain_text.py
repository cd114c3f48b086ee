"""URLs as plain text has them: one a line, with comments and blank lines between."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from signals_agent.sources.addresses import shown
from signals_agent.sources.listed import Firsts

_COMMENT: Final = re.compile(r"(?:^|\s)#.*", re.DOTALL)


def written(
    lines: Iterable[tuple[int, str]], name: str, skipped: Firsts
) -> Iterator[tuple[int, str]]:
    """The address of each line; ``#`` after white space, or first, begins a comment."""
    for number, line in lines:
        address = _COMMENT.sub("", line, count=1).strip().strip("\0")
        if not address:
            continue
        if len(address.split(None, 1)) > 1:
            skipped.note(name, number, f"more than one word: {shown(address)}")
        else:
            yield number, address
