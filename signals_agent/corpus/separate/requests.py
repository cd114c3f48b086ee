"""Whom to ask for a licence of one's own, for what, and for which assets of a corpus."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from signals_agent import licensing, wording
from signals_agent import url as urls
from signals_agent.corpus.composition.nouns import Composition, InTheWay, Statement
from signals_agent.corpus.composition.words import ACTIVITIES
from signals_agent.corpus.held import Extent, Held
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Footing, Member
from signals_agent.errors import InvalidURL
from signals_agent.licences import claims, expression
from signals_agent.licences.activities import RANK, public_domain
from signals_agent.model.licence import Activity, ActivityAnswer, Contact, ContactKind

NONE_DECLARED: Final = (
    "No licence is declared: nothing is known of what may be done beyond the preference."
)
_LEAVE_OUT: Final = "Leave the asset out of what you hand on, or link to it."
_INSIDE: Final = frozenset({Activity.RESEARCH_INTERNAL, Activity.PUBLISH_METRICS})
"""Activities that hand on nothing of the material, nor what is made from it."""


@dataclass(frozen=True, slots=True)
class Need:
    """Activities that are not plainly permitted, for one reason.

    ``licences`` are the labels of those that say so, none where none is declared; there the
    answer is *caution* (nothing forbids it either), unless the policy makes it stricter.
    """

    activities: tuple[Activity, ...]
    answer: ActivityAnswer
    licences: tuple[str, ...]
    reason: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to be asked for because of one footing; ``text`` says it in a sentence.

    ``agreed`` are the activities that would have to be asked for, were it not for an agreement.
    """

    needs: tuple[Need, ...]
    text: str
    agreed: tuple[Activity, ...] = ()

    @property
    def activities(self) -> tuple[Activity, ...]:
        """All of them."""
        return tuple(activity for each in self.needs for activity in each.activities)

    @property
    def licences(self) -> tuple[str, ...]:
        """The labels of the licences, each once."""
        return tuple(dict.fromkeys(label for each in self.needs for label in each.licences))


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask of one contact: for assets under the same licences.

    ``otherwise`` are others to ask where this contact does not answer, the first few, and
    ``more`` says that there are more of them.
    """

    contact: Contact
    otherwise: tuple[Contact, ...]
    more: bool
    wanted: Wanted
    extent: Extent
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """One activity over the whole corpus: how much may be, and how much has to be asked for.

    ``undeclared`` declares no licence, ``agreed`` is covered by an agreement and would not be
    permitted without it; both are in neither of the others.
    """

    activity: Activity
    ok: Extent
    caution: Extent
    no: Extent
    undeclared: Extent
    agreed: Extent


@dataclass(slots=True)
class _Gathered:
    """The assets of one contact that are asked for alike, while they go by."""

    wanted: Wanted
    extent: Extent = field(default_factory=Extent)
    examples: list[str] = field(default_factory=list)
    otherwise: dict[Contact, None] = field(default_factory=dict)
    more: bool = False


class Separate:
    """What has to be asked for, for these activities; for all where none is planned.

    Where no licence is declared a licence is asked for what is planned, unless nothing of the
    material is handed on by it, and for nothing without a plan: no licence has no say there
    (rule R27). What an agreement covers is not asked for (rule R34). With a ``composition``
    also what stands in the way of the whole only is asked for: what its licence permits, and
    does not go into one thing with the rest.
    """

    def __init__(
        self,
        holdings: Holdings,
        planned: Sequence[Activity] = (),
        composition: Composition | None = None,
    ) -> None:
        self.holdings = holdings
        self.planned = tuple(dict.fromkeys(planned))
        self.statements: tuple[Statement, ...] = tuple(
            each
            for each in (() if composition is None else composition.statements)
            if not self.planned or each.activity in self.planned
        )
        """What licensors say themselves, which took the place of what their licences answer."""
        self.wanted: dict[int, Wanted] = {}
        """What each footing asks for that asks for anything, by its number."""
        self._agreed: dict[int, tuple[Activity, ...]] = {}
        known: dict[Wanted, Wanted] = {}
        standing = {} if composition is None else _standing(composition, self.planned)
        for number, footing in holdings.footings.items():
            made = _wanted(footing, self.planned)
            if number in standing and (footing.licences or self.planned):
                made = _besides(made, standing[number])
            self._agreed[number] = made.agreed
            if made.needs:
                # What is asked alike is one object, so that assets are gathered by its identity.
                self.wanted[number] = known.setdefault(made, made)

    def overview(self) -> tuple[Overview, ...]:
        """Each activity that is planned (all ten where none is), in the order of the table."""
        extents = self.holdings.on_footings()
        chosen = self.planned or tuple(Activity)
        return tuple(self._overview(each, extents) for each in Activity if each in chosen)

    def _overview(self, activity: Activity, extents: dict[int, Extent]) -> Overview:
        sums = {name: Extent() for name in ("ok", "caution", "no", "undeclared", "agreed")}
        for number, extent in extents.items():
            if activity in self._agreed[number]:
                name = "agreed"
            elif not self.holdings.footings[number].licences:
                name = "undeclared"
            else:
                needs = self.wanted[number].needs if number in self.wanted else ()
                found = next((each.answer for each in needs if activity in each.activities), None)
                name = "ok" if found is None else found.value
            sums[name] += extent
        return Overview(activity, **sums)

    def members(self) -> Iterator[tuple[Held, Wanted, Contact]]:
        """Every asset for which something has to be asked, by whom to ask, with the first."""
        for held in self.holdings.by_contact(self.wanted):
            yield held, self.wanted[held.footing], asked(held.member)[0]

    def requests(self, examples: int = 3) -> Iterator[Request]:
        """What to ask of whom: contact by contact, those with most assets first in each."""
        for contact, several in groupby(self.members(), lambda each: each[2]):
            gathered: dict[int, _Gathered] = {}
            for held, wanted, _ in several:
                found = gathered.get(id(wanted))
                if found is None:
                    found = gathered[id(wanted)] = _Gathered(wanted)
                _gather(found, held.member, examples)
            # Of equals the one that came first stays first.
            for found in sorted(gathered.values(), key=lambda each: -each.extent.assets):
                yield Request(
                    contact,
                    tuple(found.otherwise),
                    found.more,
                    found.wanted,
                    found.extent,
                    tuple(found.examples),
                )


_MOST_OTHERS: Final = 5


def _gather(found: _Gathered, member: Member, examples: int) -> None:
    size, tokens = member.bytes, member.tokens
    found.extent += Extent(1, size or 0, tokens or 0, size is not None, tokens is not None)
    if len(found.examples) < examples:
        found.examples.append(member.url)
    for other in asked(member)[1:]:
        if other in found.otherwise:
            continue
        if len(found.otherwise) < _MOST_OTHERS:
            found.otherwise[other] = None
        else:
            found.more = True


def asked(member: Member) -> tuple[Contact, ...]:
    """Whom to ask, best first; the publisher at its origin where nobody is named."""
    if member.ask:
        return member.ask
    try:
        origin = urls.parse(member.url).origin
    except InvalidURL:
        return (Contact(ContactKind.ORIGIN, member.url),)
    return (Contact(ContactKind.ORIGIN, origin.split("://", 1)[1], origin + "/"),)


def _standing(
    composition: Composition, planned: Sequence[Activity]
) -> dict[int, dict[Activity, InTheWay]]:
    """What stands in the way of the whole, by the number of its footing."""
    found: dict[int, dict[Activity, InTheWay]] = {}
    for activity, answered in composition.activities.items():
        if planned and activity not in planned:
            continue
        for each in answered.in_the_way:
            for number in each.footings:
                found.setdefault(number, {})[activity] = each
    return found


def _besides(made: Wanted, standing: Mapping[Activity, InTheWay]) -> Wanted:
    """With what has to be asked for because of all the rest, or more strictly because of it."""
    asked_for = {activity: each.answer for each in made.needs for activity in each.activities}
    stricter = {
        activity: each
        for activity, each in standing.items()
        if activity not in asked_for or RANK[each.answer] > RANK[asked_for[activity]]
    }
    if not stricter:
        return made
    needs = [
        replace(each, activities=left)
        for each in made.needs
        if (left := tuple(one for one in each.activities if one not in stricter))
    ]
    grouped: dict[tuple[ActivityAnswer, tuple[str, ...], str, str | None], list[Activity]] = {}
    for activity, each in stricter.items():
        alike = (each.answer, each.labels, each.reason, each.instead)
        grouped.setdefault(alike, []).append(activity)
    needs += [
        Need(tuple(several), answer, labels, reason, instead)
        for (answer, labels, reason, instead), several in grouped.items()
    ]
    added = [each for each in stricter if each not in asked_for]
    if any(each.labels for each in stricter.values()):
        text = " ".join(filter(None, (made.text, _together(added))))
    else:
        every = [activity for each in needs for activity in each.activities]
        text = licensing.separate((), every, ())[0].text
    return Wanted(
        tuple(needs),
        text,
        tuple(each for each in made.agreed if each not in stricter),
    )


def _together(added: Sequence[Activity]) -> str:
    """What to ask for where only the rest of the corpus stands against it."""
    if not added:
        return ""
    plans = wording.series([f"{each} ({ACTIVITIES[each]})" for each in added])
    return f"Ask for a licence that lets it be used together with the rest of the corpus: {plans}."


def _wanted(footing: Footing, planned: Sequence[Activity]) -> Wanted:
    """What a footing asks for; an agreement covers its activities (rule R34)."""
    chosen = planned or tuple(Activity)
    if not footing.licences:
        handing_on = [each for each in planned if each not in _INSIDE]
        covered = tuple(each for each in handing_on if each in footing.agreed)
        asking = [each for each in handing_on if each not in covered]
        if not asking:
            return Wanted((), "", covered)
        need = Need(tuple(asking), ActivityAnswer.CAUTION, (), NONE_DECLARED, _LEAVE_OUT)
        return Wanted((need,), licensing.separate((), asking, ())[0].text, covered)
    found = [
        each
        for each in licensing.planned(footing.licences, chosen)
        if each.terms.answer is not ActivityAnswer.OK
    ]
    covered = tuple(each.activity for each in found if each.activity in footing.agreed)
    grouped: dict[tuple[ActivityAnswer, tuple[str, ...], str, str | None], list[Activity]] = {}
    for each in found:
        if each.activity not in covered:
            alike = (each.terms.answer, each.licences, each.terms.reason, each.terms.instead)
            grouped.setdefault(alike, []).append(each.activity)
    if not grouped:
        return Wanted((), "", covered)
    asking = [each.activity for each in found if each.activity not in covered]
    needs = tuple(
        Need(tuple(several), answer, labels, reason, instead)
        for (answer, labels, reason, instead), several in grouped.items()
    )
    text = licensing.separate(footing.licences, asking, ())[0].text
    return Wanted(needs, " ".join((text, *_meant(footing))), covered)


def _meant(footing: Footing) -> Iterator[str]:
    """What to say where words name no licence, and may mean a mark that is known."""
    leaves = (
        one for each in footing.licences for one in expression.leaves(claims.read(each.label))
    )
    yield from dict.fromkeys(mark for one in leaves if (mark := public_domain(one)))
