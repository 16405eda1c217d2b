"""The schema page: its diagrams follow from the names of columns, and the data follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from warehouse.describe import Relationship, relationships, schema_page
from warehouse.migrate import migrate


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables without rows."""
    with duckdb.connect(":memory:") as connection:
        migrate(connection, datetime(2026, 7, 14, tzinfo=UTC))
        yield connection


def _short(each: Relationship) -> tuple[str, str, str]:
    return (f"{each.schema}.{each.table}", each.column, f"{each.owner_schema}.{each.owner}")


def test_relationships_are_read_off_the_names(con: duckdb.DuckDBPyConnection) -> None:
    """Plain, with a word before them, and both sides of a pair; across layers too."""
    found = {_short(each) for each in relationships(con)}

    assert found >= {
        ("main.articles", "publisher_id", "main.publishers"),
        ("main.articles", "page_id", "raw.pages"),
        ("main.article_agencies", "agency_id", "main.agencies"),
        ("main.clusters", "origin_article_id", "main.articles"),
        ("main.passages", "article_a", "main.articles"),
        ("main.passages", "article_b", "main.articles"),
        ("ops.ledger", "last_run_id", "ops.runs"),
        ("ops.ledger", "article_id", "main.articles"),
        ("ops.entries", "fetch_id", "ops.fetches"),
    }


def test_what_is_no_relationship_is_none(con: duckdb.DuckDBPyConnection) -> None:
    """A table's own id, an id of another program, a count."""
    found = {_short(each)[:2] for each in relationships(con)}

    assert not found & {
        ("main.articles", "article_id"),
        ("ops.runs", "prefect_flow_run_id"),
        ("main.clusters", "article_count"),
        ("main.clusters", "cluster_id"),
    }


def test_a_new_table_joins_the_diagram(con: duckdb.DuckDBPyConnection) -> None:
    """By the names of its columns alone."""
    con.execute("create table readers (reader_id varchar not null, last_article_id varchar)")
    try:
        found = [each for each in relationships(con) if each.table == "readers"]
    finally:
        con.execute("drop table readers")

    assert found == [
        Relationship("main", "readers", "last_article_id", True, "main", "articles", "article_id")  # noqa: FBT003 - fields in order
    ]


def test_the_page_draws_every_relationship_once(con: duckdb.DuckDBPyConnection) -> None:
    """As lines of two Mermaid diagrams; the sign says whether a row may point to nothing."""
    page = schema_page()
    blocks = re.findall(r"```mermaid\nerDiagram\n(.*?)```", page, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]

    assert len(blocks) == 2
    assert len(lines) == len(set(lines)) == len(relationships(con))
    assert "publishers |o--o{ articles : publisher_id" in lines
    assert '"raw.pages" ||--o{ articles : page_id' in lines
    form = re.compile(r'(\w+|"\w+\.\w+") (\|\||\|o)--o\{ (\w+|"\w+\.\w+") : \w+')
    assert [line for line in lines if not form.fullmatch(line)] == []
