"""What the report asks of the published copy: the statements in `sql/report`, row by row."""

import duckdb

from warehouse.connection import Connection
from warehouse.errors import WarehouseError
from warehouse.statements import statement

Row = dict[str, object]


def ask(con: Connection, name: str, **parameters: object) -> list[Row]:
    """The rows of a statement, as dictionaries by column name; its name is its path under `sql/`.

    Raises:
        WarehouseError: The published copy lacks a table or view, or is damaged.
    """
    try:
        result = con.execute(statement(name), parameters)
        columns = [column[0] for column in result.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    except duckdb.Error as error:
        raise WarehouseError(
            f"The published copy cannot answer {name}: {error}. It may be of an older wirecopy: "
            "`wirecopy publish` makes a new one."
        ) from error
