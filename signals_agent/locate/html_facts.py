"""What a page says about itself, for a credit line: claims, no more (rule R24)."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from signals_agent import url as urls
from signals_agent.locate import data_facts, json_ld
from signals_agent.locate.found import Fact
from signals_agent.locate.html_cost import bounded
from signals_agent.locate.html_parts import Parts
from signals_agent.locate.html_tree import Document, Marked, Place, marked
from signals_agent.locate.names import names_in
from signals_agent.locate.page_facts import (
    TITLE_RANK,
    Candidate,
    Sheet,
    candidates,
    offsets,
    one_line,
    tags,
)
from signals_agent.locate.subject import Page
from signals_agent.model.capture import Capture
from signals_agent.model.position import ElementPosition, Position
from signals_agent.syntax.encoding import decode, markup

_BODY = re.compile(rb"<[bB][oO][dD][yY][\t\n\f\r />]")
_TITLE = re.compile(rb"<title(?:[\t\n\f\r /][^>]*+)?>([^<]*+)", re.IGNORECASE)
_TITLE_ENDS = re.compile(rb"</[tT][iI][tT][lL][eE]")
_SCRIPT_ENDS = re.compile(rb"</script(?=[\t\n\f\r />])", re.IGNORECASE)
_HEAD_OCTETS = 256 * 1024
_ENOUGH = 12 * 1024
_BY = re.compile(r"by\s+", re.IGNORECASE)
_MAX_CREATORS = 20
_MAX_SCRIPTS = 100
_TITLES_TRIED = 5
_SEVERAL: Final = frozenset({"creator", "copyright-holder", "licensor"})
_JOINERS: Final = "|-\u2013\u2014\u00b7\u2022\u00ab\u00bb\u2039\u203a:/"
# Without one of these in it a body says nothing beyond the head.
_IN_BODIES: Final = (
    b"itemprop",
    b"attributionname",
    b"attributionurl",
    b"ld+json",
    b"dc:",
    b"dct:",
    b"dcterms:",
    b"schema:",
    b"purl.org/dc/",
)
_AUTHOR = re.compile(rb"""rel[\t\n\f\r ]*+=[\t\n\f\r ]*+["']?[^"'>]{0,100}?\bauthor\b""")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page's own words for its title, its site and its authors; ``base`` as written.

    ``found`` are the facts that were taken, of those of its name the best, with their places.
    """

    title: str | None = None
    creators: tuple[str, ...] = ()
    collection: str | None = None
    canonical: str | None = None
    base: str | None = None
    found: tuple[Fact, ...] = field(default=(), compare=False)

    def all(self, name: str) -> tuple[Fact, ...]:
        """The facts of a name, in the order of the page."""
        return tuple(each for each in self.found if each.name == name)

    def first(self, name: str) -> str | None:
        """The value of a fact; ``None`` where it is not declared."""
        return next((each.value for each in self.found if each.name == name), None)


NONE = PageFacts()


def facts(capture: Capture) -> PageFacts:
    """Read an asset for whom and what to credit; nothing where it is none that can be read.

    A feed, a dataset card or a JSON-LD document is read as such, all else as a page. Only a
    page that says something in its body is read beyond its head, and only where its length
    bounds what that costs. What was read is kept with the capture.
    """
    kept = capture.memo.get("page-facts")
    if not isinstance(kept, PageFacts):
        kept = capture.memo["page-facts"] = _facts(capture)
    return kept


def _facts(capture: Capture) -> PageFacts:
    if not capture.body:
        return NONE
    data = data_facts.facts(capture)
    if data is not None:
        return _chosen([Candidate(0, fact) for fact in data], _host(capture.url), None, None)
    read = _read(capture)
    if read is None:
        return NONE
    octets, document, sheet = read.octets, read.document, read.sheet
    graph = _linked_data(read)
    found = [Candidate(0, fact) for fact in graph.facts()] if graph is not None else []
    found += candidates(read.elements, sheet)
    # As in browsers the first counts, in the head or where a stray element moved it.
    drawn = {each.mem_id for each in document.css("svg title, math title")}
    titles = document.css("head > title, body title")
    named = next((one_line(each.text()) for each in titles if each.mem_id not in drawn), None)
    if named is not None:
        at = ElementPosition("title", sheet.offsets.of(_title(octets, named)))
        found.append(Candidate(TITLE_RANK, Fact("title", named, "html-title", at)))
    return _chosen(found, _host(capture.url), read.canonical, read.base)


def facts_of_file(page: Capture, url: str) -> PageFacts:
    """What the JSON-LD of a page says of a file on it, a picture mostly, by its URL.

    Only an item whose ``contentUrl`` or name the file is speaks of it; all else on the page
    is about the page, or about another picture. What was read is kept with the page.
    """
    kept = page.memo.get(key := f"page-facts of {url}")
    if not isinstance(kept, PageFacts):
        kept = page.memo[key] = _facts_of_file(page, url)
    return kept


def _facts_of_file(page: Capture, url: str) -> PageFacts:
    read = _read(page) if page.body and data_facts.facts(page) is None else None
    graph = _linked_data(read) if read is not None else None
    if graph is None:
        return NONE
    found = [Candidate(0, fact) for fact in graph.facts_of_file(url)]
    return _chosen(found, _host(url), None, None)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page, parsed, with the tags in it that may say something."""

    octets: bytes
    document: Document
    elements: list[Marked]
    sheet: Sheet
    canonical: str | None
    base: str | None


def _read(capture: Capture) -> _Read | None:
    """Parse as much of a page as is worth it; ``None`` where it is no markup, or costs too much."""
    content_type = (capture.field_lines(b"content-type") or (b"",))[-1]
    read = markup(capture.body or b"", content_type)
    received = read.octets
    if received.lstrip()[:1] != b"<":
        return None
    if not _speaks(received.lower()) or not bounded(received):
        received = _beginning(received)
        if not bounded(received):
            return None
    text = (
        received.decode("utf-8", "replace") if read.transcoded else decode(received, content_type)
    )
    octets = text.encode("utf-8", "replace")
    document, elements = marked(octets, tags(octets))
    canonical = _attribute(document, 'head > link[rel~="canonical" i][href]')
    base = _attribute(document, "head > base[href]")
    page, against = _page(capture.url, base, (canonical, _own_url(document)))
    sheet = Sheet(
        Parts(document, page, against),
        offsets(received, octets, read.shift),
        budget=4 * len(octets) + 64 * 1024,
    )
    return _Read(octets, document, elements, sheet, canonical, base)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _speaks(lowered: bytes) -> bool:
    """Whether a page may say something beyond the metas of its head."""
    return any(word in lowered for word in _IN_BODIES) or _AUTHOR.search(lowered) is not None


def _beginning(octets: bytes) -> bytes:
    """As much of the head as is worth parsing: its first part, and to the end of the title.

    Who credits pages by the thousand does not wait for style sheets to be parsed.
    """
    body = _BODY.search(octets, 0, _HEAD_OCTETS)
    end = body.start() if body else _HEAD_OCTETS
    if end > _ENOUGH:
        title = _TITLE_ENDS.search(octets, 0, end)
        end = min(end, max(_ENOUGH, title.end() + 1 if title else 0))
    return octets[:end]


def _page(url: str, base: str | None, names: Iterable[str | None]) -> tuple[Page, str]:
    """How the page may be named, and what its references are resolved against.

    A URL on another origin is no name of it (rule R36).
    """
    own = urls.join(url, "")
    joined = urls.join(url, base) if base else None
    against = joined.text if joined is not None else url
    named = [urls.join(against, name) for name in names if name]
    ours = [each.text for each in named if each and own and each.origin == own.origin]
    return Page(url, tuple(dict.fromkeys(ours))), against


def _linked_data(read: _Read) -> json_ld.Graph | None:
    octets, sheet = read.octets, read.sheet
    scripts: list[json_ld.Script] = []
    for element in read.elements:
        kind = element.attributes.get(b"type", b"").lower().partition(b";")[0].strip()
        if element.place is Place.APART or element.node.tag != "script":
            continue
        if kind == b"application/ld+json" and len(scripts) < _MAX_SCRIPTS:
            ends = _SCRIPT_ENDS.search(octets, element.tag.end)
            held = octets[element.tag.end : ends.start() if ends else len(octets)]
            scripts.append(json_ld.Script(held, _pointed(sheet.position(element).offset)))
    if not scripts:
        return None
    return json_ld.read(scripts, page=sheet.parts.page, base=sheet.parts.base)


def _pointed(offset: int) -> Callable[[str], Position]:
    return lambda pointer: ElementPosition("script", offset, pointer or None)


def _title(octets: bytes, named: str) -> int:
    """Where the title element begins, which is not marked; comments and scripts may hold others."""
    first = None
    for order, found in enumerate(_TITLE.finditer(octets)):
        first = found.start() if first is None else first
        if one_line(html.unescape(found[1].decode("utf-8", "replace"))) == named:
            return found.start()
        if order == _TITLES_TRIED:
            break
    return first or 0


def _chosen(
    found: list[Candidate], host: str, canonical: str | None, base: str | None
) -> PageFacts:
    """Of each fact the candidate that ranks first; of creators all of one rank, each once."""
    by_name: dict[str, list[Candidate]] = {}
    for each in found:
        fact = _cleaned(each.fact)
        if fact is not None:
            several = names_in(fact.value) if _may_list(fact) else (fact.value,)
            by_name.setdefault(fact.name, []).extend(
                Candidate(each.rank, replace(fact, value=value)) for value in several
            )
    kept: list[Fact] = []
    site = _best(by_name.get("collection", []))
    names = {host.lower(), host.lower().removeprefix("www.")} | {f.value.lower() for f in site}
    for name, candidates_ in by_name.items():
        # Some pages give their site's name as their own title.
        own = [each for each in candidates_ if each.fact.value.lower() not in names]
        best = _best(own if name == "title" and own else candidates_)
        kept += best[: _MAX_CREATORS if name in _SEVERAL else 1]
    facts = PageFacts(canonical=canonical, base=base, found=tuple(kept))
    collection = facts.first("collection")
    return PageFacts(
        title=_without_site(facts.first("title"), collection),
        creators=tuple(each.value for each in facts.all("creator")),
        collection=collection,
        canonical=canonical,
        base=base,
        found=facts.found,
    )


def _best(candidates_: list[Candidate]) -> list[Fact]:
    """Those that rank first, each value once."""
    first = min((each.rank for each in candidates_), default=0)
    once: dict[tuple[str, str | None], Fact] = {}
    for each in candidates_:
        fact = each.fact
        if each.rank == first:
            # Somebody may be asked in several places.
            once.setdefault((fact.value, fact.url if fact.name == "licensor" else None), fact)
    return list(once.values())


def _may_list(fact: Fact) -> bool:
    """Whether one value may name several: one that describes nobody, but only names."""
    return fact.name == "creator" and fact.url is None and fact.carrier in ("html-meta", "feed")


def _cleaned(fact: Fact) -> Fact | None:
    """A fact as one short line; a creator's name without the "by" that stands before it."""
    value = one_line(fact.value)
    if value is not None and fact.name == "creator":
        value = _BY.sub("", value, count=1) if _BY.match(value) else value
    return replace(fact, value=value) if value is not None else None


def _without_site(title: str | None, site: str | None) -> str | None:
    """A title without the site's name at its end: ``Rain | Fenwiki`` in Fenwiki is Rain."""
    if title is None or site is None or len(title) <= len(site):
        return title
    before, end = title[: -len(site)], title[-len(site) :]
    bare = before.rstrip()
    if end.lower() != site.lower() or bare == before or bare[-1:] not in _JOINERS:
        return title
    kept = bare.rstrip(_JOINERS)
    return kept.rstrip() if kept != kept.rstrip() and kept.strip() else title


def _own_url(document: Document) -> str | None:
    node = document.css_first('head > meta[property="og:url" i][content]')
    return one_line(node.attributes.get("content")) if node is not None else None


def _attribute(document: Document, selector: str) -> str | None:
    node = document.css_first(selector)
    return one_line(node.attributes.get("href")) if node is not None else None
