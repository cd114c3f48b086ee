"""What a revisit record comes to: an answer whose body stands in another record."""

from dataclasses import replace
from datetime import datetime
from typing import IO, Any, Final

from signals_agent.archives import answer
from signals_agent.archives.http_block import Ended, read_head
from signals_agent.archives.streams import Block, Octets, Part, records
from signals_agent.fetch.exchange import within_caps
from signals_agent.limits import Limits
from signals_agent.model.capture import Availability, Capture, Role
from signals_agent.url import Url

_REMEMBERED: Final = 60_000
"""Names of records by which originals are found; the oldest are forgotten."""
_NO_HEAD: Final = "a revisit record does not hold the header section"
_NO_ORIGINAL: Final = "a revisit record of what the archive does not hold"


class Originals:
    """Where the responses of a file stand, by what revisit records call them."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size = file, size
        # By hash: so many names would be long.
        self._at: dict[int, int] = {}

    def remember(self, fields: Any, at: int | None) -> None:
        """Keep where a response stands; what has no offset cannot be found again."""
        if at is None or fields.get("WARC-Truncated") or fields.get("WARC-Segment-Number"):
            return
        for name in (
            fields.get("WARC-Record-ID"),
            fields.get("WARC-Payload-Digest"),
            _visit(fields.get("WARC-Target-URI"), fields.get("WARC-Date")),
        ):
            if name:
                self._at.pop(hash(name), None)
                self._at[hash(name)] = at
        while len(self._at) > _REMEMBERED:
            del self._at[next(iter(self._at))]

    def of(self, fields: Any) -> tuple[Any, int | None]:
        """The response that a revisit record means, and where it stands, if it is there."""
        names = [
            fields.get("WARC-Refers-To"),
            _visit(fields.get("WARC-Refers-To-Target-URI"), fields.get("WARC-Refers-To-Date")),
        ]
        if "server-not-modified" not in (fields.get("WARC-Profile") or ""):
            # What has the same digest is the same body, whatever URL it came from.
            names.append(fields.get("WARC-Payload-Digest"))
        for name in names:
            at = self._at.get(hash(name)) if name else None
            if at is None:
                continue
            record = self.at(at)
            if record is not None:
                return record, at
        return None, None

    def at(self, offset: int) -> Any:
        """The response at an offset; ``None`` where there is none."""
        try:
            record = next(records(Part(self._file, offset, self._size)), None)
        except (OSError, ValueError):
            return None
        if record is not None and record.headers.get("WARC-Type") == "response":
            return record
        return None


def revisited(
    url: Url,
    at: datetime | None,
    block: Octets,
    original: Any,
    role: Role,
    depth: str,
    limits: Limits,
) -> Capture:
    """The answer of a revisit record: its own header section, the body of the original.

    After a 304 it is the original with the new fields (RFC 9111 3.2). Without the original
    the body was not read; without a header section nothing was looked at.
    """
    head = read_head(block, limits.max_header_bytes)
    if head.ended is not Ended.WHOLE:
        return Capture(
            url.text, fetched_at=at, availability=Availability.NOT_LOOKED, failure=_NO_HEAD
        )
    own = Capture(url.text, head.status, head.lines, fetched_at=at)
    if original is None:
        if head.status == 304:
            own = replace(own, availability=Availability.NOT_LOOKED, failure=_NO_ORIGINAL)
        return within_caps(own, limits, role)
    source = Block(original.reader, original.content_length)
    first = answer.told(url, at, source, role, depth, limits)
    if head.status == 304:
        found = first.refreshed(own)
    else:
        found = replace(first, status=head.status, headers=tuple(head.lines), fetched_at=at)
    return within_caps(found, limits, role)


def _visit(uri: str | None, date: str | None) -> str:
    return f"{date} {uri.strip().strip('<>')}" if uri and date else ""
