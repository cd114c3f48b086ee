"""An asset whose declarations became stricter since it was ingested (rule R38)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signals_agent.change import Aspect, Change, stricter
from signals_agent.model.assessment import Assessment
from signals_agent.model.statement import Preference
from signals_agent.model.use import Use
from signals_agent.policy import Tightened as Then


@dataclass(frozen=True, slots=True)
class Tightened:
    """What became stricter, with both readings.

    ``changes`` are those that the declarations themselves show, and decisions that followed.
    ``not_found_out`` are the uses of which the later reading could not find out what was said
    of them; that alone is no change. ``then`` is what the policy says of it: ``keep`` or ``drop``.
    ``taken_again`` is when the asset was ingested again under what the later reading declares;
    then it is ``keep``, whatever the policy says.
    """

    url: str
    before: Assessment
    after: Assessment
    changes: tuple[Change, ...]
    not_found_out: tuple[Use, ...] = ()
    then: Then = "keep"
    taken_again: datetime | None = None


def compare(
    before: Assessment,
    after: Assessment,
    then: Then = "keep",
    weighed: Sequence[tuple[Assessment, Assessment]] = (),
) -> Tightened | None:
    """What became stricter from one reading to the next; ``None`` where nothing did.

    ``then`` is what the policy says of it, its ``on.tightened``. ``weighed`` are both readings
    by one policy, for each of their two policies, where these are others: what only the
    policies make of the same words is no change of the words.
    """
    uses = before.verdict.uses if before.verdict is not None else None
    pairs = weighed or ((before, after),)
    found = [stricter(loose, strict, uses) for loose, strict in pairs]
    # Where by one of them nothing was declared, what its decisions show is of no interest.
    shown = [changes for changes in found if any(each.declared for each in changes)]
    if not shown:
        return None
    changes = tuple(
        each
        for each in dict.fromkeys(each for changes in shown for each in changes)
        if each.declared or each.aspect is Aspect.DECISION
    )
    loose, strict = pairs[0]
    lost = tuple(
        use
        for use, answer in strict.uses.items()
        if answer.preference is Preference.UNDETERMINED
        and loose.uses[use].preference is not Preference.UNDETERMINED
    )
    return Tightened(after.url, before, after, changes, lost, then)


def asked_alike(one: Assessment, other: Assessment) -> bool:
    """Whether two readings are by one policy, for the same tokens, in the same vocabulary."""
    return _asked(one) == _asked(other)


def _asked(of: Assessment) -> tuple[object, ...]:
    policy = of.verdict.policy.sha256 if of.verdict is not None else None
    return policy, of.tokens, of.acquired_by, of.vocabulary
