"""Ad hoc SQL, as a person types it: a mistake in it is an answer to them, not a crash."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.connection import Connection
from warehouse.errors import QueryFailed
from warehouse.statements import statement

Row = tuple[object, ...]
Answer = tuple[tuple[str, ...], list[Row]]
"""Column names and rows; of several statements those of the last."""

_BATCH_ROWS = 1000
_PARQUET_BATCH_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query while it is computed: column names, and its rows in batches.

    Batches are read once, in order, before anything else is asked of the connection; they raise
    `QueryFailed` where DuckDB comes upon a mistake (a cast, say) only then.
    """

    columns: tuple[str, ...]
    batches: Iterator[list[Row]]


def stream(con: Connection, query: str) -> Rows:
    """The answer to a query, not held in memory.

    Raises:
        QueryFailed: DuckDB refused it; the message is DuckDB's.
    """
    try:
        query.encode()
        result = con.execute(query)
    except (duckdb.Error, UnicodeEncodeError) as error:
        raise QueryFailed(str(error)) from error
    if result is None:
        raise QueryFailed("There is no statement in this query.")
    return Rows(tuple(column[0] for column in result.description or ()), _batches(result))


def ask(con: Connection, query: str) -> Answer:
    """The answer to a query, whole.

    Raises:
        QueryFailed: DuckDB refused it; the message is DuckDB's.
    """
    rows = stream(con, query)
    return rows.columns, [row for batch in rows.batches for row in batch]


def write_parquet(con: Connection, query: str, out: IO[bytes]) -> int:
    """Write the answer to a query as Parquet (zstd), batch by batch; returns its row count.

    Raises:
        QueryFailed: DuckDB refused it, or it has a column Parquet has no type for.
    """
    count = 0
    try:
        query.encode()
        relation = con.sql(query)
        if relation is None:
            raise QueryFailed("There is no rows-giving statement at the end of this query.")
        batches = relation.to_arrow_reader(_PARQUET_BATCH_ROWS)
        with pq.ParquetWriter(out, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
                count += batch.num_rows
    except (duckdb.Error, UnicodeEncodeError) as error:
        raise QueryFailed(str(error)) from error
    except pa.ArrowException as error:
        raise QueryFailed(
            f"Parquet cannot hold this answer ({error}). Cast the column, e.g. to varchar."
        ) from error
    except OSError as error:
        if error.errno is not None:
            raise  # the disk's
        raise QueryFailed(str(error)) from error  # DuckDB's, met while the rows were computed
    return count


@dataclass(frozen=True, slots=True)
class Words:
    """What a query may name: columns by table (`articles`, `mart.freshness`), key words, functions."""

    columns: dict[str, tuple[str, ...]]
    keywords: tuple[str, ...]
    functions: tuple[str, ...]


def words(con: Connection) -> Words:
    """The names a person may type: those of the copy's tables, and DuckDB's."""
    columns: dict[str, list[str]] = {}
    for schema, table, column in con.execute(statement("lookup/words/columns")).fetchall():
        name = table if schema == "main" else f"{schema}.{table}"
        columns.setdefault(name, []).append(column)
    return Words(
        {name: tuple(found) for name, found in columns.items()},
        _first(con, "lookup/words/keywords"),
        _first(con, "lookup/words/functions"),
    )


def _first(con: Connection, name: str) -> tuple[str, ...]:
    return tuple(row[0] for row in con.execute(statement(name)).fetchall())


def _batches(result: Connection) -> Iterator[list[Row]]:
    while True:
        try:
            batch = result.fetchmany(_BATCH_ROWS)
        except duckdb.Error as error:
            raise QueryFailed(str(error)) from error
        if not batch:
            return
        yield batch
