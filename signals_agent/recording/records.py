"""The octets of WARC records (WARC 1.1), each one gzip member."""

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from signals_agent import url as urls
from signals_agent.errors import InvalidURL
from signals_agent.fetch import failures, request
from signals_agent.fetch.exchange import holds_the_head
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.recording import fields

FORMAT: Final = "WARC File Format 1.1"
_CONFORMS: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_LEVEL: Final = 3
"""Higher ones take half as long again to save a tenth."""
_GZIP: Final = 31
_OCTETS: Final = "application/octet-stream"
_NO_BODY: Final = frozenset({204, 304, *range(100, 200)})
_FAILED: Final = (Availability.UNREACHABLE, Availability.UNREADABLE)
_SMALL_BODY: Final = 64 * 1024
_LONGEST_URI: Final = 8 * 1024
_LONGEST_HEAD: Final = 30_000
_LONGEST_PLACES: Final = 20_000
"""What is longer some tools give up the whole file at: fastwarc reads 32 KiB of a header."""
_LINE_ENDS: Final = re.compile(r"[\x00-\x20\x7f]")
_ROBOTS: Final = "obeyed as RFC 9309 says; the robots.txt of each origin is asked for first"
_BODIES: Final = (
    "Bodies stand without their content and transfer codings. Fields that told of those are "
    f"named {fields.PREFIX.decode()}*; {fields.RENAMED} has their places, and {fields.ADDED} "
    "says that the last Content-Length was not sent. Reason phrases and the protocol version "
    "are the usual ones. A metadata record stands for an exchange without an answer."
)


@dataclass(frozen=True, slots=True)
class Maker:
    """Whoever fetched; ``depth`` says how much of an asset was read."""

    software: str
    user_agent: str
    depth: str


def warcinfo(maker: Maker, name: str, at: datetime) -> tuple[str, bytes]:
    """The first record of a file, and its id."""
    block = _fields(
        (
            ("software", maker.software),
            ("format", FORMAT),
            ("conformsTo", _CONFORMS),
            ("robots", _ROBOTS),
            ("http-header-user-agent", maker.user_agent),
            ("description", _BODIES),
        )
    )
    named = _id(block, name, _date(at))
    head = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", named),
        ("WARC-Date", _date(at)),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
        ("WARC-Block-Digest", _digest(block)),
    )
    return named, _member(head, block)


def exchange(
    maker: Maker, capture: Capture, role: Role, at: datetime, about: str, number: int
) -> bytes:
    """The records of one exchange: response and request, or metadata where none came.

    ``at`` is the time of a capture without one, ``about`` the id of the ``warcinfo``, and
    ``number`` the place among the exchanges of the file.
    """
    date = _date(capture.fetched_at or at)
    place = f"{about} {number}"
    if capture.status is None or (capture.body is None and capture.failure):
        return _unanswered(capture, role, date, about, place)
    return _answered(maker, capture, role, date, about, place)


def _answered(
    maker: Maker, capture: Capture, role: Role, date: str, about: str, place: str
) -> bytes:
    status, body = capture.status or 0, capture.body or b""
    # What cannot have a body has none, whatever its fields tell of another answer's.
    bare = status in _NO_BODY and not body
    lines, renamed, added = fields.kept(capture.headers, None if bare else len(body))
    start = b"HTTP/1.1 %03d %s\r\n" % (status, _phrase(status))
    top = start + b"".join(b"%s: %s\r\n" % line for line in lines) + b"\r\n"
    block = top + body
    named = _id(block, capture.url, date, place)
    parsed = len(top) < _LONGEST_HEAD
    places = " ".join(map(str, renamed))
    head = (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", named),
        ("WARC-Warcinfo-ID", about),
        ("WARC-Target-URI", _uri(capture.url)),
        ("WARC-Date", date),
        ("WARC-Block-Digest", _digest(block)),
        ("WARC-Payload-Digest", _digest(body) if parsed else ""),
        ("WARC-Truncated", _truncated(capture, role, maker.depth)),
        (fields.ROLE, role.value),
        (fields.FAILURE, _text(capture.failure) if capture.availability in _FAILED else ""),
        (fields.RENAMED, places if len(places) < _LONGEST_PLACES else ""),
        (fields.ADDED, "content-length" if added else ""),
        ("Content-Type", "application/http; msgtype=response" if parsed else _OCTETS),
    )
    return _member(head, block) + _asked(maker, capture, role, date, about, named)


def _asked(maker: Maker, capture: Capture, role: Role, date: str, about: str, answer: str) -> bytes:
    """The request that was answered; none where its URL is not one that we ask for."""
    try:
        url = urls.parse(capture.url)
    except InvalidURL:
        return b""
    host = url.origin.partition("://")[2]
    said = {"Host": host, **request.fields(maker.user_agent, role)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    block = f"GET {url.target} HTTP/1.1\r\n{lines}\r\n".encode()
    parsed = len(block) < _LONGEST_HEAD
    head = (
        ("WARC-Type", "request"),
        ("WARC-Record-ID", _id(block, answer, date)),
        ("WARC-Warcinfo-ID", about),
        ("WARC-Concurrent-To", answer),
        ("WARC-Target-URI", _uri(capture.url)),
        ("WARC-Date", date),
        ("WARC-Block-Digest", _digest(block)),
        ("WARC-Payload-Digest", _digest(b"") if parsed else ""),
        ("Content-Type", "application/http; msgtype=request" if parsed else _OCTETS),
    )
    return _member(head, block)


def _unanswered(capture: Capture, role: Role, date: str, about: str, place: str) -> bytes:
    words = _text(capture.failure) or "no answer"
    status = "" if capture.status is None else str(capture.status)
    outcome = str(capture.availability or "")
    block = _fields((("url", _one_word(capture.url)), ("outcome", outcome), ("failure", words)))
    head = (
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", _id(block, date, place)),
        ("WARC-Warcinfo-ID", about),
        ("WARC-Target-URI", _uri(capture.url)),
        ("WARC-Date", date),
        ("WARC-Block-Digest", _digest(block)),
        (fields.ROLE, role.value),
        (fields.FAILURE, words),
        (fields.STATUS, status),
        ("Content-Type", "application/warc-fields"),
    )
    return _member(head, block)


def _truncated(capture: Capture, role: Role, depth: str) -> str:
    """Why the record does not hold all of the answer; empty where it does."""
    body = capture.body
    successful = capture.status is not None and 200 <= capture.status < 300
    if capture.truncated and capture.failure:
        return failures.cut_by(capture.failure)
    if capture.truncated:
        return "length" if successful or len(body or b"") >= _SMALL_BODY else "unspecified"
    if not successful or role is not Role.ASSET or depth == "page":
        return "unspecified" if body is None and successful else ""
    if body is None:
        return "unspecified"
    sent = capture.field_lines(b"content-length")
    codings = capture.field_lines(b"content-encoding")
    if not codings and [each.strip() for each in sent] == [b"%d" % len(body)]:
        return ""
    return "unspecified" if depth == "head" and holds_the_head(capture) else ""


def _member(head: Iterable[tuple[str, str]], block: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in head if value)
    top = f"WARC/1.1\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode()
    return zlib.compress(top + block + b"\r\n\r\n", _LEVEL, _GZIP)


def _fields(said: Iterable[tuple[str, str]]) -> bytes:
    """A block of ``application/warc-fields``."""
    return "".join(f"{name}: {_text(value)}\r\n" for name, value in said).encode()


def _digest(octets: bytes) -> str:
    return f"sha256:{hashlib.sha256(octets).hexdigest()}"


def _id(block: bytes, *rest: str) -> str:
    """A name that the same record always has."""
    told = hashlib.sha256("\n".join((_digest(block), *rest)).encode("utf-8", "replace")).digest()
    return f"<{uuid.UUID(bytes=told[:16], version=5).urn}>"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _uri(url: str) -> str:
    """The URL, or a name for it where it is very long (RFC 6920); its whole is in a block."""
    text = _one_word(url)
    if len(text) <= _LONGEST_URI:
        return text
    told = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"ni:///sha-256;{told.decode().rstrip('=')}"


def _one_word(url: str) -> str:
    text = _LINE_ENDS.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return text.encode("utf-8", "replace").decode()


def _text(value: str) -> str:
    """The text in one line, as words with one blank between them."""
    return " ".join(value.split()).encode("utf-8", "replace").decode()


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode("ascii")
    except ValueError:
        return b""
