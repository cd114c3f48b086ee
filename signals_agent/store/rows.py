"""One entry of a ledger held against its own result: the row, its parts, what it comes to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from signals_agent import evidence, quote
from signals_agent.errors import SignalsAgentError
from signals_agent.model.assessment import Assessment, Tool
from signals_agent.store import packing, stored, writing
from signals_agent.store.differences import Difference, differences
from signals_agent.store.file import File
from signals_agent.store.finding import Fault, Finding, Verification

_ROW: Final = (
    "key, chain, url, final_url, checked_at, valid_until, decision, policy_name, policy_sha256, "
    "tool_version, tool_tables, verdict, result, evidence"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the assessments, as it stands in the file; its texts unpacked.

    ``broken`` says what is wrong with texts that cannot be unpacked; they are empty then.
    """

    number: int
    key: str
    columns: tuple[Any, ...]
    result: str
    evidence: str
    broken: tuple[str, ...] = ()

    def found(self, fault: Fault, text: str, places: tuple[Difference, ...] = ()) -> Finding:
        """A finding about this row."""
        return Finding(fault, text, self.number, self.key, str(self.columns[0]), places)


def read(file: File, number: int) -> Row:
    """The row of a number, which is there."""
    (row,) = file.rows(f"SELECT {_ROW} FROM assessments WHERE id = ?", (number,))
    key, _, *columns, found, said = row
    broken: list[str] = []
    texts = [_text(kept, name, broken) for name, kept in (("result", found), ("evidence", said))]
    return Row(number, str(key), tuple(columns), texts[0], texts[1], tuple(broken))


def _text(kept: object, name: str, broken: list[str]) -> str:
    try:
        return packing.unpack(kept, name)
    except packing.Unreadable as error:
        broken.append(str(error))
        return ""


def as_written(row: Row) -> Iterator[Finding]:
    """Whether a row is what its id was made of."""
    at = row.columns[2]
    wrong = row.broken if isinstance(at, str) else ("its time is no text", *row.broken)
    if wrong:
        yield row.found(Fault.DAMAGED, "; ".join(wrong))
    elif writing.key_of(at, row.result, row.evidence) != row.key:
        yield row.found(Fault.CHANGED, "its time, result or evidence is not what was written")


def whole(
    file: File,
    row: Row,
    told: Verification,
    recompute: Callable[[dict[str, Any], Mapping[str, bytes]], Assessment],
) -> Iterator[Finding]:
    """Whether the result can be read, its parts are there, and it comes out again."""
    if row.broken:
        return  # as was told
    try:
        result, made = stored.result(row.result)
        document = stored.document(row.evidence)
        expected = writing.parts(made.model_dump(mode="json"), made)
        anew = writing.canonical(result), writing.canonical(document)
    except packing.Unreadable as error:
        yield row.found(Fault.DAMAGED, str(error))
        return
    except (KeyError, RecursionError, TypeError, ValueError):
        yield row.found(Fault.DAMAGED, "its result holds what no result holds")
        return
    told.count(made.tool)
    if anew != (row.result, row.evidence):
        # A member twice, say: others who read the file may take the one that we pass over.
        text = "its result or evidence is in another spelling of JSON than it was written in"
        yield row.found(Fault.CHANGED, text)
    if isinstance(document, dict) and document.get("tool") != result.get("tool"):
        yield row.found(Fault.CHANGED, "its result and its evidence name different software")
    blobs: dict[str, bytes] = {}
    broken = [
        *_beside(row, expected),
        *_parts(file, row, expected),
        *_behind(file, row, expected),
        *_octets(file, row, document, blobs),
    ]
    yield from broken
    if any(each.fault is Fault.DAMAGED for each in broken):
        return
    try:
        again = recompute(document, blobs)
        compared = again.model_dump(mode="json")
    except (ImportError, MemoryError, OSError):
        raise  # a fault of this machine, and none of the ledger
    except SignalsAgentError as error:
        said = quote.text(str(error), 300)
        yield row.found(Fault.DAMAGED, f"it cannot be recomputed: {said}")
        return
    except Exception as error:  # evidence that was tampered with may hold anything
        said = f"its evidence holds what no evidence holds ({type(error).__name__})"
        yield row.found(Fault.DAMAGED, f"it cannot be recomputed: {said}")
        return
    places = tuple(differences(result, compared))
    if places:
        yield row.found(Fault.DIFFERS, _other_result(made.tool, again.tool), places)
    elif made.tool == again.tool and not broken and _until(again) != row.columns[3]:
        # To the second it is the same: a result tells no more.
        yield row.found(Fault.CHANGED, "beside its result it says something else: valid_until")


def _other_result(then: Tool, now: Tool) -> str:
    text = "what it rests on comes to another result"
    if then == now:
        return text
    return (
        f"{text} by today's software, {_named(now)}; {_named(then)} wrote it, so that an update "
        "may be all that is behind it"
    )


def _named(tool: Tool) -> str:
    return f"{quote.text(tool.version, 40)} with tables {quote.text(tool.tables, 40)}"


def _until(made: Assessment) -> str | None:
    return None if made.valid_until is None else writing.moment(made.valid_until)


def _beside(row: Row, expected: writing.Parts) -> Iterator[Finding]:
    """Whether the columns by which an entry is found say what its result says."""
    names = _ROW.split(", ")[2:-2]
    wrong = [
        name
        for name, here, there in zip(names, row.columns, expected.columns, strict=True)
        # A result tells its time by the second.
        if (str(here)[:19] != str(there)[:19] if name in _TIMES else here != there)
    ]
    if wrong:
        text = f"beside its result it says something else: {', '.join(wrong)}"
        yield row.found(Fault.CHANGED, text)


_TIMES: Final = ("checked_at", "valid_until")


def _parts(file: File, row: Row, expected: writing.Parts) -> Iterator[Finding]:
    """Whether captures, declarations and obligations are there as the result has them."""
    parts: tuple[tuple[str, Sequence[writing.Link]], ...] = (
        ("capture", expected.captures),
        ("declaration", expected.declarations),
        ("obligation", expected.obligations),
    )
    for noun, links in parts:
        columns = ", ".join(f"t.{name}" for name in writing.LINKED[noun + "s"].split(", "))
        here = file.rows(
            # What a link leads to may be gone: then there is a row of nothing.
            f"SELECT {columns} FROM assessment_{noun}s l "
            f"LEFT JOIN {noun}s t ON t.id = l.{noun} WHERE l.assessment = ?",
            (row.number,),
        )
        there = {each.row for each in links}
        if set(here) != there or len(here) != len(there):
            yield row.found(Fault.CHANGED, f"its {noun}s are not those of its result")


def _behind(file: File, row: Row, expected: writing.Parts) -> Iterator[Finding]:
    """Whether it is linked as its result says which declarations it, and what is owed, rest on."""
    rests = file.rows(
        "SELECT d.digest, l.rests FROM assessment_declarations l "
        "JOIN declarations d ON d.id = l.declaration WHERE l.assessment = ? AND l.rests <> 0",
        (row.number,),
    )
    if set(rests) != {(each.digest, 1) for each in expected.declarations if each.rests}:
        yield row.found(Fault.CHANGED, "the declarations it rests on are not those of its result")
    digests = {each.id: each.digest for each in expected.declarations}
    because = {
        (owed.digest, digests[each])
        for owed in expected.obligations
        for each in owed.because
        if each in digests
    }
    here = file.rows(
        # A row may stand for several entries: here are those whose declaration is this one's too.
        "SELECT o.digest, d.digest FROM assessment_obligations l "
        "CROSS JOIN obligation_declarations b ON b.obligation = l.obligation "
        "JOIN assessment_declarations m ON m.assessment = l.assessment "
        "AND m.declaration = b.declaration "
        "JOIN obligations o ON o.id = b.obligation JOIN declarations d ON d.id = b.declaration "
        "WHERE l.assessment = ?",
        (row.number,),
    )
    if set(here) != because:
        text = "the declarations behind its obligations are not those of its result"
        yield row.found(Fault.CHANGED, text)


def _octets(file: File, row: Row, document: Any, blobs: dict[str, bytes]) -> Iterator[Finding]:
    """Whether the octets are there that its evidence names, and are those; ``blobs`` is filled."""
    here = file.rows(
        "SELECT b.sha256, b.octets FROM assessment_blobs l LEFT JOIN blobs b ON b.id = l.blob "
        "WHERE l.assessment = ?",
        (row.number,),
    )
    try:
        named = evidence.digests(document)
    except (AttributeError, LookupError, TypeError, ValueError):
        named = frozenset(digest for digest, _ in here)  # as recomputing will say
    if {digest for digest, _ in here} != named:
        yield row.found(Fault.CHANGED, "its octets are not those that its evidence names")
    for digest, octets in here:
        if isinstance(digest, str) and isinstance(octets, bytes):
            blobs[digest] = octets
        if not isinstance(octets, bytes) or sha256(octets).hexdigest() != digest:
            which = quote.text(str(digest), 100) if digest is not None else "of a link"
            said = "are others by now" if digest is not None else "are not there"
            yield row.found(Fault.DAMAGED, f"the octets {which} {said}")
