"""How the values of attributes and the words of elements are read in RSL."""

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s,]+")
_DAYS: Final = re.compile(r"0*([1-9][0-9]*)")
_MANY_DAYS: Final = 999_999_999
_AMOUNT: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False, "": False}


def tokens(words: str) -> tuple[str, ...]:
    """The tokens of a list, separated by white space, or by commas as in RSL 0.9."""
    return tuple(token for token in _SEPARATORS.split(words) if token)


def days(value: str) -> int | None:
    """A positive number of days; ``None`` if it is none. A very long one is cut to many."""
    found = _DAYS.fullmatch(value)
    if found is None:
        return None
    return int(found[1]) if len(found[1]) < 10 else _MANY_DAYS


def truth(value: str) -> tuple[bool, bool]:
    """Whether it says true, and whether as RSL has it (``true`` or ``false``, 3.3).

    Whatever is none of the known words counts as true, which asks for more.
    """
    return _TRUTH.get(value.lower(), True), value in ("true", "false")


def is_amount(value: str) -> bool:
    """Whether it is a decimal number, not negative."""
    return _AMOUNT.fullmatch(value) is not None


def is_nothing(amount: str) -> bool:
    """Whether an amount is nought."""
    return not amount.strip("0.")


def is_currency(value: str) -> bool:
    """Whether it has the form of an ISO 4217 code; XBT is none (errata of 2026-05-13)."""
    return _CURRENCY.fullmatch(value) is not None and value != "XBT"
