"""The second look at an expression that cannot be read to the letter (rule R11)."""

import re
from dataclasses import dataclass
from typing import Final

NO: Final = frozenset({"n", "no", "0", "?0", "false", "deny", "disallow", "disallowed"})
"""The words that mean no, in Content-Usage and in Content-Signal alike."""

# SP, HTAB and NBSP, the latter as Latin-1 or as UTF-8; no word that counts holds any of them.
_BLANK: Final = b" \t\r\n\f\xa0\xc2"
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
# A Display String (RFC 9651 3.3.8) escapes with "%", so that a backslash in it stands for itself.
_DISPLAY_STRING: Final = re.compile(rb'"[^"]*+"')


@dataclass(frozen=True, slots=True)
class Parameter:
    """What follows a ``;``: a lower-case name, and a value where there is a ``=``."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two commas: a lower-case key, its value, and its parameters.

    ``offset`` counts octets from 0. ``plain`` says that the key is a single word.
    """

    key: str
    value: str | None
    parameters: tuple[Parameter, ...]
    offset: int
    plain: bool


def split(octets: bytes, separator: bytes) -> list[tuple[int, bytes]]:
    """The pieces between separators that stand outside quotes, each with its offset.

    A quote that nothing closes is an ordinary octet, so that it cannot swallow the rest.
    On a value that is a valid Structured Field this finds the members (at ``,``) and the
    parameters of a member (at ``;``) exactly, but for the inside of an Inner List.
    """
    pieces: list[tuple[int, bytes]] = []
    start = cursor = 0
    quote = octets.find(b'"')
    while (end := octets.find(separator, cursor)) != -1:
        while -1 < quote < end:
            kind = _DISPLAY_STRING if octets[quote - 1 : quote] == b"%" else _STRING
            string = kind.match(octets, quote)
            if string is None:
                quote = -1
                break
            cursor = string.end()
            quote = octets.find(b'"', cursor)
            if cursor > end:
                end = octets.find(separator, cursor)
                if end == -1:
                    break
        if end == -1:
            break
        pieces.append((start, octets[start:end]))
        start = cursor = end + 1
    pieces.append((start, octets[start:]))
    return pieces


def parts(octets: bytes) -> tuple[Part, ...]:
    """The expression read once more, leniently; empty pieces are left out."""
    found = []
    for offset, piece in split(octets, b","):
        shown = piece.strip(_BLANK)
        if not shown:
            continue
        (_, head), *tail = split(piece, b";")
        key, value = _pair(head)
        parameters = (Parameter(*_pair(after)) for _, after in tail if after.strip(_BLANK))
        found.append(
            Part(
                key=key,
                value=value,
                parameters=tuple(parameters),
                offset=offset + piece.index(shown),
                plain=bool(key) and key.replace("-", "").replace("_", "").isalnum(),
            )
        )
    return tuple(found)


def _pair(octets: bytes) -> tuple[str, str | None]:
    name, equals, value = octets.partition(b"=")
    return _word(name), _word(value) if equals else None


def _word(octets: bytes) -> str:
    bare = octets.strip(_BLANK)
    if bare[:1] == b'"' or bare[-1:] == b'"':
        bare = bare.strip(b'"').strip(_BLANK)
    return bare.decode("latin-1").lower()


def means_no(value: str | None) -> bool:
    """Whether a lower-case value is one of the words that mean no, quoted or not."""
    return value is not None and value.strip("'") in NO
