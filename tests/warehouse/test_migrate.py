"""A file is brought up to date once, whole or not at all, and says what all its columns mean."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse import lookup, statements
from warehouse.connection import Connection, writer
from warehouse.errors import MigrationChanged, SchemaTooNew
from warehouse.migrate import migrate

NOW = datetime(2026, 7, 14, tzinfo=UTC)

CONTRACT = {
    "publishers": "publisher_id name host",
    "sources": "source_id slug url kind publisher_id",
    "articles": (
        "article_id publisher_id url url_key headline body language published_at "
        "published_precision published_source published_raw first_seen_at fetched_at word_count "
        "body_sha256 version_no page_id"
    ),
    "article_versions": "article_id version_no headline body body_sha256 page_id seen_at",
    "authors": "author_id name",
    "article_authors": "article_id author_id position raw",
    "article_tags": "article_id tag",
    "agencies": "agency_id name",
    "agency_evidence": "article_id agency_id signal level text",
    "article_agencies": "article_id agency_id role",
    "matches": "article_a article_b resemblance containment_a containment_b kind",
    "clusters": "cluster_id origin_article_id article_count first_published_at origin_basis",
    "cluster_members": "article_id cluster_id role",
    "passages": "article_a a_start a_end article_b b_start b_end matched_words kind",
    "raw.pages": (
        "page_id url final_url fetched_at status_code content_type payload_sha256 warc_file "
        "warc_offset warc_length"
    ),
    "ops.runs": "run_id flow started_at ended_at status parameters prefect_flow_run_id",
    "ops.fetches": (
        "fetch_id run_id source_id url kind fetched_at status_code outcome reason payload_sha256 "
        "entries_seen"
    ),
    "ops.entries": "source_id fetch_id position ledger_id url_raw",
    "ops.ledger": (
        "ledger_id url_key state reason attempts next_attempt_at article_id last_run_id"
    ),
    "ops.ledger_events": "ledger_id seq run_id state reason at_utc",
    "ops.source_state": (
        "source_id etag last_modified status next_poll_at interval_s failure_count last_success_at"
    ),
    "ops.loads": "",
    "ops.migrations": "",
}
"""What others may depend on: tables and columns that never lose their name."""

_SUFFIXES = {
    "_id": {"VARCHAR"},
    "_sha256": {"VARCHAR"},
    "_raw": {"VARCHAR"},
    "_at": {"TIMESTAMP WITH TIME ZONE"},
    "_utc": {"TIMESTAMP WITH TIME ZONE"},
    "_on": {"DATE"},
    "_count": {"INTEGER", "BIGINT"},
    "_words": {"INTEGER"},
    "_start": {"INTEGER"},
    "_end": {"INTEGER"},
    "_s": {"BIGINT", "DOUBLE"},
    "_ratio": {"DOUBLE"},
}
"""What the name of a column promises of its type (docs/naming.md)."""


def _columns(con: Connection) -> dict[str, dict[str, str]]:
    """Type by column by table; tables of schema main go by their name alone."""
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where not internal order by all"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in rows:
        name = table if schema == "main" else f"{schema}.{table}"
        found.setdefault(name, {})[column] = kind
    return found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Connection]:
    """A writer's connection to a file that holds nothing yet."""
    with writer(tmp_path / "home", wait_s=5) as con:
        yield con


@pytest.fixture
def sql_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the statements that a test may edit; the program reads it in place of its own."""
    folder = tmp_path / "sql"
    shutil.copytree(Path(str(statements._ROOT)), folder)
    monkeypatch.setattr(statements, "_ROOT", folder)
    statements.statement.cache_clear()
    statements.names.cache_clear()
    yield folder
    statements.statement.cache_clear()
    statements.names.cache_clear()


def test_a_fresh_file_gets_every_migration_in_order(fresh: Connection) -> None:
    """Each is applied once and recorded with its digest and time."""
    applied = migrate(fresh, NOW)

    assert applied == list(statements.names("migrations"))
    assert applied == sorted(applied)
    recorded = fresh.execute(
        "select name, checksum, applied_at from ops.migrations order by name"
    ).fetchall()
    assert recorded == [(name, statements.checksum(f"migrations/{name}"), NOW) for name in applied]


def test_a_second_run_applies_nothing(fresh: Connection) -> None:
    """Migrating is something every run does."""
    migrate(fresh, NOW)
    before = _columns(fresh)

    assert migrate(fresh, NOW) == []
    assert _columns(fresh) == before


@pytest.mark.parametrize("table", CONTRACT)
def test_the_public_contract_is_there(con: Connection, table: str) -> None:
    """Every table and column that others may depend on exists under its name."""
    columns = _columns(con)[table]

    assert [name for name in CONTRACT[table].split() if name not in columns] == []


def test_every_table_and_column_says_what_it_means(con: Connection) -> None:
    """A comment on each, ready for docs/schema.md and for whoever opens the file."""
    silent = con.execute(
        """
        select table_name, '' as column_name from duckdb_tables()
        where not internal and coalesce(comment, '') = ''
        union all
        select view_name, '' from duckdb_views() where not internal and coalesce(comment, '') = ''
        union all
        select table_name, column_name from duckdb_columns()
        where not internal and coalesce(comment, '') = ''
        """
    ).fetchall()

    assert silent == []


def test_nothing_stands_in_the_way_of_a_bulk_load(con: Connection) -> None:
    """No keys, unique constraints, indexes or sequences: checks prove what they would enforce."""
    constraints = con.execute(
        "select distinct constraint_type from duckdb_constraints()"
    ).fetchall()
    indexes = con.execute("select index_name from duckdb_indexes()").fetchall()
    sequences = con.execute("select sequence_name from duckdb_sequences()").fetchall()

    assert (constraints, indexes, sequences) == ([("NOT NULL",)], [], [])


def test_names_keep_their_promises(con: Connection) -> None:
    """A column's suffix says its type."""
    wrong = [
        (table, column, kind)
        for table, columns in _columns(con).items()
        for column, kind in columns.items()
        for suffix, kinds in _SUFFIXES.items()
        if column.endswith(suffix) and kind not in kinds
    ]

    assert wrong == []


def test_an_edited_migration_is_refused(sql_folder: Path, fresh: Connection) -> None:
    """The file was made with another text; the message names the migration and the remedy."""
    migrate(fresh, NOW)
    edited = sql_folder / "migrations" / "0002_articles.sql"
    edited.write_text(edited.read_text() + "-- one more word\n")
    statements.statement.cache_clear()

    with pytest.raises(MigrationChanged, match=r"0002_articles.*Put the file back"):
        migrate(fresh, NOW)


def test_a_migration_from_the_future_is_refused(fresh: Connection) -> None:
    """An older program leaves a newer file alone and says what to do."""
    migrate(fresh, NOW)
    fresh.execute("insert into ops.migrations values ('9999_later', 'x', now())")

    with pytest.raises(SchemaTooNew, match=r"9999_later.*Update wirecopy"):
        migrate(fresh, NOW)


def test_a_failing_migration_leaves_no_trace(sql_folder: Path, fresh: Connection) -> None:
    """Those before it stay, it is rolled back as a whole, and once mended it is applied."""
    known = list(statements.names("migrations"))
    broken = sql_folder / "migrations" / "9000_broken.sql"
    broken.write_text(
        "create table half (i integer);\n"
        "comment on table half is 'Half';\n"
        "alter table articles add column mood varchar;\n"
        "insert into nowhere values (1);\n"
    )
    statements.names.cache_clear()

    with pytest.raises(duckdb.CatalogException, match="nowhere"):
        migrate(fresh, NOW)

    columns = _columns(fresh)
    assert "half" not in columns
    assert "mood" not in columns["articles"]
    applied = fresh.execute("select name from ops.migrations order by name").fetchall()
    assert applied == [(name,) for name in known]
    broken.write_text("create table half (i integer);\n")
    statements.statement.cache_clear()
    assert migrate(fresh, NOW) == ["9000_broken"]


def test_a_new_migration_keeps_the_rows_that_are_there(
    sql_folder: Path, filled: Connection
) -> None:
    """An existing file is brought up to date in place."""
    new = sql_folder / "migrations" / "9000_mood.sql"
    new.write_text("alter table articles add column mood varchar default 'calm';\n")
    statements.names.cache_clear()

    assert migrate(filled, NOW) == ["9000_mood"]
    moods = filled.execute("select mood, count(*) from articles group by all").fetchall()
    assert moods == [("calm", 4)]


def test_views_are_made_again_on_every_run(sql_folder: Path, con: Connection) -> None:
    """A view needs no migration: its text may change from one release to the next."""
    (sql_folder / "views").mkdir(exist_ok=True)
    view = sql_folder / "views" / "loudest.sql"
    for answer in (1, 2):
        view.write_text(f"create or replace view loudest as select {answer} as answer")
        statements.statement.cache_clear()
        statements.names.cache_clear()
        assert migrate(con, NOW) == []
        assert con.execute("from loudest").fetchall() == [(answer,)]


def test_a_checkout_without_views_migrates(sql_folder: Path, fresh: Connection) -> None:
    """Version control keeps no empty folder."""
    shutil.rmtree(sql_folder / "views", ignore_errors=True)

    assert migrate(fresh, NOW) == list(statements.names("migrations"))


_VALUES = {
    "VARCHAR": "'x'",
    "JSON": "'{}'",
    "BLOB": "''::blob",
    "TIMESTAMP WITH TIME ZONE": "'2026-07-14 00:00:00+00'::timestamptz",
    "DATE": "'2026-07-14'::date",
    "BOOLEAN": "true",
}


_MADE_ANEW = {
    "matches",
    "clusters",
    "cluster_members",
    "passages",
    "mart.wire_words",
    "reuse.components",
    "reuse.bands",
    "reuse.seeds",
}
"""What 0009_leaders empties: all of it follows from the articles and fingerprints held."""


def _fill(con: Connection) -> list[str]:
    """Two rows in every table; returns the tables."""
    tables = [t for t in _columns(con) if t != "ops.migrations" and t not in _views(con)]
    for table in tables:
        values = [_VALUES.get(kind, "1") for kind in _columns(con)[table].values()]
        row, columns = f"({', '.join(values)})", ", ".join(_columns(con)[table])
        con.execute(f"insert into {table} ({columns}) values {row}, {row}")  # noqa: S608 - names of tables
    return tables


def _views(con: Connection) -> set[str]:
    names = "select schema_name || '.' || view_name from duckdb_views() where not internal"
    return {str(name) for (name,) in con.execute(names).fetchall()}


def _migrate_to(con: Connection, monkeypatch: pytest.MonkeyPatch, last: str) -> list[str]:
    """Apply the migrations up to this one, and no views."""
    old = [name for name in statements.names("migrations") if name <= last]
    with monkeypatch.context() as patch:
        given = {"migrations": old, "views": []}
        patch.setattr("warehouse.migrate.names", lambda folder: given[folder])
        assert migrate(con, NOW) == old
    return old


def test_a_file_with_rows_of_the_first_version_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table keeps its rows through all later migrations, but for what is made anew."""
    with writer(tmp_path, wait_s=1) as con:
        _migrate_to(con, monkeypatch, "0004_mart")
        tables = _fill(con)
    with writer(tmp_path, wait_s=1) as con:
        assert migrate(con, NOW)
        for table in tables:
            expected = 0 if table in _MADE_ANEW else 2
            assert con.execute(f"select count(*) from {table}").fetchall() == [(expected,)]  # noqa: S608
        assert con.execute("from sources where is_listed is null").fetchall() == []


def test_leaders_come_with_an_empty_index_and_all_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old rows of the index would compare with none of the new; the articles and the spans that count
    are as they were, and all of them are to be compared.
    """
    with writer(tmp_path, wait_s=1) as con:
        _migrate_to(con, monkeypatch, "0008_zzzz")
        tables = _fill(con)
        con.execute("update articles set article_id = 'f00000000000000' || rowid")
        con.execute(
            "update reuse.fingerprints set norm_version = 1, "
            "article_key = ('0xf00000000000000' || rowid)::ubigint"
        )
        columns = {name: ", ".join(_columns(con)[name]) for name in set(tables) - _MADE_ANEW}
        kept = {
            name: con.execute(f"select {c} from {name}").fetchall()  # noqa: S608
            for name, c in columns.items()
        }
    assert set(tables) >= _MADE_ANEW
    assert all(kept.values())
    with writer(tmp_path, wait_s=1) as con:
        assert migrate(con, NOW)[0] == "0009_leaders"
        for name, rows in kept.items():
            assert con.execute(f"select {columns[name]} from {name}").fetchall() == rows  # noqa: S608
        for name in [*_MADE_ANEW, "reuse.lines", "reuse.furniture"]:
            assert con.execute(f"from {name}").fetchall() == [], name
        stale = lookup.rows(con, "stale_articles", norm_version=2, article_count=10)
        found = sorted(str(row["article_id"]) for row in stale)
        assert found == ["f000000000000000", "f000000000000001"]
    with writer(tmp_path, wait_s=1) as con:
        assert con.execute("select count(origin_basis) from clusters").fetchall() == [(0,)]
