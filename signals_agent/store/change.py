"""What became stricter between two assessments of one asset (rule R38)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from signals_agent.gate import NOT_FOUND_OUT
from signals_agent.model.assessment import Assessment
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import Obligation
from signals_agent.model.resolution import AccessAnswer
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.model.verdict import Decision

_PREFERENCES: Final = {
    Preference.UNKNOWN: 0,
    Preference.ALLOW: 0,
    Preference.CONDITIONAL: 1,
    Preference.DISALLOW: 2,
}
"""By what is asked of us; *undetermined* asks nothing, and is told apart."""

_ACTIVITIES: Final = {ActivityAnswer.OK: 0, ActivityAnswer.CAUTION: 1, ActivityAnswer.NO: 2}
_DECISIONS: Final = {Decision.INGEST: 0, Decision.HOLD: 1, Decision.SKIP: 2}


class Aspect(StrEnum):
    """In what an asset's declarations became stricter, or what came of it."""

    ACCESS = "access"
    PREFERENCE = "preference"
    OBLIGATION = "obligation"
    LICENCE = "licence"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became stricter, before and after, in the words of the result.

    ``of`` is the use, or the activity of a licence, that it is about; empty for access and
    for the decision. The declarations behind each are ids of that reading.
    """

    aspect: Aspect
    of: str
    before: str
    after: str
    because_before: tuple[str, ...] = ()
    because_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tightened:
    """An asset whose declarations became stricter since it was ingested, with both readings.

    ``not_found_out`` are the uses of which the later reading could not find out what was
    said of them; that alone is no change.
    """

    url: str
    before: Assessment
    after: Assessment
    changes: tuple[Change, ...]
    not_found_out: tuple[Use, ...] = ()


def compare(before: Assessment, after: Assessment) -> Tightened | None:
    """What became stricter from one reading to the next; ``None`` where nothing did."""
    changes = tuple(_changes(before, after))
    if not changes:
        return None
    lost = tuple(
        use
        for use, answer in after.uses.items()
        if answer.preference is Preference.UNDETERMINED
        and before.uses[use].preference is not Preference.UNDETERMINED
    )
    return Tightened(after.url, before, after, changes, lost)


def _changes(before: Assessment, after: Assessment) -> Iterator[Change]:
    refused = AccessAnswer.DISALLOWED
    if after.access.answer is refused and before.access.answer is not refused:
        yield Change(Aspect.ACCESS, "", before.access.answer.value, refused.value)
    for use in before.uses:
        yield from _preference(use, before, after)
        yield from _obligations(use, before, after)
    yield from _licences(before, after)
    yield from _decision(before, after)


def _preference(use: Use, before: Assessment, after: Assessment) -> Iterator[Change]:
    old, new = before.uses[use], after.uses[use]
    was, is_ = _PREFERENCES.get(old.preference), _PREFERENCES.get(new.preference)
    # From not having found out to a refusal is stricter; to having to do something is too.
    if is_ is not None and is_ > (was or 0):
        yield Change(
            Aspect.PREFERENCE, use, old.preference, new.preference, old.because, new.because
        )


def _obligations(use: Use, before: Assessment, after: Assessment) -> Iterator[Change]:
    """What is owed now and was not: a use that is refused owes nothing."""
    new = after.uses[use].preference
    if new in (Preference.DISALLOW, Preference.UNDETERMINED):
        return
    owed = {_what(each) for each in before.obligations_for(use) if each.binding}
    for each in after.obligations_for(use):
        if each.binding and _what(each) not in owed:
            known = [one for one in before.obligations_for(use) if _what(one) == _what(each)]
            because = known[0].because if known else ()
            said = "advisory" if known else "not owed"
            told = f"{each.kind} to {each.to.name} ({each.signal})"
            yield Change(Aspect.OBLIGATION, use, said, told, because, each.because)


def _what(obligation: Obligation) -> tuple[str, str, str]:
    return obligation.kind.value, obligation.to.name, obligation.signal


def _licences(before: Assessment, after: Assessment) -> Iterator[Change]:
    """Activities that the licences which count for the asset permit less plainly than before."""
    old, new = _permitted(before), _permitted(after)
    for activity, (answer, because) in new.items():
        was, behind = old.get(activity, (ActivityAnswer.OK, ()))
        # Without a licence nothing was permitted: one that says a little is no tightening.
        if old and _ACTIVITIES[answer] > _ACTIVITIES[was]:
            yield Change(Aspect.LICENCE, activity, was, answer, behind, because)


def _permitted(
    result: Assessment,
) -> dict[Activity, tuple[ActivityAnswer, tuple[str, ...]]]:
    found: dict[Activity, tuple[ActivityAnswer, tuple[str, ...]]] = {}
    for licence in result.licences:
        if not licence.governs:
            continue
        for activity, terms in licence.activities.items():
            worst = found.get(activity)
            if worst is None or _ACTIVITIES[terms.answer] > _ACTIVITIES[worst[0]]:
                found[activity] = (terms.answer, licence.because)
    return found


def _decision(before: Assessment, after: Assessment) -> Iterator[Change]:
    """A stricter decision by the same policy, unless it only says that nobody could find out."""
    old, new = before.verdict, after.verdict
    if old is None or new is None or old.policy.sha256 != new.policy.sha256:
        return
    codes = {reason.code for reason in new.reasons}
    if _DECISIONS[new.decision] > _DECISIONS[old.decision] and not codes <= NOT_FOUND_OUT:
        was, is_ = (
            tuple(dict.fromkeys(each for reason in verdict.reasons for each in reason.because))
            for verdict in (old, new)
        )
        yield Change(Aspect.DECISION, "", old.decision, new.decision, was, is_)
