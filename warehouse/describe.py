"""The schema as a page for readers, made from the comments that stand in the tables themselves.

`python -m warehouse.describe > docs/schema.md` writes it anew; a test fails while it is behind.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
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
_DIAGRAM_HEAD = """\
## How they hang together

A line leads from a table to the rows that point to it, by the column it names: each points to exactly
one (`||`), or to none or one (`|o`). The lines are read off the names of the columns.
"""
_DRAWN = (("main", "raw"), ("ops",))
"""The layers of each diagram; what a row of one of them points to may lie in another."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A column whose values are those of the id of another table, or null where it may be."""

    schema: str
    table: str
    column: str
    is_nullable: bool
    owner_schema: str
    owner: str
    owner_column: str


def schema_page() -> str:
    """The page in Markdown: how tables hang together; each layer, its tables, views and columns."""
    with duckdb.connect(":memory:") as con:
        migrate(con, datetime.fromtimestamp(0, UTC))
        tables = con.execute(statement("describe/tables")).fetchall()
        parts = [_HEAD, _diagrams(relationships(con))]
        for schema, meaning in _LAYERS.items():
            held = [(table, comment) for name, table, comment in tables if name == schema]
            if held:
                parts.append(f"## {schema}\n\n{meaning}\n")
                parts.extend(_table(con, schema, table, comment) for table, comment in held)
    return "\n".join(parts)


def relationships(con: Connection) -> list[Relationship]:
    """Which columns point to which tables, read off their names as docs/naming.md has them.

    There are no keys to ask (docs/decisions/0005-no-keys.md). `agency_id` is the id of the table
    `agencies`, and points to it from every other table; so do `origin_article_id` and `article_a` to
    `articles`. Tests hold the data to what is found here.
    """
    layers = {schema for drawn in _DRAWN for schema in drawn}
    tables = [
        (schema, table)
        for schema, table, _ in con.execute(statement("describe/tables")).fetchall()
        if schema in layers
    ]
    columns = [
        (schema, table, name, bool(is_nullable))
        for schema, table in tables
        for name, _, is_nullable, _ in _columns(con, schema, table)
    ]
    owners = {
        noun: (schema, table)
        for schema, table, name, _ in columns
        if (noun := name.removesuffix("_id")) != name and table in _plurals(noun)
    }
    return [
        Relationship(schema, table, name, is_nullable, *owners[noun], f"{noun}_id")
        for schema, table, name, is_nullable in columns
        for noun in owners
        if (schema, table) != owners[noun] and _points_to(name, noun)
    ]


def _plurals(noun: str) -> tuple[str, ...]:
    return (noun, f"{noun}s", f"{noun}es", f"{noun[:-1]}ies")


def _points_to(column: str, noun: str) -> bool:
    return f"_{column}".endswith(f"_{noun}_id") or column in (f"{noun}_a", f"{noun}_b")


def _diagrams(found: Sequence[Relationship]) -> str:
    """Entity diagrams in Mermaid, one for the articles and one for the runs."""
    parts = []
    for layers in _DRAWN:
        lines = ["```mermaid", "erDiagram"]
        for each in found:
            if each.schema in layers:
                one = "|o" if each.is_nullable else "||"
                owner, own = (
                    _entity(each.owner_schema, each.owner),
                    _entity(each.schema, each.table),
                )
                lines.append(f"    {owner} {one}--o{{ {own} : {each.column}")
        parts += ["\n".join([*lines, "```"]), ""]
    return f"{_DIAGRAM_HEAD}\n" + "\n".join(parts)


def _entity(schema: str, table: str) -> str:
    return table if schema == "main" else f'"{schema}.{table}"'


def _columns(con: Connection, schema: str, table: str) -> list[tuple[str, str, bool, str]]:
    found: list[tuple[str, str, bool, str]] = con.execute(
        statement("describe/columns"), {"schema": schema, "table": table}
    ).fetchall()
    return found


def _table(con: Connection, schema: str, table: str, comment: str) -> str:
    title = table if schema == "main" else f"{schema}.{table}"
    lines = [f"### {title}", "", f"{comment}.", "", "| column | type | |", "|---|---|---|"]
    for name, kind, is_nullable, meaning in _columns(con, schema, table):
        shown = _SHORT.get(kind, kind.lower()) + (", or null" if is_nullable else "")
        lines.append(f"| `{name}` | {shown} | {_cell(meaning)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(schema_page())
