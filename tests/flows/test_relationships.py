"""What the diagrams of docs/schema.md say holds for the rows that an ingest leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connection import LIVE
from warehouse.describe import relationships

ROOT = Path(__file__).resolve().parents[2]


def test_every_row_points_to_one_that_is_there(wirecopy: Callable[..., Any], home: Path) -> None:
    """For each line of the diagrams; most of them have rows to show it."""
    done = wirecopy("ingest", ROOT / "seeds" / "demo", "--home", home, "--no-publish")
    assert done.returncode == 0, done.stderr
    counts = {}
    with duckdb.connect(str(home / LIVE), read_only=True) as con:
        for each in relationships(con):
            query = (
                f"select count({each.column}), count({each.column}) filter ({each.column} not in "  # noqa: S608 - names of our own columns
                f"(select {each.owner_column} from {each.owner_schema}.{each.owner})) "
                f"from {each.schema}.{each.table}"
            )
            name = f"{each.schema}.{each.table}.{each.column}"
            counts[name] = con.execute(query).fetchall()[0]

    assert {name: lost for name, (_, lost) in counts.items() if lost} == {}
    shown = [name for name, (rows, _) in counts.items() if rows]
    assert len(shown) > 20
