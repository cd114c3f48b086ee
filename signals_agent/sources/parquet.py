"""URLs as a column of a Parquet file has them."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from signals_agent import quote
from signals_agent.errors import MissingExtra
from signals_agent.sources import columns
from signals_agent.sources.listed import Firsts

MAGIC: Final = b"PAR1"
_ROWS: Final = 4096
_SAMPLE: Final = 50


def reader() -> Any:
    """The library that reads it; raises ``MissingExtra`` where it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra(
            "reading Parquet needs pyarrow: pip install 'signals-agent[parquet]'"
        ) from None
    return pyarrow.parquet


def written(
    source: BinaryIO, name: str, skipped: Firsts, lost: Firsts, column: str | None
) -> Iterator[tuple[int, str]]:
    """The address of each row, counted from 1; of the columns only that of URLs is read.

    Raises ``MissingExtra``.
    """
    parquet = reader()
    row = 0
    try:
        source.seek(0)
        with parquet.ParquetFile(source) as file:
            chosen = _column(file, column)
            if chosen is None:
                has = ", ".join(quote.text(each, 60) for each in file.schema_arrow.names[:12])
                wanted = "named url" if column is None else quote.text(column, 60)
                lost.note(name, 0, f"no column {wanted} with URLs; it has: {has}")
                return
            for batch in file.iter_batches(_ROWS, columns=[chosen]):
                for value in batch.column(0).to_pylist():
                    row += 1
                    if isinstance(value, str) and value.strip():
                        yield row, value
                    else:
                        what = "an empty cell" if not value else "its URL is no text"
                        skipped.note(name, row, what)
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, MemoryError) as error:
        # All faults of Arrow are one of these, and say so in many lines.
        said = quote.text((str(error) or type(error).__name__).partition("\n")[0], 200)
        lost.note(name, row, f"Parquet that cannot be read any further: {said}")


def _column(file: Any, column: str | None) -> str | None:
    names: list[str] = file.schema_arrow.names
    place = columns.named(names, column)
    if place is None and column is not None:
        place = columns.numbered(column)
        return names[place] if place is not None and place < len(names) else None
    if place is not None:
        return names[place]
    texts = [
        each.name for each in file.schema_arrow if str(each.type) in ("string", "large_string")
    ]
    if not texts:
        return None
    sample = next(file.iter_batches(_SAMPLE, columns=texts), None)
    if sample is None:
        return None
    found = columns.by_content(
        [cell or "" for cell in row.values()] for row in sample.slice(0, _SAMPLE).to_pylist()
    )
    return None if found is None else list(sample.schema.names)[found[0]]
