"""Which URLs a content of an RSL document is for."""

import re
from typing import Final, NamedTuple

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.robots import match
from signals_agent.url import Url

_ABSOLUTE: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_HTTP: Final = re.compile(r"https?:", re.IGNORECASE)
_ANY_SCHEME: Final = re.compile(r"[a-z]*\*[a-z]*:(?=//)", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*+:", re.IGNORECASE)
_BLANK: Final = " \t\r\n\f"


class Cover(NamedTuple):
    """That a content is for a URL: the octets of its normalised pattern, and how it says so.

    ``certain`` is false where it is not written as specified, and so only restricts.
    """

    length: int
    certain: bool


def covers(written: str, asset: Url, target: bytes) -> Cover | None:
    """Whether a content's ``url`` is that of an asset; ``None`` where it is for others.

    ``written`` is a path or pattern (RFC 9309 2.2.2 and 2.2.3), which is one of the
    asset's site, or an absolute URL, of which the path is a pattern; ``*.`` before its
    host stands for every subdomain. Another scheme, port or host is another site (rule
    R33); of http for https, only what restricts is heard. ``target`` comes from
    ``robots.match.target``. Empty is not for this function.
    """
    text = written.strip(_BLANK)
    if _ABSOLUTE.match(text):
        return _absolute(text, asset, target)
    if text.startswith("/"):
        return _path(text, target, certain=True)
    if text.startswith("*") and (found := _path(text, target, certain=True)) is not None:
        return found
    return _slip(text.replace("\\", "/"), asset, target)


def _slip(text: str, asset: Url, target: bytes) -> Cover | None:
    """The same for what is neither a path nor a URL as specified, and so only restricts."""
    any_scheme = _ANY_SCHEME.match(text)
    if any_scheme is not None:
        text = text[any_scheme.end() :]
    elif _HTTP.match(text):
        # As WHATWG reads a URL, any slashes behind the scheme are as good as two.
        return _absolute(text, asset, target, certain=False)
    elif _SCHEME.match(text) and not text.lower().startswith(asset.host + ":"):
        return None
    if text.startswith("//"):
        return _absolute(text, asset, target, certain=False)
    # No slash before a path, or no scheme before a host.
    path = "/" + text.removeprefix("./").removeprefix("/")
    return _path(path, target, certain=False) or _absolute(
        "//" + text, asset, target, certain=False
    )


def _path(text: str, target: bytes, *, certain: bool) -> Cover | None:
    octets = text.partition("#")[0].encode("utf-8", "surrogatepass")
    pattern = match.pattern(octets)
    return Cover(pattern.length, certain) if pattern.matches(target) else None


def _absolute(text: str, asset: Url, target: bytes, *, certain: bool = True) -> Cover | None:
    if text.startswith("//"):
        text = f"{asset.scheme}:{text}"
    try:
        parsed = urls.parse(text)
    except InvalidURL:
        return None
    host = parsed.host
    if "*" not in host:
        reaches = parsed.origin == asset.origin
        if not reaches and (_other_scheme(parsed, asset) or _rooted(parsed, asset)):
            # Another site (rule R33), and hardly what was meant: heard where it restricts.
            certain, reaches = False, True
    elif host.startswith("*.") and "*" not in host[1:]:
        reaches = asset.host.endswith(host[1:]) and _alike(parsed, asset)
    else:
        # A wildcard elsewhere in a host has no meaning; read as any octets, it restricts.
        certain = False
        reaches = match.pattern(host.encode() + b"$").matches(asset.host.encode())
    return _path(parsed.target, target, certain=certain) if reaches else None


def _other_scheme(parsed: Url, asset: Url) -> bool:
    """Whether it is http for https or the other way round, at the usual ports of one host."""
    return parsed.host == asset.host and {parsed.origin, asset.origin} == {
        f"{scheme}://{asset.host}" for scheme in ("http", "https")
    }


def _rooted(parsed: Url, asset: Url) -> bool:
    """Whether it is the same host with the dot of the root of all names behind it."""
    return parsed.host.rstrip(".") == asset.host.rstrip(".") and _alike(parsed, asset)


def _alike(parsed: Url, asset: Url) -> bool:
    return (parsed.scheme, parsed.port) == (asset.scheme, asset.port)
