"""How verifying a ledger is told: as text, or as one JSON document."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from types import TracebackType
from typing import Any, Final, Self

from signals_agent import quote
from signals_agent.cli.verification_summary import ended, noted, to_do
from signals_agent.model.assessment import Tool
from signals_agent.store import Finding, Verification
from signals_agent.terminal import Screen, wrap
from signals_agent.version import TABLES, VERSION

SCHEMA: Final = "signals-agent/verification/1"
"""The name of the document's schema; within ``/1`` fields are only added."""

_HELD: Final = 1 << 20
"""How many octets of findings are held in memory; the others wait in a file."""

_TODAY: Final = Tool(VERSION, TABLES)

_UNKNOWN: Final = "unknown: the last entry cannot be read"

_COLOURS: Final = {"differs": "red", "changed": "red", "damaged": "yellow"}


class Report:
    """Findings as they come, written out once the end is known; memory does not grow with them."""

    def __init__(self, store: str) -> None:
        self._store = store
        # Closed as the report is left.
        self._waiting = tempfile.SpooledTemporaryFile(_HELD, "w+", encoding="ascii")  # noqa: SIM115  # closed by whoever closes this

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waiting.close()

    def add(self, finding: Finding) -> None:
        """One finding; absent facts are left out, and lists are always there."""
        told = {name: value for name, value in asdict(finding).items() if value not in ("", None)}
        self._waiting.write(json.dumps(told) + "\n")

    def _findings(self) -> Iterator[dict[str, Any]]:
        self._waiting.seek(0)
        for line in self._waiting:
            yield json.loads(line)

    def json(self, told: Verification, chain: str = "") -> Iterator[str]:
        """The document ``{"schema", "store", "assessments", "equal", "findings", "chain", ...}``.

        ``tool`` is today's software, by which all was recomputed; ``written_by`` says which
        wrote how many entries. ``noted`` is the ``chain`` that was noted earlier: where it was
        found, and whether it ``stands`` (all until there is as it was written).
        """
        head: dict[str, Any] = {
            "schema": SCHEMA,
            "store": self._store,
            "assessments": told.assessments,
            "equal": told.equal,
            "chain": told.chain,
            "tool": asdict(_TODAY),
            "written_by": [
                {**asdict(tool), "assessments": count} for tool, count in told.tools.items()
            ],
        }
        if chain:
            number = {} if told.noted is None else {"number": told.noted}
            head["noted"] = {"chain": chain, "stands": told.stands, **number}
        yield json.dumps(head, indent=2).removesuffix("\n}") + ',\n  "findings": ['
        between = "\n    "
        for finding in self._findings():
            yield between + json.dumps(finding, indent=2).replace("\n", "\n    ")
            between = ",\n    "
        yield "\n  ]\n}\n" if told.findings else "]\n}\n"

    def text(self, told: Verification, screen: Screen, chain: str = "") -> Iterator[str]:
        """A paragraph for each finding, what it comes to, and what to do."""
        for finding in self._findings():
            yield "\n".join(_paragraph(finding, screen)) + "\n\n"
        yield screen.paint(ended(told), "red" if told.findings else "green") + "\n"
        for line in (*_others(told), *noted(told, chain)):
            yield "\n".join(wrap(line, screen.columns)) + "\n"
        if not told.findings:
            yield f"chain {told.chain}\n"
            return
        yield f"chain {told.chain or _UNKNOWN}  (do not note it)\n"
        yield "\n".join(wrap(f"what to do: {to_do(told)}", screen.columns)) + "\n"


def _others(told: Verification) -> Iterator[str]:
    """Which entries other software wrote, and what that means."""
    others = {tool: count for tool, count in told.tools.items() if tool != _TODAY}
    if others:
        named = ", ".join(f"{count} by {_named(tool)}" for tool, count in others.items())
        yield (
            f"written by other software: {named}. They were recomputed with today's, "
            f"{_named(_TODAY)}: of these what is allowed, owed and decided is compared, and not "
            "its wording; one that differs may do so because of the update, and not because "
            "anybody changed it."
        )


def _named(tool: Tool) -> str:
    return f"{quote.text(tool.version, 40)} with tables {quote.text(tool.tables, 40)}"


def _paragraph(finding: dict[str, Any], screen: Screen) -> Iterator[str]:
    fault = finding["fault"]
    where = quote.text(finding.get("url", ""), 2000)
    if "number" in finding:
        where = f"entry {finding['number']}" + (f", {where}" if where else "")
    yield f"{screen.paint(fault, 'bold', _COLOURS[fault])}  {where}".rstrip()
    yield from wrap(finding["text"], screen.columns, "  ")
    for place in finding["differences"]:
        yield f"  at {quote.text(place['pointer'])}"
        for name in ("stored", "recomputed"):
            said = quote.text(place[name], 300) or "(nothing)"
            yield from wrap(said, screen.columns, f"    {name:<11}", " " * 15)
