"""Two licences beside one another, and what combining their material would mean."""

from dataclasses import dataclass
from typing import Final

from signals_agent.licences import activities, compatible
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.licences.expression import AnyOf, Terms, written
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms
from signals_agent.model.obligation import ObligationKind

_OK, _CAUTION, _NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
_SEGREGATE: Final = (
    "Keep the two in sets of their own, the more demanding one marked Research-Only, and build "
    "what will be released without it."
)
_APART: Final = (
    "Keep the two side by side, each under its own licence, and build from one of them at a time."
)
_ASK: Final = "Ask the publisher which licence is meant, or leave the material out."


@dataclass(frozen=True, slots=True)
class Combination:
    """What it means to make one thing of both and share it.

    ``under`` holds the ids of licences under which the whole may go out, where a licence
    demands its own; ``conditions`` is the join of what both ask.
    """

    answer: ActivityAnswer
    conditions: tuple[ObligationKind, ...]
    reason: str
    instead: str | None = None
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """One activity: the answer of each licence, and of material made from both."""

    one: ActivityTerms
    other: ActivityTerms
    together: ActivityTerms


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two licences compared, activity by activity."""

    rows: dict[Activity, Beside]
    combination: Combination


_MADE_FROM_BOTH: Final = frozenset(
    {Activity.REDISTRIBUTE_MODIFIED, Activity.PUBLISH_ADAPTED_SAMPLES, Activity.MERGE_CHECKPOINTS}
)
_PERHAPS: Final = frozenset({Activity.RELEASE_WEIGHTS, Activity.COMMERCIAL_PRODUCT})


def compare(one: Terms, other: Terms, wanted: tuple[Activity, ...] = tuple(Activity)) -> Comparison:
    """The two beside one another for these activities, and combined (licences, *Composition*)."""
    combined = combine(one, other)
    ours, theirs = activities.row(one, wanted), activities.row(other, wanted)
    return Comparison(
        {each: _beside(each, ours[each], theirs[each], combined) for each in ours}, combined
    )


def combine(one: Terms, other: Terms) -> Combination:
    """What making one thing of both would mean; the order of the two does not matter.

    Where an expression offers a choice, the pair that asks least counts; where it binds to
    several, the pair that asks most.
    """
    first, second = (other, one) if written(other) < written(one) else (one, other)
    return _combine(first, second)


def _combine(one: Terms, other: Terms) -> Combination:
    if isinstance(one, Entry) and isinstance(other, Entry):
        return _pair(one, other)
    if isinstance(one, Entry):
        return _several(other, one)
    return _several(one, other)


def _several(one: Terms, other: Terms) -> Combination:
    assert not isinstance(one, Entry)
    found = [_combine(part, other) for part in one.parts]
    if isinstance(one, AnyOf):
        return min(found, key=lambda each: (activities.RANK[each.answer], len(each.conditions)))
    worst = max(found, key=lambda each: activities.RANK[each.answer])
    asked = {kind for each in found for kind in each.conditions}
    return Combination(worst.answer, _ordered(asked), worst.reason, worst.instead, worst.under)


def _pair(one: Entry, other: Entry) -> Combination:
    asked = _ordered({*activities.conditions(one), *activities.conditions(other)})
    both = (one, other)
    for each in both:
        if each.kind in UNDECIDED:
            return Combination(
                _CAUTION,
                asked,
                f"{_called(each)} is not a licence that is known, nor is what the whole may do.",
                _ASK,
            )
    for each in both:
        if Element.ND in each.elements:
            return Combination(
                _NO,
                asked,
                f"{each.id} lets no adapted material be shared, and what is made of both is that.",
                _SEGREGATE,
            )
    for each in both:
        if each.kind is Kind.RETIRED:
            return Combination(
                _CAUTION,
                asked,
                f"{each.id} is withdrawn, and its terms do not name this: read the text itself.",
                _SEGREGATE,
            )
    sharing = [each for each in both if each.kind in compatible.SHARING]
    if len(sharing) == 2:
        return _both_share(one, other, asked)
    if sharing:
        (keeper,) = sharing
        return _one_shares(keeper, other if keeper is one else one, asked)
    return _free(one, other, asked)


def _both_share(one: Entry, other: Entry, asked: tuple[ObligationKind, ...]) -> Combination:
    under = compatible.together(one, other)
    if under:
        listed = " or ".join(under)
        return Combination(_OK, asked, f"The whole may go out under {listed}.", under=under)
    if one.version is None or other.version is None:
        unsaid = one if one.version is None else other
        if one.kind is other.kind and set(one.elements) == set(other.elements):
            return Combination(
                _CAUTION,
                asked,
                f"{unsaid.id} does not say its version, and versions differ in what they take in.",
                _ASK,
            )
    return Combination(
        _NO,
        asked,
        f"{one.id} and {other.id} each demand their own licence for the whole, and neither "
        "accepts the other's.",
        _APART,
    )


def _one_shares(keeper: Entry, other: Entry, asked: tuple[ObligationKind, ...]) -> Combination:
    """Share-alike forbids asking more than itself, so a further restriction cannot be kept."""
    if other.kind is Kind.USE_RESTRICTED:
        more = f"the use restrictions of {other.id}"
    elif Element.NC in other.elements and Element.NC not in keeper.elements:
        more = f"the limit of {other.id} to noncommercial purposes"
    elif compatible.refused(other, keeper):
        more = f"the further terms of {other.id}"
    else:
        under = compatible.taken_under(other, keeper)
        return Combination(
            _OK,
            asked,
            f"The whole goes out under {under}, with what {other.id} asks kept.",
            under=(under,),
        )
    return Combination(
        _NO, asked, f"{keeper.id} demands its own licence for the whole, which cannot keep {more}.",
        _APART,
    )  # fmt: skip


def _free(one: Entry, other: Entry, asked: tuple[ObligationKind, ...]) -> Combination:
    limited = [each.id for each in (one, other) if Element.NC in each.elements]
    if limited:
        named = " and ".join(dict.fromkeys(limited))
        return Combination(
            _OK, asked, f"Permitted for noncommercial purposes only: {named} limits the whole."
        )
    if not asked:
        return Combination(_OK, asked, "Permitted: neither asks anything.")
    return Combination(_OK, asked, "Permitted if what each asks is met for the whole.")


def _beside(
    activity: Activity, one: ActivityTerms, other: ActivityTerms, combined: Combination
) -> Beside:
    together = activities.join((one, other))
    limit = combined.answer
    if activity not in _MADE_FROM_BOTH:
        limit = _CAUTION if activity in _PERHAPS and limit is not _OK else _OK
    if activities.RANK[limit] > activities.RANK[together.answer]:
        together = ActivityTerms(limit, together.conditions, combined.reason, combined.instead)
    return Beside(one, other, together)


def _called(entry: Entry) -> str:
    return entry.id if entry.kind is Kind.RESERVED else "One of the two"


def _ordered(kinds: set[ObligationKind]) -> tuple[ObligationKind, ...]:
    return tuple(kind for kind in ObligationKind if kind in kinds)
