"""Answers for people and for programs: complete, valid and harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.query import Answer, ask, ask_home
from warehouse.connection import PUBLISHED, Connection
from warehouse.errors import NotPublished, QueryFailed


@pytest.fixture
def con() -> Iterator[Connection]:
    """A database in memory."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A data folder with a published copy of one table."""
    with duckdb.connect(str(tmp_path / PUBLISHED)) as connection:
        connection.execute("create table notes as select 1 as id, 'secret' as text")
    (tmp_path / "beside.csv").write_text("a,b\n1,2\n")
    return tmp_path


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("select 'ž\"'", 'ž"'),
        ("select 12::hugeint * 10 ** 3", 12000.0),
        ("select 170141183460469231731687303715884105727", 2**127 - 1),
        ("select 'nan'::double", "nan"),
        ("select '-inf'::double", "-inf"),
        ("select null", None),
        ("select true", True),
        ("select 1.10::decimal(9, 2)", "1.10"),
        ("select '\\xAA\\x00'::blob", "aa00"),
        ("select [1, null]", [1, None]),
        ("select {'a': [date '2026-03-01']}", {"a": ["2026-03-01"]}),
        ("select map {date '2026-03-01': 'x'}", {"2026-03-01": "x"}),
        ("select timestamptz '2026-03-01 10:00:00+02'", "2026-03-01 08:00:00+00:00"),
    ],
)
def test_any_value_becomes_valid_json(con: Connection, sql: str, value: object) -> None:
    """What JSON has no form for is text; NaN is no JSON."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    answer = json.loads(ask(con, f"{sql} as x").as_json(), parse_constant=refuse)
    assert answer == {"columns": ["x"], "rows": [{"x": value}]}


def test_columns_of_one_name_are_all_kept(con: Connection) -> None:
    """An object holds a key once, so equal names are numbered."""
    answer = json.loads(ask(con, "select 1 as a, 2 as a, 3 as a, 4 as a_2").as_json())
    assert list(answer["rows"][0].values()) == [1, 2, 3, 4]
    assert len(set(answer["columns"])) == 4
    assert answer["columns"][:2] == ["a", "a_2"]


def test_hostile_text_is_shown_and_not_obeyed(con: Connection) -> None:
    """Escapes, line ends, NUL, text direction: in cells, in names of columns, in error messages."""
    hostile = "\x1b[31m\x07<script>\n\tend\u202e\x9b"
    table = Answer((hostile, "b"), [(hostile, None)]).as_table()
    assert all(character.isprintable() or character == "\n" for character in table)
    assert table.count("\n") == 3
    assert table.count("\\x1b[31m\\x07<script>  end\\x202e\\x9b") == 2
    con.execute("create table t as select ? as x", [hostile])
    with pytest.raises(QueryFailed) as failure:
        ask(con, "select x::integer from t")
    assert all(character.isprintable() or character == "\n" for character in str(failure.value))
    nul = ask(con, "select 'a' || chr(0) || 'b' as x")
    assert "\x00" not in nul.as_table()
    assert json.loads(nul.as_json())["rows"] == [{"x": "a\x00b"}]


def test_a_table_for_the_eye() -> None:
    """Numbers to the right, text to the left, long cells shortened, the rows counted."""
    table = Answer(("n", "text"), [(1, "a"), (20, "b" * 100), (None, "")]).as_table()
    assert table.splitlines() == [
        " n  text",
        "--  " + "-" * 80,
        " 1  a",
        "20  " + "b" * 79 + "…",
        "",
        "(3 rows)",
    ]
    assert Answer(("n",), []).as_table() == "n\n-\n(0 rows)"


@pytest.mark.parametrize(
    "sql",
    [
        "insert into notes values (2, 'x')",
        "update notes set id = 2",
        "drop table notes",
        "create table other (a int)",
        "attach 'other.duckdb'",
        "copy notes to 'out.csv'",
        "copy notes from '{folder}/beside.csv'",
        "export database '{folder}/export'",
        "from read_csv('{folder}/beside.csv')",
        "from '{folder}/beside.csv'",
        "from read_text('/etc/hostname')",
        "from glob('/*')",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set memory_limit = '1GB'",
        "reset enable_external_access",
        "install httpfs",
        "load httpfs",
        "select 1; from read_csv('{folder}/beside.csv')",
        "selec",
        "",
        ";",
        "-- nothing",
    ],
)
def test_a_query_reads_the_published_copy_and_nothing_else(published: Path, sql: str) -> None:
    """No writing, no other file, no setting: one kind of error, and nothing has changed."""
    before = sorted(path.name for path in published.iterdir())
    stored = (published / PUBLISHED).read_bytes()
    with pytest.raises(QueryFailed):
        ask_home(published, sql.format(folder=published))
    assert sorted(path.name for path in published.iterdir()) == before
    assert (published / PUBLISHED).read_bytes() == stored


def test_without_a_published_copy_the_error_says_what_to_do(tmp_path: Path) -> None:
    """A person reads it as one sentence."""
    with pytest.raises(NotPublished, match="wirecopy ingest"):
        ask_home(tmp_path, "select 1")
