"""The line that every wrapper has for an answer: what it names, and that it is one line."""

import re

import pytest

import signals_agent as sa
from signals_agent.integrations import sentences

URL = "https://a.example/p"
FILE = "https://a.example/robots.txt"
TERMS = "https://a.example/l.xml"
ROBOTS = b"User-agent: *\nAllow: /\n"
HTML = ("Content-Type", "text/html")
LICENSED = ("Link", f'<{TERMS}>; rel="license"; type="application/rsl+xml"')


def result(*lines: tuple[str, str], truncated: bool = False, **more: object) -> sa.Assessment:
    asset = sa.Capture(URL, 200, [HTML, *lines], b"<p>x", truncated=truncated)
    policy = sa.Policy.make({"uses": ["train-generative"]})
    return sa.assess(asset, **{"robots": ROBOTS, "policy": policy} | more)  # type: ignore[arg-type]  # keywords of any kind


ILL = sa.Capture(FILE, 503, [], b"")
CASES = {
    "the status of a robots.txt that failed": (
        result(robots=ILL),
        (
            f"hold {URL}: access-undetermined: robots.txt could not be looked at, so access is "
            f"undetermined ({FILE}: could not be reached, answered 503)"
        ),
    ),
    "the same of a permit": (
        sa.permit(URL, robots=ILL, policy=sa.Policy.make({"uses": ["search"]})),
        (
            f"hold {URL}: access-undetermined: robots.txt could not be looked at, so access is "
            f"undetermined ({FILE}: could not be reached, answered 503)"
        ),
    ),
    "a robots.txt that nobody asked for": (
        result(robots=sa.Availability.NOT_LOOKED),
        (
            f"hold {URL}: access-undetermined: robots.txt could not be looked at, so access is "
            f"undetermined ({FILE}: not looked at)"
        ),
    ),
    "a document that failed, which the sentence names itself": (
        result(LICENSED, documents={TERMS: sa.Capture(TERMS, 503)}),
        (
            f"hold {URL}: undetermined: a required source could not be looked at: {TERMS} "
            "(could not be reached, answered 503)"
        ),
    ),
    "the declaration that could not be read": (
        result(("Content-Usage", "train-ai=((")),
        (
            f"hold {URL}: unreadable: a declaration that governs train-generative could not be "
            "read (HTTP header, field line 1 of content-usage)"
        ),
    ),
    "one in robots.txt, with where that is": (
        result(robots=b"User-agent: *\nContent-Usage: train-ai=((\nAllow: /\n"),
        (
            f"hold {URL}: unreadable: a declaration that governs train-generative could not be "
            f"read (robots.txt, line 2, column 16 of {FILE})"
        ),
    ),
    "the source that could not be read": (
        result(truncated=True),
        (
            f"hold {URL}: unreadable: a source that governs train-generative could not be read "
            f"({URL}: there, but could not be read)"
        ),
    ),
    "what is owed, and nothing besides": (
        result(("Content-Usage", "train-ai=n;exceptions=cc-cr")),
        f"hold {URL}: unmet: not committed to: credit to a.example",
    ),
}


@pytest.mark.parametrize(("answer", "said"), CASES.values(), ids=CASES)
def test_a_line_names(answer: sa.Assessment | sa.Permit, said: str) -> None:
    assert sentences.line(answer, URL) == said


def test_what_is_passed_on_is_told_as_what_would_be() -> None:
    refused = result(("Content-Usage", "train-ai=n"))
    said = sentences.line(refused, URL, "under observe")
    assert said.startswith(f"would skip {URL}, passed on under observe: disallow: ")
    assert sentences.line(refused, URL, "as held").startswith(f"skip {URL}, passed on as held: ")
    assert sentences.line(result(), URL, "under observe").startswith(f"ingest {URL}: ")


def test_of_many_sources_three_are_named() -> None:
    links = [("Link", LICENSED[1].replace("l.xml", f"l{n}.xml")) for n in range(5)]
    ill = {f"https://a.example/l{n}.xml": sa.Capture(URL, 503) for n in range(5)}
    answer = result(*links, documents=ill)
    assert answer.verdict is not None
    said = sentences.why(answer)
    assert said.count(", answered 503") <= 3
    assert re.search(r"; \d more\)$", said)


def test_it_is_one_printable_line_whatever_a_publisher_sends() -> None:
    said = sentences.line(result(robots=b"User-agent: *\nDisallow: /p\x1b[31m\n"), URL + "\n\x1b")
    assert said.isprintable()
