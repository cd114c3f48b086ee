"""What to ask of whom as one JSON document, ``signals-agent/separate-licences/1``."""

import json
from collections.abc import Iterator
from typing import Any, Final

from signals_agent.corpus.composition.nouns import Statement
from signals_agent.corpus.held import Extent
from signals_agent.corpus.separate.requests import Need, Overview, Request, Separate
from signals_agent.licences.jurisdictions import NO_ADVICE
from signals_agent.model.licence import Contact, ContactKind
from signals_agent.version import TABLES, VERSION

SCHEMA: Final = "signals-agent/separate-licences/1"


def render(separate: Separate, examples: int = 3, full: str | None = None) -> Iterator[str]:
    """The document in ASCII, a request a line; nothing is null, and lists are always there.

    ``full`` is what the full list of assets is called, where there is one.
    """
    head = {
        "schema": SCHEMA,
        "tool": {"version": VERSION, "tables": TABLES},
        "planned": [each.value for each in separate.planned],
        "overview": [_overview(each) for each in separate.overview()],
        "statements": [_statement(each) for each in separate.statements],
    } | _there(assets_file=full)
    for name, value in head.items():
        yield f"{'{' if name == 'schema' else ','}\n  {json.dumps(name)}: {_dumps(value)}"
    yield ',\n  "requests": ['
    begun = False
    for each in separate.requests(examples):
        yield ("," if begun else "") + "\n    " + _dumps(_request(each))
        begun = True
    yield "\n  ]" if begun else "]"
    yield f',\n  "notice": {_dumps(NO_ADVICE)}\n}}\n'


def _dumps(value: object) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")


def _overview(each: Overview) -> dict[str, Any]:
    return {
        "activity": each.activity.value,
        "ok": each.ok.assets,
        "caution": each.caution.assets,
        "no": each.no.assets,
        "no_licence_declared": each.undeclared.assets,
        "agreed": each.agreed.assets,
    }


def _statement(each: Statement) -> dict[str, Any]:
    return {
        "activity": each.activity.value,
        "licence": each.label,
        "answer": each.answer.value,
        "before": each.before.value,
        "url": each.url,
        **_extent(each.extent),
    }


def _request(each: Request) -> dict[str, Any]:
    return {
        "ask": _contact(each.contact),
        "otherwise": [_contact(one) for one in each.otherwise],
        "more_otherwise": each.more,
        "text": each.wanted.text,
        "licences": list(each.wanted.licences),
        "activities": [one.value for one in each.wanted.activities],
        "needs": [_need(one) for one in each.wanted.needs],
        **_extent(each.extent),
        "examples": list(each.examples),
    }


def _need(each: Need) -> dict[str, Any]:
    return {
        "activities": [one.value for one in each.activities],
        "answer": each.answer.value,
        "licences": list(each.licences),
        "reason": each.reason,
    } | _there(instead=each.instead)


def _contact(each: Contact) -> dict[str, Any]:
    return {
        "kind": each.kind.value,
        "inferred": each.kind is ContactKind.ORIGIN,
    } | _there(name=each.name, url=each.url)


def _extent(each: Extent) -> dict[str, Any]:
    """How much it is; octets and tokens only where something is known of them."""
    return {
        "assets": each.assets,
        "assets_with_bytes": each.measured,
        "assets_with_tokens": each.counted,
    } | _there(
        bytes=each.bytes if each.measured else None, tokens=each.tokens if each.counted else None
    )


def _there(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
