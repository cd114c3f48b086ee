"""Which kinds of licence in a corpus do not go into one thing, explained in plain words."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from signals_agent import wording
from signals_agent.corpus.composition.nouns import Clash
from signals_agent.corpus.composition.words import name
from signals_agent.corpus.held import Extent
from signals_agent.licences import claims
from signals_agent.licences.compare import Combination, combine
from signals_agent.licences.compatible import SHARING
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.licences.expression import AnyOf, Terms, leaves
from signals_agent.model.licence import ActivityAnswer

_MOST: Final = 30
"""How many kinds of licence are held against one another, those with most assets first."""

_ALIKE: Final = 5
"""How many more licences of a kind are named."""

OTHERS: Final = "Other terms that do not go together"
"""The group of clashes that have nothing in common, each with a reason of its own."""

_ANY: Final = "lets anybody use the material and share what is made from it"
_ASKS: Final = {
    Kind.PUBLIC_DOMAIN: "{name} asks nothing of anybody.",
    Kind.ATTRIBUTION: f"{{name}} {_ANY}, with credit.",
    Kind.PERMISSIVE: f"{{name}} {_ANY}, with its notices.",
    Kind.DATA_PERMISSIVE: f"{{name}} {_ANY}, with the agreement's text.",
    Kind.SHARE_ALIKE: (
        f"{{name}} {_ANY}, even for money. It asks that the result goes out under {{name}} "
        "again{credit}, and that nothing more is forbidden with it."
    ),
    Kind.COPYLEFT: (
        f"{{name}} {_ANY}, even for money. It asks that the result goes out under {{name}} "
        "again, with its source, and that nothing more is forbidden with it."
    ),
    Kind.NON_COMMERCIAL: f"{{name}} {_ANY}, with credit, but for no commercial advantage.",
    Kind.NON_COMMERCIAL_SHARE_ALIKE: (
        f"{{name}} {_ANY}, but for no commercial advantage. It asks that the result goes out "
        "under {name} again{credit}, and that nothing more is forbidden with it."
    ),
    Kind.NO_DERIVATIVES: (
        "{name} lets anybody pass the material on as it is, with credit. Nothing that was made "
        "by changing it may be shared."
    ),
    Kind.NON_COMMERCIAL_NO_DERIVATIVES: (
        "{name} lets anybody pass the material on as it is, with credit, and for no commercial "
        "advantage. Nothing that was made by changing it may be shared."
    ),
    Kind.USE_RESTRICTED: (
        f"{{name}} {_ANY}, but not for the purposes that it rules out, and everybody who "
        "receives it is bound by the same."
    ),
}
_EXAMPLES: Final = "(one cleaned set, say, or a text put together from two)"
_MODEL: Final = (
    "Whether a model trained on both is such a thing is not settled; until it is, treat it as one."
)


def make(licences: Sequence[tuple[tuple[str, ...], Extent]]) -> tuple[Clash, ...]:
    """The clashes between the kinds of licence of a corpus, those of most assets first.

    Licences that ask the same are one kind, called by that of most assets; share-alike ones
    are each their own. What is not known or withdrawn is left out: it has to be read first.
    """
    found = []
    for (one, ours, these), (other, theirs, those) in combinations(_kinds(licences), 2):
        terms, against = claims.read(one), claims.read(other)
        combination = combine(terms, against)
        if combination.answer is ActivityAnswer.OK:
            continue
        if _order(against) < _order(terms):
            one, other, terms, against = other, one, against, terms
            ours, theirs, these, those = theirs, ours, those, these
        found.append(
            Clash(
                one,
                other,
                combination.answer,
                " ".join(
                    (
                        *_explained(terms, against, name(one), name(other), combination),
                        *_alike(these),
                        *_alike(those),
                    )
                ),
                combination.instead,
                (ours, theirs),
                tuple(_still(terms, against, name(one), name(other))),
                (these, those),
                _group(terms, against) if combination.answer is ActivityAnswer.NO else OTHERS,
                combination.reason,
            )
        )
    return tuple(sorted(found, key=lambda each: (-sum(each.assets), each.one, each.other)))


def grouped(found: Sequence[Clash]) -> tuple[tuple[str, tuple[Clash, ...]], ...]:
    """The clashes by what they are a case of, the groups and the clashes of most assets first."""
    groups: dict[str, list[Clash]] = {}
    for each in found:
        groups.setdefault(each.group, []).append(each)
    return tuple((group, tuple(members)) for group, members in groups.items())


def _group(one: Terms, other: Terms) -> str:
    """What two kinds that clash are a case of."""
    if not (isinstance(one, Entry) and isinstance(other, Entry)):
        return OTHERS
    if Element.ND in other.elements or Element.ND in one.elements:
        shares = one.kind in SHARING or other.kind in SHARING
        return f"{'Share-alike' if shares else 'Other licences'} and no derivatives"
    if one.kind in SHARING and other.kind in SHARING:
        return "Two share-alike licences"
    if one.kind in SHARING and Element.NC in other.elements:
        return "Share-alike and noncommercial"
    if one.kind in SHARING and other.kind is Kind.USE_RESTRICTED:
        return "Share-alike and restrictions on use"
    return OTHERS


def _alike(labels: Sequence[str]) -> Iterator[str]:
    if len(labels) > 1:
        more = [name(each) for each in labels[1 : _ALIKE + 1]]
        if len(labels) > _ALIKE + 1:
            more.append(f"{len(labels) - _ALIKE - 1:,} more of the kind")
        yield f"What is said of {name(labels[0])} holds for {wording.series(more)} too."


def _kinds(
    licences: Sequence[tuple[tuple[str, ...], Extent]],
) -> list[tuple[str, int, tuple[str, ...]]]:
    counted: dict[str, int] = {}
    for labels, extent in licences:
        for label in labels:
            counted[label] = counted.get(label, 0) + extent.assets
    kinds: dict[object, list[tuple[str, int]]] = {}
    for label, count in sorted(counted.items(), key=lambda each: (-each[1], each[0])):
        terms = claims.read(label)
        if any(each.kind in UNDECIDED or each.kind is Kind.RETIRED for each in leaves(terms)):
            continue
        kinds.setdefault(_kind(label, terms), []).append((label, count))
    found = [
        (
            members[0][0],
            sum(count for _, count in members),
            tuple(label for label, _ in members),
        )
        for members in kinds.values()
    ]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:_MOST]


def _kind(label: str, terms: Terms) -> object:
    if not isinstance(terms, Entry) or terms.kind in SHARING:
        return label
    # What the GNU licences take in differs from one permissive licence to the other.
    narrow = terms.kind in (Kind.ATTRIBUTION, Kind.PERMISSIVE)
    return label if narrow else terms.kind


def _order(terms: Terms) -> tuple[bool, int]:
    """Share-alike first and ND last, between them what is asked least before what is more."""
    closed = any(Element.ND in each.elements for each in leaves(terms))
    if not isinstance(terms, Entry):
        return closed, 0
    return closed, -1 if terms.kind in SHARING else list(Kind).index(terms.kind)


def _explained(
    one: Terms, other: Terms, first: str, second: str, combination: Combination
) -> Iterator[str]:
    """What each asks, and why one thing made of both cannot be shared."""
    for terms, called in ((one, first), (other, second)):
        if isinstance(terms, Entry):
            credit = " and with credit" if Element.BY in terms.elements else ""
            yield _ASKS[terms.kind].format(name=called, credit=credit)
        elif isinstance(terms, AnyOf):
            yield f"{called} leaves you the choice."
        else:
            yield f"{called} binds you to all of that at once."
    if combination.answer is not ActivityAnswer.NO or not (
        isinstance(one, Entry) and isinstance(other, Entry)
    ):
        yield combination.reason
        if combination.answer is ActivityAnswer.NO:
            yield f"So one thing made of both {_EXAMPLES} must not be shared. {_MODEL}"
        return
    shares = one.kind in SHARING
    nd = Element.ND in other.elements
    if shares and nd:
        sold = " and to sell" if Element.NC in other.elements and one.kind is not _NC_SA else ""
        yield (
            f"One thing made of both {_EXAMPLES} is a changed version of each. By {first} it has "
            f"to be free for everybody to change again{sold}; by {second} it must not be shared "
            "at all. Crediting everybody does not mend that, nor does giving it away: it must not "
            "be shared."
        )
    elif nd or Element.ND in one.elements:
        closed = second if nd else first
        yield (
            f"One thing made of both {_EXAMPLES} is a changed version of the {closed} material. "
            f"That must not be shared, whatever the other licence permits."
        )
    elif shares and other.kind in SHARING:
        yield (
            f"One thing made of both {_EXAMPLES} would have to go out under {first} and under "
            f"{second}, and neither accepts the other in its place: it must not be shared."
        )
    elif shares and Element.NC in other.elements:
        yield (
            f"One thing made of both {_EXAMPLES} would have to be free for commercial use by "
            f"{first}, and closed to it by {second}: it must not be shared."
        )
    elif shares and other.kind is Kind.USE_RESTRICTED:
        yield (
            f"One thing made of both {_EXAMPLES} would have to go out with the restrictions of "
            f"{second}, and {first} lets nothing more be forbidden: it must not be shared."
        )
    else:
        yield combination.reason
    yield _MODEL


_NC_SA: Final = Kind.NON_COMMERCIAL_SHARE_ALIKE


def _still(one: Terms, other: Terms, first: str, second: str) -> Iterator[str]:
    """What can be done all the same."""
    elements = {
        element for terms in (one, other) for each in leaves(terms) for element in each.elements
    }
    private = ", for research only and not for commercial advantage"
    yield (
        "Experiment with both together, as long as nothing leaves your group"
        f"{private if Element.NC in elements else ''}."
    )
    yield "Publish figures computed from both: scores, counts, error rates."
    marked = [
        called
        for terms, called in ((one, first), (other, second))
        if any({Element.NC, Element.ND} & {*each.elements} for each in leaves(terms))
    ]
    mark = f", what is under {' or '.join(marked)} marked Research-Only" if marked else ""
    yield f"Keep them as two sets, each under its own licence{mark}."
    if isinstance(one, Entry) and one.kind in SHARING:
        credit = ", with credit" if Element.BY in one.elements else ""
        yield (
            f"Build what you will release from the {first} set alone, and release it under "
            f"{first}{credit}."
        )
    else:
        yield f"Build what you will release from the {first} set alone, by its own licence."
    yield (
        f"To release more, ask those who hold the rights in the {second} material for a licence "
        "that permits what you plan."
    )
