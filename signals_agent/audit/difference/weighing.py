"""Both answers for one URL as one policy weighs them (rules R29, R38)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from signals_agent.errors import EvidenceError
from signals_agent.evidence import Evidence, recompute, wishes_of
from signals_agent.model.assessment import Assessment
from signals_agent.model.use import USES
from signals_agent.policy import Policy
from signals_agent.store.tightened import asked_alike
from signals_agent.wishes import Wishes

Pair = tuple[Assessment, Assessment]
"""Both answers by one policy."""


@dataclass(frozen=True, slots=True)
class Weigher:
    """How two answers are made comparable: by a policy that is given, or by both of their own."""

    policy: Policy | None = None

    def needed(self, before: Assessment, after: Assessment) -> bool:
        """Whether the two cannot be held against each other as they are."""
        if self.policy is None:
            return before.tool != after.tool or not asked_alike(before, after)
        return not (before.tool == after.tool and all(map(self._is_by_it, (before, after))))

    def _is_by_it(self, answer: Assessment) -> bool:
        verdict = answer.verdict
        return (
            verdict is not None
            and self.policy is not None
            and (verdict.policy.sha256 == self.policy.sha256)
        )

    def weigh(self, old: Evidence, new: Evidence) -> tuple[Pair, ...]:
        """Both answers by the wishes of each, where these differ; by the policy that is given.

        They are weighed by the software of today. Empty where one of them cannot be.
        """
        try:
            return tuple(self._pairs(old, new))
        except EvidenceError:
            return ()

    def _pairs(self, old: Evidence, new: Evidence) -> Iterator[Pair]:
        told: dict[object, Wishes] = {}
        for evidence in (old, new):
            wishes = self._wishes(evidence.document)
            who = wishes.tokens, wishes.acquired_by, wishes.vocabulary
            told.setdefault((wishes.policy.sha256, *who), wishes)
        for wishes in told.values():
            yield (
                recompute(old.document, old.blobs, wishes),
                recompute(new.document, new.blobs, wishes),
            )

    def _wishes(self, document: Mapping[str, object]) -> Wishes:
        wishes = wishes_of(document)
        if self.policy is None:
            return wishes
        return replace(wishes, policy=self.policy, uses=self.policy.uses or USES)
