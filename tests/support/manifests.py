"""C2PA manifest stores of a few hundred octets, and the places where each format has them."""

import struct
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import assets

KIND = bytes.fromhex("00110010800000aa00389b71")
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
REFUSED = {"entries": {"cawg.ai_generative_training": {"use": "notAllowed"}}}
ALLOWED = {"entries": {"cawg.ai_generative_training": {"use": "allowed"}}}


def cbor(value: Any) -> bytes:
    """A value in CBOR, each length in the shortest form (RFC 8949 4.2.1)."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = (cbor(key) + cbor(each) for key, each in value.items())
    return head(5, len(value)) + b"".join(pairs)


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    info = next(each for each in range(4) if number < 1 << (8 << each))
    return bytes([major << 5 | 24 + info]) + number.to_bytes(1 << info, "big")


def superbox(kind: bytes, label: str, *content: bytes) -> bytes:
    """A JUMBF box; ``kind`` is the four letters of its type."""
    described = assets.box(b"jumd", kind + KIND + b"\x03" + label.encode() + b"\x00")
    return assets.box(b"jumb", described + b"".join(content))


def assertion(value: Any, label: str = "cawg.training-mining") -> bytes:
    """An assertion in CBOR; octets stand for themselves."""
    octets = value if isinstance(value, bytes) else cbor(value)
    return superbox(b"cbor", label, assets.box(b"cbor", octets))


def manifest(*assertions: bytes, label: str = "urn:c2pa:1", kind: bytes = b"c2ma") -> bytes:
    claim = superbox(b"c2cl", "c2pa.claim.v2", assets.box(b"cbor", cbor({"alg": "sha256"})))
    signature = superbox(b"c2cs", "c2pa.signature", assets.box(b"cbor", cbor([b"none"])))
    held = superbox(b"c2as", "c2pa.assertions", *assertions)
    return superbox(kind, label, held, claim, signature)


def store(*manifests: bytes) -> bytes:
    return superbox(b"c2pa", "c2pa", *manifests)


def saying(value: Any = REFUSED, *, before: Sequence[bytes] = ()) -> bytes:
    """A store whose active manifest says one thing of training; others stand before that."""
    return store(*before, manifest(assertion(value), label="urn:c2pa:active"))


def app11(octets: bytes, size: int = 60_000, number: int = 1) -> list[bytes]:
    """The segments of one box in a JPEG, each with the head of the box."""
    start, rest = octets[:8], octets[8:]
    pieces = [rest[at : at + size] for at in range(0, len(rest), size)]
    return [
        assets.segment(0xEB, b"JP" + struct.pack(">HI", number, count + 1) + start + piece)
        for count, piece in enumerate(pieces)
    ]


def cabx(octets: bytes) -> bytes:
    return assets.chunk(b"caBX", octets)


def uuid_box(octets: bytes, purpose: bytes = b"manifest") -> bytes:
    held = b"\x00" * 4 + purpose + b"\x00" + b"\x00" * 8 + octets
    return assets.box(b"uuid", C2PA_UUID + held)


def tiff(octets: bytes, order: str = "<", times: int = 1) -> bytes:
    """A TIFF of one directory that has nothing but the tag of C2PA."""
    mark = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    at = 8 + 2 + 12 * times + 4
    entry = struct.pack(order + "HHII", 0xCD41, 7, len(octets), at)
    return mark + struct.pack(order + "H", times) + entry * times + b"\x00" * 4 + octets


def geob(octets: bytes) -> bytes:
    return b"\x00application/c2pa\x00c2pa\x00c2pa manifest store\x00" + octets


def gif(octets: bytes) -> bytes:
    blocks = b"".join(
        bytes([len(octets[at : at + 255])]) + octets[at : at + 255]
        for at in range(0, len(octets), 255)
    )
    return b"GIF89a\x01\x00\x01\x00\x00\x00\x00\x21\xff\x0bC2PA_GIF\x01\x00\x00" + blocks + b"\x00;"


def svg(octets: bytes) -> bytes:
    code = b64encode(octets).decode()
    return assets.svg(
        f'<c2pa:manifest xmlns:c2pa="http://c2pa.org/manifest">{code}</c2pa:manifest>'
    )


def attached(octets: bytes, number: int = 5) -> bytes:
    """The object of a file that is attached to a PDF."""
    said = b"%d 0 obj\n<< /Type /EmbeddedFile /Length %d >>\nstream\n" % (number, len(octets))
    return said + octets + b"\nendstream\nendobj\n"
