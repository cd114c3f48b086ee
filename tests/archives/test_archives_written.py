"""Exchanges kept as WARC records, and what they come to when they are read again."""

import gzip
import io
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

import fastwarc.warc
from fastwarc.warc import ArchiveIterator

import signals_agent as sa
from signals_agent.archives import Losses, captures
from signals_agent.fetch import failures
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.recording import Recorder, fields, records

AT = datetime(2026, 11, 22, 10, 11, 12, 345678, tzinfo=UTC)
URL = "https://a.example/p"
ROBOTS = "https://a.example/robots.txt"
HTML = (b"Content-Type", b"text/html")
PAGE = b"<html><head></head><body>words</body></html>"
CUT = {"truncated": True, "availability": Availability.UNREACHABLE, "failure": failures.CUT.words}


def made(
    *lines: tuple[bytes, bytes],
    body: bytes | None = PAGE,
    url: str = URL,
    status: int | None = 200,
    **more: Any,
) -> Capture:
    return Capture(url, status, lines, body, fetched_at=AT, **more)


def kept(
    folder: Path, told: Iterable[Capture], role: Role = Role.ASSET, depth: str = "page"
) -> Path:
    with Recorder(folder, software="t/1", user_agent="T/1 (+mailto:t)", depth=depth) as recorder:
        for each in told:
            recorder.take(each, role)
    (path,) = recorder.files
    return path


LONG = b"x" * (DEFAULT_LIMITS.max_header_bytes - 100)
TOLD = {
    "as it is": made(HTML, (b"Content-Length", b"44")),
    "without a length": made(HTML),
    "no field at all": made(),
    "another length": made((b"content-length", b"17"), HTML, (b"X", b"after")),
    "gzip": made((b"Content-Encoding", b"gzip"), (b"Content-Length", b"9"), HTML),
    "chunked and gzip": made(
        HTML, (b"Transfer-Encoding", b"chunked"), (b"content-encoding", b"gzip"), (b"X", b"y")
    ),
    "codings in several lines": made(
        (b"Content-Encoding", b"gzip"), HTML, (b"Content-Encoding", b"deflate")
    ),
    "two lengths that agree": made((b"Content-Length", b"44"), (b"Content-Length", b"44")),
    "a body that is itself gzip": made(
        (b"Content-Encoding", b"gzip"),
        (b"Content-Type", b"application/gzip"),
        body=gzip.compress(PAGE),
    ),
    "chunked, and a body that looks like chunks": made(
        HTML, (b"Transfer-Encoding", b"chunked"), body=b"5\r\nhello\r\n0\r\n\r\n"
    ),
    "fields that the server calls as we would": made(
        (b"X-Crawler-Content-Encoding", b"gzip"),
        (b"X-Crawler-Content-Length", b"1"),
        (b"Content-Encoding", b"gzip"),
        HTML,
    ),
    "repeated and empty fields in order": made(
        (b"X", b"1"), (b"y", b""), (b"X", b"2"), (b"Content-Usage", b"train-ai=n"), (b"x", b"1")
    ),
    "octets above 127": made((b"X", b"\xff\xe9\x80 \xc3\xa9"), HTML),
    "as long as may be": made((b"X", LONG), (b"Content-Length", b"1"), (b"Te", b"")),
    "many lengths": made(*([(b"Content-Length", b"7")] * 3000)),
    "HTML cut at the cap": made(HTML, body=b"x" * DEFAULT_LIMITS.max_body_bytes, truncated=True),
    "closed before the end": made(HTML, (b"Content-Length", b"99"), **CUT),
    "closed before the end of what was coded": made(
        HTML, (b"Content-Encoding", b"gzip"), (b"Content-Length", b"99"), body=b"", **CUT
    ),
    "a coding that we do not know": made(
        HTML,
        (b"Content-Encoding", b"br"),
        body=b"",
        truncated=True,
        availability=Availability.UNREADABLE,
        failure=failures.UNDECODABLE.words,
    ),
    "too dense": made(
        HTML,
        (b"Content-Encoding", b"gzip"),
        body=b" " * 99_999,
        truncated=True,
        availability=Availability.UNREADABLE,
        failure=failures.TOO_DENSE.words,
    ),
    "only the header section was read": made(HTML, (b"Content-Length", b"99"), body=None),
    "only the header section, and no length": made(
        HTML, (b"Transfer-Encoding", b"chunked"), body=None
    ),
    "a success without content": made(
        HTML,
        (b"Content-Length", b"0"),
        body=b"",
        availability=Availability.ABSENT,
        failure="the answer has no content",
    ),
    "204": made(
        status=204,
        body=b"",
        availability=Availability.ABSENT,
        failure="the answer has no content",
    ),
    "304 that tells of a body elsewhere": made(
        (b"Content-Length", b"500"), (b"Content-Encoding", b"gzip"), status=304, body=b""
    ),
    "304 that is chunked": made((b"Transfer-Encoding", b"chunked"), status=304, body=b""),
    "a redirect": made((b"Location", b"/q"), (b"Content-Length", b"0"), status=302, body=b""),
    "an error with a page": made(HTML, (b"Content-Length", b"44"), status=404),
    "a status that nobody knows": made(HTML, status=299),
    "IPv6": made(HTML, url="http://[2001:db8::1]:8080/x?y=1"),
    "IPv6 without a port": made(HTML, url="http://[::1]/"),
    "an international name": made(HTML, url="https://xn--bcher-kva.example/%C3%BC?q=%20"),
    "no name": made(
        body=b"",
        status=None,
        availability=Availability.UNREACHABLE,
        failure="the host name could not be resolved",
    ),
    "no time": made(
        body=b"",
        status=None,
        availability=Availability.UNREACHABLE,
        failure=failures.OUT_OF_TIME.words,
    ),
    "a header section beyond the cap": made(
        body=None,
        availability=Availability.UNREADABLE,
        failure=failures.LONG_HEADERS.words,
    ),
    "an address that is refused": made(
        body=b"",
        status=None,
        availability=Availability.UNREACHABLE,
        failure="refused: an address that we do not connect to",
        notes=("guard-refused",),
    ),
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD.keys())
def test_what_was_fetched_is_read_again_as_it_was(tmp_path: Path, told: Capture) -> None:
    losses = Losses()
    (each,) = captures(kept(tmp_path, [told]), losses=losses)
    assert each.capture == told
    assert losses.count == 0


ROBOTS_TOLD = {
    "rules": made(body=b"User-agent: *\nDisallow: /\n", url=ROBOTS),
    "coded rules": made((b"Content-Encoding", b"gzip"), body=b"User-agent: *\n", url=ROBOTS),
    "an empty file": made((b"Content-Length", b"0"), body=b"", url=ROBOTS),
    "longer than is read": made(body=b"#" * 1_024_000, url=ROBOTS, truncated=True),
    "not there": made(body=b"", url=ROBOTS, status=404),
    "an error": made(body=b"", url=ROBOTS, status=503),
    "cut": made(body=b"User-agent: *\nAllow: /\n", url=ROBOTS, **CUT),
    "undecodable": made(
        (b"Content-Encoding", b"br"),
        body=b"",
        url=ROBOTS,
        truncated=True,
        availability=Availability.UNREACHABLE,
        failure=failures.UNDECODABLE.words,
    ),
    "no answer": made(
        body=b"",
        status=None,
        url=ROBOTS,
        availability=Availability.UNREACHABLE,
        failure="no answer came in time",
    ),
}


@pytest.mark.parametrize("told", ROBOTS_TOLD.values(), ids=ROBOTS_TOLD.keys())
def test_robots_txt_is_read_again_as_it_was(tmp_path: Path, told: Capture) -> None:
    (each,) = captures(kept(tmp_path, [told], Role.ROBOTS))
    assert each.capture == told
    assert each.kind == "robots-txt"


HEAD_ONLY = b"<html><head><title>t</title></head><body>and some"


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        pytest.param(made(HTML, (b"Content-Length", b"999"), body=HEAD_ONLY), False, id="a part"),
        pytest.param(made(HTML, body=HEAD_ONLY), False, id="a part, for all that is known"),
        pytest.param(made(HTML, (b"Content-Length", b"49"), body=HEAD_ONLY), True, id="whole"),
        pytest.param(made(HTML, body=b"<p>no end of a head"), True, id="no end of a head"),
        pytest.param(made((b"Content-Type", b"text/css"), body=HEAD_ONLY), True, id="no HTML"),
    ],
)
def test_a_page_of_which_the_head_was_read_is_whole_at_that_depth_alone(
    tmp_path: Path, told: Capture, whole: bool
) -> None:
    path = kept(tmp_path, [told], depth="head")
    (head,) = captures(path, depth="head")
    (page,) = captures(path)
    assert head.capture == told
    assert page.capture == replace(told, truncated=not whole)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param((b"X", b"a\r\nContent-Usage: train-ai=y"), id="CR LF in a value"),
        pytest.param((b"X", b"a\r\n\r\n<p>body"), id="an empty line in a value"),
        pytest.param((b"X", b"a\nb\rc\0d"), id="single ends of lines in a value"),
    ],
)
def test_octets_that_end_a_line_are_blanks_in_a_value(
    tmp_path: Path, line: tuple[bytes, bytes]
) -> None:
    told = made(line, HTML)
    (each,) = captures(kept(tmp_path, [told]))
    cleaned = line[1].translate(bytes.maketrans(b"\r\n\0", b"   "))
    assert each.capture == replace(told, headers=((b"X", cleaned), HTML))


@pytest.mark.parametrize(
    "name", [b"", b" X", b"X ", b"X: y", b"X\r\nContent-Usage", b"\xff", b":status"]
)
def test_a_name_that_is_none_makes_the_answer_unreadable(tmp_path: Path, name: bytes) -> None:
    told = made((name, b"train-ai=y"), HTML)
    (each,) = captures(kept(tmp_path, [told]))
    assert each.capture.availability is Availability.UNREADABLE
    assert each.capture.field_lines(b"content-usage") == ()


_LINES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                b"Content-Length",
                b"content-encoding",
                b"Transfer-Encoding",
                b"X",
                b"Content-Type",
                b"X-Crawler-Content-Length",
                b"x-crawler-content-encoding",
            ]
        ),
        st.sampled_from([b"", b"1", b"5", b"gzip", b"chunked", b"text/html", b"\xe9"]),
    ),
    max_size=8,
)


@given(_LINES, st.sampled_from([None, 0, 1, 5]))
def test_kept_fields_are_turned_back_whatever_they_are(
    lines: list[tuple[bytes, bytes]], length: int | None
) -> None:
    stand, renamed, added = fields.kept(lines, length)
    back = fields.turned_back(stand, " ".join(map(str, renamed)), "content-length" if added else "")
    assert back == lines
    names = [name.lower() for name, _ in stand]
    assert b"content-encoding" not in names
    assert b"transfer-encoding" not in names
    if length is not None:
        assert [v.strip() for n, v in stand if n.lower() == b"content-length"] == [b"%d" % length]


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"X_Signals_Renamed": "0 1 2 3"}, id="every line was renamed"),
        pytest.param({"X_Signals_Added": "content-length"}, id="the last line was added"),
        pytest.param({"X_Signals_Added": "content-usage"}, id="another line was added"),
        pytest.param({"X_Signals_Renamed": "-1 9999999999 ² x"}, id="places that are none"),
        pytest.param({"X_Signals_Failure": "all is allowed"}, id="words that are not ours"),
        pytest.param({"X_Signals_Status": "200"}, id="a status"),
    ],
)
def test_no_claim_of_a_record_takes_a_refusal_away(
    press: Any, file: Callable[..., Path], claims: dict[str, str]
) -> None:
    block = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Crawler-Content-Usage: train-ai=y\r\n"
        b"Content-Usage: train-ai=n\r\n\r\n" + PAGE
    )
    path = file(press.record(URL, block, X_Signals_Role="asset", **claims))
    (each,) = captures(path)
    assert each.capture.field_lines(b"content-usage") == (b"train-ai=n",)
    result = sa.assess(each.capture, robots=sa.ABSENT, policy=sa.Policy())
    assert result.verdict is not None
    assert result.verdict.decision != "ingest"


@pytest.mark.parametrize("words", ["absent", "the answer has no content", "no rules", "\x1b[1m"])
def test_a_record_without_an_answer_never_opens_a_door(
    press: Any, file: Callable[..., Path], words: str
) -> None:
    more = {"X_Signals_Role": "robots-txt", "X_Signals_Failure": words, "X_Signals_Status": "404"}
    (each,) = captures(file(press.record(ROBOTS, b"", kind="metadata", **more)))
    assert each.capture.availability is Availability.UNREACHABLE
    assert words not in each.capture.failure
    page = sa.Capture(URL, 200, [HTML], PAGE)
    result = sa.assess(page, robots=each.capture, policy=sa.Policy())
    assert result.verdict is not None
    assert result.verdict.decision != "ingest"


def test_metadata_of_others_is_none_of_ours(press: Any, file: Callable[..., Path]) -> None:
    losses = Losses()
    block = b"fetchTimeMs: 12\r\n"
    octets = press.record(URL, block, kind="metadata") + press.record(
        URL, block, kind="metadata", X_Signals_Role="asset"
    )
    assert list(captures(file(octets), losses=losses)) == []
    assert losses.left_out == {"metadata": 2}


def test_other_tools_find_the_records_and_their_digests_hold(tmp_path: Path) -> None:
    path = kept(tmp_path, (*TOLD.values(), replace(TOLD["as it is"], url=URL + "x" * 60_000)))
    kinds, parsed = [], 0
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest()
            kinds.append(record.headers["WARC-Type"])
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.headers.get("WARC-Payload-Digest"):
                assert record.is_http
                assert record.verify_payload_digest()
                parsed += 1
    failed = sum(
        each.status is None or each.failure == failures.LONG_HEADERS.words for each in TOLD.values()
    )
    answered = len(TOLD) + 1 - failed
    long = sum(sum(map(len, sum(each.headers, ()))) > 30_000 for each in TOLD.values())
    assert parsed == 2 * answered - long - 1
    assert kinds[0] == "warcinfo"
    assert sorted(kinds[1:]) == sorted(
        ["metadata"] * failed + ["response"] * answered + ["request"] * answered
    )


@pytest.mark.filterwarnings(
    # warcio leaves its files to the collector.
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_warcio_reads_and_checks_every_record(tmp_path: Path) -> None:
    iterator = pytest.importorskip(
        "warcio.archiveiterator", reason="archives are checked by warcio"
    )
    path = kept(tmp_path, TOLD.values())
    ran = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "fail" not in ran.stdout
    assert ran.stdout.count("digest pass") > 2 * len(TOLD) - 10
    told = {name: each for name, each in TOLD.items() if each.status is not None}
    found = []
    with path.open("rb") as stream:
        ids: list[str] = []
        for record in iterator.ArchiveIterator(stream, check_digests="raise"):
            ids.append(record.rec_headers.get_header("WARC-Record-ID"))
            body = record.content_stream().read()
            if record.rec_type == "response":
                found.append((record.http_headers.get_statuscode(), body))
    assert len(ids) == len(set(ids))
    assert found == [
        (str(each.status), each.body or b"")
        for each in told.values()
        if each.failure != failures.LONG_HEADERS.words
    ]


def test_a_file_begins_with_what_wrote_it(tmp_path: Path) -> None:
    path = kept(tmp_path, [TOLD["gzip"], TOLD["no name"]])
    assert path.name == "signals-00001.warc.gz"
    with path.open("rb") as stream:
        first, *others = (
            (dict(each.headers), each.reader.read())
            for each in ArchiveIterator(stream, parse_http=False)
        )
    head, block = first
    assert head["WARC-Filename"] == path.name
    assert head["Content-Type"] == "application/warc-fields"
    said = dict(line.split(": ", 1) for line in block.decode().splitlines())
    assert said["software"] == "t/1"
    assert said["format"] == "WARC File Format 1.1"
    assert said["http-header-user-agent"] == "T/1 (+mailto:t)"
    assert "RFC 9309" in said["robots"]
    assert {each["WARC-Warcinfo-ID"] for each, _ in others} == {head["WARC-Record-ID"]}
    response, request, metadata = others
    assert response[0]["WARC-Date"] == "2026-11-22T10:11:12.345678Z"
    assert response[0]["WARC-Type"] == "response"
    assert response[0]["Content-Type"] == "application/http; msgtype=response"
    assert response[1] == (
        b"HTTP/1.1 200 OK\r\nX-Crawler-Content-Encoding: gzip\r\nX-Crawler-Content-Length: 9\r\n"
        b"Content-Type: text/html\r\nContent-Length: 44\r\n\r\n" + PAGE
    )
    assert request[0]["WARC-Concurrent-To"] == response[0]["WARC-Record-ID"]
    assert metadata[1].decode() == (
        "url: https://a.example/p\r\n"
        "outcome: unreachable\r\nfailure: the host name could not be resolved\r\n"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("HTML cut at the cap", "length"),
        ("closed before the end", "disconnect"),
        ("too dense", "length"),
        ("a coding that we do not know", "unspecified"),
        ("only the header section was read", "unspecified"),
        ("gzip", None),
        ("a redirect", None),
    ],
)
def test_what_is_not_whole_says_why(tmp_path: Path, name: str, reason: str | None) -> None:
    with kept(tmp_path, [TOLD[name]]).open("rb") as stream:
        records_ = ArchiveIterator(stream, fastwarc.warc.WarcRecordType.response)
        assert [each.headers.get("WARC-Truncated") for each in records_] == [reason]


def test_an_answer_that_took_too_long_says_so(tmp_path: Path) -> None:
    told = made(HTML, **(CUT | {"failure": "no answer came in time"}))
    path = kept(tmp_path, [told])
    assert b"WARC-Truncated: time\r\n" in gzip.decompress(path.read_bytes())
    assert [each.capture for each in captures(path)] == [told]


def test_every_record_is_a_gzip_member_of_its_own_and_the_same_each_time() -> None:
    maker = records.Maker("t/1", "T/1", "page")
    told = TOLD["gzip"]
    octets = records.exchange(maker, told, Role.ASSET, AT, "<urn:uuid:0>", 7)
    assert octets == records.exchange(maker, told, Role.ASSET, AT, "<urn:uuid:0>", 7)
    file = io.BytesIO(octets)
    offsets = [each.stream_pos for each in ArchiveIterator(file, parse_http=False)]
    assert offsets[0] == 0
    assert octets[offsets[1] :].startswith(b"\x1f\x8b")


def test_a_date_in_another_zone_is_told_in_utc(tmp_path: Path) -> None:
    told = replace(TOLD["gzip"], fetched_at=AT.astimezone(timezone(timedelta(hours=5))))
    (each,) = captures(kept(tmp_path, [told]))
    assert each.capture.fetched_at == AT


def test_a_url_that_is_none_cannot_end_its_line(tmp_path: Path) -> None:
    told = replace(TOLD["gzip"], url="https://a.example/ \r\nWARC-Type: x\ud800y")
    losses = Losses()
    (each,) = captures(kept(tmp_path, [told]), losses=losses)
    assert each.capture.url == "https://a.example/%20%0D%0AWARC-Type:%20x?y"
    assert losses.count == 0


@pytest.mark.parametrize("name", ["as it is", "no name"])
def test_a_very_long_url_stands_in_a_block_and_spoils_no_file(tmp_path: Path, name: str) -> None:
    told = replace(TOLD[name], url="https://a.example/" + "x" * 60_000)
    losses = Losses()
    path = kept(tmp_path, [told, TOLD["gzip"]])
    assert [each.capture for each in captures(path, losses=losses)] == [TOLD["gzip"]]
    assert losses.left_out["no-web-address"] == 1
    assert losses.count == 0
    assert b"x" * 60_000 in gzip.decompress(path.read_bytes())


def test_caps_of_the_reader_hold_for_records_of_ours(tmp_path: Path) -> None:
    path = kept(tmp_path, [TOLD["gzip"], TOLD["as long as may be"]])
    first, second = captures(path, limits=Limits(max_body_bytes=10, max_header_bytes=1000))
    assert (first.capture.body, first.capture.truncated) == (PAGE[:10], True)
    assert second.capture.availability is Availability.UNREADABLE
