"""Where a C2PA manifest store stands in an asset, and its assertions on training and mining."""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from signals_agent.locate.embedded_packet import CUT, MAX_STORE, STORE_TOO_LONG, Packet, store
from signals_agent.model.licence import LicenceScope
from signals_agent.syntax import cbor

MAX_ASSERTION: Final = 64 * 1024
"""Octets of one assertion that are read (rule R39)."""

MAX_ASSERTIONS: Final = 64
"""Assertions of one store that are read; beyond, the store counts as not read (rule R39)."""

_MOST_BOXES: Final = 64 * 1024
_PEEK: Final = 1024
_KIND: Final = bytes.fromhex("00110010800000aa00389b71")
_STORE: Final = b"c2pa" + _KIND
_COMPRESSED: Final = b"c2cm" + _KIND
_ASSERTIONS: Final = b"c2as" + _KIND
_NEEDLE: Final = b"jumd" + _STORE
_LABEL: Final = re.compile(r"(?:cawg|c2pa)\.training-mining(?:\.v[0-9]+)?(?:__[0-9]+)?")
_LABELLED: Final = 0x02
# The head of the store's box, and the length of its description.
_HEAD: Final = 12
# What each segment of a JPEG repeats of it.
_REPEATED: Final = 8
_MISSING: Final = "parts of it are missing"


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion: its value as JSON, and the octets of the box that holds it.

    ``index`` is that of the first octet in the store. ``own`` says that it is the active
    manifest's, else it is an ingredient's. ``unread`` says why there is no value.
    """

    label: str
    manifest: str
    octets: bytes
    index: int
    own: bool
    value: bytes = b""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Store:
    """The assertions of a store, and why it was not read to its end, where it was not."""

    assertions: tuple[Assertion, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    """A superbox: the type and label of its description, and where its content stands."""

    kind: bytes
    label: str
    begin: int
    end: int


@dataclass(slots=True)
class _Walk:
    """The octets of a store, how many boxes were passed, and what went wrong first."""

    octets: bytes
    count: int = 0
    problems: list[str] = field(default_factory=list)

    def boxes(self, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """The name, the beginning and the end of each box (ISO 19566-5, A.3)."""
        while at + 8 <= end:
            length = int.from_bytes(self.octets[at : at + 4], "big")
            name = self.octets[at + 4 : at + 8]
            begin = at + 8
            if length == 1:
                length = int.from_bytes(self.octets[at + 8 : at + 16], "big")
                begin = at + 16
            until = at + length if length else end
            self.count += 1
            if until < begin or self.count > _MOST_BOXES:
                few = self.count <= _MOST_BOXES
                self.problems.append("a box of it has no length" if few else "it has many boxes")
                return
            if until > end:
                self.problems.append(CUT)
            yield name, begin, min(until, end)
            at = until
        if any(self.octets[at:end]):
            self.problems.append(CUT)

    def superboxes(self, at: int, end: int) -> Iterator[_Box]:
        for name, begin, until in self.boxes(at, end):
            if name == b"jumb":
                yield self.described(begin, until)

    def described(self, begin: int, end: int) -> _Box:
        """A superbox by the description that it begins with (ISO 19566-5, A.2)."""
        for name, at, until in self.boxes(begin, end):
            if name != b"jumd" or until - at < 17:
                break
            nul = self.octets.find(b"\x00", at + 17, until)
            labelled = self.octets[at + 16] & _LABELLED and nul >= 0
            label = self.octets[at + 17 : nul] if labelled else b""
            return _Box(self.octets[at : at + 16], label.decode("utf-8", "replace"), until, end)
        self.problems.append("a box of it does not say what it is")
        return _Box(b"", "", end, end)


def read(octets: bytes) -> Store:
    """The assertions on training and data mining of every manifest of a store.

    The active manifest is the last one (C2PA 2.2, 11.1.4.2). Of a store that was not read
    to its end it is not known which that is, and none counts as the asset's own. Never
    raises; linear in the octets; nothing is copied but assertions.
    """
    walk = _Walk(octets)
    manifests: list[_Box] = []
    for each in walk.superboxes(0, len(octets)):
        if each.kind == _STORE:
            manifests = list(walk.superboxes(each.begin, each.end))
            break
    else:
        walk.problems.append("it is no manifest store")
    found: list[Assertion] = []
    for manifest in manifests:
        if manifest.kind == _COMPRESSED:
            walk.problems.append("a manifest of it is compressed by Brotli, which is not read")
        for part in walk.superboxes(manifest.begin, manifest.end):
            if part.kind != _ASSERTIONS:
                continue
            for box in walk.superboxes(part.begin, part.end):
                if _LABEL.fullmatch(box.label) is None:
                    continue
                if len(found) == MAX_ASSERTIONS:
                    walk.problems.append(f"it has more than {MAX_ASSERTIONS} assertions of a kind")
                    break
                found.append(_assertion(walk, box, manifest, own=manifest is manifests[-1]))
    if walk.problems:
        found = [_disowned(each) for each in found]
    return Store(tuple(found), walk.problems[0] if walk.problems else "")


def _assertion(walk: _Walk, box: _Box, manifest: _Box, *, own: bool) -> Assertion:
    for name, begin, until in walk.boxes(box.begin, box.end):
        if name not in (b"cbor", b"json"):
            continue
        label = manifest.label
        if until - begin > MAX_ASSERTION:
            unread = f"it is longer than the {MAX_ASSERTION} octets of one assertion that are read"
            return Assertion(box.label, label, b"", begin, own, unread=unread)
        octets = walk.octets[begin:until]
        value, unread = (octets, "") if name == b"json" else _as_json(octets)
        return Assertion(box.label, label, octets, begin, own, value, unread)
    unread = "its content is in a form that is not read"
    return Assertion(box.label, manifest.label, b"", box.begin, own, unread=unread)


def _disowned(one: Assertion) -> Assertion:
    return Assertion(one.label, one.manifest, one.octets, one.index, False, one.value, one.unread)


def _as_json(octets: bytes) -> tuple[bytes, str]:
    """CBOR as JSON, names in order, byte strings in base64; or why there is none."""
    try:
        written = json.dumps(
            cbor.parse(octets),
            default=lambda value: base64.b64encode(value).decode(),
            allow_nan=False,
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
    except cbor.NotCbor as error:
        return b"", f"it is no CBOR: {error}"
    except ValueError:
        return b"", "it holds a number that is none"
    return written.encode(), ""


def begins(body: bytes, at: int, until: int) -> int:
    """Where a store begins near the beginning of what may hold one, else -1."""
    found = body.find(_NEEDLE, at, min(until, at + _PEEK)) - _HEAD
    return found if found >= at and body[found + 4 : found + 8] == b"jumb" else -1


def scan(body: bytes, place: str, whose: LicenceScope = LicenceScope.PAGE) -> Iterator[Packet]:
    """Stores found by how they begin, wherever they stand; linear."""
    at = 0
    while (found := body.find(_NEEDLE, at)) >= 0:
        begin, at = found - _HEAD, found + len(_NEEDLE)
        if begin >= 0 and body[begin + 4 : begin + 8] == b"jumb":
            length = int.from_bytes(body[begin : begin + 4], "big")
            yield store(place, body, begin, begin + length if length else len(body), whose)
            at = max(at, begin + length)


def segments(body: bytes, spans: Sequence[tuple[int, int]]) -> list[Packet]:
    """The stores in the APP11 segments of a JPEG, put together (ISO 19566-5, D.2).

    A span is what one segment holds. Its box is told by its number, the segments of a box
    by theirs; each repeats the head of the box.
    """
    boxes: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}
    turns: dict[int, int] = {}
    for begin, until in spans:
        number = int.from_bytes(body[begin + 2 : begin + 4], "big")
        place = int.from_bytes(body[begin + 4 : begin + 8], "big")
        turn = turns.setdefault(number, 0)
        if place in boxes.get((number, turn), ()):
            turns[number] = turn = turn + 1  # a number that is used twice
        boxes.setdefault((number, turn), {})[place] = (begin + 8, until)
    stores = []
    for parts in boxes.values():
        packet = _together(body, parts)
        # Other boxes stand in such segments too (panoramas, privacy, links).
        if packet is not None:
            stores.append(packet)
    return stores


def _together(body: bytes, parts: dict[int, tuple[int, int]]) -> Packet | None:
    place = "jpeg APP11"
    ordered = sorted(parts.items())
    number, (first, until) = ordered[0]
    if number != 1:
        # Without its first segment nobody knows what a box is: it may be a store.
        return Packet(place, b"", first, unread=_MISSING, store=True)
    if begins(body, first, until) != first:
        return None
    pieces: list[tuple[int, int]] = []
    octets = bytearray()
    unread = ""
    for count, (number, (begin, until)) in enumerate(ordered):
        if number != count + 1:
            unread = _MISSING
            break
        begin += _REPEATED if count else 0
        pieces.append((len(octets), begin))
        octets += body[begin:until]
        if len(octets) > MAX_STORE:
            return Packet(place, b"", first, unread=STORE_TOO_LONG, store=True)
        if until > len(body):
            unread = CUT
    return Packet(place, bytes(octets), first, tuple(pieces), unread=unread, store=True)
