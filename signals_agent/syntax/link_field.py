"""An HTTP ``Link`` field value as links (RFC 8288 section 3 and appendix B)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

# Nothing here looks back: each pattern takes what it can and never gives it up again.
_OWS: Final = r"[ \t\r\n]*+"
_QUOTED: Final = r'"(?:[^"\\]++|\\.)*+(?:"|\\?+\Z)'
_SPACE: Final = re.compile(_OWS)
_TARGET: Final = re.compile(r"<([^>]*+)>")
_NAME: Final = re.compile(r"[^ \t\r\n=;,]*+")
_STRING: Final = re.compile(_QUOTED, re.DOTALL)
_BARE: Final = re.compile(r"[^;,]*+")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_BEFORE_LINK: Final = re.compile(rf'(?:[^<"]++|{_QUOTED})*+', re.DOTALL)
_BEFORE_PARAMETER: Final = re.compile(rf'(?:[^<";,]++|{_QUOTED})*+', re.DOTALL)
_EXTENDED: Final = re.compile(r"(utf-8|iso-8859-1)'[^']*+'([^']*+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its target as written, and its parameters in order, names in lower case.

    ``begin`` and ``end`` are the octets of the value between which it stands, from its
    ``<`` to the end of its last parameter. A parameter without ``=`` is empty.
    """

    target: str
    params: tuple[tuple[str, str], ...]
    begin: int
    end: int

    @property
    def relations(self) -> tuple[str, ...]:
        """The relation types in lower case: of the first ``rel`` alone (RFC 8288 3.3)."""
        value = next((value for name, value in self.params if name == "rel"), "")
        return tuple(value.lower().split())

    def param(self, name: str) -> str:
        """The first parameter of this name, empty where there is none.

        The form with a star (``title*``) goes first where it can be decoded (RFC 8288
        3.4.1, RFC 8187 3.2).
        """
        for each, value in self.params:
            if each == f"{name}*":
                decoded = _extended(value)
                if decoded is not None:
                    return decoded
                break
        return next((value for each, value in self.params if each == name), "")


def read(value: bytes) -> tuple[Link, ...]:
    """Every link of a field value, in order; never raises.

    Empty members are skipped (RFC 9110 5.6.1). Where appendix B.2 gives the whole value
    up, reading goes on: what stands before a ``<`` or behind a parameter and belongs to
    neither is skipped, so that no later link is lost. A ``<`` that is never closed ends
    it (appendix B.2, step 5).
    """
    return tuple(_links(value.decode("latin-1")))


def _links(text: str) -> Iterator[Link]:
    at = 0
    while True:
        begin = _skip(_BEFORE_LINK, text, at)
        target = _TARGET.match(text, begin)
        if target is None:
            return
        params, end = _parameters(text, target.end())
        yield Link(_text(target[1]), params, begin, end)
        at = end


def _parameters(text: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """The parameters that begin here, and where the last one ends (appendix B.3)."""
    params: list[tuple[str, str]] = []
    end = at
    while True:
        at = _skip(_BEFORE_PARAMETER, text, at)
        if text[at : at + 1] != ";":
            return tuple(params), end
        begin = _skip(_SPACE, text, at + 1)
        at = _skip(_NAME, text, begin)
        name = text[begin:at].lower()
        value = ""
        equals = _skip(_SPACE, text, at)
        if text[equals : equals + 1] == "=":
            begin = _skip(_SPACE, text, equals + 1)
            string = _STRING.match(text, begin)
            if string is not None:
                at = string.end()
                value = _unquoted(string[0])
            else:
                at = _skip(_BARE, text, begin)
                value = text[begin:at].rstrip(" \t\r\n")
                at = begin + len(value)
        if name:
            params.append((_text(name), _text(value)))
            end = at


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what the pattern takes ends; every pattern used here also takes nothing."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _unquoted(string: str) -> str:
    """What a quoted string says; one that is not closed goes to the end of the value."""
    closed = len(string) > 1 and string.endswith('"')
    inner = string[1:-1] if closed else string[1:]
    return _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner


def _text(latin: str) -> str:
    """Octets that were read as Latin-1, as UTF-8 where they are that."""
    if latin.isascii():
        return latin
    try:
        return latin.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return latin


def _extended(value: str) -> str | None:
    """A value with charset and language as text; ``None`` where it is none (RFC 8187 3.2)."""
    found = _EXTENDED.fullmatch(value.strip())
    if found is None:
        return None
    try:
        return unquote_to_bytes(found[2]).decode(found[1])
    except UnicodeDecodeError:
        return None
