"""The worksheet on which a person decides what is given, read back as a spreadsheet leaves it."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from signals_agent import quote
from signals_agent.corpus import cells
from signals_agent.errors import ConfigError

OURS: Final = (
    "id",
    "kind",
    "party",
    "party_url",
    "parties",
    "asked_by",
    "asked",
    "terms_url",
    "declared_beneficiary",
    "declared_beneficiary_url",
    "assets",
    "share_of_assets",
    "bytes",
    "assets_with_bytes",
    "tokens",
    "assets_with_tokens",
    "means",
    "ceiling",
    "state",
)
"""The columns that are written anew each time."""

FILLED: Final = (
    "form",
    "amount",
    "currency",
    "in_kind",
    "beneficiary",
    "beneficiary_confirmed_by",
    "beneficiary_confirmed_on",
    "given_on",
    "receipt",
    "note",
)
"""The columns for a person to fill in."""

UNNAMED: Final = "unnamed "
"""What a column without a name is called; a number follows."""

_LONGEST: Final = 1_000_000
"""The longest cell that is read, in characters (rule R39)."""

_SAVE: Final = "open it in a spreadsheet program and save it as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which something is filled in: every cell by the name of its column.

    ``line`` is the one of the file on which it ends, from 1.
    """

    line: int
    said: Mapping[str, str]

    @property
    def id(self) -> str:
        """Of which record it is; empty where it names none."""
        return self.said.get("id", "")

    def filled(self) -> dict[str, str]:
        """What a person filled in: columns that are not ours, and not empty."""
        return {name: cell for name, cell in self.said.items() if cell and name not in OURS}


@dataclass(frozen=True, slots=True)
class Worksheet:
    """What was filled in, by the ids of records; ``more`` are columns that a person added."""

    name: str = "worksheet"
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    more: tuple[str, ...] = ()


def read(path: str | Path) -> Worksheet:
    """What was filled in on a worksheet; rows without anything filled in are passed over.

    Comma, semicolon and tab are accepted, and a mark of UTF-8 or UTF-16 in front. Raises
    ``ConfigError`` for what is no such sheet, with what to do about it.
    """
    file = Path(path)
    shown = quote.text(os.fsencode(file), 300)
    rows: dict[str, list[Row]] = {}
    more: dict[str, None] = {}
    try:
        with file.open(encoding=_encoding(file, shown), newline="") as stream:
            for row in _rows(stream, shown):
                filled = row.filled()
                if filled:
                    rows.setdefault(row.id, []).append(row)
                    more.update(dict.fromkeys(name for name in filled if name not in FILLED))
    except OSError as error:
        raise ConfigError(f"cannot read {shown}: {error.strerror or error}") from None
    except UnicodeError:
        raise ConfigError(f"{shown} is not in UTF-8; {_SAVE}") from None
    return Worksheet(shown, {id_: tuple(each) for id_, each in rows.items()}, tuple(more))


def _encoding(file: Path, shown: str) -> str:
    with file.open("rb") as stream:
        begin = stream.read(4)
    if begin in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise ConfigError(f"{shown} is a spreadsheet program's own file, and no CSV; {_SAVE}")
    return "utf-16" if begin[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _rows(stream: TextIO, shown: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST)
    first = stream.readline(_LONGEST)
    skipped = 0
    if first.lower().startswith("sep="):
        first, skipped = stream.readline(_LONGEST), 1
    delimiter, names = _head(first, shown)
    # Strict: a quotation mark that is never closed would swallow the rows behind it.
    reader = csv.reader(_lines(stream), delimiter=delimiter, strict=True)
    try:
        for found in reader:
            said = _named(found, names)
            if said:
                yield Row(reader.line_num + skipped + 1, said)
    except csv.Error as error:
        line = reader.line_num + skipped + 1
        raise ConfigError(f"{shown} line {line} is no CSV ({error}); {_SAVE}") from None


def _lines(stream: TextIO) -> Iterator[str]:
    for line in stream:
        yield line.replace("\0", "\ufffd")


def _head(line: str, shown: str) -> tuple[str, list[str]]:
    """How cells are kept apart, and what the columns are called."""
    for delimiter in (",", ";", "\t"):
        try:
            found = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        # A name of ours says which one is right: no other column is called so.
        if "id" in (names := [cell.strip().lower() for cell in found]):
            twice = next((each for each in names if each and names.count(each) > 1), None)
            if twice is not None:
                raise ConfigError(
                    f"{shown} has two columns called {quote.text(twice, 60)!r}; rename one"
                )
            return delimiter, names
    raise ConfigError(
        f"{shown} is no worksheet: its first line has to name the columns, id among them "
        "(signals-agent corpus writes one)"
    )


def _named(found: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The cells by their columns; those beyond them are kept under names of their own."""
    said = {}
    for place, cell in enumerate(found):
        text = cells.read(cell)
        if text:
            named = names[place] if place < len(names) else ""
            said[named or f"{UNNAMED}{place + 1}"] = text
    return said
