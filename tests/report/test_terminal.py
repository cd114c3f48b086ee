"""How text is laid out in columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.terminal import pad, underline, width, wrap


@pytest.mark.parametrize(
    ("octets", "expression", "line", "marks"),
    [
        pytest.param(
            b"Content-Usage: /a train-ai=n # no",
            "train-ai=n",
            "Content-Usage: /a train-ai=n # no",
            "                  ^^^^^^^^^^",
            id="the expression inside its line",
        ),
        pytest.param(b"a\x1b[2Jb=n", "b=n", "a\\e[2Jb=n", "      ^^^", id="after an escaped octet"),
        pytest.param(
            "雨=n".encode(), "=n", "雨=n", "  ^^", id="after a character two columns wide"
        ),
        pytest.param(
            b"\xff=n", "\xff=n", "\\xff=n", "^^^^^^", id="octets that were read as Latin-1"
        ),
        pytest.param(b"abc", "xyz", "abc", "^^^", id="all of it where the expression is not found"),
        pytest.param(b"", "", "", "^", id="one mark where there is nothing"),
    ],
)
def test_the_expression_is_underlined(
    octets: bytes, expression: str, line: str, marks: str
) -> None:
    excerpt = underline(octets, expression, 80)
    assert (excerpt.line, excerpt.marks) == (line, marks)


def test_a_field_name_stands_before_and_is_not_underlined() -> None:
    excerpt = underline(b"train-ai=n", "train-ai=n", 80, "content-usage: ")
    assert excerpt.line == "content-usage: train-ai=n"
    assert excerpt.marks == " " * 15 + "^" * 10


@given(
    head=st.binary(max_size=400),
    middle=st.text(max_size=300),
    tail=st.binary(max_size=400),
    columns=st.integers(20, 120),
)
def test_an_excerpt_is_printable_and_keeps_to_the_columns(
    head: bytes, middle: str, tail: bytes, columns: int
) -> None:
    octets = head + middle.encode("utf-8", "replace") + tail
    excerpt = underline(octets, middle, columns)
    assert excerpt.line.isprintable()
    assert width(excerpt.line) <= columns
    assert width(excerpt.marks) <= columns + 1


@given(st.text(alphabet="ab \n雨", max_size=200), st.integers(10, 60))
def test_wrapping_keeps_every_word_in_order(text: str, columns: int) -> None:
    lines = wrap(text, columns, "* ")
    assert lines[0][0] == "*"
    assert " ".join(lines)[1:].split() == text.split()
    longest = max((width(word) for word in text.split()), default=0)
    assert all(width(line) <= max(columns, longest + 2) for line in lines)


def test_padding_counts_columns_and_not_characters() -> None:
    assert pad("雨", 4) == "雨  "
    assert pad("abcdef", 4) == "abcdef"
