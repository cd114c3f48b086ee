"""HTTP 402 and its kin: what must be paid or agreed before anything is sent."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import quote, x402
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import Located
from signals_agent.model.note import Note, Severity
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.statement import Answer, Preference, Reading, Settled, Statement
from signals_agent.model.use import USES
from signals_agent.syntax import authenticate_field

_STATUS: Final = ":status"
_PRICE: Final = "crawler-price"
_ERROR: Final = "crawler-error"
_LICENCE: Final = "www-authenticate"
_OFFERS: Final = "payment-required"
_BODY: Final = "application/json"

_MAX_BODY: Final = 64 * 1024
"""Octets of a body that are read as offers (rule R39)."""
_SHOWN: Final = 3
"""Prices that a text names."""

_MONEY: Final = re.compile(rb"[A-Z]{3}[ \t]+[0-9]{1,18}(?:\.[0-9]{1,18})?")
_ASKED_FOR: Final = "the licence that the server asks for"
_WHERE: Final = ("authorization_uri", "server")
"""Parameters that say where a licence is to be had (RSL 1.0, the License scheme)."""

_ERRORS: Final = {
    "crawlerforbidden": "the site has blocked this crawler",
    "strongauthrequired": "the request must be signed by a known key",
    "invalidsignature": "the request's signature is not valid",
    "invalidcrawlerpricevalue": "the price in the request is not well formed",
    "missingcrawlerprice": "the request named no price that it would pay",
    "paymentfailed": "the payment failed",
    "invalidcrawlerexactprice": "the price in the request is not the site's",
    "invalidcrawlermaxprice": "the highest price in the request is below the site's",
    "conflictingpriceheaders": "the request named an exact and a highest price",
    "invalidcontentprice": "the site itself named a price that is not valid",
}
"""What the gateway's error codes mean (Cloudflare, pay per crawl, error codes)."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What one line or body says of terms.

    ``asks`` says that it states terms at all; ``prices`` are printable, in order, and
    ``licence`` what a licence is asked for with. ``wrong`` are code, sentence and clause
    of what could not be read.
    """

    asks: bool = False
    prices: tuple[str, ...] = ()
    licence: str = ""
    terms_url: str | None = None
    wrong: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AccessTerms:
    """Terms of access: whatever states them asks for payment, for every use alike."""

    name: str = "access"
    title: str = "Access terms (HTTP 402)"
    specification: str = "https://www.rfc-editor.org/rfc/rfc9110#status.402"
    version: str = "RFC 9110; x402 1 and 2; pay per crawl 2026-04"
    listens: tuple[Listen, ...] = (
        Listen("http-header", _PRICE, at="terms"),
        Listen("http-header", _STATUS, at="terms"),
        Listen("http-header", _LICENCE, at="terms"),
        Listen("http-header", _OFFERS, at="terms"),
        Listen("http-header", _ERROR, at="terms"),
        Listen("http-body", _BODY, at="terms"),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "access-crawler-error",
        "access-licence-malformed",
        "access-offer-unreadable",
        "access-over-cap",
        "access-price-unreadable",
        "access-prices-differ",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """One field line or body; a price that cannot be read is owed all the same."""
        located = unit[0]
        declaration = located.declaration
        if located.field == _ERROR:
            made = Statement(self.name, unit, (declaration,))
            return Reading((made,), (_error(located),))
        if located.detail("unread"):
            # A body that was not read: whoever located it has said so.
            return Reading((Statement(self.name, unit, (declaration,)),))
        said = _said(located.field, located.value)
        notes = tuple(
            Note(code, Severity.WARNING, text, clause, (declaration.id,), declaration.position)
            for code, text, clause in said.wrong
        )
        if not said.asks:
            return Reading()
        term = _term(context.status, (said,))
        made = Statement(
            family=self.name,
            unit=unit,
            declarations=(declaration,),
            answers=_answers(term, (declaration.id,)),
        )
        return Reading((made,), notes)

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """All that one answer states is one set of terms: one payment, all prices named."""
        asking = sorted(
            (one for one in statements if one.answers), key=lambda one: one.declarations[0].id
        )
        if not asking:
            return Settled(self.name)
        said = [_said(one.unit[0].field, one.unit[0].value) for one in asking]
        because = tuple(dict.fromkeys(one.declarations[0].id for one in asking))
        priced = [one.declarations[0].id for one in asking if one.unit[0].field == _PRICE]
        named = {
            each.prices
            for one, each in zip(asking, said, strict=True)
            if one.unit[0].field == _PRICE and each.prices
        }
        return Settled(
            family=self.name,
            answers=_answers(_term(context.status, said), because),
            notes=(_differ(priced),) if len(named) > 1 else (),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The price as ``crawler-price`` has it; ``None`` where that cannot say as much."""
        (located, *_) = statement.unit
        if located.field != _PRICE or not statement.answers:
            return None
        said = _said(located.field, located.value)
        return said.prices[0].encode("ascii") if said.prices else None


ACCESS: Final = AccessTerms()


def _answers(term: Term, because: tuple[str, ...]) -> tuple[Answer, ...]:
    return tuple(Answer(use, Preference.CONDITIONAL, (term,), because) for use in USES)


def _term(status: int | None, said: Iterable[_Said]) -> Term:
    """The payment that everything said amounts to; the same whatever the order."""
    heard = tuple(said)
    # Money before whatever else is taken, so that a text begins with what people know best.
    prices = sorted(
        {price for one in heard for price in one.prices}, key=lambda p: (x402.COIN in p, p)
    )
    licences = sorted({one.licence for one in heard if one.licence})
    places = sorted({one.terms_url for one in heard if one.terms_url})
    text = "Pay for access, or agree otherwise: the server names no price that can be read."
    if prices:
        more = len(prices) - _SHOWN
        shown = [*prices[:_SHOWN], *([f"one of {more} other offers"] if more > 0 else [])]
        whose = "the price that the server names" if len(prices) == 1 else "as the server offers"
        also = f", and get {licences[0]}" if licences else ""
        text = f"Pay {' or '.join(shown)} per request, {whose}{also}, or agree otherwise."
    elif licences:
        text = f"Get {licences[0]}, and pay what it costs, or agree otherwise."
    return Term(
        kind=ObligationKind.PAYMENT,
        signal=f"http:{status or 402}",
        text=text,
        terms_url=places[0] if places else None,
    )


def _said(field: str, value: bytes) -> _Said:
    """What a line or body says; a 402 says by its status alone that something is owed."""
    if field == _STATUS:
        return _Said(asks=True)
    if len(value) > (_MAX_BODY if field == _BODY else MAX_EXPRESSION):
        # What states terms at all is known in linear time, and counts whatever its length.
        asks = {_LICENCE: _asks_licence, _BODY: x402.mentioned}.get(field)
        wrong = "longer than what is read; what is asked for in it is not known"
        return _Said(
            asks=asks is None or asks(value),
            licence=_ASKED_FOR if field == _LICENCE else "",
            wrong=(("access-over-cap", wrong, "rule R39"),),
        )
    return _read(field, value)


@lru_cache(maxsize=64)
def _read(field: str, value: bytes) -> _Said:
    if field == _LICENCE:
        return _licence(value)
    if field == _OFFERS:
        return _offered(x402.encoded(value))
    if field == _BODY:
        return _offered(x402.document(value))
    return _price(value)


def _price(value: bytes) -> _Said:
    """``USD 0.01``, as pay per crawl writes it."""
    if _MONEY.fullmatch(value.strip()):
        return _Said(asks=True, prices=(" ".join(value.decode("ascii").split()),))
    shown = quote.text(value, 60)
    wrong = f"no price in the form USD 0.01: {shown}; payment is owed all the same"
    return _Said(asks=True, wrong=(("access-price-unreadable", wrong, "rule R27"),))


def _asks_licence(value: bytes) -> bool:
    return any(each.scheme == "license" for each in authenticate_field.read(value))


def _licence(value: bytes) -> _Said:
    """The challenges whose scheme is License (RSL 1.0); no other one states terms."""
    asked = [each for each in authenticate_field.read(value) if each.scheme == "license"]
    if not asked:
        return _Said()
    named = [
        (name, x402.word(one.param(name)))
        for name in ("realm", "error", "error_description")
        for one in asked[:1]
        if one.param(name)
    ]
    told = ", ".join(f"{name.replace('_', ' ')} {shown}" for name, shown in named)
    where = (_address(one.param(name)) for one in asked for name in _WHERE)
    wrong: tuple[tuple[str, str, str], ...] = ()
    if not all(one.sound for one in asked):
        text = "the challenge is not well formed; a licence is asked for all the same"
        wrong = (("access-licence-malformed", text, "RFC 9110 11.6.1"),)
    return _Said(
        asks=True,
        licence=_ASKED_FOR + (f" ({told})" if told else ""),
        terms_url=next((each for each in where if each), None),
        wrong=wrong,
    )


def _address(text: str) -> str | None:
    """An absolute web address, as this library writes it; ``None`` where it is none."""
    try:
        return urls.parse(text).text if text and len(text) <= 2000 else None
    except InvalidURL:
        return None


def _offered(offers: x402.Offers | None) -> _Said:
    """What a document of x402 states; one that cannot be read is owed all the same."""
    if offers is None:
        return _Said()
    wrong: tuple[tuple[str, str, str], ...] = ()
    if offers.unreadable:
        text = f"the offer cannot be read ({offers.unreadable}); payment is owed all the same"
        wrong = (("access-offer-unreadable", text, "rule R27"),)
    elif offers.cut:
        text = f"more than {x402.MAX_OFFERS} offers; the others were not read"
        wrong = (("access-over-cap", text, "rule R39"),)
    return _Said(asks=True, prices=offers.prices, wrong=wrong)


def _error(located: Located) -> Note:
    """What the gateway says went wrong: a fact about the request, and no terms."""
    word = located.value.strip().decode("latin-1")
    meaning = _ERRORS.get(word.lower(), "which is no code that is known")
    declaration = located.declaration
    return Note(
        code="access-crawler-error",
        severity=Severity.INFO,
        summary=f"the gateway answered {quote.text(located.value, 60)}: {meaning}",
        clause="rule R12",
        because=(declaration.id,),
        position=declaration.position,
    )


def _differ(because: Sequence[str]) -> Note:
    return Note(
        code="access-prices-differ",
        severity=Severity.WARNING,
        summary="one answer names more than one price for crawling; each is shown",
        clause="rule R18",
        because=tuple(because),
    )
