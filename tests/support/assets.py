"""Images, documents, sounds and films of a few octets, with metadata where each format has it."""

import struct
import zlib
from collections.abc import Sequence

XAP = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"
GUID = b"0123456789ABCDEF0123456789ABCDEF"
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
NAMESPACES = {
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "cc": "http://creativecommons.org/ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "tdm": "http://www.w3.org/ns/tdmrep/",
    "rsl": "https://rslstandard.org/rsl",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
PROHIBITED = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"


def packet(inner: str = "", attributes: str = "", about: str = "", around: str = "") -> bytes:
    """An XMP packet with one description; ``around`` stands behind it."""
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {declared}>'
        f'<rdf:Description rdf:about="{about}" {attributes}>{inner}</rdf:Description>{around}'
        '</rdf:RDF></x:xmpmeta>\n  <?xpacket end="w"?>'
    ).encode()


def mining(value: str = PROHIBITED) -> bytes:
    """A packet that says one thing of data mining."""
    return packet(f"<plus:DataMining>{value}</plus:DataMining>")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*segments: bytes, pixels: bytes = b"\x12\x34") -> bytes:
    """A JPEG that begins as JFIF does, with one scan."""
    frame = segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    jfif = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    return b"\xff\xd8" + jfif + b"".join(segments) + frame + scan + pixels + b"\xff\xd9"


def app1(xmp: bytes) -> bytes:
    return segment(0xE1, XAP + xmp)


def extended(xmp: bytes, size: int = 60_000, total: int | None = None) -> list[bytes]:
    """The segments of extended XMP, in their order."""
    head = GUID + struct.pack(">I", len(xmp) if total is None else total)
    return [
        segment(0xE1, EXTENSION + head + struct.pack(">I", at) + xmp[at : at + size])
        for at in range(0, len(xmp), size)
    ]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def itxt(xmp: bytes, keyword: bytes = b"XML:com.adobe.xmp", *, coded: bool = False) -> bytes:
    text = zlib.compress(xmp) if coded else xmp
    return chunk(b"iTXt", keyword + b"\x00" + bytes([coded]) + b"\x00\x00\x00" + text)


def png(*texts: bytes, behind: Sequence[bytes] = ()) -> bytes:
    """A PNG of one pixel; ``behind`` stands behind the pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    parts = (*texts, data, *behind, chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts)


def gif(xmp: bytes, *, blocks: bool = False) -> bytes:
    """A GIF of one pixel, with XMP in its own form or cut into sub-blocks."""
    if blocks:
        cut = [xmp[at : at + 255] for at in range(0, len(xmp), 255)]
        data = b"".join(bytes([len(each)]) + each for each in cut) + b"\x00"
    else:
        data = xmp + b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    image = b"\x2c" + b"\x00" * 4 + b"\x01\x00\x01\x00\x00" + b"\x02\x02\x44\x01\x00"
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00"
        b"\x21\xff\x0bXMP DataXMP" + data + image + b"\x3b"
    )


def riff(form: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    data = b"".join(
        name + struct.pack("<I", len(each)) + each + b"\x00" * (len(each) % 2)
        for name, each in chunks
    )
    return b"RIFF" + struct.pack("<I", len(data) + 4) + form + data


def webp(xmp: bytes) -> bytes:
    """A WebP of one pixel in the extended form, as the metadata's flag wants it."""
    pixel = bytes.fromhex("2f00000000079010fdef78ffd11f00")  # lossless, one pixel
    extended_head = b"\x04\x00\x00\x00" + b"\x00\x00\x00" + b"\x00\x00\x00"
    return riff(b"WEBP", (b"VP8X", extended_head), (b"VP8L", pixel), (b"XMP ", xmp))


def tiff(xmp: bytes, order: str = "<", *, big: bool = False, following: int = 0) -> bytes:
    """A TIFF of one directory, in either order of octets; ``following`` is the next one's place."""
    mark = b"II" if order == "<" else b"MM"
    pixel = b"\x00"
    entries = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(273, 4, 1, 0), (277, 3, 1, 1), (278, 3, 1, 1), (279, 4, 1, 1)]
    entries.append((700, 1, len(xmp), 0))
    if big:
        head = mark + struct.pack(order + "HHHQ", 43, 8, 0, 16)
        data = 16 + 8 + 20 * len(entries) + 8
        count, wide, following_as = struct.pack(order + "Q", len(entries)), "Q", "Q"
    else:
        head = mark + struct.pack(order + "HI", 42, 8)
        data = 8 + 2 + 12 * len(entries) + 4
        count, wide, following_as = struct.pack(order + "H", len(entries)), "I", "I"
    size = struct.calcsize(order + wide)
    written = b""
    for tag, kind, number, value in entries:
        at = {273: data, 700: data + len(pixel)}.get(tag, value)
        held = struct.pack(order + "H", at).ljust(size, b"\x00") if kind == 3 else b""
        written += struct.pack(order + "HH" + wide, tag, kind, number)
        written += held or struct.pack(order + wide, at)
    return head + count + written + struct.pack(order + following_as, following) + pixel + xmp


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def mp4(*boxes: bytes) -> bytes:
    return box(b"ftyp", b"isom\x00\x00\x02\x00isommp42") + b"".join(boxes)


def uuid_box(xmp: bytes) -> bytes:
    return box(b"uuid", XMP_UUID + xmp)


def heif(xmp: bytes) -> bytes:
    """A file of items whose directory names one of XMP, which stands in ``mdat``."""
    entry = box(b"infe", b"\x02\x00\x00\x00\x00\x01\x00\x00mimexmp\x00application/rdf+xml\x00")
    items = box(b"iinf", b"\x00\x00\x00\x00\x00\x01" + entry)
    return (
        box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
        + box(b"meta", b"\x00\x00\x00\x00" + items)
        + box(b"mdat", b"\x00\x01pixels" + xmp)
    )


def syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: bytes, data: bytes, version: int = 4, flags: int = 0) -> bytes:
    size = syncsafe(len(data)) if version == 4 else struct.pack(">I", len(data))
    return name + size + bytes([0, flags]) + data


def id3(*frames: bytes, version: int = 4, flags: int = 0, padding: int = 64) -> bytes:
    """An ID3v2 tag before a frame of sound."""
    body = b"".join(frames) + b"\x00" * padding
    if flags & 0x80 and version < 4:
        body = body.replace(b"\xff", b"\xff\x00")
    sound = b"\xff\xfb\x90\x00" + b"\x00" * 413
    return b"ID3" + bytes([version, 0, flags]) + syncsafe(len(body)) + body + sound


def stream(xmp: bytes, number: int, *, coded: bool = False, extra: bytes = b"") -> bytes:
    """A metadata stream of a PDF."""
    data = zlib.compress(xmp) if coded else xmp
    told = b" /Filter /FlateDecode" if coded else b""
    head = b"%d 0 obj\n<< /Type /Metadata /Subtype /XML%s%s" % (number, told, extra)
    return head + b" /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(data), data)


def pdf(*objects: bytes, metadata: int | None = 3) -> bytes:
    """A PDF of one page; ``metadata`` is the number of the stream that its catalog names."""
    named = b" /Metadata %d 0 R" % metadata if metadata else b""
    written = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places: dict[int, int] = {}
    all_objects = (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R%s >>\nendobj\n" % named,
        b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [9 0 R] >>\nendobj\n",
        b"9 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        *objects,
    )
    for each in all_objects:
        places[int(each.split(b" ", 1)[0])] = len(written)
        written += each
    start = len(written)
    table = b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted(places):
        table += b"%d 1\n%010d 00000 n \n" % (number, places[number])
    size = max(places) + 1
    return (
        written
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            start,
        )
    )


def svg(metadata: str, declared: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" {declared} width="1" height="1">'
        f'<metadata>{metadata}</metadata><rect width="1" height="1"/></svg>'
    ).encode()
