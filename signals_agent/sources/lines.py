"""Lines of UTF-8, each with its number, of which none is too long to hold."""

import io
from collections.abc import Iterator
from typing import Final

from signals_agent.sources.listed import Firsts
from signals_agent.sources.octets import Octets

LONGEST: Final = 1_000_000
"""The longest line that is read, in characters (rule R39)."""

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def is_wide(beginning: bytes) -> bool:
    """Whether octets begin as UTF-16 or UTF-32 does."""
    return beginning.startswith(_WIDE) or (len(beginning) > 3 and 0 in beginning[:2])


def lines(
    octets: Octets, stream: "io.BufferedReader[Octets]", name: str, skipped: Firsts
) -> Iterator[tuple[int, str]]:
    """Each line with its end (LF, CRLF or CR) and its number, from 1.

    Octets that are no UTF-8 are lone surrogates in it. A line that is too long is told in
    ``skipped``, and so is the last one where it is cut by a fault of the input.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                skipped.note(name, number, f"longer than {LONGEST} characters")
                while line and not line.endswith(("\n", "\r")):
                    line = text.readline(LONGEST)
            elif octets.fault and not line.endswith(("\n", "\r")):
                skipped.note(name, number, "cut short with the input")
            else:
                yield number, line
    finally:
        text.detach()
