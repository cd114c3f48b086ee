"""The octets of a response as an archive keeps them: head, and body without its chunks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from signals_agent.archives.streams import PIECE, Octets

_STATUS = re.compile(rb"HTTP/\d{1,2}(?:\.\d{1,2})?[ \t]+(\d{3})(?:[ \t\r].*)?", re.DOTALL)
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
END = re.compile(rb"\r?\n\r?\n")
_LONGEST_SIZE_LINE = 4096


class Ended(Enum):
    """How reading a head ended."""

    WHOLE = auto()
    CUT = auto()
    BROKEN = auto()
    TOO_LONG = auto()


@dataclass(slots=True)
class Head:
    """Status and field lines in order; ``rest`` are the octets of the body read along."""

    ended: Ended
    status: int | None = None
    lines: list[tuple[bytes, bytes]] = field(default_factory=list)
    rest: bytes = b""


def read_head(block: Octets, most: int) -> Head:
    """The head of a response, of at most so many octets (rule R39)."""
    # The status line is no field line, and does not count.
    most += 1024
    octets = b""
    while (end := END.search(octets)) is None:
        piece = block.read(8192)
        if not piece:
            # A head without a blank line behind it is whole where its last line is.
            return parse(octets) if octets.endswith(b"\n") else Head(Ended.CUT)
        octets += piece
        if len(octets) > most and END.search(octets) is None:
            return Head(Ended.TOO_LONG)
    return parse(octets[: end.start()], octets[end.end() :])


def parse(octets: bytes, rest: bytes = b"") -> Head:
    """The lines of a head; a line that begins with a blank goes on (RFC 9112 5.2).

    Archives of HTTP/2 have the status line ``HTTP/2 200``, or pseudo-fields
    (RFC 9113 8.3.2). Any line that is none makes the whole *broken*: it may be the very
    one that refuses us.
    """
    first, *others = octets.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    said = _STATUS.fullmatch(first)
    status = int(said[1]) if said else None
    lines: list[tuple[bytes, bytes]] = []
    for line in others if said else [first, *others]:
        if line[:1] in (b" ", b"\t") and lines:
            name, value = lines[-1]
            lines[-1] = (name, value + b" " + line.strip(b" \t\r"))
            continue
        pseudo = line[:1] == b":"
        name, colon, value = line[pseudo:].partition(b":")
        name, value = name.rstrip(b" \t"), value.strip(b" \t\r")
        if not colon or not _NAME.fullmatch(name):
            return Head(Ended.BROKEN, status)
        if not pseudo:
            lines.append((name, value))
        elif name == b"status" and status is None and re.fullmatch(rb"\d{3}", value):
            status = int(value)
    return Head(Ended.BROKEN if status is None else Ended.WHOLE, status, lines, rest)


class Body:
    """The body of a block in pieces, without its chunks if it has any (RFC 9112 7.1).

    Many archives keep ``Transfer-Encoding: chunked`` and take the chunks off: what does
    not begin with the size of one has none. ``cut`` says that the last chunk never came,
    or that what came is none.
    """

    def __init__(self, block: Octets, rest: bytes, *, chunked: bool) -> None:
        self._block, self._held, self._chunked = block, rest, chunked
        self.cut = False
        self.received = 0

    def pieces(self) -> Iterator[bytes]:
        """The body; nothing is read before it is asked for."""
        for piece in self._chunks() if self._chunked else self._plain():
            self.received += len(piece)
            yield piece

    def _more(self) -> bool:
        piece = self._block.read(PIECE)
        self._held += piece
        return bool(piece)

    def _plain(self) -> Iterator[bytes]:
        while self._held or self._more():
            piece, self._held = self._held, b""
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        begun = False
        while True:
            while b"\n" not in self._held and len(self._held) < _LONGEST_SIZE_LINE:
                if not self._more():
                    break
            size = _SIZE.match(self._held)
            if size is None:
                if begun or not self._held:
                    self.cut = True
                else:
                    yield from self._plain()
                return
            begun = True
            self._held = self._held[size.end() :]
            left = int(size[1], 16)
            if left == 0:
                return
            while left:
                if not self._held and not self._more():
                    self.cut = True
                    return
                piece, self._held = self._held[:left], self._held[left:]
                left -= len(piece)
                yield piece
            while len(self._held) < 2 and self._more():
                pass
            if self._held[:2] == b"\r\n":
                self._held = self._held[2:]
            elif self._held[:1] == b"\n":
                self._held = self._held[1:]
