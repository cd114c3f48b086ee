"""What the JSON-LD of one page describes: things, and how they hang together.

Simple JSON-LD 1.1 without its algorithms: names are compared by their last part
(``license`` of ``schema:license``), references are followed within the page, contexts
that stand in the page are honoured, others are never fetched.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from signals_agent.locate.json_ld_context import Context, Place
from signals_agent.locate.schema_types import PARTS
from signals_agent.locate.subject import MAX_NAMES, MAX_PARENTS, SAME, Beside, Item
from signals_agent.syntax.lenient_json import Array, Literal, Object, Value

_CONTENTS = ("@list", "@set")
_NOTHING = ("null", "true", "false", "NaN")
_MEDIA = ("contentUrl", "contentURL", "embedUrl", "embedURL", "thumbnailUrl")
_NAMING = frozenset({"url", "mainEntityOfPage"})
_TRUTHS = ("True", "False", "true", "false")
_LAST = 9
_MAX_PAGE_URLS = 8
_TOO_MANY = tuple(f"urn:x:{number}" for number in range(MAX_NAMES + 1))


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a property: where it begins, and where it stands (``steps`` below a place)."""

    value: Value
    begin: int
    place: Place
    steps: tuple[str | int, ...]

    @property
    def pointer(self) -> str:
        """Its JSON pointer."""
        return self.place.pointer(*self.steps)


@dataclass(slots=True, eq=False)
class Thing:
    """A thing that is described, perhaps in several objects that share its ``@id``."""

    id: str | None
    types: list[str] = field(default_factory=list)
    objects: list[tuple[Object, Place]] = field(default_factory=list)
    relation: str = ""
    parent: "Thing | None" = None
    described: bool = False
    _index: dict[str, list[tuple[Value, int, Place, str]]] | None = None
    _firsts: dict[str, "Entry | None"] = field(default_factory=dict)

    def hang(self, relation: str, parent: "Thing") -> None:
        """Hang it under another thing, unless it hangs where it says more."""
        if parent is self:
            return
        if self.parent is None or _rank(relation) < _rank(self.relation):
            self.relation, self.parent = relation, parent

    @property
    def address(self) -> str | None:
        """Its absolute ``@id``."""
        return None if self.id is None or self.id.startswith("_:") else self.id

    def has_any(self, names: AbstractSet[str]) -> bool:
        """Whether it has a property of one of these names."""
        return any(
            not names.isdisjoint(map(place.context.name, described.names))
            for described, place in self.objects
        )

    @property
    def may_be_named(self) -> bool:
        """Whether it may have a name."""
        return self.id is not None or self.has_any(_NAMING)

    def entries(self, name: str) -> Iterator[Entry]:
        """The values of a property, lists taken apart."""
        for value, begin, place, written in self._indexed().get(name, ()):
            yield from flat(Entry(value, begin, place, (written,)))

    def _indexed(self) -> dict[str, list[tuple[Value, int, Place, str]]]:
        if self._index is None:
            self._index = {}
            for described, place in self.objects:
                rows = zip(described.names, described.values, described.begins, strict=True)
                for written, value, begin in rows:
                    row = (value, begin, place, written)
                    self._index.setdefault(place.context.name(written), []).append(row)
        return self._index


def flat(entry: Entry) -> Iterator[Entry]:
    """A value, or what is in it where it is a list."""
    value = entry.value
    if isinstance(value, Array):
        for index, (inner, begin) in enumerate(zip(value.values, value.begins, strict=True)):
            yield from flat(Entry(inner, begin, entry.place, (*entry.steps, index)))
        return
    if isinstance(value, Object):
        for name, inner, begin in zip(value.names, value.values, value.begins, strict=True):
            if name in _CONTENTS:
                yield from flat(Entry(inner, begin, entry.place, (*entry.steps, name)))
                return
    yield entry


def _is_at_the_top(thing: Thing) -> bool:
    for _ in range(MAX_PARENTS):
        if thing.parent is None:
            return True
        if thing.relation not in SAME:
            return False
        thing = thing.parent
    return True


def _rank(relation: str) -> int:
    if relation in SAME:
        return 0
    if relation in PARTS:
        return 1
    return 2 if relation == "isPartOf" else _LAST


class Things:
    """All things of a page."""

    def __init__(self, base: str) -> None:
        self.all: list[Thing] = []
        self._by_id: dict[str, Thing] = {}
        self._of: dict[Object, Thing] = {}
        self._outside = Context(base, {})
        self._names: dict[Thing, tuple[str, ...]] = {}
        self._media: dict[Thing, tuple[str, ...]] = {}
        self._page_urls: dict[Thing, tuple[str, ...]] = {}
        self._beside: Beside | None = None

    def add(self, script: int, values: Sequence[Value]) -> None:
        """Take in the values of one script; its blank nodes are its own.

        Several values in a row are counted as if they stood in an array.
        """
        top = Place(script, self._outside)
        for index, value in enumerate(values):
            place = top if len(values) == 1 else Place(script, self._outside, top, index)
            self._walk(value, place, "", None)

    def of(self, described: Object) -> Thing | None:
        """The thing that an object describes or refers to."""
        return self._of.get(described)

    def text(self, entry: Entry) -> str:
        """A value as text; empty where it is none. An object's is its ``@value``."""
        value = entry.value
        if isinstance(value, Object):
            said = (v for n, v in zip(value.names, value.values, strict=True) if n == "@value")
            value = next(said, "")
        if isinstance(value, Literal):
            return "" if value in _NOTHING else str(value)
        return value.strip() if isinstance(value, str) else ""

    def first(self, thing: Thing, name: str) -> Entry | None:
        """The first value of a property that is text, or refers to something."""
        if name not in thing._firsts:
            found = (
                entry
                for entry in thing.entries(name)
                if self.text(entry) or (isinstance(entry.value, Object) and self.url(entry))
            )
            thing._firsts[name] = next(found, None)
        return thing._firsts[name]

    def url(self, entry: Entry) -> str | None:
        """A value of ``url`` and its like as an absolute URL."""
        if text := self.text(entry):
            # Themes write {"mainEntityOfPage": "True"}.
            return None if text in _TRUTHS else entry.place.context.absolute(text)
        if isinstance(entry.value, Object):
            thing = self._of.get(entry.value)
            return thing.address if thing is not None else None
        return None

    def names(self, thing: Thing) -> tuple[str, ...]:
        """The absolute URLs that name a thing: one more than are looked at, at most."""
        known = self._names.get(thing)
        if known is None:
            known = self._names[thing] = self._all_names(thing)
        return known

    def item(self, thing: Thing) -> Item:
        """A thing with what it hangs under, as far up as anybody asks."""
        chain = [thing]
        while (up := chain[-1].parent) is not None and len(chain) < MAX_PARENTS and up not in chain:
            chain.append(up)
        item: Item | None = None
        for each in reversed(chain):
            names, beside = self.names(each), self._all_beside()
            item = Item(
                types=tuple(each.types),
                names=names,
                media=self._media_of(each),
                relation=each.relation,
                parent=item,
                alone=beside.is_alone(each.types, names),
                listed=beside.is_listed(each.types, names),
            )
        assert item is not None
        return item

    def _all_names(self, thing: Thing) -> tuple[str, ...]:
        names: dict[str, None] = {} if thing.address is None else {thing.address: None}
        pages: set[Thing] = set()
        for name in sorted(_NAMING, reverse=True):
            for entry in thing.entries(name):
                if url := self.url(entry):
                    names[url] = None
                if name == "mainEntityOfPage" and isinstance(entry.value, Object):
                    page = self._of.get(entry.value)
                    if page is not None and page not in pages:
                        pages.add(page)
                        names.update(dict.fromkeys(self._urls_of(page)))
                if len(names) > MAX_NAMES:
                    return tuple(names)
        return tuple(names)

    def _urls_of(self, page: Thing) -> tuple[str, ...]:
        """What a page names as its ``url``; works by the thousand may be on one page."""
        known = self._page_urls.get(page)
        if known is None:
            urls = dict.fromkeys(url for entry in page.entries("url") if (url := self.url(entry)))
            known = tuple(urls) if len(urls) <= _MAX_PAGE_URLS else _TOO_MANY
            self._page_urls[page] = known
        return known

    def _media_of(self, thing: Thing) -> tuple[str, ...]:
        known = self._media.get(thing)
        if known is None:
            found = (self.url(entry) for name in _MEDIA for entry in thing.entries(name))
            known = tuple(islice((url for url in found if url), MAX_NAMES + 1))
            self._media[thing] = known
        return known

    def _all_beside(self) -> Beside:
        if self._beside is None:
            self._beside = Beside()
            for thing in self.all:
                if thing.described and _is_at_the_top(thing):
                    entity = thing.parent is not None
                    self._beside.add(thing.types, self.names(thing), main_entity=entity)
        return self._beside

    def _walk(self, value: Value, place: Place, relation: str, parent: Thing | None) -> None:
        if isinstance(value, Array):
            for index, inner in enumerate(value.values):
                if isinstance(inner, Array | Object):
                    below = Place(place.script, place.context, place, index)
                    self._walk(inner, below, relation, parent)
        elif isinstance(value, Object):
            self._describe(value, place, relation, parent)

    def _describe(self, value: Object, place: Place, relation: str, parent: Thing | None) -> None:
        for name, inner in zip(value.names, value.values, strict=True):
            if name == "@context":
                context = place.context.inside(inner)
                if context is not place.context:
                    place = Place(place.script, context, place.above, place.step)
        context = place.context
        names = [context.name(name) for name in value.names]
        if "@value" in names:
            return
        if not any(each in names for each in _CONTENTS):
            thing = self._thing(value, names, place)
            self._of[value] = thing
            if parent is not None:
                thing.hang(relation, parent)
            relation, parent = "", thing
        for written, name, inner in zip(value.names, names, value.values, strict=True):
            if not isinstance(inner, Array | Object) or name == "@context":
                continue
            below = Place(place.script, context, place, written)
            if name in ("@graph", "@included"):
                self._walk(inner, below, "", None)
            elif name in _CONTENTS:
                self._walk(inner, below, relation, parent)
            elif name == "@reverse" and isinstance(inner, Object):
                for each, what in zip(inner.names, inner.values, strict=True):
                    self._walk(what, Place(place.script, context, below, each), name, parent)
            else:
                self._walk(inner, below, name, parent)

    def _thing(self, value: Object, names: list[str], place: Place) -> Thing:
        key: str | None = None
        types: list[str] = []
        described = False
        for name, inner in zip(names, value.values, strict=True):
            if name == "@id" and isinstance(inner, str):
                blank = inner.startswith("_:")
                key = f"_:{place.script}{inner}" if blank else place.context.absolute(inner)
            elif name == "@type":
                every = inner.values if isinstance(inner, Array) else (inner,)
                types.extend(place.context.name(t) for t in every if isinstance(t, str))
                described = True
            elif name[:1] != "@":
                described = True
        thing = self._by_id.get(key) if key is not None else None
        if thing is None:
            thing = Thing(key)
            self.all.append(thing)
            if key is not None:
                self._by_id[key] = thing
        thing.types.extend(types)
        thing.described |= described
        thing.objects.append((value, place))
        return thing
