"""What the metadata in the octets of an image, a PDF, a sound or a film declares."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from signals_agent import availability
from signals_agent.family import Listen
from signals_agent.locate import embedded_boxes as boxes
from signals_agent.locate import embedded_c2pa as c2pa
from signals_agent.locate import embedded_id3 as id3
from signals_agent.locate import embedded_images as images
from signals_agent.locate import embedded_pdf as pdf
from signals_agent.locate import embedded_svg as svg
from signals_agent.locate import jumbf, kinds, xmp
from signals_agent.locate.embedded_packet import (
    MAX_OCTETS,
    MAX_PACKETS,
    MAX_STORES,
    TOO_LONG,
    End,
    Packet,
    Walk,
    scan,
)
from signals_agent.locate.found import UNREAD, Findings, located
from signals_agent.locate.page import Page
from signals_agent.locate.xmp import Property
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import PAGE, Located, Reach, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import ElementPosition

CARRIER: Final = "embedded"

IN_PART: Final = "embedded-in-part"
"""The code of the note that metadata may stand behind what was read of an asset."""

MAX_VALUE: Final = 64 * 1024
"""Octets of one value that are read, RSL terms apart (rule R39)."""

# One field for each family that fails closed where something was not read: what PLUS says
# covers every use, and a licence has no use to cover.
_FAILING_CLOSED: Final = ("plus:DataMining", "cc:license")
_TOP_LEVEL: Final = ("image/", "audio/", "video/")
_TYPES: Final = frozenset(
    {
        "application/illustrator",
        "application/mp4",
        "application/ogg",
        "application/pdf",
        "application/photoshop",
        "application/postscript",
        "application/vnd.adobe.photoshop",
        "application/x-pdf",
        "application/x-photoshop",
    }
)
_OTHERS: Final = (b"8BPS", b"OggS", b"fLaC", b"%!PS")
# Types that make a browser keep what it was sent, and say nothing of what that is.
_DOWNLOADS: Final = frozenset(
    {
        "application/download",
        "application/force-download",
        "application/octetstream",
        "application/x-download",
        "application/x-force-download",
        "application/x-octet-stream",
    }
)
_SPACE: Final = b"\xef\xbb\xbf \t\r\n"


def may_embed(capture: Capture) -> bool:
    """Whether an asset that is no page is of a kind that may hold metadata of its own.

    By its media type, or where that says nothing by its first octets; cheap.
    """
    kind = capture.content_type
    if kind.startswith(_TOP_LEVEL) or kind in _TYPES:
        return True
    body = capture.body or b""
    if kind in ("application/xml", "text/xml"):
        return kinds.is_drawing(body)
    if kinds.is_other_kind(kind) and kind not in _DOWNLOADS:
        return False
    return _walker(body) is not None or body.startswith(_OTHERS) or kinds.media(capture) == "image"


def locate(
    capture: Capture,
    *,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
) -> Findings:
    """Every declaration in the metadata packets and manifest stores of an asset.

    A unit of its own for each, but where a family listens ``joined`` all that one packet
    says to it is one unit. What describes something else than the asset (a picture within
    a document, an ingredient, another address than the packet's other descriptions) is a
    part's and may only restrict (rule R36). Offsets are octets of the asset; of what is
    compressed there, those of the code. Never raises; linear in the body.

    A packet that is there and was not read to its end fails closed (rule R39). An asset of
    which only the beginning came may hold one behind that: this leaves the note ``IN_PART``,
    and the caller knows what that means for the asset.
    """
    body = capture.body or b""
    if not body or not listens:
        return Findings()
    in_part = capture.status == 206 and not availability.whole_in_part(capture)
    truncated = capture.truncated or in_part
    walk = _walk(body, truncated=truncated)
    units: dict[str, tuple[Located, ...]] = {}
    notes: list[Note] = []
    stores = [packet for packet in walk.packets if packet.store]
    for unit in c2pa.units(stores, source, capture_id, listens, notes):
        units.setdefault(unit[0].declaration.id, unit)
    total = 0
    for count, packet in enumerate(each for each in walk.packets if not each.store):
        total += len(packet.octets)
        if count >= MAX_PACKETS:
            packet = replace(packet, octets=b"", unread=f"there are more than {MAX_PACKETS}")
        elif total > MAX_OCTETS and not packet.unread:
            packet = replace(packet, octets=b"", unread=TOO_LONG)
        said = xmp.read(packet.octets) if packet.octets else xmp.Said()
        if said.transcoded:
            packet = replace(packet, coded=True)  # places in it are none in the asset
        unread = packet.unread or said.unread
        if unread:
            notes.append(c2pa.unread_note(source, packet, unread))
        elif said.broken:
            notes.append(_broken_note(source, packet, said.broken))
        for unit in _units(packet, said, unread, source, capture_id, listens):
            units.setdefault(unit[0].declaration.id, unit)
        if count >= MAX_PACKETS:
            break
    if truncated and walk.end is not End.WHOLE:
        notes.append(_part_note(source))
    return Findings(tuple(units.values()), tuple(notes))


_Walker = Callable[[bytes], Walk]


def _walker(body: bytes) -> _Walker | None:
    """Who knows the format of an asset, by its first octets."""
    if body.startswith(images.JPEG):
        return images.jpeg
    if body.startswith(images.PNG):
        return images.png
    if body.startswith(images.GIF):
        return images.gif
    if body.startswith(images.TIFF):
        return images.tiff
    if body.startswith(boxes.RIFF):
        return boxes.riff
    if body.startswith(boxes.AIFF):
        return boxes.aiff
    if body[4:8] == boxes.BRANDED or body[:8] in boxes.SIGNATURES:
        return boxes.boxes
    if body.startswith(id3.ID3):
        return id3.tag
    if pdf.PDF in body[: pdf.BEGINNING]:
        return pdf.pdf
    if body[:64].lstrip(_SPACE).startswith(b"<"):
        return svg.svg
    return None


def _walk(body: bytes, *, truncated: bool) -> Walk:
    """The packets of an asset; where its format is not known or not kept to, by their looks."""
    walker = _walker(body)
    walk = walker(body) if walker is not None else Walk((), End.LOST)
    if walk.end is End.WHOLE or (walk.end is End.CUT and truncated) or walker is pdf.pdf:
        return walk
    known = {packet.offset for packet in walk.packets}
    spans = [(each.offset, each.offset + len(each.octets)) for each in walk.packets]
    places = (
        *islice(jumbf.scan(body, "by its looks"), MAX_STORES + 1),
        *islice(scan(body, "by its looks"), MAX_PACKETS + 1),
    )
    looked = [
        packet
        for packet in places
        if packet.offset not in known
        and not any(begin <= packet.offset < end for begin, end in spans)
    ]
    return Walk((*walk.packets, *looked), walk.end)


def _units(
    packet: Packet,
    said: xmp.Said,
    unread: str,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
) -> Iterator[tuple[Located, ...]]:
    foreign = _foreign(said, source)
    joined: dict[str, list[Located]] = {}
    for found in said.properties:
        subject = _subject(found, packet, foreign)
        for family, listen in listens:
            if listen.field != found.field:
                continue
            one = _located(found, packet, subject, source, capture_id, family)
            if listen.joined and subject is PAGE:
                joined.setdefault(family, []).append(one)
            else:
                yield (one,)
    yield from (tuple(unit) for unit in joined.values())
    if not unread:
        return
    for family, listen in listens:
        if listen.field in _FAILING_CLOSED:
            nothing = Property(listen.field, "", "packet", 0, b"")
            yield (_located(nothing, packet, PAGE, source, capture_id, family, unread=unread),)


def _located(
    found: Property,
    packet: Packet,
    subject: Subject,
    source: str,
    capture_id: str,
    family: str,
    *,
    unread: str = "",
) -> Located:
    value = found.value.encode("utf-8", "replace")
    if len(value) > MAX_VALUE and found.field != "rsl":
        unread = f"it is longer than the {MAX_VALUE} octets of one value that are read"
    offset = packet.at(found.offset) if found.octets else packet.offset
    details = (("packet", packet.place),)
    return located(
        family=family,
        carrier=CARRIER,
        source=source,
        capture_id=capture_id,
        position=ElementPosition(found.element, offset),
        octets=found.octets,
        value=b"" if unread else value,
        field=found.field,
        reach=Reach(index=offset, restrict_only=subject is not PAGE),
        subject=subject,
        details=((UNREAD, unread), *details) if unread else details,
    )


def _foreign(said: xmp.Said, source: str) -> frozenset[str]:
    """Which of the things that a packet describes are not the asset.

    A packet describes one thing, whatever it calls it (ISO 16684-1, 7.4): copies keep the
    address of the original. Where it calls it by several names, what has another address
    is something else.
    """
    properties = (found for found in said.properties if not found.nested and found.field != "rsl")
    abouts = said.abouts | {found.about for found in properties}
    page = Page(source)
    others = {
        about
        for about in abouts
        if about.lower().startswith(("http://", "https://")) and not page.is_named_by(about)
    }
    return frozenset(others if len(abouts) > 1 else ())


def _subject(found: Property, packet: Packet, foreign: frozenset[str]) -> Subject:
    if found.about in foreign:
        return Subject(LicenceScope.PART, (found.about,))
    if found.nested or packet.whose is LicenceScope.PART:
        return Subject(LicenceScope.PART)
    return PAGE if packet.whose is LicenceScope.PAGE else Subject(packet.whose)


def _broken_note(source: str, packet: Packet, why: str) -> Note:
    return Note(
        code="embedded-broken",
        severity=Severity.WARNING,
        summary=(
            f"a metadata packet of {source} ({packet.place}) is not well-formed: {why}; "
            "what stands before that counts"
        ),
        clause="XML 1.0 2.1",
        position=ElementPosition("packet", packet.offset),
    )


def _part_note(source: str) -> Note:
    return Note(
        code=IN_PART,
        severity=Severity.WARNING,
        summary=(
            f"only the beginning of {source} was read, and its metadata may stand behind that: "
            "read more of it (max_other_bytes, --max-body-bytes)"
        ),
        clause="rule R39",
    )
