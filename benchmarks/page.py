"""Judging a page in hand against one full lexbor parse of the same octets."""

from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

import signals_agent as sa
from benchmarks.corpus import pages, robots_files
from benchmarks.measure import Figure, side_by_side

HEADERS = (
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Server", b"nginx"),
    (b"Cache-Control", b"max-age=600"),
    (b"X-Robots-Tag", b"all"),
    (b"Content-Usage", b"train-genai=n;exceptions=cc-cr"),
)


def figures() -> list[Figure]:
    """Headers, a cached robots.txt and the whole HTML, as issue and README promise."""
    bodies, what = pages()
    robots = max(robots_files()[0][:50], key=len)
    now = datetime.now(UTC)
    captures = [
        sa.Capture(f"https://example.org/p/{n}", status=200, headers=HEADERS, body=body)
        for n, body in enumerate(bodies)
    ]
    silent = [
        sa.Capture(f"https://example.org/p/{n}", status=200, headers=HEADERS[:3], body=body)
        for n, body in enumerate(bodies)
    ]

    def judge(many: list[sa.Capture]) -> None:
        for capture in many:
            sa.assess(capture, robots=robots, token="ExampleBot", now=now)

    def parse() -> None:
        for body in bodies:
            LexborHTMLParser(body)

    ours, peer = side_by_side(lambda: judge(captures), parse)
    quiet, quiet_peer = side_by_side(lambda: judge(silent), parse)
    return [
        Figure("assess a page that declares a CC signal", ours, peer, "lexbor parse", 0.8, what),
        Figure("assess a page that declares nothing", quiet, quiet_peer, "lexbor parse", 0.8, what),
    ]
