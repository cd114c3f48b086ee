"""A response in an archive, told as a fetch of the same octets would have told it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from signals_agent import availability
from signals_agent.archives import streams
from signals_agent.archives.http_block import END, Body, Ended, Head, parse, read_head
from signals_agent.archives.streams import Block
from signals_agent.fetch import coding, failures
from signals_agent.fetch.exchange import Exchange, caps, head_of, holds_the_head
from signals_agent.fetch.failures import Failure
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.recording import fields
from signals_agent.url import Url

_BROKEN = Failure(
    "the archived header section is not well-formed HTTP", availability=Availability.UNREADABLE
)
_HEAD_CUT = Failure(
    "the archived record ends within the header section", availability=Availability.UNREADABLE
)
IN_PART = "the archive holds only a part of the answer"
_ENDED = {
    Ended.BROKEN: _BROKEN,
    Ended.CUT: _HEAD_CUT,
    Ended.TOO_LONG: failures.LONG_HEADERS,
}
_NO_TIME = datetime.min.replace(tzinfo=UTC)
_BEGINNING = 2048 + 8
_SHORT_HEAD = 8192
_NOT_A_BOMB = 64 * 1024


@dataclass(frozen=True, slots=True)
class Own:
    """What a record says that ``signals_agent.recording`` wrote, or that claims so.

    All that it can do is to make an answer *unreachable* or *unreadable*, and to put fields
    back that tell of codings and lengths.
    """

    failure: str = ""
    status: str = ""
    renamed: str = ""
    added: str = ""


def told(
    url: Url,
    at: datetime | None,
    block: Block,
    role: Role,
    depth: str,
    limits: Limits,
    *,
    partial: bool = False,
    own: Own | None = None,
) -> Capture:
    """The response of one block as a capture; ``at`` is when it was captured.

    ``partial`` says that the archive does not hold all of it, as a block does that ends
    before its record; ``own`` is what a record of ours says besides.
    """
    if own is None and not partial and at and block.left <= limits.max_body_bytes:
        plain = _plainly(url, at, block, role, depth, limits)
        if plain is not None:
            return plain
    # Fields that stand under another name are longer than they were.
    head = read_head(block, limits.max_header_bytes * (1 if own is None else 2))
    exchange = Exchange(url, role, depth, limits)
    body: Body | None = None
    announced = 0
    if head.ended is not Ended.WHOLE:
        exchange.fail(_ENDED[head.ended])
    else:
        bare = Capture(url.text, head.status, head.lines)
        if own is not None:
            head.lines = fields.turned_back(head.lines, own.renamed, own.added)
        transfer = b",".join(bare.field_lines(b"transfer-encoding")).lower()
        body = Body(block, head.rest, chunked=b"chunked" in transfer)
        coded = bool(transfer or bare.field_lines(b"content-encoding"))
        announced = 0 if coded else _announced(bare)
        _take(
            exchange,
            head,
            bare,
            body,
            at or _NO_TIME,
            role,
            limits,
            announced,
            lambda: partial or block.left > 0,
        )
        if own is not None and own.failure:
            exchange.fail(failures.named(own.failure))
    capture = exchange.capture(at or _NO_TIME)
    if at is None:
        capture = replace(capture, fetched_at=None)
    if body is not None and body.received == 0 and announced and capture.body == b"":
        # An answer to HEAD, or one whose body was not kept: it was not read (rule R12).
        return replace(capture, body=None, truncated=False, availability=None, failure="")
    if own is not None and depth == "head" and role is Role.ASSET and holds_the_head(capture):
        # A fetch would have read no more of it.
        return capture
    if partial or (block.left and not block.skip()):
        return in_part(capture, role, limits)
    return capture


def failed(url: Url, at: datetime | None, role: Role, limits: Limits, own: Own) -> Capture:
    """An exchange without an answer, as a record of ours tells it: *unreachable*, mostly."""
    exchange = Exchange(url, role, "page", limits)
    exchange.fail(failures.named(own.failure))
    capture = exchange.capture(at or _NO_TIME)
    status = int(own.status) if re.fullmatch(r"[1-5][0-9]{2}", own.status) else None
    body = capture.body if status is None else None
    return replace(capture, fetched_at=at, status=status, body=body)


def _plainly(
    url: Url, at: datetime, block: Block, role: Role, depth: str, limits: Limits
) -> Capture | None:
    """The same, in one step, for an answer with which nothing is the matter, as most are.

    ``None`` where there may be: no cap is near, no coding is on it, nothing is missing, and
    more than its header section is to be read. The block is then as it was.
    """
    octets = block.read(block.left)
    end = END.search(octets, 0, _SHORT_HEAD)
    if end is not None and not block.left and limits.max_header_bytes >= 2 * _SHORT_HEAD:
        head = parse(octets[: end.start()])
        if head.ended is Ended.WHOLE and head.status is not None:
            body = octets[end.end() :]
            told = Capture(url.text, head.status, head.lines, body, at)
            if _nothing_the_matter(told, body, head.status, role, depth, limits):
                if depth == "head" and role is Role.ASSET and (length := head_of(told)):
                    return replace(told, body=body[:length])
                return told
    block.unread(octets)
    return None


def _nothing_the_matter(
    told: Capture, body: bytes, status: int, role: Role, depth: str, limits: Limits
) -> bool:
    if told.field_lines(b"transfer-encoding") or told.field_lines(b"content-encoding"):
        return False
    if 200 <= status < 300:
        if role is Role.ASSET and (not body or depth == "headers"):
            return False
        if told.field_lines(b"content-length") and _announced(told) > len(body):
            return False
    return len(body) <= caps(role, told, limits)[0]


def in_part(capture: Capture, role: Role, limits: Limits) -> Capture:
    """The capture, of which the archive does not hold all (``WARC-Truncated``, damage).

    A page in part is judged as rule R35 says; a part of robots.txt tells nothing of what
    the rest refuses, as where the connection was lost (rule R15).
    """
    if capture.availability in (Availability.UNREADABLE, Availability.UNREACHABLE):
        return replace(capture, truncated=True)
    if capture.body is None:
        return capture
    if role is Role.ROBOTS and len(capture.body) < limits.max_robots_bytes:
        successful = capture.status is not None and 200 <= capture.status < 300
        state = Availability.UNREACHABLE if successful else None
        return replace(capture, truncated=True, availability=state, failure=IN_PART)
    if capture.availability is Availability.ABSENT:
        # Nothing came of it, which is not the same as an answer without content.
        return replace(capture, body=None, availability=None, failure="")
    return replace(capture, truncated=True)


def _take(
    exchange: Exchange,
    head: Head,
    bare: Capture,
    body: Body,
    at: datetime,
    role: Role,
    limits: Limits,
    announced: int,
    lacks: Callable[[], bool],
) -> None:
    """Feed a body to an exchange, with its content coding taken off."""
    assert head.status is not None
    pieces = body.pieces()
    first = _gathered(pieces, _BEGINNING)
    beginning = replace(bare, body=first[:_BEGINNING])
    codings = b",".join(bare.field_lines(b"content-encoding")).strip().lower()
    # Many archives keep the field and take the coding off.
    plain = not codings or not availability.still_coded(beginning, page=False)
    try:
        if not plain and codings in (b"br", b"zstd"):
            most, ratio = caps(role, bare, limits)
            received = first + _gathered(pieces, most + _NOT_A_BOMB)
            if not exchange.begin(head.status, head.lines, at, decoded=True):
                return
            octets = streams.decoded(codings, received, most + 1)
            if ratio is not None and len(octets) > max(_NOT_A_BOMB, ratio * len(received)):
                raise coding.TooDense
            exchange.feed(octets)
            if len(received) > most + _NOT_A_BOMB:
                exchange.fail(failures.UNDECODABLE)
            elif body.cut and not lacks():
                exchange.fail(failures.CUT)
            return
        if not exchange.begin(head.status, head.lines, at, decoded=plain):
            return
        if first and not exchange.feed(first):
            return
        for piece in pieces:
            if not exchange.feed(piece):
                return
        if lacks():
            # What is missing was lost on the way to us, not on the wire.
            return
        if body.cut or body.received < announced:
            exchange.fail(failures.CUT)
        else:
            exchange.end()
    except OSError:
        exchange.fail(failures.UNDECODABLE)
    except (coding.Undecodable, coding.TooDense) as error:
        exchange.fail(failures.classify(error))


def _gathered(pieces: Iterator[bytes], least: int) -> bytes:
    """So many octets, or a piece more; fewer where there are no more."""
    parts: list[bytes] = []
    while least > 0 and (piece := next(pieces, b"")):
        parts.append(piece)
        least -= len(piece)
    return b"".join(parts)


def _announced(bare: Capture) -> int:
    """The octets that a success announces; none where it does not say."""
    said = (bare.field_lines(b"content-length") or (b"",))[-1].strip()
    successful = bare.status is not None and 200 <= bare.status < 300
    return int(said) if successful and said.isdigit() and len(said) < 20 else 0
