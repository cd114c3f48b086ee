"""What RDFa names, and of which thing it is said."""

import time

import pytest

from signals_agent.locate import rdfa
from signals_agent.locate.html_tree import Document, Node, tree
from signals_agent.locate.subject import UNCLEAR, Page, subject_of
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

HERE = "https://site.example/alias"
CC = "http://creativecommons.org/ns#"


def part(*urls: str) -> Subject:
    return Subject(LicenceScope.PART, tuple("https://site.example" + each for each in urls))


def at(markup: str) -> tuple[Document, Node]:
    document = tree(f"<!doctype html>{markup}".encode())
    node = document.css_first("#this")
    assert node is not None
    return document, node


@pytest.mark.parametrize(
    ("markup", "written", "expected"),
    [
        (f'<html prefix="l: {CC}"><a id=this>', "l:license", ("license",)),
        (f'<html prefix="og: http://ogp.me/ns# L: {CC}"><a id=this>', "l:license", ("license",)),
        (
            f'<p xmlns:l="{CC}"><a id=this>',
            "l:license l:morePermissions",
            ("license", "morePermissions"),
        ),
        (f'<p xmlns:L="{CC}"><b prefix="m: x"><a id=this>', "L:license", ("license",)),
        (f'<a id=this prefix="l: {CC}">', "l:license", ("license",)),
        (f'<p prefix="l: {CC}"><b prefix="l: http://cars.example/"><a id=this>', "l:license", ()),
        (f'<p prefix="l: {CC}"></p><a id=this>', "l:license", ()),
        (f'<p prefix="l {CC} m:"><a id=this>', "l:license m:license", ()),
        ('<p prefix="cc: http://cars.example/"><a id=this>', "cc:license", ("license",)),
        ("<a id=this>", "cc:license dct:rights", ("license", "rights")),
        ("<a id=this>", "l:license license", ()),
    ],
    ids=[
        "declared on the document",
        "among others, in capitals",
        "as a namespace",
        "further up",
        "on the element itself",
        "declared anew as something else",
        "declared elsewhere",
        "declared wrongly",
        "a known one as something else, which counts",
        "known ones",
        "none",
    ],
)
def test_prefixes_are_those_that_are_declared_or_well_known(
    markup: str, written: str, expected: tuple[str, ...]
) -> None:
    document, node = at(markup)
    prefixes = rdfa.Things(document, HERE).prefixes(node)
    assert rdfa.fields(written.encode(), prefixed=True, prefixes=prefixes) == expected


def test_without_prefixes_only_well_known_ones_count() -> None:
    assert rdfa.fields(b"l:license", prefixed=True) == ()


WORK = '<article about="%s" typeof="%s">%s</article>'
THIS = '<a id="this" rel="license" href="x">l</a>'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(WORK % ("/node/7", "sioc:Item foaf:Document", THIS), UNCLEAR, id="an alias"),
        pytest.param(WORK % ("/alias", "sioc:Item", THIS), PAGE, id="the page"),
        pytest.param(
            WORK
            % (
                "/node/7",
                "sioc:Item",
                THIS + '<p about="/comment/1#comment-1" '
                'typeof="sioc:Post sioct:Comment"></p><p about="/ada" typeof="Person"></p>',
            ),
            UNCLEAR,
            id="an alias with a comment and a person",
        ),
        pytest.param(
            WORK % ("/node/7", "sioc:Item", THIS) + WORK % ("/node/8", "sioc:Item", ""),
            part("/node/7"),
            id="one of a listing",
        ),
        pytest.param(
            WORK % ("/list", "foaf:Document", WORK % ("/node/7", "Article", THIS)),
            part("/node/7"),
            id="a work within another",
        ),
        pytest.param(
            WORK % ("/node/7", "Article", f'<p about="/comment/1#c" typeof="Comment">{THIS}</p>'),
            part("/comment/1#c"),
            id="a comment on the only work",
        ),
        pytest.param(WORK % ("/i.png", "foaf:Image", THIS), part("/i.png"), id="a picture"),
        pytest.param(f'<p about="/other">{THIS}</p>', part("/other"), id="what is no work"),
        pytest.param(
            f'<body about="https://corp.example/" typeof="foaf:Document">{THIS}',
            UNCLEAR,
            id="the whole document",
        ),
    ],
)
def test_whose_a_property_is(markup: str, expected: Subject) -> None:
    document, node = at(markup)
    holder = node.parent
    assert holder is not None
    found = rdfa.item(holder, HERE, things=rdfa.Things(document, HERE))
    assert found is not None
    assert subject_of(found, Page(HERE)) == expected


def test_without_the_things_beside_it_a_work_is_taken_for_the_only_one() -> None:
    _, node = at(WORK % ("/node/7", "Article", THIS) + WORK % ("/node/8", "Article", ""))
    assert node.parent is not None
    found = rdfa.item(node.parent, HERE)
    assert found is not None
    assert subject_of(found, Page(HERE)) == UNCLEAR


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p id=this> a <b>b</b>\n c&amp;d </p>", "a b c&d"),
        ("<p id=this></p>", ""),
        ("<p id=this>" + "x" * 5000, "x" * rdfa.MAX_TEXT),
        ("<p id=this>" + "<br>" * 5000 + "x", ""),
    ],
    ids=["text and elements", "nothing", "too much text", "too many elements"],
)
def test_text_is_read_so_far(markup: str, expected: str) -> None:
    assert rdfa.text_of(at(markup)[1]) == expected


def test_prefixes_deep_down_take_a_time_that_their_number_bounds() -> None:
    def seconds(count: int) -> float:
        document = tree(b'<p prefix="a: b"><b xmlns:c="d">' + b'<i prefix="e: f">' * count)
        things = rdfa.Things(document, HERE)
        nodes = document.css("i")
        started = time.perf_counter()
        for node in nodes:
            things.prefixes(node)
        return time.perf_counter() - started

    assert min(seconds(4000) for _ in range(2)) < 10 * max(seconds(1000), 0.02)
