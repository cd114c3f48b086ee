"""An asset whose declarations became stricter since it was ingested (rule R38)."""

from dataclasses import dataclass

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
    """

    url: str
    before: Assessment
    after: Assessment
    changes: tuple[Change, ...]
    not_found_out: tuple[Use, ...] = ()
    then: Then = "keep"


def compare(before: Assessment, after: Assessment, then: Then = "keep") -> Tightened | None:
    """What became stricter from one reading to the next; ``None`` where nothing did.

    ``then`` is what the policy says of it, its ``on.tightened``.
    """
    found = stricter(before, after)
    if not any(each.declared for each in found):
        return None
    changes = tuple(each for each in found if each.declared or each.aspect is Aspect.DECISION)
    lost = tuple(
        use
        for use, answer in after.uses.items()
        if answer.preference is Preference.UNDETERMINED
        and before.uses[use].preference is not Preference.UNDETERMINED
    )
    return Tightened(after.url, before, after, changes, lost, then)
