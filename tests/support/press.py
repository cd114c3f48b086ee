"""A page of a press, its robots.txt, and the decision on training with it."""

from datetime import UTC, datetime

import signals_agent as sa
from signals_agent.resolve.access import Given

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
URL = "https://press.example/new/x"
TYPE = ("Content-Type", "text/html")
PAGE = b"<html><head><title>x</title></head><body>Words.</body></html>"


def page(body: bytes | None = PAGE, *headers: tuple[str, str], status: int = 200) -> sa.Capture:
    """A page of the press, with further field lines."""
    return sa.Capture(URL, status=status, headers=(TYPE, *headers), body=body)


def decide(capture: sa.Capture, robots: Given = sa.ABSENT, **options: object) -> sa.Decision:
    """The decision for training a generative model."""
    result = sa.assess(
        capture,
        robots=robots,
        token="ExampleBot",
        uses=["train-generative"],
        now=NOW,
        **options,
    )
    assert result.verdict is not None
    return result.verdict.decision


def robots(body: bytes | None, **more: object) -> sa.Capture:
    """The robots.txt of the press."""
    return sa.Capture(
        "https://press.example/robots.txt",
        status=200,
        body=body,
        **more,
    )
