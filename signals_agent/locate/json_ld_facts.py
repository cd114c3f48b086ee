"""What the JSON-LD of a page says of the page for a credit line: claims, no more (rule R24)."""

import html
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from signals_agent.locate.found import Fact
from signals_agent.locate.json_ld_graph import Entry, Thing, Things
from signals_agent.locate.subject import (
    MAX_NAMES,
    SAME,
    Page,
    is_creative_work,
    is_media,
    is_web_page,
)
from signals_agent.model.position import Position
from signals_agent.syntax.lenient_json import Object

TITLES = ("name", "headline")
"""The properties that are a work's title, best first; a headline may be a description."""

_MAX_TEXT = 500
_MAX_CREATORS = 20
_MAX_STEPS = 5
_PLAIN = (
    ("credit-text", "creditText"),
    ("copyright-notice", "copyrightNotice"),
    ("modified", "dateModified"),
)
_COLLECTIONS = frozenset(
    {
        "Blog",
        "Book",
        "Collection",
        "DataCatalog",
        "Dataset",
        "Newspaper",
        "Periodical",
        "WebSite",
    }
)

_CONTENTS = ("contentUrl", "contentURL", "url")
_Row = tuple[str, str | None, Entry]


def may_speak(thing: Thing) -> bool:
    """Whether a thing may be the page: a creative work that is not plainly part of another."""
    return (
        thing.described
        and is_creative_work(thing.types)
        and (thing.parent is None or thing.relation in SAME or thing.may_be_named)
    )


def is_file(things: Things, thing: Thing, page: Page) -> bool:
    """Whether a thing is the file itself that ``page`` names: a picture, a film, a download."""
    if not thing.described or not is_media(thing.types):
        return False
    found = (things.url(entry) for name in _CONTENTS for entry in thing.entries(name))
    urls = islice((url for url in (thing.address, *found) if url), MAX_NAMES)
    return any(page.is_named_by(url) for url in urls)


def facts(
    things: Things,
    pages: Sequence[Thing],
    carrier: str,
    position: Callable[[Entry], Position],
    page: Page,
    titles: Sequence[str] = TITLES,
) -> tuple[Fact, ...]:
    """Each fact from the first of these things that has it, works before web pages.

    ``page`` is the page that they stand on, ``titles`` the properties that may be a title.
    """
    known: dict[str, list[Fact]] = {}
    for thing in sorted(pages, key=lambda each: is_web_page(each.types)):
        mine: dict[str, list[Fact]] = {}
        for name, (text, url, entry) in _facts(things, thing, page, titles):
            if name not in known:
                said = mine.setdefault(name, [])
                # Somebody may be asked in several places; else a name stands once.
                again = (url,) if name == "licensor" else ()
                if all((text, *again) != (o.value, *(again and (o.url,))) for o in said):
                    said.append(Fact(name, text, carrier, position(entry), url))
        known |= mine
    return tuple(fact for said in known.values() for fact in said)


def _facts(
    things: Things, thing: Thing, page: Page, titles: Sequence[str]
) -> Iterator[tuple[str, _Row]]:
    for name in titles:
        if row := _plain(things, thing, name):
            yield "title", row
            break
    creators = (
        row
        for name in ("creator", "author")
        for entry in thing.entries(name)
        if (row := _agent(things, entry, page))
    )
    for row in islice(creators, _MAX_CREATORS):
        yield "creator", row
    for fact, name in _PLAIN:
        if row := _plain(things, thing, name):
            yield fact, row
    if row := _collection(things, thing, page):
        yield "collection", row
    if holder := _first_agent(things, thing, "copyrightHolder", page):
        yield "copyright-holder", holder
    for row in _licensors(things, thing, page):
        yield "licensor", row


def _licensors(things: Things, thing: Thing, page: Page) -> list[_Row]:
    """Who may grant a licence: who holds the copyright, else who publishes, each with addresses.

    A holder of whom no more than a name is known stands before a publisher who can be asked.
    """
    holder = _first_agent(things, thing, "copyrightHolder", page)
    held = _asked(things, holder) if holder else []
    if any(url for _, url, _ in held):
        return held
    publisher = _first_agent(things, thing, "publisher", page)
    asked = _asked(things, publisher) if publisher else []
    if holder is None or publisher is None:
        return held or asked
    known = [row for row in asked if row[1]]
    return known if known and holder[0] == publisher[0] else [*held, *known]


def _asked(things: Things, agent: _Row) -> list[_Row]:
    """Somebody with every address under which they can be asked: a page, then a ``mailto:``."""
    text, url, entry = agent
    return [(text, each, entry) for each in _addresses(things, entry) or (url,)]


def _plain(things: Things, thing: Thing, name: str) -> _Row | None:
    entry = things.first(thing, name)
    text = _line(things.text(entry)) if entry else ""
    return (text, None, entry) if entry and text else None


def _first_agent(things: Things, thing: Thing, name: str, page: Page) -> _Row | None:
    return next(filter(None, (_agent(things, each, page) for each in thing.entries(name))), None)


def _agent(things: Things, entry: Entry, page: Page) -> _Row | None:
    """Somebody by name, with a URL if there is one; by the URL where there is no name."""
    if text := _line(things.text(entry)):
        url = things.url(entry) if text.lower().startswith(("http://", "https://")) else None
        return text, url, entry
    somebody = _thing(things, entry)
    if somebody is None:
        return None
    name = _text(things, somebody, "name") or " ".join(
        filter(None, (_text(things, somebody, each) for each in ("givenName", "familyName")))
    )
    url = _url(things, somebody, page)
    return (name or url or "", url, entry) if name or url else None


def _url(things: Things, thing: Thing, page: Page) -> str | None:
    """The address of somebody or something: ``url``, mail, another page, or last its ``@id``."""
    if url := _page(things, thing) or _mail(things, thing):
        return url
    same = things.first(thing, "sameAs")
    if url := _web(things.url(same)) if same else None:
        return url
    node = _web(thing.address)
    return node if node and is_address(node, page) else None


def is_address(node: str, page: Page) -> bool:
    """Whether a node's id may be where somebody is found; ``#p`` only tells nodes apart.

    So does ``/#/schema/person/1``, an id within the site.
    """
    return not page.is_named_by(node) and not ("#" in node and page.is_site(node))


def _addresses(things: Things, entry: Entry) -> tuple[str, ...]:
    """Where somebody can be asked: a page, then a ``mailto:``; theirs or of a contact point."""
    somebody = _thing(things, entry)
    if somebody is None:
        return ()
    url, mail = _page(things, somebody), _mail(things, somebody)
    for each in islice(somebody.entries("contactPoint"), _MAX_CREATORS):
        point = _thing(things, each)
        if point is not None:
            url, mail = url or _page(things, point), mail or _mail(things, point)
    return tuple(each for each in (url, mail) if each)


def _page(things: Things, thing: Thing) -> str | None:
    found = things.first(thing, "url")
    return _web(things.url(found)) if found else None


def _mail(things: Things, thing: Thing) -> str | None:
    address = _text(things, thing, "email").removeprefix("mailto:").strip()
    plain = "@" in address and not any(c.isspace() or c in "<>\"'" for c in address)
    return f"mailto:{address}" if plain else None


def _collection(things: Things, thing: Thing, page: Page) -> _Row | None:
    """What the page is part of: a site, a journal, a data set; else its catalogue or publisher."""
    seen = {thing}
    at: Thing | None = thing
    for _ in range(_MAX_STEPS):
        wholes = at.entries("isPartOf") if at is not None else iter(())
        entry = next((each for each in wholes if things.text(each) or _thing(things, each)), None)
        if entry is None:
            break
        if (text := _line(things.text(entry))) and not _is_web(text):
            return text, None, entry
        whole = _thing(things, entry)
        if whole is None or whole in seen:
            break
        name = _text(things, whole, "name")
        holds = not whole.types or any(
            each in _COLLECTIONS or each.endswith("Series") for each in whole.types
        )
        if name and holds:
            # A site's own id, /#website, leads to its first page.
            return name, _page(things, whole) or _web(whole.address), entry
        seen.add(whole)
        at = whole
    for relation in ("includedInDataCatalog", "publisher"):
        if agent := _first_agent(things, thing, relation, page):
            text, url, entry = agent
            return text, _web(url), entry
    return None


def _thing(things: Things, entry: Entry) -> Thing | None:
    return things.of(entry.value) if isinstance(entry.value, Object) else None


def _text(things: Things, thing: Thing, name: str) -> str:
    entry = things.first(thing, name)
    return _line(things.text(entry)) if entry else ""


def _line(text: str) -> str:
    """One line, its white space collapsed, without the entities that themes leave in."""
    return " ".join(html.unescape(text[: 8 * _MAX_TEXT]).split())[:_MAX_TEXT]


def _web(url: str | None) -> str | None:
    return url if url and _is_web(url) else None


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
