"""Standard streams that are closed, or that nobody reads on: the command goes on quietly."""

import io
import os
import sys
from pathlib import Path
from typing import Any


class _Outlet(io.FileIO):
    """A standard stream that falls silent when its reader goes away."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self.unread = False

    def write(self, octets: Any, /) -> int:
        """As of a file; what nobody reads counts as written."""
        try:
            return super().write(octets)
        except BrokenPipeError:
            self.unread = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return len(octets)


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
