"""What the licences of an asset come to: answers, duties, statements, whom to ask."""

from collections.abc import Sequence

import pytest

from signals_agent import licensing
from signals_agent.licences import declared, expression
from signals_agent.model.licence import (
    Activity,
    ActivityAnswer,
    Contact,
    ContactKind,
    Licence,
    LicenceScope,
)
from signals_agent.model.obligation import Basis, ObligationKind
from signals_agent.policy import LicensorStatement

URL = "https://site.example/post"
MODIFIED = Activity.REDISTRIBUTE_MODIFIED
WEIGHTS, PRODUCT, MIRROR = (
    Activity.RELEASE_WEIGHTS,
    Activity.COMMERCIAL_PRODUCT,
    Activity.MIRROR,
)


def licence(name: str, governs: bool = True, because: tuple[str, ...] = ("dec-1",)) -> Licence:
    made = declared.make(expression.read(name), LicenceScope.PAGE, because)
    return Licence(
        **{field: getattr(made, field) for field in Licence.__slots__ if field != "governs"},
        governs=governs,
    )


def statement(
    named: str,
    answer: str = "ok",
    activity: Activity = WEIGHTS,
    origins: tuple[str, ...] = ("https://site.example",),
) -> LicensorStatement:
    return LicensorStatement(
        licence=named,
        origins=origins,
        activity=activity,
        answer=answer,
        url="https://site.example/faq",
    )


@pytest.mark.parametrize(
    "named",
    [
        "CC-BY-ND-4.0",
        "cc by-nd 4.0",
        "http://www.creativecommons.org/licenses/by-nd/4.0",
        "https://creativecommons.org/licenses/by-nd/4.0/legalcode.de",
        "https://spdx.org/licenses/CC-BY-ND-4.0.html",
    ],
)
def test_a_statement_names_its_licence_in_any_spelling(named: str) -> None:
    (found,) = licensing.stated([licence("CC-BY-ND-4.0")], [statement(named)], URL)
    assert found.activities[WEIGHTS].answer is ActivityAnswer.OK
    assert found.activities[WEIGHTS].terms_url == "https://site.example/faq"
    assert "permits this" in found.activities[WEIGHTS].reason


@pytest.mark.parametrize(
    ("named", "origin"),
    [
        pytest.param("CC-BY-ND-3.0", "https://site.example", id="another version"),
        pytest.param("CC-BY-ND", "https://site.example", id="no version"),
        pytest.param("CC-BY-4.0", "https://site.example", id="another licence"),
        pytest.param("CC-BY-ND-4.0", "http://site.example", id="another scheme"),
        pytest.param("CC-BY-ND-4.0", "https://www.site.example", id="another host"),
        pytest.param("nobody knows this", "https://site.example", id="no licence"),
    ],
)
def test_a_statement_on_something_else_changes_nothing(named: str, origin: str) -> None:
    before = (licence("CC-BY-ND-4.0"),)
    assert licensing.stated(before, [statement(named, origins=(origin,))], URL) == before


def test_a_statement_on_a_licence_that_nobody_knows_is_found_by_its_url() -> None:
    terms = "https://press.example/terms"
    (found,) = licensing.stated([licence(terms)], [statement(terms, activity=MIRROR)], URL)
    assert found.activities[MIRROR].answer is ActivityAnswer.OK
    assert found.activities[WEIGHTS].answer is ActivityAnswer.CAUTION


def test_what_a_licensor_permits_is_no_derivative_that_it_forbids() -> None:
    activity = Activity.REDISTRIBUTE_MODIFIED
    before = licence("CC-BY-ND-4.0")
    assert ObligationKind.NO_DERIVATIVES in before.activities[WEIGHTS].conditions
    (found,) = licensing.stated([before], [statement("CC-BY-ND-4.0")], URL)
    assert ObligationKind.NO_DERIVATIVES not in found.activities[WEIGHTS].conditions
    assert ObligationKind.CREDIT in found.activities[WEIGHTS].conditions
    assert found.activities[activity] == before.activities[activity]


@pytest.mark.parametrize(
    ("name", "activity", "binding"),
    [
        ("CC-BY-NC-4.0", PRODUCT, {"credit"}),
        ("CC-BY-NC-SA-4.0", PRODUCT, {"credit", "share-alike"}),
        ("CC-BY-NC-ND-4.0", MODIFIED, {"credit", "non-commercial"}),
        ("CC-BY-NC-4.0", Activity.MERGE_CHECKPOINTS, {"credit", "non-commercial"}),
        ("CC-BY-ND-4.0", MIRROR, {"credit", "no-derivatives"}),
        ("CC-BY-4.0", PRODUCT, {"credit"}),
        ("CC-BY-NC-4.0 AND MIT", PRODUCT, {"credit", "notice"}),
    ],
)
@pytest.mark.parametrize("by", ["statement", "agreement", "refusal"])
def test_what_a_licensor_permits_keeps_every_other_duty(
    name: str, activity: Activity, binding: set[str], by: str
) -> None:
    """By statement or agreement; and an agreement beside a statement that refuses."""
    found = (licence(name),)
    if by != "agreement":
        answer = "no" if by == "refusal" else "ok"
        named = name.partition(" ")[0]
        found = licensing.stated(found, [statement(named, answer, activity)], URL)
    agreed = () if by == "statement" else (activity,)
    terms = [term for term, _ in licensing.owed(found, [activity], agreed)]
    assert {term.kind for term in terms if term.binding} == binding
    if by == "statement":
        assert found[0].activities[activity].answer is ActivityAnswer.OK


def test_what_is_agreed_for_one_use_alone_asks_for_the_rest_of_the_licence_too() -> None:
    terms = [term for term, _ in licensing.owed([licence("CC-BY-NC-4.0")], [PRODUCT])]
    assert {term.kind for term in terms if term.binding} == {"credit", "non-commercial"}


@pytest.mark.parametrize(
    ("label", "named", "answer", "activity", "expected"),
    [
        ("CC-BY-NC-4.0 AND MIT", "MIT", "no", MIRROR, "no"),
        ("CC-BY-NC-4.0 AND MIT", "CC-BY-NC-4.0", "ok", PRODUCT, "ok"),
        ("CC-BY-NC-4.0 AND CC-BY-NC-3.0", "CC-BY-NC-4.0", "ok", PRODUCT, "no"),
        ("CC-BY-NC-4.0 OR CC-BY-ND-4.0", "CC-BY-NC-4.0", "ok", PRODUCT, "ok"),
        ("CC-BY-4.0 OR MIT", "MIT", "no", MIRROR, "ok"),
        ("CC-BY-4.0 OR (MIT AND CC0-1.0)", "CC-BY-4.0", "no", MIRROR, "ok"),
        ("MIT OR (CC-BY-NC-4.0 AND ISC)", "MIT", "no", PRODUCT, "no"),
        ("CC-BY-NC-4.0 AND MIT", "MIT AND CC-BY-NC-4.0", "ok", PRODUCT, "ok"),
        ("CC-BY-NC-4.0 AND MIT", "MIT OR CC-BY-NC-4.0", "ok", PRODUCT, "no"),
        ("CC-BY-NC-4.0 AND MIT", "ISC", "no", MIRROR, "ok"),
    ],
)
def test_a_statement_counts_for_its_licence_inside_an_expression(
    label: str, named: str, answer: str, activity: Activity, expected: str
) -> None:
    (found,) = licensing.stated([licence(label)], [statement(named, answer, activity)], URL)
    assert found.activities[activity].answer == expected
    others = licence(label).activities
    assert all(found.activities[each] == others[each] for each in Activity if each != activity)


def test_a_statement_on_one_edition_is_none_on_another_at_the_same_url() -> None:
    before = (licence("GPL-3.0-or-later"),)
    assert licensing.stated(before, [statement("GPL-3.0-only")], URL) == before
    (found,) = licensing.stated(before, [statement("GPL-3.0-or-later")], URL)
    assert found.activities[WEIGHTS].answer is ActivityAnswer.OK


@pytest.mark.parametrize(("answer", "verb"), [("no", "refuses"), ("caution", "leaves this open")])
def test_what_a_licensor_does_not_permit_keeps_what_to_do_instead(answer: str, verb: str) -> None:
    before = licence("CC-BY-ND-4.0")
    (found,) = licensing.stated([before], [statement("CC-BY-ND-4.0", answer)], URL)
    cell = found.activities[WEIGHTS]
    assert cell.answer == ActivityAnswer(answer)
    assert verb in cell.reason
    assert cell.instead == before.activities[WEIGHTS].instead is not None
    assert cell.conditions == before.activities[WEIGHTS].conditions


@pytest.mark.parametrize("order", [1, -1])
def test_of_statements_that_contradict_one_another_the_most_demanding_counts(order: int) -> None:
    said = [statement("CC-BY-4.0", "no"), statement("CC-BY-4.0", "ok")]
    (found,) = licensing.stated([licence("CC-BY-4.0")], said[::order], URL)
    assert found.activities[WEIGHTS].answer is ActivityAnswer.NO


@pytest.mark.parametrize(
    ("labels", "answer"),
    [
        (("CC-BY-SA-3.0", "GFDL-1.3-only"), "caution"),
        (("CC-BY-SA-4.0", "CC-BY-SA-4.0"), "ok"),
        (("CC-BY-SA-3.0", "CC-BY-SA-4.0"), "ok"),
        (("CC-BY-SA-4.0", "CC-BY-4.0"), "ok"),
        (("CC-BY-SA-3.0 AND GFDL-1.3-only",), "caution"),
        (("CC-BY-SA-3.0 OR GFDL-1.3-only",), "ok"),
        (("CC-BY-SA-3.0 OR GFDL-1.3-only", "GFDL-1.3-only"), "ok"),
        (("CC-BY-SA-4.0 AND MIT",), "ok"),
    ],
    ids=[
        *("two that exclude one another", "one twice", "two versions", "one alone"),
        *("two in one expression", "two to choose from", "a choice that goes with the other"),
        "an expression with one",
    ],
)
def test_share_alike_licences_that_cannot_both_be_met_need_review(
    labels: tuple[str, ...], answer: str
) -> None:
    (found,) = licensing.planned([licence(each) for each in labels], [Activity.MIRROR])
    assert found.terms.answer == ActivityAnswer(answer)


def test_of_licences_to_choose_from_the_duty_names_each() -> None:
    (term,) = {
        term
        for term, _ in licensing.owed([licence("MIT OR Apache-2.0")], [Activity.MIRROR])
        if term.kind is ObligationKind.NOTICE
    }
    assert term.text.startswith("Under the one that you choose.")
    assert " Or: " in term.text


def test_what_is_planned_is_asked_of_all_that_count_together() -> None:
    found = licensing.planned(
        [
            licence("CC-BY-4.0", because=("dec-1",)),
            licence("CC-BY-NC-4.0", because=("dec-2", "dec-3")),
            licence("CC-BY-NC-ND-4.0", governs=False, because=("dec-4",)),
        ],
        [PRODUCT, MIRROR, PRODUCT],
    )
    assert [(one.activity, one.terms.answer, one.licences, one.because) for one in found] == [
        (PRODUCT, ActivityAnswer.NO, ("CC-BY-NC-4.0",), ("dec-2", "dec-3")),
        (MIRROR, ActivityAnswer.OK, ("CC-BY-4.0", "CC-BY-NC-4.0"), ("dec-1", "dec-2", "dec-3")),
    ]
    assert found[1].terms.conditions == (ObligationKind.CREDIT, ObligationKind.NON_COMMERCIAL)


@pytest.mark.parametrize(
    ("licences", "wanted"),
    [
        pytest.param([], [MIRROR], id="no licence"),
        pytest.param([licence("MIT", governs=False)], [MIRROR], id="none that counts"),
        pytest.param([licence("MIT")], [], id="nothing planned"),
    ],
)
def test_nothing_is_planned_where_nothing_counts(
    licences: Sequence[Licence], wanted: Sequence[Activity]
) -> None:
    assert licensing.planned(licences, wanted) == ()


@pytest.mark.parametrize(
    ("name", "wanted", "binding", "told"),
    [
        ("CC-BY-4.0", [], set(), {"credit"}),
        ("CC-BY-4.0", [Activity.PUBLISH_METRICS], set(), {"credit"}),
        ("CC-BY-4.0", [MIRROR], {"credit"}, set()),
        ("CC-BY-SA-4.0", [MIRROR], {"credit", "share-alike"}, set()),
        ("CC0-1.0", [MIRROR, PRODUCT], set(), set()),
        ("MIT", [MIRROR], {"notice"}, set()),
        ("creativeml-openrail-m", [WEIGHTS], {"use-restrictions"}, set()),
    ],
)
def test_a_duty_binds_where_an_activity_triggers_it(
    name: str, wanted: list[Activity], binding: set[str], told: set[str]
) -> None:
    terms = [term for term, _ in licensing.owed([licence(name)], wanted)]
    assert {term.kind for term in terms if term.binding} == binding
    assert told <= {term.kind for term in terms if not term.binding}
    for term in terms:
        assert term.basis is Basis.LICENCE
        assert term.text


def test_a_duty_names_the_licence_its_version_and_its_terms() -> None:
    ((term, because),) = licensing.owed([licence("cc-by-4.0", because=("dec-7",))], [MIRROR])
    assert because == ("dec-7",)
    assert (term.signal, term.signal_version) == ("CC-BY-4.0", "4.0")
    assert term.terms_url == "https://creativecommons.org/licenses/by/4.0/legalcode"


def test_what_does_not_count_asks_for_nothing() -> None:
    assert licensing.owed([licence("CC-BY-4.0", governs=False)], [MIRROR]) == ()


def test_a_duty_of_several_licences_at_once_tells_each_text_once() -> None:
    (credit,) = (
        term
        for term, _ in licensing.owed([licence("CC-BY-4.0 AND CC-BY-3.0")], [MIRROR])
        if term.kind is ObligationKind.CREDIT
    )
    alone = licensing.owed([licence("CC-BY-4.0")], [MIRROR])[0][0].text
    assert credit.signal == "CC-BY-4.0 AND CC-BY-3.0"
    assert credit.text.count(alone) == 1


ASK = (Contact(ContactKind.ORIGIN, "site.example", "https://site.example/"),)


def test_a_separate_licence_is_for_what_is_planned_and_not_plainly_permitted() -> None:
    both = [licence("CC-BY-4.0"), licence("CC-BY-NC-4.0")]
    (found,) = licensing.separate(both, [MIRROR, WEIGHTS, PRODUCT], ASK)
    assert found.activities == (WEIGHTS, PRODUCT)
    assert found.licences == (both[1].id,)
    assert found.ask == ASK
    assert found.text == (
        "Ask for a licence to release weights trained on it and use it in a commercial product."
    )


def test_where_nothing_is_planned_it_is_for_all_that_is_open() -> None:
    (found,) = licensing.separate([licence("CC-BY-NC-4.0")], [], ASK)
    answers = licence("CC-BY-NC-4.0").activities
    assert found.activities == tuple(
        each for each in Activity if answers[each].answer is not ActivityAnswer.OK
    )
    assert ", " in found.text
    assert " and merge weights trained on it with others." in found.text


def test_one_activity_is_asked_for_by_itself() -> None:
    (found,) = licensing.separate([licence("CC-BY-NC-4.0")], [PRODUCT], ())
    assert found.text == "Ask for a licence to use it in a commercial product."


@pytest.mark.parametrize(
    ("name", "wanted"), [("CC-BY-4.0", [MIRROR, PRODUCT]), ("CC0-1.0", [])], ids=["BY", "CC0"]
)
def test_nobody_is_asked_for_what_is_permitted(name: str, wanted: list[Activity]) -> None:
    assert licensing.separate([licence(name)], wanted, ASK) == ()


def test_every_activity_can_be_asked_for_in_plain_words() -> None:
    terms = licence("https://press.example/terms")
    for activity in Activity:
        ((found),) = licensing.separate([terms], [activity], ())
        assert found.text.startswith("Ask for a licence to ")
        assert activity.value not in found.text or "-" not in activity.value
