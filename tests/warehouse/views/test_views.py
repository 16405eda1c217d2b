"""Each view gives the rows of `<view>/<case>.csv` for the rows of `<view>/<case>.sql`.

The first line of a case says what it shows; the columns are those the .csv names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.figures import store_figures
from transforms.extract import count_words
from warehouse import load
from warehouse.connection import Connection
from warehouse.migrate import migrate
from warehouse.statements import names

_HERE = Path(__file__).parent
_CASES = sorted(_HERE.glob("*/*.sql"))
_VIEWS = (
    "articles_wide",
    "attention_by_day",
    "coverage_gaps",
    "edits",
    "first_publishers",
    "freshness",
    "publisher_originality",
    "wire_spread",
)


@pytest.fixture(scope="module")
def migrated() -> Iterator[Connection]:
    """One empty warehouse in memory for all cases."""
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'")
        migrate(opened, datetime(2026, 1, 1, tzinfo=UTC))
        yield opened


@pytest.fixture
def con(migrated: Connection) -> Iterator[Connection]:
    """That warehouse; what a test writes is rolled back."""
    migrated.begin()
    yield migrated
    migrated.rollback()


def place(con: Connection, rows: str) -> None:
    """Put a case's articles into the tables."""
    for text in ((_HERE / "given.sql").read_text(), rows, (_HERE / "placed.sql").read_text()):
        con.execute(text)


def answer(con: Connection, view: str, columns: list[str]) -> list[list[str]]:
    """The rows of a view as text, ascending; null is the empty string."""
    shown = ", ".join(f"coalesce({column}::varchar, '') as {column}" for column in columns)
    rows = con.execute(f"select {shown} from mart.{view} order by all").fetchall()  # noqa: S608 - names of our own
    return [list(row) for row in rows]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_view_gives_the_expected_rows(con: Connection, case: Path):
    """A view gives these rows when the figures are stored, as they are in every published copy."""
    place(con, case.read_text(encoding="utf-8"))
    store_figures(con)
    with case.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        columns, *expected = list(csv.reader(lines))

    assert answer(con, case.parent.name, columns) == sorted(expected)


def test_every_view_has_three_cases():
    """No view of the contract is without at least three cases."""
    counts = {view: len(list((_HERE / view).glob("*.sql"))) for view in _VIEWS}

    assert {view: count for view, count in counts.items() if count < 3} == {}
    assert set(_VIEWS) <= set(names("views"))


def test_every_view_and_column_is_commented(con: Connection):
    """Views and their columns say what they mean."""
    silent = con.execute(
        "select view_name, null from duckdb_views() where schema_name = 'mart' and comment is null"
        " union all "
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'mart' and comment is null"
    ).fetchall()

    assert silent == []


def test_every_view_is_empty_on_an_empty_warehouse(con: Connection):
    """Without articles there are no rows and no errors."""
    counts = {
        view: con.execute(f"select count(*) from mart.{view}").fetchall()[0][0]  # noqa: S608 - names of our own
        for view in names("views")
    }

    assert set(counts.values()) == {0}


@pytest.mark.parametrize(
    "text",
    [
        "The 1,200-seat hall's roof leaks (again), a well-known flaw.",
        "Zażółć gęślą jaźń: 14.5 per cent; O’Brien agreed.",
        "北京 2025 年，三艘船。",
        "snake_case and e-mail@host.example",
        "— … ·",
    ],
)
def test_words_are_counted_as_the_articles_count_them(con: Connection, text: str):
    """A passage that is a whole body has as many words as `word_count` gives the body."""
    words = count_words(text)
    con.execute((_HERE / "given.sql").read_text())
    rows = [("a", "p", "origin", text, words), ("b", "q", "reprint", text, words)]
    con.executemany(
        "insert into given (article_id, publisher_id, role, body, word_count, cluster_id)"
        " values (?, ?, ?, ?, ?, 'a')",
        rows,
    )
    con.execute("insert into given_passages values ('a', 'b', ?)", [text])
    con.execute((_HERE / "placed.sql").read_text())
    load.count_wire_words(con)

    assert answer(con, "articles_wide", ["article_id", "wire_word_count"]) == [
        ["a", "0"],
        ["b", str(words)],
    ]


def test_counting_in_parts_gives_the_same(con: Connection, monkeypatch: pytest.MonkeyPatch):
    """However many articles are counted in one go."""
    place(con, (_HERE / "articles_wide" / "reprint.sql").read_text(encoding="utf-8"))
    counted = []
    for in_one_go in (1, 2, 3, 50):
        monkeypatch.setattr(load, "_COUNTED", in_one_go)
        con.execute("delete from mart.wire_words")
        load.count_wire_words(con)
        counted.append(con.execute("select * from mart.wire_words order by all").fetchall())

    assert len(counted[0]) == 3
    assert counted == [counted[0]] * 4
