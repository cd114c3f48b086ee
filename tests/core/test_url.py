"""The identity of a URL (rule R33)."""

import pytest

from signals_agent import url
from signals_agent.errors import InvalidURL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("HTTPS://EXAMPLE.org", "https://example.org/", id="case and empty path"),
        pytest.param("https://example.org:443/a", "https://example.org/a", id="default port"),
        pytest.param("http://example.org:8080/", "http://example.org:8080/", id="another port"),
        pytest.param("https://u:secret@example.org/a", "https://example.org/a", id="userinfo"),
        pytest.param("https://example.org/a?b=c#d", "https://example.org/a?b=c", id="fragment"),
        pytest.param("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC", id="IDN"),
        pytest.param("http://0x7f.1/", "http://127.0.0.1/", id="a number in disguise"),
        pytest.param("https://example.org/a/../b", "https://example.org/b", id="dots"),
    ],
)
def test_a_url_is_written_in_one_way(text: str, expected: str) -> None:
    assert url.parse(text).text == expected


@pytest.mark.parametrize(
    "text",
    ["example.org", "ftp://example.org/", "mailto:a@b", "", "http://", "javascript:1", "//x"],
)
def test_what_is_no_web_address_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(InvalidURL, match="accepted: http"):
        url.parse(text)


def test_a_password_is_not_even_in_the_error() -> None:
    with pytest.raises(InvalidURL) as raised:
        url.parse("ftp://user:hunter2@example.org/")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("../x", "https://example.org/x"),
        ("//other.example/y", "https://other.example/y"),
        (" /spaced ", "https://example.org/spaced"),
        ("mailto:a@b", None),
        ("http://[broken", None),
        ("https://u:p@other.example/", "https://other.example/"),
    ],
)
def test_references_resolve_or_are_nothing(reference: str, expected: str | None) -> None:
    joined = url.join("https://example.org/a/b", reference)
    assert (joined and joined.text) == expected


def test_origins_differ_by_scheme_host_and_port() -> None:
    origins = {
        url.parse(text).origin
        for text in (
            "https://example.org/",
            "http://example.org/",
            "https://www.example.org/",
            "https://example.org:444/",
        )
    }
    assert len(origins) == 4
