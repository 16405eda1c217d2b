"""What is exported is what the tables hold, in types every reader of Parquet has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.figures import store_figures
from warehouse.connection import Connection, reader, writer
from warehouse.export import UNKNOWN_MONTH, Exported, export_tables
from warehouse.snapshot import publish

_SPARK = {
    pa.string(),
    pa.bool_(),
    pa.int16(),
    pa.int32(),
    pa.int64(),
    pa.float64(),
    pa.date32(),
    pa.binary(),
}
_INSTANT = pa.timestamp("us", "UTC")


@pytest.fixture(scope="module")
def exported(
    templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Connection, Path, dict[str, Exported]]]:
    """The published copy of four articles, and the folder it was exported to."""
    home, folder = templates["filled"], tmp_path_factory.mktemp("export")
    with writer(home, wait_s=5) as con:
        store_figures(con)
        publish(con, home)
    with reader(home) as con:
        yield con, folder, {table.name: table for table in export_tables(con, folder)}


def _files(folder: Path, name: str) -> str:
    return str(folder / name.replace(".", "/") / "**" / "*.parquet")


def test_the_whole_contract_is_exported(
    exported: tuple[Connection, Path, dict[str, Exported]],
) -> None:
    """Every public table and view; not the index of the comparison."""
    con, _, tables = exported
    held = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'reuse'"
        " and table_name not in ('wire_words', 'changed_words') union all"
        " select schema_name || '.' || view_name from duckdb_views() where schema_name = 'mart'"
    ).fetchall()

    assert set(tables) == {name for (name,) in held}
    assert {"main.articles", "raw.pages", "ops.ledger", "mart.edits"} <= set(tables)


def test_duckdb_reads_back_what_the_tables_hold(
    exported: tuple[Connection, Path, dict[str, Exported]],
) -> None:
    """Every row of every table and view, with equal values."""
    con, folder, tables = exported
    differing = []
    with duckdb.connect() as plain:
        plain.execute("set TimeZone = 'UTC'")
        for table in tables.values():
            columns = [name for (name, *_) in con.execute(f"describe {table.name}").fetchall()]
            listed = ", ".join(columns)
            theirs = plain.execute(
                f"select {listed} from read_parquet($files) order by all",  # noqa: S608 - as above
                {"files": _files(folder, table.name)},
            ).fetchall()
            ours = con.execute(f"select {listed} from {table.name} order by all").fetchall()  # noqa: S608 - as above
            if ours != theirs or len(ours) != table.row_count:
                differing.append(table.name)

    assert differing == []
    assert sum(table.row_count for table in tables.values()) > 50


def test_types_are_those_spark_reads(
    exported: tuple[Connection, Path, dict[str, Exported]],
) -> None:
    """Instants in microseconds of UTC, nothing unsigned, nothing wider than 64 bits."""
    _, folder, _ = exported
    odd = {
        f"{path.stem}.{field.name}": str(field.type)
        for path in folder.rglob("*.parquet")
        for field in pq.read_schema(path)
        if field.type not in _SPARK
        and field.type != _INSTANT
        and not (pa.types.is_list(field.type) and field.type.value_type in _SPARK)
    }

    assert odd == {}


def test_months_are_folders(exported: tuple[Connection, Path, dict[str, Exported]]) -> None:
    """Of the article's publication; rows whose month nobody knows have a folder too."""
    con, folder, tables = exported
    months = dict(
        con.execute(
            "select coalesce(strftime(published_at at time zone 'UTC', '%Y-%m'), $unknown), count(*)"
            " from articles group by all",
            {"unknown": UNKNOWN_MONTH},
        ).fetchall()
    )
    by_month = {name for name, table in tables.items() if table.is_by_month}

    assert {"main.articles", "main.article_versions", "main.passages", "raw.pages"} <= by_month
    assert "main.publishers" not in by_month
    assert len(months) == 2
    assert {
        path.name: sum(pq.read_metadata(file).num_rows for file in path.iterdir())
        for path in (folder / "main" / "articles").iterdir()
    } == {f"month={month}": count for month, count in months.items()}


def test_pandas_and_polars_read_a_folder(
    exported: tuple[Connection, Path, dict[str, Exported]],
) -> None:
    """With the month as a column, and times that know their zone."""
    con, folder, tables = exported
    place = folder / "main" / "articles"
    ids = sorted(row[0] for row in con.execute("select article_id from articles").fetchall())
    frame = pd.read_parquet(place)
    polar = pl.read_parquet(place)

    assert sorted(frame["article_id"]) == sorted(polar["article_id"]) == ids
    assert set(frame["month"]) == set(polar["month"]) >= {UNKNOWN_MONTH}
    assert str(frame["fetched_at"].dtype) == "datetime64[us, UTC]"
    assert polar["fetched_at"].dtype == pl.Datetime("us", "UTC")
    for name in tables:
        pd.read_parquet(folder / name.replace(".", "/"))
        pl.read_parquet(folder / name.replace(".", "/"))


def test_an_empty_warehouse_has_its_columns(empty_home: Path, tmp_path: Path) -> None:
    """A table without rows is a file without rows."""
    with writer(empty_home, wait_s=5) as con:
        publish(con, empty_home)
    with reader(empty_home) as con:
        tables = {table.name: table for table in export_tables(con, tmp_path)}

    assert tables["main.articles"].row_count == 0
    assert "body" in pd.read_parquet(tmp_path / "main" / "articles").columns


def test_long_tables_are_cut_by_month_and_not_by_batch(tmp_path: Path) -> None:
    """Fifty thousand rows of three months, in one file a month, none lost and none twice."""
    home = tmp_path / "home"
    with writer(home, wait_s=5) as con:
        con.execute("create schema raw")
        con.execute(
            "create table raw.pages as select i, timestamptz '2025-01-01 00:00:00+00'"
            " + to_days((i % 90)::integer) as fetched_at from range(50000) as t (i)"
        )
        publish(con, home)
    with reader(home) as con:
        (table,) = export_tables(con, tmp_path / "out")
    read = pq.read_table(tmp_path / "out" / "raw" / "pages")

    assert (table.row_count, table.is_by_month) == (50000, True)
    assert sorted(read["i"].to_pylist()) == list(range(50000))
    assert len(list((tmp_path / "out").rglob("*.parquet"))) == 3
    by_month = zip(read["month"].to_pylist(), read["fetched_at"].to_pylist(), strict=True)
    assert {(month, at.strftime("%Y-%m")) for month, at in by_month} == {
        (month, month) for month in ("2025-01", "2025-02", "2025-03")
    }
    assert max(read["fetched_at"].to_pylist()) == datetime(2025, 3, 31, tzinfo=UTC)
