"""Ad hoc SQL, as a person types it: a mistake in it is an answer to them, not a crash."""

import duckdb

from warehouse.connection import Connection
from warehouse.errors import QueryFailed

Answer = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""Column names and rows; of several statements those of the last."""


def ask(con: Connection, query: str) -> Answer:
    """The answer to a query.

    Raises:
        QueryFailed: DuckDB refused it; the message is DuckDB's.
    """
    try:
        query.encode()
        result = con.execute(query)
        if result is None:
            raise QueryFailed("There is no statement in this query.")
        return tuple(column[0] for column in result.description or ()), result.fetchall()
    except (duckdb.Error, UnicodeEncodeError) as error:
        raise QueryFailed(str(error)) from error
