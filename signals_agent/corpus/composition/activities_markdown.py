"""Each activity of a composition as Markdown: who stands in the way, why, and what remains."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from signals_agent.corpus.composition.nouns import ForActivity, InTheWay, Remaining, ShareClass
from signals_agent.corpus.composition.words import (
    ACTIVITIES,
    assets,
    conditions,
    name,
    names,
    number,
)
from signals_agent.corpus.composition.words import quoted as _quoted
from signals_agent.corpus.held import Extent
from signals_agent.model.licence import Activity, ActivityAnswer

ROWS: Final = 50
"""How many rows a table has at most; how many more there are is told, and JSON has them all."""

_NAMED: Final = 20
"""How many licences one row names at most."""

_THIS: Final = "this licence"


@dataclass(frozen=True, slots=True)
class Known:
    """What was told already, with the activity of which it was."""

    classes: dict[tuple[ShareClass, ...], Activity] = field(default_factory=dict)
    rows: dict[tuple[str | None, ...], Activity] = field(default_factory=dict)


def asked(left: Remaining) -> str:
    """What remains asks, and under which licence the whole goes out."""
    if not left.extent.assets:
        return ""
    told = conditions(left.conditions) or "nothing"
    under = " or ".join(_quoted(name(each)) for each in left.under)
    return f"{told}; the whole goes out under {under}" if under else told


def section(found: ForActivity, known: Known) -> Iterator[str]:
    """One activity; ``known`` is what was told already of others."""
    yield f"### `{found.activity}`: {found.answer}"
    yield ""
    yield f"To {ACTIVITIES[found.activity]}. {_quoted(found.reason)}"
    if found.in_the_way:
        yield ""
        yield "| answer | licence | assets | why | instead |"
        yield "|---|---|---:|---|---|"
        rows = _rows(found.in_the_way)
        before: str | None = None
        for several, why in rows[:ROWS]:
            told = known.rows.get((*_all(several), why))
            yield _row(several, why, before, told)
            before = several[0].instead if told is None else None
            known.rows.setdefault((*_all(several), why), found.activity)
        yield from more([_together(several) for several, _ in rows], "group")
    if len(found.classes) > 1 and found.classes in known.classes:
        yield ""
        yield (
            "Share-alike material falls into the same classes as for "
            f"`{known.classes[found.classes]}`."
        )
    elif len(found.classes) > 1:
        known.classes[found.classes] = found.activity
        yield ""
        yield "Share-alike material, by what can be met together:"
        yield ""
        for group in found.classes[:ROWS]:
            kept = ", the largest" if group.kept else ""
            under = " or ".join(_quoted(name(each)) for each in group.under)
            goes = f"goes out under {under}" if under else "goes out under no licence at all"
            yield f"- {_quoted(names(group.labels))}: {assets(group.extent)}{kept}; {goes}."
        yield from more([each.extent for each in found.classes], "class")
    if found.otherwise is not None:
        yield ""
        yield (
            f"If the share-alike material were left out instead, "
            f"{assets(found.otherwise.extent)} would remain; it asks: {asked(found.otherwise)}."
        )


def _all(several: Sequence[InTheWay]) -> tuple[str | None, ...]:
    """All licences of a row, and what to do instead."""
    return (*(" ".join(each.labels) for each in several), several[0].answer, several[0].instead)


def _rows(found: Sequence[InTheWay]) -> list[tuple[list[InTheWay], str]]:
    """What stands in the way, together where it does so for one reason; and that reason."""
    groups: dict[tuple[ActivityAnswer, str, str | None], list[InTheWay]] = {}
    for each in found:
        groups.setdefault((each.answer, _impersonal(each), each.instead), []).append(each)
    rows = [
        (several, several[0].reason if len(several) == 1 else why)
        for (_, why, _), several in groups.items()
    ]
    rank = list(ActivityAnswer)
    return sorted(
        rows,
        key=lambda row: (-rank.index(row[0][0].answer), -_together(row[0]).assets),
    )


def _impersonal(each: InTheWay) -> str:
    """The reason without the name of the licence, so that it may be said of several."""
    if len(each.labels) != 1:
        return each.reason
    label = re.escape(each.labels[0])
    said = re.sub(rf"(?<![\w.+-]){label}(?![\w+-]|\.\w)", _THIS, each.reason)
    # Of two that bind alike the order says nothing.
    said = re.sub(rf"^(\S+) and {_THIS} each ", rf"{_THIS} and \1 each ", said)
    return said[:1].upper() + said[1:]


def _together(several: Iterable[InTheWay]) -> Extent:
    return sum((each.extent for each in several), Extent())


def _row(several: Sequence[InTheWay], why: str, before: str | None, told: Activity | None) -> str:
    """One row; what was said already is not repeated.

    ``before`` is what the row above says to do instead, ``told`` the activity of which the
    reason, and what to do instead, was told of the same.
    """
    shown = [_quoted(names(each.labels)) for each in several[:_NAMED]]
    if len(several) > 1:
        shown = [
            f"{called} ({number(each.extent.assets)})"
            for called, each in zip(shown, several, strict=False)
        ]
    if rest := several[_NAMED:]:
        left = _together(rest)
        shown.append(f"{number(len(rest))} more with {assets(left)}, which the JSON has")
    first = several[0]
    same = first.instead is not None and first.instead == before
    instead = "the same" if same else _quoted(first.instead or "")
    reason = _quoted(why)
    if told is not None:
        reason, instead = f"as for `{told}`", "as there"
    return (
        f"| **{first.answer}** | {', '.join(shown)} | {number(_together(several).assets)} | "
        f"{reason} | {instead} |"
    )


def more(extents: Sequence[Extent], what: str) -> Iterator[str]:
    """How many rows more there are than a table has."""
    rest = extents[ROWS:]
    if rest:
        left = sum(rest, Extent())
        several = f"{what}{'' if len(rest) == 1 else 'es' if what.endswith('s') else 's'}"
        yield ""
        yield f"And {number(len(rest))} more {several} with {assets(left)}; the JSON has them all."
