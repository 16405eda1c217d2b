"""The schema as a page for readers, made from the comments that stand in the tables themselves.

`python -m warehouse.describe > docs/schema.md` writes it anew; a test fails while it is behind.
"""

import sys
from datetime import UTC, datetime

import duckdb

from warehouse.connection import Connection
from warehouse.migrate import migrate
from warehouse.statements import statement

_LAYERS = {
    "main": "Articles and what they share. Queries need no schema name here.",
    "mart": "Views for analysts, computed when asked.",
    "raw": "What was captured, before anything was read into it.",
    "ops": "Runs, and what became of every input.",
    "reuse": "The index that finds copies. It serves the program and may change with any release.",
}
_SHORT = {"TIMESTAMP WITH TIME ZONE": "timestamptz"}
_HEAD = """\
# Tables

<!-- Made by `python -m warehouse.describe > docs/schema.md`; change the comments in
     warehouse/sql instead. -->

Every table and column, by layer. What the names promise is in [naming.md](naming.md).
"""


def schema_page() -> str:
    """The page in Markdown: each layer, its tables and views, their columns."""
    with duckdb.connect(":memory:") as con:
        migrate(con, datetime.fromtimestamp(0, UTC))
        tables = con.execute(statement("describe/tables")).fetchall()
        parts = [_HEAD]
        for schema, meaning in _LAYERS.items():
            held = [(table, comment) for name, table, comment in tables if name == schema]
            if held:
                parts.append(f"## {schema}\n\n{meaning}\n")
                parts.extend(_table(con, schema, table, comment) for table, comment in held)
    return "\n".join(parts)


def _table(con: Connection, schema: str, table: str, comment: str) -> str:
    columns = con.execute(
        statement("describe/columns"), {"schema": schema, "table": table}
    ).fetchall()
    title = table if schema == "main" else f"{schema}.{table}"
    lines = [f"### {title}", "", f"{comment}.", "", "| column | type | |", "|---|---|---|"]
    for name, kind, is_nullable, meaning in columns:
        shown = _SHORT.get(kind, kind.lower()) + (", or null" if is_nullable else "")
        lines.append(f"| `{name}` | {shown} | {_cell(meaning)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(schema_page())
