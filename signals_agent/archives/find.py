"""Where reading can go on behind damage."""

import re
from collections.abc import Iterator
from typing import IO, Final

from signals_agent.archives.streams import GZIP, ZSTD, Part, records

_CHUNK: Final = 1024 * 1024
_MOST_TRIES: Final = 2000
"""So many places are tried in one file: octets can look like a beginning again and again."""
_MARKS = {GZIP: re.compile(re.escape(GZIP)), ZSTD: re.compile(re.escape(ZSTD))}
_PLAIN = re.compile(rb"WARC/[01]\.\d")
_ANY = re.compile(b"|".join((*(mark.pattern for mark in _MARKS.values()), _PLAIN.pattern)))


class Finder:
    """Finds the next record of a file, compressed in members as ``packed`` says."""

    def __init__(self, file: IO[bytes], size: int, packed: bytes | None) -> None:
        self._file, self._size = file, size
        self._mark = _ANY if packed is None else _MARKS.get(packed, _PLAIN)
        self._tries = 0

    def after(self, at: int) -> int | None:
        """The offset of the first record at or behind this one that can be read."""
        for place in marks(self._file, at, self._mark):
            self._tries += 1
            if self._tries > _MOST_TRIES:
                return None
            try:
                record = next(records(Part(self._file, place, self._size)), None)
            except (OSError, ValueError):
                continue
            if record is not None and record.headers.get("Content-Length") is not None:
                return place
        return None


def marks(file: IO[bytes], at: int, mark: re.Pattern[bytes]) -> Iterator[int]:
    """Where the octets stand that a mark matches, from here on."""
    held = b""
    while True:
        file.seek(at)
        chunk = file.read(_CHUNK)
        if not chunk:
            return
        octets = held + chunk
        base = at - len(held)
        at += len(chunk)
        done = 0
        for found in mark.finditer(octets):
            done = found.end()
            yield base + found.start()
        # A mark may be half here.
        held = octets[max(done, len(octets) - 8) :]
