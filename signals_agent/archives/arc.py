"""ARC files, the archives before WARC, record by record, also where they are damaged."""

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Final

from signals_agent import url as urls
from signals_agent.archives import answer
from signals_agent.archives.find import marks
from signals_agent.archives.losses import Loss, Losses
from signals_agent.archives.record import Archived, Record, kind_of
from signals_agent.archives.streams import GZIP, PIECE, Block, Member, coding
from signals_agent.errors import InvalidURL
from signals_agent.limits import Limits
from signals_agent.model.capture import Capture, Role

_LINE: Final = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]*:\S.*?) ([0-9A-Fa-f.:]+|-) (\d{8,17}) (.*) (\d{1,15})\r?\n"
)
"""URL, address, date, content type (version 2 has more here), length; URLs may hold blanks."""
_LONGEST = 64 * 1024
_GRAIN = 512
_MEMBER = re.compile(re.escape(GZIP))
_NO_LINE = "there is no record where one must begin"


def begins(beginning: bytes) -> bool:
    """Whether these are the first octets of an ARC file."""
    return beginning.startswith(b"filedesc:") or _LINE.match(beginning) is not None


class _Plain:
    """The octets of a file from an offset on."""

    def __init__(self, file: IO[bytes], at: int) -> None:
        self._file, self.at = file, at

    def read(self, size: int = PIECE) -> bytes:
        self._file.seek(self.at)
        octets = self._file.read(size)
        self.at += len(octets)
        return octets


class _Lines:
    """Octets of which lines can be read; ``done`` counts those that were taken."""

    def __init__(self, source: _Plain | Member) -> None:
        self._source, self._held, self.done = source, b"", 0

    def read(self, size: int = PIECE) -> bytes:
        octets = self._held[:size] if self._held else self._source.read(size)
        self._held = self._held[size:]
        self.done += len(octets)
        return octets

    def line(self) -> bytes:
        """The next line, or as much of it as a line may have."""
        while b"\n" not in self._held and len(self._held) < _LONGEST:
            piece = self._source.read(PIECE)
            if not piece:
                break
            self._held += piece
        end = self._held.find(b"\n") + 1
        return self.read(min(end or _LONGEST, _LONGEST))

    def peek(self) -> bytes:
        """The next octet; none at the end."""
        if not self._held:
            self._held = self._source.read(PIECE)
        return self._held[:1]


class Arc:
    """The responses of one ARC file; ``name`` is how it is called in what is handed out."""

    def __init__(
        self, file: IO[bytes], name: str, depth: str, limits: Limits, losses: Losses
    ) -> None:
        self._file, self._name = file, name
        self._depth, self._limits, self._losses = depth, limits, losses
        file.seek(0)
        self._packed = coding(file.read(8)) == GZIP

    def responses(self) -> Iterator[Archived]:
        """One after the other; what is no record is stepped over."""
        if not self._packed:
            at: int | None = 0
            while at is not None:
                at = yield from self._records(_Lines(_Plain(self._file, at)), at, None, at > 0)
            return
        place: int | None = 0
        while place is not None:
            member = Member(self._file, place, _GRAIN)
            yield from self._records(_Lines(member), place, place, told_before=False)
            while member.read():
                pass
            end = member.end
            if end is not None and self._follows(end):
                place = end
                continue
            onward = next(marks(self._file, place + 1 if end is None else end, _MEMBER), None)
            if end is None:
                self._losses.add(Loss(self._name, place, "the compressed data are damaged", onward))
            elif self._octet(end):
                self._losses.add(Loss(self._name, end, _NO_LINE, onward))
            place = onward

    def _octet(self, at: int) -> bytes:
        self._file.seek(at)
        return self._file.read(1)

    def _follows(self, at: int) -> bool:
        self._file.seek(at)
        return self._file.read(3) == GZIP

    def _records(
        self,
        lines: _Lines,
        base: int,
        member: int | None,
        told_before: bool,
        role: Role | None = None,
    ) -> Generator[Archived, None, int | None]:
        """The records of a run; where to look again, in a plain file, when a length is wrong.

        ``told_before`` says that what is lost at the beginning of the run has been told.
        """
        lost: int | None = None
        while True:
            at = base + lines.done
            line = lines.line()
            if not line:
                break
            found = _LINE.fullmatch(line)
            if found is None:
                if lost is None and line.strip():
                    lost = at
                continue
            offset = at if member is None else member
            if lost is not None and not told_before:
                self._lose(lost, member, _NO_LINE, offset)
            lost, told_before = None, False
            begun = base + lines.done
            length = int(found[5])
            block = Block(lines, length)
            told = self._archived(found, block, offset, role)
            right = block.skip() and lines.peek() in (b"", b"\n", b"\r")
            if told is not None:
                yield told if right else self._doubted(told)
            if not right:
                self._lose(at, member, "a record is not as long as it says", None)
                if member is None:
                    return begun
        if lost is not None and not told_before:
            self._lose(lost, member, _NO_LINE, None)
        return None

    def again(self, place: Record, role: Role, url: str, at: datetime | None) -> Capture | None:
        """What stands at a place, taken for something else; several may share one place."""
        assert place.offset is not None
        member = place.offset if self._packed else None
        source = (
            Member(self._file, place.offset) if self._packed else _Plain(self._file, place.offset)
        )
        for told in self._records(
            _Lines(source), place.offset, member, told_before=True, role=role
        ):
            if told.capture.url == url and told.capture.fetched_at == at:
                return told.capture
            if member is None:
                break
        return None

    def _doubted(self, told: Archived) -> Archived:
        capture = answer.in_part(told.capture, told.kind.role, self._limits)
        return replace(told, capture=capture, record=replace(told.record, sound=False))

    def _lose(self, at: int, member: int | None, reason: str, until: int | None) -> None:
        self._losses.add(Loss(self._name, at if member is None else member, reason, until))

    def _archived(
        self, line: re.Match[bytes], block: Block, offset: int, role: Role | None
    ) -> Archived | None:
        try:
            url = urls.parse(line[1].decode("utf-8", "replace"))
        except InvalidURL:
            self._losses.left_out["no-web-address"] += 1
            return None
        kind = kind_of(url)
        moment = _moment(line[3])
        capture = answer.told(
            url, moment, block, kind.role if role is None else role, self._depth, self._limits
        )
        return Archived(capture, kind, Record(self._name, offset))


def _moment(digits: bytes) -> datetime | None:
    """The date of a record, in UTC; one without a time of day is none."""
    try:
        return datetime.strptime(digits[:14].decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
