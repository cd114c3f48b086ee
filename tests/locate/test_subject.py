"""Whose licence it is, where a carrier describes things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.locate.subject import (
    MAX_NAMES,
    UNCLEAR,
    Item,
    Page,
    is_nameless_work,
    is_web_page,
    subject_of,
)
from signals_agent.model.declaration import PAGE, Subject
from signals_agent.model.licence import LicenceScope

HERE = "https://site.example/blog/post/"
THIS = Page(HERE, ("https://site.example/amp/post",))
ROOT = Page("https://site.example/")
IMAGE = "https://site.example/a.jpg"


def part(*urls: str) -> Subject:
    return Subject(LicenceScope.PART, urls)


def item(
    types: str = "",
    *names: str,
    media: tuple[str, ...] = (),
    relation: str = "",
    parent: Item | None = None,
    alone: bool = True,
) -> Item:
    return Item(tuple(types.split()), names, media, relation, parent, alone)


ARTICLE = item("Article", HERE)
OTHER = item("Article", "https://site.example/other/")


@pytest.mark.parametrize(
    ("url", "named"),
    [
        pytest.param(HERE, True, id="its own URL names it"),
        pytest.param("http://site.example/blog/post/", True, id="the other scheme does too"),
        pytest.param(HERE + "#article", True, id="a fragment does not matter"),
        pytest.param("https://site.example/blog/post", True, id="nor a slash at the end"),
        pytest.param("https://SITE.example:443/blog/post/", True, id="nor default port and case"),
        pytest.param("https://www.site.example/blog/post/", True, id="nor www in front"),
        pytest.param("https://site.example/amp/post/", True, id="another of its URLs names it"),
        pytest.param("https://site.example/blog/", False, id="what is above it does not"),
        pytest.param(HERE + "?page=2", False, id="a query makes another page"),
        pytest.param("https://site.example:8443/blog/post/", False, id="another port is another"),
        pytest.param("https://en.site.example/blog/post/", False, id="another host is another"),
        pytest.param("urn:uuid:1", False, id="a URN names no page"),
        pytest.param("", False, id="nothing names nothing"),
        pytest.param("http://[", False, id="a broken URL names nothing"),
        pytest.param("https://site.example/\ud800", False, id="half a character names nothing"),
    ],
)
def test_what_names_a_page(url: str, named: bool) -> None:
    assert THIS.is_named_by(url) is named


def test_percent_escapes_are_compared_without_their_case() -> None:
    assert Page("https://site.example/%D8%A7").is_named_by("https://site.example/%d8%a7/")


def test_a_query_is_kept_apart_from_the_slash_before_it() -> None:
    page = Page("https://site.example/list/?p=1")
    assert page.is_named_by("https://site.example/list?p=1")
    assert not page.is_named_by("https://site.example/list")


def test_a_page_whose_url_is_none_is_named_by_nothing() -> None:
    broken = Page("about:blank")
    assert not broken.is_named_by("about:blank")
    assert not broken.is_root
    assert not broken.is_site("https://site.example/")
    assert subject_of(item("Article", HERE), broken) == part(HERE)


@pytest.mark.parametrize(
    ("described", "subject"),
    [
        pytest.param(ARTICLE, PAGE, id="named as the page, it is the page"),
        pytest.param(
            item("Article", "https://cdn.example/1", HERE), PAGE, id="one name is enough for it"
        ),
        pytest.param(item("", HERE), PAGE, id="a thing without a type, too"),
        pytest.param(
            item("ImageObject", HERE + "#i", media=(IMAGE,)),
            part(IMAGE),
            id="a picture on the page is a part, by the URL of its file",
        ),
        pytest.param(
            item("ImageObject", "https://photos.example/1", media=(IMAGE,)),
            part(IMAGE, "https://photos.example/1"),
            id="a picture with a page of its own is a part by both",
        ),
        pytest.param(item("VideoObject"), part(), id="a nameless film is a part without URL"),
        pytest.param(
            item("ImageObject", media=(HERE,)), PAGE, id="a picture that is the asset is the page"
        ),
        pytest.param(
            item("WebPage ImageObject", HERE), PAGE, id="a page that is also a picture is a page"
        ),
        pytest.param(OTHER, part(*OTHER.names), id="named as something else, it is that"),
        pytest.param(
            item("WebSite", "https://site.example/"), UNCLEAR, id="a licence of the site is unclear"
        ),
        pytest.param(
            item("Organization", "https://site.example/#org"),
            UNCLEAR,
            id="so is one of an organisation that stands at the site's root",
        ),
        pytest.param(
            item("DataCatalog", "https://site.example/blog/"),
            UNCLEAR,
            id="and one of a catalogue that the page stands beneath",
        ),
        pytest.param(
            item("Article", "https://site.example/blog/"),
            part("https://site.example/blog/"),
            id="an article above the page is another one",
        ),
        pytest.param(
            item("WebSite", "https://site.example/blog?q=1"),
            part("https://site.example/blog?q=1"),
            id="nothing stands beneath a query",
        ),
        pytest.param(item("Article", "http://["), part("http://["), id="a broken name is one"),
        pytest.param(
            item("WebSite", "https://other.example/"),
            part("https://other.example/"),
            id="another site is something else",
        ),
        pytest.param(item("Article"), PAGE, id="a nameless work alone at the top is the page"),
        pytest.param(item(), PAGE, id="so is a thing without type and name"),
        pytest.param(item("Article", alone=False), UNCLEAR, id="beside another it is unclear"),
        pytest.param(item("WebPage", alone=False), PAGE, id="but a page is the page even then"),
        pytest.param(item("Person"), UNCLEAR, id="a nameless person is not the page"),
        pytest.param(item("WebSite"), UNCLEAR, id="nor is a nameless site"),
        pytest.param(
            item("Dataset", "https://doi.org/10.5/x"), PAGE, id="a DOI does not say where it is"
        ),
        pytest.param(
            item("Dataset", "https://doi.org/10.5/x", alone=False),
            part("https://doi.org/10.5/x"),
            id="beside others a DOI says which one is meant",
        ),
        pytest.param(item("Book", "urn:isbn:1"), PAGE, id="nor does a URN"),
        pytest.param(
            item("Dataset", relation="mainEntity", parent=ARTICLE),
            PAGE,
            id="the page's main entity is the page",
        ),
        pytest.param(
            item("Dataset", relation="mainEntity", parent=OTHER),
            part(*OTHER.names),
            id="another's main entity is that other one",
        ),
        pytest.param(
            item("WebPage", relation="mainEntityOfPage", parent=item("Article")),
            PAGE,
            id="the page that a nameless article is the main entity of is the page",
        ),
        pytest.param(
            item("ImageObject", media=(IMAGE,), relation="mainEntity", parent=ARTICLE),
            part(IMAGE),
            id="a picture is a part even as main entity",
        ),
        *(
            pytest.param(
                item("CreativeWork", relation=relation, parent=ARTICLE),
                part(),
                id=f"what hangs under {relation} is a part",
            )
            for relation in (
                "image", "video", "audio", "associatedMedia", "encoding", "hasPart", "comment",
                "distribution", "itemListElement", "review", "citation", "isBasedOn",
                "workExample", "exampleOfWork", "primaryImageOfPage", "thumbnail",
            )
        ),
        pytest.param(
            item("Comment", HERE + "#comment-1", relation="comment", parent=ARTICLE),
            part(HERE + "#comment-1"),
            id="a comment that is a place in the page is a part",
        ),
        pytest.param(
            item("Article", HERE, relation="hasPart", parent=OTHER),
            PAGE,
            id="the page is the page, whatever it is a part of",
        ),
        pytest.param(
            item("Periodical", relation="isPartOf", parent=ARTICLE),
            UNCLEAR,
            id="what the page is part of is unclear",
        ),
        pytest.param(
            item("WebPage", relation="isPartOf", parent=ARTICLE),
            PAGE,
            id="a nameless page that the article is part of is the page",
        ),
        pytest.param(
            item("CreativeWork", relation="about", parent=ARTICLE),
            UNCLEAR,
            id="what the page is about is unclear",
        ),
        pytest.param(
            item("WebPage", relation="mainEntityOfPage"),
            PAGE,
            id="a page whose parent is not known is the page",
        ),
        pytest.param(
            item("Article", relation="mainEntity"),
            UNCLEAR,
            id="a main entity whose parent is not known is unclear",
        ),
        pytest.param(
            item("Article", *(f"https://other.example/{n}" for n in range(MAX_NAMES)), HERE),
            UNCLEAR,
            id="with more names than are looked at it is unclear",
        ),
    ],
)  # fmt: skip
def test_what_a_licence_is_for(described: Item, subject: Subject) -> None:
    assert subject_of(described, THIS) == subject


@pytest.mark.parametrize(
    "described",
    [
        pytest.param(item("WebSite", "https://site.example/"), id="the site by name"),
        pytest.param(item("Organization", "https://site.example"), id="whoever stands there"),
        pytest.param(item("WebSite"), id="a nameless site"),
    ],
)
def test_on_the_first_page_of_a_site_the_site_is_the_page(described: Item) -> None:
    assert subject_of(described, ROOT) == PAGE


def test_an_endless_line_of_parents_is_unclear() -> None:
    line = ARTICLE
    for _ in range(100):
        line = item("Article", relation="mainEntity", parent=line)
    assert subject_of(line, THIS) == UNCLEAR


@pytest.mark.parametrize(
    ("types", "names", "counts"),
    [
        pytest.param(("Article",), (), True, id="an article without a name could be the page's"),
        pytest.param((), ("https://doi.org/10.5/x",), True, id="a DOI does not take it out"),
        pytest.param(("Article",), (HERE,), False, id="a named one has been placed"),
        pytest.param(("WebPage",), (), False, id="a page needs no name"),
        pytest.param(("WebSite",), (), False, id="nor does a site"),
        pytest.param(("ImageObject",), (), False, id="a picture is a part"),
        pytest.param(("BreadcrumbList",), (), False, id="a breadcrumb is no work"),
    ],
)
def test_which_things_could_be_the_pages_own(
    types: tuple[str, ...], names: tuple[str, ...], counts: bool
) -> None:
    assert is_nameless_work(types, names) is counts


def test_pages_are_known_by_their_types() -> None:
    assert is_web_page(("Thing", "FAQPage"))
    assert not is_web_page(("Article",))


URLS = st.sampled_from([HERE, IMAGE, "urn:x", "", "https://doi.org/1"]) | st.text(
    st.characters(), max_size=5
)
TYPES = st.lists(st.sampled_from(["Article", "WebPage", "ImageObject", "Person", "WebSite", "?"]))
ITEMS: st.SearchStrategy[Item] = st.deferred(
    lambda: st.builds(
        Item,
        TYPES.map(tuple),
        st.lists(URLS, max_size=3).map(tuple),
        st.lists(URLS, max_size=3).map(tuple),
        st.sampled_from(["", "mainEntity", "mainEntityOfPage", "isPartOf", "image", "about"]),
        st.none() | ITEMS,
        st.booleans(),
    )
)


@given(ITEMS, URLS)
def test_every_thing_has_a_subject(described: Item, url: str) -> None:
    subject = subject_of(described, Page(url))
    assert (subject.parts == ()) or subject.scope is LicenceScope.PART
