"""Which files are read, which are refused and how, and that nothing ever raises."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.openness import MofClass, Openness, Source, Status, of_file, plain_values
from signals_agent.openness.fields import NOTE_CAP
from signals_agent.openness.plain_values import MAX_OCTETS, MAX_VALUES

SMALL = b"release: {name: Lark, producer: L, license: {}, components: [{name: Model card}]}\n"
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (at, at, b",".join([b"*%c" % (at - 1)] * 9)) for at in b"bcdefghi"
)


def codes(found: Openness) -> set[str]:
    return {note.code for note in found.description.notes}


@pytest.mark.parametrize(
    ("octets", "name", "said"),
    [
        pytest.param(*row[1:], id=row[0])
        for row in [
            ("an empty file", b"", "x.yml", "it is empty"),
            ("blanks", b" \n\n", "x.yml", "it is empty"),
            ("only a comment", b"# nothing\n", "x.yml", "no mapping"),
            ("a list", b"- a\n- b\n", "x.yml", "no mapping"),
            ("text", b"hello", "x.yml", "no mapping"),
            ("some other mapping", b"a: 1\n", "x.yml", "no description of a model"),
            ("several models", b'{"models": []}', "x.json", "a list of models"),
            ("a release that is text", b"release: Lark\n", "x.yml", "`release` is text"),
            ("a release that is empty", b"release:\n", "x.yml", "`release` is not given"),
            (
                "components that are a mapping",
                b"release: {components: {}}\n",
                "x.yml",
                "release.components is a mapping",
            ),
            ("broken YAML", b"release: [\n", "x.yml", "it is no YAML"),
            ("broken JSON", b'{"release": ', "x.json", "it is no JSON"),
            ("neither JSON nor YAML", b"[build-system]\nrequires = []\n", "x", "it is no JSON"),
            ("YAML that is called JSON", SMALL, "x.json", "it is no JSON"),
            ("a number that is none in JSON", b'{"release": NaN}', "x.json", "it is no JSON"),
            ("Latin-1", b"release: {name: L\xe4rk}\n", "x.yml", "not UTF-8"),
            ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "x.png", "not UTF-8"),
            ("controls", b"release: \x07\n", "x.yml", "it is no YAML"),
            (
                "a key that stands twice",
                b"release: {name: a, name: b}\n",
                "x.yml",
                "the key 'name' stands twice in 'release'",
            ),
            (
                "a name that stands twice in JSON",
                b'{"release": {}, "release": {}}',
                "x.json",
                "the key 'release' stands twice",
            ),
            ("a key that is a list", b"? [a]\n: b\n", "x.yml", "a key is no text"),
            ("two documents", b"---\n" + SMALL + b"---\n" + SMALL, "x.yml", "more than one doc"),
            ("two documents, the second marked", SMALL + b"---\n" + SMALL, "x.yml", "no YAML"),
            ("aliases that multiply", BOMB + b"release: *i\n", "x.yml", f"{MAX_VALUES} values"),
            ("an alias of itself", b"release: &a [*a]\n", "x.yml", "nest deeper than 32"),
            ("values that nest", b"release: " + b"[" * 5000, "x.yml", "nest too deep"),
            ("values that nest in JSON", b'{"release": ' + b"[" * 5000, "x.json", "nest deeper"),
            (
                "values that nest forty deep",
                b"release: " + b"[" * 40 + b"]" * 40,
                "x.yml",
                "nest deeper than 32",
            ),
            (
                "something that is merged and no mapping",
                b"release: {<<: text}\n",
                "x.yml",
                "what is merged in 'release' is no mapping",
            ),
            ("a character that cannot be", b'release: "\\UFFFFFFFF"\n', "x.yml", "it is no YAML"),
            ("too long", SMALL + b"#" * MAX_OCTETS, "x.yml", f"within {MAX_OCTETS} octets"),
            ("a README without front matter", b"# Lark\n", "README.md", "without front matter"),
            (
                "front matter without an end",
                b"---\na: b\n" + b"#" * MAX_OCTETS,
                "README.md",
                "no front matter ends",
            ),
            ("front matter with nothing in it", b"---\n---\n# Lark\n", "README.md", "is empty"),
            ("front matter that is a list", b"---\n- a\n---\n# Lark\n", "README.md", "no mapping"),
        ]
    ],
)
def test_what_cannot_be_read_says_why_and_is_not_open(octets: bytes, name: str, said: str) -> None:
    found = of_file(octets, name)
    assert said in found.unreadable
    assert (found.open, found.mof_class, found.description.source) == (
        False,
        MofClass.NONE,
        Source.NONE,
    )
    assert len(found.unreadable) < 450


@pytest.mark.parametrize(
    ("octets", "name", "syntax"),
    [
        pytest.param(*row[1:], id=row[0])
        for row in [
            ("YAML", SMALL, "x.yml", "yaml"),
            ("YAML with a byte order mark", b"\xef\xbb\xbf" + SMALL, "x.yml", "yaml"),
            ("YAML in UTF-16", SMALL.decode().encode("utf-16"), "x.yml", "yaml"),
            ("YAML with lines of Windows", SMALL.replace(b"\n", b"\r\n"), "x.yml", "yaml"),
            ("YAML with a mark before it", b"---\n" + SMALL, "x.yml", "yaml"),
            ("YAML between marks", b"---\n" + SMALL + b"---\n", "x.yml", "yaml"),
            ("YAML in braces", b"{" + SMALL.strip() + b"}", "x", "yaml"),
            (
                "YAML that merges",
                b"x: &x {components: [{name: Model card}]}\nrelease: {<<: *x}\n",
                "x.yml",
                "yaml",
            ),
            ("JSON", b'{"release": {"components": [{"name": "Model card"}]}}', "x.json", "json"),
            (
                "JSON by another name",
                b'{"release": {"components": [{"name": "Model card"}]}}',
                "standard input",
                "json",
            ),
            (
                "JSON with a byte order mark",
                b'\xef\xbb\xbf{"release": {"components": [{"name": "Model card"}]}}',
                "x",
                "json",
            ),
        ]
    ],
)
def test_every_spelling_of_a_description_is_read(octets: bytes, name: str, syntax: str) -> None:
    found = of_file(octets, name)
    assert found.unreadable == ""
    assert found.description.syntax == syntax
    assert found.description.source is Source.MOF
    status = {each.part.name: each.status for each in found.components}
    assert status["Model card"] is Status.UNLICENSED
    assert status["Data card"] is Status.MISSING


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param(*row[1:], id=row[0])
        for row in [
            (
                "a field that nobody knows",
                {"release": {"licence": {}}},
                "unknown field 'release.licence' is not used; did you mean 'license'?",
            ),
            (
                "a kind of licence that nobody knows",
                {"release": {"license": {"weights": {}}}},
                "unknown field 'release.license.weights' is not used",
            ),
            (
                "a licence of the release that is text",
                {"release": {"license": "MIT"}},
                "release.license is text; it should be a mapping, read as {distribution",
            ),
            (
                "a licence of a kind that is text",
                {"release": {"license": {"code": "MIT"}}},
                "release.license.code is text; it should be a mapping, read as {name",
            ),
            ("a name that is a list", {"release": {"name": []}}, "release.name is a list"),
            (
                "a component that is text",
                {"release": {"components": ["Model card"]}},
                "release.components[1] is text; it should be a mapping, and is not counted",
            ),
            (
                "a component that nobody knows",
                {"release": {"components": [{"name": "Soul"}]}},
                "release.components[1].name is 'Soul', none of the 17 components",
            ),
            (
                "a component without a name",
                {"release": {"components": [{}]}},
                "release.components[1].name is not a text",
            ),
            ("no components", {"release": {}}, "release.components is not given"),
            (
                "another framework",
                {"framework": {"name": "X"}, "release": {}},
                "framework.name is 'X', not 'Model Openness Framework'",
            ),
            (
                "a later framework",
                {"framework": {"version": "2.0"}, "release": {}},
                "framework.version is '2.0'",
            ),
            ("no framework", {"release": {}}, "framework is not given"),
        ]
    ],
)
def test_what_is_not_as_it_should_be_is_noted(document: Any, said: str) -> None:
    found = of_file(json.dumps(document).encode(), "x.json")
    assert found.unreadable == ""
    assert any(said in note.summary for note in found.description.notes)


def test_a_licence_of_the_wrong_type_lets_no_other_stand_in() -> None:
    release = {
        "license": {"code": [1], "data": "Proprietary", "distribution": {"name": "MIT"}},
        "components": [{"name": "Training code"}, {"name": "Datasets"}, {"name": "Model card"}],
    }
    found = of_file(json.dumps({"release": release}).encode(), "x.json")
    status = {each.part.name: each.status.value for each in found.components}
    assert [status[name] for name in ("Training code", "Datasets", "Model card")] == [
        "invalid",
        "invalid",
        "conditional",
    ]


def test_an_empty_list_is_how_php_writes_an_empty_mapping() -> None:
    found = of_file(b'{"release": {"license": [], "components": []}}', "x.json")
    assert not any("license" in note.summary for note in found.description.notes)
    found = of_file(b'{"release": {"license": [1], "components": []}}', "x.json")
    assert any("license" in note.summary for note in found.description.notes)


def test_notes_have_a_cap() -> None:
    release = {f"field{number}": 1 for number in range(200)}
    found = of_file(json.dumps({"release": release}).encode(), "x.json")
    assert len(found.description.notes) == NOTE_CAP + 1
    assert found.description.notes[-1].code == "openness-more-notes"


CARD = b"---\nlicense: %s\n---\n# Lark\n"


@pytest.mark.parametrize(
    ("licence", "status"),
    [
        (b"apache-2.0", "open"),
        (b"cc-by-4.0", "open"),
        (b"mit", "conditional"),
        (b"odc-by", "conditional"),
        (b"other", "invalid"),
        (b"cc-by-nc-4.0", "invalid"),
        (b"[apache-2.0, cc-by-nc-4.0]", "invalid"),
        (b"''", "unlicensed"),
        (b"", "unlicensed"),
        (b"{a: b}", "invalid"),
    ],
)
def test_a_model_card_tells_of_itself_alone_and_reaches_no_class(
    licence: bytes, status: str
) -> None:
    found = of_file(CARD % licence, "README.md")
    assert found.description.source is Source.MODEL_CARD
    told = {each.part.name: each.status.value for each in found.components}
    assert told.pop("Model card") == status
    assert set(told.values()) == {"unknown"}
    assert (found.mof_class, found.open) == (MofClass.NONE, False)
    assert found.not_known[0].startswith("the class of the Model Openness Framework")


def test_a_card_says_what_it_names_and_that_this_is_not_all() -> None:
    octets = (
        b"---\nlicense: other\nlicense_name: lark-1\ndatasets: [a/b, c/d]\nbase_model: x/y\n"
        b"pipeline_tag: text-generation\n---\n# Lark\n"
    )
    for name in ("README.md", "standard input"):
        found = of_file(octets, name)
        told = {each.part.name: each.reason for each in found.components}
        assert "other: lark-1, is not on the list" in told["Model card"]
        assert "the card names a/b, c/d, and does not say" in told["Datasets"]
        assert "lark-1, is for the repository" in told["Model parameters (Final)"]
        assert found.description.subject == {"base_model": "x/y"}
        assert found.description.notes == ()


def test_only_the_front_matter_of_a_long_card_is_read() -> None:
    found = of_file(CARD % b"mit" + "ä".encode() * MAX_OCTETS, "README.md")
    assert found.unreadable == ""
    assert found.description.source is Source.MODEL_CARD


URL = "https://lark.example/osaid"


@pytest.mark.parametrize(
    ("osaid", "counts", "said"),
    [
        pytest.param(*row[1:], id=row[0])
        for row in [
            ("with evidence", {"conformant": True, "evidence": URL}, True, "with evidence"),
            ("without evidence", {"conformant": True}, False, "without evidence"),
            ("blank evidence", {"conformant": True, "evidence": " "}, False, "without evidence"),
            (
                "evidence that is a word",
                {"conformant": True, "evidence": "trust me"},
                False,
                "no http or https address: trust me",
            ),
            (
                "evidence that is a script",
                {"conformant": True, "evidence": "javascript:x"},
                False,
                "no http or https address",
            ),
            ("denied", {"conformant": False, "evidence": URL}, False, "does not conform"),
            ("in quotes", {"conformant": "true", "evidence": URL}, False, "neither true nor"),
            ("a number", {"conformant": 1, "evidence": URL}, False, "neither true nor false"),
            ("a bare address", URL, False, "without evidence"),
            ("a bare yes", True, False, "without evidence"),
            ("nothing", None, False, "nobody asserts it"),
        ]
    ],
)
@pytest.mark.parametrize("within", ["the file", "the release", "alone", "a card"])
def test_osaid_counts_only_as_an_assertion_with_evidence(
    osaid: Any, counts: bool, said: str, within: str
) -> None:
    release: dict[str, Any] = {"name": "Lark", "components": []}
    document = {
        "the file": {"release": release, "osaid": osaid},
        "the release": {"release": release | {"osaid": osaid}},
        "alone": {"osaid": osaid},
        "a card": {"license": "mit", "osaid": osaid},
    }[within]
    octets = json.dumps(document).encode()
    if within == "a card":
        octets = b"---\n" + octets + b"\n---\n# Lark\n"
    found = of_file(octets, "x")
    assert found.unreadable == ""
    assert found.description.osaid.counts is counts
    assert said in found.description.osaid.reason
    assert (found.open, found.mof_class) == (counts, MofClass.NONE)
    assert found.description.osaid.evidence == (URL if counts else "")


NAMES = st.sampled_from(["x.yml", "x.json", "README.md", "x"])


@given(st.binary(max_size=400), NAMES)
def test_octets_at_random_never_raise_and_are_never_open(octets: bytes, name: str) -> None:
    found = of_file(octets, name)
    assert not found.open
    assert len(found.components) == 17


WORDS = st.sampled_from(
    [
        "release",
        "components",
        "license",
        "name",
        "distribution",
        "data",
        "code",
        "osaid",
        "MIT",
        "conformant",
        "evidence",
        URL,
        "Model card",
        "Datasets",
        "unlicensed",
        "",
        "framework",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner),
    max_leaves=20,
)
RELEASES = st.fixed_dictionaries(
    {},
    optional={
        "release": VALUES
        | st.fixed_dictionaries(
            {}, optional={"license": VALUES, "components": st.lists(VALUES), "name": VALUES}
        ),
        "osaid": VALUES,
        "framework": VALUES,
    },
)


@given(RELEASES, st.booleans())
def test_values_of_any_shape_never_raise_and_reach_no_class(document: Any, card: bool) -> None:
    octets = json.dumps(document).encode()
    found = of_file(b"---\n" + octets + b"\n---\nx" if card else octets, "x")
    assert found.mof_class is MofClass.NONE
    assert bool(found.unreadable) <= (found.description.source is Source.NONE)
    assert found.reason


@given(st.text(alphabet="releas:{}[]&*a-,\n '\"|>?!%<#\t", max_size=200))
def test_almost_yaml_never_raises(text: str) -> None:
    assert not of_file(text.encode(), "x.yml").open


@pytest.mark.parametrize(
    ("octets", "name", "said"),
    [
        pytest.param(*row[1:], id=row[0])
        for row in [
            (
                "a key that stands twice",
                b"release:\n  name: a\n  name: b\n",
                "x.yml",
                "the key 'name' stands twice in 'release' (lines 2 and 3)",
            ),
            (
                "a name that stands twice in JSON",
                b'{"release":\n{"name": "a",\n"name": "b"}}',
                "x.json",
                "the key 'name' stands twice in 'release' (lines 2 and 3)",
            ),
            ("a key that is a list", b"release: {}\n? [a]\n: b\n", "x.yml", "no text (line 2)"),
            ("broken YAML", b"release:\n\tname: x\n", "x.yml", "it is no YAML: line 2, column 1: "),
            (
                "a second document",
                SMALL + b"---\n" + SMALL,
                "x.yml",
                "line 2, column 1: expected a single document in the stream, but found another",
            ),
            ("a control", b"a: 1\nrelease: \x07\n", "x.yml", "line 2: a character that may not"),
            (
                "a comment in JSON",
                b'{\n  // Lark\n  "release": {}}',
                "x.json",
                "it is no JSON: line 2, column 3: a comment stands here, and JSON has none",
            ),
            ("a comma too many", b'{"release":\n{"name": "a",}}', "x.json", "line 2, column 14: "),
            ("Latin-1", b"a: 1\nrelease: {name: L\xe4rk}\n", "x.yml", "UTF-8 text (line 2)"),
            (
                "front matter of a card",
                b"---\nlicense: mit\nlicense: mit\n---\n# Lark\n",
                "README.md",
                "(lines 2 and 3)",
            ),
        ]
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(octets: bytes, name: str, said: str) -> None:
    assert said in of_file(octets, name).unreadable


NOT_AS_IT_SHOULD_BE = """\
framwork: {}
release:
  name: 3
  producer: [a]
  license:
    distribution:
      naem: MIT
  components:
  - name: Soul
  - Model card
  - name: Model card
    licence: MIT
"""


@pytest.mark.parametrize("syntax", ["yaml", "json"])
def test_a_note_says_on_which_line(syntax: str) -> None:
    octets = NOT_AS_IT_SHOULD_BE.encode()
    lines = [1, 4, 7, 9, 10, 12]
    if syntax == "json":
        written = {
            "framwork": {},
            "release": {
                "name": "3",
                "producer": ["a"],
                "license": {"distribution": {"naem": "MIT"}},
                "components": [
                    {"name": "Soul"},
                    "Model card",
                    {"name": "Model card", "licence": "MIT"},
                ],
            },
        }
        octets = json.dumps(written, indent=1).encode()
        lines = [2, 5, 10, 15, 17, 20]
    found = of_file(octets, "x").description.notes
    told = [note.summary for note in found if note.summary.startswith("line ")]
    assert [int(each.split(":")[0].removeprefix("line ")) for each in told] == lines


def test_paths_of_long_keys_do_not_multiply() -> None:
    text = '{"a": ' + "".join('{"%s": ' % ("k" * 4000) for _ in range(25)) + "1" + "}" * 26
    value, lines = plain_values.of(text, json=True)
    assert isinstance(value, dict)
    assert len(lines) > 3
    assert max(map(len, lines)) < 300
