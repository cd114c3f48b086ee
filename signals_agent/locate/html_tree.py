"""Where the parser puts the tags that a scan found: in the head, the body, or nowhere."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from signals_agent.locate.html_cost import bounded
from signals_agent.locate.html_scan import REST_OF_TAG, Tag

Document: TypeAlias = LexborHTMLParser
"""A parsed document."""

Node: TypeAlias = LexborNode
"""One element of it."""

# Without its events the parser does not copy an option into <selectedcontent>, where a
# meta would stand twice; it is also what makes long lists of options cheap.
# No document can foretell it, so no attribute of its own is taken for a mark; it is in no result.
_MARK = "x" + os.urandom(12).hex()
_OPTIONS = LexborDocumentOptions.WO_EVENTS.value
_FRAMESET = re.compile(rb"<[fF][rR][aA][mM][eE][sS][eE][tT](?=[\t\n\f\r />])")
_FIRST_SIGN = re.compile(rb"[\t\n\f\r /]*+=")
# Elements in which a declaration is not the page's own (rule R35). Comments, textarea
# and template hold no elements at all: the parser keeps a template's apart.
_APART = frozenset({"svg", "math", "template"})


class Place(StrEnum):
    """Where in the parsed document an element stands."""

    HEAD = "head"
    BODY = "body"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Element:
    """A tag that the parser made an element of: its place, and its attributes as octets."""

    tag: Tag
    place: Place
    attributes: dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Marked:
    """A tag that the parser made an element of, with the element itself."""

    tag: Tag
    place: Place
    attributes: dict[bytes, bytes]
    node: LexborNode


def tree(octets: bytes) -> Document:
    """The document as parsed, without scripting (so that ``noscript`` is read)."""
    return LexborHTMLParser(octets, options=_OPTIONS)


def reaches(tags: Sequence[Tag]) -> int:
    """Where the last of the tags ends; one may stand inside an attribute of another."""
    return max((tag.end for tag in tags), default=0)


def elements(octets: bytes, tags: Sequence[Tag], name: str = "meta") -> list[Element]:
    """The tags that the parser makes elements of, in the order of the document.

    Only the octets up to the last tag are parsed: what follows can no longer move an
    element out of the head or into ``svg``. The one thing that can undo an element is a
    ``frameset`` in place of a body, so where one follows, it is parsed as well.
    """
    if not tags:
        return []
    end = reaches(tags)
    found = _elements(octets, tags, end, name)
    if any(each.place is Place.BODY for each in found):
        framesets = [match.end() for match in _FRAMESET.finditer(octets, end)]
        if framesets:
            rest = REST_OF_TAG.match(octets, framesets[-1])
            found = _elements(octets, tags, rest.end() if rest else len(octets), name)
    return found


def marked(octets: bytes, tags: Sequence[Tag]) -> tuple[Document, list[Marked]]:
    """The whole document, and the tags that the parser makes elements of, in order.

    For a tag whose first attribute is written with a leading ``=`` no element is found.
    """
    document = tree(_marked(octets, tags, len(octets), _MARK.encode()))
    places: dict[int, Place] = {}
    found: dict[int, Marked] = {}
    for node in document.css(f"[{_MARK}]"):
        given = node.attributes
        order = _order(given)
        if order not in found:
            found[order] = Marked(tags[order], _place(node, places), _octets(given, _MARK), node)
    return document, [found[order] for order in sorted(found)]


def _order(given: dict[str, str | None]) -> int:
    """Which of the tags an element with these attributes is."""
    return next(int(key[len(_MARK) :]) for key in given if key.startswith(_MARK) and key != _MARK)


def _elements(octets: bytes, tags: Sequence[Tag], end: int, name: str) -> list[Element]:
    mark = _MARK
    document = tree(_marked(octets, tags, end, mark.encode()))
    places: dict[int, Place] = {}
    found: dict[int, Element] = {}
    for node in document.css(f"{name}[{mark}]"):
        given = node.attributes
        order = _order(given)
        found[order] = Element(tags[order], _place(node, places), _octets(given, mark))
    if len(found) < len(tags):
        for order, node in _signed(document, name, mark, octets, tags):
            found[order] = Element(
                tags[order], _place(node, places), _octets(node.attributes, mark)
            )
    return [found[order] for order in sorted(found)]


def _marked(octets: bytes, tags: Sequence[Tag], end: int, mark: bytes) -> bytes:
    """The octets up to ``end``, each tag with two more attributes: the mark, and its number.

    They are put in as "space, letters", or "/, letters" where a "/" follows the tag's
    name. Wherever such a tag may in truth stand (in a comment, a script, an attribute's
    value with quotes or without), these octets end nothing and begin nothing there.
    """
    parts: list[bytes] = []
    done = 0
    for order, tag in enumerate(tags):
        after = tag.start + tag.named
        if _FIRST_SIGN.match(octets, after):
            continue
        between = octets[after : after + 1]
        parts += (octets[done:after], between, mark, between, mark, b"%d" % order)
        done = after
    parts.append(octets[done:end])
    return b"".join(parts)


def _signed(
    document: Document, name: str, mark: str, octets: bytes, tags: Sequence[Tag]
) -> Iterator[tuple[int, LexborNode]]:
    """The elements whose first attribute is written with a leading ``=``, by their order.

    A mark before it would take it for a value, so these tags have none.
    """
    orders = [i for i, tag in enumerate(tags) if _FIRST_SIGN.match(octets, tag.start + tag.named)]
    if not orders:
        return iter(())
    nodes = (
        node
        for node in document.css(name)
        if mark not in node.attributes and any(key.startswith("=") for key in node.attributes)
    )
    return zip(orders, nodes, strict=False)


def is_marked(node: Node) -> bool:
    """Whether an element is one of a tag that was marked; the parser may make several of one."""
    return _MARK in node.attributes


def place_of(node: Node) -> Place:
    """Where one element stands."""
    return _place(node, {})


def nearest(
    node: Node, wanted: Callable[[Node], bool], known: dict[int, Node | None]
) -> Node | None:
    """The nearest ancestor that is wanted; ``known`` remembers it for the next node.

    Without that, deep documents with many such nodes would be walked again and again.
    """
    passed: list[int] = []
    found: Node | None = None
    above = node.parent
    while above is not None:
        if above.mem_id in known:
            found = known[above.mem_id]
            break
        passed.append(above.mem_id)
        if wanted(above):
            found = above
            break
        above = above.parent
    known.update(dict.fromkeys(passed, found))
    return found


def _place(node: LexborNode, places: dict[int, Place]) -> Place:
    """Where an element stands; ``places`` remembers it for its ancestors, for the next one."""
    passed: list[int] = []
    place = Place.BODY
    above = node.parent
    while above is not None:
        known = places.get(above.mem_id)
        if known is not None:
            place = known
            break
        passed.append(above.mem_id)
        tag = above.tag
        if tag in _APART:
            place = Place.APART
            break
        if tag == "head":
            place = Place.HEAD
            break
        above = above.parent
    places.update(dict.fromkeys(passed, place))
    return place


def _octets(given: dict[str, str | None], mark: str) -> dict[bytes, bytes]:
    attributes = {
        key.encode("utf-8", "replace"): (value or "").encode("utf-8", "replace")
        for key, value in given.items()
        if not key.startswith(mark)
    }
    if any(mark in value for value in given.values() if value):
        # Another tag was marked inside this one's attribute.
        put_in = re.compile(rb"[\t\n\f\r /]%b[\t\n\f\r /]%b[0-9]+" % ((mark.encode(),) * 2))
        attributes = {key: put_in.sub(b"", value) for key, value in attributes.items()}
    return attributes


_LOOK = 64 * 1024
_PROBE = "signals-agent-probe"


def head_ended(octets: bytes) -> bool:
    """Whether the head of a document that was cut had ended before the cut.

    It had if the parser put anything into the body, or would put a ``meta`` there that
    came next. A cut inside a comment, script or tag of the head leaves it open.
    """
    for part in (octets[:_LOOK], octets):
        # A last "<" or "</" would be read as text, and text begins the body.
        text = part[:-2] if part.endswith(b"</") else part[:-1] if part.endswith(b"<") else part
        if not bounded(text):
            return False
        document = tree(text)
        body = document.body
        if (body is not None and body.first_child is not None) or document.css_first("frameset"):
            return True
        if len(part) == len(octets):
            probed = tree(text + f"<meta {_PROBE}>".encode()).css(f"meta[{_PROBE}]")
            return bool(probed) and _place(probed[-1], {}) is not Place.HEAD
    return False
