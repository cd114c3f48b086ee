"""What microdata names, and of which item it is said."""

import time

import pytest

from signals_agent.locate import microdata
from signals_agent.locate.html_tree import Node, tree
from signals_agent.locate.microdata import Items
from signals_agent.locate.subject import MAX_NAMES, UNCLEAR, Item, Page, subject_of
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

HERE = "https://site.example/blog/2024/x"
BY = "https://creativecommons.org/licenses/by/4.0/"
THIS = '<link itemprop="license" href="x" id="this">'


def part(*urls: str) -> Subject:
    return Subject(LicenceScope.PART, urls)


def item(markup: str, base: str = HERE) -> Item | None:
    """The item to which the element belongs that is called *this*."""
    document = tree(f"<!doctype html><html>{markup}".encode())
    node = document.css_first("#this")
    assert node is not None
    return Items(document, base).of(node)


def subject(markup: str, url: str = HERE) -> Subject:
    found = item(markup, url)
    assert found is not None
    return subject_of(found, Page(url))


def scope(kind: str, inside: str = "", relation: str = "") -> str:
    given = f' itemprop="{relation}"' if relation else ""
    return f'<div itemscope itemtype="https://schema.org/{kind}"{given}>{inside}</div>'


def url(address: str, name: str = "url") -> str:
    return f'<a itemprop="{name}" href="{address}">x</a>'


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(scope("Article", THIS), PAGE, id="a nameless article alone"),
        pytest.param(
            scope("Article", THIS)
            + scope("Comment")
            + scope("WPFooter")
            + scope("Person")
            + scope("WebSite")
            + scope("BreadcrumbList"),
            PAGE,
            id="with what is no such work beside it",
        ),
        pytest.param(scope("Article", THIS) + scope("Book"), UNCLEAR, id="with another beside it"),
        pytest.param(scope("Article", THIS + url(HERE)), PAGE, id="an article named as the page"),
        pytest.param(scope("Article", THIS + url(HERE + "/amp/")), PAGE, id="or as its short form"),
        pytest.param(
            '<body itemscope itemtype="https://schema.org/WebPage">' + url("/blog/") + THIS,
            UNCLEAR,
            id="a page whose template links to a logo",
        ),
        pytest.param(
            '<body itemscope itemtype="https://schema.org/WebPage">'
            + url("https://corp.example/")
            + THIS,
            UNCLEAR,
            id="to one elsewhere",
        ),
        pytest.param(scope("Article", THIS + url("/node/7")), UNCLEAR, id="one under an alias"),
        pytest.param(
            scope("WebPage", scope("Article", THIS + url("/node/7"), "mainEntity")),
            UNCLEAR,
            id="a main entity under an alias",
        ),
        pytest.param(
            scope("Article", THIS + url("/node/7")) + scope("Article", url("/node/8")),
            part("https://site.example/node/7"),
            id="one of a listing",
        ),
        pytest.param(
            scope("Article", THIS + url("https://other.example/1")),
            part("https://other.example/1"),
            id="one on another host",
        ),
        pytest.param(
            scope("Article", url(HERE) + scope("ImageObject", THIS + url("/i.png", "contentUrl"))),
            part("https://site.example/i.png"),
            id="a picture in an article",
        ),
    ],
)
def test_whose_a_property_is(markup: str, expected: Subject) -> None:
    assert subject(markup) == expected


@pytest.mark.parametrize(
    ("inside", "names", "media"),
    [
        pytest.param(url("/a") + url("/b", "mainEntityOfPage"), ("/a", "/b"), (), id="links"),
        pytest.param(url("/a", "url contentUrl"), ("/a",), ("/a",), id="both in one"),
        pytest.param(
            '<meta itemprop="url" content="https://site.example/a">', ("/a",), (), id="a meta"
        ),
        pytest.param(
            '<b itemprop="url">https://site.example/<i>a</i></b>', ("/a",), (), id="a text"
        ),
        pytest.param('<b itemprop="url">a</b>', (), (), id="a text that is no URL"),
        pytest.param(scope("WebPage", url("/a"), "mainEntityOfPage"), ("/a",), (), id="a page"),
        pytest.param(
            '<i itemprop="mainEntityOfPage" itemscope itemid="/a"></i>',
            ("/a",),
            (),
            id="a page by its id",
        ),
        pytest.param(scope("WebPage", "", "mainEntityOfPage"), (), (), id="a page without a URL"),
        pytest.param(scope("Person", url("/a"), "author"), (), (), id="another's"),
    ],
)
def test_what_names_an_item(inside: str, names: tuple[str, ...], media: tuple[str, ...]) -> None:
    found = item(scope("Thing", inside + THIS))
    assert found is not None
    assert found.names == tuple("https://site.example" + each for each in names)
    assert found.media == tuple("https://site.example" + each for each in media)


def test_of_an_item_with_many_names_no_more_are_kept_than_tell_that_there_are() -> None:
    many = "".join(url(f"/{number}") for number in range(500))
    found = item(scope("Article", many + THIS))
    assert found is not None
    assert len(found.names) == MAX_NAMES + 1
    assert subject_of(found, Page(HERE)) == UNCLEAR


def test_a_property_outside_of_items_is_nothings() -> None:
    assert item(THIS + url("/a")) is None


def licence(markup: str) -> Node:
    node = tree(markup.encode()).css_first('[itemprop="license"]')
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("markup", "value", "details"),
    [
        (f'<a itemprop="license" href="{BY}">CC BY</a>', BY, ()),
        (
            (
                '<b itemprop="license" itemscope><a itemprop="url" href="/l"></a>'
                '<i itemprop="name">CC  BY-NC-ND <b>4.0</b></i></b>'
            ),
            "https://site.example/l",
            (("name", "CC BY-NC-ND 4.0"),),
        ),
        (
            (
                '<b itemprop="license" itemscope itemid="/l">'
                '<meta itemprop="name" content=" CC BY-NC-ND "></b>'
            ),
            "https://site.example/l",
            (("name", "CC BY-NC-ND"),),
        ),
        ('<b itemprop="license" itemscope><i itemprop="name"></i>MIT</b>', "", ()),
        ('<b itemprop="license" itemscope>MIT</b>', "MIT", ()),
    ],
    ids=["a link", "an item with URL and name", "with an id", "with an empty name", "with neither"],
)
def test_a_licence_that_is_an_item_is_told_by_url_and_name(
    markup: str, value: str, details: tuple[tuple[str, str], ...]
) -> None:
    node = licence(markup)
    given = microdata.octets_of(node)
    assert microdata.value(node, given, HERE)[0] == value
    assert microdata.details(node, given) == details


def test_items_within_items_take_a_time_that_their_number_bounds() -> None:
    def seconds(count: int) -> float:
        one = '<p itemscope itemprop="mainEntity"><a itemprop="url" href="/a"></a><b itemscope>'
        document = tree(("<div itemscope>" + one * count + THIS).encode())
        nodes = document.css("[itemprop]")
        items = Items(document, HERE)
        started = time.perf_counter()
        for node in nodes:
            items.of(node)
        return time.perf_counter() - started

    assert min(seconds(2000) for _ in range(2)) < 10 * max(seconds(500), 0.02)
