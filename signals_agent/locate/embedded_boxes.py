"""Where metadata packets stand in files of chunks: RIFF, AIFF, and the boxes of MP4 and its kin."""

from itertools import islice
from typing import Final, Literal

from signals_agent.locate.embedded_id3 import tag
from signals_agent.locate.embedded_packet import (
    MAX_PACKETS,
    End,
    Packet,
    Walk,
    plain,
    scan,
    store,
)
from signals_agent.locate.jumbf import begins
from signals_agent.model.licence import LicenceScope

RIFF: Final = (b"RIFF", b"RIFX", b"RF64")
AIFF: Final = b"FORM"
BRANDED: Final = b"ftyp"
SIGNATURES: Final = (b"\x00\x00\x00\x0cjP  ", b"\x00\x00\x00\x0cJXL ")

_XMP_CHUNKS: Final = (b"XMP ", b"_PMX")
_ID3_CHUNKS: Final = (b"id3 ", b"ID3 ")
_XMP_UUID: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_CHUNK: Final = b"C2PA"
_C2PA_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_PURPOSE: Final = 64
_HOLDING: Final = (b"moov", b"udta")
_ITEM: Final = b"application/rdf+xml"
_MOST_BOXES: Final = 64 * 1024
_UNKNOWN: Final = 0xFFFFFFFF
_BROTLI: Final = b"brob"


def riff(body: bytes) -> Walk:
    """The chunks ``XMP `` (WebP) and ``_PMX`` (WAV, AVI), and an ID3 tag in a chunk."""
    return _chunks(body, "big" if body.startswith(b"RIFX") else "little")


def aiff(body: bytes) -> Walk:
    """The ``APPL`` chunk whose signature is ``XMP ``, and an ID3 tag in a chunk."""
    return _chunks(body, "big")


def _chunks(body: bytes, order: Literal["little", "big"]) -> Walk:
    """The chunks of a file whose first one holds all others, and says how long they are."""
    packets: list[Packet] = []
    length = int.from_bytes(body[4:8], order)
    # Where the length is not known while it is written, it is left at either end.
    last = length + 8 if 4 < length < _UNKNOWN else max(len(body), 12)
    at, count = 12, 0
    while at + 8 <= min(last, len(body)) and len(packets) <= MAX_PACKETS:
        name = body[at : at + 4]
        length = int.from_bytes(body[at + 4 : at + 8], order)
        begin, until = at + 8, at + 8 + length
        if name in _XMP_CHUNKS:
            packets.append(plain(f"riff {name.decode().strip()}", body, begin, until))
        elif name == b"APPL" and body.startswith(b"XMP ", begin):
            packets.append(plain("aiff APPL", body, begin + 4, until))
        elif name == _C2PA_CHUNK:
            packets.append(store("riff C2PA", body, begin, until))
        elif name in _ID3_CHUNKS:
            packets += tag(body, begin, until).packets
        count += 1
        if count > _MOST_BOXES or not name.isascii():
            return Walk(tuple(packets), End.LOST)
        at = until + length % 2
    # The octet that makes the last chunk even is often left out.
    if max(at, last) > len(body) + 1:
        return Walk(tuple(packets), End.CUT)
    return Walk(tuple(packets), End.LOST if at > last + 1 else End.WHOLE)


def boxes(body: bytes) -> Walk:
    """The boxes for XMP and C2PA (``uuid``, ``XMP_``, ``xml ``, ``jumb``), and items of XMP.

    JPEG XL may keep its own compressed by Brotli: then it is there, and is not read.

    An item (HEIF, AVIF) may stand anywhere in the file: where the directory of items names
    one, it is looked for by how it begins. Offsets and lengths are trusted only within the
    box that holds them.
    """
    packets: list[Packet] = []
    spans = [(0, len(body))]
    end, item, count = End.WHOLE, -1, 0
    while spans and len(packets) <= MAX_PACKETS:
        at, last = spans.pop()
        while at + 8 <= last:
            length = int.from_bytes(body[at : at + 4], "big")
            name = body[at + 4 : at + 8]
            begin = at + 8
            if length == 1:
                length = int.from_bytes(body[at + 8 : at + 16], "big")
                begin = at + 16
            until = at + length if length else last
            count += 1
            if until < begin or count > _MOST_BOXES:
                return Walk(tuple(packets), End.LOST)
            if name == b"uuid" and body.startswith(_XMP_UUID, begin):
                packets.append(plain("uuid box", body, begin + 16, until))
            elif name == b"uuid" and body.startswith(_C2PA_UUID, begin):
                packets += _manifests(body, begin + 16, until)
            elif name == b"jumb" and begins(body, at, until) == at:
                packets.append(store("jumb box", body, at, until))
            elif name == _BROTLI and body.startswith(b"xml ", begin):
                # What it holds is there, and nothing here unpacks it (ISO 18181-2, 9.3).
                packed = "it is compressed by Brotli, which is not read"
                packets.append(Packet("brob box", b"", begin, unread=packed))
            elif name in (b"XMP_", b"xml "):
                packets.append(plain(f"{name.decode().strip()} box", body, begin, until))
            elif name in _HOLDING:
                spans.append((begin, min(until, last)))
            elif name == b"meta" and _ITEM in body[begin:until]:
                item = begin
            if until > len(body):
                end = End.CUT
            elif until > last:
                return Walk(tuple(packets), End.LOST)
            at = until
    if item >= 0:
        packets += list(islice(scan(body, "item of XMP"), MAX_PACKETS + 1)) or [
            # The directory names it, and it stands behind the cut, or is compressed.
            Packet("item of XMP", b"", item, unread="it is named, and not among the octets")
        ]
    return Walk(tuple(packets), end)


def _manifests(body: bytes, begin: int, until: int) -> list[Packet]:
    """The store in the box of C2PA, which says first what it is for (C2PA 2.2, A.5).

    Behind that stands the place of another box. What an update keeps as the original is
    another asset's; boxes that hold nothing but hashes are passed over.
    """
    place = "uuid box of C2PA"
    nul = body.find(b"\x00", begin + 4, min(until, begin + 4 + _PURPOSE))
    if nul < 0:
        return [Packet(place, b"", begin, unread="it does not say what it is for", store=True)]
    purpose = body[begin + 4 : nul]
    if purpose == b"merkle":
        return []
    whose = LicenceScope.PART if purpose == b"original" else LicenceScope.PAGE
    return [store(place, body, nul + 9, until, whose)]
