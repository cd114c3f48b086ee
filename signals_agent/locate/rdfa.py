"""What RDFa in an element's attributes names, and which thing it is said of."""

from collections.abc import Mapping
from typing import Final

from signals_agent import url as urls
from signals_agent.locate.html_tree import Node
from signals_agent.locate.subject import Item

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
_VALUES: Final = (b"resource", b"href", b"src")
_NAMING: Final = frozenset({"about", "resource", "typeof"})


def fields(written: bytes, *, prefixed: bool = False) -> tuple[str, ...]:
    """The terms of a ``property`` or ``rel`` that are listened for, by their last names.

    With ``prefixed`` only those that are written with a prefix or as a whole IRI.
    """
    found = (_field(token, prefixed) for token in written.decode("utf-8", "replace").split())
    return tuple(dict.fromkeys(each for each in found if each))


def _field(token: str, prefixed: bool) -> str:
    scheme, separator, rest = token.partition("://")
    if separator and scheme.lower() in ("http", "https"):
        known = next((each for each in _VOCABULARIES if rest.startswith(each)), None)
        return _FIELDS.get(rest[len(known) :].lower(), "") if known else ""
    prefix, colon, name = token.rpartition(":")
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
    return " ".join(node.text(deep=True)[:4096].split()), False


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


def item(node: Node, base: str, *, itself: bool = False) -> Item | None:
    """The thing that an element names or types; of the speaking element itself only ``about``."""
    given = node.attributes
    named = given.get("about")
    if named is None and not itself:
        named = given.get("resource")
        if named is None and "typeof" in given:
            named = given.get("href", given.get("src"))
    if named is None and (itself or "typeof" not in given):
        return None
    types = tuple(
        token.rpartition(":")[2].rpartition("/")[2].rpartition("#")[2]
        for token in (given.get("typeof") or "").split()
    )
    if named is not None:
        return Item(types, (resolved(named.encode("utf-8", "replace"), base),), ())
    relation = (given.get("property") or given.get("rel") or "").split(" ")[0]
    return Item(types, (), (), relation.rpartition(":")[2])
