"""The plain callable and its keeper of site files, with real clients on loopback."""

import asyncio
import gzip
import io
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from wire import Wire, html, moved
from wire import answer as response
from wrapped import MUSEUM, written

import signals_agent as sa
from signals_agent.integrations.responses import Judge, header_lines, judge
from signals_agent.store import Ledger

PAGE = "https://a.example/p"
ROBOTS = b"User-agent: *\nAllow: /\n"
HTML = {"Content-Type": "text/html"}
NO = "train-ai=n"
USES = {"uses": ["train-generative"]}
DOCS = Path(__file__).parents[2] / "docs" / "responses.md"


def decided(answer: sa.Assessment) -> str:
    assert answer.verdict is not None
    return " ".join([answer.verdict.decision, *(each.code for each in answer.verdict.reasons)])


def example(word: str) -> str:
    """The one fence of the page that holds a word."""
    fences = re.findall(r"^```python\n(.*?)^```$", DOCS.read_text("utf-8"), re.M | re.S)
    (found,) = [fence for fence in fences if word in fence]
    assert sum(bool(line.strip()) for line in found.splitlines()) < 30
    return str(found)


def test_it_says_what_assess_says() -> None:
    said = judge(PAGE, 200, HTML, b"<p>x", robots=ROBOTS, policy=USES, token="ExampleBot")
    same = sa.assess(
        sa.Capture(PAGE, 200, HTML, b"<p>x"),
        robots=ROBOTS,
        policy=sa.Policy.make(USES),
        token="ExampleBot",
        now=said.checked_at,
    )
    assert said == same
    assert decided(said).startswith("ingest")


def test_without_robots_nothing_is_ingested() -> None:
    assert decided(judge(PAGE, 200, HTML, b"<p>x", policy=USES)).startswith("hold access-und")


def test_without_a_policy_there_is_a_verdict_nevertheless() -> None:
    verdict = judge(PAGE, 200, HTML, b"<p>x", robots=ROBOTS).verdict
    assert verdict is not None
    assert len(verdict.uses) == 5


def test_a_body_behind_the_cap_is_cut_as_a_fetch_would_cut_it() -> None:
    limits = sa.Limits(max_body_bytes=1000)
    answer = judge(PAGE, 200, HTML, b"<p>" * 1000, robots=ROBOTS, policy=USES, limits=limits)
    assert decided(answer) == "hold unreadable"


@pytest.mark.parametrize(
    ("more", "body", "said"),
    [
        ({"Content-Length": "4"}, b"<p>x", "ingest"),
        ({"Content-Length": "1234"}, b"", "hold undetermined"),
        ({}, b"", "skip no-asset"),
        ({"Content-Length": "0"}, b"", "skip no-asset"),
        ({"Content-Length": "1234"}, b"<title>A page</ti", "hold unreadable"),
        ({"Content-Length": "24", "Content-Encoding": "gzip"}, b"<p>x", "ingest"),
        ({"Content-Length": "many"}, b"<p>x", "ingest"),
    ],
    ids=[
        "whole",
        "what a client gives for HEAD",
        "nothing came, which nothing announced",
        "nothing came, as announced",
        "less than was announced",
        "a coding was taken off",
        "a length that is none",
    ],
)
def test_a_body_is_held_against_the_length_that_was_announced(
    more: dict[str, str], body: bytes, said: str
) -> None:
    answer = judge(PAGE, 200, {**dict(HTML), **more}, body, robots=ROBOTS, policy=USES)
    assert decided(answer).startswith(said)


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Usage", "search=y"), ("content-usage", NO)],
        [(b"Content-Usage", b"search=y"), (b"Content-Usage", b"train-ai=n")],
        {"Content-Usage": ["search=y", NO]},
        {"Content-Usage": f"search=y, {NO}"},
        f"HTTP/1.1 200 OK\r\nContent-Usage: search=y\r\nContent-Usage: {NO}\r\n\r\nbody",
        f"Content-Usage: search=y,\n  {NO}\n".encode(),
    ],
    ids=[
        "pairs of text",
        "pairs of octets",
        "a mapping to lists",
        "a mapping with lines joined",
        "a header section with its status line",
        "a header section with a line that goes on",
    ],
)
def test_headers_come_in_many_shapes(headers: object) -> None:
    answer = judge(PAGE, 200, headers, None, robots=ROBOTS, policy=USES)
    assert decided(answer) == "skip disallow"


@pytest.mark.parametrize(
    "headers", [7, None, ["Content-Type"], [("a", 1)], [("a",)], {"a": None}], ids=repr
)
def test_what_are_no_headers_is_the_caller_s_mistake(headers: object) -> None:
    with pytest.raises(sa.UsageError, match="header"):
        header_lines(headers)


class Site:
    """A fetch callable that remembers what it was asked."""

    def __init__(self, **files: object) -> None:
        self.files = {"https://a.example/robots.txt": (200, {}, ROBOTS)} | files
        self.asked: list[str] = []

    def __call__(self, url: str) -> Any:
        self.asked.append(url)
        found = self.files.get(url, (404, {}, b""))
        if isinstance(found, Exception):
            raise found
        return found


def test_what_is_fetched_beside_an_asset_is_fetched_once() -> None:
    site = Site()
    keeper = Judge(site, policy=USES)
    for _ in range(3):
        assert keeper.permit(PAGE).answer == "fetch"
        assert decided(keeper.judge(PAGE, 200, HTML, b"<p>x")).startswith("ingest")
    assert sorted(site.asked) == [
        "https://a.example/.well-known/tdmrep.json",
        "https://a.example/robots.txt",
    ]


def test_a_copy_runs_out() -> None:
    site, clock = Site(), [0.0]
    keeper = Judge(site, policy=USES, clock=lambda: clock[0])
    keeper.permit(PAGE)
    clock[0] = 23 * 3600.0
    keeper.permit(PAGE)
    assert site.asked.count("https://a.example/robots.txt") == 1
    clock[0] = 25 * 3600.0
    keeper.permit(PAGE)
    assert site.asked.count("https://a.example/robots.txt") == 2


def test_what_the_callable_raises_means_that_nothing_was_reached() -> None:
    clock = [0.0]
    site = Site(**{"https://a.example/robots.txt": OSError("no route")})
    keeper = Judge(site, policy=USES, clock=lambda: clock[0])
    permit = keeper.permit(PAGE)
    assert permit.answer == "hold"
    assert keeper.permit(PAGE).answer == "hold"
    assert site.asked == ["https://a.example/robots.txt"]
    site.files["https://a.example/robots.txt"] = (200, {}, ROBOTS)
    clock[0] = 301.0
    assert keeper.permit(PAGE).answer == "fetch"


def test_a_mistake_of_the_callable_s_is_told_to_all_who_wait() -> None:
    keeper = Judge(lambda url: (200, 7, b""), policy=USES)
    for _ in range(2):
        with pytest.raises(sa.UsageError):
            keeper.permit(PAGE)
    with pytest.raises(sa.UsageError, match="cannot be called"):
        Judge("https://a.example")  # type: ignore[arg-type]  # no callable is the mistake


def test_documents_that_are_named_are_asked_for_where_robots_lets_us() -> None:
    robots = b"License: https://a.example/l.xml\nUser-agent: *\nAllow: /\n"
    licence = (
        b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        b'<prohibits type="usage">all</prohibits></license></content></rsl>'
    )
    files = {
        "https://a.example/robots.txt": (200, {}, robots),
        "https://a.example/l.xml": (200, {"Content-Type": "application/rsl+xml"}, licence),
    }
    site = Site(**files)
    assert Judge(site, policy=USES).permit(PAGE).answer == "skip"
    assert "https://a.example/l.xml" in site.asked
    closed = Site(
        **files | {"https://a.example/robots.txt": (200, {}, robots + b"Disallow: /l.xml\n")}
    )
    answer = Judge(closed, policy=USES).judge(PAGE, 200, HTML, b"<p>x")
    assert decided(answer).split()[0] != "ingest"
    assert "https://a.example/l.xml" not in closed.asked


def test_the_robots_of_each_hop_counts() -> None:
    site = Site(
        **{
            "https://b.example/robots.txt": (200, {}, b"User-agent: *\nDisallow: /"),
        }
    )
    hop = sa.Capture("https://b.example/go", 302, [("Location", PAGE)], b"")
    answer = Judge(site, policy=USES).judge(PAGE, 200, HTML, b"<p>x", hops=[hop])
    assert decided(answer) == "skip access-refused"


def test_many_threads_share_one_fetch() -> None:
    gate = threading.Event()
    site = Site()

    def slow(url: str) -> Any:
        found = site(url)
        assert gate.wait(30)
        return found

    keeper = Judge(slow, policy=USES)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(keeper.permit, PAGE) for _ in range(8)]
        gate.set()
        assert {each.result().answer for each in waiting} == {"fetch"}
    assert len(site.asked) == 2


def test_an_agreement_lifts_a_refusal_while_it_is_in_force() -> None:
    days = [datetime(2026, 11, 1, tzinfo=UTC)]
    policy = sa.Policy.parse(
        'uses = ["train-generative"]\n[[agreement]]\nparty = "A"\n'
        'origins = ["https://a.example"]\nuses = ["train-generative"]\nuntil = 2026-11-10\n'
    )
    site = Site(**{"https://a.example/robots.txt": (200, {}, b"User-agent: *\nDisallow: /")})
    keeper = Judge(site, policy=policy, now=lambda: days[0])
    assert keeper.permit(PAGE).answer == "fetch"
    days[0] += timedelta(days=20)
    assert keeper.permit(PAGE).answer != "fetch"


def test_the_first_example_prints_what_the_page_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exec(example("Tide tables"), {})
    said = re.search(r"It prints `(.*)`\.", DOCS.read_text("utf-8"))
    assert said is not None
    assert capsys.readouterr().out.strip() == said[1]


def test_the_example_with_requests_runs_as_it_stands(run_example: Callable[..., str]) -> None:
    pytest.importorskip("requests")
    printed = run_example("responses.md", 1)
    assert printed.splitlines() == [
        "ingest wrenfield-library/",
        "skip harbour-times/subscribers/crossword",
        "skip lantern-photo/portraits",
    ]


def test_urllib_s_callable_serves_a_judge(sites: Any) -> None:
    room: dict[str, Any] = {"urllib": urllib}
    exec(example("urlopen"), room)
    keeper = Judge(room["get"], token="ExampleBot", policy=USES)
    url = sites.url("lantern-photo", "/raw/fog.png")
    assert keeper.permit(url).answer == "fetch"
    assert decided(keeper.judge(url, *room["get"](url))) == "skip disallow"
    closed = sites.url("harbour-times", "/subscribers/crossword")
    assert keeper.permit(closed).answer == "skip"
    assert "/subscribers/crossword" not in sites.paths("harbour-times")
    assert sites.paths("lantern-photo").count("/robots.txt") == 1


async def test_aiohttp_s_response_is_a_capture(sites: Any) -> None:
    code = example("aiohttp.ClientSession").replace("policy=policy", "policy=policy, **local")
    body = "".join(f"    {line}\n" for line in code.splitlines())
    room: dict[str, Any] = {"sa": sa, "aiohttp": aiohttp, "local": {"allow_private": True}}
    exec(f"async def run(url, policy):\n{body}    return answer\n", room)
    answer = await room["run"](sites.url("lantern-photo", "/raw/fog.png"), USES)
    assert decided(answer) == "skip disallow"
    assert sites.paths("lantern-photo").count("/raw/fog.png") == 1


@pytest.mark.parametrize(
    "headers",
    ['{"Content-Usage": "train-ai=n"}', "garbage", "Content-Usage train-ai=n", b"\x00\xff: x"],
)
def test_a_text_that_is_no_header_section_is_a_mistake_of_the_caller(headers: object) -> None:
    with pytest.raises(sa.UsageError, match="header section"):
        judge("https://library.example/a", 200, headers, b"<p>", robots=b"")


PICTURE = (b"Content-Type", b"image/png")


def downloader() -> Callable[..., tuple[object, io.BytesIO | None, str]]:
    """What the page shows for downloaders of images, as it stands."""
    room: dict[str, Any] = {"urllib": urllib, "io": io, "sa": sa}
    exec(example("def download_image"), room)
    found: Callable[..., tuple[object, io.BytesIO | None, str]] = room["download_image"]
    return found


def urllib_get() -> Callable[[str], Any]:
    room: dict[str, Any] = {"urllib": urllib}
    exec(example("urlopen"), room)
    found: Callable[[str], Any] = room["get"]
    return found


async def test_a_downloader_of_images_takes_what_may_be_taken_from_many_threads(
    site: Wire, other: Wire, tmp_path: Path
) -> None:
    site.on("/fine.png", response(b"\x89PNG picture", PICTURE))
    site.on("/no.png", response(b"\x89PNG picture", PICTURE, (b"X-Robots-Tag", b"noai")))
    site.on("/closed/it.png", response(b"\x89PNG picture", PICTURE))
    site.on("/on.png", moved(other.url("/fine.png")))
    site.on("/away.png", moved(other.url("/closed/it.png")))
    other.on("/fine.png", response(b"\x89PNG other", PICTURE))
    names = ("fine", "no", "closed/it", "on", "away", "gone")
    rows = [(name, site.url(f"/{name}.png")) for name in names] * 5
    with Ledger(tmp_path / "pictures.db") as ledger:
        keeper = Judge(urllib_get(), token="ExampleBot", policy=USES, on_assessment=ledger.append)

        def run() -> list[tuple[object, io.BytesIO | None, str]]:
            with ThreadPoolExecutor(8) as pool:
                return list(pool.map(lambda row: downloader()(row, keeper), rows))

        found = await asyncio.to_thread(run)
    assert {name: None if got is None else got.getvalue() for name, got, _ in found} == {
        "fine": b"\x89PNG picture",
        "no": None,
        "closed/it": None,
        "on": b"\x89PNG other",
        "away": None,
        "gone": None,
    }
    said = {name: text for name, _, text in found}
    assert "is disallowed" in said["no"]
    assert "robots.txt refuses access" in said["closed/it"]
    assert said["away"] == f"not asked for: {other.url('/closed/it.png')}"
    assert "404" in said["gone"]
    assert "/closed/it.png" not in (*site.asked, *other.asked)
    assert site.times("/robots.txt") == other.times("/robots.txt") == 1
    assert sorted(set(written(tmp_path / "pictures.db"))) == sorted(
        [
            (site.url("/fine.png"), "ingest"),
            (site.url("/no.png"), "skip"),
            (site.url("/on.png"), "ingest"),
        ]
    )


async def test_the_history_of_requests_is_the_way_that_led_there(site: Wire, other: Wire) -> None:
    requests = pytest.importorskip("requests")
    other.on("/it", html(b"<p>it"))
    async with Wire() as museum:
        museum.on("/robots.txt", MUSEUM)
        museum.on("/media/it", moved(other.url("/it")))
        keeper = Judge(urllib_get(), token="ExampleBot", policy=USES)
        for url, said in ((museum.url("/media/it"), "hold unmet"), (other.url("/it"), "ingest")):
            room: dict[str, Any] = {"requests": requests, "sa": sa, "judge": keeper, "url": url}
            await asyncio.to_thread(exec, example("response.history"), room)
            assert decided(room["answer"]).startswith(said)


def test_a_ledger_that_fails_gives_no_answer(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "pictures.db")
    ledger.close()
    keeper = Judge(Site(), policy=USES, on_assessment=ledger.append)
    with pytest.raises(sa.StoreError, match="was closed"):
        keeper.judge(PAGE, 200, HTML, b"<p>x")


REFUSING = b"<!doctype html><meta name=robots content=noai><p>" + b"x" * 200


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, HTML, b""),
        (200, HTML, None),
        (200, {**HTML, "Content-Length": "249"}, REFUSING[:30]),
        (200, HTML, gzip.compress(REFUSING)),
        (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(REFUSING)),
        (200, {**HTML, "Content-Encoding": "gzip", "Content-Length": "9"}, REFUSING),
        (206, {**HTML, "Content-Range": "bytes 100-199/249"}, REFUSING[100:200]),
        (204, HTML, b""),
        (304, HTML, b""),
        (None, {}, None),
        (200, HTML, b"x" * 20_000_000),
    ],
    ids=[
        "empty",
        "not read",
        "cut within a tag",
        "compressed, which nobody says",
        "compressed, as it says",
        "a length of what was compressed",
        "a part",
        "no content",
        "not modified",
        "nothing at all",
        "longer than what is read",
    ],
)
def test_nothing_that_is_refused_gets_through(
    status: int | None, headers: dict[str, str], body: bytes | None
) -> None:
    """What holds a refusal, or might, or is no asset, is never ingested."""
    answer = judge(PAGE, status, headers, body, robots=ROBOTS, policy=USES)
    assert decided(answer).split()[0] in ("hold", "skip")
