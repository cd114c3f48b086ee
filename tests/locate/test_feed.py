"""Licences in Atom and RSS."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import feed
from signals_agent.locate.found import UNREAD, Findings
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import PAGE, Located
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import ElementPosition

URL = "https://site.example/blog/feed.xml"
LISTENS = (
    ("licence", Listen("feed", "license")),
    ("licence", Listen("feed", "rights")),
)
BY = "http://creativecommons.org/licenses/by/4.0/"
NC = "http://creativecommons.org/licenses/by-nc/4.0/"
ND = "http://creativecommons.org/licenses/by-nd/4.0/"


def capture(
    body: bytes | str, kind: str = "application/xml", *, truncated: bool = False
) -> Capture:
    octets = body.encode() if isinstance(body, str) else body
    return Capture(URL, 200, [(b"Content-Type", kind.encode())], octets, truncated=truncated)


def found(body: bytes | str, about: str | None = None, *, truncated: bool = False) -> Findings:
    return feed.locate(
        capture(body, truncated=truncated),
        source=URL,
        capture_id="cap-1",
        listens=LISTENS,
        about=about,
    )


def all_of(findings: Findings) -> list[Located]:
    return [each for unit in findings.units for each in unit]


def said(findings: Findings) -> list[tuple[str, str]]:
    return [(each.field, each.value.decode()) for each in all_of(findings)]


def codes(findings: Findings) -> list[str]:
    return [note.code for note in findings.notes]


def atom(inner: str, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {more}>{inner}</feed>'


NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"'
    ' xmlns:cc="http://creativecommons.org/ns#" xmlns:old="http://web.resource.org/cc/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0"'
    ' xmlns:rsl="https://rslstandard.org/rsl"'
)


def rss(inner: str) -> str:
    return f'<rss version="2.0" {NAMESPACES}><channel>{inner}</channel></rss>'


def rdf(inner: str) -> str:
    return f'<rdf:RDF {NAMESPACES} xmlns="http://purl.org/rss/1.0/">{inner}</rdf:RDF>'


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        pytest.param(f'<atom:link rel="license" href="{BY}"/>', [("license", BY)], id="Atom link"),
        pytest.param(
            f'<atom:link rel="x LICENSE" href="{BY}"/>', [("license", BY)], id="rel is a list"
        ),
        pytest.param(
            '<atom:link rel="license" href="/l"/>',
            [("license", "https://site.example/l")],
            id="relative",
        ),
        pytest.param(
            '<atom:link rel="license" href="javascript:x"/>',
            [("license", "javascript:x")],
            id="no URL at all",
        ),
        pytest.param('<atom:link rel="self" href="/l"/>', [], id="another relation"),
        pytest.param(
            f"<creativeCommons:license> {BY}\n</creativeCommons:license>",
            [("license", BY)],
            id="UserLand module",
        ),
        pytest.param(
            f'<cc:license rdf:resource="{BY}"/>', [("license", BY)], id="ccREL as a resource"
        ),
        pytest.param(f"<cc:license>{BY}</cc:license>", [("license", BY)], id="ccREL as text"),
        pytest.param(
            f'<old:license rdf:resource="{BY}"/>', [("license", BY)], id="ccREL before 2008"
        ),
        pytest.param(
            f'<cc:license><cc:License rdf:about="{BY}"/></cc:license>',
            [("license", BY)],
            id="ccREL as a node",
        ),
        pytest.param(
            f'<cc:License rdf:about="{BY}"><cc:permits/></cc:License>',
            [],
            id="what a licence permits",
        ),
        pytest.param(
            f'<media:license type="text/html" href="{BY}">CC BY</media:license>',
            [("license", BY)],
            id="Media RSS",
        ),
        pytest.param(
            f"<dcterms:license>{BY}</dcterms:license>", [("license", BY)], id="Dublin Core"
        ),
        pytest.param(
            "<dc:rights>All mine</dc:rights>", [("rights", "All mine")], id="Dublin Core rights"
        ),
        pytest.param(
            "<copyright>2024\n Me</copyright>", [("rights", "2024 Me")], id="RSS copyright"
        ),
        pytest.param("<atom:rights/>", [], id="empty rights say nothing"),
        pytest.param("<cc:license> </cc:license>", [], id="an empty licence says nothing"),
        pytest.param(
            "<podcast:license>cc-by-4.0</podcast:license>",
            [("license", "cc-by-4.0")],
            id="a podcast's",
        ),
        pytest.param(
            '<podcast:license url="/l">mine</podcast:license>',
            [("license", "https://site.example/l")],
            id="a podcast's own",
        ),
        pytest.param("<rsl:license>x</rsl:license>", [], id="RSL speaks for itself"),
        pytest.param(
            f'<x:license xmlns:x="http://creativecommons.org/ns#{"/" * 100}">x</x:license>',
            [],
            id="a namespace longer than any that is known",
        ),
        pytest.param(
            f'<cc:license rdf:resource="/{"x" * 5000}"/>',
            [("license", "/" + "x" * 5000)],
            id="a URL too long to be made absolute stays as written",
        ),
        pytest.param(
            '<atom:link rel="license" href="http://purl.org/atompub/license#unspecified"/>',
            [],
            id="an unspecified licence is none",
        ),
    ],
)
def test_every_element_that_speaks_of_a_licence_is_found(
    element: str, expected: list[tuple[str, str]]
) -> None:
    for body in (rss(element), rdf(f"<channel>{element}</channel>")):
        findings = found(body)
        assert said(findings) == expected
        assert [each.subject for each in all_of(findings)] == [PAGE] * len(expected)
        assert not findings.notes


@pytest.mark.parametrize("namespaces", ["", NAMESPACES])
def test_a_prefix_that_nobody_bound_is_read_by_its_name(namespaces: str) -> None:
    body = (
        f"<rss {namespaces}><channel><creativeCommons:license>{BY}</creativeCommons:license>"
        f'<cc:license rdf:resource="{NC}"/></channel></rss>'
    )
    assert said(found(body)) == [("license", BY), ("license", NC)]


def test_a_declaration_says_where_it_stands_and_what_stood_beside_it() -> None:
    body = atom(
        f'<title>\u00e9</title><link rel="license" title="CC" type="text/html"\n href="{BY}" />'
    )
    (one,) = all_of(found(body))
    octets = body.encode()
    begin = octets.index(b"<link")
    assert one.declaration.position == ElementPosition("link", begin)
    assert one.declaration.octets == octets[begin : octets.index(b"/>") + 2]
    assert one.declaration.source == URL
    assert one.declaration.carrier == "feed"
    assert dict(one.details) == {"rel": "license", "type": "text/html", "title": "CC"}
    assert not one.reach.around


def test_octets_reach_to_the_end_tag_and_no_further_than_the_cap() -> None:
    body = rss(f"<dc:rights>{'x' * 9000}</dc:rights><cc:license>{BY}</cc:license>")
    rights, licence = all_of(found(body))
    assert len(rights.declaration.octets) == 4096
    assert len(rights.value) == 4096
    assert licence.declaration.octets == f"<cc:license>{BY}</cc:license>".encode()


def test_a_licence_too_long_to_be_one_fails_closed() -> None:
    (one,) = all_of(found(rss(f"<cc:license>{'x' * 9000}</cc:license>")))
    assert one.value == b""
    assert one.detail(UNREAD)


ITEMS = {
    "item": rss(
        f"<cc:license>{NC}</cc:license>"
        "<item><title>t</title><link>/one</link><guid>urn:x</guid>"
        f"<cc:license>{BY}</cc:license></item><item><link>/two</link></item>"
    ),
    "entry": atom(
        f'<link rel="license" href="{NC}"/><entry><link rel="alternate" href="/one"/>'
        f'<link rel="license" href="{BY}"/></entry><entry><link href="/two"/></entry>'
    ),
}
RSS_1 = rdf(
    f'<channel rdf:about="/"><cc:license rdf:resource="{NC}"/></channel>'
    f'<item rdf:about="/one"><cc:license rdf:resource="{BY}"/></item><item rdf:about="/two"/>'
)
ONE = "https://site.example/one"
TWO = "https://site.example/two"


@pytest.mark.parametrize(
    ("body", "within"),
    [(ITEMS["item"], "item"), (ITEMS["entry"], "entry"), (RSS_1, "item")],
    ids=["RSS 2.0", "Atom", "RSS 1.0"],
)
def test_what_an_item_says_is_a_parts_and_what_the_feed_says_the_pages(
    body: str, within: str
) -> None:
    whole, part = all_of(found(body))
    assert (whole.value.decode(), whole.subject) == (NC, PAGE)
    assert part.value.decode() == BY
    assert part.subject.scope is LicenceScope.PART
    assert part.subject.parts == (ONE,)
    assert part.subject.within == part.declaration.scope.element == within


@pytest.mark.parametrize("body", [*ITEMS.values(), RSS_1], ids=["RSS 2.0", "Atom", "RSS 1.0"])
def test_a_page_found_in_a_feed_has_its_items_licence_else_the_feeds(body: str) -> None:
    for about, licence in ((ONE, BY), (TWO, NC), (TWO + "#top", NC)):
        (one,) = all_of(found(body, about))
        assert one.value.decode() == licence
        assert one.subject == PAGE
        assert one.reach.around


@pytest.mark.parametrize(
    "about",
    [
        "https://site.example/three",
        "https://other.example/one",
        "http://site.example/one",
        "mailto:x",
        URL,
    ],
)
def test_a_feed_says_nothing_of_what_it_does_not_link_to_on_its_own_origin(about: str) -> None:
    elsewhere = atom(
        f'<entry><link href="https://other.example/one"/><link rel="license" href="{BY}"/></entry>'
        f'<entry><link href="http://site.example/one"/><link rel="license" href="{BY}"/></entry>'
    )
    for body in (*ITEMS.values(), RSS_1, elsewhere):
        assert found(body, about) == Findings()


LICENCE = '<link rel="license" href="{}"/>'
UNSPECIFIED = LICENCE.format("http://purl.org/atompub/license#unspecified")
LINKED = f'<link href="{ONE}"/>'


@pytest.mark.parametrize(
    ("inner", "about_one", "parts"),
    [
        pytest.param(
            LICENCE.format(NC) + f"<entry>{LINKED}<source>{LICENCE.format(BY)}</source></entry>",
            [("license", BY)],
            [("license", BY)],
            id="the source of an entry goes before the feed",
        ),
        pytest.param(
            f"<entry>{LINKED}{LICENCE.format(ND)}<source>{LICENCE.format(BY)}</source></entry>"
            + LICENCE.format(NC),
            [("license", ND)],
            [("license", ND)],
            id="the entry goes before its source",
        ),
        pytest.param(
            LICENCE.format(NC) + f"<entry>{LINKED}<source><title/></source></entry>",
            [("license", NC)],
            [],
            id="a source without a licence leaves the feed's",
        ),
        pytest.param(
            LICENCE.format(NC) + f"<entry>{LINKED}{UNSPECIFIED}</entry>",
            [],
            [],
            id="an unspecified licence takes none over",
        ),
        pytest.param(
            LICENCE.format(NC) + f"<rights>R</rights><entry>{LINKED}{LICENCE.format(BY)}</entry>",
            [("license", BY), ("rights", "R")],
            [("license", BY)],
            id="licence and rights are taken over each by itself",
        ),
        pytest.param(
            f"<rights>R</rights><entry>{LINKED}<rights/></entry>",
            [],
            [],
            id="empty rights take none over",
        ),
        pytest.param(
            f"<entry>{LINKED}{LICENCE.format(BY)}{LICENCE.format(NC)}</entry>",
            [("license", BY), ("license", NC)],
            [("license", BY), ("license", NC)],
            id="several licences of an entry all speak",
        ),
    ],
)
def test_what_an_entry_takes_over(
    inner: str, about_one: list[tuple[str, str]], parts: list[tuple[str, str]]
) -> None:
    assert said(found(atom(inner), ONE)) == about_one
    located = all_of(found(atom(inner)))
    assert [
        (each.field, each.value.decode())
        for each in located
        if each.subject.scope is LicenceScope.PART
    ] == parts


def test_a_licence_of_one_medium_is_that_mediums() -> None:
    body = rss(
        f"<item><link>/one</link><cc:license>{NC}</cc:license><media:group>"
        f'<media:content url="/a.jpg"><media:license href="{BY}"/></media:content>'
        '<media:content url="/b.jpg"/></media:group></item>'
    )
    item, medium = all_of(found(body))
    assert item.subject.parts == (
        ONE,
        "https://site.example/a.jpg",
        "https://site.example/b.jpg",
    )
    assert medium.value.decode() == BY
    assert medium.subject.parts == ("https://site.example/a.jpg",)
    assert medium.subject.within == "content"
    for about, licence in (
        (ONE, NC),
        ("https://site.example/a.jpg", BY),
        ("https://site.example/b.jpg", NC),
    ):
        assert said(found(body, about)) == [("license", licence)]


@pytest.mark.parametrize(
    ("item", "parts"),
    [
        ("<link> /one\n</link>", (ONE,)),
        ("<guid>https://site.example/one</guid>", (ONE,)),
        ('<guid isPermaLink="false">https://site.example/one</guid>', ()),
        ("<guid>abc</guid>", ()),
        ('<link>/one</link><enclosure url="/a.mp3"/>', (ONE, "https://site.example/a.mp3")),
        ('<atom:link href="/one"/><atom:link rel="self" href="/x"/>', (ONE,)),
        ("<link>mailto:x</link>", ()),
        ("<link/>", ()),
        ("<feedburner:origLink>/one</feedburner:origLink>", (ONE,)),
    ],
)
def test_the_links_of_an_item(item: str, parts: tuple[str, ...]) -> None:
    (one,) = all_of(found(rss(f"<item>{item}<cc:license>{BY}</cc:license></item>")))
    assert one.subject.parts == parts


def test_references_are_relative_to_the_nearest_base() -> None:
    body = atom(
        '<entry xml:base="c/"><link href="d"/><link rel="license" href="l" xml:base="../e/"/>'
        '</entry><entry><link href="d"/><link rel="license" href="l"/></entry>'
        '<link rel="license" href="l"/>',
        'xml:base="/a/b/"',
    )
    assert [(each.value.decode(), each.subject.parts) for each in all_of(found(body))] == [
        ("https://site.example/a/b/l", ()),
        ("https://site.example/a/b/e/l", ("https://site.example/a/b/c/d",)),
        ("https://site.example/a/b/l", ("https://site.example/a/b/d",)),
    ]


def test_a_licence_in_what_is_neither_feed_nor_item_is_a_parts() -> None:
    body = rdf(
        f'<image rdf:about="/i.png"><cc:license rdf:resource="{BY}"/></image>'
        f'<cc:Work rdf:about=""><cc:license rdf:resource="{NC}"/></cc:Work>'
    )
    image, itself = all_of(found(body))
    assert image.subject.scope is LicenceScope.PART
    assert image.subject.parts == ("https://site.example/i.png",)
    assert image.subject.within == "image"
    assert itself.subject == PAGE


def test_an_entry_may_be_a_document_of_its_own() -> None:
    body = f'<entry xmlns="http://www.w3.org/2005/Atom">{LINKED}{LICENCE.format(BY)}</entry>'
    (one,) = all_of(found(body))
    assert one.subject == PAGE
    assert said(found(body, ONE)) == [("license", BY)]


def test_rights_in_markup_are_their_words() -> None:
    body = atom(
        '<rights type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        "All <b>mine</b></div></rights>"
    )
    (one,) = all_of(found(body))
    assert (one.value, one.detail("type")) == (b"All mine", "xhtml")


def test_what_stands_before_an_error_counts() -> None:
    findings = found(
        rss(f"<cc:license>{BY}</cc:license><item><link>/one</link><cc:license>{NC}</cc:license>&x<")
    )
    assert said(findings) == [("license", BY), ("license", NC)]
    assert codes(findings) == ["feed-broken"]


@pytest.mark.parametrize(
    "rest",
    [
        f"<a></b><cc:license>{NC}</cc:license>",
        f"<a></b><item><link>/one</link><CC:LICENSE>{NC}</CC:LICENSE></item>",
        "<a></b><copyright>All mine</copyright>",
        f"<cc:license>{NC}</b>",
        f'<cc:license rdf:resource="{NC}?a=b" x=& />',
    ],
)
def test_what_may_stand_behind_an_error_fails_closed(rest: str) -> None:
    body = rss(f"<cc:license>{BY}</cc:license>{rest}")
    for octets in (body.encode(), ("\ufeff" + body).encode("utf-16-le")):
        findings = found(octets)
        licence, lost = all_of(findings)
        assert licence.value.decode() == BY
        assert (lost.field, lost.value, lost.subject) == ("license", b"", PAGE)
        assert lost.detail(UNREAD)
        assert codes(findings) == ["feed-broken"]
    (one,) = all_of(found(body, TWO))
    assert one.detail(UNREAD)


def test_an_error_with_no_licence_behind_it_hides_none() -> None:
    for element in (f"<cc:license>{BY}</cc:license>", f'<cc:license rdf:resource="{BY}"/>'):
        body = rss(f"{element}<a></b><c/>")
        for octets in (body.encode(), ("\ufeff" + body).encode("utf-16-be")):
            assert said(found(octets)) == [("license", BY)]


def test_a_feed_is_one_behind_the_entities_that_it_declares() -> None:
    inner = f"<title>a&nbsp;b</title><cc:license>{BY}</cc:license>"
    harmless = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>\n' + rss(inner)
    assert feed.is_feed(capture(harmless))
    assert said(found(harmless)) == [("license", BY)]
    assert not found(harmless).notes
    multiplies = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;&#160;">]>' + rss(inner)
    for octets in (multiplies.encode(), ("\ufeff" + multiplies).encode("utf-16-be")):
        assert feed.is_feed(capture(octets))
        (one,) = all_of(found(octets))
        assert (one.field, one.value, one.subject) == ("license", b"", PAGE)
        assert codes(found(octets)) == ["feed-over-cap"]


def unread(findings: Findings) -> list[Located]:
    return [each for each in all_of(findings) if each.detail(UNREAD)]


MANY = "<item><link>/x</link></item>"


@pytest.mark.parametrize(
    ("body", "truncated"),
    [
        pytest.param(rss(MANY * 5001), False, id="too many items"),
        pytest.param(
            rss(f"<item>{f'<cc:license>{BY}</cc:license>' * 1001}</item>"),
            False,
            id="too many licences",
        ),
        pytest.param(rss("<a>" * 201), False, id="too deep"),
        pytest.param("<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss("&x;"), False, id="entities"),
        pytest.param(rss("<item>")[:-20], True, id="a body that was cut"),
    ],
)
def test_a_cap_fails_closed(body: str, truncated: bool) -> None:
    for about in (None, TWO):
        findings = found(body, about, truncated=truncated)
        (one,) = unread(findings)
        assert (one.field, one.value, one.subject) == ("license", b"", PAGE)
        assert one.reach.around == (about is not None)
        assert codes(findings) == ["feed-over-cap"]


def test_what_the_caps_allow_is_read_whole() -> None:
    many = "".join(
        f"<item><link>/{n}</link><cc:license>{BY}</cc:license></item>" for n in range(1000)
    )
    findings = found(rss(many + MANY * 4000))
    assert len(findings.units) == 1000
    assert not findings.notes


def test_an_item_found_before_the_cap_is_known() -> None:
    body = rss(f"<item><link>/one</link><cc:license>{BY}</cc:license></item>" + MANY * 5000)
    assert said(found(body, ONE)) == [("license", BY)]


def test_licences_of_other_items_do_not_count_towards_the_cap() -> None:
    many = f"<item><link>/x</link><cc:license>{NC}</cc:license></item>" * 2000
    body = rss(many + f"<item><link>/one</link><cc:license>{BY}</cc:license></item>")
    assert said(found(body, ONE)) == [("license", BY)]


def test_each_family_hears_what_it_listens_for() -> None:
    listens = (("one", Listen("feed", "license")), ("two", Listen("feed", "license")))
    findings = feed.locate(
        capture(rss(f"<cc:license>{BY}</cc:license><copyright>x</copyright>")),
        source=URL,
        capture_id="cap-1",
        listens=listens,
    )
    assert [each.declaration.family for each in all_of(findings)] == ["one", "two"]


def test_a_transcoded_feed_says_so() -> None:
    head = '<?xml version="1.0" encoding="euc-jp"?>'
    body = (head + rss(f"<title>\u3042</title><cc:license>{BY}</cc:license>")).encode("euc-jp")
    findings = found(body)
    assert said(findings) == [("license", BY)]
    assert codes(findings) == ["feed-transcoded"]


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (atom(""), "application/atom+xml", True),
        (rss(""), "application/rss+xml", True),
        (rss(""), "text/xml", True),
        ("\ufeff\n<?xml version='1.0'?><!-- x -->" + rss(""), "application/xml", True),
        (rdf(""), "application/rdf+xml", True),
        (rdf("").replace("purl.org/rss", "purl.org/foaf"), "application/rdf+xml", False),
        (rss(""), "", True),
        (rss(""), "application/octet-stream", True),
        ("<rss:rss><channel>", "text/plain", True),
        (
            f'<entry xmlns="http://www.w3.org/2005/Atom">{LINKED}</entry>',
            "application/atom+xml",
            True,
        ),
        ("<feed xmlns='urn:other'>", "text/xml", False),
        ("<html xmlns='http://www.w3.org/1999/xhtml'>", "application/xml", False),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", False),
        (rss(""), "text/html", False),
        (rss(""), "application/json", False),
        ("no markup", "application/rss+xml", False),
        ("", "application/rss+xml", False),
    ],
)
def test_the_root_decides_what_is_a_feed(body: str, kind: str, expected: bool) -> None:
    assert feed.is_feed(capture(body, kind)) is expected


def test_a_feed_in_utf_16_is_one_and_is_read() -> None:
    body = ("\ufeff" + rss(f"<cc:license>{BY}</cc:license>")).encode("utf-16-le")
    assert feed.is_feed(capture(body))
    assert feed.is_feed(capture(("\ufeff" + rdf("")).encode("utf-16-be")))
    (one,) = all_of(found(body))
    assert isinstance(one.declaration.position, ElementPosition)
    offset = one.declaration.position.offset
    assert body[offset:].startswith(one.declaration.octets)
    assert one.declaration.octets.decode("utf-16-le") == f"<cc:license>{BY}</cc:license>"


PIECES: Sequence[str] = [
    "<rss>",
    "<channel>",
    "</channel>",
    "<item>",
    "</item>",
    "<link>",
    "</link>",
    "/one",
    BY,
    "<x>",
    "<feed>",
    "<entry>",
    "</entry>",
    "<source>",
    "</source>",
    '<link rel="license" href="',
    '"/>',
    "<cc:license>",
    "</cc:license>",
    "<rights>",
    "</rights>",
    '<media:content url="/one">',
    "&x;",
    "</media:content>",
    ' xml:base="',
    "<rdf:RDF>",
    '<cc:License rdf:about="',
    "</x>",
    "\x00",
    "\u3042",
]


@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(st.sampled_from(PIECES), max_size=20).map(lambda p: "".join(p).encode()),
    ),
    st.sampled_from([None, ONE]),
)
def test_any_octets_are_read_without_an_error(body: bytes, about: str | None) -> None:
    feed.is_feed(capture(body))
    for each in all_of(found(body, about)):
        assert isinstance(each.declaration.position, ElementPosition)
        assert each.field in {"license", "rights"}
        assert each.value or each.detail(UNREAD)
