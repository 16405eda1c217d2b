"""Answers as CSV, JSON and Parquet: complete, harmless where people look, exact where programs do."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import OutputRefused
from flows.query.cells import csv_cell, table_cell
from flows.query.formats import write
from flows.query.output import answer, chosen_format
from warehouse import query as ad_hoc
from warehouse.connection import PUBLISHED, Connection
from warehouse.errors import QueryFailed

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture
def con() -> Iterator[Connection]:
    """A database in memory."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a published copy of two thousand five hundred rows."""
    folder = tmp_path / "home"
    folder.mkdir()
    with duckdb.connect(str(folder / PUBLISHED)) as connection:
        connection.execute(
            "create table notes as"
            " select i::integer as id, 'note ' || i as text from range(2500) as t (i)"
        )
    return folder


def _csv(con: Connection, query: str) -> list[list[str]]:
    out = io.StringIO()
    write(ad_hoc.stream(con, query), "csv", out)
    return list(csv.reader(io.StringIO(out.getvalue())))


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("'=1+1'", "'=1+1"),
        ("'+1'", "'+1"),
        ("'-2+3+cmd|'' /C calc''!A0'", "'-2+3+cmd|' /C calc'!A0"),
        ("'@SUM(1)'", "'@SUM(1)"),
        ("chr(9) || 'x'", "'\tx"),
        ("chr(13) || '=x'", "'\\x0d=x"),
        ("'＝1'", "'＝1"),
        ("' =1'", "' =1"),
        ("chr(65279) || '=1'", "'\ufeff=1"),
        ("'a=1'", "a=1"),
        ("''", ""),
        ("null", ""),
        ("-1", "-1"),
        ("-1.50::decimal(4, 2)", "-1.50"),
        ("'-inf'::double", "-inf"),
        ("true", "true"),
        ("['=x']", '["=x"]'),
        ("'\\xAA'::blob", "aa"),
        ("timestamptz '2026-03-01 10:00:00+02'", "2026-03-01 08:00:00+00:00"),
        ("'a' || chr(10) || 'b, \"c\"'", 'a\nb, "c"'),
        ("chr(27) || '[31m' || chr(0) || chr(155)", "\\x1b[31m\\x00\\x9b"),
        ("'a' || chr(8238) || 'b' || chr(8294)", "a\\x202eb\\x2066"),
        ("'می‌خواهم'", "می‌خواهم"),
    ],
)
def test_a_cell_of_a_csv(con: Connection, sql: str, cell: str) -> None:
    """Text that begins a formula is marked, control characters are written out, numbers stay."""
    assert _csv(con, f"select {sql} as x, 1 as y") == [["x", "y"], [cell, "1"]]


@given(st.text())
def test_no_text_is_a_formula_or_an_escape(text: str) -> None:
    """Whatever a page holds; in a CSV and on the terminal."""
    cell = csv_cell(text)

    assert not cell.startswith(_FORMULAS)
    assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in cell)
    assert all(c.isprintable() for c in table_cell(text))


@given(st.lists(st.text(), min_size=2, max_size=3))
def test_a_csv_is_read_back_as_written(texts: list[str]) -> None:
    """Commas, quotes and line ends stay inside their cell."""
    out = io.StringIO()
    write(ad_hoc.Rows(("a", "b", "c")[: len(texts)], iter([[tuple(texts)]])), "csv", out)

    assert list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1] == [
        csv_cell(text) for text in texts
    ]


def test_names_of_columns_are_cells_too(con: Connection) -> None:
    """A query may name a column as it likes."""
    assert _csv(con, 'select 1 as "=x"')[0] == ["'=x"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_rows_are_written_as_they_come(form: str) -> None:
    """Of a long answer only a batch is in memory: the first is out before the third is made."""
    out = io.StringIO()
    seen: list[int] = []

    def batches() -> Iterator[list[tuple[object, ...]]]:
        for number in range(3):
            seen.append(len(out.getvalue()))
            yield [(number, f"row {number}")] * 1000

    write(ad_hoc.Rows(("n", "text"), batches()), form, out)  # type: ignore[arg-type]

    assert seen[0] == 0
    assert seen[2] > 1000
    assert out.getvalue().count("row 2") == 1000


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_mistake_met_in_the_first_rows_leaves_nothing(con: Connection, form: str) -> None:
    """Not even the names: what reads the output gets nothing, and the exit code says why."""
    out = io.StringIO()
    with pytest.raises(QueryFailed, match="Could not convert"):
        write(ad_hoc.stream(con, "select t::integer from (values ('x')) as v (t)"), form, out)  # type: ignore[arg-type]

    assert out.getvalue() == ""


def test_a_file_of_each_format(home: Path, tmp_path: Path) -> None:
    """The suffix says which; each holds all rows."""
    for suffix in ("csv", "json", "parquet", "txt"):
        file = tmp_path / f"answer.{suffix}"
        answer(home, "select * from notes order by id", chosen_format(None, file), file)

    assert len((tmp_path / "answer.csv").read_text().splitlines()) == 2501
    assert len(json.loads((tmp_path / "answer.json").read_text())["rows"]) == 2500
    assert (tmp_path / "answer.txt").read_text().endswith("(2,500 rows)\n")
    table = pq.read_table(tmp_path / "answer.parquet")
    assert (table.num_rows, table.column_names) == (2500, ["id", "text"])
    assert table.slice(2499).to_pylist() == [{"id": 2499, "text": "note 2499"}]


@pytest.mark.parametrize("name", ["answer.csv", "answer.parquet"])
def test_a_failed_query_keeps_the_old_file(home: Path, tmp_path: Path, name: str) -> None:
    """Also where the mistake is met in the last row only; nothing is left beside it."""
    file = tmp_path / name
    file.write_text("old")
    late = "select if(id = 2499, text, '1')::integer as n from notes order by id"
    with pytest.raises(QueryFailed, match="Could not convert"):
        answer(home, late, chosen_format(None, file), file)

    assert file.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, "home"]


def test_what_parquet_has_no_type_for_is_told(home: Path, tmp_path: Path) -> None:
    """In a sentence, with what to do."""
    with pytest.raises(QueryFailed, match="Cast the column"):
        answer(home, "select interval 1 day as i", "parquet", tmp_path / "a.parquet")


def test_hostile_text_is_exact_in_parquet_and_json(home: Path, tmp_path: Path) -> None:
    """These are for programs, which obey nothing."""
    hostile = "=cmd\x1b[1m\x00\u202e<script>\"'"
    codes = " || ".join(f"chr({ord(c)})" for c in hostile)
    for name in ("a.parquet", "a.json"):
        answer(home, f"select {codes} as x", chosen_format(None, tmp_path / name), tmp_path / name)

    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == [{"x": hostile}]
    assert json.loads((tmp_path / "a.json").read_text())["rows"] == [{"x": hostile}]


def test_a_file_that_cannot_be_written_is_told(home: Path, tmp_path: Path) -> None:
    """A missing folder, a device; a link is followed and stays."""
    with pytest.raises(OutputRefused, match="No such file"):
        answer(home, "select 1", "csv", tmp_path / "missing" / "a.csv")
    with pytest.raises(OutputRefused, match="no regular file"):
        answer(home, "select 1", "csv", Path(os.devnull))
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    answer(home, "select 1 as a", "csv", tmp_path / "link.csv")

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "a\n1\n"


def _run(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", "sql", "--home", str(home), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["select 1", "--format", "parquet"], 2),
        (["select 1", "-o", "answer.xyz"], 2),
        (["select 1", "--json", "--format", "csv"], 2),
        (["select 1", "--format", "xml"], 2),
        (["selec"], 1),
    ],
)
def test_a_wrong_command_line_is_told(home: Path, arguments: list[str], code: int) -> None:
    """2 for the command line, 1 for the query; never a traceback, nothing on stdout."""
    done = _run(home, *arguments)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_queries_from_standard_input(home: Path, tmp_path: Path) -> None:
    """Each answered in the format asked for; into a file goes the last one's answer."""
    two = "select 1 as a;\nselect\n  '=2' as b;\nselect 3 as c"

    assert _run(home, stdin=two).stdout.splitlines() == [
        *("a", "-", "1", "(1 row)"),
        *("b", "--", "=2", "(1 row)"),
        *("c", "-", "3", "(1 row)"),
    ]
    assert _run(home, "--format", "csv", stdin=two).stdout == "a\n1\nb\n'=2\nc\n3\n"
    assert [
        json.loads(line)["rows"] for line in _run(home, "--json", stdin=two).stdout.splitlines()
    ] == [
        [{"a": 1}],
        [{"b": "=2"}],
        [{"c": 3}],
    ]
    assert _run(home, "-o", str(tmp_path / "c.csv"), stdin=two).returncode == 0
    assert (tmp_path / "c.csv").read_text() == "c\n3\n"
