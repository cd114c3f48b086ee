"""Where declarations stand in JSON-LD, and what they are about."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import json_ld
from signals_agent.locate.found import UNREAD, Findings
from signals_agent.locate.json_ld import (
    MAX_DIFFERENT,
    MAX_KEPT,
    MAX_OBJECT,
    MAX_OCTETS,
    MAX_VALUES,
    Script,
)
from signals_agent.locate.subject import UNCLEAR, Page
from signals_agent.model.declaration import PAGE, Located, Subject
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import ElementPosition, PointerPosition

HERE = "https://site.example/blog/post/"
BY = "https://creativecommons.org/licenses/by/4.0/"
NC = "https://creativecommons.org/licenses/by-nc/4.0/"
FIELDS = ("license", "usageInfo", "acquireLicensePage", "rights", "morePermissions")
LISTENS = tuple(("licence", Listen("json-ld", field)) for field in FIELDS)


def part(*urls: str) -> Subject:
    return Subject(LicenceScope.PART, urls)


def locate(
    *scripts: bytes | Any,
    url: str = HERE,
    listens: tuple[tuple[str, Listen], ...] = LISTENS,
    first_index: int = 0,
) -> Findings:
    given = [
        Script(
            each if isinstance(each, bytes) else json.dumps(each).encode(),
            lambda pointer, n=number: ElementPosition("script", n, pointer),  # type: ignore[misc]  # n is bound early
        )
        for number, each in enumerate(scripts)
    ]
    graph = json_ld.read(given, page=Page(url), base=url)
    return graph.locate(source=url, capture_id="cap_1", listens=listens, first_index=first_index)


def found(*scripts: bytes | Any, url: str = HERE) -> list[Located]:
    findings = locate(*scripts, url=url)
    assert findings.notes == ()
    return [one for unit in findings.units for one in unit]


def said(*scripts: bytes | Any, url: str = HERE) -> list[tuple[str, Subject]]:
    return [(one.value.decode(), one.subject) for one in found(*scripts, url=url)]


def pointer(one: Located) -> str | None:
    assert isinstance(one.declaration.position, ElementPosition)
    return one.declaration.position.pointer


def test_a_value_is_located_with_everything_that_a_family_needs() -> None:
    text = '{"@type": "Article", "license": [ "CC BY 4.0",\n {"@id": "/terms", "name": "T"} ]}'
    findings = json_ld.locate(
        text.encode(),
        page=Page(HERE),
        base=HERE,
        source=HERE,
        capture_id="cap_1",
        listens=LISTENS,
        position=PointerPosition,
        carrier="dataset-card",
        first_index=7,
    )
    (first,), (second,) = findings.units
    assert first.value == b"CC BY 4.0"
    assert first.declaration.octets == b'"CC BY 4.0"'
    assert first.declaration.position == PointerPosition("/license/0")
    assert (first.declaration.family, first.declaration.carrier) == ("licence", "dataset-card")
    assert (first.declaration.source, first.declaration.capture) == (HERE, "cap_1")
    assert (first.field, first.subject, first.details) == ("license", PAGE, ())
    assert (first.reach.index, first.reach.restrict_only, first.reach.literal) == (7, False, False)
    assert second.value == b"https://site.example/terms"
    assert second.declaration.octets == b'{"@id": "/terms", "name": "T"}'
    assert second.declaration.position == PointerPosition("/license/1")
    assert (second.details, second.reach.index) == ((("name", "T"),), 8)


NOTHING: tuple[Any, ...] = (None, True, False, "", " ", {})
VALUES = [
    pytest.param(BY, [BY], id="a URL"),
    pytest.param("CC BY 4.0", ["CC BY 4.0"], id="words stay words"),
    pytest.param("MIT", ["MIT"], id="an identifier is not taken for a relative URL"),
    pytest.param("CC-BY-4.0", ["CC-BY-4.0"], id="nor is one with hyphens"),
    pytest.param("license.html", ["license.html"], id="nor what may be a file"),
    pytest.param("/ see below", ["/ see below"], id="nor are words after a stroke"),
    pytest.param("/terms", ["https://site.example/terms"], id="a path is resolved"),
    pytest.param("../terms", ["https://site.example/blog/terms"], id="a relative path, too"),
    pytest.param("//cc.example/by", ["https://cc.example/by"], id="and one without a scheme"),
    pytest.param("?terms", [HERE + "?terms"], id="and a query"),
    pytest.param("#terms", [HERE], id="and a fragment, which names the page"),
    pytest.param("HTTP://CC.example/by", ["http://cc.example/by"], id="a URL is in normal form"),
    pytest.param("https://u:p@cc.example/", ["https://cc.example/"], id="without a password"),
    pytest.param("javascript:void(0)", ["javascript:void(0)"], id="a script stays as written"),
    pytest.param("http://[", ["http://["], id="a broken URL stays as written"),
    pytest.param(4.0, ["4.0"], id="a number is what is written"),
    pytest.param({"@id": BY}, [BY], id="a reference to elsewhere"),
    pytest.param({"id": BY}, [BY], id="a reference by schema.org's own alias"),
    pytest.param({"@id": "terms"}, [HERE + "terms"], id="a reference is always a URL"),
    pytest.param({"@value": "CC0", "@language": "en"}, ["CC0"], id="a value object"),
    pytest.param({"@type": "CreativeWork", "url": BY, "name": "n"}, [BY], id="a work by its URL"),
    pytest.param({"@type": "CreativeWork", "@id": BY, "name": "n"}, [BY], id="a work by its id"),
    pytest.param(
        {"@id": "#l", "name": "CC BY"}, ["CC BY"], id="a place in the page says less than its name"
    ),
    pytest.param({"name": "CC BY", "sameAs": BY}, [BY], id="a work by what it is the same as"),
    pytest.param({"@type": "CreativeWork", "name": "CC BY"}, ["CC BY"], id="a work by its name"),
    pytest.param({"url": {"@id": BY}}, [BY], id="a work whose URL is a reference"),
    pytest.param(
        {"@type": "CreativeWork"}, ['{"@type": "CreativeWork"}'], id="a work that says nothing"
    ),
    pytest.param([BY, "", NC], [BY, NC], id="a list without what is empty"),
    pytest.param({"@list": [BY, {"@set": [NC]}]}, [BY, NC], id="lists and sets"),
    pytest.param([[BY], [[NC]]], [BY, NC], id="lists in lists"),
    *(pytest.param(no, [], id=f"{no!r} says nothing") for no in NOTHING),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_what_a_licence_may_be(value: Any, expected: list[str]) -> None:
    assert [v for v, _ in said({"@type": "Article", "license": value})] == expected


def test_pointers_and_octets_lead_to_the_value() -> None:
    document = {
        "@graph": [{"a/b~": {"license": {"@list": ["x", ["y"]]}}}, {"license": {"url": BY}}]
    }
    ones = found(document)
    assert [pointer(one) for one in ones] == [
        "/@graph/0/a~1b~0/license/@list/0",
        "/@graph/0/a~1b~0/license/@list/1/0",
        "/@graph/1/license",
    ]
    assert [one.declaration.octets for one in ones] == [
        b'"x"',
        b'"y"',
        json.dumps({"url": BY}).encode(),
    ]


@pytest.mark.parametrize("octets", ["café".encode(), "café".encode("latin-1")])
def test_octets_are_those_of_the_document_in_its_own_encoding(octets: bytes) -> None:
    (one,) = found(b'{"x": "' + octets + b'", "license": "' + octets + b'"}')
    assert one.declaration.octets == b'"' + octets + b'"'
    assert one.value.decode() == "café"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(
            (name, "license")
            for name in (
                "license",
                "schema:license",
                "https://schema.org/license",
                "http://schema.org/license",
                "cc:license",
                "http://creativecommons.org/ns#license",
                "dct:license",
                "dcterms:license",
                "http://purl.org/dc/terms/license",
                "xhv:license",
            )
        ),
        *((name, "rights") for name in ("dc:rights", "dcterms:rights", "rights")),
        ("cc:morePermissions", "morePermissions"),
        ("usageInfo", "usageInfo"),
        ("acquireLicensePage", "acquireLicensePage"),
    ],
)
def test_a_property_is_known_by_any_spelling_of_its_name(name: str, field: str) -> None:
    assert [one.field for one in found({name: BY})] == [field]


@pytest.mark.parametrize("name", ["licensed", "driverLicense", "License", "dct:rightsHolder"])
def test_other_properties_are_not_taken_for_it(name: str) -> None:
    assert found({name: BY}) == []


@pytest.mark.parametrize(
    ("context", "members", "expected"),
    [
        pytest.param(
            {"lic": "https://schema.org/license"}, {"lic": BY}, [BY], id="a term for a property"
        ),
        pytest.param(
            {"lic": {"@id": "schema:license", "@type": "@id"}}, {"lic": BY}, [BY], id="an object"
        ),
        pytest.param(
            ["https://schema.org", {"lic": "schema:license"}], {"lic": BY}, [BY], id="in a list"
        ),
        pytest.param(
            {"license": "https://cars.example/#driver"}, {"license": BY}, [], id="another meaning"
        ),
        pytest.param(
            [{"license": "https://cars.example/#driver"}, None], {"license": BY}, [BY], id="reset"
        ),
        pytest.param(
            {"cc": "https://creativecommons.org/licenses/"},
            {"license": {"@id": "cc:by/4.0/"}},
            [BY],
            id="a prefix in a reference",
        ),
        pytest.param(
            {"@base": "https://base.example/x/"},
            {"license": {"@id": "y"}},
            ["https://base.example/x/y"],
            id="a base",
        ),
        pytest.param(
            {"@base": "https://base.example/x/"},
            {"part": {"@context": {"a": "b"}, "license": {"@id": "y"}}},
            ["https://base.example/x/y"],
            id="a base further up",
        ),
        pytest.param(
            {"lic": "schema:license"}, {"part": {"lic": BY}}, [BY], id="a term further up"
        ),
        pytest.param(
            {"it": "@id", "of": "@type", "all": "@graph"},
            {"all": [{"of": "WebPage", "license": {"it": BY}}]},
            [BY],
            id="names for keywords",
        ),
        pytest.param(
            {"val": "@value"},
            {"license": {"val": BY}},
            [json.dumps({"val": BY})],
            id="a name for a keyword in a value, which is not understood but not lost",
        ),
        pytest.param("https://remote.example/context", {"license": BY}, [BY], id="a remote one"),
        pytest.param({"@vocab": "https://v.example/"}, {"license": BY}, [BY], id="a vocabulary"),
        pytest.param(7, {"license": BY}, [BY], id="nonsense"),
        pytest.param({"license": 7, "x": [], "y": {}}, {"license": BY}, [BY], id="more nonsense"),
    ],
)
def test_contexts_that_stand_in_the_page(
    context: Any, members: dict[str, Any], expected: list[str]
) -> None:
    values = [value for value, _ in said({**members, "@context": context})]
    assert values == expected


ARTICLE = {"@type": "Article", "@id": HERE + "#article", "license": BY}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(ARTICLE, [(BY, PAGE)], id="an article that is named as the page"),
        pytest.param(
            {"@type": "Article", "license": BY}, [(BY, PAGE)], id="a nameless one that is alone"
        ),
        pytest.param(
            [{"@type": "Article", "license": BY}, {"@type": "Book"}],
            [(BY, UNCLEAR)],
            id="a nameless one beside another",
        ),
        pytest.param(
            [{"@type": "Article", "license": BY}, {"@type": "ItemList"}, {"@type": "WebPage"}],
            [(BY, PAGE)],
            id="a nameless one beside what is no such work",
        ),
        pytest.param(
            {"@type": "Article", "mainEntityOfPage": HERE, "url": "/elsewhere", "license": BY},
            [(BY, PAGE)],
            id="one that is the main entity of the page",
        ),
        pytest.param(
            {
                "@type": "Article",
                "mainEntityOfPage": {"@type": "WebPage", "url": HERE},
                "license": BY,
            },
            [(BY, PAGE)],
            id="one whose page is an object",
        ),
        pytest.param(
            {"@type": "Article", "mainEntityOfPage": "True", "license": BY},
            [(BY, PAGE)],
            id="one that says so and not of which",
        ),
        pytest.param(
            {"@type": "Article", "url": "https://other.example/1", "license": BY},
            [(BY, part("https://other.example/1"))],
            id="one that is named as another page",
        ),
        pytest.param(
            {"@type": "Article", "@id": "", "license": BY}, [(BY, PAGE)], id="an empty reference"
        ),
        pytest.param(
            {
                "@type": "WebPage",
                "@id": HERE,
                "license": BY,
                "primaryImageOfPage": {
                    "@type": "ImageObject",
                    "contentUrl": "/a.jpg",
                    "license": NC,
                },
            },
            [(BY, PAGE), (NC, part("https://site.example/a.jpg"))],
            id="a page and its picture",
        ),
        pytest.param(
            {
                "@type": "ItemList",
                "itemListElement": [
                    {"@type": "ListItem", "item": {"@type": "Article", "license": BY}},
                    {"@type": "ListItem", "item": {"@type": "Article", "url": "/2", "license": NC}},
                ],
            },
            [(BY, part()), (NC, part("https://site.example/2"))],
            id="a list of others",
        ),
        pytest.param(
            {"@type": "WebPage", "mainEntity": {"@type": "Dataset", "license": BY}},
            [(BY, PAGE)],
            id="what a nameless page is about in the main",
        ),
        pytest.param(
            {
                "@graph": [
                    {"@type": "WebPage", "@id": HERE, "mainEntity": {"@id": "_:d"}},
                    {"@type": "Dataset", "@id": "_:d", "license": BY},
                    {"@type": "Book"},
                ]
            },
            [(BY, PAGE)],
            id="the same by reference to a blank node",
        ),
        pytest.param(
            {
                "@graph": [
                    {
                        "@type": "Dataset",
                        "@id": "_:d",
                        "license": BY,
                        "mainEntityOfPage": {"@id": "_:p"},
                    },
                    {"@type": "WebPage", "@id": "_:p", "mainEntity": {"@id": "_:d"}},
                ]
            },
            [(BY, PAGE)],
            id="two that refer to each other",
        ),
        pytest.param(
            {"@type": "Dataset", "@id": "https://doi.org/10.5/x", "license": BY},
            [(BY, PAGE)],
            id="a data set with a DOI",
        ),
        pytest.param(
            {"@type": "WebSite", "url": "https://site.example/", "license": BY},
            [(BY, UNCLEAR)],
            id="the site",
        ),
        pytest.param(
            {"@type": "Article", "isPartOf": {"@type": "Periodical", "license": BY}},
            [(BY, UNCLEAR)],
            id="what an article is part of",
        ),
        pytest.param(
            {"@reverse": {"hasPart": {"@type": "Book", "license": BY}}},
            [(BY, UNCLEAR)],
            id="what is said the other way round",
        ),
        pytest.param(
            {"@graph": [{"@graph": [{"@type": "WebPage", "license": BY}]}]},
            [(BY, PAGE)],
            id="a graph in a graph",
        ),
        pytest.param(
            {"@included": [{"@type": "Article", "license": BY}]}, [(BY, PAGE)], id="included"
        ),
        pytest.param(
            {
                "@type": "Article",
                "@id": HERE,
                "hasPart": {"@list": [{"@type": "Clip", "license": BY}]},
            },
            [(BY, part())],
            id="a part in a list",
        ),
        pytest.param(
            {
                "@graph": [
                    {"@id": HERE, "license": BY},
                    {"@id": HERE, "@type": "ImageObject", "contentUrl": "/a.png"},
                ]
            },
            [(BY, part("https://site.example/a.png"))],
            id="a thing that is described twice",
        ),
        pytest.param(
            {"license": BY, "part": {"license": NC}},
            [(BY, PAGE), (NC, UNCLEAR)],
            id="something below a property that nobody knows",
        ),
    ],
)
def test_whose_licence_it_is(document: Any, expected: list[tuple[str, Subject]]) -> None:
    assert said(document) == expected


ONE = "https://site.example/post/one"


@pytest.mark.parametrize(
    ("url", "document", "expected"),
    [
        pytest.param(
            ONE + "?utm_source=tw", {"@type": "Article", "url": "/post/one"}, PAGE, id="a campaign"
        ),
        pytest.param(ONE + "/index.html", {"@type": "Article", "url": ONE}, PAGE, id="a file"),
        pytest.param(
            "https://site.example/p/amp/",
            {"@type": "Article", "mainEntityOfPage": "/p"},
            PAGE,
            id="a short form",
        ),
        pytest.param(ONE, {"@type": "Article", "url": "/node/7"}, UNCLEAR, id="an alias"),
        pytest.param(
            ONE,
            {"@type": "WebPage", "mainEntity": {"@type": "Article", "url": "/node/7"}},
            UNCLEAR,
            id="an alias of the main entity",
        ),
        pytest.param(
            ONE,
            {
                "@graph": [
                    {"@type": "Article", "url": "/node/7"},
                    {"@type": "WebPage", "url": "/node/7"},
                    {"@type": "Comment", "url": "/comment/1"},
                    {"@type": "ImageObject", "contentUrl": "/i.jpg"},
                    {"@type": "WebSite", "url": "/"},
                    {"@type": "Person", "url": "/ada"},
                    {"@type": "BreadcrumbList"},
                ]
            },
            UNCLEAR,
            id="an alias beside all that pages have",
        ),
        pytest.param(
            ONE,
            [
                {"@type": "Dataset", "@id": "https://doi.org/10.5/x"},
                {"@type": "Comment", "text": "hi"},
            ],
            PAGE,
            id="a comment is no other work",
        ),
        pytest.param(
            ONE,
            [{"@type": "Article", "url": "/a"}, {"@type": "Article", "url": "/b"}],
            part("https://site.example/a"),
            id="two works with URLs of their own",
        ),
        pytest.param(
            ONE,
            [{"@type": "Article", "url": "https://other.example/a"}],
            part("https://other.example/a"),
            id="a work on another host",
        ),
        pytest.param(
            "https://site.example/blog/",
            [
                {"@type": "BlogPosting", "url": "/blog/a"},
                {"@type": "BlogPosting", "url": "/blog/b"},
            ],
            part("https://site.example/blog/a"),
            id="a listing of what stands beneath it",
        ),
        pytest.param(
            ONE,
            [{"@type": "Comment", "@id": "#comment-1"}, {"@type": "Article", "url": ONE}],
            part(ONE + "#comment-1"),
            id="a comment by its place in the page",
        ),
    ],
)
def test_a_page_may_be_called_by_another_url(url: str, document: Any, expected: Subject) -> None:
    rows = document.get("@graph", [document]) if isinstance(document, dict) else document
    rows[0].get("mainEntity", rows[0])["license"] = BY
    assert said(document, url=url) == [(BY, expected)]


def test_scripts_of_one_page_refer_to_one_another() -> None:
    ones = found(
        {"@type": "WebPage", "@id": HERE, "mainEntity": {"@id": "#d"}, "license": {"@id": "#l"}},
        {"@type": "Dataset", "@id": "#d", "license": NC},
        {"@type": "CreativeWork", "@id": HERE + "#l", "url": BY, "name": " CC\nBY "},
    )
    assert [(one.value.decode(), one.subject) for one in ones] == [(BY, PAGE), (NC, PAGE)]
    assert ones[0].details == (("name", "CC BY"),)
    assert ones[0].declaration.octets == b'{"@id": "#l"}'
    assert [one.declaration.position for one in ones] == [
        ElementPosition("script", 0, "/license"),
        ElementPosition("script", 1, "/license"),
    ]
    assert [one.reach.index for one in ones] == [0, 1]


@pytest.mark.parametrize(
    ("relations", "subject"),
    [
        (("image", "mainEntity"), PAGE),
        (("mainEntity", "image"), PAGE),
        (("isPartOf", "hasPart"), part()),
        (("hasPart", "isPartOf"), part()),
        (("about", "isPartOf"), UNCLEAR),
    ],
    ids=[
        "a main entity goes before a picture",
        "in either order",
        "a part goes before a whole",
        "in either order, too",
        "of two that say nothing nothing follows",
    ],
)
def test_what_hangs_under_two_properties_hangs_where_it_says_more(
    relations: tuple[str, str], subject: Subject
) -> None:
    page = {"@type": "WebPage", "@id": HERE, **{each: {"@id": "_:w"} for each in relations}}
    assert said([page, {"@type": "Book", "@id": "_:w", "license": BY}]) == [(BY, subject)]


def test_blank_nodes_are_those_of_their_own_script() -> None:
    assert said(
        {"@type": "WebPage", "@id": HERE, "image": {"@id": "_:b"}},
        {"@type": "Article", "@id": "_:b", "license": BY},
    ) == [(BY, PAGE)]


def test_works_in_another_script_stand_beside() -> None:
    assert said({"@type": "Article", "license": BY}, {"@type": "Book"}) == [(BY, UNCLEAR)]


def test_every_family_that_listens_gets_its_own() -> None:
    listens = (("licence", Listen("json-ld", "license")), ("aipref", Listen("json-ld", "license")))
    units = locate({"license": BY, "usageInfo": NC}, listens=(*listens, listens[0])).units
    assert [one.declaration.family for (one,) in units] == ["licence", "aipref"]
    assert [one.reach.index for (one,) in units] == [0, 0]


def test_values_after_one_another_are_told_apart() -> None:
    ones = found(b'{"license": "a"} {"license": "b", "license": "c"}')
    assert [(pointer(one), one.value) for one in ones] == [
        ("/0/license", b"a"),
        ("/1/license", b"b"),
        ("/1/license", b"c"),
    ]
    assert len({one.declaration.id for one in ones}) == 3


def test_nothing_is_heard_that_nobody_listens_to() -> None:
    assert locate({"license": BY}, listens=()) == Findings()


BROKEN = b"""{"@type": "Article", "headline": "It's "good"",
 "license": "https://creativecommons.org/licenses/by/4.0/",
 "http://schema.org/usageInfo" : "/terms", "license": {"@id": "x"}, "other": "y",
 "xlicense": "no", "license": "\\u0043C0", "license": "\\q", "license": "cut"""


def test_what_is_no_json_is_searched_and_noted() -> None:
    findings = locate(BROKEN)
    assert [(one.field, one.value, one.subject, pointer(one)) for (one,) in findings.units] == [
        ("license", BY.encode(), UNCLEAR, ""),
        ("usageInfo", b"https://site.example/terms", UNCLEAR, ""),
        ("license", b"CC0", UNCLEAR, ""),
        ("license", b"\\q", UNCLEAR, ""),
    ]
    assert findings.units[0][0].declaration.octets == json.dumps(BY).encode()
    (note,) = findings.notes
    assert (note.code, note.severity, note.clause) == (
        "json-ld-broken",
        "warning",
        "schema.org JSON-LD",
    )
    assert note.position == ElementPosition("script", 0, "")


def test_what_stands_before_the_break_is_read_as_it_is() -> None:
    findings = locate(b'{"license": "a"} {"license": "b", oops')
    assert [(one.value, one.subject) for (one,) in findings.units] == [
        (b"a", PAGE),
        (b"b", UNCLEAR),
    ]


def test_broken_scripts_without_end_are_noted_so_often_and_no_oftener() -> None:
    assert len(locate(*[b"{"] * 50).notes) == json_ld.MAX_NOTES


def over_cap(findings: Findings, why: str) -> Located:
    """The last value says what was not read, and a note does."""
    (last,) = findings.units[-1]
    assert (last.field, last.value, last.subject) == ("license", b"", PAGE)
    assert why in last.detail(UNREAD)
    assert [one for unit in findings.units[:-1] for one in unit if one.detail(UNREAD)] == []
    (note,) = findings.notes
    assert (note.code, note.clause) == ("json-ld-over-cap", "rule R39")
    assert why in note.summary
    return last


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param(
            b'{"@graph": [' * 1000 + b'{"license": "x"}' + b"]}" * 1000, "deeper", id="too deep"
        ),
        pytest.param(b'{"license": "x"}' + b" " * MAX_OCTETS, "longer", id="too long"),
    ],
)
def test_a_script_over_a_cap_fails_closed(script: bytes, why: str) -> None:
    findings = locate(script)
    over_cap(findings, why)
    assert len(findings.units) == 1


def test_other_scripts_are_read_beside_one_over_a_cap() -> None:
    findings = locate(ARTICLE, b"[" * 100, b"[" * 100)
    last = over_cap(findings, "deeper")
    assert [one.value for (one,) in findings.units] == [BY.encode(), b""]
    assert last.declaration.position == ElementPosition("script", 1, "")
    assert "1 more" in findings.notes[0].summary


def test_a_list_of_ten_thousand_licences_is_read_so_far_and_fails_closed() -> None:
    findings = locate({"license": [f"https://a.example/{n}" for n in range(10_000)]})
    last = over_cap(findings, "100 different values")
    assert len(findings.units) == MAX_DIFFERENT + 1
    assert last.reach.index == MAX_DIFFERENT
    assert findings.units[MAX_DIFFERENT - 1][0].value == b"https://a.example/99"


def test_so_is_a_list_of_ten_thousand_times_the_same() -> None:
    findings = locate({"license": [BY] * 10_000})
    over_cap(findings, "1000 values")
    assert len(findings.units) == MAX_VALUES + 1


def kept(findings: Findings) -> int:
    return sum(
        len(one.declaration.octets)
        + len(one.value)
        + sum(map(len, one.subject.parts))
        + sum(len(value) for _, value in one.details)
        for (one,) in findings.units
        if not one.detail(UNREAD)
    )


LONG = "x" * 1_900_000


@pytest.mark.parametrize(
    ("document", "most", "why"),
    [
        pytest.param(
            ('{"license":' * 60 + f'"{LONG}"' + "}" * 60).encode(),
            0,
            "longer than",
            id="a long value deep down",
        ),
        pytest.param({"license": {"text": LONG}}, 0, "longer than", id="a long text of an object"),
        pytest.param({"license": {"url": "/" + LONG}}, 0, "longer than", id="a long URL of one"),
        pytest.param({"license": {"x": LONG}}, 0, "longer than", id="an object of nothing else"),
        pytest.param(b'{"license": "%b", ' % LONG.encode(), 0, "longer than", id="broken JSON"),
        pytest.param(
            [*[{"license": {"@id": "#l"}}] * 900, {"@id": "#l", "text": "y" * 60_000}],
            MAX_KEPT,
            "octets",
            id="a long text that many refer to",
        ),
        pytest.param(
            [
                {
                    "@id": "_:i",
                    "@type": "ImageObject",
                    "license": ["y"] * 900,
                    "contentUrl": [f"https://a.example/{n}/" + "p" * 4000 for n in range(50)],
                }
            ],
            MAX_KEPT,
            "octets",
            id="a thing of many names",
        ),
    ],
)
def test_no_more_is_kept_of_a_page_than_a_result_can_hold(
    document: Any, most: int, why: str
) -> None:
    findings = locate(document)
    assert kept(findings) <= most
    (last,) = findings.units[-1]
    assert (last.subject, why in last.detail(UNREAD)) == (PAGE, True)
    assert "json-ld-over-cap" in {note.code for note in findings.notes}


def test_of_a_long_object_only_the_beginning_is_kept() -> None:
    (one,) = found({"@type": "Article", "license": {"url": BY, "x": [LONG]}})
    assert one.value.decode() == BY
    assert one.declaration.octets == f'{{"url": "{BY}", "x": ["{LONG}'.encode()[:MAX_OBJECT]


def test_a_licence_of_a_licence_is_not_the_pages() -> None:
    terms = {"@type": "CreativeWork", "url": BY, "name": "CC BY", "license": NC}
    assert said({"@type": "Article", "license": terms}) == [(BY, PAGE), (NC, part(BY))]
    assert said(
        [{"@type": "Article", "license": {"@id": "#l"}}, {"@id": "#l", "name": "L", "license": NC}]
    ) == [("L", PAGE), (NC, part(HERE + "#l"))]


def test_a_long_name_of_a_licence_is_read_to_its_end() -> None:
    name = "Under a licence " + "that goes on " * 100 + "CC BY-NC-ND 4.0"
    (one,) = found({"@type": "Article", "license": {"name": name, "url": "/l"}})
    assert (one.value, one.detail("name")) == (b"https://site.example/l", name)
    assert said({"@type": "Article", "license": {"text": name}}) == [(name, PAGE)]


def test_a_name_that_is_too_long_to_stand_beside_a_url_is_left_out() -> None:
    (one,) = found({"@type": "Article", "license": {"name": "CC BY" + "-" * 5000, "url": "/l"}})
    assert (one.value, one.details) == (b"https://site.example/l", ())
    over_cap(locate({"license": {"name": "CC BY" + " " * 70_000 + "NC"}}), "longer than")


@pytest.mark.parametrize(
    "shared",
    [
        "/p",
        {"@id": "/p"},
        {"@id": "/p", "@type": "WebPage", "url": "/q"},
        "distinct",
    ],
)
def test_thousands_of_works_on_one_page_take_a_time_that_their_length_bounds(shared: Any) -> None:
    def seconds(count: int) -> float:
        works = [
            {
                "@type": "Article",
                "name": f"{n}",
                "license": "x",
                "mainEntityOfPage": {"@id": "/p", "url": f"/{n}"}
                if shared == "distinct"
                else shared,
            }
            for n in range(count)
        ]
        octets = json.dumps(works).encode()
        started = time.perf_counter()
        locate(octets)
        return time.perf_counter() - started

    assert min(seconds(8000) for _ in range(2)) < 10 * max(seconds(2000), 0.05)


def test_as_many_licences_as_may_be_are_no_cap() -> None:
    findings = locate({"license": ["a"] * MAX_VALUES + [None, ""]})
    assert len(findings.units) == MAX_VALUES
    assert findings.notes == ()


def test_a_cap_is_no_concern_of_who_does_not_listen_to_licences() -> None:
    findings = locate(b"[" * 100, listens=(("aipref", Listen("json-ld", "usageInfo")),))
    assert findings.units == ()
    assert [note.code for note in findings.notes] == ["json-ld-over-cap"]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(b'{"license": ' + b"9" * 1_000_000 + b"}", id="a million digits"),
        pytest.param(b'{"license": "\\ud800", "@id": "\\udfff", "url": "\\ud8"}', id="surrogates"),
        pytest.param(b'{"license": "http://\\ud800/"}', id="a surrogate in a URL"),
        pytest.param(b'{"@id": "_:a", "hasPart": {"@id": "_:a", "license": "x"}}', id="itself"),
        pytest.param(b'{"@context": {"@base": "::", "a": "b"}, "@id": "http://["}', id="no URLs"),
        pytest.param(b'{"@type": [[1], null], "@id": [], "license": []}', id="no JSON-LD"),
        pytest.param(b"\xff\xfe{\x00}\x00", id="UTF-16"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_nobody_writes_does_not_raise(script: bytes) -> None:
    locate(script)
    json_ld.facts(script, page=Page(HERE), base=HERE, position=PointerPosition)


NAMES = st.sampled_from(
    [
        "license",
        "@id",
        "@type",
        "@graph",
        "@context",
        "url",
        "@value",
        "@list",
        "name",
        "mainEntity",
        "isPartOf",
        "image",
        "author",
        "publisher",
        "schema:license",
        "@reverse",
    ]
)
LEAVES = st.none() | st.integers() | st.sampled_from([BY, HERE, "#a", "_:b", "Article", "WebPage"])
TREES = st.recursive(
    LEAVES | st.text(st.characters(), max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)


@given(st.lists(TREES, max_size=3), st.sampled_from([HERE, "about:blank", ""]))
def test_no_tree_raises_and_each_value_is_where_its_pointer_says(
    trees: list[Any], url: str
) -> None:
    findings = locate(*trees, url=url)
    assert findings.notes == ()
    for (one,) in findings.units:
        position = one.declaration.position
        assert isinstance(position, ElementPosition)
        at: Any = trees[position.offset]
        for step in (position.pointer or "").split("/")[1:]:
            at = at[int(step)] if isinstance(at, list) else at[step.replace("~1", "/")]
        assert json.loads(one.declaration.octets) == at


@given(st.binary(max_size=60) | st.text('{}[]":,license@id /*<!->', max_size=60).map(str.encode))
@example(b'{"license":"a"')
def test_no_octets_raise(octets: bytes) -> None:
    locate(octets)
    locate(b'{"license":"' + octets)
    json_ld.facts(octets, page=Page(HERE), base=HERE, position=PointerPosition)


def licences(node: Any) -> list[Any]:
    """The values of ``license`` as a reader sees them who only walks the JSON."""
    values: list[Any] = []
    if isinstance(node, list):
        values = [each for inner in node for each in licences(inner)]
    elif isinstance(node, dict):
        for name, inner in node.items():
            if name == "license":
                values.extend(inner if isinstance(inner, list) else [inner])
            values.extend(licences(inner))
    return values


PLAIN = st.recursive(
    st.sampled_from(["x", "y"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "hasPart", "author", "@graph"]), inner)
        | st.fixed_dictionaries({"license": st.sampled_from([BY, NC, "MIT", [BY, NC]])})
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_licences_are_those_that_a_walk_through_the_json_finds(tree: Any) -> None:
    assert [value for value, _ in said(tree)] == licences(tree)
