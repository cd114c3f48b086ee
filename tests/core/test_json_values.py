"""JSON read with the places of its values."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.syntax import json_values

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
INDENT = st.sampled_from([None, 0, 2])


@given(st.lists(VALUES), INDENT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32-le"]))
def test_each_element_is_where_it_says(values: list[object], indent: int, encoding: str) -> None:
    source = json_values.decode(f" {json.dumps(values, indent=indent)}\n".encode(encoding))
    whole = json_values.parse(source.text)
    found = list(json_values.elements(source.text, whole))
    assert [json.loads(source.octets(one)) for one in found] == values
    assert [one.pointer for one in found] == [f"/{index}" for index in range(len(values))]


@given(st.dictionaries(st.text(max_size=5), VALUES), INDENT)
def test_each_member_is_where_it_says(values: dict[str, object], indent: int) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=False)
    found = list(json_values.members(text, json_values.parse(text)))
    assert {name: json.loads(text[one.begin : one.end]) for name, one in found} == values


def test_a_pointer_escapes_its_separators() -> None:
    text = '{"a/b~c": [1]}'
    ((_, member),) = json_values.members(text, json_values.parse(text))
    assert member.pointer == "/a~1b~0c"


def test_repeated_names_are_kept() -> None:
    assert json_values.parse('{"a":1,"a":2}').value.named("a") == [1, 2]


@pytest.mark.parametrize(
    "text",
    ["", " ", "[1,]", "[1 2]", "[1]x", "NaN", "[-Infinity]", "[" * 65, "1" * 5000, '["\\"]'],
)
def test_what_is_no_json_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_values.parse(text)


@pytest.mark.parametrize("text", ["[" * 64 + "]" * 64, '["' + "[" * 100 + '"]'])
def test_nesting_is_counted_outside_strings(text: str) -> None:
    assert json_values.parse(text).end == len(text)


@given(st.binary(max_size=30))
def test_decoding_never_raises(body: bytes) -> None:
    source = json_values.decode(body)
    if source.encoding == "utf-8" and not body.startswith(b"\xef\xbb\xbf"):
        assert source.text.encode("utf-8", "surrogateescape") == body


def test_a_million_quotes_are_counted_once() -> None:
    with pytest.raises(ValueError, match="Unterminated"):
        json_values.parse('["' + '\\"' * 300_000)
