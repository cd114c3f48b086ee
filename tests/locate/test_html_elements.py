"""Which metas of a document are read, and how far each reaches (rule R35)."""

import pytest

from signals_agent.family import Listen
from signals_agent.locate import html, kinds
from signals_agent.model.capture import Capture
from signals_agent.model.position import ElementPosition

NEEDLES = (b"noai", b"noindex", b"none")
LISTENS = (
    ("aipref", Listen("html-meta", "content-usage")),
    ("aipref", Listen("html-meta", "content-usage", attribute="http-equiv")),
    ("tdmrep", Listen("html-meta", "tdm-reservation")),
    ("robots-meta", Listen("html-meta", "robots", crawler_named=True, needles=NEEDLES)),
    ("open-graph", Listen("html-meta", "og:ai", attribute="property")),
)


def locate(body: bytes, content_type: bytes = b"text/html", **given) -> html.HtmlFindings:
    return html.locate(
        body,
        content_type,
        source="https://site.example/page",
        capture_id="cap-1",
        listens=LISTENS,
        tokens=("examplebot",),
        **given,
    )


def found(body: bytes, content_type: bytes = b"text/html", **given) -> list[tuple[str, bytes, str]]:
    return [
        (
            unit[0].declaration.family,
            unit[0].value,
            "restrict" if unit[0].reach.restrict_only else "full",
        )
        for unit in locate(body, content_type, **given).units
    ]


HEAD = ("tdmrep", b"1", "full")
BODY = ("tdmrep", b"1", "restrict")
META = b'<meta name="tdm-reservation" content="1">'

READ = {
    "in the head": (b"<head>" + META + b"</head>", [HEAD]),
    "without any other tag": (META, [HEAD]),
    "attributes in the other order": (b'<meta content="1" name="tdm-reservation">', [HEAD]),
    "in capitals": (b'<META NAME="TDM-Reservation" CONTENT="1">', [HEAD]),
    "in single quotes": (b"<meta name='tdm-reservation' content='1'>", [HEAD]),
    "without quotes": (b"<meta name=tdm-reservation content=1>", [HEAD]),
    "spaces round the equals sign": (b"<meta name = tdm-reservation content\n=\n'1'>", [HEAD]),
    "spaces inside the name": (b'<meta name=" tdm-reservation\n" content=1>', [HEAD]),
    "a new line after the tag's name": (b'<meta\nname="tdm-reservation"\r\ncontent="1"\n>', [HEAD]),
    "a form feed after the tag's name": (b"<meta\x0cname=tdm-reservation\x0ccontent=1>", [HEAD]),
    "slashes in place of spaces": (b'<meta/name="tdm-reservation"/content="1"/>', [HEAD]),
    "no space between attributes": (b'<meta name="tdm-reservation"content="1">', [HEAD]),
    "an entity in the name": (b'<meta name="tdm&#45;reservation" content="1">', [HEAD]),
    "an entity without its semicolon": (b'<meta name="&#116dm-reservation" content="1">', [HEAD]),
    "an entity in the content": (b'<meta name="tdm-reservation" content="&#49;">', [HEAD]),
    "a quoted end of tag before": (
        b'<meta title="a > b" name="tdm-reservation" content="1">',
        [HEAD],
    ),
    "a quoted tag before": (
        b'<meta title="<meta name=x>" name="tdm-reservation" content=1>',
        [HEAD],
    ),
    "an apostrophe in an unquoted value": (b"<meta a=it's name=tdm-reservation content=1>", [HEAD]),
    "an apostrophe as an attribute": (b"<meta ' name=tdm-reservation content=1>", [HEAD]),
    "an attribute that begins with an equals sign": (
        b'<meta ="a" name=tdm-reservation content=1>',
        [HEAD],
    ),
    "duplicate attributes, the first counts": (
        b'<meta name="tdm-reservation" name="x" content="1" content="0">',
        [HEAD],
    ),
    "XHTML": (
        (
            b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
            b'<head><meta name="tdm-reservation" content="1" /></head></html>'
        ),
        [HEAD],
    ),
    "after the end tag of the head": (b"<head></head>" + META + b"<body></body>", [HEAD]),
    "after an unclosed link": (b"<head><link rel=x>" + META, [HEAD]),
    "after a base": (b'<head><base href="https://cdn.example/">' + META, [HEAD]),
    "after a UTF-8 byte order mark": (b"\xef\xbb\xbf<html><head>" + META, [HEAD]),
    "NULs before it": (b"<head>\x00\x00" + META, [BODY]),
    "in a noscript of the head": (b"<head><noscript>" + META + b"</noscript>", [HEAD]),
    "in a noscript of the body": (b"<body><noscript>" + META + b"</noscript>", [BODY]),
    "after a stray div in the head": (b"<head><div></div>" + META + b"</head>", [BODY]),
    "after text in the head": (b"<head>oops" + META + b"</head>", [BODY]),
    "at the start of the body": (b"<body>" + META, [BODY]),
    "at the end of the body": (b"<body><p>x</p>" + META + b"</body></html>", [BODY]),
    "after the end of the document": (b"<body></body></html>" + META, [BODY]),
    "in a table": (b"<table><tr>" + META, [BODY]),
    "breaking out of an svg": (b"<body><svg>" + META, [BODY]),
    "after an unclosed comment look-alike": (b"<head><!-->" + META, [HEAD]),
    "twice": (
        META + b'<meta name="tdm-reservation" content="0">',
        [HEAD, ("tdmrep", b"0", "full")],
    ),
    "once as name and http-equiv at a time": (
        b'<meta name="content-usage" http-equiv="Content-Usage" content="train-ai=n">',
        [("aipref", b"train-ai=n", "full")],
    ),
    "http-equiv": (
        b'<meta http-equiv="Content-Usage" content="train-ai=n;exceptions=cc-cr">',
        [("aipref", b"train-ai=n;exceptions=cc-cr", "full")],
    ),
    "an entity for the equals sign": (
        b'<meta name="content-usage" content="train-ai&#61;n">',
        [("aipref", b"train-ai=n", "full")],
    ),
    "property": (b'<meta property="og:ai" content="x">', [("open-graph", b"x", "full")]),
    "a needle in capitals": (
        b"<meta name=robots content=NOAI>",
        [("robots-meta", b"NOAI", "full")],
    ),
    "a needle behind an entity": (
        b'<meta name=robots content="no&#97;i">',
        [("robots-meta", b"noai", "full")],
    ),
    "our own token": (
        b'<meta name="ExampleBot" content="noindex">',
        [("robots-meta", b"noindex", "full")],
    ),
    "an empty content": (b'<meta name=content-usage content="">', [("aipref", b"", "full")]),
    "octets that are not UTF-8": (
        b'<meta name=content-usage content="train-ai=n \xff">',
        [("aipref", "train-ai=n \ufffd".encode(), "full")],
    ),
}

IGNORED = {
    "in a comment": b"<head><!-- " + META + b" -->",
    "in an unclosed comment": b"<head><!-- " + META,
    "in a conditional comment": b"<!--[if IE]>" + META + b"<![endif]-->",
    "in a script": b"<head><script>document.write('" + META + b"')</script>",
    "in a style": b"<head><style>" + META + b"</style>",
    "in a title": b"<head><title>" + META + b"</title>",
    "in an unclosed title": b"<head><title>" + META,
    "in a textarea": b"<body><textarea>" + META + b"</textarea>",
    "in a template of the head": b"<head><template>" + META + b"</template>",
    "in a template of the body": b"<body><template><div>" + META + b"</div></template>",
    "in an svg": b"<body><svg><foreignObject>" + META + b"</foreignObject></svg>",
    "in math": b"<math><annotation-xml encoding='text/html'>" + META + b"</annotation-xml></math>",
    "in an iframe": b"<body><iframe>" + META + b"</iframe>",
    "in CDATA of an svg": b"<svg><![CDATA[" + META + b"]]></svg>",
    "in an attribute": b'<body><div title="<meta name=tdm-reservation content=1>">',
    "in an attribute with quotes inside": b"<body><div title='" + META + b"'>",
    "in an unquoted attribute": b"<body><div title=<meta/name=tdm-reservation/content=1>x",
    "in plaintext": b"<body><plaintext>" + META,
    "without an end": b'<meta name="tdm-reservation" content="1"',
    "with an unclosed quote": b'<meta name="tdm-reservation content="1">',
    "without a content": b'<meta name="tdm-reservation">',
    "with the content in the wrong attribute": b'<meta name="tdm-reservation" value="1">',
    "a prefixed element": b'<x:meta name="tdm-reservation" content="1">',
    "a longer element name": b'<metal name="tdm-reservation" content="1">',
    "a vertical tab after the tag's name": b"<meta\x0bname=tdm-reservation content=1>",
    "a NUL in the name": b"<meta name=tdm\x00-reservation content=1>",
    "a letter that only folds to ASCII": "<meta name=content-u\u017fage content=1>".encode(),
    "robots without a needle": b'<meta name="robots" content="index, follow">',
    "another crawler": b'<meta name="googlebot" content="noindex">',
    "a name where http-equiv is meant": b'<meta http-equiv="tdm-reservation" content="1">',
    "the second of two names": b'<meta name="x" name="tdm-reservation" content="1">',
    "a body that frames replaced": b"<head></head><span>"
    + META
    + b"</span><frameset><frame></frameset>",
    "nothing at all": b"",
}


@pytest.mark.parametrize(("body", "expected"), READ.values(), ids=READ)
def test_a_meta_is_read(body: bytes, expected: list[tuple[str, bytes, str]]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize("body", IGNORED.values(), ids=IGNORED)
def test_a_meta_is_not_read(body: bytes) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "disguise",
    [
        b"<!-- %s -->",
        b"<script>'%s'</script>",
        b"<textarea>%s</textarea>",
        b"<p title='%s'>",
        b"<template>%s</template>",
    ],
    ids=["comment", "script", "textarea", "attribute", "template"],
)
def test_a_disguised_twin_does_not_lend_its_place(disguise: bytes) -> None:
    """The real element is told apart from its twin, before it and after it."""
    twin = disguise % META
    for body in (b"<body>" + twin + META, b"<body>" + META + twin):
        units = locate(body).units
        assert [unit[0].declaration.position for unit in units] == [
            ElementPosition(
                "meta", body.index(META) if body.startswith(b"<body><meta") else body.rindex(META)
            )
        ]


def test_the_place_is_the_tags_first_octet_and_the_octets_are_the_tag() -> None:
    body = b"\xef\xbb\xbf<html><head><title>\xc3\xa9</title>\n  " + META + b"</head>"
    declaration = locate(body).units[0][0].declaration
    assert declaration.position == ElementPosition("meta", body.index(b"<meta"))
    assert declaration.octets == META
    assert declaration.expression == "1"
    assert (declaration.carrier, declaration.source) == ("html-meta", "https://site.example/page")
    assert declaration.scope.element is None


def test_the_scope_names_the_body_and_the_token() -> None:
    scope = locate(b"<body><meta name=ExampleBot content=noai>").units[0][0].declaration.scope
    assert (scope.element, scope.token) == ("body", "examplebot")
    assert locate(b"<meta name=robots content=noai>").units[0][0].declaration.scope.token is None


def test_no_meta_counts_for_the_literal_answer() -> None:
    units = locate(META + b'<meta name="content-usage" content="train-ai=n">').units
    assert len(units) == 2
    assert not any(unit[0].reach.literal for unit in units)


def test_ids_tell_places_apart_and_are_stable() -> None:
    first, second = (unit[0].declaration.id for unit in locate(META + META).units)
    assert first != second
    assert locate(META + META).units[0][0].declaration.id == first


def test_with_depth_head_the_body_is_left_out() -> None:
    body = b"<head>" + META + b"</head><body>" + META
    assert found(body, depth="head") == [HEAD]
    assert found(body) == [HEAD, BODY]


ENCODED = {
    "UTF-16 little-endian with a mark": (("\ufeff" + "<head>{}").encode("utf-16-le"), b""),
    "UTF-16 big-endian with a mark": (("\ufeff" + "<head>{}").encode("utf-16-be"), b""),
    "UTF-16 by the header": ("<head>{}".encode("utf-16-le"), b"text/html; charset=UTF-16LE"),
    "UTF-16 told by an XML declaration": ("<?xml ?><head>{}".encode("utf-16-be"), b""),
    "UTF-32 with a mark": (("\ufeff" + "<head>{}").encode("utf-32-le"), b""),
    "ISO-2022-JP by the header": (
        "<head><title>\u65e5\u672c</title>{}".encode("iso2022_jp"),
        b'text/html; charset="iso-2022-jp"',
    ),
    "ISO-2022-JP by a meta": (
        "<head><meta charset=iso-2022-jp><title>\u65e5\u672c</title>{}".encode("iso2022_jp"),
        b"text/html",
    ),
    "UTF-7 by the header": (b"<head>{}", b"text/html; charset=utf-7"),
}


@pytest.mark.parametrize(("page", "content_type"), ENCODED.values(), ids=ENCODED)
def test_an_encoding_in_which_markup_is_not_ascii(page: bytes, content_type: bytes) -> None:
    codec = next(
        (c for c in ("utf-32-le", "utf-16-le", "utf-16-be") if "{}".encode(c) in page), "ascii"
    )
    body = page.replace("{}".encode(codec), META.decode().encode(codec))
    assert found(body, content_type) == [HEAD]
    assert [note.code for note in locate(body, content_type).notes] == ["html-transcoded"]


def test_text_in_a_shifting_encoding_is_no_markup() -> None:
    """In ISO-2022-JP the octets of kanji may be those of a tag."""
    hidden = b"<head><title>\x1b$B<meta name=tdm-reservation content=1>!\x1b(B</title>"
    body = b"<body>\x1b$B<meta name=tdm-reservation content=1 >\x1b(B"
    for each in (hidden, body):
        assert found(each, b"text/html; charset=iso-2022-jp") == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>\u8868\u793a</title>".encode("cp932") + META, b"text/html; charset=Shift_JIS"),
        (b"<title>caf\xe9</title>" + META, b"text/html; charset=iso-8859-1"),
        (b"<head>" + META, b"text/html; charset=utf-16"),
        (b"<head><meta charset=utf-16>" + META, b"text/html"),
        (b"<head>" + META, b"text/html; charset=nonsense"),
    ],
    ids=["Shift-JIS", "Latin-1", "UTF-16 in name only", "UTF-16 in a meta", "an unknown charset"],
)
def test_other_encodings_are_read_as_they_are(body: bytes, content_type: bytes) -> None:
    units = locate(body, content_type).units
    assert [unit[0].declaration.position for unit in units] == [
        ElementPosition("meta", body.rindex(META))
    ]


CUT = {
    "in the title": (b"<html><head><title>A ti", False),
    "between two metas": (b"<html><head><meta name=a>\n", False),
    "inside a meta": (b"<html><head><meta name=a conte", False),
    "inside a script of the head": (b"<html><head><script>var a = '</hea", False),
    "inside a comment of the head": (b"<html><head><!-- <body> ", False),
    "at a less-than sign": (b"<html><head><meta name=a><", False),
    "at the beginning of an end tag": (b"<html><head><meta name=a></", False),
    "inside the body's tag": (b"<html><head></head><body class='x", False),
    "in a noscript of the head": (b"<html><head><noscript><link rel=x>", False),
    "before anything": (b"", False),
    "after the body's tag": (b"<html><head></head><body>", True),
    "in the body": (b"<html><head></head><body><p>Wor", True),
    "in a body that no tag opens": (b"<title>x</title><p>Wor", True),
    "in a script of the body": (b"<html><head></head><body><script>var a", True),
    "after a stray div": (b"<html><head><div>", True),
    "in frames": (b"<html><head></head><frameset><frame src=a>", True),
}


@pytest.mark.parametrize(("body", "ended"), CUT.values(), ids=CUT)
def test_whether_the_head_had_ended_where_a_body_is_cut(body: bytes, ended: bool) -> None:
    assert locate(body, truncated=True).head_complete is ended
    assert locate(body).head_complete is True


def test_a_late_end_of_the_head_is_seen() -> None:
    head = b"<head><style>" + b"a{}\n" * 40_000 + b"</style>"
    assert locate(head, truncated=True).head_complete is False
    assert locate(head + b"<body><p>x", truncated=True).head_complete is True


NOTED = {
    "a refresh": (b'<meta http-equiv="Refresh" content="0; url=/b">', ["html-meta-refresh"]),
    "a canonical on another origin": (
        b'<link rel="canonical" href="https://other.example/a">',
        ["html-canonical-foreign"],
    ),
    "a canonical with another scheme": (
        b'<link href="http://site.example/page" rel="Canonical canonical">',
        ["html-canonical-foreign"],
    ),
    "a canonical on this origin": (b'<link rel=canonical href="https://site.example/b">', []),
    "a relative canonical": (b'<link rel=canonical href="/b">', []),
    "a canonical that is no URL": (b'<link rel=canonical href="http://[">', []),
    "a canonical in a comment": (
        b'<!-- <link rel=canonical href="https://other.example/"> -->',
        [],
    ),
    "a refresh in a script": (b"<script>'<meta http-equiv=refresh content=0>'</script>", []),
    "a canonical in the body": (b'<body><link rel=canonical href="https://other.example/">', []),
}


@pytest.mark.parametrize(("body", "codes"), NOTED.values(), ids=NOTED)
def test_what_is_only_noted(body: bytes, codes: list[str]) -> None:
    findings = locate(b"<head>" + body)
    assert [note.code for note in findings.notes] == codes
    assert findings.units == ()


KINDS = {
    "text/html": ("text/html; charset=utf-8", b"", True),
    "XHTML": ("application/xhtml+xml", b"", True),
    "no type and a doctype": ("", b"\xef\xbb\xbf\n<!DOCTYPE html>", True),
    "no type and a bare tag": ("", b"<p>", True),
    "no type and UTF-16": ("", "\ufeff<html>".encode("utf-16-le"), True),
    "no type and a feed": ("", b'<?xml version="1.0"?><rss>', False),
    "no type and XHTML": ("", b'<?xml version="1.0"?><html xmlns="">', True),
    "no type and text": ("", b"User-agent: *", False),
    "XML with an html root": ("application/xml", b"<html>", True),
    "XML": ("text/xml", b"<feed>", False),
    "text": ("text/plain", b"<html>", False),
    "an image": ("image/png", b"<html>", False),
    "JSON": ("application/json", b"{}", False),
}


@pytest.mark.parametrize(("kind", "body", "expected"), KINDS.values(), ids=KINDS)
def test_what_is_html(kind: str, body: bytes, expected: bool) -> None:
    headers = [("Content-Type", kind)] if kind else []
    assert kinds.is_html(Capture("https://site.example/", 200, headers, body)) is expected


def test_what_is_an_image() -> None:
    def media(kind: str, body: bytes = b"") -> str:
        headers = [("Content-Type", kind)] if kind else []
        return kinds.media(Capture("https://site.example/", 200, headers, body))

    assert media("image/webp") == media("", b"\x89PNG\r\n\x1a\n") == "image"
    assert media("text/html") == media("text/html", b"GIF89a") == media("") == ""
    assert kinds.media(Capture("https://site.example/", 200, body=None)) == ""
