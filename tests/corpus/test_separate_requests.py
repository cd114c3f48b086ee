"""Whom to ask for what, for everything that licences do not plainly permit."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import owing
import pytest
from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent import licensing
from signals_agent.corpus import of_ledger, of_list
from signals_agent.corpus.composition import compose
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Footing, Member
from signals_agent.corpus.separate import Request, Separate
from signals_agent.model.licence import Activity, ActivityAnswer, Contact, ContactKind

WEIGHTS, PRODUCT = Activity.RELEASE_WEIGHTS, Activity.COMMERCIAL_PRODUCT
MIRROR, RESEARCH = Activity.MIRROR, Activity.RESEARCH_INTERNAL
LISTED = [
    {"url": "https://a.example/1", "licence": "CC-BY-NC-ND-4.0", "contact": "https://ada.example/"},
    {"url": "https://a.example/2", "licence": "CC-BY-NC-ND-4.0", "contact": "https://ada.example/"},
    {"url": "https://b.example/1", "licence": "CC-BY-NC-ND-4.0", "contact": "https://ada.example/"},
    {"url": "https://a.example/3", "licence": "CC-BY-4.0", "contact": "https://ada.example/"},
    {"url": "https://c.example/1", "licence": "CC-BY-SA-4.0", "publisher": "Cole"},
    {"url": "https://d.example/1"},
]


def members(folder: Path, rows: Sequence[dict[str, str]]) -> list[Member]:
    path = folder / "list.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    unread = of_list.Unread()
    found = list(of_list.members(path, unread))
    assert not unread.count
    return found


@pytest.fixture
def held(tmp_path: Path) -> Holdings:
    return owing.holding(*members(tmp_path, LISTED))


def requests(held: Holdings, *planned: Activity) -> list[Request]:
    return list(Separate(held, planned).requests())


def shown(found: Sequence[Request]) -> list[tuple[str | None, tuple[str, ...], int]]:
    return [
        (each.contact.url or each.contact.name, each.wanted.licences, each.extent.assets)
        for each in found
    ]


def test_assets_are_grouped_by_whom_to_ask_first_and_by_their_licences(held: Holdings) -> None:
    assert shown(requests(held, WEIGHTS, PRODUCT)) == [
        ("https://ada.example/", ("CC-BY-NC-ND-4.0",), 3),
        ("Cole", ("CC-BY-SA-4.0",), 1),
        ("https://d.example/", (), 1),
    ]


def test_a_request_says_for_what_in_words_with_each_answer_its_reason_and_what_instead(
    held: Holdings,
) -> None:
    found = requests(held, WEIGHTS, PRODUCT, RESEARCH)[0]
    assert found.wanted.text == (
        "Ask for a licence to release weights trained on it and use it in a commercial product."
    )
    weights, product = found.wanted.needs
    assert (weights.activities, weights.answer) == ((WEIGHTS,), ActivityAnswer.CAUTION)
    assert (product.activities, product.answer) == ((PRODUCT,), ActivityAnswer.NO)
    assert product.reason == "The licence grants nothing for commercial advantage."
    assert product.instead
    assert found.examples == ("https://a.example/1", "https://a.example/2", "https://b.example/1")
    assert [each.url or each.name for each in found.otherwise] == [
        "https://a.example/",
        "https://b.example/",
    ]


def test_without_a_plan_all_ten_activities_are_looked_at_where_a_licence_is_declared(
    held: Holdings,
) -> None:
    separate = Separate(held)
    assert [each.activity for each in separate.overview()] == list(Activity)
    found = {each.wanted.licences: each.wanted.activities for each in separate.requests()}
    assert found == {
        ("CC-BY-NC-ND-4.0",): tuple(
            each for each in Activity if each not in (RESEARCH, Activity.PUBLISH_METRICS)
        ),
        ("CC-BY-SA-4.0",): (WEIGHTS, Activity.MERGE_CHECKPOINTS),
    }


def test_where_no_licence_is_declared_one_is_asked_for_what_hands_something_on(
    held: Holdings,
) -> None:
    found = requests(held, RESEARCH, MIRROR)[-1]
    (need,) = found.wanted.needs
    assert (need.activities, need.answer, need.licences) == ((MIRROR,), ActivityAnswer.CAUTION, ())
    assert found.wanted.text == "No licence is declared; ask for one to redistribute it unaltered."
    assert requests(held, RESEARCH) == []


def test_the_overview_counts_each_asset_once_for_each_activity(held: Holdings) -> None:
    found = {each.activity: each for each in Separate(held, (PRODUCT, WEIGHTS)).overview()}
    assert list(found) == [WEIGHTS, PRODUCT]
    weights, product = found[WEIGHTS], found[PRODUCT]
    assert [
        each.assets
        for each in (weights.ok, weights.caution, weights.no, weights.undeclared, weights.agreed)
    ] == [1, 4, 0, 1, 0]
    assert (product.ok.assets, product.no.assets) == (2, 3)


def test_what_an_agreement_covers_is_not_asked_for_and_is_counted(tmp_path: Path) -> None:
    first, second, *_, bare = members(tmp_path, LISTED)
    agreed = [
        replace(first, footing=replace(first.footing, agreed=(PRODUCT,))),
        replace(second, footing=replace(second.footing, agreed=(PRODUCT, WEIGHTS))),
        replace(bare, footing=Footing((), (PRODUCT, WEIGHTS))),
    ]
    with owing.holding(*agreed) as held:
        separate = Separate(held, (WEIGHTS, PRODUCT))
        (found,) = separate.requests()
        overview = {each.activity: each for each in separate.overview()}
    assert found.wanted.activities == (WEIGHTS,)
    assert found.wanted.text == "Ask for a licence to release weights trained on it."
    assert found.examples == ("https://a.example/1",)
    assert (overview[WEIGHTS].agreed.assets, overview[PRODUCT].agreed.assets) == (2, 3)
    assert (overview[WEIGHTS].caution.assets, overview[PRODUCT].no.assets) == (1, 0)


def test_an_agreement_on_what_the_licence_permits_anyway_is_not_counted(tmp_path: Path) -> None:
    member = members(tmp_path, [{"url": "https://a.example/", "licence": "CC0-1.0"}])[0]
    member = replace(member, footing=replace(member.footing, agreed=(PRODUCT,)))
    with owing.holding(member) as held:
        (overview,) = Separate(held, (PRODUCT,)).overview()
    assert (overview.ok.assets, overview.agreed.assets) == (1, 0)


def test_where_nobody_is_named_the_publisher_at_the_origin_is_asked(tmp_path: Path) -> None:
    (member,) = members(tmp_path, [{"url": "https://a.example:8443/x", "licence": "CC-BY-NC-4.0"}])
    with owing.holding(replace(member, ask=())) as held:
        (found,) = requests(held, PRODUCT)
    assert found.contact == Contact(ContactKind.ORIGIN, "a.example:8443", "https://a.example:8443/")


def test_a_page_that_was_ingested_under_another_plan_still_has_whom_to_ask() -> None:
    policy = sa.Policy(uses=["train-generative"], activities=["research-internal"])
    page = sa.Capture(
        "https://larks.example/two",
        status=200,
        headers=[(b"Link", b'<https://creativecommons.org/licenses/by-nc/4.0/>; rel="license"')],
        body=b"<html></html>",
    )
    answer = sa.assess(page, robots=sa.ABSENT, token="ExampleBot", policy=policy)
    member = of_ledger.member(answer.model_dump(mode="json"), "a test")
    with owing.holding(member) as held:
        (found,) = requests(held, PRODUCT)
    assert found.contact == Contact(ContactKind.ORIGIN, "larks.example", "https://larks.example/")
    assert found.wanted.licences == ("CC-BY-NC-4.0",)


def test_others_to_ask_are_the_first_few_and_it_is_told_that_there_are_more(
    tmp_path: Path,
) -> None:
    rows = [
        {"url": f"https://h{n}.example/", "licence": "CC-BY-NC-4.0", "publisher": "Ada"}
        for n in range(8)
    ]
    with owing.holding(*members(tmp_path, rows)) as held:
        (found,) = requests(held, PRODUCT)
    assert (found.extent.assets, len(found.otherwise), found.more) == (8, 5, True)


def test_statements_of_licensors_count_as_they_stand_in_the_footing(tmp_path: Path) -> None:
    member = members(tmp_path, LISTED)[0]
    (licence,) = member.footing.licences
    cell = replace(licence.activities[WEIGHTS], answer=ActivityAnswer.OK)
    stated = replace(licence, activities={**licence.activities, WEIGHTS: cell})
    with owing.holding(replace(member, footing=Footing((stated,)))) as held:
        assert requests(held, WEIGHTS) == []


LICENCES = ("", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "MIT OR x")


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(LICENCES), st.sampled_from("abc"), st.booleans()), max_size=12
    ),
    planned=st.sets(st.sampled_from(list(Activity))),
)
def test_each_asset_that_is_not_ok_stands_in_exactly_one_request_and_no_other_does(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, bool]],
    planned: set[Activity],
) -> None:
    listed = [
        {"url": f"https://{host}.example/{n}", "licence": licence}
        | ({"contact": "https://ada.example/"} if named else {})
        for n, (licence, host, named) in enumerate(rows)
    ]
    found = members(tmp_path_factory.mktemp("lists"), listed)
    plan = [each for each in Activity if each in planned]
    expected = {
        each.url
        for each in found
        if (
            licensing.separate(each.footing.licences, plan, ())
            if each.footing.licences
            else set(plan) - {RESEARCH, Activity.PUBLISH_METRICS}
        )
    }
    with owing.holding(*found) as held:
        separate = Separate(held, plan)
        urls = [held.member.url for held, _, _ in separate.members()]
        asked = list(separate.requests(examples=100))
        for each in separate.overview():
            parts = (each.ok, each.caution, each.no, each.undeclared, each.agreed)
            assert sum(one.assets for one in parts) == len(found)
    assert sorted(urls) == sorted(expected)
    assert sorted(url for each in asked for url in each.examples) == sorted(expected)
    assert len({(each.contact, each.wanted) for each in asked}) == len(asked)


def test_what_only_the_rest_of_the_corpus_stands_against_is_asked_for(tmp_path: Path) -> None:
    """Each licence permits it, and the two do not go into one thing: the smaller has to ask."""
    rows = [
        {"url": "https://a.example/1", "licence": "CC-BY-SA-4.0"},
        {"url": "https://a.example/2", "licence": "CC-BY-SA-4.0"},
        {"url": "https://b.example/1", "licence": "ODbL-1.0"},
    ]
    modified = Activity.REDISTRIBUTE_MODIFIED
    with owing.holding(*members(tmp_path, rows)) as held:
        separate = Separate(held, (modified,), compose.make(held))
        (found,) = separate.requests()
        (overview,) = separate.overview()
        assert list(Separate(held, (MIRROR,), compose.make(held)).requests()) == []
    assert (found.contact.url, found.extent.assets) == ("https://b.example/", 1)
    assert [(each.answer, each.licences) for each in found.wanted.needs] == [
        (ActivityAnswer.NO, ("ODbL-1.0",))
    ]
    assert found.wanted.text.startswith("Ask for a licence that lets it be used together with")
    assert (overview.ok.assets, overview.no.assets) == (2, 1)


def test_what_the_rest_makes_worse_is_told_as_the_worse(tmp_path: Path) -> None:
    """Merging is *caution* for share-alike by itself, and *no* beside another share-alike."""
    rows = [
        {"url": "https://a.example/1", "licence": "CC-BY-SA-4.0"},
        {"url": "https://b.example/1", "licence": "ODbL-1.0"},
    ]
    merge = Activity.MERGE_CHECKPOINTS
    with owing.holding(*members(tmp_path, rows)) as held:
        composed = compose.make(held)
        (overview,) = Separate(held, (merge,), composed).overview()
        stands = composed.activities[merge].in_the_way
    assert sum(each.extent.assets for each in stands if each.answer == "no") == overview.no.assets
    assert overview.no.assets > 0


@pytest.mark.parametrize(
    ("answer", "planned", "asked"),
    [
        (None, (RESEARCH,), False),
        (ActivityAnswer.CAUTION, (RESEARCH,), True),
        (ActivityAnswer.NO, (RESEARCH, MIRROR), True),
        (ActivityAnswer.NO, (), False),
    ],
    ids=["left aside", "the policy holds", "the policy skips", "nothing is planned"],
)
def test_a_policy_that_wants_a_licence_asks_for_one(
    tmp_path: Path, answer: ActivityAnswer | None, planned: tuple[Activity, ...], asked: bool
) -> None:
    with owing.holding(*members(tmp_path, [{"url": "https://d.example/1"}])) as held:
        composed = compose.make(held, no_licence=answer)
        found = list(Separate(held, planned, composed).requests())
    assert bool(found) is asked
    for each in found:
        assert {need.answer for need in each.wanted.needs} == {answer}
        assert each.wanted.text.startswith("No licence is declared; ask for one to ")
