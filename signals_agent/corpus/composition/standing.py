"""How the assets of one footing answer an activity by themselves, and by which licences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from signals_agent import licensing
from signals_agent.corpus.composition.nouns import Agreement, Statement
from signals_agent.corpus.held import Extent
from signals_agent.corpus.member import Footing
from signals_agent.licences import activities as table
from signals_agent.licences import claims, compare
from signals_agent.licences.compatible import SHARING
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.licences.expression import AllOf, AnyOf, Terms, leaves
from signals_agent.model.licence import Activity, ActivityAnswer, ActivityTerms, Licence
from signals_agent.model.obligation import ObligationKind

Choice = tuple[Entry, ...]
"""Licences of which every one must be met; with none of them nothing is asked."""

INSIDE: Final = frozenset({Activity.RESEARCH_INTERNAL, Activity.PUBLISH_METRICS})
"""Activities in which nothing of the material is handed on, nor what is made from it."""

_OK: Final = ActivityAnswer.OK
_ASIDE: Final = (
    "No licence is declared. That is left out of the licence question: here nothing of the "
    "material is handed on."
)
_NOTHING_KNOWN: Final = (
    "No licence is declared: nothing is known of what may be done beyond the preference."
)
_ASK: Final = "Ask the publisher for a licence, or leave these out of what you hand on."
_AGREED: Final = "An agreement covers this."


STATED: Final = "the licensor's own statement"
"""The clause of a cell that a statement of the policy took the place of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The assets of one footing, and what they answer for an activity by themselves.

    ``choices`` are the sets of licences of which one must be met whole for that answer, as
    an agreement or the licensor's own statement leaves them.
    """

    number: int
    footing: Footing
    extent: Extent
    terms: ActivityTerms
    choices: tuple[Choice, ...]

    @property
    def shares(self) -> bool:
        """Whether something made from it has to carry a share-alike licence, whatever is chosen."""
        return all(any(each.kind in SHARING for each in choice) for choice in self.choices)


def stand(
    number: int,
    footing: Footing,
    extent: Extent,
    activity: Activity,
    no_licence: ActivityAnswer | None = None,
) -> Standing:
    """What the assets of a footing answer for an activity by themselves.

    ``no_licence`` is the answer of assets without a licence; where it is not given they are
    left out of the question where nothing is handed on (rule R27), and *caution* elsewhere.
    """
    terms = _answer(footing, activity, no_licence)
    return Standing(number, footing, extent, terms, _choices(footing, activity, terms.answer))


def _answer(
    footing: Footing, activity: Activity, no_licence: ActivityAnswer | None
) -> ActivityTerms:
    if activity in footing.agreed:
        asked = {
            kind
            for each in footing.licences
            for kind in table.if_permitted(claims.read(each.label), activity)
        }
        return ActivityTerms(_OK, in_order(asked), _AGREED, clause="the agreement")
    if footing.licences:
        governing = [replace(each, governs=True) for each in footing.licences]
        (planned,) = licensing.planned(governing, (activity,))
        return planned.terms
    if no_licence is _OK or (no_licence is None and activity in INSIDE):
        return ActivityTerms(_OK, (), _ASIDE)
    return ActivityTerms(no_licence or ActivityAnswer.CAUTION, (), _NOTHING_KNOWN, _ASK)


def _choices(footing: Footing, activity: Activity, answer: ActivityAnswer) -> tuple[Choice, ...]:
    """The sets of licences of which one must be met: those that give no worse answer."""
    if not footing.licences:
        return ((),)
    agreed = activity in footing.agreed
    read = tuple((each.label, agreed or _permitted(each, activity)) for each in footing.licences)
    return _found(read, activity, answer)


@lru_cache(maxsize=4096)
def _found(
    read: tuple[tuple[str, bool], ...], activity: Activity, answer: ActivityAnswer
) -> tuple[Choice, ...]:
    parts = tuple(
        lifted(claims.read(label), activity) if lift else claims.read(label) for label, lift in read
    )
    lifted_too = {
        leaf for part, (_, lift) in zip(parts, read, strict=True) if lift for leaf in leaves(part)
    }
    every = compare.choices(AllOf(parts))

    def rank(choice: Choice) -> int:
        ranks = (
            table.RANK[table.ask(each, activity).answer]
            for each in choice
            if each not in lifted_too
        )
        return max(ranks, default=0)

    # Where there are too many choices, all licences count at once, and none gives the answer.
    least = max(table.RANK[answer], min(map(rank, every)))
    return tuple(each for each in every if rank(each) <= least)


def _permitted(licence: Licence, activity: Activity) -> bool:
    """Whether the licensor's own statement permits what the licence does not."""
    plain = table.ask(claims.read(licence.label), activity)
    return licence.activities[activity].answer is _OK and plain.answer is not _OK


def lifted(terms: Terms, activity: Activity) -> Terms:
    """The terms, without what speaks against an activity that is permitted all the same."""
    if isinstance(terms, AllOf):
        return AllOf(tuple(lifted(part, activity) for part in terms.parts))
    if isinstance(terms, AnyOf):
        return AnyOf(tuple(lifted(part, activity) for part in terms.parts))
    if terms.kind in UNDECIDED:
        # All that is known is that this is permitted.
        return replace(terms, kind=Kind.PUBLIC_DOMAIN, elements=())
    fallen = {
        element
        for element, kind in (
            (Element.NC, ObligationKind.NON_COMMERCIAL),
            (Element.ND, ObligationKind.NO_DERIVATIVES),
        )
        if table.against(kind, activity)
    }
    if terms.kind in SHARING or (terms.kind is not Kind.RETIRED and not fallen & {*terms.elements}):
        return terms
    left = tuple(each for each in terms.elements if each not in fallen)
    if Element.ND in left:
        return terms
    kind = Kind.NON_COMMERCIAL if Element.NC in left else Kind.ATTRIBUTION
    return replace(terms, kind=kind, elements=left)


def statements(
    footings: Iterable[tuple[Footing, Extent]], wanted: Iterable[Activity] = tuple(Activity)
) -> tuple[Statement, ...]:
    """The licensors' statements by which these are answered, with how much each is for."""
    activities = frozenset(wanted)
    found: dict[tuple[Activity, str, ActivityAnswer, str], Extent] = {}
    for footing, extent in footings:
        # A statement may be found twice on one footing, and counts once for its assets.
        said = {
            (activity, licence.label, cell.answer, cell.terms_url or "")
            for licence in footing.licences
            for activity, cell in licence.activities.items()
            if activity in activities and cell.clause == STATED
        }
        for each in said:
            found[each] = found.get(each, Extent()) + extent
    order = list(Activity)
    made = [
        Statement(activity, label, answer, _plain(label, activity), url, extent)
        for (activity, label, answer, url), extent in found.items()
    ]
    return tuple(
        sorted(
            made,
            key=lambda each: (
                order.index(each.activity),
                -each.extent.assets,
                each.label,
                each.url,
            ),
        )
    )


def _plain(label: str, activity: Activity) -> ActivityAnswer:
    return table.ask(claims.read(label), activity).answer


def permitted_beside(standing: Standing, activity: Activity) -> bool:
    """Whether a statement or an agreement permits what nothing else does."""
    footing = standing.footing
    if standing.terms.answer is not _OK:
        return False
    if agreements([(footing, standing.extent)], [activity]):
        return True
    return any(
        each.answer is _OK and each.before is not _OK
        for each in statements([(footing, standing.extent)], [activity])
    )


def agreements(
    footings: Iterable[tuple[Footing, Extent]],
    wanted: Iterable[Activity] = tuple(Activity),
    no_licence: ActivityAnswer | None = None,
) -> tuple[Agreement, ...]:
    """Activities that agreements cover, with how much would not be permitted without them."""
    activities = frozenset(wanted)
    found: dict[Activity, Extent] = {}
    for footing, extent in footings:
        bare = replace(footing, agreed=())
        for activity in footing.agreed:
            if activity in activities and _answer(bare, activity, no_licence).answer is not _OK:
                found[activity] = found.get(activity, Extent()) + extent
    return tuple(Agreement(each, found[each]) for each in Activity if each in found)


def join(several: Sequence[ActivityTerms]) -> tuple[ObligationKind, ...]:
    """What all these ask together."""
    return in_order({kind for each in several for kind in each.conditions})


def in_order(kinds: set[ObligationKind]) -> tuple[ObligationKind, ...]:
    """Kinds of obligation in the order of their list."""
    return tuple(kind for kind in ObligationKind if kind in kinds)
