"""What is wrong with a file of keys that a person wrote: a line for each mistake."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from signals_agent.contradictions import Contradiction, Contradictory
from signals_agent.syntax import toml_places
from signals_agent.syntax.toml_places import Path

_TABLES: Final = frozenset({"commitment", "agreement", "statement", "creator"})
_PLACED: Final = 2
"""How long the path of an entry is: its table, and its place there."""
_SHOWN: Final = 60
"""Characters of a value that are shown."""


def lines(
    mistakes: Sequence[Mapping[str, Any]],
    name: str,
    known: Callable[[Path], Sequence[str]],
    places: Mapping[Path, int],
    besides: Iterable[Contradiction] = (),
) -> Iterator[str]:
    """One line for each mistake that validation found.

    ``mistakes`` are those of pydantic, as mappings; ``known`` gives the keys that are
    accepted where an unknown one stands; ``places`` are lines by path, as far as known.
    ``besides`` are contradictions that validation came to no more.
    """
    for mistake in mistakes:
        error = mistake.get("ctx", {}).get("error")
        if isinstance(error, Contradictory):
            for each in error.found:
                yield _contradicts(name, each, places)
            continue
        at: Path = tuple(mistake["loc"])
        number = toml_places.line(places, at)
        where = f"{name}: line {number}" if number else name
        for said in _said(mistake, at, known):
            yield f"{where}: {said}"
    for each in besides:
        yield _contradicts(name, each, places)


def _contradicts(name: str, found: Contradiction, places: Mapping[Path, int]) -> str:
    return f"{name}: the policy contradicts itself: {_contradiction(found, places)}"


def _contradiction(found: Contradiction, places: Mapping[Path, int]) -> str:
    told = []
    one_entry = len({path[:2] for path in found.places}) == 1
    for path in found.places:
        number = toml_places.line(places, path)
        # Of a list only the key is named: its element stands in the text.
        entry = path if one_entry else path[:2]
        named = _dotted(entry if path[0] in _TABLES else _keys(path))
        told.append(f"{named}, line {number}" if number else named)
    return f"{found.text} ({'; '.join(told)})"


def _keys(path: Path) -> Path:
    return tuple(each for each in path if isinstance(each, str))


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(each + 1) if isinstance(each, int) else each for each in path)


def _said(
    mistake: Mapping[str, Any], at: Path, known: Callable[[Path], Sequence[str]]
) -> Iterator[str]:
    """What is wrong at one place; with an entry as a whole there may be several things."""
    if mistake["type"] == "value_error" and at and at[0] in _TABLES and len(at) == _PLACED:
        for each in str(mistake["msg"]).removeprefix("Value error, ").splitlines():
            yield f"{_dotted(at)}: {each}"
        return
    yield _mistake(mistake, at, known)


def _mistake(mistake: Mapping[str, Any], at: Path, known: Callable[[Path], Sequence[str]]) -> str:
    where, given = _dotted(at), mistake.get("input")
    match mistake["type"]:
        case "extra_forbidden":
            accepted = known(at)
            close = difflib.get_close_matches(str(at[-1]), accepted, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"accepted: {', '.join(accepted)}"
            return f"unknown key {where!r}; {hint}"
        case "missing":
            return f"{_dotted(at[:-1])}: {at[-1]} is missing"
        case "literal_error" | "enum":
            expected = mistake["ctx"]["expected"]
            near = difflib.get_close_matches(str(given), expected.split("'")[1::2], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"{where}: {_shown(given)} is not accepted, only {expected}{hint}"
        case "tuple_type" if at[0] in _TABLES and len(at) == 1:
            return f"{where}: there may be several: write [[{where}]], with two brackets"
        case "tuple_type":
            return f"{where}: a list is accepted, such as [{_example(given)}], not {_shown(given)}"
        case "model_type" | "dict_type":
            head = f": write [{where}]" if len(at) == 1 else ""
            return f"{where}: a table is accepted, not {_shown(given)}{head}"
        case "string_type":
            return f"{where}: text in quotes is accepted, not {_shown(given)}"
        case "string_too_short":
            return f"{where}: it is empty"
        case "invalid_key":
            return f"{where}: a key is text"
    message = str(mistake["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _example(given: object) -> str:
    return f'"{given}"' if isinstance(given, str) and len(given) < _SHOWN else '"..."'


def _shown(given: object) -> str:
    if isinstance(given, Mapping):
        return "a table"
    if isinstance(given, list | tuple):
        return "a list"
    if isinstance(given, bool):
        return str(given).lower()
    said = repr(given)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}..."


def known_keys(model: type[BaseModel], location: Path) -> list[str]:
    """The keys that are accepted where an unknown one was found."""
    here = model
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        field = here.model_fields.get(part)
        inner = None if field is None else _table(field.annotation)
        if inner is None:
            break
        here = inner
    return [field.alias or name for name, field in here.model_fields.items()]


def _table(annotation: object) -> type[BaseModel] | None:
    """The table that a key holds, in whatever it is wrapped: a list of them, one or none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, UnionType, tuple, list):
        return next((found for each in get_args(annotation) if (found := _table(each))), None)
    return None
