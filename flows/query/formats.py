"""An answer as text, written while its rows come in: a table, CSV or JSON."""

import csv
import json
from collections.abc import Iterator, Sequence
from typing import IO, Literal

from flows.query.cells import csv_cell, distinct, json_value, table_cell
from warehouse.query import Row, Rows

Format = Literal["table", "csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json", "parquet")


def write(rows: Rows, form: Format, out: IO[str]) -> None:
    """Write an answer as text, with its last line end; Parquet is no text and has its own way.

    Raises:
        QueryFailed: DuckDB came upon a mistake in a later row; what came before is written.
    """
    if form == "csv":
        write_csv(rows, out)
    elif form == "json":
        write_json(rows, out)
    else:
        write_table(rows, out)


def write_table(rows: Rows, out: IO[str]) -> None:
    """A table for the eye. The first batch of rows decides how wide the columns are."""
    names = [table_cell(name) for name in rows.columns]
    first = next(rows.batches, [])
    cells = [[table_cell(value) for value in row] for row in first]
    widths = [
        max([len(name), *(len(row[place]) for row in cells)]) for place, name in enumerate(names)
    ]
    right = [
        bool(first) and all(isinstance(row[place], int | float | None) for row in first)
        for place in range(len(names))
    ]
    out.write(_line(names, widths, right))
    out.write(_line(["-" * width for width in widths], widths, right))
    count = 0
    for batch in _with_first(first, rows.batches):
        shown = cells if not count else [[table_cell(value) for value in row] for row in batch]
        out.writelines(_line(row, widths, right) for row in shown)
        count += len(batch)
    out.write(f"({count:,} row{'' if count == 1 else 's'})\n")


def write_csv(rows: Rows, out: IO[str]) -> None:
    """Comma-separated values, the names first; no cell that a spreadsheet or terminal obeys."""
    lines = csv.writer(out, lineterminator="\n")
    first = next(rows.batches, [])  # a mistake in it leaves nothing written
    lines.writerow([csv_cell(name) for name in rows.columns])
    for batch in _with_first(first, rows.batches):
        lines.writerows([csv_cell(value) for value in row] for row in batch)


def write_json(rows: Rows, out: IO[str]) -> None:
    """One JSON object: {"columns": [...], "rows": [{...}, ...]}; equal names are numbered."""
    names = distinct(rows.columns)
    first = next(rows.batches, [])  # as above
    out.write(f'{{"columns": {json.dumps(names, ensure_ascii=False)}, "rows": [')
    separator = ""
    for batch in _with_first(first, rows.batches):
        for row in batch:
            named = dict(zip(names, map(json_value, row), strict=True))
            out.write(separator + json.dumps(named, ensure_ascii=False, allow_nan=False))
            separator = ", "
    out.write("]}\n")


def _with_first(first: list[Row], others: Iterator[list[Row]]) -> Iterator[list[Row]]:
    if first:
        yield first
    yield from others


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if is_right else cell.ljust(width)
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    )
    return "  ".join(placed).rstrip() + "\n"
