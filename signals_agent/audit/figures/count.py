"""The figures of a run, counted in one pass over its rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from signals_agent.audit import result_json
from signals_agent.audit.figures import failing, standing
from signals_agent.audit.figures.costs import Costs
from signals_agent.audit.figures.groups import Groups, Numbers, tally
from signals_agent.audit.figures.noted import Notes
from signals_agent.audit.figures.nouns import Figures, NotFoundOut, Source, Tally
from signals_agent.audit.figures.owing import ADVICE, Names, Owing, kinds, owed_for
from signals_agent.audit.figures.standing import Result
from signals_agent.model.use import Use
from signals_agent.store.snapshot import Row, Snapshot

MOST_PARTIES: Final = 200
MOST_LICENCES: Final = 200
"""How many of them are told; the others are counted."""

_MOST_REASONS: Final = 500
"""How many reasons are told apart: their words come from whatever fetched."""

_OTHER: Final = "for another reason"
_ACCESS: Final = "access"


def of(snapshot: Snapshot, seen: Callable[[Row, Result | None], None] | None = None) -> Figures:
    """The figures of a run; memory does not grow with its rows, and each figure is exact.

    Whatever is counted are URLs of the run that were answered (*assets*), or their origins:
    those of the URLs as they are listed. What each figure counts says ``Figures``. ``seen``
    is called for each row, with the result as JSON has it (``None`` where it was not asked),
    so that one pass is enough for whoever wants the rows too. Raises ``StoreError`` where the
    store is damaged.
    """
    counting = _Counting(snapshot)
    try:
        for row in snapshot.rows():
            result = result_json.read(row.result) if row.result else None
            if result is not None:
                counting.add(row, result)
            if seen is not None:
                seen(row, result)
        return counting.figures()
    finally:
        counting.close()


class _Counting:
    """The counts so far."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._first: Result = {}
        self._software: Counter[str] = Counter()
        self._policies: Counter[tuple[str, str]] = Counter()
        self._times = ("", "")
        self._decided: Counter[str] = Counter()
        self._by_use: dict[str, Counter[str]] = {use.value: Counter() for use in Use}
        self._preferences: dict[str, Counter[str]] = {use.value: Counter() for use in Use}
        self._access: Counter[str] = Counter()
        self._availability: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._statuses: Counter[str] = Counter()
        self._declared = 0
        self._declaring = Numbers()
        self._sources: Groups[tuple[str, str]] = Groups()
        self._signals: Counter[str] = Counter()
        self._owed: Counter[str] = Counter()
        self._binding: Counter[str] = Counter()
        self._bound = 0
        self._in_doubt = 0
        self._owing = Owing()
        self._licences = Names()
        self._notes = Notes()
        self._failures: Groups[tuple[str, str]] = Groups()
        self._costs = Costs(snapshot.ledger)

    def close(self) -> None:
        """Let go of what is on the disk."""
        self._owing.close()
        self._licences.close()

    def add(self, row: Row, result: Result) -> None:
        """One asset."""
        self._first = self._first or result
        tool, checked = result["tool"], result["checked_at"]
        self._software[f"signals-agent {tool['version']} (tables {tool['tables']})"] += 1
        first, last = self._times
        self._times = (min(first or checked, checked), max(last, checked))
        self._access[result["access"]["answer"]] += 1
        for use, answer in result["uses"].items():
            self._by_use[use][answer["decision"]] += 1
            self._preferences[use][answer["preference"]] += 1
        verdict = result.get("verdict")
        if verdict is not None:
            self._decided[verdict["decision"]] += 1
            self._policies[verdict["policy"]["name"], verdict["policy"]["sha256"]] += 1
        uses = standing.considered(result)
        self._add_looking(row, result, uses)
        self._add_declared(row, result)
        self._add_owed(row, result)
        self._notes.add(row, result)
        self._costs.add(row, result, uses)

    def _add_looking(self, row: Row, result: Result, uses: list[str]) -> None:
        roles = {each["id"]: each["role"] for each in result["captures"]}
        for which, ending in {
            (failing.kind(each, result, roles), each["availability"]) for each in result["coverage"]
        }:
            self._availability[which][ending] += 1
        status = failing.status(result)
        self._statuses[f"{status // 100}xx" if status else "none"] += 1
        if failing.is_in_doubt(result, uses):
            self._in_doubt += 1
            for why in dict.fromkeys(failing.failures(result, roles, uses)):
                told = why in self._failures or len(self._failures) < _MOST_REASONS
                self._failures.add(why if told else (_OTHER, why[1]), row.url, row.host)

    def _add_declared(self, row: Row, result: Result) -> None:
        found = {(each["family"], each["carrier"]) for each in result["declarations"]}
        for each in found:
            self._sources.add(each, row.url, row.host)
        if any(family != _ACCESS for family, _ in found):
            self._declared += 1
            self._declaring.add(row.host)
        for name in {_licence(each) for each in result["licences"]}:
            self._licences.add(name)

    def _add_owed(self, row: Row, result: Result) -> None:
        obligations = result["obligations"]
        if not obligations:
            return
        for signal in {
            each["signal"]
            for each in obligations
            if each["basis"] != "licence" and each["kind"] != ADVICE
        }:
            self._signals[signal] += 1
        owed = owed_for(result)
        asked = kinds(owed)
        self._owed.update(asked.keys())
        self._binding.update(kind for kind, binds in asked.items() if binds)
        self._bound += any(asked.values())
        self._owing.add(owed, row.host)

    def figures(self) -> Figures:
        """What it all comes to."""
        parties, more_parties = self._owing.parties(MOST_PARTIES)
        licences, more_licences = self._licences.first(MOST_LICENCES)
        contradictions, notes = self._notes.told()
        counts = self._snapshot.counts()
        verdict = self._first.get("verdict", {})
        policy = verdict.get("policy", {})
        return Figures(
            run=self._snapshot.run,
            counts=counts,
            has_verdict=bool(self._decided),
            policy=policy.get("name", ""),
            policy_sha256=policy.get("sha256", ""),
            uses=tuple(verdict.get("uses", ())),
            tokens=tuple(self._first.get("tokens", ())),
            acquired_by=self._first.get("acquired_by", ""),
            vocabulary=self._first.get("vocabulary", ""),
            software=tally(self._software),
            first_checked=self._times[0],
            last_checked=self._times[1],
            decided=tally(self._decided),
            by_use=_tallies(self._by_use),
            preferences=_tallies(self._preferences),
            access=tally(self._access),
            availability=_tallies(dict(sorted(self._availability.items()))),
            declared=self._declared,
            declared_origins=len(self._declaring),
            origins=counts.hosts,
            sources=tuple(
                Source(family, carrier, group.assets, len(group.origins))
                for (family, carrier), group in self._sources.largest_first()
            ),
            signals=tally(self._signals),
            owed=tally(self._owed),
            binding=tally(self._binding),
            parties=parties,
            more_parties=more_parties,
            licences=licences,
            contradictions=contradictions,
            not_found_out=tuple(
                NotFoundOut(why, which, group.assets, len(group.origins), tuple(group.examples))
                for (why, which), group in self._failures.largest_first()
            ),
            costs=self._costs.told(),
            notes=notes,
            statuses=tally(self._statuses),
            policies=tally({f"{name} ({sha})": n for (name, sha), n in self._policies.items()}),
            more_licences=more_licences,
            costs_are_of_uses=not self._decided,
            bound=self._bound,
            in_doubt=self._in_doubt,
        )


def _licence(said: Mapping[str, Any]) -> str:
    name: str = said.get("spdx") or said.get("name") or said.get("label") or said.get("url", "")
    return name


def _tallies(counted: Mapping[str, Mapping[str, int]]) -> dict[str, Tally]:
    return {name: tally(each) for name, each in counted.items()}
