"""What was given in all, held against what the policy and the recipient promised."""

from collections.abc import Mapping
from pathlib import Path

import owing
import pytest
from owing import but

from signals_agent.corpus import contributions
from signals_agent.corpus.contributions import markdown as as_markdown
from signals_agent.corpus.contributions import words
from signals_agent.corpus.contributions.account import Account, Kept
from signals_agent.corpus.facts import Facts
from signals_agent.model.obligation import ObligationKind
from signals_agent.policy import Policy

TERN, WREN, ECOSYSTEM = "Tern Museum", "wren.example", "cc-cr-ec"


def account(
    path: Path,
    cells: Mapping[str, Mapping[str, str]],
    *commitments: dict[str, object],
    facts: Facts | None = None,
) -> Account:
    policy = Policy(commitment=list(commitments))
    with owing.three() as held:
        owing.filled(owing.books(held), path / "sheet.csv", cells)
        read = contributions.read(path / "sheet.csv")
        return owing.books(held, read, policy, facts).account


def amounts(kept: Kept) -> list[tuple[str, str]]:
    return [(each.currency, f"{each.amount:f}") for each in kept.sums]


def to_everyone(ceiling: str = "EUR 1000", **more: object) -> dict[str, object]:
    return {"kind": "direct-contribution", "ceiling": ceiling, **more}


def test_sums_are_made_currency_by_currency_and_nothing_is_converted(tmp_path: Path) -> None:
    ecosystem = {"kind": "ecosystem-contribution", "ceiling": "EUR 10"}
    found = account(
        tmp_path,
        {TERN: but(amount="0.1"), WREN: but(amount="0.2"), "fen.example": but(currency="USD")},
        ecosystem,
    )
    assert [(e.currency, f"{e.amount:f}", e.gifts) for e in found.sums] == [
        ("EUR", "0.3", 2),
        ("USD", "1500.50", 1),
    ]
    (kept,) = found.kept
    assert amounts(kept) == [("EUR", "0.2"), ("USD", "1500.50")]
    assert [each.currency for each in kept.apart] == ["USD"]
    assert kept.over is None


@pytest.mark.parametrize(
    ("ceiling", "over"),
    [
        pytest.param("EUR 1500.51", None, id="below"),
        pytest.param("EUR 1500.50", None, id="as much as it"),
        pytest.param("EUR 1500", "0.50", id="above"),
        pytest.param("USD 1", None, id="another currency's"),
    ],
)
def test_what_is_above_a_ceiling_is_told(tmp_path: Path, ceiling: str, over: str | None) -> None:
    (kept,) = account(tmp_path, {TERN: owing.FILLED}, to_everyone(ceiling)).kept
    assert (kept.over and f"{kept.over.amount:f}") == over


@pytest.mark.parametrize(
    ("ceiling", "over", "not_compared"),
    [
        pytest.param("EUR 500", "600.00", [], id="an amount"),
        pytest.param("EUR 1100.00", None, [], id="as much as it"),
        pytest.param("USD 500", None, ["EUR"], id="another currency"),
        pytest.param("At most EUR 500", None, ["EUR"], id="other words"),
        pytest.param("EUR 500 a year", None, ["EUR"], id="an amount and more words"),
    ],
)
def test_gifts_are_held_against_the_ceiling_that_is_stated_or_it_is_said_that_they_are_not(
    tmp_path: Path, ceiling: str, over: str | None, not_compared: list[str]
) -> None:
    facts = Facts.make({"means": {"stated": "a group of four", "ceiling": ceiling}})
    with owing.three() as held:
        owing.filled(owing.books(held), tmp_path / "s.csv", {TERN: but(amount="1100.00")})
        made = owing.books(held, contributions.read(tmp_path / "s.csv"), None, facts)
        found, problems, told = made.account, made.problems(), made.not_compared()
        written = "".join(as_markdown.render(made))
    assert (found.over_means and f"{found.over_means.amount:f}") == over
    assert [each.currency for each in found.not_compared] == not_compared
    assert [each for each in problems if "above the ceiling" in each] == (
        [
            (
                "what is recorded as given is EUR 600.00 above the ceiling of the recipient's "
                "means (EUR 500)"
            )
        ]
        if over
        else []
    )
    assert (told is not None) is bool(not_compared)
    if told is not None:
        assert "Not held against the ceiling of the means, for " in written
        assert ("it is not said as a currency and an amount" in told) is ("USD" not in ceiling)


def test_problems_are_the_rows_that_do_not_count_and_sums_above_a_ceiling(tmp_path: Path) -> None:
    cells = {
        TERN: owing.FILLED,
        WREN: but(amount="a lot", given_on="02/10/2026"),
        "fen.example": {**owing.FILLED, "id": "con-000000000000"},
    }
    with owing.three() as held:
        owing.filled(owing.books(held), tmp_path / "s.csv", cells)
        read = contributions.read(tmp_path / "s.csv")
        policy = Policy(commitment=[to_everyone("EUR 1000")])
        found = owing.books(held, read, policy).problems()
    assert len(found) == 3
    told = " ".join(found)
    assert "does not count: amount is 'a lot'; accepted is" in told
    assert "given_on is '02/10/2026'; accepted is year-month-day" in told
    assert "counts for nothing: fen.example is not in this corpus" in told
    assert found[-1] == (
        "what is recorded as given is EUR 500.50 above the ceiling of commitment 1 of the policy "
        "(EUR 1000)"
    )


def test_a_sheet_in_which_nothing_is_filled_in_has_no_problems(tmp_path: Path) -> None:
    with owing.three() as held:
        owing.filled(owing.books(held), tmp_path / "s.csv", {})
        made = owing.books(held, contributions.read(tmp_path / "s.csv"))
        assert (made.problems(), made.not_compared()) == ((), None)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("200", "EUR 200"),
        ("200.5", "EUR 200.50"),
        ("200,50", "EUR 200.50"),
        ("1500.00", "EUR 1500.00"),
        ("0.125", "EUR 0.125"),
    ],
)
def test_amounts_are_written_as_given_or_with_two_decimals(
    tmp_path: Path, given: str, written: str
) -> None:
    (found,) = account(tmp_path, {TERN: but(amount=given)}).sums
    assert words.sums([found]) == written


def test_a_commitment_counts_how_many_of_those_who_ask_were_given_something(tmp_path: Path) -> None:
    ecosystem = {"kind": "ecosystem-contribution", "evidence": "https://us.example/"}
    found = account(tmp_path, {TERN: owing.FILLED, WREN: owing.FILLED}, to_everyone(), ecosystem)
    assert [(each.about, each.answered) for each in found.kept] == [(1, 1), (2, 1)]
    assert (found.records, found.ecosystems, found.open) == (3, 1, 1)


def test_a_gift_to_the_ecosystem_as_a_whole_answers_all_who_ask_for_it_and_is_summed_once(
    tmp_path: Path,
) -> None:
    ecosystem = {"kind": "ecosystem-contribution", "ceiling": "EUR 2000"}
    found = account(tmp_path, {ECOSYSTEM: owing.FILLED}, ecosystem)
    (kept,) = found.kept
    assert (kept.about, kept.answered, amounts(kept)) == (2, 2, [("EUR", "1500.50")])
    assert [f"{each.amount:f}" for each in found.sums] == ["1500.50"]
    assert found.open == 1  # the direct contribution


def test_a_gift_that_does_not_count_is_in_no_sum_and_is_told(tmp_path: Path) -> None:
    found = account(tmp_path, {TERN: but(beneficiary_confirmed_by="")}, to_everyone("EUR 1"))
    assert (found.sums, found.kept[0].sums, found.kept[0].over) == ((), (), None)
    assert [each.to.name for each, _ in found.uncounted] == [TERN]
    assert found.open == 3


def test_gifts_after_a_commitment_had_expired_are_told_and_not_summed_for_it(
    tmp_path: Path,
) -> None:
    (kept,) = account(tmp_path, {TERN: owing.FILLED}, to_everyone(expires="2026-10-01")).kept
    assert (kept.late, kept.sums) == (1, ())
    assert kept.flaw == "the commitment to direct-contribution expired on 2026-10-01"


def test_gifts_in_kind_are_counted(tmp_path: Path) -> None:
    cells = but(form="both", in_kind="two scanners")
    found = account(tmp_path, {TERN: cells}, to_everyone("EUR 2000"))
    assert (found.in_kind, found.kept[0].in_kind) == (1, 1)
    assert amounts(found.kept[0]) == [("EUR", "1500.50")]


@pytest.mark.parametrize(
    ("ceiling", "over"),
    [("EUR 1000", "500.50"), ("EUR 2000", None), ("a little", None), (None, None)],
)
def test_the_recipients_own_ceiling_is_held_against_all_contributions_where_it_is_an_amount(
    tmp_path: Path, ceiling: str | None, over: str | None
) -> None:
    means = {"stated": "A laboratory"} | ({"ceiling": ceiling} if ceiling else {})
    found = account(tmp_path, {TERN: owing.FILLED}, facts=Facts.make({"means": means}))
    assert (found.over_means and f"{found.over_means.amount:f}") == over


def test_what_is_paid_by_agreement_is_no_contribution(tmp_path: Path) -> None:
    payment = owing.owed(ObligationKind.PAYMENT, owing.TERN, "Pay.", "rsl:crawl")
    facts = Facts.make({"means": {"stated": "A laboratory", "ceiling": "EUR 1"}})
    with owing.holding(owing.asset("https://tern.example/", owing.TERN, payment)) as held:
        owing.filled(owing.books(held), tmp_path / "sheet.csv", {TERN: owing.FILLED})
        read = contributions.read(tmp_path / "sheet.csv")
        found = owing.books(held, read, Policy(commitment=[to_everyone("EUR 1")]), facts).account
    assert (found.sums, [f"{each.amount:f}" for each in found.paid]) == ((), ["1500.50"])
    assert (found.over_means, found.kept[0].over, found.kept[0].about) == (None, None, 0)
