"""Whether octets are an RSL document, and what it says (RSL 1.0, and 0.9 leniently)."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Final

from signals_agent.rsl.document import Listener
from signals_agent.rsl.nouns import Finding, Rsl
from signals_agent.syntax import xml_elements
from signals_agent.syntax.xml_elements import Source

MAX_OCTETS: Final = 1024 * 1024
"""Octets of a document; a longer one is not read at all (rule R39)."""
MAX_KEPT: Final = 64 * 1024
"""Octets of a document that is one of many remembered; of longer ones only the last two are."""
MAX_AGES: Final = 256
"""Longer documents of which it is remembered for how long they hold."""

_ages: dict[bytes, tuple[bool, int | None]] = {}

# What opens a wrapper in scripts, for readers that know no such script: a comment, a CDATA
# section, or both, behind the marks of a comment in another language.
_OPENING: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[\s/*>-]*+<!(?:--|\[CDATA\[)){1,3}+[\s/*>-]*+(?=<)"
)
_CLOSING: Final = re.compile(rb"[\s/*<!\]>-]*+")
_REFERENCE: Final = re.compile(r"&(?!#|(?:amp|lt|gt|quot|apos);)([^;&<>\s]*+);")
_NO_REFERENCES: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_ENTITY: Final = re.compile(r"<!ENTITY\s+([A-Za-z][A-Za-z0-9]*+)")


def read(body: bytes, content_type: bytes = b"") -> Rsl:
    """What an RSL document says; ``failure`` says why it is none (rule R18).

    It is known by its root and namespace, whatever its media type (of which only a charset
    is believed). One that is not well-formed to its end, that declares entities, nests too
    deep or holds more than is read is none. Never raises; linear in the octets.
    """
    return _read(body, content_type, fragment=False, prefix="")


def age(body: bytes, content_type: bytes = b"") -> tuple[bool, int | None]:
    """Whether octets are an RSL document, and its ``max-age``; a long one is not read again."""
    long = MAX_KEPT < len(body) <= MAX_OCTETS
    key = sha256(content_type + b"\n" + body).digest() if long else b""
    told = _ages.get(key) if long else None
    if told is None:
        found = read(body, content_type)
        told = (not found.failure, found.max_age)
        if long:
            if len(_ages) >= MAX_AGES:
                _ages.clear()
            _ages[key] = told
    return told


def read_fragment(octets: bytes, content_type: bytes = b"", prefix: str = "rsl") -> Rsl:
    """What RSL within another document says: a script of HTML, a feed's item, an XMP packet.

    The root is an ``rsl``, or a ``content`` alone. ``prefix`` stands for RSL where nothing
    in the octets binds it, since they may be cut out of what does. A comment or a CDATA
    section around all of it is taken off, as writers of scripts put one.
    """
    return _read(octets, content_type, fragment=True, prefix=prefix)


def _read(body: bytes, content_type: bytes, *, fragment: bool, prefix: str) -> Rsl:
    if len(body) > MAX_OCTETS:
        return _failure("over-cap", f"it is longer than {MAX_OCTETS} octets")
    make = _remembered if len(body) <= MAX_KEPT else _remembered_long
    return make(body, content_type, fragment, prefix)


@lru_cache(maxsize=64)
def _remembered(body: bytes, content_type: bytes, fragment: bool, prefix: str) -> Rsl:
    found, begun = _parse(body, content_type, fragment=fragment, prefix=prefix)
    if begun or not fragment:
        return found
    unwrapped = _unwrapped(body)
    if unwrapped is None:
        return found
    inner, begun = _parse(unwrapped, content_type, fragment=True, prefix=prefix, wrapped=True)
    return inner if begun else found


_remembered_long = lru_cache(maxsize=2)(_remembered.__wrapped__)


def _parse(
    body: bytes, content_type: bytes, *, fragment: bool, prefix: str, wrapped: bool = False
) -> tuple[Rsl, bool]:
    """What was read, and whether it began as RSL."""
    source = xml_elements.source(body, content_type)
    listener = Listener(source, bare=fragment, prefix=prefix)
    reading = xml_elements.read(source, listener)
    document = listener.document
    if document.failed is not None:
        return _failure(*document.failed), listener.begun
    if reading.refused:
        return _failure("refused", reading.refused), listener.begun
    if not listener.begun:
        return _failure("not-rsl", "it is no XML" if body.strip() else "it is empty"), False
    if reading.broken:
        return _failure("unparsable", f"it is not well-formed: {reading.broken}"), True
    if _refers_to_nothing(source):
        return _failure("unparsable", "it refers to an entity that is not declared"), True
    if wrapped:
        document.remarks.add("wrapped", "it stands in a comment or a CDATA section", 0)
    contents = document.finish()
    findings = document.remarks.all()
    return Rsl(contents, document.max_age, document.draft, "", findings), True


def _failure(code: str, why: str) -> Rsl:
    return Rsl(failure=why, findings=(Finding(code, why),))


def _refers_to_nothing(source: Source) -> bool:
    """Whether it holds a reference that was passed over, and words with it.

    Only for a document that is well-formed otherwise. Without a document type such a
    reference is an error of well-formedness (XML 1.0 4.1), which ``xml_elements`` forgives.
    """
    if source.octets.find(b"&") < 0:
        return False
    text = source.octets.decode(source.codec, "replace")
    if _REFERENCE.search(text) is None:
        return False
    if "<!DOCTYPE" in text:
        # What looks like a comment may be a literal of it; so all of it is looked through.
        declared = set(_ENTITY.findall(text))
    else:
        declared = set()
        text = _NO_REFERENCES.sub("", text)
    return any(found[1] not in declared for found in _REFERENCE.finditer(text))


def _unwrapped(octets: bytes) -> bytes | None:
    """The same octets with blanks for the wrapper around them; ``None`` where there is none."""
    opening = _OPENING.match(octets)
    end = octets.find(b">", max(octets.rfind(b"</"), 0)) + 1
    if opening is None or end <= opening.end() or _CLOSING.fullmatch(octets, end) is None:
        return None
    return b" " * opening.end() + octets[opening.end() : end]
