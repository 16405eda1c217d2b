"""Putting rows in: staged as Arrow, then one statement. Call it inside `connection.transaction`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import pyarrow as pa

from warehouse.connection import Connection
from warehouse.statements import statement

Row = Mapping[str, object]

NO_DAY = date.min
"""What stands for an unknown day in the index: DuckDB skips what lies outside of bounds, and does not
skip by nulls once a transaction has written."""

_COUNTED = 50_000
"""Articles whose wire copy is counted in one go; all of a million do not fit in memory."""

_ARROW = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "JSON": pa.string(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", "UTC"),
    "DATE": pa.date32(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "UBIGINT": pa.uint64(),
    "DOUBLE": pa.float64(),
    "BLOB": pa.binary(),
    "BOOLEAN": pa.bool_(),
}


@contextmanager
def staged(con: Connection, **tables: pa.Table) -> Iterator[None]:
    """Arrow tables that statements can read under their keyword's name until the block ends."""
    for name, table in tables.items():
        con.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            con.unregister(name)


def ids_table(ids: Iterable[str]) -> pa.Table:
    """A one-column table of ids, for statements that read `staged_ids`."""
    return pa.table({"id": pa.array(sorted(set(ids)), pa.string())})


def keys_table(ids: Iterable[str]) -> pa.Table:
    """A one-column table of article keys, for statements that read `staged_keys`."""
    return pa.table({"article_key": pa.array(sorted({article_key(i) for i in ids}), pa.uint64())})


def article_key(article_id: str) -> int:
    """The number an article id spells: what the index of the comparison stores."""
    return int(article_id, 16)


def article_id(key: int) -> str:
    """The article id of a key."""
    return f"{key:016x}"


def append(con: Connection, table: str, rows: Sequence[Row] | Mapping[str, object]) -> None:
    """Append rows (or columns, as arrays by name) to a table named as in SQL, e.g. "raw.pages".

    A column that is left out is null.

    Raises:
        KeyError: The table has no such column.
    """
    schema, _, name = table.rpartition(".")
    arrow_schema = _schema(con, schema or "main", name)
    given = rows.keys() if isinstance(rows, Mapping) else {key for row in rows for key in row}
    if unknown := sorted(given - set(arrow_schema.names)):
        raise KeyError(f"{table} has no column {', '.join(unknown)}")
    if isinstance(rows, Mapping):
        fields = [arrow_schema.field(column) for column in rows]
        arrow = pa.Table.from_pydict(dict(rows), schema=pa.schema(fields))
    else:
        arrow = pa.Table.from_pylist([dict(row) for row in rows], schema=arrow_schema)
    if arrow.num_rows == 0:
        return
    with staged(con, **{f"staged_{name}": arrow}):
        con.execute(statement(f"load/append/{name}"))


def delete(con: Connection, name: str, ids: Iterable[str]) -> None:
    """Run `load/delete/{name}` for these ids."""
    arrow = ids_table(ids)
    if arrow.num_rows:
        with staged(con, staged_ids=arrow):
            con.execute(statement(f"load/delete/{name}"))


_UNDATED_DELETES = {
    "matches": "undated_matches",
    "passages": "undated_passages",
    "cluster_members": "undated_cluster_members",
    "components": "undated_components",
}


def delete_dated(
    con: Connection, name: str, ids: Iterable[str], first_day: date, last_day: date
) -> None:
    """Run `load/delete/{name}` for these ids, whose dated rows are of these days, and its twin for
    rows without a day.
    """
    arrow = ids_table(ids)
    if arrow.num_rows:
        values = {"first_day": first_day, "last_day": last_day}
        with staged(con, staged_ids=arrow):
            con.execute(statement(f"load/delete/{name}"), values)
            con.execute(statement(f"load/delete/{_UNDATED_DELETES[name]}"))


def delete_index(con: Connection, article_ids: Iterable[str]) -> None:
    """Forget what the comparison index holds of these articles."""
    arrow = keys_table(article_ids)
    if arrow.num_rows:
        with staged(con, staged_keys=arrow):
            for name in ("fingerprints", "bands", "seeds", "lines"):
                con.execute(statement(f"load/delete/{name}"))


def delete_staged(con: Connection, name: str, tables: Mapping[str, pa.Table]) -> None:
    """Run `load/delete/{name}`, which reads these staged tables."""
    with staged(con, **tables):
        con.execute(statement(f"load/delete/{name}"))


_UNDATED = {
    "band_leaders": "undated_band_leaders",
    "seed_leaders": "undated_seed_leaders",
    "seed_firsts": "undated_seed_firsts",
    "seed_furniture": "undated_seed_furniture",
}


def update_index(
    con: Connection,
    name: str,
    changes: pa.Table,
    first_day: date,
    last_day: date,
    *,
    has_undated: bool,
) -> None:
    """Run `load/{name}` on rows of the index that have changed: it reads `staged_changes`.

    Args:
        con: The writer's connection.
        name: The statement; a twin of it looks at what is undated.
        changes: The rows.
        first_day: No dated row that changes is of a day before this.
        last_day: Nor after this.
        has_undated: Whether any row that changes is undated.
    """
    if changes.num_rows:
        with staged(con, staged_changes=changes):
            values = {"first_day": first_day, "last_day": last_day}
            con.execute(statement(f"load/{name}"), values)
            if has_undated:
                con.execute(statement(f"load/{_UNDATED[name]}"))


def set_version_numbers(con: Connection, numbers: Mapping[str, int]) -> None:
    """Give these articles' current rows their version numbers, by article id."""
    if numbers:
        ids, values = list(numbers), list(numbers.values())
        arrow = pa.table({"article_id": ids, "version_no": pa.array(values, pa.int32())})
        with staged(con, staged_versions=arrow):
            con.execute(statement("load/version_numbers"))


def replace_agencies(con: Connection, agencies: Sequence[tuple[str, str]]) -> None:
    """Make `agencies` hold these ids and names, and nothing else."""
    con.execute(statement("load/delete/agencies"))
    append(con, "agencies", [{"agency_id": key, "name": name} for key, name in agencies])


def update_entries(con: Connection, rows: Sequence[Row]) -> None:
    """Bring sightings up to date: what became of those with this fetch_id and position."""
    if rows:
        columns = ("fetch_id", "position", "outcome", "reason", "detail")
        kinds = _schema(con, "ops", "entries")
        fields = [kinds.field(column) for column in columns]
        arrow = pa.Table.from_pylist([dict(row) for row in rows], schema=pa.schema(fields))
        with staged(con, staged_outcomes=arrow):
            con.execute(statement("load/entry_outcomes"))


def end_run(con: Connection, run_id: str, ended_at: datetime, status: str, outcomes: str) -> None:
    """Close a run's row: when and how it ended, and its counts as JSON."""
    values = {"run_id": run_id, "ended_at": ended_at, "status": status, "outcomes": outcomes}
    con.execute(statement("load/end_run"), values)


def replace_units(con: Connection, rows: Sequence[Row]) -> None:
    """Write how far these units of a backfill have come; what stood there before is replaced."""
    delete(con, "backfill_units", (str(row["unit_id"]) for row in rows))
    append(con, "ops.backfill_units", rows)


def carry_first_seen(con: Connection) -> None:
    """Take over from the database `former` when articles were first seen."""
    con.execute(statement("load/carried_first_seen"))


def release_lost_inputs(con: Connection, run_id: str, now: datetime) -> None:
    """Inputs that lead to an article that is not there are unreadable from now on."""
    con.execute(statement("load/lost_events"), {"run_id": run_id, "now": now})
    con.execute(statement("load/lost_inputs"), {"run_id": run_id})


def retire_fetches(con: Connection, fetch_ids: Sequence[str]) -> tuple[int, int]:
    """Keep of these fetches and their entries only counts; returns how many there were of each."""
    arrow = ids_table(fetch_ids)
    if not arrow.num_rows:
        return 0, 0
    with staged(con, staged_ids=arrow):
        con.execute(statement("load/retired_entries"))
        [(entry_count,)] = con.execute(statement("load/delete/entries")).fetchall()
        con.execute(statement("load/delete/fetches"))
    return len(fetch_ids), int(entry_count)


def forget_migrations(con: Connection) -> None:
    """Empty `ops.migrations` of a file that takes over those of another."""
    con.execute(statement("load/delete/migrations"))


def close_crashed_run(con: Connection, run_id: str, found_at: datetime) -> None:
    """Close the row of a run that never closed it itself."""
    con.execute(statement("load/crashed_run"), {"run_id": run_id, "ended_at": found_at})


def count_wire_words(con: Connection) -> None:
    """Count the words of other publishers in every article that has no count yet."""
    values = {"article_count": _COUNTED}
    while con.execute(statement("load/wire_words"), values).fetchall() != [(0,)]:
        pass


def forget_changed_words(con: Connection) -> None:
    """Drop the changed words of texts that are compared no more."""
    con.execute(statement("load/delete/changed_words"))


def settle_source_publishers(con: Connection) -> None:
    """Point each source at the publisher of the articles it led to, where they have only one."""
    con.execute(statement("load/source_publishers"))


def refresh_publishers(con: Connection, publisher_ids: Iterable[str]) -> None:
    """Name these publishers again from their articles; drop those that have none left."""
    arrow = ids_table(publisher_ids)
    if arrow.num_rows:
        with staged(con, staged_ids=arrow):
            con.execute(statement("load/delete/publishers"))
            con.execute(statement("load/publishers"))


def _schema(con: Connection, schema: str, table: str) -> pa.Schema:
    """The columns of a table as Arrow types; asked once, for migrations come before any load."""
    if (schema, table) not in _SCHEMAS:
        values = {"schema": schema, "table": table}
        columns = con.execute(statement("lookup/columns"), values).fetchall()
        _SCHEMAS[schema, table] = pa.schema([(name, _ARROW[kind]) for name, kind in columns])
    return _SCHEMAS[schema, table]


_SCHEMAS: dict[tuple[str, str], pa.Schema] = {}
