"""How the path patterns of robots.txt match a URL's path and query (rule R13b)."""

import re
from functools import lru_cache

# RFC 3986: the unreserved and reserved characters, which stand for themselves.
_STANDS = rb"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;="
_AS_IT_IS = re.compile(rb"[" + _STANDS + rb"]*").fullmatch
_TO_REWRITE = re.compile(rb"%([0-9A-Fa-f]{2})|[^" + _STANDS + rb"]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def normalise(path_or_pattern: bytes) -> bytes:
    """The form in which octets are compared (RFC 9309 2.2.2, rule R13b); total and idempotent.

    Unreserved ``%XX`` is decoded, the hex digits of any other are upper-cased, and octets
    that cannot stand in a URI are encoded: non-ASCII, controls, space and the like, and a
    ``%`` that begins no escape. Reserved octets stay as they are written, so ``%2F`` is no ``/``.
    """
    if _AS_IT_IS(path_or_pattern):
        return path_or_pattern
    return _TO_REWRITE.sub(_rewritten, path_or_pattern)


def _rewritten(found: re.Match[bytes]) -> bytes:
    digits = found[1]
    if digits is None:
        return b"%%%02X" % found[0][0]
    octet = int(digits, 16)
    return bytes((octet,)) if octet in _UNRESERVED else b"%" + digits.upper()


def target(url_target: str) -> bytes:
    """A URL's path and query as the octets that patterns are matched against.

    ``*`` and ``$`` are encoded, for in a pattern they are special and only ``%2A`` and
    ``%24`` mean them literally (RFC 9309 2.2.3). A fragment is dropped.
    """
    try:
        octets = url_target.encode()
    except UnicodeEncodeError:
        octets = url_target.encode("utf-8", "surrogatepass")
    octets = octets.partition(b"#")[0]
    if not octets.startswith(b"/"):
        octets = b"/" + octets
    return normalise(octets).replace(b"*", b"%2A").replace(b"$", b"%24")


class Pattern:
    """A path pattern, compared in time linear in the pattern and in what it is compared with.

    ``text`` is the normalised form, ``length`` its octets, ``*`` and ``$`` included, and
    ``prefix`` what every matching target begins with.
    """

    __slots__ = ("_ends", "_parts", "length", "prefix", "text")

    def __init__(self, text: bytes) -> None:
        """Compile a pattern that ``normalise`` has been over; use ``pattern`` for raw octets."""
        self.text = text
        self.length = len(text)
        # Only a last "$" is special; any other is a literal one (RFC 9309 2.2.3).
        self._ends = text.endswith(b"$")
        body = text[:-1] if self._ends else text
        if b"$" in body:
            body = body.replace(b"$", b"%24")
        self._parts = body.split(b"*") if b"*" in body else (body,)
        self.prefix = self._parts[0]

    def matches(self, target: bytes) -> bool:
        """Whether the pattern matches octets that come from ``target()``.

        Taking each part at its first place after the one before is exact: an earlier
        place never leaves less room for the rest. So nothing is ever tried twice.
        """
        parts = self._parts
        if len(parts) == 1:
            return target == self.prefix if self._ends else target.startswith(self.prefix)
        if not target.startswith(self.prefix):
            return False
        at = len(self.prefix)
        for part in parts[1:-1]:
            found = target.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        last = parts[-1]
        if self._ends:
            return len(target) - len(last) >= at and target.endswith(last)
        return target.find(last, at) >= 0

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"


def pattern(raw: bytes) -> Pattern:
    """The pattern that these octets, as written in a file, stand for; total on any octets.

    An empty one matches everything with length 0; that an empty Disallow is no rule is
    for the reader of rules to know.
    """
    return _remembered(raw) if len(raw) <= 256 else Pattern(normalise(raw))


@lru_cache(maxsize=16384)
def _remembered(raw: bytes) -> Pattern:
    return Pattern(normalise(raw))
