"""Where metadata packets stand in a PDF, and which of them is the document's own."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from signals_agent.locate import jumbf
from signals_agent.locate.embedded_packet import (
    CUT,
    MAX_OCTETS,
    MAX_PACKETS,
    MAX_STORES,
    End,
    Packet,
    Walk,
    inflated,
    plain,
    scan,
)
from signals_agent.model.licence import LicenceScope

PDF: Final = b"%PDF-"
BEGINNING: Final = 1024

_MANIFEST: Final = b"/C2PA_Manifest"
_NEAR: Final = 2048
_MOST_NAMES: Final = 1024
_MOST_ATTACHED: Final = 64
_LAST: Final = b"%%EOF"
_MOST_UNTYPED: Final = 4
_MOST_STREAMS: Final = 4 * MAX_PACKETS
_NAME: Final = re.compile(rb"/Type\s{0,20}/Metadata(?![A-Za-z0-9])")
_XML: Final = re.compile(rb"/Subtype\s{0,20}/XML(?![A-Za-z0-9])")
_OBJECT: Final = re.compile(rb"(?<![0-9])([0-9]{1,10})\s{1,20}[0-9]{1,5}\s{1,20}obj\b")
_STREAM: Final = re.compile(rb"\bstream(?:\r\n|\n|\r)")
_END: Final = b"endstream"
_FILTER: Final = re.compile(rb"/Filter\s{0,20}(\[[^\]]{0,200}\]|/[A-Za-z0-9]{1,40})")
_CATALOG: Final = re.compile(rb"/Type\s{0,20}/Catalog(?![A-Za-z0-9])")
_REFERENCE: Final = re.compile(rb"/Metadata\s{1,20}([0-9]{1,10})\s{1,20}[0-9]{1,5}\s{1,20}R\b")
_FLATE: Final = (b"/FlateDecode", b"/Fl")
_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\x00\s]{0,64}<")


def pdf(body: bytes) -> Walk:
    """Metadata streams, plain or deflated (ISO 32000-1, 14.3.2).

    The document's own is the one that its catalog names; of several with one number the
    last, which an update put in the place of the others. Those of pictures, pages and
    attached documents are parts'. Where the catalog is compressed and there are several, it
    is not clear which is the document's. Where there is none at all, packets are looked for
    by how they begin.
    """
    found: dict[int, Packet] = {}
    attached = _attached(body)
    for number, packet in _streams(body):
        # In an attached document numbers begin anew, and replace none of this one.
        key = -2 - packet.offset if _is_within(packet.offset, attached) else number
        found.pop(key, None)
        found[key] = packet
    named = _named(body, attached)
    for number in sorted(named - found.keys())[:_MOST_UNTYPED]:
        untyped = _untyped(body, number)
        if untyped is not None:
            found[number] = untyped
    own = {number for number in found if number in named}
    if not own and len(found) == 1 and not named and min(found) > -2:
        own = set(found)
    # A catalog that is in sight and names none of them is not the one that counts.
    other = LicenceScope.PART if own else LicenceScope.UNCLEAR
    packets = [
        packet if number in own else replace(packet, whose=other)
        for number, packet in found.items()
    ]
    if not packets:
        packets += islice(scan(body, "pdf", LicenceScope.UNCLEAR), MAX_PACKETS + 1)
    packets += _stores(body, attached)
    # What says where everything stands is at the end.
    whole = body.rstrip(b"\x00\t\r\n ").endswith(_LAST)
    return Walk(tuple(packets), End.WHOLE if whole else End.CUT)


def _stores(body: bytes, attached: list[tuple[int, int]]) -> list[Packet]:
    """The C2PA store among the attached files (C2PA 2.2, A.4), found by how it begins."""
    stores = list(islice(jumbf.scan(body, "pdf attachment"), MAX_STORES + 1))
    if stores:
        return [
            replace(each, whose=LicenceScope.PART) if _is_within(each.offset, attached) else each
            for each in stores
        ]
    at = body.find(_MANIFEST)
    if at < 0:
        return []
    return [Packet("pdf attachment", b"", at, unread="its stream is compressed", store=True)]


def _attached(body: bytes) -> list[tuple[int, int]]:
    """Where documents stand that are within this one as they are, from head to end."""
    spans: list[tuple[int, int]] = []
    begin = body.find(PDF, BEGINNING)
    while begin >= 0 and len(spans) < _MOST_ATTACHED:
        end = body.find(_LAST, begin)
        spans.append((begin, end if end >= 0 else len(body)))
        begin = body.find(PDF, spans[-1][1])
    return spans


def _is_within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(begin <= at < end for begin, end in spans)


def _streams(body: bytes) -> Iterator[tuple[int, Packet]]:
    """Each metadata stream, with the number of its object; each is looked at near its name."""
    seen: set[int] = set()
    for count, name in enumerate(_NAME.finditer(body)):
        if count > _MOST_NAMES or len(seen) > _MOST_STREAMS:
            yield -1, Packet("pdf metadata", b"", name.start(), unread="there are too many")
            return
        back = max(name.start() - _NEAR, 0)
        before = list(_OBJECT.finditer(body, back, name.start()))
        stream = _STREAM.search(body, name.end(), name.end() + _NEAR)
        if not before or stream is None or stream.end() in seen:
            continue
        seen.add(stream.end())
        dictionary = body[before[-1].end() : stream.start()]
        if _XML.search(dictionary) is None or b"endobj" in dictionary:
            continue
        yield int(before[-1][1]), _packet(body, dictionary, stream.end())


def _untyped(body: bytes, number: int) -> Packet | None:
    """The stream that a catalog names, where it does not say itself what it is."""
    heads = re.finditer(rb"(?<![0-9])%d\s{1,20}[0-9]{1,5}\s{1,20}obj\b" % number, body)
    last = deque(heads, maxlen=1)
    stream = _STREAM.search(body, last[0].end(), last[0].end() + _NEAR) if last else None
    if stream is None:
        return None
    return _packet(body, body[last[0].end() : stream.start()], stream.end())


def _packet(body: bytes, dictionary: bytes, begin: int) -> Packet:
    filters = _FILTER.search(dictionary)
    names = re.findall(rb"/[A-Za-z0-9]+", filters[1]) if filters else []
    if len(names) == 1 and names[0] in _FLATE:
        packet = inflated("pdf metadata", body, begin, len(body))
    elif names:
        shown = b" ".join(names).decode("ascii")
        return Packet("pdf metadata", b"", begin, unread=f"its filters are not known: {shown}")
    else:
        # What ends a line before the word is white space in the packet's end.
        end = body.find(_END, begin, begin + MAX_OCTETS + len(_END))
        packet = plain("pdf metadata", body, begin, end if end >= 0 else len(body) + 1)
        if end < 0 and not packet.unread:
            packet = replace(packet, unread=CUT)
    if packet.octets and _MARKUP.match(packet.octets) is None:
        return Packet("pdf metadata", b"", begin, unread="it is no XML; it may be encrypted")
    return packet


def _named(body: bytes, attached: list[tuple[int, int]]) -> set[int]:
    """The numbers of the metadata streams that catalogs in sight name."""
    numbers: set[int] = set()
    for catalog in islice(_CATALOG.finditer(body), MAX_PACKETS):
        if _is_within(catalog.start(), attached):
            continue
        begin = body.rfind(b"obj", max(catalog.start() - _NEAR, 0), catalog.start())
        end = body.find(b"endobj", catalog.end(), catalog.end() + 2 * _NEAR)
        span = (max(begin, catalog.start() - _NEAR, 0), end if end >= 0 else catalog.end() + _NEAR)
        numbers |= {int(found[1]) for found in _REFERENCE.finditer(body, *span)}
    return numbers
