"""The report as a Parquet table, with the columns of the CSV and their types."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final

from signals_agent.audit.reports import rows as table
from signals_agent.audit.reports.rows import COLUMNS, Cells, Kind
from signals_agent.errors import MissingExtra
from signals_agent.store.snapshot import Row

_TOGETHER: Final = 5_000
"""Rows of a row group: as many are held in memory."""


def modules() -> Any:
    """What writes it; raises ``MissingExtra`` where it is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra(
            "a report as Parquet needs pyarrow, which is not installed: "
            "pip install 'signals-agent[parquet]'"
        ) from None
    return pa, parquet


def write(rows: Iterable[Row], to: BinaryIO) -> None:
    """The table; texts are as they were sent, for no program that reads Parquet runs a formula.

    What does not exist is null in columns of texts, numbers and times, and an empty list in
    those of lists, which are null where the URL was not asked. Raises ``MissingExtra``.
    """
    arrow, parquet = modules()
    schema = _schema(arrow)
    found = table.each(rows)
    with parquet.ParquetWriter(to, schema, compression="zstd") as writer:
        while batch := [_row(each) for each in islice(found, _TOGETHER)]:
            writer.write_batch(arrow.RecordBatch.from_pylist(batch, schema=schema))


def _schema(arrow: Any) -> Any:
    types = {
        Kind.ADDRESS: arrow.string(),
        Kind.WORD: arrow.string(),
        Kind.WORDS: arrow.string(),
        Kind.LIST: arrow.list_(arrow.string()),
        Kind.NUMBER: arrow.int64(),
        Kind.TIME: arrow.timestamp("us", tz="UTC"),
    }
    return arrow.schema(
        [arrow.field(each.name, types[each.kind], metadata={"says": each.says}) for each in COLUMNS]
    )


def _text(said: str) -> str:
    # JSON can say half a character, which no encoding holds.
    return said if said.isascii() else said.encode("utf-8", "replace").decode()


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said)


_READERS: Final[dict[Kind, Any]] = {
    Kind.ADDRESS: _text,
    Kind.WORD: _text,
    Kind.WORDS: _text,
    Kind.LIST: lambda texts: [_text(each) for each in texts],
    Kind.NUMBER: int,
    Kind.TIME: _time,
}

_CELLS: Final = tuple((each.name, _READERS[each.kind]) for each in COLUMNS)


def _row(row: Cells) -> Cells:
    return {name: read(row[name]) for name, read in _CELLS if name in row}
