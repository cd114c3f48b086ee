"""Where a stored result and a recomputed one differ, place by place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from signals_agent.evidence import RECOMPUTED
from signals_agent.store.writing import canonical

_WORDING: Final = frozenset({"text", "reason", "instead", "notes"})
"""What another version of the software may put in other words."""

_SHOWN: Final = 20
"""How many differences of one result are told; they tend to come together."""

_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of a result (a JSON pointer) at which two differ.

    ``stored`` and ``recomputed`` are JSON; empty where there is nothing at that place.
    """

    pointer: str
    stored: str
    recomputed: str


def differences(stored: Mapping[str, Any], recomputed: Mapping[str, Any]) -> list[Difference]:
    """The first places at which two results differ; texts count within one version only."""
    ignored = frozenset() if stored.get("tool") == recomputed.get("tool") else _WORDING
    again = {**recomputed, "notes": _of_then(recomputed.get("notes", []))}
    places = (
        each
        for name in {**stored, **again}
        if name != "tool" and name not in ignored
        for each in _differ(
            f"/{name}", stored.get(name, _NOTHING), again.get(name, _NOTHING), ignored
        )
    )
    return list(islice(places, _SHOWN))


def _of_then(notes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The notes without the one that says that a result was recomputed."""
    return [each for each in notes if each.get("code") != RECOMPUTED]


def _differ(
    pointer: str, stored: Any, recomputed: Any, ignored: frozenset[str]
) -> Iterator[Difference]:
    if isinstance(stored, dict) and isinstance(recomputed, dict):
        for name in {**stored, **recomputed}:
            if name not in ignored:
                yield from _differ(
                    f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}",
                    stored.get(name, _NOTHING),
                    recomputed.get(name, _NOTHING),
                    ignored,
                )
    elif (
        isinstance(stored, list) and isinstance(recomputed, list) and len(stored) == len(recomputed)
    ):
        for index, (old, new) in enumerate(zip(stored, recomputed, strict=True)):
            yield from _differ(f"{pointer}/{index}", old, new, ignored)
    elif stored != recomputed or type(stored) is not type(recomputed):  # true is no 1
        yield Difference(pointer, _json(stored), _json(recomputed))


def _json(value: object) -> str:
    return "" if value is _NOTHING else canonical(value)
