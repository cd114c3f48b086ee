"""A composition as Markdown, for somebody who decides and is no lawyer."""

from collections.abc import Iterator, Sequence
from typing import Final

from signals_agent import quote
from signals_agent.corpus.composition.nouns import (
    Clash,
    Composition,
    ForActivity,
    InTheWay,
    Remaining,
)
from signals_agent.corpus.composition.words import (
    ACTIVITIES,
    assets,
    conditions,
    name,
    names,
    number,
)
from signals_agent.corpus.holdings import Extent
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.model.licence import ActivityAnswer

_ROWS: Final = 50
"""How many rows a table has at most; how many more there are is told, and JSON has them all."""


def render(found: Composition, apart: Sequence[Composition] = ()) -> Iterator[str]:
    """The document, line by line; ``apart`` are the corpora by themselves, where several."""
    for line in _lines(found, apart):
        yield line + "\n"


def _lines(found: Composition, apart: Sequence[Composition]) -> Iterator[str]:
    title = " and ".join(_quoted(each) for each in found.names) or "the corpus"
    yield f"# Composition of {title}"
    yield ""
    yield f"{_extent(found.extent)}."
    if len(found.names) > 1:
        yield ""
        yield from _corpora(found)
    yield ""
    yield from _licences(found)
    yield ""
    yield from _activities(found, apart)
    for each in found.activities.values():
        if each.answer is not ActivityAnswer.OK or each.classes:
            yield ""
            yield from _activity(each)
    if found.clashes:
        yield ""
        yield "## What does not go into one thing"
        for clash in found.clashes:
            yield ""
            yield from _clash(clash)
    yield ""
    yield from _sets(found)
    yield ""
    yield "## Notes on jurisdictions"
    yield ""
    yield "Law may permit more than a licence does; these are notes, not answers."
    yield ""
    for note in NOTES:
        yield f"- **{note.place}**, [{note.law}]({note.url}): {note.text}"
    yield ""
    yield NO_ADVICE


def _corpora(found: Composition) -> Iterator[str]:
    yield "| corpus | assets |"
    yield "|---|---:|"
    for called, extent in zip(found.names, found.extents, strict=False):
        yield f"| {_quoted(called)} | {number(extent.assets)} |"
    yield f"| together | {number(found.extent.assets)} |"
    shared = sum(each.assets for each in found.extents) - found.extent.assets
    if shared > 0:
        yield ""
        stand = "stands" if shared == 1 else "stand"
        yield f"{number(shared)} {stand} in more than one of them, and count once here."


def _licences(found: Composition) -> Iterator[str]:
    yield "## Licences"
    yield ""
    yield "| licence | assets |"
    yield "|---|---:|"
    for labels, extent in found.licences[:_ROWS]:
        yield f"| {_quoted(names(labels))} | {number(extent.assets)} |"
    yield from _more([extent for _, extent in found.licences], "licence")
    bare = next((extent for labels, extent in found.licences if not labels), Extent())
    if bare.assets:
        does = "declares" if bare.assets == 1 else "declare"
        yield ""
        yield (
            f"{assets(bare)} {does} no licence: nothing is known of what may be done beyond the "
            "preference."
        )


def _activities(found: Composition, apart: Sequence[Composition]) -> Iterator[str]:
    yield "## What may be done with the whole"
    yield ""
    alone = "".join(f" {' and '.join(_quoted(name) for name in each.names)} |" for each in apart)
    whole = "together" if apart else "answer"
    yield f"| activity | what it is |{alone} {whole} | in the way | what remains | it asks |"
    yield f"|---|---|{'---|' * len(apart)}---|---:|---:|---|"
    for activity, each in found.activities.items():
        answers = "".join(
            f" {one.activities[activity].answer if activity in one.activities else ''} |"
            for one in apart
        )
        blocked = sum(one.extent.assets for one in each.in_the_way)
        left = each.remaining
        yield (
            f"| `{activity}` | {ACTIVITIES[activity]} |{answers} **{each.answer}** | "
            f"{number(blocked)} | {number(left.extent.assets)} | {_asked(left)} |"
        )


def _asked(left: Remaining) -> str:
    if not left.extent.assets:
        return ""
    told = conditions(left.conditions) or "nothing"
    under = " or ".join(_quoted(name(each)) for each in left.under)
    return f"{told}; the whole goes out under {under}" if under else told


def _activity(found: ForActivity) -> Iterator[str]:
    yield f"### `{found.activity}`: {found.answer}"
    yield ""
    yield f"To {ACTIVITIES[found.activity]}. {_quoted(found.reason)}"
    if found.in_the_way:
        yield ""
        yield "| answer | licence | assets | why | instead | such as |"
        yield "|---|---|---:|---|---|---|"
        for each in found.in_the_way[:_ROWS]:
            yield _row(each)
        yield from _more([each.extent for each in found.in_the_way], "group")
    if len(found.classes) > 1:
        yield ""
        yield "Share-alike material, by what can be met together:"
        yield ""
        for group in found.classes[:_ROWS]:
            kept = ", the largest" if group.kept else ""
            under = " or ".join(_quoted(name(each)) for each in group.under)
            goes = f"goes out under {under}" if under else "goes out under no licence at all"
            yield f"- {_quoted(names(group.labels))}: {assets(group.extent)}{kept}; {goes}."
        yield from _more([each.extent for each in found.classes], "class")
    if found.otherwise is not None:
        yield ""
        yield (
            f"If the share-alike material were left out instead, "
            f"{assets(found.otherwise.extent)} would remain; it asks: {_asked(found.otherwise)}."
        )


def _row(each: InTheWay) -> str:
    examples = "<br>".join(_quoted(url) for url in each.examples)
    return (
        f"| **{each.answer}** | {_quoted(names(each.labels))} | {number(each.extent.assets)} | "
        f"{_quoted(each.reason)} | {_quoted(each.instead or '')} | {examples} |"
    )


def _clash(clash: Clash) -> Iterator[str]:
    one, other = _quoted(name(clash.one)), _quoted(name(clash.other))
    count, more = clash.assets
    yield f"### {one} ({assets(Extent(count))}) and {other} ({assets(Extent(more))})"
    yield ""
    yield _quoted(clash.text)
    yield ""
    yield "What you still can do:"
    yield ""
    for sentence in clash.still:
        yield f"- {_quoted(sentence)}"


def _sets(found: Composition) -> Iterator[str]:
    yield "## Sets to keep apart"
    yield ""
    yield "Every asset is in one of these; `sets/NAME.jsonl` lists them."
    yield ""
    yield "| set | assets | licences | what it is for | marked |"
    yield "|---|---:|---|---|---|"
    for each in found.sets:
        labels = [_quoted(name(label)) for label in each.labels[:5]]
        if len(each.labels) > len(labels):
            labels.append(f"{number(len(each.labels) - len(labels))} more")
        yield (
            f"| `{each.name}` | {number(each.extent.assets)} | {', '.join(labels)} | "
            f"{_quoted(each.text)} | {f'**{each.marked}**' if each.marked else ''} |"
        )


def _more(extents: Sequence[Extent], what: str) -> Iterator[str]:
    rest = extents[_ROWS:]
    if rest:
        left = sum(rest, Extent())
        several = f"{what}{'' if len(rest) == 1 else 'es' if what.endswith('s') else 's'}"
        yield ""
        yield f"And {number(len(rest))} more {several} with {assets(left)}; the JSON has them all."


def _extent(extent: Extent) -> str:
    told = assets(extent)
    if extent.measured:
        of = "" if extent.measured == extent.assets else f" (of {number(extent.measured)} of them)"
        told += f", {number(extent.bytes)} bytes{of}"
    if extent.counted:
        of = "" if extent.counted == extent.assets else f" (of {number(extent.counted)} of them)"
        told += f", {number(extent.tokens)} tokens{of}"
    return told


def _quoted(text: str) -> str:
    return quote.markdown(text, 2000)
