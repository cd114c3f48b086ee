"""Each cell of section 3 of the rules and each trap has a fixture that shows it."""

import re
import tomllib
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from signals_agent.families import FAMILIES
from signals_agent.limits import MAX_EXPRESSION

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
RULES = (ROOT / "docs" / "rules.md").read_text("utf-8")
COVERAGE = tomllib.loads((FIXTURES / "coverage.toml").read_text("utf-8"))
COLUMNS = ("train-generative", "train-other", "model-input", "search", "other-analysis")
LETTERS = {"D": "disallow", "A": "allow", "C": "conditional", "–": "nothing"}

# How a row that says x is shown: by a prohibition, a free permission, a paid one. What a
# permission of usage does not name is refused (section 3).
BY_TERMS = {
    "prohibits": {"x": "disallow", "–": "nothing"},
    "permits": {"x": "allow", "–": "disallow"},
    "permits for something": {"x": "conditional", "–": "disallow"},
}

SECTION = RULES.partition("\n## 3. ")[2].partition("\n## ")[0]
TABLE = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("|")
][2:]


@cache
def vectors() -> dict[str, dict[str, Any]]:
    return {
        vector["id"]: vector
        for file in sorted((FIXTURES / "vectors").glob("*.toml"))
        for vector in tomllib.loads(file.read_text("utf-8"))["vector"]
    }


@cache
def fixture(name: str) -> dict[str, Any]:
    """What a name of the coverage stands for; a name of nothing fails the test that asks."""
    kind, _, rest = name.partition("/")
    if kind == "vector":
        assert rest in vectors(), f"no vector is called {rest}"
        return vectors()[rest]
    file = FIXTURES / "declarations" / f"{name}.toml"
    assert file.exists(), f"there is no fixture {name}"
    return tomllib.loads(file.read_text("utf-8"))


def expected(name: str) -> dict[str, str]:
    """The answer of a fixture for each use that it speaks of."""
    told = fixture(name)["expect"]
    if name.startswith("vector/"):
        said = told.get("preference", {})
        every = dict.fromkeys(COLUMNS, said["every"]) if "every" in said else {}
        return {use: answer for use, answer in {**every, **said}.items() if use != "every"}
    answers: dict[str, str] = told.get("answers", {})
    return dict.fromkeys(COLUMNS, "nothing") | answers


def alternatives(cells: list[str]) -> list[dict[str, str]]:
    """What a row says, once for each of the alternatives between its slashes."""
    split = [[part.strip() for part in cell.split("/")] for cell in cells]
    count = max(map(len, split))
    assert all(len(parts) in (1, count) for parts in split)
    return [
        {
            use: parts[index if len(parts) > 1 else 0]
            for use, parts in zip(COLUMNS, split, strict=True)
        }
        for index in range(count)
    ]


ROWS = {row["declaration"]: row for row in COVERAGE["row"]}
CELLS = [
    (name, index, letters)
    for name, *cells in TABLE
    for index, letters in enumerate(alternatives(cells[:5]))
]


def test_every_row_of_the_table_is_covered_and_no_other() -> None:
    assert set(ROWS) == {cells[0] for cells in TABLE}
    assert len(ROWS) == len(COVERAGE["row"])
    assert len(TABLE) == 23
    # How much is shown: what is dropped from the middle of a list is missed here.
    assert len(list(proofs("row"))) == 84


@pytest.mark.parametrize(
    ("name", "index", "letters"), CELLS, ids=[f"{name}, {index + 1}" for name, index, _ in CELLS]
)
def test_each_word_that_a_row_names_is_shown(
    name: str, index: int, letters: dict[str, str]
) -> None:
    parts = name.split(" / ")
    many = len(parts) == len(ROWS[name]["readings"]) > 1
    shown = ROWS[name]["readings"][index]
    for named in shown.values() if isinstance(shown, dict) else [shown]:
        held = "\n".join(written(given(each)) for each in named)
        for word, dots in re.findall(r"`([^`.]+)(\.*)`", parts[index] if many else name):
            before = "" if word.startswith("-") else r"(?<![\w-])"
            after = "" if dots else r"(?![\w-])"
            assert re.search(f"{before}{re.escape(word)}{after}", held, re.IGNORECASE), word


@pytest.mark.parametrize(
    ("name", "index", "letters"), CELLS, ids=[f"{name}, {index + 1}" for name, index, _ in CELLS]
)
def test_a_row_is_shown_in_every_cell(name: str, index: int, letters: dict[str, str]) -> None:
    shown = ROWS[name]["readings"][index]
    assert shown
    if "x" in letters.values():
        assert shown.keys() == BY_TERMS.keys()
        pairs = [(each, BY_TERMS[terms]) for terms, names in shown.items() for each in names]
        assert all(shown.values())
    else:
        pairs = [(each, LETTERS) for each in shown]
    for each, meaning in pairs:
        shows = {
            use: "nothing" if answer == "unknown" else answer
            for use, answer in expected(each).items()
        }
        assert shows == {use: meaning[letter] for use, letter in letters.items()}, each


@pytest.mark.parametrize("row", COVERAGE["row"], ids=lambda row: row["declaration"])
def test_a_row_has_as_many_readings_as_alternatives(row: dict[str, Any]) -> None:
    of_row = [index for name, index, _ in CELLS if name == row["declaration"]]
    assert len(row["readings"]) == len(of_row)


@pytest.mark.parametrize("row", COVERAGE["row"], ids=lambda row: row["declaration"])
def test_the_kind_that_a_row_names_is_what_its_fixtures_ask_for(row: dict[str, Any]) -> None:
    (cells,) = [cells for cells in TABLE if cells[0] == row["declaration"]]
    named = re.search(r"`(payment|permission)`", cells[6])
    if named is None:
        return
    for index, letters in enumerate(alternatives(cells[1:6])):
        asked = [kinds(fixture(each)) for each in row["readings"][index]]
        for use in [use for use, letter in letters.items() if letter == "C"]:
            assert {tuple(one[use]) for one in asked if one} == {(named[1],)}


def kinds(shown: dict[str, Any]) -> dict[str, list[str]]:
    """The kinds of obligation that a fixture or vector expects for each use, where it does."""
    outcome = shown["expect"]
    told: dict[str, list[str]] = outcome.get("kinds", {}) | outcome.get("obligations", {})
    return dict.fromkeys(COLUMNS, told["every"]) if "every" in told else told


@pytest.mark.parametrize("sentence", COVERAGE["sentence"], ids=lambda one: one["says"])
def test_a_sentence_beside_the_table_is_shown(sentence: dict[str, Any]) -> None:
    assert sentence["says"] in SECTION
    assert sentence["shown_by"]
    for each in sentence["shown_by"]:
        outcome = fixture(each)["expect"]
        assert sentence.get("note", "") in ["", *outcome.get("notes", [])], each
        asked = {kind for many in kinds(fixture(each)).values() for kind in many}
        assert sentence.get("without") not in asked, each
        if "kind" in sentence:
            assert sentence["kind"] in asked, each


def test_every_clause_on_payment_and_on_whom_is_among_the_sentences() -> None:
    rest = SECTION.rpartition("|\n")[2]
    for sentence in COVERAGE["sentence"]:
        rest = rest.replace(sentence["says"], "")
    assert re.sub(r"[\W_]|and|RSL|payment", "", rest) == ""


def test_every_sentence_is_shown_once() -> None:
    said = [sentence["says"] for sentence in COVERAGE["sentence"]]
    assert len(set(said)) == len(said) == 15
    assert len(list(proofs("sentence"))) == 30


@pytest.mark.parametrize("trap", COVERAGE["trap"], ids=lambda trap: trap["name"])
def test_a_trap_is_shown(trap: dict[str, Any]) -> None:
    name = trap["shown_by"]
    shown = fixture(name)
    assert trap.get("written", "") in written(shown), f"{name} does not hold it"
    told = expected(name)
    uses = dict(trap.get("comes_to", {}))
    every = uses.pop("every", None)
    uses |= dict.fromkeys(COLUMNS, every) if every else {}
    assert {use: told.get(use) for use in uses} == uses
    # What a trap comes to is a preference, or else the thing that is named.
    assert bool(uses) is not ("shows" in trap)
    if "shows" in trap:
        assert trap["shows"] in {"access", "licences"} & shown["expect"].keys()


def written(value: Any) -> str:
    """Every text that a fixture or vector holds, line after line."""
    if isinstance(value, dict):
        return "\n".join(written(each) for key, each in value.items() if key != "expect")
    if isinstance(value, list):
        return "\n".join(map(written, value))
    return str(value)


def test_every_trap_is_there_once() -> None:
    names = [trap["name"] for trap in COVERAGE["trap"]]
    assert len(set(names)) == len(names) == 83
    assert sum("written" in trap for trap in COVERAGE["trap"]) == 71


FORMS = ("malformed", "truncated", "hostile", "enormous")
# Outside of text as people write it, or what XML reads from elsewhere or makes much out of.
HARMFUL = re.compile(rb"[^\x20-\x7e\r\n\t]|\\u00[01]|<!ENTITY|<!DOCTYPE")
BAD = {table["family"]: table for table in COVERAGE["bad_input"]}
SHOWN_BAD = [
    (family, form, name)
    for family, table in BAD.items()
    for form in FORMS
    for name in table.get(form, [])
]


def test_every_family_is_shown_bad_input_of_every_form() -> None:
    assert list(BAD) == [family.name for family in FAMILIES]
    assert len(BAD) == len(COVERAGE["bad_input"])
    for family, table in BAD.items():
        assert set(table) == {"family", *FORMS}, family
        assert all(table[form] for form in FORMS), family
    names = [name for _, _, name in SHOWN_BAD]
    assert len(set(names)) == len(names) == 118


@pytest.mark.parametrize(
    ("family", "form", "name"), SHOWN_BAD, ids=[f"{form}: {name}" for _, form, name in SHOWN_BAD]
)
def test_bad_input_is_of_its_form(family: str, form: str, name: str) -> None:
    shown = fixture(name)
    whole = name.startswith("vector/")
    assert whole or name.startswith(f"{family}/")
    size = sum(len(each) * times for each, times in octets(given(name)))
    codes = shown["expect"].get("notes", [])
    match form:
        case "truncated" if whole:
            assert "'truncated': True" in str(given(name))
        case "truncated":
            others = [
                each
                for file in (FIXTURES / "declarations" / family).glob("*.toml")
                for each, _ in octets(given(f"{family}/{file.stem}"))
            ]
            beginnings = [
                each
                for each, _ in octets(given(name))
                if any(other != each and other.startswith(each) for other in others)
            ]
            assert beginnings, "it is the beginning of nothing that is shown whole"
        case "hostile":
            assert any(HARMFUL.search(each) for each, _ in octets(given(name)))
        case "enormous":
            packed = any("body_base64" in each for each in sources(given(name)))
            assert size > MAX_EXPRESSION or packed
            assert "R39" in shown["rules"]
            assert codes, "no note says that a cap was met"
            assert set(codes) - {"source-unreadable"}


def test_every_family_has_a_note_of_its_caps() -> None:
    for family, table in BAD.items():
        codes = {code for name in table["enormous"] for code in fixture(name)["expect"]["notes"]}
        assert any(code.endswith(("-over-cap", "-unread")) for code in codes), family


def given(name: str) -> dict[str, Any]:
    """What is put in: of a fixture its declarations and documents, of a vector its input."""
    shown = fixture(name)
    if name.startswith("vector/"):
        told: dict[str, Any] = shown["input"]
        return told
    documents = shown.get("context", {}).get("documents", {})
    return {"declaration": shown["declaration"], "documents": list(documents.values())}


def sources(value: Any) -> Iterator[dict[str, Any]]:
    """Every table of an input, at any depth."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from sources(each)


def octets(value: dict[str, Any]) -> Iterator[tuple[bytes, int]]:
    """What each table of an input holds, and how many times it is repeated."""
    for table in sources(value):
        for key, held in table.items():
            if key in ("value_base64", "body_base64"):
                yield b64decode(held), table.get("repeat", 1)
            elif isinstance(held, str) and key not in ("carrier", "field", "source", "unit"):
                yield held.encode(), table.get("repeat", 1)


NOTED = {2, 11, 13, 22, 25, 34, 40, 45}
"""The worked inputs whose answer demands a note."""


def test_a_worked_input_that_demands_a_note_asserts_one() -> None:
    noting = {
        vector.get("number") for vector in vectors().values() if vector["expect"].get("notes")
    }
    assert NOTED - noting == set()


def test_what_is_cited_as_a_proof_cites_a_rule_that_exists() -> None:
    known = {f"R{found}" for found in re.findall(r'<a id="r(\d+[a-e]?)"></a>', RULES)}
    for each in proofs():
        cited = fixture(each)["rules"]
        assert cited, each
        assert set(cited) <= known, each


def proofs(kind: str = "") -> Iterator[str]:
    """What is named as a proof: of the rows, the sentences, the traps, bad input, or of all."""
    if kind in ("trap", ""):
        yield from (trap["shown_by"] for trap in COVERAGE["trap"])
    if kind in ("row", ""):
        for row in COVERAGE["row"]:
            for shown in row["readings"]:
                for names in shown.values() if isinstance(shown, dict) else [shown]:
                    yield from names
    if kind in ("sentence", ""):
        yield from (each for one in COVERAGE["sentence"] for each in one["shown_by"])
    if kind in ("bad", ""):
        yield from (name for _, _, name in SHOWN_BAD)
