"""What a page says about itself, for a credit line: claims, no more (rule R24)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals_agent.locate.encoding import decode, markup
from signals_agent.locate.html_cost import bounded
from signals_agent.locate.html_tree import Document, tree
from signals_agent.model.capture import Capture

_BODY = re.compile(rb"<[bB][oO][dD][yY][\t\n\f\r />]")
_TITLE_ENDS = re.compile(rb"</[tT][iI][tT][lL][eE]")
_HEAD_OCTETS = 256 * 1024
_ENOUGH = 12 * 1024
_MAX_TEXT = 500
_MAX_CREATORS = 20
_AUTHORS = ("author", "citation_author", "dc.creator", "dcterms.creator")
_METAS = ", ".join(
    f'head > meta[{attribute}="{name}" i]'
    for attribute, names in (
        ("name", (*_AUTHORS, "application-name", "og:title", "og:site_name")),
        ("property", ("og:title", "og:site_name")),
    )
    for name in names
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page's own words for its title, its site and its authors; ``base`` as written."""

    title: str | None = None
    creators: tuple[str, ...] = ()
    collection: str | None = None
    canonical: str | None = None
    base: str | None = None


NONE = PageFacts()


def facts(capture: Capture) -> PageFacts:
    """Read the head for whom to credit; nothing where the capture has no readable head."""
    if not capture.body:
        return NONE
    content_type = (capture.field_lines(b"content-type") or (b"",))[-1]
    read = markup(capture.body, content_type)
    head = _beginning(read.octets)
    if head.lstrip()[:1] != b"<" or not bounded(head):
        return NONE
    text = head.decode("utf-8", "replace") if read.transcoded else decode(head, content_type)
    document = tree(text.encode("utf-8", "replace"))
    metas = list(_metas(document))
    title = document.css_first("head > title")
    return PageFacts(
        title=_line(title.text() if title is not None else None) or _first(metas, "og:title"),
        creators=tuple(dict.fromkeys(value for name, value in metas if name in _AUTHORS and value))[
            :_MAX_CREATORS
        ],
        collection=_first(metas, "og:site_name") or _first(metas, "application-name"),
        canonical=_attribute(document, 'head > link[rel~="canonical" i][href]'),
        base=_attribute(document, "head > base[href]"),
    )


def _beginning(octets: bytes) -> bytes:
    """As much of the head as is worth parsing: its first part, and to the end of the title.

    Who credits pages by the thousand does not wait for style sheets to be parsed.
    """
    body = _BODY.search(octets, 0, _HEAD_OCTETS)
    end = body.start() if body else _HEAD_OCTETS
    if end > _ENOUGH:
        title = _TITLE_ENDS.search(octets, 0, end)
        end = min(end, max(_ENOUGH, title.end() + 1 if title else 0))
    return octets[:end]


def _metas(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.css(_METAS):
        given = node.attributes
        name = given.get("name") or given.get("property") or ""
        value = _line(given.get("content"))
        if value:
            yield name.strip().lower(), value


def _first(metas: list[tuple[str, str]], wanted: str) -> str | None:
    return next((value for name, value in metas if name == wanted), None)


def _attribute(document: Document, selector: str) -> str | None:
    node = document.css_first(selector)
    return _line(node.attributes.get("href")) if node is not None else None


def _line(text: str | None) -> str | None:
    """One line, its white space collapsed; ``None`` where nothing is left of it."""
    collapsed = " ".join((text or "")[: 8 * _MAX_TEXT].split())
    return collapsed[:_MAX_TEXT] or None
