"""The octets of an input as they come: files and standard input, gzip taken off within bounds."""

import io
import zlib
from typing import BinaryIO, Final

_GZIP: Final = b"\x1f\x8b"
_WINDOW: Final = 31
_NEVER_A_BOMB: Final = 1024 * 1024
"""Octets up to which no ratio is too great."""
_PIECE: Final = 64 * 1024


class Octets(io.RawIOBase):
    """A stream that ends where its source does, or where that cannot be read any further.

    ``fault`` then says why, and is empty where all is well: what came before is good.
    gzip is known by its first octets, whatever the file is called.
    """

    def __init__(self, source: BinaryIO, max_ratio: float) -> None:
        self.fault = ""
        self._source = source
        # What is there, without waiting for more: standard input may be a terminal.
        self._take = getattr(source, "read1", source.read)
        self._max_ratio = max_ratio
        self._taken = self._given = 0
        self._done = False
        self._waiting = b""
        while len(self._waiting) < 2 and (piece := self._piece()):
            self._waiting += piece
        self.gzip = self._waiting.startswith(_GZIP)
        self._inflater = zlib.decompressobj(_WINDOW) if self.gzip else None

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Fill some of a buffer; 0 at the end. Never raises for what the source holds."""
        into = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # Buffer has no name before 3.12
        octets = self._inflated(len(into)) if self.gzip else self._plain(len(into))
        into[: len(octets)] = octets
        return len(octets)

    def _plain(self, room: int) -> bytes:
        if not self._waiting:
            self._waiting = self._piece()
        octets, self._waiting = self._waiting[:room], self._waiting[room:]
        return octets

    def _inflated(self, room: int) -> bytes:
        while not self._done:
            if not self._waiting:
                self._waiting = self._piece()
                if not self._waiting:
                    self._end()
                    break
            octets = self._inflate(room)
            self._given += len(octets)
            if self._given > max(_NEVER_A_BOMB, self._taken * self._max_ratio):
                self._stop(
                    f"gzip that unfolds to more than {self._max_ratio:g} times its size; "
                    f"read up to there"
                )
                break
            if octets:
                return octets
        return b""

    def _inflate(self, room: int) -> bytes:
        assert self._inflater is not None
        if self._inflater.eof:
            # Several members follow one another (RFC 1952 2.2); anything else is padding.
            if len(self._waiting) < 2 and self._waiting == _GZIP[:1]:
                self._waiting += self._piece()
            if not self._waiting.startswith(_GZIP):
                self._done = True
                return b""
            self._inflater = zlib.decompressobj(_WINDOW)
        try:
            octets = self._inflater.decompress(self._waiting, room)
        except zlib.error:
            self._stop("gzip that is damaged; read up to there")
            return b""
        self._waiting = self._inflater.unconsumed_tail or self._inflater.unused_data
        return octets

    def _end(self) -> None:
        self._done = True
        if self._inflater is not None and not self._inflater.eof and not self.fault:
            self.fault = "gzip that is cut short; read up to there"

    def _stop(self, fault: str) -> None:
        self._done = True
        self.fault = self.fault or fault

    def _piece(self) -> bytes:
        if self.fault:
            return b""
        try:
            piece: bytes = self._take(_PIECE) or b""
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or str(error)
            self.fault = f"cannot be read any further: {said}"
            return b""
        self._taken += len(piece)
        return piece
