"""Standard streams that are closed, or full, or that nobody reads on, and what becomes of them."""

import io
import os
import select
import sys
from pathlib import Path
from typing import Any


class Unwritable(Exception):
    """Standard output takes no more; no ``OSError``, which somebody may take for another file's."""


class _Outlet(io.FileIO):
    """A standard stream that falls silent when its reader goes away, and fails but once."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self.unread = False
        self.unwritten = ""

    def write(self, octets: Any, /) -> int:
        """As of a file, but all of it; what nobody reads counts as written.

        Raises ``Unwritable`` where standard output takes no more, once: what is still waiting
        then is let go, so that nothing fails again as the process ends.
        """
        left = memoryview(octets).cast("B")
        length = len(left)
        try:
            while left:
                written = super().write(left)
                if written is None:  # somebody made the stream one that does not wait
                    select.select((), (self.fileno(),), ())
                else:
                    left = left[written:]
        except BrokenPipeError:
            self.unread = True
            self._let_go()
        except OSError as error:
            self._let_go()
            if self.fileno() == 1:
                self.unwritten = f"standard output cannot be written: {error.strerror or error}"
                raise Unwritable(self.unwritten) from None
        return length

    def _let_go(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def prepare() -> None:
    """Make the standard streams of this process such that writing to them never fails a run."""
    # In this order, so that a closed stream gets its own number back, and no socket gets it.
    if sys.stdin is None:
        sys.stdin = _nowhere("r")
    sys.stdout = _nowhere("w") if sys.stdout is None else _prepared(sys.stdout)
    sys.stderr = _nowhere("w") if sys.stderr is None else _prepared(sys.stderr)


def _nowhere(mode: str) -> Any:
    return Path(os.devnull).open(mode, encoding="utf-8")


def nobody_reads() -> bool:
    """Whether what was written to standard output found no reader."""
    return getattr(_raw(sys.stdout), "unread", False)


def unwritten() -> str:
    """The sentence on standard output where it could not be written; empty where it could."""
    return getattr(_raw(sys.stdout), "unwritten", "")


def _raw(stream: object) -> object:
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)  # without PYTHONUNBUFFERED they are two


def _prepared(stream: Any) -> Any:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = _raw(stream)
    if type(raw) is io.FileIO and raw.fileno() in (1, 2):  # a console of Windows is none
        stream.flush()
        outlet: Any = _Outlet(raw.fileno())
        stream = io.TextIOWrapper(
            outlet if raw is stream.buffer else io.BufferedWriter(outlet),
            stream.encoding,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
    # A terminal that lacks a character gets its number, and not a fault of ours.
    stream.reconfigure(errors="backslashreplace")
    return stream
