"""Look-ups of lines: who has them, how many, and which are furniture, in months and without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import IDS, cluster, one_warehouse, undone
from warehouse import load, lookup
from warehouse.connection import Connection

Place = tuple[str, int, int]
"""A line as its publisher has it in a month: publisher, month, hash."""

_NAMES = ("publisher_id", "month", "line")
_TIMES = st.sampled_from(
    [
        None,
        datetime(2026, 6, 30, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 7, 1, tzinfo=UTC),
        datetime(2026, 7, 31, 23, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 12, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ]
)
_MONTHS = st.sampled_from([202606, 202607, 202608, 202612, 202701])
_DAYS = {
    202606: (date(2026, 6, 1), date(2026, 6, 30)),
    202607: (date(2026, 7, 1), date(2026, 7, 31)),
    202608: (date(2026, 8, 1), date(2026, 8, 31)),
    202612: (date(2026, 12, 1), date(2026, 12, 31)),
    202701: (date(2027, 1, 1), date(2027, 1, 31)),
}
_PUBLISHERS, _LINES = ("post", "herald"), (1, 2**64 - 1)
_PLACES = st.tuples(st.sampled_from(_PUBLISHERS), st.just(0) | _MONTHS, st.sampled_from(_LINES))


@dataclass(frozen=True)
class Lined:
    """An article with its lines and the number of its cluster."""

    published_at: datetime | None
    publisher_id: str
    lines: frozenset[int]
    cluster: int
    is_asked: bool

    @property
    def month(self) -> int:
        """As the index has it."""
        at = self.published_at
        return at.year * 100 + at.month if at else 0

    @property
    def places(self) -> set[Place]:
        """Its lines, as its publisher has them in its month."""
        return {(self.publisher_id, self.month, line) for line in self.lines}


_LINED = st.builds(
    Lined,
    _TIMES,
    st.sampled_from(_PUBLISHERS),
    st.frozensets(st.sampled_from(_LINES)),
    st.integers(0, 3),
    st.booleans(),
)


def _staged(places: Iterable[Place], **more: bool) -> pa.Table:
    rows = [dict(zip(_NAMES, place, strict=True)) | more for place in sorted(places)]
    fields = [("publisher_id", pa.string()), ("month", pa.int32()), ("line", pa.uint64())]
    return pa.Table.from_pylist(rows, pa.schema(fields + [(name, pa.bool_()) for name in more]))


def _hold(con: Connection, articles: dict[str, Lined], furniture: Iterable[Place]) -> None:
    cluster_of = {one: each.cluster for one, each in articles.items()}
    origins = {
        number: min(one for one in articles if cluster_of[one] == number)
        for number in cluster_of.values()
    }
    cluster(con, cluster_of, origins, {one: each.published_at for one, each in articles.items()})
    load.append(
        con,
        "reuse.lines",
        [
            dict(zip(_NAMES, place, strict=True)) | {"article_key": load.article_key(one)}
            for one, each in articles.items()
            for place in each.places
        ],
    )
    load.append(con, "reuse.furniture", _staged(furniture).to_pylist())


_EDGES = {
    load.article_id(key): Lined(at, "post", frozenset(_LINES), cluster=0, is_asked=True)
    for key, at in enumerate(
        [
            None,
            datetime(2026, 6, 30, 23, 59, tzinfo=UTC),
            datetime(2026, 7, 1, tzinfo=UTC),
            datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
            datetime(2027, 1, 1, tzinfo=UTC),
        ]
    )
}
"""Articles of one publisher with the same lines: undated, and at the edges of months."""
_EVERY_PLACE = {place for each in _EDGES.values() for place in each.places}


def _is_in(month: int, months: tuple[int, int]) -> bool:
    return month == 0 or months[0] <= month <= months[1]


@one_warehouse
@given(
    st.dictionaries(IDS, _LINED, max_size=8),
    st.sets(_PLACES),
    st.sets(_PLACES),
    st.integers(1, 3),
    st.tuples(_MONTHS, _MONTHS),
)
@example(_EDGES, set(), _EVERY_PLACE, 1, (202607, 202612))
@example(_EDGES, _EVERY_PLACE, _EVERY_PLACE, 2, (202606, 202701))
def test_lines_are_counted_in_articles_and_clusters(
    con: Connection,
    articles: dict[str, Lined],
    furniture: set[Place],
    asked: set[Place],
    least_count: int,
    months: tuple[int, int],
) -> None:
    """Those that matter: in enough articles, or furniture so far. The months asked about cover the
    lines, and their days those who have them.
    """
    asked = {place for place in asked if _is_in(place[1], months)}
    values = {
        "first_month": months[0],
        "last_month": months[1],
        "first_day": _DAYS[months[0]][0],
        "last_day": _DAYS[months[1]][1],
        "least_count": least_count,
    }
    with undone(con):
        _hold(con, articles, furniture)
        twice = pa.concat_tables([_staged(asked)] * 2)
        counts = lookup.staged_table(con, "line_counts", {"staged_lines": twice}, **values)

    holding = {place: [a for a in articles.values() if place in a.places] for place in asked}
    assert sorted(tuple(row.values()) for row in counts.to_pylist()) == sorted(
        (*place, len(held), len({each.cluster for each in held}), place in furniture)
        if len(held) >= least_count
        else (*place, 0, 0, True)
        for place, held in holding.items()
        if len(held) >= least_count or place in furniture
    )


@one_warehouse
@given(
    st.dictionaries(IDS, _LINED, max_size=8),
    st.sets(_PLACES),
    st.sets(_PLACES),
    st.tuples(_MONTHS, _MONTHS),
)
@example(_EDGES, _EVERY_PLACE, _EVERY_PLACE, (202607, 202612))
@example(_EDGES, _EVERY_PLACE, _EVERY_PLACE, (202612, 202607))
def test_lines_in_the_months_and_the_undated(
    con: Connection,
    articles: dict[str, Lined],
    furniture: set[Place],
    changed: set[Place],
    months: tuple[int, int],
) -> None:
    """The lines of articles, each once; which of an article's are furniture; who has a line."""
    asked = [one for one, each in articles.items() if each.is_asked]
    values = {"first_month": months[0], "last_month": months[1]}
    with undone(con):
        _hold(con, articles, furniture)
        lines = lookup.index_rows(con, "lines", asked, **values)
        own = lookup.index_rows(con, "furniture_of", asked, **values)
        tables = {"staged_lines": _staged(changed, is_furniture=True)}
        holders = lookup.staged_table(con, "line_holders", tables, **values)

    held = {one: each for one, each in articles.items() if _is_in(each.month, months)}
    assert sorted(tuple(row.values()) for row in lines.to_pylist()) == sorted(
        {place for one, each in held.items() if one in asked for place in each.places}
    )
    assert sorted(tuple(row.values()) for row in own.to_pylist()) == sorted(
        (load.article_key(one), place[2])
        for one, each in held.items()
        if one in asked
        for place in each.places & furniture
    )
    assert sorted(tuple(row.values()) for row in holders.to_pylist()) == sorted(
        (place[2], load.article_key(one), True)
        for one, each in held.items()
        for place in each.places & changed
    )
