"""What a policy makes of licences: planned activities, what licensors say, no licence."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, assert_never

from signals_agent import quote, wording
from signals_agent.licences import declared, expression
from signals_agent.model.licence import Activity, ActivityAnswer, Licence
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.verdict import Decision
from signals_agent.policy import LicensorStatement, Policy
from signals_agent.terminal import Screen, pad, wrap

_KINDS: Final = {
    "CC0": "CC0-1.0",
    "MIT": "MIT",
    "CC-BY": "CC-BY-4.0",
    "CC-BY-SA": "CC-BY-SA-4.0",
    "GPL": "GPL-3.0-only",
    "CC-BY-NC": "CC-BY-NC-4.0",
    "CC-BY-NC-SA": "CC-BY-NC-SA-4.0",
    "CC-BY-ND": "CC-BY-ND-4.0",
    "CC-BY-NC-ND": "CC-BY-NC-ND-4.0",
    "OpenRAIL": "openrail",
    "a licence that is not recognised": "https://licence.example/",
}
"""A common licence of every kind that answers in its own way, by what it is called."""

_COLOURS: Final = {
    ActivityAnswer.OK: "green",
    ActivityAnswer.CAUTION: "yellow",
    ActivityAnswer.NO: "red",
}
_ANSWER: Final = 20


def situations(policy: Policy, lifted: str) -> Iterator[tuple[str, Decision, str]]:
    """The rows of rule R27 that planned activities add; none where nothing is planned."""
    if policy.activities:
        yield "a licence says no to a planned activity", Decision.SKIP, lifted
        yield "a licence answers caution for a planned activity", policy.on.caution, ""


def lines(policy: Policy, now: datetime, screen: Screen) -> Iterator[str]:
    """For every planned activity what the common licences answer, and what licensors say."""
    committed = frozenset(
        each.kind for each in policy.commitment if each.to == "*" and each.flaw(now) is None
    )
    yield ""
    yield screen.paint("Licences", "bold")
    if not policy.activities:
        text = (
            "No activity is planned, so what licences answer is reported and decides nothing; "
            "name what you mean to do in activities."
        )
        yield from wrap(text, screen.columns, "  ")
    for activity in policy.activities:
        yield from _activity(activity, policy, committed, screen)
    if policy.activities:
        text = (
            "In brackets: what the licence asks for that activity. What is not committed to "
            "everyone holds, unless the licensor in question has a commitment or an agreement."
        )
        yield from wrap(text, screen.columns, "  ")
    if policy.statement:
        yield ""
        yield screen.paint("Said by licensors", "bold")
        for statement in policy.statement:
            yield from _statement(statement, screen)


def doubts(policy: Policy) -> Iterator[str]:
    """What is valid and probably not meant."""
    for each in policy.statement:
        terms = expression.read(each.licence)
        if not declared.recognised(terms):
            counts = (
                "the statement counts only where a page declares this very URL"
                if "://" in each.licence
                else "the statement counts nowhere; name its URL or its SPDX id"
            )
            shown = quote.text(each.licence)
            yield f"{shown} in a [[statement]] is not a licence that is recognised: {counts}"
        if policy.activities and each.activity not in policy.activities:
            yield (
                f"a [[statement]] is about {each.activity}, which activities does not list as "
                "planned"
            )
    if policy.activities and policy.on.caution is Decision.INGEST:
        yield "on.caution lets in what a licence does not plainly permit; it is only reported"


def _activity(
    activity: Activity, policy: Policy, committed: frozenset[ObligationKind], screen: Screen
) -> Iterator[str]:
    yield f"  {activity}"
    found: dict[tuple[ActivityAnswer, Decision], list[str]] = {}
    for name, ident in _KINDS.items():
        terms = declared.make(expression.read(ident)).activities[activity]
        # Under a no the conditions are only what forbids it.
        asked = () if terms.answer is ActivityAnswer.NO else terms.conditions
        conditions = f" ({', '.join(asked)})" if asked else ""
        decided = _decided(terms.answer, policy)
        if decided is Decision.INGEST and not committed.issuperset(asked):
            decided = Decision.HOLD
        found.setdefault((terms.answer, decided), []).append(name + conditions)
    for answer in ActivityAnswer:
        for decided in (Decision.INGEST, Decision.HOLD, Decision.SKIP):
            if named := found.get((answer, decided)):
                label = pad(f"{answer}: {decided}", _ANSWER)
                first, *rest = wrap(", ".join(named), screen.columns, "    " + label)
                painted = screen.paint(answer, _COLOURS[answer])
                yield "    " + painted + first[4 + len(answer) :]
                yield from rest
    for statement in policy.statement:
        if statement.activity is activity and (licence := _known(statement)):
            text = (
                f"{quote.text(licence.label)} of {_origins(statement)}: {statement.answer}, as "
                "the licensor says (below)"
            )
            yield from wrap(text, screen.columns, "    but ", "        ")


def _decided(answer: ActivityAnswer, policy: Policy) -> Decision:
    """What an answer comes to where all that the licence asks is met."""
    match answer:
        case ActivityAnswer.NO:
            return Decision.SKIP
        case ActivityAnswer.CAUTION:
            return policy.on.caution
        case ActivityAnswer.OK:
            return Decision.INGEST
    assert_never(answer)


def _statement(statement: LicensorStatement, screen: Screen) -> Iterator[str]:
    shown = quote.text(statement.licence)
    said = f"{shown} of {_origins(statement)}: {statement.activity} is {statement.answer}"
    licence = _known(statement)
    itself = ""
    if licence is not None:
        before = licence.activities[statement.activity].answer
        itself = f"; the licence itself: {before}" if before != statement.answer else ""
    yield from wrap(f"{said} ({quote.text(statement.url)}){itself}", screen.columns, "  ", "      ")


def _known(statement: LicensorStatement) -> Licence | None:
    terms = expression.read(statement.licence)
    return declared.make(terms) if declared.recognised(terms) else None


def _origins(statement: LicensorStatement) -> str:
    return wording.series([quote.text(each) for each in statement.origins])
