"""What of several footings goes into one thing that is shared, and under which licences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from signals_agent.corpus.composition.nouns import ShareClass
from signals_agent.corpus.composition.standing import Choice, Standing
from signals_agent.corpus.held import Extent
from signals_agent.licences import activities as table
from signals_agent.licences import claims, compatible
from signals_agent.licences.compare import Combination, combine
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.licences.expression import AllOf, leaves
from signals_agent.model.licence import ActivityAnswer

_OK, _CAUTION, _NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
_NOWHERE: Final = Combination(
    _NO,
    (),
    "No one licence is left under which this could go out together with the rest.",
    "Keep it by itself, under its own licence, and build what you will release without it.",
)

Target = Entry | None
"""The licence under which the whole goes out; ``None`` where none is demanded."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What goes into one thing: the largest class of share-alike material, and what it takes in.

    ``targets`` are the licences under which all of that may go out, none where none is
    demanded.
    """

    standings: tuple[Standing, ...]
    targets: tuple[Entry, ...]

    @property
    def under(self) -> tuple[str, ...]:
        """The licences to choose from: those that the material itself is under, if there are."""
        return nearest(self.targets, self.standings)


def fits(choices: Sequence[Choice], target: Target) -> ActivityAnswer:
    """Whether material goes into something that goes out under a licence, by its best choice."""
    return min(
        (
            max((_fits(each, target) for each in choice), key=_rank, default=_OK)
            for choice in choices
        ),
        key=_rank,
    )


@lru_cache(maxsize=65536)
def _fits(entry: Entry, target: Target) -> ActivityAnswer:
    if entry.kind in UNDECIDED or entry.kind is Kind.RETIRED:
        return _CAUTION
    if Element.ND in entry.elements:
        return _NO
    if target is None:
        return _NO if entry.kind in compatible.SHARING else _OK
    if entry.kind in compatible.SHARING:
        if entry.id == target.id or compatible.may_become(entry, target):
            return _OK
        return _CAUTION if _combined(entry, target).answer is _CAUTION else _NO
    found = _combined(target, entry)
    # What the licence takes in only under another one of its own does not go out under this.
    elsewhere = found.answer is _OK and found.under != (target.id,)
    return _NO if elsewhere else found.answer


def level(standings: Sequence[Standing]) -> ActivityAnswer:
    """Whether all of it goes into one thing that may be shared.

    Material of one kind only goes by what its licence itself answers.
    """
    different = {each.choices for each in standings if each.choices != ((),)}
    if len(different) < 2 and all(len(choice) < 2 for each in different for choice in each):
        return _OK
    return min(
        (
            max((fits(each, target) for each in different), key=_rank, default=_OK)
            for target in (None, *_targets(standings))
        ),
        key=_rank,
    )


def classes(standings: Sequence[Standing]) -> tuple[tuple[Standing, ...], ...]:
    """The share-alike material, in classes that can be met together, the largest first.

    Where one may go out under another's licence, the two are in one class (licences,
    *Composition*); of equal classes that of the first SPDX id comes first.
    """
    return tuple(members for members, _ in _classes(standings))


def share_classes(standings: Sequence[Standing]) -> tuple[ShareClass, ...]:
    """The same as values that are handed out."""
    return tuple(
        ShareClass(
            nearest(targets, members),
            labels(members),
            extent(members),
            tuple(sorted(each.number for each in members)),
            kept=number == 0,
        )
        for number, (members, targets) in enumerate(_classes(standings))
    )


def keep(standings: Sequence[Standing]) -> Kept:
    """The largest class of share-alike material, with all that goes into one thing with it."""
    found = _classes(standings)
    sharing = {each.number for each in standings if each.shares}
    others = [each for each in standings if each.number not in sharing]
    first, targets = found[0] if found and found[0][1] else ((), ())
    if not targets:
        return Kept(_taken(others, None), ())
    taken = {target: _taken(others, target) for target in targets}
    own = {each.id for each in _entries(first)}
    best = min(targets, key=lambda each: (-extent(taken[each]).assets, each.id not in own, each.id))
    numbers = {each.number for each in (*first, *taken[best])}
    return Kept(
        tuple(each for each in standings if each.number in numbers),
        tuple(each for each in targets if taken[each] == taken[best]),
    )


def without_sharing(standings: Sequence[Standing]) -> tuple[Standing, ...]:
    """What goes into one thing if all that is share-alike is left out instead."""
    return _taken(standings, None)


def against(standing: Standing, kept: Kept) -> Combination:
    """Whether material goes into one thing with what is kept, and why not."""
    answer = level((standing, *kept.standings))
    target = _best_target(standing, kept)
    choice = min(standing.choices, key=lambda each: _rank(fits((each,), target)))
    closed = next((each for each in choice if Element.ND in each.elements), None)
    if closed is not None and answer is _NO:
        said = _combined(closed, closed)
        why = "lets no adapted material be shared, and what is made of it and more is that."
        return replace(said, reason=f"{closed.id} {why}")
    told = None
    for said in _told(choice, target, kept):
        if said.answer is answer:
            return replace(said, under=())
        if told is None and said.answer is not _OK:
            told = said
    # Every two may go together, and yet nothing takes in all of it.
    return replace(told, answer=answer, under=()) if told else replace(_NOWHERE, answer=answer)


def at_most(standing: Standing, kept: Kept) -> ActivityAnswer:
    """What ``against`` cannot be stricter than, found quickly."""
    return fits(standing.choices, _best_target(standing, kept))


def _best_target(standing: Standing, kept: Kept) -> Target:
    # The whole has a licence of its own where share-alike material is kept.
    wholes: tuple[Target, ...] = kept.targets or (None,)
    return min(wholes, key=lambda each: _rank(fits(standing.choices, each)))


def _told(choice: Choice, target: Target, kept: Kept) -> Iterator[Combination]:
    """What may stand against it, the nearest reason first."""
    if len(choice) > 1:
        yield _combined(AllOf(choice), AllOf(choice))
    if target is not None:
        yield from (_combined(target, each) for each in choice)
    others = _entries(kept.standings)
    yield from (_combined(each, other) for each in choice for other in others)
    yield from (_combined(each, each) for each in choice)


_combined = lru_cache(maxsize=4096)(combine)


def nearest(targets: Sequence[Entry], members: Sequence[Standing]) -> tuple[str, ...]:
    """The ids of these licences, only those that the material is under where there are any."""
    own = {each.id for each in _entries(members)}
    ids = sorted(each.id for each in targets)
    return tuple(each for each in ids if each in own) or tuple(ids)


def extent(members: Sequence[Standing]) -> Extent:
    """How much this is together."""
    return sum((each.extent for each in members), Extent())


def labels(members: Sequence[Standing]) -> tuple[str, ...]:
    """The labels of all licences of these, sorted."""
    return tuple(sorted({label for each in members for label in each.footing.labels}))


def _classes(
    standings: Sequence[Standing],
) -> list[tuple[tuple[Standing, ...], tuple[Entry, ...]]]:
    left = [each for each in standings if each.shares]
    targets = _targets(left)
    found: list[tuple[tuple[Standing, ...], tuple[Entry, ...]]] = []
    while left:
        under: dict[tuple[int, ...], list[Entry]] = {}
        for target in targets:
            members = tuple(each.number for each in left if fits(each.choices, target) is _OK)
            if members:
                under.setdefault(members, []).append(target)
        by_number = {each.number: each for each in left}
        if not under:
            # Their own licences do not go together, so no whole can be made even of one.
            alike: dict[tuple[str, ...], list[Standing]] = {}
            for each in left:
                alike.setdefault(each.footing.labels, []).append(each)
            found.extend((tuple(group), ()) for _, group in sorted(alike.items()))
            break
        sets = {members: tuple(by_number[each] for each in members) for members in under}
        first = min(under, key=lambda each: (-extent(sets[each]).assets, labels(sets[each])))
        found.append((sets[first], tuple(under[first])))
        left = [each for each in left if each.number not in first]
    return found


def _targets(standings: Sequence[Standing]) -> tuple[Entry, ...]:
    """Every licence under which some of it may go out, by id."""
    entries = {each for each in _entries(standings) if each.kind in compatible.SHARING}
    named = {each.id: each for each in entries}
    for entry in entries:
        for name in compatible.targets(entry):
            if name not in named:
                named[name] = leaves(claims.read(name))[0]
    return tuple(named[each] for each in sorted(named))


def _entries(standings: Sequence[Standing]) -> tuple[Entry, ...]:
    found = {entry for each in standings for choice in each.choices for entry in choice}
    return tuple(sorted(found, key=lambda each: (each.id, each.kind, each.elements)))


def _taken(standings: Sequence[Standing], target: Target) -> tuple[Standing, ...]:
    return tuple(each for each in standings if fits(each.choices, target) is _OK)


def _rank(answer: ActivityAnswer) -> int:
    return table.RANK[answer]
