"""What the closed lists and the places are called in plain English."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, assert_never

from signals_agent import quote
from signals_agent.model.capture import Availability, CaptureRecord, Coverage, Role
from signals_agent.model.declaration import Declaration
from signals_agent.model.licence import Contact, ContactKind, Licence, LicenceScope
from signals_agent.model.obligation import Obligation, ObligationKind
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
    Position,
)
from signals_agent.model.use import Use

USES: Final = {
    Use.TRAIN_GENERATIVE: "training a model that generates content",
    Use.TRAIN_OTHER: "training any other model",
    Use.MODEL_INPUT: "input to a running generative model",
    Use.SEARCH: "search that leads people to the source",
    Use.OTHER_ANALYSIS: "any other automated analysis",
}
"""What each use means, in a few words (rules, section 1)."""

DUTIES: Final = {
    ObligationKind.CREDIT: "credit the source",
    ObligationKind.DIRECT_CONTRIBUTION: "support the declaring party, in money or in kind",
    ObligationKind.ECOSYSTEM_CONTRIBUTION: "give back to the ecosystem, in money or in kind",
    ObligationKind.OPEN: "use it only in an AI system that is open",
    ObligationKind.PAYMENT: "pay, by an agreement made beforehand",
    ObligationKind.PERMISSION: "obtain permission beforehand",
    ObligationKind.REPORTING: "report the use, as agreed beforehand",
    ObligationKind.SHARE_ALIKE: "share what is made from it under the same licence",
    ObligationKind.NON_COMMERCIAL: "use it for no commercial advantage",
    ObligationKind.NO_DERIVATIVES: "share nothing that is adapted from it",
    ObligationKind.NOTICE: "keep the licence notices",
    ObligationKind.USE_RESTRICTIONS: "keep to the licence's restrictions on use, and pass them on",
    ObligationKind.CONVEY_PREFERENCES: "let the preferences travel with the dataset and the model",
}
"""What each kind of obligation asks for, in a few words (rules, section 6)."""

ENDINGS: Final = {
    Availability.PRESENT: "looked at",
    Availability.UNREADABLE: "there, but could not be read",
    Availability.ABSENT: "looked for, and not there",
    Availability.UNAVAILABLE: "refused or unavailable",
    Availability.UNREACHABLE: "could not be reached",
    Availability.NOT_LOOKED: "not looked at",
}
"""What each way in which looking ends means (rule R15)."""


def looked(coverage: Coverage, capture: CaptureRecord | None) -> str:
    """How looking at one source ended, in a few words, with the status where it tells why."""
    ending = ENDINGS[coverage.availability]
    robots = capture is not None and capture.role is Role.ROBOTS
    if robots and coverage.availability is Availability.UNREADABLE:
        ending = "there, but no robots.txt: it holds no rules"
    told = coverage.availability in (Availability.UNREACHABLE, Availability.UNAVAILABLE)
    if told and capture is not None and capture.status is not None:
        ending += f", answered {capture.status}"
    return ending


def source(coverage: Coverage) -> str:
    """The source of a line of coverage, as its URL and the part of it that is meant."""
    part = f" (its {coverage.part})" if coverage.part else ""
    return f"{quote.text(coverage.source, 2000)}{part}"


_CARRIERS: Final = {
    "http-header": "HTTP header",
    "robots-txt": "robots.txt",
    "html-meta": "HTML meta",
    "html-link": "HTML link",
    "html-anchor": "HTML anchor",
    "rdfa": "RDFa",
    "microdata": "microdata",
    "json-ld": "JSON-LD",
    "html-script": "HTML script",
    "http-body": "body of the answer",
    "feed": "feed",
    "dataset-card": "dataset card",
    "well-known": "well-known file",
    "site-file": "site file",
    "licence-document": "licence document",
    "policy-document": "policy document",
    "embedded": "embedded metadata",
}


def carrier(name: str) -> str:
    """What a carrier is called; its own name where it is not a known one."""
    return _CARRIERS.get(name, quote.text(name))


def position(place: Position) -> str:
    """Where in its source something stands."""
    match place:
        case LinePosition():
            return f"line {place.line}, column {place.column}"
        case FieldPosition(field=":status"):
            return "status"
        case FieldPosition():
            return f"field line {place.index} of {quote.text(place.field)}"
        case ElementPosition():
            inside = f", {quote.text(place.pointer)} in it" if place.pointer else ""
            return f"<{quote.text(place.element)}> at octet {place.offset}{inside}"
        case PointerPosition():
            return f"at {quote.text(place.pointer)}" if place.pointer else "the whole file"
    assert_never(place)


def where(declaration: Declaration) -> str:
    """The carrier of a declaration and its place in it."""
    return f"{carrier(declaration.carrier)}, {position(declaration.position)}"


def scope(declaration: Declaration) -> str:
    """What limits a declaration, or nothing."""
    limits = declaration.scope
    parts = [
        f"{word} {quote.text(value)}"
        for word, value in (
            ("group", limits.token),
            ("path", limits.path),
            ("element", limits.element),
            ("use", limits.use),
        )
        if value
    ]
    return ", ".join(parts)


_CREATIVE_COMMONS: Final = re.compile(r"(CC0?)(-[A-Z][A-Z+-]*)?(-[0-9]\.[0-9])?(-[A-Z]+)?")


_NOT_SAID: Final = re.compile(r"RightsStatements\.org: | \(version not said\)")


def licence(found: Licence) -> str:
    """What a licence is called: ``CC BY-SA 4.0``, else its id or as it is declared."""
    return quote.text(licence_name(found) or "a licence without a name", 200)


def licence_name(found: Licence) -> str:
    """The same as it is, for what quotes it itself; empty where it has no name at all."""
    named = found.label or found.spdx or found.name or found.url or ""
    parts = _CREATIVE_COMMONS.fullmatch(named)
    if parts is not None:
        return " ".join(part.strip("-") for part in parts.groups() if part)
    if named == "all-rights-reserved":
        return "all rights reserved"
    # Ids in small letters are ours, and say little; those of SPDX are known as they are.
    ours = found.spdx is None and named[:1].islower() and named not in (found.name, found.url)
    return _NOT_SAID.sub("", found.name) if ours and found.name else named


_SHOWN_PARTS: Final = 3


_WHOLES: Final = {"dataset-card": "dataset", "feed": "feed"}


def licence_scope(found: Licence, declarations: Collection[Declaration] = ()) -> str:
    """What a licence is for: the page, a part and which, or it is unclear.

    ``declarations`` are those that name it; they tell in which element it stands.
    """
    carriers = {each.carrier for each in declarations}
    if found.scope is LicenceScope.PAGE:
        whole = _WHOLES.get(carriers.pop(), "page") if len(carriers) == 1 else "page"
        return f"for the {whole}"
    if found.scope is LicenceScope.UNCLEAR:
        return "unclear what it is for"
    shown = [quote.text(each, 200) for each in found.parts[:_SHOWN_PARTS]]
    if more := len(found.parts) - len(shown):
        shown.append(f"{more} more")
    inside = dict.fromkeys(each.scope.element for each in declarations if each.scope.element)
    within = f", in {series([f'<{quote.text(each)}>' for each in inside])}" if inside else ""
    return f"for a part only{within}{': ' if shown else ''}{series(shown)}"


def scope_reason(found: Licence, declaration: Declaration) -> str:
    """Why a licence has its scope, by where the declaration stands (licences, *Whose*)."""
    element = declaration.scope.element
    within = f"it stands in <{quote.text(element)}>" if element else ""
    if found.scope is LicenceScope.PART:
        about = "what it is declared for is not the page"
        return f"{within}, and so is for that alone" if within and not found.parts else about
    if found.scope is LicenceScope.UNCLEAR:
        about = "nothing says that it is for the page as a whole"
        return f"{within}, and {about}" if within else about
    if declaration.carrier == "html-anchor" and element:
        return f"it is the only licence link in the <{quote.text(element)}>"
    return _FOR_THE_PAGE.get(declaration.carrier, "it is declared for the page")


_FOR_THE_PAGE: Final = {
    "http-header": "a Link header is about what is sent with it",
    "html-meta": "a meta element is about its page",
    "html-link": "a link element is about its page",
    "rdfa": "its subject is the page",
    "microdata": "its item is the page",
    "json-ld": "its subject is the page",
    "feed": "it is the feed's own",
    "dataset-card": "a card speaks for its dataset",
}


def not_counted(found: Licence) -> str:
    """Why a licence that does not govern is left aside."""
    if found.scope is LicenceScope.PART:
        return "it is for a part, not for the page"
    return "a licence that is plainly for the page goes before it"


def contact(found: Contact) -> str:
    """Whom to ask for a licence of one's own, and how we know."""
    url = quote.text(found.url, 2000) if found.url else ""
    name = quote.text(found.name) if found.name else ""
    if found.kind is ContactKind.ORIGIN:
        return f"the publisher of {url or name} (inferred from the address)"
    who = f"{name}, {url}" if name and url else name or url
    return f"{who} ({_CONTACTS[found.kind]})"


_CONTACTS: Final = {
    ContactKind.ACQUIRE_LICENCE: "acquireLicensePage",
    ContactKind.MORE_PERMISSIONS: "morePermissions",
    ContactKind.USAGE_INFO: "usageInfo",
    ContactKind.LICENSOR: "licensor, as the page says",
    ContactKind.CONTACT: "contact, as the page says",
}


def overruled(declaration: Declaration, decides: bool, others: bool) -> str:
    """That a declaration was overruled, as far as its notes tell, or that it decides nothing.

    ``decides`` says that it decides a use all the same, ``others`` that another does.
    Nothing is said of one that decides a use and was overruled in nothing.
    """
    codes = [note.code for note in declaration.notes]
    # The note names those of the longer rule first.
    shorter = any(
        note.code == "aipref-overruled-preference" and declaration.id not in note.because[:1]
        for note in declaration.notes
    )
    if shorter:
        return ("else " if decides else "") + "overruled: a rule with a longer path counts"
    if decides:
        return ""
    if any(code.endswith("-allow-ignored") for code in codes):
        return "not counted: it allows, and here it may only restrict"
    if any(code.endswith("-superseded") for code in codes):
        return "overruled: another declaration stands in its place"
    if "rsl-recipient-unmatched" in codes:
        return "not for us, by what the policy says of the recipient"
    if "resolution-families-disagree" in codes:
        return "overruled: a stricter declaration counts"
    if declaration.family == "licence":
        return "names no licence that counts"
    if others:
        return "decides no use: overruled by a stricter declaration, or silent on these uses"
    return "decides no use"


def owed(obligations: Iterable[Obligation]) -> str:
    """The kinds that are owed and to whom, in one line; nothing where none is owed."""
    parties: dict[str, list[str]] = {}
    for obligation in obligations:
        kinds = parties.setdefault(quote.text(obligation.to.name), [])
        kind = obligation.kind.value if obligation.binding else f"{obligation.kind} (advisory)"
        if kind not in kinds:
            kinds.append(kind)
    return "; ".join(f"{', '.join(kinds)} to {party}" for party, kinds in parties.items())


def series(words: Sequence[str]) -> str:
    """The words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
