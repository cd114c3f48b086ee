"""How a YAML or JSON text becomes plain values, within caps."""

import re
from typing import Any, Final, TypeAlias

from signals_agent.syntax import json_values

MAX_OCTETS: Final = 128 * 1024
"""Of a description; those that are published have fewer than ten thousand."""
MAX_VALUES: Final = 10_000
"""Of values, each counted as often as aliases repeat it."""
MAX_DEPTH: Final = 32

_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_MERGE = "tag:yaml.org,2002:merge"
_TRUE = frozenset({"yes", "true", "on"})
_SPACE = re.compile(r"\s+")

Plain: TypeAlias = bool | str | list["Plain"] | dict[str, "Plain"] | None
"""Numbers and dates are text, as they are written."""


class Unreadable(ValueError):
    """The text is not what it should be; the message says why, and starts in small letters."""


def of(text: str, *, json: bool) -> Plain:
    """The value of a text; raises ``Unreadable``."""
    return _of_json(text) if json else _of_yaml(text)


class _Count:
    """How many values there were so far."""

    def __init__(self) -> None:
        self.seen = 0

    def one(self, depth: int) -> None:
        self.seen += 1
        if self.seen > MAX_VALUES:
            raise Unreadable(f"it holds more than {MAX_VALUES} values, aliases followed")
        if depth > MAX_DEPTH:
            raise Unreadable(f"values nest deeper than {MAX_DEPTH}")


def _of_json(text: str) -> Plain:
    try:
        value = json_values.parse(text).value
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no JSON: {error}") from None
    return _from_json(value, _Count(), 0, "")


def _from_json(value: Any, count: _Count, depth: int, where: str) -> Plain:
    count.one(depth)
    if isinstance(value, json_values.Pairs):
        made: dict[str, Plain] = {}
        for key, each in value:
            _refuse_second(made, key, where)
            made[key] = _from_json(each, count, depth + 1, key)
        return made
    if isinstance(value, list):
        return [_from_json(each, count, depth + 1, where) for each in value]
    if value is None or isinstance(value, bool | str):
        return value
    return str(value)


def _of_yaml(text: str) -> Plain:
    import yaml

    try:
        # Only composed: no tag makes an object, and an alias is the node that it names.
        outermost = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise Unreadable(f"it is no YAML: {_SPACE.sub(' ', str(error))[:200]}") from None
    except RecursionError:
        raise Unreadable("values nest too deep") from None
    except (ArithmeticError, ValueError) as error:
        # An escape of a character that cannot be.
        raise Unreadable(f"it is no YAML: {error}") from None
    return None if outermost is None else _from_yaml(outermost, _Count(), 0, "")


def _from_yaml(node: Any, count: _Count, depth: int, where: str) -> Plain:
    import yaml

    count.one(depth)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, count, depth, where)
    if isinstance(node, yaml.SequenceNode):
        return [_from_yaml(each, count, depth + 1, where) for each in node.value]
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return node.value.lower() in _TRUE
    return str(node.value)


def _mapping(node: Any, count: _Count, depth: int, where: str) -> dict[str, Plain]:
    """A mapping; what it merges (``<<``) stands behind what it says itself."""
    import yaml

    made: dict[str, Plain] = {}
    merged: list[Plain] = []
    for key, held in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(f"a key{_in(where)} is no text")
        if key.tag == _MERGE:
            value = _from_yaml(held, count, depth + 1, where)
            merged += value if isinstance(value, list) else [value]
            continue
        _refuse_second(made, key.value, where)
        made[key.value] = _from_yaml(held, count, depth + 1, key.value)
    for each in merged:
        if not isinstance(each, dict):
            raise Unreadable(f"what is merged{_in(where)} is no mapping")
        made = each | made
    return made


def _refuse_second(made: dict[str, Plain], key: str, where: str) -> None:
    if key in made:
        raise Unreadable(f"the key {key[:60]!r} stands twice{_in(where)}")


def _in(where: str) -> str:
    return f" in {where[:60]!r}" if where else ""
