"""A composition and a weights policy as JSON documents."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from signals_agent.corpus.composition.nouns import (
    Clash,
    Composition,
    ForActivity,
    InTheWay,
    Remaining,
    SegregatedSet,
    ShareClass,
    Statement,
    Weights,
)
from signals_agent.corpus.composition.weights import card
from signals_agent.corpus.held import Extent
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.version import TABLES, VERSION

SCHEMA: Final = "signals-agent/composition/1"
WEIGHTS: Final = "signals-agent/weights/1"


def composition(found: Composition, apart: Sequence[Composition] = ()) -> Iterator[str]:
    """The document ``signals-agent/composition/1``; ``apart`` are the corpora by themselves."""
    made = {
        "schema": SCHEMA,
        "tool": {"version": VERSION, "tables": TABLES},
        **_composition(found),
        "apart": [_composition(each) for each in apart],
        "jurisdictions": [
            {"place": note.place, "law": note.law, "text": note.text, "url": note.url}
            for note in NOTES
        ],
        "notice": NO_ADVICE,
    }
    yield from _written(made)


def weights(found: Weights) -> Iterator[str]:
    """The document ``signals-agent/weights/1``."""
    made = {
        "schema": WEIGHTS,
        "tool": {"version": VERSION, "tables": TABLES},
        **_weights(found),
        "notice": NO_ADVICE,
    }
    yield from _written(made)


def extent(found: Extent) -> dict[str, int]:
    """How much; bytes and tokens only with how many assets they were counted of."""
    made = {"assets": found.assets}
    if found.measured:
        made |= {"bytes": found.bytes, "measured": found.measured}
    if found.counted:
        made |= {"tokens": found.tokens, "counted": found.counted}
    return made


def _written(made: dict[str, Any]) -> Iterator[str]:
    for part in json.JSONEncoder(indent=2).iterencode(made):
        yield part.replace("\x7f", "\\u007f")
    yield "\n"


def _composition(found: Composition) -> dict[str, Any]:
    return {
        "corpora": [
            {"name": name, **extent(each)}
            for name, each in zip(found.names, found.extents, strict=False)
        ],
        "extent": extent(found.extent),
        "licences": [{"labels": list(labels), **extent(each)} for labels, each in found.licences],
        "activities": {
            activity.value: _activity(each) for activity, each in found.activities.items()
        },
        "sets": [_set(each) for each in found.sets],
        "clashes": [_clash(each) for each in found.clashes],
        "statements": [_statement(each) for each in found.statements],
        "agreements": [
            {"activity": each.activity.value, **extent(each.extent)} for each in found.agreements
        ],
    }


def _activity(found: ForActivity) -> dict[str, Any]:
    made: dict[str, Any] = {
        "answer": found.answer.value,
        "conditions": _values(found.conditions),
        "reason": found.reason,
        "in_the_way": [_in_the_way(each) for each in found.in_the_way],
        "classes": [_class(each) for each in found.classes],
        "remaining": _remaining(found.remaining),
    }
    if found.otherwise is not None:
        made["otherwise"] = _remaining(found.otherwise)
    return made


def _in_the_way(found: InTheWay) -> dict[str, Any]:
    return _without_none(
        answer=found.answer.value,
        labels=list(found.labels),
        reason=found.reason,
        instead=found.instead,
        clause=found.clause,
        examples=list(found.examples),
        **extent(found.extent),
    )


def _class(found: ShareClass) -> dict[str, Any]:
    return {
        "under": list(found.under),
        "labels": list(found.labels),
        "kept": found.kept,
        **extent(found.extent),
    }


def _remaining(found: Remaining) -> dict[str, Any]:
    return {
        "conditions": _values(found.conditions),
        "under": list(found.under),
        **extent(found.extent),
    }


def _set(found: SegregatedSet) -> dict[str, Any]:
    return _without_none(
        name=found.name,
        kind=found.kind.value,
        text=found.text,
        marked=found.marked,
        labels=list(found.labels),
        tags=list(found.tags),
        **extent(found.extent),
    )


def _clash(found: Clash) -> dict[str, Any]:
    return _without_none(
        group=found.group,
        licences=[found.one, found.other],
        labels=[list(each) for each in found.labels],
        assets=list(found.assets),
        answer=found.answer.value,
        text=found.text,
        instead=found.instead,
        still=list(found.still),
    )


def _statement(found: Statement) -> dict[str, Any]:
    return {
        "activity": found.activity.value,
        "licence": found.label,
        "answer": found.answer.value,
        "before": found.before.value,
        "url": found.url,
        **extent(found.extent),
    }


def _weights(found: Weights) -> dict[str, Any]:
    made: dict[str, Any] = {
        "release": found.release.value,
        "text": found.text,
        "reasons": list(found.reasons),
        "under": list(found.under),
        "conditions": _values(found.conditions),
        "tags": list(found.tags),
        "card": card(found),
        "extent": extent(found.extent),
        "left_out": [{"labels": list(labels), **extent(each)} for labels, each in found.left_out],
        "statements": [_statement(each) for each in found.statements],
        "agreed": extent(found.agreed),
    }
    if found.without is not None:
        made["without"] = _weights(found.without)
    return made


def _values(members: Iterable[Any]) -> list[str]:
    return [member.value for member in members]


def _without_none(**facts: Any) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value is not None}
