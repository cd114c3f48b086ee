"""What each element of RSL says, where it begins and where it ends (RSL 1.0 section 3)."""

from collections.abc import Callable
from typing import Final

from signals_agent.rsl import values
from signals_agent.rsl.nouns import Copyright, Reporting, Rule
from signals_agent.rsl.tokens import FORMER_PAYMENT, LEGAL, PAYMENT, REPORTING, RULES
from signals_agent.rsl.unfinished import (
    Frame,
    OpenContent,
    OpenDocument,
    OpenLicense,
    OpenPayment,
)

# Neither asks for money, so that a price contradicts it (RSL 1.0 3.7).
_WITHOUT_A_PRICE: Final = ("free", "attribution")


def begin(document: OpenDocument, frame: Frame) -> None:
    """Make what an element opens, from its attributes."""
    match frame.role:
        case "rsl":
            stated = document.stated(frame, "max-age")
            if stated is not None:
                document.max_age = values.days(stated)
                if document.max_age is None:
                    document.remark(frame, "max-age", "has a max-age that is no number of days")
        case "content":
            frame.content = document.add_content(_content(document, frame))
        case "license":
            assert frame.content is not None
            license_ = OpenLicense(frame.element.offset)
            frame.license = document.add_license(frame.content, license_)
        case "payment":
            kind = document.kind(frame, (*PAYMENT, *FORMER_PAYMENT))
            if kind in FORMER_PAYMENT:
                kind = FORMER_PAYMENT[kind]
                document.found_draft(frame)
            frame.payment = OpenPayment(kind)


def end(document: OpenDocument, frame: Frame, words: str) -> None:
    """Take what an element says; ``words`` are its own, trimmed."""
    in_license = _IN_LICENSE.get(frame.role)
    if frame.role == "content":
        if frame.content is not None and not frame.content.licenses:
            document.remark(frame, "no-license", "holds no license")
    elif in_license is not None and frame.license is not None:
        license_ = frame.license
        in_license(document, frame, license_, words)
        document.check(license_.rules, license_.payments, license_.reporting)
    elif frame.role in ("standard", "custom", "amount", "accepts"):
        if frame.payment is not None:
            _end_of_payment(document, frame, frame.payment, words)
    elif frame.role not in ("rsl", "license") and frame.content is not None:
        _end_of_content(document, frame, frame.content, words)


def _content(document: OpenDocument, frame: Frame) -> OpenContent:
    content = OpenContent(
        frame.element.offset,
        document.stated(frame, "url"),
        doubt=frame.stray,
        server=document.value(frame, "server"),
        lastmod=document.value(frame, "lastmod"),
    )
    if content.url is None:
        document.remark(frame, "no-url", "has no url")
    encrypted = document.stated(frame, "encrypted")
    if encrypted is not None:
        content.encrypted, exact = values.truth(encrypted)
        if not exact:
            document.remark(frame, "encrypted", "is said to be encrypted in words of its own")
        elif content.encrypted and not content.server:
            document.remark(frame, "encrypted", "is encrypted, and names no server")
    return content


def _end_rule(document: OpenDocument, frame: Frame, license_: OpenLicense, words: str) -> None:
    permits = frame.role == "permits"
    about = document.kind(frame, RULES)
    if "," in words:
        document.found_draft(frame)
    if not about:
        about = "usage"
        document.remark(frame, "no-type", "has no type, and is read as of usage")
        license_.doubt |= permits
    elif about not in RULES:
        license_.doubt = True
    tokens = document.add_tokens(values.tokens(words))
    if not tokens:
        document.remark(frame, "incomplete", "names nothing")
        license_.doubt = True
    if any(rule.permits == permits and rule.about == about for rule in license_.rules):
        document.remark(frame, "repeated", "stands there more than once with one type")
    license_.rules.append(Rule(permits, about, tokens))


def _end_payment(document: OpenDocument, frame: Frame, license_: OpenLicense, words: str) -> None:
    payment = frame.payment
    assert payment is not None
    payment.asks |= bool(words)
    if not payment.kind and payment.asks:
        document.remark(frame, "no-type", "has no type, and asks for something")
    amount = payment.texts.get("amount", "")
    if amount and payment.kind in _WITHOUT_A_PRICE and not values.is_nothing(amount):
        document.remark(frame, "price", "names a price, and a type that has none")
        license_.doubt = True
    if license_.payments:
        document.remark(frame, "repeated", "stands there more than once")
    license_.payments.append(payment.finish())


def _end_reporting(
    document: OpenDocument, frame: Frame, license_: OpenLicense, _words: str
) -> None:
    kind = document.kind(frame, REPORTING)
    profile = document.value(frame, "profile")
    if not kind:
        document.remark(frame, "no-type", "has no type")
    if not profile:
        document.remark(frame, "incomplete", "names no profile")
    license_.reporting.append(Reporting(kind, profile, document.value(frame, "endpoint")))


def _end_legal(document: OpenDocument, frame: Frame, license_: OpenLicense, words: str) -> None:
    kind = document.kind(frame, tuple(LEGAL))
    if not kind:
        document.remark(frame, "no-type", "has no type")
    # The words of other kinds may be addresses, and these may hold commas.
    listed = bool(LEGAL.get(kind))
    if listed and "," in words:
        document.found_draft(frame)
    tokens = document.add_tokens(values.tokens(words) if listed else tuple(words.split()))
    if not tokens:
        document.remark(frame, "incomplete", "names nothing")
    kinds = [other for other, _ in license_.legal]
    if kind in kinds:
        document.remark(frame, "repeated", "stands there more than once with one type")
    license_.legal.append((kind, tokens))
    document.check(kinds)


def _end_of_payment(document: OpenDocument, frame: Frame, payment: OpenPayment, words: str) -> None:
    payment.asks = True
    if frame.role == "accepts":
        kind = document.value(frame, "type").lower()
        if not kind:
            document.remark(frame, "no-type", "has no type")
        else:
            payment.accepts.append(kind)
            document.check(payment.accepts)
    elif not words:
        document.remark(frame, "incomplete", "is empty")
    elif frame.role in payment.texts:
        document.remark(frame, "repeated", "stands there more than once")
    else:
        payment.texts[frame.role] = words
        if frame.role == "amount":
            payment.currency = document.value(frame, "currency").upper()
            _check_price(document, frame, words, payment.currency)


def _check_price(document: OpenDocument, frame: Frame, amount: str, currency: str) -> None:
    if currency == "XBT":
        document.found_draft(frame)
    elif not values.is_currency(currency):
        document.remark(frame, "price", "has no currency of ISO 4217")
    if not values.is_amount(amount):
        document.remark(frame, "price", "is no decimal number")


def _end_of_content(document: OpenDocument, frame: Frame, content: OpenContent, words: str) -> None:
    role = frame.role
    if role == "server":
        words = words or document.value(frame, "url")
    if role == "copyright":
        if content.copyright is not None:
            document.remark(frame, "repeated", "stands there more than once")
        else:
            content.copyright = Copyright(
                words,
                document.kind(frame, ("person", "organization")),
                document.value(frame, "contactEmail"),
                document.value(frame, "contactUrl"),
            )
    elif not words:
        document.remark(frame, "incomplete", "is empty")
    elif role == "alternate":
        document.add_alternate(content, words)
    else:
        told = content.strays if frame.stray else content.told
        if role in told:
            document.remark(frame, "repeated", "stands there more than once")
        told.setdefault(role, words)


_IN_LICENSE: Final[dict[str, Callable[[OpenDocument, Frame, OpenLicense, str], None]]] = {
    "permits": _end_rule,
    "prohibits": _end_rule,
    "payment": _end_payment,
    "reporting": _end_reporting,
    "legal": _end_legal,
}
