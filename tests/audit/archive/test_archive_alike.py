"""Pages that come to the same: filled in, a result is what it would be worked out."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

import signals_agent as sa
from signals_agent.audit.archive import alike

POLICY = sa.Policy.make({"uses": ["train-generative", "search"], "on": {"unknown": "hold"}})
ROBOTS = {
    "silent": b"User-agent: *\nAllow: /\n",
    "paths": b"User-agent: *\nDisallow: /closed/\nAllow: /closed/open\n",
    "signal": b"User-agent: *\nContent-Signal: ai-train=no, search=yes\nAllow: /\n",
    "usage": b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n",
    "usage-of-paths": b"User-agent: *\nContent-Usage: /closed/ train-ai=n\nAllow: /\n",
    "condition": b"User-agent: *\nContent-Usage: train-ai=n;exceptions=cc-cr\nAllow: /\n",
    "licence": b"License: /license.xml\nUser-agent: *\nAllow: /\n",
    "others": b"User-agent: GPTBot\nUser-agent: CCBot\nUser-agent: Bytespider\nUser-agent: "
    b"ClaudeBot\nDisallow: /closed/\n",
    "two-readings": b"User-agent: ExampleBot\nContent-Usage: /x ai=n\nUser-agent: *\nDisallow: /\n",
    "markup": b"<!doctype html><p>no",
}
PAGES = {
    "": (0.0, b"<title>Front</title><p>x"),
    "plain?a=1&b=%22": (0.001, b"<p>one"),
    "plain2": (0.002123456, b"<p>two"),
    "closed/a": (0.0, b"<p>one"),
    "closed/b": (0.0, b"<p>other"),
    "closed/open": (0.0, b"<p>one"),
    "closed/open2": (0.0, b"<p>one"),
    "says": (0.0, b"<meta name=robots content=noai><p>x"),
    "before": (-3.0, b"<p>before robots.txt"),
    "before2": (-2.0, b"<p>before robots.txt too"),
    "%C3%A4": (0.1, b"<p>three"),
    "four": (0.1, b""),
    "robots.txt/": (0.1, b"<p>four"),
}


def answers(press: Any, name: str, robots: bytes) -> list[bytes]:
    origin = f"https://{name}.example"
    missing = f"{origin}/.well-known/tdmrep.json"
    told = [press.record(f"{origin}/robots.txt", press.PLAIN + robots)]
    told += [press.record(missing, press.MISSING)] if name != "silent" else []
    for path, (hours, body) in PAGES.items():
        told.append(press.page(f"{origin}/{path}", hours, body))
    for number, status in enumerate((404, 404, 503, 503, 402, 304)):
        head = b'HTTP/1.1 %d X\r\nContent-Type: text/html\r\nX-A: \xff"\\\r\n\r\nno' % status
        told.append(press.record(f"{origin}/status/{number}", head))
    for number in range(3):
        head = b"HTTP/1.1 200 OK\r\n\r\n" if number else press.OK + b"X: y\r\n"
        told.append(press.record(f"{origin}/bare/{number}", head + b"words"))
        listened = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noai\r\n\r\n<p>"
        told.append(press.record(f"{origin}/listened/{number}", listened))
        image = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n"
        told.append(press.record(f"{origin}/image/{number}", image))
    return told


@pytest.mark.parametrize("depth", ["page", "head", "headers"])
@pytest.mark.parametrize("policy", [None, POLICY], ids=["uses", "a policy"])
def test_what_is_filled_in_is_what_it_is_worked_out(
    depth: str, policy: Any, press: Any, bench: Any, file: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    records = [each for name, robots in ROBOTS.items() for each in answers(press, name, robots)]
    path = file(*records)
    filled = 0
    fill = alike.Alike.filled

    def count(self: Any, *of: Any) -> Any:
        nonlocal filled
        made = fill(self, *of)
        filled += made is not None
        return made

    run = bench.wishes(policy, depth=depth, acquired_by="CCBot")
    monkeypatch.setattr(alike.Alike, "filled", count)
    quickly = bench.all(path, run=run)
    monkeypatch.setattr(alike.Alike, "filled", lambda *_: None)
    assert bench.all(path, run=run) == quickly
    # That it is used at all, and not where a path or a page may say something of its own.
    assert filled > (5 if depth == "headers" else 60)
    decided = {(each["access"]["answer"], each["verdict"]["decision"])
               for each in map(bench.result, quickly)}  # fmt: skip
    assert {answer for answer, _ in decided} == {"allowed", "disallowed"}
    assert {decision for _, decision in decided} >= {"hold", "skip"}


def test_a_page_cannot_write_into_the_results_of_others(
    press: Any, bench: Any, file: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = f'"{alike._MARK}url"'.encode()
    robots = b"User-agent: *\nAllow: /\nDisallow: /" + mark + b"\n"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: " + mark + b"\r\n\r\n<p>"
    pages = [press.record(f"https://a.example/{n}", block) for n in range(4)]
    site = press.record(
        "https://a.example/robots.txt", press.PLAIN.replace(b"\r\n\r\n", b"\r\nX: " + mark) +
        b"\r\n\r\n" + robots,
    )  # fmt: skip
    path = file(site, *pages)
    quickly = bench.all(path)
    monkeypatch.setattr(alike.Alike, "filled", lambda *_: None)
    assert bench.all(path) == quickly


def test_agreements_are_held_against_each_page(
    press: Any, bench: Any, file: Callable[..., str]
) -> None:
    policy = sa.Policy.make(
        {
            "uses": ["train-generative"],
            "agreement": [
                {
                    "party": "A",
                    "origins": ["https://a.example"],
                    "paths": ["/open/*"],
                    "uses": ["train-generative"],
                    "from": "2026-01-01",
                    "until": "2027-01-01",
                }
            ],
        }
    )
    robots = press.robots("https://a.example", b"User-agent: *\nDisallow: /\n")
    pages = [press.page(f"https://a.example/{path}/{n}") for path in ("open", "x") for n in (1, 2)]
    made = bench.results(file(robots, *pages), run=bench.wishes(policy))
    decided = [each["verdict"]["decision"] for each in made]
    assert decided == ["ingest", "ingest", "skip", "skip"]
