"""The W3C community group's TDM Reservation Protocol: site file, header and HTML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias

from signals_agent import json_values, quote, url
from signals_agent.errors import InvalidURL
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.json_values import Pairs, Text, Value
from signals_agent.model.declaration import Located, Scope
from signals_agent.model.ids import identify
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import PointerPosition
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import Use
from signals_agent.robots.match import pattern

_RANKS: Final = {"http-header": 1, "html-meta": 2}
"""Which carrier supersedes which; the site file ranks lowest."""

_GOVERNED: Final = (
    Use.TRAIN_GENERATIVE,
    Use.TRAIN_OTHER,
    Use.MODEL_INPUT,
    Use.OTHER_ANALYSIS,
)
_ANSWERS: Final = {
    1: tuple((use, Preference.DISALLOW) for use in _GOVERNED),
    # 0 speaks of mining, not of showing what was mined.
    0: tuple((use, Preference.ALLOW) for use in _GOVERNED if use is not Use.MODEL_INPUT),
}
_WORDS: Final = ("1", "true")
_BLANK: Final = b" \t\r\n\f"

_Finding: TypeAlias = tuple[str, Severity, str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the file: its pointer and its text, and what it says.

    ``location`` is empty where there is none to read. ``reservation`` is 0, 1, or -1 for
    neither; ``letter`` says that the specification would read location and reservation so.
    """

    pointer: str
    text: str
    octets: bytes
    location: str
    reservation: int
    letter: bool
    policy: str


@dataclass(frozen=True, slots=True)
class _Document:
    entries: tuple[_Entry, ...]
    unreadable: bool
    findings: tuple[_Finding, ...]


@dataclass(frozen=True, slots=True)
class Tdmrep:
    """TDMRep: first match in the file, and file, header and HTML superseding each other."""

    name: str = "tdmrep"
    title: str = "TDM Reservation Protocol"
    specification: str = "https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/"
    version: str = "2024-05-10"
    listens: tuple[Listen, ...] = (
        Listen("http-header", "tdm-reservation", joined=True),
        Listen("http-header", "tdm-policy"),
        Listen("html-meta", "tdm-reservation"),
        Listen("html-meta", "tdm-policy"),
    )
    site_files: tuple[SiteFile, ...] = (
        SiteFile("/.well-known/tdmrep.json", "json", governs=_GOVERNED),
    )
    codes: tuple[str, ...] = (
        "tdmrep-allow-ignored",
        "tdmrep-location-invalid",
        "tdmrep-not-an-array",
        "tdmrep-policy-declared",
        "tdmrep-protocol-error",
        "tdmrep-repeated",
        "tdmrep-salvaged",
        "tdmrep-superseded",
        "tdmrep-unparsable",
        "tdmrep-unrelated",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read a site file, the field lines of a header, or a meta (rules R18, R27)."""
        first = unit[0]
        if isinstance(first.declaration.position, PointerPosition):
            return self._file(first, context)
        if first.field == "tdm-policy":
            notes = _policy(quote.text(first.value.strip(_BLANK), 300))
            return self._reading(unit, -1, notes, governs=False)
        values = [located.value.strip(_BLANK) for located in unit]
        findings: list[_Finding] = []
        if len(values) > 1:
            summary = "the field is repeated; where its lines differ, the reservation counts"
            findings.append(("tdmrep-repeated", Severity.WARNING, summary, "rule R18"))
        if all(value == values[0] for value in values) and values[0] in (b"0", b"1"):
            return self._reading(unit, int(values[0]), findings)
        listed = [part.strip(_BLANK + b"\"'") for value in values for part in value.split(b",")]
        if any(part.lower().decode("latin-1") in _WORDS for part in listed):
            return self._reading(unit, 1, [*findings, _salvaged()])
        return self._reading(unit, -1, [*findings, _protocol_error()])

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """HTML supersedes the header, and that the file; absence resets nothing (rule R18)."""
        ordered = sorted(statements, key=_order)
        notes = [_ignored(statement) for statement in ordered if _ignores(statement)]
        counting: dict[int, list[Statement]] = {}
        for statement in ordered:
            if statement.answers and not _ignores(statement):
                counting.setdefault(_rank(statement), []).append(statement)
        highest = max(counting, default=-1)
        answers = prevailing(a for one in counting.get(highest, ()) for a in one.answers)
        notes += [
            _superseded(lower, counting[highest])
            for rank in sorted(counting)
            for lower in counting[rank]
            if rank < highest and _reserved(lower.answers) != _reserved(answers)
        ]
        unreadable: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            # What supersedes a declaration answers also for one that cannot be read.
            for use in statement.unreadable if _rank(statement) >= highest else ():
                unreadable.setdefault(use, {})[statement.declarations[0].id] = None
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(unreadable[use])) for use in Use if use in unreadable),
            notes=tuple(dict.fromkeys(notes)),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The value of a ``tdm-reservation`` header; ``None`` where neither 0 nor 1 says it."""
        said = {(answer.use, answer.preference, answer.terms) for answer in statement.answers}
        for value, answers in _ANSWERS.items():
            if said == {(use, preference, ()) for use, preference in answers}:
                return b"%d" % value
        return None

    def _reading(
        self,
        unit: tuple[Located, ...],
        reservation: int,
        findings: Iterable[_Finding],
        *,
        governs: bool = True,
    ) -> Reading:
        declarations = tuple(one.declaration for one in unit)
        because = tuple(one.id for one in declarations)
        statement = Statement(
            family=self.name,
            unit=unit,
            declarations=declarations,
            answers=tuple(
                Answer(use, preference, (), because)
                for use, preference in _ANSWERS.get(reservation, ())
            ),
            unreadable=_GOVERNED if reservation < 0 and governs else (),
        )
        position = declarations[0].position
        return Reading(
            (statement,), tuple(Note(*finding, because, position) for finding in findings)
        )

    def _file(self, located: Located, context: Context) -> Reading:
        """The first entry that matches; a broken one before it may still restrict."""
        found = _document(located.value)
        if not found.entries:
            # An empty array, or HTML in place of the file, declares nothing.
            return (
                self._reading((located,), -1, found.findings, governs=found.unreadable)
                if found.findings
                else Reading()
            )
        readings: list[Reading] = []
        stray: Reading | None = None
        for entry in found.entries:
            matches, exact = _matches(entry, located.declaration.source, context)
            if not matches:
                continue
            narrowed = _narrowed(located, entry)
            findings = list(found.findings)
            if not exact:
                summary = f"the location is no path of this site: {quote.text(entry.location, 200)}"
                findings.append(("tdmrep-location-invalid", Severity.WARNING, summary, "rule R18"))
            letter = entry.letter and exact
            if entry.reservation == 1 and entry.policy:
                findings += _policy(quote.text(entry.policy, 300))
            if letter and not readings:
                return self._reading((narrowed,), entry.reservation, findings)
            if entry.reservation == 1:
                # Behind a broken entry, or broken itself: it may still restrict.
                readings.append(self._reading((narrowed,), 1, [*findings, _salvaged()]))
                break
            if letter:
                break
            broken = self._reading((narrowed,), -1, [*findings, _protocol_error()])
            if entry.location:
                readings.append(broken)
            else:
                stray = stray or broken
        if stray is not None and not readings:
            readings.append(stray)
        return Reading(
            tuple(statement for reading in readings for statement in reading.statements),
            tuple(note for reading in readings for note in reading.notes),
        )


TDMREP: Final = Tdmrep()


def _salvaged() -> _Finding:
    summary = "not as the specification writes it; read as a reservation"
    return "tdmrep-salvaged", Severity.WARNING, summary, "rule R11"


def _protocol_error() -> _Finding:
    summary = "the reservation is neither 0 nor 1, or its place is not as specified: it is unset"
    return "tdmrep-protocol-error", Severity.ERROR, summary, "rule R27"


def _policy(shown: str) -> tuple[_Finding, ...]:
    summary = f"the conditions of a licence are said to be at {shown}"
    return (("tdmrep-policy-declared", Severity.INFO, summary, "rule R18"),)


def _order(statement: Statement) -> tuple[str, str, int, str]:
    first = statement.declarations[0]
    return first.carrier, first.source, statement.unit[0].reach.index, first.id


def _rank(statement: Statement) -> int:
    return _RANKS.get(statement.declarations[0].carrier, 0)


def _reserved(answers: Sequence[Answer]) -> bool:
    return any(answer.preference is Preference.DISALLOW for answer in answers)


def _ignores(statement: Statement) -> bool:
    restricts_only = statement.unit[0].reach.restrict_only
    return restricts_only and bool(statement.answers) and not _reserved(statement.answers)


def _ignored(statement: Statement) -> Note:
    return Note(
        code="tdmrep-allow-ignored",
        severity=Severity.INFO,
        summary="outside the head of a page a declaration counts only where it restricts",
        clause="rule R35",
        because=(statement.declarations[0].id,),
        position=statement.declarations[0].position,
    )


def _superseded(lower: Statement, higher: Sequence[Statement]) -> Note:
    above = tuple(one.declarations[0].id for one in higher)
    return Note(
        code="tdmrep-superseded",
        severity=Severity.INFO,
        summary="a later declaration says otherwise and supersedes: file, header, HTML",
        clause="rule R18",
        because=(lower.declarations[0].id, *above),
    )


def _narrowed(located: Located, entry: _Entry) -> Located:
    """The entry as a declaration of its own."""
    whole = located.declaration
    declaration = replace(
        whole,
        id=identify("dec", whole.family, whole.carrier, whole.source, entry.pointer, entry.octets),
        position=PointerPosition(entry.pointer),
        expression=entry.text,
        octets=entry.octets,
        scope=Scope(path=entry.location or None),
    )
    return replace(located, declaration=declaration, value=entry.octets)


def _matches(entry: _Entry, source: str, context: Context) -> tuple[bool, bool]:
    """Whether an entry reaches the asset, and whether its location is as specified."""
    location = entry.location
    if not location:
        return True, True  # the entry is not to the letter: it may only restrict
    exact = location.startswith(("/", "*"))
    if not exact:
        if "://" in location:
            try:
                parsed = url.parse(location)
                if parsed.origin != url.parse(source).origin:
                    return False, False
            except InvalidURL:
                return True, False
            location = parsed.target
        else:
            location = "/" + location
    octets = location.encode("utf-8", "surrogatepass")
    return pattern(octets).matches(context.target), exact


@lru_cache(maxsize=32)
def _document(body: bytes) -> _Document:
    """The entries of a site file, in whatever shape they are wrapped; cached by content."""
    source = json_values.decode(body)
    if source.text.lstrip().startswith("<"):
        return _Document((), False, ())  # a page in place of the file declares nothing (rule R15)
    try:
        whole = json_values.parse(source.text)
    except ValueError:
        summary = "the file is not JSON"
        return _Document((), True, (("tdmrep-unparsable", Severity.ERROR, summary, "rule R27"),))
    candidates = list(_candidates(source.text, whole))
    array = isinstance(whole.value, list) and not isinstance(whole.value, Pairs)
    entries = tuple(
        _entry(value, source, letter=array and source.clean)
        for value in candidates
        if isinstance(value.value, Pairs)
        and (value.value.named("tdm-reservation") or value.value.named("location"))
    )
    if not entries and (candidates or not array):
        summary = "the file is JSON, but not a file of this protocol"
        return _Document((), True, (("tdmrep-unrelated", Severity.ERROR, summary, "rule R27"),))
    findings: tuple[_Finding, ...] = ()
    if not array:
        summary = "the file must be an array; in another shape it counts only where it reserves"
        findings = (("tdmrep-not-an-array", Severity.WARNING, summary, "rule R11"),)
    return _Document(entries, False, findings)


def _candidates(text: str, whole: Value) -> Iterator[Value]:
    """What may be entries: of the array, of one wrapped in an object, or the object itself."""
    if not isinstance(whole.value, list):
        return
    if not isinstance(whole.value, Pairs):
        yield from json_values.elements(text, whole)
    elif whole.value.named("tdm-reservation"):
        yield whole
    else:
        for name, value in json_values.members(text, whole):
            if name not in ("tdm", "tdmrep"):
                continue
            if isinstance(value.value, list) and not isinstance(value.value, Pairs):
                yield from json_values.elements(text, value)
            else:
                yield value


def _entry(value: Value, source: Text, *, letter: bool) -> _Entry:
    locations = [_text(one) for one in value.value.named("location")]
    reservations = value.value.named("tdm-reservation")
    policies = [_text(one) for one in value.value.named("tdm-policy")]
    # JSON's true equals 1, so the type is asked for as well.
    valid = [one for one in reservations if type(one) is int and one in (0, 1)]
    agreed = len(set(valid)) == 1 and len(valid) == len(reservations)
    reservation = valid[-1] if agreed else -1
    if not agreed and any(_reserves(one) for one in reservations):
        reservation = 1
    written = locations[-1] if locations else ""
    location = written.strip()
    return _Entry(
        pointer=value.pointer,
        text=_text(source.text[value.begin : value.end]),
        octets=source.octets(value),
        location=location,
        reservation=reservation,
        letter=letter and agreed and len(locations) == 1 and bool(location) and location == written,
        policy=policies[-1] if policies else "",
    )


def _text(value: object) -> str:
    """A string without lone surrogates, which no UTF-8 can carry; empty for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _reserves(value: object) -> bool:
    """Whether a JSON value can only be meant as a reservation: 1, true, or these as a string."""
    if isinstance(value, str):
        return value.strip().lower() in _WORDS
    return isinstance(value, int | float) and value == 1
