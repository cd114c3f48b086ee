"""The policy that one declaration of TDMRep names: what is known of it, as a statement."""

from collections.abc import Sequence
from dataclasses import replace

from signals_agent import party, quote, url
from signals_agent.family import Context
from signals_agent.model.capture import Availability, Role
from signals_agent.model.declaration import Declaration, Located, Scope
from signals_agent.model.document import Document, Naming
from signals_agent.model.ids import identify
from signals_agent.model.note import Severity
from signals_agent.model.obligation import ObligationKind, Term
from signals_agent.model.position import PointerPosition
from signals_agent.model.statement import Answer, Preference, Reading, Statement
from signals_agent.model.use import Use
from signals_agent.odrl.nouns import Permission
from signals_agent.odrl.offer import Asking, Finding, Offer, offer
from signals_agent.odrl.read import read
from signals_agent.tdm.policies import FIELD, Remark, notes


def named(
    located: Located, written: tuple[str, ...], governed: Sequence[Use], context: Context
) -> Reading:
    """The policy that a declaration names, as a statement of its own.

    ``written`` are the addresses that it gives, of which there should be one. The statement
    answers *conditional* for the governed uses where the policy offers that, *unknown* with
    a link where it is a page, and nothing where it is of no use.
    """
    naming = located.declaration
    shown = quote.text(", ".join(written), 300)
    found = url.join(naming.source, written[0]) if written[0] and len(written) == 1 else None
    if found is None:
        summary = f"the policy is not named by one web address: {shown}"
        invalid: Remark = ("tdmrep-policy-invalid", Severity.WARNING, summary, "rule R18")
        return Reading((_statement(located, "", (naming,), ()),), notes((invalid,), naming))
    summary = f"the conditions of a licence are said to be at {shown}"
    remarks: list[Remark] = [("tdmrep-policy-declared", Severity.INFO, summary, "rule R18")]
    document = context.documents.get(found.text)
    offered = _offered(found.text, document, naming, context)
    for one in offered.findings:
        severity = Severity.WARNING if one.warning else Severity.INFO
        clause = "rule R15a" if one.code == "policy-missing" else "rule R18"
        remarks.append((f"tdmrep-{one.code}", severity, one.summary, clause))
    declarations: tuple[Declaration, ...] = (naming,)
    preference, terms = Preference.CONDITIONAL, offered.terms
    if document is not None and offered.permission is not None:
        declarations += (_permission(naming.family, document, offered.permission),)
    elif any(one.code == "policy-html" for one in offered.findings):
        # It says nothing that could be weighed; the link is kept beside the reservation.
        preference, terms = Preference.UNKNOWN, (_link(found.text, naming),)
    because = tuple(one.id for one in declarations)
    answers = tuple(Answer(use, preference, terms, because) for use in governed if terms)
    return Reading(
        (_statement(located, found.text, declarations, answers),),
        notes(remarks, naming),
        (Naming(found.text, Role.POLICY_DOCUMENT, required=False),),
    )


def _offered(at: str, document: Document | None, naming: Declaration, context: Context) -> Offer:
    """What the policy offers for the asset, as far as it was looked at."""
    state = Availability.NOT_LOOKED if document is None else document.availability
    if document is not None and state is Availability.PRESENT:
        asking = Asking(context.url, naming.source, context.user)
        return offer(read(document.body, document.content_type), at, asking)
    code = "policy-unreadable" if state is Availability.UNREADABLE else "policy-missing"
    summary = f"the policy is {state}, so it lifts no reservation: {quote.text(at, 300)}"
    return Offer(findings=(Finding(code, summary, state is not Availability.NOT_LOOKED),))


def _statement(
    located: Located,
    at: str,
    declarations: tuple[Declaration, ...],
    answers: tuple[Answer, ...],
) -> Statement:
    unit = replace(located, field=FIELD, details=((FIELD, at),))
    return Statement(declarations[0].family, (unit,), declarations, answers)


def _permission(family: str, document: Document, permission: Permission) -> Declaration:
    """The permission that counts, as a declaration of its own."""
    place, octets = f"pointer {permission.pointer}", permission.octets
    return Declaration(
        id=identify("dec", family, "policy-document", document.url, place, octets),
        family=family,
        carrier="policy-document",
        source=document.url,
        position=PointerPosition(permission.pointer),
        expression=octets.decode("utf-8", "replace"),
        octets=octets,
        scope=Scope(),
        capture=document.capture,
    )


def _link(at: str, naming: Declaration) -> Term:
    """A policy for people, kept for whom an agreement lifts the reservation."""
    term = Term(
        kind=ObligationKind.PERMISSION,
        signal="tdmrep:policy",
        text="Read on which conditions the rightsholder licenses mining.",
        terms_url=at,
        binding=False,
    )
    return replace(term, party=party.declaring(term, naming.source))
