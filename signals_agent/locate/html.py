"""Where declarations stand in an HTML document (rule R35)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.family import Listen
from signals_agent.locate import html_claims, html_scan
from signals_agent.locate.found import located
from signals_agent.locate.html_cost import bounded
from signals_agent.locate.html_scan import Heard, interest, listens_to
from signals_agent.locate.html_tree import Element, Place, elements, head_ended, reaches
from signals_agent.locate.needles import Needle
from signals_agent.model.declaration import PAGE, Located, Reach, Scope, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import ElementPosition
from signals_agent.syntax.encoding import markup

CARRIER = "html-meta"

_CANONICAL = Needle(b"canonical")
_FIRST_OCTETS = (64 * 1024, 16 * 1024, 4 * 1024, 0)
_NOBODY: Mapping[str, Sequence[Heard]] = {}


@dataclass(frozen=True, slots=True)
class HtmlFindings:
    """What a document declares, and what could not be looked at.

    ``head_complete`` is false where the head was cut, or could not be read as a whole
    because a cap was hit: the asset is then *unreadable* (rules R35, R39), and ``units``
    hold what was found all the same.
    """

    units: tuple[tuple[Located, ...], ...] = ()
    notes: tuple[Note, ...] = ()
    head_complete: bool = True


def locate(
    body: bytes,
    content_type: bytes,
    *,
    source: str,
    capture_id: str,
    listens: Sequence[Heard],
    tokens: Sequence[str],
    claims: Mapping[str, Sequence[Heard]] = _NOBODY,
    names: tuple[str, ...] = (),
    depth: str = "page",
    truncated: bool = False,
) -> HtmlFindings:
    """Every ``meta`` that a listener waits for, and every licence, as units, with notes.

    ``claims`` are who listens for licences, by carrier, and ``names`` other URLs of the
    page. ``content_type`` is the whole field value, for its charset. In the parsed head a
    declaration counts as its family says; elsewhere it only restricts, and its scope
    names the body. With ``depth`` ``head`` only the head's are taken. Offsets are octets
    of ``body``, but of its UTF-8 form where it had to be transcoded.

    A page is scanned as octets; only one that may declare is parsed, up to the last tag
    that may. The scan misses nothing that a full parse finds: an element ``meta`` comes
    from the octets ``<meta`` alone, its tag is read here as the parser reads it, and what
    holds a character reference goes to the parser.
    """
    read = markup(body, content_type)
    octets = read.octets
    wanted = interest(tuple(listens), tuple(tokens))
    scan = html_scan.metas(octets, wanted)
    notes: list[Note] = []
    whole = scan.whole
    tags = scan.tags
    for octets_read in _FIRST_OCTETS:
        if not tags or bounded(octets[: reaches(tags)]):
            break
        whole = False
        tags = [tag for tag in tags if tag.end <= octets_read]
    if not whole:
        notes.append(_over_cap(source))
    units: dict[tuple[int, str], tuple[Located, ...]] = {}
    for element in elements(octets, tags):
        if element.place is Place.APART or (depth == "head" and element.place is not Place.HEAD):
            continue
        position = ElementPosition("meta", element.tag.start + read.shift)
        if _is_refresh(element) and element.place is Place.HEAD:
            notes.append(_refresh(position))
        for (family, listen), value in wanted.listeners(element.attributes):
            if (element.tag.start, family) in units or not listens_to(listen, element.attributes):
                continue
            units[element.tag.start, family] = (
                _located(element, octets, position, source, capture_id, family, listen, value),
            )
    found = list(units.values())
    if claims:
        named = html_claims.claims(octets)
        if named.tags or named.scripts or not named.whole:
            # Few pages name a licence, and what reads them is not loaded for the others.
            from signals_agent.locate import html_licences, html_sheet

            sheet = html_sheet.Sheet(octets, source, capture_id, names, read.shift, depth == "head")
            licences = html_licences.locate(sheet, named, claims)
            found += licences.units
            notes += licences.notes
        elif named.mentioned >= 0:
            notes.append(_mentioned(ElementPosition("a", named.mentioned + read.shift)))
    if found and read.transcoded:
        notes.append(_transcoded(source))
    notes += _foreign_canonical(octets, read.shift, source)
    complete = whole and (not truncated or head_ended(octets))
    return HtmlFindings(tuple(found), tuple(notes), complete)


def _located(
    element: Element,
    octets: bytes,
    position: ElementPosition,
    source: str,
    capture_id: str,
    family: str,
    listen: Listen,
    named: bytes,
) -> Located:
    in_head = element.place is Place.HEAD
    token = named.decode("utf-8", "replace") if named != listen.field.encode() else None
    return located(
        family=family,
        carrier=CARRIER,
        source=source,
        capture_id=capture_id,
        position=position,
        octets=octets[element.tag.start : element.tag.end],
        value=element.attributes.get(b"content", b""),
        field=listen.field,
        reach=Reach(restrict_only=not in_head, index=position.offset),
        scope=Scope(
            token=token if listen.crawler_named else None, element=None if in_head else "body"
        ),
        subject=PAGE if in_head else Subject(LicenceScope.UNCLEAR),
    )


def _is_refresh(element: Element) -> bool:
    return element.attributes.get(b"http-equiv", b"").strip(html_scan.SPACE).lower() == b"refresh"


def _foreign_canonical(octets: bytes, shift: int, source: str) -> list[Note]:
    """A note where the head names another origin as the canonical one (rule R36).

    It changes no answer, so only the beginning of a document is searched for it.
    """
    foreign = [
        tag
        for tag in html_scan.links(octets, _CANONICAL, min(len(octets), html_scan.BEGINNING))
        if _names_other_origin(html_scan.attributes(octets, tag), source)
    ]
    if not foreign or not bounded(octets[: reaches(foreign)]):
        return []
    return [
        _canonical(ElementPosition("link", element.tag.start + shift))
        for element in elements(octets, foreign, "link")
        if element.place is Place.HEAD and _names_other_origin(element.attributes, source)
    ]


def _names_other_origin(attributes: dict[bytes, bytes], source: str) -> bool:
    if b"canonical" not in attributes.get(b"rel", b"").lower().split():
        return False
    href = attributes.get(b"href", b"").strip(html_scan.SPACE).decode("utf-8", "replace")
    try:
        origin = urls.parse(source).origin
    except InvalidURL:
        return False
    if href.startswith(origin + "/"):
        return False
    joined = urls.join(source, href)
    return joined is not None and joined.origin != origin


def _over_cap(source: str) -> Note:
    return Note(
        code="html-over-cap",
        severity=Severity.WARNING,
        summary=(
            f"{source} holds more tags, or more that may declare, than are read; "
            "it counts as unreadable"
        ),
        clause="rule R39",
    )


def _transcoded(source: str) -> Note:
    return Note(
        code="html-transcoded",
        severity=Severity.INFO,
        summary=f"offsets in {source} count octets of its UTF-8 form",
        clause="rule R30",
    )


def _mentioned(position: ElementPosition) -> Note:
    return Note(
        code="html-licence-link-without-rel",
        severity=Severity.INFO,
        summary=(
            "the page links to a licence of Creative Commons and does not say that it is its own "
            "(no rel=license): it is not counted"
        ),
        clause="rules#licences-whose",
        position=position,
    )


def _refresh(position: ElementPosition) -> Note:
    return Note(
        code="html-meta-refresh",
        severity=Severity.INFO,
        summary="the page sends its readers on by meta refresh; that was not followed",
        clause="rule R35",
        position=position,
    )


def _canonical(position: ElementPosition) -> Note:
    return Note(
        code="html-canonical-foreign",
        severity=Severity.INFO,
        summary="the page names another origin as its canonical one; nothing is inherited from it",
        clause="rule R36",
        position=position,
    )
