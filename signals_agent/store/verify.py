"""Whether every verdict of a ledger still comes out of what it rests on (rules R29 and R30)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain as one_by_one
from typing import Any, Final

from signals_agent import evidence, quote
from signals_agent.errors import StoreError
from signals_agent.model.assessment import Assessment
from signals_agent.store import rows, schema, strays, writing
from signals_agent.store.connection import is_damage, is_unmade
from signals_agent.store.file import File
from signals_agent.store.finding import Fault, Finding, Verification
from signals_agent.store.ledger import Ledger

Recompute = Callable[[dict[str, Any], Mapping[str, bytes]], Assessment]
"""What makes an assessment of evidence: the document, and octets by their SHA-256."""

_WORST_FIRST: Final = (Fault.DAMAGED, Fault.CHANGED, Fault.DIFFERS)

_SHOWN: Final = 5
"""How many sentences of SQLite's own check of a file are told."""


def verify(
    ledger: Ledger,
    so_far: Verification | None = None,
    step: Callable[[], object] | None = None,
    recompute: Recompute = evidence.recompute,
    chain: str = "",
) -> Iterator[Finding]:
    """Recompute every verdict from stored octets, policy and tables; what is found, in order.

    ``so_far`` is counted up as it goes, and ``step`` called after each entry. ``chain`` is one
    that was noted earlier: that it stands in the ledger no more is a finding. Memory does not
    grow with the ledger. Declarations are read from what was stored of them and not from the
    page again (rule R30). A damaged row is a finding; ``StoreError`` is raised only where the
    file as a whole cannot be used.
    """
    told = Verification() if so_far is None else so_far
    if chain == writing.FIRST:
        told.noted = 0  # an empty ledger is the beginning of any
    unmade = "; ".join(schema.unlike(ledger.file))
    if unmade:
        yield _counted(told, Finding(Fault.CHANGED, f"the schema is not as it was made: {unmade}"))
    before = 0
    for number in _numbers(ledger, bool(unmade)):
        if isinstance(number, Finding):
            found = [number]
        else:
            told.assessments += 1
            found = list(_entry(ledger, number, before, told, recompute, chain, bool(unmade)))
            told.equal += not found
            faults = {each.fault for each in found}
            for worst in [each for each in _WORST_FIRST if each in faults][:1]:
                told.wrong[worst] = told.wrong.get(worst, 0) + 1
            before = number
        for finding in found:
            told.add(finding)
        if step is not None:
            step()
        yield from found
    for finding in one_by_one(_file(ledger, bool(unmade)), _noted(told, chain)):
        yield _counted(told, finding)


def _counted(told: Verification, finding: Finding) -> Finding:
    told.add(finding)
    return finding


def _numbers(ledger: Ledger, unmade: bool) -> Iterator[int | Finding]:
    """The number of every entry; where the table itself is damaged, those that it may have."""
    after: int | None = None
    while True:
        beyond, values = ("", ()) if after is None else ("WHERE id > ? ", (after,))
        try:
            found = ledger.file.rows(
                f"SELECT id FROM assessments NOT INDEXED {beyond}ORDER BY id LIMIT 256", values
            )
        except StoreError as error:
            if not _is_found(error, unmade):
                raise
            after = after or 0
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
        if not found:
            return
        yield from (number for (number,) in found)
        after = found[-1][0]


def _entry(
    ledger: Ledger,
    number: int,
    before: int,
    told: Verification,
    recompute: Recompute,
    noted: str,
    unmade: bool,
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
        if chain == noted and told.noted is None:
            told.noted = number
        row = rows.read(ledger.file, number)
        yield from rows.as_written(row)
        yield from rows.whole(ledger.file, row, told, recompute)
    except StoreError as error:
        if not _is_found(error, unmade):
            raise
        if told.number != number:
            told.chain = ""  # nobody knows what the next one has to follow
            told.broken = number
        yield Finding(Fault.DAMAGED, f"entry {number} cannot be read: {error}", number)


def _follows(
    number: int, before: int, key: str, chain: str, told: Verification
) -> Iterator[Finding]:
    """Whether a row follows the one that was read before it: in the chain, and by its number."""
    if not told.chain:
        told.broken = number  # what it follows could not be read
    if told.chain and writing.chained(told.chain, key) != chain:
        told.broken = number
        told.missing += max(0, number - before - 1)
        what = _gap(before + 1, number - 1) or "one is missing, changed or new"
        yield Finding(
            Fault.CHANGED, f"it does not follow what was written before: {what}", number, key
        )
    elif number != before + 1:
        text = f"its number is {number}, and {before + 1} is the next: it was given another one"
        yield Finding(Fault.CHANGED, text, number, key)
    told.chain, told.number = chain, number


def _gap(first: int, last: int) -> str:
    """What the numbers say that no entry has; empty where there are none."""
    if first > last:
        return ""
    which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
    return f"{which} missing, or this one was changed or put in"


def _file(ledger: Ledger, unmade: bool) -> Iterator[Finding]:
    """What is not as it should be about the file, beside its entries."""
    checks: tuple[Callable[..., Iterable[Finding]], ...] = (
        _sound,
        strays.unused,
        strays.nowhere,
        strays.reasons,
    )
    said: set[str] = set()
    for check in checks:
        try:
            yield from check(ledger.file)
        except StoreError as error:
            if not _is_found(error, unmade):
                raise
            text = f"the file cannot be read whole: {error}"
            if text not in said:  # most checks stumble over the same page
                yield Finding(Fault.DAMAGED, text)
            said.add(text)


def _sound(file: File) -> Iterator[Finding]:
    """SQLite's own check: pages, indices that say what their tables do, and constraints."""
    said = [str(text) for (text,) in file.rows(f"PRAGMA integrity_check({_SHOWN})")]
    if said != ["ok"]:
        # Some of it are several lines of which the first only names the table.
        lines = [line for text in said for line in text.splitlines() if not line.startswith("***")]
        told = "; ".join(lines[:_SHOWN])
        yield Finding(Fault.DAMAGED, f"SQLite's check of the file says: {quote.text(told, 600)}")


def _noted(told: Verification, chain: str) -> Iterator[Finding]:
    """Whether a chain that was noted earlier stands in the ledger."""
    if chain and told.noted is None:
        yield Finding(
            Fault.CHANGED,
            f"the chain {chain} that was noted earlier stands at none of its entries: since "
            "then entries were taken from its end, or it was written anew, or this is a copy "
            "without the -wal file in which the last entries waited",
        )


def _is_found(error: StoreError, unmade: bool) -> bool:
    """Whether a fault is one of what is in the file, and so a finding."""
    return is_damage(error) or (unmade and is_unmade(error))
