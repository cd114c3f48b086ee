"""Whose licence it is, where a carrier describes things.

JSON-LD, microdata and RDFa all describe things that have types, names and places under
one another; what follows from those is the same for all three (licences.md, "Which licence is
the page's").
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.locate.schema_types import MEDIA, SITES, WEB_PAGES, WORKS
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

UNCLEAR: Final = Subject(LicenceScope.UNCLEAR)
"""It is not clear what a declaration is about."""

MAX_NAMES: Final = 100
"""How many names or media of one thing are looked at; with more it is unclear (rule R39)."""

MAX_PARENTS: Final = 16
"""How far up a thing's parents are asked; beyond that it is unclear (rule R39)."""

SAME: Final = frozenset({"mainEntity", "mainEntityOfPage"})
"""The properties whose two ends say the same of a page: it, and what it is for."""

PARTS: Final = frozenset(
    {
        "acceptedAnswer",
        "answer",
        "associatedMedia",
        "audio",
        "blogPost",
        "blogPosts",
        "caption",
        "citation",
        "clip",
        "comment",
        "containsSeason",
        "dataset",
        "distribution",
        "encoding",
        "encodings",
        "episode",
        "episodes",
        "exampleOfWork",
        "field",
        "fileObject",
        "hasCourse",
        "hasPart",
        "hasVariant",
        "image",
        "images",
        "isBasedOn",
        "isBasedOnUrl",
        "issue",
        "item",
        "itemListElement",
        "logo",
        "mentions",
        "photo",
        "photos",
        "primaryImageOfPage",
        "recordSet",
        "review",
        "reviews",
        "season",
        "screenshot",
        "sharedContent",
        "step",
        "suggestedAnswer",
        "thumbnail",
        "track",
        "tracks",
        "trailer",
        "translationOfWork",
        "video",
        "videos",
        "workExample",
        "workTranslation",
    }
)
"""The properties under which hangs a thing of its own: a part of the page, or another work."""

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
_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_WEB = re.compile("https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """How the page in hand may be named.

    ``url`` is the asset's final URL; ``others`` are a canonical URL and an ``og:url`` on
    the same origin, and the URLs of redirects that led here.
    """

    url: str
    others: tuple[str, ...] = ()

    def is_named_by(self, url: str) -> bool:
        """Whether an absolute URL names this page.

        http or https, a fragment (``https://site.example/post/#article``), a slash at the
        end, a default port, the case of host and percent escapes, and ``www.`` in front of
        the host make no difference.
        """
        key = _key(url)
        return bool(key) and (key == _key(self.url) or any(key == _key(o) for o in self.others))

    def is_under(self, url: str) -> bool:
        """Whether an absolute URL names something that this page stands beneath."""
        above = _key(url)
        if not above or "?" in above:
            return False
        keys = (_key(self.url), *map(_key, self.others))
        return any(key.startswith((above + "/", above + "?")) for key in keys)

    @property
    def is_root(self) -> bool:
        """Whether the page is the first one of its site."""
        return self.is_named_by(_root(self.url))

    def is_site(self, url: str) -> bool:
        """Whether an absolute URL names the site of this page."""
        return bool(key := _key(url)) and key == _key(_root(self.url))


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that is described.

    ``types`` are the last parts of its types (``Article``); ``names`` the absolute URLs
    that name it (``@id``, ``url``, ``mainEntityOfPage``; ``itemid``, ``itemprop=url``;
    ``about``, ``resource``); ``media`` its absolute ``contentUrl``, ``embedUrl`` and
    ``thumbnailUrl``. ``relation`` is the last part of the property that hangs it under its
    ``parent``, empty at the top. ``alone`` says, at the top, that there is no other
    nameless creative work beside it (see ``is_nameless_work``).
    """

    types: tuple[str, ...]
    names: tuple[str, ...]
    media: tuple[str, ...]
    relation: str = ""
    parent: "Item | None" = None
    alone: bool = True


def subject_of(item: Item, page: Page) -> Subject:
    """What a licence of this thing is for: the page, a part that it names, or it is unclear."""
    for _ in range(MAX_PARENTS):
        if len(item.names) > MAX_NAMES or len(item.media) > MAX_NAMES:
            return UNCLEAR
        if _is_media(item.types):
            return _medium(item, page)
        if named := _addresses(item.names):
            return _named(item, named, page)
        if not item.relation:
            return _at_the_top(item, page)
        up = item.relation in SAME or (item.relation == "isPartOf" and is_web_page(item.types))
        if up and item.parent is not None:
            item = item.parent
            continue
        if up and is_web_page(item.types):
            return PAGE
        return _part(item.media, item.names) if item.relation in PARTS else UNCLEAR
    return UNCLEAR


def is_web_page(types: Iterable[str]) -> bool:
    """Whether it is a page by its type: nameless, it is the page that describes it."""
    return not WEB_PAGES.isdisjoint(types)


def is_creative_work(types: Sequence[str]) -> bool:
    """Whether it is a creative work by its type, or has no type that says otherwise."""
    return not types or not WORKS.isdisjoint(types)


def is_nameless_work(types: Sequence[str], names: Iterable[str]) -> bool:
    """Whether it is a work that could be the page's own, for all that its names tell.

    Pages, sites and media are not counted: it is clear without a name what they are.
    """
    return (
        is_creative_work(types)
        and not _is_media(types)
        and WEB_PAGES.isdisjoint(types)
        and SITES.isdisjoint(types)
        and not _addresses(names)
    )


def _is_media(types: Iterable[str]) -> bool:
    return not MEDIA.isdisjoint(types) and WEB_PAGES.isdisjoint(types)


def _medium(item: Item, page: Page) -> Subject:
    """A picture, film or file is a part, but where the asset is that file itself."""
    if any(page.is_named_by(url) for url in item.media):
        return PAGE
    return _part(item.media, (name for name in item.names if not page.is_named_by(name)))


def _named(item: Item, named: tuple[str, ...], page: Page) -> Subject:
    ours = [name for name in named if page.is_named_by(name)]
    if ours:
        if item.relation in PARTS and all("#" in name for name in ours):
            # A comment is https://site.example/post/#comment-1: a place in the page.
            return _part(item.media, ours)
        return PAGE
    if any(page.is_site(name) for name in named):
        return UNCLEAR
    if not SITES.isdisjoint(item.types) and any(page.is_under(name) for name in named):
        return UNCLEAR
    return _part(named, item.media)


def _at_the_top(item: Item, page: Page) -> Subject:
    if is_web_page(item.types):
        return PAGE
    if not SITES.isdisjoint(item.types):
        return PAGE if page.is_root else UNCLEAR
    if not is_creative_work(item.types):
        return UNCLEAR
    if item.alone:
        return PAGE
    return _part(item.names, item.media) if item.names else UNCLEAR


def _part(*urls: Iterable[str]) -> Subject:
    return Subject(LicenceScope.PART, tuple(dict.fromkeys(url for each in urls for url in each)))


def _addresses(names: Iterable[str]) -> tuple[str, ...]:
    """The names that say where a thing stands.

    A URN or a DOI says which thing it is, wherever it stands: often on this very page.
    """
    return tuple(name for name in names if _WEB.match(name) and not _is_resolver(name))


@lru_cache(maxsize=1024)
def _is_resolver(url: str) -> bool:
    try:
        return urls.parse(url).host in _RESOLVERS
    except InvalidURL:
        return False


@lru_cache(maxsize=4096)
def _key(url: str) -> str:
    """What two URLs of one page have in common; empty where it is no http or https URL."""
    try:
        parsed = urls.parse(url)
    except InvalidURL:
        return ""
    host = parsed.host.removeprefix("www.")
    port = f":{parsed.port}" if parsed.port not in (80, 443) else ""
    path, mark, query = parsed.target.partition("?")
    target = _ESCAPE.sub(lambda found: found[0].upper(), path.rstrip("/") + mark + query)
    return host + port + target


def _root(url: str) -> str:
    try:
        return urls.parse(url).origin + "/"
    except InvalidURL:
        return ""
