"""A licence's answers as a table for a terminal."""

from collections.abc import Iterator

from signals_agent import quote
from signals_agent.licences import clauses
from signals_agent.licences.compare import Beside, Comparison
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.licences.sheet import Sheet, Side
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms
from signals_agent.terminal import PLAIN, Screen, pad, wrap

_COLOURS = {
    ActivityAnswer.OK: "green",
    ActivityAnswer.CAUTION: "yellow",
    ActivityAnswer.NO: "red",
}
_ACTIVITY = 25
_ANSWER = 9
_LABEL = 23


def render(sheet: Sheet, screen: Screen = PLAIN) -> str:
    """The table, each cell with its conditions, reason, text and what to do instead."""
    return "\n".join(_lines(sheet, screen)) + "\n"


def _lines(sheet: Sheet, screen: Screen) -> Iterator[str]:
    yield from _head(sheet.licence, screen)
    if sheet.against is None or sheet.comparison is None:
        yield ""
        yield screen.paint(
            pad("activity", _ACTIVITY) + pad("answer", _ANSWER) + "conditions, reason", "dim"
        )
        for activity, terms in sheet.licence.activities.items():
            yield from _cell(activity, terms, screen)
    else:
        yield ""
        yield from _head(sheet.against, screen)
        yield ""
        yield from _combined(sheet.comparison, screen)
        yield ""
        yield from _beside(sheet.licence, sheet.against, sheet.comparison, screen)
    yield ""
    yield screen.paint("Beside the licence, law may permit more (notes, not answers)", "bold")
    for note in NOTES:
        yield from wrap(f"{note.place}, {note.law}: {note.text}", screen.columns, "  - ", "    ")
        yield f"    {note.url}"
    yield ""
    yield from wrap(
        f"{NO_ADVICE} What the publisher itself says of an activity goes before this table.",
        screen.columns,
    )


def _head(side: Side, screen: Screen) -> Iterator[str]:
    yield screen.paint(quote.text(side.label), "bold")
    for entry in side.licences:
        if entry.name != side.label:
            prefix = "" if len(side.licences) == 1 else f"{entry.id}: "
            yield from wrap(prefix + quote.text(entry.name), screen.columns, "  ")
        text = clauses.terms_url(entry)
        if text and text != side.label:
            yield f"  the text: {quote.text(text)}"
    for remark in side.remarks:
        yield from wrap(remark, screen.columns, "  ")


def _cell(activity: Activity, terms: ActivityTerms, screen: Screen) -> Iterator[str]:
    indent = " " * (_ACTIVITY + _ANSWER)
    asked = ", ".join(terms.conditions)
    first, *rest = [
        *(wrap(asked, screen.columns, indent) if asked else []),
        *wrap(terms.reason, screen.columns, indent),
        *(_labelled("instead: ", terms.instead, indent, screen)),
        *(_labelled("rests on: ", terms.clause, indent, screen)),
    ]
    answer = screen.paint(pad(terms.answer, _ANSWER), _COLOURS[terms.answer])
    yield pad(activity, _ACTIVITY) + answer + first.lstrip()
    yield from rest


def _labelled(label: str, text: str | None, indent: str, screen: Screen) -> Iterator[str]:
    if text:
        yield from wrap(text, screen.columns, indent + label, indent + "  ")


def _combined(comparison: Comparison, screen: Screen) -> Iterator[str]:
    found = comparison.combination
    answer = screen.paint(found.answer, _COLOURS[found.answer])
    yield f"{screen.paint('To make one thing of both and share it', 'bold')}: {answer}"
    yield from wrap(found.reason, screen.columns, "  ")
    yield from _labelled("instead: ", found.instead, "  ", screen)
    asked = ", ".join(found.conditions) or "nothing"
    yield from wrap(asked, screen.columns, "  asked of the whole: ", "    ")


def _beside(one: Side, other: Side, comparison: Comparison, screen: Screen) -> Iterator[str]:
    names = [quote.text(one.label), quote.text(other.label)]
    if max(map(len, names)) > _LABEL - 2:
        names = ["the first", "the second"]
    heading = "".join(pad(name, _LABEL) for name in names)
    yield screen.paint(pad("activity", _ACTIVITY) + heading + "together", "dim")
    for activity, row in comparison.rows.items():
        answers = (row.one.answer, row.other.answer, row.together.answer)
        cells = (screen.paint(pad(each, _LABEL), _COLOURS[each]) for each in answers[:2])
        last = screen.paint(answers[2], _COLOURS[answers[2]])
        yield pad(activity, _ACTIVITY) + "".join(cells) + last
        yield from _reasons(names, row, screen)


def _reasons(names: list[str], row: Beside, screen: Screen) -> Iterator[str]:
    cells: tuple[tuple[str, ActivityTerms], ...]
    cells = ((names[0], row.one), (names[1], row.other), ("together", row.together))
    if row.one.answer is row.other.answer is row.together.answer is ActivityAnswer.OK:
        cells = (("together", row.together),)
    told: set[str] = set()
    for name, terms in cells:
        asked = f" ({', '.join(terms.conditions)})" if terms.conditions else ""
        if terms.reason not in told or name == "together":
            yield from wrap(terms.reason + asked, screen.columns, f"  {name}: ", "    ")
        told.add(terms.reason)
    yield from _labelled("instead: ", row.together.instead, "  ", screen)
