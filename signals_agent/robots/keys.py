"""The keys of robots.txt lines, and the ways of writing them that readers forgive."""

import re
from typing import Final

_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "user-agent": ("user-agent", "useragent", "user agent"),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "allow": ("allow",),
    "crawl-delay": ("crawl-delay", "crawl delay"),
    "sitemap": ("sitemap", "sitemaps", "site-map"),
    "request-rate": ("request-rate", "request rate"),
    "visit-time": ("visit-time", "visit time"),
    "host": ("host",),
}
"""What Protego 0.7 reads, with the slips that it forgives, also where the colon is missing."""

_DECLARATIONS: Final = ("content-usage", "content-signal", "license")
"""Records with which publishers declare; these need their colon, as their texts demand."""

_CANONICAL: Final[dict[str, str]] = {
    spelling: key for key, spellings in _SPELLINGS.items() for spelling in spellings
} | {key: key for key in _DECLARATIONS}

KNOWN: Final = frozenset(_CANONICAL.values())
"""The canonical keys."""

USUAL: Final[dict[bytes, str]] = {
    written.encode(): key
    for key in (*_SPELLINGS, *_DECLARATIONS)
    for written in (key, key.capitalize(), key.title())
}
"""The usual ways of writing a key right, for a first look."""

# All that str.isspace() knows, for Protego trims that; and what editors and concatenated
# files leave at the ends of lines: NUL, byte order marks, zero-width and Latin-1 spaces.
_SPACES: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_TRIMMED: Final = _SPACES + "\x00\ufeff\u200b\udca0"

BLANK: Final = b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"
"""Octets that a file may hold and still be empty."""

EDGE: Final = bytes(octet < 0x20 or octet > 0x7E for octet in range(256))
"""Marks the octets with which a value cannot be known to be trimmed after ``bytes.strip``."""

_SPACE = b"(?:" + b"|".join(re.escape(space.encode()) for space in _SPACES) + b")"
_LEAD = b"(?:" + b"|".join(re.escape(c.encode()) for c in _TRIMMED[:-1]) + b")*+"
_WORDS = b"|".join(
    _SPACE.join(re.escape(word.encode()) for word in spelling.split(" "))
    for spellings in _SPELLINGS.values()
    for spelling in spellings
)
_WITHOUT_COLON = re.compile(
    _LEAD + rb"(" + _WORDS.replace(_SPACE, _SPACE + b"++") + rb")(?=" + _SPACE + rb"|$)",
    re.IGNORECASE | re.DOTALL,
)
_DECLARES = re.compile(
    _LEAD + b"(?:" + b"|".join(map(re.escape, (d.encode() for d in _DECLARATIONS))) + b")" + _SPACE,
    re.IGNORECASE,
)


def trimmed(octets: bytes, *, keep_nul: bool = False) -> bytes:
    """The octets without anything at their ends that readers take for white space.

    A NUL at the end of an Allow stays (``keep_nul``): dropping it would only ever allow more.
    """
    text = octets.decode("utf-8", "surrogateescape")
    return text.strip(_TRIMMED.replace("\x00", "") if keep_nul else _TRIMMED).encode(
        "utf-8", "surrogateescape"
    )


Found = tuple[str, bytes, int, bool]
"""A key, canonical; as written; where its value may begin; whether its spelling was forgiven."""


def split(content: bytes, colon: int) -> Found | None:
    """The key of a line without its comment; ``None`` where the line has none.

    ``colon`` is the place of the first colon, or -1. A line whose colon does not read as
    the end of a key gets a second look as words, as Protego gives it: ``Disallow /a``,
    ``Sitemap https://...``.
    """
    unknown = None
    if colon >= 0:
        written = trimmed(content[:colon])
        lowered = written.decode("utf-8", "surrogateescape").lower()
        key = _CANONICAL.get(lowered)
        if key is not None:
            return key, written, colon + 1, lowered != key
        after = content[colon + 1 :]
        if written:
            unknown = lowered.encode("utf-8", "replace").decode("utf-8"), written, colon + 1, False
        if not after.strip() or after[:1].isspace():
            return unknown
    words = _WITHOUT_COLON.match(content)
    if words is None:
        return unknown
    spelling = " ".join(words[1].decode("ascii").lower().split())
    return _CANONICAL[spelling], words[1], words.end(), True


def lacks_colon(content: bytes, found: Found | None) -> bool:
    """Whether a line begins like a declaration and lacks the colon that would make it one.

    ``found`` is what ``split`` made of the line.
    """
    return (found is None or found[0] not in KNOWN) and _DECLARES.match(content) is not None
