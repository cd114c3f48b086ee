"""What a licence, or an expression of several, answers for each activity."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from signals_agent.licences import clauses
from signals_agent.licences.catalogue import BY_ID
from signals_agent.licences.entry import Element, Entry, Kind
from signals_agent.licences.expression import AllOf, AnyOf, Terms
from signals_agent.licences.risk_table import ASK_THE_PUBLISHER, TABLE, Cell
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms
from signals_agent.model.obligation import ObligationKind

AGAINST: Final = {
    ObligationKind.NON_COMMERCIAL: frozenset({Activity.COMMERCIAL_PRODUCT}),
    ObligationKind.NO_DERIVATIVES: frozenset(
        {
            Activity.REDISTRIBUTE_MODIFIED,
            Activity.RELEASE_WEIGHTS,
            Activity.COMMERCIAL_PRODUCT,
            Activity.PUBLISH_ADAPTED_SAMPLES,
            Activity.MERGE_CHECKPOINTS,
        }
    ),
}
"""Against which activities a condition speaks: commerce, and whatever may adapt the work."""

_PUBLIC_DOMAIN: Final = re.compile(r"\bpublic[\s_-]?domain\b|\bgovernment work", re.IGNORECASE)
_MARK: Final = f"If the Public Domain Mark is meant, name it by its URL: {BY_ID['cc-pdm-1.0'].url}."

RANK: Final = {ActivityAnswer.OK: 0, ActivityAnswer.CAUTION: 1, ActivityAnswer.NO: 2}
"""From the least demanding answer to the most."""


def ask(terms: Terms, activity: Activity) -> ActivityTerms:
    """The answer for one activity.

    Of licences that bind together (``AND``) the most demanding answer counts, with the
    conditions of all; of those to choose from (``OR``) the least demanding.
    """
    if isinstance(terms, Entry):
        return _cell(terms, activity)
    return combined(terms, [ask(part, activity) for part in terms.parts])


def combined(terms: AllOf | AnyOf, answers: Sequence[ActivityTerms]) -> ActivityTerms:
    """The answer of an expression from those of its parts."""
    return join(answers) if isinstance(terms, AllOf) else min(answers, key=_demand)


def if_permitted(terms: Terms, activity: Activity) -> tuple[ObligationKind, ...]:
    """What the licence asks once its licensor permits the activity, whatever it answers itself.

    What speaks against that activity falls; all else that it asks stays.
    """
    return tuple(kind for kind in asked(terms, activity) if not against(kind, activity))


def asked(terms: Terms, activity: Activity) -> tuple[ObligationKind, ...]:
    """What a licence asks for an activity, the whole of it also where it forbids that.

    A cell that is *no* names only what forbids it. Of licences to choose from the one
    counts that gives the answer.
    """
    if isinstance(terms, Entry):
        cell = _cell(terms, activity)
        return conditions(terms) if cell.answer is ActivityAnswer.NO else cell.conditions
    if isinstance(terms, AnyOf):
        return asked(min(terms.parts, key=lambda part: _demand(ask(part, activity))), activity)
    found = {kind for part in terms.parts for kind in asked(part, activity)}
    return tuple(kind for kind in ObligationKind if kind in found)


def against(kind: ObligationKind, activity: Activity) -> bool:
    """Whether a condition speaks against an activity as such, and falls where that is permitted."""
    return activity in AGAINST.get(kind, frozenset())


def _demand(each: ActivityTerms) -> tuple[int, int]:
    return RANK[each.answer], len(each.conditions)


def row(terms: Terms, activities: Iterable[Activity] = Activity) -> dict[Activity, ActivityTerms]:
    """The answers for these activities, all ten where none are named, in the order of the table."""
    wanted = frozenset(activities)
    return {each: ask(terms, each) for each in Activity if each in wanted}


def join(answers: Iterable[ActivityTerms]) -> ActivityTerms:
    """The most demanding answer, for its reason, with the conditions of all; at least one."""
    every = tuple(answers)
    worst = max(every, key=lambda each: (RANK[each.answer], len(each.conditions)))
    conditions = {kind for each in every for kind in each.conditions}
    return ActivityTerms(
        worst.answer,
        tuple(kind for kind in ObligationKind if kind in conditions),
        worst.reason,
        worst.instead,
        worst.clause,
        worst.terms_url,
    )


def conditions(terms: Terms) -> tuple[ObligationKind, ...]:
    """Every condition that some activity triggers."""
    found = {kind for each in row(terms).values() for kind in each.conditions}
    return tuple(kind for kind in ObligationKind if kind in found)


def _cell(entry: Entry, activity: Activity) -> ActivityTerms:
    cell: Cell = TABLE[entry.kind][activity]
    asked = set(cell.conditions)
    reason = cell.reason
    if ObligationKind.CREDIT in asked and Element.BY not in entry.elements:
        asked = asked - {ObligationKind.CREDIT} | {ObligationKind.NOTICE}
        reason = reason.replace("with credit", "with its notices")
    if entry.kind is Kind.RETIRED and asked and Element.NC in entry.elements:
        asked.add(ObligationKind.NON_COMMERCIAL)
    return ActivityTerms(
        cell.answer,
        tuple(kind for kind in ObligationKind if kind in asked),
        reason,
        _instead(entry, cell),
        clauses.clause(entry, activity),
        clauses.terms_url(entry),
    )


def _instead(entry: Entry, cell: Cell) -> str | None:
    """What to do instead; of words that may mean a mark that is known, how to say that one.

    They are no licence by themselves: what is in the public domain in one country may not be
    in another.
    """
    if cell.instead == ASK_THE_PUBLISHER and (mark := public_domain(entry)):
        return f"{cell.instead} {mark}"
    return cell.instead


def public_domain(terms: Terms) -> str | None:
    """What to say instead of words such as *public domain*, which name no licence."""
    if not isinstance(terms, Entry) or terms.kind is not Kind.UNRECOGNISED:
        return None
    return _MARK if _PUBLIC_DOMAIN.search(terms.name or "") else None
