"""JournalList's trust.txt: the one record of it that speaks of training."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from signals_agent import quote
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.model.declaration import Located, Scope
from signals_agent.model.ids import identify
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import LinePosition
from signals_agent.model.statement import (
    Answer,
    Preference,
    Reading,
    Settled,
    Statement,
    prevailing,
)
from signals_agent.model.use import Use
from signals_agent.robots.keys import trimmed
from signals_agent.salvage import NO

_GOVERNED: Final = (Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER)
_NAME: Final = b"datatrainingallowed"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_ENDS: Final = re.compile(rb"\r\n|\r|\n")
_LIKE: Final = re.compile(
    rb"(data[-_ ]?training[-_ ]?allowed)(?![A-Za-z0-9_-])[ \t]*([=:]?)(.*)",
    re.IGNORECASE | re.DOTALL,
)


class _Said(StrEnum):
    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Record:
    """A line that says, or means to say, whether training is allowed.

    ``exact`` says that it is written as the specification writes it.
    """

    line: int
    column: int
    octets: bytes
    text: bytes
    said: _Said
    exact: bool


@dataclass(frozen=True, slots=True)
class _File:
    """The first record of each meaning, and how many there are of any."""

    records: tuple[_Record, ...]
    count: int
    text: bool


@dataclass(frozen=True, slots=True)
class TrustTxt:
    """trust.txt: ``datatrainingallowed``, the most restrictive of all that is said."""

    name: str = "trust-txt"
    title: str = "trust.txt (JournalList)"
    specification: str = "https://journallist.net/reference-document-for-trust-txt-specifications"
    version: str = "2024-07-11"
    listens: tuple[Listen, ...] = ()
    site_files: tuple[SiteFile, ...] = (
        SiteFile("/trust.txt", "text", sources="extended", governs=_GOVERNED),
        SiteFile("/.well-known/trust.txt", "text", sources="extended", governs=_GOVERNED),
    )
    codes: tuple[str, ...] = (
        "trust-txt-files-disagree",
        "trust-txt-not-text",
        "trust-txt-repeated",
        "trust-txt-salvaged",
        "trust-txt-unknown-value",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """The record of one file; its other records are about trust, and say nothing."""
        whole = unit[0]
        file = _file(whole.value)
        if not file.text:
            return _not_text(whole)
        if not file.records:
            return Reading()
        found = {record.said: _narrowed(whole, record) for record in file.records}
        notes = [_about(record, found[record.said]) for record in file.records]
        if file.count > 1:
            notes.append(_repeated(tuple(found.values())))
        answers: tuple[Answer, ...] = ()
        unreadable: tuple[Use, ...] = ()
        if _Said.NO in found:
            answers = _answers(Preference.DISALLOW, found[_Said.NO])
        elif _Said.UNKNOWN in found:
            unreadable = _GOVERNED
        elif not whole.reach.restrict_only:
            answers = _answers(Preference.ALLOW, found[_Said.YES])
        # What decides stands first: it is what is named where nothing can be read.
        order = [found[said] for said in (_Said.NO, _Said.UNKNOWN, _Said.YES) if said in found]
        statement = Statement(
            family=self.name,
            unit=tuple(order),
            declarations=tuple(one.declaration for one in order),
            answers=answers,
            unreadable=unreadable,
        )
        return Reading((statement,), tuple(note for note in notes if note is not None))

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """Of both files the most restrictive; what is refused is in no dark (rule R18)."""
        ordered = sorted(statements, key=lambda one: one.declarations[0].id)
        answers = prevailing(answer for one in ordered for answer in one.answers)
        refused = {one.use for one in answers if one.preference is Preference.DISALLOW}
        dark: dict[Use, dict[str, None]] = {}
        for statement in ordered:
            for use in statement.unreadable:
                if use not in refused:
                    dark.setdefault(use, {})[statement.declarations[0].id] = None
        speaking = {one.preference: one.because for each in ordered for one in each.answers}
        notes = (_disagree(speaking.values()),) if len(speaking) > 1 else ()
        return Settled(
            family=self.name,
            answers=answers,
            unreadable=tuple((use, tuple(dark[use])) for use in Use if use in dark),
            notes=notes,
        )

    def write(self, statement: Statement) -> bytes | None:
        """The file's one line; ``None`` where the answers are neither a yes nor a no to both."""
        said = {(answer.use, answer.preference, answer.terms) for answer in statement.answers}
        for word, preference in ((b"no", Preference.DISALLOW), (b"yes", Preference.ALLOW)):
            if said == {(use, preference, ()) for use in _GOVERNED}:
                return _NAME + b"=" + word + b"\n"
        return None


TRUST_TXT: Final = TrustTxt()


def _answers(preference: Preference, one: Located) -> tuple[Answer, ...]:
    return tuple(Answer(use, preference, (), (one.declaration.id,)) for use in _GOVERNED)


@lru_cache(maxsize=32)
def _file(body: bytes) -> _File:
    """The records of a file that speak of training; cached by content."""
    octets = body.decode("utf-16", "replace").encode() if body.startswith(_WIDE) else body
    if octets.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _File((), 0, text=True)  # a page in place of the file declares nothing (rule R15)
    first: dict[_Said, _Record] = {}
    count = 0
    for record in _records(octets):
        first.setdefault(record.said, record)
        count += 1
    return _File(tuple(first.values()), count, text=bool(count) or b"\0" not in octets)


def _records(octets: bytes) -> Iterator[_Record]:
    """The lines in question. CR, LF and CRLF end a line, nothing else does (rule R13b)."""
    for number, line in enumerate(_ENDS.split(octets), 1):
        text = trimmed(line.partition(b"#")[0])
        found = _LIKE.match(text)
        if found is None:
            continue
        named = found[1].lower() == _NAME and found[2] == b"="
        value = trimmed(found[3]).lower()
        said = _Said.UNKNOWN
        if value.strip(b"\"'").decode("latin-1") in NO:
            said = _Said.NO
        elif named and value == b"yes":
            said = _Said.YES
        exact = named and value in (b"yes", b"no")
        yield _Record(number, line.find(text) + 1, line, text, said, exact)


def _narrowed(whole: Located, record: _Record) -> Located:
    """A record as a declaration of its own."""
    source = whole.declaration
    place = f"line {record.line} column {record.column}"
    declaration = replace(
        source,
        id=identify("dec", source.family, source.carrier, source.source, place, record.octets),
        position=LinePosition(record.line, record.column),
        expression=record.text.decode("utf-8", "replace"),
        octets=record.octets,
        scope=Scope(),
    )
    return replace(whole, declaration=declaration, value=record.text)


def _about(record: _Record, one: Located) -> Note | None:
    if record.exact:
        return None
    code, severity, clause = "trust-txt-salvaged", Severity.WARNING, "rule R11"
    summary = "not as the specification writes it; read as a no"
    if record.said is _Said.UNKNOWN:
        code, severity, clause = "trust-txt-unknown-value", Severity.ERROR, "rule R27"
        shown = quote.text(record.text, 100)
        summary = f"neither yes nor no, so what it governs is in the dark: {shown}"
    position = one.declaration.position
    return Note(code, severity, summary, clause, (one.declaration.id,), position)


def _repeated(found: tuple[Located, ...]) -> Note:
    return Note(
        code="trust-txt-repeated",
        severity=Severity.WARNING,
        summary="there may be one such record only; the most restrictive of them counts",
        clause="rule R18",
        because=tuple(one.declaration.id for one in found),
    )


def _disagree(because: Iterable[tuple[str, ...]]) -> Note:
    return Note(
        code="trust-txt-files-disagree",
        severity=Severity.WARNING,
        summary="the file at the root and that at /.well-known/ disagree; the no counts",
        clause="rule R18",
        because=tuple(each for ids in because for each in ids),
    )


def _not_text(whole: Located) -> Reading:
    """The file as a whole, which governs training and was not read (rules R15, R27)."""
    declared = (whole.declaration,)
    statement = Statement(whole.declaration.family, (whole,), declared, unreadable=_GOVERNED)
    note = Note(
        code="trust-txt-not-text",
        severity=Severity.WARNING,
        summary="the file is not text",
        clause="rule R15",
        because=(whole.declaration.id,),
        position=whole.declaration.position,
    )
    return Reading((statement,), (note,))
