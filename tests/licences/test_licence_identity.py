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
from signals_agent.licences.identity import LONGEST, identify, identify_card
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


@pytest.mark.parametrize(
    ("written_", "ident", "spdx"),
    [
        (f"https://{CC}/licenses/by-sa/3.0/de/", "CC-BY-SA-3.0-DE", True),
        (f"https://{CC}/licenses/by-sa/3.0/de/deed.en", "CC-BY-SA-3.0-DE", True),
        (f"https://{CC}/licenses/by/3.0/igo/legalcode", "CC-BY-3.0-IGO", True),
        (f"https://{CC}/licenses/by/3.0/it/", "CC-BY-3.0-IT", False),
        (f"https://{CC}/licenses/by-nc-sa/2.5/scotland/", "CC-BY-NC-SA-2.5-SCOTLAND", False),
        ("cc-by-sa-3.0-de", "CC-BY-SA-3.0-DE", True),
        (f"https://{CC}/licenses/by/4.0/de/", "CC-BY-4.0", True),
        (f"http://{CC}/licenses/by/3.0/en", "CC-BY-3.0", True),
        (f"https://{CC}/licenses/by/", "CC-BY", False),
        (f"https://{CC}/licenses/by-nc-nd", "CC-BY-NC-ND", False),
        (f"https://{CC}/licenses/by/deed.de", "CC-BY", False),
        ("CC BY", "CC-BY", False),
        (f"http://{CC}/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0", True),
        (f"http://{CC}/licenses/by-nc-nd/1.0/", "CC-BY-NC-ND-1.0", True),
        (f"https://{CC}/publicdomain/zero/1.0/", "CC0-1.0", True),
        (f"https://{CC}/publicdomain/zero/1.0/deed.fr", "CC0-1.0", True),
        (f"https://{CC}/publicdomain/zero/1.0/legalcode", "CC0-1.0", True),
        (f"https://{CC}/publicdomain/mark/1.0/", "CC-PDM-1.0", True),
        (f"https://{CC}/publicdomain/certification/1.0/us/", "CC-PDDC", True),
        (f"https://{CC}/licenses/publicdomain/", "CC-PDDC", True),
        (f"https://{CC}/licenses/sampling+/1.0/", "CC-SAMPLING+-1.0", False),
        (f"https://{CC}/licenses/sampling%2B/1.0/", "CC-SAMPLING+-1.0", False),
        (f"https://{CC}/licenses/nc-sampling%2b/1.0/br/", "CC-NC-SAMPLING+-1.0-BR", False),
        (f"https://{CC}/licenses/devnations/2.0/", "CC-DEVNATIONS-2.0", False),
        (f"https://{CC}/licenses/sa/1.0/", "CC-SA-1.0", True),
        (f"https://{CC}/licenses/nd-nc/1.0/", "CC-ND-NC-1.0", False),
        ("Attribution-NonCommercial 4.0 International License", "CC-BY-NC-4.0", True),
        ("Creative Commons Attribution-NonCommercial 4.0", "CC-BY-NC-4.0", True),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0", True),
        ("http://www.opendatacommons.org/licenses/odbl/1.0", "ODbL-1.0", True),
        ("https://opendatacommons.org/licenses/by/summary/", "ODC-By-1.0", True),
        ("http://opendatacommons.org/licenses/pddl", "PDDL-1.0", True),
        ("odbl", "ODbL-1.0", True),
        ("odc-by", "ODC-By-1.0", True),
        ("pddl", "PDDL-1.0", True),
        ("https://cdla.dev/permissive-2-0/", "CDLA-Permissive-2.0", True),
        ("https://cdla.io/permissive-1-0", "CDLA-Permissive-1.0", True),
        ("cdla-sharing-1.0", "CDLA-Sharing-1.0", True),
        ("openrail", "openrail", False),
        ("bigscience-openrail-m", "bigscience-openrail-m", False),
        ("creativeml-openrail-m", "creativeml-openrail-m", False),
        ("openrail++", "openrail++", False),
        ("https://huggingface.co/spaces/CompVis/stable-diffusion-license",
         "creativeml-openrail-m", False),
        ("https://rightsstatements.org/vocab/InC/1.0/", "rightsstatements-InC-1.0", False),
        ("http://rightsstatements.org/page/NoC-US/1.0/?language=de",
         "rightsstatements-NoC-US-1.0", False),
        ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
         "OGL-UK-3.0", True),
        ("https://opensource.org/licenses/MIT", "MIT", True),
        ("http://www.opensource.org/licenses/mit-license.php", "MIT", True),
        ("https://spdx.org/licenses/MIT.html", "MIT", True),
        ("mit license", "MIT", True),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0", True),
        ("APACHE-2.0", "Apache-2.0", True),
        ("Apache License, Version 2.0", "Apache-2.0", True),
        ("https://www.gnu.org/licenses/gpl-3.0.en.html", "GPL-3.0-only", True),
        ("https://www.gnu.org/licenses/old-licenses/gpl-2.0.txt", "GPL-2.0-only", True),
        ("GPL-3.0+", "GPL-3.0-or-later", True),
        ("agpl-3.0", "AGPL-3.0-only", True),
        ("https://www.gnu.org/copyleft/fdl.html", "GFDL", False),
        ("gfdl", "GFDL", False),
        ("bsd-3-clause", "BSD-3-Clause", True),
        ("© 2026 Example Press. All rights reserved.", "all-rights-reserved", False),
    ],
)  # fmt: skip
def test_a_spelling(written_: str, ident: str, spdx: bool) -> None:
    found = identify(written_)
    assert (found.id, found.spdx) == (ident, ident if spdx else None)
    assert identify(f'  "{written_}" \n').id == ident


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param(f"https://{CC}/licenses/by/7.0/", id="a version that never was"),
        pytest.param(f"https://{CC}/licenses/sampling/3.0/", id="a version the unit never had"),
        pytest.param(f"https://{CC}/licenses/by-xx/4.0/", id="an element that is none"),
        pytest.param(f"https://{CC}/licenses/by/4.0/something/else", id="another page below it"),
        pytest.param(f"https://{CC}/publicdomain/by/4.0/", id="the wrong folder"),
        pytest.param(f"https://{CC}.evil.example/licenses/by/4.0/", id="a host that pretends"),
        pytest.param(f"https://evil.example/{CC}/licenses/by/4.0/", id="another host"),
        pytest.param(f"https://{CC}@evil.example/licenses/by/4.0/", id="a user name"),
        pytest.param("https://rightsstatements.org/vocab/XYZ/1.0/", id="no such statement"),
        pytest.param("https://example.org/licence", id="a page of its own"),
    ],
)
def test_another_url_is_unrecognised_and_kept(declared: str) -> None:
    found = identify(declared)
    assert found.kind is Kind.UNRECOGNISED
    assert found.url == declared.replace(f"{CC}@", "")


@pytest.mark.parametrize(
    "declared", ["", " ", "cc", "sa", "nc", "by", "sampling", "other", "unknown", "llama3", "ogl"]
)
def test_a_word_that_names_no_licence_is_unrecognised(declared: str) -> None:
    found = identify(declared)
    assert found.kind is Kind.UNRECOGNISED
    assert found.url is None
    assert declared.strip() in found.name


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
    assert ours - known <= {"CC-PDM-1.0", "CC-SA-1.0"}  # newer than some versions' list
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
)  # fmt: skip
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


@pytest.mark.parametrize(
    ("licence", "name", "link", "ident"),
    [
        ("mit", "x", "https://a.example/", "MIT"),
        ("other", "x", f"https://{CC}/licenses/by/4.0/", "CC-BY-4.0"),
        ("other", "cc-by-4.0", "LICENSE", "CC-BY-4.0"),
        ("other", "llama3", "https://llama.example/l", "unrecognised"),
        ("other", None, None, "unrecognised"),
    ],
)
def test_a_dataset_card(licence: str, name: str | None, link: str | None, ident: str) -> None:
    found = identify_card(licence, name, link)
    assert found.id == ident
    if ident == "unrecognised" and link:
        assert (found.url, found.name) == (link, name)
