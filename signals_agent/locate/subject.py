"""Whose licence it is, where a carrier describes things.

JSON-LD, microdata and RDFa all describe things that have types, names and places under
one another; what follows from those is the same for all three (docs/rules.md, "Which licence
is the page's").
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.locate.page import Page, host, key
from signals_agent.locate.schema_types import (
    COMMENTS,
    MEDIA,
    PAGE_ELEMENTS,
    PARTS,
    SITES,
    WEB_PAGES,
    WORKS,
)
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

__all__ = [
    "LICENCES",
    "MAX_NAMES",
    "MAX_PARENTS",
    "SAME",
    "UNCLEAR",
    "Beside",
    "Item",
    "Page",
    "is_comment",
    "is_creative_work",
    "is_media",
    "is_web_page",
    "subject_of",
]

UNCLEAR: Final = Subject(LicenceScope.UNCLEAR)
"""It is not clear what a declaration is about."""

MAX_NAMES: Final = 100
"""How many names or media of one thing are looked at; with more it is unclear (rule R39)."""

MAX_PARENTS: Final = 16
"""How far up a thing's parents are asked; beyond that it is unclear (rule R39)."""

SAME: Final = frozenset({"mainEntity", "mainEntityOfPage"})
"""The properties whose two ends say the same of a page: it, and what it is for."""

LICENCES: Final = frozenset(
    {"acquireLicensePage", "license", "morePermissions", "rights", "usageInfo"}
)
"""The properties under which hangs a licence, which may be under a licence itself."""

_RESOLVERS: Final = frozenset(
    {
        "ark.org",
        "bioregistry.io",
        "doi.org",
        "dx.doi.org",
        "hdl.handle.net",
        "identifiers.org",
        "n2t.net",
        "nbn-resolving.org",
        "purl.org",
        "resolver.kb.nl",
        "urn.fi",
        "w3id.org",
        "www.doi.org",
    }
)
_WEB = re.compile("https?:", re.IGNORECASE)
_MAX_PARTS = 8192
# A comment is called one of these as well.
_UNTOLD = frozenset({"CreativeWork", "Item", "Post"})


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that is described.

    ``types`` are the last parts of its types (``Article``); ``names`` the absolute URLs
    that name it (``@id``, ``url``, ``mainEntityOfPage``; ``itemid``, ``itemprop=url``;
    ``about``, ``resource``); ``media`` its absolute ``contentUrl``, ``embedUrl`` and
    ``thumbnailUrl``. ``relation`` is the last part of the property that hangs it under its
    ``parent``, empty at the top. ``alone`` says, at the top, that there is no other
    nameless creative work beside it, ``listed`` that there are works with other URLs
    (see ``Beside``). ``whole`` says that it is the whole document (``html``, ``body``).
    """

    types: tuple[str, ...]
    names: tuple[str, ...]
    media: tuple[str, ...]
    relation: str = ""
    parent: "Item | None" = None
    alone: bool = True
    listed: bool = False
    whole: bool = False


class Beside:
    """What stands at the top of a page's description, or is the main entity of what does.

    Works are told from pages, which describe the same page beside them, and from comments,
    which are beside a work and no other one.
    """

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._nameless: Counter[str] = Counter()
        self._hosts: Counter[tuple[str, str]] = Counter()
        self._keys: Counter[tuple[str, str]] = Counter()

    def add(self, types: Sequence[str], names: Sequence[str], *, main_entity: bool = False) -> None:
        """Take in a thing that is described there, with its types and absolute names.

        One of more names than are looked at says nothing of the others.
        """
        if not (kind := _kind(types)) or len(names) > MAX_NAMES:
            return
        addresses = _addresses(names)
        if not main_entity:
            self._kinds[kind] += 1
            self._nameless[kind] += not addresses
        self._hosts.update({(kind, host(each)) for each in addresses})
        self._keys.update({(kind, key(each)) for each in addresses})

    def is_alone(self, types: Sequence[str], names: Sequence[str]) -> bool:
        """Whether no other work could as well be what a nameless one is: the page's own."""
        kind = _kind(types)
        if kind == _COMMENT:
            return not self._kinds[_WORK] and self._kinds[_COMMENT] <= 1
        mine = kind == _WORK and not _addresses(names)
        return self._nameless[_WORK] <= mine

    def is_listed(self, types: Sequence[str], names: Sequence[str]) -> bool:
        """Whether works of its kind have other URLs on its host: all are parts of a listing.

        What is no work is counted as listed, and so is a comment that is not all there is.
        """
        kind = _kind(types)
        if kind in ("", _COMMENT):
            return not kind or not self.is_alone(types, names)
        addresses = _addresses(names)
        most = max((self._keys[kind, key(each)] for each in addresses), default=0)
        return any(self._hosts[kind, host(each)] > most for each in addresses)


_PAGE: Final = "page"
_WORK: Final = "work"
_COMMENT: Final = "comment"


def _kind(types: Sequence[str]) -> str:
    if not is_creative_work(types) or is_media(types):
        return ""
    if not WEB_PAGES.isdisjoint(types):
        return _PAGE
    if not SITES.isdisjoint(types) or not PAGE_ELEMENTS.isdisjoint(types):
        return ""
    return _COMMENT if is_comment(types) else _WORK


def subject_of(item: Item, page: Page) -> Subject:
    """What a licence of this thing is for: the page, a part that it names, or it is unclear."""
    for _ in range(MAX_PARENTS):
        if len(item.names) > MAX_NAMES or len(item.media) > MAX_NAMES:
            return UNCLEAR
        if is_media(item.types):
            return _medium(item, page)
        if named := _addresses(item.names):
            return _named(item, named, page)
        if not item.relation:
            return _at_the_top(item, page)
        up = item.relation in SAME or (item.relation == "isPartOf" and is_web_page(item.types))
        remarked = item.parent is not None and _is_remark(item.parent) and is_web_page(item.types)
        if up and item.parent is not None and not remarked:
            item = item.parent
            continue
        if up and is_web_page(item.types):
            return PAGE
        if item.relation in PARTS or item.relation in LICENCES or _is_remark(item):
            return _part(item.media, item.names)
        return UNCLEAR
    return UNCLEAR


def is_web_page(types: Iterable[str]) -> bool:
    """Whether it is a page by its type: nameless, it is the page that describes it."""
    return not WEB_PAGES.isdisjoint(types)


def is_creative_work(types: Sequence[str]) -> bool:
    """Whether it is a creative work by its type, or has no type that says otherwise."""
    return not types or not WORKS.isdisjoint(types)


def is_comment(types: Iterable[str]) -> bool:
    """Whether it is said about a work, and no work of its own: a comment, an answer, a review."""
    known = WORKS.intersection(types) - _UNTOLD
    return bool(known) and known <= COMMENTS


def _is_remark(item: Item) -> bool:
    """Whether it is a comment or the like, which is never the page, also where it is alone.

    But a template may call the whole document a review.
    """
    return is_comment(item.types) and not item.whole


def is_media(types: Iterable[str]) -> bool:
    """Whether it is a picture, film, sound or file by its type, and no page."""
    return not MEDIA.isdisjoint(types) and WEB_PAGES.isdisjoint(types)


def _medium(item: Item, page: Page) -> Subject:
    """A picture, film or file is a part, but where the asset is that file itself."""
    if any(page.is_named_by(url) for url in item.media):
        return PAGE
    return _part(item.media, (name for name in item.names if not page.is_named_by(name)))


def _named(item: Item, named: tuple[str, ...], page: Page) -> Subject:
    beneath = item.relation in PARTS or item.relation in LICENCES
    remark = _is_remark(item)
    apart = beneath or remark or (item.listed and is_comment(item.types))
    ours = [name for name in named if page.is_named_by(name)]
    if ours:
        if apart and all("#" in name for name in ours):
            # A comment is https://site.example/post/#comment-1: a place in the page.
            return _part(item.media, ours)
        return PAGE
    if not remark and any(page.is_site(name) for name in named):
        return UNCLEAR
    if item.whole:
        # Templates take the URL of a logo for that of the page.
        return UNCLEAR
    if not apart:
        if any(page.is_under(name) for name in named):
            return UNCLEAR
        near = [name for name in named if page.is_beside(name)]
        if near and not item.listed and _kind(item.types):
            return _near(item, near, page)
    return _part(named, item.media)


def _near(item: Item, near: Iterable[str], page: Page) -> Subject:
    """A work that is named by a neighbour of the page's URL, and stands in no listing."""
    top = _is_at_the_top(item)
    if top and any(page.is_varied_by(name) for name in near):
        return PAGE
    if top or any(page.is_above(name) for name in near):
        return UNCLEAR
    return _part(item.names, item.media)


def _is_at_the_top(item: Item) -> bool:
    """Whether it is what the page describes first of all, or the main entity of that."""
    at: Item | None = item
    for _ in range(MAX_PARENTS):
        if at is None or not at.relation:
            return True
        if at.relation not in SAME:
            return False
        at = at.parent
    return True


def _at_the_top(item: Item, page: Page) -> Subject:
    if is_web_page(item.types):
        return PAGE
    if not SITES.isdisjoint(item.types):
        return PAGE if page.is_root else UNCLEAR
    if not is_creative_work(item.types) or not PAGE_ELEMENTS.isdisjoint(item.types):
        return UNCLEAR
    if item.alone and not _is_remark(item):
        return PAGE
    return _part(item.names, item.media) if item.names or is_comment(item.types) else UNCLEAR


def _part(*urls: Iterable[str]) -> Subject:
    """A part by its URLs, as many of them as a result can hold for each of many parts."""
    parts: dict[str, None] = {}
    room = _MAX_PARTS
    for url in (url for each in urls for url in each):
        if url not in parts and len(url) <= room:
            room -= len(url)
            parts[url] = None
    return Subject(LicenceScope.PART, tuple(parts))


def _addresses(names: Sequence[str]) -> tuple[str, ...]:
    """The names that say where a thing stands.

    A URN or a DOI says which thing it is, wherever it stands: often on this very page.
    """
    if len(names) > MAX_NAMES:
        return ()
    return tuple(name for name in names if _WEB.match(name) and not _is_resolver(name))


@lru_cache(maxsize=1024)
def _is_resolver(url: str) -> bool:
    try:
        return urls.parse(url).host in _RESOLVERS
    except InvalidURL:
        return False
