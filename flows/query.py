"""Ad hoc SQL on the published copy: one query, or a shell that reads them line by line."""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse import query as ad_hoc
from warehouse.connection import Connection, reader
from warehouse.errors import QueryFailed

_CELL = 80
"""Characters of a cell shown in a table; --json gives all of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows of a query."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]

    def as_json(self) -> str:
        """One JSON object: {"columns": [...], "rows": [{...}, ...]}; equal names are numbered."""
        names = _distinct(self.columns)
        rows = [dict(zip(names, map(_json_value, row), strict=True)) for row in self.rows]
        return json.dumps({"columns": names, "rows": rows}, ensure_ascii=False, allow_nan=False)

    def as_table(self) -> str:
        """A table for the eye: long cells shortened, control characters shown and not obeyed."""
        names = [_cell(name) for name in self.columns]
        cells = [[_cell(value) for value in row] for row in self.rows]
        widths = [
            max([len(name), *(len(row[place]) for row in cells)])
            for place, name in enumerate(names)
        ]
        right = [
            bool(self.rows) and all(isinstance(row[place], int | float | None) for row in self.rows)
            for place in range(len(self.columns))
        ]
        lines = [
            _line(names, widths, right),
            "  ".join("-" * width for width in widths),
            *(_line(row, widths, right) for row in cells),
        ]
        count = len(self.rows)
        return "\n".join([*lines, f"({count:,} row{'' if count == 1 else 's'})"])


def ask(con: Connection, query: str) -> Answer:
    """The answer to one query.

    Raises:
        QueryFailed: DuckDB refused it; the message is DuckDB's.
    """
    try:
        return Answer(*ad_hoc.ask(con, query))
    except QueryFailed as error:
        # The message may quote a value, and a value may be anything a page held.
        lines = str(error).split("\n")
        raise QueryFailed("\n".join(map(_printable, lines))) from error


def ask_home(home: Path, query: str) -> Answer:
    """The answer of the published copy of a data folder."""
    with reader(home) as con:
        return ask(con, query)


def shell(home: Path) -> None:
    """Read queries, each ended by a semicolon, and print their answers until the end of input.

    Raises:
        QueryFailed: DuckDB refused one; a person at the keyboard sees that and goes on.
    """
    interactive = sys.stdin.isatty()
    if interactive:
        # Line editing and history for input(), where the platform has it.
        import readline  # noqa: F401, PLC0415

        sys.stdout.write(f"{home}: read-only. End a query with ; and the shell with Ctrl-D.\n")
    for query in _queries(interactive=interactive):
        try:
            # Opened for each query: an answer is of the copy published last.
            answer = ask_home(home, query).as_table()
        except QueryFailed as error:
            if not interactive:
                raise
            answer = str(error)
        sys.stdout.write(answer + "\n")


def _queries(*, interactive: bool) -> Iterator[str]:
    text = ""
    while True:
        try:
            line = input(("wirecopy> " if not text else "      ...> ") if interactive else "")
        except EOFError:
            break
        text += line + "\n"
        if text.rstrip().endswith(";"):
            yield text
            text = ""
    if text.strip():
        yield text


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if is_right else cell.ljust(width)
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    )
    return "  ".join(placed).rstrip()


def _distinct(names: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        number = 1
        while (f"{name}_{number}" if number > 1 else name) in found:
            number += 1
        found[f"{name}_{number}" if number > 1 else name] = None
    return list(found)


def _json_value(value: object) -> object:
    """A value of DuckDB as JSON has it; what JSON has no form for is text."""
    if isinstance(value, dict):
        return {str(key): _json_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(each) for each in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = _printable(str(value)[: _CELL + 1])
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else _shown(c) for c in text)


def _shown(character: str) -> str:
    return " " if character in "\n\t" else f"\\x{ord(character):02x}"
