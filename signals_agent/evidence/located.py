"""What looking at octets came to, in JSON: each declaration once, and true to its id."""

from typing import Any

from signals_agent.evidence import shape
from signals_agent.gathered import AssetFindings
from signals_agent.locate.found import place, text
from signals_agent.model.capture import CaptureRecord
from signals_agent.model.declaration import Located
from signals_agent.model.ids import identify


def write(findings: AssetFindings) -> dict[str, Any]:
    """The findings; of each unit everything, but what its octets give is not said twice.

    The record of the capture is not among them: it stands with the capture.
    """
    told: dict[str, Any] = shape.write(findings)
    told.pop("record", None)
    if findings.units:
        told["units"] = [[_written(located) for located in unit] for unit in findings.units]
    return told


def _written(located: Located) -> dict[str, Any]:
    told: dict[str, Any] = shape.write(located)
    said = located.declaration
    if said.expression == text(located.value):
        del told["declaration"]["expression"]
    if located.value == said.octets:
        del told["value"]
    return told


def read(told: dict[str, Any], record: CaptureRecord | None) -> AssetFindings:
    """The same findings; raises ``ValueError`` and its like where they contradict themselves."""
    units = [[_whole(located) for located in unit] for unit in told.get("units", ())]
    findings: AssetFindings = shape.read(AssetFindings, {**told, "units": units})
    findings.record = record
    for unit in findings.units:
        if not unit:
            raise ValueError("a unit holds no declaration")
        for located in unit:
            _check(located, record)
    return findings


def _whole(told: dict[str, Any]) -> dict[str, Any]:
    """What is said of a declaration, with what its octets give."""
    said = dict(told["declaration"])
    value = told.get("value", said["octets"])
    if "expression" not in said:
        said["expression"] = text(shape.read(bytes, value))
    return {**told, "declaration": said, "value": value}


def _check(located: Located, record: CaptureRecord | None) -> None:
    """Whether a declaration is what its id says: octets that were changed have another one."""
    said = located.declaration
    at = place(said.position)
    if said.id != identify("dec", said.family, said.carrier, said.source, at, said.octets):
        raise ValueError(f"the declaration {said.id} is not what its id says")
    if record is None or said.capture != record.id:
        raise ValueError(f"the declaration {said.id} stands in no capture that is there")
