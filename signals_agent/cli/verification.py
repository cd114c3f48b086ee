"""How verifying a ledger is told: as text, or as one JSON document."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from types import TracebackType
from typing import Any, Final, Self

from signals_agent import quote
from signals_agent.store import Finding, Verification
from signals_agent.terminal import Screen, wrap

SCHEMA: Final = "signals-agent/verification/1"
"""The name of the document's schema; within ``/1`` fields are only added."""

_HELD: Final = 1 << 20
"""How many octets of findings are held in memory; the others wait in a file."""

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

    def json(self, told: Verification) -> Iterator[str]:
        """The document ``{"schema", "store", "assessments", "equal", "findings", "chain"}``."""
        head = {
            "schema": SCHEMA,
            "store": self._store,
            "assessments": told.assessments,
            "equal": told.equal,
            "chain": told.chain,
        }
        yield json.dumps(head, indent=2).removesuffix("\n}") + ',\n  "findings": ['
        between = "\n    "
        for finding in self._findings():
            yield between + json.dumps(finding, indent=2).replace("\n", "\n    ")
            between = ",\n    "
        yield "\n  ]\n}\n" if told.findings else "]\n}\n"

    def text(self, told: Verification, screen: Screen) -> Iterator[str]:
        """A paragraph for each finding, and what it comes to in the end."""
        for finding in self._findings():
            yield "\n".join(_paragraph(finding, screen)) + "\n\n"
        many = f"{told.assessments} assessment{_s(told.assessments)} recomputed"
        ended, colour = f"{many} from what was kept: all equal", "green"
        if told.findings:
            several = f"{told.findings} finding{_s(told.findings)}"
            ended, colour = f"{many}, {told.equal} equal; {several}", "red"
        yield screen.paint(ended, colour) + f"\nchain {told.chain}\n"


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


def _s(count: int) -> str:
    return "" if count == 1 else "s"
