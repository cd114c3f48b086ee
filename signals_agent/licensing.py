"""What the licences of an asset come to, activity by activity: answers, duties, whom to ask."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.licences import activities as table
from signals_agent.licences import compare, duties, expression
from signals_agent.licences.entry import Entry, Kind
from signals_agent.licences.expression import Terms
from signals_agent.model.licence import (
    Activity,
    ActivityAnswer,
    ActivityTerms,
    Contact,
    Licence,
    Planned,
    SeparateLicence,
)
from signals_agent.model.obligation import Basis, ObligationKind, Term
from signals_agent.policy import LicensorStatement

_PLAIN: Final = {
    Activity.RESEARCH_INTERNAL: "experiment privately",
    Activity.PUBLISH_METRICS: "publish figures computed from it",
    Activity.MIRROR: "redistribute it unaltered",
    Activity.REDISTRIBUTE_MODIFIED: "redistribute it changed",
    Activity.RELEASE_WEIGHTS: "release weights trained on it",
    Activity.COMMERCIAL_PRODUCT: "use it in a commercial product",
    Activity.PUBLISH_SAMPLES: "show excerpts",
    Activity.PUBLISH_ADAPTED_SAMPLES: "show edited or derived outputs",
    Activity.MERGE_CHECKPOINTS: "merge weights trained on it with others",
    Activity.SHARE_FOR_REVIEW: "hand it to reviewers",
}


def stated(
    licences: Sequence[Licence], statements: Sequence[LicensorStatement], url: str
) -> tuple[Licence, ...]:
    """The licences, with the cells that their licensor's own statement overrides.

    A statement counts for its licence on its origins (licences, *The risk table*).
    """
    origin = urls.parse(url).origin
    here = [each for each in statements if origin in each.origins]
    if not here:
        return tuple(licences)
    return tuple(_overridden(licence, here) for licence in licences)


def _overridden(licence: Licence, statements: Sequence[LicensorStatement]) -> Licence:
    terms = _read(licence.label)
    cells = {
        activity: _judged(terms, activity, said)
        for activity in Activity
        if (said := [each for each in statements if each.activity is activity])
        and any(_means(each, part) for each in said for part in _parts(terms))
    }
    if all(licence.activities[activity] == cell for activity, cell in cells.items()):
        return licence
    return replace(licence, activities={**licence.activities, **cells})


def _judged(
    terms: Terms, activity: Activity, statements: Sequence[LicensorStatement]
) -> ActivityTerms:
    """The cell of an expression, each part of it as its licensor answers it."""
    if isinstance(terms, Entry):
        cell = table.ask(terms, activity)
    else:
        cell = table.combined(terms, [_judged(part, activity, statements) for part in terms.parts])
    said = [_said(cell, each, terms) for each in statements if _means(each, terms)]
    # Of statements that contradict one another the most demanding counts.
    return table.join(said) if said else cell


def _parts(terms: Terms) -> Iterator[Terms]:
    """The terms and whatever they are made of."""
    yield terms
    if not isinstance(terms, Entry):
        for part in terms.parts:
            yield from _parts(part)


def _means(statement: LicensorStatement, terms: Terms) -> bool:
    """Whether a statement is about these terms, in whatever spelling it names them."""
    named = _read(statement.licence)
    if isinstance(named, Entry) and isinstance(terms, Entry):
        if named.kind is not Kind.UNRECOGNISED:
            return named.id == terms.id
        return terms.kind is Kind.UNRECOGNISED and named.url is not None and named.url == terms.url
    if isinstance(named, Entry) or isinstance(terms, Entry):
        return False
    return type(named) is type(terms) and set(named.parts) == set(terms.parts)


@lru_cache(maxsize=1024)
def _read(declared: str) -> Terms:
    return expression.read(declared)


def _said(cell: ActivityTerms, statement: LicensorStatement, terms: Terms) -> ActivityTerms:
    """The cell as the licensor answers it: what it allows falls, and nothing else is given up."""
    answer = ActivityAnswer(statement.answer)
    allowed = answer is ActivityAnswer.OK
    if answer is ActivityAnswer.NO:
        conditions = cell.conditions
    elif allowed:
        conditions = table.if_permitted(terms, statement.activity)
    else:
        conditions = table.asked(terms, statement.activity)
    verb = {"ok": "permits this", "caution": "leaves this open", "no": "refuses this"}
    shown = quote.text(statement.url, 500)
    return ActivityTerms(
        answer,
        conditions,
        f"The licensor {verb[statement.answer]} in its own statement ({shown}).",
        None if allowed else cell.instead,
        "the licensor's own statement",
        statement.url,
    )


def planned(licences: Sequence[Licence], wanted: Iterable[Activity]) -> tuple[Planned, ...]:
    """Each planned activity under all licences that count; none where no licence does."""
    governing = [each for each in licences if each.governs]
    if not governing:
        return ()
    return tuple(_planned(activity, governing) for activity in dict.fromkeys(wanted))


def _planned(activity: Activity, governing: Sequence[Licence]) -> Planned:
    cells = [(licence, licence.activities[activity]) for licence in governing]
    joined = table.join(cell for _, cell in cells)
    deciding = [licence for licence, cell in cells if cell.answer is joined.answer]
    if joined.answer is ActivityAnswer.OK and ObligationKind.SHARE_ALIKE in joined.conditions:
        sharing = [each for each, cell in cells if ObligationKind.SHARE_ALIKE in cell.conditions]
        labels = tuple(dict.fromkeys(each.label for each in sharing))
        if not _together(labels):
            joined = replace(
                joined,
                answer=ActivityAnswer.CAUTION,
                reason=(
                    "Each licence asks that what goes out carries itself, and they cannot both be "
                    "met, unless the publisher leaves the choice."
                ),
                instead="Ask the publisher whether one of the licences may be chosen.",
            )
            deciding = sharing
    return Planned(
        activity,
        joined,
        tuple(dict.fromkeys(each.label for each in deciding)),
        tuple(dict.fromkeys(each for one in deciding for each in one.because)),
    )


@lru_cache(maxsize=1024)
def _together(labels: tuple[str, ...]) -> bool:
    """Whether the share-alike licences of all these can be met at once."""
    return compare.share_together([_read(each) for each in labels])


def owed(
    licences: Sequence[Licence], wanted: Iterable[Activity], agreed: Sequence[Activity] = ()
) -> tuple[tuple[Term, tuple[str, ...]], ...]:
    """What the licences that count ask, with the declarations that name them (rule R23).

    A term binds where a planned activity triggers it, and is told all the same where not.
    What speaks against an activity that an agreement covers is no longer triggered by
    activities that are agreed; what else the licence asks stays, unless the agreement
    answers it, also where the licence itself says *no* and would ask nothing.
    """
    chosen = tuple((each, each in agreed) for each in dict.fromkeys(wanted))
    return tuple(
        (term, licence.because)
        for licence in licences
        if licence.governs
        for term in _terms(licence, chosen)
    )


def _terms(licence: Licence, wanted: tuple[tuple[Activity, bool], ...]) -> tuple[Term, ...]:
    fallen = {
        kind
        for activity, agreed in wanted
        if agreed
        for kind in licence.activities[activity].conditions
        if table.against(kind, activity)
    }
    triggered = {
        kind
        for activity, agreed in wanted
        for kind in _asked(licence, activity)
        if not (agreed and kind in fallen)
    }
    asked = {kind for cell in licence.activities.values() for kind in cell.conditions}
    return tuple(
        Term(
            kind=kind,
            signal=licence.spdx or licence.label,
            text=_text(licence.label, kind),
            signal_version=licence.version,
            terms_url=licence.activities[Activity.MIRROR].terms_url or licence.url,
            basis=Basis.LICENCE,
            binding=kind in triggered,
        )
        for kind in ObligationKind
        if kind in asked | triggered
    )


def _asked(licence: Licence, activity: Activity) -> set[ObligationKind]:
    """What a licence asks for an activity; a *no* by itself names only what forbids it."""
    cell = licence.activities[activity]
    kinds = set(cell.conditions)
    if cell.answer is ActivityAnswer.NO:
        # An agreement may cover it for one use of several, so the rest is asked either way.
        kinds.update(table.if_permitted(_read(licence.label), activity))
    return kinds


@lru_cache(maxsize=1024)
def _text(label: str, kind: ObligationKind) -> str:
    """What must be done, by the licences of which the label names one or several."""
    terms = _read(label)
    named = expression.leaves(terms)
    asking = [entry for entry in named if kind in table.conditions(entry)] or named
    said = tuple(dict.fromkeys(duties.text(entry, kind) for entry in asking))
    if isinstance(terms, expression.AnyOf) and len(said) > 1:
        return "Under the one that you choose. " + " Or: ".join(said)
    return " ".join(said)


def separate(
    licences: Sequence[Licence], wanted: Sequence[Activity], ask: Sequence[Contact]
) -> tuple[SeparateLicence, ...]:
    """For what the licences do not plainly permit: which licences, whom to ask, and for what.

    For the planned activities, or for all where none is planned (licences, *When to seek a
    separate licence*). Where no licence counts, for all that is planned.
    """
    if wanted and not any(each.governs for each in licences):
        plans = tuple(dict.fromkeys(wanted))
        text = (
            f"No licence is declared; ask for one to {_listed([_PLAIN[each] for each in plans])}."
        )
        return (SeparateLicence(activities=plans, licences=(), ask=tuple(ask), text=text),)
    open_ = [
        each
        for each in planned(licences, wanted or Activity)
        if each.terms.answer is not ActivityAnswer.OK
    ]
    if not open_:
        return ()
    standing = {label for each in open_ for label in each.licences}
    chosen = tuple(each.activity for each in open_)
    return (
        SeparateLicence(
            activities=chosen,
            licences=tuple(each.id for each in licences if each.governs and each.label in standing),
            ask=tuple(ask),
            text=f"Ask for a licence to {_listed([_PLAIN[each] for each in chosen])}.",
        ),
    )


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
