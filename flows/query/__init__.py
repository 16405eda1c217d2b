"""Ad hoc SQL on the published copy: answers whole (`ask`), to a stream or a file, and a shell.

Text of an answer comes from pages anybody may have written: on a terminal and in a CSV it is shown
and never obeyed (`cells`); JSON and Parquet have it letter by letter.
"""

import io
from dataclasses import dataclass
from pathlib import Path

from flows.query.cells import one_line, printable
from flows.query.formats import Format, write
from warehouse import query as ad_hoc
from warehouse.connection import Connection, reader
from warehouse.errors import QueryFailed

__all__ = ["Answer", "Format", "ask", "ask_home", "told"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows of a query."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]

    def as_json(self) -> str:
        """One JSON object: {"columns": [...], "rows": [{...}, ...]}; equal names are numbered."""
        return self._text("json").rstrip("\n")

    def as_table(self) -> str:
        """A table for the eye: long cells shortened, control characters shown and not obeyed."""
        return self._text("table").rstrip("\n")

    def _text(self, form: Format) -> str:
        out = io.StringIO()
        batches = iter([self.rows] if self.rows else [])
        write(ad_hoc.Rows(self.columns, batches), form, out)
        return out.getvalue()


def ask(con: Connection, query: str) -> Answer:
    """The answer to one query.

    Raises:
        QueryFailed: DuckDB refused it; the message is DuckDB's.
    """
    try:
        return Answer(*ad_hoc.ask(con, query))
    except QueryFailed as error:
        raise told(error) from error


def ask_home(home: Path, query: str) -> Answer:
    """The answer of the published copy of a data folder."""
    with reader(home) as con:
        return ask(con, query)


def told(error: QueryFailed) -> QueryFailed:
    """The error with a message that is safe to print: it may quote a value, and a value may be
    anything a page held.
    """
    return QueryFailed("\n".join(printable(one_line(line)) for line in str(error).split("\n")))
