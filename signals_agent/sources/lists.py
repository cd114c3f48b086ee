"""The URLs of many inputs as one stream: each once, and only those of one's own shard."""

import io
import stat
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from signals_agent import arguments, quote
from signals_agent.errors import ConfigError, UsageError
from signals_agent.limits import DEFAULT_LIMITS, Limits
from signals_agent.sources import (
    addresses,
    json_lines,
    kinds,
    parquet,
    plain_text,
    sitemap,
    table,
)
from signals_agent.sources.folding import Again, Seen
from signals_agent.sources.kinds import Kind
from signals_agent.sources.lines import is_wide, lines
from signals_agent.sources.listed import STDIN, Listed, Told
from signals_agent.sources.octets import Octets
from signals_agent.sources.shards import Shard

_BUFFER: Final = 64 * 1024

Written = Iterator[tuple[str, int, str]]
"""The name of the input, the line, and the address as it is written there."""


def read(
    inputs: Sequence[str],
    *,
    column: str | None = None,
    shard: Shard | None = None,
    stdin: BinaryIO | None = None,
    told: Told | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Listed]:
    """The URLs of all inputs in their order, normal as rule R33 says, each of them once.

    An input is the path of a file, or ``-`` for standard input: plain text, CSV or TSV,
    JSONL, Parquet, a sitemap or an index of sitemaps, by its ending or else by its first
    octets, and any but Parquet in gzip too. ``column`` names the column or member of URLs.
    What gives no URL is counted in ``told``, and never keeps the rest from being read; with
    a shard, each shard tells it all. No more than a line or so is held, and a working file on
    the disk has what was seen; so the stream is to be read in the thread that began it.

    Raises, when called, ``ConfigError`` for a file that is not there or may not be read,
    ``UsageError`` for an input that cannot be, ``MissingExtra`` for Parquet without pyarrow.
    """
    names = check(inputs, column)
    return _listed(_Reader(column, stdin, told or Told(), limits), names, shard)


def check(inputs: Sequence[str], column: str | None = None) -> Sequence[str]:
    """The inputs, which can be read as far as anybody knows; raises as ``read`` does."""
    names = arguments.names("a list of inputs", inputs)
    for each in names:
        _check(each)
    if names.count("-") > 1:
        raise UsageError("standard input (-) can be read only once")
    if column is not None and not column.strip():
        raise UsageError("a column has a name, or a number from 1 up")
    return names


def _listed(reader: "_Reader", names: Sequence[str], shard: Shard | None) -> Iterator[Listed]:
    told = reader.told
    seen = Seen()
    try:
        for given in names:
            for name, line, written in reader.written(given):
                text = written.strip()
                try:
                    address = addresses.read(text)
                except addresses.NoURL as error:
                    told.skipped.note(name, line, str(error))
                    continue
                url = address.url
                if shard is not None and not shard.holds(url.host):
                    told.elsewhere += 1
                    continue
                told.bare += address.bare
                told.international += address.international
                match seen.again(url.text, text):
                    case Again.NEW:
                        told.listed += 1
                        yield Listed(url.text, url.origin, url.host, name, line)
                    case Again.DUPLICATE:
                        told.duplicates += 1
                    case Again.VARIANT:
                        told.variants += 1
    finally:
        seen.close()


def _check(given: object) -> None:
    """Refuse, before anything is read, what cannot be."""
    if not isinstance(given, str) or not given or "\0" in given:
        raise UsageError(f"an input is the path of a file, or - for standard input, not {given!r}")
    if given == "-":
        return
    shown = quote.text(given, 300)
    path = Path(given)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ConfigError(f"cannot read {shown}: it is a folder")
        if not stat.S_ISREG(mode):
            return  # what is taken out of a pipe now is not there later
        with path.open("rb") as file:
            beginning = file.read(len(parquet.MAGIC))
    except OSError as error:
        hint = (
            "; a URL is written into a file, or given on standard input" if "://" in given else ""
        )
        raise ConfigError(f"cannot read {shown}: {error.strerror or error}{hint}") from None
    if kinds.by_ending(given) is Kind.PARQUET or beginning == parquet.MAGIC:
        parquet.reader()


class _Reader:
    """Reads inputs one after another; what is wrong with one is told, and the next is read."""

    def __init__(
        self, column: str | None, stdin: BinaryIO | None, told: Told, limits: Limits
    ) -> None:
        self.told = told
        self._column = column
        self._stdin = stdin
        self._ratio = limits.max_ratio

    def written(self, given: str) -> Written:
        """What an input has, and if it is an index of sitemaps, those beside it too."""
        if given == "-":
            source = self._stdin or getattr(sys.stdin, "buffer", None)
            if source is None:
                self.told.lost.note(STDIN, 0, "it is closed")
                return
            for line, text, is_sitemap in self._entries(source, STDIN):
                if is_sitemap:
                    self.told.not_fetched.note(STDIN, line, _away(text))
                else:
                    yield STDIN, line, text
            return
        # An index may name one that names it again.
        waiting, known = deque([given]), {Path(given)}
        while waiting:
            path = waiting.popleft()
            try:
                with Path(path).open("rb") as file:
                    for line, text, is_sitemap in self._entries(file, path, named=path != given):
                        if not is_sitemap:
                            yield path, line, text
                            continue
                        beside = _beside(path, text)
                        if beside is None:
                            self.told.not_fetched.note(path, line, _away(text))
                        elif beside not in known:
                            known.add(beside)
                            waiting.append(str(beside))
            except OSError as error:
                self.told.lost.note(path, 0, f"cannot be read: {error.strerror or error}")

    def _entries(
        self, source: BinaryIO, name: str, *, named: bool = False
    ) -> Iterator[tuple[int, str, bool]]:
        """Line, address, and whether it is that of a sitemap; ``named`` by an index."""
        octets = Octets(source, self._ratio)
        stream = io.BufferedReader(octets, _BUFFER)
        yield from self._of_kind(octets, stream, name, source, named)
        if octets.fault:
            self.told.lost.note(name, 0, octets.fault)

    def _of_kind(
        self,
        octets: Octets,
        stream: "io.BufferedReader[Octets]",
        name: str,
        source: BinaryIO,
        named: bool,
    ) -> Iterator[tuple[int, str, bool]]:
        skipped, lost, column = self.told.skipped, self.told.lost, self._column
        beginning = stream.peek(_BUFFER)
        if is_wide(beginning):
            lost.note(name, 0, "UTF-16 or other octets that are no text in UTF-8")
            return
        kind = kinds.by_ending(name) or kinds.by_beginning(beginning, column)
        if beginning.startswith(parquet.MAGIC):
            kind = Kind.PARQUET
        if named and kind is not Kind.SITEMAP:
            lost.note(name, 0, "named by an index of sitemaps, and no sitemap in XML")
            return
        if kind is Kind.SITEMAP:
            for entry in sitemap.entries(stream, name, skipped, lost):
                yield entry.number, entry.text, entry.sitemap
            return
        if kind is Kind.PARQUET:
            if octets.gzip or not _seekable(source):
                lost.note(name, 0, "Parquet is read from a file only, and not out of gzip")
                return
            rows = parquet.written(source, name, skipped, lost, column)
        else:
            texts = lines(octets, stream, name, skipped)
            if kind is Kind.TEXT:
                rows = plain_text.written(texts, name, skipped)
            elif kind is Kind.JSONL:
                rows = json_lines.written(texts, name, skipped, column)
            else:
                tabs = kind is Kind.TSV
                rows = table.written(texts, name, skipped, lost, column, tabs=tabs)
        for line, text in rows:
            yield line, text, False


def _seekable(source: BinaryIO) -> bool:
    return hasattr(source, "seekable") and source.seekable()


def _beside(path: str, url: str) -> Path | None:
    """The file beside an index that is the sitemap of a URL, where there is one."""
    name = sitemap.local_name(url)
    if name is None:
        return None
    beside = Path(path).with_name(name)
    try:
        return beside if beside.is_file() else None
    except (OSError, ValueError):
        return None


def _away(url: str) -> str:
    return f"names the sitemap {addresses.shown(url)}, which is no file beside it and not fetched"
