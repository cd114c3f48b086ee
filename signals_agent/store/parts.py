"""What the tables of a ledger hold of one result, and how what stands there is spelled."""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from signals_agent.model.assessment import Assessment

Value = str | int | bytes | None
Row = tuple[Value, ...]

LINKED: Final = {
    "captures": "digest, capture, role, url, availability, status, sha256, bytes, fetched_at",
    "declarations": "digest, declaration, family, carrier, source, position, expression, octets, "
    "scope",
    "obligations": "digest, obligation, kind, binding, basis, signal, signal_version, party, "
    "party_url, beneficiary, text, terms_url",
}


@dataclass(frozen=True, slots=True)
class Link:
    """What stands behind an assessment, in a table of its own: the digest, and its row."""

    digest: str
    row: Row


@dataclass(frozen=True, slots=True)
class Declared(Link):
    """A declaration; ``rests`` says that an answer, a reason or an obligation names it."""

    id: str = ""
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Owed(Link):
    """An obligation; ``because`` holds the ids of its declarations."""

    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands in tables of their own, or in columns, of what a result tells."""

    columns: Row
    captures: tuple[Link, ...]
    declarations: tuple[Declared, ...]
    obligations: tuple[Owed, ...]


# A result and its evidence are trees: to look for circles takes a fifth of the time.
_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=True, check_circular=False
).encode


def canonical(value: object) -> str:
    """JSON in one way of writing it, so that the same document has the same digest."""
    return _encode(value)


def moment(time: datetime) -> str:
    """A time as it stands in the ledger: RFC 3339 UTC with six decimals, sorting as text."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def parts(result: Mapping[str, Any], assessment: Assessment) -> Parts:
    """The rows and columns of a result, as JSON has it and as a noun."""
    behind = rested_on(result)
    captures = [
        _link(
            each["id"],
            each["role"],
            each["url"],
            each["availability"],
            each.get("status"),
            each.get("sha256"),
            each.get("bytes"),
            # As the result tells it, which knows no seconds in the offset of a zone.
            moment(datetime.fromisoformat(each["fetched_at"])) if "fetched_at" in each else None,
        )
        for each in result["captures"]
    ]
    declarations = {each["id"]: _declared(each, behind) for each in result["declarations"]}
    return Parts(
        columns(result, assessment),
        tuple(captures),
        tuple(declarations.values()),
        tuple(_owed(each) for each in result["obligations"]),
    )


def columns(result: Mapping[str, Any], assessment: Assessment) -> Row:
    """What stands beside a result so that it is found; all of it stands in the result too."""
    verdict = result.get("verdict")
    policy = verdict["policy"] if verdict else {}
    ends = assessment.valid_until
    return (
        assessment.url,
        assessment.final_url,
        moment(assessment.checked_at),
        None if ends is None else moment(ends),
        verdict["decision"] if verdict else None,
        # The name of a file may hold octets that are no text, and then SQLite takes it for none.
        text(policy["name"]) if policy else None,
        policy.get("sha256"),
        assessment.tool.version,
        assessment.tool.tables,
        None if verdict is None else canonical(verdict),
    )


def text(said: str) -> str:
    """A text as SQLite can hold it: what is no character is written as Python escapes it."""
    return said.encode("utf-8", "backslashreplace").decode("utf-8")


def rested_on(result: Mapping[str, Any]) -> frozenset[str]:
    """The declarations that an answer, a reason, an obligation or the credit line names.

    Where there is a verdict, those of the uses that it is about.
    """
    verdict = result.get("verdict")
    uses, owed = [*result["uses"].values()], result["obligations"]
    if verdict is not None:
        uses = [result["uses"][use] for use in verdict["uses"]]
        owed = [each for each in owed if each["id"] in verdict["obligations"]]
    reasons = [reason for each in (verdict or {"reasons": []}, *uses) for reason in each["reasons"]]
    licences = [each for each in result["licences"] if each.get("governs")]
    attribution = result.get("attribution", {})
    return frozenset(
        one
        for each in (*uses, *owed, *reasons, *licences, attribution)
        for one in each.get("because", ())
    )


def _digest(values: Sequence[Value]) -> str:
    framed = [each.hex() if isinstance(each, bytes) else each for each in values]
    return sha256(canonical(framed).encode()).hexdigest()


def _link(*values: Value) -> Link:
    digest = _digest(values)
    return Link(digest, (digest, *values))


def _declared(each: Mapping[str, Any], behind: frozenset[str]) -> Declared:
    values: Row = (
        each["id"],
        each["family"],
        each["carrier"],
        each["source"],
        canonical(each["position"]),
        each["expression"],
        b64decode(each["octets"]),
        canonical(each["scope"]),
    )
    digest = _digest(values)
    return Declared(digest, (digest, *values), each["id"], each["id"] in behind)


def _owed(each: Mapping[str, Any]) -> Owed:
    to = each["to"]
    values: Row = (
        each["id"],
        each["kind"],
        int(each["binding"]),
        each["basis"],
        each["signal"],
        each.get("signal_version"),
        to["name"],
        to.get("url"),
        canonical(each["beneficiary"]) if "beneficiary" in each else None,
        each["text"],
        each.get("terms_url"),
    )
    digest = _digest((*values, *each["because"]))
    return Owed(digest, (digest, *values), tuple(each["because"]))
