"""What RDFa in an element's attributes says of a credit: ccREL, Dublin Core, schema.org."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from signals_agent.locate.found import Fact
from signals_agent.locate.html_tree import Marked

if TYPE_CHECKING:
    from signals_agent.locate.page_facts import Sheet

_CC: Final = {"attributionname": "credit-text", "attributionurl": "credit-url"}
_DC: Final = {
    "title": "title",
    "creator": "creator",
    "rightsholder": "copyright-holder",
    "issued": "published",
    "modified": "modified",
    "source": "derived-from",
}
_SCHEMA: Final = {
    "headline": "title",
    "credittext": "credit-text",
    "copyrightnotice": "copyright-notice",
    "datepublished": "published",
    "datemodified": "modified",
}
# The prefixes under which these terms are written, declared in the page or not.
_PREFIXES: Final = {
    "cc": _CC,
    "dc": _DC,
    "dc11": _DC,
    "dct": _DC,
    "dcterm": _DC,
    "dcterms": _DC,
    "schema": _SCHEMA,
}
_VOCABULARIES: Final = {
    "creativecommons.org/ns#": _CC,
    "web.resource.org/cc/": _CC,
    "purl.org/dc/terms/": _DC,
    "purl.org/dc/elements/1.1/": _DC,
    "schema.org/": _SCHEMA,
}
_URLS: Final = frozenset({"credit-url", "derived-from"})


def fields(given: dict[str, str]) -> dict[str, str]:
    """The facts that ``property`` and ``rel`` name, each with the attribute that names it."""
    found: dict[str, str] = {}
    for attribute in ("property", "rel"):
        for token in given.get(attribute, "").split():
            fact = _fact(token)
            # A relation leads to something; it does not say what the thing is called.
            if fact is not None and (attribute == "property" or fact in _URLS):
                found.setdefault(fact, attribute)
    return found


def _fact(token: str) -> str | None:
    scheme, separator, rest = token.partition("://")
    if separator and scheme.lower() in ("http", "https"):
        rest = rest.removeprefix("www.")
        known = next((each for each in _VOCABULARIES if rest.startswith(each)), None)
        return _VOCABULARIES[known].get(rest[len(known) :].lower()) if known else None
    prefix, colon, name = token.partition(":")
    terms = _PREFIXES.get(prefix.lower()) if colon else _CC
    return terms.get(name.lower() if colon else prefix.lower()) if terms else None


def read(
    element: Marked, given: dict[str, str], said: dict[str, str], sheet: "Sheet"
) -> Iterator[Fact]:
    """The facts that one element states; its text, unless it has ``content``."""
    position = sheet.position(element)
    url = sheet.address(given.get("resource") or given.get("href") or given.get("src"))
    named = sheet.address(given.get("href")) or sheet.node(given.get("resource"))
    for fact in said:
        if fact in _URLS:
            where = url or sheet.address(given.get("content"))
            if where is not None:
                yield Fact(fact, where, "rdfa", position, where)
            continue
        text = sheet.line(given["content"]) if "content" in given else sheet.text(element.node)
        if text is not None:
            yield Fact(fact, text, "rdfa", position, named if fact in _NAMES else None)


_NAMES: Final = frozenset({"creator", "credit-text", "copyright-holder"})
