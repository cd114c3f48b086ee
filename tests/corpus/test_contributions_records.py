"""What is owed to whom as a contribution, for how much use, beside what was promised."""

from dataclasses import replace
from datetime import date

import owing
import pytest
from owing import COLLECTIVE, FEN, TERN, WREN

import signals_agent as sa
from signals_agent.corpus import contributions, of_ledger
from signals_agent.corpus.contributions.valuation import Ecosystem, Valuation
from signals_agent.corpus.facts import Facts
from signals_agent.model.obligation import ObligationKind
from signals_agent.policy import Policy

DIRECT = ObligationKind.DIRECT_CONTRIBUTION
ECOSYSTEM = ObligationKind.ECOSYSTEM_CONTRIBUTION
PAYMENT = ObligationKind.PAYMENT


def all_of(made: contributions.Books) -> dict[tuple[str, str], Valuation]:
    return {(each.to.name, each.kind.value): each for each in made.records()}


def test_one_record_for_each_party_and_kind_and_one_for_the_ecosystem_that_several_mean() -> None:
    with owing.three() as held:
        found = list(contributions.records(held, today=owing.TODAY))
    assert [(each.to.name, each.kind, each.use.assets) for each in found] == [
        ("cc-cr-ec", ECOSYSTEM, 3),
        ("fen.example", ECOSYSTEM, 1),
        ("Tern Museum", DIRECT, 1),
        ("wren.example", ECOSYSTEM, 2),
    ]
    gathered = found[0]
    assert isinstance(gathered.to, Ecosystem)
    assert gathered.to.parties == 2
    assert [each.gathered_in for each in found[1:]] == [(gathered.id,), (), (gathered.id,)]
    assert len({each.id for each in found}) == 4


def test_credit_and_open_are_no_contributions() -> None:
    member = owing.asset("https://a.example/", WREN, *owing.signalled("cc-cr-op", WREN))
    with owing.holding(member) as held:
        assert list(contributions.records(held, today=owing.TODAY)) == []


def test_an_asset_for_which_one_party_asks_twice_counts_once_and_both_wordings_are_shown() -> None:
    rsl = owing.owed(DIRECT, TERN, "Give. Its price is said to be 5 EUR.", beneficiary=TERN)
    with owing.holding(
        owing.asset("https://t.example/1", TERN, *owing.signalled("cc-cr-dc", TERN), rsl, size=10),
        owing.asset("https://t.example/2", TERN, *owing.signalled("cc-cr-dc", TERN), size=5),
    ) as held:
        (record,) = contributions.records(held, today=owing.TODAY)
    assert (record.use.assets, record.use.bytes) == (2, 15)
    assert {(each.debt.signal, each.extent.assets) for each in record.asked} == {
        ("cc-cr-dc", 2),
        ("rsl:contribution", 1),
    }
    assert record.declared == (TERN,)


def test_what_is_measured_is_said_with_how_many_assets_it_is_known_of() -> None:
    with owing.three() as held:
        found = all_of(owing.books(held))
    wren = found["wren.example", "ecosystem-contribution"].use
    assert (wren.bytes, wren.measured, wren.tokens, wren.counted) == (0, 0, 12, 2)
    assert found["wren.example", "ecosystem-contribution"].share == 0.5


def test_parties_that_name_a_collective_are_gathered_for_it() -> None:
    def to_collective(url: str, party: sa.model.obligation.Party) -> owing.Member:
        debt = owing.owed(ECOSYSTEM, party, beneficiary=COLLECTIVE)
        return owing.asset(url, party, debt)

    with owing.holding(
        to_collective("https://wren.example/", WREN),
        to_collective("https://fen.example/", FEN),
        owing.asset("https://t.example/", TERN, *owing.signalled("cc-cr-ec", TERN)),
    ) as held:
        gathered = [
            each.to
            for each in contributions.records(held, today=owing.TODAY)
            if isinstance(each.to, Ecosystem)
        ]
    assert {(each.name, each.parties) for each in gathered} == {
        ("api.rslcollective.org", 2),
        ("cc-cr-ec", 1),
    }


def test_a_payment_is_named_with_its_price_as_stated_and_with_the_agreement_that_answers() -> None:
    text = "Come to an agreement: a payment for each crawl. Its price is said to be 5 EUR."
    agreement = {
        "party": "Tern",
        "origins": ["https://tern.example"],
        "uses": ["train-generative"],
        "answers": ["payment"],
    }
    member = owing.asset(
        "https://tern.example/", TERN, owing.owed(PAYMENT, TERN, text, "rsl:crawl")
    )
    with owing.holding(member) as held:
        (alone,) = contributions.records(held, today=owing.TODAY)
        policy = Policy(agreement=[agreement])
        (agreed,) = contributions.records(held, None, policy, today=owing.TODAY)
    assert alone.asked[0].debt.text == text
    assert (alone.contracts, alone.state) == ((), "nothing is recorded as given")
    assert [each.party for each in agreed.contracts] == ["Tern"]
    assert agreed.state == "answered by an agreement"


def test_an_agreement_that_has_ended_answers_nothing_and_says_so() -> None:
    agreement = {
        "party": "Tern Museum",
        "origins": ["https://elsewhere.example"],
        "uses": ["train-generative"],
        "answers": ["direct-contribution"],
        "until": date(2025, 1, 1),
    }
    with owing.three() as held:
        made = owing.books(held, policy=Policy(agreement=[agreement]))
        record = all_of(made)["Tern Museum", "direct-contribution"]
    assert [each.flaw for each in record.contracts] == [
        "the agreement with Tern Museum expired on 2025-01-01"
    ]
    assert record.state == "nothing is recorded as given"


@pytest.mark.parametrize(
    ("to", "party", "part"),
    [
        pytest.param("*", "Tern Museum", None, id="everyone is each"),
        pytest.param("tern museum", "Tern Museum", None, id="a name in any casing"),
        pytest.param("https://tern.example", "Tern Museum", None, id="the party's own origin"),
        pytest.param(
            "https://tern.example/halls/*",
            "Tern Museum",
            "https://tern.example/halls/*",
            id="an address is a part of the assets",
        ),
        pytest.param("/halls/*", "Tern Museum", "/halls/*", id="a path is a part of the assets"),
        pytest.param("https://fen.example", "Tern Museum", "none", id="another's origin is not"),
        pytest.param("Fen", "Tern Museum", "none", id="another's name is not"),
    ],
)
def test_a_commitment_is_shown_with_the_records_that_it_is_about(
    to: str, party: str, part: str | None
) -> None:
    commitment = {"kind": "direct-contribution", "to": to, "ceiling": "EUR 100"}
    with owing.three() as held:
        made = owing.books(held, policy=Policy(commitment=[commitment]))
        record = all_of(made)[party, "direct-contribution"]
    shown = [(each.to, each.ceiling, each.part) for each in record.promises]
    assert shown == ([] if part == "none" else [(to, "EUR 100", part)])


def test_the_means_are_the_ones_that_the_recipient_states() -> None:
    facts = Facts.make({"means": {"stated": "A laboratory", "ceiling": "EUR 5"}})
    with owing.three() as held:
        assert {
            each.means and each.means.ceiling for each in owing.books(held, facts=facts).records()
        } == {"EUR 5"}


def test_two_parties_of_one_name_of_which_one_is_inferred_have_records_of_their_own() -> None:
    said = owing.Party(WREN.name, WREN.url, inferred=False)
    with owing.holding(
        owing.asset("https://wren.example/1", WREN, *owing.signalled("cc-cr-dc", WREN)),
        owing.asset("https://wren.example/2", said, *owing.signalled("cc-cr-dc", said)),
    ) as held:
        found = list(contributions.records(held, today=owing.TODAY))
    assert len({each.id for each in found}) == 2


def test_ids_do_not_depend_on_how_much_there_is_nor_on_the_order() -> None:
    with owing.three() as held, owing.three() as more:
        more.add([owing.asset("https://aaa.example/", FEN, *owing.signalled("cc-cr-dc", FEN))])
        first, second = owing.ids(owing.books(held)), owing.ids(owing.books(more))
    assert {name: second[name] for name in ("Tern Museum", "cc-cr-ec", "wren.example")} == {
        name: first[name] for name in ("Tern Museum", "cc-cr-ec", "wren.example")
    }


def test_more_wordings_than_are_shown_are_counted() -> None:
    debts = [owing.owed(DIRECT, TERN, f"Its price is said to be {n} EUR.") for n in range(25)]
    with owing.holding(owing.asset("https://tern.example/", TERN, *debts)) as held:
        (record,) = contributions.records(held, today=owing.TODAY)
    assert (len(record.asked), record.more_asked, record.use.assets) == (20, 5, 1)


def test_what_binds_beyond_the_wordings_that_are_shown_binds() -> None:
    """Prices that bind nobody must not hide one that does."""
    free = [replace(owing.owed(DIRECT, TERN, f"Wording {n:02}."), binding=False) for n in range(25)]
    binding = owing.owed(DIRECT, TERN, "Wording 99.")
    asset = owing.asset("https://tern.example/", TERN, *free, binding)
    with owing.holding(asset) as held:
        (record,) = contributions.records(held, today=owing.TODAY)
    assert not any(each.debt.binding for each in record.asked)
    assert record.binding


def test_what_a_page_asks_for_arrives_from_its_result() -> None:
    policy = sa.Policy(
        uses=["train-generative"],
        commitment=[
            {"kind": kind, "evidence": "https://us.example/giving"}
            for kind in ("credit", "ecosystem-contribution")
        ],
    )
    page = sa.Capture(
        "https://library.example/tides",
        status=200,
        headers=[(b"Content-Usage", b"train-genai=n;exceptions=cc-cr-ec")],
        body=b"<html><title>Tides</title></html>",
    )
    answer = sa.assess(page, robots=sa.ABSENT, token="ExampleBot", policy=policy)
    assert answer.verdict is not None
    assert answer.verdict.decision == "ingest"
    member = of_ledger.member(answer.model_dump(mode="json"), "a test")
    with owing.holding(member) as held:
        found = all_of(owing.books(held, policy=policy))
    record = found["library.example", "ecosystem-contribution"]
    assert record.use.measured == 1
    assert record.use.bytes == len(b"<html><title>Tides</title></html>")
    assert [each.to for each in record.promises] == ["*"]
