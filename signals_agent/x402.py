"""x402 offers: what a server asks for, in the JSON of version 1 and of version 2."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from signals_agent import quote
from signals_agent.syntax import json_values

MAX_OFFERS: Final = 32
"""Offers of one document that are read (rule R39)."""

COIN: Final = "smallest units"
"""What stands behind an amount: how many of them make one coin is not said."""

_AMOUNT: Final = re.compile(r"[0-9]{1,78}")
_PLAIN: Final = re.compile(r"[0-9A-Za-z:._-]{1,60}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class Offers:
    """What one document offers: a printable price for each offer, in order, each once.

    ``unreadable`` says in a few words why there is none; ``cut`` that there are more
    offers than are read.
    """

    prices: tuple[str, ...] = ()
    unreadable: str = ""
    cut: bool = False


def encoded(value: bytes) -> Offers:
    """A ``PAYMENT-REQUIRED`` field value: JSON in base64 of either alphabet (version 2)."""
    packed = value.strip().rstrip(b"=").translate(_URL_SAFE)
    try:
        body = b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return Offers(unreadable="no base64")
    return _read(body) or Offers(unreadable="no offer")


def document(body: bytes) -> Offers | None:
    """The JSON body of a 402 (version 1); ``None`` where it is not about x402 at all."""
    if not mentioned(body):
        return None
    return _read(body, named=True)


def mentioned(body: bytes) -> bool:
    """Whether a body may be such a document, told without reading it."""
    return b"x402Version" in body.replace(b"\0", b"")


def word(value: Any) -> str:
    """A word as it stands; anything longer between quotation marks, for it is the server's."""
    if not isinstance(value, str) or not value:
        return ""
    return value if _PLAIN.fullmatch(value) else f'"{quote.text(value, 60)}"'


def _read(body: bytes, *, named: bool = False) -> Offers | None:
    try:
        told = json_values.parse(json_values.decode(body).text).value
    except (ValueError, RecursionError):
        return Offers(unreadable="no JSON that can be read")
    if not isinstance(told, json_values.Pairs) or (named and not told.named("x402Version")):
        return None
    accepted = _last(told, "accepts")
    # An object is a list of pairs here, too.
    listed = accepted if type(accepted) is list else []
    prices = tuple(dict.fromkeys(_prices(listed[:MAX_OFFERS])))
    if not prices:
        return Offers(unreadable="no offer with an amount")
    return Offers(prices, cut=len(listed) > MAX_OFFERS)


def _prices(offers: Iterable[Any]) -> Iterator[str]:
    for offer in offers:
        if not isinstance(offer, json_values.Pairs):
            continue
        amount = _last(offer, "amount")
        if amount is None:
            amount = _last(offer, "maxAmountRequired")
        written = str(amount) if type(amount) in (int, str) else ""
        if not _AMOUNT.fullmatch(written):
            continue
        extra = _last(offer, "extra")
        name = _last(extra, "name") if isinstance(extra, json_values.Pairs) else None
        asset, network = word(name) or word(_last(offer, "asset")), word(_last(offer, "network"))
        most = "up to " if _last(offer, "scheme") == "upto" else ""
        of = f" of {asset}" if asset else ""
        yield f"{most}{written} {COIN}{of}" + (f" on {network}" if network else "")


def _last(pairs: json_values.Pairs, name: str) -> Any:
    """The last member of a name, as most readers of JSON have it; ``None`` where none is."""
    return next(reversed(pairs.named(name)), None)
