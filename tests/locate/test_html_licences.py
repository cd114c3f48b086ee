"""Which licences a page names, whose each is, and what happens where too many are named."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from signals_agent.families import FAMILIES
from signals_agent.gathered import IN_PAGES, claims_of, listens_of
from signals_agent.locate import html, html_claims
from signals_agent.locate.found import UNREAD
from signals_agent.locate.html_scan import Tag
from signals_agent.model.declaration import Located
from signals_agent.model.position import ElementPosition

PAGE = "https://site.example/a/post"
BY = "https://creativecommons.org/licenses/by/4.0/"
ND = "https://creativecommons.org/licenses/by-nd/4.0/"
CLAIMS = claims_of(listens_of([family for family in FAMILIES if family.name == "licence"]))
LINK = f'<a rel="license" href="{BY}">l</a>'
TEASER = '<h2><a href="/another">A</a></h2>'
PICTURE = '<p itemscope itemtype="https://schema.org/Photograph">%s</p>'
LD = '<script type="application/ld+json">{"@type": "WebPage", "license": "%s"}</script>'


def look(body: str | bytes, **given) -> html.HtmlFindings:
    octets = body.encode() if isinstance(body, str) else body
    wanted = {"listens": (), "tokens": (), "claims": CLAIMS, "source": PAGE} | given
    return html.locate(octets, b"text/html; charset=utf-8", capture_id="cap-1", **wanted)


def found(body: str | bytes, **given) -> list[Located]:
    return [unit[0] for unit in look(body, **given).units]


def page(head: str = "", body: str = "") -> str:
    return f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("html_", "scope", "within"),
    [
        (page(f'<link rel="license" href="{BY}">'), "page", None),
        (page(f"<LINK HREF={BY} REL=LICENSE>"), "page", None),
        (page(body=f'<link rel="license" href="{BY}">'), "unclear", None),
        (page(body=f"<p>{LINK}</p>"), "unclear", None),
        (page(body=f"<footer>{LINK}</footer>"), "page", "footer"),
        (page(body=f'<div role="contentinfo">{LINK}</div>'), "page", "footer"),
        (page(body=f'<div id="Footer">{LINK}{LINK}</div>'), "page", "footer"),
        (page(body=f"<figure><footer>{LINK}</footer></figure>"), "part", "figure"),
        (page(body=f"<article><h1>A</h1>{LINK}</article>"), "unclear", None),
        (page(body=f"<article><footer>{LINK}</footer></article>"), "page", "footer"),
        (page(body=f"<article><h1>A</h1><article>{LINK}</article></article>"), "part", "article"),
        (page(body=f"<article>{LINK}</article><article></article>"), "unclear", None),
        (page(body=f"<article>{TEASER}{LINK}</article><article></article>"), "part", "article"),
        (page(body=f"<aside><article>{LINK}</article></aside><article>"), "part", "article"),
        (page(body=f"<main><article>{LINK}</article></main><article>"), "unclear", None),
        (page(body=f"<article><h1>A</h1>{LINK}</article><article></article>"), "unclear", None),
        (page(body=f'<p about="/other">{LINK}</p>'), "part", None),
        (page(body=f'<p about="">{LINK}</p>'), "page", None),
        (page(body=f'<p resource="{PAGE}" typeof="Article">{LINK}</p>'), "page", None),
        (page(body=f'<p about="/other"><span about="">{LINK}</span></p>'), "page", None),
        (page(body=f'<a about="/o" rel="license" href="{BY}">l</a>'), "part", None),
        (page(body=f'<p typeof="schema:ImageObject">{LINK}</p>'), "part", None),
        (page(body=PICTURE % LINK), "part", None),
    ],
    ids=[
        "a link in the head",
        "in capitals, without quotes",
        "a link in the body",
        "an anchor somewhere",
        "in the footer",
        "in what has the role of one",
        "twice in what is called one",
        "in the footer of a figure",
        "in the only article",
        "in the footer of the only article",
        "in a comment on it",
        "in one article of several",
        "in an article that leads elsewhere",
        "in an article aside",
        "in the one of several that stands in main",
        "in the one of several that has the heading",
        "about another thing",
        "about the page itself",
        "of a thing that is the page",
        "the nearest about counts",
        "about on the link itself",
        "in a nameless picture by RDFa",
        "in a picture by microdata",
    ],
)
def test_whose_a_licence_link_is(html_: str, scope: str, within: str | None) -> None:
    licences = found(html_)
    assert {str(each.subject.scope) for each in licences} == {scope}
    assert {each.subject.within for each in licences} == {within}
    assert {each.value.decode() for each in licences} == {BY}


def test_two_different_licences_in_the_footer_are_unclear() -> None:
    other = LINK.replace(BY, ND)
    licences = found(page(body=f"<footer>{LINK}{other}</footer>"))
    assert [str(each.subject.scope) for each in licences] == ["unclear", "unclear"]


@pytest.mark.parametrize("apart", ["blockquote", "aside", "nav", "li", "section", "details"])
@pytest.mark.parametrize("named", ["<footer>{}</footer>", "{}"], ids=["in a footer", "by RDFa"])
def test_what_has_words_of_its_own_does_not_speak_for_the_page(apart: str, named: str) -> None:
    free = LINK.replace(BY, ND).replace(
        '"license"', '"cc:license"' if named == "{}" else '"license"'
    )
    licences = found(page(body=f"<p>{LINK}</p><{apart}>{named.format(free)}</{apart}>"))
    assert {str(each.subject.scope) for each in licences} == {"unclear"}


def test_the_footer_of_one_article_of_several_is_not_the_pages() -> None:
    licences = found(page(body=f"{LINK}<article>x</article><article><footer>{LINK}</footer>"))
    assert {str(each.subject.scope) for each in licences} == {"unclear"}


@pytest.mark.parametrize("about", ["[]", "_:b", "http://["])
def test_a_name_that_is_none_leaves_it_unclear(about: str) -> None:
    (one,) = found(page(body=f'<p about="{about}">{LINK}</p>'))
    assert str(one.subject.scope) == "unclear"


@pytest.mark.parametrize(
    "broken",
    [
        "{'@type': 'WebPage', 'license': 'x'}",
        "{license: 'x'}",
        "{&quot;license&quot;: &quot;x&quot;}",
        r"{\"license\": \"x\"}",
        "{\u201clicense\u201d: \u201cx\u201d}",
    ],
)
def test_json_ld_that_is_broken_in_the_usual_ways_leaves_a_note(broken: str) -> None:
    script = f'<script type="application/ld+json">{broken}</script>'
    assert "json-ld-broken" in {note.code for note in look(page(body=script)).notes}


def test_a_figure_names_what_it_shows() -> None:
    (one,) = found(page(body=f'<figure><img src="/i.png"><video src=v.mp4></video>{LINK}</figure>'))
    assert one.subject.parts == ("https://site.example/i.png", "https://site.example/a/v.mp4")


@pytest.mark.parametrize(
    "hidden",
    [
        f"<!-- {LINK} -->",
        f"<template>{LINK}</template>",
        f"<svg>{LINK}</svg>",
        f"<textarea>{LINK}</textarea>",
        f"<script>'{LINK}'</script>",
        f"<p title='{LINK}'>x</p>",
        f"<!-- {LD % BY} -->",
        f"<template>{LD % BY}</template>",
        f"<textarea>{LD % BY}</textarea>",
        f"<svg><svg></svg>{LD % BY}</svg>",
        f"<p title='{LD % BY}'>x</p>".replace('"', "&quot;"),
        '<script type="text/ld+json">{"license": "x"}</script>',
        '<script type="text/plain" data-x="application/ld+json">{"license": "x"}</script>',
        '<a rel="license">no address</a>',
        f'<a href="{BY}">no relation</a>',
        f'<a rel="unlicensed" href="{BY}">another relation</a>',
    ],
)
def test_what_is_hidden_or_says_something_else_is_no_licence(hidden: str) -> None:
    assert found(page(body=hidden)) == []


@pytest.mark.parametrize(
    "trick",
    [
        f'<a title="<b>x</b>" rel="license" href="{BY}">l</a>',
        f"<a title='it\"s <a' rel=license href={BY}>l</a>",
        f'<a\nrel\n=\n"nofollow\tlicense"\nhref="{BY}">l</a>',
        f'<a href="{BY}" rel="license">l</a><!-- -->',
        f'<p title=">">x</p><script>if (a<b && c) d = \'"\';</script>{LINK}',
    ],
)
def test_a_link_is_found_behind_odd_markup(trick: str) -> None:
    (one,) = found(page(body=trick))
    assert one.value.decode() == BY
    assert isinstance(one.declaration.position, ElementPosition)
    octets = page(body=trick).encode()
    at = one.declaration.position.offset
    assert octets[at : at + len(one.declaration.octets)] == one.declaration.octets


@pytest.mark.parametrize(
    ("markup", "carrier", "value", "scope"),
    [
        (f'<p property="cc:license" resource="{BY}">x</p>', "rdfa", BY, "page"),
        (f'<a rel="cc:license xhv:license" href="{BY}">x</a>', "rdfa", BY, "page"),
        (f'<meta property="http://purl.org/dc/terms/license" content="{BY}">', "rdfa", BY, "page"),
        ('<span property="dct:license">CC BY 4.0</span>', "rdfa", "CC BY 4.0", "page"),
        (f'<p about="/x"><a property="schema:license" href="{BY}">x</a></p>', "rdfa", BY, "part"),
        (f'<p itemscope><link itemprop="license" href="{BY}"></p>', "microdata", BY, "page"),
        (f'<a itemprop="license" href="{BY}">x</a>', "microdata", BY, "unclear"),
        (
            (
                '<p itemscope><span itemprop="license" itemscope>'
                f'<a itemprop="url" href="{BY}">x</a></span></p>'
            ),
            "microdata",
            BY,
            "page",
        ),
        (
            '<p itemscope><b itemprop="license" itemscope><i itemprop="name">MIT</i></b></p>',
            "microdata",
            "MIT",
            "page",
        ),
        (
            f'<p itemscope><b itemprop="license" itemscope itemid="{BY}"></b></p>',
            "microdata",
            BY,
            "page",
        ),
        ('<p itemscope><b itemprop="license">CC  BY</b></p>', "microdata", "CC BY", "page"),
        ('<p itemscope><meta itemprop="license" content="MIT"></p>', "microdata", "MIT", "page"),
        (LD % BY, "json-ld", BY, "page"),
    ],
)
def test_linked_data_says_it_in_many_ways(
    markup: str, carrier: str, value: str, scope: str
) -> None:
    licences = [one for one in found(page(body=markup)) if one.field == "license"]
    assert {
        (one.declaration.carrier, one.value.decode(), str(one.subject.scope)) for one in licences
    } == {(carrier, value, scope)}


def test_a_reference_is_resolved_against_the_base_of_the_page() -> None:
    head = '<base href="https://other.example/x/"><link rel="license" href="../terms#by">'
    (one,) = found(page(head))
    assert one.value == b"https://other.example/terms#by"


def test_at_the_depth_of_the_head_only_the_head_speaks() -> None:
    head, body = f'<link rel="license" href="{BY}">', LINK + LD % BY
    assert len(found(page(head, body), depth="head")) == 1
    assert len(found(page(head, body))) == 3


@pytest.mark.parametrize(
    "many",
    [
        page(body=LINK * (html_claims.MAX_CLAIMS + 1)),
        page(body=(LD % BY) * (html_claims.MAX_CLAIMS + 1)),
        page(body="<b>" * 9000 + LINK),
        page(body='<a x="' + "<b " * 20_000 + f'" rel="license" href="{BY}">'),
    ],
    ids=["links", "scripts", "open elements before one", "signs that overlap"],
)
def test_more_than_is_read_counts_as_a_licence_that_was_not_read(many: str) -> None:
    findings = look(many)
    unread, *_ = [one[0] for one in findings.units if one[0].detail(UNREAD)]
    assert unread.field == "license"
    assert unread.value == b""
    assert "html-licences-over-cap" in {note.code for note in findings.notes}


def test_a_licence_that_is_linked_without_a_relation_is_hinted_at() -> None:
    (note,) = look(page(body=f'<a href="{BY}">CC BY</a>')).notes
    assert note.code == "html-licence-link-without-rel"
    assert isinstance(note.position, ElementPosition)
    assert not look(page(f'<link rel="license" href="{BY}">', f'<a href="{BY}">x</a>')).notes


PIECES = """<area rel=license href=x>|<!--|-->|<script>|</script>|<svg>|</svg>|<p title='|'>|"|=
<template>|</template>|rel=license|<footer>|</footer>|<article>|x|property=license|<textarea>
</textarea>|itemprop=license|<meta property=dc:rights content='CC BY'>|<title>|</title>|&lt;
<b about=/o>"""
WORDS = st.sampled_from([*PIECES.replace("\n", "|").split("|"), LD % BY, " "])


@given(st.lists(WORDS, max_size=25).map("".join))
def test_links_are_found_exactly_where_a_full_parse_has_them(body: str) -> None:
    octets = page(body=body).encode()
    mine = sorted(
        one.declaration.position.offset
        for one in found(octets)
        if one.declaration.carrier in ("html-link", "html-anchor") and one.field == "license"
    )
    document = LexborHTMLParser(octets)
    theirs = [
        node
        for node in document.css("a[href], area[href], link[href]")
        if "license" in (node.attributes.get("rel") or "").lower().split()
        and not {"svg", "math", "template"} & set(above(node))
    ]
    assert len(mine) == len(theirs)


def above(node) -> list[str]:
    names = []
    while (node := node.parent) is not None:
        names.append(node.tag)
    return names


@given(st.lists(WORDS, max_size=14).map("".join))
def test_a_script_that_stands_free_is_one_that_the_parser_makes(body: str) -> None:
    octets = page(body=body).encode()
    claims = html_claims.claims(octets)
    free = [
        tag for tag, _ in claims.scripts if html_claims.stands_free(octets, octets.lower(), tag)
    ]
    document = LexborHTMLParser(octets)
    made = [node for node in document.css("script[type]") if "template" not in above(node)]
    assert len(free) <= len(made)


@given(st.binary(max_size=300), st.randoms(use_true_random=False))
def test_looking_for_licences_never_raises(octets: bytes, chance: random.Random) -> None:
    pieces = [
        b"<a rel=license href=",
        octets,
        b">",
        b"<div itemscope itemprop=license about=",
        b"'",
    ]
    chance.shuffle(pieces)
    for one in found(b"<html><body>" + b"".join(pieces)):
        assert one.declaration.carrier in IN_PAGES


@pytest.mark.parametrize(
    "before", ["<p title='", "<!-- x", "<svg>", "<script>", "<template><template></template>"]
)
def test_what_is_open_before_a_script_leaves_it_to_the_parser(before: str) -> None:
    octets = f"{before} <script>".encode()
    tag = Tag(len(before) + 1, len(octets), 7)
    assert not html_claims.stands_free(octets, octets, tag)


def test_an_anchor_that_is_never_closed_is_still_one() -> None:
    """The parser makes an element of it again in every block that follows."""
    findings = look(page(body=f'<p><a rel="license" href="{BY}">x<p>y</p><div>z</div>'))
    assert [unit[0].value.decode() for unit in findings.units] == [BY]
    assert not findings.notes


CASES = {
    "a link after many signs": ('<b title="rel=license < <" <br>' * 300) + LINK,
    "many mentions in the text": '<p>rel="license</p>' * 2000 + LINK,
    "markup in an attribute": f'<a title="{"<b>" * 40}" rel=license href="{BY}">l</a>',
    "a long attribute before": f'<a data-x="{"x" * 70_000}" rel=license href="{BY}">l</a>',
    "many other relations": f'<a rel="{"nofollow noopener " * 20} license" href="{BY}">l</a>',
    "many links": "<ul>" + f"<li>{LINK}</li>" * 400 + "</ul>",
    "a type with a character reference": (LD % BY).replace("+", "&#x2B;"),
    "a commented opening before": '<!-- <script type="application/ld+json"> -->' + LD % BY,
}


@pytest.mark.parametrize("case", CASES)
def test_a_licence_is_found_in_the_wild(case: str) -> None:
    findings = look(page(body=CASES[case]))
    assert {one[0].value.decode() for one in findings.units} == {BY}
    assert "html-licences-over-cap" not in {note.code for note in findings.notes}
