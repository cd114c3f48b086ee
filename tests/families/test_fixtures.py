"""Every declaration fixture, and what must hold of the families as a set."""

import base64
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families import FAMILIES, by_name
from signals_agent.family import Context, Family
from signals_agent.model.capture import Availability
from signals_agent.model.declaration import Declaration, Located, Reach, Scope, Subject
from signals_agent.model.document import Document, Naming
from signals_agent.model.ids import identify
from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
    Position,
)
from signals_agent.model.statement import Settled, Statement
from signals_agent.model.use import Use
from signals_agent.robots import match

ROOT = Path(__file__).parents[2] / "fixtures" / "declarations"
FILES = sorted(ROOT.rglob("*.toml"))

KEYS = {"title": str, "rules": list, "clause": str, "context": dict}
KEYS |= {"declaration": list, "expect": dict}
CONTEXT = {"url": str, "tokens": list, "vocabulary": str, "media": str, "now": datetime}
CONTEXT |= {"vendors": list, "user": str, "country": str, "status": int, "documents": dict}
DOCUMENT = {"body": str, "body_base64": str, "availability": str, "content_type": str}
DOCUMENT |= {"repeat": int, "fetched_at": datetime}
DECLARATION = {"carrier": str, "field": str, "value": str, "value_base64": str, "repeat": int}
DECLARATION |= {"unit": str, "pattern": str, "bucket": str, "restrict_only": bool}
DECLARATION |= {"literal": bool, "source": str, "around": bool}
DECLARATION |= {"scope": str, "parts": list, "within": str, "details": dict}
EXPECT = {"notes": list, "answers": dict, "signals": dict, "literal": dict, "unreadable": list}
EXPECT |= {"pointers": list, "valid_until": datetime, "overruled": dict}
EXPECT |= {"licences": list, "contacts": list, "names": list, "to": dict}
EXPECT |= {"beneficiary": dict, "kinds": dict}


@dataclass(frozen=True)
class Outcome:
    settled: Settled
    statements: tuple[Statement, ...]
    notes: tuple[Note, ...]
    names: tuple[Naming, ...] = ()


def load(file: Path) -> dict[str, Any]:
    case = tomllib.loads(file.read_text("utf-8"))
    tables = [(case, KEYS), (case.get("context", {}), CONTEXT), (case["expect"], EXPECT)]
    tables += [(one, DECLARATION) for one in case["declaration"]]
    tables += [(one, DOCUMENT) for one in case.get("context", {}).get("documents", {}).values()]
    for table, allowed in tables:
        for key, value in table.items():
            assert key in allowed, f"{file.name}: unknown key {key}"
            assert isinstance(value, allowed[key]), f"{file.name}: {key} has another type"
    assert case["rules"], f"{file.name} cites no rule"
    return case


CASES = {file: load(file) for file in FILES}


def context(case: dict[str, Any]) -> Context:
    told = dict(case.get("context", {}))
    url = told.pop("url", "https://site.example/")
    tokens = tuple(told.pop("tokens", ["examplebot"]))
    target = match.target("/" + url.split("/", 3)[3])
    vendors = tuple(told.pop("vendors", []))
    documents = {at: document(at, one) for at, one in told.pop("documents", {}).items()}
    return Context(
        url=url, target=target, tokens=tokens, vendors=vendors, documents=documents, **told
    )


def document(url: str, told: dict[str, Any]) -> Document:
    body = told.get("body", "").encode() or base64.b64decode(told.get("body_base64", ""))
    return Document(
        url,
        Availability(told.get("availability", "present")),
        body * told.get("repeat", 1),
        told.get("content_type", "").encode(),
        "cap-document",
        told.get("fetched_at"),
    )


def units(family: Family, case: dict[str, Any]) -> list[tuple[Located, ...]]:
    found: dict[str, list[Located]] = {}
    about = context(case)
    for index, one in enumerate(case["declaration"]):
        octets = base64.b64decode(one["value_base64"]) if "value_base64" in one else b""
        octets = octets or one.get("value", "").encode()
        octets *= one.get("repeat", 1)
        carrier = one["carrier"]
        length = 0
        written = b""
        if "pattern" in one:
            compiled = match.pattern(one["pattern"].encode())
            assert compiled.matches(about.target), "the pattern does not match the URL"
            length = compiled.length
            written = one["pattern"].encode() + b" "
        position: Position
        line = octets
        match carrier:
            case "http-header":
                position = FieldPosition(one["field"], index + 1)
            case "robots-txt":
                line = b"Content-Usage: " + written + octets
                position = LinePosition(index + 2, 16)
            case "well-known" | "site-file" | "http-body":
                position = PointerPosition("")
            case _:
                position = ElementPosition("meta", 100 * index)
        source = one.get("source", about.url)
        declaration = Declaration(
            id=identify("dec", family.name, carrier, source, repr(position), line),
            family=family.name,
            carrier=carrier,
            source=source,
            position=position,
            expression=octets.decode("utf-8", "replace"),
            octets=line,
            scope=Scope(path=one.get("pattern")),
            capture="cap-1",
        )
        reach = Reach(
            bucket=one.get("bucket", "robots" if carrier == "robots-txt" else ""),
            length=length,
            restrict_only=one.get("restrict_only", False),
            literal=one.get("literal", carrier in ("http-header", "robots-txt")),
            index=index,
            around=one.get("around", False),
        )
        subject = Subject(
            LicenceScope(one.get("scope", "page")), tuple(one.get("parts", [])), one.get("within")
        )
        details = tuple(one.get("details", {}).items())
        located = Located(declaration, octets, reach, one["field"], subject, details)
        found.setdefault(one.get("unit", str(index)), []).append(located)
    return [tuple(unit) for unit in found.values()]


def outcome(family: Family, case: dict[str, Any], order: int = 1) -> Outcome:
    about = context(case)
    readings = [family.read(unit, about) for unit in units(family, case)]
    statements = tuple(one for reading in readings for one in reading.statements)
    settled = family.settle(statements[::order], about)
    notes = tuple(note for reading in readings for note in reading.notes) + settled.notes
    names = tuple(
        one for reading in readings for one in reading.names if one.url not in about.documents
    )
    return Outcome(settled, statements, notes, names)


def family_of(file: Path) -> Family:
    family = by_name(file.parent.name)
    assert family is not None, f"no family is called {file.parent.name}"
    return family


every_case = pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}: {CASES[file]['title']}"
)
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@every_case
def test_a_fixture_comes_to_what_it_expects(file: Path) -> None:
    case = CASES[file]
    expected = case["expect"]
    found = outcome(family_of(file), case)
    settled = found.settled
    assert {str(one.use): str(one.preference) for one in settled.answers} == expected.get(
        "answers", {}
    )
    signals = {str(one.use): {t.signal for t in one.terms} for one in settled.answers if one.terms}
    assert signals == {use: set(named) for use, named in expected.get("signals", {}).items()}
    overruled = {
        str(one.use): {term.signal for term, _ in one.overruled}
        for one in settled.answers
        if one.overruled
    }
    assert overruled == {use: set(named) for use, named in expected.get("overruled", {}).items()}
    assert {str(one.use): str(one.preference) for one in settled.literal} == expected.get(
        "literal", {}
    )
    assert [str(use) for use, _ in settled.unreadable] == expected.get("unreadable", [])
    assert sorted({note.code for note in found.notes}) == expected["notes"]
    assert settled.valid_until == expected.get("valid_until")
    licences = [
        {"label": one.label, "scope": str(one.scope), "governs": one.governs}
        | ({"parts": list(one.parts)} if one.parts else {})
        for one in settled.licences
    ]
    assert licences == expected.get("licences", [])
    contacts = [{"kind": str(one.kind), "url": one.url} for one in settled.contacts]
    assert contacts == expected.get("contacts", [])
    terms = [(one.use, term) for one in settled.answers for term in one.terms]
    seen = {
        "names": [one.url for one in found.names],
        "to": {term.signal: term.party.name for _, term in terms if term.party},
        "beneficiary": {one.signal: one.beneficiary.name for _, one in terms if one.beneficiary},
        "kinds": {
            str(one.use): sorted({str(term.kind) for term in one.terms}) for one in settled.answers
        },
    }
    for key, value in seen.items():
        assert value == expected.get(key, value)
    if "pointers" in expected:
        shown = [one.position for made in found.statements for one in made.declarations]
        pointers = [at.pointer for at in shown if isinstance(at, PointerPosition)]
        assert pointers == expected["pointers"]


@every_case
def test_what_is_said_names_its_declarations(file: Path) -> None:
    found = outcome(family_of(file), CASES[file])
    shown = {one.id for made in found.statements for one in made.declarations}
    for answer in (*found.settled.answers, *found.settled.literal):
        assert answer.because
        assert set(answer.because) <= shown
        for _, because in answer.overruled:
            assert because
            assert set(because) <= shown
    for _, because in found.settled.unreadable:
        assert set(because) <= shown
    for one in (*found.settled.licences, *found.settled.contacts):
        assert one.because
        assert set(one.because) <= shown
    for note in found.notes:
        assert note.because
        assert set(note.because) <= shown


@every_case
def test_the_order_of_statements_does_not_matter(file: Path) -> None:
    family, case = family_of(file), CASES[file]
    assert outcome(family, case, order=-1).settled == outcome(family, case).settled


@every_case
def test_what_is_written_reads_back(file: Path) -> None:
    family, case = family_of(file), CASES[file]
    about = replace(context(case), vocabulary="cumulative", media="", now=None, vendors=())
    for statement in outcome(family, case).statements:
        written = family.write(statement)
        if written is None:
            continue
        # What is written goes where the family listens first; some know only a whole file.
        listen = next((one for one in family.listens if one.field != "link"), None)
        declaration = replace(
            statement.declarations[0],
            carrier=listen.carrier if listen else "site-file",
            source=about.url,
            position=FieldPosition(listen.field, 1) if listen else PointerPosition(""),
        )
        again = Located(declaration, written, Reach(), listen.field if listen else "")
        (read,) = family.read((again,), about).statements
        assert said(read) == said(statement)


def said(statement: Statement) -> set[tuple[object, ...]]:
    return {(one.use, one.preference, one.terms) for one in statement.answers} | {
        (one.label, one.url) for one in statement.licences[:1]
    }


@every_family
def test_every_family_writes_something(family: Family) -> None:
    cases = [CASES[file] for file in FILES if family_of(file) is family]
    made = [one for case in cases for one in outcome(family, case).statements]
    written = {family.write(one) for one in made} - {None}
    assert len(written) > 2 or family.name in ("tdmrep", "trust-txt")
    assert len(written) >= 2


@every_family
def test_a_family_lists_exactly_the_codes_that_its_fixtures_leave(family: Family) -> None:
    cases = [CASES[file] for file in FILES if family_of(file) is family]
    left = {note.code for case in cases for note in outcome(family, case).notes}
    assert left == set(family.codes)
    assert len(set(family.codes)) == len(family.codes)


def test_no_two_families_leave_the_same_code() -> None:
    codes = [code for family in FAMILIES for code in family.codes]
    assert len(codes) == len(set(codes))


@every_case
def test_a_note_cites_a_clause_and_is_one_printable_line(file: Path) -> None:
    for note in outcome(family_of(file), CASES[file]).notes:
        assert re.fullmatch(
            r"rule R\d+[a-e]?|rules#licences-[a-z]+|RFC \d+( [\d.]+)?|(vocab|attach)-\d+#\S+",
            note.clause,
        )
        assert note.summary.isprintable()
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", note.code)


def test_families_have_their_names_and_no_other() -> None:
    assert [family.name for family in FAMILIES] == [
        "aipref",
        "content-signal",
        "tdmrep",
        "rsl",
        "ai-txt",
        "trust-txt",
        "plus",
        "cawg",
        "robots-meta",
        "access",
        "licence",
    ]
    assert all(by_name(family.name) is family for family in FAMILIES)
    assert by_name("c2pa") is None


PIECES = st.sampled_from(
    b'train-ai|ai-use|search|use|noai|unavailable_after|=|;|,|:| |\t|\xc2\xa0|"|\\|n|y|no|yes|0|1'
    b'|?0|%|(|)|exceptions|cc-cr|cc-cr-op|reference|[|]|{|}|"location":"/"|"tdm-reservation"|:1'
    b"|25 Jun 2026 15:00 PST|\xff|\x00"
    b"|User-agent:|Disallow:|Allow:|*.jpg|/|\r|\n|datatrainingallowed=".split(b"|")
)
OCTETS = st.binary(max_size=60) | st.lists(PIECES, max_size=40).map(b"".join)


@every_family
@given(lines=st.lists(OCTETS, min_size=1, max_size=3), place=st.integers(0, 5), only=st.booleans())
def test_reading_and_settling_never_raise(
    family: Family, lines: list[bytes], place: int, only: bool
) -> None:
    carrier, position = [
        ("http-header", FieldPosition("x", 1)),
        ("robots-txt", LinePosition(1, 3)),
        ("html-meta", ElementPosition("meta", 0)),
        ("well-known", PointerPosition("")),
        ("json-ld", ElementPosition("script", 0, "/license")),
        ("dataset-card", LinePosition(1, 1)),
    ][place]
    fields = [one.field for one in family.listens if one.carrier == carrier]
    field = next(iter(fields), family.listens[0].field if family.listens else "")
    unit = tuple(
        Located(
            Declaration(
                id=f"dec-{index}",
                family=family.name,
                carrier=carrier,
                source="https://site.example/",
                position=position,
                expression="",
                octets=b"X: " + line,
                scope=Scope(),
                capture="cap",
            ),
            line,
            Reach(restrict_only=only, literal=not only, index=index),
            field,
        )
        for index, line in enumerate(lines if place == 0 else lines[:1])
    )
    about = Context("https://site.example/", b"/", ("examplebot",))
    reading = family.read(unit, about)
    settled = family.settle(reading.statements, about)
    assert {answer.use for answer in settled.answers} <= set(Use)
    if only and reading.statements:
        assert "allow" not in {str(answer.preference) for answer in settled.answers}
    for statement in reading.statements:
        family.write(statement)
