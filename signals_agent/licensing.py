"""What the licences of an asset come to, activity by activity: answers, duties, whom to ask."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.licences import activities as table
from signals_agent.licences import duties, expression
from signals_agent.licences.identity import identify
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
    cells = dict(licence.activities)
    for each in statements:
        if not _named(each.licence).isdisjoint((licence.label, licence.spdx, licence.url)):
            cells[each.activity] = _said(cells[each.activity], each)
    return replace(licence, activities=cells) if cells != licence.activities else licence


@lru_cache(maxsize=1024)
def _named(declared: str) -> frozenset[str]:
    """By what a licence may be known, in whatever spelling a statement names it."""
    entry = identify(declared)
    return frozenset(each for each in (entry.id, entry.spdx, entry.url) if each)


def _said(cell: ActivityTerms, statement: LicensorStatement) -> ActivityTerms:
    """The cell as the licensor answers it; what it allows is no derivative that it forbids."""
    answer = ActivityAnswer(statement.answer)
    allowed = answer is ActivityAnswer.OK
    conditions = tuple(
        kind for kind in cell.conditions if not (allowed and kind is ObligationKind.NO_DERIVATIVES)
    )
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
    return Planned(
        activity,
        joined,
        tuple(dict.fromkeys(each.label for each in deciding)),
        tuple(dict.fromkeys(each for one in deciding for each in one.because)),
    )


def owed(
    licences: Sequence[Licence], wanted: Iterable[Activity]
) -> tuple[tuple[Term, tuple[str, ...]], ...]:
    """What the licences that count ask, with the declarations that name them (rule R23).

    A term binds where a planned activity triggers it, and is told all the same where not.
    """
    chosen = tuple(dict.fromkeys(wanted))
    return tuple(
        (term, licence.because)
        for licence in licences
        if licence.governs
        for term in _terms(licence, chosen)
    )


def _terms(licence: Licence, wanted: tuple[Activity, ...]) -> tuple[Term, ...]:
    triggered = {kind for each in wanted for kind in licence.activities[each].conditions}
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
        if kind in asked
    )


@lru_cache(maxsize=1024)
def _text(label: str, kind: ObligationKind) -> str:
    """What must be done, by the licences of which the label names one or several."""
    named = expression.leaves(expression.read(label))
    asking = [entry for entry in named if kind in table.conditions(entry)] or named
    return " ".join(dict.fromkeys(duties.text(entry, kind) for entry in asking))


def separate(
    licences: Sequence[Licence], wanted: Sequence[Activity], ask: Sequence[Contact]
) -> tuple[SeparateLicence, ...]:
    """For what the licences do not plainly permit: which licences, whom to ask, and for what.

    For the planned activities, or for all where none is planned (licences, *When to seek a
    separate licence*).
    """
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
