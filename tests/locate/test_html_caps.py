"""Documents made to be slow are not parsed, and are unreadable instead (rule R39)."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from signals_agent.family import Listen
from signals_agent.locate import html, html_cost, html_scan, html_tree

LISTENS = (("tdmrep", Listen("html-meta", "tdm-reservation")),)
META = b"<meta name=tdm-reservation content=1>"


def locate(body: bytes, **given) -> html.HtmlFindings:
    return html.locate(
        body,
        b"text/html",
        source="https://site.example/",
        capture_id="cap-1",
        listens=LISTENS,
        tokens=(),
        **given,
    )


# The parser takes minutes for the larger of these.
SLOW = {
    "open elements": b"<div>" * 200_000,
    "open list items": b"<ul><li>" * 100_000,
    "open elements that a comment seems to close": b"<div><!--</div>-->" * 100_000,
    "formatting elements that are never closed": b"<p>"
    + b"".join(b"<b id=%d>" % i for i in range(2000))
    + b"<p>x</p>" * 2000,
    "attributes of one tag": b"<p " + b" ".join(b"a%d" % i for i in range(100_000)) + b">",
    "attributes with quoted ends of tags": b"<p "
    + b" ".join(b"a%d='>'" % i for i in range(100_000))
    + b">",
    "attributes that look like tags": b"<p " + b" ".join(b"<%d" % i for i in range(100_000)) + b">",
    "attributes of many html tags": b"".join(b"<html a%d b%d>" % (i, i) for i in range(7000)),
}


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
def test_a_document_made_to_be_slow_is_unreadable(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []

    def parse(octets: bytes) -> LexborHTMLParser:
        parsed.append(len(octets))
        return LexborHTMLParser(octets)

    monkeypatch.setattr(html_tree, "tree", parse)
    early = locate(META + body + META)
    assert not early.head_complete
    assert [note.code for note in early.notes] == ["html-over-cap"]
    assert [unit[0].declaration.position.offset for unit in early.units] == [0]
    assert max(parsed) < 65_536
    assert not locate(body + META).head_complete
    assert max(parsed) < 65_536


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
def test_what_is_slow_after_the_last_declaration_is_never_parsed(body: bytes) -> None:
    findings = locate(META + body)
    assert findings.head_complete
    assert len(findings.units) == 1
    assert findings.notes == ()


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
def test_a_cut_document_made_to_be_slow_is_unreadable(body: bytes) -> None:
    assert not html_cost.bounded(body)
    assert not locate(b"<head><title>" + body, truncated=True).head_complete


@pytest.mark.parametrize(
    "body",
    [
        b"<meta " * 200_000,
        b'<meta a="' * 200_000,
        b"<meta '" * 200_000,
        b"<meta a='<meta b=\"" * 60_000,
        b"<meta a=b/" * 100_000,
        b"<meta a=>" * 100_000,
        b"<meta name=tdm-reservation content=1" * 100_000,
        b"<link rel=canonical " * 100_000,
        b"&" * 200_000,
    ],
    ids=[
        "tags without an end",
        "open quotes",
        "lone apostrophes",
        "nested quotes",
        "slashes",
        "empty values",
        "declarations without an end",
        "links without an end",
        "ampersands",
    ],
)
def test_tags_made_to_be_slow_are_given_up_on(body: bytes) -> None:
    """Each look is linear, and together they look at no more than a few times the length."""
    scan = html_scan.metas(body, html_scan.interest(LISTENS, ()))
    looked = 0
    for opening in re.finditer(rb"<meta(?=[\t\n\f\r /])", body, re.IGNORECASE):
        rest = html_scan.REST_OF_TAG.match(body, opening.end())
        looked += (rest.end() if rest else len(body)) - opening.start()
        if looked > 4 * len(body) + 65_536:
            break
    assert scan.whole is (looked <= 4 * len(body) + 65_536)
    assert locate(body).units == ()


def test_too_many_declarations_are_unreadable() -> None:
    just = locate(META * html_scan.MAX_CANDIDATES)
    assert just.head_complete
    assert len(just.units) == html_scan.MAX_CANDIDATES
    over = locate(META * (html_scan.MAX_CANDIDATES + 1))
    assert not over.head_complete
    assert len(over.units) == html_scan.MAX_CANDIDATES
    assert [note.code for note in over.notes] == ["html-over-cap"]


def test_an_ordinary_large_page_is_within_the_bounds() -> None:
    row = b"<tr><td><a href='/x?a=1&b=2' class=\"c\"><b>x</b></a><td>" + b"word " * 40
    page = b"<html><head>" + META + b"</head><body><table>" + row * 1500 + b"</table>" + META
    assert len(locate(page).units) == 2
    props = b"<div data-props='" + b'{"a": "b", ' * 50_000 + b"}'></div>"
    assert len(locate(b"<body>" + props + META).units) == 1
