"""The licences of a text report: which count, what they answer, whom to ask for more."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from signals_agent import licensing, quote, wording
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model.assessment import Assessment
from signals_agent.model.declaration import Declaration
from signals_agent.model.licence import (
    Activity,
    ActivityAnswer,
    Licence,
    LicenceScope,
    Planned,
    SeparateLicence,
)
from signals_agent.model.obligation import ObligationKind
from signals_agent.terminal import Screen, wrap

_COLOURS = {
    ActivityAnswer.OK: "green",
    ActivityAnswer.CAUTION: "yellow",
    ActivityAnswer.NO: "red",
}

_STATED = "the licensor's own statement"
"""What a cell rests on that the licensor's own statement overrides."""

_ANYTHING = "For what is not ok, ask for a licence of its own"


def lines(result: Assessment, screen: Screen) -> Iterator[str]:
    """Nothing where no licence is declared."""
    if not result.licences and not result.separate_licences:
        return
    governing = [each for each in result.licences if each.governs]
    yield ""
    heading = "Licences" if len(result.licences) > 1 else "Licence"
    yield screen.paint(heading, "bold")
    for licence in (*governing, *_aside(result)):
        yield from _licence(licence, result, screen)
    if not result.licences:
        yield "  None was found."
    elif not governing:
        yield "  No licence counts for the page as a whole."
    elif len(governing) > 1:
        text = "All that count do so together, with the most demanding answer each time."
        yield from wrap(text, screen.columns, "  ")
    yield from _answers(result, len(governing) > 1, screen)
    for separate in result.separate_licences:
        yield from _ask(separate, bool(_wanted(result)), screen)
    if governing and result.attribution is not None:
        line = quote.text(result.attribution.text, 12_000)
        yield from wrap(line, screen.columns, "  credit line: ", "      ")
    yield from wrap(NO_ADVICE, screen.columns, "  ")


def short(result: Assessment, screen: Screen) -> Iterator[str]:
    """One line for each licence that counts, and one for what it does not plainly permit."""
    for licence in result.licences:
        if licence.governs:
            places = _places(licence, result)
            where = f": {wording.where(places[0][1])}" if places else ""
            scope = wording.licence_scope(licence, [declaration for _, declaration in places])
            text = f"{wording.licence(licence)}, {scope}{where}"
            yield from wrap(text, screen.columns, "  licence ")
    wanted = _wanted(result)
    for answer, activities in _by_answer(licensing.planned(result.licences, wanted)).items():
        named = ", ".join(each.activity for each in activities)
        yield from wrap(named, screen.columns, f"  {answer}: ")


def _wanted(result: Assessment) -> tuple[Activity, ...]:
    """The planned activities."""
    named = result.verdict.activities if result.verdict else ()
    return tuple(Activity(each) for each in named)


def _aside(result: Assessment) -> list[Licence]:
    """The licences that do not count, of which one that is for several parts is told once."""
    merged: dict[tuple[str, LicenceScope], Licence] = {}
    for each in result.licences:
        if not each.governs:
            known = merged.setdefault((each.label, each.scope), each)
            merged[each.label, each.scope] = replace(
                known,
                parts=tuple(dict.fromkeys((*known.parts, *each.parts))),
                because=tuple(dict.fromkeys((*known.because, *each.because))),
            )
    return list(merged.values())


def _places(licence: Licence, result: Assessment) -> list[tuple[int, Declaration]]:
    """The declarations that name a licence, each with its number in the evidence."""
    return [
        (number, declaration)
        for number, declaration in enumerate(result.declarations, 1)
        if declaration.id in licence.because
    ]


def _licence(licence: Licence, result: Assessment, screen: Screen) -> Iterator[str]:
    places = _places(licence, result)
    name = wording.licence(licence)
    ident = quote.text(licence.label, 200)
    known = f" ({ident})" if ident and ident != name else ""
    scope = wording.licence_scope(licence, [declaration for _, declaration in places])
    said = f"{known}, {scope}"
    if places:
        where = wording.where(places[0][1])
        others = f" and {len(places) - 1} more" if len(places) > 1 else ""
        shown = [str(number) for number, _ in places[:5]] + ["more"] * (len(places) > 5)
        numbers = wording.series(shown)
        said += f": {where}{others} (evidence {numbers})"
    if not licence.governs:
        said += f"; not counted, because {wording.not_counted(licence)}"
    first, *rest = wrap(name + said, screen.columns, "  ", "      ")
    painted = screen.paint(name, "bold" if licence.governs else "dim")
    # A long name may be broken by the wrapping: then it stays as it is.
    yield first.replace(name, painted, 1)
    yield from rest
    if licence.governs and licence.url and licence.url != licence.label:
        yield f"      {quote.text(licence.url, 2000)}"


def _by_answer(found: Sequence[Planned]) -> dict[ActivityAnswer, list[Planned]]:
    groups: dict[ActivityAnswer, list[Planned]] = {}
    for answer in ActivityAnswer:
        if some := [each for each in found if each.terms.answer is answer]:
            groups[answer] = some
    return groups


def _answers(result: Assessment, several: bool, screen: Screen) -> Iterator[str]:
    """The planned activities, else all ten, by answer and by what is asked for them."""
    wanted = _wanted(result)
    agreed = _agreed(result)
    open_ = [each for each in wanted or Activity if each not in agreed]
    found = licensing.planned(result.licences, open_)
    if found or agreed:
        planned = "What is planned:" if wanted else "No activity is planned; of all there are:"
        yield from wrap(planned, screen.columns, "  ")
    told = {each.activity for each in found if _is_told(each, result)}
    for answer, activities in _by_answer(found).items():
        by_asked: dict[tuple[ObligationKind, ...], list[Planned]] = {}
        for each in activities:
            # Under a no the conditions are only what forbids it.
            asked = () if answer is ActivityAnswer.NO else each.terms.conditions
            by_asked.setdefault(asked, []).append(each)
        for asked in sorted(by_asked, key=len):
            yield from _group(answer, asked, by_asked[asked], told, several, screen)
    if agreed:
        text = f"{wording.series(list(agreed))} (whatever a licence has against it)"
        yield from wrap(text, screen.columns, "    by agreement: ", "        ")


def _agreed(result: Assessment) -> tuple[Activity, ...]:
    """The planned activities that agreements cover."""
    named = result.verdict.agreed if result.verdict else ()
    return tuple(Activity(each) for each in named)


def _is_told(planned: Planned, result: Assessment) -> bool:
    """Whether the reasons at the head already say why, and what to do instead."""
    return any(
        reason.text.startswith(f"{planned.activity} ") and planned.terms.reason in reason.text
        for reason in result.deciding
    )


def _group(
    answer: ActivityAnswer,
    asked: tuple[ObligationKind, ...],
    some: list[Planned],
    told: set[Activity],
    several: bool,
    screen: Screen,
) -> Iterator[str]:
    """The activities with one answer and the same conditions, with reasons unless *ok*."""
    label = f"{answer}, asking for {wording.series(list(asked))}: " if asked else f"{answer}: "
    fine = answer is ActivityAnswer.OK
    plain = [
        each.activity
        for each in some
        if (fine and each.terms.clause != _STATED) or each.activity in told
    ]
    names = wording.series(plain)
    if plain and not fine:
        names += " (why, and what to do instead: above)"
    first, *rest = wrap(names, screen.columns, "    " + label, "        ")
    yield "    " + screen.paint(answer, _COLOURS[answer]) + first[4 + len(answer) :]
    yield from rest
    explained: dict[tuple[str, tuple[str, ...]], dict[str | None, list[str]]] = {}
    for each in some:
        if each.activity not in plain:
            why = explained.setdefault((each.terms.reason, each.licences if several else ()), {})
            why.setdefault(each.terms.instead, []).append(each.activity)
    for (reason, licences), advice in explained.items():
        yield from _explained(reason, licences, advice, screen)


def _explained(
    reason: str, licences: tuple[str, ...], advice: dict[str | None, list[str]], screen: Screen
) -> Iterator[str]:
    activities = [each for some in advice.values() for each in some]
    by = f" ({wording.series([quote.text(one, 200) for one in licences])})" if licences else ""
    text = f"{wording.series(activities)}{by}: {quote.text(reason, 2000)}"
    if len(advice) == 1:
        text += "".join(f" Instead: {each}" for each in advice if each)
        yield from wrap(text, screen.columns, "      ", "        ")
        return
    yield from wrap(text, screen.columns, "      ", "        ")
    for instead, some in advice.items():
        if instead:
            said = f"instead of {wording.series(some)}: {instead}"
            yield from wrap(said, screen.columns, "        ", "          ")


def _ask(separate: SeparateLicence, planned: bool, screen: Screen) -> Iterator[str]:
    """Whom to ask for a licence of one's own, best first, and for what."""
    what = separate.text.rstrip(".") if planned else _ANYTHING
    if separate.ask:
        asked = "; else from ".join(wording.contact(each) for each in separate.ask)
        what += f", from {asked}"
    yield from wrap(what, screen.columns, "  ", "      ")
