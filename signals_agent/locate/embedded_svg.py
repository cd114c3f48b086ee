"""Where metadata packets stand in an SVG drawing."""

import re
from base64 import b64decode
from collections.abc import Iterator
from itertools import islice
from typing import Final

from signals_agent.locate.embedded_packet import (
    CUT,
    MAX_PACKETS,
    MAX_STORE,
    MAX_STORES,
    STORE_TOO_LONG,
    End,
    Packet,
    Walk,
    plain,
)

_ROOT: Final = re.compile(rb"<(?:[\w.-]{1,100}:)?svg(?=[\s>])")
_REST: Final = re.compile(rb"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
_MOST_ROOTS: Final = 16
_TAIL: Final = 1024
_MANIFEST: Final = re.compile(rb"<(?:[\w.-]{1,100}:)?manifest(?=[\s>])[^<>]*+(?<!/)>")
_METADATA: Final = re.compile(rb"<((?:[\w.-]{1,100}:)?metadata)(?=[\s>])")


def svg(body: bytes) -> Walk:
    """Each ``metadata`` element within the root's tag, so that the root's namespaces hold."""
    root = _root(body)
    if root is None:
        return Walk((), End.LOST)
    packets: list[Packet] = []
    at = root[1]
    while (found := _METADATA.search(body, at)) and len(packets) <= MAX_PACKETS:
        begin = found.start()
        if body.rfind(b"<!--", at, begin) > body.rfind(b"-->", at, begin):
            at = body.find(b"-->", begin) % (len(body) + 1)
            continue
        closing = b"</" + found[1]
        end = body.find(closing, begin)
        until = body.find(b">", end) + 1 if end >= 0 else 0
        whole = plain("svg metadata", body, begin, until or len(body) + 1)
        packets.append(_in_root(whole, body[root[0] : root[1]], root[0]))
        packets += _manifests(body, begin, until or len(body))
        at = until or len(body)
    passed = at > root[1] or b"RDF" not in body
    if passed and b"svg>" not in body[-_TAIL:]:
        return Walk(tuple(packets), End.CUT)
    return Walk(tuple(packets), End.WHOLE if passed else End.LOST)


def _manifests(body: bytes, begin: int, end: int) -> Iterator[Packet]:
    """C2PA stores within a ``metadata`` element, in base64 (C2PA 2.2, A.3.5)."""
    for found in islice(_MANIFEST.finditer(body, begin, end), MAX_STORES + 1):
        first, last = found.end(), body.find(b"<", found.end(), end)
        code = body[first : last if last >= 0 else end]
        octets, unread = b"", CUT if last < 0 else ""
        if len(code) > 2 * MAX_STORE:
            unread = STORE_TOO_LONG
        else:
            code = b"".join(code.split())
            try:
                octets = b64decode(code[: len(code) - len(code) % 4], validate=True)
            except ValueError:
                unread = unread or "its base64 is broken"
        yield Packet("svg c2pa:manifest", octets, first, coded=True, unread=unread, store=True)


def _root(body: bytes) -> tuple[int, int] | None:
    """Where the root's tag begins and ends; what looks so in a comment may never close."""
    for begin in islice(_ROOT.finditer(body), _MOST_ROOTS):
        rest = _REST.match(body, begin.end())
        if rest is not None:
            return begin.start(), rest.end()
    return None


def _in_root(packet: Packet, tag: bytes, start: int) -> Packet:
    name = re.match(rb"<[^\s>]++", tag)
    close = b"</" + (name[0][1:] if name else b"svg") + b">"
    octets = tag + packet.octets + close
    pieces = ((0, start), (len(tag), packet.offset))
    unread = packet.unread
    return Packet(packet.place, octets, packet.offset, pieces, unread=unread)
