"""How policies and reservations of TDMRep come together, as properties and in detail."""

import json
import time
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families.tdmrep import TDMREP
from signals_agent.family import Context
from signals_agent.model.capture import Availability, Role
from signals_agent.model.declaration import Declaration, Located, Reach, Scope
from signals_agent.model.document import Document
from signals_agent.model.obligation import ObligationKind
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    PointerPosition,
    Position,
)
from signals_agent.model.statement import Preference, Reading, Settled, strictness
from signals_agent.model.use import Use

SITE = "https://site.example"
GOVERNED = {Use.TRAIN_GENERATIVE, Use.TRAIN_OTHER, Use.MODEL_INPUT, Use.OTHER_ANALYSIS}
PLACES: dict[str, Position] = {
    "well-known": PointerPosition(""),
    "http-header": FieldPosition("x", 1),
    "html-meta": ElementPosition("meta", 10),
    "embedded": ElementPosition("packet", 20),
}
CARRIERS = list(PLACES)


def policy(duty: str, **more: object) -> bytes:
    one = {"action": "tdm:mine", "duty": {"action": duty}}
    return json.dumps(
        {"profile": "http://www.w3.org/ns/tdmrep", "permission": one, **more}
    ).encode()


DOCUMENTS = {
    f"{SITE}/{name}": Document(
        f"{SITE}/{name}", Availability.PRESENT, body, b"application/ld+json", f"cap-{name}"
    )
    for name, body in {
        "consent": policy("obtainConsent"),
        "pay": policy("compensate"),
        "odd": policy("inform"),
        "page": b"<!doctype html><html><body>Ask.</body></html>",
        "never": policy("compensate", prohibition=[{"action": "tdm:mine"}]),
    }.items()
}
ABOUT = Context(f"{SITE}/a", b"/a", ("examplebot",), documents=DOCUMENTS)


def located(carrier: str, field: str, value: str, name: str = "", body: bool = False) -> Located:
    source = f"{SITE}/.well-known/tdmrep.json" if carrier == "well-known" else ABOUT.url
    octets = value.encode()
    declaration = Declaration(
        f"dec-{carrier}-{field}-{name}",
        "tdmrep",
        carrier,
        source,
        PLACES[carrier],
        value,
        octets,
        Scope(),
        "cap",
    )
    return Located(declaration, octets, Reach(restrict_only=body), field)


def said(carrier: str, reservation: int | None, named: str | None, body: bool = False) -> list:
    """What a carrier says, as units."""
    if carrier == "well-known":
        if reservation is None:
            return []
        entry = {"location": "/", "tdm-reservation": reservation}
        entry |= {"tdm-policy": named} if named else {}
        return [(located(carrier, "", json.dumps([entry])),)]
    units = []
    if reservation is not None:
        units.append((located(carrier, "tdm-reservation", str(reservation), body=body),))
    if named:
        units.append((located(carrier, "tdm-policy", named, named, body=body),))
    return units


def settled(units: list, about: Context = ABOUT) -> Settled:
    statements = [one for unit in units for one in TDMREP.read(unit, about).statements]
    return TDMREP.settle(statements, about)


def ranks(units: list, about: Context = ABOUT) -> dict[Use, int]:
    found = {one.use: strictness(one.preference) for one in settled(units, about).answers}
    return {use: found.get(use, 0) for use in Use}


NAMES = st.sampled_from([None, "/consent", "/pay", "/odd", "/page", "/never", "/gone", "mailto:x"])
SAID = st.lists(
    st.tuples(st.sampled_from(CARRIERS), st.sampled_from([None, 0, 1]), NAMES),
    max_size=4,
    unique_by=lambda one: one[0],
)


@given(SAID)
def test_a_policy_only_ever_turns_a_refusal_into_a_condition(parts: list) -> None:
    units = [unit for part in parts for unit in said(*part)]
    bare = [unit for carrier, value, _ in parts for unit in said(carrier, value, None)]
    before = {one.use: one.preference for one in settled(bare).answers}
    for answer in settled(units).answers:
        if answer.preference is Preference.CONDITIONAL:
            assert before[answer.use] is Preference.DISALLOW
            assert any(term.binding for term in answer.terms)
        else:
            assert before[answer.use] is answer.preference


@given(SAID)
def test_a_policy_that_was_not_looked_at_softens_nothing(parts: list) -> None:
    units = [unit for part in parts for unit in said(*part)]
    unseen = replace(ABOUT, documents={})
    assert all(one != strictness(Preference.CONDITIONAL) for one in ranks(units, unseen).values())
    assert all(ranks(units, unseen)[use] >= ranks(units)[use] for use in Use)


@given(SAID, NAMES, st.sampled_from([None, 0, 1]))
def test_what_stands_in_the_body_never_relaxes(parts: list, named: str | None, value: int) -> None:
    units = [unit for part in parts for unit in said(*part) if part[0] != "html-meta"]
    before, after = ranks(units), ranks([*units, *said("html-meta", value, named, body=True)])
    assert all(after[use] >= before[use] for use in Use)


@given(SAID, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_found_does_not_matter(parts: list, random) -> None:
    units = [unit for part in parts for unit in said(*part)]
    shuffled = list(units)
    random.shuffle(shuffled)
    assert settled(shuffled) == settled(units)


@given(SAID)
def test_everything_that_is_said_names_its_declarations(parts: list) -> None:
    readings = [TDMREP.read(unit, ABOUT) for part in parts for unit in said(*part)]
    statements = [one for reading in readings for one in reading.statements]
    shown = {one.id for made in statements for one in made.declarations}
    found = TDMREP.settle(statements, ABOUT)
    for answer in found.answers:
        assert set(answer.because) <= shown
        if answer.preference is Preference.CONDITIONAL:
            carriers = {
                one.carrier
                for made in statements
                for one in made.declarations
                if one.id in answer.because
            }
            assert "policy-document" in carriers
            assert len(carriers) > 1
    for note in (*found.notes, *(note for reading in readings for note in reading.notes)):
        assert set(note.because) <= shown


@pytest.mark.parametrize("lower", CARRIERS)
@pytest.mark.parametrize("higher", CARRIERS)
def test_the_policy_of_the_higher_carrier_counts(lower: str, higher: str) -> None:
    if CARRIERS.index(lower) >= CARRIERS.index(higher):
        return
    units = [*said(lower, 1, "/consent"), *said(higher, 1, "/pay")]
    for order in permutations(units):
        found = settled(list(order))
        assert {term.signal for one in found.answers for term in one.terms} == {"tdmrep:compensate"}
        assert [note.code for note in found.notes] == ["tdmrep-policy-superseded"]


def read(value: str, about: Context = ABOUT) -> Reading:
    return TDMREP.read(said("well-known", 1, value)[0], about)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/consent", f"{SITE}/consent"),
        ("consent", f"{SITE}/.well-known/consent"),
        ("//other.example/p", "https://other.example/p"),
        ("HTTPS://Site.Example:443/consent#top", f"{SITE}/consent"),
        (" /consent ", f"{SITE}/consent"),
    ],
)
def test_a_policy_is_named_by_its_absolute_address(written: str, url: str) -> None:
    (naming,) = read(written).names
    assert (naming.url, naming.role, naming.required) == (url, Role.POLICY_DOCUMENT, False)


@pytest.mark.parametrize(
    "written", ["javascript:x", "mailto:a@b", "http://", "https://[", "ftp://a/"]
)
def test_what_is_no_web_address_is_not_looked_for(written: str) -> None:
    reading = read(written)
    assert reading.names == ()
    assert [note.code for note in reading.notes] == ["tdmrep-policy-invalid"]


@pytest.mark.parametrize("octets", [b"", b" \t", b"\xff\xfe", b"\x00", b"https://\xc3\x28/", b'"'])
@pytest.mark.parametrize("carrier", ["http-header", "html-meta", "embedded"])
def test_a_policy_that_is_no_text_softens_nothing(carrier: str, octets: bytes) -> None:
    named = replace(located(carrier, "tdm-policy", ""), value=octets)
    found = settled([*said(carrier, 1, None), (named,)])
    assert {one.preference for one in found.answers} == {Preference.DISALLOW}


def test_the_permission_is_a_declaration_with_its_place() -> None:
    reading = read("/consent")
    reservation, named = reading.statements
    naming, permission = named.declarations
    assert naming == reservation.declarations[0]
    assert permission.carrier == "policy-document"
    assert permission.source == f"{SITE}/consent"
    assert permission.capture == "cap-consent"
    assert permission.position == PointerPosition("/permission")
    body = DOCUMENTS[f"{SITE}/consent"].body
    assert permission.octets in body
    assert json.loads(permission.octets)["action"] == "tdm:mine"
    assert permission.id == read("/consent").statements[1].declarations[1].id
    answer = settled([said("well-known", 1, "/consent")[0]]).answers[0]
    assert answer.because == (naming.id, permission.id)


def test_a_page_is_kept_as_a_link_that_binds_nobody() -> None:
    found = settled([said("well-known", 1, "/page")[0]])
    assert {one.use for one in found.answers} == GOVERNED
    for answer in found.answers:
        assert answer.preference is Preference.DISALLOW
        ((term, because),) = answer.overruled
        assert (term.kind, term.binding) == (ObligationKind.PERMISSION, False)
        assert term.terms_url == f"{SITE}/page"
        assert set(because) <= set(answer.because)


@pytest.mark.parametrize("state", [one for one in Availability if one is not Availability.PRESENT])
def test_however_looking_ended_the_reservation_stays(state: Availability) -> None:
    gone = {f"{SITE}/consent": Document(f"{SITE}/consent", state)}
    reading = read("/consent", replace(ABOUT, documents=gone))
    note = reading.notes[-1]
    code = "unreadable" if state is Availability.UNREADABLE else "missing"
    assert note.code == f"tdmrep-policy-{code}"
    assert str(state) in note.summary
    found = TDMREP.settle(reading.statements, ABOUT)
    assert {one.preference for one in found.answers} == {Preference.DISALLOW}


@given(st.binary(max_size=200), st.sampled_from([b"", b"text/html", b"application/ld+json"]))
def test_no_document_raises(body: bytes, content_type: bytes) -> None:
    url = f"{SITE}/consent"
    for octets in (body, policy("obtainConsent")[: len(body)] + body):
        documents = {url: Document(url, Availability.PRESENT, octets, content_type, "cap")}
        about = replace(ABOUT, documents=documents)
        found = settled([said("well-known", 1, "/consent")[0]], about)
        assert {one.use for one in found.answers} == GOVERNED
        assert all(strictness(one.preference) > 1 for one in found.answers)


def test_many_policies_do_not_take_long() -> None:
    names = [f"/consent?{index}" for index in range(3000)]
    units = [(located("http-header", "tdm-policy", each, each),) for each in names]
    units += [(located("html-meta", "tdm-policy", each, each, body=True),) for each in names]
    units += [*said("html-meta", 1, "/pay")]
    before = time.process_time()
    found = settled(units)
    assert time.process_time() - before < 3
    assert {one.preference for one in found.answers} == {Preference.DISALLOW}
