"""How nouns stand in JSON, and how they are read back, exactly."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from signals_agent.model.digest import Digest

T = TypeVar("T")


def write(noun: Any) -> Any:
    """A noun as JSON has it.

    A dataclass is an object that leaves out what is at its default, octets are base64 (RFC
    4648 section 4), a time is RFC 3339 with its microseconds. Nothing is ever null.
    """
    match noun:
        case bool():
            return noun
        case int():
            return int(noun)
        case str():
            return str(noun)
        case bytes():
            return b64encode(noun).decode("ascii")
        case datetime():
            return noun.isoformat()
        case Digest():
            return noun.hexdigest
        case tuple() | list():
            return [write(each) for each in noun]
    kind: Any = type(noun)
    return {
        name: write(value)
        for name, default in _members(kind)
        if (value := getattr(noun, name)) is not default and value != default
    }


@lru_cache(maxsize=64)
def _members(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The members of a dataclass, each with its default; one without has ``MISSING``."""
    return tuple(
        (
            each.name,
            each.default_factory() if each.default_factory is not MISSING else each.default,
        )
        for each in fields(kind)
    )


def read(kind: Any, told: Any) -> Any:
    """A noun of this type from what ``write`` made of one.

    Raises ``ValueError`` or ``TypeError`` where it is not that: members that are unknown
    were written by newer software, and what they mean must not be passed over.
    """
    return _reader(kind)(told)


@lru_cache(maxsize=256)
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What reads a type."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _reader(get_args(kind)[0])
    if origin in (Union, UnionType):
        return _one_of(tuple(each for each in get_args(kind) if each is not NoneType))
    if origin in (tuple, list):
        return _listed(origin, get_args(kind))
    if kind is bytes:
        return lambda told: b64decode(_is(str, told), validate=True)
    if kind is datetime:
        return _moment
    if kind is Digest:
        return lambda told: Digest(None, _is(str, told))
    if kind in (str, int, bool):
        return lambda told: _is(kind, told)
    if issubclass(kind, StrEnum):
        return lambda told: kind(_is(str, told))
    return _object(kind)


def _is(kind: type[T], told: Any) -> T:
    if type(told) is not kind:
        raise TypeError(f"{kind.__name__} is expected, not {type(told).__name__}")
    return told


def _moment(told: Any) -> datetime:
    moment = datetime.fromisoformat(_is(str, told))
    if moment.tzinfo is None:
        raise ValueError("a time has an offset")
    return moment


def _listed(origin: Any, kinds: Sequence[Any]) -> Callable[[Any], Any]:
    if origin is list or kinds[-1] is Ellipsis:
        each = _reader(kinds[0])
        return lambda told: origin(each(one) for one in _is(list, told))
    readers = tuple(_reader(kind) for kind in kinds)
    return lambda told: tuple(
        reader(one) for reader, one in zip(readers, _is(list, told), strict=True)
    )


def _one_of(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    """What reads the one of several dataclasses whose members are there."""
    if len(kinds) == 1:
        return _reader(kinds[0])
    known = [(*_names(kind), _reader(kind)) for kind in kinds]

    def read_one(told: Any) -> Any:
        there = set(_is(dict, told))
        for needed, may, reader in known:
            if needed <= there <= may:
                return reader(told)
        raise ValueError(f"no {' or '.join(kind.__name__ for kind in kinds)}")

    return read_one


def _names(kind: Any) -> tuple[set[str], set[str]]:
    """Which members a dataclass must have, and which it may have."""
    members = _members(kind)
    return {name for name, default in members if default is MISSING}, {name for name, _ in members}


def _object(kind: Any) -> Callable[[Any], Any]:
    """What reads a dataclass."""
    hints = get_type_hints(kind, include_extras=True)
    needed, may = _names(kind)
    readers = {name: _reader(hints[name]) for name in may}

    def read_object(told: Any) -> Any:
        there = set(_is(dict, told))
        if there - may:
            raise ValueError(f"{kind.__name__} has no {sorted(there - may)[0]!r}")
        if needed - there:
            raise ValueError(f"{kind.__name__} lacks {sorted(needed - there)[0]!r}")
        return kind(**{name: readers[name](value) for name, value in told.items()})

    return read_object
