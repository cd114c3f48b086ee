"""What fixtures cannot show of licences: sizes, ids, and what each one stands on."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.families.licence import LICENCE
from signals_agent.family import Context
from signals_agent.licences.identity import LONGEST
from signals_agent.locate.found import UNREAD, located
from signals_agent.model.declaration import PAGE, Located, Reach, Subject
from signals_agent.model.licence import Activity, ActivityAnswer, Licence, LicenceScope
from signals_agent.model.note import Note
from signals_agent.model.position import ElementPosition
from signals_agent.model.statement import Settled

URL = "https://site.example/"
CONTEXT = Context(url=URL, target=b"/", tokens=("examplebot",))
FIXTURES = Path(__file__).parents[2] / "fixtures"
CARRIERS = sorted({each.carrier for each in LICENCE.listens} - {"http-header"})


def found(
    value: str,
    *,
    carrier: str = "html-link",
    field: str = "license",
    index: int = 0,
    subject: Subject = PAGE,
    details: tuple[tuple[str, str], ...] = (),
) -> Located:
    return located(
        family="licence",
        carrier=carrier,
        source=URL,
        capture_id="cap-1",
        position=ElementPosition("link", index),
        octets=value.encode("utf-8", "replace"),
        value=value.encode("utf-8", "replace"),
        field=field,
        reach=Reach(index=index),
        subject=subject,
        details=details,
    )


def settled(*given: Located) -> tuple[Settled, list[Note]]:
    readings = [LICENCE.read((each,), CONTEXT) for each in given]
    statements = [one for reading in readings for one in reading.statements]
    notes = [note for reading in readings for note in reading.notes]
    result = LICENCE.settle(statements, CONTEXT)
    return result, [*notes, *result.notes]


def only(*given: Located) -> Licence:
    (one,) = settled(*given)[0].licences
    return one


def test_every_carrier_field_and_scope_has_a_fixture() -> None:
    shown = [
        one
        for file in (FIXTURES / "declarations" / "licence").glob("*.toml")
        for one in tomllib.loads(file.read_text("utf-8"))["declaration"]
    ]
    assert {one["carrier"] for one in shown} == {each.carrier for each in LICENCE.listens}
    assert {one["field"] for one in shown} == {each.field for each in LICENCE.listens}
    assert {one.get("scope", "page") for one in shown} == set(LicenceScope)


def test_every_carrier_has_a_vector_of_a_whole_asset() -> None:
    vectors = tomllib.loads((FIXTURES / "vectors" / "licences.toml").read_text("utf-8"))["vector"]
    said = {carrier for each in vectors for carrier in each["expect"].get("carriers", ())}
    assert said >= {each.carrier for each in LICENCE.listens}


def test_a_value_of_ten_thousand_characters_is_not_recognised_and_cut() -> None:
    for value in ("x" * 10_000, "https://creativecommons.org/licenses/by/4.0/?" + "x" * 10_000):
        one = only(found(value))
        assert one.label == value[:LONGEST]
        assert one.activities[Activity.MIRROR].answer is ActivityAnswer.NO
        for note in settled(found(value))[1]:
            assert len(note.summary) < 500


def test_ten_thousand_licences_are_all_told_in_one_note() -> None:
    result, notes = settled(*(found(f"{URL}terms/{each}", index=each) for each in range(10_000)))
    assert len(result.licences) == 10_000
    assert all(one.governs for one in result.licences)
    (note,) = (note for note in notes if note.code == "licence-ambiguous")
    assert len(note.because) == 10_000
    assert f"{URL}terms/0, " in note.summary
    assert "and 9990 more" in note.summary
    assert len(note.summary) < 2_000


def test_one_licence_stands_on_every_declaration_of_it() -> None:
    spelt = [
        found("https://creativecommons.org/licenses/by/4.0/", index=1),
        found("cc-by-4.0", carrier="json-ld", index=2),
        found("CC BY 4.0", carrier="html-anchor", index=3),
    ]
    one = only(*spelt)
    assert set(one.because) == {each.declaration.id for each in spelt}
    assert one.because == only(*reversed(spelt)).because


def test_the_id_of_a_licence_is_of_what_it_is_and_whom_it_is_for() -> None:
    page = only(found("CC-BY-4.0"))
    again = only(found("https://creativecommons.org/licenses/by/4.0/", carrier="json-ld", index=9))
    part = only(found("CC-BY-4.0", subject=Subject(LicenceScope.PART, (URL + "fog.jpg",))))
    other = only(found("CC-BY-4.0", subject=Subject(LicenceScope.PART, (URL + "rain.jpg",))))
    assert page.id == again.id
    assert len({page.id, part.id, other.id}) == 3


def test_a_licence_that_was_not_read_permits_nothing_that_goes_out() -> None:
    one = only(found("", details=((UNREAD, "too long"),)))
    answers = {one.activities[each].answer for each in Activity}
    assert ActivityAnswer.OK not in answers
    assert one.activities[Activity.MIRROR].answer is ActivityAnswer.NO
    assert one.url is None


@pytest.mark.parametrize(
    "value",
    [
        "CC-BY-NC-4.0 AND LicenseRef-No-Training AND (",
        "Apache-2.0 AND https://press.example/terms",
        "(MIT AND",
    ],
)
def test_of_a_broken_expression_nothing_is_left_out(value: str) -> None:
    result, notes = settled(found(value))
    assert [one.label for one in result.licences] == [value]
    assert [note.code for note in notes] == ["licence-expression-unparsable"]


@pytest.mark.parametrize("broken", ["CC0-1.0 AND (", "CC0-1.0 AND", "CC0-1.0 OR", "(MIT", "MIT)"])
def test_half_an_expression_is_not_recognised(broken: str) -> None:
    one = only(found(broken, carrier="json-ld"))
    assert one.spdx is None


def test_a_sentence_in_capitals_is_no_expression() -> None:
    assert only(found("LICENSED UNDER CC BY 4.0 AND FREE FOR ALL")).label == "CC-BY-4.0"


PIECES = st.sampled_from(
    [
        *("https://creativecommons.org/licenses/", "by", "-nc", "-nd", "/4.0/", "CC BY", "CC0"),
        *("MIT", " OR ", " AND ", " WITH ", "(", ")", "javascript:", "//", "@", "licence", " "),
        *("all rights reserved", "\x00", "\ud800", "é", "mailto:a@b", "<", ">", ";", "%2B", "#"),
    ]
)
VALUES = st.text(max_size=40) | st.lists(PIECES, max_size=12).map("".join)


@given(
    values=st.lists(VALUES, min_size=1, max_size=4),
    carrier=st.sampled_from(CARRIERS),
    field=st.sampled_from(sorted({each.field for each in LICENCE.listens} - {"link"})),
    scope=st.sampled_from(LicenceScope),
)
def test_whatever_is_declared_every_licence_answers_for_every_activity(
    values: list[str], carrier: str, field: str, scope: LicenceScope
) -> None:
    subject = Subject(scope, (URL + "fog.jpg",) if scope is LicenceScope.PART else ())
    given = [
        found(value, carrier=carrier, field=field, subject=subject, index=index)
        for index, value in enumerate(values)
    ]
    result, notes = settled(*given)
    assert len({one.id for one in result.licences}) == len(result.licences)
    scopes = {one.scope for one in result.licences}
    counts = LicenceScope.PAGE if LicenceScope.PAGE in scopes else LicenceScope.UNCLEAR
    for one in result.licences:
        assert set(one.activities) == set(Activity)
        assert one.label
        assert one.governs is (one.scope is counts)
    for each in result.contacts:
        assert each.url is not None
        assert each.url.lower().startswith(("http://", "https://", "mailto:"))
    for note in notes:
        assert note.code in LICENCE.codes
        assert note.summary.isprintable()
