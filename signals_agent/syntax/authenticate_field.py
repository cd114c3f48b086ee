"""A ``WWW-Authenticate`` field value as challenges (RFC 9110 sections 11.2 to 11.6.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Nothing here looks back: each pattern takes what it can and never gives it up again.
_SKIPPED: Final = re.compile(r"[ \t\r\n,]*+")
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++")
_EQUALS: Final = re.compile(r"[ \t\r\n]*+=[ \t\r\n]*+")
_STRING: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)("?)', re.DOTALL)
_BARE: Final = re.compile(r"[^ \t\r\n,]*+")
_TOKEN68: Final = re.compile(r"[0-9A-Za-z\-._~+/]++=*+(?=[ \t\r\n]*+(?:,|\Z))")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_JUNK: Final = re.compile(r'(?:[^",]++|"(?:[^"\\]++|\\.)*+"?+)++', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: its scheme in lower case, and its parameters in order.

    Names of parameters are in lower case; values are without their quotation marks.
    ``sound`` says that it was written as RFC 9110 11.2 has it.
    """

    scheme: str
    params: tuple[tuple[str, str], ...]
    token: str
    sound: bool

    def param(self, name: str) -> str:
        """The first parameter of this name, empty where there is none."""
        return next((value for each, value in self.params if each == name), "")


def read(value: bytes) -> tuple[Challenge, ...]:
    """Every challenge of a field value, in order; never raises.

    A comma parts challenges as well as parameters (RFC 9110 11.6.1): what is followed by
    ``=`` is a parameter of the challenge before it, any other token a scheme. A string
    that is never closed goes to the end; what is neither token nor string is skipped, so
    that no later challenge is lost.
    """
    return tuple(_challenges(value.decode("latin-1")))


def _challenges(text: str) -> Iterator[Challenge]:
    scheme = ""
    params: list[tuple[str, str]] = []
    token, sound = "", True
    at = _skip(_SKIPPED, text, 0)
    while at < len(text):
        word = _TOKEN.match(text, at)
        if word is None:
            sound, at = False, max(_skip(_JUNK, text, at), at + 1)
        elif equals := _EQUALS.match(text, word.end()):
            value, at, closed = _value(text, equals.end())
            sound = sound and closed and bool(scheme)
            params.append((word[0].lower(), value))
        else:
            if scheme:
                yield Challenge(scheme, tuple(params), token, sound)
            scheme, params, sound = word[0].lower(), [], True
            begin = _skip(_SPACE, text, word.end())
            lone = _TOKEN68.match(text, begin) if begin > word.end() else None
            token = lone[0] if lone else ""
            at = lone.end() if lone else word.end()
        at = _skip(_SKIPPED, text, at)
    if scheme:
        yield Challenge(scheme, tuple(params), token, sound)


def _value(text: str, at: int) -> tuple[str, int, bool]:
    """A parameter's value, where it ends, and whether it is a whole token or string."""
    string = _STRING.match(text, at)
    if string is not None:
        return _text(_ESCAPE.sub(r"\1", string[1])), string.end(), bool(string[2])
    bare = _BARE.match(text, at)
    found = bare[0] if bare else ""
    return _text(found), at + len(found), _TOKEN.fullmatch(found) is not None


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what the pattern takes ends."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _text(latin: str) -> str:
    """Octets that were read as Latin-1, as UTF-8 where they are that."""
    try:
        return latin.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return latin
