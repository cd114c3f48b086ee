"""A licence's answers as one JSON document, ``signals-agent/licence/1``."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from signals_agent.licences.entry import Entry
from signals_agent.licences.jurisdictions import NO_ADVICE, NOTES
from signals_agent.licences.sheet import Sheet, Side
from signals_agent.model.licence import Activity, ActivityTerms
from signals_agent.version import TABLES, VERSION

SCHEMA = "signals-agent/licence/1"


def render(sheet: Sheet) -> str:
    """The document, in ASCII; nothing in it is null, lists are always there."""
    return json.dumps(document(sheet), indent=2).replace("\x7f", "\\u007f") + "\n"


def document(sheet: Sheet) -> dict[str, Any]:
    """The document as plain values; docs/licences.md describes it."""
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"version": VERSION, "tables": TABLES},
        "licence": _side(sheet.licence),
    }
    if sheet.against is not None and sheet.comparison is not None:
        combination = sheet.comparison.combination
        made["against"] = _side(sheet.against)
        made["together"] = _without_none(
            answer=combination.answer.value,
            conditions=_values(combination.conditions),
            reason=combination.reason,
            instead=combination.instead,
            under=list(combination.under),
            activities=_row({each: row.together for each, row in sheet.comparison.rows.items()}),
        )
    made["jurisdictions"] = [
        {"place": note.place, "law": note.law, "text": note.text, "url": note.url} for note in NOTES
    ]
    return made | {"notice": NO_ADVICE}


def _side(side: Side) -> dict[str, Any]:
    return {
        "declared": side.declared,
        "id": side.label,
        "recognised": side.recognised,
        "licences": [_entry(each) for each in side.licences],
        "activities": _row(side.activities),
        "remarks": list(side.remarks),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return _without_none(
        id=entry.id,
        spdx=entry.spdx,
        name=entry.name,
        url=entry.url,
        kind=entry.kind.value,
        family=entry.family,
        elements=_values(entry.elements),
        version=entry.version,
        port=entry.port,
        retired=entry.retired,
    )


def _row(answers: Mapping[Activity, ActivityTerms]) -> dict[str, Any]:
    return {
        activity.value: _without_none(
            answer=each.answer.value,
            conditions=_values(each.conditions),
            reason=each.reason,
            instead=each.instead,
            clause=each.clause,
            terms_url=each.terms_url,
        )
        for activity, each in answers.items()
    }


def _values(members: Iterable[Any]) -> list[str]:
    return [member.value for member in members]


def _without_none(**facts: Any) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value is not None}
