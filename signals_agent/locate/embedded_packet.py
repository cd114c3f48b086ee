"""A metadata packet in an asset: its octets, and where in the asset they stand."""

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from signals_agent.model.licence import LicenceScope

MAX_OCTETS: Final = 1024 * 1024
"""Octets of all packets of one asset that are read; a longer one is not (rule R39)."""

MAX_PACKETS: Final = 64
"""Packets of one asset that are read; beyond, one counts as not read (rule R39)."""

MAX_STORE: Final = 16 * 1024 * 1024
"""Octets of one C2PA manifest store that are walked through: they hold pictures (rule R39)."""

MAX_STORES: Final = 4
"""Manifest stores of one asset that are read; an asset has one (rule R39)."""

TOO_LONG: Final = f"it is longer than the {MAX_OCTETS} octets that are read"
STORE_TOO_LONG: Final = f"it is longer than the {MAX_STORE} octets that are walked through"
CUT: Final = "it is cut"

_MOST_BLOWN_UP: Final = 100
_SURELY_HARMLESS: Final = 64 * 1024
_BEGINS: Final = ("<?xpacket begin", "<x:xmpmeta", "<x:xapmeta", "<rdf:RDF")
_ENDS: Final = ("<?xpacket end", "</x:xmpmeta>", "</x:xapmeta>", "</rdf:RDF>")
_CODECS: Final = ("utf-8", "utf-16-le")
_RSL: Final = "rslstandard.org/rsl"


class End(StrEnum):
    """How walking through an asset ended.

    ``whole``: every place that may hold a packet was passed; ``cut``: the octets end before;
    ``lost``: they are not as the format has it.
    """

    WHOLE = "whole"
    CUT = "cut"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. ``place`` says in the format's own words where it stands.

    ``offset`` is that of its first octet in the asset. ``pieces`` pair an index into
    ``octets`` with an offset in the asset where they do not stand there in one piece; what
    is ``coded`` (compressed) has one offset, that of the code. ``whose`` is the asset's own
    (``page``), a part's, or it is not clear. ``unread`` says why it was not read, or not
    to its end (rule R39). What is a ``store`` holds C2PA manifests, and no XMP.
    """

    place: str
    octets: bytes
    offset: int
    pieces: tuple[tuple[int, int], ...] = ()
    coded: bool = False
    whose: LicenceScope = LicenceScope.PAGE
    unread: str = ""
    store: bool = False

    def at(self, index: int) -> int:
        """Where in the asset an octet of the packet stands."""
        if self.coded:
            return self.offset
        if not self.pieces:
            return self.offset + index
        begin, offset = self.pieces[max(bisect_right(self.pieces, (index, 1 << 62)) - 1, 0)]
        return offset + index - begin


@dataclass(frozen=True, slots=True)
class Walk:
    """The packets that walking through an asset met, and how it ended."""

    packets: tuple[Packet, ...] = ()
    end: End = End.WHOLE


def plain(
    place: str,
    body: bytes,
    begin: int,
    end: int,
    whose: LicenceScope = LicenceScope.PAGE,
) -> Packet:
    """A packet that stands in the asset as it is, from ``begin`` to ``end``; either may lie behind.

    What is known to be there and did not come is a packet that was cut.
    """
    if end - begin > MAX_OCTETS:
        return Packet(place, b"", begin, whose=whose, unread=TOO_LONG)
    unread = CUT if end > len(body) else ""
    return Packet(place, body[begin:end], begin, whose=whose, unread=unread)


def store(
    place: str,
    body: bytes,
    begin: int,
    end: int,
    whose: LicenceScope = LicenceScope.PAGE,
) -> Packet:
    """A C2PA manifest store that stands in the asset as it is; its end may lie behind."""
    if end - begin > MAX_STORE:
        return Packet(place, b"", begin, whose=whose, unread=STORE_TOO_LONG, store=True)
    unread = CUT if end > len(body) else ""
    return Packet(place, body[begin:end], begin, whose=whose, unread=unread, store=True)


def inflated(
    place: str,
    body: bytes,
    begin: int,
    end: int,
    whose: LicenceScope = LicenceScope.PAGE,
) -> Packet:
    """A packet that stands in the asset compressed by zlib, inflated as far as the caps allow."""
    unread = ""
    octets = b""
    code = body[begin : min(end, begin + MAX_OCTETS)]
    machine = zlib.decompressobj()
    try:
        octets = machine.decompress(code, MAX_OCTETS + 1)
    except zlib.error:
        unread = "it cannot be inflated"
    else:
        if len(octets) > MAX_OCTETS:
            octets, unread = b"", TOO_LONG
        elif len(octets) > max(_SURELY_HARMLESS, _MOST_BLOWN_UP * len(code)):
            octets, unread = b"", f"it grows more than {_MOST_BLOWN_UP} times when it is inflated"
        elif not machine.eof:
            unread = CUT
    return Packet(place, octets, begin, coded=True, whose=whose, unread=unread)


def scan(body: bytes, place: str, whose: LicenceScope = LicenceScope.PAGE) -> Iterator[Packet]:
    """Packets found by how they begin, wherever they stand, in UTF-8 or UTF-16; linear.

    For an asset whose format is not known, or not kept to: in one that is walked through,
    what looks like a packet may be a picture of one.
    """
    needles = [(b.encode(codec), e.encode(codec), codec) for codec in _CODECS for b, e in _PAIRS]
    found = [body.find(begin) for begin, _, _ in needles]
    while True:
        begin = min((at for at in found if at >= 0), default=-1)
        if begin < 0:
            return
        _, closing, codec = needles[found.index(begin)]
        end = body.find(closing, begin)
        until = end + len(closing)
        if end >= 0 and closing == _ENDS[0].encode(codec):
            bracket = body.find(">".encode(codec), until)
            until = len(body) if bracket < 0 else bracket + len(">".encode(codec))
        if end < 0:
            until = len(body) + 1
        first = begin
        if codec == "utf-16-le" and begin and _is_big_endian(body, begin):
            first, until = begin - 1, until - 1
        yield plain(place, body, first, until, whose)
        found = [
            at if at < 0 or at >= until else body.find(needle, until)
            for at, (needle, _, _) in zip(found, needles, strict=True)
        ]


_PAIRS: Final = tuple(zip(_BEGINS, _ENDS, strict=True))


def _is_big_endian(body: bytes, begin: int) -> bool:
    """Whether what was found as little-endian is big-endian: ASCII looks the same in both."""
    mark = body[begin : begin + 60]
    return body[begin - 1] == 0 and 0 <= mark.find(b"\xfe\xff") < (
        mark.find(b"\xff\xfe") % (len(mark) + 1)
    )


def of_text(place: str, body: bytes, begin: int, end: int) -> Packet | None:
    """The markup within a text where it holds RSL terms, else nothing.

    Such a text stands outside of XMP: in a PNG's ``iTXt`` or an ID3 frame.
    """
    octets = body[begin:end]
    for codec in _CODECS:
        if _RSL.encode(codec) in octets:
            opening, closing = "<".encode(codec), ">".encode(codec)
            first, last = octets.find(opening), octets.rfind(closing)
            if 0 <= first < last:
                packet = plain(place, body, begin + first, begin + last + len(closing))
                return replace(packet, unread=CUT) if end > len(body) else packet
    return None
