"""What RDFa in an element's attributes names, and which thing it is said of."""

import re
from collections.abc import Mapping
from itertools import islice, pairwise
from typing import Final

from signals_agent import url as urls
from signals_agent.locate.html_tree import Document, Node, nearest
from signals_agent.locate.schema_types import WORKS
from signals_agent.locate.subject import Beside, Item

MAX_TEXT: Final = 4096
"""Characters of an element's text; what follows is not read."""

_MAX_NODES: Final = 1000

# The prefixes under which these terms are written, declared in the page or not.
_PREFIXES: Final = frozenset(
    {"", "cc", "dc", "dc11", "dcterm", "dcterms", "dct", "schema", "terms", "xh", "xhv"}
)
_VOCABULARIES: Final = (
    "creativecommons.org/ns#",
    "web.resource.org/cc/",
    "purl.org/dc/terms/",
    "purl.org/dc/elements/1.1/",
    "schema.org/",
    "www.w3.org/1999/xhtml/vocab#",
)
_FIELDS: Final = {
    name.lower(): name
    for name in ("license", "usageInfo", "acquireLicensePage", "morePermissions", "rights")
}
_NO_NAME: Final = ("[", "_:")
_NAME: Final = re.compile(r"https?://[^\[]|(?:urn|doi|info|ark|hdl|tag):", re.IGNORECASE)
_VALUES: Final = (b"resource", b"href", b"src")
_NAMING: Final = frozenset({"about", "resource", "typeof"})


def fields(
    written: bytes, *, prefixed: bool = False, prefixes: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The terms of a ``property`` or ``rel`` that are listened for, by their last names.

    With ``prefixed`` only those that are written with a prefix or as a whole IRI.
    ``prefixes`` are those that are declared where it stands (see ``Things.prefixes``).
    """
    tokens = written.decode("utf-8", "replace").split()
    found = (_field(token, prefixed, prefixes or {}) for token in tokens)
    return tuple(dict.fromkeys(each for each in found if each))


def _field(token: str, prefixed: bool, prefixes: Mapping[str, str]) -> str:
    prefix, colon, name = token.rpartition(":")
    if colon and (begin := prefixes.get(prefix.lower())):
        token = begin + name
    scheme, separator, rest = token.partition("://")
    if separator and scheme.lower() in ("http", "https"):
        known = next((each for each in _VOCABULARIES if rest.startswith(each)), None)
        if known:
            return _FIELDS.get(rest[len(known) :].lower(), "")
    if (prefixed and not colon) or prefix.lower() not in _PREFIXES:
        return ""
    return _FIELDS.get(name.lower(), "")


def value(node: Node, attributes: Mapping[bytes, bytes], base: str) -> tuple[str, bool]:
    """What an element says: a URL made absolute, or its text; the second tells which."""
    for name in _VALUES:
        if name in attributes:
            return resolved(attributes[name], base), True
    content = attributes.get(b"content")
    if content is not None:
        return content.decode("utf-8", "replace").strip(), False
    return text_of(node), False


def resolved(reference: bytes, base: str) -> str:
    """A reference as an absolute URL with its fragment, or as written where it is none."""
    text = reference.decode("utf-8", "replace").strip(" \t\n\r\f")
    joined = urls.join(base, text)
    if joined is None:
        return text
    _, hash_, fragment = text.partition("#")
    return f"{joined.text}#{fragment}" if hash_ and fragment else joined.text


def names(node: Node) -> bool:
    """Whether an element names or types the thing of which RDFa within it speaks."""
    return node.tag != "html" and not _NAMING.isdisjoint(node.attributes)


def text_of(node: Node) -> str:
    """An element's text on one line, as far as it is looked at."""
    pieces: list[str] = []
    room = MAX_TEXT
    for each in islice(node.traverse(include_text=True), _MAX_NODES):
        if each.tag == "-text" and (said := each.text_content):
            pieces.append(said[:room])
            room -= len(pieces[-1])
            if not room:
                break
    return " ".join("".join(pieces).split())


class Things:
    """The things of one document: those that RDFa types and names, and prefixes it declares."""

    def __init__(self, document: Document, base: str) -> None:
        self._document = document
        self._base = base
        self._beside: Beside | None = None
        self._declaring: dict[int, Node | None] = {}
        self._prefixes: dict[int, Mapping[str, str]] = {}

    def prefixes(self, node: Node) -> Mapping[str, str]:
        """The prefixes that ``prefix`` and ``xmlns:`` declare for an element, in lower case."""
        chain: list[Node] = []
        at: Node | None = node if _declares(node) else nearest(node, _declares, self._declaring)
        while at is not None and at.mem_id not in self._prefixes and len(chain) < _MAX_DECLARING:
            chain.append(at)
            at = nearest(at, _declares, self._declaring)
        known: Mapping[str, str] = self._prefixes.get(at.mem_id, {}) if at is not None else {}
        for each in reversed(chain):
            own = _declared(each)
            known = {**known, **own} if len(known) < _MAX_DECLARING else own
            self._prefixes[each.mem_id] = known
        return known

    def beside(self) -> Beside:
        """The works that it names, to tell one from a listing; none that stand in another."""
        if self._beside is None:
            self._beside = Beside()
            within: dict[int, Node | None] = {}
            for node in self._document.css(_NAMED):
                made = item(node, self._base) if nearest(node, _is_work, within) is None else None
                if made is not None and names(node):
                    self._beside.add(made.types, made.names)
        return self._beside


_NAMED: Final = "[typeof][about], [typeof][resource], [typeof][href], [typeof][src]"
_MAX_DECLARING: Final = 100


def _is_work(node: Node) -> bool:
    return names(node) and not WORKS.isdisjoint(_types(node))


def _types(node: Node) -> tuple[str, ...]:
    return tuple(
        token.rpartition(":")[2].rpartition("/")[2].rpartition("#")[2]
        for token in (node.attributes.get("typeof") or "").split()
    )


def _declares(node: Node) -> bool:
    given = node.attributes
    return "prefix" in given or any(key.startswith("xmlns:") for key in given)


def _declared(node: Node) -> dict[str, str]:
    given = node.attributes
    found = {
        name[len("xmlns:") :]: iri or "" for name, iri in given.items() if name[:6] == "xmlns:"
    }
    words = (given.get("prefix") or "").split()
    for name, iri in pairwise(words):
        if name.endswith(":"):
            found[name[:-1].lower()] = iri
    return dict(islice(found.items(), _MAX_DECLARING))


def item(
    node: Node, base: str, *, itself: bool = False, things: Things | None = None
) -> Item | None:
    """The thing that an element names or types; of the speaking element itself only ``about``.

    ``things`` are those of the document; without them a work is taken for its only one.
    """
    given = node.attributes
    named = given.get("about")
    if named is None and not itself:
        named = given.get("resource")
        if named is None and "typeof" in given:
            named = given.get("href", given.get("src"))
    if named is None and (itself or "typeof" not in given):
        return None
    types = _types(node)
    if named is not None:
        names = (resolved(named.encode("utf-8", "replace"), base),)
        if named.lstrip().startswith(_NO_NAME) or not _NAME.match(names[0]):
            # "[]", "_:x", "http://[": a thing without a name that could be followed.
            return Item(types, (), (), "about")
        return Item(
            types,
            names,
            (),
            # What names something and does not say that it is a work means another thing.
            listed=WORKS.isdisjoint(types)
            or (things is not None and things.beside().is_listed(types, names)),
            whole=node.tag == "body" and bool(types),
        )
    relation = (given.get("property") or given.get("rel") or "").split(" ")[0]
    return Item(types, (), (), relation.rpartition(":")[2])
