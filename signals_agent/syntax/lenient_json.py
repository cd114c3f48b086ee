"""How JSON is read with the slips that publishers make, in scripts and in policies.

Taken as they come: control characters in strings, NaN, repeated names, a comma too many
at the end, JavaScript comments, several values after one another, and the comments and
CDATA marks that scripts used to be wrapped in. One pass, no recursion, no numbers built.
"""

import json
import re
from array import array
from dataclasses import dataclass
from typing import Final

from signals_agent.syntax.json_values import MAX_DEPTH

_SPACE = r"[ \t\n\r]*+(?:/(?:/[^\n\r]*+|\*(?:[^*]++|\*(?!/))*+\*/)[ \t\n\r]*+)*+"
_STRING = r'"((?:[^"\\]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+)"'
_VALUE = (
    rf"(?:{_STRING}|([\[{{])"
    r"|(-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+"
    r"|true|false|null|NaN|-?Infinity))"
)
_TOP: Final = re.compile(_VALUE)
_MEMBER: Final = re.compile(rf"{_SPACE}{_STRING}{_SPACE}:{_SPACE}{_VALUE}{_SPACE}([,}}]?+)")
_ELEMENT: Final = re.compile(rf"{_SPACE}{_VALUE}{_SPACE}([,\]]?+)")
_END_OF_OBJECT: Final = re.compile(rf"{_SPACE},?+{_SPACE}}}")
_END_OF_ARRAY: Final = re.compile(rf"{_SPACE},?+{_SPACE}\]")
_AFTER: Final = re.compile(rf"{_SPACE}([,\]}}])")
_BETWEEN: Final = re.compile(
    r"""(?:[ \t\n\r\ufeff,;]++
    |<!\[CDATA\[|<!\]\]>|\]\]>|-->|>
    |<!--(?=[ \t\n\r]*+[\[{])               # begins with the value: a wrapper ...
    |<!--(?:[^-]++|-(?!->))*+-->            # ... or says something else: a comment
    |//[ \t]*+(?=<!\[|>|\]\]>|-->)
    |//[^\n\r]*+|/\*(?:[^*]++|\*(?!/))*+\*/
    )*+""",
    re.VERBOSE,
)
_ESCAPED: Final = json.JSONDecoder(strict=False)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Literal(str):
    """A number, ``true``, ``false`` or ``null``, as written; other ``str`` values are strings."""

    __slots__ = ()


# What follows is made by the hundred thousand. Parallel lists keep the values that are no
# containers out of sight of the garbage collector, which would double the time it takes.


@dataclass(slots=True, eq=False)
class Object:
    """An object: the names of its members, their values, and at which character each begins.

    ``end`` is where it has ended.
    """

    begin: int
    names: list[str]
    values: "list[Value]"
    begins: "array[int]"
    end: int = -1


@dataclass(slots=True, eq=False)
class Array:
    """An array: its values, at which character each begins, and where it has ended."""

    begin: int
    values: "list[Value]"
    begins: "array[int]"
    end: int = -1


Value = str | Object | Array


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a text, in order; from ``broken`` on it is no JSON, ``None``: all is."""

    values: tuple[Value, ...]
    broken: int | None = None


class TooDeep(ValueError):
    """Values nest deeper than ``MAX_DEPTH`` (rule R39)."""


class _Broken(ValueError):
    """What stands here is no JSON."""


def read(text: str, *, commas: bool = True) -> Document:
    """The values of a text, as far as it is JSON; raises ``TooDeep``.

    Without ``commas`` one may also be missing between two members or elements.
    """
    values: list[Value] = []
    at = 0
    while True:
        between = _BETWEEN.match(text, at)
        assert between is not None
        begin = between.end()
        if begin == len(text):
            return Document(tuple(values))
        try:
            value, at = _value(text, begin, commas)
        except _Broken:
            return Document(tuple(values), begin)
        values.append(value)


def end(text: str, begin: int) -> int:
    """Where a value ends that ``read`` found to begin here."""
    return _value(text, begin)[1]


def unescaped(written: str) -> str:
    """What the inside of a string means; lone surrogates are replaced, they are no characters."""
    if "\\" not in written:
        return written
    try:
        text: str = _ESCAPED.raw_decode(f'"{written}"')[0]
    except ValueError:
        return written
    return text.encode("utf-8", "replace").decode("utf-8") if _SURROGATE.search(text) else text


def _value(text: str, at: int, commas: bool = True) -> tuple[Value, int]:
    first = _TOP.match(text, at)
    if first is None:
        raise _Broken
    string, opening, literal = first.groups()
    if string is not None:
        return unescaped(string), first.end()
    if opening is None:
        return Literal(literal), first.end()
    top = _container(opening, at)
    return top, _fill(text, top, commas)


def _container(opening: str, at: int) -> Object | Array:
    if opening == "{":
        return Object(at, [], [], array("L"))
    return Array(at, [], array("L"))


def _fill(text: str, top: Object | Array, commas: bool) -> int:
    """Read on from the beginning of a container until it has ended, and say where."""
    stack = [top]
    at = top.begin + 1
    while True:
        current = stack[-1]
        opened, at = (
            _members(text, current, at, commas)
            if isinstance(current, Object)
            else _elements(text, current, at, commas)
        )
        if opened is not None:
            if len(stack) >= MAX_DEPTH:
                raise TooDeep(f"values nest deeper than {MAX_DEPTH}")
            stack.append(opened)
            continue
        current.end = at
        stack.pop()
        if not stack:
            return at
        after = _AFTER.match(text, at)
        if after is None:
            if commas:
                raise _Broken
            continue
        delimiter = after[1]
        if delimiter == ",":
            at = after.end()
        elif delimiter == ("}" if isinstance(stack[-1], Object) else "]"):
            at = after.start(1)
        else:
            raise _Broken


def _members(text: str, into: Object, at: int, commas: bool) -> tuple[Object | Array | None, int]:
    """The members up to the next container, which is given, or to the end of the object."""
    names, values, begins = into.names.append, into.values.append, into.begins.append
    while (found := _MEMBER.match(text, at)) is not None:
        name, string, opening, literal, delimiter = found.groups()
        names(unescaped(name) if "\\" in name else name)
        if opening is not None:
            begin, at = found.span(3)
            begins(begin)
            inner = _container(opening, begin)
            values(inner)
            return inner, at
        if string is not None:
            values(unescaped(string) if "\\" in string else string)
            begins(found.start(2) - 1)
        else:
            values(Literal(literal))
            begins(found.start(4))
        at = found.end()
        if delimiter == "}":
            return None, at
        if not delimiter and commas:
            raise _Broken
    ended = _END_OF_OBJECT.match(text, at)
    if ended is None:
        raise _Broken
    return None, ended.end()


def _elements(text: str, into: Array, at: int, commas: bool) -> tuple[Object | Array | None, int]:
    """The elements up to the next container, which is given, or to the end of the array."""
    values, begins = into.values.append, into.begins.append
    while (found := _ELEMENT.match(text, at)) is not None:
        string, opening, literal, delimiter = found.groups()
        if opening is not None:
            begin, at = found.span(2)
            begins(begin)
            inner = _container(opening, begin)
            values(inner)
            return inner, at
        if string is not None:
            values(unescaped(string) if "\\" in string else string)
            begins(found.start(1) - 1)
        else:
            values(Literal(literal))
            begins(found.start(3))
        at = found.end()
        if delimiter == "]":
            return None, at
        if not delimiter and commas:
            raise _Broken
    ended = _END_OF_ARRAY.match(text, at)
    if ended is None:
        raise _Broken
    return None, ended.end()
