"""`wirecopy sql` without a query: a shell for a person, or queries from standard input.

At a terminal, prompt_toolkit reads the lines: it has history and completion, and leaves asking to
us, so that every answer is of the copy published last and nothing in it is obeyed by the terminal
(docs/decisions/0017-sql-shell.md).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from flows.query.formats import Format
from flows.query.output import answer
from warehouse.connection import PUBLISHED, reader
from warehouse.errors import WarehouseError


def shell(home: Path, form: Format = "table") -> None:
    """Answer queries, each ended by a semicolon, until the end of input.

    Raises:
        QueryFailed: DuckDB refused one; a person at the keyboard sees that and goes on.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        for query in _lines():
            answer(home, query, form)
        return
    from flows.query.keyboard import typed  # noqa: PLC0415 - only a person pays for these imports

    with reader(home):  # that nothing is published yet is told before the first prompt
        sys.stdout.write(
            f"{home / PUBLISHED}: read-only. End a query with ; and the shell with Ctrl-D.\n"
            "Tab completes; `show all tables;` lists them, `describe articles;` its columns.\n"
        )
    for query in typed(home):
        try:
            answer(home, query, form)
        except WarehouseError as error:
            sys.stdout.write(f"{error}\n")
        except KeyboardInterrupt:
            sys.stdout.write("Stopped.\n")


def _lines() -> Iterator[str]:
    """Queries of standard input."""
    text = ""
    for line in sys.stdin:
        text += line
        if text.rstrip().endswith(";"):
            yield text
            text = ""
    if text.strip():
        yield text
