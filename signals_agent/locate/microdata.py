"""What microdata in an element's attributes names, and which item it is said of."""

from collections.abc import Mapping
from typing import Final

from signals_agent.locate.html_tree import Document, Node, nearest
from signals_agent.locate.rdfa import resolved
from signals_agent.locate.subject import Item

_FIELDS: Final = ("license", "usageInfo", "acquireLicensePage")
# Elements whose value is a URL, and in which attribute (WHATWG HTML 5.2.4).
_URL_OF: Final = {
    "a": b"href", "area": b"href", "link": b"href", "audio": b"src", "embed": b"src",
    "iframe": b"src", "img": b"src", "source": b"src", "track": b"src", "video": b"src",
    "object": b"data",
}  # fmt: skip
_MEDIA: Final = '[itemprop~="contentUrl"], [itemprop~="thumbnailUrl"], [itemprop~="embedUrl"]'
_NAMES: Final = '[itemprop~="url"], [itemprop~="mainEntityOfPage"]'
_MOST_URLS: Final = 100


def fields(written: bytes) -> tuple[str, ...]:
    """The properties of an ``itemprop`` that are listened for."""
    tokens = [
        token.rpartition("/")[2] if token.startswith(("http://schema.org/", "https://schema.org/"))
        else token
        for token in written.decode("utf-8", "replace").split()
    ]  # fmt: skip
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
    return " ".join(node.text(deep=True)[:4096].split()), False


def _of_item(node: Node, attributes: Mapping[bytes, bytes], base: str) -> tuple[str, bool]:
    """A licence that is an item of its own is known by its URL, else by its name."""
    if attributes.get(b"itemid"):
        return resolved(attributes[b"itemid"], base), True
    for each in node.css('[itemprop~="url"]'):
        return value(each, octets_of(each), base)
    for each in node.css('[itemprop~="name"]'):
        return value(each, octets_of(each), base)
    return " ".join(node.text(deep=True)[:4096].split()), False


class Items:
    """The items of one document, each worked out once."""

    def __init__(self, document: Document, base: str) -> None:
        self._base = base
        self._holders: dict[int, Node | None] = {}
        self._items: dict[int, Item] = {}
        self._alone = len(document.css("[itemscope]:not([itemprop])")) == 1

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
        given = node.attributes
        types = tuple(each.rpartition("/")[2] for each in (given.get("itemtype") or "").split())
        itemid = given.get("itemid")
        names = [resolved(itemid.encode("utf-8", "replace"), self._base)] if itemid else []
        names += self._urls(node, _NAMES)
        relation = (given.get("itemprop") or "").split(" ")[0]
        holder = self._holder(node) if relation else None
        parent = self._items.get(holder.mem_id) if holder is not None else None
        return Item(
            types,
            tuple(dict.fromkeys(names)),
            tuple(self._urls(node, _MEDIA)),
            relation if parent is not None else "",
            parent,
            alone=self._alone,
        )

    def _urls(self, node: Node, selector: str) -> list[str]:
        """The URLs that the item itself, and none within it, has under a property."""
        found = []
        for each in node.css(selector)[:_MOST_URLS]:
            holder = self._holder(each)
            if holder is not None and holder.mem_id == node.mem_id:
                said, is_url = value(each, octets_of(each), self._base)
                if is_url or said.startswith(("http://", "https://")):
                    found.append(said)
        return found


def _is_item(node: Node) -> bool:
    return "itemscope" in node.attributes


def octets_of(node: Node) -> dict[bytes, bytes]:
    """An element's attributes as octets."""
    return {
        key.encode("utf-8", "replace"): (value or "").encode("utf-8", "replace")
        for key, value in node.attributes.items()
    }
