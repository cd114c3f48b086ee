"""What the answers of one start come to so far, for whoever watches and for how it ends."""

from collections import Counter
from dataclasses import dataclass, field

from signals_agent.gate import NOT_FOUND_OUT
from signals_agent.model.assessment import Assessment
from signals_agent.model.verdict import Decision


@dataclass(slots=True)
class Tally:
    """Counts answers as they come.

    ``decisions`` counts verdicts, or where no uses were named each use by itself;
    ``declared`` assets of which something is declared, ``not_found_out`` those held only
    because something could not be found out.
    """

    answered: int = 0
    declared: int = 0
    not_found_out: int = 0
    has_verdict: bool = False
    decisions: Counter[Decision] = field(default_factory=Counter)

    def add(self, answer: Assessment) -> None:
        """Take in one answer."""
        self.answered += 1
        self.declared += bool(answer.declarations)
        verdict = answer.verdict
        if verdict is not None:
            self.has_verdict = True
            self.decisions[verdict.decision] += 1
            uses = [answer.uses[use] for use in verdict.uses]
        else:
            uses = list(answer.uses.values())
            self.decisions.update(each.decision for each in uses)
        held = [each for each in uses if each.decision is Decision.HOLD]
        self.not_found_out += bool(held) and all(
            any(reason.code in NOT_FOUND_OUT for reason in each.reasons) for each in held
        )
