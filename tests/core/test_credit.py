"""Whom to credit for an asset, each fact with where it stands, and whom to ask for more."""

import json

import pytest

from signals_agent.credit import asks_what_changed, credit, licensors
from signals_agent.licences import declared, expression
from signals_agent.model.attribution import FactSource
from signals_agent.model.capture import Capture
from signals_agent.model.citation import cite
from signals_agent.model.declaration import Declaration, Scope
from signals_agent.model.licence import UNREAD, Contact, ContactKind, Licence, LicenceScope
from signals_agent.model.position import (
    ElementPosition,
    FieldPosition,
    LinePosition,
    PointerPosition,
)

URL = "https://fenwiki.example/rain"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
ORIGIN = Contact(ContactKind.ORIGIN, "fenwiki.example", "https://fenwiki.example/")
DATA = {
    "@context": "https://schema.org",
    "@type": "Article",
    "headline": "Rainfall at Fenwick",
    "author": {"@type": "Person", "name": "Ada Fen", "url": "/ada"},
    "copyrightHolder": {
        "@type": "Organization",
        "name": "Fen Trust",
        "email": "rights@fen.example",
    },
    "publisher": {"@type": "Organization", "name": "Fen Press"},
    "isPartOf": {"@type": "WebSite", "@id": "/#site", "name": "Fenwiki"},
}


def page(body: str, url: str = URL, kind: str = "text/html") -> Capture:
    return Capture(url, 200, [("Content-Type", kind)], body.encode())


def linked(**members: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(DATA | members)}</script>'


def licence(text: str, scope: LicenceScope = LicenceScope.PAGE) -> Licence:
    from dataclasses import replace

    return replace(declared.make(expression.read(text), scope, ("dec-1",)), governs=True)


def test_a_page_is_credited_with_all_that_it_declares() -> None:
    made = credit(page(linked()), ("dec-9",), (licence(BY_SA),))
    assert cite(made, "text") == (
        f"\u201cRainfall at Fenwick\u201d, by Ada Fen, in Fenwiki, {URL}, CC BY-SA 4.0 ({BY_SA})"
    )
    assert (made.title, made.creators, made.collection) == (
        "Rainfall at Fenwick",
        ("Ada Fen",),
        "Fenwiki",
    )
    assert (made.licence, made.licence_url, made.because) == ("CC BY-SA 4.0", BY_SA, ("dec-9",))


def test_the_three_parties_are_kept_apart() -> None:
    made = credit(page(linked(creditText="Ada / Fen")))
    assert made.creators == ("Ada Fen",)
    assert made.credit_text == "Ada / Fen"
    assert "Fen Trust" not in made.text
    assert {each.value for each in made.sources if each.fact == "copyright-holder"} == {"Fen Trust"}


def test_every_fact_says_where_it_stands() -> None:
    body = f'<title>T</title><meta name="author" content="Ada"><link rel="license" href="{BY_SA}">'
    said = Declaration(
        "dec-1", "licence", "http-header", URL, FieldPosition("link", 1), BY_SA, b"", Scope(), "c"
    )
    made = credit(page(body), (), (licence(BY_SA),), (said,))
    assert set(made.sources) == {
        FactSource("url", URL, "url", URL),
        FactSource("title", "T", "html-title", URL, ElementPosition("title", 0)),
        FactSource("creator", "Ada", "html-meta", URL, ElementPosition("meta", 16)),
        FactSource("collection", "fenwiki.example", "url", URL),
        FactSource("licence", "CC BY-SA 4.0", "http-header", URL, said.position, BY_SA),
    }


@pytest.mark.parametrize(
    "asset",
    [
        pytest.param(Capture(URL), id="nothing was fetched"),
        pytest.param(Capture(URL, 200, body=b""), id="nothing is in it"),
        pytest.param(page("\x89PNG", kind="image/png"), id="a picture"),
        pytest.param(page("{", kind="application/json"), id="data"),
    ],
)
def test_an_asset_that_says_nothing_is_credited_to_its_host(asset: Capture) -> None:
    made = credit(asset)
    assert made.text == f"fenwiki.example, {URL}"
    assert licensors(asset) == (ORIGIN,)


CROISSANT = {
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
    "@type": "Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "name": "Fen rainfall",
    "url": "https://data.example/fen",
    "creator": [{"@type": "Person", "name": "Ada Fen"}],
}


@pytest.mark.parametrize(
    ("body", "kind", "title", "creators", "position"),
    [
        pytest.param(
            json.dumps(CROISSANT),
            "application/json",
            "Fen rainfall",
            ("Ada Fen",),
            PointerPosition("/name"),
            id="Croissant",
        ),
        pytest.param(
            json.dumps(DATA),
            "application/ld+json",
            "Rainfall at Fenwick",
            ("Ada Fen",),
            PointerPosition("/headline"),
            id="JSON-LD",
        ),
        pytest.param(
            "---\nlicense: mit\npretty_name: 'Fen rain'\n---\n# Rain",
            "text/markdown",
            "Fen rain",
            (),
            LinePosition(3, 14),
            id="a dataset card of Hugging Face",
        ),
    ],
)
def test_data_is_credited_as_pages_are(
    body: str, kind: str, title: str, creators: tuple[str, ...], position: object
) -> None:
    made = credit(page(body, kind=kind))
    assert (made.title, made.creators) == (title, creators)
    assert [each.position for each in made.sources if each.fact == "title"] == [position]


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"@id": ' * 50_000, '{"url": 1, "@id": null}', "---\npretty_name:", "---"],
    ids=["nested deep", "objects nested deep", "no names", "no value", "no front matter"],
)
@pytest.mark.parametrize("kind", ["application/ld+json", "text/markdown"])
def test_broken_data_says_nothing(body: str, kind: str) -> None:
    assert credit(page(body, kind=kind)).title is None


@pytest.mark.parametrize(
    ("named", "short", "url"),
    [
        pytest.param([BY_SA], "CC BY-SA 4.0", BY_SA, id="a Creative Commons licence"),
        pytest.param(
            ["https://creativecommons.org/licenses/by/3.0/de/"],
            "CC BY 3.0 DE",
            "https://creativecommons.org/licenses/by/3.0/de/",
            id="a port",
        ),
        pytest.param(
            ["https://creativecommons.org/publicdomain/zero/1.0/"],
            "CC0 1.0",
            "https://creativecommons.org/publicdomain/zero/1.0/",
            id="CC0",
        ),
        pytest.param(
            ["https://creativecommons.org/licenses/by/"],
            "CC BY",
            "https://creativecommons.org/licenses/by/",
            id="no version",
        ),
        pytest.param(["All rights reserved"], "all rights reserved", None, id="words, not our id"),
        pytest.param(
            ["http://rightsstatements.org/vocab/InC/1.0/"],
            "In Copyright",
            "https://rightsstatements.org/vocab/InC/1.0/",
            id="a rights statement by its name",
        ),
        pytest.param(["openrail"], "OpenRAIL", None, id="a licence without a version"),
        pytest.param(
            ["bigscience-openrail-m"],
            "BigScience Open RAIL-M",
            "https://bigscience.huggingface.co/blog/bigscience-openrail-m",
            id="a licence of a model",
        ),
        pytest.param(
            ["etalab-2.0"],
            "etalab-2.0",
            "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            id="an SPDX id in small letters",
        ),
        pytest.param(["MIT"], "MIT", "https://opensource.org/license/mit", id="an SPDX id"),
        pytest.param(["MIT OR Apache-2.0"], "Apache-2.0 OR MIT", None, id="an expression"),
        pytest.param([BY_SA, BY_SA], "CC BY-SA 4.0", BY_SA, id="the same one twice"),
        pytest.param([BY_SA, "MIT"], "CC BY-SA 4.0 and MIT", None, id="two that both govern"),
        pytest.param(
            ["https://fen.example/terms"],
            "https://fen.example/terms",
            "https://fen.example/terms",
            id="one that is not recognised",
        ),
        pytest.param([], None, None, id="none"),
    ],
)
def test_a_licence_is_named_shortly(named: list[str], short: str | None, url: str | None) -> None:
    made = credit(page("<title>T</title>"), (), [licence(each) for each in named])
    words = set(made.licence.split()) if made.licence else None
    assert words == (set(short.split()) if short else None)
    assert made.licence_url == url


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param(
            ["CC-BY-4.0", "CC-BY-NC-4.0"],
            [
                ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
                ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
            ],
            id="two that govern",
        ),
        pytest.param(
            ["MIT OR Apache-2.0"],
            [
                ("MIT", "https://opensource.org/license/mit"),
                ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
            ],
            id="an expression",
        ),
        pytest.param([BY_SA, BY_SA], [("CC BY-SA 4.0", BY_SA)], id="the same one twice"),
        pytest.param([BY_SA, UNREAD], [("CC BY-SA 4.0", BY_SA)], id="one not read"),
        pytest.param(["Ada's own"], [("Ada's own", None)], id="one without a URL"),
        pytest.param([], [], id="none"),
    ],
)
@pytest.mark.parametrize("style", ["markdown", "html", "text", "bibtex"])
def test_every_licence_is_linked_in_every_style(
    named: list[str], expected: list[tuple[str, str | None]], style: str
) -> None:
    made = credit(page("<title>T</title>"), (), [licence(each) for each in named])
    assert [(each.name, each.url) for each in made.licences] == expected
    for _, url in expected:
        assert url is None or cite(made, style).count(url) == 1


def test_a_licence_that_was_not_read_has_no_name() -> None:
    made = credit(page("<title>T</title>"), (), [licence(UNREAD)])
    assert made.licence is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            linked(),
            [
                Contact(ContactKind.LICENSOR, "Fen Trust", "mailto:rights@fen.example"),
                Contact(ContactKind.LICENSOR, "Fen Trust"),
                Contact(ContactKind.CONTACT, "Ada Fen", "https://fenwiki.example/ada"),
            ],
            id="who holds the copyright, then the author",
        ),
        pytest.param(
            '<a rel="author" href="mailto:ada@fen.example">Ada</a>',
            [Contact(ContactKind.CONTACT, "Ada", "mailto:ada@fen.example")],
            id="an author's address",
        ),
        pytest.param(
            '<a rel="author" href="javascript:mail()">Ada</a>', [], id="an address that is a script"
        ),
        pytest.param('<meta name="author" content="Ada">', [], id="an author without an address"),
    ],
)
def test_whom_to_ask_ends_with_the_origin(body: str, expected: list[Contact]) -> None:
    found = licensors(page(body))
    assert found[-1] == ORIGIN
    named = {(each.name, each.url) for each in found}
    wanted = [each for each in expected if each.url or (each.name, None) in named]
    assert list(found[:-1]) == wanted


PRESS = {"@type": "Organization", "name": "Fen Press", "url": "/", "email": "ask@fen.example"}


def test_a_publisher_who_can_be_asked_stands_beside_a_holder_who_cannot() -> None:
    found = licensors(page(linked(author=[], copyrightHolder="Fen Trust", publisher=PRESS)))
    assert found == (
        Contact(ContactKind.LICENSOR, "Fen Trust"),
        Contact(ContactKind.LICENSOR, "Fen Press", "https://fenwiki.example/"),
        Contact(ContactKind.LICENSOR, "Fen Press", "mailto:ask@fen.example"),
        ORIGIN,
    )
    alone = licensors(page(linked(author=[], copyrightHolder=[], publisher=PRESS)))
    assert alone == found[1:]
    same = licensors(page(linked(author=[], copyrightHolder="Fen Press", publisher=PRESS)))
    assert same == found[1:]


@pytest.mark.parametrize("node", ["#p", URL, URL + "#p", "_:p", "/#/schema/person/1"])
def test_a_node_of_the_page_is_nowhere_to_ask(node: str) -> None:
    author = {"@type": "Person", "@id": node, "name": "Graph Author"}
    made = page(linked(author=author, copyrightHolder=[]))
    assert [each.url for each in licensors(made) if each.name == "Graph Author"] == []
    assert credit(made).creators == ("Graph Author",)


HUB = "https://huggingface.co/"
CARD = "---\nlicense: cc-by-4.0\npretty_name: Ferns\n---\n# Ferns"


@pytest.mark.parametrize(
    ("url", "body", "kind", "line"),
    [
        pytest.param(
            "datasets/ada/ferns/raw/main/README.md",
            CARD,
            "text/plain",
            "\u201cFerns\u201d, by ada, in Hugging Face, https://huggingface.co/datasets/ada/ferns",
            id="a card",
        ),
        pytest.param(
            "datasets/ada/ferns",
            "<title>ada/ferns \u00b7 Datasets at Hugging Face</title>",
            "text/html",
            "\u201cada/ferns\u201d, by ada, in Hugging Face, "
            "https://huggingface.co/datasets/ada/ferns",
            id="the page that the hub writes",
        ),
        pytest.param(
            "api/datasets/ada/ferns/croissant",
            json.dumps(CROISSANT | {"url": "/datasets/ada/ferns"}),
            "application/json",
            "\u201cFen rainfall\u201d, by Ada Fen, in Hugging Face, "
            "https://huggingface.co/datasets/ada/ferns",
            id="the hub's own words go before its address",
        ),
        pytest.param(
            "datasets/squad/resolve/main/a.csv",
            "a,b",
            "text/csv",
            "\u201csquad\u201d, in Hugging Face, "
            "https://huggingface.co/datasets/squad/resolve/main/a.csv",
            id="a file of a dataset that nobody owns",
        ),
    ],
)
def test_a_repository_is_credited_by_its_address(url: str, body: str, kind: str, line: str) -> None:
    made = credit(page(body, HUB + url, kind))
    assert made.text == line
    for fact in ("url", "title", "creator", "collection"):
        assert len({each.value for each in made.sources if each.fact == fact}) <= 1
    assert {each.carrier for each in made.sources if each.fact == "collection"} == {"url"}


def test_the_owner_of_a_repository_is_inferred_and_says_so() -> None:
    made = page(CARD, HUB + "datasets/ada/ferns/raw/main/README.md", "text/markdown")
    sources = {each.fact: each for each in credit(made).sources}
    assert (sources["creator"].carrier, sources["creator"].position) == ("url", None)
    assert sources["title"].carrier == "dataset-card"
    assert licensors(made) == (
        Contact(ContactKind.ORIGIN, "ada", HUB + "ada"),
        Contact(ContactKind.ORIGIN, "huggingface.co", HUB),
    )


def test_a_feed_is_credited_by_its_own_title_and_author() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Fen notes</title><author>'
        "<name>Ada Fen and Bo Sea</name></author><rights>(c) 2026 Ada</rights></feed>"
    )
    made = credit(page(body, kind="application/atom+xml"), (), [licence("MIT")])
    assert (made.title, made.creators) == ("Fen notes", ("Ada Fen", "Bo Sea"))
    assert made.copyright_notice == "(c) 2026 Ada"
    assert {each.carrier for each in made.sources if each.fact == "title"} == {"feed"}


PHOTO = "https://cdn.example/fen.jpg"
SHOWN = {
    "@type": "ImageObject",
    "contentUrl": PHOTO,
    "caption": "The fen at dawn",
    "creator": {"@type": "Person", "name": "Cy Moor"},
    "creditText": "Photo: Cy Moor",
    "copyrightNotice": "\u00a9 Cy Moor",
    "copyrightHolder": {"@type": "Person", "name": "Cy Moor", "email": "cy@moor.example"},
}


def test_a_picture_is_credited_by_the_item_on_the_page_around_that_is_it() -> None:
    around = page(linked(image=SHOWN))
    picture = Capture(PHOTO, 200, [("Content-Type", "image/jpeg")], b"\xff\xd8")
    made = credit(picture, (), [licence("MIT")], (), around)
    assert (made.title, made.creators) == ("The fen at dawn", ("Cy Moor",))
    assert (made.credit_text, made.copyright_notice) == ("Photo: Cy Moor", "\u00a9 Cy Moor")
    assert (made.url, made.collection) == (PHOTO, "cdn.example")
    assert {each.source for each in made.sources if each.carrier == "json-ld"} == {URL}
    assert licensors(picture, around)[0] == Contact(
        ContactKind.LICENSOR, "Cy Moor", "mailto:cy@moor.example"
    )


@pytest.mark.parametrize(
    "around",
    [
        pytest.param(page(linked(image=SHOWN | {"contentUrl": "/b.jpg"})), id="another picture"),
        pytest.param(page(linked()), id="only the page itself"),
        pytest.param(page("<img src=fen.jpg>"), id="no linked data"),
        pytest.param(Capture(URL), id="nothing was fetched"),
        pytest.param(page(json.dumps(SHOWN), kind="application/ld+json"), id="no page"),
        pytest.param(None, id="none"),
    ],
)
def test_else_a_picture_is_credited_to_its_host(around: Capture | None) -> None:
    picture = Capture(PHOTO, 200, [("Content-Type", "image/jpeg")], b"\xff\xd8")
    assert credit(picture, found_on=around).text == f"cdn.example, {PHOTO}"


def test_a_page_speaks_for_itself_wherever_it_was_found() -> None:
    around = page(linked(image=SHOWN), "https://other.example/")
    assert credit(page(linked()), found_on=around) == credit(page(linked()))


def test_who_makes_a_thousand_claims_does_not_bury_the_origin() -> None:
    people = [{"@type": "Person", "name": f"P{i}", "url": f"/p{i}"} for i in range(1000)]
    found = licensors(page(linked(author=people, copyrightHolder=people)))
    assert len(found) <= 21
    assert found[-1] == ORIGIN


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (BY_SA, ("CC BY-SA 4.0",)),
        ("https://creativecommons.org/licenses/by/4.0/", ("CC BY 4.0",)),
        ("https://creativecommons.org/publicdomain/zero/1.0/", ()),
        ("https://fen.example/terms", ()),
    ],
    ids=["share-alike", "attribution", "public domain", "a licence that is not known"],
)
def test_which_licences_ask_to_say_what_was_changed(text: str, asks: tuple[str, ...]) -> None:
    from dataclasses import replace

    assert asks_what_changed([licence(text)]) == asks
    assert asks_what_changed([replace(licence(text), governs=False)]) == ()
