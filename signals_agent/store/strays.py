"""Rows that no entry refers to, and links that lead to none: neither comes of appending."""

from collections.abc import Iterator
from typing import Final

from signals_agent import quote
from signals_agent.store.file import File
from signals_agent.store.finding import Fault, Finding
from signals_agent.store.writing import Value

_NOUNS: Final = ("blob", "capture", "declaration", "obligation")
_SHOWN: Final = 10
_TOGETHER: Final = 64


def unused(file: File) -> Iterator[Finding]:
    """Rows of the four tables that nothing refers to.

    Each is written in one transaction with the entry that needs it, so that it was put in by
    something else, or what referred to it was taken out.
    """
    for noun in _NOUNS:
        rows = file.rows(
            f"SELECT id FROM {noun}s WHERE id NOT IN (SELECT {noun} FROM assessment_{noun}s) "
            f"ORDER BY id LIMIT {_SHOWN + 1}"
        )
        if rows:
            text = f"no entry refers to {_several('row', rows)} of {noun}s"
            yield Finding(Fault.CHANGED, f"{text}: put in, or what referred to it was taken out")


def nowhere(file: File) -> Iterator[Finding]:
    """Links from entries that are not there; a finding for all tables that name the same."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for noun in _NOUNS:
        rows = file.rows(
            f"SELECT DISTINCT assessment FROM assessment_{noun}s l WHERE NOT EXISTS "
            "(SELECT 1 FROM assessments a WHERE a.id = l.assessment) "
            f"ORDER BY assessment LIMIT {_SHOWN + 1}"
        )
        if rows:
            alike.setdefault(tuple(rows), []).append(f"assessment_{noun}s")
    for rows_, tables in alike.items():
        rows = list(rows_)
        named = f"{', '.join(tables)} name{'s' if len(tables) == 1 else ''}"
        text = f"{named} {_several('entry', rows)}, of which there is none"
        number = rows[0][0] if len(rows) == 1 and isinstance(rows[0][0], int) else None
        yield Finding(Fault.CHANGED, f"{text}: links were put in, or entries taken out", number)


def reasons(file: File) -> Iterator[Finding]:
    """Declarations that are said to be behind an obligation, and stand beside it in no entry."""
    obligation: Value = None
    declaration: Value = None
    while True:
        after, values = "", tuple[Value, ...]()
        if obligation is not None:
            after, values = "AND (b.obligation, b.declaration) > (?, ?) ", (obligation, declaration)
        rows = file.rows(
            # Of the entries with this obligation nearly always the first has its declaration.
            "SELECT b.obligation, b.declaration, "
            "(SELECT min(o.assessment) FROM assessment_obligations o WHERE o.obligation = "
            "b.obligation) FROM obligation_declarations b WHERE NOT EXISTS (SELECT 1 FROM "
            "assessment_obligations o CROSS JOIN assessment_declarations d ON d.assessment = "
            "o.assessment WHERE o.obligation = b.obligation AND d.declaration = b.declaration) "
            f"{after}ORDER BY b.obligation, b.declaration LIMIT {_TOGETHER}",
            values,
        )
        for obligation, declaration, number in rows:
            yield Finding(
                Fault.CHANGED,
                f"obligation_declarations links obligation {_shown(obligation)} with declaration "
                f"{_shown(declaration)}, which stand together in no entry",
                number if isinstance(number, int) else None,
            )
        if len(rows) < _TOGETHER:
            return


def _several(noun: str, rows: list[tuple[object]]) -> str:
    """``entry 3``, or ``entries 3, 4, 5 and more``."""
    shown = ", ".join(_shown(number) for (number,) in rows[:_SHOWN])
    if len(rows) == 1:
        return f"{noun} {shown}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{plural} {shown}" + (" and more" if len(rows) > _SHOWN else "")


def _shown(number: object) -> str:
    """A number; where somebody put in something else, that."""
    return quote.text(str(number), 40)
