"""Path patterns against paths: RFC 9309 2.2.2 and 2.2.3, and never slowly."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.robots.match import Pattern, normalise, pattern, target


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        pytest.param(b"/a-z_0.9~", b"/a-z_0.9~", id="unreserved octets stay"),
        pytest.param(b"/%61%7E%2d", b"/a~-", id="and are decoded"),
        pytest.param(b"/a%2fb%2Fc", b"/a%2Fb%2Fc", id="an encoded slash is no slash"),
        pytest.param(b"/?a=b&c;d:@!'()+,", b"/?a=b&c;d:@!'()+,", id="reserved octets stay"),
        pytest.param(b"/%3a%3F", b"/%3A%3F", id="also where they are encoded"),
        pytest.param("/caf\u00e9".encode(), b"/caf%C3%A9", id="non-ASCII is encoded"),
        pytest.param(b"/caf%c3%a9", b"/caf%C3%A9", id="hex digits are upper-cased"),
        pytest.param(b"/\xff\x00", b"/%FF%00", id="octets that are no text too"),
        pytest.param(b'/a b"<>\\^`{|}', b"/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D", id="no URI octets"),
        pytest.param(b"/100%", b"/100%25", id="a percent that begins no escape"),
        pytest.param(b"/%zz%4", b"/%25zz%254", id="nor do these"),
        pytest.param(b"/%%411", b"/%25A1", id="what is left makes no new escape"),
        pytest.param(b"/*%2a$%24", b"/*%2A$%24", id="star and dollar keep their spelling"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_one_form_for_comparing(raw: bytes, normal: bytes) -> None:
    assert normalise(raw) == normal


@given(st.binary(max_size=40) | st.text("/%0aAfF2*$ \u00e9", max_size=20).map(str.encode))
def test_normalising_is_total_and_idempotent(raw: bytes) -> None:
    once = normalise(raw)
    assert normalise(once) == once
    assert once.isascii()
    assert not set(once) & set(b' "<>\\^`{|}\x00\x7f')


@pytest.mark.parametrize(
    ("url_target", "octets"),
    [
        ("/a?b=c", b"/a?b=c"),
        ("", b"/"),
        ("?q", b"/?q"),
        ("a", b"/a"),
        ("/a#b", b"/a"),
        ("/a*$", b"/a%2A%24"),
        ("/%7efoo", b"/~foo"),
        ("/\u00e9\ud800\udcff", b"/%C3%A9%ED%A0%80%ED%B3%BF"),
    ],
)
def test_a_target_is_a_path_in_that_form(url_target: str, octets: bytes) -> None:
    assert target(url_target) == octets


@pytest.mark.parametrize(
    ("raw", "path", "matches"),
    [
        # RFC 9309 2.2.2 and 2.2.3, and the tables of Google's documentation.
        ("/", "/anything", True),
        ("/fish", "/fish", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/fishheads/yummy.html", True),
        ("/fish", "/fish.php?id=anything", True),
        ("/fish", "/Fish.asp", False),
        ("/fish", "/catfish", False),
        ("/fish", "/?id=fish", False),
        ("/fish*", "/fish", True),
        ("/fish*", "/desert/fish", False),
        ("/fish/", "/fish/?id=anything", True),
        ("/fish/", "/fish", False),
        ("/*.php", "/folder/filename.php?parameters", True),
        ("/*.php", "/windows.PHP", False),
        ("/*.php$", "/folder/filename.php", True),
        ("/*.php$", "/filename.php?parameters", False),
        ("/*.php$", "/filename.php/", False),
        ("/fish*.php", "/fishheads/catfish.php?parameters", True),
        ("/fish*.php", "/Fish.PHP", False),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", False),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/foo/bar/\u30c4", "/foo/bar/%E3%83%84", True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", True),
        ("/a%2Fb", "/a/b", False),
        ("/a b", "/a%20b", True),
        # A dollar is special at the end only.
        ("/a$b", "/a$b/c", True),
        ("/a$b", "/a", False),
        ("/a$", "/a", True),
        ("/a$", "/a$", False),
        ("/a$$", "/a$", True),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("$", "/", False),
        # A later place of the last part counts.
        ("/*a$", "/xaxa", True),
        ("/*a*a$", "/a", False),
        ("/*ab*b$", "/abb", True),
        ("/a*$", "/abc", True),
        ("/**a", "/xa", True),
        ("*", "/", True),
        ("*.pdf$", "/x.pdf", True),
        ("", "/x", True),
        ("fish", "/fish", False),
        ("/q?a=*&b", "/q?a=1&b=2", True),
    ],
)
def test_which_paths_a_pattern_matches(raw: str, path: str, matches: bool) -> None:
    assert pattern(raw.encode()).matches(target(path)) is matches


@pytest.mark.parametrize(
    ("raw", "length"),
    [(b"", 0), (b"/", 1), (b"/a*$", 4), (b"/%61", 2), ("/\u00e9".encode(), 7), (b"/%2f", 4)],
)
def test_length_is_that_of_the_form_compared(raw: bytes, length: int) -> None:
    assert pattern(raw).length == length


def simply(raw: bytes, path: bytes) -> bool:
    """The same by trying everything: slow, and too simple to be wrong."""
    anchored = raw.endswith(b"$")
    if anchored:
        raw = raw[:-1]

    @cache
    def at(i: int, j: int) -> bool:
        if i == len(raw):
            return j == len(path) or not anchored
        if raw[i : i + 1] == b"*":
            return at(i + 1, j) or (j < len(path) and at(i, j + 1))
        return j < len(path) and raw[i] == path[j] and at(i + 1, j + 1)

    return at(0, 0)


@given(st.text("ab/*$", max_size=10).map(str.encode), st.text("ab/", max_size=14).map(str.encode))
def test_the_matcher_agrees_with_trying_everything(raw: bytes, path: bytes) -> None:
    # A dollar inside is literal, and these paths have none: spell it as no path does.
    inner = raw[:-1].replace(b"$", b"!") + raw[-1:]
    compiled = Pattern(raw)
    assert compiled.matches(path) is simply(inner, path)
    assert not compiled.matches(path) or path.startswith(compiled.prefix)


@given(st.binary(max_size=30), st.text(max_size=30))
def test_any_octets_make_a_pattern(raw: bytes, path: str) -> None:
    assert pattern(raw).matches(target(path)) in (True, False)


class Counting(bytes):
    """Octets that count how much of them is searched."""

    searched = 0

    def find(self, part: bytes, at: int = 0) -> int:
        found = super().find(part, at)
        Counting.searched += (len(self) if found < 0 else found + len(part)) - at
        return found


@pytest.mark.parametrize("stars", [4, 40, 4000])
def test_many_stars_search_a_path_once(stars: int) -> None:
    path = Counting(b"/" + b"a" * 100_000)
    Counting.searched = 0
    assert not pattern(b"/" + b"*a" * stars + b"*b").matches(path)
    # Each part is searched for from where the one before ended, and never again.
    assert len(path) - 1 <= Counting.searched <= len(path) + stars


def test_a_pattern_shows_itself() -> None:
    assert repr(pattern(b"/%61*")) == "Pattern(b'/a*')"


def test_long_patterns_are_not_remembered() -> None:
    assert pattern(b"/a") is pattern(b"/a")
    long = b"/" + b"a" * 300
    assert pattern(long) is not pattern(long)
