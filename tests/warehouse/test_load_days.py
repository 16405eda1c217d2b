"""Rows that have a day are deleted by it, and those without one wherever they are."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import NOW, is_in, one_warehouse, undone
from warehouse import load
from warehouse.connection import Connection

_DAYS = st.none() | st.integers(-3, 3).map(lambda days: NOW.date() + timedelta(days=days))
_FEW = [load.article_id(n) for n in (0, 1, 2**63, 2**64 - 1)]
_DATED_ROWS = st.lists(st.tuples(st.sampled_from(_FEW), st.sampled_from(_FEW), _DAYS), max_size=12)
_SPANS = st.tuples(_DAYS, _DAYS).map(lambda ends: (ends[0] or date.min, ends[1] or date.max))


_KEYS = {
    "matches": "article_a, article_b, day",
    "passages": "article_a, article_b, day",
    "cluster_members": "article_id, day",
    "reuse.components": "article_id, day",
}
"""The tables whose rows have a day, and what tells their rows apart here."""


_NEVER = (date.max, date.min)


@one_warehouse
@given(_DATED_ROWS, st.sets(st.sampled_from([*_FEW, "unknown", "it's"])), _SPANS)
@example([(_FEW[0], _FEW[1], NOW.date()), (_FEW[0], _FEW[1], None)], set(_FEW), _NEVER)
@example([(a, a, NOW.date()) for a in _FEW], {_FEW[3]}, (NOW.date(), NOW.date()))
@example([(_FEW[a], _FEW[b], None) for a, b in ((0, 1), (1, 0), (2, 1))], {_FEW[0]}, _NEVER)
def test_dated_deletes_take_the_rows_of_these_ids_in_these_days(
    con: Connection,
    rows: list[tuple[str, str, date | None]],
    gone: set[str],
    span: tuple[date, date],
) -> None:
    """Those in the days, both ends included, and those without a day; of a pair it is enough that one
    of the two is asked about, on either side. Nothing else goes, in this table or another.
    """
    pairs = [{"article_a": a, "article_b": b, "kind": "k", "day": day} for a, b, day in rows]
    own = [{"article_id": a, "day": day} for a, _, day in rows]
    ratios = {"resemblance": 1.0, "containment_a": 1.0, "containment_b": 1.0}
    places = dict.fromkeys(("a_start", "a_end", "b_start", "b_end", "matched_words"), 1)
    given_rows: dict[str, list[dict[str, object]]] = {
        "matches": [{**ratios, **row} for row in pairs],
        "passages": [{**places, **row} for row in pairs],
        "cluster_members": [{"cluster_id": "c", "role": "origin", **row} for row in own],
        "reuse.components": [{"component_id": "c", **row} for row in own],
    }
    left_pairs = [r for r in rows if not ({r[0], r[1]} & gone and is_in(r[2], span))]
    left_own = [(a, day) for a, _, day in rows if not (a in gone and is_in(day, span))]

    def held() -> dict[str, Counter[tuple[object, ...]]]:
        return {
            table: Counter(con.execute(f"select {columns} from {table}").fetchall())  # noqa: S608 - our own names
            for table, columns in _KEYS.items()
        }

    with undone(con):
        for table, written in given_rows.items():
            load.append(con, table, written)
        expected = held()
        for table, columns in _KEYS.items():
            load.delete_dated(con, table.removeprefix("reuse."), gone, *span)
            expected[table] = Counter(left_pairs if "article_b" in columns else left_own)
            assert held() == expected
