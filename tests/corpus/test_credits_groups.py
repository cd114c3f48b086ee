"""The works to credit: each once, by party and collection, with who asks."""

import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signals_agent as sa
from signals_agent.corpus import of_ledger, of_list
from signals_agent.corpus.credits import asks, groups, markdown, summary
from signals_agent.corpus.credits.groups import MOST_ADDRESSES
from signals_agent.corpus.facts import Facts
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.model.attribution import Attribution
from signals_agent.model.obligation import Basis, ObligationKind, Party

PRESS, SITE = (
    Party("Fern Press", None, inferred=False),
    Party("moss.example", "https://moss.example"),
)


def debt(to: Party, basis: Basis = Basis.PREFERENCE, signal: str = "cc-cr") -> Debt:
    return Debt(ObligationKind.CREDIT, True, basis, signal, to, "Give credit.", "0.1")


def member(
    url: str,
    title: str | None = None,
    party: Party = PRESS,
    collection: str | None = "Ferns",
    *,
    creators: tuple[str, ...] = ("Ada",),
    licence: str | None = None,
    debts: tuple[Debt, ...] = (),
) -> Member:
    credit = Attribution(url, f"{title}, {url}", collection, title, creators, licence)
    return Member(url, party, Footing(), "by hand", debts, credit)


def held(members: Iterable[Member]) -> Holdings:
    made = Holdings(["corpus"])
    made.add(members)
    return made


def works(members: Iterable[Member]) -> list[tuple[str, str, str | None, tuple[str, ...], int]]:
    with held(members) as holdings:
        return [
            (group.party.name, group.collection, work.credit.title, work.urls, work.assets)
            for group in groups.groups(holdings)
            for work in group.works
        ]


def test_works_stand_under_their_party_and_collection_in_the_order_of_names() -> None:
    found = works(
        [
            member("https://moss.example/b", "Beta", SITE, "moss.example"),
            member("https://fern.example/z", "zeta", collection="Old"),
            member("https://fern.example/a", "Alpha", collection="Old"),
            member("https://fern.example/n", "Nu", collection="New"),
        ]
    )
    assert [each[:3] for each in found] == [
        ("Fern Press", "New", "Nu"),
        ("Fern Press", "Old", "Alpha"),
        ("Fern Press", "Old", "zeta"),
        ("moss.example", "moss.example", "Beta"),
    ]


def test_a_work_at_several_addresses_is_one_with_all_of_them() -> None:
    found = works(
        [
            member("https://fern.example/c", "Fronds"),
            member("https://fern.example/a", "Fronds"),
            member("https://fern.example/b", "Fronds", creators=("Bob",)),
        ]
    )
    assert {each[3:] for each in found} == {
        (("https://fern.example/a", "https://fern.example/c"), 2),
        (("https://fern.example/b",), 1),
    }


@pytest.mark.parametrize(
    "other",
    [
        member("https://fern.example/b", "Fronds", creators=("Ada", "Bob")),
        member("https://fern.example/b", "Fronds", licence="CC BY 4.0"),
        member("https://fern.example/b", "fronds"),
        member("https://fern.example/b", "Fronds", collection="Mosses"),
        member("https://fern.example/b", "Fronds", SITE),
    ],
    ids=["creators", "licence", "casing of the title", "collection", "party"],
)
def test_works_that_differ_in_a_fact_are_two(other: Member) -> None:
    assert len(works([member("https://fern.example/a", "Fronds"), other])) == 2


def test_works_without_a_title_are_told_apart_by_their_address() -> None:
    found = works([member(f"https://fern.example/{each}") for each in "ab"])
    assert [each[3] for each in found] == [("https://fern.example/a",), ("https://fern.example/b",)]


def test_files_of_one_work_are_one_address_and_several_assets() -> None:
    page = "https://hub.example/datasets/ada/ferns"
    credit = Attribution(page, page, "Hub", "ferns", ("ada",))
    files = [
        Member(f"{page}/{each}", SITE, Footing(), "by hand", (), credit) for each in ("x", "y")
    ]
    assert works(files) == [("moss.example", "Hub", "ferns", (page,), 2)]


def test_a_work_with_too_many_addresses_to_hold_is_named_again_and_none_is_lost() -> None:
    many = [
        member(f"https://fern.example/{each:05}", "Home") for each in range(2 * MOST_ADDRESSES + 5)
    ]
    found = works(many)
    assert [len(each[3]) for each in found] == [MOST_ADDRESSES, MOST_ADDRESSES, 5]
    assert [url for each in found for url in each[3]] == [each.url for each in many]


def test_an_asset_of_which_nobody_asks_credit_is_only_counted() -> None:
    silent = Member("https://moss.example/x", SITE, Footing(), "by hand")
    with held([silent, member("https://fern.example/a", "Fronds")]) as holdings:
        told = summary.of(holdings)
        assert [group.party for group in groups.groups(holdings)] == [PRESS]
    assert (told.assets, told.credited, told.uncredited, told.parties) == (2, 1, 1, 1)


def test_an_asset_that_owes_credit_without_facts_is_named_by_its_address() -> None:
    owing = Member("https://moss.example/x", PRESS, Footing(), "by hand", (debt(PRESS),))
    with held([owing]) as holdings:
        (group,) = groups.groups(holdings)
        (work,) = group.works
    assert work.urls == ("https://moss.example/x",)
    assert work.credit.text == "Fern Press, https://moss.example/x"
    assert [each.signal for each in work.asks] == ["cc-cr"]


def test_what_is_owed_by_licence_and_by_preference_is_told_apart_and_to_whom() -> None:
    licensed = debt(SITE, Basis.LICENCE, "CC-BY-4.0")
    both = member("https://fern.example/a", "Fronds", debts=(debt(PRESS), licensed))
    one = member("https://fern.example/b", "Spores", debts=(debt(PRESS),))
    with held([both, one]) as holdings:
        (group,) = groups.groups(holdings)
        by_title = {work.credit.title: work.asks for work in group.works}
        told = summary.of(holdings)
    assert [(each.basis, each.signal, each.assets, each.to) for each in group.asks] == [
        (Basis.LICENCE, "CC-BY-4.0", 1, SITE),
        (Basis.PREFERENCE, "cc-cr", 2, PRESS),
    ]
    assert [each.signal for each in by_title["Fronds"]] == ["CC-BY-4.0", "cc-cr"]
    assert [each.signal for each in by_title["Spores"]] == ["cc-cr"]
    assert told.owed_to == {Basis.LICENCE: (1, 0), Basis.PREFERENCE: (1, 0)}
    assert (told.asking, told.noticing, told.unnamed) == (2, 0, 0)
    assert [(each.signal, each.assets, each.binding) for each in told.asks] == [
        ("CC-BY-4.0", 1, 1),
        ("cc-cr", 2, 2),
    ]


def test_other_obligations_are_no_ask_for_credit() -> None:
    paid = Debt(ObligationKind.PAYMENT, True, Basis.PREFERENCE, "rsl:purchase", PRESS, "Pay.")
    with held([Member("https://fern.example/a", PRESS, Footing(), "x", (paid,))]) as holdings:
        assert list(groups.groups(holdings)) == []
        assert summary.of(holdings).asks == ()


def test_an_assessed_page_brings_its_licence_and_its_preference() -> None:
    page = sa.Capture(
        "https://fern.example/fronds",
        200,
        [
            ("Content-Type", "text/html"),
            ("Content-Usage", "train-genai=n;exceptions=cc-cr"),
            ("Link", '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'),
        ],
        b"<html><title>Fronds</title><p>words</html>",
    )
    policy = sa.Policy.make({"uses": ["train-generative"], "activities": ["release-weights"]})
    result = sa.assess(page, robots=sa.ABSENT, token="ExampleBot", policy=policy)
    with held([of_ledger.member(result.model_dump(mode="json"), "entry 1")]) as holdings:
        (group,) = groups.groups(holdings)
        (work,) = group.works
    assert [(each.basis, each.signal, each.binding) for each in group.asks] == [
        (Basis.LICENCE, "CC-BY-4.0", 1),
        (Basis.PREFERENCE, "cc-cr", 1),
    ]
    assert work.credit.title == "Fronds"
    assert work.says_changes


def test_the_parties_with_most_are_first_and_the_others_are_counted(tmp_path: Path) -> None:
    sheet = tmp_path / "list.csv"
    rows = [f"https://{'abc'[n % 3]}.example/{n},CC-BY-4.0" for n in range(7)]
    sheet.write_text("\n".join(["url,licence", *rows, "https://z.example/,"]))
    with held(of_list.members(sheet, of_list.Unread())) as holdings:
        told = summary.of(holdings, most=1)
    assert [(each.party.name, each.assets) for each in told.biggest] == [("a.example", 3)]
    assert told.rest == (2, 4)
    assert told.says_changes == 7
    assert (told.assets, told.uncredited) == (8, 1)


def test_asks_beyond_those_that_are_told_apart_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(summary, "MOST_SIGNALS", 2)
    owing = [
        member(f"https://fern.example/{n}", f"Work {n}", debts=(debt(PRESS, signal=f"s{n % 4}"),))
        for n in range(8)
    ]
    with held(owing) as holdings:
        told = summary.of(holdings)
        assert [(each.signal, each.assets) for each in told.asks] == [("s0", 2), ("s1", 2)]
        assert told.further_asks == 2
        text = "".join(markdown.render(holdings, Facts()))
    assert "stands with each collection: 2 more" in text
    assert all(f"s{n} 0.1 (for 2 of 8)" in text for n in range(4))


names = st.sampled_from(["", "A", "a", "Fern", "fern", "F\u00e9", "x\x00", "\ud800"])
members = st.builds(
    lambda number, title, collection, creators, asked, facts, party: Member(
        f"https://fern.example/{number}",
        party,
        Footing(),
        "by hand",
        (debt(party),) if asked else (),
        Attribution(f"https://fern.example/{number}", "line", collection, title or None, creators)
        if facts
        else None,
    ),
    st.integers(0, 12),
    names,
    names,
    st.lists(names, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    st.sampled_from([PRESS, SITE, Party("fern press", None, False), Party("Fern Press", None)]),
)


@given(st.lists(members, max_size=20))
def test_every_asset_to_credit_is_in_one_work_and_no_two_works_are_one(some: list[Member]) -> None:
    first: dict[str, Member] = {}
    for each in some:
        first.setdefault(each.url, each)
    debts: dict[str, set[Debt]] = {}
    for each in some:
        debts.setdefault(each.url, set()).update(each.debts)
    credited = {each.url for each in some if each.credit is not None}
    due = {url for url in first if url in credited or debts[url]}
    with held(some) as holdings:
        seen: Counter[str] = Counter()
        keys: Counter[object] = Counter()
        parties = []
        for group in groups.groups(holdings):
            parties.append((group.party, group.collection))
            of_group = 0
            for work in group.works:
                assert work.assets == len(work.urls)
                of_group += work.assets
                seen.update(work.urls)
                facts = (work.credit.title, work.credit.creators)
                keys[(group.party, group.collection, facts, work.credit.title or work.urls)] += 1
                for url in work.urls:
                    assert first[url].party == group.party
            assert of_group == group.assets
        told = summary.of(holdings)
    assert seen == Counter(due)
    assert set(keys.values()) <= {1}
    assert len(parties) == len(set(parties)) == told.collections
    assert told.credited == len(due)
    assert told.uncredited == len(first) - len(due)


def test_memory_does_not_grow_with_the_works() -> None:
    def many() -> Iterator[Member]:
        for number in range(8_000):
            yield member(
                f"https://fern.example/{number}",
                f"Work {number} {'x' * 800}",
                collection=f"Collection {number % 50}",
                debts=(debt(PRESS),),
            )

    with held(many()) as holdings:
        tracemalloc.start()
        try:
            count = sum(1 for _ in markdown.render(holdings, Facts()))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert count > 8_000
    # All of the titles alone would be more.
    assert peak < 5_000_000


def test_asks_are_ordered_by_what_they_rest_on_and_by_number() -> None:
    owed = [
        (debt(PRESS, Basis.CONTRACT, "contract"), 9),
        (debt(PRESS, Basis.PREFERENCE, "cc-cr"), 5),
        (debt(PRESS, Basis.LICENCE, "MIT"), 1),
        (debt(PRESS, Basis.LICENCE, "CC-BY-4.0"), 2),
    ]
    assert [each.signal for each in asks.of(owed)] == ["CC-BY-4.0", "MIT", "cc-cr", "contract"]
