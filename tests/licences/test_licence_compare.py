"""Two licences beside one another, and what making one thing of both would mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.licences import activities
from signals_agent.licences.catalogue import ENTRIES
from signals_agent.licences.compare import combine, compare
from signals_agent.licences.compatible import may_become
from signals_agent.licences.entry import UNDECIDED, Entry
from signals_agent.licences.expression import AllOf, AnyOf, Terms, read
from signals_agent.licences.identity import identify
from signals_agent.licences.jurisdictions import NOTES
from signals_agent.model.licence import Activity, ActivityAnswer

ENTRY = st.sampled_from(ENTRIES)


@pytest.mark.parametrize(
    ("one", "other", "answer", "under", "said"),
    [
        ("CC-BY-SA-4.0", "CC-BY-NC-ND-4.0", "no", (), "no adapted material"),
        ("CC-BY-ND-4.0", "CC0-1.0", "no", (), "no adapted material"),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", "ok", ("CC-BY-SA-4.0",), "under CC-BY-SA-4.0"),
        ("CC-BY-SA-1.0", "CC-BY-SA-4.0", "no", (), "neither accepts"),
        ("CC-BY-SA-3.0-DE", "CC-BY-SA-4.0", "ok", ("CC-BY-SA-4.0",), "under"),
        ("CC-BY-SA-4.0", "GPL-3.0-only", "ok", ("GPL-3.0-only",), "under GPL-3.0-only"),
        ("CC-BY-SA-4.0", "GPL-2.0-only", "no", (), "neither accepts"),
        ("CC-BY-SA-4.0", "LAL-1.3", "ok", {"CC-BY-SA-4.0", "LAL-1.3"}, "under"),
        ("CC-BY-SA-3.0", "LAL-1.3", "ok", ("CC-BY-SA-4.0",), "under CC-BY-SA-4.0"),
        ("CC-BY-SA-2.0", "EUPL-1.2", "ok", ("CC-BY-SA-3.0",), "under CC-BY-SA-3.0"),
        ("CC-BY-SA-4.0", "ODbL-1.0", "no", (), "neither accepts"),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "no", (), "neither accepts"),
        ("CC-BY-SA-4.0", "CC-BY-NC-4.0", "no", (), "noncommercial purposes"),
        ("CC-BY-NC-SA-4.0", "CC-BY-NC-4.0", "ok", ("CC-BY-NC-SA-4.0",), "goes out under"),
        ("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "ok", ("CC-BY-NC-SA-4.0",), "under"),
        ("CC-BY-SA-4.0", "CC-BY-4.0", "ok", ("CC-BY-SA-4.0",), "goes out under"),
        ("CC-BY-SA-4.0", "openrail", "no", (), "use restrictions"),
        ("CC-BY-NC-4.0", "MIT", "ok", (), "noncommercial purposes only"),
        ("CC-BY-4.0", "openrail", "ok", (), "what each asks"),
        ("CC0-1.0", "PDDL-1.0", "ok", (), "neither asks"),
        ("GPL-2.0-only", "GPL-3.0-only", "no", (), "neither accepts"),
        ("GPL-2.0-or-later", "GPL-3.0-only", "ok", ("GPL-3.0-only",), "under"),
        ("GPL-2.0-only", "Apache-2.0", "no", (), "further terms of Apache-2.0"),
        ("GPL-3.0-only", "Apache-2.0", "ok", ("GPL-3.0-only",), "goes out under"),
        ("GPL-2.0-or-later", "Apache-2.0", "ok", ("GPL-3.0-or-later",), "under GPL-3.0-or-later"),
        ("CC-BY-SA-4.0", "GPL-3.0-or-later", "ok", ("GPL-3.0-only",), "under GPL-3.0-only"),
        ("CC-BY-SA-3.0", "GPL-3.0-only", "no", (), "neither accepts"),
        ("CC-BY-SA-3.0", "GFDL-1.3-only", "no", (), "neither accepts"),
        ("EUPL-1.2", "GPL-3.0-or-later", "ok", {"AGPL-3.0-only", "GPL-3.0-only"}, "under"),
        ("CC-BY-SA", "CC-BY-SA-4.0", "caution", (), "does not say its version"),
        ("https://a.example/x", "CC0-1.0", "caution", (), "not a licence that is known"),
        ("All rights reserved", "CC-BY-4.0", "caution", (), "all-rights-reserved"),
        (
            "https://creativecommons.org/licenses/sampling/1.0/",
            *("MIT", "caution", (), "withdrawn"),
        ),
        ("MIT OR GPL-2.0-only", "Apache-2.0", "ok", (), "what each asks"),
        ("MIT AND GPL-2.0-only", "Apache-2.0", "no", (), "further terms"),
        ("CC-BY-SA-4.0 AND GPL-2.0-only", "MIT", "no", (), "neither accepts"),
        ("CC-BY-SA-4.0 AND GPL-3.0-only", "MIT", "ok", ("GPL-3.0-only",), "under GPL-3.0-only"),
        ("CC-BY-SA-4.0 OR GPL-2.0-only", "MIT", "ok", {"GPL-2.0-only"}, "goes out under"),
        ("(CC-BY-SA-4.0 OR MIT) AND GPL-2.0-only", "ISC", "ok", {"GPL-2.0-only"}, "under GPL-2.0"),
        ("CC-BY-SA-4.0 AND GPL-3.0-only", "LAL-1.3", "no", (), "neither accepts"),
        ("CC-BY-SA-4.0 AND EUPL-1.2", "LAL-1.3", "no", (), "neither accepts"),
        (
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "GPL-2.0-only",
            "ok",
            ("GPL-2.0-only",),
            "under",
        ),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "GPL-3.0-only",
            "ok",
            ("GPL-3.0-only",),
            "under",
        ),
        (
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "GPL-2.0-only WITH Bison-exception-2.2",
            "ok",
            ("GPL-2.0-only",),
            "under",
        ),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-3.0-only", "no", (), "neither"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "Apache-2.0", "no", (), "further terms"),
        ("Apache-2.0 WITH LLVM-exception", "GPL-2.0-only", "ok", ("GPL-2.0-only",), "goes out"),
        ("CC-BY-4.0", "GPL-2.0-only", "ok", ("GPL-2.0-only",), "goes out under"),
        ("CC-BY-3.0", "GPL-2.0-only", "no", (), "further terms of CC-BY-3.0"),
        ("CC-BY-3.0-DE", "GPL-3.0-or-later", "no", (), "further terms"),
        ("CC-BY-2.0", "GFDL-1.3-only", "no", (), "further terms"),
        ("CC-BY-4.0", "GFDL-1.3-only", "caution", (), "Neither steward says"),
        ("CC-BY", "GPL-3.0-only", "caution", (), "Neither steward says"),
        ("OGL-UK-3.0", "GPL-3.0-only", "caution", (), "Neither steward says"),
        ("CC-BY-3.0", "CC-BY-SA-4.0", "ok", ("CC-BY-SA-4.0",), "goes out under"),
        ("MIT WITH Commons-Clause OR ISC WITH Commons-Clause", "MIT", "caution", (), "known"),
    ],
)
def test_combining(one: str, other: str, answer: str, under: object, said: str) -> None:
    found = combine(read(one), read(other))
    assert (found.answer, set(found.under)) == (answer, set(under))
    assert said in found.reason
    assert (found.instead is None) is (answer == "ok")


@given(ENTRY, ENTRY)
def test_the_order_of_the_two_does_not_matter(one: object, other: object) -> None:
    there, back = combine(one, other), combine(other, one)
    assert there == back


@given(ENTRY, ENTRY)
def test_combining_never_asks_less_than_either(one: object, other: object) -> None:
    found = compare(one, other)
    for activity, row in found.rows.items():
        ranks = [activities.RANK[each.answer] for each in (row.one, row.other)]
        assert activities.RANK[row.together.answer] >= max(ranks), activity
        asked = {*row.one.conditions, *row.other.conditions}
        assert set(row.together.conditions) == asked
        assert set(found.combination.conditions) >= asked


@given(ENTRY, ENTRY, ENTRY)
def test_what_binds_together_is_never_freer_and_a_choice_never_stricter(
    one: Entry, other: Entry, third: Entry
) -> None:
    def rank(first: Terms, second: Terms) -> int:
        return activities.RANK[combine(first, second).answer]

    alone = [rank(each, third) for each in (one, other)]
    if one != other:
        assert rank(AllOf((one, other)), third) >= max(alone)
        assert rank(AllOf((one, other)), third) >= rank(one, other)
        assert rank(AnyOf((one, other)), third) == min(alone)


def test_what_one_exception_leaves_of_a_port_is_its_licence() -> None:
    port = "CC-BY-SA-3.0-IT"
    both = read(f"{port} WITH a-exception AND {port} WITH b-exception")
    assert combine(both, read("MIT")).under == (port,)


def test_what_is_no_licence_never_combines_to_ok() -> None:
    for entry in ENTRIES:
        if entry.kind in UNDECIDED:
            assert combine(entry, identify("CC0-1.0")).answer is ActivityAnswer.CAUTION


def test_share_alike_is_one_way_where_it_is() -> None:
    def allowed(source: str, target: str) -> bool:
        return may_become(identify(source), identify(target))

    for source, target in (
        ("CC-BY-SA-4.0", "GPL-3.0-only"),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0"),
        ("GPL-3.0-or-later", "AGPL-3.0-only"),
        ("LGPL-2.1-only", "GPL-2.0-only"),
        ("LGPL-2.1-only", "AGPL-3.0-or-later"),
        ("EPL-1.0", "EPL-2.0"),
        ("EUPL-1.2", "CC-BY-SA-3.0"),
        ("CC-BY-NC-SA-2.0", "CC-BY-NC-SA-4.0"),
        ("CC-BY-SA-2.5-AU", "CC-BY-SA-4.0"),
        ("MPL-2.0", "GPL-3.0-only"),
        ("GFDL-1.2-or-later", "GFDL-1.3-only"),
    ):
        assert allowed(source, target)
        assert not allowed(target, source)
    assert allowed("CC-BY-SA-4.0", "LAL-1.3")
    assert allowed("LAL-1.3", "CC-BY-SA-4.0")
    assert allowed("EUPL-1.1", "EUPL-1.2")
    assert allowed("EUPL-1.2", "EUPL-1.1")
    assert allowed("CC-BY-SA-3.0", "CC-BY-SA-3.0-DE")
    assert allowed("CC-BY-SA-3.0-DE", "CC-BY-SA-3.0")
    for source, target in (
        ("CC-BY-SA-1.0", "CC-BY-SA-2.0"),
        ("CC-BY-SA-4.0", "GPL-3.0-or-later"),
        ("LAL-1.3", "GPL-3.0-only"),
        ("CC-SA-1.0", "CC-BY-SA-4.0"),
        ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0"),
        ("ODbL-1.0", "CC-BY-SA-4.0"),
        ("EUPL-1.2", "GPL-3.0-or-later"),
    ):
        assert not allowed(source, target)
        assert not allowed(target, source)
    assert not allowed("CC-BY-SA", "CC-BY-SA")


def test_what_cannot_be_combined_is_no_where_both_are_in_one_thing() -> None:
    rows = compare(read("CC-BY-SA-4.0"), read("CC-BY-NC-4.0")).rows
    answers = {activity.value: row.together.answer.value for activity, row in rows.items()}
    assert answers["mirror"] == "ok"
    assert answers["redistribute-modified"] == answers["merge-checkpoints"] == "no"
    assert answers["release-weights"] == "caution"


@pytest.mark.parametrize("activity", ["release-weights", "redistribute-modified"])
def test_what_stands_against_combining_is_told_where_the_answer_is_the_same(activity: str) -> None:
    found = compare(read("openrail"), read("GPL-3.0-only"))
    row = found.rows[Activity(activity)].together
    assert row.answer == ("caution" if activity == "release-weights" else "no")
    assert found.combination.reason in row.reason
    assert "use restrictions" in row.reason
    assert "side by side" in (row.instead or "")


def test_more_choices_than_can_be_looked_at_count_all_at_once() -> None:
    pairs = " AND ".join(f"(CC-BY-SA-{one} OR MIT)" for one in ("2.0", "2.5", "3.0", "4.0"))
    assert combine(read(f"{pairs} AND GPL-2.0-only"), read("ISC")).answer is ActivityAnswer.OK
    many = " AND ".join(
        f"({one} OR GPL-2.0-only)"
        for one in ("MIT", "ISC", "Zlib", "NCSA", "BSL-1.0", "CC-BY-SA-4.0", "PostgreSQL")
    )
    assert combine(read(many), read("ISC")).answer is ActivityAnswer.NO


def test_only_the_activities_that_were_asked_for() -> None:
    assert list(compare(read("MIT"), read("ISC"), (Activity.MIRROR,)).rows) == [Activity.MIRROR]


def test_the_notes_on_jurisdictions_are_there() -> None:
    assert [(note.place, note.law.split()[-1]) for note in NOTES] == [
        ("EU", "3"),
        ("EU", "4"),
        ("US", "use)"),
    ]
    assert all(note.url.startswith("https://") for note in NOTES)
