"""What an element of a page is about: the page, a part of it, or it is not clear which."""

from collections.abc import Callable
from typing import Final

from signals_agent.locate import rdfa
from signals_agent.locate.html_tree import Document, Node, Place, nearest
from signals_agent.locate.microdata import Items
from signals_agent.locate.rdfa import resolved
from signals_agent.locate.subject import Page, subject_of
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

UNCLEAR: Final = Subject(LicenceScope.UNCLEAR)
_MEDIA: Final = "img[src], video[src], audio[src], source[src], embed[src], iframe[src]"
_PERMALINK: Final = 'a[rel~="bookmark" i], a[itemprop~="url"], h1 a, h2 a, h3 a'
_MOST_PARTS: Final = 100
_FOOTER: Final = "footer"


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
        self._known: dict[str, dict[int, Node | None]] = {}
        self._own = _own_article(document)
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
        figure = self._nearest(node, "figure", _is("figure"))
        if figure is not None:
            return self._part(figure, "figure", _MEDIA, "src")
        article = self._nearest(node, "article", _is("article"))
        if article is not None and article.mem_id != self._own:
            return self._part(article, "article", _PERMALINK, "href")
        if self._nearest(node, _FOOTER, _is_footer) is not None:
            return Subject(LicenceScope.UNCLEAR, within=_FOOTER)
        return UNCLEAR

    def of_rdfa(self, node: Node) -> Subject | None:
        """What RDFa on an element speaks of; ``None`` where nothing around it says."""
        item = rdfa.item(node, self.base, itself=True)
        if item is None:
            holder = self._nearest(node, "rdfa", rdfa.names)
            item = rdfa.item(holder, self.base) if holder is not None else None
        return subject_of(item, self.page) if item is not None else None

    def of_microdata(self, node: Node) -> Subject:
        """What a microdata property speaks of; a property outside of any item of nothing."""
        item = self._items.of(node)
        return subject_of(item, self.page) if item is not None else UNCLEAR

    def _nearest(self, node: Node, name: str, wanted: Callable[[Node], bool]) -> Node | None:
        return nearest(node, wanted, self._known.setdefault(name, {}))

    def _part(self, node: Node, within: str, selector: str, attribute: str) -> Subject:
        made = self._made.get(node.mem_id)
        if made is None:
            found = (each.attributes.get(attribute) for each in node.css(selector)[:_MOST_PARTS])
            urls = (resolved(each.encode("utf-8", "replace"), self.base) for each in found if each)
            parts = tuple(
                each for each in dict.fromkeys(urls) if each.startswith(("http://", "https://"))
            )
            made = self._made[node.mem_id] = Subject(LicenceScope.PART, parts, within)
        return made


def _is(tag: str) -> Callable[[Node], bool]:
    return lambda node: node.tag == tag


def _is_footer(node: Node) -> bool:
    if node.tag == _FOOTER:
        return True
    given = node.attributes
    return given.get("role") == "contentinfo" or (given.get("id") or "").lower() == _FOOTER


def _own_article(document: Document) -> int | None:
    """The article that the page is about: its only one, or the one that holds the only h1.

    An article within another (a comment, say) is never the page's own.
    """
    known: dict[int, Node | None] = {}
    outer = [
        node for node in document.css("article") if nearest(node, _is("article"), known) is None
    ]
    if len(outer) == 1:
        return outer[0].mem_id
    holding = [node for node in outer if node.css_first("h1") is not None]
    return holding[0].mem_id if len(holding) == 1 else None
