"""How fastwarc is called; the only importer of it."""

import io
import zlib
from collections.abc import Iterator
from typing import IO, Any, Protocol

from fastwarc.stream_io import BrotliReader, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord

GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
PIECE = 64 * 1024


class Octets(Protocol):
    """What octets are read from."""

    def read(self, size: int = ..., /) -> bytes:
        """At most so many octets; none at the end."""
        ...


def records(file: "Part | Member") -> Iterator[WarcRecord]:
    """The records from where the file stands; offsets are those of the file.

    Raises ``OSError`` at what is no record.
    """
    return iter(ArchiveIterator(file, parse_http=False))


def coding(beginning: bytes) -> bytes:
    """By which octets a compressed member of the file begins; empty where nothing is compressed."""
    if beginning.startswith((ZSTD, _ZSTD_DICTIONARY)):
        return ZSTD
    return GZIP if beginning.startswith(GZIP) else b""


def decoded(name: bytes, octets: bytes, most: int) -> bytes:
    """At most so many octets of a body in the coding ``br`` or ``zstd``; raises ``OSError``."""
    source = io.BytesIO(octets)
    reader: Any = BrotliReader(source) if name == b"br" else ZstdReader(source)
    parts: list[bytes] = []
    while most > 0 and (part := reader.read(min(PIECE, most))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


class Member(io.RawIOBase):
    """The octets of one gzip member; ``end`` is where it ends, ``None`` where it is damaged.

    ``end`` is told once all has been read, and says that the member's check sum holds.
    So many octets as ``grain`` are unpacked at once, and may be lost in front of damage.
    """

    def __init__(self, file: IO[bytes], at: int, grain: int = PIECE) -> None:
        self._file, self._at, self._grain = file, at, grain
        self._told = 0
        self._inflater = zlib.decompressobj(31)
        self._damaged = False

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def tell(self) -> int:
        """How many octets were read."""
        return self._told

    @property
    def end(self) -> int | None:
        """Where the next member begins."""
        whole = self._inflater.eof and not self._damaged
        return self._at - len(self._inflater.unused_data) if whole else None

    def read(self, size: int = PIECE) -> bytes:
        """The next octets, up to where the member ends or is damaged."""
        size = min(size, self._grain) if size >= 0 else self._grain
        octets = b""
        while size and not octets and not self._inflater.eof and not self._damaged:
            piece = self._inflater.unconsumed_tail
            if not piece:
                self._file.seek(self._at)
                piece = self._file.read(max(self._grain, 4096))
                self._at += len(piece)
            try:
                octets = self._inflater.decompress(piece, size)
            except zlib.error:
                self._damaged = True
            self._damaged = self._damaged or not (piece or octets)
        self._told += len(octets)
        return octets


class Block:
    """The block of a record: so many octets, as far as they are there.

    ``left`` counts those that have not been read.
    """

    def __init__(self, source: Octets, length: int) -> None:
        self._source, self.left = source, length
        self._held = b""

    def unread(self, octets: bytes) -> None:
        """Give back what was read last."""
        self._held = octets + self._held
        self.left += len(octets)

    def read(self, size: int = PIECE) -> bytes:
        """The next octets; none at the end, or where the archive is damaged."""
        if self._held:
            octets, self._held = self._held[:size], self._held[size:]
            self.left -= len(octets)
            return octets
        try:
            octets = self._source.read(min(size, self.left))
        except OSError:
            return b""
        self.left -= len(octets)
        return octets

    def skip(self) -> bool:
        """Read to the end; whether all was there."""
        while self.left and self.read():
            pass
        return not self.left


class Part(io.RawIOBase):
    """The octets of a file between two offsets, as a file of its own."""

    def __init__(self, file: IO[bytes], start: int, stop: int) -> None:
        self._file, self._at, self._stop = file, start, stop

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def tell(self) -> int:
        """The offset in the whole file."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next octets; none once the part is over."""
        left = self._stop - self._at
        self._file.seek(self._at)
        octets = self._file.read(left if size < 0 else min(size, left))
        self._at += len(octets)
        return octets
