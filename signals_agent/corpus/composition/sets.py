"""How a corpus is kept apart: disjoint sets of its assets, and the manifest of each."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from signals_agent.corpus.composition import tags, whole, words
from signals_agent.corpus.composition.nouns import SegregatedSet, SetKind
from signals_agent.corpus.composition.standing import Choice, Standing
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing
from signals_agent.licences import claims, compare
from signals_agent.licences.compatible import SHARING
from signals_agent.licences.entry import UNDECIDED, Element, Kind
from signals_agent.licences.expression import AllOf
from signals_agent.model.licence import ActivityAnswer, ActivityTerms
from signals_agent.model.obligation import Basis, ObligationKind

MARK: Final = "Research-Only"

_KINDS: Final = (*SetKind,)
_NC, _ND, _REVIEW = "non-commercial", "no-derivatives", "needs-review"
# From the set that leaves most open to that which leaves least: of a choice the first counts.
_BEST: Final = (
    (SetKind.PERMISSIVE, ""),
    (SetKind.SHARE_ALIKE, ""),
    (SetKind.USE_RESTRICTED, ""),
    (SetKind.RESEARCH_ONLY, _NC),
    (SetKind.RESEARCH_ONLY, _ND),
    (SetKind.RESEARCH_ONLY, _REVIEW),
    (SetKind.NEEDS_REVIEW, ""),
    (SetKind.NO_LICENCE, ""),
)
_TEXTS: Final[Mapping[tuple[SetKind, str], str]] = {
    (SetKind.PERMISSIVE, ""): (
        "May be changed, mixed and passed on, also in products, with the credit and the notices "
        "that its licences ask for."
    ),
    (SetKind.SHARE_ALIKE, ""): (
        "May be changed and passed on, also in products; what is made from it goes out under "
        "{under} again."
    ),
    (SetKind.USE_RESTRICTED, ""): (
        "May be changed and passed on within the restrictions on use, which are passed on with it."
    ),
    (SetKind.RESEARCH_ONLY, _NC): (
        "For noncommercial research: nothing made from it may serve a commercial advantage."
    ),
    (SetKind.RESEARCH_ONLY, _NC + "+"): (
        "For noncommercial research: nothing made from it may serve a commercial advantage, and "
        "what is made from it goes out under {under} again."
    ),
    (SetKind.RESEARCH_ONLY, _ND): (
        "For research inside only: nothing changed or made from it may be shared, and checkpoints "
        "trained on it are not released unless the licensor says that they may be."
    ),
    (SetKind.RESEARCH_ONLY, _REVIEW): (
        "For research only, and not before somebody has read its licences: they contradict one "
        "another, or one of them is not known."
    ),
    (SetKind.NEEDS_REVIEW, ""): (
        "Somebody has to read its licences first: one of them is not known or withdrawn, or they "
        "contradict one another."
    ),
    (SetKind.NO_LICENCE, ""): (
        "Declares no licence: nothing is known of what may be done beyond the preference."
    ),
}
_PLAIN: Final = ActivityTerms(ActivityAnswer.OK, (), "")


def split(holdings: Holdings, corpus: int | None = None) -> tuple[SegregatedSet, ...]:
    """Every asset in one set: what may be mixed is together, ND and NC apart and marked.

    What is share-alike is one set for each class of a family of licences that can be met
    together. From footings only (licences, *Composition*).
    """
    extents = holdings.on_footings(corpus)
    parted: dict[tuple[SetKind, str], list[Standing]] = {}
    for number, extent in extents.items():
        footing = holdings.footings[number]
        place, choices = _placed(footing)
        parted.setdefault(place, []).append(Standing(number, footing, extent, _PLAIN, choices))
    owed = holdings.owed_on_footings()
    found = [
        _made(place, suffix, under, members, owed)
        for place in _BEST
        if place in parted
        for suffix, under, members in _classes(place, parted[place])
    ]
    names: dict[str, int] = {}
    for number, each in enumerate(found):
        # What is under licences of two families at once may end under the licence of one.
        times = names[each.name] = names.get(each.name, 0) + 1
        if times > 1:
            found[number] = replace(each, name=f"{each.name}-{times}")
    return tuple(
        sorted(found, key=lambda each: (_KINDS.index(each.kind), -each.extent.assets, each.name))
    )


def manifest(holdings: Holdings, one: SegregatedSet) -> Iterator[str]:
    """The assets of a set as JSON, a line each, in the order of URLs.

    Each has ``url``, ``party``, ``licences``, ``tags``, ``obligations`` (by kind: to whom, and
    by what), ``set`` and ``origin``; ``marked``, ``bytes``, ``tokens`` and ``agreed`` (the
    activities that an agreement covers) where there are any.
    """
    named: dict[int, tuple[str, ...]] = {}
    for held in holdings.of_footings(one.footings):
        member = held.member
        if held.footing not in named:
            _, choices = _placed(member.footing)
            named[held.footing] = tags.of(entry for choice in choices for entry in choice)
        # What its licences ask is told by the footing: of a choice, what the chosen one asks.
        owed = tags.obligations(
            each.kind for each in member.debts if each.basis is not Basis.LICENCE
        )
        line: dict[str, Any] = {
            "url": member.url,
            "party": member.party.name,
            "licences": list(member.footing.labels),
            "tags": list(dict.fromkeys((*_mark_tags(one), *named[held.footing], *owed))),
            "obligations": _obligations(member.debts),
            "set": one.name,
            "origin": member.origin,
        }
        known = {"marked": one.marked, "bytes": member.bytes, "tokens": member.tokens}
        line |= {name: fact for name, fact in known.items() if fact is not None}
        if member.footing.agreed:
            line["agreed"] = [each.value for each in member.footing.agreed]
        yield json.dumps(line).replace("\x7f", "\\u007f") + "\n"


def _obligations(debts: Sequence[Debt]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in debts:
        owed: dict[str, Any] = {"to": each.to.name, "basis": each.basis.value}
        owed |= {"signal": each.signal, "binding": each.binding, "text": each.text}
        if each.terms_url is not None:
            owed["terms_url"] = each.terms_url
        if each.beneficiary is not None:
            owed["beneficiary"] = each.beneficiary.name
        found.setdefault(each.kind.value, []).append(owed)
    return found


def _placed(footing: Footing) -> tuple[tuple[SetKind, str], tuple[Choice, ...]]:
    """Where the assets of a footing belong, and the choices of licences for which that holds."""
    if not footing.licences:
        return (SetKind.NO_LICENCE, ""), ((),)
    terms = AllOf(tuple(claims.read(each.label) for each in footing.licences))
    places: dict[tuple[SetKind, str], list[Choice]] = {}
    for choice in compare.choices(terms):
        places.setdefault(_place(choice), []).append(choice)
    best = min(places, key=_BEST.index)
    return best, tuple(places[best])


def _place(choice: Choice) -> tuple[SetKind, str]:
    elements = {element for each in choice for element in each.elements}
    unclear = any(each.kind in UNDECIDED or each.kind is Kind.RETIRED for each in choice)
    if len(choice) > 1 and Element.ND not in elements:
        whole_ = AllOf(choice)
        unclear = unclear or compare.combine(whole_, whole_).answer is not ActivityAnswer.OK
    if elements & {Element.NC, Element.ND}:
        why = _REVIEW if unclear else _ND if Element.ND in elements else _NC
        return SetKind.RESEARCH_ONLY, why
    if unclear:
        return SetKind.NEEDS_REVIEW, ""
    if any(each.kind is Kind.USE_RESTRICTED for each in choice):
        return SetKind.USE_RESTRICTED, ""
    if any(each.kind in SHARING for each in choice):
        return SetKind.SHARE_ALIKE, ""
    return SetKind.PERMISSIVE, ""


def _classes(
    place: tuple[SetKind, str], members: Sequence[Standing]
) -> Iterator[tuple[str, tuple[str, ...], tuple[Standing, ...]]]:
    """The sets of one place: one for each class of share-alike material, and one of the rest."""
    sharing = place in ((SetKind.SHARE_ALIKE, ""), (SetKind.RESEARCH_ONLY, _NC))
    bound = [each for each in members if sharing and each.shares]
    by_number = {each.number: each for each in members}
    families: dict[tuple[str, ...], list[Standing]] = {}
    for each in bound:
        families.setdefault(_families(each), []).append(each)
    for _, several in sorted(families.items()):
        for found in whole.share_classes(several):
            group = tuple(by_number[number] for number in found.footings)
            yield _slug((*found.under, *found.labels)[0]), found.under, group
    rest = tuple(each for each in members if not (sharing and each.shares))
    if rest:
        yield place[1], (), rest


def _families(standing: Standing) -> tuple[str, ...]:
    """The families of its share-alike licences: CC BY-SA may go into the GPL, but needs not."""
    return tuple(
        sorted(
            {
                entry.family
                for choice in standing.choices
                for entry in choice
                if entry.kind in SHARING
            }
        )
    )


def _made(
    place: tuple[SetKind, str],
    suffix: str,
    under: tuple[str, ...],
    members: Sequence[Standing],
    owed: Mapping[int, frozenset[tuple[Basis, ObligationKind]]],
) -> SegregatedSet:
    kind, why = place
    text = _TEXTS[kind, why + "+" if kind is SetKind.RESEARCH_ONLY and under else why]
    marked = MARK if kind is SetKind.RESEARCH_ONLY else None
    besides = {
        asked
        for each in members
        for basis, asked in owed.get(each.number, ())
        if basis is not Basis.LICENCE
    }
    named = (entry for each in members for choice in each.choices for entry in choice)
    marks = (kind.value, _REVIEW) if why == _REVIEW else (kind.value,)
    return SegregatedSet(
        name=f"{kind}-{suffix}" if suffix else kind.value,
        kind=kind,
        text=text.format(under=" or ".join(map(words.name, under))),
        labels=whole.labels(members),
        extent=whole.extent(members),
        footings=tuple(sorted(each.number for each in members)),
        tags=tuple(dict.fromkeys((*marks, *tags.of(named, besides)))),
        marked=marked,
    )


def _mark_tags(one: SegregatedSet) -> tuple[str, ...]:
    return one.tags[:2] if one.tags[1:2] == (_REVIEW,) else one.tags[:1]


def _slug(label: str) -> str:
    return re.sub("[^a-z0-9.+]+", "-", label.lower()).strip("-")[:80]
