"""Whether every verdict of a ledger still comes out of what it rests on (rules R29 and R30)."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from signals_agent import evidence, quote
from signals_agent.errors import SignalsAgentError, StoreError
from signals_agent.model.assessment import Assessment
from signals_agent.store import writing
from signals_agent.store.connection import is_damage
from signals_agent.store.differences import Difference, differences
from signals_agent.store.ledger import Ledger

Recompute = Callable[[dict[str, Any], Mapping[str, bytes]], Assessment]
"""What makes an assessment of evidence: the document, and octets by their SHA-256."""

_ROW: Final = (
    "key, chain, url, final_url, checked_at, valid_until, decision, policy_name, policy_sha256, "
    "tool_version, tool_tables, verdict, result, evidence"
)


class Fault(StrEnum):
    """What verifying may find."""

    DIFFERS = "differs"
    DAMAGED = "damaged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    *differs*: octets, policy and tables come to another result. *damaged*: a row cannot be
    read, or its octets are not those of its digest. *changed*: a row was changed, added or
    taken out since it was written. ``number``, ``id`` and ``url`` are those of the entry, as
    far as they can be told.
    """

    fault: Fault
    text: str
    number: int | None = None
    id: str = ""
    url: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Verification:
    """How far verifying has come; whole once ``verify`` has ended.

    ``equal`` are the entries without a finding, ``number`` is that of the last one whose
    place is known. ``chain`` stands for all that was read until it: noted somewhere else, it
    shows later that nothing was written anew.
    """

    assessments: int = 0
    equal: int = 0
    findings: int = 0
    number: int = 0
    chain: str = writing.FIRST


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the assessments, as it stands in the file."""

    number: int
    key: str
    columns: tuple[Any, ...]
    result: str
    evidence: str

    def found(self, fault: Fault, text: str, places: tuple[Difference, ...] = ()) -> Finding:
        """A finding about this row."""
        return Finding(fault, text, self.number, self.key, str(self.columns[0]), places)


def verify(
    ledger: Ledger,
    so_far: Verification | None = None,
    step: Callable[[], object] | None = None,
    recompute: Recompute = evidence.recompute,
) -> Iterator[Finding]:
    """Recompute every verdict from stored octets, policy and tables; what is found, in order.

    ``so_far`` is counted up as it goes, and ``step`` called after each entry. Memory does not
    grow with the ledger. Declarations are read from what was stored of them and not from the
    page again (rule R30). A damaged row is a finding; ``StoreError`` is raised only where the
    file as a whole cannot be used.
    """
    told = Verification() if so_far is None else so_far
    before = 0
    for number in _numbers(ledger):
        if isinstance(number, Finding):
            found = [number]
        else:
            told.assessments += 1
            found = list(_entry(ledger, number, before, told, recompute))
            told.equal += not found
            before = number
        told.findings += len(found)
        if step is not None:
            step()
        yield from found


def _numbers(ledger: Ledger) -> Iterator[int | Finding]:
    """The number of every entry; where the table itself is damaged, those that it may have."""
    after = 0
    while True:
        try:
            rows = ledger.file.rows(
                "SELECT id FROM assessments NOT INDEXED WHERE id > ? ORDER BY id LIMIT 256",
                (after,),
            )
        except StoreError as error:
            if not is_damage(error):
                raise
            try:
                last = ledger.file.rows(
                    "SELECT max(id) FROM assessments INDEXED BY assessments_by_decision "
                    "WHERE decision IS NULL OR decision IN ('ingest', 'hold', 'skip')"
                )
            except StoreError:
                yield Finding(Fault.DAMAGED, f"nothing beyond entry {after} can be read: {error}")
            else:
                yield from range(after + 1, (last[0][0] or 0) + 1)
            return
        if not rows:
            return
        yield from (number for (number,) in rows)
        after = rows[-1][0]


def _entry(
    ledger: Ledger, number: int, before: int, told: Verification, recompute: Recompute
) -> Iterator[Finding]:
    """What is not as it should be about one entry."""
    try:
        # By themselves: a row's beginning can often be read where its texts cannot.
        ends = ledger.file.rows("SELECT key, chain FROM assessments WHERE id = ?", (number,))
        if not ends:
            yield Finding(Fault.DAMAGED, f"entry {number} cannot be found", number)
            return
        key, chain = map(str, ends[0])
        yield from _follows(number, before, key, chain, told)
        (row,) = ledger.file.rows(f"SELECT {_ROW} FROM assessments WHERE id = ?", (number,))
        _, _, *columns, result, document = row
        read = _Row(number, key, tuple(columns), result, document)
        yield from _as_written(read)
        yield from _whole(ledger, read, recompute)
    except StoreError as error:
        if not is_damage(error):
            raise
        if told.number != number:
            told.chain = ""  # nobody knows what the next one has to follow
        yield Finding(Fault.DAMAGED, f"entry {number} cannot be read: {error}", number)


def _follows(
    number: int, before: int, key: str, chain: str, told: Verification
) -> Iterator[Finding]:
    """Whether a row follows the one that was read before it."""
    if told.chain and writing.chained(told.chain, key) != chain:
        gap = f"entries {before + 1} to {number - 1} are" if number > before + 1 else "one is"
        text = f"it does not follow what was written before: {gap} missing, changed or new"
        yield Finding(Fault.CHANGED, text, number, key)
    told.chain, told.number = chain, number


def _as_written(row: _Row) -> Iterator[Finding]:
    """Whether a row is what its id was made of."""
    texts = (row.columns[2], row.result, row.evidence)
    if not all(isinstance(each, str) for each in texts):
        yield row.found(Fault.DAMAGED, "its time, result or evidence is no text")
    elif writing.key_of(*texts) != row.key:
        yield row.found(Fault.CHANGED, "its time, result or evidence is not what was written")


def _whole(ledger: Ledger, row: _Row, recompute: Recompute) -> Iterator[Finding]:
    """Whether the result can be read, its parts are there, and it comes out again."""
    try:
        result = json.loads(row.result)
        stored = Assessment.model_validate(result)
        document = json.loads(row.evidence)
        expected = writing.record(stored, document, {})
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        told = quote.text(str(error).partition("\n")[0], 200)
        yield row.found(Fault.DAMAGED, f"its result or evidence cannot be read: {told}")
        return
    broken = [*_beside(row, expected), *_parts(ledger, row, expected)]
    blobs = dict(
        ledger.file.rows(
            "SELECT b.sha256, b.octets FROM assessment_blobs l JOIN blobs b ON b.id = l.blob "
            "WHERE l.assessment = ?",
            (row.number,),
        )
    )
    for digest, octets in blobs.items():
        if not isinstance(octets, bytes) or sha256(octets).hexdigest() != digest:
            broken.append(row.found(Fault.DAMAGED, f"the octets {digest} are others by now"))
    yield from broken
    if any(each.fault is Fault.DAMAGED for each in broken):
        return
    try:
        again = recompute(document, blobs).model_dump(mode="json")
    except (ImportError, MemoryError, OSError):
        raise  # a fault of this machine, and none of the ledger
    except Exception as error:  # evidence that was tampered with may hold anything
        known = isinstance(error, SignalsAgentError)
        said = quote.text(str(error) if known else f"{type(error).__name__}: {error}", 300)
        yield row.found(Fault.DAMAGED, f"it cannot be recomputed: {said}")
        return
    places = tuple(differences(result, again))
    if places:
        yield row.found(Fault.DIFFERS, "what it rests on comes to another result", places)


def _beside(row: _Row, expected: writing.Record) -> Iterator[Finding]:
    """Whether the columns by which an entry is found say what its result says."""
    _, *columns, _, _ = expected.row
    names = _ROW.split(", ")[2:-2]
    wrong = [
        name
        for name, here, there in zip(names, row.columns, columns, strict=True)
        # A result tells its time by the second.
        if (str(here)[:19] != str(there)[:19] if name in _TIMES else here != there)
    ]
    if wrong:
        text = f"beside its result it says something else: {', '.join(wrong)}"
        yield row.found(Fault.CHANGED, text)


_TIMES: Final = ("checked_at", "valid_until")


def _parts(ledger: Ledger, row: _Row, expected: writing.Record) -> Iterator[Finding]:
    """Whether captures, declarations and obligations are there as the result has them."""
    parts: tuple[tuple[str, Sequence[writing.Link]], ...] = (
        ("capture", expected.captures),
        ("declaration", expected.declarations),
        ("obligation", expected.obligations),
    )
    for noun, links in parts:
        columns = ", ".join(f"t.{name}" for name in writing.LINKED[noun + "s"].split(", "))
        rows = ledger.file.rows(
            f"SELECT {columns} FROM assessment_{noun}s l "
            f"JOIN {noun}s t ON t.id = l.{noun} WHERE l.assessment = ?",
            (row.number,),
        )
        if {each.row for each in links} != set(rows):
            yield row.found(Fault.CHANGED, f"its {noun}s are not those of its result")
