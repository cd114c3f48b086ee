"""What an element of a page is about: the page, a part of it, or it is not clear which."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from signals_agent.locate import rdfa
from signals_agent.locate.html_tree import Document, Node, Place, nearest
from signals_agent.locate.microdata import Items
from signals_agent.locate.rdfa import resolved
from signals_agent.locate.subject import Page, subject_of
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

UNCLEAR: Final = Subject(LicenceScope.UNCLEAR)
_MEDIA: Final = "img, video, audio, source, embed, iframe"
_PICTURE: Final = re.compile(r"\.(?:avif|gif|jpe?g|jxl|png|svg|tiff?|webp)\Z", re.IGNORECASE)
_PERMALINK: Final = 'a[rel~="bookmark" i], a[itemprop~="url"], h1 a, h2 a, h3 a'
_MOST_PARTS: Final = 100
_FOOTER: Final = "footer"
_SECTIONS: Final = frozenset(
    {"aside", "blockquote", "dd", "details", "dialog", "fieldset", "li", "nav", "section", "td"}
)


class Parts:
    """The parts of one document, by the rules for whose a licence is (licences document).

    ``page`` is how the page itself may be named, ``base`` what references are resolved
    against.
    """

    def __init__(self, document: Document, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self._document = document
        self._items = Items(document, base)
        self._things = rdfa.Things(document, base)
        self._known: dict[str, dict[int, Node | None]] = {}
        self._own = _own_articles(document, page, base)
        self._made: dict[int, Subject] = {}

    def of_link(self, node: Node, place: Place) -> Subject:
        """What a licence link is for: by RDFa around it, then by where it stands.

        A link in a footer of the page is *unclear* here, within ``footer``: whether it is
        the only one is for the caller to see.
        """
        said = self.of_rdfa(node)
        if said is not None:
            return said
        item = self._items.of(node)
        part = subject_of(item, self.page) if item is not None else PAGE
        if part.scope is LicenceScope.PART:
            return part
        if place is Place.HEAD:
            return PAGE
        placed = self.of_place(node)
        if placed is not None:
            return placed
        footer = self._nearest(node, _FOOTER, _is_footer)
        if footer is not None and not self._is_apart(footer):
            return Subject(LicenceScope.UNCLEAR, within=_FOOTER)
        return UNCLEAR

    def of_place(self, node: Node) -> Subject | None:
        """The part in which an element stands: a figure, or another item's article."""
        figure = self._nearest(node, "figure", _is("figure"))
        if figure is not None:
            return self._part(figure, "figure", _shown)
        article = self._nearest(node, "article", _is("article"))
        if article is None or article.mem_id in self._own:
            return None
        return self._part(article, "article", _permalinks)

    def of_default(self, node: Node) -> Subject:
        """What RDFa without a subject speaks of: the page, unless what it is in is apart."""
        return self.of_place(node) or (UNCLEAR if self._is_apart(node) else PAGE)

    def _is_apart(self, node: Node) -> bool:
        """Whether what an element stands in may have words of its own: a quotation, a list."""
        if self._nearest(node, "apart", _is_section) is not None:
            return True
        article = self._nearest(node, "article", _is("article"))
        return article is not None and len(self._own) > 1

    def of_rdfa(self, node: Node) -> Subject | None:
        """What RDFa on an element speaks of; ``None`` where nothing around it says."""
        item = rdfa.item(node, self.base, itself=True, things=self._things)
        if item is None:
            holder = self._nearest(node, "rdfa", rdfa.names)
            if holder is not None:
                item = rdfa.item(holder, self.base, things=self._things)
        return subject_of(item, self.page) if item is not None else None

    def prefixes(self, node: Node) -> Mapping[str, str]:
        """The prefixes of RDFa that are declared for an element."""
        return self._things.prefixes(node)

    def of_microdata(self, node: Node) -> Subject:
        """What a microdata property speaks of; a property outside of any item of nothing."""
        item = self._items.of(node)
        return subject_of(item, self.page) if item is not None else UNCLEAR

    def _nearest(self, node: Node, name: str, wanted: Callable[[Node], bool]) -> Node | None:
        return nearest(node, wanted, self._known.setdefault(name, {}))

    def _part(
        self, node: Node, within: str, named: Callable[[Node], Iterator[str | None]]
    ) -> Subject:
        made = self._made.get(node.mem_id)
        if made is None:
            found = islice((each for each in named(node) if each), _MOST_PARTS)
            urls = (resolved(each.encode("utf-8", "replace"), self.base) for each in found)
            parts = tuple(
                each for each in dict.fromkeys(urls) if each.startswith(("http://", "https://"))
            )
            made = self._made[node.mem_id] = Subject(LicenceScope.PART, parts, within)
        return made


def _shown(figure: Node) -> Iterator[str | None]:
    """What a figure shows: media, their other sizes, and pictures that it links to."""
    for node in figure.css(_MEDIA):
        given = node.attributes
        for name in ("src", "data-src", "data-original", "data-lazy-src"):
            yield given.get(name)
        for name in ("srcset", "data-srcset"):
            for candidate in (given.get(name) or "").split(","):
                yield candidate.strip().partition(" ")[0]
    for node in figure.css("a[href]"):
        href = node.attributes.get("href") or ""
        if _PICTURE.search(href.partition("?")[0]):
            yield href


def _permalinks(article: Node) -> Iterator[str | None]:
    return (node.attributes.get("href") for node in article.css(_PERMALINK))


def _is(tag: str) -> Callable[[Node], bool]:
    return lambda node: node.tag == tag


def _is_footer(node: Node) -> bool:
    if node.tag == _FOOTER:
        return True
    given = node.attributes
    return given.get("role") == "contentinfo" or (given.get("id") or "").lower() == _FOOTER


def _own_articles(document: Document, page: Page, base: str) -> frozenset[int]:
    """The articles that may be what the page is about.

    None within another is, none aside, and none of which the heading leads elsewhere. Of
    the rest it is the only one, the only one that holds a main heading, or the only one in
    ``main``; where none of that tells, none of them is surely another item's.
    """
    known: dict[int, Node | None] = {}
    asides: dict[int, Node | None] = {}
    mains: dict[int, Node | None] = {}
    outer = [
        node
        for node in document.css("article")
        if nearest(node, _is("article"), known) is None
        and nearest(node, _is_aside, asides) is None
        and not _leads_elsewhere(node, page, base)
    ]
    holding = [node for node in outer if node.css_first("h1") is not None]
    inside = [node for node in outer if nearest(node, _is_main, mains) is not None]
    for told in (outer, holding, inside):
        if len(told) == 1:
            return frozenset({told[0].mem_id})
    return frozenset(node.mem_id for node in outer)


def _leads_elsewhere(article: Node, page: Page, base: str) -> bool:
    """Whether the first heading of an article, or its bookmark, is a link to another page."""
    link = article.css_first('a[rel~="bookmark" i][href]')
    if link is None:
        heading = article.css_first("h1, h2, h3")
        link = heading.css_first("a[href]") if heading is not None else None
    href = link.attributes.get("href") if link is not None else None
    return bool(href) and not page.is_named_by(resolved((href or "").encode(), base))


def _is_section(node: Node) -> bool:
    return node.tag in _SECTIONS


def _is_aside(node: Node) -> bool:
    return node.tag in ("aside", "nav")


def _is_main(node: Node) -> bool:
    return node.tag == "main" or node.attributes.get("role") == "main"
