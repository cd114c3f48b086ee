"""The only way in which publishers' octets reach a screen, a page, a sheet or a log."""

import html as _html
import re

_BARE_LINK = re.compile(r"(www|https?|ftp|mailto)([.:])", re.IGNORECASE)
# A heading, a list, a quotation, a rule; the last two only of what HTML leaves alone.
_BEGINNING = re.compile(r"^( *(?:[0-9]{1,9}(?=[.)]))?)([#+=.)-])")
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": "\\0", "\x1b": "\\e"}


def _visible(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if character.isprintable() and not _reorders(code):
        return character
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{{{code:x}}}"


def _reorders(code: int) -> bool:
    """Whether the character changes the order or the joining of those around it."""
    return (
        0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or code in (0xFEFF, 0x061C, 0x180E)
    )


def text(octets: bytes | str, limit: int = 500) -> str:
    """One printable line: controls and invalid UTF-8 escaped, cut with ``...`` after ``limit``."""
    decoded = octets.decode("utf-8", "surrogateescape") if isinstance(octets, bytes) else octets
    shown = decoded[:limit]
    if not (shown.isascii() and shown.isprintable()):  # most are, and that is seen fast
        shown = "".join(
            character if " " <= character <= "~" else _visible(character) for character in shown
        )
    return shown + "..." if len(decoded) > limit else shown


def html(octets: bytes | str, limit: int = 500) -> str:
    """The same, safe as HTML text and as a quoted attribute value."""
    return _html.escape(text(octets, limit), quote=True)


def markdown(octets: bytes | str, limit: int = 500) -> str:
    """The same, with the characters that Markdown gives a meaning escaped, and no others.

    What means something only at the beginning of a line (a list's dash, say) is escaped
    there, and what would make a link of bare text (``www.``, ``://``, ``@``) is broken.
    """
    shown = _html.escape(text(octets, limit).lstrip(" "), quote=False)
    inline = "".join("\\" + c if c in "\\`*_[]|~@" else c for c in shown)
    unlinked = _BARE_LINK.sub(lambda found: found[1] + "\\" + found[2], inline)
    return _BEGINNING.sub(lambda found: found[1] + "\\" + found[2], unlinked, count=1)


def cell(octets: bytes | str, limit: int = 2000) -> str:
    """The same, safe to open in a spreadsheet: a leading formula character is disarmed."""
    shown = text(octets, limit)
    return "'" + shown if shown[:1] in ("=", "+", "-", "@", "\t") else shown


def without_userinfo(url: str) -> str:
    """A URL, broken ones too, without what may be a user name and a password (rule R33).

    Whatever stands before the last ``@`` of the authority goes; where a ``/`` stands in a
    password, what looks like the path goes along with it rather than being shown.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url if "@" not in url else url.rsplit("@", 1)[1]
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        return scheme + separator + authority.rsplit("@", 1)[1] + slash + path
    if ":" in authority and "@" in path and not authority.rsplit(":", 1)[1].isdigit():
        return scheme + separator + path.rsplit("@", 1)[1]
    return url
