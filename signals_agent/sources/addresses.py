"""What is meant by an address as somebody wrote it into a list."""

import re
from dataclasses import dataclass
from typing import Final

from signals_agent import quote
from signals_agent import url as urls
from signals_agent.errors import InvalidURL

_LONGEST: Final = 64 * 1024
"""The longest URL that is taken, in characters: no request for a longer one is answered."""

_SCHEME: Final = re.compile(r"https?:[/\\]", re.IGNORECASE)
_OTHER: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+):(?://|(?![0-9]))")
_SPACE: Final = re.compile(r"\s")
_SEVERAL: Final = re.compile(r"[\s,;|]https?://", re.IGNORECASE)
_LABEL: Final = (
    r"(?:[^\W_]|[\u00b7\u0375\u200c\u200d\u30fb\u0300-\u036f\u0900-\u0dff\u0e31-\u0eff])"
)
# Labels with a dot between them, the last of which is no number; also the dots of East Asia.
_BARE: Final = re.compile(
    rf"(?:(?:{_LABEL}|[_-])++[.。．｡])+(?![0-9]+(?:[:/?#]|$))(?:{_LABEL}|-){{2,}}+[.。．｡]?"
    r"(?::[0-9]{1,5})?(?=[/?#]|$)"
)
_IPV4: Final = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{1,5})?(?=[/?#]|$)")

# The cache of ``urls.parse`` is for URLs that come again; a list would only fill it.
_parse = urls.parse.__wrapped__


class NoURL(Exception):
    """What was written is no URL; the message says what it is, and is safe to print."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address: its URL, and whether it was written without a scheme."""

    url: urls.Url
    bare: bool

    @property
    def international(self) -> bool:
        """Whether the host has labels beyond ASCII."""
        return "xn--" in self.url.host


def read(written: str) -> Address:
    """The URL that is meant; raises ``NoURL``.

    ``example.org``, ``example.org/path`` and ``//example.org`` are read as https.
    """
    if len(written) > _LONGEST:
        raise NoURL(f"longer than {_LONGEST} characters, which no server answers")
    if not written.isprintable():
        _refuse_unprintable(written)
    if _SEVERAL.search(written):
        raise NoURL(f"more than one URL: {shown(written)}")
    if _SCHEME.match(written):
        return Address(_parsed(written, written), bare=False)
    if written.startswith("//"):
        return Address(_parsed("https:" + written, written), bare=True)
    if is_bare(written):
        return Address(_parsed("https://" + written, written), bare=True)
    raise NoURL(_what(written))


def is_full(written: str) -> bool:
    """Whether it looks like a URL with its scheme."""
    return _SCHEME.match(written) is not None


def is_bare(written: str) -> bool:
    """Whether it looks like a host, with or without a path."""
    return _BARE.match(written) is not None or _IPV4.match(written) is not None


def shown(written: str) -> str:
    """What was written, short, printable, and without what may be a password."""
    return f"'{quote.text(quote.without_userinfo(written), 120)}'"


def _parsed(text: str, written: str) -> urls.Url:
    try:
        return _parse(text)
    except InvalidURL:
        raise NoURL(f"no URL: {shown(written)}") from None


def _refuse_unprintable(written: str) -> None:
    """Refuse what cannot stand in a URL; other rare characters are only escaped in it."""
    for character in written:
        if "\udc80" <= character <= "\udcff":
            raise NoURL(f"octets that are no UTF-8: {shown(written)}")
        if "\ud800" <= character <= "\udfff":
            raise NoURL(f"half of a character: {shown(written)}")
        if character < " " or character == "\x7f":
            raise NoURL(f"a control character: {shown(written)}")


def _what(written: str) -> str:
    other = _OTHER.match(written)
    if other is not None and "." not in other[1]:
        return f"no http or https URL: {shown(written)}"
    if "@" in written and not _SPACE.search(written):
        return f"no URL, but perhaps a mail address: {shown(written)}"
    return f"no URL: {shown(written)}"
