"""JSON as scripts hold it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax import lenient_json
from signals_agent.syntax.json_values import MAX_DEPTH
from signals_agent.syntax.lenient_json import Array, Literal, Object, TooDeep, Value

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=15,
)


def plain(value: Value) -> Any:
    if isinstance(value, Object):
        return {n: plain(v) for n, v in zip(value.names, value.values, strict=True)}
    if isinstance(value, Array):
        return [plain(v) for v in value.values]
    return json.loads(value) if isinstance(value, Literal) else value


def read(text: str) -> list[Any]:
    document = lenient_json.read(text)
    assert document.broken is None
    return [plain(value) for value in document.values]


def pieces(value: Value, text: str) -> None:
    """Every value stands where it says."""
    if isinstance(value, Object | Array):
        for inner, begin in zip(value.values, value.begins, strict=True):
            written = text[begin : lenient_json.end(text, begin)]
            assert repr(json.loads(written)) == repr(plain(inner))
            pieces(inner, text)


@given(VALUES, st.sampled_from([None, 0, 3]), st.booleans())
def test_what_json_reads_is_read_the_same_and_stands_where_it_says(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = lenient_json.read(text)
    assert document.broken is None
    assert [repr(plain(each)) for each in document.values] == [repr(json.loads(text))]
    pieces(document.values[0], text)


@given(st.text('[]{}",:/*\\u0aentr <!->\n1.-', max_size=30))
def test_nothing_that_json_accepts_is_refused_and_nothing_raises(text: str) -> None:
    try:
        expected = json.loads(text, strict=False)
    except ValueError:
        lenient_json.read(text)
    else:
        assert repr(read(text)) == repr([expected])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param('{"a": "b\n\tc\x00"}', [{"a": "b\n\tc\x00"}], id="raw controls in a string"),
        pytest.param("\ufeff[1]", [[1]], id="a byte order mark"),
        pytest.param('<!-- {"a": 1} -->', [{"a": 1}], id="an HTML comment around it"),
        pytest.param('<!-- old -->\n{"a": 1}', [{"a": 1}], id="an HTML comment before it"),
        pytest.param("//<![CDATA[\n[1]\n//]]>", [[1]], id="CDATA on its own lines"),
        pytest.param("// <![CDATA[ [[1]] // ]]>", [[[1]]], id="CDATA on the same line"),
        pytest.param("/* <![CDATA[ */ [[1]] /* ]]> */", [[[1]]], id="CDATA in block comments"),
        pytest.param("<![CDATA[[[1]]]]>", [[[1]]], id="bare CDATA that ends in brackets"),
        pytest.param("<!--//--><![CDATA[//><!--\n[1]\n//--><!]]>", [[1]], id="both at once"),
        pytest.param('{"a": [1, 2,], }', [{"a": [1, 2]}], id="a comma too many"),
        pytest.param("[[,], {,}]", [[[], {}]], id="a comma alone"),
        pytest.param('{"a": 1, // one\n"b": /* two */ 2}', [{"a": 1, "b": 2}], id="comments"),
        pytest.param(
            '{"a": "http://b/*c*/ // d"}', [{"a": "http://b/*c*/ // d"}], id="none in a string"
        ),
        pytest.param('{"a": 1}{"b": 2}\n[3],4;', [{"a": 1}, {"b": 2}, [3], 4], id="several"),
        pytest.param("[NaN, -Infinity, 1e5]", [[float("nan"), float("-inf"), 1e5]], id="NaN"),
        pytest.param('["\\ud800", "\\ud83d\\ude00"]', [["?", "\U0001f600"]], id="half a character"),
        pytest.param(" \n<!-- nothing -->", [], id="nothing at all"),
        pytest.param('{"a": "&quot;"}', [{"a": "&quot;"}], id="entities stay as they are"),
    ],
)
def test_the_slips_of_publishers(text: str, values: list[Any]) -> None:
    assert repr(read(text)) == repr(values)


def test_repeated_names_are_kept() -> None:
    (value,) = lenient_json.read('{"a": 1, "a": 2}').values
    assert isinstance(value, Object)
    assert (value.names, value.values) == (["a", "a"], ["1", "2"])


def test_a_number_of_a_million_digits_is_kept_as_written() -> None:
    (value,) = lenient_json.read("7" * 1_000_000).values
    assert value == "7" * 1_000_000
    assert isinstance(value, Literal)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param('{"a": "b', 0, id="a string without an end"),
        pytest.param('{"a": 1 "b": 2}', 0, id="a comma missing"),
        pytest.param('{"a": {} "b": 2}', 0, id="a comma missing after an object"),
        pytest.param("[1,,2]", 0, id="a comma too many in the middle"),
        pytest.param("[1}", 0, id="the wrong bracket"),
        pytest.param('{"a": [1}]', 0, id="brackets that cross"),
        pytest.param("[{}}", 0, id="the wrong bracket after an object"),
        pytest.param("[1", 0, id="no bracket at the end"),
        pytest.param("[1,", 0, id="nothing after a comma"),
        pytest.param("[[1]", 0, id="a bracket too few"),
        pytest.param("{a: 1}", 0, id="a name without quotes"),
        pytest.param("['a']", 0, id="single quotes"),
        pytest.param('["\\x"]', 0, id="an escape that there is not"),
        pytest.param("[01]", 0, id="a number that begins with nought"),
        pytest.param("[1]]", 3, id="a bracket too many"),
        pytest.param('[1] {"a"', 4, id="a second value that breaks off"),
        pytest.param("[1 /* ", 0, id="a comment without an end"),
        pytest.param("var a = {};", 0, id="a program"),
        pytest.param("<!-- words", 0, id="an HTML comment without an end"),
    ],
)
def test_what_is_no_json_says_from_where_on(text: str, broken: int) -> None:
    assert lenient_json.read(text).broken == broken


@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_depth_is_capped(pair: tuple[str, str]) -> None:
    def nested(depth: int) -> str:
        return pair[0] * (depth - 1) + "[]" + pair[1] * (depth - 1)

    assert lenient_json.read(nested(MAX_DEPTH)).broken is None
    with pytest.raises(TooDeep, match=str(MAX_DEPTH)):
        lenient_json.read(nested(MAX_DEPTH + 1))
    with pytest.raises(TooDeep):
        lenient_json.read(pair[0] * 100_000)


def test_brackets_in_strings_are_not_counted() -> None:
    assert read('["' + "[" * 1000 + '"]') == [["[" * 1000]]


def test_a_container_tells_where_it_has_ended() -> None:
    text = '[ {"a": [1, {}] } , [ ] ]'
    (top,) = lenient_json.read(text).values
    todo, seen = [top], []
    while todo:
        at = todo.pop()
        if isinstance(at, lenient_json.Array | lenient_json.Object):
            seen.append(text[at.begin : at.end])
            assert lenient_json.end(text, at.begin) == at.end
            todo += at.values
    assert sorted(seen) == sorted([text, '{"a": [1, {}] }', "[1, {}]", "{}", "[ ]"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ('{"a": [] "b": {"c": "x"} "d": true}', {"a": [], "b": {"c": "x"}, "d": True}),
        ('[1 2 "x"["y"]{}]', [1, 2, "x", ["y"], {}]),
        ('{"a": 1,}', {"a": 1}),
    ],
)
def test_a_missing_comma_is_read_only_where_that_is_asked_for(text: str, value: Any) -> None:
    (found,) = lenient_json.read(text, commas=False).values
    assert plain(found) == value
    assert (lenient_json.read(text).broken is None) == text.endswith(",}")


@pytest.mark.parametrize(
    "text", ['{"a" 1}', '{"a": }', '{"a": 1 2}', '{"a": 1', "[1 }", '["a" : 1]']
)
def test_nothing_but_a_comma_may_be_missing(text: str) -> None:
    assert lenient_json.read(text, commas=False).broken == 0
