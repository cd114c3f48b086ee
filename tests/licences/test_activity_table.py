"""What the cells of the activity table rest on, and how expressions are judged by them."""

import pytest

from signals_agent.licences import activities
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import UNDECIDED, Entry, Kind
from signals_agent.licences.expression import read
from signals_agent.licences.risk_table import TABLE
from signals_agent.model.licence import Activity, ActivityAnswer


@pytest.mark.parametrize("kind", Kind)
def test_every_cell_says_why_and_what_to_do_instead(kind: Kind) -> None:
    assert set(TABLE[kind]) == set(Activity)
    for cell in TABLE[kind].values():
        assert cell.reason.endswith(".")
        assert (cell.instead is None) is (cell.answer is ActivityAnswer.OK)


def test_every_answer_names_the_text_it_rests_on() -> None:
    for entry in ENTRIES:
        for terms in activities.row(entry).values():
            assert terms.clause is not None
            assert terms.clause.startswith(entry.id + ", ")
            assert (terms.terms_url is None) is (entry.url is None)


@pytest.mark.parametrize("kind", sorted(UNDECIDED))
def test_what_is_no_licence_is_never_better_than_caution(kind: Kind) -> None:
    assert ActivityAnswer.OK not in {cell.answer for cell in TABLE[kind].values()}


@pytest.mark.parametrize(
    ("licence", "activity", "clause"),
    [
        ("CC-BY-4.0", Activity.RESEARCH_INTERNAL, "CC-BY-4.0, section 2(a)(1)"),
        ("CC-BY-4.0", Activity.MIRROR, "CC-BY-4.0, section 3(a)"),
        ("CC-BY-SA-4.0", Activity.REDISTRIBUTE_MODIFIED, "CC-BY-SA-4.0, sections 3(a) and 3(b)"),
        ("CC-BY-SA-4.0", Activity.RELEASE_WEIGHTS, "CC-BY-SA-4.0, sections 3(a) and 3(b)"),
        (
            "CC-BY-ND-4.0",
            Activity.RELEASE_WEIGHTS,
            "CC-BY-ND-4.0, section 2(a)(1), which grants no sharing of Adapted Material",
        ),
        (
            "CC-BY-NC-4.0",
            Activity.COMMERCIAL_PRODUCT,
            "CC-BY-NC-4.0, section 2(a)(1), which grants for NonCommercial purposes only",
        ),
        ("CC-BY-3.0", Activity.PUBLISH_METRICS, "CC-BY-3.0, section 3"),
        ("CC-BY-NC-3.0", Activity.COMMERCIAL_PRODUCT, "CC-BY-NC-3.0, section 4"),
        ("CC-BY-ND-3.0", Activity.REDISTRIBUTE_MODIFIED, "CC-BY-ND-3.0, section 3"),
        ("CC-BY-NC-ND-2.5", Activity.COMMERCIAL_PRODUCT, "CC-BY-NC-ND-2.5, sections 3 and 4"),
        ("CC0-1.0", Activity.MIRROR, "CC0-1.0, section 2"),
        ("PDDL", Activity.MIRROR, "PDDL-1.0, section 3.1"),
        ("ODbL", Activity.MIRROR, "ODbL-1.0, sections 4.2 and 4.3"),
        ("ODbL", Activity.REDISTRIBUTE_MODIFIED, "ODbL-1.0, sections 4.4 and 4.6"),
        ("ODC-By", Activity.REDISTRIBUTE_MODIFIED, "ODC-By-1.0, section 4.2"),
        ("ODC-By", Activity.RELEASE_WEIGHTS, "ODC-By-1.0, section 4.3"),
        ("CDLA-Permissive-1.0", Activity.MIRROR, "CDLA-Permissive-1.0, section 3.1"),
        ("CDLA-Permissive-1.0", Activity.RELEASE_WEIGHTS, "CDLA-Permissive-1.0, section 3.4"),
        ("CDLA-Permissive-2.0", Activity.RESEARCH_INTERNAL, "CDLA-Permissive-2.0, section 1.1"),
        ("CDLA-Permissive-2.0", Activity.REDISTRIBUTE_MODIFIED, "CDLA-Permissive-2.0, section 2.1"),
        ("CDLA-Permissive-2.0", Activity.RELEASE_WEIGHTS, "CDLA-Permissive-2.0, section 3.1"),
        ("OGL-UK-3.0", Activity.MIRROR, "OGL-UK-3.0, the heading 'You must'"),
        (
            "NCGL-UK-2.0",
            Activity.COMMERCIAL_PRODUCT,
            "NCGL-UK-2.0, the heading 'You are not permitted to'",
        ),
        ("DL-DE-BY-2.0", Activity.REDISTRIBUTE_MODIFIED, "DL-DE-BY-2.0, paragraphs 2 and 3"),
        ("NLOD-2.0", Activity.MIRROR, "NLOD-2.0, section 5"),
        ("LAL-1.3", Activity.REDISTRIBUTE_MODIFIED, "LAL-1.3, section 2.3"),
        ("GFDL-1.3-only", Activity.REDISTRIBUTE_MODIFIED, "GFDL-1.3-only, section 4"),
        ("GPL-2.0-only", Activity.REDISTRIBUTE_MODIFIED, "GPL-2.0-only, sections 2 and 3"),
        ("GPL-2.0-only", Activity.PUBLISH_SAMPLES, "GPL-2.0-only, section 0"),
        ("GPL-3.0-or-later", Activity.MIRROR, "GPL-3.0-or-later, sections 4 and 6"),
        ("AGPL-3.0-only", Activity.RELEASE_WEIGHTS, "AGPL-3.0-only, sections 5, 6 and 13"),
        ("LGPL-2.1-only", Activity.MIRROR, "LGPL-2.1-only, sections 1 and 4"),
        ("Apache-2.0", Activity.MIRROR, "Apache-2.0, section 4"),
        ("MPL-2.0", Activity.REDISTRIBUTE_MODIFIED, "MPL-2.0, section 3"),
        ("EUPL-1.2", Activity.MIRROR, "EUPL-1.2, Article 5"),
        ("openrail", Activity.MIRROR, "openrail, the use-based restrictions (Attachment A)"),
        ("openrail", Activity.PUBLISH_SAMPLES, "openrail, the paragraph on outputs"),
        (
            "rightsstatements-InC-1.0",
            Activity.MIRROR,
            "rightsstatements-InC-1.0, a statement about rights, which grants none",
        ),
        ("x-unknown", Activity.MIRROR, "no text that is known"),
    ],
)
def test_the_clause(licence: str, activity: Activity, clause: str) -> None:
    assert activities.ask(read(licence), activity).clause == clause


@pytest.mark.parametrize(
    ("expression", "activity", "answer", "conditions"),
    [
        pytest.param(
            "MIT OR CC-BY-NC-4.0", "commercial-product", "ok", {"notice"}, id="the freer of two"
        ),
        pytest.param(
            "MIT AND CC-BY-NC-4.0",
            "commercial-product",
            "no",
            {"notice", "non-commercial"},
            id="both at once",
        ),
        pytest.param(
            "CC-BY-SA-4.0 AND CC-BY-NC-4.0",
            "mirror",
            "ok",
            {"credit", "share-alike", "non-commercial"},
            id="the conditions of both",
        ),
        pytest.param("CC0-1.0 OR MIT", "mirror", "ok", set(), id="the one that asks nothing"),
        pytest.param(
            "MIT AND LicenseRef-x", "mirror", "no", {"notice"}, id="one of them unrecognised"
        ),
    ],
)
def test_expressions(expression: str, activity: str, answer: str, conditions: set[str]) -> None:
    found = activities.ask(read(expression), Activity(activity))
    assert (found.answer, set(found.conditions)) == (answer, conditions)


@pytest.mark.parametrize(
    ("licence", "url"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"),
        ("CC-BY-3.0-DE", "https://creativecommons.org/licenses/by/3.0/de/legalcode"),
        ("CC-BY-SA-2.1-JP", "https://creativecommons.org/licenses/by-sa/2.1/jp/legalcode"),
        ("CC-BY-2.1", "https://creativecommons.org/licenses/by/2.1/"),
        ("CC-SA-2.0", "https://creativecommons.org/licenses/sa/2.0/"),
        ("CC-SA-1.0", "https://creativecommons.org/licenses/sa/1.0/legalcode"),
        ("CC-PDM-1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC-BY", "https://creativecommons.org/licenses/by/"),
        ("MIT", "https://opensource.org/license/mit"),
    ],
)
def test_where_the_text_is(licence: str, url: str) -> None:
    assert activities.ask(read(licence), Activity.MIRROR).terms_url == url


def test_only_the_activities_asked_for_in_the_order_of_the_table() -> None:
    wanted = (Activity.MIRROR, Activity.RESEARCH_INTERNAL)
    assert list(activities.row(read("MIT"), wanted)) == [wanted[1], wanted[0]]


@pytest.mark.parametrize(
    ("licence", "activity", "asked"),
    [
        ("CC-BY-NC-4.0", "commercial-product", {"credit"}),
        ("CC-BY-NC-SA-4.0", "commercial-product", {"credit", "share-alike"}),
        ("CC-BY-NC-4.0", "merge-checkpoints", {"credit", "non-commercial"}),
        ("CC-BY-NC-4.0", "mirror", {"credit", "non-commercial"}),
        ("CC-BY-NC-ND-4.0", "redistribute-modified", {"credit", "non-commercial"}),
        ("CC-BY-NC-ND-4.0", "commercial-product", {"credit"}),
        ("CC-BY-ND-4.0", "release-weights", {"credit"}),
        ("CC-BY-ND-4.0", "mirror", {"credit", "no-derivatives"}),
        ("CC-BY-NC-4.0 AND MIT", "commercial-product", {"credit", "notice"}),
        ("CC-BY-NC-4.0 OR CC-BY-ND-4.0", "commercial-product", {"credit"}),
        ("CC-BY-NC-ND-4.0 OR MIT", "redistribute-modified", {"notice"}),
        ("CC-BY-SA-4.0", "release-weights", {"credit", "share-alike"}),
        ("https://press.example/terms", "mirror", set()),
    ],
)
def test_what_is_asked_once_the_licensor_permits(
    licence: str, activity: str, asked: set[str]
) -> None:
    assert set(activities.if_permitted(read(licence), Activity(activity))) == asked


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_permission_drops_nothing_but_what_speaks_against_the_activity(entry: Entry) -> None:
    for activity, cell in activities.row(entry).items():
        dropped = {*cell.conditions} - {*activities.if_permitted(entry, activity)}
        assert all(activities.against(kind, activity) for kind in dropped)
        assert cell.answer is not ActivityAnswer.OK or not dropped


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Public Domain", True),
        ("public-domain (PD-US)", True),
        ("US Government Work", True),
        ("My own licence", False),
        ("Republic domainless", False),
    ],
)
def test_words_for_the_public_domain_are_no_licence_and_told_how_to_name_the_mark(
    words: str, told: bool
) -> None:
    """It depends on the country, so the words stay what is not recognised."""
    terms = activities.row(read(words))
    assert {each.answer for each in terms.values()} == {ActivityAnswer.CAUTION, ActivityAnswer.NO}
    mark = "https://creativecommons.org/publicdomain/mark/1.0/"
    assert (mark in (terms[Activity.RESEARCH_INTERNAL].instead or "")) is told
    assert read(mark) == read("CC-PDM-1.0")
