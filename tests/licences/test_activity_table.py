"""Every cell of the activity table, held against one written out by hand."""

import pytest

from signals_agent.licences import activities
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.entry import UNDECIDED, Kind
from signals_agent.licences.expression import leaves, read
from signals_agent.licences.risk_table import TABLE
from signals_agent.model.licence import Activity, ActivityAnswer

HEAD = [
    *("research-internal", "publish-metrics", "mirror", "redistribute-modified"),
    *("release-weights", "commercial-product", "publish-samples", "publish-adapted-samples"),
    *("merge-checkpoints", "share-for-review"),
]
# Answers: o ok, c caution, n no. Conditions: C credit, N notice, S share-alike,
# M non-commercial, D no-derivatives, U use-restrictions.
FREE = "o o o o o o o o o o"
BY = "o o oC oC oC oC oC oC oC oC"
NOTICE = BY.replace("C", "N")
BY_SA = "o o oCS oCS cCS oCS oCS oCS cCS oCS"
NOTICE_SA = BY_SA.replace("C", "N")
COPYLEFT = "o o oNS oNS cNS oNS o oNS cNS oNS"
BY_NC = "o o oCM oCM cCM nM oCM oCM nM oCM"
BY_NC_SA = "o o oCMS oCMS cCMS nM oCMS oCMS nM oCMS"
BY_ND = "o o cCD nD cCD cCD cCD cCD nD cCD"
BY_NC_ND = "oM o cCMD nD cCMD nMD cCMD cCMD nMD cCMD"
CDLA = "o o oN oN o o o oN o oN"
RAIL = "oU o oU oU oU oU o oU oU oU"
RETIRED = "c c cC cC cC cC cC cC cC cC"
NONE = "c c n n c c c n c n"
EXPECTED = {
    **dict.fromkeys(("CC0-1.0", "CC-PDM-1.0", "CC-PDDC", "PDDL-1.0", "Unlicense"), FREE),
    **dict.fromkeys(("CC-BY-4.0", "CC-BY-3.0-DE", "CC-BY", "ODC-By-1.0", "OGL-UK-3.0"), BY),
    **dict.fromkeys(("MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BSD"), NOTICE),
    **dict.fromkeys(("CDLA-Permissive-1.0", "CDLA-Permissive-2.0"), CDLA),
    **dict.fromkeys(("CC-BY-SA-4.0", "CC-BY-SA-2.1-JP", "ODbL-1.0"), BY_SA),
    **dict.fromkeys(("CDLA-Sharing-1.0", "GFDL-1.3-or-later", "GFDL", "CC-SA-1.0"), NOTICE_SA),
    **dict.fromkeys(("GPL-2.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "GPL"), COPYLEFT),
    **dict.fromkeys(("CC-BY-NC-4.0", "CC-BY-NC-1.0", "NCGL-UK-2.0"), BY_NC),
    "https://creativecommons.org/licenses/nc/1.0/": BY_NC.replace("C", "N"),
    **dict.fromkeys(("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-3.0-IGO"), BY_NC_SA),
    "https://creativecommons.org/licenses/nc-sa/1.0/": BY_NC_SA.replace("C", "N"),
    **dict.fromkeys(("CC-BY-ND-4.0", "CC-BY-ND-2.5"), BY_ND),
    "https://creativecommons.org/licenses/nd/1.0/": BY_ND.replace("C", "N"),
    **dict.fromkeys(("CC-BY-NC-ND-4.0", "CC-BY-NC-ND"), BY_NC_ND),
    "https://creativecommons.org/licenses/nd-nc/1.0/": BY_NC_ND.replace("C", "N"),
    **dict.fromkeys(("openrail", "bigscience-openrail-m", "creativeml-openrail-m"), RAIL),
    "https://creativecommons.org/licenses/sampling+/1.0/": RETIRED,
    "https://creativecommons.org/licenses/sampling/1.0/": RETIRED,
    "https://creativecommons.org/licenses/devnations/2.0/": RETIRED,
    "https://creativecommons.org/licenses/nc-sampling+/1.0/": RETIRED.replace("C", "CM"),
    "https://rightsstatements.org/vocab/NoC-US/1.0/": NONE,
    "All rights reserved": NONE,
    "https://data.example/terms": NONE,
    "llama3": NONE,
}
LETTERS = {
    "C": "credit",
    "N": "notice",
    "S": "share-alike",
    "M": "non-commercial",
    "D": "no-derivatives",
    "U": "use-restrictions",
}
CELLS = [
    pytest.param(licence, activity, cell, id=f"{licence} {activity}")
    for licence, cells in EXPECTED.items()
    for activity, cell in zip(HEAD, cells.split(), strict=True)
]


def test_the_activities_are_these_ten() -> None:
    assert [each.value for each in Activity] == HEAD


@pytest.mark.parametrize(("licence", "activity", "cell"), CELLS)
def test_a_cell(licence: str, activity: str, cell: str) -> None:
    found = activities.ask(read(licence), Activity(activity))
    assert found.answer == {"o": "ok", "c": "caution", "n": "no"}[cell[0]]
    assert set(found.conditions) == {LETTERS[each] for each in cell[1:]}
    assert len(set(found.conditions)) == len(found.conditions)


def test_every_kind_of_licence_is_in_this_file() -> None:
    shown = {leaf.kind for licence in EXPECTED for leaf in leaves(read(licence))}
    assert shown == set(Kind) == set(TABLE)


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
        ("CC-BY-4.0", Activity.MIRROR, "CC-BY-4.0, section 3(a)"),
        ("CC-BY-SA-4.0", Activity.REDISTRIBUTE_MODIFIED, "CC-BY-SA-4.0, sections 3(a) and 3(b)"),
        ("CC-BY-NC-3.0", Activity.COMMERCIAL_PRODUCT, "CC-BY-NC-3.0, section 4"),
        ("ODbL", Activity.REDISTRIBUTE_MODIFIED, "ODbL-1.0, section 4.4"),
        ("CDLA-Permissive-2.0", Activity.RELEASE_WEIGHTS, "CDLA-Permissive-2.0, section 3.1"),
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


def test_only_the_activities_asked_for_in_the_order_of_the_table() -> None:
    wanted = (Activity.MIRROR, Activity.RESEARCH_INTERNAL)
    assert list(activities.row(read("MIT"), wanted)) == [wanted[1], wanted[0]]
