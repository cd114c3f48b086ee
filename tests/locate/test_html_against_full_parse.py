"""What the scan and the parse of a part find is what a parse of the whole finds (rule R35)."""

import gzip
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from signals_agent.family import Listen
from signals_agent.locate import html
from signals_agent.model.position import ElementPosition

PAGES = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
NEEDLES = (b"noai", b"noimageai", b"noml", b"noindex", b"none")
LISTENS = (
    ("aipref", Listen("html-meta", "content-usage")),
    ("aipref", Listen("html-meta", "content-usage", attribute="http-equiv")),
    ("tdmrep", Listen("html-meta", "tdm-reservation")),
    ("tdmrep", Listen("html-meta", "tdm-policy")),
    ("robots-meta", Listen("html-meta", "robots", crawler_named=True, needles=NEEDLES)),
)
FAMILY_OF = {
    ("name", "content-usage"): "aipref",
    ("http-equiv", "content-usage"): "aipref",
    ("name", "tdm-reservation"): "tdmrep",
    ("name", "tdm-policy"): "tdmrep",
    ("name", "robots"): "robots-meta",
    ("name", "examplebot"): "robots-meta",
}
Found = Counter[tuple[str, str, str]]


def locate(body: bytes) -> html.HtmlFindings:
    return html.locate(
        body,
        b"text/html; charset=utf-8",
        source="https://site.example/page",
        capture_id="cap-1",
        listens=LISTENS,
        tokens=("examplebot",),
    )


def ours(body: bytes) -> Found:
    findings = locate(body)
    assert findings.head_complete, "a cap was hit"
    return Counter(
        (
            unit[0].declaration.family,
            unit[0].value.decode(),
            unit[0].declaration.scope.element or "head",
        )
        for unit in findings.units
    )


def ancestors(node: LexborNode) -> list[str]:
    names = []
    above = node.parent
    while above is not None:
        names.append(above.tag or "")
        above = above.parent
    return names


def full_parse(body: bytes) -> Found:
    """The oracle: one parse of everything, and no look at the octets.

    What a select mirrors of its chosen option stands for nothing of its own.
    """
    found: Found = Counter()
    document = LexborHTMLParser(
        body.removeprefix(b"\xef\xbb\xbf"), options=LexborDocumentOptions.WO_EVENTS.value
    )
    for node in document.css("meta"):
        above = ancestors(node)
        if {"svg", "math", "template"} & set(above):
            continue
        attributes = node.attributes
        if "content" not in attributes:
            continue
        content = attributes["content"] or ""
        families = {
            FAMILY_OF.get((attribute, _name(attributes.get(attribute))))
            for attribute in ("name", "http-equiv")
        }
        for family in families - {None}:
            if family == "robots-meta" and not any(
                needle in content.encode().lower() for needle in NEEDLES
            ):
                continue
            found[family, content, "head" if "head" in above else "body"] += 1
    return found


def _name(value: str | None) -> str:
    return (value or "").encode().strip(b"\t\n\f\r ").lower().decode()


def pages() -> list[bytes]:
    files = sorted(PAGES.glob("*.gz"))
    if not files:
        pytest.skip("the real pages of ../shared/data are not here")
    return [gzip.decompress(file.read_bytes()) for file in files]


def test_real_pages_declare_what_a_full_parse_finds() -> None:
    for page in pages():
        assert ours(page) == full_parse(page)


def test_real_pages_hold_no_false_declaration() -> None:
    """None of them carries an AI preference; what robots metas say is true."""
    said = Counter(key for page in pages() for key in ours(page))
    assert {family for family, _, _ in said} <= {"robots-meta"}
    assert {value for _, value, _ in said} <= {"noindex", "none", "noindex,follow"} | {
        value for _, value, _ in said if "max-" in value and "none" in value
    }


PLANTED = (
    b'<meta name="tdm-reservation" content="1">',
    b"<META CONTENT='train-ai=n' HTTP-EQUIV=Content-Usage>",
    b"<meta name=robots content=noai>",
    b'<meta content="train-genai&#61;n;exceptions=cc-cr-ec" name="content&#45;usage">',
)


def test_every_declaration_planted_in_a_real_page_is_found() -> None:
    rng = random.Random(1)
    seen: Counter[str] = Counter()
    real = pages()
    for page in real:
        before = ours(page)
        lowered = page.lower()
        head = lowered.find(b"<head")
        spots = {
            "head start": lowered.find(b">", head) + 1,
            "head end": lowered.find(b"</head"),
            "body start": lowered.find(b">", lowered.find(b"<body")) + 1,
            "body end": lowered.rfind(b"</body"),
        }
        middle = lowered.find(b"<p>", len(page) // 2)
        if middle > 0:
            spots["body middle"] = middle
        plant = rng.choice(PLANTED)
        for spot, offset in spots.items():
            if offset <= 0 or head < 0:
                continue
            planted = page[:offset] + plant + page[offset:]
            assert ours(planted) == full_parse(planted)
            new = ours(planted) - before
            if sum(new.values()) != 1:
                # Where the page itself hides the spot (a comment, a script), a full parse agrees.
                assert new == full_parse(planted) - full_parse(page)
                continue
            ((_, _, element),) = new
            if spot.startswith("body"):
                assert element == "body"
            if spot == "head start":
                assert element == "head"
            offsets = [
                unit[0].declaration.position
                for unit in locate(planted).units
                if unit[0].declaration.octets == plant
            ]
            assert offsets == [ElementPosition("meta", offset)]
            seen[spot] += 1
    # A few pages have no head tag, or a script where the spot would be.
    assert set(seen) == {"head start", "head end", "body start", "body middle", "body end"}
    assert min(seen.values()) > 0.8 * len(real)


def test_mutated_real_pages_declare_what_a_full_parse_finds() -> None:
    rng = random.Random(2)
    for page in pages()[::3]:
        body = page[:60_000]
        for _ in range(4):
            at = sorted(rng.randrange(len(body) + 1) for _ in range(4))
            cut = body[: at[0]] + rng.choice(PLANTED) + body[at[1] : at[2]] + rng.choice(PIECES)
            mutated = cut + rng.choice(PLANTED) + body[at[3] :]
            assert ours(mutated) == full_parse(mutated)


PIECES = (
    *PLANTED,
    b"<meta name=robots content='index, none'>",
    b'<meta name="ExampleBot" content="noindex"/>',
    b'<meta ="a>b" name=tdm-reservation content=0>',
    b"<meta/name=tdm-policy/content=/policy>",
    b'<meta name="tdm-reservation" content="a > b"',
    b"<meta name=tdm-reservation content='",
    b"<meta name='x' title=\"<meta name='tdm-reservation' content='1'>\">",
    b"<meta name=content-usage content=a&amp=b&notit;>",
    b"<meta name=con&#x74;ent-usage content>",
    b"<meta http-equiv=refresh content=0>",
    b"<meta ",
    b"<meta",
    b"<html>",
    b"<head>",
    b"</head>",
    b"<body>",
    b"</body>",
    b"</html>",
    b"<!doctype html>",
    b"<!--",
    b"-->",
    b"--!>",
    b"<!-->",
    b"<![CDATA[",
    b"]]>",
    b"<?xml ?>",
    b"</>",
    b"</ x>",
    b"<script>",
    b"</script>",
    b"<!--<script>",
    b"<style>",
    b"</style>",
    b"<title>",
    b"</title>",
    b"<textarea>",
    b"</textarea>",
    b"<noscript>",
    b"</noscript>",
    b"<template>",
    b"</template>",
    b"<svg>",
    b"</svg>",
    b"<foreignObject>",
    b"<desc>",
    b"<math>",
    b"<mi>",
    b"</math>",
    b"<annotation-xml encoding=text/html>",
    b"<iframe>",
    b"</iframe>",
    b"<noframes>",
    b"</noframes>",
    b"<frameset>",
    b"</frameset>",
    b"<frame>",
    b"<plaintext>",
    b"<xmp>",
    b"<select>",
    b"<option>",
    b"<button><selectedcontent>",
    b"</select>",
    b"<table>",
    b"<tr>",
    b"<td>",
    b"<caption>",
    b"<colgroup>",
    b"</table>",
    b"<div>",
    b"</div>",
    b"<p>",
    b"</p>",
    b"<b id=1>",
    b"</b>",
    b"<a href=x>",
    b"</a>",
    b"<object>",
    b"<div title='",
    b'<div title="',
    b"<div title=",
    b"<div ",
    b"'",
    b'"',
    b">",
    b"<",
    b"/",
    b"=",
    b" ",
    b"\n",
    b"\r",
    b"\x0c",
    b"\x00",
    b"\xff",
    b"\xe2\x80\xa8",
    b"&amp;",
    b"text",
    b"\xef\xbb\xbf",
)


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(b"".join))
@example(b"<head></head><span>" + PLANTED[0] + b"</span><frameset>" + PLANTED[0])
@example(b"<b id=1><p>" + PLANTED[0] + b"</b><svg><desc>" + PLANTED[0])
def test_adversarial_documents_declare_what_a_full_parse_finds(body: bytes) -> None:
    assert ours(body) == full_parse(body)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join),
)
def test_a_place_is_where_the_octets_stand(before: bytes, after: bytes) -> None:
    body = before + PLANTED[0] + after
    for unit in locate(body).units:
        declaration = unit[0].declaration
        position = declaration.position
        assert isinstance(position, ElementPosition)
        assert body[position.offset :].startswith(declaration.octets)
        assert declaration.octets[:5].lower() == b"<meta"
        assert declaration.octets.endswith(b">")


@settings(max_examples=300)
@given(
    st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join),
    st.binary(max_size=30) | st.sampled_from([b"text/html; charset=utf-7", b"charset=hz"]),
    st.booleans(),
    st.sampled_from(["head", "page"]),
)
def test_no_octets_raise(body: bytes, content_type: bytes, truncated: bool, depth: str) -> None:
    html.locate(
        body,
        content_type,
        source="https://site.example/",
        capture_id="cap-1",
        listens=LISTENS,
        tokens=("examplebot",),
        depth=depth,
        truncated=truncated,
    )
