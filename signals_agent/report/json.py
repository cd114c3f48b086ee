"""Results as one JSON document, ``{"schema": ..., "results": [...]}``."""

import json
from typing import Any

from signals_agent.model.assessment import SCHEMA, Assessment, json_schema
from signals_agent.terminal import PLAIN, Screen


class Writer:
    """Writes the document piece by piece; it is ASCII, so that it is safe on any terminal."""

    def __init__(self, screen: Screen = PLAIN, several: bool = False) -> None:
        """Neither the screen nor the number of results changes the document."""
        del screen, several
        self._count = 0

    def begin(self) -> str:
        """The opening of the document."""
        return f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "results": ['

    def add(self, assessment: Assessment) -> str:
        """One member of ``results``."""
        text = json.dumps(assessment.model_dump(mode="json"), indent=2)
        self._count += 1
        # No string of the document holds a line break: JSON escapes it.
        return ("," if self._count > 1 else "") + "\n    " + text.replace("\n", "\n    ")

    def end(self) -> str:
        """The closing of the document."""
        return ("\n  ]" if self._count else "]") + "\n}\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one result, or of a document of results."""
    result = json_schema()
    head = {key: result.pop(key) for key in ("$schema", "$id")}
    definitions = result.pop("$defs")
    definitions["Assessment"] = result
    definitions["Results"] = {
        "description": "What ``check --format json`` prints: results in the order of the input.",
        "type": "object",
        "properties": {
            "schema": {"const": SCHEMA},
            "results": {"type": "array", "items": {"$ref": "#/$defs/Assessment"}},
        },
        "required": ["schema", "results"],
    }
    return {
        **head,
        "title": "One result of signals-agent, or a document of results",
        "if": {"type": "object", "required": ["results"]},
        "then": {"$ref": "#/$defs/Results"},
        "else": {"$ref": "#/$defs/Assessment"},
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as it is shipped, in ``schema/assessment-1.json``."""
    return json.dumps(schema(), indent=2) + "\n"
