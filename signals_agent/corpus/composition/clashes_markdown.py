"""What does not go into one thing as Markdown: one explanation for each kind, and a table."""

from collections.abc import Iterator, Sequence
from typing import Final

from signals_agent.corpus.composition import clashes
from signals_agent.corpus.composition.nouns import Clash
from signals_agent.corpus.composition.words import assets, listed, number
from signals_agent.corpus.composition.words import quoted as _quoted
from signals_agent.corpus.held import Extent
from signals_agent.model.licence import ActivityAnswer

_PAIRS: Final = 200
"""How many pairs of one kind are told at most."""


def section(found: Sequence[Clash]) -> Iterator[str]:
    """The section, line by line; a clash that is alone of its kind is explained in full."""
    yield "## What does not go into one thing"
    still = True
    for group, several in clashes.grouped(found):
        yield ""
        if len(several) == 1:
            yield from _clash(several[0])
        else:
            yield from _clashes(group, several, still)
            still = still and group == clashes.OTHERS


def _clash(clash: Clash) -> Iterator[str]:
    (one, count), (other, more) = _sides(clash)
    yield f"### {one} ({assets(Extent(count))}) and {other} ({assets(Extent(more))})"
    yield ""
    yield from _explained(clash)


def _sides(clash: Clash) -> tuple[tuple[str, int], tuple[str, int]]:
    """Both sides of a clash: every licence that is meant, and how many assets are under them."""
    one, other = clash.labels
    first, second = listed(one or (clash.one,)), listed(other or (clash.other,))
    return (_quoted(first), clash.assets[0]), (_quoted(second), clash.assets[1])


def _clashes(group: str, several: Sequence[Clash], still: bool) -> Iterator[str]:
    """Clashes of one kind: one of them explained, and a table of all.

    ``still`` says to tell what can be done all the same, which is alike for every kind.
    """
    yield f"### {group}: {number(len(several))} pairs"
    yield ""
    if group == clashes.OTHERS:
        yield "| licence | and | answer | why |"
        yield "|---|---|---|---|"
        for each in several[:_PAIRS]:
            (one, count), (other, more) = _sides(each)
            yield (
                f"| {one} ({number(count)}) | {other} ({number(more)}) | **{each.answer}** | "
                f"{_quoted(each.why)} |"
            )
        yield from _rest(several[_PAIRS:])
        return
    (one, count), (other, more) = _sides(several[0])
    yield (
        f"Those of most assets are {one} ({assets(Extent(count))}) and {other} "
        f"({assets(Extent(more))}):"
    )
    yield ""
    if still:
        yield from _explained(several[0])
    else:
        yield _quoted(several[0].text)
        yield ""
        yield "What you still can do is what is said above, of these licences."
    yield ""
    yield "So it is with each of these and what stands beside it (assets in brackets):"
    yield ""
    yield "| licence | does not go into one thing with |"
    yield "|---|---|"
    beside: dict[tuple[str, int], list[str]] = {}
    for each in several[:_PAIRS]:
        first, (other, more) = _sides(each)
        open_ = "" if each.answer is ActivityAnswer.NO else f", {each.answer}"
        beside.setdefault(first, []).append(f"{other} ({number(more)}{open_})")
    for (one, count), others in beside.items():
        yield f"| {one} ({number(count)}) | {', '.join(others)} |"
    yield from _rest(several[_PAIRS:])


def _rest(clashes_: Sequence[Clash]) -> Iterator[str]:
    if clashes_:
        pairs = "pair" if len(clashes_) == 1 else "pairs"
        yield ""
        yield f"And {number(len(clashes_))} more {pairs}; the JSON has them all."


def _explained(clash: Clash) -> Iterator[str]:
    yield _quoted(clash.text)
    yield ""
    yield "What you still can do:"
    yield ""
    for sentence in clash.still:
        yield f"- {_quoted(sentence)}"
