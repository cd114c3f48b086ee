"""The identity of a URL: how it is written, and to which origin it belongs (rule R33)."""

from dataclasses import dataclass
from functools import lru_cache

import can_ada

from signals_agent import quote
from signals_agent.errors import InvalidURL


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http or https URL, parsed as WHATWG says.

    ``text`` is the normal form without fragment and userinfo; ``origin`` is scheme,
    host and port; ``host`` is in A-labels; ``target`` is path and query.
    """

    text: str
    origin: str
    scheme: str
    host: str
    port: int
    target: str


_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=65536)
def parse(text: str) -> Url:
    """Parse an absolute URL; raises ``InvalidURL`` for anything but http and https."""
    try:
        parsed = can_ada.parse(text)
    except TypeError:
        if isinstance(text, str):
            raise InvalidURL("not an absolute URL: it holds octets that are no UTF-8") from None
        raise InvalidURL(f"a URL is text, not {type(text).__name__}") from None
    except (ValueError, UnicodeError):
        raise InvalidURL(
            f"not an absolute URL: {_shown(text)!r} (accepted: http://... or https://...)"
        ) from None
    scheme = parsed.protocol.rstrip(":")
    if scheme not in _DEFAULT_PORTS:
        raise InvalidURL(
            f"not an http or https URL: {_shown(text)!r} (accepted: http://... or https://...)"
        )
    host = parsed.hostname
    port = int(parsed.port) if parsed.port else _DEFAULT_PORTS[scheme]
    target = (parsed.pathname or "/") + parsed.search
    origin = f"{scheme}://{parsed.host}"
    return Url(origin + target, origin, scheme, host, port, target)


def join(base: str, reference: str) -> Url | None:
    """Resolve a reference against a base; ``None`` where it is no http or https URL."""
    try:
        return parse((can_ada.parse(base) + reference.strip(" \t\n\r\f")).href)
    except (InvalidURL, TypeError, ValueError):
        # A lone surrogate is a TypeError.
        return None


def _shown(text: str) -> str:
    """The text for an error: short, and without anything that may be a password."""
    safe = quote.without_userinfo(text)
    return safe if len(safe) <= 200 else safe[:200] + "..."
