"""Where a parsed page says whom and what to credit, in metas, links, RDFa and microdata."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from signals_agent.locate import microdata_facts, rdfa_facts
from signals_agent.locate.found import Fact
from signals_agent.locate.html_parts import Parts
from signals_agent.locate.html_scan import REST_OF_TAG, Tag
from signals_agent.locate.html_tree import Marked, Node, Place
from signals_agent.locate.json_ld_facts import is_address
from signals_agent.locate.rdfa import resolved
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import ElementPosition

MAX_TEXT: Final = 500
"""Characters of one fact; the rest is cut."""

MAX_TAGS: Final = 2000
"""Tags of one page that are looked at for facts; these are claims, and no more are needed."""

_SAYS: Final = re.compile(
    rb"[\t\n\f\r /\"'](?:property|itemprop|rel|name|type)[\t\n\f\r ]*+=", re.IGNORECASE
)
_OPENING: Final = re.compile(rb"<[A-Za-z][^\t\n\f\r />]*+(?=[\t\n\f\r /])")
_URL: Final = re.compile(r"(?:https?:)?//|www\.", re.IGNORECASE)
_NOTICE: Final = re.compile(r"\u00a9|\(c\)|&copy;|copyright|all rights reserved", re.IGNORECASE)
# A tag that is only the text of a title or an attribute was marked as well (``html_tree``).
_MARKS: Final = re.compile(r"[\t\n\f\r /](x[0-9a-f]{24})[\t\n\f\r /]\1[0-9]+")
_ADDRESSES: Final = ("http://", "https://", "mailto:")

# By meta name: which fact, and before which others (see ``html_facts``).
_METAS: Final[dict[str, tuple[str, int]]] = {
    "citation_title": ("title", 3),
    "dcterms.title": ("title", 4),
    "dc.title": ("title", 4),
    "og:title": ("title", 5),
    "citation_author": ("creator", 3),
    "dcterms.creator": ("creator", 4),
    "dc.creator": ("creator", 4),
    "author": ("creator", 5),
    "article:author": ("creator", 6),
    "citation_journal_title": ("collection", 2),
    "og:site_name": ("collection", 3),
    "application-name": ("collection", 4),
    "dcterms.publisher": ("collection", 5),
    "dc.publisher": ("collection", 5),
    "copyright": ("copyright-notice", 3),
    "dcterms.rights": ("copyright-notice", 4),
    "dc.rights": ("copyright-notice", 4),
    "dcterms.rightsholder": ("copyright-holder", 3),
    "citation_publication_date": ("published", 3),
    "citation_date": ("published", 3),
    "article:published_time": ("published", 4),
    "dcterms.issued": ("published", 4),
    "dc.date.issued": ("published", 4),
    "article:modified_time": ("modified", 4),
    "dcterms.modified": ("modified", 4),
}
TITLE_RANK: Final = 6
"""How a ``title`` element ranks: last, for it often holds the site's name as well."""

_AUTHOR_LINK: Final = 7
_IN_BODY: Final = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact, and its rank among those of its name: the lowest is taken."""

    rank: int
    fact: Fact


@dataclass(slots=True)
class Sheet:
    """What the elements of one page are judged by.

    ``budget`` are characters of text left to read, ``items`` items left to look into.
    """

    parts: Parts
    offsets: "Offsets"
    budget: int
    items: int = 100
    known: dict[int, Node | None] = field(default_factory=dict)

    def text(self, node: Node) -> str | None:
        """An element's text as one line; ``None`` where there is none, or it is enough."""
        if self.budget <= 0:
            return None
        text = node.text(deep=True)
        self.budget -= len(text)
        return one_line(text)

    def line(self, written: str) -> str | None:
        """An attribute's value as one line; ``None`` where nothing is left of it."""
        return one_line(written)

    def address(self, written: str | None) -> str | None:
        """A reference as an absolute http, https or mailto URL; else ``None``."""
        if not written or len(written) > 8 * MAX_TEXT:
            return None
        url = resolved(written.encode("utf-8", "replace"), self.parts.base)
        return url if url.lower().startswith(_ADDRESSES) else None

    def node(self, written: str | None) -> str | None:
        """The id of somebody's node where it is an address; ``#p`` only tells nodes apart."""
        url = self.address(written)
        return url if url and is_address(url, self.parts.page) else None

    def position(self, element: Marked) -> ElementPosition:
        """Where an element stands in the body as it was received."""
        return ElementPosition(element.node.tag or "", self.offsets.of(element.tag.start))


@dataclass(frozen=True, slots=True)
class Offsets:
    """From offsets in the octets that are parsed to those of the body.

    Where both have the same number of ``<``, which every encoding writes alike that
    browsers know, tag answers to tag; else offsets are those of what is parsed.
    """

    shift: int = 0
    parsed: tuple[int, ...] = ()
    received: tuple[int, ...] = ()

    def of(self, offset: int) -> int:
        """The offset in the body of a ``<``."""
        if self.parsed:
            offset = self.received[bisect_left(self.parsed, offset)]
        return offset + self.shift


def offsets(received: bytes, parsed: bytes, shift: int) -> Offsets:
    """How offsets relate; ``parsed`` are the octets ``received`` in UTF-8."""
    if received == parsed:
        return Offsets(shift)
    theirs, ours = (
        tuple(each.start() for each in re.finditer(b"<", octets)) for octets in (received, parsed)
    )
    return Offsets(shift, ours, theirs) if len(theirs) == len(ours) else Offsets(shift)


def tags(octets: bytes) -> list[Tag]:
    """The tags that may say something, as they are written; scripts and comments hold some too."""
    found: list[Tag] = []
    budget = 4 * len(octets) + 64 * 1024
    for opening in _OPENING.finditer(octets):
        start, after = opening.span()
        rest = REST_OF_TAG.match(octets, after)
        end = rest.end() if rest is not None else len(octets)
        budget -= end - start
        if budget < 0 or len(found) == MAX_TAGS:
            break
        if rest is not None and _SAYS.search(octets, after, end):
            found.append(Tag(start, end, after - start))
    return found


def candidates(elements: list[Marked], sheet: Sheet) -> Iterator[Candidate]:
    """Every fact that these elements state about the page itself."""
    for element in elements:
        if element.place is Place.APART or element.node.tag == "script":
            continue
        given = {
            key.decode("utf-8", "replace"): value.decode("utf-8", "replace")
            for key, value in element.attributes.items()
        }
        if element.node.tag == "meta":
            yield from _meta(element, given, sheet)
        if "itemprop" in given:
            yield from (Candidate(1, fact) for fact in microdata_facts.read(element, given, sheet))
        said = rdfa_facts.fields(given)
        author = "author" in given.get("rel", "").lower().split() and "href" in given
        if (said or author) and _of_page(element, sheet):
            yield from (
                Candidate(_rank(fact), fact)
                for fact in rdfa_facts.read(element, given, said, sheet)
            )
            if author:
                yield from _author(element, given, sheet)


def _rank(fact: Fact) -> int:
    """RDFa goes after microdata; but whom ccREL asks to name was written for credit lines alone."""
    return -1 if fact.name == "credit-text" else 2


def _of_page(element: Marked, sheet: Sheet) -> bool:
    """Whether what an element says is not about a part: a figure, or another thing's article."""
    subject = sheet.parts.of_link(element.node, element.place)
    return subject.scope is not LicenceScope.PART


def _meta(element: Marked, given: dict[str, str], sheet: Sheet) -> Iterator[Candidate]:
    value = one_line(given.get("content"))
    for attribute in ("name", "property"):
        known = _METAS.get(given.get(attribute, "").strip().lower())
        if known is None or value is None:
            continue
        fact, rank = known
        if element.place is not Place.HEAD:
            # A stray element ends the head early; who reads Open Graph reads it anywhere.
            if attribute == "name":
                continue
            rank += _IN_BODY
        if fact == "creator" and _URL.match(value):
            continue
        if fact == "copyright-notice" and not says_copyright(value, plainly=rank != 3):
            continue
        yield Candidate(rank, Fact(fact, value, "html-meta", sheet.position(element)))
        return


def says_copyright(value: str, *, plainly: bool = True) -> bool:
    """Whether a text is a notice to keep: no bare URL, and where asked for one in so many words."""
    if _URL.match(value) and " " not in value:
        return False
    return not plainly or bool(_NOTICE.search(value))


def _author(element: Marked, given: dict[str, str], sheet: Sheet) -> Iterator[Candidate]:
    is_link = element.node.tag == "link"
    name = one_line(given.get("title")) if is_link else sheet.text(element.node)
    url = sheet.address(given["href"])
    if name is None or _URL.match(name):
        return
    carrier = "html-link" if is_link else "html-anchor"
    yield Candidate(_AUTHOR_LINK, Fact("creator", name, carrier, sheet.position(element), url))


def one_line(text: str | None) -> str | None:
    """One line, its white space collapsed; ``None`` where nothing is left of it."""
    cut = (text or "")[: 8 * MAX_TEXT]
    if "<" in cut:
        cut = _MARKS.sub("", cut)
    return " ".join(cut.split())[:MAX_TEXT].rstrip() or None
