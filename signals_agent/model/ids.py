"""Identifiers that hash what was found and where, never when."""

from hashlib import sha256


def identify(kind: str, *parts: str | bytes) -> str:
    """A stable id: ``<kind>-`` and 12 hex digits of the SHA-256 over the parts, length-framed."""
    framed = []
    for part in parts:
        octets = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        framed.append(b"%d:%b" % (len(octets), octets))
    return f"{kind}-{sha256(b''.join(framed)).hexdigest()[:12]}"
