"""Where metadata packets stand in an ID3v2 tag."""

from typing import Final

from signals_agent.locate.embedded_packet import (
    MAX_PACKETS,
    End,
    Packet,
    Walk,
    inflated,
    of_text,
    plain,
)

ID3: Final = b"ID3"

_OWNER: Final = b"XMP\x00"
_UNSYNCHRONISED, _EXTENDED = 0x80, 0x40
_TEXTS: Final = (b"PRIV", b"TXXX", b"COMM", b"USLT", b"GEOB", b"TXX", b"COM", b"GEO")


def tag(body: bytes, at: int = 0) -> Walk:
    """The ``PRIV`` frame of the owner ``XMP``, and frames that hold RSL terms (ID3v2.4.0, 4.27)."""
    head = body[at : at + 10]
    if len(head) < 10 or not head.startswith(ID3):
        return Walk((), End.LOST)
    version, flags = head[3], head[5]
    begin, last = at + 10, at + 10 + _syncsafe(head[6:10])
    if flags & _UNSYNCHRONISED and version < 4:
        # Frames give their lengths as they are without what was put between octets.
        tidy = body[begin:last].replace(b"\xff\x00", b"\xff")
        end = len(tidy) if last <= len(body) else last - begin
        found = _frames(tidy, 0, end, version, flags)
        packets = tuple(
            Packet(each.place, each.octets, begin, coded=True, unread=each.unread)
            for each in found.packets
        )
        return Walk(packets, End.CUT if last > len(body) else found.end)
    return _frames(body, begin, last, version, flags)


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
            break  # padding
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
        found = inflated(place, body, begin, until)
        if name == b"PRIV" and found.octets.startswith(_OWNER):
            octets = found.octets[len(_OWNER) :]
            return Packet(place, octets, begin, coded=True, unread=found.unread)
        return None
    if name == b"PRIV" and body.startswith(_OWNER, begin):
        return plain(place, body, begin + len(_OWNER), until)
    return of_text(place, body, begin, until)


def _syncsafe(octets: bytes) -> int:
    """A number of which each octet holds seven bits."""
    number = 0
    for octet in octets:
        number = number << 7 | octet & 0x7F
    return number
