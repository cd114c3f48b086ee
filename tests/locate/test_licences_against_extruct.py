"""Licences planted in real pages are found, and extruct's full parse finds the same ones."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from signals_agent.families import FAMILIES
from signals_agent.gathered import IN_PAGES, listens_of
from signals_agent.locate import html
from signals_agent.model.declaration import Located

PAGES = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
OTHER = "https://site.example/another-thing"

JSON = '<script type="application/ld+json">{"@context": "https://schema.org", %s}</script>'
ITEM = '<div itemscope itemtype="https://schema.org/%s">%s</div>'

# Each: before which tag of the page it is put, what is put there, in which carriers extruct
# is asked, and by which carrier and with which scope we find it.
PLANTS: dict[str, tuple[str, str, str, str, str]] = {
    "a link in the head": (
        "</head>",
        f'<link rel="license" href="{BY_NC}">',
        "rdfa",
        "html-link",
        "page",
    ),
    "a link in the head, relative, beside another relation": (
        "</head>",
        '<link href="/terms" rel="nofollow LICENSE">',
        "rdfa",
        "html-link",
        "page",
    ),
    "an anchor at the end of the body": (
        "</body>",
        f'<p><a rel="license" href="{BY_NC}">Licence</a></p>',
        "rdfa",
        "html-anchor",
        "unclear",
    ),
    "an area of an image map": (
        "</body>",
        f'<map><area rel=license href="{BY_NC}"></map>',
        "rdfa",
        "html-anchor",
        "unclear",
    ),
    "the only licence of the footer": (
        "</body>",
        f'<footer><a rel="license" href="{BY_NC}">Licence</a></footer>',
        "rdfa",
        "html-anchor",
        "page",
    ),
    "an anchor in a figure": (
        "</body>",
        f'<figure><img src="/p.png"><a rel="license" href="{BY_NC}">x</a></figure>',
        "rdfa",
        "html-anchor",
        "part",
    ),
    "an anchor about something else": (
        "</body>",
        f'<div about="{OTHER}"><a rel="license" href="{BY_NC}">x</a></div>',
        "rdfa",
        "html-anchor",
        "part",
    ),
    "an anchor with markup in another attribute": (
        "</body>",
        f'<a title="<b>it\'s</b> a < b" rel="license" href="{BY_NC}">x</a>',
        "rdfa",
        "html-anchor",
        "unclear",
    ),
    "JSON-LD of the page in the body": (
        "</body>",
        JSON % f'"@type": "WebPage", "license": "{BY_NC}"',
        "json-ld",
        "json-ld",
        "page",
    ),
    "JSON-LD in the head, of an image, in a graph": (
        "</head>",
        JSON
        % (
            '"@graph": [{"@type": "ImageObject", "contentUrl": "https://site.example/i.png", '
            f'"license": {{"@id": "{BY_NC}"}}}}]'
        ),
        "json-ld",
        "json-ld",
        "part",
    ),
    "JSON-LD with two licences": (
        "</body>",
        JSON % f'"@type": "WebPage", "license": ["{BY_NC}", "https://site.example/l"]',
        "json-ld",
        "json-ld",
        "page",
    ),
    "microdata of an image": (
        "</body>",
        ITEM
        % (
            "ImageObject",
            (f'<img itemprop="contentUrl" src="/i.png"><a itemprop="license" href="{BY_NC}">x</a>'),
        ),
        "microdata",
        "microdata",
        "part",
    ),
    "microdata of the page by its URL": (
        "</body>",
        ITEM
        % (
            "Article",
            (f'<link itemprop="url" href="THIS-PAGE"><meta itemprop="license" content="{BY_NC}">'),
        ),
        "microdata",
        "microdata",
        "page",
    ),
    "RDFa Lite of the page by its URL": (
        "</body>",
        (
            '<div vocab="https://schema.org/" resource="THIS-PAGE" typeof="Article">'
            f'<a property="license" href="{BY_NC}">x</a></div>'
        ),
        "rdfa",
        "rdfa",
        "page",
    ),
    "ccREL of something else": (
        "</body>",
        (
            f'<div xmlns:cc="http://creativecommons.org/ns#" about="{OTHER}">'
            f'<a rel="cc:license" href="{BY_NC}">x</a></div>'
        ),
        "rdfa",
        "rdfa",
        "part",
    ),
}
ASKED = {
    "rdfa": ("html-link", "html-anchor", "rdfa"),
    "json-ld": ("json-ld",),
    "microdata": ("microdata",),
}


def pages() -> list[Path]:
    return sorted(PAGES.glob("*.html.gz"))


def address(body: bytes) -> str:
    """Where a page says that it stands, so that what describes that URL describes the page."""
    link = LexborHTMLParser(body).css_first('link[rel="canonical"][href^="http"]')
    return (link and link.attributes["href"]) or "https://site.example/page"


def ours(body: bytes, source: str) -> list[Located]:
    listens = listens_of([family for family in FAMILIES if family.name == "licence"])
    findings = html.locate(
        body,
        b"text/html; charset=utf-8",
        source=source,
        capture_id="cap-1",
        listens=(),
        tokens=(),
        claims={carrier: listens[carrier] for carrier in IN_PAGES},
    )
    assert findings.head_complete
    return [unit[0] for unit in findings.units if unit[0].field == "license"]


def theirs(body: bytes, syntax: str, source: str) -> set[str] | None:
    """Every licence that extruct finds, wherever it hangs; ``None`` where it gives up."""
    import extruct

    try:
        data = extruct.extract(
            body, base_url=source, syntaxes=[syntax], errors="strict", encoding="UTF-8"
        )
    except json.JSONDecodeError:
        return None
    return {value for value in licences(data) if value}


def licences(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from licences(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key.rpartition("/")[2].rpartition("#")[2] == "license":
                yield from named(value)
            yield from licences(value)


def named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from named(each)
    elif isinstance(value, dict):
        yield value.get("@id") or value.get("@value") or value.get("url") or value.get("name", "")


def planted(body: bytes, before: str, what: str) -> bytes:
    at = body.lower().rfind(before.encode()) if before == "</body>" else body.find(before.encode())
    return body[:at] + what.encode() + body[at:]


@pytest.mark.tools
@pytest.mark.skipif(not PAGES.exists(), reason="the real pages are not beside this checkout")
@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_is_found_as_extruct_finds_it(plant: str) -> None:
    before, what, syntax, carrier, scope = PLANTS[plant]
    looked = 0
    for file in pages():
        body = gzip.decompress(file.read_bytes())
        if before.encode() not in body.lower():
            continue
        if "property=" in what and b"RDFa 1.0" in body:
            continue  # there extruct reads the text, as RDFa 1.0 does
        source = address(body)
        put = what.replace("THIS-PAGE", source)
        page = planted(body, before, put)
        found = ours(page, source)
        mine = {each.value.decode() for each in found if each.declaration.carrier in ASKED[syntax]}
        assert theirs(page, syntax, source) in (mine, None), file.name
        start, end = page.find(put.encode()), page.find(put.encode()) + len(put.encode())
        here = [
            each
            for each in found
            if each.declaration.carrier == carrier
            and start <= each.declaration.position.offset < end
        ]
        assert here, file.name
        assert {str(each.subject.scope) for each in here} == {scope}, file.name
        for each in here:
            assert each.declaration.octets in page[start:end], file.name
        looked += 1
    assert looked > 60


@pytest.mark.tools
@pytest.mark.skipif(not PAGES.exists(), reason="the real pages are not beside this checkout")
@pytest.mark.parametrize("syntax", ASKED)
def test_real_pages_name_the_licences_that_extruct_finds(syntax: str) -> None:
    for file in pages():
        body = gzip.decompress(file.read_bytes())
        source = address(body)
        found = ours(body, source)
        mine = {each.value.decode() for each in found if each.declaration.carrier in ASKED[syntax]}
        assert theirs(body, syntax, source) in (mine, None), file.name
