"""On which line of a policy file something stands."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax import toml_places
from signals_agent.syntax.toml_places import Path

TEXT = """\
# uses = 1
name = "a [x] # no"
uses = [
  "search",  # one, "two"
  "train-generative",
]
on.unknown = "hold"
text = \"\"\"
[[commitment]]
x = 1 \"\"\\\" \"\"\"\"
after = 1
[recipient]
user = 'x # y'
[[commitment]]
kind = "credit"
"e v" = [[1, 2],
 [3]]
[[commitment]]
kind = \'\'\'
open\'\'\'
  [commitment.sub]
  y = 2
[ "quoted" ]
z = {a = 1, b = [1, 2]}
[[agreement]] # d
listed = [{kind = "a"},
 {kind = "b"}]"""


def test_every_table_key_and_element_has_its_line() -> None:
    tomllib.loads(TEXT)
    for line_end in ("\n", "\r\n"):
        assert toml_places.of(TEXT.replace("\n", line_end)) == {
            ("name",): 2,
            ("uses",): 3,
            ("uses", 0): 4,
            ("uses", 1): 5,
            ("on", "unknown"): 7,
            ("text",): 8,
            ("after",): 11,
            ("recipient",): 12,
            ("recipient", "user"): 13,
            ("commitment", 0): 14,
            ("commitment", 0, "kind"): 15,
            ("commitment", 0, "e v"): 16,
            ("commitment", 0, "e v", 0): 16,
            ("commitment", 0, "e v", 1): 17,
            ("commitment", 1): 18,
            ("commitment", 1, "kind"): 19,
            ("commitment", 1, "sub"): 21,
            ("commitment", 1, "sub", "y"): 22,
            ("quoted",): 23,
            ("quoted", "z"): 24,
            ("agreement", 0): 25,
            ("agreement", 0, "listed"): 26,
            ("agreement", 0, "listed", 0): 26,
            ("agreement", 0, "listed", 1): 27,
        }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("uses", 1), 5),
        (("uses", 7), 3),
        (("agreement", 0, "listed", 1, "kind"), 27),
        (("commitment",), 14),
        (("nothing", "here"), None),
        ((), None),
    ],
)
def test_the_nearest_line_is_that_of_what_is_around(path: Path, line: int | None) -> None:
    assert toml_places.line(toml_places.of(TEXT), path) == line


def values(path: Path, value: Any) -> dict[Path, Any]:
    """Every path of a document."""
    found = {path: value} if path else {}
    if isinstance(value, dict):
        for key, each in value.items():
            found |= values((*path, key), each)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            found |= values((*path, at), each)
    return found


NAMES = st.sampled_from(["a", "b-c", "d_1"])
VALUES = st.sampled_from(
    ["1", '"x = [[y]]"', "'#'", '"""\n[z]\n"""', "[1, [2, 3], # no\n 4]", "{k = 1}", "2026-01-01"]
)


@given(
    st.lists(
        st.one_of(
            st.tuples(NAMES, VALUES).map(lambda it: f"{it[0]} = {it[1]}"),
            NAMES.map(lambda it: f"[[{it}]]"),
            NAMES.map(lambda it: f" [ {it}.t ] # c"),
        )
    )
)
def test_every_path_is_one_that_the_document_has(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    places = toml_places.of(text)
    paths = values((), document)
    assert set(places) <= set(paths)
    for path, value in paths.items():
        if not isinstance(value, dict | list):
            line = toml_places.line(places, path)
            assert line is not None, path
            assert line <= len(text.split("\n"))


@given(st.text(alphabet="[]{}=\"'#\\\n,. abc1\t"))
def test_no_text_raises(text: str) -> None:
    toml_places.of(text)
