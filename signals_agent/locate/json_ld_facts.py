"""What the JSON-LD of a page says of the page for a credit line: claims, no more (rule R24)."""

import html
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from signals_agent.locate.found import Fact
from signals_agent.locate.json_ld_graph import Entry, Thing, Things
from signals_agent.locate.lenient_json import Object
from signals_agent.locate.subject import SAME, is_creative_work, is_web_page
from signals_agent.model.position import Position

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

_Row = tuple[str, str | None, Entry]


def may_speak(thing: Thing) -> bool:
    """Whether a thing may be the page: a creative work that is not plainly part of another."""
    return (
        thing.described
        and is_creative_work(thing.types)
        and (thing.parent is None or thing.relation in SAME or thing.may_be_named)
    )


def facts(
    things: Things,
    pages: Sequence[Thing],
    carrier: str,
    position: Callable[[Entry], Position],
) -> tuple[Fact, ...]:
    """Each fact from the first of these things that has it, works before web pages."""
    known: dict[str, list[Fact]] = {}
    for thing in sorted(pages, key=lambda each: is_web_page(each.types)):
        mine: dict[str, list[Fact]] = {}
        for name, (text, url, entry) in _facts(things, thing):
            if name not in known:
                said = mine.setdefault(name, [])
                if all(text != other.value for other in said):
                    said.append(Fact(name, text, carrier, position(entry), url))
        known |= mine
    return tuple(fact for said in known.values() for fact in said)


def _facts(things: Things, thing: Thing) -> Iterator[tuple[str, _Row]]:
    for name in ("headline", "name"):
        if row := _plain(things, thing, name):
            yield "title", row
            break
    creators = (
        row
        for name in ("creator", "author")
        for entry in thing.entries(name)
        if (row := _agent(things, entry))
    )
    for row in islice(creators, _MAX_CREATORS):
        yield "creator", row
    for fact, name in _PLAIN:
        if row := _plain(things, thing, name):
            yield fact, row
    if row := _collection(things, thing):
        yield "collection", row
    holder = _first_agent(things, thing, "copyrightHolder")
    if holder:
        yield "copyright-holder", holder
    if licensor := holder or _first_agent(things, thing, "publisher"):
        text, url, entry = licensor
        yield "licensor", (text, _contact(things, entry) or url, entry)


def _plain(things: Things, thing: Thing, name: str) -> _Row | None:
    entry = things.first(thing, name)
    text = _line(things.text(entry)) if entry else ""
    return (text, None, entry) if entry and text else None


def _first_agent(things: Things, thing: Thing, name: str) -> _Row | None:
    return next(filter(None, (_agent(things, each) for each in thing.entries(name))), None)


def _agent(things: Things, entry: Entry) -> _Row | None:
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
    url = _url(things, somebody)
    return (name or url or "", url, entry) if name or url else None


def _url(things: Things, thing: Thing) -> str | None:
    found = things.first(thing, "url")
    same = things.first(thing, "sameAs")
    candidates = (
        things.url(found) if found else None,
        thing.id,
        things.url(same) if same else None,
    )
    return next((url for url in candidates if url and _is_web(url)), None)


def _contact(things: Things, entry: Entry) -> str | None:
    """Where somebody can be asked: a page, a ``mailto:``, or what a contact point gives."""
    somebody = _thing(things, entry)
    if somebody is None:
        return None
    found = things.first(somebody, "url")
    url = things.url(found) if found else None
    if url and _is_web(url):
        return url
    if mail := _mail(things, somebody):
        return mail
    for each in islice(somebody.entries("contactPoint"), _MAX_CREATORS):
        point = _thing(things, each)
        if point is None:
            continue
        found = things.first(point, "url")
        url = things.url(found) if found else None
        if mail := _mail(things, point) or (url if url and _is_web(url) else None):
            return mail
    return None


def _mail(things: Things, thing: Thing) -> str | None:
    address = _text(things, thing, "email").removeprefix("mailto:").strip()
    plain = "@" in address and not any(c.isspace() or c in "<>\"'" for c in address)
    return f"mailto:{address}" if plain else None


def _collection(things: Things, thing: Thing) -> _Row | None:
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
            return name, _url(things, whole), entry
        seen.add(whole)
        at = whole
    catalogue = _first_agent(things, thing, "includedInDataCatalog")
    return catalogue or _first_agent(things, thing, "publisher")


def _thing(things: Things, entry: Entry) -> Thing | None:
    return things.of(entry.value) if isinstance(entry.value, Object) else None


def _text(things: Things, thing: Thing, name: str) -> str:
    entry = things.first(thing, name)
    return _line(things.text(entry)) if entry else ""


def _line(text: str) -> str:
    """One line, its white space collapsed, without the entities that themes leave in."""
    return " ".join(html.unescape(text[: 8 * _MAX_TEXT]).split())[:_MAX_TEXT]


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
