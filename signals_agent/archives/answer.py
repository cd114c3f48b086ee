"""A response in an archive, told as a fetch of the same octets would have told it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from signals_agent import availability
from signals_agent.archives import streams
from signals_agent.archives.http_block import Body, Ended, Head, read_head
from signals_agent.archives.streams import Block
from signals_agent.fetch import coding, failures
from signals_agent.fetch.exchange import Exchange, caps
from signals_agent.fetch.failures import Failure
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
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
_NOT_A_BOMB = 64 * 1024


def told(
    url: Url,
    at: datetime | None,
    block: Block,
    role: Role,
    depth: str,
    limits: Limits,
    *,
    partial: bool = False,
) -> Capture:
    """The response of one block as a capture; ``at`` is when it was captured.

    ``partial`` says that the archive does not hold all of it, as a block does that ends
    before its record.
    """
    head = read_head(block, limits.max_header_bytes)
    exchange = Exchange(url, role, depth, limits)
    body: Body | None = None
    announced = 0
    if head.ended is not Ended.WHOLE:
        exchange.fail(_ENDED[head.ended])
    else:
        bare = Capture(url.text, head.status, head.lines)
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
    capture = exchange.capture(at or _NO_TIME)
    if at is None:
        capture = replace(capture, fetched_at=None)
    if body is not None and body.received == 0 and announced and capture.body == b"":
        # An answer to HEAD, or one whose body was not kept: it was not read (rule R12).
        return replace(capture, body=None, truncated=False, availability=None, failure="")
    if partial or (block.left and not block.skip()):
        return in_part(capture, role, limits)
    return capture


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
