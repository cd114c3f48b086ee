"""Licences that an asset carries: links, structured data, feeds, dataset cards."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from signals_agent import link_field, quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.licences import declared, expression, free_text
from signals_agent.licences.catalogue import unrecognised
from signals_agent.licences.entry import Entry
from signals_agent.licences.expression import Terms
from signals_agent.licences.identity import identify_card
from signals_agent.model.declaration import PAGE, Located, Subject
from signals_agent.model.ids import identify
from signals_agent.model.licence import Contact, ContactKind, Licence, LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.statement import Reading, Settled, Statement

_Noting = Callable[[str, Severity, str, str], Note]

_HEADER: Final = "http-header"
_FEED: Final = "feed"
_CARD: Final = "dataset-card"
_RSL: Final = "application/rsl+xml"
_UNREAD: Final = "unread"
_FIELD: Final = "license"
_RIGHTS: Final = "rights"
_RESERVED: Final = "all-rights-reserved"
_ARTICLE: Final = "article"
_MOST_NAMED: Final = 10
_CONTACTS: Final = {
    "acquireLicensePage": ContactKind.ACQUIRE_LICENCE,
    "morePermissions": ContactKind.MORE_PERMISSIONS,
    "usageInfo": ContactKind.USAGE_INFO,
}
_ONLY_CONTACTS: Final = ("acquireLicensePage", "morePermissions")
_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_REACHABLE: Final = re.compile(r"https?://|mailto:", re.IGNORECASE)
_LICENCE_RELATION: Final = re.compile(r"(?:https?://\S*[#/])?license")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!//)", re.IGNORECASE)
_SPEAKS_OF_LICENCE: Final = re.compile(
    r"licen[cs]|https?://|terms of use|creative\s*commons|\bcc[\s-]?by", re.IGNORECASE
)
# Two URLs in one attribute, as a URL that was made absolute holds them.
_SEVERAL: Final = re.compile(r"(?:\s|%20|%09|%0A|%0D)+(?=https?://)", re.IGNORECASE)
_OPERATOR: Final = re.compile(r"(?:^|[\s()])(?:AND|OR|WITH)(?=[\s()]|\Z)")
_META_NAMES: Final = ("license", "licence", "dc.license", "dcterms.license", "dc.rights.license")
_META_RIGHTS: Final = ("dc.rights", "dcterms.rights", "og:rights", "article:license")
_LINKED_DATA: Final = ("license", "usageInfo", "acquireLicensePage", "rights", "morePermissions")


def _metas(attribute: str) -> tuple[Listen, ...]:
    return (
        Listen("html-meta", _FIELD, attribute=attribute, aliases=_META_NAMES[1:]),
        Listen("html-meta", _RIGHTS, attribute=attribute, aliases=_META_RIGHTS),
    )


@dataclass(frozen=True, slots=True)
class LicenceFamily:
    """Licences; they answer for activities and say nothing about uses (rule R25)."""

    name: str = "licence"
    title: str = "Licences"
    specification: str = "https://www.iana.org/assignments/link-relations/"
    version: str = "RFC 4946, RFC 8288, ccREL, schema.org"
    listens: tuple[Listen, ...] = (
        Listen(_HEADER, "link", needles=(b"licen",), found_on=False),
        *_metas("name"),
        *_metas("property"),
        Listen(
            "html-link", _FIELD, aliases=("dcterms.license", "dc.rights.license"), found_on=True
        ),
        Listen("html-link", _RIGHTS, aliases=("dc.rights", "dcterms.rights"), found_on=True),
        Listen("html-anchor", _FIELD, found_on=True),
        *(
            Listen(carrier, field, found_on=True)
            for carrier in ("rdfa", "microdata", "json-ld")
            for field in _LINKED_DATA
        ),
        Listen(_FEED, _FIELD, found_on=True),
        Listen(_FEED, _RIGHTS, found_on=True),
        Listen(_CARD, _FIELD),
        Listen(_CARD, "usageInfo"),
    )
    site_files: tuple[SiteFile, ...] = ()
    codes: tuple[str, ...] = (
        "licence-ambiguous",
        "licence-expression-unparsable",
        "licence-over-cap",
        "licence-retired",
        "licence-rights-text",
        "licence-unrecognised",
        "licence-url-unusable",
        "licence-version-missing",
    )

    def read(self, unit: tuple[Located, ...], context: Context) -> Reading:
        """Read one declaration; of a ``Link`` field line every licence link in it."""
        located = unit[0]
        if located.declaration.carrier == _HEADER:
            readings = [self._one(each, context) for each in _links(located)]
        else:
            readings = [self._one(located, context)]
        return Reading(
            tuple(statement for each in readings for statement in each.statements),
            tuple(note for each in readings for note in each.notes),
        )

    def _one(self, located: Located, context: Context) -> Reading:
        subject = _subject(located, context)
        if subject is None or located.detail("type").lower().startswith(_RSL):
            return Reading()
        declaration = located.declaration
        because = (declaration.id,)
        text = located.value.decode("utf-8", "replace").strip()
        found = () if located.field in _ONLY_CONTACTS else _licences(located, text)
        if located.field in _CONTACTS and subject.scope is LicenceScope.PAGE:
            # A page about usage may name a licence beside the one that the page is under.
            subject = replace(subject, scope=LicenceScope.UNCLEAR)
        licences = tuple(
            declared.make(terms, _scope(located, terms, subject), because, subject.parts)
            for terms in found
        )
        kind = _CONTACTS.get(located.field)
        contacts: tuple[Contact, ...] = ()
        if kind is not None and not licences and subject.scope is not LicenceScope.PART:
            if _ABSOLUTE.match(text):
                text = quote.without_userinfo(text)
            if _REACHABLE.match(text):
                contacts = (Contact(kind, url=text, because=because),)
        notes = tuple(_notes(located, text, found))
        if not (licences or contacts or notes):
            return Reading()
        statement = Statement(
            family=self.name,
            unit=(located,),
            declarations=(declaration,),
            licences=licences,
            contacts=contacts,
        )
        return Reading((statement,), notes)

    def settle(self, statements: Sequence[Statement], context: Context) -> Settled:
        """Which licences count for the asset: the page's, else the unclear ones (licences)."""
        statements = sorted(statements, key=_place)
        merged: dict[str, Licence] = {}
        for statement in statements:
            for licence in statement.licences:
                known = merged.get(licence.id)
                because = (*known.because, *licence.because) if known else licence.because
                merged[licence.id] = replace(licence, because=tuple(dict.fromkeys(because)))
        ordered = sorted(merged.values(), key=_order)
        # What was not read counts beside the others, and keeps none of them from counting.
        scopes = {licence.scope for licence in ordered if licence.name != declared.UNREAD}
        counts = LicenceScope.PAGE if LicenceScope.PAGE in scopes else LicenceScope.UNCLEAR
        licences = tuple(
            replace(each, governs=each.scope is counts or each.name == declared.UNREAD)
            for each in ordered
        )
        governing = [each for each in licences if each.governs]
        labels = dict.fromkeys(each.label for each in governing)
        contacts: dict[tuple[ContactKind, str | None], Contact] = {}
        for statement in statements:
            for contact in statement.contacts:
                key = (contact.kind, contact.url)
                held = contacts.get(key)
                because = (*(held.because if held else ()), *contact.because)
                contacts[key] = replace(contact, because=tuple(dict.fromkeys(because)))
        ranks = list(ContactKind)
        return Settled(
            family=self.name,
            licences=licences,
            contacts=tuple(
                sorted(contacts.values(), key=lambda each: (ranks.index(each.kind), each.url or ""))
            ),
            notes=(_ambiguous(governing, counts),) if len(labels) > 1 else (),
        )

    def write(self, statement: Statement) -> bytes | None:
        """The name of the licence, as a link or a card would hold it."""
        if not statement.licences:
            return None
        one = statement.licences[0]
        # The GNU licences share one URL between "only" and "or later".
        telling = one.url is not None and expression.written(_read(one.url)) == one.label
        return ((one.url if telling else None) or one.label).encode("utf-8", "replace")


LICENCE: Final = LicenceFamily()


def _links(located: Located) -> Iterator[Located]:
    """The licence links of a field line, each as a declaration of its own (RFC 8288)."""
    declaration = located.declaration
    for link in link_field.read(located.value):
        if not any(_LICENCE_RELATION.fullmatch(each) for each in link.relations):
            continue
        joined = urls.join(declaration.source, link.target)
        target = joined.text if joined is not None else link.target
        octets = located.value[link.begin : link.end]
        anchor = link.param("anchor")
        context = urls.join(declaration.source, anchor) if anchor else None
        elsewhere = context is not None and context.text != declaration.source
        subject = Subject(LicenceScope.PART, (context.text,)) if elsewhere and context else PAGE
        made = replace(
            declaration,
            id=identify("dec", declaration.id, str(link.begin)),
            expression=octets.decode("utf-8", "replace"),
            octets=octets,
        )
        details = tuple(
            (name, value) for name in ("type", "title") if (value := link.param(name).strip())
        )
        yield replace(
            located,
            declaration=made,
            value=target.encode("utf-8", "replace"),
            field=_FIELD,
            subject=subject,
            details=details,
        )


def _subject(located: Located, context: Context) -> Subject | None:
    """What a declaration is for, of the asset in hand; ``None`` where of something else.

    On a page around an asset only what names the asset speaks of it (rule R36).
    """
    subject = located.subject
    if not located.reach.around or located.declaration.carrier == _FEED:
        return subject
    named = subject.scope is LicenceScope.PART and subject.within != _ARTICLE
    if named and any(_same(each, context.url) for each in subject.parts):
        return PAGE
    return None


def _same(one: str, other: str) -> bool:
    try:
        return urls.parse(one).text == urls.parse(other).text
    except InvalidURL:
        return False


def _licences(located: Located, text: str) -> tuple[Terms, ...]:
    """The licences that a declaration names; none where it only says who holds rights."""
    if located.detail(_UNREAD):
        return (unrecognised(name=declared.UNREAD),)
    if not text:
        return ()
    several = _SEVERAL.split(text)
    if len(several) > 1 and _ABSOLUTE.match(text):
        return tuple(dict.fromkeys(_read(each) for each in several))
    if located.declaration.carrier == _CARD and located.field == _FIELD:
        name, link = located.detail("license_name"), located.detail("license_link")
        if name or link:
            return (identify_card(text, name or None, link or None),)
    terms = _read(text)
    if isinstance(terms, Entry) and terms.id == _RESERVED:
        return _in_words(text) or (terms,)
    if declared.recognised(terms) or not isinstance(terms, Entry):
        return (terms,)
    if located.field == _FIELD and _ABSOLUTE.match(text) and located.detail("name"):
        # A page about the licence, and beside its address the licence's own name.
        named = _read(located.detail("name"))
        if declared.recognised(named):
            return (named,)
    if located.field == _FIELD:
        # Of a broken expression nothing may be left out, so it is no sentence (rule R39).
        sealed = _ABSOLUTE.match(text) or (_OPERATOR.search(text) and not text.isupper())
        return (terms,) if sealed else free_text.find(text) or (terms,)
    if located.field in _CONTACTS:
        return ()
    found = _in_words(text)
    if found:
        return found
    return (terms,) if _SPEAKS_OF_LICENCE.search(text) else ()


def _in_words(text: str) -> tuple[Entry, ...]:
    """The licences that a sentence names, and what it reserves beside them."""
    return free_text.find(text)


@lru_cache(maxsize=4096)
def _read(text: str) -> Terms:
    return expression.read(text)


def _scope(located: Located, terms: Terms, subject: Subject) -> LicenceScope:
    """A free text that names no licence we know is never more than *unclear*.

    One that names a licence and narrows or denies it speaks of the page all the same.
    """
    vague = located.field == _RIGHTS and not declared.recognised(terms)
    if vague and terms in free_text.find(located.value.decode("utf-8", "replace")):
        vague = False
    return LicenceScope.UNCLEAR if vague and subject.scope is LicenceScope.PAGE else subject.scope


def _place(statement: Statement) -> tuple[str, str, int, str]:
    """In the order of each carrier, whichever statement came first."""
    found = statement.declarations[0]
    return found.carrier, found.source, statement.unit[0].reach.index, found.id


def _order(licence: Licence) -> tuple[int, str, str]:
    return list(LicenceScope).index(licence.scope), licence.label, licence.id


def _ambiguous(governing: Sequence[Licence], scope: LicenceScope) -> Note:
    labels = tuple(dict.fromkeys(quote.text(each.label, 100) for each in governing))
    named = ", ".join(labels[:_MOST_NAMED])
    if len(labels) > _MOST_NAMED:
        named += f" and {len(labels) - _MOST_NAMED} more"
    which = (
        "licences for the page differ"
        if scope is LicenceScope.PAGE
        else "several licences are named, and it is unclear which is the page's"
    )
    return Note(
        code="licence-ambiguous",
        severity=Severity.WARNING,
        summary=f"{which} ({named}); all count together, the most demanding answer each time",
        clause="rules#licences-whose",
        because=tuple(dict.fromkeys(each for one in governing for each in one.because)),
    )


def _notes(located: Located, text: str, found: Sequence[Terms]) -> Iterator[Note]:
    declaration = located.declaration

    def note(code: str, severity: Severity, summary: str, clause: str) -> Note:
        because = (declaration.id,)
        return Note(code, severity, summary, clause, because, declaration.position)

    shown = quote.text(text, 200)
    if why := located.detail(_UNREAD):
        summary = f"{why}; it counts as a licence that is not recognised"
        yield note("licence-over-cap", Severity.WARNING, summary, "rule R39")
        return
    if located.field == _RIGHTS and not found and text:
        summary = f"speaks of rights and names no licence: {shown}"
        yield note("licence-rights-text", Severity.INFO, summary, "rules#licences-names")
        return
    known = any(declared.recognised(each) for each in found)
    if found and not known and _SCHEME.match(text):
        summary = f"a licence is declared by what is no http or https URL: {shown}"
        yield note("licence-url-unusable", Severity.WARNING, summary, "RFC 8288 3.1")
        return
    for terms in found:
        yield from _about(terms, text, shown, note)


def _about(terms: Terms, text: str, shown: str, note: _Noting) -> Iterator[Note]:
    if not declared.recognised(terms):
        if isinstance(terms, Entry) and _OPERATOR.search(text):
            summary = f"an expression of licences that cannot be read: {shown}"
            yield note(
                "licence-expression-unparsable", Severity.WARNING, summary, "rules#licences-names"
            )
        else:
            summary = f"not a licence that is recognised: {shown}"
            yield note("licence-unrecognised", Severity.INFO, summary, "rules#licences-names")
    if not isinstance(terms, Entry):
        return
    if terms.retired is not None:
        summary = f"{terms.id} was withdrawn by its steward on {terms.retired}; it still binds"
        yield note("licence-retired", Severity.INFO, summary, "rules#licences-names")
    if terms.family == "creativecommons" and terms.version is None:
        summary = f"{terms.id} does not say its version"
        yield note("licence-version-missing", Severity.INFO, summary, "rules#licences-names")
