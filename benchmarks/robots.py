"""Reading robots.txt and deciding access against Protego alone."""

import urllib.robotparser
from collections.abc import Callable

from protego import Protego

from benchmarks.measure import Figure, side_by_side
from benchmarks.samples import robots_files
from signals_agent.robots import access, groups, match, parse, rules
from signals_agent.robots.groups import Reading

TOKENS = ("examplebot",)
PATHS = ("/", "/news/2026/11/a-story?page=2", "/search?q=x", "/wp-admin/x.php", "/a/b/c.pdf")


def figures() -> list[Figure]:
    """Parse and decide; linear reading; patterns made to be slow; many usage rules."""
    files, what = robots_files()
    texts = [body.decode("utf-8", "replace") for body in files]

    def ours() -> None:
        for body in files:
            group = groups.choose(parse.parse(body), TOKENS, Reading.AIPREF)
            for path in PATHS:
                access.decide(group, match.target(path))

    def protego() -> None:
        for text in texts:
            engine = Protego.parse(text)
            for path in PATHS:
                engine.can_fetch(path, "ExampleBot")

    def standard() -> None:
        for text in texts:
            engine = urllib.robotparser.RobotFileParser()
            engine.parse(text.splitlines())
            for path in PATHS:
                engine.can_fetch("ExampleBot", path)

    mine, peer = side_by_side(ours, protego, rounds=5)
    again, stdlib = side_by_side(ours, standard, rounds=3)
    return [
        Figure("robots.txt: parse and 5 decisions", mine, peer, "Protego", 1.5, what),
        Figure(
            "robots.txt: parse and 5 decisions", again, stdlib, "urllib.robotparser", None, what
        ),
        _linear(),
        _hostile_pattern(),
        _many_rules(),
    ]


def _linear() -> Figure:
    line = b"Disallow: /some/path/that/is/long/enough\n"
    small = b"User-agent: *\n" + line * 1_000
    large = b"User-agent: *\n" + line * 10_000
    big, little = side_by_side(lambda: parse.parse(large), _times(10, lambda: parse.parse(small)))
    return Figure("robots.txt of 10,000 lines", big, little, "10 of 1,000 lines", 2.0)


def _hostile_pattern() -> Figure:
    hostile = match.pattern(b"/" + b"*a" * 500 + b"*b")
    plain = match.pattern(b"/" + b"*a" * 1 + b"*b")
    target = b"/" + b"a" * 20_000
    slow, fast = side_by_side(
        _times(20, lambda: hostile.matches(target)), _times(20, lambda: plain.matches(target))
    )
    return Figure("pattern /*a*a*a ... *b", slow, fast, "pattern /*a*b", None)


def _many_rules() -> Figure:
    def group_of(count: int) -> groups.Group:
        lines = b"".join(b"Content-Usage: /p/%d/ train-ai=n\n" % n for n in range(count))
        return groups.choose(parse.parse(b"User-agent: *\n" + lines), TOKENS, Reading.AIPREF)

    few, many = group_of(10), group_of(10_000)
    targets = [match.target(f"/p/{n}/x") for n in range(10)]

    def ask(group: groups.Group) -> Callable[[], None]:
        def job() -> None:
            for _ in range(200):
                for target in targets:
                    rules.matching(group, "content-usage", target)

        return job

    slow, fast = side_by_side(ask(many), ask(few))
    return Figure("decision among 10,000 usage rules", slow, fast, "among 10", 3.0)


def _times(count: int, job: Callable[[], object]) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(count):
            job()

    return repeated
