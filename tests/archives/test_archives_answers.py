"""What single responses of an archive come to, whole or not."""

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

import signals_agent as sa
from signals_agent.archives import Losses, captures
from signals_agent.limits import Limits
from signals_agent.model.capture import Capture

brotli = pytest.importorskip("brotli", reason="bodies in br are written with brotli")
URL = "https://a.example/p"
HTML = b"<html><head><title>T</title></head><body>" + b"word " * 50
HTML_TYPE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def told(press: Any, file: Callable[..., Path]) -> Callable[..., Capture]:
    def one(block: bytes, url: str = URL, **more: Any) -> Capture:
        options = {key: more.pop(key) for key in ("limits", "depth") if key in more}
        (each,) = captures(file(press.record(url, block, **more)), **options)
        return each.capture

    return one


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in chunks) + end


CODED = b"Content-Encoding: %s\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = gzip.compress(HTML)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(HTML_TYPE + b"\r\n" + HTML, id="as it is"),
        pytest.param(HTML_TYPE.replace(b"\r", b"") + b"\n" + HTML, id="lines that end in LF"),
        pytest.param(HTML_TYPE + CODED % b"gzip" + b"\r\n" + GZIP, id="gzip"),
        pytest.param(HTML_TYPE + CODED % b"deflate" + b"\r\n" + zlib.compress(HTML), id="deflate"),
        pytest.param(HTML_TYPE + CODED % b"br" + b"\r\n" + brotli.compress(HTML), id="brotli"),
        pytest.param(HTML_TYPE + CODED % b"gzip" + b"\r\n" + HTML, id="gzip taken off before"),
        pytest.param(HTML_TYPE + CODED % b"br" + b"\r\n" + HTML, id="brotli taken off before"),
        pytest.param(HTML_TYPE + CHUNKED + chunked(HTML[:9], HTML[9:]), id="chunks"),
        pytest.param(HTML_TYPE + CHUNKED + HTML, id="chunks taken off before"),
        pytest.param(HTML_TYPE + CODED % b"gzip" + CHUNKED + chunked(GZIP), id="chunks and gzip"),
        pytest.param(HTML_TYPE.replace(b"1.1 200 OK", b"2 200") + b"\r\n" + HTML, id="HTTP/2"),
        pytest.param(HTML_TYPE.replace(b"1.1", b"1.0") + b"\r\n" + HTML, id="HTTP/1.0"),
        pytest.param(
            b":status: 200\r\ncontent-type: text/html\r\n\r\n" + HTML, id="HTTP/2 pseudo-fields"
        ),
    ],
)
def test_a_body_is_read_without_its_codings(told: Callable[..., Capture], block: bytes) -> None:
    capture = told(block)
    assert (capture.url, capture.status, capture.body) == (URL, 200, HTML)
    assert capture.content_type == "text/html"
    assert (capture.truncated, capture.availability, capture.failure) == (False, None, "")
    assert capture.fetched_at == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_field_lines_stay_in_order_and_repeated_ones_each(told: Callable[..., Capture]) -> None:
    block = b"HTTP/1.1 200 OK\r\nX: 1\r\ny:2\r\nX:  \xff\r\n folded\r\n\r\n"
    assert told(block).headers == ((b"X", b"1"), (b"y", b"2"), (b"X", b"\xff folded"))


@pytest.mark.parametrize(
    ("block", "availability"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nno field\r\n\r\n" + HTML, "unreadable", id="no colon"),
        pytest.param(b"HTTP/1.1 200 OK\r\na b: c\r\n\r\n" + HTML, "unreadable", id="no name"),
        pytest.param(b"\x00\x01\x02\r\n\r\n", "unreadable", id="octets"),
        pytest.param(b"", "unreadable", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Ty", "unreadable", id="head that is cut"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "unreadable", id="long"
        ),
        pytest.param(
            HTML_TYPE + CODED % b"br" + b"\r\n\x1b\xff\x00\x81\x02", "unreadable", id="bad br"
        ),
        pytest.param(
            HTML_TYPE
            + CODED % b"br"
            + b"\r\n"
            + brotli.compress(HTML * 99 + bytes(range(256)))[:-20],
            "unreadable",
            id="brotli that is cut",
        ),
        pytest.param(
            HTML_TYPE + CODED % b"gzip" + b"\r\n" + GZIP[:50], "unreachable", id="gzip that is cut"
        ),
        pytest.param(
            HTML_TYPE + CODED % b"gzip" + b"\r\n" + gzip.compress(b" " * 4_000_000),
            "unreadable",
            id="gzip too dense",
        ),
        pytest.param(
            HTML_TYPE + CODED % b"br" + b"\r\n" + brotli.compress(b" " * 4_000_000),
            "unreadable",
            id="brotli too dense",
        ),
        pytest.param(
            HTML_TYPE + CHUNKED + chunked(HTML, end=b""), "unreachable", id="no last chunk"
        ),
        pytest.param(
            HTML_TYPE + CHUNKED + chunked(HTML)[:60], "unreachable", id="chunk that is cut"
        ),
        pytest.param(
            HTML_TYPE + CHUNKED + chunked(HTML, end=b"zz\r\n"), "unreachable", id="wrong chunk"
        ),
        pytest.param(
            HTML_TYPE + b"Content-Length: 999\r\n\r\n" + HTML, "unreachable", id="fewer octets"
        ),
        pytest.param(HTML_TYPE + b"\r\n", "absent", id="a success without content"),
    ],
)
def test_what_is_not_whole_is_told_and_never_ingested(
    told: Callable[..., Capture], block: bytes, availability: str
) -> None:
    capture = told(block)
    assert capture.availability == availability
    assert capture.failure
    result = sa.assess(capture, robots=sa.ABSENT, policy=sa.Policy())
    assert result.verdict is not None
    assert result.verdict.decision != "ingest"


@pytest.mark.parametrize("reason", ["length", "time", "disconnect", "unspecified"])
def test_a_record_that_was_truncated_is_a_part(told: Callable[..., Capture], reason: str) -> None:
    block = HTML_TYPE + b"Content-Length: 999\r\n\r\n" + HTML
    capture = told(block, WARC_Truncated=reason)
    assert (capture.body, capture.truncated, capture.availability) == (HTML, True, None)


def test_a_part_of_robots_txt_tells_nothing_of_the_rest(told: Callable[..., Capture]) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nAllow: /\n"
    capture = told(block, "https://a.example/robots.txt", WARC_Truncated="length")
    assert (capture.truncated, capture.availability) == (True, "unreachable")


def test_a_truncated_record_without_a_body_was_not_read(told: Callable[..., Capture]) -> None:
    assert told(HTML_TYPE + b"\r\n", WARC_Truncated="length").body is None
    assert told(HTML_TYPE + b"Content-Length: 9\r\n\r\n").body is None


def test_caps_and_depth_are_those_of_a_fetch(told: Callable[..., Capture]) -> None:
    block = HTML_TYPE + b"\r\n" + HTML
    capped = told(block, limits=Limits(max_body_bytes=100))
    assert (capped.body, capped.truncated) == (HTML[:100], True)
    assert told(block, depth="headers").body is None
    long = b"<head></head><body>" + b"x" * 300_000
    head = told(HTML_TYPE + b"\r\n" + long, depth="head").body
    assert head is not None
    assert head.startswith(b"<head></head>")
    assert len(head) < len(long)


def test_a_date_without_a_time_of_day_is_none(told: Callable[..., Capture]) -> None:
    assert told(HTML_TYPE + b"\r\nx", WARC_Date="2026-11-01").fetched_at is None
    assert told(HTML_TYPE + b"\r\nx", WARC_Date="soon").fetched_at is None
    fine = told(HTML_TYPE + b"\r\nx", WARC_Date="2026-11-01T12:00:00.123456789Z").fetched_at
    assert fine == datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_what_is_no_response_from_the_web_is_counted(press: Any, file: Callable[..., Path]) -> None:
    losses = Losses()
    octets = b"".join(
        (
            press.record("", b"software: x", kind="warcinfo"),
            press.record(URL, b"GET / HTTP/1.1\r\n\r\n", kind="request"),
            press.record("dns:a.example", b"a.example. 1 IN A 192.0.2.1"),
            press.record(f"<{URL}>", HTML_TYPE + b"\r\nx"),
        )
    )
    assert [each.capture.url for each in captures(file(octets), losses=losses)] == [URL]
    assert losses.left_out == {"warcinfo": 1, "request": 1, "no-web-address": 1}
    assert losses.count == 0


SAME = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
UNCHANGED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"WARC_Payload_Digest": "sha1:A"}, id="by digest"),
        pytest.param({"WARC_Refers_To": f"<urn:{URL}:response>"}, id="by record"),
        pytest.param(
            {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": "2026-11-01T12:00:00Z"},
            id="by URL and date",
        ),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_revisit_has_its_own_fields_and_the_body_of_the_original(
    press: Any, file: Callable[..., Path], names: dict[str, str], packed: bool
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Usage: train-ai=n\r\n\r\n"
    records = (
        press.page("other"),
        press.record(
            URL, HTML_TYPE + CODED % b"gzip" + b"\r\n" + GZIP, WARC_Payload_Digest="sha1:A"
        ),
        press.page("next"),
        press.record(
            URL, head, kind="revisit", WARC_Profile=SAME, WARC_Date="2026-11-02T12:00:00Z", **names
        ),
        press.page("last"),
    )
    read = list(captures(file(press.gz(*records) if packed else b"".join(records))))
    assert len(read) == 5
    again = read[3].capture
    assert again.body == HTML
    assert again.field_lines(b"content-usage") == (b"train-ai=n",)
    assert again.field_lines(b"content-encoding") == ()
    assert again.fetched_at == datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_a_304_refreshes_the_original(press: Any, file: Callable[..., Path]) -> None:
    octets = press.record(URL, HTML_TYPE + b"\r\n" + HTML) + press.record(
        URL,
        b"HTTP/1.1 304 Not Modified\r\nContent-Usage: train-ai=n\r\n\r\n",
        kind="revisit",
        WARC_Profile=UNCHANGED,
        WARC_Refers_To=f"<urn:{URL}:response>",
    )
    _, again = (each.capture for each in captures(file(octets)))
    assert (again.status, again.body) == (200, HTML)
    assert again.field_lines(b"content-usage") == (b"train-ai=n",)


@pytest.mark.parametrize(
    ("head", "availability"),
    [
        pytest.param(HTML_TYPE + b"\r\n", None, id="its fields are there"),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\n\r\n", "not-looked", id="a 304"),
        pytest.param(b"", "not-looked", id="without a header section"),
    ],
)
def test_a_revisit_of_what_is_not_there_has_no_body(
    told: Callable[..., Capture], head: bytes, availability: str | None
) -> None:
    capture = told(head, kind="revisit", WARC_Profile=SAME, WARC_Payload_Digest="sha1:Z")
    assert (capture.body, capture.availability) == (None, availability)
