"""A composition as Markdown, for somebody who decides and is no lawyer."""

from collections.abc import Iterator, Sequence

from signals_agent.corpus.composition import activities_markdown, clashes_markdown
from signals_agent.corpus.composition.activities_markdown import ROWS, asked, more
from signals_agent.corpus.composition.nouns import Composition
from signals_agent.corpus.composition.words import ACTIVITIES, NOTHING, assets, name, names, number
from signals_agent.corpus.composition.words import quoted as _quoted
from signals_agent.corpus.held import Extent
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.model.licence import Activity, ActivityAnswer

_LONG = 60
"""From how many letters on a cell is not told twice."""


def render(found: Composition, apart: Sequence[Composition] = ()) -> Iterator[str]:
    """The document, line by line; ``apart`` are the corpora by themselves, where several."""
    for line in _lines(found, apart):
        yield line + "\n"


def _lines(found: Composition, apart: Sequence[Composition]) -> Iterator[str]:
    title = " and ".join(_quoted(each) for each in found.names) or "the corpus"
    yield f"# Composition of {title}"
    yield ""
    yield f"{_extent(found.extent)}."
    if not found.extent.assets:
        yield ""
        yield NOTHING
    if len(found.names) > 1:
        yield ""
        yield from _corpora(found)
    yield ""
    yield from _licences(found)
    yield ""
    yield from _activities(found, apart)
    if found.statements or found.agreements:
        yield ""
        yield from _beside(found)
    known = activities_markdown.Known()
    for each in found.activities.values():
        if found.extent.assets and (each.answer is not ActivityAnswer.OK or each.classes):
            yield ""
            yield from activities_markdown.section(each, known)
    if found.clashes:
        yield ""
        yield from clashes_markdown.section(found.clashes)
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
    for labels, extent in found.licences[:ROWS]:
        yield f"| {_quoted(names(labels))} | {number(extent.assets)} |"
    yield from more([extent for _, extent in found.licences], "licence")
    bare = next((extent for labels, extent in found.licences if not labels), Extent())
    if bare.assets:
        does = "declares" if bare.assets == 1 else "declare"
        yield ""
        yield (
            f"{assets(bare)} {does} no licence: nothing is known of what may be done beyond the "
            "preference."
        )


def _beside(found: Composition) -> Iterator[str]:
    """What licensors and agreements say beside the licences (licences, *The risk table*)."""
    yield "## What licensors and agreements say"
    yield ""
    yield "A licensor's own statement takes the place of what its licence answers."
    yield ""
    if found.statements:
        yield "| activity | licence | assets | the licence | the licensor | where |"
        yield "|---|---|---:|---|---|---|"
        for each in found.statements[:ROWS]:
            yield (
                f"| `{each.activity}` | {_quoted(name(each.label))} | "
                f"{number(each.extent.assets)} | {each.before} | **{each.answer}** | "
                f"{_quoted(each.url)} |"
            )
        yield from more([each.extent for each in found.statements], "statement")
    for agreed in found.agreements:
        yield (
            f"- `{agreed.activity}`: an agreement covers {assets(agreed.extent)} of which licences "
            "do not plainly permit this."
        )


def _activities(found: Composition, apart: Sequence[Composition]) -> Iterator[str]:
    yield "## What may be done with the whole"
    yield ""
    alone = "".join(f" {' and '.join(_quoted(name) for name in each.names)} |" for each in apart)
    whole = "together" if apart else "answer"
    yield f"| activity | what it is |{alone} {whole} | in the way | what remains | it asks |"
    yield f"|---|---|{'---|' * len(apart)}---|---:|---:|---|"
    told: dict[str, Activity] = {}
    for activity, each in found.activities.items():
        answers = "".join(
            f" {one.activities[activity].answer if activity in one.activities else ''} |"
            for one in apart
        )
        blocked = sum(one.extent.assets for one in each.in_the_way)
        left = each.remaining
        ask = asked(left)
        # What is asked alike is told in full once.
        shown = f"as for `{told[ask]}`" if len(ask) > _LONG and ask in told else ask
        told.setdefault(ask, activity)
        yield (
            f"| `{activity}` | {ACTIVITIES[activity]} |{answers} **{each.answer}** | "
            f"{number(blocked)} | {number(left.extent.assets)} | {shown} |"
        )


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


def _extent(extent: Extent) -> str:
    told = assets(extent)
    if extent.measured:
        of = "" if extent.measured == extent.assets else f" (of {number(extent.measured)} of them)"
        told += f", {number(extent.bytes)} bytes{of}"
    if extent.counted:
        of = "" if extent.counted == extent.assets else f" (of {number(extent.counted)} of them)"
        told += f", {number(extent.tokens)} tokens{of}"
    return told
