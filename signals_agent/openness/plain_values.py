"""How a YAML or JSON text becomes plain values, within caps."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, Final, TypeAlias

from signals_agent.syntax import json_values

MAX_OCTETS: Final = 128 * 1024
"""Of a description; those that are published have fewer than ten thousand."""
MAX_VALUES: Final = 10_000
"""Of values, each counted as often as aliases repeat it."""
MAX_DEPTH: Final = 32

_PATH: Final = 300
"""Characters of a path; what stands deeper has the line of what is around it."""

_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_MERGE = "tag:yaml.org,2002:merge"
_TRUE = frozenset({"yes", "true", "on"})
_SPACE = re.compile(r"\s+")

Plain: TypeAlias = bool | str | list["Plain"] | dict[str, "Plain"] | None
"""Numbers and dates are text, as they are written."""

Lines: TypeAlias = Mapping[str, int]
"""Lines from 1 by path, such as ``release.components[1].name``."""


class Unreadable(ValueError):
    """The text is not what it should be; the message says why, and starts in small letters."""


class _Count:
    """How many values there were so far."""

    def __init__(self) -> None:
        self.seen = 0

    def one(self, depth: int) -> None:
        self.seen += 1
        if self.seen > MAX_VALUES:
            raise Unreadable(f"it holds more than {MAX_VALUES} values, aliases followed")
        if depth > MAX_DEPTH:
            raise Unreadable(f"values nest deeper than {MAX_DEPTH}, aliases followed")


class _Reader:
    """Makes plain values, and keeps the line of each by its path."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.lines: dict[str, int] = {}
        self.count = _Count()

    def passed(self, where: str, line: int, depth: int) -> None:
        """One more value, which stands on a line (from 0)."""
        self.count.one(depth)
        self.lines.setdefault(where, line + self.first)

    def key(self, made: dict[str, Plain], key: str, where: str, line: int) -> str:
        """The path of a key's value; raises ``Unreadable`` where the key stands twice."""
        path = _below(where, key)
        if key in made:
            before = self.lines.get(path)
            first = f"lines {before} and " if before else "line "
            raise Unreadable(
                f"the key {key[:60]!r} stands twice{_in(where)} ({first}{line + self.first})"
            )
        return path


def of(text: str, *, json: bool, first: int = 1) -> tuple[Plain, Lines]:
    """The value of a text that starts on a line, and on which line each value stands.

    Raises ``Unreadable``.
    """
    reader = _Reader(first)
    return (_of_json(text, reader) if json else _of_yaml(text, reader)), reader.lines


def _below(where: str, key: str) -> str:
    """The path of what is held by a key; far down it is that of what is around it."""
    path = f"{where}.{key[:60]}" if where else key[:60]
    return path if len(path) < _PATH else where


def _element(where: str, number: int) -> str:
    path = f"{where}[{number}]"
    return path if len(path) < _PATH else where


def _of_json(text: str, reader: _Reader) -> Plain:
    try:
        value = json_values.parse(text)
    except JSONDecodeError as error:
        # No other place of a text without faults can begin like this.
        told = error.msg[:1].lower() + error.msg[1:]
        if text[error.pos : error.pos + 2] in ("//", "/*"):
            told = "a comment stands here, and JSON has none"
        line = error.lineno + reader.first - 1
        raise Unreadable(f"it is no JSON: line {line}, column {error.colno}: {told}") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no JSON: {error}") from None
    breaks = [at for at, character in enumerate(text) if character == "\n"]
    return _from_json(text, value, breaks, reader, 0, "")


def _from_json(
    text: str,
    held: json_values.Value,
    breaks: list[int],
    reader: _Reader,
    depth: int,
    where: str,
) -> Plain:
    line = bisect_left(breaks, held.begin)
    reader.passed(where, line, depth)
    value = held.value
    if isinstance(value, json_values.Pairs):
        made: dict[str, Plain] = {}
        for name, each in json_values.members(text, held):
            path = reader.key(made, name, where, bisect_left(breaks, each.begin))
            made[name] = _from_json(text, each, breaks, reader, depth + 1, path)
        return made
    if isinstance(value, list):
        return [
            _from_json(text, each, breaks, reader, depth + 1, _element(where, number))
            for number, each in enumerate(json_values.elements(text, held), 1)
        ]
    if value is None or isinstance(value, bool | str):
        return value
    return str(value)


def _of_yaml(text: str, reader: _Reader) -> Plain:
    import yaml

    try:
        # Only composed: no tag makes an object, and an alias is the node that it names.
        outermost = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + reader.first}, column {mark.column + 1}: " if mark else ""
        told = _SPACE.sub(" ", error.problem or error.context or "it is broken")
        if told.startswith("but ") and error.context:
            told = f"{error.context}, {told}"
        raise Unreadable(f"it is no YAML: {place}{told}"[:250]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + reader.first
        raise Unreadable(
            f"it is no YAML: line {line}: a character that may not stand there "
            f"(U+{_code(error.character):04X})"
        ) from None
    except yaml.YAMLError as error:
        raise Unreadable(f"it is no YAML: {_SPACE.sub(' ', str(error))[:200]}") from None
    except RecursionError:
        raise Unreadable("values nest too deep") from None
    except (ArithmeticError, ValueError) as error:
        # An escape of a character that cannot be.
        raise Unreadable(f"it is no YAML: {error}") from None
    return None if outermost is None else _from_yaml(outermost, reader, 0, "")


def _code(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)


def _from_yaml(node: Any, reader: _Reader, depth: int, where: str) -> Plain:
    import yaml

    reader.passed(where, node.start_mark.line, depth)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, reader, depth, where)
    if isinstance(node, yaml.SequenceNode):
        return [
            _from_yaml(each, reader, depth + 1, _element(where, number))
            for number, each in enumerate(node.value, 1)
        ]
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return node.value.lower() in _TRUE
    return str(node.value)


def _mapping(node: Any, reader: _Reader, depth: int, where: str) -> dict[str, Plain]:
    """A mapping; what it merges (``<<``) stands behind what it says itself."""
    import yaml

    made: dict[str, Plain] = {}
    merged: list[Plain] = []
    for key, held in node.value:
        line = key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(f"a key{_in(where)} is no text (line {line + reader.first})")
        if key.tag == _MERGE:
            value = _from_yaml(held, reader, depth + 1, where)
            merged += value if isinstance(value, list) else [value]
            continue
        path = reader.key(made, key.value, where, line)
        # A value may begin on a later line than its key, by which people look for it.
        reader.lines.setdefault(path, line + reader.first)
        made[key.value] = _from_yaml(held, reader, depth + 1, path)
    for each in merged:
        if not isinstance(each, dict):
            raise Unreadable(f"what is merged{_in(where)} is no mapping")
        made = each | made
    return made


def _in(where: str) -> str:
    return f" in {where[:120]!r}" if where else ""
