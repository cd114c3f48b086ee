"""What a corpus holds: counted once, in order, whatever came in."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.corpus.held import Extent
from signals_agent.corpus.holdings import Holdings
from signals_agent.corpus.member import Debt, Footing, Member
from signals_agent.licences import declared, expression
from signals_agent.model.attribution import Attribution
from signals_agent.model.licence import Activity, Contact, ContactKind
from signals_agent.model.obligation import Basis, ObligationKind, Party


def _footing(*labels: str, agreed: tuple[Activity, ...] = ()) -> Footing:
    from dataclasses import replace

    made = (replace(declared.make(expression.read(each)), governs=True) for each in labels)
    return Footing(tuple(made), agreed)


def _debt(party: str, kind: ObligationKind = ObligationKind.CREDIT) -> Debt:
    return Debt(kind, True, Basis.PREFERENCE, "cc-cr", Party(party), "Give credit.")


def _member(
    url: str,
    party: str = "a.example",
    footing: Footing | None = None,
    debts: tuple[Debt, ...] = (),
    title: str | None = None,
    size: int | None = None,
    tokens: int | None = None,
) -> Member:
    return Member(
        url,
        Party(party),
        footing or Footing(),
        "a list",
        debts,
        Attribution(url, url, collection="Ponds", title=title),
        (Contact(ContactKind.ORIGIN, party),),
        size,
        tokens,
    )


@pytest.fixture
def held() -> Iterator[Holdings]:
    """A corpus that holds nothing yet."""
    with Holdings(["one", "two"]) as made:
        yield made


def test_a_member_comes_back_as_it_went_in(held: Holdings) -> None:
    """Nothing of what was said is lost in the working file."""
    footing = _footing("CC-BY-SA-4.0", "MIT OR Apache-2.0", agreed=(Activity.MIRROR,))
    debts = (_debt("a.example"), _debt("Ann Ponds Press", ObligationKind.ECOSYSTEM_CONTRIBUTION))
    said = Member(
        "https://a.example/1",
        Party("Ann Ponds Press", "https://a.example", inferred=False),
        footing,
        "crawl.db entry 1",
        debts,
        Attribution(
            "https://a.example/1", "“Frogs”, by Ann", "Ponds", "Frogs", ("Ann",), "CC BY-SA 4.0"
        ),
        (Contact(ContactKind.LICENSOR, "Ann", "mailto:ann@a.example"),),
        1234,
        56,
        "2026-11-22T12:00:00Z",
    )
    held.add([said])
    (found,) = held.by_url()
    assert found.member == said
    assert held.footings[found.footing] == footing


def test_the_same_asset_counts_once_in_each_corpus_and_in_all(held: Holdings) -> None:
    """Twice in one corpus, and in two, is one asset of the whole."""
    one = _member("https://a.example/1", size=10)
    assert held.add([one, one]) == 2
    assert held.add([one, _member("https://a.example/2")], corpus=1) == 2
    assert held.extent() == Extent(2, 10, 0, 1, 0)
    assert held.extent(0) == Extent(1, 10, 0, 1, 0)
    assert held.extent(1) == Extent(2, 10, 0, 1, 0)
    assert held.repeated == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["bare first", "bare last"])
def test_what_one_corpus_knows_more_of_an_asset_is_not_lost(
    held: Holdings, order: tuple[int, int]
) -> None:
    """A list beside a ledger may bring the title, the tokens, the day: in whatever order."""
    url = "https://a.example/1"
    bare = Member(url, Party("a.example"), Footing(), "one")
    credit = Attribution(url, "Frogs, by Ann", "Ponds", "Frogs", ("Ann",))
    full = Member(
        url,
        Party("a.example"),
        Footing(),
        "two",
        credit=credit,
        bytes=10,
        tokens=3,
        checked_at="2026-11-22T12:00:00Z",
    )
    for number, which in enumerate(order):
        held.add([(bare, full)[which]], corpus=number)
    (found,) = held.by_url()
    assert (found.member.credit, found.member.bytes, found.member.tokens) == (credit, 10, 3)
    assert found.member.checked_at == "2026-11-22T12:00:00Z"
    assert held.extent() == Extent(1, 10, 3, 1, 1)
    assert [each.name for each in held.collections()] == ["Ponds"]


def test_of_what_two_corpora_say_of_an_asset_the_first_counts(held: Holdings) -> None:
    """What it leaves out of the credit line comes from the other one."""
    url = "https://a.example/1"
    one = Attribution(url, "Frogs, in Ponds", "Ponds", "Frogs")
    other = Attribution(url, "Toads, by Ann, in Fens", "Fens", "Toads", ("Ann",))
    for number, each in enumerate((one, other)):
        member = Member(url, Party("a.example"), Footing(), "x", credit=each, tokens=number + 1)
        held.add([member], corpus=number)
    (found,) = held.by_url()
    said = found.member.credit
    assert said is not None
    assert (said.title, said.collection, said.creators) == ("Frogs", "Ponds", ("Ann",))
    assert "Ann" in said.text
    assert found.member.tokens == 1


def test_the_same_asset_on_another_footing_counts_with_both(held: Holdings) -> None:
    """Where two corpora disagree on its licence, both count, and it is told."""
    held.add([_member("https://a.example/1", footing=_footing("MIT"))])
    held.add([_member("https://a.example/1", footing=_footing("CC-BY-4.0"))], corpus=1)
    assert list(held.in_several()) == ["https://a.example/1"]
    assert {footing.labels for footing in held.footings.values()} == {("MIT",), ("CC-BY-4.0",)}


def test_what_is_owed_is_summed_by_party_over_the_assets_it_is_owed_for(held: Holdings) -> None:
    """Bytes and tokens are those of the assets, and it is told how many have them."""
    credit, gift = _debt("b.example"), _debt("a.example", ObligationKind.DIRECT_CONTRIBUTION)
    held.add(
        [
            _member("https://b.example/1", debts=(credit, gift), size=5, tokens=2),
            _member("https://b.example/2", debts=(credit,), size=7),
            _member("https://b.example/3"),
        ]
    )
    assert list(held.debts()) == [(gift, Extent(1, 5, 2, 1, 1)), (credit, Extent(2, 12, 2, 2, 1))]
    assert [debt for debt, _ in held.debts(ObligationKind.CREDIT)] == [credit]


def test_orders_are_by_url_and_by_party_collection_title(held: Holdings) -> None:
    """Names sort as people read them, URLs by their octets."""
    held.add(
        [
            _member("https://z.example/2", "zed", title="alpha"),
            _member("https://a.example/Z", "Aaron", title="Beta"),
            _member("https://a.example/a", "aaron the second", title="zeta"),
            _member("https://a.example/b", "Aaron", title="alpha"),
        ]
    )
    urls = [each.member.url for each in held.by_url()]
    assert urls == sorted(urls)
    assert [
        (each.member.party.name, each.member.credit.title)
        for each in held.by_party()
        if each.member.credit
    ] == [
        ("Aaron", "alpha"),
        ("Aaron", "Beta"),
        ("aaron the second", "zeta"),
        ("zed", "alpha"),
    ]


def test_parties_come_with_the_most_assets_first(held: Holdings) -> None:
    """The biggest is who a report names first."""
    held.add(
        [_member(f"https://b.example/{n}", "b") for n in range(3)]
        + [_member("https://a.example/", "a")]
    )
    assert [(party.name, extent.assets) for party, extent in held.parties()] == [("b", 3), ("a", 1)]


def test_half_a_character_in_a_title_is_no_obstacle(held: Holdings) -> None:
    """JSON can say a lone surrogate; no file can hold one."""
    held.add([_member("https://a.example/1", "p\ud800", title="x\ud800y")])
    (found,) = held.by_url()
    assert found.member.credit is not None
    assert found.member.credit.title == "x?y"


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(["", "MIT", "CC-BY-4.0"]), st.integers(0, 1)),
        max_size=40,
    )
)
def test_the_parts_add_up(rows: list[tuple[int, str, int]]) -> None:
    """However members repeat, footings and corpora partition what is held."""
    with Holdings(["one", "two"]) as held:
        for corpus in (0, 1):
            held.add(
                (
                    _member(f"https://a.example/{n}", footing=_footing(label) if label else None)
                    for n, label, in_ in rows
                    if in_ == corpus
                ),
                corpus,
            )
        distinct = {(n, label) for n, label, _ in rows}
        assert held.extent().assets == len(distinct) == len(list(held.by_url()))
        assert sum(each.assets for each in held.on_footings().values()) == len(distinct)
        for corpus in (0, 1):
            mine = {(n, label) for n, label, in_ in rows if in_ == corpus}
            assert held.extent(corpus).assets == len(mine)
            assert sum(each.assets for each in held.on_footings(corpus).values()) == len(mine)
        for number in held.footings:
            assert all(each.footing == number for each in held.of_footings([number]))
