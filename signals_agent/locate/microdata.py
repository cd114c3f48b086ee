"""What microdata in an element's attributes names, and which item it is said of."""

from collections.abc import Mapping
from typing import Final

from signals_agent.locate.html_tree import Document, Node, nearest
from signals_agent.locate.rdfa import MAX_TEXT, resolved, text_of
from signals_agent.locate.subject import Beside, Item

_FIELDS: Final = ("license", "usageInfo", "acquireLicensePage")
# Elements whose value is a URL, and in which attribute (WHATWG HTML 5.2.4).
_URL_OF: Final = {
    "a": b"href",
    "area": b"href",
    "link": b"href",
    "audio": b"src",
    "embed": b"src",
    "iframe": b"src",
    "img": b"src",
    "source": b"src",
    "track": b"src",
    "video": b"src",
    "object": b"data",
}
_MEDIA: Final = frozenset({"contentUrl", "thumbnailUrl", "embedUrl"})
_NAMES: Final = frozenset({"mainEntityOfPage", "url"})
_NAMING: Final = ", ".join(f'[itemprop~="{name}"]' for name in sorted(_MEDIA | _NAMES))
_TOP: Final = "[itemscope]:not([itemprop])"
_ENTITY: Final = '[itemscope][itemprop~="mainEntity"]'
_MOST_URLS: Final = 100


def fields(written: bytes) -> tuple[str, ...]:
    """The properties of an ``itemprop`` that are listened for."""
    tokens = [
        token.rpartition("/")[2]
        if token.startswith(("http://schema.org/", "https://schema.org/"))
        else token
        for token in written.decode("utf-8", "replace").split()
    ]
    return tuple(each for each in _FIELDS if each in tokens)


def value(node: Node, attributes: Mapping[bytes, bytes], base: str) -> tuple[str, bool]:
    """What an element says: a URL made absolute, or its text; the second tells which."""
    if b"itemscope" in attributes:
        return _of_item(node, attributes, base)
    name = _URL_OF.get(node.tag or "")
    if name is not None and name in attributes:
        return resolved(attributes[name], base), True
    content = attributes.get(b"content")
    if content is not None:
        return content.decode("utf-8", "replace").strip(), False
    return text_of(node), False


def _of_item(node: Node, attributes: Mapping[bytes, bytes], base: str) -> tuple[str, bool]:
    """A licence that is an item of its own is known by its URL, else by its name."""
    if attributes.get(b"itemid"):
        return resolved(attributes[b"itemid"], base), True
    for each in node.css('[itemprop~="url"]'):
        return value(each, octets_of(each), base)
    for each in node.css('[itemprop~="name"]'):
        return value(each, octets_of(each), base)
    return text_of(node), False


def details(node: Node, attributes: Mapping[bytes, bytes]) -> tuple[tuple[str, str], ...]:
    """What an element says beside its value: of a licence that is an item, its ``name``."""
    named = node.css_first('[itemprop~="name"]') if b"itemscope" in attributes else None
    if named is None:
        return ()
    content = named.attributes.get("content")
    name = " ".join(content.split()) if content is not None else text_of(named)
    # What is cut off may say what matters.
    return (("name", name),) if 0 < len(name) < MAX_TEXT else ()


class Items:
    """The items of one document, each worked out once.

    What names an item is looked for once in the whole document, not in each item anew.
    """

    def __init__(self, document: Document, base: str) -> None:
        self._document = document
        self._base = base
        self._holders: dict[int, Node | None] = {}
        self._items: dict[int, Item] = {}
        self._naming: dict[tuple[int, bool], list[Node]] | None = None
        self._beside: Beside | None = None

    def of(self, node: Node) -> Item | None:
        """The item to which a property belongs; ``None`` where it stands in none."""
        holder = self._holder(node)
        return self._item(holder) if holder is not None else None

    def _holder(self, node: Node) -> Node | None:
        return nearest(node, _is_item, self._holders)

    def _item(self, node: Node) -> Item:
        chain: list[Node] = []
        above: Node | None = node
        while above is not None and above.mem_id not in self._items:
            chain.append(above)
            above = self._holder(above) if above.attributes.get("itemprop") else None
        for each in reversed(chain):
            self._items[each.mem_id] = self._made(each)
        return self._items[node.mem_id]

    def _made(self, node: Node) -> Item:
        types, names = _types(node), self._names(node)
        relation = (node.attributes.get("itemprop") or "").split(" ")[0]
        holder = self._holder(node) if relation else None
        parent = self._items.get(holder.mem_id) if holder is not None else None
        beside = self._all_beside()
        return Item(
            types,
            names,
            tuple(dict.fromkeys(self._urls(node, media=True))),
            relation if parent is not None else "",
            parent,
            alone=beside.is_alone(types, names),
            listed=beside.is_listed(types, names),
            whole=node.tag in ("html", "body"),
        )

    def _all_beside(self) -> Beside:
        if self._beside is None:
            self._beside = Beside()
            for node in self._document.css(_TOP):
                self._beside.add(_types(node), self._names(node))
            for node in self._document.css(_ENTITY):
                self._beside.add(_types(node), self._names(node), main_entity=True)
        return self._beside

    def _names(self, node: Node) -> tuple[str, ...]:
        itemid = node.attributes.get("itemid")
        names = [resolved(itemid.encode("utf-8", "replace"), self._base)] if itemid else []
        return tuple(dict.fromkeys([*names, *self._urls(node, media=False)]))

    def _urls(self, node: Node, *, media: bool) -> list[str]:
        """The URLs that the item itself, and none within it, has as names or as media."""
        rows = self._all_naming().get((node.mem_id, media), ())
        return [said for each in rows if (said := self._url(each))]

    def _url(self, node: Node) -> str:
        given = octets_of(node)
        if b"itemscope" in given:
            # A page or file as an item of its own: its id, or the first URL that it gives.
            if given.get(b"itemid"):
                return resolved(given[b"itemid"], self._base)
            inner = (
                each
                for media in (False, True)
                for each in self._all_naming().get((node.mem_id, media), ())
            )
            first = next((each for each in inner if not _is_item(each)), None)
            if first is None:
                return ""
            node, given = first, octets_of(first)
        name = _URL_OF.get(node.tag or "")
        if name is not None and name in given:
            return resolved(given[name], self._base)
        content = given.get(b"content")
        said = content.decode("utf-8", "replace").strip() if content is not None else text_of(node)
        return said if said.startswith(("http://", "https://")) else ""

    def _all_naming(self) -> dict[tuple[int, bool], list[Node]]:
        """For each item the elements that name it, and those that name its files."""
        if self._naming is None:
            self._naming = {}
            for node in self._document.css(_NAMING):
                holder = self._holder(node)
                if holder is None:
                    continue
                tokens = (node.attributes.get("itemprop") or "").split()
                for wanted, media in ((_NAMES, False), (_MEDIA, True)):
                    rows = self._naming.setdefault((holder.mem_id, media), [])
                    if len(rows) <= _MOST_URLS and not wanted.isdisjoint(tokens):
                        rows.append(node)
        return self._naming


def _types(node: Node) -> tuple[str, ...]:
    written = (node.attributes.get("itemtype") or "").split()
    return tuple(each.rpartition("/")[2] for each in written)


def _is_item(node: Node) -> bool:
    return "itemscope" in node.attributes


def octets_of(node: Node) -> dict[bytes, bytes]:
    """An element's attributes as octets."""
    return {
        key.encode("utf-8", "replace"): (value or "").encode("utf-8", "replace")
        for key, value in node.attributes.items()
    }
