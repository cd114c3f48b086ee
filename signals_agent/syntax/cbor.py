"""How CBOR is read (RFC 8949): strictly, within caps, and into values that JSON can say."""

import struct
from typing import Any, Final

MAX_DEPTH: Final = 32
"""How deep values may nest; one that nests deeper is not read (rule R39)."""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
_INDEFINITE: Final = 31
_BREAK: Final = 0xFF
_SIMPLE: Final = {20: False, 21: True, 22: None, 23: None}
_FLOATS: Final = {25: ">e", 26: ">f", 27: ">d"}


class NotCbor(ValueError):
    """The octets are no well-formed CBOR, or not within the caps; the text says why."""


def parse(octets: bytes) -> Any:
    """The one value that the octets hold.

    Maps become dicts, whose keys are text (a number's digits stand for it), byte strings
    stay bytes, tags are passed over (RFC 8949 3.4), ``undefined`` is ``None``. A key that is
    repeated, and text that is no UTF-8, are not valid (RFC 8949 5.3.1, 5.6). Raises
    ``NotCbor``, and nothing else; linear in the octets.
    """
    value, end = _value(octets, 0, 0)
    if end != len(octets):
        raise NotCbor("something stands behind the value")
    return value


def _value(octets: bytes, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at ``at``, and where it ends."""
    if depth > MAX_DEPTH:
        raise NotCbor(f"values nest deeper than {MAX_DEPTH}")
    major, info, argument, at = _head(octets, at)
    while major == _TAG:
        # What a tag adds is no matter here, and a chain of them is no nesting.
        major, info, argument, at = _head(octets, at)
    if info == _INDEFINITE and major not in (_BYTES, _TEXT, _ARRAY, _MAP):
        raise NotCbor("an end or a length stands where a value should")
    if major == _UNSIGNED:
        return argument, at
    if major == _NEGATIVE:
        return -1 - argument, at
    if major in (_BYTES, _TEXT):
        return _string(octets, at, major, argument if info != _INDEFINITE else None)
    if major in (_ARRAY, _MAP):
        count = argument if info != _INDEFINITE else None
        return (_array if major == _ARRAY else _map)(octets, at, count, depth + 1)
    if info in _FLOATS:
        size = struct.calcsize(_FLOATS[info])
        return struct.unpack(_FLOATS[info], octets[at - size : at])[0], at
    if info not in _SIMPLE:
        raise NotCbor("a simple value is not known")
    return _SIMPLE[info], at


def _head(octets: bytes, at: int) -> tuple[int, int, int, int]:
    """The major type, its five bits, the argument, and where the head ends (RFC 8949 3)."""
    if at >= len(octets):
        raise NotCbor("it is cut")
    major, info = octets[at] >> 5, octets[at] & 31
    at += 1
    if info < 24 or info == _INDEFINITE:
        return major, info, info, at
    if info > 27:
        raise NotCbor("a length is written in a way that is reserved")
    end = at + (1 << (info - 24))
    if end > len(octets):
        raise NotCbor("it is cut")
    return major, info, int.from_bytes(octets[at:end], "big"), end


def _string(octets: bytes, at: int, major: int, length: int | None) -> tuple[bytes | str, int]:
    """A string in one piece, or where its length is not given in pieces of its own kind."""
    pieces = []
    while length is not None or not _is_end(octets, at):
        size = length
        if size is None:
            kind, info, size, at = _head(octets, at)
            if kind != major or info == _INDEFINITE:
                raise NotCbor("a string has a piece of another kind")
        if at + size > len(octets):
            raise NotCbor("it is cut")
        pieces.append(_text(octets[at : at + size]) if major == _TEXT else octets[at : at + size])
        at += size
        if length is not None:
            return pieces[0], at
    return ("" if major == _TEXT else b"").join(pieces), at + 1  # type: ignore[arg-type]  # the pieces are all of the one kind


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise NotCbor("a text is no UTF-8") from None


def _array(octets: bytes, at: int, count: int | None, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while len(found) != count:
        if count is None and _is_end(octets, at):
            return found, at + 1
        value, at = _value(octets, at, depth)
        found.append(value)
    return found, at


def _map(octets: bytes, at: int, count: int | None, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while len(found) != count:
        if count is None and _is_end(octets, at):
            return found, at + 1
        key, at = _value(octets, at, depth)
        if isinstance(key, bool) or not isinstance(key, str | int):
            raise NotCbor("a key is neither a text nor a number")
        if str(key) in found:
            raise NotCbor("a key is repeated")
        found[str(key)], at = _value(octets, at, depth)
    return found, at


def _is_end(octets: bytes, at: int) -> bool:
    return octets[at : at + 1] == bytes([_BREAK])
