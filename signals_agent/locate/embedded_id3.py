"""Where metadata packets stand in an ID3v2 tag."""

import zlib
from dataclasses import replace
from typing import Final

from signals_agent.locate.embedded_packet import (
    CUT,
    MAX_PACKETS,
    End,
    Packet,
    Walk,
    inflated,
    of_text,
    plain,
    store,
)
from signals_agent.locate.jumbf import begins

ID3: Final = b"ID3"

_OWNER: Final = b"XMP\x00"
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
_MOST_TAGS: Final = 16
_PEEK: Final = 1024
_OBJECTS: Final = (b"GEOB", b"GEO")
_TIDIED: Final = 0x02
_TEXTS: Final = (b"PRIV", b"TXXX", b"COMM", b"USLT", b"GEOB", b"TXX", b"COM", b"GEO")


def tag(body: bytes, at: int = 0, until: int | None = None) -> Walk:
    """The ``PRIV`` frame of the owner ``XMP``, and frames that hold RSL terms or a C2PA store.

    ID3v2.4.0, 4.27 and 4.15.

    A tag may follow another, which some players read in its place. ``until`` is where the
    chunk ends that a tag stands in, which then is no longer.
    """
    packets: list[Packet] = []
    end, count = End.LOST, 0
    while body.startswith(ID3, at) and len(packets) <= MAX_PACKETS and count < _MOST_TAGS:
        found, at = _tag(body, at, until)
        packets += found.packets
        end = found.end
        count += 1
        if end is not End.WHOLE or until is not None:
            break
    return Walk(tuple(packets), End.LOST if count >= _MOST_TAGS else end)


def _tag(body: bytes, at: int, until: int | None) -> tuple[Walk, int]:
    """One tag, and where it ends."""
    head = body[at : at + 10]
    if len(head) < 10:
        return Walk((), End.LOST), at
    version, flags = head[3], head[5]
    begin, last = at + 10, at + 10 + _syncsafe(head[6:10])
    footer = 10 if version >= 4 and flags & _FOOTER else 0
    if until is not None:
        last = min(last, until)
    if flags & _UNSYNCHRONISED and version < 4:
        # Frames give their lengths as they are without what was put between octets.
        tidy = body[begin:last].replace(b"\xff\x00", b"\xff")
        end = len(tidy) if last <= len(body) else last - begin
        found = _frames(tidy, 0, end, version, flags)
        packets = tuple(replace(each, offset=begin, coded=True) for each in found.packets)
        return Walk(packets, End.CUT if last > len(body) else found.end), last
    return _frames(body, begin, last, version, flags), last + footer


def _frames(body: bytes, at: int, last: int, version: int, flags: int) -> Walk:
    packets: list[Packet] = []
    name_length, head = (3, 6) if version < 3 else (4, 10)
    if flags & _EXTENDED and version >= 3:
        size = body[at : at + 4]
        at += _syncsafe(size) if version >= 4 else 4 + int.from_bytes(size, "big")
    while at + head <= last and len(packets) <= MAX_PACKETS:
        if at + head > len(body):
            return Walk(tuple(packets), End.CUT)
        name = body[at : at + name_length]
        if not name.strip(b"\x00"):
            if body[at : min(last, len(body))].strip(b"\x00"):
                # No padding: a length was not written as its version has it, as iTunes did.
                return Walk(tuple(packets), End.LOST)
            break
        size = body[at + name_length : at + 2 * name_length]
        length = _syncsafe(size) if version >= 4 else int.from_bytes(size, "big")
        begin, until = at + head, at + head + length
        if not name.isalnum() or until > last:
            return Walk(tuple(packets), End.LOST)
        if name in _TEXTS:
            packet = _packet(body, name, begin, until, version, body[at + 9])
            if packet is not None:
                packets.append(packet)
        at = until
    return Walk(tuple(packets), End.CUT if last > len(body) else End.WHOLE)


def _packet(
    body: bytes, name: bytes, begin: int, until: int, version: int, flags: int
) -> Packet | None:
    place = f"id3 {name.decode('ascii')}"
    compressed = flags & {3: 0x80, 4: 0x08}.get(version, 0)
    if version == 3:
        begin += (4 if flags & 0x80 else 0) + (1 if flags & 0x20 else 0)
    elif version >= 4:
        begin += (1 if flags & 0x40 else 0) + (4 if flags & 0x01 else 0)
    if compressed:
        if name != b"PRIV" or not _is_owned(body[begin : min(until, begin + _PEEK)]):
            return None
        found = inflated(place, body, begin, until)
        octets = found.octets[len(_OWNER) :]
        return Packet(place, octets, begin, coded=True, unread=found.unread)
    if name in _OBJECTS and (first := begins(body, begin, until)) >= 0:
        if version >= 4 and flags & _TIDIED:
            tidy = body[first:until].replace(b"\xff\x00", b"\xff")
            coded = replace(store(place, tidy, 0, len(tidy)), offset=first, coded=True)
            return replace(coded, unread=CUT) if until > len(body) else coded
        return store(place, body, first, until)
    if name == b"PRIV" and body.startswith(_OWNER, begin):
        return plain(place, body, begin + len(_OWNER), until)
    return of_text(place, body, begin, until)


def _is_owned(code: bytes) -> bool:
    """Whether what is compressed begins with XMP's owner; no more of it is inflated."""
    try:
        return zlib.decompressobj().decompress(code, len(_OWNER)) == _OWNER
    except zlib.error:
        return False


def _syncsafe(octets: bytes) -> int:
    """A number of which each octet holds seven bits."""
    number = 0
    for octet in octets:
        number = number << 7 | octet & 0x7F
    return number
