"""Our answers beside Protego's and robotspy's on real files: every difference has a name.

A difference is explained by taking its cause away and asking again: the class is the
first change after which both agree. ``docs/decisions.md`` says why we differ.
"""

import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
import robots
from protego import Protego

from signals_agent.robots import access, match
from signals_agent.robots.groups import Reading, choose, token
from signals_agent.robots.parse import Record, parse

logging.getLogger("protego").setLevel(logging.CRITICAL)

TOKENS = (
    *("ExampleBot", "Googlebot", "Googlebot-Image", "bingbot", "CCBot", "Mediapartners-Google"),
    *("ia_archiver", "Baiduspider", "Yandex", "Slurp", "MJ12bot", "Wget", "360Spider", "Yahoo"),
)
MADE_UP = ("/", "/index.html", "/a/b.html?x=1", "/search?q=a%20b", "/robots.txt")


class Peer(Protocol):
    """A reader of robots.txt as text."""

    def __call__(self, text: str, name: str, path: str) -> bool: ...


_PARSED: dict[tuple[str, str], object] = {}


def protego(text: str, name: str, path: str) -> bool:
    engine = _PARSED.get(("protego", text))
    if not isinstance(engine, Protego):
        engine = _PARSED["protego", text] = Protego.parse(text)
    return engine.can_fetch("http://site" + path, name)


def robotspy(text: str, name: str, path: str) -> bool:
    engine = _PARSED.get(("robotspy", text))
    if engine is None:
        engine = _PARSED["robotspy", text] = robots.RobotsParser.from_string(text)
    return bool(engine.can_fetch(name, "http://site" + path))


def ours(text: str, name: str, path: str) -> bool:
    group = choose(parse(text.encode()), (name,), Reading.AIPREF)
    return access.decide(group, match.target(path)).allowed


# --- changes to a file, each of which takes one cause away -----------------------------

Changed = tuple[str, str]
"""A file, and the name to ask for."""
Change = Callable[[Sequence[Record], str], Changed]

RULES = ("allow", "disallow")


def _line(record: Record) -> str:
    return f"{record.key}: {record.value.decode('utf-8', 'replace')}"


def spelled_right(records: Sequence[Record], name: str) -> Changed:
    """Line ends, marks, spaces, slips and lines without a colon."""
    return "\n".join(map(_line, records)), name


def rules_only(records: Sequence[Record], name: str) -> Changed:
    """Nothing but User-agent, Allow and Disallow."""
    return spelled_right([r for r in records if r.key in ("user-agent", *RULES)], name)


def tokens_alone(records: Sequence[Record], name: str) -> Changed:
    """Each User-agent line is our token, or everyone, or some stranger's."""
    lines = []
    for record in records:
        line = _line(record)
        if record.key == "user-agent":
            named = token(record.value).lower()
            who = "we" if named == name.lower() else "*" if named == "*" else "stranger"
            line = f"User-agent: {who}"
        lines.append(line)
    return "\n".join(lines), "we"


def group_without(unwanted: Callable[[Record], object]) -> Change:
    """The chosen group's rules but for some, and no other line of the file."""

    def change(records: Sequence[Record], name: str) -> Changed:
        file = parse(b"\n".join(record.octets for record in records))
        group = choose(file, (name,), Reading.AIPREF)
        kept = [_line(r) for r in group.records if r.key in RULES and not unwanted(r)]
        return "\n".join(["User-agent: *", *kept]), name

    return change


PROTEGO: dict[str, Change] = {
    "line spelled otherwise": spelled_right,
    "list goes on after a line that is no rule": rules_only,
    "token by prefix or part": tokens_alone,
    "last dollar read literally too": group_without(lambda r: r.value.endswith(b"$")),
    "index.html opens its folder": group_without(lambda r: r.value.endswith(b"index.html")),
    "length of reserved octets": group_without(lambda r: bool(re.search(rb"[?&=+,;:@]", r.value))),
}
"""Why Protego may answer otherwise; the first change that brings agreement names the class."""

ROBOTSPY: dict[str, Change] = {
    "line spelled otherwise": spelled_right,
    "token cut at a digit": tokens_alone,
    "rules leak to the next token of a list": group_without(lambda r: False),
    "last dollar read literally too": group_without(lambda r: r.value.endswith(b"$")),
    "white space in a path": group_without(lambda r: bool(re.search(rb"\s", r.value))),
    "everything decoded before comparing": group_without(lambda r: b"%" in r.value),
    "shell wildcards": group_without(lambda r: bool(re.search(rb"[?\[\]].*\$$", r.value))),
    "doubled slashes": group_without(lambda r: b"//" in r.value),
}
"""Why robotspy may."""


def paths(records: tuple[Record, ...], rng: random.Random, most: int) -> Iterator[str]:
    """Paths on which a file's own rules bear, and some that are made up."""
    yield from MADE_UP
    values = [
        record.value.decode("utf-8", "replace")
        for record in records
        if record.key in ("allow", "disallow") and record.value.startswith(b"/")
    ]
    for value in rng.sample(values, min(most, len(values))):
        plain = value.replace("*", "xy").rstrip("$")
        yield from (plain, plain + "z", value.replace("*", "xy"))


def survey(
    folder: Path, peer: Peer, changes: dict[str, Change], every: int, most: int
) -> tuple[Counter[tuple[str, bool]], int, list[str]]:
    """How often we differ by class and by our answer, of how many, and what has no class."""
    seen: Counter[tuple[str, bool]] = Counter()
    unexplained: list[str] = []
    asked = 0
    for number, path in enumerate(sorted(folder.iterdir())):
        if number % every:
            continue
        _PARSED.clear()
        body = path.read_bytes()
        file = parse(body)
        text = body.decode("utf-8", "replace").removeprefix("\ufeff")
        targets = tuple(dict.fromkeys(paths(file.records, random.Random(number), most)))
        for name in TOKENS:
            group = choose(file, (name,), Reading.AIPREF)
            for target in targets:
                asked += 1
                answer = access.decide(group, match.target(target)).allowed
                if peer(text, name, target) is answer:
                    continue
                if target == "/robots.txt" and answer:
                    seen["robots.txt itself is free", answer] += 1
                    continue
                for title, change in changes.items():
                    changed, asked_for = change(file.records, name)
                    if peer(changed, asked_for, target) is ours(changed, asked_for, target):
                        seen[title, answer] += 1
                        break
                else:
                    unexplained.append(f"{path.name} {name} {target} ours={answer}")
    _PARSED.clear()
    return seen, asked, unexplained


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "robots"


SIZES = [
    pytest.param(6, 4, id="a sixth of the files"),
    pytest.param(1, 12, id="all files", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("every", "most"), SIZES)
def test_every_difference_from_protego_has_a_name(folder: Path, every: int, most: int) -> None:
    seen, asked, unexplained = survey(folder, protego, PROTEGO, every, most)
    assert unexplained == []
    assert asked > 10_000
    # Only groups may make us allow what Protego refuses; within a group its refusal counts.
    allowed = {title for title, answer in seen if answer}
    assert allowed <= {
        "list goes on after a line that is no rule",
        "token by prefix or part",
    }


@pytest.mark.parametrize(("every", "most"), SIZES)
def test_every_difference_from_robotspy_has_a_name(folder: Path, every: int, most: int) -> None:
    seen, asked, unexplained = survey(folder, robotspy, ROBOTSPY, every, most)
    assert unexplained == []
    assert asked > 10_000
    allowed = {title for title, answer in seen if answer}
    assert allowed <= {
        "robots.txt itself is free",
        "token cut at a digit",
        "rules leak to the next token of a list",
        "everything decoded before comparing",
    }


def test_protego_on_part_of_a_group_answers_as_on_the_whole(folder: Path) -> None:
    asked = 0
    for number, path in enumerate(sorted(folder.iterdir())[::4]):
        file = parse(path.read_bytes())
        group = choose(file, ("ExampleBot",), Reading.AIPREF)
        engines = access._engines(group)
        whole = access._protego(engines.rules)
        for each in paths(file.records, random.Random(number), 8):
            target = match.target(each)
            lines = sorted(engines.index.candidates(target))
            part = access._protego(engines.rules[i] for i in lines)
            url = "http://site" + target.decode("ascii")
            assert part.can_fetch(url, "*") is whole.can_fetch(url, "*"), (path.name, each)
            asked += 1
    assert asked > 1000


PLANTED = [
    pytest.param(
        PROTEGO,
        protego,
        "User-agent: ExampleBot\nCrawl-delay: 2\nUser-agent: b\nDisallow: /",
        "/a",
        "list goes on after a line that is no rule",
        id="a list that goes on",
    ),
    pytest.param(
        PROTEGO,
        protego,
        "User-agent: Example\nDisallow: /",
        "/a",
        "token by prefix or part",
        id="a prefix",
    ),
    pytest.param(
        PROTEGO,
        protego,
        "User-agent: ExampleBot/1.0\nDisallow: /",
        "/a",
        "token by prefix or part",
        id="a version",
    ),
    pytest.param(
        PROTEGO,
        protego,
        "User-agent: *\nAllow: /a$\nDisallow: /",
        "/a$",
        "last dollar read literally too",
        id="a last dollar",
    ),
    pytest.param(
        PROTEGO,
        protego,
        "User-agent: *\nAllow: /index.html\nDisallow: /",
        "/",
        "index.html opens its folder",
        id="index.html",
    ),
    pytest.param(
        PROTEGO,
        protego,
        "User-agent: *\nAllow: /*?abc\nDisallow: /*xyzab",
        "/xyzab?abc",
        "length of reserved octets",
        id="a question mark",
    ),
    pytest.param(
        PROTEGO,
        protego,
        "\ufeff\nUser-agent: *\n\ufeffDisallow: /",
        "/a",
        "line spelled otherwise",
        id="a byte order mark within",
    ),
    pytest.param(
        ROBOTSPY,
        robotspy,
        "User-agent: *\nDissallow: /",
        "/a",
        "line spelled otherwise",
        id="a slip",
    ),
    pytest.param(
        ROBOTSPY,
        robotspy,
        "User-agent: *\nDisallow: /a b",
        "/a%20b",
        "white space in a path",
        id="a space",
    ),
    pytest.param(
        ROBOTSPY,
        robotspy,
        "User-agent: *\nDisallow: /x\nUser-agent: 9bot\nDisallow: /",
        "/a",
        "token cut at a digit",
        id="a digit first",
    ),
    pytest.param(
        ROBOTSPY,
        robotspy,
        "User-agent: *\nDisallow: /a%2Fb",
        "/a/b",
        "everything decoded before comparing",
        id="an encoded slash",
    ),
]


@pytest.mark.parametrize(("changes", "peer", "text", "path", "title"), PLANTED)
def test_a_planted_difference_gets_its_own_name(
    changes: dict[str, Change], peer: Peer, text: str, path: str, title: str
) -> None:
    file = parse(text.encode())
    assert peer(text.removeprefix("\ufeff"), "ExampleBot", path) is not ours(
        text, "ExampleBot", path
    )
    for found, change in changes.items():
        changed, name = change(file.records, "ExampleBot")
        if peer(changed, name, path) is ours(changed, name, path):
            assert found == title
            return
    pytest.fail("no class explains it")
