"""Look-ups that take days find all that lies in them or has none, and nothing dated outside of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import (
    DAYS,
    EVER,
    IDS,
    NOW,
    SPANS,
    TIMES,
    Ends,
    days_in,
    hold,
    is_in,
    one_warehouse,
    print_row,
    undone,
)
from warehouse import load, lookup
from warehouse.connection import Connection


class Pair(NamedTuple):
    """A row of the matches and of the passages."""

    a: str
    b: str
    day: date | None
    kind: str
    containment_a: float
    containment_b: float


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[list[Pair], set[str]]:
    """Pairs of a few articles, and which of the articles are asked about."""
    ids = sorted(draw(st.sets(IDS, min_size=2, max_size=5)))
    ratios = st.sampled_from([0.25, 0.5, 1.0])
    kinds = st.sampled_from(["near_duplicate", "excerpt"])
    each = st.tuples(st.none() | DAYS, kinds, ratios, ratios)
    chosen = draw(st.lists(st.sampled_from(list(combinations(ids, 2))), unique=True))
    pairs = [Pair(a, b, *draw(each)) for a, b in chosen]
    return pairs, draw(st.sets(st.sampled_from([*ids, "unknown"])))


def _store(con: Connection, pairs: Iterable[Pair]) -> None:
    rows: list[dict[str, object]] = [
        {
            "article_a": each.a,
            "article_b": each.b,
            "resemblance": 0.5,
            "containment_a": each.containment_a,
            "containment_b": each.containment_b,
            "kind": each.kind,
            "day": each.day,
        }
        for each in pairs
    ]
    load.append(con, "matches", rows)
    places = dict.fromkeys(("a_start", "a_end", "b_start", "b_end", "matched_words"), 1)
    own = ("article_a", "article_b", "day", "kind")
    # An article lends the same words more than once, and words to one that it does not match.
    twice = [{**places, **{name: row[name] for name in own}} for row in [*rows, *rows]]
    load.append(con, "passages", twice)


@one_warehouse
@given(_pairs(), SPANS)
@example(([Pair("a", "b", None, "near_duplicate", 1, 1)], {"a", "b"}), (date.max, date.min))
@example(
    ([Pair("a", "b", NOW.date(), "near_duplicate", 0.5, 1)], {"a", "b"}), (NOW.date(), NOW.date())
)
def test_pairs_in_the_days_and_the_undated(
    con: Connection, drawn: tuple[list[Pair], set[str]], ends: Ends
) -> None:
    """Partners and borrowers are both articles of every pair that has one asked about, each once; an
    edge is a near-duplicate of two asked about.
    """
    pairs, asked = drawn
    with undone(con):
        _store(con, pairs)
        partners = lookup.by_ids(con, "partners", asked, **days_in(ends))
        borrowers = lookup.by_ids(con, "borrowers", asked, **days_in(ends))
        edges = lookup.by_ids(con, "edges", asked, **days_in(ends))

    found = [each for each in pairs if is_in(each.day, ends)]
    met = sorted({one for each in found for one in each[:2] if {each.a, each.b} & asked})
    assert sorted(str(row["article_id"]) for row in partners) == met
    assert sorted(str(row["article_id"]) for row in borrowers) == met
    assert sorted(tuple(row.values()) for row in edges) == sorted(
        (each.a, each.b, min(each.containment_a, each.containment_b))
        for each in found
        if {each.a, each.b} <= asked and each.kind == "near_duplicate"
    )


_EVIDENCE = st.tuples(
    st.sampled_from(["mpa", "north"]),
    st.sampled_from(["dateline", "overlap"]),
    st.sampled_from(["mention", "owner", "shared", "self"]),
)


_OWN = ("mpa", "dateline", "self")
_EDGES = (NOW.date(), NOW.date() + timedelta(days=1))
_COPIES = (
    [
        Pair(f"a{number}", "copy", day, "near_duplicate", 0.5, 1.0)
        for number, day in enumerate(
            [None, *(NOW.date() + timedelta(days=days) for days in (-1, 0, 1, 2))]
        )
    ],
    {"copy"},
)
"""Five texts of an agency and a copy; the pairs are undated, in two days, and around these."""


@one_warehouse
@given(_pairs(), SPANS, st.lists(st.lists(_EVIDENCE, max_size=2), min_size=6, max_size=6))
@example(_COPIES, _EDGES, [*[[_OWN]] * 5, []])
@example(_COPIES, _EDGES[::-1], [*[[_OWN]] * 5, []])
def test_overlaps_in_the_days_and_the_undated(
    con: Connection,
    drawn: tuple[list[Pair], set[str]],
    ends: Ends,
    evidence: list[list[tuple[str, str, str]]],
) -> None:
    """Of those asked about that credit nobody, with those that credit themselves; what was told by
    overlap counts on neither side.
    """
    pairs, asked = drawn
    ids = sorted({one for each in pairs for one in each[:2]} | asked)
    credited = dict(zip(ids, evidence, strict=False))
    with undone(con):
        _store(con, pairs)
        names = ("agency_id", "signal", "level")
        load.append(
            con,
            "agency_evidence",
            [
                {"article_id": each, "text": "", **dict(zip(names, one, strict=True))}
                for each, given_credits in credited.items()
                for one in given_credits
            ],
        )
        rows = lookup.by_ids(con, "overlaps", asked, **days_in(ends))

    own = {
        each: [(agency, level) for agency, signal, level in credited[each] if signal != "overlap"]
        for each in ids
    }
    sides = [
        side
        for each in pairs
        if is_in(each.day, ends)
        for side in (
            (each.a, each.b, each.containment_a, each.kind),
            (each.b, each.a, each.containment_b, each.kind),
        )
    ]
    assert sorted(tuple(row.values()) for row in rows) == sorted(
        (*side, agency)
        for side in sides
        if side[0] in asked and all(level == "mention" for _, level in own[side[0]])
        for agency in {one for one, level in own[side[1]] if level in {"owner", "self"}}
    )


@one_warehouse
@given(st.dictionaries(IDS, TIMES, max_size=6), st.sets(IDS, max_size=3), SPANS)
def test_articles_in_the_days_and_the_undated(
    con: Connection, times: dict[str, datetime | None], others: set[str], ends: Ends
) -> None:
    """When they were published and what they say; those outside are found where `within` looks again,
    each once.
    """
    asked = {*list(times)[:4], *others}
    with undone(con):
        rows = [print_row(one, at, shingles=[7]) for one, at in times.items()]
        load.append(con, "reuse.fingerprints", rows)
        hold(con, dict.fromkeys(times), times)
        published, shingles, texts = (
            lookup.index_rows(con, name, asked, **days_in(ends)).to_pylist()
            for name in ("published", "shingles", "comparison_texts")
        )
        everywhere = lookup.within(con, "published", asked, *ends)

    held = {one: at for one, at in times.items() if one in asked}
    found = {one: at for one, at in held.items() if is_in(at and at.date(), ends)}
    keys = {load.article_key(one): at for one, at in found.items()}
    assert {row["article_key"]: row["published_at"] for row in published} == keys
    assert sorted(row["article_key"] for row in shingles) == sorted(keys)
    assert sorted(row["article_id"] for row in texts) == sorted(found)
    assert sorted(int(str(row["article_key"])) for row in everywhere) == sorted(
        map(load.article_key, held)
    )


@pytest.mark.parametrize(
    ("hours", "expected"), [(-0.001, 0), (0, 1), (23.999, 1), (24, 0), (None, 1)]
)
@pytest.mark.parametrize("name", ["published", "shingles", "comparison_texts", "components"])
def test_a_day_goes_from_midnight_to_midnight(
    con: Connection, name: str, hours: float | None, expected: int
) -> None:
    """In UTC; the next midnight is of the next day."""
    midnight = NOW.replace(hour=0, minute=0)
    at = None if hours is None else midnight + timedelta(hours=hours)
    load.append(con, "reuse.fingerprints", [print_row("0a", at)])
    hold(con, {"000000000000000a": None}, {"000000000000000a": at})

    found = lookup.staged_table(
        con,
        name,
        {
            "staged_keys": load.keys_table(["0a"]),
            "staged_ids": load.ids_table(["000000000000000a"]),
        },
        **days_in((NOW.date(), NOW.date())),
    )
    assert found.num_rows == expected


def test_all_days_are_from_the_first_to_the_last_of_the_calendar(con: Connection) -> None:
    """What is published in their last hours is found too."""
    first, last = EVER.values()
    assert isinstance(first, date)
    assert isinstance(last, date)
    times = {
        "0a": NOW.replace(year=first.year, month=first.month, day=first.day, hour=0),
        "0b": NOW.replace(year=last.year, month=last.month, day=last.day, hour=23),
    }
    load.append(con, "reuse.fingerprints", [print_row(one, at) for one, at in times.items()])

    found = lookup.index_rows(con, "published", times, **EVER).to_pylist()
    assert sorted(row["published_at"] for row in found) == sorted(times.values())
