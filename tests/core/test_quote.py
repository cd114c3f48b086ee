"""Publishers' octets never carry anything but text to a screen, page or sheet."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from signals_agent import quote


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        pytest.param(b"train-ai=n", "train-ai=n", id="plain"),
        pytest.param(b"\x1b[31mred", "\\e[31mred", id="terminal escape"),
        pytest.param(b"a\nb\rc\0", "a\\nb\\rc\\0", id="line ends and NUL"),
        pytest.param(b"\xff\xfe", "\\xff\\xfe", id="invalid UTF-8"),
        pytest.param("ab\u202ecd".encode(), "ab\\u{202e}cd", id="bidirectional override"),
        pytest.param("Ünïcode".encode(), "Ünïcode", id="letters stay"),
    ],
)
def test_what_a_screen_shows(octets: bytes, shown: str) -> None:
    assert quote.text(octets) == shown


@given(st.binary(max_size=300))
def test_a_screen_gets_one_printable_line(octets: bytes) -> None:
    assert quote.text(octets).isprintable()


@given(st.text(max_size=200))
def test_markup_and_formulas_are_disarmed(text: str) -> None:
    assert not set("<>\"'") & set(quote.html(text).replace("&#x27;", "").replace("&quot;", ""))
    assert quote.cell(text)[:1] not in {"=", "+", "-", "@"}


def test_long_octets_are_cut_and_say_so() -> None:
    assert quote.text(b"x" * 600) == "x" * 500 + "..."


def test_markdown_gives_nothing_a_meaning() -> None:
    assert quote.markdown("[a](b) <i>*x*") == r"\[a\](b) &lt;i&gt;\*x\*"


MARKED = st.text(st.sampled_from("abw1 .)(-+=#>*_`[]!|~@:/\\&<x"), min_size=1, max_size=40)


@given(MARKED | st.sampled_from(["www.x.example", "https://x.example", "a@b.example", "    code"]))
def test_markdown_comes_out_as_the_plain_text_that_went_in(text: str) -> None:
    """In CommonMark, and with GitHub's tables and struck text."""
    for flavour in ("commonmark", "js-default"):
        reader = MarkdownIt(flavour, {"typographer": False, "linkify": False})
        shown = reader.render(quote.markdown(text))
        assert html.unescape(shown).strip() in {f"<p>{text.strip()}</p>", ""}
