"""What may be done with the whole of a corpus, activity by activity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from signals_agent.corpus.composition import clashes, sets, whole
from signals_agent.corpus.composition.nouns import (
    Composition,
    ForActivity,
    InTheWay,
    Remaining,
)
from signals_agent.corpus.composition.standing import (
    Standing,
    agreements,
    in_order,
    join,
    permitted_beside,
    stand,
    statements,
)
from signals_agent.corpus.composition.words import reason
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences import activities as table
from signals_agent.licences.compare import MADE_FROM_BOTH, PERHAPS
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms
from signals_agent.model.obligation import ObligationKind

_OK, _CAUTION, _NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
ONE_THING: Final = MADE_FROM_BOTH | PERHAPS
"""Activities that make one thing of all material, or may."""


def make(
    holdings: Holdings,
    activities: Iterable[Activity] = tuple(Activity),
    no_licence: ActivityAnswer | None = None,
    corpus: int | None = None,
) -> Composition:
    """What may be done with all that is held, or with one corpus of several.

    From footings and their extents only, so that a corpus of any size costs the same.
    ``no_licence`` is the answer of assets that declare no licence; where it is not given they
    are left out of the question where nothing is handed on (rule R27), and are *caution*
    elsewhere. Nothing is cleared where there is nothing: an empty corpus answers *caution*.
    Clauses: licences, *Working with a corpus*.
    """
    extents = holdings.on_footings(corpus)
    stood = [(holdings.footings[number], extent) for number, extent in extents.items()]
    examples = _Examples(holdings, wanted=corpus is None)
    wanted = frozenset(activities)
    return Composition(
        names=tuple(holdings.names)
        if corpus is None
        else tuple(holdings.names[corpus : corpus + 1]),
        extents=_extents(holdings, corpus),
        extent=holdings.extent(corpus),
        licences=_licences(holdings, extents),
        activities={
            each: _for(standings(holdings, extents, each, no_licence), each, examples)
            for each in Activity
            if each in wanted
        },
        sets=sets.split(holdings, corpus),
        clashes=clashes.make(_licences(holdings, extents)),
        statements=statements(stood, wanted),
        agreements=agreements(stood, wanted, no_licence),
    )


def standings(
    holdings: Holdings,
    extents: dict[int, Extent],
    activity: Activity,
    no_licence: ActivityAnswer | None = None,
) -> list[Standing]:
    """How each footing of which there is something answers an activity, in order of licences."""
    found = (
        stand(number, holdings.footings[number], extent, activity, no_licence)
        for number, extent in extents.items()
    )
    return sorted(found, key=lambda each: (each.footing.labels, each.footing.agreed, each.number))


def _extents(holdings: Holdings, corpus: int | None) -> tuple[Extent, ...]:
    if corpus is not None or len(holdings.names) < 2:
        return (holdings.extent(corpus),)
    return tuple(holdings.extent(each) for each in range(len(holdings.names)))


def _licences(
    holdings: Holdings, extents: dict[int, Extent]
) -> tuple[tuple[tuple[str, ...], Extent], ...]:
    counted: dict[tuple[str, ...], Extent] = {}
    for number, extent in extents.items():
        labels = holdings.footings[number].labels
        counted[labels] = counted.get(labels, Extent()) + extent
    return tuple(sorted(counted.items(), key=lambda each: (-each[1].assets, each[0])))


class _Examples:
    """A few URLs of the assets on some footings, looked up once for all activities."""

    def __init__(self, holdings: Holdings, wanted: bool) -> None:
        self._holdings = holdings
        self._wanted = wanted
        self._known: dict[tuple[int, ...], tuple[str, ...]] = {}

    def of(self, numbers: tuple[int, ...]) -> tuple[str, ...]:
        if self._wanted and numbers not in self._known:
            self._known[numbers] = tuple(self._holdings.examples(numbers))
        return self._known.get(numbers, ())


@dataclass(frozen=True, slots=True)
class _Fallen:
    standing: Standing
    terms: ActivityTerms


def _for(every: Sequence[Standing], activity: Activity, examples: _Examples) -> ForActivity:
    alone = max((table.RANK[each.terms.answer] for each in every), default=0)
    possible = [each for each in every if each.terms.answer is not _NO]
    free = [each for each in possible if each.terms.answer is _OK]
    together = _OK
    kept = whole.Kept(tuple(free), ())
    conflicts: dict[int, ActivityTerms] = {}
    if activity in ONE_THING:
        together = _limit(activity, whole.level(possible))
        kept = whole.keep(free)
        if together is not _OK:
            # Of what falls out anyway it is told, too, what would stand against it besides.
            for one_thing in (kept, whole.keep(possible)):
                _add(conflicts, possible, one_thing, activity, together)
            staying = {each.number for each in kept.standings}
            falling = [each for each in possible if each.number not in staying]
            told = [conflicts[each.number].answer for each in falling if each.number in conflicts]
            if alone < table.RANK[together] and together not in told:
                # What falls out anyway is only together with all the rest what stands against it.
                for each in falling:
                    rest = whole.Kept(tuple(one for one in possible if one is not each), ())
                    _add(conflicts, [each], rest, activity, together)
    numbers = {each.number for each in kept.standings}
    fallen = [
        _fallen(each, conflicts.get(each.number)) for each in every if each.number not in numbers
    ]
    answer = max((table.RANK[each.terms.answer] for each in fallen), default=0)
    answer = max(answer, alone, table.RANK[together], 0 if every else table.RANK[_CAUTION])
    in_the_way = _grouped(fallen, examples)
    found = ForActivity(
        activity=activity,
        answer=next(each for each, rank in table.RANK.items() if rank == answer),
        conditions=join([each.terms for each in every]),
        reason="",
        in_the_way=in_the_way,
        classes=whole.share_classes(possible) if activity in ONE_THING else (),
        remaining=_remaining(kept, activity),
        otherwise=_otherwise(free, kept, activity),
    )
    bare = whole.extent([each for each in every if not each.footing.licences])
    lifted = whole.extent([each for each in every if permitted_beside(each, activity)])
    return replace(found, reason=reason(found, whole.extent(every), bare, lifted))


def _limit(activity: Activity, answer: ActivityAnswer) -> ActivityAnswer:
    """Whether one thing is made of all is open for some activities: then no more than *caution*."""
    return _CAUTION if activity in PERHAPS and answer is _NO else answer


def _add(
    conflicts: dict[int, ActivityTerms],
    among: Sequence[Standing],
    kept: whole.Kept,
    activity: Activity,
    most: ActivityAnswer,
) -> None:
    """Add what does not go into one thing with what is kept, where that is stricter."""
    numbers = {each.number for each in kept.standings}
    for each in among:
        if each.number in numbers or each.choices == ((),):
            continue
        bound = min(most, whole.at_most(each, kept), key=table.RANK.__getitem__)
        if table.RANK[each.terms.answer] >= table.RANK[bound]:
            continue
        said = whole.against(each, kept)
        answer = min(_limit(activity, said.answer), bound, key=table.RANK.__getitem__)
        before = conflicts.get(each.number)
        if before is None or table.RANK[answer] > table.RANK[before.answer]:
            conflicts[each.number] = ActivityTerms(
                answer, each.terms.conditions, said.reason, said.instead
            )


def _fallen(standing: Standing, conflict: ActivityTerms | None) -> _Fallen:
    own = standing.terms
    if conflict is not None and table.RANK[conflict.answer] > table.RANK[own.answer]:
        return _Fallen(standing, conflict)
    return _Fallen(standing, own)


def _grouped(fallen: Iterable[_Fallen], examples: _Examples) -> tuple[InTheWay, ...]:
    groups: dict[tuple[ActivityAnswer, tuple[str, ...], str], list[_Fallen]] = {}
    for each in fallen:
        key = (each.terms.answer, each.standing.footing.labels, each.terms.reason)
        groups.setdefault(key, []).append(each)
    found = []
    for (answer, labels, why), group in groups.items():
        numbers = tuple(sorted(each.standing.number for each in group))
        extent = whole.extent([each.standing for each in group])
        terms = group[0].terms
        found.append(
            InTheWay(
                answer,
                labels,
                why,
                extent,
                numbers,
                terms.instead,
                terms.clause,
                examples.of(numbers),
            )
        )
    found.sort(key=lambda each: (-table.RANK[each.answer], -each.extent.assets, each.labels))
    return tuple(found)


def _remaining(kept: whole.Kept, activity: Activity) -> Remaining:
    asked: set[ObligationKind] = set()
    for each in kept.standings:
        asked.update(_asked(each, kept.targets, activity))
    return Remaining(
        whole.extent(kept.standings),
        tuple(sorted(each.number for each in kept.standings)),
        in_order(asked),
        kept.under,
    )


def _asked(
    standing: Standing, targets: Sequence[whole.Target], activity: Activity
) -> set[ObligationKind]:
    """What the licences ask that are chosen for the whole."""
    if len(standing.choices) == 1 or activity not in ONE_THING:
        return set(standing.terms.conditions)
    target = targets[0] if targets else None
    fitting = [
        {kind for entry in choice for kind in table.ask(entry, activity).conditions}
        for choice in standing.choices
        if whole.fits((choice,), target) is _OK
    ]
    return min(fitting, key=lambda each: (len(each), sorted(each)))


def _otherwise(free: Sequence[Standing], kept: whole.Kept, activity: Activity) -> Remaining | None:
    if not kept.targets:
        return None
    other = whole.Kept(whole.without_sharing(free), ())
    more = whole.extent(other.standings).assets > whole.extent(kept.standings).assets
    return _remaining(other, activity) if more else None
