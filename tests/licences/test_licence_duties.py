"""What each licence asks its recipient to do, in words."""

import pytest

from signals_agent.licences import activities, duties
from signals_agent.licences.catalogue import BY_ID, ENTRIES
from signals_agent.licences.duty_table import ANY, DUTIES, SAYS
from signals_agent.licences.entry import Entry
from signals_agent.licences.expression import read
from signals_agent.licences.identity import identify
from signals_agent.model.obligation import ObligationKind

ASKED = [
    pytest.param(entry, kind, id=f"{entry.id} {kind}")
    for entry in ENTRIES
    for kind in activities.conditions(entry)
]


@pytest.mark.parametrize(("entry", "kind"), ASKED)
def test_a_duty_is_a_sentence_that_names_the_licence(entry: Entry, kind: ObligationKind) -> None:
    text = duties.text(entry, kind)
    assert text[0].isupper()
    assert text.endswith(").")
    assert f"({entry.id}" in text
    assert "{" not in text
    assert text.count(". ") <= 1


@pytest.mark.parametrize(
    ("licence", "kind", "said", "where"),
    [
        ("CC-BY-4.0", "credit", "say what was changed", "(CC-BY-4.0, section 3(a)(1))."),
        ("CC-BY-3.0", "credit", "in an adaptation", "sections 3(b) and 4(b))."),
        ("CC-BY-SA-3.0", "credit", "in an adaptation", "sections 3(b) and 4(c))."),
        ("CC-BY-NC-SA-3.0", "credit", "in an adaptation", "sections 3(b) and 4(d))."),
        ("CC-BY-NC-3.0-IGO", "credit", "in an adaptation", "sections 3(b) and 4(c))."),
        ("CC-BY-2.0", "credit", "how the work is used", "(CC-BY-2.0, section 4(b))."),
        ("CC-BY-NC-ND-2.5", "credit", "Name the author", "(CC-BY-NC-ND-2.5, section 4(c))."),
        ("CC-BY-3.0-DE", "credit", "in an adaptation", "(CC-BY-3.0-DE)."),
        ("CC-BY", "credit", "say what was changed", "(CC-BY)."),
        ("CC-BY-SA-4.0", "share-alike", "a later version", "section 3(b))."),
        ("CC-BY-SA-3.0", "share-alike", "a port with the same elements", "section 4(b))."),
        ("CC-BY-SA-1.0", "share-alike", "under CC-BY-SA-1.0 itself", "section 4(b))."),
        ("CC-BY-NC-4.0", "non-commercial", "commercial advantage", "sections 1 and 2(a)(1))."),
        ("CC-BY-NC-2.0", "non-commercial", "commercial advantage", "section 4(b))."),
        ("CC-BY-NC-SA-2.0", "non-commercial", "commercial advantage", "section 4(c))."),
        ("CC-BY-ND-4.0", "no-derivatives", "unaltered", "sections 2(a)(1)(B) and 3(a))."),
        ("CC-BY-ND-2.0", "no-derivatives", "unaltered", "(CC-BY-ND-2.0, section 3)."),
        ("CC-SA-1.0", "notice", "Keep the notices", "(CC-SA-1.0, section 4(a))."),
        ("ODbL", "credit", "name the database", "(ODbL-1.0, sections 4.2 and 4.3)."),
        ("ODbL", "share-alike", "machine-readable form", "sections 4.4 and 4.6)."),
        ("ODC-By", "credit", "name the database", "(ODC-By-1.0, sections 4.2 and 4.3)."),
        ("CDLA-Permissive-2.0", "notice", "text of the agreement", "section 2.1)."),
        ("CDLA-Permissive-1.0", "notice", "files that were changed", "section 3.1)."),
        ("CDLA-Sharing-1.0", "share-alike", "unmodified", "sections 3.1 to 3.3)."),
        ("OGL-UK-3.0", "credit", "attribution statement", "heading 'You must')."),
        ("DL-DE-BY-2.0", "credit", "data was changed", "paragraphs 2 and 3)."),
        ("Apache-2.0", "notice", "NOTICE file", "(Apache-2.0, section 4)."),
        ("MIT", "notice", "copyright notice", "(MIT)."),
        ("BSD-3-Clause", "notice", "disclaimer", "(BSD-3-Clause)."),
        ("GPL-2.0-or-later", "notice", "what was changed and when", "sections 1 to 3)."),
        ("AGPL-3.0-only", "share-alike", "over a network", "sections 5, 6, 10 and 13)."),
        ("GFDL-1.3-or-later", "notice", "History", "sections 2 and 4)."),
        ("LAL-1.3", "credit", "Name every author", "sections 2.2 and 2.3)."),
        ("openrail", "use-restrictions", "bind whoever receives it", "(openrail, Attachment A)."),
    ],
)
def test_what_must_be_done_and_where_it_stands(
    licence: str, kind: str, said: str, where: str
) -> None:
    text = duties.text(identify(licence), ObligationKind(kind))
    assert said in text
    assert text.endswith(where)


def test_an_exception_leaves_the_duties_of_its_licence() -> None:
    terms = read("GPL-2.0-only WITH Classpath-exception-2.0")
    assert isinstance(terms, Entry)
    text = duties.text(terms, ObligationKind.NOTICE)
    assert text.endswith("(GPL-2.0-only WITH Classpath-exception-2.0, sections 1 to 3).")
    assert duties.says_changes(terms)


def test_what_no_licence_asks_for_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="No licence asks for payment"):
        duties.text(identify("MIT"), ObligationKind.PAYMENT)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        *((f"CC-{unit}-4.0", True) for unit in ("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-ND")),
        *((f"CC-BY-SA-{version}", True) for version in ("1.0", "2.0", "2.5", "3.0")),
        *((f"CC-BY-ND-{version}", False) for version in ("1.0", "2.0", "2.5", "3.0")),
        *(("CC-BY-NC-ND-3.0-DE", False), ("CC-BY", True), ("CC-BY-ND", True)),
        *(("CC0-1.0", False), ("CC-PDM-1.0", False), ("CC-SA-1.0", False)),
        *(("ODC-By", False), ("ODbL", False), ("PDDL", False)),
        *(("CDLA-Permissive-1.0", True), ("CDLA-Sharing-1.0", True)),
        *(("CDLA-Permissive-2.0", False), ("OGL-UK-3.0", False), ("OGL-Canada-2.0", False)),
        *(("DL-DE-BY-2.0", True), ("NLOD-2.0", True), ("etalab-2.0", False)),
        *(("NCGL-UK-2.0", False), ("MIT", False), ("BSD-3-Clause", False), ("ISC", False)),
        *(("Apache-2.0", True), ("ECL-2.0", True), ("AFL-3.0", True), ("OSL-3.0", True)),
        *(("GPL-2.0-only", True), ("GPL-3.0-or-later", True), ("LGPL-2.1-only", True)),
        *(("AGPL-3.0-only", True), ("GPL", True), ("GFDL", True), ("GFDL-1.2-only", True)),
        *(("MPL-2.0", False), ("EPL-2.0", False), ("EUPL-1.2", True), ("OFL-1.1", False)),
        *(("LAL-1.3", True), ("Zlib", True), ("openrail", True), ("OpenMDW-1.0", False)),
        *(("All rights reserved", False), ("https://a.example/terms", False)),
    ],
)
def test_whether_the_licence_asks_to_say_what_was_changed(licence: str, expected: bool) -> None:
    assert duties.says_changes(identify(licence)) is expected


def test_every_name_in_the_tables_is_that_of_a_licence() -> None:
    stems = {ident.removesuffix("-only").removesuffix("-or-later") for ident in BY_ID}
    names = {
        *stems,
        *(stem.partition("-")[0] for stem in stems),
        *(entry.family for entry in ENTRIES),
        *(f"{entry.family}/{entry.version}" for entry in ENTRIES),
        *("creativecommons/early-nd", ANY),
    }
    for table in (*DUTIES.values(), SAYS):
        assert {name.lower() for name in table} <= {name.lower() for name in names}
    assert set(DUTIES) == {kind for entry in ENTRIES for kind in activities.conditions(entry)}
