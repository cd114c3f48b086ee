"""How a header section is kept beside a body whose codings were taken off, and read back.

As Common Crawl does, fields that no longer tell of the octets that are there stand in their
places under another name (``X-Crawler-Content-Encoding``). Two fields of the record say which
those are, so that what a server called so itself is not taken for them.
"""

import re
from collections.abc import Sequence
from typing import Final

RENAMED: Final = "X-Signals-Renamed"
"""The places of the field lines that stand under another name, counted from 0."""
ADDED: Final = "X-Signals-Added"
"""``content-length``: the last field line was not sent."""
FAILURE: Final = "X-Signals-Failure"
"""How looking failed, in words of ``signals_agent.fetch.failures``."""
ROLE: Final = "X-Signals-Role"
"""What was asked for (``Role``)."""
STATUS: Final = "X-Signals-Status"
"""The status of an answer of which nothing else is there."""

PREFIX: Final = b"X-Crawler-"
_LENGTH: Final = b"content-length"
_CODINGS: Final = (b"content-encoding", b"transfer-encoding")
_OURS: Final = frozenset(PREFIX.lower() + name for name in (_LENGTH, *_CODINGS))
_NOT_NAME: Final = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_NOT_VALUE: Final = re.compile(rb"[\0\r\n]")

Lines = Sequence[tuple[bytes, bytes]]


def kept(lines: Lines, length: int | None) -> tuple[list[tuple[bytes, bytes]], list[int], bool]:
    """Field lines to keep, the places of the renamed ones, and whether a length was added.

    ``length`` counts the octets of the body that are there, ``None`` where an answer has
    none by its status. No name or value ends its line: octets that would are blanks in a
    value (RFC 9110 5.5), and in a name make one that is none, so that the header section
    is *unreadable* and nobody takes it for another.
    """
    made: list[tuple[bytes, bytes]] = []
    renamed: list[int] = []
    told = length is None
    for at, (name, value) in enumerate(lines):
        name = _NOT_NAME.sub(b"?", name) or b"?"
        value = _NOT_VALUE.sub(b" ", value)
        known = name.lower()
        if known == _LENGTH and not told and value.strip() == b"%d" % (length or 0):
            told = True
        elif known in _CODINGS or (known == _LENGTH and length is not None):
            name = PREFIX + name
            renamed.append(at)
        made.append((name, value))
    if not told:
        made.append((b"Content-Length", b"%d" % (length or 0)))
    return made, renamed, not told


def turned_back(lines: Lines, renamed: str, added: str) -> list[tuple[bytes, bytes]]:
    """The field lines as they were sent, by what the record says of them.

    Nothing but the three names is turned back, and nothing but a ``Content-Length`` at the
    end is left out: whatever a record claims, no other field line goes.
    """
    made = list(lines)
    if added == "content-length" and made and made[-1][0].lower() == _LENGTH:
        del made[-1]
    for place in renamed.split():
        at = int(place) if place.isascii() and place.isdigit() and len(place) < 9 else len(made)
        if at < len(made) and made[at][0].lower() in _OURS:
            made[at] = (made[at][0][len(PREFIX) :], made[at][1])
    return made
