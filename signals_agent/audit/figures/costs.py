"""What each rule of the gate cost: what was held or skipped because of it, and for it alone."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from signals_agent.audit.figures import standing
from signals_agent.audit.figures.groups import Groups
from signals_agent.audit.figures.nouns import Cost
from signals_agent.audit.figures.standing import Obstacle, On, Result
from signals_agent.store.ledger import Ledger
from signals_agent.store.snapshot import Row


class Costs:
    """Counts assets by what stands in their way.

    With a verdict an asset counts for the reasons behind its decision, without one for
    those of each use.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._on: dict[str, On] = {}
        self._held: Counter[Obstacle] = Counter()
        self._skipped: Counter[Obstacle] = Counter()
        self._alone: Counter[Obstacle] = Counter()
        self._groups: Groups[Obstacle] = Groups()

    def add(self, row: Row, result: Result, uses: list[str]) -> None:
        """One asset, of which these uses count."""
        answers = [result["uses"][use] for use in uses]
        against = [each for each in answers if each["decision"] != "ingest"]
        if not against:
            return
        verdict = result.get("verdict")
        on = self._policy(row, verdict)
        sources = {each["id"]: (each["family"], each["carrier"]) for each in result["declarations"]}
        found: set[Obstacle] = set()
        counted: set[Obstacle] = set()
        for decision, counter in (("hold", self._held), ("skip", self._skipped)):
            these = {
                obstacle
                for each in against
                if each["decision"] == decision
                for obstacle in standing.obstacles(each, sources, on)
            }
            found |= these
            if verdict is None or verdict["decision"] == decision:
                counter.update(these)
                counted |= these
        for each in counted:
            self._groups.add(each, row.url, row.host)
        alone = standing.alone(result, answers, found, on)
        if alone is not None:
            self._alone[alone] += 1

    def _policy(self, row: Row, verdict: Mapping[str, Any] | None) -> On:
        """What of the policy bears on the costs, read once for each policy."""
        digest = "" if verdict is None else verdict["policy"]["sha256"]
        if digest not in self._on:
            document = self._ledger.evidence(row.entry).document
            policy = document.get("wishes", {}).get("policy", {}).get("document", {})
            self._on[digest] = On.of(policy)
        return self._on[digest]

    def told(self) -> tuple[Cost, ...]:
        """The costs, the highest first."""
        return tuple(
            Cost(
                *each,
                held=self._held[each],
                skipped=self._skipped[each],
                alone=self._alone[each],
                examples=tuple(group.examples),
            )
            for each, group in self._groups.largest_first()
        )
