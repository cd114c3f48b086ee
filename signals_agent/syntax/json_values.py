"""How JSON is read so that each value keeps its place and no repeated name is lost."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MAX_DEPTH: Final = 64
"""How deep values may nest; a document that nests deeper is not read (rule R39)."""


class TooDeep(ValueError):
    """Values nest deeper than is read."""


class Pairs(list[tuple[str, Any]]):
    """An object as its members in order, repeated names included."""

    def named(self, name: str) -> list[Any]:
        """The values of all members of this name."""
        return [value for key, value in self if key == name]


@dataclass(frozen=True, slots=True)
class Text:
    """A document as text; ``clean`` says that every octet of it was valid in its encoding."""

    text: str
    encoding: str
    clean: bool

    def octets(self, value: "Value") -> bytes:
        """The octets of a value, as they stand in the document."""
        return self.text[value.begin : value.end].encode(self.encoding, "surrogateescape")


@dataclass(frozen=True, slots=True)
class Value:
    """A value, its JSON pointer (RFC 6901), and the characters that it stands between, from 0."""

    pointer: str
    value: Any
    begin: int
    end: int


def decode(body: bytes) -> Text:
    """The document as text: UTF-8, UTF-16 or UTF-32, without a byte order mark; never raises."""
    encoding = json.detect_encoding(body)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return Text(body.decode("utf-8", "surrogateescape"), "utf-8", clean=False)
    if encoding in ("utf-16", "utf-32"):
        order = "le" if body.startswith(b"\xff\xfe") else "be"
        return Text(text, f"{encoding}-{order}", clean=True)
    return Text(text, encoding.removesuffix("-sig"), clean=True)


def parse(text: str) -> Value:
    """The value of the text; raises ``ValueError`` where it is no JSON or ``TooDeep``."""
    _refuse_depth(text)
    begin = _skip(text, 0)
    value, end = _DECODER.raw_decode(text, begin)
    if _skip(text, end) != len(text):
        raise ValueError("something stands behind the value")
    return Value("", value, begin, end)


def elements(text: str, array: Value) -> Iterator[Value]:
    """The elements of an array that ``parse`` gave, each with its place."""
    at = _skip(text, array.begin + 1)
    for index in range(len(array.value)):
        value, end = _DECODER.raw_decode(text, at)
        yield Value(f"{array.pointer}/{index}", value, at, end)
        at = _skip(text, _skip(text, end) + 1)


def members(text: str, parent: Value) -> Iterator[tuple[str, Value]]:
    """The members of an object that ``parse`` gave, each with the place of its value."""
    at = _skip(text, parent.begin + 1)
    for _ in range(len(parent.value)):
        name, end = _DECODER.raw_decode(text, at)
        begin = _skip(text, _skip(text, end) + 1)
        value, end = _DECODER.raw_decode(text, begin)
        escaped = name.replace("~", "~0").replace("/", "~1")
        yield name, Value(f"{parent.pointer}/{escaped}", value, begin, end)
        at = _skip(text, _skip(text, end) + 1)


def _refuse_constant(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON (RFC 8259 6)")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=Pairs, parse_constant=_refuse_constant)
_SPACE: Final = re.compile(r"[ \t\n\r]*+")
_NESTING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _refuse_depth(text: str) -> None:
    depth = 0
    for found in _NESTING.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
            if depth > MAX_DEPTH:
                raise TooDeep(f"values nest deeper than {MAX_DEPTH}")
        elif found[0] in ("]", "}"):
            depth -= 1
