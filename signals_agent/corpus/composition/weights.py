"""Whether the weights of a model that was trained on a corpus may be released, and how."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from signals_agent import wording
from signals_agent.corpus.composition import compose, tags, weights_text, whole
from signals_agent.corpus.composition.nouns import Composition, Release, Weights
from signals_agent.corpus.composition.standing import Standing, agreements, join, statements
from signals_agent.corpus.composition.words import name, names
from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.licences.compatible import SHARING
from signals_agent.licences.entry import UNDECIDED, Element, Kind
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind

_OK, _CAUTION, _NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
_ACTIVITY: Final = Activity.RELEASE_WEIGHTS
_NONCOMMERCIAL: Final = "CC-BY-NC-4.0"
"""A licence for noncommercial checkpoints, where the data names none of its own for the whole."""

_NAMELESS: Final = (
    "No licence for the checkpoints can be named while it is not known what all publishers permit."
)
_OPEN_MODEL: Final = "open-model-required"
_NOT_FOR_RELEASE: Final = "not-for-release"


def make(
    composition: Composition,
    holdings: Holdings,
    no_licence: ActivityAnswer | None = None,
) -> Weights:
    """What holds for checkpoints of a model that is trained on the whole corpus.

    With ND material the default is not to release; where it is open whether weights are an
    adaptation, somebody has to be asked (licences, *The risk table*). ``no_licence`` as for
    ``compose.make``. What preferences ask (``open``, say) counts too. Of several corpora it is
    also told what merging checkpoints of models trained on each comes to.
    """
    every = compose.standings(holdings, holdings.on_footings(), _ACTIVITY, no_licence)
    owed = holdings.owed_on_footings()
    asked = {
        each.number: frozenset(kind for _, kind in owed.get(each.number, ())) for each in every
    }
    found = _made(every, asked, (), no_licence)
    merged = composition.activities.get(Activity.MERGE_CHECKPOINTS)
    if len(composition.names) < 2 or merged is None:
        return found
    told = f"To merge checkpoints of models that were trained on each: {merged.answer}."
    return replace(found, reasons=(*found.reasons, f"{told} {merged.reason}"))


def _made(
    every: Sequence[Standing],
    asked: dict[int, frozenset[ObligationKind]],
    left_out: tuple[Standing, ...],
    no_licence: ActivityAnswer | None,
) -> Weights:
    closed = [each for each in every if _closed(each)]
    unsure = [each for each in every if not _closed(each) and each.terms.answer is _CAUTION]
    free = [each for each in every if each.terms.answer is _OK]
    kept = whole.keep(free)
    apart = len(kept.standings) < len(free)
    extent = whole.extent(every)
    open_asked = any(ObligationKind.OPEN in asked[each.number] for each in every)
    if closed:
        release = Release.DO_NOT_RELEASE
        step = [each for each in every if not _closed(each)]
        under: tuple[str, ...] = ()
        limits: list[str] = []
    else:
        # Where there is nothing, nothing is cleared.
        release = Release.ASK if unsure or apart or not every else Release.RELEASE
        step = list(kept.standings)
        under, limits = _under(every)
        if under and any(_unknown(each) for each in unsure):
            # A licence that stands in a card is believed, whatever tag stands beside it.
            under, limits = (), [_NAMELESS]
    staying = {each.number for each in step}
    dropped = [each for each in every if each.number not in staying]
    without = None
    if release is not Release.RELEASE and step:
        without = _made(step, asked, (*left_out, *dropped), no_licence)
    outside = _counted(left_out)
    footings = [(each.footing, each.extent) for each in every]
    stated = statements(footings, [_ACTIVITY])
    agreed = sum((each.extent for each in agreements(footings, [_ACTIVITY], no_licence)), Extent())
    kinds = join([each.terms for each in every])
    return Weights(
        release=release,
        text=weights_text.without(outside, extent)
        + weights_text.text(release, closed, unsure, under, kinds, extent),
        reasons=tuple(
            dict.fromkeys(
                (
                    *weights_text.reasons([*closed, *unsure]),
                    *weights_text.beside(stated, agreed),
                    *limits,
                    *weights_text.preferences(every, asked, release, kinds),
                )
            )
        ),
        under=under,
        conditions=kinds,
        tags=_tags(release, under, every, open_asked, kinds),
        without=without,
        extent=extent,
        left_out=outside,
        statements=stated,
        agreed=agreed,
    )


def levels(found: Weights) -> Iterator[Weights]:
    """What holds if one trains on everything, and then on less and less.

    The ``text`` of each names all that is left out by then.
    """
    level: Weights | None = found
    while level is not None:
        yield level
        level = level.without


def _counted(standings: Iterable[Standing]) -> tuple[tuple[tuple[str, ...], Extent], ...]:
    found: dict[tuple[str, ...], Extent] = {}
    for each in standings:
        labels = each.footing.labels
        found[labels] = found.get(labels, Extent()) + each.extent
    # What declares no licence is named last, where it cannot be taken for one of a list.
    return tuple(sorted(found.items(), key=lambda each: (not each[0], -each[1].assets, each[0])))


def card(weights: Weights) -> dict[str, str | list[str]]:
    """What goes into the front matter of a model card on Hugging Face's hub.

    ``license`` is an id that the hub knows; ``other`` with ``license_name`` where it knows none,
    or where there is nothing to choose yet. A model that is not to be released has a card too:
    it is kept in a private repository.
    """
    made: dict[str, str | list[str]] = {}
    if weights.release is Release.DO_NOT_RELEASE:
        made |= {"license": "other", "license_name": _NOT_FOR_RELEASE}
    elif weights.under:
        ident = next((known for each in weights.under if (known := tags.hub(each))), None)
        made["license"] = ident or "other"
        if ident is None:
            made["license_name"] = weights.under[0].lower().replace(" ", "-")
    elif weights.release is Release.ASK:
        made |= {"license": "other", "license_name": "undecided"}
    return {**made, "tags": list(weights.tags)}


def _closed(standing: Standing) -> bool:
    """Whether it rules a release out: a plain *no*, or ND that nobody has permitted to release."""
    if standing.terms.answer is _OK:
        return False
    return standing.terms.answer is _NO or (
        all(
            any(Element.ND in each.elements for each in choice)
            for choice in standing.choices
            if choice
        )
        and standing.choices != ((),)
    )


def _unknown(standing: Standing) -> bool:
    """Whether nobody knows what its publishers permit: no licence, or none that is known."""
    return all(
        not choice or any(each.kind in UNDECIDED for each in choice) for choice in standing.choices
    )


def _under(every: Sequence[Standing]) -> tuple[tuple[str, ...], list[str]]:
    """The licences to choose from for checkpoints, and what else is to be said of the choice."""
    known = [
        each
        for each in every
        if not all(
            any(one.kind in UNDECIDED or one.kind is Kind.RETIRED for one in choice)
            for choice in each.choices
        )
    ]
    entries = weights_text.entries(known)
    kept = whole.keep(known)
    if len(kept.standings) < len(known):
        staying = {each.number for each in kept.standings}
        fallen = next(each for each in known if each.number not in staying)
        stands = whole.against(fallen, kept)
        told = "If the weights are an adaptation of the data, no one licence meets all"
        return (), [f"{told}: {stands.reason}"]
    limiting = [
        each
        for each in every
        if each not in known and ObligationKind.NON_COMMERCIAL in each.terms.conditions
    ]
    if limiting and kept.targets and not all(Element.NC in e.elements for e in kept.targets):
        listed = " or ".join(name(each) for each in kept.under)
        told = (
            f"{names(whole.labels(limiting))} is for noncommercial purposes only, and {listed} "
            "lets everybody sell what is made: no one licence meets both."
        )
        return (), [told]
    if kept.targets:
        listed = " or ".join(name(each) for each in kept.under)
        return kept.under, [
            f"Whether weights are an adaptation or not: under {listed} no share-alike is missed."
        ]
    restricted = sorted({each.id for each in entries if each.kind is Kind.USE_RESTRICTED})
    limited = bool(limiting) or any(Element.NC in each.elements for each in entries)
    if restricted and (limited or len(restricted) > 1):
        also = ", for noncommercial purposes only" if limited else ""
        listed = wording.series([name(each) for each in restricted])
        told = f"The restrictions of {listed} have to bind whoever receives the checkpoints"
        return (), [f"{told}{also}."]
    if restricted:
        return tuple(restricted), [f"The use restrictions of {name(restricted[0])} are passed on."]
    if limited:
        return (_NONCOMMERCIAL,), [
            f"For noncommercial purposes at most: under {name(_NONCOMMERCIAL)}, say."
        ]
    return (), []


def _tags(
    release: Release,
    under: Sequence[str],
    every: Sequence[Standing],
    open_asked: bool,
    kinds: Sequence[ObligationKind],
) -> tuple[str, ...]:
    marks = [f"weights:{release}"]
    if release is Release.DO_NOT_RELEASE:
        marks.extend((_NOT_FOR_RELEASE, tags.RESEARCH_ONLY))
    elif release is Release.ASK:
        marks.append("needs-review")
    entries = weights_text.entries(every)
    marks.extend(
        mark
        for kind, mark in (
            (ObligationKind.NO_DERIVATIVES, "no-derivatives"),
            (ObligationKind.NON_COMMERCIAL, "non-commercial"),
            (ObligationKind.USE_RESTRICTIONS, "use-restrictions"),
        )
        if kind in kinds
    )
    if any(each.kind in SHARING for each in entries) and ObligationKind.SHARE_ALIKE in kinds:
        marks.append("share-alike")
    if open_asked:
        marks.append(_OPEN_MODEL)
    licences = (
        ()
        if release is Release.DO_NOT_RELEASE
        else tuple(f"license:{each.lower().replace(' ', '-')}" for each in under)
    )
    asked = {*kinds, *((ObligationKind.OPEN,) if open_asked else ())}
    return tuple(dict.fromkeys((*marks, *licences, *tags.obligations(asked))))
