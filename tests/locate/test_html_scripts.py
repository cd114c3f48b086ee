"""RSL that stands in a page itself, and links to RSL documents (rules R35, R39)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import html, html_claims, html_scripts
from signals_agent.locate.found import UNREAD
from signals_agent.model.declaration import PAGE, Located
from signals_agent.model.position import ElementPosition

URL = "https://site.example/a/post"
RSL = "application/rsl+xml"
INLINE = ("rsl", Listen("html-script", RSL))
LINKED = ("rsl", Listen("html-link", "license"))
CONTENT = (
    '<rsl xmlns="https://rslstandard.org/rsl"><content url=""><license>'
    '<prohibits type="usage">ai-train</prohibits></license></content></rsl>'
)
SCRIPT = f'<script type="{RSL}">{CONTENT}</script>'
BY = "https://creativecommons.org/licenses/by/4.0/"
LINK = f'<link rel="license" type="{RSL}" href="/l.xml">'


def look(body: str | bytes, *listens: tuple[str, Listen], **given) -> html.HtmlFindings:
    octets = body.encode() if isinstance(body, str) else body
    claims: dict[str, list[tuple[str, Listen]]] = {}
    for each in listens or (INLINE,):
        claims.setdefault(each[1].carrier, []).append(each)
    return html.locate(
        octets,
        b"text/html; charset=utf-8",
        source=URL,
        capture_id="cap-1",
        listens=(),
        tokens=(),
        claims=claims,
        **given,
    )


def found(body: str | bytes, *listens: tuple[str, Listen], **given) -> list[Located]:
    return [unit[0] for unit in look(body, *listens, **given).units]


def page(head: str = "", body: str = "") -> str:
    return f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}</body></html>"


TYPES = {
    "as usual": 'type="application/rsl+xml"',
    "in apostrophes": "type='application/rsl+xml'",
    "without quotes": "type=application/rsl+xml",
    "in capitals": "TYPE=APPLICATION/RSL+XML",
    "in a medley": 'Type="Application/Rsl+Xml"',
    "with a charset": 'type="application/rsl+xml; charset=utf-8"',
    "with white space": 'id=x\n type = "\tapplication/rsl+xml ;a=b"',
    "with a reference for its sign": 'type="application/rsl&#43;xml"',
    "with a reference by name": 'type="application&sol;rsl&plus;xml"',
    "with references for letters": 'type="&#97;pplication/r&#x73;l+xml"',
    "before another type": 'type="application/rsl+xml" type="text/plain"',
}


@pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
@pytest.mark.parametrize("name", ["script", "SCRIPT"])
def test_a_script_of_rsl_is_found_however_its_type_is_written(type_: str, name: str) -> None:
    html_ = page(f"<{name} {type_}>{CONTENT}</{name} >")
    (one,) = found(html_)
    octets = html_.encode()
    begin = octets.index(f"<{name}".encode())
    assert one.value == CONTENT.encode()
    assert one.field == RSL
    assert one.declaration.carrier == "html-script"
    assert one.declaration.position == ElementPosition("script", begin)
    assert one.declaration.octets == octets[begin : octets.index(b"</head>")]
    assert one.subject == PAGE
    assert not one.reach.restrict_only
    assert one.declaration.scope.element is None


@pytest.mark.parametrize(
    "script",
    [
        f'<script type="application/xml">{CONTENT}</script>',
        f'<script type="application/rsl+xmlx">{CONTENT}</script>',
        f'<script type="x" type="{RSL}">{CONTENT}</script>',
        f'<script data-type="{RSL}">{CONTENT}</script>',
        f'<style type="{RSL}">{CONTENT}</style>',
        f'<scripts type="{RSL}">{CONTENT}</scripts>',
        f"<!-- {SCRIPT} -->",
        f"<template>{SCRIPT}</template>",
        f"<svg>{SCRIPT}</svg>",
        f"<math>{SCRIPT}</math>",
        f"<textarea>{SCRIPT}</textarea>",
        f"<title>{SCRIPT}</title>",
        f"<script>document.write('{SCRIPT.replace('</script>', '')}')</script>",
        f"<p title='{SCRIPT}'>x</p>",
        CONTENT,
    ],
    ids=[
        "another type",
        "a type that goes on",
        "of two types the first counts",
        "another attribute",
        "a style",
        "another element",
        "in a comment",
        "in a template",
        "in a drawing",
        "in a formula",
        "in a field of text",
        "in a title",
        "in another script",
        "in an attribute",
        "as elements of the page",
    ],
)
@pytest.mark.parametrize("where", ["head", "body"])
def test_what_is_hidden_or_is_something_else_is_none(script: str, where: str) -> None:
    assert found(page(script) if where == "head" else page(body=script)) == []


@pytest.mark.parametrize(
    ("html_", "in_head", "scope"),
    [
        (page(SCRIPT), True, "page"),
        (SCRIPT, True, "page"),
        (f"<noscript>{SCRIPT}</noscript>", True, "page"),
        (page(f"<meta name=a>{SCRIPT}<meta name=b>"), True, "page"),
        (page(f"<div></div>{SCRIPT}"), False, "page"),
        (page(body=SCRIPT), False, "page"),
        (page(body=f"<p>x</p>{SCRIPT}<p>y</p>"), False, "page"),
        (page() + SCRIPT, False, "page"),
        (page(body=f"<main><p>x</p>{SCRIPT}</main>"), False, "unclear"),
        (page(body=f"<article><h1>A</h1>{SCRIPT}</article>"), False, "unclear"),
        (page(body=f"<figure><img src=/i.png>{SCRIPT}</figure>"), False, "part"),
    ],
    ids=[
        "in the head",
        "in a head without its tag",
        "in noscript",
        "between metas",
        "after what ends the head",
        "right in the body",
        "between paragraphs",
        "behind the page",
        "in an element of the body",
        "in an article",
        "in a figure",
    ],
)
def test_in_the_head_it_counts_in_full_and_in_the_body_it_restricts(
    html_: str, in_head: bool, scope: str
) -> None:
    (one,) = found(html_)
    assert one.value == CONTENT.encode()
    assert one.reach.restrict_only is not in_head
    assert one.declaration.scope.element == (None if in_head else "body")
    assert str(one.subject.scope) == scope


def test_a_figure_says_what_it_shows() -> None:
    (one,) = found(page(body=f"<figure>{SCRIPT}<img src=/i.png></figure><p>{'x' * 9000}"))
    assert one.subject.parts == ("https://site.example/i.png",)


def test_where_only_the_head_is_read_the_bodys_are_not_given() -> None:
    html_ = page(SCRIPT, SCRIPT)
    assert [each.reach.restrict_only for each in found(html_)] == [False, True]
    assert [each.reach.restrict_only for each in found(html_, depth="head")] == [False]


def test_several_scripts_are_units_of_their_own_in_their_order() -> None:
    scripts = [f'<script type="{RSL}">{n}</script>' for n in range(3)]
    assert [each.value for each in found(page("".join(scripts)))] == [b"0", b"1", b"2"]
    assert len({each.declaration.id for each in found(page(SCRIPT * 3))}) == 3


def test_an_empty_script_and_one_without_an_end_are_found() -> None:
    assert [each.value for each in found(page(f'<script type="{RSL}"></script>'))] == [b""]
    assert [each.value for each in found(f'<script type="{RSL}"><rsl')] == [b"<rsl"]


def test_offsets_count_octets_of_the_body_also_after_a_byte_order_mark() -> None:
    (one,) = found(b"\xef\xbb\xbf" + SCRIPT.encode())
    assert one.declaration.position == ElementPosition("script", 3)


def test_only_who_listens_hears_it() -> None:
    other = ("x", Listen("html-script", "application/xml"))
    assert found(page(SCRIPT), other) == []
    assert found(page(SCRIPT), LINKED) == []
    both = found(page(SCRIPT), INLINE, ("y", Listen("html-script", RSL)))
    assert [each.declaration.family for each in both] == ["rsl", "y"]


def test_json_ld_and_licences_beside_it_are_read_as_before() -> None:
    linked = f'<script type="application/ld+json">{{"@type":"WebPage","license":"{BY}"}}</script>'
    anchor = f'<footer><a rel="license" href="{BY}">l</a></footer>'
    listens = (
        ("licence", Listen("json-ld", "license")),
        ("licence", Listen("html-anchor", "license")),
        INLINE,
    )
    without = found(page(linked, anchor), *listens)
    beside = found(page(linked + SCRIPT, anchor + SCRIPT), *listens)
    assert [each.declaration.carrier for each in without] == ["html-anchor", "json-ld"]
    assert [
        (each.declaration.carrier, each.value, each.subject)
        for each in beside
        if each.declaration.family == "licence"
    ] == [(each.declaration.carrier, each.value, each.subject) for each in without]
    assert [each.declaration.carrier for each in beside].count("html-script") == 2


CLOSED = page(f'<script type="{RSL}">{{}}</script>')


def test_as_long_as_the_cap_is_read_and_one_octet_more_is_not() -> None:
    just = "x" * html_scripts.MAX_OCTETS
    assert found(CLOSED.format(just))[0].value == just.encode()
    over = look(CLOSED.format(just + "x"))
    ((one,),) = over.units
    assert one.value == b""
    assert one.detail(UNREAD)
    assert len(one.declaration.octets) == 4096
    assert [note.code for note in over.notes] == ["html-script-over-cap"]


def test_as_many_as_the_cap_are_read_and_one_more_says_that_it_was_not() -> None:
    just = look(page(SCRIPT * html_scripts.MAX_SCRIPTS))
    assert [bool(unit[0].detail(UNREAD)) for unit in just.units] == [False] * len(just.units)
    assert len(just.units) == html_scripts.MAX_SCRIPTS
    over = look(page(SCRIPT * (html_scripts.MAX_SCRIPTS + 50)))
    assert len(over.units) == html_scripts.MAX_SCRIPTS + 1
    assert over.units[-1][0].detail(UNREAD)
    assert [note.code for note in over.notes] == ["html-script-over-cap"]


@pytest.mark.parametrize(
    "body",
    [
        page(SCRIPT * (html_scripts.MAX_FOUND + 1)),
        page("", "<div>" * 20_000 + SCRIPT),
        SCRIPT + "<script a='" * 50_000,
    ],
    ids=["too many", "a page made to be slow", "tags without an end"],
)
def test_what_was_not_looked_at_counts_as_not_read(body: str) -> None:
    findings = look(body, INLINE, LINKED)
    assert any(unit[0].detail(UNREAD) for unit in findings.units)
    unread = [unit[0] for unit in findings.units if unit[0].detail(UNREAD)]
    assert "html-script" in {each.declaration.carrier for each in unread}
    typed = [each for each in unread if each.detail("type") == RSL]
    assert [each.field for each in typed] == ["license"]
    assert findings.notes


def test_a_page_over_a_cap_that_never_speaks_of_rsl_leaves_none_unread() -> None:
    link = f'<a rel="license" href="{BY}">l</a>'
    findings = look(page(body=link * (html_claims.MAX_CLAIMS + 1)), INLINE, LINKED)
    assert "html-script" not in {unit[0].declaration.carrier for unit in findings.units}
    unread = [unit[0] for unit in findings.units if unit[0].detail(UNREAD)]
    assert [each.detail("type") for each in unread] == [""]


@pytest.mark.parametrize(
    "unit",
    [
        b"<script ",
        b"<script a='",
        b'<script type="application/rsl+xml" ',
        b'<script type="application/rsl+xml">',
        b"<script a=b<script>",
        b"rsl+xml",
        b"</script",
        b'<script type="&#&#&#">',
    ],
)
def test_looking_is_linear_in_the_page(unit: bytes) -> None:
    """What is looked at never exceeds a few times the length, whatever is repeated."""
    body = b"rslstandard.org" + unit * (400_000 // len(unit))
    looked = 0

    class Counting:
        def match(self, octets: bytes, start: int) -> re.Match[bytes] | None:
            nonlocal looked
            found = rest(octets, start)
            looked += (found.end() if found else len(octets)) - start
            return found

    rest = html_scripts.REST_OF_TAG.match
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(html_scripts, "REST_OF_TAG", Counting())
        scripts, _ = html_scripts.scripts(body)
    assert looked <= 10 * len(body) + 65_536
    assert len(scripts) <= html_scripts.MAX_FOUND


def test_a_page_without_a_word_of_it_is_not_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(html_scripts, "media_type", None)
    plain = b"<script type=module>yoursl</script>" * 50
    assert html_scripts.scripts(plain) == ((), True)
    assert html_claims.claims(plain) == html_claims.NONE


@pytest.mark.parametrize(
    ("html_", "restricts"),
    [(page(LINK), False), (page(body=LINK), True), (page(body=f"<main>{LINK}</main>"), True)],
    ids=["in the head", "in the body", "in an element of the body"],
)
def test_a_link_to_rsl_reaches_who_listens_to_links_alone(html_: str, restricts: bool) -> None:
    (one,) = found(html_, LINKED)
    assert one.value == b"https://site.example/l.xml"
    assert one.detail("type") == RSL
    assert one.reach.restrict_only is restricts
    assert one.declaration.scope.element == ("body" if restricts else None)


def test_an_ordinary_licence_link_in_the_body_is_not_made_to_restrict() -> None:
    (one,) = found(page(body=f'<link rel="license" href="{BY}">'), LINKED)
    assert not one.reach.restrict_only


def test_a_link_to_rsl_in_the_footer_does_not_make_the_licence_unclear() -> None:
    anchor = f'<a rel="license" href="{BY}">l</a>'
    listens = (("licence", Listen("html-anchor", "license")), LINKED)
    licence, rsl = found(page(body=f"<footer>{anchor}{LINK}</footer>"), *listens)
    assert str(licence.subject.scope) == "page"
    assert rsl.detail("type") == RSL
    assert str(rsl.subject.scope) == "page"


PIECES = st.sampled_from(
    [
        b"<script type=application/rsl+xml>",
        b'<script type="application/rsl&#43;xml">',
        b"</script>",
        b"<!--",
        b"-->",
        b"<template>",
        b"</template>",
        b"<svg>",
        b"<textarea>",
        b"<body>",
        b"<p title='",
        b"'>",
        b"<rsl xmlns='https://rslstandard.org/rsl'>",
        b"rsl+xml",
        b"\xff\x00",
        b"<link rel=license type=application/rsl+xml href=/l>",
    ]
)


@given(st.lists(PIECES | st.binary(max_size=6), max_size=16))
def test_every_script_that_is_given_stands_in_the_octets(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    for one in found(body, INLINE, LINKED):
        position = one.declaration.position
        assert isinstance(position, ElementPosition)
        assert body.startswith(one.declaration.octets, position.offset)
        if one.declaration.carrier == "html-script" and not one.detail(UNREAD):
            assert body[position.offset : position.offset + 7].lower() == b"<script"
            assert one.value in one.declaration.octets


@given(st.binary(max_size=120))
def test_no_octets_raise(octets: bytes) -> None:
    look(octets)
    look(SCRIPT.encode() + octets)
    look(b"<script type=application/rsl+xml " + octets + b">" + octets)
