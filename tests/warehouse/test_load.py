"""Rows come back as they went in, whatever their text, and derived tables follow the articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warehouse import load, lookup
from warehouse.connection import Connection, transaction

NOW = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)

# The warehouse is made once for all examples; each is rolled back.
_one_warehouse = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

_TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
_IDS = st.integers(0, 2**64 - 1).map(load.article_id)


@contextmanager
def _undone(con: Connection) -> Iterator[None]:
    con.begin()
    try:
        yield
    finally:
        con.rollback()


def _article(article_id: str, **fields: object) -> dict[str, object]:
    return {
        "article_id": article_id,
        "url": f"https://news.example/{article_id}",
        "url_key": f"https://news.example/{article_id}",
        "headline": "Bridge shut",
        "body": "The bridge shut at noon.",
        "first_seen_at": NOW,
        "fetched_at": NOW,
        "word_count": 5,
        "body_sha256": "00",
        "version_no": 1,
        "page_id": "page",
        **fields,
    }


@_one_warehouse
@given(st.lists(st.tuples(_TEXT, _TEXT)))
@example([("quo'te", 'dou"ble; drop table authors; --')])
@example([("a\r\nb\u2028c\x85", "\x1b[31m🚢‍👩🏽\u202e")])
@example([("é", "e\u0301"), ("", " ")])
@example([("long", "word " * 400_000)])
def test_text_comes_back_as_it_went_in(con: Connection, texts: list[tuple[str, str]]) -> None:
    """Quotes, line ends, emoji, combining marks, two million characters: letter by letter."""
    rows = [{"article_id": text, "tag": tag} for text, tag in texts]
    with _undone(con):
        load.append(con, "article_tags", rows)
        found = con.execute("select article_id, tag from article_tags").fetchall()

    assert Counter(found) == Counter(texts)


@_one_warehouse
@given(st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(max_size=50))))
@example([(2**63, b""), (2**64 - 1, b"\0"), (0, b"\xff")])
def test_keys_and_bytes_come_back_as_they_went_in(
    con: Connection, pairs: list[tuple[int, bytes]]
) -> None:
    """Half of all article keys are above 2 ** 63."""
    rows = [
        {"article_key": key, "norm_version": 1, "prose": value, "shingles": value}
        for key, value in pairs
    ]
    with _undone(con):
        load.append(con, "reuse.fingerprints", rows)
        found = con.execute("select article_key, shingles from reuse.fingerprints").fetchall()

    assert Counter(found) == Counter(pairs)


@pytest.mark.parametrize(
    "at",
    [
        NOW,
        datetime(2026, 7, 14, 9, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 7, 14, 18, 30, tzinfo=timezone(timedelta(hours=9))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        None,
    ],
)
def test_times_come_back_as_the_same_instant(con: Connection, at: datetime | None) -> None:
    """To the microsecond, in UTC whatever zone they came in."""
    load.append(con, "articles", [_article("a", published_at=at)])

    found = con.execute("select published_at from articles").fetchall()[0][0]
    assert found == at
    assert found is None or found.utcoffset() == timedelta(0)


def test_columns_left_out_are_null(con: Connection) -> None:
    """Rows need not agree on which optional columns they give."""
    load.append(con, "sources", [
        {"source_id": "a", "slug": "a", "url": "file:", "kind": "folder"},
        {"source_id": "b", "slug": "b", "url": "file:", "kind": "folder", "publisher_id": "p"},
    ])  # fmt: skip

    found = con.execute("select source_id, publisher_id from sources order by all").fetchall()
    assert found == [("a", None), ("b", "p")]


def test_columns_can_come_as_arrays(con: Connection) -> None:
    """In any order of the columns; they are matched by name."""
    columns = {
        "article_key": pa.array([2**64 - 1, 1], pa.uint64()),
        "band": pa.array([5, 2**63], pa.uint64()),
        "is_leader": pa.array([True, False]),
    }
    load.append(con, "reuse.bands", columns)

    found = con.execute("select band, article_key, published_at from reuse.bands").fetchall()
    assert sorted(found) == [(5, 2**64 - 1, None), (2**63, 1, None)]


@pytest.mark.parametrize("rows", [[{"tag": "t", "tagg": "t"}], {"tagg": pa.array(["t"])}])
def test_a_column_the_table_does_not_have_is_an_error(
    con: Connection, rows: list[dict[str, object]] | dict[str, object]
) -> None:
    """A misspelt column must not vanish silently."""
    with pytest.raises(KeyError, match="article_tags has no column tagg"):
        load.append(con, "article_tags", rows)


def test_a_table_that_does_not_exist_is_an_error(con: Connection) -> None:
    """Rows never vanish for want of a table."""
    with pytest.raises(KeyError, match="article_tag has no column"):
        load.append(con, "article_tag", [{"tag": "t"}])


def test_a_required_column_is_required(con: Connection) -> None:
    """And nothing of the rows is there afterwards."""
    with pytest.raises(Exception, match="NOT NULL"):
        load.append(con, "article_tags", [{"article_id": "a", "tag": "t"}, {"tag": "t"}])

    assert con.execute("select count(*) from article_tags").fetchall() == [(0,)]


def test_nothing_to_append_is_nothing(con: Connection) -> None:
    """An empty batch runs no statement, for rows and for columns."""
    load.append(con, "article_tags", [])
    load.append(con, "reuse.bands", {"band": pa.array([], pa.uint64())})

    assert con.execute("select count(*) from article_tags").fetchall() == [(0,)]


def test_an_author_is_one_row_however_often_named(con: Connection) -> None:
    """The first spelling stays."""
    load.append(con, "authors", [{"author_id": "ann", "name": "Ann Lee"}])
    load.append(
        con,
        "authors",
        [{"author_id": "ann", "name": "ANN LEE"}, {"author_id": "bob", "name": "Bob"}],
    )

    found = con.execute("from authors order by all").fetchall()
    assert found == [("ann", "Ann Lee"), ("bob", "Bob")]


def test_authors_nobody_names_are_dropped(filled: Connection) -> None:
    """Only those asked about, and only if no other article names them."""
    load.append(filled, "authors", [{"author_id": "bob", "name": "Bob"}])
    load.append(filled, "authors", [{"author_id": "eve", "name": "Eve"}])

    load.delete(filled, "unnamed_authors", ["ann", "bob"])

    assert filled.execute("select name from authors order by all").fetchall() == [
        ("Ann Lee",),
        ("Eve",),
    ]


@pytest.mark.parametrize(
    ("name", "table", "column"),
    [
        ("agency_evidence", "agency_evidence", "article_id"),
        ("article_agencies", "article_agencies", "article_id"),
        ("article_authors", "article_authors", "article_id"),
        ("article_tags", "article_tags", "article_id"),
        ("article_versions", "article_versions", "article_id"),
        ("articles", "articles", "article_id"),
        ("clusters", "clusters", "cluster_id"),
        ("fetches", "ops.fetches", "fetch_id"),
        ("ledger", "ops.ledger", "ledger_id"),
        ("publishers", "publishers", "publisher_id"),
        ("wire_words", "mart.wire_words", "article_id"),
    ],
)
def test_delete_takes_the_rows_of_these_ids_and_no_others(
    filled: Connection, name: str, table: str, column: str
) -> None:
    """Ids that are not there do no harm, and no ids delete nothing."""
    rows = filled.execute(f"select {column} from {table} order by all").fetchall()  # noqa: S608 - our own names
    gone = rows[-1][0]

    load.delete(filled, name, [])
    load.delete(filled, name, [gone, "unknown", "it's"])

    left = filled.execute(f"select {column} from {table} order by all").fetchall()  # noqa: S608 - our own names
    assert left == [row for row in rows if row[0] != gone]
    assert len(left) < len(rows)


@_one_warehouse
@given(kept=st.sets(_IDS, max_size=5), gone=st.sets(_IDS, max_size=50))
@example(kept={"f000000000000000"}, gone={f"{2**64 - 1 - n:016x}" for n in range(300)})
@example(kept=set(), gone={"0000000000000000", "ffffffffffffffff"})
def test_the_index_forgets_these_articles_and_no_others(
    con: Connection, kept: set[str], gone: set[str]
) -> None:
    """Whatever their ids, and however many more are asked about than are held."""
    kept -= gone
    held = sorted(kept | set(sorted(gone)[:2]))
    keys = [load.article_key(article_id) for article_id in held]
    with _undone(con):
        prints = [
            {"article_key": k, "norm_version": 1, "prose": b"", "shingles": b""} for k in keys
        ]
        load.append(con, "reuse.fingerprints", prints)
        band = {"is_leader": True}
        seed = {"line": 7, "is_first": True, "is_furniture": False, "is_leader": True}
        line = {"publisher_id": "post", "month": 202607, "line": 7}
        load.append(con, "reuse.bands", [{**band, "band": k, "article_key": k} for k in keys])
        load.append(con, "reuse.seeds", [{**seed, "seed": k, "article_key": k} for k in keys])
        load.append(con, "reuse.lines", [{**line, "article_key": k} for k in keys])

        load.delete_index(con, gone)

        for table in ("fingerprints", "bands", "seeds", "lines"):
            found = con.execute(f"select article_key from reuse.{table}").fetchall()  # noqa: S608 - our own names
            assert {load.article_id(key) for (key,) in found} == kept


@given(st.integers(0, 2**64 - 1))
def test_an_article_id_is_its_key_in_sixteen_digits(key: int) -> None:
    """The two are one number, with leading zeros, and sort alike."""
    assert load.article_key(load.article_id(key)) == key
    assert len(load.article_id(key)) == 16


@given(_IDS, _IDS)
def test_ids_and_keys_sort_alike(a: str, b: str) -> None:
    """So the lesser id of a pair is the one with the lesser key."""
    assert (a < b) == (load.article_key(a) < load.article_key(b))


_NAMED = st.tuples(
    st.sampled_from(["p", "q", "r"]),
    st.sampled_from(["Post", "The Post", "Poſt", None]),
    st.sampled_from(["post.example", "m.post.example", None]),
)


def _publishers_of(con: Connection, named: list[tuple[str, str | None, str | None]]) -> object:
    rows = [
        _article(f"{n}", publisher_id=p, publisher_name=name, publisher_host=host)
        for n, (p, name, host) in enumerate(named)
    ]
    with _undone(con):
        for row in rows:
            load.append(con, "articles", [row])
            load.refresh_publishers(con, [str(row["publisher_id"])])
        return con.execute("from publishers order by all").fetchall()


@settings(_one_warehouse, max_examples=10)
@given(st.lists(_NAMED, max_size=4).flatmap(lambda n: st.tuples(st.just(n), st.permutations(n))))
def test_publishers_are_a_function_of_the_articles(
    con: Connection,
    both: tuple[list[tuple[str, str | None, str | None]], list[tuple[str, str | None, str | None]]],
) -> None:
    """In whatever order the articles come; each has the name most of its articles give it."""
    named, shuffled = both
    found = _publishers_of(con, named)

    assert found == _publishers_of(con, shuffled)
    assert found == [
        (
            publisher,
            _most([name for p, name, _ in named if p == publisher]),
            _most([host for p, _, host in named if p == publisher]),
        )
        for publisher in sorted({p for p, _, _ in named})
    ]


def _most(values: list[str | None]) -> str | None:
    counted = Counter(value for value in values if value is not None)
    return min(counted, key=lambda value: (-counted[value], value), default=None)


def test_a_publisher_without_articles_vanishes(filled: Connection) -> None:
    """Others that were not asked about stay as they are."""
    filled.execute("update articles set publisher_id = 'post' where publisher_id = 'herald'")

    load.refresh_publishers(filled, ["herald", "post", "unknown"])

    found = filled.execute("from publishers order by all").fetchall()
    assert found == [
        ("agency", "Agency", "agency.example"),
        ("post", "Herald", "herald.example"),
    ]


def test_version_numbers_change_on_current_rows_alone(filled: Connection) -> None:
    """Text and capture stay; ids that are not held are ignored."""
    query = "select version_no, * exclude (version_no) from articles order by article_id"
    before = filled.execute(query).fetchall()

    load.set_version_numbers(filled, {"f3fffffffffffff3": 7, "unknown": 9})
    load.set_version_numbers(filled, {})

    after = filled.execute(query).fetchall()
    assert [row[0] for row in after] == [2, 1, 1, 7]
    assert [row[1:] for row in after] == [row[1:] for row in before]


def test_agencies_are_replaced_as_a_whole(filled: Connection) -> None:
    """What the rules no longer know is gone."""
    load.replace_agencies(filled, [("new", "New Wire"), ("mpa", "Meridian")])

    found = filled.execute("from agencies order by all").fetchall()
    assert found == [("mpa", "Meridian"), ("new", "New Wire")]


def test_a_run_is_closed_once_and_alone(con: Connection) -> None:
    """Status, end and outcomes go to the run named; a crashed one is closed by whoever finds it."""
    for run_id in ("done", "lost", "going"):
        run = {"run_id": run_id, "flow": "ingest", "started_at": NOW, "status": "running"}
        load.append(con, "ops.runs", [run])

    load.end_run(con, "done", NOW, "completed", '{"loaded": 3}')
    load.close_crashed_run(con, "lost", NOW)

    assert lookup.running_runs(con) == ["going"]
    found = con.execute("select run_id, status, ended_at, outcomes from ops.runs order by all")
    assert found.fetchall() == [
        ("done", "completed", NOW, '{"loaded": 3}'),
        ("going", "running", None, None),
        ("lost", "crashed", NOW, None),
    ]


def test_staged_tables_are_gone_after_the_block(con: Connection) -> None:
    """Even when the block fails, so that the next batch can stage under the same name."""
    table = load.ids_table(["b", "a", "b"])

    def fail() -> None:
        with transaction(con), load.staged(con, staged_ids=table):
            assert con.execute("from staged_ids order by all").fetchall() == [("a",), ("b",)]
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    with pytest.raises(Exception, match="staged_ids"):
        con.execute("from staged_ids")
