"""The branches of a tree that lead from a declared licence to activities and the verdict."""

from collections.abc import Iterator

from signals_agent import licensing, quote, wording
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model.assessment import Assessment
from signals_agent.model.declaration import Declaration
from signals_agent.model.licence import Activity, ActivityAnswer, Licence, Planned
from signals_agent.model.verdict import Reason, ReasonCode

_CODES = {
    ActivityAnswer.CAUTION: ReasonCode.LICENCE_CAUTION,
    ActivityAnswer.NO: ReasonCode.LICENCE_FORBIDS,
}

_STATED = "the licensor's own statement"
"""What a cell rests on that the licensor's own statement overrides."""


def short(reason: Reason) -> str | None:
    """A reason by a licence, of which *Licences* has said the rest; else ``None``."""
    activity = activity_of(reason)
    if activity is None:
        return None
    answer = next(answer for answer, code in _CODES.items() if code is reason.code)
    return f"{activity}: {answer}, see Licences"


def activity_of(reason: Reason) -> Activity | None:
    """The activity that a reason by a licence is about."""
    if reason.code in _CODES.values():
        word = reason.text.partition(" ")[0]
        return next((each for each in Activity if each == word), None)
    return None


def statements(declaration: Declaration, result: Assessment) -> Iterator[tuple[str, str]]:
    """Which licence a declaration names, for what and why; or whom to ask: labels and texts."""
    for licence in _named(declaration, result):
        ident = quote.text(licence.label, 200)
        known = licence.url and licence.url != licence.label
        url = f", {quote.text(licence.url or '', 2000)}" if known else ""
        yield "licence", f"{ident}{url}, by rules#licences-names"
        scope = wording.licence_scope(licence, [declaration])
        why = wording.scope_reason(licence, declaration)
        yield "scope", f"{scope}, because {why}, by rules#licences-whose"
    for contact in dict.fromkeys(
        each
        for separate in result.separate_licences
        for each in separate.ask
        if declaration.id in each.because
    ):
        yield "to ask", f"for more than the licence gives: {wording.contact(contact)}"


def outcomes(declaration: Declaration, result: Assessment) -> Iterator[str]:
    """What the licence that a declaration names comes to."""
    for licence in _named(declaration, result):
        name = wording.licence(licence)
        if not licence.governs:
            yield f"{name}: not counted, because {wording.not_counted(licence)}"
            continue
        for answer, activities in _by_answer([licence], result).items():
            named = wording.series([each.activity for each in activities])
            yield f"{name}: {answer} for {named}"


def together(result: Assessment) -> Iterator[str]:
    """What the licences that count come to, activity by activity, and what follows."""
    governing = [each for each in result.licences if each.governs]
    if not result.licences and not result.separate_licences:
        return
    if not governing:
        yield f"none counts for the page. {NO_ADVICE}"
        yield from _ask(result)
        return
    names = wording.series([wording.licence(each) for each in governing])
    several = ", together, the most demanding answer each time" if len(governing) > 1 else ""
    yield f"counted: {names}{several}, by rules#licences-whose"
    if not _wanted(result):
        yield "no activity is planned: all are listed, and none changes a decision"
    for answer, activities in _by_answer(governing, result).items():
        if answer is ActivityAnswer.OK:
            yield from _permitted(activities)
            continue
        for each in activities:
            yield _cell(each, result)
    for activity in result.verdict.agreed if result.verdict else ():
        yield f"{activity}: by agreement, whatever a licence has against it"
    yield from _ask(result)
    yield NO_ADVICE


def _ask(result: Assessment) -> Iterator[str]:
    for separate in result.separate_licences:
        asked = "; else from ".join(wording.contact(each) for each in separate.ask)
        yield f"{separate.text.rstrip('.')}, from {asked}" if asked else separate.text


def _permitted(activities: list[Planned]) -> Iterator[str]:
    by_asked: dict[str, list[str]] = {}
    for each in activities:
        said = f", {quote.text(each.terms.reason, 2000)}" if each.terms.clause == _STATED else ""
        by_asked.setdefault(f"ok{_asked(each)}{said}", []).append(each.activity)
    for answer, named in by_asked.items():
        yield f"{wording.series(named)}: {answer}"


def _asked(planned: Planned) -> str:
    kinds = wording.series([kind.value for kind in planned.terms.conditions])
    return f", asking for {kinds}" if kinds else ""


def _cell(planned: Planned, result: Assessment) -> str:
    terms = planned.terms
    by = wording.series([quote.text(each, 200) for each in planned.licences])
    asked = _asked(planned) if terms.answer is ActivityAnswer.CAUTION else ""
    text = f"{planned.activity}: {terms.answer} by {by}{asked}: {quote.text(terms.reason, 2000)}"
    if terms.instead:
        text += f" Instead: {terms.instead}"
    if terms.clause:
        text += f" [{quote.text(terms.clause)}]"
    return text + _decides(planned, result)


def _decides(planned: Planned, result: Assessment) -> str:
    """The verdict, where a planned activity is a reason for it."""
    verdict = result.verdict
    if verdict is None or not any(
        activity_of(reason) is planned.activity for reason in verdict.reasons
    ):
        return ""
    return f" -> {verdict.decision} ({_CODES[planned.terms.answer]})"


def _named(declaration: Declaration, result: Assessment) -> list[Licence]:
    return [each for each in result.licences if declaration.id in each.because]


def _wanted(result: Assessment) -> tuple[Activity, ...]:
    named = result.verdict.activities if result.verdict else ()
    return tuple(Activity(each) for each in named)


def _by_answer(licences: list[Licence], result: Assessment) -> dict[ActivityAnswer, list[Planned]]:
    agreed = result.verdict.agreed if result.verdict else ()
    wanted = [each for each in _wanted(result) or Activity if each not in agreed]
    found = licensing.planned(licences, wanted)
    return {
        answer: some
        for answer in ActivityAnswer
        if (some := [each for each in found if each.terms.answer is answer])
    }
