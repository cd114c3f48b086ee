"""The rows of a CSV file that is safe to open in a spreadsheet program."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from signals_agent import quote

MARK: Final = "\ufeff"
"""What a file begins with, so that a spreadsheet program takes it for UTF-8."""

_FORMULA: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# Where a program takes the semicolon for the comma, a new cell begins behind one.
_BEHIND: Final = re.compile(r"(;[\s\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def row(cells: Iterable[str]) -> str:
    """One line, quoted where it has to be (RFC 4180), with a line feed behind it."""
    line = io.StringIO()
    # Only what may end a line is quoted, and a spreadsheet program ends them at either.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"


def words(said: str | None, limit: int = 2000) -> str:
    """What a publisher says, on one line, and no formula wherever a cell may begin."""
    return safe(_BEHIND.sub(r"\1'", quote.text(said or "", limit)))


def address(url: str | None) -> str:
    """A URL in full: it is what tells an asset apart, so it is neither cut nor changed."""
    return safe(quote.text(url or "", len(url or "")))


def safe(text: str) -> str:
    """A text as it is, disarmed where it begins as a formula does; ``read`` takes it back."""
    return "'" + text if text.startswith(_FORMULA) else text


def read(cell: str) -> str:
    """What was written, without what disarmed it and without blanks around it."""
    bare = cell.strip()
    return bare[1:].strip() if bare[:1] == "'" and bare[1:].startswith(_FORMULA) else bare
