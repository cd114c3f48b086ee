"""In which format a list is: by the ending of its name, else by its first octets."""

import re
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from signals_agent.sources import addresses, parquet, table


class Kind(StrEnum):
    """The formats of lists."""

    TEXT = "text"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    SITEMAP = "sitemap"


_ENDINGS: Final = {
    ".txt": Kind.TEXT,
    ".urls": Kind.TEXT,
    ".lst": Kind.TEXT,
    ".list": Kind.TEXT,
    ".csv": Kind.CSV,
    ".tsv": Kind.TSV,
    ".tab": Kind.TSV,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".parquet": Kind.PARQUET,
    ".pq": Kind.PARQUET,
    ".xml": Kind.SITEMAP,
}
_COMMENT: Final = re.compile(r"\s*(?:#|$)")


def by_ending(name: str) -> Kind | None:
    """The format that a file's name says; ``.gz`` behind it says nothing."""
    path = PurePath(name.lower())
    return _ENDINGS.get(PurePath(path.stem).suffix if path.suffix == ".gz" else path.suffix)


def by_beginning(octets: bytes, column: str | None) -> Kind:
    """The format that the first octets look like; a column is wanted of tables only."""
    if octets.startswith(parquet.MAGIC):
        return Kind.PARQUET
    text = octets.decode("utf-8-sig", "replace")
    begun = text.lstrip()
    if begun.startswith("<"):
        return Kind.SITEMAP
    if begun.startswith("{"):
        return Kind.JSONL
    if column is not None:
        return Kind.CSV
    first = next((line for line in text.splitlines() if not _COMMENT.match(line)), "")
    if table.names_urls(first):
        return Kind.CSV
    word = first.strip()
    plain = (addresses.is_full(word) or addresses.is_bare(word)) and "\t" not in word
    return Kind.CSV if not plain and table.holds_urls(first) else Kind.TEXT
