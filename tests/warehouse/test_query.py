"""Ad hoc SQL gives an answer or a sentence, never a traceback."""

from __future__ import annotations

import pytest

from warehouse.connection import Connection
from warehouse.errors import QueryFailed
from warehouse.query import ask


def test_an_answer_is_columns_and_rows(filled: Connection) -> None:
    """Column names as DuckDB gives them, rows in the order of the query."""
    answer = ask(filled, "select tag, length(tag) as letters from article_tags")

    assert answer == (("tag", "letters"), [("harbour", 7)])


def test_of_several_statements_the_last_answers(con: Connection) -> None:
    """As in any DuckDB shell."""
    assert ask(con, "select 1 as a; select 2 as b;") == (("b",), [(2,)])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select nothing", "nothing"),
        ("selec 1", "syntax error"),
        ("select 'many'::integer", "Could not convert"),
        ("select $article", "article"),
        ("", "no statement"),
        (" \n ", "no statement"),
        ("-- only a comment", "no statement"),
        (";", "no statement"),
        ("select '\ud800'", "surrogates not allowed"),
    ],
)
def test_a_wrong_query_is_told(con: Connection, query: str, message: str) -> None:
    """An empty one and one that is not even text included."""
    with pytest.raises(QueryFailed, match=message):
        ask(con, query)


def test_values_python_has_no_type_for_come_as_text(con: Connection) -> None:
    """A date before our era, a time zone's edge: shown, not refused."""
    assert ask(con, "select '0044-03-15 (BC)'::date as ides") == (
        ("ides",),
        [("0044-03-15 (BC)",)],
    )
