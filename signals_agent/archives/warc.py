"""WARC files, record by record, also where they are damaged."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any

from signals_agent import url as urls
from signals_agent.archives import answer
from signals_agent.archives.find import Finder
from signals_agent.archives.losses import Loss, Losses
from signals_agent.archives.record import Archived, Record, kind_of
from signals_agent.archives.revisit import Originals, revisited
from signals_agent.archives.streams import GZIP, Block, Member, Part, coding, records
from signals_agent.errors import InvalidURL
from signals_agent.limits import Limits
from signals_agent.model.capture import Capture, Role
from signals_agent.recording.fields import ADDED, FAILURE, RENAMED, ROLE, STATUS

_HEAD = 64 * 1024
_GRAIN = 512
_SPARE = 8
"""Octets that may stand between a block and what follows; the rule is four."""


@dataclass(slots=True)
class _Seen:
    """A record that was read: where it begins, what its block is said to be, and if it was whole.

    It is handed out once the next one has been found where it must be.
    """

    at: int | None
    length: int
    whole: bool
    told: Archived | None


class Warc:
    """The responses of one WARC file; ``name`` is how it is called in what is handed out."""

    def __init__(
        self,
        file: IO[bytes],
        name: str,
        depth: str,
        limits: Limits,
        losses: Losses,
        packed: bytes | None = None,
    ) -> None:
        self._file, self._name = file, name
        self._depth, self._limits, self._losses = depth, limits, losses
        self._size = file.seek(0, 2)
        file.seek(0)
        beginning = file.read(8)
        self._packed = packed if packed is not None else coding(beginning)
        known = bool(self._packed) or beginning.startswith(b"WARC/")
        self._finder = Finder(file, self._size, self._packed if known else None)
        self._originals = Originals(file, self._size)

    def responses(self) -> Iterator[Archived]:
        """One after the other; where damage ends a run, another one begins behind it."""
        at: int | None = 0 if self._size else None
        while at is not None:
            at = yield from self._run(at)

    def _run(self, start: int) -> Generator[Archived, None, int | None]:
        """The records from here on, and where to go on when they end before the file does."""
        last: _Seen | None = None
        before: int | None = None
        reason = "the last record is shorter than it says"
        try:
            for record in records(Part(self._file, start, self._size)):
                if not _has_head(record):
                    reason = "the header of a record is cut"
                    break
                if last is not None and last.told is not None:
                    yield last.told
                # Records that are compressed as one share their offset.
                alone = before is None or record.stream_pos > before
                before = record.stream_pos if before is None else max(before, record.stream_pos)
                at = record.stream_pos if alone and before < self._size else None
                last = self._seen(record, at)
                if not last.whole:
                    break
            else:
                if last is not None and last.told is not None:
                    yield last.told
                return (yield from self._behind(last))
        except (OSError, ValueError) as error:
            reason = _said(error)
        return (yield from self._damaged(start, last, reason))

    def _damaged(
        self, start: int, last: _Seen | None, reason: str
    ) -> Generator[Archived, None, int | None]:
        """Tell what was lost, and the last record as far as it is there."""
        if last is None:
            return (yield from self._lost(start, start + 1, reason))
        if last.at is None:
            # No offset leads to what was compressed as one.
            if last.told is not None:
                yield self._doubted(last.told)
            self._losses.add(Loss(self._name, start, f"{reason}; nothing behind it can be found"))
            return None
        end = self._end(last)
        if end is not None:
            if last.told is not None:
                yield last.told
            return (yield from self._lost(end, end, reason))
        onward = self._finder.after(last.at + 1)
        if last.told is not None:
            yield self._again(last.at, onward) or self._doubted(last.told)
        self._losses.add(Loss(self._name, last.at, reason, onward))
        return onward

    def _behind(self, last: _Seen | None) -> Generator[Archived, None, int | None]:
        """What stands behind the last record, where reading ended without a complaint."""
        end = None if last is None or self._packed != GZIP else self._end(last)
        if end is not None and end < self._size:
            return (yield from self._lost(end, end, "the last record is cut"))
        return None

    def _lost(self, at: int, search: int, reason: str) -> Generator[Archived, None, int | None]:
        """Tell the loss of what stands here, with what can be read of its beginning."""
        onward = self._finder.after(search)
        if onward == at:
            # It begins well, and the next run tells what is wrong with it.
            return at
        if self._packed == GZIP:
            told = self._salvaged(at)
            if told is not None:
                yield told
        self._losses.add(Loss(self._name, at, reason, onward))
        return onward

    def _salvaged(self, at: int) -> Archived | None:
        """The response of a damaged member, as far as it can be unpacked."""
        try:
            for record in records(Member(self._file, at, _GRAIN)):
                return self._seen(record, at, partial=True).told if _has_head(record) else None
        except (OSError, ValueError):
            pass
        return None

    def _end(self, seen: _Seen) -> int | None:
        """Where a record ends that is what it says; ``None`` where its length or data are wrong."""
        if not seen.whole or seen.at is None:
            return None
        if self._packed == GZIP:
            member = Member(self._file, seen.at)
            beginning = b""
            while len(beginning) < _HEAD and (piece := member.read()):
                beginning += piece
            length = len(beginning)
            while piece := member.read():
                length += len(piece)
            spare = length - _head_length(beginning) - seen.length
            return member.end if 0 <= spare <= _SPARE else None
        if self._packed:
            return None
        self._file.seek(seen.at)
        end = seen.at + _head_length(self._file.read(_HEAD)) + seen.length
        self._file.seek(end)
        return end + 4 if self._file.read(4) == b"\r\n\r\n" else None

    def _again(self, at: int, stop: int | None) -> Archived | None:
        """A record of a wrong length, up to where the next one begins."""
        try:
            for record in records(Part(self._file, at, self._size if stop is None else stop)):
                return self._seen(record, at, partial=True).told
        except (OSError, ValueError):
            pass
        return None

    def again(self, place: Record, role: Role) -> Capture | None:
        """What stands at a place, taken for something else; ``None`` where nothing does."""
        assert place.offset is not None
        try:
            for record in records(Part(self._file, place.offset, self._size)):
                told = self._seen(record, place.offset, role=role, original=place.original).told
                return None if told is None else told.capture
        except (OSError, ValueError):
            pass
        return None

    def _doubted(self, told: Archived) -> Archived:
        capture = answer.in_part(told.capture, told.kind.role, self._limits)
        return replace(told, capture=capture, record=replace(told.record, sound=False))

    def _seen(
        self,
        record: Any,
        at: int | None,
        *,
        partial: bool = False,
        role: Role | None = None,
        original: int | None = None,
    ) -> _Seen:
        block = Block(record.reader, record.content_length)
        told = self._archived(record, block, at, partial=partial, role=role, held=original)
        return _Seen(at, record.content_length, block.skip(), told)

    def _archived(
        self,
        record: Any,
        block: Block,
        at: int | None,
        *,
        partial: bool,
        role: Role | None,
        held: int | None,
    ) -> Archived | None:
        fields = record.headers
        kind = (fields.get("WARC-Type") or "").strip().lower()
        own = _own(fields) if kind in ("response", "metadata") else None
        if kind not in ("response", "revisit") and not (own is not None and own.failure):
            self._losses.left_out[kind if kind.isalpha() and len(kind) < 20 else "unknown"] += 1
            return None
        try:
            # Old versions of wget write it in angle brackets.
            url = urls.parse((fields.get("WARC-Target-URI") or "").strip().strip("<>"))
        except InvalidURL:
            self._losses.left_out["no-web-address"] += 1
            return None
        moment = moment_of(fields.get("WARC-Date") or "")
        what = kind_of(url)
        taken = what.role if role is None else role
        if kind == "revisit":
            original, held = (
                self._originals.of(fields) if held is None else (self._originals.at(held), held)
            )
            capture = revisited(url, moment, block, original, taken, self._depth, self._limits)
            if partial:
                capture = answer.in_part(capture, taken, self._limits)
            if original is None:
                self._losses.left_out["revisit-without-original"] += 1
        elif kind == "metadata":
            assert own is not None
            capture = answer.failed(url, moment, taken, self._limits, own)
        else:
            self._originals.remember(fields, at)
            cut = fields.get("WARC-Truncated") or fields.get("WARC-Segment-Number")
            capture = answer.told(
                url,
                moment,
                block,
                taken,
                self._depth,
                self._limits,
                partial=partial or cut is not None,
                own=own,
            )
        name = (fields.get("WARC-Record-ID") or "").strip()
        return Archived(capture, what, Record(self._name, at, name, held, not partial))


def moment_of(said: str) -> datetime | None:
    """A ``WARC-Date``; one without a time of day is none (rule R32 counts hours)."""
    if "T" not in said:
        return None
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _own(fields: Any) -> answer.Own | None:
    """What a record of ours says besides; ``None`` of any other."""
    if fields.get(ROLE) is None:
        return None
    said = (fields.get(name) for name in (FAILURE, STATUS, RENAMED, ADDED))
    return answer.Own(*((each or "").strip() for each in said))


def _has_head(record: Any) -> bool:
    fields = record.headers
    return fields.get("Content-Length") is not None and fields.get("WARC-Type") is not None


def _head_length(beginning: bytes) -> int:
    """How long the header of a record is, its blank line included."""
    end = beginning.find(b"\r\n\r\n")
    return end + 4 if end >= 0 else 0


def _said(error: Exception) -> str:
    return {
        "Invalid WARC header": "there is no record where one must begin",
    }.get(str(error), "the compressed data are damaged")
