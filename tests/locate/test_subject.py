"""Whose licence it is, where a carrier describes things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.locate.subject import (
    MAX_NAMES,
    UNCLEAR,
    Beside,
    Item,
    Page,
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
    listed: bool = False,
    whole: bool = False,
) -> Item:
    return Item(tuple(types.split()), names, media, relation, parent, alone, listed, whole)


ARTICLE = item("Article", HERE)
OTHER = item("Article", "https://site.example/other/", listed=True)


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
        pytest.param(HERE + "?utm_source=tw&fbclid=1", True, id="nor how somebody came"),
        pytest.param(HERE + "?amp=1", True, id="nor a short form by query"),
        pytest.param(HERE + "index.html", True, id="nor the name of its file"),
        pytest.param(HERE + "INDEX.php//", True, id="in capitals and with slashes"),
        pytest.param(HERE + "amp/", True, id="nor its short form"),
        pytest.param("https://site.example/blog/post.amp.html", True, id="as a file"),
        pytest.param(HERE + ";jsessionid=1F", True, id="nor a session"),
        pytest.param("https://m.site.example/blog/post", True, id="nor a telephone's host"),
        pytest.param("https://site.example/blog/postamp", False, id="a name may end like a form"),
        pytest.param(HERE + "myindex.html", False, id="or like a file"),
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
    assert not page.is_named_by("https://site.example/list?p=12")


def test_a_page_whose_url_is_none_is_named_by_nothing() -> None:
    broken = Page("about:blank")
    assert not broken.is_named_by("about:blank")
    assert not broken.is_root
    assert not broken.is_site("https://site.example/")
    assert subject_of(item("Article", HERE), broken) == part(HERE)


@pytest.mark.parametrize(
    ("page", "url", "named"),
    [
        pytest.param("/post/one?utm_source=tw", "/post/one", True, id="a campaign"),
        pytest.param("/post/one?x=1&utm_id=2", "/post/one?x=1", True, id="beside a query"),
        pytest.param("/post/one?x=1", "/post/one", True, id="its own query is left out"),
        pytest.param("/post/one?x=1", "/post/one?x=2", False, id="another query is another"),
        pytest.param("/post/one/index.html", "/post/one", True, id="the file's name is left out"),
        pytest.param("/p/amp/", "/p", True, id="it is the short form"),
        pytest.param("/amp/p", "/p", True, id="the short form in front"),
        pytest.param("/?p=5", "/", False, id="the first page's query says which page it is"),
        pytest.param("/index.php?p=5", "/", False, id="by any name of the first page"),
        pytest.param("/amp", "/", False, id="a page may be called like a form"),
    ],
)
def test_how_pages_of_other_forms_are_named(page: str, url: str, named: bool) -> None:
    site = "https://site.example"
    assert Page(site + page).is_named_by(site + url) is named


@pytest.mark.parametrize(
    "page", ["/", "/index.html", "/?utm_source=x", "http://www.site.example/default.aspx"]
)
def test_the_first_page_of_a_site_may_be_called_by_its_file(page: str) -> None:
    assert Page(page if "://" in page else "https://site.example" + page).is_root
    assert not Page("https://site.example/?p=5").is_root


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
            item("Article", "https://site.example/node/7"),
            UNCLEAR,
            id="but the only work may be the page under another name",
        ),
        pytest.param(
            item("WebPage", "https://site.example/node/7"), UNCLEAR, id="and so may the only page"
        ),
        pytest.param(
            item("", "https://site.example/node/7"), UNCLEAR, id="or the only thing of no type"
        ),
        pytest.param(
            item("Article", "https://other.example/node/7"),
            part("https://other.example/node/7"),
            id="not on another host",
        ),
        pytest.param(
            item("Person", "https://site.example/ada"),
            part("https://site.example/ada"),
            id="nor if it is no work",
        ),
        pytest.param(
            item("Article", HERE + "?page=2"), PAGE, id="the only work with a query is the page"
        ),
        pytest.param(
            item("Article", HERE + "?page=2", listed=True),
            part(HERE + "?page=2"),
            id="one of several with a query is a part",
        ),
        pytest.param(
            item(
                "Dataset",
                "https://site.example/ds",
                relation="mainEntity",
                parent=item("WebPage", HERE),
            ),
            UNCLEAR,
            id="the page's main entity under another name is unclear",
        ),
        pytest.param(
            item(
                "Dataset",
                "https://site.example/ds",
                relation="mainEntity",
                parent=item("Article", relation="item", parent=item("ListItem")),
            ),
            part("https://site.example/ds"),
            id="that of a thing in a list is a part",
        ),
        pytest.param(
            item("Article", HERE + "chapter"), UNCLEAR, id="what stands beneath the page is unclear"
        ),
        pytest.param(
            item("Article", HERE + "chapter", relation="about", parent=ARTICLE),
            UNCLEAR,
            id="under a property that says nothing, too",
        ),
        pytest.param(
            item("Article", "https://site.example/b", relation="about", parent=ARTICLE),
            part("https://site.example/b"),
            id="where another is a part",
        ),
        pytest.param(
            item("Article", HERE + "chapter", relation="hasPart", parent=ARTICLE),
            part(HERE + "chapter"),
            id="and a chapter as well",
        ),
        pytest.param(
            item("Article", HERE + "chapter", listed=True),
            part(HERE + "chapter"),
            id="and what is listed",
        ),
        pytest.param(
            item("WebPage", "https://corp.example/", listed=True, whole=True),
            UNCLEAR,
            id="the whole document is never a part, whatever it links to",
        ),
        pytest.param(
            item("ImageObject", "https://corp.example/", media=(IMAGE,), whole=True),
            part(IMAGE, "https://corp.example/"),
            id="unless it is a picture",
        ),
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
            item("Article", "https://site.example/blog/", listed=True),
            UNCLEAR,
            id="and one of an article that the page stands beneath, for templates link to it",
        ),
        pytest.param(
            item("Article", "https://site.example/blog/", relation="isBasedOn", parent=ARTICLE),
            part("https://site.example/blog/"),
            id="but not of one that it is based on",
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
        pytest.param(item("WPFooter"), UNCLEAR, id="nor is a nameless piece of a page"),
        pytest.param(item("Review"), part(), id="a review is a part, also alone"),
        *(
            pytest.param(item(types), part(), id=f"{types} alone is a part")
            for types in ("Comment", "Answer", "UserComments", "Comment CreativeWork")
        ),
        pytest.param(
            item("Comment", "https://doi.org/10.5/x"),
            part("https://doi.org/10.5/x"),
            id="with the name that it has",
        ),
        pytest.param(
            item("Comment", HERE + "#comment-1"),
            part(HERE + "#comment-1"),
            id="or its place in the page",
        ),
        pytest.param(
            item("Comment", "https://site.example/node/7"),
            part("https://site.example/node/7"),
            id="or an address beside it",
        ),
        pytest.param(
            item("Review", "https://site.example/"),
            part("https://site.example/"),
            id="or that of the site",
        ),
        pytest.param(
            item("Answer", relation="about", parent=ARTICLE),
            part(),
            id="an answer is a part under any property",
        ),
        pytest.param(
            item("WebPage", relation="mainEntityOfPage", parent=item("Comment")),
            PAGE,
            id="but the page that describes a comment is the page",
        ),
        pytest.param(
            item("Review", whole=True), PAGE, id="and so is a whole document called a review"
        ),
        pytest.param(item("Article Comment"), PAGE, id="what is also an article is none"),
        pytest.param(item("Review", alone=False, listed=True), part(), id="of two each is a part"),
        pytest.param(
            item("Comment", HERE + "#comment-1", alone=False, listed=True),
            part(HERE + "#comment-1"),
            id="so is one by its place in the page",
        ),
        pytest.param(
            item("Comment", "https://site.example/blog/", listed=True),
            part("https://site.example/blog/"),
            id="or by what is above the page",
        ),
        pytest.param(item("Comment", HERE, listed=True), PAGE, id="but its own page is its page"),
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
                "image",
                "video",
                "audio",
                "associatedMedia",
                "encoding",
                "hasPart",
                "comment",
                "distribution",
                "itemListElement",
                "review",
                "citation",
                "isBasedOn",
                "workExample",
                "exampleOfWork",
                "primaryImageOfPage",
                "thumbnail",
                "license",
                "usageInfo",
            )
        ),
        pytest.param(
            item("Comment", HERE + "#comment-1", relation="comment", parent=ARTICLE),
            part(HERE + "#comment-1"),
            id="a comment that is a place in the page is a part",
        ),
        pytest.param(
            item("", HERE + "#lic", relation="license", parent=ARTICLE),
            part(HERE + "#lic"),
            id="so is a licence",
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
)
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


NAMED = "https://site.example/node/7"
BESIDE = [
    pytest.param([("Article",)], ("Article",), True, False, id="a nameless work alone"),
    pytest.param([("Article",), ("Book",)], ("Book",), False, False, id="two nameless ones"),
    pytest.param(
        [
            ("Article",),
            ("WebPage",),
            ("WebSite",),
            ("ImageObject",),
            ("BreadcrumbList",),
            ("Person",),
            ("Comment",),
            ("Review",),
            ("WPFooter",),
            ("Article", NAMED),
        ],
        ("Article",),
        True,
        False,
        id="beside what is no such work, or has a place",
    ),
    pytest.param(
        [("Dataset", "https://doi.org/10.5/x"), ("Book",)],
        ("Dataset", "https://doi.org/10.5/x"),
        False,
        False,
        id="a DOI is no place",
    ),
    pytest.param([("Article", NAMED)], ("Article", NAMED), True, False, id="one named work"),
    pytest.param(
        [("Article", NAMED), ("Article", "https://site.example/node/8")],
        ("Article", NAMED),
        True,
        True,
        id="two works with different URLs",
    ),
    pytest.param(
        [
            ("Article", NAMED + "#a"),
            ("Dataset", "https://www.site.example/node/7/"),
            ("Book", "https://shop.example/1"),
            ("WebPage", "https://site.example/alias"),
            ("Comment", NAMED + "/comment"),
            ("Book",),
        ],
        ("Article", NAMED),
        False,
        False,
        id="several under one URL",
    ),
    pytest.param(
        [("Article", NAMED, "https://site.example/a"), ("Book", "https://site.example/a")],
        ("Article", NAMED, "https://site.example/a"),
        True,
        False,
        id="that share one of two",
    ),
    pytest.param(
        [("WebPage", NAMED), ("Article", "https://site.example/a")],
        ("WebPage", NAMED),
        True,
        False,
        id="a page is not listed with its article",
    ),
    pytest.param([("Review", NAMED)], ("Review", NAMED), True, False, id="a review that is all"),
    pytest.param([("Review",), ("Comment",)], ("Review",), False, True, id="one of two comments"),
    pytest.param([("Comment",), ("Article", NAMED)], ("Comment",), False, True, id="on an article"),
    pytest.param([("Person", NAMED)], ("Person", NAMED), True, True, id="what is no work"),
    pytest.param([("WebSite", NAMED)], ("WebSite", NAMED), True, True, id="nor a site"),
]


@pytest.mark.parametrize(("described", "one", "alone", "listed"), BESIDE)
def test_what_stands_beside_a_thing(
    described: list[tuple[str, ...]], one: tuple[str, ...], alone: bool, listed: bool
) -> None:
    beside = Beside()
    for types, *names in described:
        beside.add((types,), names)
    types, *names = one
    assert beside.is_alone((types,), names) is alone
    assert beside.is_listed((types,), names) is listed


def test_a_thing_of_endless_names_says_nothing_of_the_others() -> None:
    beside = Beside()
    beside.add(("Article",), [f"https://site.example/{n}" for n in range(MAX_NAMES + 1)])
    assert beside.is_alone(("Book",), ())
    assert not beside.is_listed(("Book",), (NAMED,))


def test_main_entities_are_listed_but_do_not_stand_alone_for_a_page() -> None:
    beside = Beside()
    beside.add(("Question",), ())
    beside.add(("Answer",), (), main_entity=True)
    beside.add(("Book",), (), main_entity=True)
    beside.add(("Book",), (NAMED,), main_entity=True)
    assert beside.is_alone(("Question",), ())
    assert beside.is_listed(("Article",), ("https://site.example/other",))


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
        st.sampled_from(
            ["", "mainEntity", "mainEntityOfPage", "isPartOf", "image", "about", "license"]
        ),
        st.none() | ITEMS,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )
)


def test_no_more_urls_of_a_part_are_kept_than_a_result_can_hold() -> None:
    long, short = "https://other.example/" + "x" * 5000, "https://other.example/y"
    subject = subject_of(item("Article", long, long + "z", short), THIS)
    assert subject == part(long, short)


@given(ITEMS, URLS)
def test_every_thing_has_a_subject(described: Item, url: str) -> None:
    subject = subject_of(described, Page(url))
    assert (subject.parts == ()) or subject.scope is LicenceScope.PART
