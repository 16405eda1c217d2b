"""The tables and views as Parquet, for programs that read no DuckDB.

    <schema>/<table>/<table>.parquet
    <schema>/<table>/month=2025-07/<table>.parquet    where rows have a month

Folder names are Hive's, so that pandas, Polars, Spark and DuckDB give the month as a column.
Timestamps are microseconds in UTC and no number is unsigned or wider than 64 bits, for Spark's reader
has no type for those; a test holds every column of the contract to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.connection import Connection
from warehouse.statements import statement

UNKNOWN_MONTH = "unknown"
"""The month of rows without one. Hive has a folder name for null, but pandas cannot read it."""

# Few enough that long bodies fit in memory; each batch is a row group at least.
_BATCH_ROWS = 20_000
_STATEMENTS = {
    "published_at": "export/by_published_at",
    "first_published_at": "export/by_first_published_at",
    "fetched_at": "export/by_fetched_at",
    "article_id": "export/by_article_id",
    "article_a": "export/by_article_a",
    None: "export/whole",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A table as exported: its name with its schema, its rows, and whether they lie by month."""

    name: str
    row_count: int
    is_by_month: bool


def export_tables(con: Connection, folder: Path) -> Iterator[Exported]:
    """Write every table and view of the contract under a folder, one after the other.

    Args:
        con: A connection to the published copy; all that is written is of its state.
        folder: An empty folder.

    Yields:
        What was written, table by table.
    """
    for schema, table, month_of in con.execute(statement("export/tables")).fetchall():
        place = folder / schema / table
        place.mkdir(parents=True)
        rows = con.sql(statement(_STATEMENTS[month_of]), params={"table": f"{schema}.{table}"})
        batches = rows.to_arrow_reader(_BATCH_ROWS)
        if month_of is None:
            count = _write(place / f"{table}.parquet", batches.schema, batches)
        else:
            count = _write_months(place, table, batches)
        yield Exported(f"{schema}.{table}", count, month_of is not None)


def _write_months(place: Path, table: str, batches: pa.RecordBatchReader) -> int:
    """Write rows that come in order of their last column, the month, to a folder for each."""
    schema = batches.schema.remove(len(batches.schema) - 1)
    count = 0
    for month, parts in groupby(_parts(batches), key=lambda part: part[0]):
        folder = place / f"month={month or UNKNOWN_MONTH}"
        folder.mkdir()
        count += _write(folder / f"{table}.parquet", schema, (rows for _, rows in parts))
    if not count:  # a reader still learns the columns
        folder = place / f"month={UNKNOWN_MONTH}"
        folder.mkdir()
        _write(folder / f"{table}.parquet", schema, ())
    return count


def _parts(batches: pa.RecordBatchReader) -> Iterator[tuple[str | None, pa.RecordBatch]]:
    """Batches cut where the month changes, each with its month and without that column."""
    for batch in batches:
        months = batch.column(batch.num_columns - 1).to_pylist()
        rows = batch.select(range(batch.num_columns - 1))
        begin = 0
        for month, same in groupby(months):
            length = len(list(same))
            yield month, rows.slice(begin, length)
            begin += length


def _write(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch] | tuple[()]) -> int:
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count
