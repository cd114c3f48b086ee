"""How one assessment becomes rows; only what is not there yet is written."""

import json
import sqlite3
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from signals_agent.model.assessment import Assessment

Value = str | int | bytes | None
Row = tuple[Value, ...]

FIRST = "0" * 64
"""What the first row's chain goes on from."""


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
class Record:
    """One assessment, ready to be written; making it needs no database."""

    key: str
    row: Row
    blobs: Mapping[str, bytes]
    captures: tuple[Link, ...]
    declarations: tuple[Declared, ...]
    obligations: tuple[Owed, ...]


def canonical(value: object) -> str:
    """JSON in one way of writing it, so that the same document has the same digest."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def moment(time: datetime) -> str:
    """A time as it stands in the ledger: RFC 3339 UTC with six decimals, sorting as text."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def key_of(checked_at: str, result: str, evidence: str) -> str:
    """The key of a row: what was found, on what it rests, and when it was looked at."""
    framed = "".join(f"{len(each)}:{each}" for each in (checked_at, result, evidence))
    return sha256(framed.encode()).hexdigest()


def chained(before: str, key: str) -> str:
    """The chain of a row, from that of the row before it and its own key."""
    return sha256(f"{before}{key}".encode()).hexdigest()


def record(assessment: Assessment, document: object, blobs: Mapping[str, bytes]) -> Record:
    """The rows of one assessment, with its evidence and the octets that this rests on."""
    result = assessment.model_dump(mode="json")
    evidence = canonical(document)
    text = canonical(result)
    checked_at = moment(assessment.checked_at)
    key = key_of(checked_at, text, evidence)
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
    obligations = [_owed(each) for each in result["obligations"]]
    return Record(
        key,
        (key, *columns(result, assessment), text, evidence),
        blobs,
        tuple(captures),
        tuple(declarations.values()),
        tuple(obligations),
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


_ASSESSMENT = (
    "INSERT INTO assessments (key, url, final_url, checked_at, valid_until, decision, "
    "policy_name, policy_sha256, tool_version, tool_tables, verdict, result, evidence, chain) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LINKED = {
    "captures": "digest, capture, role, url, availability, status, sha256, bytes, fetched_at",
    "declarations": "digest, declaration, family, carrier, source, position, expression, octets, "
    "scope",
    "obligations": "digest, obligation, kind, binding, basis, signal, signal_version, party, "
    "party_url, beneficiary, text, terms_url",
}


def write(connection: sqlite3.Connection, made: Record) -> None:
    """Write one assessment within the transaction that is open; nothing where it is there."""
    there = connection.execute("SELECT 1 FROM assessments WHERE key = ?", (made.key,)).fetchone()
    if there is not None:
        return
    last = connection.execute("SELECT chain FROM assessments ORDER BY id DESC LIMIT 1").fetchone()
    chain = chained(last[0] if last else FIRST, made.key)
    number = connection.execute(_ASSESSMENT, (*made.row, chain)).lastrowid
    assert number is not None
    _links(connection, "blob", number, (_blob(connection, *each) for each in made.blobs.items()))
    for noun, links in (("capture", made.captures), ("obligation", made.obligations)):
        numbers = {link.digest: _once(connection, f"{noun}s", link) for link in links}
        _links(connection, noun, number, numbers.values())
    declared = {each.id: _once(connection, "declarations", each) for each in made.declarations}
    connection.executemany(
        "INSERT INTO assessment_declarations (assessment, declaration, rests) VALUES (?, ?, ?)",
        [(number, declared[each.id], int(each.rests)) for each in made.declarations],
    )
    connection.executemany(
        "INSERT INTO obligation_declarations (obligation, declaration) VALUES (?, ?)",
        [
            (_once(connection, "obligations", owed), declared[each])
            for owed in made.obligations
            for each in owed.because
            if each in declared
        ],
    )


def _links(connection: sqlite3.Connection, noun: str, number: int, others: Iterable[int]) -> None:
    connection.executemany(
        f"INSERT INTO assessment_{noun}s (assessment, {noun}) VALUES (?, ?)",
        [(number, other) for other in others],
    )


def _blob(connection: sqlite3.Connection, digest: str, octets: bytes) -> int:
    """The row of these octets, written where they are not there yet."""
    find = "SELECT id FROM blobs WHERE sha256 = ?"
    found = connection.execute(find, (digest,)).fetchone()
    if found is None:
        connection.execute("INSERT INTO blobs (sha256, octets) VALUES (?, ?)", (digest, octets))
        found = connection.execute(find, (digest,)).fetchone()
    return int(found[0])


def _once(connection: sqlite3.Connection, table: str, link: Link) -> int:
    """The row of this digest, written where it is not there yet."""
    find = f"SELECT id FROM {table} WHERE digest = ?"
    found = connection.execute(find, (link.digest,)).fetchone()
    if found is None:
        places = ", ".join("?" * len(link.row))
        connection.execute(f"INSERT INTO {table} ({LINKED[table]}) VALUES ({places})", link.row)
        found = connection.execute(find, (link.digest,)).fetchone()
    return int(found[0])
