"""The second look at an expression that cannot be read to the letter (rule R11)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

NO: Final = frozenset({"n", "no", "0", "?0", "false", "deny", "disallow", "disallowed"})
"""The words that mean no, in Content-Usage and in Content-Signal alike."""

_YES: Final = frozenset({"y", "yes", "1", "?1", "true", "allow", "allowed"})

# SP, HTAB and NBSP, the latter as Latin-1 or as UTF-8; no word that counts holds any of them.
_BLANK: Final = b" \t\r\n\f\xa0\xc2"
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
# A Display String (RFC 9651 3.3.8) escapes with "%", so that a backslash in it stands for itself.
_DISPLAY_STRING: Final = re.compile(rb'"[^"]*+"')
_SEPARATED: Final = re.compile(r"[\s=]")
# A word is not cut at its hyphens: "train-ai" holds no "ai".
_WORD: Final = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Pair:
    """A lower-case name, and a value where there is a ``=``; ``quoted`` says it is one String."""

    name: str
    value: str | None
    quoted: bool = False

    @property
    def plain(self) -> bool:
        """Whether the name is a single word."""
        return self.name.replace("-", "").replace("_", "").isalnum()

    @property
    def text(self) -> str:
        """Name and value as they stand there, without the quotes."""
        return self.name if self.value is None else f"{self.name}={self.value}"

    def understood(self, names: Collection[str]) -> bool:
        """Whether this is a yes or a no for one of the names, or a member of another name.

        What stands behind a blank or a second ``=`` in a value that is no String is not
        understood: a separator may have been forgotten before it.
        """
        if self.name in names:
            return means_no(self.value) or means_yes(self.value)
        value = self.value or ""
        return self.plain and (self.quoted or _SEPARATED.search(value) is None)

    def naming(self, names: Collection[str]) -> list[str]:
        """Those of the names that occur here as a word of their own, in order."""
        return [name for name in dict.fromkeys(_WORD.findall(self.text)) if name in names]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two commas: a key with its value, and its parameters.

    ``pairs`` holds the key and then the parameters; ``offset`` counts octets from 0.
    """

    pairs: tuple[Pair, ...]
    offset: int

    @property
    def key(self) -> str:
        """The lower-case key."""
        return self.pairs[0].name

    @property
    def value(self) -> str | None:
        """The value of the key, lower-case, where there is a ``=``."""
        return self.pairs[0].value

    @property
    def plain(self) -> bool:
        """Whether the key is a single word."""
        return self.pairs[0].plain

    @property
    def parameters(self) -> tuple[Pair, ...]:
        """What follows the semicolons."""
        return self.pairs[1:]


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
        pairs = (_pair(head), *(_pair(after) for _, after in tail if after.strip(_BLANK)))
        found.append(Part(pairs, offset + piece.index(shown)))
    return tuple(found)


def _pair(octets: bytes) -> Pair:
    name, equals, value = octets.partition(b"=")
    quoted = _STRING.fullmatch(value.strip(_BLANK)) is not None
    return Pair(_word(name), _word(value) if equals else None, quoted)


def _word(octets: bytes) -> str:
    bare = octets.strip(_BLANK)
    if bare[:1] == b'"' or bare[-1:] == b'"':
        bare = bare.strip(b'"').strip(_BLANK)
    return bare.decode("latin-1").lower()


def means_no(value: str | None) -> bool:
    """Whether a lower-case value is one of the words that mean no, quoted or not."""
    return value is not None and value.strip("'") in NO


def means_yes(value: str | None) -> bool:
    """Whether a lower-case value is plainly meant as yes; nothing is ever allowed by it."""
    return value is not None and value.strip("'") in _YES
