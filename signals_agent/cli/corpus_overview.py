"""What the command ``corpus`` prints where no part is asked for."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from signals_agent.corpus import checklist
from signals_agent.corpus.composition import as_json
from signals_agent.corpus.composition import text as composition_text

if TYPE_CHECKING:
    from signals_agent.corpus.checklist import Item
    from signals_agent.corpus.outputs import Corpus
    from signals_agent.corpus.read import Reading
    from signals_agent.terminal import Screen

SCHEMA: Final = "signals-agent/corpus/1"
"""The name of the schema of the overview; within ``/1`` fields are only added."""


def text(
    made: "Corpus", items: "tuple[Item, ...]", reading: "Reading", screen: "Screen"
) -> Iterator[str]:
    """The whole on one page: what may be done, what is owed, what is open."""
    yield from composition_text.render(made.composition, made.apart, made.weights, screen)
    owed = list(made.holdings.kinds())
    yield screen.paint("Owed for the whole", "bold") + "\n"
    if not owed:
        yield "  nothing\n"
    for kind, parties, extent in sorted(owed, key=lambda each: -each[2].assets):
        people = "party" if parties == 1 else "parties"
        count = "asset" if extent.assets == 1 else "assets"
        yield f"  {kind.value:<24}{extent.assets:>11,} {count:<8}to {parties:,} {people}\n"
    open_ = [each for each in items if each.state is checklist.State.OPEN]
    yield "\n" + screen.paint(f"Checklist: {len(open_)} of {len(items)} open", "bold") + "\n"
    for each in open_:
        yield f"  - {each.title}\n"
    if reading.unread.count:
        unread = reading.unread.count
        lines = "One line" if unread == 1 else f"{unread:,} lines"
        yield f"\n{lines} could not be read, and nothing of it is counted.\n"
    yield (
        "\n--part NAME prints one part, --output FOLDER writes all of them.\n"
        "This is no legal advice.\n"
    )


def document(made: "Corpus", items: "tuple[Item, ...]", reading: "Reading") -> str:
    """The same as JSON (schema ``signals-agent/corpus/1``)."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "names": list(made.composition.names),
        "extent": as_json.extent(made.composition.extent),
        "licences": [
            {"licences": list(labels), **as_json.extent(extent)}
            for labels, extent in made.composition.licences
        ],
        "activities": {
            activity.value: {
                "answer": each.answer.value,
                "conditions": [one.value for one in each.conditions],
                "remaining": as_json.extent(each.remaining.extent),
            }
            for activity, each in made.composition.activities.items()
        },
        "weights": made.weights.release.value,
        "owed": [
            {"kind": kind.value, "parties": parties, **as_json.extent(extent)}
            for kind, parties, extent in made.holdings.kinds()
        ],
        "checklist": {
            "open": [each.name for each in items if each.state is checklist.State.OPEN],
            "items": len(items),
        },
        "left_out": {
            "unread": reading.unread.count,
            "tightened": len(reading.dropped.tightened),
        },
    }
    return json.dumps(told, indent=2) + "\n"
