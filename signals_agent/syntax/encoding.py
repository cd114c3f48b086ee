"""How the octets of an HTML document become text, as far as markup is concerned."""

import re
from dataclasses import dataclass

# Encodings in which an ASCII octet may be part of another character. In all others that
# browsers know, markup can be found in the raw octets (WHATWG Encoding, section 4).
_SHIFTING = {
    label: codec
    for codec, labels in {
        "utf-16-le": "utf-16 utf-16le unicode ucs-2 csunicode iso-10646-ucs-2 unicodefeff",
        "utf-16-be": "utf-16be unicodefffe",
        "utf-32-le": "utf-32 utf-32le",
        "utf-32-be": "utf-32be",
        "iso2022_jp_ext": "iso-2022-jp csiso2022jp",
        "iso2022_kr": "iso-2022-kr csiso2022kr",
        "hz": "hz-gb-2312 hz",
        "utf-7": "utf-7 unicode-1-1-utf-7 csunicode11utf7",
    }.items()
    for label in labels.split()
}
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_XML_STARTS = ((b"<\x00?\x00x\x00", "utf-16-le"), (b"\x00<\x00?\x00x", "utf-16-be"))
_OTHERS = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "windows-874": "cp874",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "macintosh": "mac_roman",
}
_NUMBERED = re.compile(r"windows-(125\d)|iso-8859-(\d{1,2})")
_CHARSET = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*[\"']?[\t\n\f\r ]*([^\t\n\f\r \"'>;,/]+)", re.I
)
_PRESCAN = 1024
_UTF_8 = ("utf-8", "utf8", "unicode-1-1-utf-8")
_PLAINLY_UTF_8 = (b"charset=utf-8", b"charset=UTF-8")


@dataclass(frozen=True, slots=True)
class Markup:
    """Octets in which markup is ASCII.

    An offset in ``octets`` plus ``shift`` is an offset in the body; where the body was
    ``transcoded`` there is no such relation, and offsets are those of the UTF-8 octets.
    """

    octets: bytes
    shift: int = 0
    transcoded: bool = False


def markup(body: bytes, content_type: bytes) -> Markup:
    """The body as octets in which markup can be found: as they are, or as UTF-8.

    As in browsers a byte order mark goes before the header's charset, and that before
    what the first 1,024 octets say. A label of UTF-16 or UTF-32 on octets without a NUL
    is not believed: read so, nothing of the page would be left.
    """
    if content_type.endswith(_PLAINLY_UTF_8) and body[:1] == b"<":
        return Markup(body)
    codec, shift = _shifting(body, content_type)
    if codec is None:
        return Markup(body[shift:] if shift else body, shift)
    text = body[shift:].decode(codec, "replace")
    return Markup(text.encode("utf-8", "replace"), 0, transcoded=True)


def _shifting(body: bytes, content_type: bytes) -> tuple[str | None, int]:
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return (None if codec == "utf-8" else codec), len(bom)
    found = _SHIFTING.get(_label(_CHARSET.search(content_type)))
    if found is None:
        label = _label(_CHARSET.search(body, 0, _PRESCAN))
        # Octets that could be prescanned are not UTF-16 or UTF-32 (WHATWG HTML 13.2.3.2).
        found = None if label.startswith(("utf-16", "utf-32")) else _SHIFTING.get(label)
    if found is not None and found.startswith(("utf-16", "utf-32")):
        found = found if b"\x00" in body[:_PRESCAN] else None
    if found is None:
        # "<?x" is the one beginning by which UTF-16 is known without a label.
        found = next((c for start, c in _XML_STARTS if body.startswith(start)), None)
    return found, 0


def decode(octets: bytes, content_type: bytes) -> str:
    """Octets from ``markup`` as text: by the header, the prescan, UTF-8, or windows-1252."""
    for labelled in (_CHARSET.search(content_type), _CHARSET.search(octets, 0, _PRESCAN)):
        label = _label(labelled)
        if label in _UTF_8:
            # The page does not overrule the header; below it is seen whether it is true.
            break
        codec = _codec(label)
        if codec is not None:
            return octets.decode(codec, "replace")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        # A cut in the middle of a character is no sign of another encoding.
        codec = "utf-8" if error.start > len(octets) - 4 else "cp1252"
        return octets.decode(codec, "replace")


def _label(found: re.Match[bytes] | None) -> str:
    return found[1].decode("latin-1").strip().lower() if found else ""


def _codec(label: str) -> str | None:
    if label in _OTHERS:
        return _OTHERS[label]
    numbered = _NUMBERED.fullmatch(label)
    if numbered is None:
        return None
    windows, iso = numbered.groups()
    if windows is not None:
        return f"cp{windows}" if windows <= "1258" else None
    return f"iso8859_{iso}" if 2 <= int(iso) <= 16 and iso != "12" else None
