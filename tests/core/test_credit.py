"""Whom to credit for an asset, each fact with where it stands, and whom to ask for more."""

import json

import pytest

from signals_agent.credit import asks_what_changed, credit, licensors
from signals_agent.licences import declared, expression
from signals_agent.model.attribution import FactSource
from signals_agent.model.capture import Capture
from signals_agent.model.citation import cite
from signals_agent.model.declaration import Declaration, Scope
from signals_agent.model.licence import Contact, ContactKind, Licence, LicenceScope
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
    assert (
        made.licence is None
        if short is None
        else set(made.licence.split())
        == set(  # type: ignore[union-attr]
            short.split()
        )
    )
    assert made.licence_url == url


def test_a_licence_that_was_not_read_has_no_name() -> None:
    made = credit(page("<title>T</title>"), (), [licence(declared.UNREAD)])
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
