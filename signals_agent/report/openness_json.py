"""The openness of a system as one JSON document, ``signals-agent/openness/1``."""

import json
from typing import Any

from signals_agent.openness import Openness
from signals_agent.openness.components import TITLES
from signals_agent.openness.judge import SYSTEM
from signals_agent.openness.nouns import Component, Progress
from signals_agent.version import TABLES, VERSION

SCHEMA = "signals-agent/openness/1"


def render(openness: Openness) -> str:
    """The document, in ASCII; nothing in it is null, lists are always there."""
    return json.dumps(document(openness), indent=2).replace("\x7f", "\\u007f") + "\n"


def document(openness: Openness) -> dict[str, Any]:
    """The document as plain values; docs/openness.md describes it."""
    described = openness.description
    source = {
        "name": described.name,
        "kind": described.source.value,
        "syntax": described.syntax,
        "sha256": described.sha256,
    }
    osaid = {
        "asserted": described.osaid.asserted,
        "counts": described.osaid.counts,
        "reason": described.osaid.reason,
    }
    if described.osaid.evidence:
        osaid["evidence"] = described.osaid.evidence
    return {
        "schema": SCHEMA,
        "tool": {"version": VERSION, "tables": TABLES},
        "source": {key: value for key, value in source.items() if value},
        "subject": dict(described.subject),
        "class": openness.mof_class.value,
        "open": openness.open,
        "reason": openness.reason,
        "classes": {each.rank: _progress(each) for each in openness.progress},
        "components": {each.part.name: _component(each) for each in openness.components},
        "conditional": list(openness.conditional),
        "osaid": osaid,
        "system": SYSTEM,
        "not_known": list(openness.not_known),
        "notes": [
            {
                "code": note.code,
                "severity": note.severity.value,
                "summary": note.summary,
                "clause": note.clause,
            }
            for note in described.notes
        ],
    }


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "title": TITLES[progress.rank],
        "reached": progress.reached,
        "required": list(progress.required),
        "lacking": list(progress.lacking),
    }


def _component(component: Component) -> dict[str, Any]:
    facts = {
        "class": component.part.rank,
        "required": component.part.required,
        "content": component.part.content,
        "status": component.status.value,
        "reason": component.reason,
        "licence": component.licence,
        "found_in": component.found_in,
        "spdx": component.spdx,
    }
    return {key: value for key, value in facts.items() if value != ""}
