"""Which licence a text means: every spelling, and whatever else is sent."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import Kind
from signals_agent.licences.expression import leaves, read, written
from signals_agent.licences.identity import LONGEST, identify
from signals_agent.licences.spellings import ALIASES, PAGES

CC = "creativecommons.org"
VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
UNITS = ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")


@pytest.mark.parametrize(("unit", "version"), list(product(UNITS, VERSIONS)))
def test_a_cc_licence_in_every_spelling(unit: str, version: str) -> None:
    expected = f"CC-{unit.upper()}-{version}"
    path = f"licenses/{unit}/{version}"
    for start in ("http://", "https://", "//", "", "HTTPS://WWW.", "http://www.", "https://u:p@"):
        for end in (
            *("", "/", "/deed", "/deed.de", "/deed.pt_BR", "/deed.zh-Hans", "/legalcode"),
            *("/legalcode.en", "/legalcode.txt", "/rdf", "/deed.en_US", "/?ref=x", "#s4", "//"),
            *("/deed.fr/", "/.", "/)"),
        ):
            assert identify(f"{start}{CC}/{path}{end}").id == expected, (start, end)
    assert identify(f"https://{CC}:443/{path.upper()}/").id == expected
    assert identify(f"https://{CC}/{path.replace('-', '%2D')}/").id == expected
    for name in (expected, expected.lower(), expected.replace("-", " "), expected[3:].lower()):
        assert identify(name).id == expected


@pytest.mark.parametrize("declared", ["", " "])
def test_nothing_is_unrecognised(declared: str) -> None:
    found = identify(declared)
    assert (found.kind, found.url) == (Kind.UNRECOGNISED, None)


def test_what_is_too_long_is_unrecognised() -> None:
    found = identify("MIT" + " " * LONGEST)
    assert found.kind is Kind.UNRECOGNISED
    assert len(identify("https://a.example/" + "x" * 10**6).url or "") == LONGEST


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_licence_is_known_by_its_own_id_name_and_url(entry: object) -> None:
    assert identify(entry.id) == entry
    assert identify(entry.name) == entry
    if url := entry.url:
        assert identify(url).url == url
        assert identify(url).kind is entry.kind


def test_ids_are_unique_and_aliases_lead_somewhere() -> None:
    ids = [entry.id.lower() for entry in ENTRIES]
    assert len(ids) == len(set(ids))
    assert {*ALIASES.values(), *PAGES.values()} <= set(ids)
    assert not set(ALIASES) & set(ids)


def test_every_spdx_id_is_one_of_the_list_of_spdx() -> None:
    import license_expression

    index = Path(license_expression.__file__).parent / "data" / "scancode-licensedb-index.json"
    listed = json.loads(index.read_text("utf-8"))
    known = {each.get("spdx_license_key") for each in listed}
    ours = {entry.spdx for entry in ENTRIES if entry.spdx}
    assert len(ours) > 100
    assert ours - known <= {"CC-PDM-1.0", "CC-SA-1.0", "CC-BY-NC-3.0-IGO", "OpenMDW-1.0"}  # newer
    # And the other way: no id of Creative Commons on the list is missed.
    cc = {each for each in known if each and each.startswith(("CC-BY", "CC0", "CC-SA", "CC-PDDC"))}
    assert {identify(each).spdx for each in cc} == cc


PIECES = st.sampled_from(
    [
        *("https://", "http://", "//", "www.", f"{CC}/", "licenses/", "publicdomain/", "by", "-nc"),
        *("-sa", "4.0", "3.0", "/", "/de", "deed", ".en", "legalcode", "?", "#", "%2B", "%ff", "@"),
        *("MIT", " OR ", " AND ", " WITH ", "(", ")", "+", "CC-", "GPL-2.0-only"),
        *("rightsstatements.org/vocab/", "InC", "\x00", "\ud800", "٤", "é", "."),
    ]
)
ANYTHING = st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join))


@example("//@")
@given(ANYTHING)
def test_whatever_is_sent_never_raises_and_its_url_means_the_same(declared: str) -> None:
    found = identify(declared)
    assert (found.kind is Kind.UNRECOGNISED) is (found.id == "unrecognised")
    if found.url is not None:
        again = identify(found.url)
        assert (again.kind, again.url) == (found.kind, found.url)


@given(ANYTHING)
def test_whatever_is_read_as_an_expression_never_raises(declared: str) -> None:
    terms = read(declared)
    known = [leaf for leaf in leaves(terms) if leaf.kind is not Kind.UNRECOGNISED]
    assert known or terms == identify(declared)
    for leaf in known:
        assert identify(leaf.id.partition(" WITH ")[0]).kind is leaf.kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("(mit OR apache-2.0) AND gpl-2.0", "(MIT OR Apache-2.0) AND GPL-2.0-only"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("MIT OR MIT", "MIT"),
        ("Apache-2.0+ OR MIT", "Apache-2.0 OR MIT"),
        ("MIT OR LicenseRef-ours", "MIT OR LicenseRef-ours"),
        ("MIT OR OR", "MIT OR OR"),
        ("MIT AND (", "MIT AND ("),
        ("MIT OR " * 200 + "MIT", "MIT OR " * 200 + "MIT"),
        ("free to copy AND share", "free to copy AND share"),
        ("MIT or Apache-2.0", "MIT or Apache-2.0"),
        ("WITH", "WITH"),
    ],
)
def test_an_expression(text: str, shown: str) -> None:
    assert written(read(text)) == shown


def test_deep_parentheses_are_no_fault() -> None:
    deep = "MIT OR (ISC AND " * 55 + "BSD" + ")" * 55
    assert {leaf.id for leaf in leaves(read(deep))} == {"MIT", "ISC", "BSD"}
    assert written(read("(" * 450 + "MIT OR ISC" + ")" * 450)) == "MIT OR ISC"
    assert read("(" * 450 + "MIT OR ISC").id == "unrecognised"


HOSTILE = {
    "ten thousand characters": "x" * 10_000,
    "two parentheses that never close": "(( AND MIT",
    "parentheses ten thousand deep": "(" * 10_000 + "MIT AND ISC" + ")" * 10_000,
    "parentheses that never close": "(" * 990 + " AND MIT",
    "an operator over and over": "AND " * 2_500,
    "a short run of operators": "MIT " + "AND " * 200 + "ISC",
    "an expression of ten thousand characters": "MIT AND " * 1_250 + "ISC",
    "control characters": "MIT\x00AND\x01ISC\x1b[31m AND MIT",
    "lone surrogates": "\ud800 AND \udfff",
    "bidirectional marks": "MIT\u202e OR \u2066ISC",
    "a deed with a long tail": f"https://{CC}/licenses/by/4.0/deed" + "." * 10_000,
    "slashes": f"https://{CC}" + "/" * 10_000,
    "percent signs": f"https://{CC}/licenses/" + "%" * 10_000,
}


@pytest.mark.parametrize("declared", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_unrecognised_and_cut(declared: str) -> None:
    for found in (identify(declared), read(declared)):
        assert leaves(found)[0].kind is Kind.UNRECOGNISED
        assert len(written(found)) <= LONGEST


SYMBOLS = st.sampled_from(
    [
        *("MIT", "ISC", "GPL-2.0-only", "x", ":", "-", "+", ".", " ", "\n"),
        *(" AND ", " OR ", " WITH ", "(", ")", "Classpath-exception-2.0"),
    ]
)


@given(st.lists(SYMBOLS, max_size=60).map("".join))
def test_whatever_keeps_to_the_characters_of_an_expression_never_raises(declared: str) -> None:
    terms = read(declared)
    assert leaves(terms)
    assert written(terms)


@pytest.mark.parametrize(
    "declared",
    [
        f"https://{CC}/licenses/by/4.0/?x noncommercial only",
        f"https://{CC}/licenses/by/4.0/#a https://{CC}/licenses/by-nc-nd/4.0/",
        "MIT WITH Commons-Clause",
        "Apache-2.0 WITH No-Training",
    ],
)
def test_what_says_more_than_a_licence_is_not_that_licence(declared: str) -> None:
    assert leaves(read(declared))[0].kind is Kind.UNRECOGNISED
    assert written(read(declared)) == declared
