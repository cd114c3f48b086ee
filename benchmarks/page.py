"""Judging a page in hand against one full lexbor parse of the same octets."""

from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser

import signals_agent as sa
from benchmarks.measure import Figure, side_by_side
from benchmarks.samples import pages, robots_files

HEADERS = (
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Server", b"nginx"),
    (b"Cache-Control", b"max-age=600"),
    (b"X-Robots-Tag", b"all"),
    (b"Content-Usage", b"train-genai=n;exceptions=cc-cr"),
)


def address(body: bytes, number: int) -> str:
    """Where a page says that it stands, so that its canonical link is not a foreign one."""
    link = LexborHTMLParser(body).css_first('link[rel="canonical"][href^="http"]')
    return (link and link.attributes["href"]) or f"https://example.org/p/{number}"


def figures() -> list[Figure]:
    """Headers, a cached robots.txt and the whole HTML, as the README promises."""
    bodies, what = pages()
    robots = max(robots_files()[0][:50], key=len)
    now = datetime.now(UTC)
    addresses = [address(body, n) for n, body in enumerate(bodies)]
    captures = [
        sa.Capture(url, status=200, headers=HEADERS, body=body)
        for url, body in zip(addresses, bodies, strict=True)
    ]
    silent = [
        sa.Capture(url, status=200, headers=HEADERS[:3], body=body)
        for url, body in zip(addresses, bodies, strict=True)
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
        Figure("assess a page as it is", quiet, quiet_peer, "lexbor parse", 0.8, what),
        Figure("assess it with a CC signal in its header", ours, peer, "lexbor parse", None, what),
    ]
