"""What a page says about itself for a credit line (rule R24)."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.locate import html_facts
from signals_agent.locate.found import Fact
from signals_agent.model.capture import Capture
from signals_agent.model.position import ElementPosition

URL = "https://site.example/rain"
PAGES = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
CC = "http://creativecommons.org/ns#"
DCT = "http://purl.org/dc/terms/"


def facts(body: bytes | None, content_type: str = "text/html") -> html_facts.PageFacts:
    return html_facts.facts(
        Capture("https://site.example/", 200, [("Content-Type", content_type)], body)
    )


def found(body: str) -> dict[str, list[str]]:
    """The facts of a page by name, those of ``URL``."""
    read = html_facts.facts(Capture(URL, 200, [("Content-Type", "text/html")], body.encode()))
    made: dict[str, list[str]] = {}
    for fact in read.found:
        made.setdefault(fact.name, []).append(fact.value)
    return made


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_everything_that_a_head_can_say() -> None:
    assert facts(
        b"""<!doctype html><html><head><title> A &amp; B\n  C </title>
        <meta name="author" content="Ada L."><meta name="Author" content="Bo">
        <meta name="author" content="Ada L."><meta property="og:site_name" content="The Site">
        <base href="https://cdn.example/"><link rel="canonical" href="/a">
        </head><body><title>no</title><meta name="author" content="A reader">"""
    ) == html_facts.PageFacts(
        title="A & B C",
        creators=("Ada L.", "Bo"),
        collection="The Site",
        canonical="/a",
        base="https://cdn.example/",
    )


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("<title>caf\xe9</title>".encode("cp1252"), "text/html", "caf\xe9"),
        ("<title>caf\xe9</title>".encode(), "text/html", "caf\xe9"),
        ("<title>\u8868</title>".encode("cp932"), "text/html; charset=Shift_JIS", "\u8868"),
        ("\ufeff<title>\u8868</title>".encode("utf-16-le"), "text/html", "\u8868"),
        (
            "<meta charset=windows-1251><title>\u0414</title>".encode("cp1251"),
            "text/html",
            "\u0414",
        ),
        (b'<meta property="og:title" content="Og">', "text/html", "Og"),
        (b"<svg><title>icon</title></svg>", "text/html", None),
        (b"<title> </title>", "text/html", None),
        (b"<title>" + b"long " * 1000 + b"</title>", "text/html", ("long " * 100).strip()),
        (b"", "text/html", None),
        (b"plain text", "text/plain", None),
    ],
    ids=[
        "Latin-1 unlabelled",
        "UTF-8 unlabelled",
        "Shift-JIS",
        "UTF-16",
        "a charset in a meta",
        "og:title in its place",
        "an icon's title",
        "an empty title",
        "an endless title",
        "no body",
        "no markup",
    ],
)
def test_the_title(body: bytes, content_type: str, title: str | None) -> None:
    assert facts(body, content_type).title == title


def test_a_capture_without_a_body_says_nothing() -> None:
    assert facts(None) == html_facts.PageFacts()


TITLES = {
    "a title element": "<title>Html</title>",
    "og:title": '<meta property="og:title" content="Og">',
    "Dublin Core": '<meta name="DC.title" content="Dc">',
    "citation_title": '<meta name="citation_title" content="Cited">',
    "RDFa": '<body><i property="dct:title">Rdfa</i>',
    "microdata": '<body><div itemscope itemtype="https://schema.org/Article">'
    '<h1 itemprop="headline">Micro</h1></div>',
}


@pytest.mark.parametrize("worse", range(len(TITLES) - 1), ids=list(TITLES)[:-1])
def test_of_titles_the_one_that_was_written_for_it_is_taken(worse: int) -> None:
    first, second = list(TITLES.values())[worse : worse + 2]
    (better,) = found(second)["title"]
    assert found(first)["title"] != [better]
    assert found(first + second)["title"] == [better]
    if "<body>" not in first + second:
        assert found(second + first)["title"] == [better]


def test_linked_data_goes_first() -> None:
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": "Linked",
        "author": {"@type": "Person", "name": "Lena"},
    }
    said = found("".join(TITLES.values()) + '<i property="dc:creator">R</i>' + linked(data))
    assert said["title"] == ["Linked"]
    assert said["creator"] == ["Lena"]


def test_whom_cc_rel_asks_to_name_goes_before_the_credit_text_of_linked_data() -> None:
    data = {"@context": "https://schema.org", "@type": "Article", "creditText": "Linked"}
    assert found(linked(data))["credit-text"] == ["Linked"]
    named = '<b property="cc:attributionName">Ada</b>'
    assert found(linked(data) + named)["credit-text"] == ["Ada"]


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Rain | Fenwiki", "Fenwiki", "Rain"),
        ("Rain - fenwiki", "Fenwiki", "Rain"),
        ("Rain \u2014 Fenwiki", "Fenwiki", "Rain"),
        ("Rain :: Fenwiki", "Fenwiki", "Rain"),
        ("Rain | News | Fenwiki", "Fenwiki", "Rain | News"),
        ("The Fenwiki", "Fenwiki", "The Fenwiki"),
        ("Ask-Fenwiki", "Fenwiki", "Ask-Fenwiki"),
        ("Fenwiki", "Fenwiki", "Fenwiki"),
        ("| Fenwiki", "Fenwiki", "| Fenwiki"),
        ("Rain | Marsh", "Fenwiki", "Rain | Marsh"),
    ],
)
def test_a_title_is_freed_of_the_site_name_at_its_end(title: str, site: str, expected: str) -> None:
    body = f'<title>{title}</title><meta property="og:site_name" content="{site}">'
    assert facts(body.encode()).title == expected


CHOSEN = (  # as Creative Commons' own chooser writes it
    f'<p><span xmlns:dct="{DCT}" property="dct:title">Rain at Fenwick</span> by '
    f'<a xmlns:cc="{CC}" href="http://ada.example/" property="cc:attributionName" '
    'rel="cc:attributionURL">Ada &amp; Fen</a> is licensed under a <a rel="license" '
    'href="http://creativecommons.org/licenses/by/4.0/">CC BY</a>.<br>Based on '
    f'<a xmlns:dct="{DCT}" href="http://old.example/w" rel="dct:source">http://old.example/w</a>.'
)
CREDITED = {
    "title": ["Rain at Fenwick"],
    "credit-text": ["Ada & Fen"],
    "credit-url": ["http://ada.example/"],
    "derived-from": ["http://old.example/w"],
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(CHOSEN, CREDITED, id="the licence chooser's own words"),
        pytest.param(f'<div about="">{CHOSEN}</div>', CREDITED, id="about the page"),
        pytest.param(f'<div about="{URL}">{CHOSEN}</div>', CREDITED, id="about the page by URL"),
        pytest.param(f'<div about="/photo.jpg">{CHOSEN}</div>', {}, id="about something else"),
        pytest.param(f'<div resource="/photo.jpg"><p>{CHOSEN}</div>', {}, id="of a resource"),
        pytest.param(f"<figure>{CHOSEN}</figure>", {}, id="in a figure"),
        pytest.param(
            f"<article><h1>A</h1></article><article>{CHOSEN}</article>", {}, id="another article"
        ),
        pytest.param(f"<template>{CHOSEN}</template>", {}, id="in a template"),
        pytest.param(f"<!-- {CHOSEN} -->", {}, id="in a comment"),
        pytest.param(
            f'<a property="{CC}attributionName" href="/ada">Ada</a>',
            {"credit-text": ["Ada"]},
            id="a name as a whole IRI",
        ),
        pytest.param(
            '<a rel="cc:attributionURL" href="/about#me">us</a>',
            {"credit-url": ["https://site.example/about#me"]},
            id="a relative link",
        ),
        pytest.param(
            '<a property="cc:attributionURL" rel="nofollow" href="/about">us</a>',
            {"credit-url": ["https://site.example/about"]},
            id="the link as a property",
        ),
        pytest.param(
            '<a rel="cc:attributionURL" href="javascript:alert(1)">us</a>', {}, id="no script"
        ),
        pytest.param(
            '<span property="cc:attributionName" content="Ada">by A.</span>',
            {"credit-text": ["Ada"]},
            id="content before text",
        ),
        pytest.param('<b property="dct:title"> </b>', {}, id="an empty title"),
        pytest.param('<b property="other:title">x</b>', {}, id="another vocabulary"),
        pytest.param('<b rel="dct:title">x</b>', {}, id="a relation is no name"),
    ],
)
def test_what_rdfa_says_of_the_page(body: str, expected: dict[str, list[str]]) -> None:
    assert found("<!doctype html><body>" + body) == expected


ARTICLE = (
    '<div itemscope itemtype="https://schema.org/{type}">{more}'
    '<h1 itemprop="headline">Rain <i>here</i></h1>'
    '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
    '<a itemprop="url" href="/ada"><b itemprop="name">Ada Fen</b></a></span>'
    '<meta itemprop="creator" content="Bo"><meta itemprop="copyrightHolder" content="Fen Trust">'
    '<span itemprop="creditText">Ada / Fen</span><i itemprop="copyrightNotice">&copy; Ada</i>'
    '<time itemprop="datePublished" datetime="2024-05-06">in May</time>'
    '<div itemprop="isPartOf" itemscope><i itemprop="name">Fen Papers</i></div>'
    '<div itemprop="comment" itemscope itemtype="https://schema.org/Comment">'
    '<i itemprop="author">A reader</i><i itemprop="name">Re: Rain</i></div></div>'
)


def test_what_microdata_says_of_the_page() -> None:
    assert found("<body>" + ARTICLE.format(type="Article", more="")) == {
        "title": ["Rain here"],
        "creator": ["Ada Fen", "Bo"],
        "copyright-holder": ["Fen Trust"],
        "credit-text": ["Ada / Fen"],
        "copyright-notice": ["\u00a9 Ada"],
        "published": ["2024-05-06"],
        "collection": ["Fen Papers"],
    }


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("Person", ""),
        ("Organization", ""),
        ("BreadcrumbList", ""),
        ("Article", '<link itemprop="url" href="https://other.example/post">'),
    ],
    ids=["of a person", "of an organisation", "of a trail", "of an article elsewhere"],
)
def test_what_microdata_says_of_something_else(kind: str, more: str) -> None:
    assert found("<body>" + ARTICLE.format(type=kind, more=more)) == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<meta name="DC.Creator" content="Ada">', {"creator": ["Ada"]}),
        ('<meta name="author" content="https://social.example/ada">', {}),
        ('<meta property="article:author" content="https://social.example/ada">', {}),
        ('<meta property="article:author" content="Ada">', {"creator": ["Ada"]}),
        (
            '<meta name="author" content="A. Fen"><meta name="citation_author" content="Fen, Ada">',
            {"creator": ["Fen, Ada"]},
        ),
        ('<meta name="copyright" content="Fen Trust">', {"copyright-notice": ["Fen Trust"]}),
        ('<meta name="copyright" content="https://fen.example/c">', {}),
        ('<meta name="DC.rights" content="CC BY 4.0">', {}),
        ('<meta name="DC.rights" content="(c) Fen">', {"copyright-notice": ["(c) Fen"]}),
        ('<meta name="DC.publisher" content="Fen Press">', {"collection": ["Fen Press"]}),
        (
            '<meta name="dcterms.publisher" content="P"><meta name="application-name" content="A">',
            {"collection": ["A"]},
        ),
        ('<meta property="article:published_time" content="2024">', {"published": ["2024"]}),
        ('<link rel="author" href="/ada" title="Ada">', {"creator": ["Ada"]}),
        ('<link rel="author" href="/ada">', {}),
        ('<body><a rel="nofollow author" href="/ada">Ada</a>', {"creator": ["Ada"]}),
        ('<body><a rel="author" href="/ada">https://ada.example</a>', {}),
        ('<body><meta name="author" content="A reader">', {}),
        ('<meta name="author" content="By Ada">', {"creator": ["Ada"]}),
        ('<div><meta property="og:site_name" content="Fen">', {"collection": ["Fen"]}),
        (
            '<meta property="og:title" content="Mine"><p><meta property="og:title" content="No">',
            {"title": ["Mine"]},
        ),
        ("<div></div><title>Moved</title>", {"title": ["Moved"]}),
        ("<body><svg><g><title>Icon</title></g></svg>", {}),
        (
            '<meta property="og:title" content="Site.example"><title>Rain</title>',
            {"title": ["Rain"]},
        ),
        ("<title>Site.example</title>", {"title": ["Site.example"]}),
    ],
    ids=[
        "Dublin Core",
        "an author that is a URL has no name",
        "nor has an article's author",
        "an article's author by name",
        "who is cited goes before who is listed",
        "a copyright meta",
        "a copyright that is a URL",
        "rights that are a licence",
        "rights that are a notice",
        "a publisher for want of a site",
        "the site before its publisher",
        "when it was published",
        "an author link in the head",
        "an author link without a name",
        "an author link in the body",
        "an author link that shows a URL",
        "a meta that is not in the head",
        "a name after 'by'",
        "Open Graph after a stray element",
        "Open Graph in the head goes first",
        "a title after a stray element",
        "the title of a drawing",
        "the site's name is no title",
        "unless there is no other",
    ],
)
def test_what_metas_and_links_say(body: str, expected: dict[str, list[str]]) -> None:
    assert found("<!doctype html><html>" + body) == expected


PLACED = (
    "<!doctype html><!-- <title>no</title> --><title>Caf\u00e9 &amp; Rain</title>"
    '<meta name="author" content="\u00c5sa"><body>\u00e9\u8868<span property="dc:rights">x</span>'
    '<a rel="author" href="/a">A</a> <b property="cc:attributionName">\u00c5sa &lt;F&gt;</b>'
)


@pytest.mark.parametrize(
    ("encoding", "content_type", "bom"),
    [
        ("utf-8", "text/html", b""),
        ("utf-8", "text/html; charset=utf-8", b"\xef\xbb\xbf"),
        ("gb18030", "text/html; charset=gb18030", b""),
    ],
    ids=["UTF-8", "UTF-8 with a byte order mark", "two octets a character"],
)
def test_each_fact_says_where_it_stands_in_octets(
    encoding: str, content_type: str, bom: bytes
) -> None:
    body = bom + PLACED.encode(encoding)
    read = html_facts.facts(Capture(URL, 200, [("Content-Type", content_type)], body))

    def at(start: str) -> int:
        return body.index(start.encode())

    assert read.found == (
        Fact("creator", "\u00c5sa", "html-meta", ElementPosition("meta", at("<meta"))),
        Fact("credit-text", "\u00c5sa <F>", "rdfa", ElementPosition("b", at("<b "))),
        Fact(
            "title",
            "Caf\u00e9 & Rain",
            "html-title",
            ElementPosition("title", at("<title>Caf") if encoding == "utf-8" else at("<title>Ca")),
        ),
    )


def test_linked_data_says_where_in_which_script() -> None:
    data = {"@context": "https://schema.org", "@type": "Article", "creditText": "Ada"}
    body = f"<title>T</title><p>\u00e9 {linked(data)}".encode()
    read = html_facts.facts(Capture(URL, 200, [("Content-Type", "text/html")], body))
    (fact,) = read.all("credit-text")
    assert fact.value == "Ada"
    assert fact.carrier == "json-ld"
    assert fact.position == ElementPosition("script", body.index(b"<script"), "/creditText")


def test_marks_of_places_are_in_no_value() -> None:
    body = '<title>How to write <a rel="author" href="x">A</a></title><i itemprop="x">'
    assert facts(body.encode()).title == 'How to write <a rel="author" href="x">A</a>'
    body = '<body><p property="dct:title" content="a <b rel=author> c">x</p>'
    assert found(body)["title"] == ["a <b rel=author> c"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            '<meta name="author" content="M\u00e1ire \u00d3\'Brien; Jan van der Berg">',
            ["M\u00e1ire \u00d3'Brien", "Jan van der Berg"],
            id="by semicolons",
        ),
        pytest.param(
            '<meta name="author" content="By Ada Fen, Bo Sea">', ["Ada Fen", "Bo Sea"], id="commas"
        ),
        pytest.param('<meta name="author" content="Fen, Ada">', ["Fen, Ada"], id="one of them"),
        pytest.param(
            linked({"@type": "Article", "author": {"name": "Fen; Sea"}}),
            ["Fen; Sea"],
            id="but not who is described as one",
        ),
    ],
)
def test_a_meta_may_name_several_authors(body: str, expected: list[str]) -> None:
    assert found(body)["creator"] == expected


@pytest.mark.parametrize(
    ("body", "url"),
    [
        pytest.param(
            f'<p prefix="dct: {DCT}"><span property="dct:creator" resource="{{0}}">Ada</span>',
            "https://ada.example/#me",
            id="RDFa",
        ),
        pytest.param(
            '<div itemscope itemtype="https://schema.org/Article"><b itemprop="author" itemscope '
            'itemid="{0}"><i itemprop="name">Ada</i></b></div>',
            "https://ada.example/#me",
            id="microdata",
        ),
    ],
)
def test_a_node_of_the_page_is_no_address(body: str, url: str) -> None:
    def where(node: str) -> list[str | None]:
        text = body.format(node).encode()
        read = html_facts.facts(Capture(URL, 200, [("Content-Type", "text/html")], text))
        return [fact.url for fact in read.all("creator")]

    assert where(url) == [url]
    assert where("#p") == where(URL + "#p") == where("/#/person/1") == [None]


def test_no_more_than_twenty_creators() -> None:
    body = "".join(f'<meta name="author" content="Author {i}">' for i in range(30))
    assert facts(body.encode()).creators == tuple(f"Author {i}" for i in range(20))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<title>T</title>" + b'<p property="dct:title">' * 7000, id="nested deep"),
        pytest.param(b"<title>T</title>" + b"<b itemprop=name>" * 50_000, id="more than is parsed"),
        pytest.param(b"<title>T</title>" + b"<p itemprop=" * 100_000, id="tags without an end"),
        pytest.param(
            b'<title>T</title><div itemscope itemprop="author">' * 3000 + b"x" * 100_000,
            id="items within items",
        ),
        pytest.param(
            b'<title>T</title><script type="application/ld+json">' + b"[" * 200_000,
            id="JSON without an end",
        ),
    ],
)
def test_pages_made_to_cost_much_still_have_their_title(body: bytes) -> None:
    assert facts(body).title == "T"


@given(
    st.lists(
        st.sampled_from(
            [
                "<title>",
                "</title>",
                '<a rel="author" href="',
                '">',
                "<div itemscope itemprop='author' itemtype='",
                "<b property=cc:attributionName about=",
                "<svg>",
                "<script type=application/ld+json>",
                '{"@graph":[',
                "</script>",
                "<base href=http://[>",
                "\x00",
                "&#xd800;",
                "text",
                "<!--",
                "-->",
                "<meta name=author content=",
                "\u00e9",
            ]
        ),
        max_size=20,
    ),
    st.sampled_from(["utf-8", "utf-16-le", "cp1252"]),
)
def test_nothing_raises(parts: list[str], encoding: str) -> None:
    body = ("<" + "".join(parts)).encode(encoding)
    read = html_facts.facts(Capture(URL, 200, [("Content-Type", "text/html")], body))
    for fact in read.found:
        assert fact.value.strip()
        assert len(fact.value) <= 500
        assert isinstance(fact.position, ElementPosition)
        assert fact.position.offset <= 3 * len(body)


def test_what_real_pages_say_stands_where_they_say_it() -> None:
    if not PAGES.is_dir():
        pytest.skip("the corpus of real pages is not here")
    looked = 0
    for path in sorted(PAGES.glob("*.html.gz")):
        body = gzip.decompress(path.read_bytes())
        read = html_facts.facts(Capture(URL, 200, [("Content-Type", "text/html")], body))
        for fact in read.found:
            assert isinstance(fact.position, ElementPosition)
            if not body.startswith((b"\xff\xfe", b"\xfe\xff")):
                start = body[fact.position.offset :][:20].lower()
                assert start.startswith(b"<" + fact.position.element.encode()), (path.name, fact)
                looked += 1
    assert looked > 100
