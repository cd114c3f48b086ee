"""What reading lists of URLs gives: the URLs, and an account of all that gave none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from signals_agent import quote

FIRST: Final = 20
"""How many of the things that went wrong are kept; all of them are counted."""

STDIN: Final = "standard input"


@dataclass(frozen=True, slots=True)
class Listed:
    """A URL of a list, in its normal form (rule R33), and where it stands.

    ``line`` counts from 1: the line of a text, CSV or JSONL file (of a record that goes over
    several, its first), the row of a Parquet file, the entry of a sitemap.
    """

    url: str
    origin: str
    host: str
    input: str
    line: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was passed over: the input, the line (0: the input as a whole), and why."""

    input: str
    line: int
    what: str

    def __str__(self) -> str:
        """One printable line."""
        where = f" line {self.line}" if self.line else ""
        return f"{quote.text(self.input, 300)}{where}: {self.what}"


@dataclass(slots=True)
class Firsts:
    """Things that were passed over: the first twenty of them, and how many there are."""

    count: int = 0
    first: list[Skipped] = field(default_factory=list)

    def note(self, source: str, line: int, what: str) -> None:
        """Count one, and keep it where few are kept yet."""
        self.count += 1
        if len(self.first) < FIRST:
            self.first.append(Skipped(source, line, what))

    def __len__(self) -> int:
        """How many there are, and not how many are kept."""
        return self.count

    def __iter__(self) -> Iterator[Skipped]:
        """Those that are kept."""
        return iter(self.first)


@dataclass(slots=True)
class Told:
    """What became of everything that the lists hold; true when the stream has ended.

    Each line that names something is counted once: in ``listed``, ``duplicates``,
    ``variants``, ``elsewhere`` or ``skipped``. ``bare`` and ``international`` tell of URLs
    that are counted there too, before they are folded.
    """

    listed: int = 0
    duplicates: int = 0
    """Lines that repeat a URL letter by letter, as it was first written."""
    variants: int = 0
    """Lines that spell a URL otherwise than it was first written."""
    elsewhere: int = 0
    """Lines whose host belongs to another shard; they are not folded."""
    bare: int = 0
    """Hosts and paths without a scheme, read as https."""
    international: int = 0
    """URLs whose host has labels beyond ASCII."""
    skipped: Firsts = field(default_factory=Firsts)
    """Lines that are no URL."""
    lost: Firsts = field(default_factory=Firsts)
    """Inputs that could not be read, or not to their end, each with what is wrong with it."""
    not_fetched: Firsts = field(default_factory=Firsts)
    """Sitemaps that an index names and that are no files beside it."""

    @property
    def folded(self) -> int:
        """How many lines name a URL that had been listed already."""
        return self.duplicates + self.variants
