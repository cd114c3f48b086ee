"""Two licences beside one another, and what combining their material would mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod
from typing import Final

from signals_agent.licences import activities, compatible
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.licences.expression import AllOf, AnyOf, Terms, leaves, written
from signals_agent.licences.identity import identify
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


_MOST_CHOICES: Final = 64
MADE_FROM_BOTH: Final = frozenset(
    {Activity.REDISTRIBUTE_MODIFIED, Activity.PUBLISH_ADAPTED_SAMPLES, Activity.MERGE_CHECKPOINTS}
)
"""Activities that make one thing of all material, and share it."""

PERHAPS: Final = frozenset({Activity.RELEASE_WEIGHTS, Activity.COMMERCIAL_PRODUCT})
"""Activities of which it is open whether they do: what speaks against it is *caution*."""


def compare(one: Terms, other: Terms, wanted: tuple[Activity, ...] = tuple(Activity)) -> Comparison:
    """The two beside one another for these activities, and combined (licences, *Composition*)."""
    combined = combine(one, other)
    ours, theirs = activities.row(one, wanted), activities.row(other, wanted)
    return Comparison(
        {each: _beside(each, ours[each], theirs[each], combined) for each in ours}, combined
    )


def combine(one: Terms, other: Terms) -> Combination:
    """What making one thing of both would mean; the order of the two does not matter.

    Where an expression offers a choice, the choice that asks least counts. Of what binds at
    once every two licences are judged, those of one expression too: the whole is under all.
    """
    first, second = (other, one) if written(other) < written(one) else (one, other)
    found = [_all(each) for each in choices(AllOf((first, second)))]
    return min(found, key=lambda each: (activities.RANK[each.answer], len(each.conditions)))


def share_together(several: Sequence[Terms]) -> bool:
    """Whether the share-alike licences among all these can be met at once, by some choice."""
    for choice in choices(AllOf(tuple(several))):
        sharing = [each for each in choice if each.kind in compatible.SHARING]
        if len(sharing) < 2 or _all(sharing).answer is not _NO:
            return True
    return False


def choices(terms: Terms) -> tuple[tuple[Entry, ...], ...]:
    """The sets of licences of which one must be met whole.

    Where they are more than can be looked at, all licences count at once (rule R39).
    """
    found = _alternatives(terms)
    return (leaves(terms),) if found is None else tuple(dict.fromkeys(found))


def _alternatives(terms: Terms) -> list[tuple[Entry, ...]] | None:
    if isinstance(terms, Entry):
        return [(terms,)]
    parts = [_alternatives(part) for part in terms.parts]
    known = [each for each in parts if each is not None]
    if len(known) < len(parts):
        return None
    if isinstance(terms, AnyOf):
        found = [choice for each in known for choice in each]
        return found if len(found) <= _MOST_CHOICES else None
    if prod(len(each) for each in known) > _MOST_CHOICES:
        return None
    return [
        tuple(dict.fromkeys(entry for choice in chosen for entry in choice))
        for chosen in product(*known)
    ]


def _all(entries: Sequence[Entry]) -> Combination:
    """What one thing under all of these may do: every two of them, and a licence for the whole."""
    if len(entries) == 1:
        return _pair(entries[0], entries[0])
    pairs = [_pair(one, other) for one, other in combinations(entries, 2)]
    worst = max(pairs, key=lambda each: activities.RANK[each.answer])
    asked = _ordered({kind for each in pairs for kind in each.conditions})
    sharing = [each for each in entries if each.kind in compatible.SHARING]
    if worst.answer is not _OK or len(pairs) == 1 or not sharing:
        # Of several that are well the one that says most: a limit on the whole.
        said = max(pairs, key=lambda each: (activities.RANK[each.answer], len(each.conditions)))
        return replace(said, conditions=asked)
    under = _for_all(entries, sharing, dict.fromkeys(name for each in pairs for name in each.under))
    if not under:
        named = " and ".join(each.id for each in sharing)
        return Combination(
            _NO, asked, f"No one licence is left that {named} all accept for the whole.", _APART
        )
    listed = " or ".join(under)
    return Combination(_OK, asked, f"The whole may go out under {listed}.", under=under)


def _for_all(
    entries: Sequence[Entry], sharing: Sequence[Entry], names: Iterable[str]
) -> tuple[str, ...]:
    """Those of the licences under which everything may go out."""
    found = []
    by_id = {each.id: each for each in entries}
    for name in names:
        target = by_id.get(name) or identify(name)
        others = [each for each in entries if each not in sharing]
        if all(compatible.may_become(each, target) for each in sharing) and not any(
            compatible.refused(each, target) or compatible.taken_under(each, target) != target.id
            for each in others
        ):
            found.append(name)
    return tuple(found)


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
    elif compatible.unsaid(other, keeper):
        return Combination(
            _CAUTION,
            asked,
            f"Neither steward says whether {keeper.id} can take in what {other.id} covers.",
            _APART,
        )
    else:
        under = compatible.taken_under(other, keeper)
        return Combination(
            _OK,
            asked,
            f"The whole goes out under {under}, with what {other.id} asks kept.",
            under=(under,),
        )
    return Combination(
        _NO,
        asked,
        f"{keeper.id} demands its own licence for the whole, which cannot keep {more}.",
        _APART,
    )


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
    if activity not in MADE_FROM_BOTH:
        limit = _CAUTION if activity in PERHAPS and limit is not _OK else _OK
    above = activities.RANK[limit] - activities.RANK[together.answer]
    if above > 0:
        together = ActivityTerms(limit, together.conditions, combined.reason, combined.instead)
    elif above == 0 and limit is not _OK:
        # What stands against the combination is told beside what the one licence says.
        instead = dict.fromkeys(each for each in (together.instead, combined.instead) if each)
        together = replace(
            together,
            reason=" ".join(dict.fromkeys((together.reason, combined.reason))),
            instead=" ".join(instead),
        )
    return Beside(one, other, together)


def _called(entry: Entry) -> str:
    return entry.id if entry.kind is Kind.RESERVED else "One of the two"


def _ordered(kinds: set[ObligationKind]) -> tuple[ObligationKind, ...]:
    return tuple(kind for kind in ObligationKind if kind in kinds)
