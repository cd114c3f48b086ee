"""The filter for datatrove, in real pipelines over what was really fetched on loopback."""

import copy
import gzip
import io
import json
import sys
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import signals_agent as sa

# What datatrove brings warns when it is loaded, and as it runs.
pytestmark = pytest.mark.filterwarnings("ignore")
pytest.importorskip("datatrove", reason="the filter for datatrove needs datatrove")

with warnings.catch_warnings(action="ignore"):
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    from signals_agent.integrations.datatrove import (
        SignalsFilter,
        WarcResponses,
        robots_in,
        site_files_in,
    )

HTML = [["Content-Type", "text/html"]]
UTF_16 = (("Content-Type", "text/html; charset=utf-16"),)
OPEN = {"https://a.example": b"User-agent: *\nAllow: /\n"}
CLOSED = b"User-agent: *\nDisallow: /"
POLICY = {
    "uses": ["train-generative"],
    "commitment": [{"kind": "credit", "evidence": "https://you.example/card"}],
}
PAGES = (
    ("fenwiki", "/wiki/heron"),
    ("fenwiki", "/talk/heron"),
    ("wrenfield-library", "/"),
    ("lantern-photo", "/prints"),
    ("copper-pot", "/soup/leek"),
    ("harbour-times", "/subscribers/crossword"),
)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def crawl(sites: Any, file: Path, *, robots: bool = True) -> None:
    """Fetch pages and robots.txt into a WARC file, as a crawler does that asks nobody."""
    opener = urllib.request.build_opener(_Stay)
    wanted = [sites.url(*page) for page in PAGES]
    if robots:
        wanted += [sites.url(name, "/robots.txt") for name in dict(PAGES)]
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url in wanted:
            try:
                answer = opener.open(url)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                fields = StatusAndHeaders(
                    f"{answer.status} Said", answer.headers.items(), protocol="HTTP/1.1"
                )
                body = io.BytesIO(answer.read())
            writer.write_record(
                writer.create_warc_record(url, "response", payload=body, http_headers=fields)
            )


def rows(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def doc(text: str = "<p>Hello", **metadata: object) -> Document:
    said = {"url": "https://a.example/p", "status": 200, "headers": HTML} | metadata
    return Document(text=text, id="1", metadata=said)


def kept(answer: object) -> bool:
    return answer is True


def test_the_example_keeps_what_may_be_ingested_and_says_why_not_the_rest(
    sites: Any, tmp_path: Path, run_example: Callable[..., str]
) -> None:
    (tmp_path / "crawl").mkdir()
    crawl(sites, tmp_path / "crawl" / "all.warc.gz")
    printed = run_example("datatrove.md")
    by_url = {row["metadata"]["url"]: row["metadata"] for row in rows(tmp_path / "kept")}
    assert set(by_url) == {
        sites.url("fenwiki", "/wiki/heron"),
        sites.url("wrenfield-library", "/"),
    }
    heron = by_url[sites.url("fenwiki", "/wiki/heron")]["signals_agent"]
    assert [each["kind"] for each in heron["obligations"] if each["binding"]] == ["credit"]
    assert "Heron" in heron["credit"]
    assert {
        row["metadata"]["url"]: row["metadata"]["filter_reason"]
        for row in rows(tmp_path / "dropped")
    } == {
        sites.url("fenwiki", "/talk/heron"): "skip-disallow",
        sites.url("lantern-photo", "/prints"): "hold-unmet",
        sites.url("copper-pot", "/soup/leek"): "skip-disallow",
        sites.url("harbour-times", "/subscribers/crossword"): "skip-access-refused",
    }
    assert "dropped_skip-disallow: 2" in printed


def test_without_robots_nothing_is_ingested(sites: Any, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    crawl(sites, tmp_path / "crawl" / "all.warc.gz", robots=False)
    step = SignalsFilter(POLICY, robots=robots_in(str(tmp_path / "crawl")))
    documents = list(WarcResponses(str(tmp_path / "crawl")).run())
    assert len(documents) >= 5
    assert list(step.run(documents)) == []


def test_observe_drops_nothing_and_says_what_it_would_have_cost(sites: Any, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    for name in ("one", "two"):
        crawl(sites, tmp_path / "crawl" / f"{name}.warc.gz")
    LocalPipelineExecutor(
        pipeline=[
            WarcResponses(str(tmp_path / "crawl")),
            SignalsFilter(
                POLICY | {"preset": "observe"},
                token="ExampleBot",
                robots=robots_in(str(tmp_path / "crawl")),
            ),
            JsonlWriter(str(tmp_path / "kept"), compression=None),
        ],
        logging_dir=str(tmp_path / "logs"),
        tasks=2,
        workers=2,
        start_method="spawn",
    ).run()
    found = [row["metadata"]["signals_agent"]["decision"] for row in rows(tmp_path / "kept")]
    assert sorted(found) == sorted(2 * ["hold", "ingest", "ingest", "skip", "skip", "skip"])
    log = "".join(file.read_text("utf-8") for file in (tmp_path / "logs").rglob("*.log"))
    assert log.count("What enforcement would have cost, for 6 assets:") == 2
    assert "skip: R27 row 1: access refused" in log


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (doc(), "kept"),
        (doc(url=None), "hold-no-url"),
        (doc(url="page 7"), "hold-no-url"),
        (doc(headers=None), "hold-undetermined"),
        (doc(headers=7), "hold-undetermined"),
        (doc(headers=["Content-Type"]), "hold-undetermined"),
        (doc(status="many"), "hold-undetermined"),
        (doc(url="https://b.example/p"), "hold-access-undetermined"),
        (doc(status=404), "skip-no-asset"),
        (doc(status=None), "kept"),
        (doc(headers="HTTP/1.1 200 OK\r\nContent-Usage: train-ai=n\r\n\r\n"), "skip-disallow"),
        (doc(headers={"content-usage": ["search=y", "train-ai=n"]}), "skip-disallow"),
        (doc('<meta name="robots" content="noai">'), "skip-disallow"),
        (doc("<p>x", truncated=True), "hold-unreadable"),
        (doc("", headers=[["Content-Type", "application/pdf"]]), "hold-undetermined"),
        (doc("Hello, and no markup"), "hold-undetermined"),
        (doc("Hello", headers=[["Content-Type", "text/plain"]]), "kept"),
    ],
    ids=[
        "everything there is kept",
        "no URL",
        "no URL to speak of",
        "no header section",
        "headers that are a number",
        "headers without values",
        "a status that is no number",
        "robots.txt of another site alone",
        "an error page",
        "no status, but headers",
        "a header section as text",
        "a mapping with a field twice",
        "a page that speaks",
        "a page cut short",
        "text drawn from a PDF",
        "text drawn from a web page",
        "text that was text",
    ],
)
def test_what_a_document_does_not_say_was_not_looked_at(document: Document, said: str) -> None:
    document = copy.deepcopy(document)
    answer = SignalsFilter(POLICY, robots=OPEN).filter(document)
    assert ("kept" if kept(answer) else answer[1]) == said  # type: ignore[index]  # an answer is a bool or a pair
    assert document.metadata["signals_agent"]["decision"] == (
        "ingest" if kept(answer) else said.split("-", maxsplit=1)[0]
    )


def test_the_page_may_stand_under_a_key_or_nowhere() -> None:
    page = '<meta name="robots" content="noai">'
    beside = doc("Hello", html=page)
    assert SignalsFilter(POLICY, robots=OPEN).filter(copy.deepcopy(beside)) == (
        False,
        "hold-undetermined",
    )
    assert SignalsFilter(POLICY, robots=OPEN, html_key="html").filter(beside) == (
        False,
        "skip-disallow",
    )
    assert SignalsFilter(POLICY, robots=OPEN, html_key=None).filter(doc()) == (
        False,
        "hold-undetermined",
    )


def test_text_that_is_no_ascii_is_read_as_what_it_is_by_now() -> None:
    document = doc(
        "<meta charset=iso-8859-1><title>Öl auf Holz</title>",
        headers=[["Content-Type", "text/html; charset=iso-8859-1"]],
    )
    document.metadata["headers"].append(["Content-Usage", "train-ai=n;exceptions=cc-cr"])
    assert kept(SignalsFilter(POLICY, robots=OPEN).filter(document))
    assert "Öl auf Holz" in document.metadata["signals_agent"]["credit"]


REFUSING = '<!doctype html><meta name="robots" content="noai"><p>' + "Words. " * 99
# Octets of a coding may look like markup.
PACKED = gzip.compress(REFUSING.encode()) + b"<p>"
CODED = {
    "plain": (REFUSING.encode(), (), "skip-disallow"),
    "in UTF-16 with its mark": (REFUSING.encode("utf-16"), (), "skip-disallow"),
    "in UTF-16 as its field says": (REFUSING.encode("utf-16-le"), UTF_16, "skip-disallow"),
    "compressed, which no field says": (PACKED, (), "hold-unreadable"),
    "compressed twice": (
        gzip.compress(PACKED),
        (("Content-Encoding", "gzip"),),
        "hold-unreadable",
    ),
    "in a coding that nobody here knows": (
        b"\x28\xb5\x2f\xfd" + bytes(range(256)),
        (("Content-Encoding", "zstd"),),
        "hold-unreadable",
    ),
}


@pytest.mark.parametrize(("body", "fields", "said"), CODED.values(), ids=CODED)
def test_a_page_in_a_warc_file_is_read_or_held(
    tmp_path: Path, body: bytes, fields: tuple[tuple[str, str], ...], said: str
) -> None:
    lines = [*fields] if fields == UTF_16 else [("Content-Type", "text/html"), *fields]
    with (tmp_path / "one.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        writer.write_record(
            writer.create_warc_record(
                "https://a.example/p",
                "response",
                payload=io.BytesIO(body),
                http_headers=StatusAndHeaders("200 OK", lines, protocol="HTTP/1.1"),
            )
        )
    (document,) = WarcResponses(str(tmp_path)).run()
    assert SignalsFilter(POLICY, robots=OPEN).filter(document) == (False, said)


@pytest.mark.parametrize(
    "robots",
    [
        {"https://a.example/": CLOSED},
        {"https://a.example": sa.Capture("https://a.example/robots.txt", 200, body=CLOSED)},
        lambda origin: CLOSED if origin == "https://a.example" else None,
    ],
    ids=["octets by origin", "a capture by origin", "a callable"],
)
def test_robots_come_by_origin(robots: Any) -> None:
    assert SignalsFilter(POLICY, robots=robots).filter(doc()) == (False, "skip-access-refused")


def test_a_document_may_carry_its_own_robots() -> None:
    step = SignalsFilter(POLICY, robots_key="robots")
    assert kept(step.filter(doc(robots="User-agent: *\nAllow: /")))
    assert step.filter(doc(robots="User-agent: *\nDisallow: /")) == (False, "skip-access-refused")
    assert step.filter(doc()) == (False, "hold-access-undetermined")


def test_site_files_and_named_documents_come_by_url() -> None:
    reserved = b'[{"location": "/", "tdm-reservation": 1}]'
    files = {"https://a.example/.well-known/tdmrep.json": reserved}
    assert SignalsFilter(POLICY, robots=OPEN, site_files=files).filter(doc()) == (
        False,
        "skip-disallow",
    )
    named = {"https://a.example": b"License: https://a.example/l.xml\nUser-agent: *\nAllow: /"}
    assert SignalsFilter(POLICY, robots=named).filter(doc()) == (False, "hold-undetermined")
    licence = (
        b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        b'<permits type="usage">all</permits></license></content></rsl>'
    )
    documents = {"https://a.example/l.xml": licence}
    assert kept(SignalsFilter(POLICY, robots=named, documents=documents).filter(doc()))


def test_another_crawler_s_bytes_are_judged_for_both_tokens() -> None:
    robots = {"https://a.example": b"User-agent: CCBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"}
    assert kept(SignalsFilter(POLICY, token="ExampleBot", robots=robots).filter(doc()))
    step = SignalsFilter(POLICY, token="ExampleBot", robots=robots, acquired_by="CCBot")
    assert step.filter(doc()) == (False, "skip-access-refused")


def test_robots_of_another_day_are_not_used() -> None:
    at = sa.Capture(
        "https://a.example/robots.txt",
        200,
        body=b"User-agent: *\nAllow: /",
        fetched_at=datetime.fromisoformat("2026-01-01T00:00:00Z"),
    )
    step = SignalsFilter(POLICY, robots={"https://a.example": at})
    assert kept(step.filter(doc(date="2026-01-01T12:00:00Z")))
    assert step.filter(doc(date="2026-02-01T12:00:00Z")) == (False, "hold-access-undetermined")


def test_the_whole_result_can_be_kept() -> None:
    document = doc()
    SignalsFilter(POLICY, robots=OPEN, whole=True).filter(document)
    told = sa.Assessment.model_validate(document.metadata["signals_agent"])
    assert told.url == "https://a.example/p"
    json.dumps(document.metadata)


@pytest.mark.parametrize(
    "wrong",
    [
        {"policy": {"presett": "strict"}},
        {"policy": 7},
        {"uses": ["train-ai"]},
        {"robots": b"User-agent: *"},
        {"acquired_by": "CC Bot"},
        {"credit": "prose"},
        {"robots": {"a.example": b""}},
    ],
    ids=[
        "a policy with an unknown key",
        "a policy that is none",
        "a label for a use",
        "robots without an origin",
        "a token with a blank",
        "a style of credit that is none",
        "an origin without a scheme",
    ],
)
def test_a_mistake_is_told_when_the_step_is_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(sa.UsageError):
        SignalsFilter(**wrong)


def test_without_datatrove_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [each for each in sys.modules if each.startswith("datatrove")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "signals_agent.integrations.datatrove")
    with pytest.raises(sa.MissingExtra, match=r"pip install 'signals-agent\[datatrove\]'"):
        __import__("signals_agent.integrations.datatrove")


def test_a_robots_txt_whose_coding_cannot_be_taken_off_lets_nothing_through(tmp_path: Path) -> None:
    with (tmp_path / "one.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for path, body, fields in (
            ("/robots.txt", b"\x01\x02\xff\x00" * 99, [("Content-Encoding", "br")]),
            ("/p", b"<p>Hello", []),
        ):
            told = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html"), *fields], protocol="HTTP/1.1"
            )
            writer.write_record(
                writer.create_warc_record(
                    "https://a.example" + path,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=told,
                )
            )
    robots = robots_in(str(tmp_path))
    pages = [each for each in WarcResponses(str(tmp_path)).run() if each.metadata["url"][-1] == "p"]
    assert [SignalsFilter(POLICY, robots=robots).filter(page) for page in pages] == [
        (False, "hold-access-undetermined")
    ]


TDMREP = b'[{"location": "/", "tdm-reservation": 1}]'
SITE_FILES = [
    ([("/.well-known/tdmrep.json", 200, TDMREP, "2026-05-01T10:00:00Z")], "skip-disallow"),
    ([("/.well-known/tdmrep.json", 404, b"", "2026-05-01T10:00:00Z")], "kept"),
    ([("/.well-known/tdmrep.json", 200, TDMREP, "2026-04-01T10:00:00Z")], "kept"),
    ([("/files/tdmrep.json", 200, TDMREP, "2026-05-01T10:00:00Z")], "kept"),
    ([], "kept"),
]


@pytest.mark.parametrize(
    ("found", "said"),
    SITE_FILES,
    ids=[
        "one that reserves is heeded",
        "one that is not there",
        "one of another day is not used",
        "one at another path is a page",
        "none was asked for",
    ],
)
def test_site_files_are_read_out_of_the_crawl(
    found: list[tuple[str, int, bytes, str]], said: str, tmp_path: Path
) -> None:
    day = "2026-05-01T12:00:00Z"
    page = ("/p", 200, b"<p>Hello", day)
    robots = ("/robots.txt", 200, b"User-agent: *\nAllow: /\n", day)
    with (tmp_path / "site.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for path, status, body, date in (page, robots, *found):
            told = StatusAndHeaders(
                f"{status} Said", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            )
            writer.write_record(
                writer.create_warc_record(
                    "https://a.example" + path,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=told,
                    warc_headers_dict={"WARC-Date": date},
                )
            )
    folder = str(tmp_path)
    step = SignalsFilter(POLICY, robots=robots_in(folder), site_files=site_files_in(folder))
    page_of = {each.metadata["url"][-2:]: each for each in WarcResponses(folder).run()}
    assert step.filter(page_of["/p"]) == (True if said == "kept" else (False, said))


ANSWERS = (
    ("/page", 200, "text/html", b"<p>Hello"),
    ("/bare", 200, "text/html", b""),
    ("/go", 302, "", b""),
    ("/here", 301, "text/html", b""),
    ("/gone", 404, "text/plain", b"gone"),
    ("/a.png", 200, "image/png", b"\x89PNG"),
    ("/b.png", 200, "image/png", b"\x89PNG"),
    ("/data", 200, "application/json", b"{}"),
    ("/odd", 200, "no type of anybody's", b"?"),
    ("/robots.txt", 200, "text/plain", b"User-agent: *\nAllow: /\n"),
    ("/paid", 402, "application/json", b'{"x402Version": 1, "accepts": []}'),
    ("/toll", 402, "", b""),
    ("/till", 402, "image/png", b"\x89PNG"),
)


def test_what_a_warc_file_has_besides_pages_is_counted_and_terms_are_judged(tmp_path: Path) -> None:
    with (tmp_path / "all.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for path, status, kind, body in ANSWERS:
            fields = [("Content-Type", kind)] if kind else []
            if status == 402:
                fields.append(("Link", '<https://a.example/terms>; rel="license"'))
            told = StatusAndHeaders(f"{status} Said", fields, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    "https://a.example" + path,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=told,
                )
            )
    reader = WarcResponses(str(tmp_path))
    pages = {each.metadata["url"].rpartition("/")[2]: each for each in reader.run()}
    assert set(pages) == {"page", "paid", "toll", "till"}
    assert {
        name: each.total for name, each in reader.stats.stats.items() if "left_out" in name
    } == {
        "left_out_redirect": 2,
        "left_out_error": 1,
        "left_out_image": 2,
        "left_out_application": 1,
        "left_out_text": 1,
        "left_out_other": 1,
        "left_out_empty": 1,
    }
    step = SignalsFilter(POLICY, robots=robots_in(str(tmp_path)))
    assert kept(step.filter(pages["page"]))
    for name in ("paid", "toll", "till"):
        assert step.filter(pages[name]) == (False, "hold-access-terms")
    (reason,) = pages["paid"].metadata["signals_agent"]["reasons"]
    assert reason["text"].startswith("the site states terms: ")


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ({}, "“Tides”, in a.example, https://a.example/p"),
        ({"credit": "text"}, "“Tides”, in a.example, https://a.example/p"),
        ({"credit": "markdown"}, "[Tides](<https://a.example/p>), in a.example"),
    ],
    ids=["as text unless it is said", "as text", "as Markdown"],
)
def test_the_credit_line_comes_in_the_style_that_is_asked_for(
    style: dict[str, str], said: str
) -> None:
    document = doc(
        "<title>Tides</title>", headers=[*HTML, ["Content-Usage", "train-ai=n;exceptions=cc-cr"]]
    )
    step = SignalsFilter(POLICY, robots=OPEN, **style)  # type: ignore[arg-type]  # keywords of any kind
    assert kept(step.filter(document))
    assert document.metadata["signals_agent"]["credit"] == said


def test_a_reason_names_the_status_of_what_failed() -> None:
    ill = {"https://a.example": sa.Capture("https://a.example/robots.txt", 503)}
    document = doc()
    SignalsFilter(POLICY, robots=ill).filter(document)
    (reason,) = document.metadata["signals_agent"]["reasons"]
    assert reason["text"].endswith(
        "(https://a.example/robots.txt: could not be reached, answered 503)"
    )
