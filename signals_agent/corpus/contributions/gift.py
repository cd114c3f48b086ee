"""When a row of the worksheet counts as given, and what it lacks where it does not (rule R10a)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from signals_agent import proof, quote
from signals_agent.corpus.contributions.worksheet import UNNAMED, Row

_AMOUNT: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,4})|,([0-9]{1,2}))?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Form(StrEnum):
    """In what form something is given."""

    MONEY = "money"
    IN_KIND = "in-kind"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Gift:
    """Something that counts as given, to a beneficiary whom a person has confirmed.

    ``amount`` is in ``currency`` (ISO 4217), both there or neither.
    """

    form: Form
    beneficiary: str
    confirmed_by: str
    confirmed_on: date
    given_on: date
    amount: Decimal | None = None
    currency: str | None = None
    in_kind: str | None = None
    receipt: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row that was filled in: the gift, or why it does not count as one.

    ``mistakes`` are cells that cannot be read, each with what is accepted, ``lacking`` what is
    still missing. With either there is no gift.
    """

    row: Row
    gift: Gift | None = None
    mistakes: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it does not count."""
        return (*self.mistakes, *self.lacking)


def judge(row: Row, today: date) -> Recorded:
    """What a row comes to; whose record it is was found out before."""
    mistakes: list[str] = []
    said = row.said
    if any(name.startswith(UNNAMED) for name in said):
        mistakes.append("there are more cells than columns; put each cell under its column")
    amount = _amount(said, mistakes)
    currency = _currency(said, mistakes)
    form = _form(said, mistakes)
    confirmed_on = _day(said, "beneficiary_confirmed_on", mistakes, today)
    given_on = _day(said, "given_on", mistakes, today)
    in_kind = said.get("in_kind")
    beneficiary, by = said.get("beneficiary"), said.get("beneficiary_confirmed_by")
    lacking = [*_lacking(said), *_against(form, said.get("amount"), in_kind)]
    if mistakes or lacking or not (beneficiary and by and confirmed_on and given_on):
        return Recorded(row, None, tuple(mistakes), tuple(lacking))
    is_form = Form.BOTH if amount and in_kind else Form.MONEY if amount else Form.IN_KIND
    return Recorded(
        row,
        Gift(
            is_form,
            beneficiary,
            by,
            confirmed_on,
            given_on,
            amount,
            currency,
            in_kind,
            said.get("receipt"),
            said.get("note"),
        ),
    )


_NEEDED: Final = {
    "beneficiary": "to whom it was given",
    "beneficiary_confirmed_by": "a person has to confirm the beneficiary",
    "beneficiary_confirmed_on": "the day on which the beneficiary was confirmed",
    "given_on": "not given yet",
}


def _lacking(said: Mapping[str, str]) -> Iterator[str]:
    """What has to be filled in before it counts, and is not."""
    for name, why in _NEEDED.items():
        if name not in said:
            yield f"{name} is empty: {why}"
    if "amount" not in said and "in_kind" not in said:
        yield "amount and in_kind are both empty: what was given"
    if "amount" in said and "currency" not in said:
        yield "currency is empty: of what the amount is"
    if "currency" in said and "amount" not in said:
        yield "amount is empty: how much of the currency"


def _against(form: Form | None, amount: str | None, in_kind: str | None) -> list[str]:
    """In what the form contradicts what is said to have been given."""
    if form is Form.MONEY and in_kind:
        return ["form is money, and in_kind is filled in; write both"]
    if form is Form.IN_KIND and amount:
        return ["form is in-kind, and amount is filled in; write both"]
    if form is Form.BOTH and bool(amount) is not bool(in_kind):
        return [f"form is both, and {'in_kind' if amount else 'amount'} is empty"]
    return []


def _amount(said: Mapping[str, str], mistakes: list[str]) -> Decimal | None:
    text = said.get("amount")
    if not text:
        return None
    form = _AMOUNT.fullmatch(text)
    # A comma with one or two digits behind it is a decimal point; with three it may be either.
    decimals = None if form is None else form[2] or form[3]
    found = None if form is None else Decimal(f"{form[1]}.{decimals}" if decimals else form[1])
    if found is None or not found:
        mistakes.append(
            f"amount is {_shown(text)}; accepted is a number above nothing, digits with a point "
            "for decimals and nothing between thousands, such as 1500 or 1500.50"
        )
        return None
    return found


def _currency(said: Mapping[str, str], mistakes: list[str]) -> str | None:
    text = said.get("currency", "").upper()
    if not text:
        return None
    if text not in proof.CURRENCIES:
        mistakes.append(
            f"currency is {_shown(said['currency'])}; accepted is a code of ISO 4217, such as EUR"
        )
        return None
    return text


def _form(said: Mapping[str, str], mistakes: list[str]) -> Form | None:
    text = said.get("form", "").lower().replace(" ", "-").replace("_", "-")
    if not text:
        return None
    try:
        return Form(text)
    except ValueError:
        accepted = ", ".join(Form)
        mistakes.append(f"form is {_shown(said['form'])}; accepted: {accepted}")
        return None


def _day(said: Mapping[str, str], name: str, mistakes: list[str], today: date) -> date | None:
    text = said.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        mistakes.append(
            f"{name} is {_shown(text)}; accepted is year-month-day, such as 2026-11-22 (have the "
            "column formatted as text, or as YYYY-MM-DD)"
        )
    elif found > today:
        mistakes.append(f"{name} is {found}, which is still to come")
        return None
    return found


def _shown(text: str) -> str:
    return repr(quote.text(text, 60))
