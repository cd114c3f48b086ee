"""What a run came to: the share of each decision, by reason, by rule and by what was declared."""

import sys
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from signals_agent import quote
from signals_agent.model.assessment import Assessment
from signals_agent.model.verdict import Decision, Reason, ReasonCode
from signals_agent.pipeline import Permit, PermitAnswer

_T = TypeVar("_T")

ROWS: Final[Mapping[ReasonCode, str]] = MappingProxyType(
    {
        ReasonCode.ACCESS_REFUSED: "R27 row 1: access refused",
        ReasonCode.DISALLOW: "R27 row 2: disallow",
        ReasonCode.ACCESS_UNDETERMINED: "R27 row 3: access undetermined",
        ReasonCode.NO_ASSET: "R27 row 4: no asset, or terms for it",
        ReasonCode.ACCESS_TERMS: "R27 row 4: no asset, or terms for it",
        ReasonCode.ASSET_UNREACHABLE: "R27 row 4: no asset, or terms for it",
        ReasonCode.LICENCE_FORBIDS: "R27 row 5: the licence forbids what is planned",
        ReasonCode.LICENCE_CAUTION: "R27 row 6: not found out, read or plainly licensed",
        ReasonCode.UNDETERMINED: "R27 row 6: not found out, read or plainly licensed",
        ReasonCode.UNREADABLE: "R27 row 6: not found out, read or plainly licensed",
        ReasonCode.UNMET: "R27 row 7: an obligation that nothing answers",
        ReasonCode.UNKNOWN: "R27 row 8: nobody spoke",
        ReasonCode.CLEAR: "R27 row 9: nothing stands against it",
        ReasonCode.AGREEMENT: "R34: an agreement",
    }
)
"""The rule by which each reason decides."""

_ORDER = (Decision.INGEST, Decision.HOLD, Decision.SKIP)
_SEVERAL: Final = " (an asset counts under each of its own)"
_WORST = {decision: place for place, decision in enumerate(_ORDER)}


def decision_of(assessment: Assessment) -> Decision:
    """The one decision: the verdict's, or the worst over all uses where there is none (R27)."""
    if assessment.verdict is not None:
        return assessment.verdict.decision
    return max((each.decision for each in assessment.uses.values()), key=_WORST.__getitem__)


def reasons_of(assessment: Assessment) -> tuple[Reason, ...]:
    """The reasons of that decision, each once; not those of uses that would do better."""
    if assessment.verdict is not None:
        return assessment.deciding
    worst = decision_of(assessment)
    return tuple(
        dict.fromkeys(
            reason
            for each in assessment.uses.values()
            if each.decision is worst
            for reason in each.reasons
        )
    )


def decided(answer: Assessment | Permit) -> Decision:
    """The decision of a result, or that of a permit by which an asset is not asked for."""
    if isinstance(answer, Assessment):
        return decision_of(answer)
    return Decision(answer.answer.value)


def because_of(answer: Assessment | Permit) -> tuple[Reason, ...]:
    """The reasons of that decision, each once.

    A permit has those of every use. Where it is *hold*, only that access is not known stands
    behind it; what would refuse one use alone does not.
    """
    if isinstance(answer, Assessment):
        return reasons_of(answer)
    held = answer.answer is PermitAnswer.HOLD
    unknown = tuple(each for each in answer.reasons if each.code is ReasonCode.ACCESS_UNDETERMINED)
    return unknown if held and unknown else answer.reasons


def tell(tally: "Tally") -> None:
    """Write to stderr what enforcement would have cost, as runs under ``observe`` end (R26)."""
    sys.stderr.write(tally.text("What enforcement would have cost") + "\n")


class Tally:
    """Counts results; ``add`` each asset once, from any thread, and print ``text()`` at the end.

    ``decisions`` counts assets by decision. ``reasons`` and ``rules`` count them by
    (decision, reason code) and (decision, rule), ``declared`` by (decision, family and
    carrier of a declaration behind a reason). Only what stands behind the decision counts:
    no reason of a use that would do better, and no agreement where the asset is held or
    skipped all the same. An asset with several such reasons counts under each of them, so
    these shares may add up to more than that of the decision.
    """

    def __init__(self) -> None:
        self.decisions: Counter[Decision] = Counter()
        self.reasons: Counter[tuple[Decision, ReasonCode]] = Counter()
        self.rules: Counter[tuple[Decision, str]] = Counter()
        self.declared: Counter[tuple[Decision, str]] = Counter()
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, object]:
        """The counts; a lock stays in its process."""
        return {name: each for name, each in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """The counts again."""
        self.__dict__.update(state, _lock=threading.Lock())

    @property
    def total(self) -> int:
        """How many assets were counted."""
        return self.decisions.total()

    def add(self, assessment: Assessment) -> None:
        """Count one result."""
        self._count(decision_of(assessment), reasons_of(assessment), _places(assessment), 1)

    def take_back(self, assessment: Assessment) -> None:
        """Count one result no more, such as that of an attempt that is made again."""
        self._count(decision_of(assessment), reasons_of(assessment), _places(assessment), -1)

    def add_permit(self, permit: Permit) -> None:
        """Count one asset that was not fetched, since its permit was no *fetch*.

        Raises ``ValueError`` for a permit to fetch: what comes of the asset is not known yet.
        """
        if permit.answer is PermitAnswer.FETCH:
            raise ValueError("a permit to fetch decides nothing yet: add the result")
        self._count(decided(permit), because_of(permit), {}, 1)

    def merge(self, other: "Tally") -> None:
        """Add another tally's counts, such as those of another process."""
        with self._lock:
            self.decisions.update(other.decisions)
            self.reasons.update(other.reasons)
            self.rules.update(other.rules)
            self.declared.update(other.declared)

    def text(self, title: str = "What enforcement comes to") -> str:
        """The counts as a text of a few lines: shares by decision, reason, rule, declaration."""
        total = self.total
        if not total:
            return f"{title}: no asset was judged"
        lines = [f"{title}, for {total} asset{'s' if total > 1 else ''}:"]
        lines += [_row(each, self.decisions[each], total, indent=2, width=58) for each in _ORDER]
        for heading, counts in (
            ("by reason", self.reasons),
            ("by rule", self.rules),
            ("by declaration", self.declared),
        ):
            if counts:
                several = counts.total() > total
                lines.append(f"  {heading}{_SEVERAL if several else ''}")
                lines += [
                    _row(f"{decision}: {name}", count, total, indent=4, width=56)
                    for (decision, name), count in _sorted(counts.items())
                ]
        return "\n".join(lines)

    def _count(
        self, decision: Decision, reasons: Iterable[Reason], places: Mapping[str, str], by: int
    ) -> None:
        blamed = decision is not Decision.INGEST
        reasons = tuple(
            each for each in reasons if not blamed or each.code is not ReasonCode.AGREEMENT
        )
        codes = dict.fromkeys(reason.code for reason in reasons)
        rules = dict.fromkeys(ROWS[code] for code in codes)
        declared = dict.fromkeys(
            places[each] for reason in reasons for each in reason.because if each in places
        )
        with self._lock:
            _add(self.decisions, (decision,), by)
            _add(self.reasons, ((decision, code) for code in codes), by)
            _add(self.rules, ((decision, rule) for rule in rules), by)
            _add(self.declared, ((decision, place) for place in declared), by)


def _places(assessment: Assessment) -> dict[str, str]:
    return {each.id: f"{each.family} in {each.carrier}" for each in assessment.declarations}


def _add(counts: Counter[_T], names: Iterable[_T], by: int) -> None:
    """Count each name up or down; what is counted no more is gone."""
    for name in names:
        counts[name] += by
        if not counts[name]:
            del counts[name]


def _sorted(
    counts: Iterable[tuple[tuple[Decision, str], int]],
) -> list[tuple[tuple[Decision, str], int]]:
    """The worst decisions last, and of each the most frequent first."""
    return sorted(counts, key=lambda each: (_WORST[each[0][0]], -each[1], each[0][1]))


def _row(name: str, count: int, total: int, *, indent: int, width: int) -> str:
    # Families may be anybody's, so their names are quoted.
    return f"{' ' * indent}{quote.text(name):<{width}} {count:>8} {100 * count / total:>6.1f} %"
