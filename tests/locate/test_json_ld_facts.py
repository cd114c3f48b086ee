"""What the JSON-LD of a page says for a credit line."""

import json
from typing import Any

import pytest

from signals_agent.locate import json_ld
from signals_agent.locate.found import Fact
from signals_agent.locate.json_ld import Script
from signals_agent.locate.subject import Page
from signals_agent.model.position import PointerPosition

HERE = "https://site.example/blog/post/"


def facts(*documents: Any, url: str = HERE) -> tuple[Fact, ...]:
    scripts = [Script(json.dumps(each).encode(), PointerPosition) for each in documents]
    return json_ld.read(scripts, page=Page(url), base=url).facts()


def said(name: str, *documents: Any) -> list[tuple[str, str | None]]:
    return [(fact.value, fact.url) for fact in facts(*documents) if fact.name == name]


def article(**members: Any) -> dict[str, Any]:
    return {"@type": "Article", "@id": HERE, **members}


def test_everything_that_a_page_can_say() -> None:
    document = article(
        name="  A &amp; B\n C ",
        headline="what it is about",
        author={"@type": "Person", "name": "Ada", "url": "/ada"},
        creditText="Ada / The Site",
        copyrightHolder={"name": "Site Ltd", "email": "rights@site.example"},
        copyrightNotice="(c) 2024 Site Ltd",
        isPartOf={"@type": "WebSite", "name": "The Site", "url": "/"},
        publisher={"name": "Site Ltd"},
        dateModified="2024-05-06",
    )
    octets = json.dumps(document).encode()
    found = json_ld.facts(
        octets, page=Page(HERE), base=HERE, position=PointerPosition, carrier="dataset-card"
    )
    assert {(f.name, f.value, f.url, f.position) for f in found} == {
        ("title", "A & B C", None, PointerPosition("/name")),
        ("creator", "Ada", "https://site.example/ada", PointerPosition("/author")),
        ("credit-text", "Ada / The Site", None, PointerPosition("/creditText")),
        (
            "copyright-holder",
            "Site Ltd",
            "mailto:rights@site.example",
            PointerPosition("/copyrightHolder"),
        ),
        ("copyright-notice", "(c) 2024 Site Ltd", None, PointerPosition("/copyrightNotice")),
        ("collection", "The Site", "https://site.example/", PointerPosition("/isPartOf")),
        ("licensor", "Site Ltd", "mailto:rights@site.example", PointerPosition("/copyrightHolder")),
        ("modified", "2024-05-06", None, PointerPosition("/dateModified")),
    }
    assert {fact.carrier for fact in found} == {"dataset-card"}


ADA = ("Ada", None)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"author": "Ada"}, [ADA], id="a name"),
        pytest.param({"author": ["Ada", {"name": "Bo"}]}, [ADA, ("Bo", None)], id="a list"),
        pytest.param({"author": {"@list": ["Ada", "Bo"]}}, [ADA, ("Bo", None)], id="in order"),
        pytest.param({"creator": "Ada", "author": ["Ada", "Bo"]}, [ADA, ("Bo", None)], id="both"),
        pytest.param(
            {"author": {"name": "Ada", "@id": "https://orcid.org/1"}},
            [("Ada", "https://orcid.org/1")],
            id="somebody with an id",
        ),
        pytest.param({"author": {"name": "Ada", "@id": "#p"}}, [ADA], id="a node of the page"),
        pytest.param({"author": {"name": "Ada", "@id": HERE}}, [ADA], id="the page itself"),
        pytest.param(
            {"author": {"name": "Ada", "@id": "https://site.example/#/schema/person/1"}},
            [ADA],
            id="a node of the site",
        ),
        pytest.param({"author": {"name": "Ada", "@id": "_:b0"}}, [ADA], id="a blank node"),
        pytest.param({"author": {"@id": "#p"}}, [], id="a node without a name"),
        pytest.param(
            {"author": {"name": "Ada", "@id": "https://orcid.org/1", "sameAs": "/ada"}},
            [("Ada", "https://site.example/ada")],
            id="another page before an id",
        ),
        pytest.param(
            {"author": {"name": "Ada", "@id": "#p", "email": "ada@site.example"}},
            [("Ada", "mailto:ada@site.example")],
            id="somebody with a mail address",
        ),
        pytest.param(
            {"author": {"name": "Ada", "sameAs": ["https://a.example/", "https://b.example/"]}},
            [("Ada", "https://a.example/")],
            id="somebody who is the same as another",
        ),
        pytest.param(
            {"author": {"givenName": "Ada", "familyName": "L"}}, [("Ada L", None)], id="two names"
        ),
        pytest.param(
            {"author": {"url": "javascript:x", "name": "Ada"}}, [ADA], id="a URL that is none"
        ),
        pytest.param(
            {"author": "https://site.example/ada"},
            [("https://site.example/ada", "https://site.example/ada")],
            id="only a URL",
        ),
        pytest.param({"author": {"name": {"@value": "Ada"}}}, [ADA], id="a value object"),
        pytest.param({"author": [{}, "", None, {"@id": "_:x"}]}, [], id="nobody"),
    ],
)
def test_creators(members: dict[str, Any], expected: list[tuple[str, str | None]]) -> None:
    assert said("creator", article(**members)) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param(
            {
                "isPartOf": {
                    "@type": ["PublicationIssue"],
                    "name": "No. 1",
                    "isPartOf": {"@type": "Periodical", "name": "J"},
                }
            },
            [("J", None)],
            id="the journal of an issue",
        ),
        pytest.param({"isPartOf": "The Series"}, [("The Series", None)], id="a series by name"),
        pytest.param(
            {"isPartOf": {"@type": "BookSeries", "name": "S"}}, [("S", None)], id="any series"
        ),
        pytest.param(
            {"includedInDataCatalog": {"name": "Cat", "url": "/cat"}, "publisher": "P"},
            [("Cat", "https://site.example/cat")],
            id="the catalogue that includes it",
        ),
        pytest.param(
            {"publisher": {"@type": "Organization", "name": "P"}},
            [("P", None)],
            id="else its publisher",
        ),
        pytest.param(
            {"isPartOf": {"@id": HERE}, "publisher": "P"},
            [("P", None)],
            id="nothing is a part of itself",
        ),
        pytest.param({"isPartOf": "https://x.example/"}, [], id="a URL is no name"),
    ],
)
def test_collections(members: dict[str, Any], expected: list[tuple[str, str | None]]) -> None:
    assert said("collection", article(**members)) == expected


@pytest.mark.parametrize(
    ("holder", "where"),
    [
        pytest.param(
            {"url": "/contact", "email": "a@b.example"},
            ["https://site.example/contact", "mailto:a@b.example"],
            id="a page and mail",
        ),
        pytest.param({"email": "mailto:a@b.example"}, ["mailto:a@b.example"], id="a mail address"),
        pytest.param(
            {"contactPoint": [{}, "x", {"email": "a@b.example"}]},
            ["mailto:a@b.example"],
            id="the mail address of a contact point",
        ),
        pytest.param(
            {"contactPoint": {"url": "/ask"}},
            ["https://site.example/ask"],
            id="the page of a contact point",
        ),
        pytest.param(
            {"url": "/c", "contactPoint": {"email": "a@b.example"}},
            ["https://site.example/c", "mailto:a@b.example"],
            id="their page, and the mail address of a contact point",
        ),
        pytest.param({"@id": "https://x.example/#me"}, ["https://x.example/#me"], id="an id"),
        pytest.param({"@id": "#me"}, [None], id="a node of the page"),
        pytest.param({"email": "not an address"}, [None], id="nothing that can be used"),
    ],
)
def test_whom_to_ask(holder: dict[str, Any], where: list[str | None]) -> None:
    publisher = {"name": "P", **holder}
    assert said("licensor", article(publisher=publisher)) == [("P", url) for url in where]
    first = article(publisher="P", copyrightHolder={"name": "H", **holder})
    assert said("licensor", first) == [("H", url) for url in where]
    second = article(publisher=publisher, copyrightHolder={"name": "H"})
    assert said("licensor", second) == [("H", None), *(("P", url) for url in where if url)]
    same = article(publisher=publisher, copyrightHolder={"name": "P"})
    assert said("licensor", same) == [("P", url) for url in where]


PICTURE = "https://cdn.example/fen.jpg"


@pytest.mark.parametrize(
    ("document", "title"),
    [
        pytest.param(
            article(image={"@type": "ImageObject", "contentUrl": PICTURE, "caption": "The fen"}),
            "The fen",
            id="a picture of the article",
        ),
        pytest.param(
            {"@type": "ImageObject", "url": PICTURE, "name": "Fen", "caption": "The fen"},
            "Fen",
            id="a picture alone, by its name first",
        ),
        pytest.param(
            {"@type": "ImageObject", "@id": PICTURE + "#p", "name": "Fen"}, "Fen", id="by its id"
        ),
        pytest.param(
            {"@type": "ImageObject", "contentUrl": "https://cdn.example/b.jpg", "name": "Other"},
            None,
            id="another picture",
        ),
        pytest.param(
            {"@type": "VideoObject", "thumbnailUrl": PICTURE, "name": "A film"},
            None,
            id="a film that it is the thumbnail of",
        ),
        pytest.param(article(headline="Rain", image=PICTURE), None, id="a picture by URL alone"),
    ],
)
def test_what_is_said_of_a_picture_on_the_page(document: Any, title: str | None) -> None:
    scripts = [Script(json.dumps(document).encode(), PointerPosition)]
    found = json_ld.read(scripts, page=Page(HERE), base=HERE).facts_of_file(PICTURE)
    assert [fact.value for fact in found if fact.name == "title"] == ([title] if title else [])
    assert {fact.name for fact in found} <= {"title"}


def test_references_are_followed_from_script_to_script_and_works_go_before_pages() -> None:
    found = facts(
        {
            "@graph": [
                {
                    "@type": "WebPage",
                    "@id": HERE,
                    "name": "Post - Site",
                    "creator": "admin",
                    "dateModified": "2024",
                    "isPartOf": {"@id": "https://site.example/#website"},
                },
                {"@type": "WebSite", "@id": "https://site.example/#website", "name": "Site"},
            ]
        },
        {
            "@type": "Article",
            "@id": HERE + "#article",
            "headline": "Post",
            "isPartOf": {"@id": HERE},
            "author": {"@id": "#ada"},
        },
        {"@type": "Person", "@id": "#ada", "name": "Ada", "url": "https://ada.example/"},
    )
    assert [(f.name, f.value, f.url) for f in found] == [
        ("title", "Post", None),
        ("creator", "Ada", "https://ada.example/"),
        ("collection", "Site", "https://site.example/#website"),
        ("modified", "2024", None),
    ]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"@type": "Article", "url": "/other", "headline": "x"}, id="another page"),
        pytest.param({"@type": "Person", "url": HERE, "name": "x"}, id="a person"),
        pytest.param(
            {"@type": "ImageObject", "url": HERE, "contentUrl": "/a.jpg", "name": "x"}, id="a part"
        ),
        pytest.param(
            [{"@type": "Article", "headline": "x"}, {"@type": "Article", "headline": "y"}],
            id="one of two",
        ),
        pytest.param(article(headline={"a": "b"}, name=[None, "", {}]), id="no text"),
    ],
)
def test_what_is_not_said_of_the_page(document: Any) -> None:
    assert facts(document) == ()


def test_facts_are_short_and_not_endless() -> None:
    found = facts(article(headline="long " * 1000, author=[f"A{n}" for n in range(1000)]))
    assert [len(f.value) for f in found if f.name == "title"] == [500]
    assert len([f for f in found if f.name == "creator"]) == 20


@pytest.mark.parametrize(
    ("relation", "name"),
    [
        ("isPartOf", "collection"),
        ("includedInDataCatalog", "collection"),
        ("publisher", "licensor"),
        ("copyrightHolder", "copyright-holder"),
        ("author", "creator"),
        ("creator", "creator"),
    ],
)
def test_somebody_or_something_without_an_id_is_known_by_name(relation: str, name: str) -> None:
    kind = {"isPartOf": "WebSite", "includedInDataCatalog": "DataCatalog"}.get(relation, "Person")
    held = {"@type": kind, "name": "Fenwiki"}
    for document in (held, [held], {"@list": [held]}):
        assert said(name, article(**{relation: document})) == [("Fenwiki", None)]
