"""What an RSL licence asks in return, as terms of obligations."""

import re
from dataclasses import dataclass
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.cc_signals import CREDIT_TEXT, DIRECT_TEXT, ECOSYSTEM_TEXT
from signals_agent.model.obligation import ObligationKind, Party, Term
from signals_agent.rsl.nouns import Content, Copyright, License, Payment, Reporting
from signals_agent.rsl.tokens import FREE, UNSTATED
from signals_agent.url import Url

COLLECTIVES: Final = ("rslcollective.org", "creativecommons.org")
"""Hosts, subdomains included, to which a contribution is one to an ecosystem."""

PAYMENTS: Final = {
    "purchase": "a purchase, paid once",
    "subscription": "a subscription",
    "training": "a payment for training",
    "crawl": "a payment for each crawl",
    "use": "a payment for each use",
    UNSTATED: "a payment of a kind that is not named",
}
"""Payments of money, as people call them."""

CONTRIBUTION: Final = "contribution"
ATTRIBUTION: Final = "attribution"

_MAIL: Final = re.compile(r"[^\s@<>]{1,200}@[^\s@<>]{1,200}")
_TEXT: Final = 200

_DEMANDS: Final = {
    ObligationKind.CREDIT: 1,
    ObligationKind.DIRECT_CONTRIBUTION: 2,
    ObligationKind.ECOSYSTEM_CONTRIBUTION: 2,
}
"""Free, attribution, contribution, payment (rule R18); what takes an agreement is a payment."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a content: the URL that its addresses are relative to, its version.

    ``declaring`` is the party that named the document, where that is not the document's
    own site: whoever hosts a licence is not the one who declares it (rule R24).
    """

    base: str
    version: str = "1.0"
    declaring: Party | None = None


def asked(licence: License, content: Content, frame: Frame) -> tuple[Term, ...]:
    """All that a licence of a content asks for what it permits; none where that is free.

    Several payments are all asked for. A contribution implies no credit.
    """
    party = holder(content, frame)
    terms = [
        _payment(payment, content, frame, party)
        for payment in licence.payments
        if payment.kind != FREE
    ]
    terms += [_reporting(each, frame, party) for each in licence.reporting]
    return tuple(dict.fromkeys((*terms, *access(content, frame))))


def access(content: Content, frame: Frame) -> tuple[Term, ...]:
    """What must be had before a content may be got at all, whatever its licences say."""
    party = holder(content, frame)
    address = _address(content.server, frame.base)
    terms = []
    if content.server:
        terms.append(
            Term(
                kind=ObligationKind.PERMISSION,
                signal="rsl:server",
                text=(
                    "Obtain a token from the licence server before access: "
                    f"{quote.text(address or content.server, _TEXT)}."
                ),
                signal_version=frame.version,
                terms_url=address,
                party=party,
            )
        )
    if content.encrypted:
        terms.append(
            Term(
                kind=ObligationKind.PERMISSION,
                signal="rsl:encrypted",
                text="The content is encrypted: obtain the key to it from whoever licenses it.",
                signal_version=frame.version,
                terms_url=address or _address(content.terms, frame.base),
                party=party,
            )
        )
    return tuple(terms)


def demand(terms: tuple[Term, ...]) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """How much terms demand, to compare alternatives: the hardest of them, then how many."""
    hardest = max((_DEMANDS.get(term.kind, 3) for term in terms), default=0)
    return hardest, len(terms), tuple(sorted((term.signal, term.text) for term in terms))


def holder(content: Content, frame: Frame) -> Party | None:
    """Whom the content names as the holder of its rights: a claim (rule R24)."""
    named = _named(content.copyright, frame.base) if content.copyright else None
    return named or frame.declaring


def _named(rights: Copyright, base: str) -> Party | None:
    name = rights.name.strip()
    url = _address(rights.url, base)
    if url is None and _MAIL.fullmatch(rights.email.strip()):
        url = "mailto:" + rights.email.strip()
    name = name or (url or "").removeprefix("mailto:")
    return Party(quote.text(name, _TEXT), url, inferred=False) if name else None


def _payment(payment: Payment, content: Content, frame: Frame, party: Party | None) -> Term:
    terms_url = next(
        (
            found
            for each in (payment.standard, payment.custom, content.terms)
            if (found := _address(each, frame.base))
        ),
        None,
    )
    beneficiary = None
    kind = ObligationKind.PAYMENT
    if payment.kind == ATTRIBUTION:
        kind, text = ObligationKind.CREDIT, CREDIT_TEXT
    elif payment.kind == CONTRIBUTION:
        beneficiary = _collective(payment, content, frame.base)
        if beneficiary is not None:
            kind, text = ObligationKind.ECOSYSTEM_CONTRIBUTION, ECOSYSTEM_TEXT
        else:
            kind, text = ObligationKind.DIRECT_CONTRIBUTION, DIRECT_TEXT
            beneficiary = party if party is not None and not party.inferred else None
    else:
        what = PAYMENTS.get(payment.kind, f"a payment of the kind {quote.text(payment.kind, 40)}")
        text = f"Come to an agreement before the use: {what}."
    details = [
        f"Its price is said to be {quote.text(f'{payment.amount} {payment.currency}'.strip(), 60)}."
        if payment.amount
        else "",
        # An address that can be followed stands beside the text.
        f"Its terms: {quote.text(payment.standard, _TEXT)}."
        if payment.standard and not terms_url
        else "",
        f"Accepted: {quote.text(', '.join(payment.accepts), _TEXT)}." if payment.accepts else "",
    ]
    return Term(
        kind=kind,
        signal=f"rsl:{quote.text(payment.kind, 40)}",
        text=" ".join((text, *filter(None, details))),
        signal_version=frame.version,
        terms_url=terms_url,
        party=party,
        beneficiary=beneficiary,
    )


def _collective(payment: Payment, content: Content, base: str) -> Party | None:
    """The collective that a contribution points to; ``None`` where it points to none."""
    for address in (payment.standard, payment.custom, content.server):
        found = _parsed(address, base)
        if found is not None and any(
            found.host == host or found.host.endswith("." + host) for host in COLLECTIVES
        ):
            return Party(found.host, found.origin, inferred=False)
    return None


def _reporting(reporting: Reporting, frame: Frame, party: Party | None) -> Term:
    profile = _address(reporting.profile, frame.base)
    endpoint = _address(reporting.endpoint, frame.base)
    where = f" to {quote.text(endpoint, _TEXT)}" if endpoint else ""
    how = f" as {quote.text(reporting.profile, _TEXT)} says" if reporting.profile else ""
    what = quote.text(reporting.kind, 40) or "what is asked for"
    return Term(
        kind=ObligationKind.REPORTING,
        signal="rsl:reporting",
        text=f"Agree to report the use ({what}){how}{where}.",
        signal_version=frame.version,
        terms_url=profile,
        party=party,
    )


def _address(written: str, base: str) -> str | None:
    found = _parsed(written, base)
    return found.text if found is not None else None


def _parsed(written: str, base: str) -> Url | None:
    return urls.join(base, written) if written.strip() else None
