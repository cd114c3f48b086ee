"""Where RSL's ``License`` lines stand in a robots.txt, and at which level (R13d, R14, R18)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals_agent.family import Listen
from signals_agent.locate import robots_rules
from signals_agent.locate.found import UNREAD
from signals_agent.model.declaration import Located
from signals_agent.model.position import LinePosition
from signals_agent.robots import match, parse

LICENCE = ("rsl", Listen("robots-txt", "license", site_wide=True))
SIGNAL = ("content-signal", Listen("robots-txt", "content-signal", path=True))
SOURCE = "https://site.example/robots.txt"


def locate(body: str | bytes, **wanted) -> list[Located]:
    octets = body.encode() if isinstance(body, str) else body
    units = robots_rules.locate(
        parse.parse(octets),
        wanted.pop("tokens", ("examplebot",)),
        source=SOURCE,
        capture_id="cap-1",
        target=match.target("/blog/x"),
        listens=wanted.pop("listens", (LICENCE, SIGNAL)),
        **wanted,
    )
    assert all(len(unit) == 1 for unit in units)
    return [unit[0] for unit in units if unit[0].field == "license"]


def levels(body: str | bytes, **wanted) -> list[tuple[str, str, bool]]:
    """Value, level, and whether it only restricts."""
    return [
        (each.value.decode("latin-1"), each.detail("level"), each.reach.restrict_only)
        for each in locate(body, **wanted)
    ]


GROUP = ("u", "group", False)
GLOBAL = ("u", "global", False)
LOOSE = ("u", "global", True)

STANDS = {
    "in the group of everyone": ("User-agent: *\nDisallow: /x\nLicense: u\n", [GROUP]),
    "in our own group": ("User-agent: ExampleBot\nLicense: u\n", [GROUP]),
    "in any of the groups that name us": (
        "User-agent:examplebot\nAllow:/\nUser-agent: b\nAllow:/\nUser-agent: ExampleBot\nLicense:u",
        [GROUP],
    ),
    "in another crawler's group": ("User-agent: other\nLicense: u\n", []),
    "in everyone's group where one is ours": (
        "User-agent: *\nAllow: /\nLicense: u\nUser-agent: ExampleBot\nAllow: /\n",
        [],
    ),
    "before any group": ("License: u\nUser-agent: *\nAllow: /\n", [GLOBAL]),
    "before any group, where one is ours": (
        "License: u\nUser-agent: ExampleBot\nAllow: /\n",
        [GLOBAL],
    ),
    "before any group, after a blank line": ("# c\n\nLicense: u\nUser-agent: *\n", [GLOBAL]),
    "in a file without groups": ("Sitemap: /s\nLicense: u\n", [GLOBAL]),
    "in a group and before any": (
        "License: v\nUser-agent: *\nLicense: u\n",
        [GROUP, ("v", "global", False)],
    ),
    "in another's group after a blank line": (
        "User-agent: other\nDisallow: /\n\nLicense: u\n",
        [LOOSE],
    ),
    "in another's group after a line of white space": (
        "User-agent: other\nDisallow: /\n \t\u00a0\u3000\nLicense: u\n",
        [LOOSE],
    ),
    "in another's group after a Sitemap line": (
        "User-agent: other\nSitemap: /s.xml\nLicense: u\n",
        [LOOSE],
    ),
    "in another's group after both and more rules": (
        "User-agent: other\nSitemap: /s.xml\n\nDisallow: /a\nLicense: u\n",
        [LOOSE],
    ),
    "in another's group after a comment line": (
        "User-agent: other\nDisallow: /\n# blank?\n  # no\nLicense: u\n",
        [],
    ),
    "in another's group after a line without a key": (
        "User-agent: other\nDisallow: /\nnothing\nLicense: u\n",
        [],
    ),
    "in another's group, blank lines before it alone": (
        "Sitemap: /s\n\nUser-agent: other\nLicense: u\n",
        [],
    ),
    "in another's group, a blank line between its names": (
        "User-agent: other\n\nUser-agent: more\nLicense: u\n",
        [],
    ),
    "in another's group, right after its name and a blank line": (
        "User-agent: other\n\nLicense: u\n",
        [LOOSE],
    ),
    "in everyone's group after a blank line, where one is ours": (
        "User-agent: ExampleBot\nAllow: /\n\nUser-agent: *\nDisallow: /\n\nLicense: u\n",
        [LOOSE],
    ),
    "in our own group after a blank line, once": (
        "User-agent: *\nDisallow: /x\n\nSitemap: /s\nLicense: u\n",
        [GROUP],
    ),
    "at the end of a file where no group is ours": (
        "User-agent: a\nDisallow: /\n\nUser-agent: b\nDisallow: /\n\nLicense: u",
        [LOOSE],
    ),
    "twice with the same words, at each level once": (
        "License:u\nLicense:u\nUser-agent:*\nLicense:u\n\nLicense:u\nAllow:/\nUser-agent:o\n\nLicense:u",
        [GROUP, GLOBAL],
    ),
    "with a comment and white space": ("User-agent: *\nlicense :\t u \t# why\n", [GROUP]),
    "in capitals": ("USER-AGENT: *\nLICENSE: u\n", [GROUP]),
    "with an empty value": ("User-agent: *\nLicense:\n", [("", "group", False)]),
    "without its colon": ("User-agent: *\nLicense u\n", []),
    "with line ends of old": ("User-agent: other\rDisallow: /\r\rLicense: u\r", [LOOSE]),
    "with line ends of Windows": (
        "User-agent: other\r\nDisallow: /\r\n\r\nLicense: u\r\nLicense: v\r\n",
        [LOOSE, ("v", "global", True)],
    ),
    "with line ends of Windows and no blank line": (
        "User-agent: other\r\nDisallow: /\r\nLicense: u\r\n",
        [],
    ),
    "in HTML": ("<html>License: u</html>", []),
}


@pytest.mark.parametrize(("body", "expected"), STANDS.values(), ids=STANDS)
def test_a_licence_line_counts_by_where_it_stands(
    body: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert levels(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "User-agent: ExampleBot\nLicense: u\nUser-agent: b\nContent-Signal: /blog a=no",
        "User-agent: ExampleBot\nAllow: /a\nLicense: u\nContent-Signal: /blog a=no",
        "User-agent: b\nLicense: u\nUser-agent: ExampleBot\nContent-Signal: /blog a=no",
    ],
    ids=["between names", "between rules", "before our name"],
)
def test_a_licence_line_ends_neither_a_group_nor_its_names(body: str) -> None:
    """Rule R14: what follows is ours as well, and so is the licence."""
    file = parse.parse(body.encode())
    units = robots_rules.locate(
        file,
        ("examplebot",),
        source=SOURCE,
        capture_id="cap-1",
        target=match.target("/blog/x"),
        listens=(LICENCE, SIGNAL),
    )
    assert [unit[0].value for unit in units] == [b"u", b"a=no"]
    assert levels(body) == [GROUP]


def test_a_line_keeps_its_place_and_its_octets() -> None:
    line = "License:  https://site.example/l.xml#part # ours"
    (one,) = locate(f"User-agent: ExampleBot\n{line}\n")
    assert one.value == b"https://site.example/l.xml"
    assert one.declaration.octets == line.encode()
    assert one.declaration.position == LinePosition(2, 1 + line.index("https"))
    assert one.declaration.scope.token == "ExampleBot"
    assert one.declaration.family == "rsl"
    (before,) = locate(f"{line}\nUser-agent: ExampleBot\n")
    assert before.declaration.scope.token is None
    assert not before.reach.literal


def test_other_records_of_those_places_stay_as_they_were() -> None:
    body = "Content-Signal: a=no\nUser-agent: o\n\nContent-Signal: b=no\nLicense: u\n"
    units = robots_rules.locate(
        parse.parse(body.encode()),
        ("examplebot",),
        source=SOURCE,
        capture_id="cap-1",
        target=b"/",
        listens=(LICENCE, SIGNAL),
    )
    assert [(unit[0].value, unit[0].reach.restrict_only) for unit in units] == [
        (b"u", True),
        (b"a=no", True),
    ]


def test_an_earlier_hop_only_restricts_at_every_level() -> None:
    body = "License: v\nUser-agent: *\nLicense: u\n"
    assert [each.reach.restrict_only for each in locate(body, hop=True)] == [True, True]
    here, there = locate(body), locate(body, hop=True)
    assert here[0].reach.bucket != there[0].reach.bucket
    assert {each.detail("target") for each in there} == {"/blog/x"}
    assert {each.detail("target") for each in here} == {""}


def test_each_reading_of_the_groups_has_its_own_bucket() -> None:
    """To a reader unaware of Content-Usage the first licence stands in our group (rule R14)."""
    body = (
        "License: g\nUser-agent: a\nLicense: l\nContent-Usage: train-ai=n\n"
        "User-agent: ExampleBot\nAllow: /\n"
    )
    ours, legacy = locate(body)
    assert (ours.value, ours.detail("level")) == (b"g", "global")
    assert (legacy.value, legacy.detail("level")) == (b"l", "group")
    assert ours.reach.bucket != legacy.reach.bucket
    assert not legacy.reach.literal


def test_a_line_that_is_loose_in_one_reading_and_ours_in_the_other_is_given_in_both() -> None:
    body = (
        "User-agent: a\nLicense: k\nContent-Usage: train-ai=n\n\nLicense: l\n"
        "User-agent: ExampleBot\nLicense: m\n"
    )
    assert levels(body) == [
        ("m", "group", False),
        ("l", "global", True),
        ("k", "group", False),
        ("l", "group", False),
    ]


def lines(count: int) -> str:
    return "".join(f"License: /l{number}.xml\n" for number in range(count))


MANY = robots_rules.MAX_SITE_WIDE


@pytest.mark.parametrize(
    ("body", "level", "restricts"),
    [
        ("User-agent: *\n" + lines(5000), "group", False),
        (lines(5000) + "User-agent: *\nLicense: u\n", "global", False),
        ("User-agent: o\n\n" + lines(5000), "global", True),
    ],
    ids=["in our group", "before any group", "in another's, after a blank line"],
)
def test_beyond_the_cap_one_more_says_that_it_was_not_read(
    body: str, level: str, restricts: bool
) -> None:
    found = locate(body)
    assert len(found) == MANY + 1
    last = found[-1]
    assert [bool(each.detail(UNREAD)) for each in found] == [False] * MANY + [True]
    assert last.value == b""
    assert (last.detail("level"), last.reach.restrict_only) == (level, restricts)
    (note,) = robots_rules.unread_notes([(each,) for each in found])
    assert note.code == "robots-records-over-cap"
    assert note.because == (last.declaration.id,)
    assert note.position == last.declaration.position


def test_as_many_as_the_cap_are_all_read_and_the_same_words_count_once() -> None:
    found = locate("User-agent: *\n" + lines(MANY) * 3)
    assert len(found) == MANY
    assert not any(each.detail(UNREAD) for each in found)
    assert robots_rules.unread_notes([(each,) for each in found]) == ()


def test_a_file_without_such_lines_is_never_looked_through_for_blank_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(octets: bytes) -> tuple[int, ...]:
        raise AssertionError(octets)

    monkeypatch.setattr("signals_agent.robots.groups.blank_lines", refuse)
    assert locate("User-agent: *\nDisallow: /\n\nContent-Signal: a=no\n") == []
    with pytest.raises(AssertionError):
        locate("User-agent: *\nLicense: u\n")


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"a\n\nb\n", (2, 4)),
        (b"a\r\n\r\nb", (2,)),
        (b"a\r\rb\n\r\n", (2, 4, 5)),
        (b"\xef\xbb\xbf\na\n \t\x0b\x00\n#\n", (1, 3, 5)),
        ("a\n\u3000\n\u00a0b\n \u2003".encode(), (2, 4)),
        (b"a\x0c\x85b\xe2\x80\xa8c", ()),
        (b"\xff\n\xa0", (2,)),
    ],
    ids=[
        "LF",
        "CRLF",
        "CR and what follows it",
        "white space and a byte order mark",
        "wide spaces",
        "what ends lines elsewhere",
        "a lone octet of Latin-1",
    ],
)
def test_which_lines_are_blank(octets: bytes, expected: tuple[int, ...]) -> None:
    assert parse.blank_lines(octets) == expected


LINES = st.sampled_from(
    [
        b"User-agent: *",
        b"User-agent: ExampleBot",
        b"User-agent: x",
        b"Content-Usage: a=n",
        b"Disallow: /q",
        b"Sitemap: /s",
        b"License: /l",
        b"license:/m # c",
        b"# c",
        b" \t",
        b"",
        b"\xff\x00: \xfe",
    ]
)


@given(st.lists(LINES, max_size=14), st.sampled_from([b"\n", b"\r", b"\r\n"]))
def test_every_licence_line_that_is_given_stands_where_it_says(
    given_lines: list[bytes], end: bytes
) -> None:
    found = locate(end.join(given_lines))
    first = next(
        (n for n, line in enumerate(given_lines, 1) if line.startswith(b"User-agent")),
        len(given_lines) + 1,
    )
    for each in found:
        position = each.declaration.position
        assert isinstance(position, LinePosition)
        line = given_lines[position.line - 1]
        assert line.lower().startswith(b"license")
        assert line[position.column - 1 :].startswith(each.value)
        full_and_global = each.detail("level") == "global" and not each.reach.restrict_only
        assert full_and_global is (position.line < first)
    once = [(each.detail("level"), each.value) for each in found]
    assert len(set(once)) == len(once)
    ours = [line for line in given_lines[: first - 1] if line.lower().startswith(b"license")]
    assert bool(ours) <= any(each.detail("level") == "global" for each in found)


@given(st.binary(max_size=200))
def test_no_octets_raise(octets: bytes) -> None:
    locate(octets)
    locate(b"License: u\nUser-agent: o\n" + octets + b"\n\nLicense: " + octets)
