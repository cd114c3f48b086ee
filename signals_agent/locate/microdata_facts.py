"""What microdata in an element's attributes says of a credit, where its item is the page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from signals_agent.locate.found import Fact
from signals_agent.locate.html_tree import Marked, Node, nearest
from signals_agent.model.licence import LicenceScope

if TYPE_CHECKING:
    from signals_agent.locate.page_facts import Sheet

_FACTS: Final = {
    "headline": "title",
    "name": "title",
    "author": "creator",
    "creator": "creator",
    "copyrightHolder": "copyright-holder",
    "creditText": "credit-text",
    "copyrightNotice": "copyright-notice",
    "isPartOf": "collection",
    "datePublished": "published",
    "dateModified": "modified",
}
_NESTED: Final = frozenset({"creator", "copyright-holder", "collection"})
# Items that are not what is credited, though nothing says that they are about something else.
_NO_WORKS: Final = frozenset(
    {
        "aggregaterating",
        "audience",
        "brand",
        "breadcrumblist",
        "comment",
        "contactpoint",
        "itemlist",
        "listitem",
        "offer",
        "organization",
        "newsmediaorganization",
        "person",
        "place",
        "postaladdress",
        "rating",
        "review",
        "searchaction",
        "sitenavigationelement",
        "website",
        "wpfooter",
        "wpheader",
        "wpsidebar",
    }
)
_MAIN: Final = frozenset({"mainEntity"})


def read(element: Marked, given: dict[str, str], sheet: "Sheet") -> Iterator[Fact]:
    """The facts that one element states about the item that the page is about."""
    facts = dict.fromkeys(
        _FACTS[token]
        for token in (each.rpartition("/")[2] for each in given["itemprop"].split())
        if token in _FACTS
    )
    if not facts or not _of_page(element.node, sheet):
        return
    is_item = "itemscope" in given
    for fact in facts:
        if is_item and fact not in _NESTED:
            continue
        value, url = _nested(element.node, given, sheet) if is_item else (None, None)
        if not is_item:
            value = _value(element.node, given, sheet)
            url = sheet.address(given.get("href")) if fact in _NESTED else None
        if value is not None and not value.lower().startswith(("http://", "https://")):
            yield Fact(fact, value, "microdata", sheet.position(element), url)


def _of_page(node: Node, sheet: "Sheet") -> bool:
    holder = nearest(node, _is_item, sheet.known)
    if holder is None:
        return False
    given = holder.attributes
    relation = set((given.get("itemprop") or "").split())
    if relation and not relation & _MAIN:
        return False
    types = {each.rpartition("/")[2].lower() for each in (given.get("itemtype") or "").split()}
    return not types & _NO_WORKS and sheet.parts.of_microdata(node).scope is LicenceScope.PAGE


def _nested(node: Node, given: dict[str, str], sheet: "Sheet") -> tuple[str | None, str | None]:
    """The name of an item, and the URL that stands for it."""
    if sheet.items <= 0:
        return None, None
    sheet.items -= 1
    named = node.css_first('[itemprop~="name"]')
    name = _value(named, _attributes(named), sheet) if named is not None else None
    found = node.css_first('[itemprop~="url"], [itemprop~="sameAs"]')
    at = found.attributes if found is not None else {}
    url = sheet.address(at.get("href") or at.get("content")) or sheet.node(given.get("itemid"))
    return (name if named is not None else sheet.text(node)), url


def _value(node: Node, given: dict[str, str], sheet: "Sheet") -> str | None:
    for attribute in ("content", "datetime"):
        if attribute in given:
            return sheet.line(given[attribute])
    return sheet.text(node)


def _attributes(node: Node) -> dict[str, str]:
    return {key: value or "" for key, value in node.attributes.items()}


def _is_item(node: Node) -> bool:
    return "itemscope" in node.attributes
