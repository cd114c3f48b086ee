"""Licences and preferences in dataset cards."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import dataset_card
from signals_agent.locate.found import UNREAD, Findings
from signals_agent.model.capture import Capture
from signals_agent.model.declaration import PAGE, Located
from signals_agent.model.licence import LicenceScope
from signals_agent.model.position import LinePosition, PointerPosition

URL = "https://hub.example/datasets/one/raw/main/README.md"
LISTENS = tuple(
    (family, Listen("dataset-card", field))
    for family, field in (
        ("licence", "license"),
        ("aipref", "ai_preference"),
        ("aipref", "ai_use_pref"),
        ("aipref", "usageInfo"),
        ("licence", "usageInfo"),
    )
)
BY = "https://creativecommons.org/licenses/by/4.0/"


def capture(body: bytes | str, kind: str = "text/markdown", *, truncated: bool = False) -> Capture:
    octets = body.encode() if isinstance(body, str) else body
    return Capture(URL, 200, [(b"Content-Type", kind.encode())], octets, truncated=truncated)


def found(body: bytes | str, kind: str = "text/markdown", *, truncated: bool = False) -> Findings:
    card = capture(body, kind, truncated=truncated)
    return dataset_card.locate(card, source=URL, capture_id="cap-1", listens=LISTENS)


def all_of(findings: Findings) -> list[Located]:
    return [each for unit in findings.units for each in unit]


def said(findings: Findings) -> list[tuple[str, str, str]]:
    return [(each.declaration.family, each.field, each.value.decode()) for each in all_of(findings)]


def licences(findings: Findings) -> list[str]:
    return [each.value.decode() for each in all_of(findings) if each.field == "license"]


def codes(findings: Findings) -> list[str]:
    return [note.code for note in findings.notes]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        pytest.param("license: mit", ["mit"], id="a word"),
        pytest.param("license: 'cc-by-4.0' # ours", ["cc-by-4.0"], id="quotes and comments"),
        pytest.param("license:\n- mit\n- apache-2.0", ["mit", "apache-2.0"], id="a list"),
        pytest.param("license: [mit, apache-2.0]", ["mit", "apache-2.0"], id="a list in one line"),
        pytest.param("License: mit", ["mit"], id="another case"),
        pytest.param("license: no", ["no"], id="nothing is made of a word"),
        pytest.param(f"license: {BY}", [BY], id="a URL"),
        pytest.param("license: /terms", ["https://hub.example/terms"], id="a relative URL"),
        pytest.param("license: &a mit\nlicense_name: *a", ["mit"], id="aliases"),
        pytest.param("license: mit\nlicense: gpl", ["mit", "gpl"], id="a repeated key"),
        pytest.param("license: {name: mit}", ["{name: mit}"], id="a mapping is as written"),
        pytest.param("license: !!python/object:os.system mit", ["mit"], id="tags make nothing"),
        pytest.param("license:", [], id="no value"),
        pytest.param("license: null", [], id="null"),
        pytest.param("license: 'null'", ["null"], id="a quoted null is a word"),
        pytest.param("license: []", [], id="an empty list"),
        pytest.param("dataset_info:\n  license: mit", [], id="only the outermost keys count"),
        pytest.param("tags:\n- license:mit", [], id="tags are none"),
        pytest.param(
            "license: |\n  my\n  own\nlanguage: en", ["my\n  own".replace("  ", "")], id="a block"
        ),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_licences_of_front_matter(front: str, expected: list[str], ends: str, mark: str) -> None:
    body = f"{mark}---\npretty_name: x\n{front}\n---\n# A card\nlicense: gpl\n"
    findings = found(body.replace("\n", ends))
    assert licences(findings) == expected
    assert not findings.notes
    assert all(each.subject == PAGE for each in all_of(findings))


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        pytest.param("{license: cc-by-nc-4.0}", ["cc-by-nc-4.0"], id="all in braces"),
        pytest.param('{\n  "license": "mit"\n}', ["mit"], id="all in JSON"),
        pytest.param("? license\n: mit", ["mit"], id="a key with its mark"),
        pytest.param("? 'a b'\n: x\n? license\n: - mit\n  - gpl", ["mit", "gpl"], id="and a list"),
        pytest.param("  license: mit\n  a: b", ["mit"], id="all keys indented"),
        pytest.param("b: &b\n  license: mit\n<<: *b", ["mit"], id="merged"),
        pytest.param("<<: {license: mit}\na: b", ["mit"], id="merged where it stands"),
        pytest.param("b: &b {license: mit}\nlicense: gpl\n<<: *b", ["gpl"], id="its own first"),
        pytest.param(
            "b: &b {license: mit}\nc: &c {license: gpl}\n<<: [*c, *b]",
            ["gpl"],
            id="of two the first",
        ),
        pytest.param(
            "b: &b {license: mit}\nc: &c\n  <<: *b\n<<: [*c]",
            ["mit"],
            id="merged by what is merged",
        ),
        pytest.param("b: &b {license: mit, <<: *b}\n<<: *b", ["mit"], id="one that merges itself"),
        pytest.param("b: &b {license: mit}\n'<<': *b", [], id="quoted it is a key like others"),
    ],
)
def test_every_way_to_write_a_key_is_read(front: str, expected: list[str]) -> None:
    findings = found(f"---\n{front}\n---\n")
    assert licences(findings) == expected
    assert not findings.notes


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("---\nlicense: mit\n", id="never closed"),
        pytest.param("---\nlicense: mit\n----\n# Text", id="closed by another line"),
        pytest.param('---\na: b\n{"license" : "mit"}', id="never closed and in braces"),
        pytest.param("---\n{license: mit\n---\n", id="a brace that is not closed"),
        pytest.param("---\na: [\n? license\n: mit\n---\n", id="a key with its mark in no YAML"),
        pytest.param("---\na: {license: mit}\n<<: b\n---\n", id="a word that is merged"),
        pytest.param("---\n<<: [[b]]\nx: license\n---\n", id="a word in lists that is merged"),
        pytest.param("---\n  a: [\n  license: mit\n---\n", id="indented and no YAML"),
    ],
)
def test_a_licence_that_cannot_be_read_fails_closed(body: str) -> None:
    findings = found(body)
    (one,) = all_of(findings)
    assert (one.field, one.value, one.subject) == ("license", b"", PAGE)
    assert one.detail(UNREAD)
    assert codes(findings) == ["dataset-card-broken"]


def test_mappings_that_merge_each_other_are_read_once() -> None:
    lines = ["m0: &m0 {license: mit}"]
    lines += [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}" for n in range(1, 200)]
    assert licences(found("---\n" + "\n".join(lines) + "\n<<: *m199\n---\n")) == ["mit"]


def test_preferences_go_to_every_family_that_listens() -> None:
    findings = found(
        "---\nlicense: mit\nai_preference: train-genai=n;exceptions=cc-cr\n"
        "ai_use_pref: [ai-use=n, 'search=y']\nusageInfo: /terms\n---\n"
    )
    assert said(findings) == [
        ("licence", "license", "mit"),
        ("aipref", "ai_preference", "train-genai=n;exceptions=cc-cr"),
        ("aipref", "ai_use_pref", "ai-use=n"),
        ("aipref", "ai_use_pref", "search=y"),
        ("aipref", "usageInfo", "https://hub.example/terms"),
        ("licence", "usageInfo", "https://hub.example/terms"),
    ]
    assert {each.declaration.carrier for each in all_of(findings)} == {"dataset-card"}


def test_a_value_says_where_it_stands_in_octets() -> None:
    body = '---\r\nx: "\u00e9\u2028"\r"license": [ "\u00e9" , mit ]\n---'.encode()
    first, second = all_of(found(body))
    assert first.declaration.position == LinePosition(3, 14)
    assert first.declaration.octets == b'"\xc3\xa9"'
    assert first.value == b"\xc3\xa9"
    assert second.declaration.position == LinePosition(3, 21)
    assert second.declaration.octets == b"mit"


def test_front_matter_that_is_no_utf_8_is_latin_1() -> None:
    (one,) = all_of(found(b"---\nname: \xe9\nlicense: \xe9x\n---\n"))
    assert one.value == "\u00e9x".encode()
    assert one.declaration.octets == b"\xe9x"
    assert one.declaration.position == LinePosition(3, 10)


@pytest.mark.parametrize(
    ("front", "value", "details"),
    [
        (
            "license: other\nlicense_name: my-own\nlicense_link: LICENSE",
            "https://hub.example/datasets/one/raw/main/LICENSE",
            {
                "license_name": "my-own",
                "license_link": "https://hub.example/datasets/one/raw/main/LICENSE",
            },
        ),
        (f"license_link: {BY}\nlicense: Other", BY, {"license_link": BY}),
        ("license: other\nlicense_name: my-own", "my-own", {"license_name": "my-own"}),
        ("license: other", "other", {}),
        (f"license_name: x\nlicense_link: {BY}", BY, {"license_name": "x", "license_link": BY}),
        ("license_name: my-own", "my-own", {"license_name": "my-own"}),
        ("license: mit\nlicense_link: the file", "mit", {"license_link": "the file"}),
    ],
    ids=[
        "name and link",
        "link first",
        "other by its name",
        "other and no more",
        "link alone",
        "name alone",
        "a link that is none",
    ],
)
def test_what_stands_beside_a_licence(front: str, value: str, details: dict[str, str]) -> None:
    (one,) = all_of(found(f"---\n{front}\n---\n"))
    assert (one.field, one.value.decode(), dict(one.details)) == ("license", value, details)


def test_what_is_shown_of_other_is_what_tells_it() -> None:
    (one,) = all_of(found(f"---\nlicense: other\nlicense_link: {BY}\n---\n"))
    assert one.declaration.octets == BY.encode()
    assert one.declaration.position == LinePosition(3, 15)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        pytest.param("a: [\nlicense: mit # ours", ["mit"], id="a bracket that is not closed"),
        pytest.param("a: b: c\nlicense: 'mit'", ["mit"], id="a value with a colon"),
        pytest.param("a:\tb\n\tc: d\nlicense: [mit, 'gpl']", ["mit", "gpl"], id="tabs"),
        pytest.param(
            "a: *b\nlicense:\n  - mit\n- gpl # x\nb: c", ["mit", "gpl"], id="no such anchor"
        ),
        pytest.param("a: b\nlicense:mit", ["mit"], id="no space behind the colon"),
        pytest.param(
            "a: " + "[" * 20000 + "\nlicense: mit", ["mit"], id="nested out of all measure"
        ),
        pytest.param('a: "\\UFFFFFFFF"\nlicense: mit', ["mit"], id="a character that cannot be"),
        pytest.param("'a: b\nlicense: mit'", ["mit"], id="a string that looks like a mapping"),
        pytest.param("a: \x01\nlicense: mit", ["mit"], id="a character that may not be"),
        pytest.param(
            "a: [\n  license: mit\n license: x\nlicense:", [""], id="only at the first column"
        ),
    ],
)
def test_front_matter_that_is_no_yaml_is_read_line_by_line(front: str, expected: list[str]) -> None:
    body = f"---\n{front}\n---\n"
    findings = found(body)
    assert licences(findings) == expected
    assert codes(findings) == ["dataset-card-broken"]
    for each in all_of(findings):
        position = each.declaration.position
        assert isinstance(position, LinePosition)
        line = body.encode().split(b"\n")[position.line - 1]
        assert line[position.column - 1 :].startswith(each.declaration.octets)


LONG = "---\nlicense: mit\nx: " + "y" * 64 * 1024


@pytest.mark.parametrize(
    ("body", "truncated"),
    [
        pytest.param(LONG + "\n---\n", False, id="closed beyond the cap"),
        pytest.param(LONG, False, id="not closed within the cap"),
        pytest.param("---\nlicense: m", True, id="cut before it was closed"),
    ],
)
def test_front_matter_over_the_cap_fails_closed(body: str, truncated: bool) -> None:
    findings = found(body, truncated=truncated)
    (one,) = all_of(findings)
    assert (one.field, one.value, one.subject) == ("license", b"", PAGE)
    assert one.detail(UNREAD)
    assert codes(findings) == ["dataset-card-over-cap"]


def test_front_matter_as_long_as_the_cap_is_read() -> None:
    front = "license: mit\nx: ".ljust(64 * 1024 - 1, "y") + "\n"
    assert licences(found(f"---\n{front}---\n")) == ["mit"]
    assert all_of(found(f"---\n{front}y\n---\n"))[0].detail(UNREAD)


def test_more_licences_than_the_cap_fail_closed() -> None:
    findings = found("---\nlicense:\n" + "- mit\n" * 1001 + "---\n")
    assert licences(findings) == ["mit"] * 1000 + [""]
    assert codes(findings) == ["dataset-card-over-cap"]
    assert codes(found("---\nlicense:\n" + "- mit\n" * 1000 + "---\n")) == []


CARD = "---\nlicense: mit\n---\n"


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (CARD, "text/markdown", True),
        (CARD, "text/x-markdown", True),
        (CARD, "text/plain", True),
        (CARD, "", True),
        (CARD, "application/octet-stream", True),
        (CARD, "text/html", False),
        (CARD, "application/xhtml+xml", False),
        ("\ufeff" + CARD, "text/markdown", True),
        ("---\nlicense: mit\n...\ntext", "text/markdown", True),
        ("---  \n# note\n\n'a b': mit\n---", "text/markdown", True),
        ("\n" + CARD, "text/markdown", False),
        ("----\nlicense: mit\n---\n", "text/markdown", False),
        ("---\n\nA rule above a text.\n\n---\n", "text/markdown", False),
        ("---\n---\n", "text/markdown", False),
        ("---\nname: x\n", "text/markdown", False),
        ("---\nname: x\n----\nOf licences: none.", "text/markdown", False),
        ("---\n{license: mit}\n---\n", "text/markdown", True),
        ("---\n{% x %}\n---\n", "text/markdown", False),
        ("", "text/markdown", False),
    ],
)
def test_what_is_a_card_of_front_matter(body: str, kind: str, expected: bool) -> None:
    assert dataset_card.is_card(capture(body, kind)) is expected
    assert bool(found(body, kind).units) is (expected and "license: mit" in body)


def croissant(**members: Any) -> dict[str, Any]:
    return {
        "@context": {"@vocab": "https://schema.org/", "sc": "https://schema.org/"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        **members,
    }


def located(document: Any, **json_options: Any) -> list[Located]:
    return all_of(found(json.dumps(document, **json_options), "application/json"))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("license", BY, [BY], id="a URL"),
        pytest.param("license", "cc-by-4.0", ["cc-by-4.0"], id="a name"),
        pytest.param("license", "/l", ["https://hub.example/l"], id="a relative URL"),
        pytest.param("license", [BY, "mit"], [BY, "mit"], id="a list"),
        pytest.param("license", {"@id": BY}, [BY], id="an object with an id"),
        pytest.param("license", {"name": "x", "url": BY}, [BY], id="an object with a URL"),
        pytest.param("license", {"url": [BY]}, [BY], id="an object with a list of URLs"),
        pytest.param("license", {"name": "mine"}, ["mine"], id="an object with a name"),
        pytest.param("license", {"x": 1}, ['{"x": 1}'], id="an object that says nothing else"),
        pytest.param("license", [["mit"]], ['["mit"]'], id="a list within a list is as written"),
        pytest.param("license", ["", None, []], [], id="nothing at all"),
        pytest.param("license", 1, ["1"], id="a number"),
        pytest.param("license", True, ["true"], id="a truth value"),
        pytest.param("sc:license", BY, [BY], id="a prefix"),
        pytest.param("https://schema.org/license", BY, [BY], id="a whole name"),
        pytest.param("http://purl.org/dc/terms#license", BY, [BY], id="a name behind a hash"),
        pytest.param("License", BY, [], id="another case is another name"),
        pytest.param("sublicense", BY, [], id="another name"),
        pytest.param("isBasedOn", {"license": BY}, [], id="what it is based on"),
    ],
)
def test_licences_of_croissant(name: str, value: Any, expected: list[str]) -> None:
    found_ones = located(croissant(**{name: value}))
    assert [each.value.decode() for each in found_ones] == expected
    assert all(each.subject == PAGE for each in found_ones)


@pytest.mark.parametrize(
    ("value", "expected", "details"),
    [
        ("train-genai=n;exceptions=cc-cr", "train-genai=n;exceptions=cc-cr", {}),
        (
            {"@type": "PropertyValue", "name": "ai_preference", "value": "ai-use=n"},
            "ai-use=n",
            {"name": "ai_preference", "type": "PropertyValue"},
        ),
        (
            {"@type": "DefinedTerm", "name": "General", "url": "duo:0000042"},
            "duo:0000042",
            {"name": "General", "type": "DefinedTerm"},
        ),
        (
            {"@type": ["CreativeWork", "odrl:Offer"], "name": "Policy", "odrl:permission": {}},
            "Policy",
            {"type": "CreativeWork"},
        ),
    ],
    ids=["a text", "a property value", "a term", "an offer"],
)
def test_usage_goes_to_both_families(value: Any, expected: str, details: dict[str, str]) -> None:
    found_ones = located(croissant(**{"sc:usageInfo": value}))
    assert [each.declaration.family for each in found_ones] == ["aipref", "licence"]
    for each in found_ones:
        assert (each.field, each.value.decode()) == ("usageInfo", expected)
        assert dict(each.details) == details


def test_preferences_of_croissant_go_by_their_last_name() -> None:
    document = croissant(**{"hf:ai_preference": "ai-use=n", "https://x.example/#ai_use_pref": "x"})
    assert [(each.field, each.value) for each in located(document)] == [
        ("ai_preference", b"ai-use=n"),
        ("ai_use_pref", b"x"),
    ]


def test_a_value_has_a_pointer_and_its_octets() -> None:
    body = json.dumps(croissant(**{"sc:license": ["\u00e9", {"@id": BY}]}), ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        first, second = all_of(found(body.encode(encoding), "application/ld+json"))
        assert first.declaration.position == PointerPosition("/sc:license/0")
        assert second.declaration.position == PointerPosition("/sc:license/1")
        assert first.declaration.octets in body.encode(encoding)
        assert first.declaration.octets.decode(encoding.replace("-sig", "")).endswith('"')


def test_what_a_part_says_is_about_the_part() -> None:
    document = croissant(
        license="mit",
        distribution=[
            {"contentUrl": "data/a.csv", "license": "cc0-1.0"},
            {"contentUrl": "b.csv", "containedIn": {"@id": "z"}, "license": "cc-by-4.0"},
            {"contentUrl": "https://x.example/c", "containedIn": {"@id": "z"}, "license": "gpl"},
            {"contentUrl": "d.csv"},
        ],
        recordSet={"field": {"subField": [{"sc:usageInfo": "x", "license": "nested"}]}},
    )
    by_value = {each.value: each for each in located(document) if each.field == "license"}
    assert by_value[b"mit"].subject == PAGE
    subjects = {
        value: (each.subject.scope, each.subject.parts, each.subject.within)
        for value, each in by_value.items()
    }
    part = LicenceScope.PART
    assert subjects[b"cc0-1.0"] == (
        part,
        ("https://hub.example/datasets/one/raw/main/data/a.csv",),
        "distribution",
    )
    assert subjects[b"cc-by-4.0"] == (part, (), "distribution")
    assert subjects[b"gpl"] == (part, ("https://x.example/c",), "distribution")
    assert subjects[b"nested"] == (part, (), "subField")
    assert by_value[b"nested"].declaration.scope.element == "subField"
    assert len(by_value) == 5


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([croissant(license="a"), croissant(license="b")], ["a", "b"]),
        (
            {"@context": "https://schema.org", "@graph": [{"@type": "Dataset", "license": "a"}]},
            ["a"],
        ),
        ({"@context": "https://schema.org/", "@type": "Dataset", "license": "a"}, ["a"]),
        (
            {"@context": {"s": "http://schema.org/"}, "@type": ["x", "s:Dataset"], "license": "a"},
            ["a"],
        ),
        ({"@type": "http://schema.org/Dataset", "license": "a"}, ["a"]),
        ({"dct:conformsTo": {"@id": "http://mlcommons.org/croissant/1.0"}, "license": "a"}, ["a"]),
        ({"@context": "https://schema.org", "@type": "Article", "license": "a"}, []),
        (
            {
                "@context": "https://x.example",
                "@type": "Dataset",
                "license": "a",
                "b": "schema.org",
            },
            [],
        ),
        ({"name": "package", "license": "a"}, []),
        ("mlcommons.org/croissant", []),
        ([[croissant(license="a")]], []),
    ],
)
def test_what_is_a_dataset(document: Any, expected: list[str]) -> None:
    assert [each.value.decode() for each in located(document)] == expected
    card = capture(json.dumps(document), "application/json")
    assert dataset_card.is_card(card) is bool(expected)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/json", True),
        ("application/ld+json", True),
        ("application/vnd.x+json; charset=utf-8", True),
        ("", True),
        ("text/plain", True),
        ("application/octet-stream", True),
        ("text/html", False),
        ("image/png", False),
    ],
)
def test_json_is_known_by_type_or_octets(kind: str, expected: bool) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        body = ("\n" + json.dumps(croissant(license="a"))).encode(encoding)
        assert dataset_card.is_card(capture(body, kind)) is expected


def test_broken_json_is_a_note_alone() -> None:
    findings = found(json.dumps(croissant(license="a")) + "}", "application/json")
    assert findings.units == ()
    assert codes(findings) == ["dataset-card-broken"]


def nested(depth: int) -> Any:
    return [] if depth == 0 else [nested(depth - 1)]


@pytest.mark.parametrize(
    ("body", "truncated"),
    [
        pytest.param(json.dumps(croissant(license=nested(70))), False, id="values nest too deep"),
        pytest.param(json.dumps(croissant(license="a"))[:-9], True, id="a body that was cut"),
        pytest.param(json.dumps(croissant(license=["a"] * 1001)), False, id="too many licences"),
        pytest.param(
            json.dumps(
                croissant(recordSet=json.loads('{"field":' * 7 + '{"license":"a"}' + "}" * 7))
            ),
            False,
            id="parts nest too deep",
        ),
    ],
)
def test_a_cap_on_json_fails_closed(body: str, truncated: bool) -> None:
    findings = found(body, "application/json", truncated=truncated)
    (one,) = [each for each in all_of(findings) if each.detail(UNREAD)]
    assert (one.field, one.value, one.subject) == ("license", b"", PAGE)
    assert codes(findings) == ["dataset-card-over-cap"]


PIECES = [
    "---",
    "\n",
    "license:",
    "license_link",
    ": ",
    " mit",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "|",
    "'",
    '"',
    "#",
    "\t",
    "!!x",
    "? ",
    "<<",
    "\\",
    ",",
    "...",
    "\u00e9",
    "\ufeff",
    "%",
    "\x00",
    "usageInfo:",
    "U00110000",
    "x",
]
JSON = st.recursive(
    st.none()
    | st.integers()
    | st.sampled_from([BY, "Dataset", "https://schema.org/"])
    | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["license", "@graph", "distribution", "@type", "@context", "url", "contentUrl"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(
    st.one_of(
        st.binary(max_size=40),
        st.lists(st.sampled_from(PIECES), max_size=20).map(
            lambda p: ("---\na: b\nlicense: c\n" + "".join(p) + "\n---\n").encode()
        ),
        st.lists(st.sampled_from(PIECES), max_size=9).map(lambda p: "".join(p).encode()),
        JSON.map(lambda value: json.dumps(croissant(license=value, distribution=value)).encode()),
        JSON.map(lambda value: json.dumps([value, croissant(recordSet=value)]).encode()),
    ),
    st.sampled_from(["text/markdown", "application/json", ""]),
    st.booleans(),
)
def test_any_octets_are_read_without_an_error(body: bytes, kind: str, truncated: bool) -> None:
    dataset_card.is_card(capture(body, kind))
    for each in all_of(found(body, kind, truncated=truncated)):
        assert each.value or each.detail(UNREAD)
        assert each.declaration.octets in body


def test_a_blank_licence_says_nothing() -> None:
    body = json.dumps(croissant(license=" \r")).encode()
    assert all_of(found(body, "application/json")) == []
