"""The laws of composing, and an answer found the slow way beside ours (licences, *Composition*)."""

import random
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, combinations

import pytest
from holding import holdings, member
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from signals_agent.corpus.composition import compose
from signals_agent.corpus.composition.nouns import Composition, ForActivity
from signals_agent.corpus.member import Member
from signals_agent.licences import activities, compare, compatible
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Element, Entry, Kind
from signals_agent.licences.expression import AllOf, AnyOf, Terms, read
from signals_agent.model.licence import Activity, ActivityAnswer

OK, CAUTION, NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
RANK = activities.RANK
POOL = (
    *("CC0-1.0", "CC-BY-4.0", "CC-BY-3.0", "CC-BY-SA-4.0", "CC-BY-SA-3.0", "CC-BY-SA-1.0"),
    *("CC-BY-SA-3.0-DE", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-SA-3.0", "CC-BY-ND-4.0"),
    *("CC-BY-NC-ND-4.0", "ODbL-1.0", "LAL-1.3", "GPL-2.0-only", "GPL-2.0-or-later"),
    *("GPL-3.0-only", "AGPL-3.0-only", "EUPL-1.2", "GFDL-1.3-only", "MIT", "Apache-2.0"),
    *("openrail", "OGL-UK-3.0", "https://a.example/terms", "CC-SAMPLING-1.0"),
    *("MIT OR GPL-2.0-only", "CC-BY-SA-4.0 OR GPL-2.0-only", "CC-BY-SA-4.0 OR CC-BY-NC-4.0"),
    *("CC-BY-4.0 AND MIT", "CC-BY-SA-4.0 AND GPL-3.0-only"),
)
LABELS = st.sampled_from(POOL)
ONE = st.lists(LABELS, max_size=2, unique=True).map(tuple)
AGREED = st.lists(st.sampled_from(list(Activity)), max_size=2, unique=True).map(
    lambda several: tuple(sorted(several))
)
MEMBER = st.tuples(ONE, AGREED)
SIMPLE = st.tuples(LABELS.map(lambda label: (label,)), st.just(()))
SEVERAL = st.lists(st.one_of(SIMPLE, SIMPLE, MEMBER), max_size=7)
Said = tuple[tuple[str, ...], tuple[Activity, ...]]
ONE_THING = compare.MADE_FROM_BOTH | compare.PERHAPS


def members(several: Iterable[Said], start: int = 0) -> list[Member]:
    return [
        member(f"https://a.example/{number}", labels, agreed)
        for number, (labels, agreed) in enumerate(several, start)
    ]


def composed(
    *corpora: Sequence[Member],
    wanted: Iterable[Activity] = tuple(Activity),
    no_licence: ActivityAnswer | None = None,
) -> Composition:
    with holdings(*corpora) as held:
        return compose.make(held, wanted, no_licence)


def plain(found: ForActivity) -> object:
    """All that is told, but numbers and examples, which follow the order of reading."""
    return (
        found.answer,
        found.conditions,
        found.reason,
        [(e.answer, e.labels, e.reason, e.extent, e.instead, e.clause) for e in found.in_the_way],
        [(e.under, e.labels, e.extent, e.kept) for e in found.classes],
        (found.remaining.extent, found.remaining.conditions, found.remaining.under),
        None if found.otherwise is None else found.otherwise.extent,
    )


# The slow way: every licence that is known is tried for the whole, and every subset is looked at.


def choices(terms: Terms) -> list[frozenset[Entry]]:
    if isinstance(terms, Entry):
        return [frozenset({terms})]
    parts = [choices(part) for part in terms.parts]
    if isinstance(terms, AnyOf):
        return [choice for part in parts for choice in part]
    found: list[frozenset[Entry]] = [frozenset()]
    for part in parts:
        found = [made | choice for made in found for choice in part]
    return found


def goes(entry: Entry, whole: Entry | None) -> bool:
    """Whether what is under a licence may go into a whole, as the licences say it."""
    sharing = Element.SA in entry.elements
    if Element.ND in entry.elements or entry.kind in (
        *(Kind.UNRECOGNISED, Kind.RESERVED, Kind.RETIRED),
    ):
        return False
    if whole is None:
        return not sharing
    if sharing:
        return compatible.may_become(entry, whole)
    closed = Element.NC in entry.elements and Element.NC not in whole.elements
    return not (
        closed
        or entry.kind is Kind.USE_RESTRICTED
        or compatible.refused(entry, whole)
        or compatible.unsaid(entry, whole)
        or compatible.taken_under(entry, whole) != whole.id
    )


@lru_cache(maxsize=100_000)
def goes_whole(labels: tuple[str, ...], whole: str | None, activity: Activity) -> bool:
    target = None if whole is None else read(whole)
    assert target is None or isinstance(target, Entry)
    return any(
        all(goes(entry, target) for entry in choice)
        and all(activities.ask(entry, activity).answer is OK for entry in choice)
        for choice in choices(AllOf(tuple(read(label) for label in labels)))
    )


WHOLES: tuple[str | None, ...] = (
    None,
    *(each.id for each in ENTRIES if Element.SA in each.elements and each.version is not None),
)


def possible(several: Iterable[tuple[str, ...]], activity: Activity) -> bool:
    """Whether one thing can be made of all these and shared."""
    distinct = set(several)
    return any(all(goes_whole(each, whole, activity) for each in distinct) for whole in WHOLES)


def alone(labels: tuple[str, ...], activity: Activity) -> ActivityAnswer:
    if not labels:
        return OK if activity in (Activity.RESEARCH_INTERNAL, Activity.PUBLISH_METRICS) else CAUTION
    terms = [read(label) for label in labels]
    cells = [activities.ask(each, activity) for each in terms]
    worst = max((each.answer for each in cells), key=RANK.__getitem__)
    # Only what asks for its own licence here can contradict another that does.
    asking = [
        each for each, cell in zip(terms, cells, strict=True) if "share-alike" in cell.conditions
    ]
    if worst is OK and asking and not compare.share_together(asking):
        return CAUTION
    return worst


def shares(labels: tuple[str, ...], activity: Activity) -> bool:
    """Whether every choice that is well for the activity holds a share-alike licence."""
    return (
        bool(labels)
        and not any(goes_whole(each, None, activity) for each in [labels])
        and all(
            any(Element.SA in entry.elements for entry in choice)
            for choice in choices(AllOf(tuple(read(label) for label in labels)))
            if all(activities.ask(entry, activity).answer is OK for entry in choice)
        )
    )


def subsets(several: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return chain.from_iterable(combinations(several, size) for size in range(len(several) + 1))


@settings(max_examples=150)
@given(
    st.lists(st.one_of(SIMPLE, MEMBER.map(lambda said: (said[0], ()))), max_size=7),
    st.sampled_from(list(Activity)),
)
def test_the_answer_is_that_of_trying_everything(several: list[Said], activity: Activity) -> None:
    found = composed(members(several), wanted=[activity]).activities[activity]
    labels = [said[0] for said in several]
    answers = [alone(each, activity) for each in labels]
    free = [n for n, answer in enumerate(answers) if answer is OK]
    if activity not in ONE_THING:
        assert found.answer is max(answers, key=RANK.__getitem__, default=CAUTION)
        assert found.remaining.extent.assets == len(free)
        assert found.classes == ()
        return
    fine = (
        bool(several)
        and len(free) == len(several)
        and possible([labels[n] for n in free], activity)
    )
    assert (found.answer is OK) is fine
    sharing = [n for n in free if shares(labels[n], activity)]
    others = [n for n in free if n not in sharing]
    largest = max(
        len(each)
        for each in subsets(sharing)
        if not each or possible([labels[n] for n in each], activity)
    )
    best = [
        each
        for each in subsets(sharing)
        if len(each) == largest and (not each or possible([labels[n] for n in each], activity))
    ]
    left = {
        max(
            len(each) + len(more)
            for more in subsets(others)
            if possible([labels[n] for n in (*each, *more)], activity)
        )
        for each in best
    }
    # Of several classes of one size the first by its ids is kept: one of these it must be.
    assert found.remaining.extent.assets in left
    if len(best) == 1:
        assert {found.remaining.extent.assets} == left


@given(SEVERAL, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(several: list[Said], chance: random.Random) -> None:
    shuffled = members(several)
    chance.shuffle(shuffled)
    one, other = composed(members(several)), composed(shuffled)
    for activity in Activity:
        assert plain(one.activities[activity]) == plain(other.activities[activity])
    assert one.clashes == other.clashes
    assert [(e.name, e.extent, e.tags) for e in one.sets] == [
        (e.name, e.extent, e.tags) for e in other.sets
    ]


@given(SEVERAL.filter(bool), MEMBER)
def test_one_more_member_never_makes_an_answer_better(several: list[Said], more: Said) -> None:
    fewer, all_ = composed(members(several)), composed(members([*several, more]))
    for activity in Activity:
        one, other = fewer.activities[activity], all_.activities[activity]
        assert RANK[other.answer] >= RANK[one.answer], activity
        assert set(other.conditions) >= set(one.conditions)


@given(SEVERAL)
def test_what_remains_is_well_when_the_rest_is_taken_away(several: list[Said]) -> None:
    with holdings(members(several)) as held:
        found = compose.make(held)
        for activity, each in found.activities.items():
            kept = [one.member for one in held.of_footings(each.remaining.footings)]
            blocked = [number for one in each.in_the_way for number in one.footings]
            assert len(kept) == each.remaining.extent.assets
            assert not set(blocked) & set(each.remaining.footings)
            assert {*blocked, *each.remaining.footings} == {*held.on_footings()}
            again = composed(kept, wanted=[activity]).activities[activity]
            assert again.answer is (OK if kept else CAUTION)
            assert again.remaining.extent == each.remaining.extent
            assert again.remaining.under == each.remaining.under
            assert again.remaining.conditions == each.remaining.conditions
            if each.otherwise is not None:
                other = [one.member for one in held.of_footings(each.otherwise.footings)]
                assert len(other) > len(kept)
                assert composed(other, wanted=[activity]).activities[activity].answer is OK


@given(SEVERAL)
def test_who_stands_in_the_way_is_as_strict_as_the_answer(several: list[Said]) -> None:
    for each in composed(members(several)).activities.values():
        worst = max((RANK[one.answer] for one in each.in_the_way), default=0)
        assert RANK[each.answer] == (worst if several else RANK[CAUTION])
        assert all(one.answer is not OK and one.instead for one in each.in_the_way)
        assert all(one.reason.endswith(".") for one in each.in_the_way)


@given(SEVERAL, SEVERAL)
def test_putting_two_together_is_composing_them_as_one(one: list[Said], other: list[Said]) -> None:
    first, second = members(one), members(other, start=len(one))
    merged, whole = composed(first, second), composed([*first, *second])
    assert merged.activities == whole.activities
    assert merged.sets == whole.sets
    assert merged.clashes == whole.clashes
    assert merged.extent == whole.extent
    assert [each.assets for each in merged.extents] == [len(first), len(second)]


@given(SEVERAL)
def test_classes_part_what_is_share_alike_and_the_largest_is_kept(several: list[Said]) -> None:
    found = composed(members(several))
    for each in found.activities.values():
        numbers = [number for group in each.classes for number in group.footings]
        assert len(numbers) == len(set(numbers))
        sizes = [group.extent.assets for group in each.classes]
        assert [group.kept for group in each.classes] == [n == 0 for n in range(len(sizes))]
        assert sizes == sorted(sizes, reverse=True) or not all(g.under for g in each.classes)
        if each.remaining.under:
            kept = [g for g in each.classes if set(g.footings) & set(each.remaining.footings)]
            assert kept, "a licence for the whole comes from a class"


@pytest.mark.parametrize("activity", list(Activity), ids=str)
@given(st.sampled_from(ENTRIES), st.sampled_from(ENTRIES))
@settings(max_examples=50)
def test_two_licences_answer_as_the_licence_command_has_it(
    activity: Activity, one: Entry, other: Entry
) -> None:
    assume(one != other)
    # Licences that do not say their version may be met together with what one of them is.
    assume(all(each.version or each.kind not in compatible.SHARING for each in (one, other)))
    beside = compare.compare(one, other, (activity,)).rows[activity]
    found = composed(members([((one.id,), ()), ((other.id,), ())]), wanted=[activity])
    assert found.activities[activity].answer is beside.together.answer
    assert set(found.activities[activity].conditions) == set(beside.together.conditions)
