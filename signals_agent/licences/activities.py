"""What a licence, or an expression of several, answers for each activity."""

from collections.abc import Iterable
from typing import Final

from signals_agent.licences import clauses
from signals_agent.licences.entry import Element, Entry, Kind
from signals_agent.licences.expression import AnyOf, Terms
from signals_agent.licences.risk_table import TABLE, Cell
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms
from signals_agent.model.obligation import ObligationKind

RANK: Final = {ActivityAnswer.OK: 0, ActivityAnswer.CAUTION: 1, ActivityAnswer.NO: 2}
"""From the least demanding answer to the most."""


def ask(terms: Terms, activity: Activity) -> ActivityTerms:
    """The answer for one activity.

    Of licences that bind together (``AND``) the most demanding answer counts, with the
    conditions of all; of those to choose from (``OR``) the least demanding.
    """
    if isinstance(terms, Entry):
        return _cell(terms, activity)
    answers = [ask(part, activity) for part in terms.parts]
    if isinstance(terms, AnyOf):
        return min(answers, key=lambda each: (RANK[each.answer], len(each.conditions)))
    return join(answers)


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
        cell.instead,
        clauses.clause(entry, activity),
        clauses.terms_url(entry),
    )
