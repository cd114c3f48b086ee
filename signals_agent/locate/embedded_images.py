"""Where metadata packets stand in JPEG, PNG, GIF and TIFF."""

import re
from dataclasses import replace
from itertools import islice
from typing import Final, Literal

from signals_agent.locate.embedded_packet import (
    CUT,
    MAX_OCTETS,
    MAX_PACKETS,
    MAX_STORE,
    MAX_STORES,
    STORE_TOO_LONG,
    TOO_LONG,
    End,
    Packet,
    Walk,
    inflated,
    of_text,
    plain,
    scan,
    store,
)
from signals_agent.locate.jumbf import segments

JPEG: Final = b"\xff\xd8\xff"
PNG: Final = b"\x89PNG\r\n\x1a\n"
GIF: Final = (b"GIF87a", b"GIF89a")
TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

_XAP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_WEB: Final = b"http"
_EXTENSION: Final = b"http://ns.adobe.com/xmp/extension/\x00"
_WITHOUT_LENGTH: Final = (0x01, *range(0xD0, 0xD8))
_KEYWORD: Final = b"XML:com.adobe.xmp"
_RAW_PROFILES: Final = (b"Raw profile type xmp", b"Raw profile type APP1")
_HEX: Final = re.compile(rb"\s*[A-Za-z0-9]{1,20}\s+[0-9]{1,10}\s+")
_GIF_XMP: Final = b"XMP DataXMP"
_GIF_C2PA: Final = b"C2PA_GIF"
_GIF_TRAILER: Final = b"\x01\xff\xfe\xfd"
_MARKUP: Final = (
    b"<?",
    b"<x",
    b"<r",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"<\x00",
    b"\x00<",
)
_XMP_TAG: Final = 700
_C2PA_TAG: Final = 0xCD41
_MANY: Final = f"there are more than {MAX_STORES}"
_MOST_ENTRIES: Final = 16 * 1024


def jpeg(body: bytes) -> Walk:
    """APP1 segments up to the first scan, extended XMP put together (XMP part 3, 1.1.3).

    And the C2PA store in APP11 segments (C2PA 2.2, A.3.1).
    """
    packets: list[Packet] = []
    extended: dict[bytes, dict[int, tuple[int, int]]] = {}
    lengths: dict[bytes, int] = {}
    boxes: list[tuple[int, int]] = []
    at = 2
    end = End.CUT
    while at + 4 <= len(body) and len(packets) + len(extended) <= MAX_PACKETS:
        if body[at] != 0xFF:
            end = End.LOST
            break
        marker = body[at + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2  # fill octets may stand before a marker
            continue
        if marker in (0xDA, 0xD9):
            end = End.WHOLE
            break
        length = int.from_bytes(body[at + 2 : at + 4], "big")
        if length < 2:
            end = End.LOST
            break
        begin, until = at + 4, at + 2 + length
        if marker == 0xE1 and body.startswith(_XAP, begin):
            packets.append(plain("jpeg APP1", body, begin + len(_XAP), until))
        elif marker == 0xE1 and body.startswith(_EXTENSION, begin):
            head = begin + len(_EXTENSION)
            guid = body[head : head + 32]
            place = int.from_bytes(body[head + 36 : head + 40], "big")
            lengths.setdefault(guid, int.from_bytes(body[head + 32 : head + 36], "big"))
            extended.setdefault(guid, {}).setdefault(place, (head + 40, until))
        elif marker == 0xEB and body.startswith(b"JP", begin):
            boxes.append((begin, until))
        elif marker == 0xE1 and body.startswith(_WEB, begin):
            # A head that is misspelt; readers take what it stands before all the same.
            segment = scan(body[begin:until], "jpeg APP1")
            packets += (
                replace(each, offset=each.offset + begin)
                for each in islice(segment, MAX_PACKETS + 1)
            )
        at = until
    packets += [_extended(body, lengths[guid], parts) for guid, parts in extended.items()]
    packets += segments(body, boxes)
    return Walk(tuple(packets), end)


def _extended(body: bytes, length: int, parts: dict[int, tuple[int, int]]) -> Packet:
    """One packet over 64 KiB, from the segments that hold it in any order."""
    ordered = sorted(parts.items())
    first = ordered[0][1][0]
    unread = TOO_LONG if length > MAX_OCTETS else ""
    pieces: list[tuple[int, int]] = []
    octets = bytearray()
    for place, (begin, until) in ordered if not unread else ():
        if place != len(octets) or until > len(body) or len(octets) > MAX_OCTETS:
            break
        pieces.append((place, begin))
        octets += body[begin:until]
    if not unread and len(octets) != length:
        unread = "parts of it are missing"
    return Packet("jpeg extended XMP", bytes(octets), first, tuple(pieces), unread=unread)


def png(body: bytes) -> Walk:
    """Text chunks before and behind the pixels (XMP part 3, 1.1.5), and the chunk of C2PA."""
    packets: list[Packet] = []
    at = len(PNG)
    while at + 8 <= len(body) and len(packets) <= MAX_PACKETS:
        length = int.from_bytes(body[at : at + 4], "big")
        kind = body[at + 4 : at + 8]
        begin, until = at + 8, at + 8 + length
        if not kind.isalpha() or length > 0x7FFFFFFF:
            return Walk(tuple(packets), End.LOST)
        if kind == b"IEND":
            return Walk(tuple(packets))
        if kind == b"caBX":
            packets.append(store("png caBX", body, begin, until))
        elif kind in (b"iTXt", b"tEXt", b"zTXt"):
            packet = _png_text(body, kind, begin, until)
            if packet is not None:
                packets.append(packet)
        at = until + 4
    return Walk(tuple(packets), End.CUT)


def _png_text(body: bytes, kind: bytes, begin: int, until: int) -> Packet | None:
    place = f"png {kind.decode('ascii')}"
    nul = body.find(b"\x00", begin, begin + 80)
    if nul < 0:
        return None
    keyword = body[begin:nul]
    text, coded = nul + 1, kind == b"zTXt"
    if coded:
        text += 1
    elif kind == b"iTXt":
        coded = body[nul + 1 : nul + 2] == b"\x01"
        language = body.find(b"\x00", nul + 3, until)
        translated = body.find(b"\x00", language + 1, until)
        if language < 0 or translated < 0:
            # Known to be there, and not to where it begins.
            cut = Packet(place, b"", begin, unread=CUT)
            return cut if keyword == _KEYWORD else None
        text = translated + 1
    xmp = keyword == _KEYWORD
    if keyword in _RAW_PROFILES:
        profile = _raw_profile(place, body, text, until, coded=coded)
        if keyword == _RAW_PROFILES[0]:
            return profile
        # A whole segment of a JPEG, which is Exif as often as XMP.
        if profile.octets and not profile.octets.startswith(_XAP):
            return None
        return replace(profile, octets=profile.octets.removeprefix(_XAP))
    if coded:
        wanted = xmp or b"rsl" in keyword.lower()
        return inflated(place, body, text, until) if wanted else None
    return plain(place, body, text, until) if xmp else of_text(place, body, text, until)


def _raw_profile(place: str, body: bytes, begin: int, until: int, *, coded: bool) -> Packet:
    """A packet in hexadecimal digits, as ImageMagick writes it."""
    found = inflated(place, body, begin, until) if coded else plain(place, body, begin, until)
    head = _HEX.match(found.octets)
    octets, unread = b"", found.unread
    digits = b"".join(found.octets[head.end() if head else 0 :].split())
    try:
        # Where it is cut, a digit may stand alone.
        octets = bytes.fromhex(digits[: len(digits) - (len(digits) % 2 if unread else 0)].decode())
    except ValueError:
        unread = unread or "its hexadecimal digits are broken"
    return Packet(place, octets, begin, coded=True, unread=unread)


def gif(body: bytes) -> Walk:
    """The application extension for XMP, in its own form or in sub-blocks (XMP part 3, 1.1.2).

    And that for C2PA, in sub-blocks.
    """
    packets: list[Packet] = []
    if len(body) < 13:
        return Walk((), End.CUT)
    at = 13 + (3 << ((body[10] & 7) + 1) if body[10] & 0x80 else 0)
    while at < len(body) and len(packets) <= MAX_PACKETS:
        if body[at] == 0x3B:
            return Walk(tuple(packets))
        if body[at] == 0x21:
            begin = at + 2
            xmp = body[at + 1 : at + 2] == b"\xff" and body.startswith(_GIF_XMP, at + 3)
            c2pa = body[at + 1 : at + 2] == b"\xff" and body.startswith(_GIF_C2PA, at + 3)
            if xmp or c2pa:
                begin = at + 14
            at, blocks = _sub_blocks(body, begin)
            if xmp:
                packets.append(_gif_packet(body, begin, at, blocks))
            elif c2pa:
                packets.append(_blocks("gif C2PA", body, begin, at, blocks, store=True))
        elif body[at] == 0x2C and at + 10 <= len(body):
            packed = body[at + 9]
            at += 11 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
            at, _ = _sub_blocks(body, at)
        else:
            return Walk(tuple(packets), End.LOST if body[at] != 0x2C else End.CUT)
    return Walk(tuple(packets), End.CUT)


def _sub_blocks(body: bytes, at: int) -> tuple[int, list[tuple[int, int]]]:
    """Where sub-blocks end, and each of them; past the end of the asset where they are cut."""
    blocks = []
    while at < len(body) and body[at]:
        blocks.append((at + 1, at + 1 + body[at]))
        at += 1 + body[at]
    return at + 1, blocks


def _gif_packet(body: bytes, begin: int, end: int, blocks: list[tuple[int, int]]) -> Packet:
    place = "gif XMP"
    if body.startswith(_MARKUP, begin):
        # Its letters are read as lengths, and a trailer catches whoever leaps over its end.
        trailer = body.find(_GIF_TRAILER, begin)
        return plain(place, body, begin, trailer if trailer >= 0 else len(body) + 1)
    return _blocks(place, body, begin, end, blocks)


def _blocks(
    place: str,
    body: bytes,
    begin: int,
    end: int,
    blocks: list[tuple[int, int]],
    *,
    store: bool = False,
) -> Packet:
    if end - begin > (MAX_STORE if store else MAX_OCTETS):
        unread = STORE_TOO_LONG if store else TOO_LONG
        return Packet(place, b"", begin, unread=unread, store=store)
    octets = bytearray()
    pieces = []
    for first, last in blocks:
        pieces.append((len(octets), first))
        octets += body[first:last]
    unread = CUT if end > len(body) else ""
    return Packet(place, bytes(octets), begin, tuple(pieces), unread=unread, store=store)


def tiff(body: bytes) -> Walk:
    """Tag 700 of each directory; of one that is named twice only once (XMP part 3, 1.1.6).

    And tag 52545, of C2PA.
    """
    order: Literal["little", "big"] = "little" if body.startswith(b"II") else "big"
    big = body[2:4] in (b"+\x00", b"\x00+")
    wide, entry, counts = (8, 20, 8) if big else (4, 12, 2)

    def number(at: int, size: int) -> int:
        return int.from_bytes(body[at : at + size], order)

    packets: list[Packet] = []
    seen: set[int] = set()
    entries = stores = 0
    at = number(8 if big else 4, wide)
    while at and at not in seen and len(packets) <= MAX_PACKETS:
        seen.add(at)
        if at + counts > len(body):
            return Walk(tuple(packets), End.CUT)
        count = number(at, counts)
        first, last = at + counts, at + counts + count * entry
        entries += count
        if entries > _MOST_ENTRIES:
            return Walk(tuple(packets), End.LOST)
        for each in range(first, min(last, len(body) - entry + 1), entry):
            tag = number(each, 2)
            if tag not in (_XMP_TAG, _C2PA_TAG) or len(packets) > MAX_PACKETS:
                continue
            length = number(each + 4, wide)
            value = each + 4 + wide
            begin = number(value, wide) if length > wide else value
            if tag == _XMP_TAG:
                packets.append(plain("tiff tag 700", body, begin, begin + length))
                continue
            stores += 1
            # They may be one and the same, many times over.
            if stores <= MAX_STORES:
                packets.append(store("tiff tag 52545", body, begin, begin + length))
            else:
                packets.append(Packet("tiff tag 52545", b"", begin, unread=_MANY, store=True))
        if last + wide > len(body):
            return Walk(tuple(packets), End.CUT)
        at = number(last, wide)
    return Walk(tuple(packets))
