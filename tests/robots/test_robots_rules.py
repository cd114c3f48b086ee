"""Finding the usage rules that match a target, however many there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.robots import match, rules
from signals_agent.robots.groups import Reading, choose
from signals_agent.robots.match import Pattern, pattern
from signals_agent.robots.parse import parse
from signals_agent.robots.rules import PrefixIndex, RuleIndex, path_and_value


@pytest.mark.parametrize(
    ("value", "path", "rest"),
    [
        pytest.param(b"train-ai=n", b"", b"train-ai=n", id="no path"),
        pytest.param(b"/ train-ai=n", b"/", b"train-ai=n", id="the root"),
        pytest.param(
            b"/a*b$ \t a=n, b=y", b"/a*b$", b"a=n, b=y", id="a path, white space, the rest"
        ),
        pytest.param(b"/a\ta=n", b"/a", b"a=n", id="a tab ends it"),
        pytest.param(b"/a", b"/a", b"", id="nothing after the path"),
        pytest.param(b"", b"", b"", id="nothing"),
        pytest.param(b"*.pdf a=n", b"", b"*.pdf a=n", id="only a slash begins a path"),
        pytest.param(b"a=n /x", b"", b"a=n /x", id="a path in the wrong place is none"),
        pytest.param(b"/a\xc2\xa0a=n", b"/a\xc2\xa0a=n", b"", id="a no-break space ends nothing"),
    ],
)
def test_a_value_is_split_where_its_path_ends(value: bytes, path: bytes, rest: bytes) -> None:
    assert path_and_value(value) == (path, rest)


TEXT = b"""User-agent: *
Content-Usage: train-ai=n
Content-Usage: /blog/ search=y
Content-Usage: /blog/ search=n
Content-Usage: /bl* train-ai=y
Content-Usage: / ai-use=n
Content-Usage: /*.pdf$ search=n
Content-Usage: /%62log/a train-ai=n
Content-Signal: /blog/ ai-train=no
Disallow: /secret
"""


def found(target: str, key: str = "content-usage") -> list[tuple[int, bytes, int, bytes]]:
    group = choose(parse(TEXT), ("ExampleBot",), Reading.AIPREF)
    matches = rules.matching(group, key, match.target(target))
    return [(length, path, record.line, value) for length, path, record, value in matches]


@pytest.mark.parametrize(
    ("target", "lines"),
    [
        ("/", [6, 2]),
        ("/blog/", [3, 4, 5, 6, 2]),
        ("/blog/abc", [8, 3, 4, 5, 6, 2]),
        ("/black.pdf", [7, 5, 6, 2]),
        ("/blog/%61.pdf", [7, 8, 3, 4, 5, 6, 2]),
        ("/secret", [6, 2]),
    ],
)
def test_longest_first_and_in_file_order_among_equals(target: str, lines: list[int]) -> None:
    assert [line for _, _, line, _ in found(target)] == lines


def test_what_is_said_of_each_match() -> None:
    assert found("/blog/a")[0] == (7, b"/%62log/a", 8, b"train-ai=n")
    assert found("/x")[-1] == (0, b"", 2, b"train-ai=n")
    assert found("/blog/a", "content-signal") == [(6, b"/blog/", 9, b"ai-train=no")]
    assert found("/blog/a", "license") == []


def test_an_index_is_built_once_for_a_group() -> None:
    group = choose(parse(TEXT), ("ExampleBot",), Reading.AIPREF)
    rules.matching(group, "content-usage", b"/")
    kept = group.memo["path", "content-usage"]
    rules.matching(group, "content-usage", b"/a")
    assert group.memo["path", "content-usage"] is kept


class Watched(Pattern):
    """A pattern that counts how often one of its kind is tried."""

    tried = 0

    def matches(self, target: bytes) -> bool:
        Watched.tried += 1
        return super().matches(target)


def test_ten_thousand_rules_are_not_tried_one_by_one() -> None:
    index = RuleIndex((Watched(b"/section-%d/page-%d/" % (n % 97, n)), n) for n in range(10_000))
    Watched.tried = 0
    assert [n for _, n in index.matching(b"/section-1/page-1/x")] == [1]
    assert Watched.tried == 1


def test_candidates_begin_as_the_target_does() -> None:
    index = PrefixIndex([(b"/a", 1), (b"", 2), (b"/a", 3), (b"/ab", 4), (b"/abc", 5), (b"/b", 6)])
    assert index.candidates(b"/ab") == [2, 1, 3, 4]
    assert index.candidates(b"") == [2]
    assert PrefixIndex([]).candidates(b"/") == []


PATHS = st.text("/ab*$%6", max_size=6).map(lambda text: b"/" + text.encode())


@given(st.lists(PATHS, max_size=12), st.text("/ab6", max_size=8))
def test_the_index_finds_what_trying_all_finds(paths: list[bytes], rest: str) -> None:
    entries = [(pattern(path), number) for number, path in enumerate(paths)]
    target = match.target("/" + rest)
    tried = [entry for entry in entries if entry[0].matches(target)]
    tried.sort(key=lambda entry: -entry[0].length)
    assert RuleIndex(entries).matching(target) == tried
