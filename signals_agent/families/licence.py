"""Licences that an asset carries: links, structured data, feeds, cards, metadata."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.family import Context, Listen, SiteFile
from signals_agent.limits import MAX_EXPRESSION
from signals_agent.model.declaration import PAGE, Located, Subject
from signals_agent.model.ids import identify
from signals_agent.model.licence import UNREAD, Contact, ContactKind, Licence, LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.statement import Reading, Settled, Statement
from signals_agent.syntax import link_field

MAX_LINKS: Final = 100
"""Licence links of one field line that are read; beyond, one counts as not read (rule R39)."""

_HEADER: Final = "http-header"
_FEED: Final = "feed"
_EMBEDDED: Final = "embedded"
_RSL: Final = "application/rsl+xml"
_FIELD: Final = "license"
_UNREAD: Final = "unread"
_LONGEST: Final = 2 * MAX_EXPRESSION
"""Octets of one declaration that are read (rule R39)."""
_RIGHTS: Final = "rights"
_ARTICLE: Final = "article"
_METADATA: Final = {
    "cc:license": _FIELD,
    "xmpRights:WebStatement": _FIELD,
    "xmpRights:UsageTerms": _RIGHTS,
    "dc:rights": _RIGHTS,
}
"""As what a property of embedded metadata is read: a licence's name or link, or a text."""
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
        Listen("dataset-card", _FIELD),
        Listen("dataset-card", "usageInfo"),
        *(Listen(_EMBEDDED, field) for field in _METADATA),
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
        if located.declaration.carrier == _EMBEDDED:
            located = replace(located, field=_METADATA.get(located.field, located.field))
        if located.declaration.carrier == _HEADER:
            readings = [self._one(each, context) for each in _links(located)]
        else:
            readings = [self._one(located, context)]
        return Reading(
            tuple(statement for each in readings for statement in each.statements),
            tuple(note for each in readings for note in each.notes),
        )

    def _one(self, located: Located, context: Context) -> Reading:
        # Most pages name no licence, and what knows them all takes a while to load.
        from signals_agent.licences import claims, declared

        subject = _subject(located, context)
        if subject is None or located.detail("type").lower().startswith(_RSL):
            return Reading()
        declaration = located.declaration
        because = (declaration.id,)
        if len(located.value) > _LONGEST and not located.detail(_UNREAD):
            why = f"it is longer than {_LONGEST} octets"
            located = replace(located, value=b"", details=(*located.details, (_UNREAD, why)))
        text = located.value.decode("utf-8", "replace").strip()
        found = () if located.field in _ONLY_CONTACTS else claims.licences(located, text)
        if located.field in _CONTACTS and subject.scope is LicenceScope.PAGE:
            # A page about usage may name a licence beside the one that the page is under.
            subject = replace(subject, scope=LicenceScope.UNCLEAR)
        licences = tuple(
            declared.make(terms, claims.scope(located, terms, subject), because, subject.parts)
            for terms in found
        )
        kind = _CONTACTS.get(located.field)
        contacts: tuple[Contact, ...] = ()
        if kind is not None and not licences and subject.scope is not LicenceScope.PART:
            if _ABSOLUTE.match(text):
                text = quote.without_userinfo(text)
            if _REACHABLE.match(text):
                contacts = (Contact(kind, url=text, because=because),)
        notes = tuple(claims.notes(located, text, found))
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
        scopes = {licence.scope for licence in ordered if licence.name != UNREAD}
        counts = LicenceScope.PAGE if LicenceScope.PAGE in scopes else LicenceScope.UNCLEAR
        licences = tuple(
            replace(each, governs=each.scope is counts or each.name == UNREAD) for each in ordered
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
        from signals_agent.licences import claims, expression

        telling = one.url is not None and expression.written(claims.read(one.url)) == one.label
        return ((one.url if telling else None) or one.label).encode("utf-8", "replace")


LICENCE: Final = LicenceFamily()


def _links(located: Located) -> Iterator[Located]:
    """The licence links of a field line, each as a declaration of its own (RFC 8288)."""
    declaration = located.declaration
    links = [
        link
        for link in link_field.read(located.value)
        if any(_LICENCE_RELATION.fullmatch(each) for each in link.relations)
    ]
    if len(links) > MAX_LINKS:
        why = f"more than {MAX_LINKS} licences in one field line"
        yield replace(located, value=b"", field=_FIELD, details=(("unread", why),))
    for link in links[:MAX_LINKS]:
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
