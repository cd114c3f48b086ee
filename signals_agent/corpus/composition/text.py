"""A composition as a table for a terminal of 80 columns."""

from collections.abc import Iterator, Sequence
from typing import Final

from signals_agent import quote
from signals_agent.corpus.composition.nouns import Composition, Release, Weights
from signals_agent.corpus.composition.words import assets, listed, number
from signals_agent.corpus.held import Extent
from signals_agent.model.licence import ActivityAnswer
from signals_agent.terminal import Screen, pad, wrap

NARROW: Final = Screen(columns=80)

_COLOURS: Final = {
    ActivityAnswer.OK: "green",
    ActivityAnswer.CAUTION: "yellow",
    ActivityAnswer.NO: "red",
}
_RELEASES: Final = {
    Release.RELEASE: "green",
    Release.ASK: "yellow",
    Release.DO_NOT_RELEASE: "red",
}
_ACTIVITY: Final = 25
_ANSWER: Final = 9
_COUNT: Final = 15
_CLASHES: Final = 3


def render(
    found: Composition,
    apart: Sequence[Composition] = (),
    weights: Weights | None = None,
    screen: Screen = NARROW,
) -> Iterator[str]:
    """The ten activities with their answers, line by line, and what does not go together."""
    for line in _lines(found, apart, weights, screen):
        yield line.rstrip() + "\n"


def _lines(
    found: Composition, apart: Sequence[Composition], weights: Weights | None, screen: Screen
) -> Iterator[str]:
    called = " and ".join(quote.text(each, 60) for each in found.names)
    yield from wrap(
        f"{called}: {assets(found.extent)}" if called else assets(found.extent), screen.columns
    )
    bare = sum((extent for labels, extent in found.licences if not labels), Extent())
    if bare.assets:
        does = "declares" if bare.assets == 1 else "declare"
        told = (
            f"{assets(bare)} {does} no licence: nothing is known of what may be done beyond the "
            "preference."
        )
        yield from wrap(told, screen.columns)
    yield ""
    yield from _table(found, screen)
    for number_, each in enumerate(apart):
        yield ""
        yield from _alone(each, number_, screen)
    if weights is not None:
        yield ""
        told = screen.paint(f"Weights: {weights.release}", "bold", _RELEASES[weights.release])
        yield told
        yield from wrap(quote.text(weights.text, 2000), screen.columns, "  ")
    if found.clashes:
        yield ""
        yield screen.paint("Not to be made into one thing", "bold")
        for clash in found.clashes[:_CLASHES]:
            one, other = clash.labels
            pair = (
                f"{quote.text(listed(one or (clash.one,)), 200)} and "
                f"{quote.text(listed(other or (clash.other,)), 200)}"
            )
            yield from wrap(f"{pair}: {clash.answer}", screen.columns, "  - ", "    ")
        if len(found.clashes) > _CLASHES:
            yield f"  and {len(found.clashes) - _CLASHES} more"
    yield ""


def _table(found: Composition, screen: Screen) -> Iterator[str]:
    heading = pad("activity", _ACTIVITY) + pad("answer", _ANSWER)
    yield screen.paint(heading + "in the way".rjust(_COUNT) + "what remains".rjust(_COUNT), "dim")
    for activity, each in found.activities.items():
        blocked = sum(one.extent.assets for one in each.in_the_way)
        answer = screen.paint(pad(each.answer, _ANSWER), _COLOURS[each.answer])
        yield (
            pad(activity, _ACTIVITY)
            + answer
            + number(blocked).rjust(_COUNT)
            + number(each.remaining.extent.assets).rjust(_COUNT)
        )


def _alone(found: Composition, place: int, screen: Screen) -> Iterator[str]:
    """What one corpus of several answers by itself, by answer."""
    called = " and ".join(quote.text(each, 60) for each in found.names) or f"corpus {place + 1}"
    yield from wrap(f"{called} by itself: {assets(found.extent)}", screen.columns)
    for answer in ActivityAnswer:
        those = [each for each, one in found.activities.items() if one.answer is answer]
        if those:
            yield from wrap(", ".join(those), screen.columns, f"  {pad(answer + ':', 9)}")
