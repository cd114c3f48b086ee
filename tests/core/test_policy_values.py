"""Amounts, URLs and days of a policy have one form; the wrong one is refused."""

from datetime import date

import pytest
from policies import AGREED, ASSERTED, CREDIT, STATED

import signals_agent as sa
from signals_agent.proof import CURRENCIES, Outcome


@pytest.mark.parametrize(
    ("ceiling", "said"),
    [
        ("lots", "'lots' is not an amount"),
        ("EUR 20,000", "is not an amount"),
        ("EUR", "is not an amount"),
        ("eur 5", "is not an amount"),
        ("EUR 0", "is not an amount"),
        ("EUR 0.00", "is not an amount"),
        ("EUR -5", "is not an amount"),
        ("EUR 5\\n", None),
        ("20000 EUR", "is not an amount"),
        ("EUX 5", "EUX is not a currency code of ISO 4217"),
        ("XAU 5", "XAU is not a currency code of ISO 4217"),
        ("EUR 20000", None),
        ("JPY 1", None),
        ("USD 0.5", None),
    ],
)
def test_a_ceiling_is_a_currency_and_an_amount(ceiling: str, said: str | None) -> None:
    text = f'[[commitment]]\nkind = "direct-contribution"\nceiling = "{ceiling}"'
    if said is None:
        (check,) = sa.Policy.parse(text).checks
        assert (check.key, check.outcome) == ("ceiling", Outcome.HOLDS)
    else:
        with pytest.raises(sa.PolicyError, match=said):
            sa.Policy.parse(text)


def test_currencies_are_three_capital_letters() -> None:
    assert len(CURRENCIES) > 150
    assert all(len(each) == 3 and each.isalpha() and each.isupper() for each in CURRENCIES)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[[commitment]]\nkind = "credit"\nevidence = "ftp://x/y"', id="evidence"),
        pytest.param('[[commitment]]\nkind = "open"\nosaid = "yes"', id="osaid"),
        pytest.param(AGREED.replace("press.pdf", "https://"), id="document"),
        pytest.param(STATED.replace("https://d.example/faq", "our FAQ"), id="statement"),
    ],
)
def test_a_url_of_the_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(sa.PolicyError, match="URL"):
        sa.Policy.parse(text)


def test_a_statement_is_asserted_by_its_url() -> None:
    (check,) = sa.Policy.parse(STATED).checks
    assert (check.entry, check.place, check.key, check.value) == (
        "statement",
        1,
        "url",
        "https://d.example/faq",
    )
    assert check.outcome is Outcome.ASSERTED


@pytest.mark.parametrize(
    "day",
    ["4102444800", '"4102444800"', '"soon"', '"2027-02-31"', "2027-12-31T00:00:00Z", "true", "1.5"],
)
@pytest.mark.parametrize(
    ("text", "key"), [(CREDIT, "expires"), (ASSERTED, "until"), (ASSERTED, "from")]
)
def test_a_day_is_a_day_and_no_number_of_seconds(text: str, key: str, day: str) -> None:
    with pytest.raises(sa.PolicyError, match="is not a day: year-month-day is accepted"):
        sa.Policy.parse(f"{text}{key} = {day}")


def test_a_day_may_be_written_as_text() -> None:
    (commitment,) = sa.Policy.parse(CREDIT + 'expires = "2027-12-31"').commitment
    assert commitment.expires == date(2027, 12, 31)
