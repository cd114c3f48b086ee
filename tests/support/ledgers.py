"""Assessments to be written down, the same from the same arguments in every process."""

from datetime import UTC, datetime, timedelta

import signals_agent as sa

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
ROBOTS = b"User-agent: *\nContent-Signal: ai-train=yes\nAllow: /\n"
POLICY = sa.Policy.make(
    {
        "uses": ["train-generative"],
        "commitment": [{"kind": "credit", "to": "*", "evidence": "https://us.example/credits"}],
    }
)
FREE, CREDIT, NO = "train-ai=y", "train-genai=n;exceptions=cc-cr", "train-ai=n"


def assessed(
    url: str = "https://example.org/a",
    said: str = "",
    *,
    day: int = 0,
    policy: sa.Policy | None = POLICY,
    robots: object = None,
    hops: tuple[sa.Capture, ...] = (),
    status: int = 200,
) -> sa.Assessment:
    """A page that says something in a header field, as it was looked at on a day."""
    now = START + timedelta(days=day)
    headers = [("Content-Type", "text/html"), *([("Content-Usage", said)] if said else [])]
    body = f"<html><title>{url}</title><p>{'words ' * 50}</html>".encode()
    page = sa.Capture(url, status, headers, body, fetched_at=now)
    if robots is None:
        origin = "/".join(url.split("/")[:3])
        robots = sa.Capture(f"{origin}/robots.txt", 200, (), ROBOTS, fetched_at=now)
    return sa.assess(
        page,
        hops=hops,
        robots=robots,
        site_files={"/.well-known/tdmrep.json": sa.ABSENT},
        token="ExampleBot",
        policy=policy,
        now=now,
    )


def numbered(number: int) -> sa.Assessment:
    """One of many pages; each says one of three things."""
    said = (FREE, CREDIT, NO)[number % 3]
    return assessed(f"https://example.org/page-{number}", said, day=number % 5)
