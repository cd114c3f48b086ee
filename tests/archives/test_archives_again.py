"""Responses that are read once more, and answers with which nothing is the matter."""

import gzip
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("fastwarc", reason="archives are read with fastwarc")

from signals_agent import url as urls
from signals_agent.archives import Again, answer, captures
from signals_agent.archives.streams import Block
from signals_agent.limits import Limits
from signals_agent.model.capture import Role

AT = datetime(2026, 11, 1, tzinfo=UTC)
URL = urls.parse("https://a.example/page")


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in members"])
def test_what_was_read_is_read_again(packed: bool, press: Any, file: Callable[..., Path]) -> None:
    digest = "sha1:ABC"
    first = press.page("a", b"1", WARC_Payload_Digest=digest)
    again = press.record(
        "https://a.example/a", b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n", kind="revisit",
        WARC_Payload_Digest=digest,
    )  # fmt: skip
    records = [first, press.page("b", WARC_Truncated="length"), again, press.page("robots.txt")]
    path = file(b"".join(gzip.compress(each) for each in records) if packed else b"".join(records))
    read = list(captures(path))
    assert [each.record.original for each in read] == [None, None, 0, None]
    reader = Again()
    for each in (*read, *reversed(read)):
        told = each.capture
        assert reader.response(each.record, each.kind.role, told.url, told.fetched_at) == told
        # Of nothing else that may stand there by then.
        other = "https://a.example/other"
        assert reader.response(each.record, each.kind.role, other, told.fetched_at) is None
    robots = read[-1]
    assert reader.response(robots.record, Role.ASSET, robots.capture.url, None) is not None
    path.write_bytes(b"gone")
    reader.close()
    assert reader.response(read[0].record, Role.ASSET, read[0].capture.url, None) is None
    reader.close()


def test_what_damage_was_found_in_is_not_read_again(press: Any, file: Callable[..., Path]) -> None:
    whole, cut = press.page("a"), press.page("b", b"x" * 600)
    first, last = captures(file(whole + cut[:-200]))
    assert (first.record.sound, last.record.sound) == (True, False)
    capture = last.capture
    reader = Again()
    assert reader.response(last.record, Role.ASSET, capture.url, capture.fetched_at) is None
    reader.close()


FIELDS = [
    b"Content-Type: text/html", b"Content-Type: image/png", b"Content-Length: 12",
    b"Content-Length: 3", b"Content-Length: 0", b"Content-Encoding: gzip", b"X: y",
    b"Content-Encoding: identity", b"Transfer-Encoding: chunked", b"no field", b" goes on",
]  # fmt: skip
BODIES = [
    b"", b"<p>x", b"0\r\n\r\n", b"3\r\nabc\r\n0\r\n\r\n", b"words, words", b"\n\n", b"x" * 300,
    b"<title>T</title></head><body>" + b"y" * 2000, gzip.compress(b"words"), b"\x00\xff" * 40,
]  # fmt: skip
SMALL = Limits(max_body_bytes=1000, max_other_bytes=200, max_header_bytes=20_000)
TIGHT = Limits(max_header_bytes=100)


@given(
    st.sampled_from(
        [b"HTTP/1.1 200 OK", b"HTTP/1.1 404 No", b"HTTP/2 204", b"HTTP/1.0 301 X", b"x"]
    ),
    st.lists(st.sampled_from(FIELDS), max_size=4),
    st.sampled_from([b"\r\n", b"\n"]),
    st.sampled_from(BODIES),
    st.sampled_from(list(Role)),
    st.sampled_from(["page", "headers"]),
    st.sampled_from([Limits(), SMALL, TIGHT]),
    st.integers(-5, 5),
)
def test_an_answer_is_told_in_one_step_as_it_is_in_many(
    status: bytes, lines: list[bytes], end: bytes, body: bytes, role: Role, depth: str,
    limits: Limits, more: int,
) -> None:  # fmt: skip
    octets = end.join([status, *lines, b"", body])

    def told() -> tuple[Any, int]:
        block = Block(io.BytesIO(octets), max(len(octets) + more, 0))
        return answer.told(URL, AT, block, role, depth, limits), block.left

    quickly = told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer, "_plainly", lambda *_: None)
        slowly = told()
    assert quickly[0] == slowly[0]
