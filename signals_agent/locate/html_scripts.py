"""Scripts of a page that are typed as RSL: which they are, where they stand, what they hold."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from typing import Final

from signals_agent.family import Listen
from signals_agent.locate.found import ANYWHERE, UNREAD, Findings, located
from signals_agent.locate.html_scan import REST_OF_TAG, Tag, attributes
from signals_agent.locate.html_tree import Marked, Node, Place
from signals_agent.locate.needles import Needle
from signals_agent.model.declaration import PAGE, Located, Reach, Scope, Subject
from signals_agent.model.note import Note, Severity
from signals_agent.model.position import ElementPosition

CARRIER: Final = "html-script"
RSL: Final = "application/rsl+xml"

MAX_OCTETS: Final = 256 * 1024
"""How long such a script may be; a longer one is not read (rule R39)."""
MAX_SCRIPTS: Final = 100
"""How many of one page are read; what is beyond is not (rule R39)."""
MAX_FOUND: Final = 2000
"""How many may be looked for in one page, in comments and the like too (rule R39)."""

# One short needle finds all of these, and pages hold it hardly ever otherwise. Where the type
# is written in capitals, the namespace within is not: it has but one spelling.
_SIGN: Final = Needle(b"rsl")
_SIGNS: Final = (b"rsl+xml", b"rslstandard.org", b"rsl&")
_MAY_BE_RSL: Final = re.compile(rb"rsl|&")
_SCRIPT: Final = b"<script"
_OPENING: Final = Needle(_SCRIPT)
_NAME_ENDS: Final = b"\t\n\f\r /"
_END_OF_SCRIPT: Final = re.compile(rb"</script(?=[\t\n\f\r />])")
_MAX_KEPT: Final = 4096


def mentions(octets: bytes) -> bool:
    """Whether a document speaks of RSL at all: by its media type, or by its namespace."""
    return any(octets.startswith(_SIGNS, place) for place in _SIGN.starts(octets))


def scripts(octets: bytes) -> tuple[tuple[tuple[Tag, int], ...], bool]:
    """What looks like a script of RSL, each with the end of its text, and whether all was seen.

    Whether one is an element of the page, the parser has to say. A type that is written in
    capitals or with character references is found where the namespace of RSL is there to see.
    """
    if not mentions(octets):
        return (), True
    lowered = octets.lower()
    ends: list[int] | None = None
    found: list[tuple[Tag, int]] = []
    budget = 8 * len(octets) + 64 * 1024
    for start in _OPENING.starts(lowered):
        after = start + len(_SCRIPT)
        if lowered[after : after + 1] not in _NAME_ENDS:
            continue
        rest = REST_OF_TAG.match(octets, after)
        budget -= (rest.end() if rest else len(octets)) - start
        if budget < 0:
            return tuple(found), False
        if rest is None or not _MAY_BE_RSL.search(lowered, after, rest.end()):
            continue
        tag = Tag(start, rest.end(), len(_SCRIPT))
        if media_type(octets, tag) != RSL:
            continue
        if ends is None:
            ends = [closing.start() for closing in _END_OF_SCRIPT.finditer(lowered)]
        closing = bisect_left(ends, tag.end)
        if len(found) == MAX_FOUND:
            return tuple(found), False
        found.append((tag, ends[closing] if closing < len(ends) else len(octets)))
    return tuple(found), True


def media_type(octets: bytes, tag: Tag) -> str:
    """The type of a script as its tag gives it: lower-case, without parameters."""
    written = attributes(octets, tag).get(b"type", b"").decode("utf-8", "replace")
    return unescape(written).lower().partition(";")[0].strip()


def locate(
    octets: bytes,
    elements: Sequence[Marked],
    ends: Mapping[Tag, int],
    *,
    subject: Callable[[Node, Place], Subject],
    source: str,
    capture_id: str,
    shift: int,
    listens: Sequence[tuple[str, Listen]],
) -> Findings:
    """What the scripts of RSL among these elements hold, each as a unit of its own.

    ``ends`` is where the text of each ends. In the head, and right in the body, one is about
    the page; deeper in the body ``subject`` says whose it is (RSL 1.0, errata of 2026-07-18:
    its parent element). In the body it only restricts (rule R35).
    """
    units: list[tuple[Located, ...]] = []
    notes: list[Note] = []
    heard = [(family, listen) for family, listen in listens if listen.field == RSL]
    for count, element in enumerate(elements if heard else ()):
        tag, end = element.tag, ends[element.tag]
        why = ""
        if count == MAX_SCRIPTS:
            why = f"the page holds more than {MAX_SCRIPTS} of them"
        elif end - tag.end > MAX_OCTETS:
            why = f"it is longer than {MAX_OCTETS} octets"
        position = ElementPosition("script", tag.start + shift)
        if why:
            notes.append(_over_cap(source, position, why))
        in_head = element.place is Place.HEAD
        units += _heard(
            heard,
            source=source,
            capture_id=capture_id,
            position=position,
            octets=octets[tag.start : min(_closing(octets, end), tag.start + _MAX_KEPT)],
            value=b"" if why else octets[tag.end : end],
            in_head=in_head,
            subject=PAGE
            if in_head or _is_top(element.node)
            else subject(element.node, element.place),
            why=why,
        )
        if count == MAX_SCRIPTS:
            break
    return Findings(tuple(units), tuple(notes))


def unread(
    position: ElementPosition,
    why: str,
    *,
    source: str,
    capture_id: str,
    listens: Sequence[tuple[str, Listen]],
) -> list[tuple[Located, ...]]:
    """A script of RSL that may stand in what was not read, so that the cap fails closed (R39)."""
    heard = [(family, listen) for family, listen in listens if listen.field == RSL]
    return list(
        _heard(
            heard,
            source=source,
            capture_id=capture_id,
            position=position,
            octets=b"",
            value=b"",
            in_head=True,
            subject=PAGE,
            why=why,
        )
    )


def _heard(
    heard: Sequence[tuple[str, Listen]],
    *,
    source: str,
    capture_id: str,
    position: ElementPosition,
    octets: bytes,
    value: bytes,
    in_head: bool,
    subject: Subject,
    why: str,
) -> Iterator[tuple[Located, ...]]:
    for family, listen in heard:
        yield (
            located(
                family=family,
                carrier=CARRIER,
                source=source,
                capture_id=capture_id,
                position=position,
                octets=octets,
                value=value,
                field=listen.field,
                reach=Reach(restrict_only=not in_head, index=position.offset),
                scope=ANYWHERE if in_head else Scope(element="body"),
                subject=subject,
                details=((UNREAD, why),) if why else (),
            ),
        )


def _is_top(node: Node) -> bool:
    return node.parent is not None and node.parent.tag == "body"


def _closing(octets: bytes, end: int) -> int:
    """Where the element ends whose text ends here."""
    closed = octets.find(b">", end, end + _MAX_KEPT)
    return closed + 1 if closed >= 0 else len(octets)


def _over_cap(source: str, position: ElementPosition, why: str) -> Note:
    return Note(
        code="html-script-over-cap",
        severity=Severity.WARNING,
        summary=f"a script of RSL in {source} was not read: {why}",
        clause="rule R39",
        position=position,
    )
