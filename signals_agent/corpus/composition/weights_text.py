"""What a weights policy says in words: what is left out, what holds, and why."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from signals_agent import wording
from signals_agent.corpus.composition import whole
from signals_agent.corpus.composition.nouns import Release, Statement
from signals_agent.corpus.composition.standing import Standing
from signals_agent.corpus.composition.words import assets, conditions, name, names
from signals_agent.corpus.held import Extent
from signals_agent.licences.compatible import SHARING
from signals_agent.licences.entry import UNDECIDED, Element, Entry, Kind
from signals_agent.model.licence import ActivityAnswer
from signals_agent.model.obligation import ObligationKind

_OK: Final = ActivityAnswer.OK

_NAMED: Final = 50
"""How many groups of licences that are left out a sentence names; JSON has them all."""

_BINDING: Final = frozenset(
    {
        ObligationKind.NON_COMMERCIAL,
        ObligationKind.SHARE_ALIKE,
        ObligationKind.USE_RESTRICTIONS,
    }
)
"""What binds whoever receives the checkpoints too, so that not any licence will do."""


def entries(every: Iterable[Standing]) -> tuple[Entry, ...]:
    """All licences of the choices of these, by id."""
    found = {entry for each in every for choice in each.choices for entry in choice}
    return tuple(sorted(found, key=lambda each: (each.id, each.kind)))


def without(left_out: Sequence[tuple[tuple[str, ...], Extent]], extent: Extent) -> str:
    """All that is not trained on, by name and number, and how much is."""
    if not left_out:
        return ""
    bare = [each for each in left_out if not each[0]]
    licensed = [each for each in left_out if each[0]]
    told = [f"{names(labels)} ({assets(count)})" for labels, count in licensed[:_NAMED]]
    if more := licensed[_NAMED:]:
        rest = sum((count for _, count in more), Extent())
        told.append(f"{len(more):,} more licences ({assets(rest)}), which the JSON names")
    told.extend(f"what declares no licence ({assets(count)})" for _, count in bare)
    every = sum((count for _, count in left_out), extent)
    return f"Trained on {extent.assets:,} of {assets(every)}, without {wording.series(told)}. "


def text(
    release: Release,
    closed: Sequence[Standing],
    unsure: Sequence[Standing],
    under: Sequence[str],
    kinds: Sequence[ObligationKind],
    extent: Extent,
) -> str:
    """What holds, in a sentence or two; ``closed`` rule it out, ``unsure`` have to be asked."""
    if not extent.assets:
        return "There is nothing to train on, so nothing is cleared for release."
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
    if not under and not _BINDING.isdisjoint(kinds):
        return (
            "Checkpoints may be released under a licence that asks the same of whoever receives "
            f"them: {conditions(kinds)}."
        )
    chosen = f"under {listed}" if under else "under a licence of your choice"
    asked = f", if you {conditions(kinds)}" if kinds else "; nothing is asked"
    return f"Checkpoints may be released {chosen}{asked}."


def _open_question(unsure: Sequence[Standing]) -> str:
    """What nobody can say without asking."""
    named = entries(unsure)
    adapted = any(each.kind in SHARING or Element.NC in each.elements for each in named)
    unknown = any(not each.footing.licences for each in unsure) or any(
        each.kind in UNDECIDED or each.kind is Kind.RETIRED for each in named
    )
    told = []
    if adapted or not unknown:
        told.append("it is open whether weights are an adaptation of what they were trained on")
    if unknown:
        told.append("of some of the data it is not known what its publishers permit")
    return ", and ".join(told)


def reasons(standings: Sequence[Standing]) -> list[str]:
    """Why somebody has to be asked, or nothing goes out, by licence."""
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


def beside(stated: Sequence[Statement], agreed: Extent) -> Iterator[str]:
    """What licensors and agreements permit beside the licences."""
    for each in stated:
        if each.answer is _OK:
            yield (
                f"{name(each.label)} ({assets(each.extent)}): the licensor permits this in its own "
                f"statement ({each.url}); the licence by itself answers {each.before}."
            )
    if agreed.assets:
        yield f"An agreement covers {assets(agreed)} of which licences do not plainly permit this."


def preferences(
    every: Sequence[Standing],
    asked: dict[int, frozenset[ObligationKind]],
    release: Release,
    kinds: Sequence[ObligationKind],
) -> list[str]:
    """What preferences say of a model that is trained on these."""
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
