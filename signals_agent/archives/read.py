"""Which archive a file is, and what it holds."""

import zipfile
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import IO

from signals_agent.archives import arc
from signals_agent.archives.losses import Loss, Losses
from signals_agent.archives.record import Archived
from signals_agent.archives.streams import GZIP, Member, coding
from signals_agent.archives.warc import Warc
from signals_agent.errors import ConfigError, UsageError
from signals_agent.limits import DEFAULT_LIMITS, Limits

_DEPTHS = ("headers", "head", "page")
_ZIP = b"PK\x03\x04"
_BEGINNING = 4096


def captures(
    path: str | PathLike[str],
    *,
    depth: str = "page",
    limits: Limits = DEFAULT_LIMITS,
    losses: Losses | None = None,
) -> Iterator[Archived]:
    """The responses of an archive file, one after the other, as captures.

    Reads WARC (plain, gzip or zstd), ARC (plain or gzip) and WACZ, told apart by their
    octets. ``depth`` is ``headers``, ``head`` or ``page``, and ``limits`` are those of a
    fetch (rule R39): a capture is what a fetch would have told of the same octets. What is
    damaged is read as far as it can be, what is lost goes to ``losses``, and a response of
    which the archive holds only a part is ``truncated``, *unreadable* or *unreachable*.
    Responses of anything but http and https are left out. Raises ``ConfigError`` where the
    file cannot be opened, ``UsageError`` for another depth.
    """
    if depth not in _DEPTHS:
        raise UsageError(f"depth is one of {', '.join(_DEPTHS)}, not {depth!r}")
    found = Losses() if losses is None else losses
    try:
        file = Path(path).open("rb")  # noqa: SIM115  # closed when the last response is handed out
    except OSError as error:
        raise ConfigError(f"cannot read {Path(path)}: {error.strerror}") from None
    return _closing(file, str(path), depth, limits, found)


def is_zip(file: IO[bytes]) -> bool:
    """Whether a file begins as a ZIP file does, which a WACZ file is."""
    file.seek(0)
    return file.read(4) == _ZIP


def is_arc(file: IO[bytes]) -> bool:
    """Whether a file is an ARC file; else it is taken for a WARC file."""
    file.seek(0)
    beginning = file.read(_BEGINNING)
    if coding(beginning) == GZIP:
        beginning = Member(file, 0).read(_BEGINNING)
    return arc.begins(beginning)


def _closing(
    file: IO[bytes], name: str, depth: str, limits: Limits, losses: Losses
) -> Iterator[Archived]:
    with file:
        if is_zip(file):
            yield from _wacz(file, name, depth, limits, losses)
        else:
            yield from _one(file, name, depth, limits, losses)


def _one(
    file: IO[bytes], name: str, depth: str, limits: Limits, losses: Losses
) -> Iterator[Archived]:
    if is_arc(file):
        yield from arc.Arc(file, name, depth, limits, losses).responses()
    else:
        yield from Warc(file, name, depth, limits, losses).responses()


def _wacz(
    file: IO[bytes], name: str, depth: str, limits: Limits, losses: Losses
) -> Iterator[Archived]:
    """The archives in a WACZ file, in the order of its directory."""
    try:
        bag = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        # Its archives lie in it as they are, so that their records can be found.
        losses.add(Loss(name, 0, f"the directory of the WACZ file cannot be read: {error}", 0))
        yield from Warc(file, name, depth, limits, losses, packed=GZIP).responses()
        return
    with bag:
        for member in bag.infolist():
            if not member.filename.startswith("archive/") or member.is_dir():
                continue
            inner = f"{name}!{member.filename}"
            try:
                with bag.open(member) as part:
                    yield from _one(part, inner, depth, limits, losses)
            # A RuntimeError where it is encrypted, or packed in a way that zipfile does not know.
            except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as no:
                losses.add(Loss(inner, 0, f"it cannot be taken out of the WACZ file: {no}"))
