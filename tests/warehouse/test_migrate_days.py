"""Migration 0011: what is stored of articles and pairs gets the days that the comparison would write."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

import pytest

from flows.comparison.days import Days, day_of
from warehouse import load, statements
from warehouse.connection import Connection, writer
from warehouse.migrate import migrate

NOW = datetime(2026, 7, 14, tzinfo=UTC)

_UNDATED, _FAR = "000000000000000d", "000000000000000f"
_TIMES = {
    "000000000000000a": "2026-07-14 23:59:59.999999+00",
    "000000000000000b": "2026-07-22 00:00:00+00",
    "000000000000000c": "2026-07-14 01:00:00+02",
    _UNDATED: None,
    _FAR: "2026-07-23 00:00:00+00",
}
"""Articles by id: b is eight days after a in days and seven in time, c has another day in UTC, f is
further from a than copies are looked for.
"""


def _migrate_to_0010(con: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "migrations": [name for name in statements.names("migrations") if name < "0011"],
        "views": [],
    }
    with monkeypatch.context() as patch:
        patch.setattr("warehouse.migrate.names", lambda folder: given[folder])
        assert migrate(con, NOW)[-1] == "0010_changed_words"


def _fill_undated(con: Connection) -> None:
    """All that gets a day, as 0010 has it: each article alone and with every other."""
    con.execute("create temp table given (article_id varchar, published_at timestamptz, day date)")
    values = "insert into given select $1, $2, ($2::timestamptz)::date"
    con.executemany(values, list(_TIMES.items()))
    for text in (
        """insert into articles by name
        select article_id, article_id as url, article_id as url_key, '' as headline, '' as body,
            published_at, now() as first_seen_at, now() as fetched_at, 1 as word_count,
            '' as body_sha256, 1 as version_no, '' as page_id
        from given""",
        """insert into matches
        select a.article_id, b.article_id, 0.5, 0.6, 0.7, 'excerpt'
        from given as a inner join given as b on a.article_id < b.article_id""",
        """insert into passages
        select a.article_id, 1, 2, b.article_id, 3, 4, 5, 'edited'
        from given as a inner join given as b on a.article_id < b.article_id""",
        "insert into cluster_members select article_id, 'of ' || article_id, 'origin' from given",
        "insert into reuse.components select article_id, 'of ' || article_id from given",
        """insert into reuse.bands
        select 7, ('0x' || article_id)::ubigint, published_at, day, published_at is null from given""",
        """insert into reuse.seeds
        select 7, 8, ('0x' || article_id)::ubigint, published_at, day, 'post', true, false,
            published_at is null
        from given""",
        "drop table given",
    ):
        con.execute(text)


_DATED = {
    "matches": "article_a, article_b",
    "passages": "article_a, article_b",
    "cluster_members": "article_id, article_id",
    "reuse.components": "article_id, article_id",
    "reuse.bands": "format('{:016x}', article_key), format('{:016x}', article_key)",
    "reuse.seeds": "format('{:016x}', article_key), format('{:016x}', article_key)",
}
"""The tables that got a day, or another where it is unknown, with the two articles of a row."""


def test_days_come_as_the_comparison_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored of an article has its day in UTC, what is stored of a pair the earlier of the two;
    none where one is unknown or they are far apart. All else of the rows is as it was.
    """
    with writer(tmp_path, wait_s=1) as con:
        _migrate_to_0010(con, monkeypatch)
        _fill_undated(con)
        kept = {
            table: con.execute(f"select * exclude (day) from {table} order by all").fetchall()  # noqa: S608 - our own names
            if table in {"reuse.bands", "reuse.seeds"}
            else con.execute(f"from {table} order by all").fetchall()
            for table in _DATED
        }
    with writer(tmp_path, wait_s=1) as con:
        assert migrate(con, NOW)[0] == "0011_days"
        for table, rows in kept.items():
            query = f"select * exclude (day) from {table} order by all"  # noqa: S608 - our own names
            assert con.execute(query).fetchall() == rows
        times = {one: datetime.fromisoformat(at) if at else None for one, at in _TIMES.items()}
        days = Days(con, times, ())
        found = {
            table: con.execute(f"select {articles}, day from {table}").fetchall()  # noqa: S608 - our own names
            for table, articles in _DATED.items()
        }
    both = list(combinations(sorted(_TIMES), 2))
    pairs = [(*pair, day) for pair, day in zip(both, days.of_pairs(both), strict=True)]
    own = [(one, one, day_of(at)) for one, at in times.items()]
    indexed = [(one, one, day_of(at) or load.NO_DAY) for one, at in times.items()]

    assert Counter(found["matches"]) == Counter(found["passages"]) == Counter(pairs)
    assert Counter(found["cluster_members"]) == Counter(found["reuse.components"]) == Counter(own)
    assert Counter(found["reuse.bands"]) == Counter(found["reuse.seeds"]) == Counter(indexed)
    # Nothing above compares the days with themselves alone.
    assert {day for *_, day in pairs} == {None, *(date(2026, 7, n) for n in (13, 14, 22))}
    assert {day for *_, day in own} == {None, *(date(2026, 7, n) for n in (13, 14, 22, 23))}
    assert {pair[:2] for pair in pairs if pair[2] is None and _UNDATED not in pair} == {
        ("000000000000000a", _FAR),
        ("000000000000000b", "000000000000000c"),
        ("000000000000000c", _FAR),
    }
