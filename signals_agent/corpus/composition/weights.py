"""Whether the weights of a model that was trained on a corpus may be released, and how."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from signals_agent import wording
from signals_agent.corpus.composition import compose, tags, whole
from signals_agent.corpus.composition.nouns import Composition, Release, Weights
from signals_agent.corpus.composition.standing import Standing, join
from signals_agent.corpus.composition.words import assets, conditions, name
from signals_agent.corpus.holdings import Extent, Holdings
from signals_agent.licences.compatible import SHARING
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.model.licence import Activity, ActivityAnswer
from signals_agent.model.obligation import ObligationKind

_OK, _CAUTION, _NO = ActivityAnswer.OK, ActivityAnswer.CAUTION, ActivityAnswer.NO
_ACTIVITY: Final = Activity.RELEASE_WEIGHTS
_NONCOMMERCIAL: Final = "CC-BY-NC-4.0"
"""A licence for noncommercial checkpoints, where the data names none of its own for the whole."""

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
    found = _made(every, asked, ())
    merged = composition.activities.get(Activity.MERGE_CHECKPOINTS)
    if len(composition.names) < 2 or merged is None:
        return found
    told = f"To merge checkpoints of models that were trained on each: {merged.answer}."
    return replace(found, reasons=(*found.reasons, f"{told} {merged.reason}"))


def _made(
    every: Sequence[Standing],
    asked: dict[int, frozenset[ObligationKind]],
    left_out: tuple[str, ...],
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
        release = Release.ASK if unsure or apart else Release.RELEASE
        step = list(kept.standings)
        under, limits = _under(every)
    staying = {each.number for each in step}
    dropped = [each for each in every if each.number not in staying]
    without = None
    if release is not Release.RELEASE and step:
        without = _made(step, asked, whole.labels(dropped) or left_out)
    kinds = join([each.terms for each in every])
    return Weights(
        release=release,
        text=_text(release, closed, unsure, under, kinds, extent),
        reasons=tuple(
            dict.fromkeys(
                (
                    *_reasons([*closed, *unsure]),
                    *limits,
                    *_preferences(every, asked, release, kinds),
                )
            )
        ),
        under=under,
        conditions=kinds,
        tags=_tags(release, under, every, open_asked, kinds),
        without=without,
        extent=extent,
        left_out=left_out,
    )


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


def _entries(every: Iterable[Standing]) -> tuple[Entry, ...]:
    found = {entry for each in every for choice in each.choices for entry in choice}
    return tuple(sorted(found, key=lambda each: (each.id, each.kind)))


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
    entries = _entries(known)
    kept = whole.keep(known)
    if len(kept.standings) < len(known):
        staying = {each.number for each in kept.standings}
        fallen = next(each for each in known if each.number not in staying)
        stands = whole.against(fallen, kept)
        told = "If the weights are an adaptation of the data, no one licence meets all"
        return (), [f"{told}: {stands.reason}"]
    if kept.targets:
        listed = " or ".join(name(each) for each in kept.under)
        return kept.under, [
            f"Whether weights are an adaptation or not: under {listed} no share-alike is missed."
        ]
    restricted = sorted({each.id for each in entries if each.kind is Kind.USE_RESTRICTED})
    limited = any(Element.NC in each.elements for each in entries)
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


def _text(
    release: Release,
    closed: Sequence[Standing],
    unsure: Sequence[Standing],
    under: Sequence[str],
    kinds: Sequence[ObligationKind],
    extent: Extent,
) -> str:
    if not extent.assets:
        return "There is nothing to train on."
    listed = " or ".join(name(each) for each in under)
    if release is Release.DO_NOT_RELEASE:
        share = whole.extent(closed)
        verb = "is" if share.assets == 1 else "are"
        return (
            "Do not release checkpoints of a model that was trained on all of this: "
            f"{assets(share)} {verb} under licences that let no adapted material be shared, or "
            "that refuse it outright. Publish metrics and evaluation scripts instead, or ask for "
            "permission."
        )
    if release is Release.ASK:
        then = f" If they may be released, then under {listed}." if under else ""
        return f"Ask before you release checkpoints: {_open_question(unsure)}.{then}"
    chosen = f"under {listed}" if under else "under a licence of your choice"
    asked = f", if you {conditions(kinds)}" if kinds else "; nothing is asked"
    return f"Checkpoints may be released {chosen}{asked}."


def _open_question(unsure: Sequence[Standing]) -> str:
    """What nobody can say without asking."""
    entries = _entries(unsure)
    adapted = any(each.kind in SHARING or Element.NC in each.elements for each in entries)
    unknown = any(not each.footing.licences for each in unsure) or any(
        each.kind in UNDECIDED or each.kind is Kind.RETIRED for each in entries
    )
    told = []
    if adapted or not unknown:
        told.append("it is open whether weights are an adaptation of what they were trained on")
    if unknown:
        told.append("of some of the data it is not known what its publishers permit")
    return ", and ".join(told)


def _reasons(standings: Sequence[Standing]) -> list[str]:
    counted: dict[tuple[tuple[str, ...], str], Extent] = {}
    for each in standings:
        key = (each.footing.labels, each.terms.reason)
        counted[key] = counted.get(key, Extent()) + each.extent
    ordered = sorted(counted.items(), key=lambda each: (-each[1].assets, each[0]))
    return [
        f"{assets(extent)}: {why}"
        if not labels
        else f"{wording.series([name(each) for each in labels])} ({assets(extent)}): {why}"
        for (labels, why), extent in ordered
    ]


def _preferences(
    every: Sequence[Standing],
    asked: dict[int, frozenset[ObligationKind]],
    release: Release,
    kinds: Sequence[ObligationKind],
) -> list[str]:
    wanting = [each for each in every if ObligationKind.OPEN in asked[each.number]]
    told = []
    if wanting:
        extent = whole.extent(wanting)
        told.append(
            f"The preferences of {assets(extent)} ask that the AI system is open (MOF class II or "
            "I, or OSAID)."
        )
        if release is Release.DO_NOT_RELEASE:
            told.append(
                "An open system publishes its weights, and here they must stay inside: what asks "
                "for openness and what rules a release out do not go into one model."
            )
        elif ObligationKind.NON_COMMERCIAL in kinds:
            told.append(
                "A model for noncommercial purposes only is not open: what asks for openness and "
                "what is noncommercial do not go into one model."
            )
    if any(ObligationKind.CONVEY_PREFERENCES in asked[each.number] for each in every):
        told.append("The preference manifest travels with the checkpoints.")
    return told


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
    entries = _entries(every)
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
