"""Where a page names licences: links, RDFa, microdata, JSON-LD, and what each is about."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.locate import html_scripts, json_ld, microdata, rdfa
from signals_agent.locate.found import Findings, located
from signals_agent.locate.html_claims import Claims, stands_free
from signals_agent.locate.html_cost import bounded
from signals_agent.locate.html_parts import Parts
from signals_agent.locate.html_scan import Heard, Tag
from signals_agent.locate.html_sheet import LINKS, Sheet, unread
from signals_agent.locate.html_tree import (
    Document,
    Marked,
    Place,
    is_marked,
    marked,
    place_of,
    reaches,
)
from signals_agent.locate.rdfa import resolved
from signals_agent.locate.subject import Page
from signals_agent.model.declaration import Located, Reach, Scope, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import ElementPosition, Position

_FOOTER: Final = "footer"
_WORDS: Final = 500
_BODY: Final = re.compile(rb"<body(?=[\t\n\f\r />])", re.IGNORECASE)
_DESCRIBES: Final = re.compile(rb"property|itemprop|about|resource", re.IGNORECASE)

_JSON_LD: Final = "application/ld+json"
_MANY: Final = "more tags may name licences than are read"
_NOWHERE: Final = Tag(0, 0, 1)
_NAMING_ONE: Final = (
    'link[rel~="license" i][href], a[rel~="license" i][href], area[rel~="license" i]'
)


@dataclass(frozen=True, slots=True)
class _Said:
    """One value of a term, before it is known who listens."""

    carrier: str
    field: str
    value: str
    subject: Subject
    element: Marked
    details: tuple[tuple[str, str], ...] = ()

    @property
    def is_rsl(self) -> bool:
        """Whether it is a link to an RSL document, which its type alone tells."""
        kind = dict(self.details).get("type", "")
        return kind.lower().startswith(html_scripts.RSL)


def locate(sheet: Sheet, claims: Claims, listens: Mapping[str, Sequence[Heard]]) -> Findings:
    """Every licence, and what stands beside one, with its place and what it is about.

    ``claims`` are the tags that may declare. What was not looked at because of a cap
    counts as a licence that was not read (rule R39).
    """
    tags = [*claims.tags, *(tag for tag, _ in claims.scripts)]
    if not tags:
        return Findings() if claims.whole else unread(sheet, _NOWHERE, listens, _MANY)
    free = _free(sheet, claims)
    order = sorted((tag for tag in tags if tag not in free), key=lambda tag: tag.start)
    part = sheet.octets[: _enough(sheet.octets, claims, order)]
    if not bounded(part):
        return unread(sheet, tags[0], listens, "the page holds more tags than are read")
    document, elements = marked(part, order)
    base = _base(document, sheet.source)
    page = Page(sheet.source, _names(document, sheet, base))
    parts = Parts(document, page, base)
    said = [each for element in elements for each in _said(element, parts, sheet)]
    units: list[tuple[Located, ...]] = [
        (made,)
        for each in _footers(said)
        for made in _heard(each, sheet, listens.get(each.carrier, ()))
    ]
    seen = [
        element
        for element in elements
        if element.node.tag == "script" and not _out_of_reach(element, sheet)
    ]
    inline = html_scripts.locate(
        sheet.octets,
        [element for element in seen if element.tag in claims.inline],
        dict(claims.scripts),
        subject=parts.of_link,
        source=sheet.source,
        capture_id=sheet.capture_id,
        shift=sheet.shift,
        listens=listens.get(html_scripts.CARRIER, ()),
    )
    units += inline.units
    notes = inline.notes
    shown = free | {element.tag for element in seen}
    scripts = [
        json_ld.Script(sheet.octets[tag.end : end], _pointed(tag.start + sheet.shift))
        for tag, end in claims.scripts
        if tag in shown and html_scripts.media_type(sheet.octets, tag) == _JSON_LD
    ]
    if scripts:
        graph = json_ld.read(scripts, page=page, base=base)
        found = graph.locate(
            source=sheet.source,
            capture_id=sheet.capture_id,
            listens=listens.get("json-ld", ()),
        )
        units += found.units
        notes += found.notes
    if not claims.whole or _missed(document):
        over = unread(sheet, tags[-1], listens, _MANY)
        return Findings((*units, *over.units), (*notes, *over.notes))
    return Findings(tuple(units), notes)


def _free(sheet: Sheet, claims: Claims) -> set[Tag]:
    """The scripts of JSON-LD of which it is sure without parsing that the page holds them."""
    linked = [tag for tag, _ in claims.scripts if tag not in claims.inline]
    if sheet.head_only or not linked:
        return set()
    lowered = sheet.octets.lower()
    return {tag for tag in linked if stands_free(sheet.octets, lowered, tag)}


def _enough(octets: bytes, claims: Claims, order: Sequence[Tag]) -> int:
    """How much of the page has to be parsed to know whose each licence is.

    What surrounds a link or RSL in the body, or belongs to an item, may stand behind it; other
    scripts and what is in the head are known by what stands before.
    """
    body = _BODY.search(octets)
    if body is None or any(tag.start > body.start() for tag in claims.inline):
        return len(octets)
    if any(
        tag.start > body.start() or _DESCRIBES.search(octets, tag.start, tag.end)
        for tag in claims.tags
    ):
        return len(octets)
    return max(body.start(), reaches(order))


def _said(element: Marked, parts: Parts, sheet: Sheet) -> Iterator[_Said]:
    """What one element says, in each of the ways in which it may."""
    if _out_of_reach(element, sheet) or element.node.tag == "script":
        return
    given, node, base = element.attributes, element.node, parts.base
    link = LINKS.get(node.tag or "")
    if link is not None and given.get(b"href", b"").strip() and b"rel" in given:
        details = tuple(
            (name, given[name.encode()].decode("utf-8", "replace").strip())
            for name in ("type", "title")
            if given.get(name.encode())
        )
        if link == "html-anchor" and (words := " ".join(node.text(deep=True)[:_WORDS].split())):
            details += (("text", words),)
        relations = given[b"rel"].decode("utf-8", "replace").lower().split()
        for relation in dict.fromkeys(relations):
            value = resolved(given[b"href"], base)
            yield _Said(link, relation, value, parts.of_link(node, element.place), element, details)
    for written, prefixed in ((given.get(b"property"), False), (given.get(b"rel"), True)):
        if not written:
            continue
        prefixes = parts.prefixes(node)
        for field in rdfa.fields(written, prefixed=prefixed, prefixes=prefixes):
            value, _ = rdfa.value(node, given, base)
            subject = parts.of_rdfa(node) or parts.of_default(node)
            yield _Said("rdfa", field, value, subject, element)
    for field in microdata.fields(given.get(b"itemprop", b"")):
        value, _ = microdata.value(node, given, base)
        details = microdata.details(node, given)
        yield _Said("microdata", field, value, parts.of_microdata(node), element, details)


def _footers(said: list[_Said]) -> Iterator[_Said]:
    """The only licence of the footer is the page's; where several differ, it is unclear whose."""
    in_footer: dict[bool, set[str]] = {True: set(), False: set()}
    for each in said:
        if each.subject.within == _FOOTER and each.field == "license":
            in_footer[each.is_rsl].add(each.value)
    for each in said:
        if each.subject.within == _FOOTER and len(in_footer[each.is_rsl]) == 1:
            yield replace(each, subject=Subject(LicenceScope.PAGE, within=_FOOTER))
        else:
            yield each


def _heard(said: _Said, sheet: Sheet, listens: Sequence[Heard]) -> Iterator[Located]:
    tag = said.element.tag
    position = ElementPosition(said.element.node.tag or "", tag.start + sheet.shift)
    in_head = said.element.place is Place.HEAD
    within = said.subject.within or (None if in_head else "body")
    for family, listen in listens:
        if said.field.lower() in (listen.field.lower(), *listen.aliases):
            yield located(
                family=family,
                carrier=said.carrier,
                source=sheet.source,
                capture_id=sheet.capture_id,
                position=position,
                octets=sheet.octets[tag.start : tag.end],
                value=said.value.encode("utf-8", "replace"),
                field=listen.field,
                # A licence in the body counts, but RSL only where it restricts (rule R35).
                reach=Reach(restrict_only=said.is_rsl and not in_head, index=position.offset),
                scope=Scope(element=within),
                subject=said.subject,
                details=said.details,
            )


def _missed(document: Document) -> bool:
    """Whether the parser made a licence link of a tag that the octets did not tell of."""
    return any(
        not is_marked(node) and place_of(node) is not Place.APART
        for node in document.css(_NAMING_ONE)
    )


def _out_of_reach(element: Marked, sheet: Sheet) -> bool:
    if element.place is Place.APART:
        return True
    return sheet.head_only and element.place is not Place.HEAD


def _pointed(offset: int) -> Callable[[str], Position]:
    return lambda pointer: ElementPosition("script", offset, pointer or None)


def _base(document: Document, source: str) -> str:
    node = document.css_first("base[href]")
    href = node.attributes.get("href") if node is not None else None
    joined = urls.join(source, href) if href else None
    return joined.text if joined is not None else source


def _names(document: Document, sheet: Sheet, base: str) -> tuple[str, ...]:
    """How the page names itself, on its own origin; a foreign canonical is no name of it (R36)."""
    found = list(sheet.names)
    for selector, attribute in (
        ('link[rel~="canonical" i][href]', "href"),
        ('meta[property="og:url" i][content]', "content"),
    ):
        node = document.css_first(selector)
        joined = urls.join(base, node.attributes.get(attribute) or "") if node is not None else None
        if joined is not None and joined.origin == _origin(sheet.source):
            found.append(joined.text)
    return tuple(dict.fromkeys(found))


def _origin(source: str) -> str:
    try:
        return urls.parse(source).origin
    except InvalidURL:
        return ""
