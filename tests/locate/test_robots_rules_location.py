"""Which lines of a robots.txt speak to us about a target (rules R13b to R14, R16, R31)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import robots_rules
from signals_agent.model.declaration import Located
from signals_agent.model.position import LinePosition
from signals_agent.robots import match, parse

LISTENS = (
    ("aipref", Listen("robots-txt", "content-usage", path=True, rule=True)),
    (
        "content-signal",
        Listen("robots-txt", "content-signal", path=True, aliases=("content-signals",)),
    ),
    ("rsl", Listen("robots-txt", "license")),
)
SOURCE = "https://site.example/robots.txt"


def locate(body: str | bytes, path: str = "/blog/x", **given) -> list[Located]:
    octets = body.encode() if isinstance(body, str) else body
    units = robots_rules.locate(
        parse.parse(octets),
        given.pop("tokens", ("examplebot",)),
        source=SOURCE,
        capture_id="cap-1",
        target=match.target(path),
        listens=LISTENS,
        **given,
    )
    assert all(len(unit) == 1 for unit in units)
    return [unit[0] for unit in units]


def values(body: str | bytes, path: str = "/blog/x", **given) -> list[bytes]:
    return [located.value for located in locate(body, path, **given)]


SPEAKS = {
    "the group of everyone": ("User-agent: *\nContent-Usage: train-ai=n\n", [b"train-ai=n"]),
    "our own group": (
        "User-agent: *\nContent-Usage: a=y\nAllow: /\nUser-agent: ExampleBot/1\nContent-Usage: b=n",
        [b"b=n"],
    ),
    "another crawler's group": ("User-agent: Example\nContent-Usage: a=n\n", []),
    "paths that match and that do not": (
        "User-agent: *\nContent-Usage: /blog/ a=n\nContent-Usage: /shop b=n\nContent-Usage: c=y\n",
        [b"a=n", b"c=y"],
    ),
    "a path without an expression": ("User-agent: *\nContent-Usage: /blog\n", [b""]),
    "a signal between two user agents": (
        "User-agent: a\nContent-Signal: ai-train=no\nUser-agent: ExampleBot\nDisallow: /z\n",
        [b"ai-train=no"],
    ),
    "the other spelling of a record": (
        "User-agent: *\nContent-Signals: ai-train=no\nContent-Signal: search=yes\n",
        [b"ai-train=no", b"search=yes"],
    ),
    "a signal with a path": (
        "User-agent: *\nContent-Signal: /blog/ a=no\nContent-Signal: /shop/ b=no\n",
        [b"a=no"],
    ),
    "a record that takes no path": ("User-agent: *\nLicense: /l.xml\n", [b"/l.xml"]),
    "lines before any group": (
        "Content-Usage: a=n\nContent-Signal: b=no\nUser-agent: *\nContent-Usage: /blog c=y\n",
        [b"c=y", b"a=n", b"b=no"],
    ),
    "lines before any group, where no group is ours": (
        "Content-Usage: a=n\nUser-agent: other\nDisallow: /\n",
        [b"a=n"],
    ),
    "lines before any group, where one is ours": (
        "Content-Usage: a=n\nUser-agent: examplebot\nAllow: /\n",
        [],
    ),
    "a file of such lines alone": ("Content-Usage: a=n\n", [b"a=n"]),
    "HTML in its place": ("<html>Content-Usage: a=n</html>", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("body", "expected"), SPEAKS.values(), ids=SPEAKS)
def test_what_speaks_to_us(body: str, expected: list[bytes]) -> None:
    assert values(body) == expected


def test_a_rule_keeps_its_path_its_length_and_its_place() -> None:
    body = "User-agent: ExampleBot\nContent-Usage:  /bl%6fg*  train-ai=n # note\n"
    (located,) = locate(body)
    declaration = located.declaration
    assert located.value == b"train-ai=n"
    assert located.reach.length == len("/blog*")
    assert declaration.scope.path == "/bl%6fg*"
    assert declaration.scope.token == "ExampleBot"
    assert declaration.octets == b"Content-Usage:  /bl%6fg*  train-ai=n # note"
    assert declaration.position == LinePosition(2, 1 + declaration.octets.index(b"train-ai"))
    assert (declaration.source, declaration.carrier) == (SOURCE, "robots-txt")
    assert located.reach.literal
    assert not located.reach.restrict_only


def test_a_rule_without_a_path_has_length_zero_and_no_path() -> None:
    without, slash = locate("User-agent: *\nContent-Usage: a=n\nContent-Usage: / b=n\n")
    assert (without.reach.length, without.declaration.scope.path) == (0, None)
    assert (slash.reach.length, slash.declaration.scope.path) == (1, "/")
    assert without.reach.bucket == slash.reach.bucket


def test_lines_before_any_group_only_restrict_and_are_not_literal() -> None:
    orphan, signal = locate("Content-Usage: a=n\nContent-Signal: b=no\nUser-agent: *\nAllow: /\n")
    for located in (orphan, signal):
        assert located.reach.restrict_only
        assert not located.reach.literal
        assert located.declaration.scope.token is None


LEGACY = (
    "User-agent: a\nContent-Usage: train-ai=n\nUser-agent: ExampleBot\nContent-Usage: search=y\n"
)


def test_a_reader_unaware_of_content_usage_makes_a_second_bucket() -> None:
    """To it both lines stand in one group; to attach-05 the second group is ours alone."""
    found = [(located.value, located.reach.literal) for located in locate(LEGACY)]
    assert found == [(b"search=y", True), (b"train-ai=n", False), (b"search=y", False)]
    first, _, again = locate(LEGACY)
    assert first.reach.bucket != again.reach.bucket
    assert first.declaration.id == again.declaration.id


def test_where_both_readings_agree_there_is_one_bucket() -> None:
    body = "User-agent: *\nContent-Usage: a=n\nDisallow: /x\nUser-agent: b\nDisallow: /\n"
    assert len(locate(body)) == 1


def test_a_signal_stands_once_however_many_readings_hold_it() -> None:
    body = (
        "User-agent: a\nContent-Usage: x=n\nContent-Signal: ai-train=no\n"
        "User-agent: ExampleBot\nContent-Signal: search=no\n"
    )
    assert values(body) == [b"search=no", b"x=n", b"ai-train=no"]


def test_an_earlier_hop_only_restricts() -> None:
    (located,) = locate("User-agent: *\nContent-Usage: a=n\n", hop=True)
    assert located.reach.restrict_only
    assert not located.reach.literal
    (note,) = robots_rules.hop_notes([(located,)])
    assert note.code == "redirect-hop-preference"
    assert note.because == (located.declaration.id,)
    assert robots_rules.hop_notes([]) == ()


def test_another_token_counts_in_full_but_not_for_the_letter() -> None:
    body = "User-agent: *\nContent-Usage: a=n\n"
    (ours,) = locate(body)
    (other,) = locate(body, tokens=("ccbot",), other_token=True)
    assert not other.reach.restrict_only
    assert not other.reach.literal
    assert ours.reach.bucket != other.reach.bucket
    assert ours.declaration.id == other.declaration.id


@given(
    st.lists(
        st.sampled_from(
            [
                b"User-agent: *",
                b"User-agent: ExampleBot",
                b"User-agent: x",
                b"Content-Usage: /b* a=n",
                b"Content-Usage: a=n",
                b"Content-Signal: /blog b=no # c",
                b"content-signals:\tb=no",
                b"License: /l",
                b"Disallow: /q",
                b"",
                b"\xff\x00: \xfe",
            ]
        ),
        max_size=12,
    ),
    st.sampled_from([b"\n", b"\r", b"\r\n"]),
)
def test_positions_point_at_the_values(lines: list[bytes], end: bytes) -> None:
    for located in locate(end.join(lines)):
        position = located.declaration.position
        assert isinstance(position, LinePosition)
        line = lines[position.line - 1]
        assert line[position.column - 1 :].startswith(located.value)
        assert located.declaration.octets == line


@given(st.binary(max_size=200))
def test_no_octets_raise(octets: bytes) -> None:
    locate(octets)
    locate(b"User-agent: *\nContent-Usage: " + octets)
