"""How assessments become rows; only what is not there yet is written."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

from signals_agent.model.assessment import Assessment
from signals_agent.store import packing
from signals_agent.store.parts import (
    LINKED,
    Declared,
    Link,
    Owed,
    Parts,
    Row,
    Value,
    canonical,
    moment,
    parts,
    text,
)

__all__ = [
    "FIRST",
    "LINKED",
    "Declared",
    "Link",
    "Owed",
    "Parts",
    "Record",
    "Row",
    "Value",
    "canonical",
    "chained",
    "key_of",
    "moment",
    "parts",
    "record",
    "text",
    "write",
    "write_many",
]

FIRST: Final = "0" * 64
"""What the first row's chain goes on from."""

_COLUMNS: Final = (
    "id, key, url, final_url, checked_at, valid_until, decision, policy_name, policy_sha256, "
    "tool_version, tool_tables, verdict, result, evidence, chain"
)

_ASKED: Final = 500
"""How many digests are asked for at once; older SQLite takes no more than 999 values."""


@dataclass(frozen=True, slots=True)
class Record:
    """One assessment, ready to be written; making it needs no database.

    It can be pickled: another process than the one that writes it may make it.
    """

    key: str
    row: Row
    blobs: Mapping[str, bytes]
    parts: Parts


def key_of(checked_at: str, result: str, evidence: str) -> str:
    """The key of a row: what was found, on what it rests, and when it was looked at."""
    framed = "".join(f"{len(each)}:{each}" for each in (checked_at, result, evidence))
    return sha256(framed.encode()).hexdigest()


def chained(before: str, key: str) -> str:
    """The chain of a row, from that of the row before it and its own key."""
    return sha256(f"{before}{key}".encode()).hexdigest()


def record(
    assessment: Assessment, document: object, blobs: Mapping[str, bytes], text: str = ""
) -> Record:
    """The rows of one assessment, with its evidence and the octets that this rests on.

    ``text`` is the document as canonical JSON, where somebody has spelled it already.
    """
    result = assessment.model_dump(mode="json")
    found, evidence = canonical(result), text or canonical(document)
    made = parts(result, assessment)
    key = key_of(moment(assessment.checked_at), found, evidence)
    row = (key, *made.columns, packing.pack(found), packing.pack(evidence))
    return Record(key, row, blobs, made)


def write(connection: sqlite3.Connection, made: Record) -> int:
    """Write one assessment within the transaction that is open; nothing where it is there.

    The number of its entry.
    """
    return write_many(connection, (made,))[0]


def write_many(connection: sqlite3.Connection, made: Sequence[Record]) -> list[int]:
    """Write several within the transaction that is open, which holds the file for writing.

    The numbers of their entries in order, also of those that were there. What they have in
    common is looked for once, and each table is written in one go.
    """
    numbers = _found(connection, "assessments", "key", {each.key for each in made})
    last = connection.execute("SELECT id, chain FROM assessments ORDER BY id DESC LIMIT 1")
    number, chain = last.fetchone() or (0, FIRST)
    rows: list[Row] = []
    new: list[tuple[int, Record]] = []
    for each in made:
        if each.key not in numbers:
            number, chain = number + 1, chained(chain, each.key)
            numbers[each.key] = number
            rows.append((number, *each.row, chain))
            new.append((number, each))
    if new:
        _insert(connection, "assessments", _COLUMNS, rows)
        _behind(connection, new)
    return [numbers[each.key] for each in made]


def _behind(connection: sqlite3.Connection, new: Sequence[tuple[int, Record]]) -> None:
    """What stands behind entries, in the other tables, and the links to it."""
    blobs = {digest: (digest, kept) for _, made in new for digest, kept in made.blobs.items()}
    ids = _once(connection, "blobs", "sha256", "sha256, octets", blobs)
    _link(connection, "blob", [(number, ids[each]) for number, made in new for each in made.blobs])
    every = [(number, made.parts) for number, made in new]
    captures = [(number, each) for number, parts_ in every for each in parts_.captures]
    ids = _all_once(connection, "captures", captures)
    _link(connection, "capture", [(number, ids[each.digest]) for number, each in captures])
    owed = [(number, each) for number, parts_ in every for each in parts_.obligations]
    debts = _all_once(connection, "obligations", owed)
    _link(connection, "obligation", [(number, debts[each.digest]) for number, each in owed])
    declared = [(number, each) for number, parts_ in every for each in parts_.declarations]
    ids = _all_once(connection, "declarations", declared)
    connection.executemany(
        "INSERT INTO assessment_declarations (assessment, declaration, rests) VALUES (?, ?, ?)",
        [(number, ids[each.digest], int(each.rests)) for number, each in declared],
    )
    rests = {(number, each.id): ids[each.digest] for number, each in declared}
    because = [
        (debts[each.digest], rests[number, one])
        for number, each in owed
        for one in each.because
        if (number, one) in rests
    ]
    connection.executemany(
        "INSERT INTO obligation_declarations (obligation, declaration) VALUES (?, ?)",
        dict.fromkeys(because),
    )


def _link(connection: sqlite3.Connection, noun: str, links: Iterable[tuple[int, int]]) -> None:
    connection.executemany(
        f"INSERT INTO assessment_{noun}s (assessment, {noun}) VALUES (?, ?)", dict.fromkeys(links)
    )


def _all_once(
    connection: sqlite3.Connection, table: str, links: Iterable[tuple[int, Link]]
) -> dict[str, int]:
    """The rows of parts of entries, by digest."""
    rows = {each.digest: each.row for _, each in links}
    return _once(connection, table, "digest", LINKED[table], rows)


def _once(
    connection: sqlite3.Connection, table: str, name: str, columns: str, rows: Mapping[str, Row]
) -> dict[str, int]:
    """The numbers of rows by their digests; those that are not there yet are written."""
    if not rows:
        return {}
    found = _found(connection, table, name, rows)
    new = [digest for digest in rows if digest not in found]
    (last,) = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    numbers = dict(zip(new, count(last + 1), strict=False))
    _insert(connection, table, f"id, {columns}", [(numbers[each], *rows[each]) for each in new])
    return found | numbers


def _found(
    connection: sqlite3.Connection, table: str, name: str, digests: Iterable[str]
) -> dict[str, int]:
    """The numbers of the rows of these digests, as far as they are there."""
    asked, found = list(digests), dict[str, int]()
    for start in range(0, len(asked), _ASKED):
        some = asked[start : start + _ASKED]
        places = ", ".join("?" * len(some))
        query = f"SELECT {name}, id FROM {table} WHERE {name} IN ({places})"
        found.update(connection.execute(query, some))
    return found


def _insert(connection: sqlite3.Connection, table: str, columns: str, rows: Sequence[Row]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
