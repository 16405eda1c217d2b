"""Which pairs are compared: those that share a hash, one of the two among those that lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import combinations
from types import MappingProxyType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import (
    BANDED,
    DAY_S,
    DAYS,
    EVER,
    HIGH,
    IDS,
    NOW,
    SEEDED,
    Banded,
    Flags,
    Seeded,
    cluster,
    hold,
    index_bands,
    index_seeds,
    one_warehouse,
    undone,
)
from warehouse import load, lookup
from warehouse.connection import Connection


def _within(a: datetime | None, b: datetime | None) -> bool:
    return a is None or b is None or abs(a - b) <= timedelta(seconds=DAY_S)


def _inside(at: datetime | None, first: date, last: date) -> bool:
    return at is None or first <= at.date() <= last


def _candidates(
    con: Connection, ids: Iterable[str], days: Mapping[str, object] = MappingProxyType(EVER)
) -> list[tuple[str, str]]:
    return lookup.pairs(con, "candidates", ids, **days, window_s=DAY_S)


@one_warehouse
@given(st.dictionaries(IDS, BANDED, max_size=6), DAYS, DAYS)
@example({each: Banded({2**64 - 1: True}) for each in HIGH}, NOW.date(), NOW.date())
@example({each: Banded({2**64 - 1: False}) for each in HIGH}, NOW.date(), NOW.date())
@example(
    {
        "0000000000000000": Banded({1: True, 2: False}, NOW, is_asked=False),
        "ffffffffffffffff": Banded({1: False, 2: True}, NOW),
    },
    NOW.date(),
    NOW.date(),
)
def test_candidates_share_a_band_that_one_of_them_leads(
    con: Connection, articles: dict[str, Banded], first: date, last: date
) -> None:
    """One of the two is asked about, both are in the days and in each other's window, whatever
    numbers stand for articles and bands. A leader in one band leads in no other.
    """
    asked = {each for each, article in articles.items() if article.is_asked}
    with undone(con):
        index_bands(con, articles)
        found = _candidates(con, asked, {"first_day": first, "last_day": last})

    assert found == [
        (a, b)
        for a, b in combinations(sorted(articles), 2)
        for one, other in ((articles[a], articles[b]),)
        if {a, b} & asked
        and any(one.bands[band] or other.bands[band] for band in one.bands.keys() & other.bands)
        and _within(one.published_at, other.published_at)
        and _inside(one.published_at, first, last)
        and _inside(other.published_at, first, last)
    ]


@pytest.mark.parametrize(
    ("apart", "expected"),
    [(timedelta(days=1), 1), (timedelta(days=-1), 1), (timedelta(days=1, seconds=1), 0)],
)
def test_the_window_includes_its_edge(con: Connection, apart: timedelta, expected: int) -> None:
    """Seconds are counted in both directions."""
    times = {"a0": NOW, "f000000000000000": NOW + apart}
    index_bands(con, {each: Banded({7: True}, at) for each, at in times.items()})

    assert len(_candidates(con, ["a0"])) == expected
    assert len(_candidates(con, times)) == expected


def test_an_unknown_time_is_inside_every_window(con: Connection) -> None:
    """An undated article may be a copy of anything."""
    times = {"a0": None, "b0": NOW, "c0": NOW + timedelta(days=300)}
    index_bands(con, {each: Banded({7: True}, at) for each, at in times.items()})

    found = _candidates(con, times)
    assert [(int(a, 16), int(b, 16)) for a, b in found] == [(0xA0, 0xB0), (0xA0, 0xC0)]


def _share_a_passage(one: Seeded, other: Seeded) -> bool:
    """Whether there is a seed on no furniture that one of the two leads and one is the first of."""
    both = ((one.seeds[seed], other.seeds[seed]) for seed in one.seeds.keys() & other.seeds)
    return any(
        not a.is_furniture
        and not b.is_furniture
        and (a.is_leader or b.is_leader)
        and (a.is_first or b.is_first)
        for a, b in both
    )


_FIRST, _LEADS, _NEITHER = Flags(is_first=True), Flags(is_leader=True), Flags()


@one_warehouse
@given(st.dictionaries(IDS, SEEDED, max_size=6), DAYS, DAYS)
@example({each: Seeded({2**64 - 1: Flags(True, True)}) for each in HIGH}, NOW.date(), NOW.date())  # noqa: FBT003
@example(
    {
        "0000000000000000": Seeded({1: _FIRST, 2: _NEITHER}, cluster=1),
        "8000000000000000": Seeded({1: _LEADS, 2: _LEADS}, cluster=2, is_asked=False),
        "ffffffffffffffff": Seeded({1: Flags(is_furniture=True), 2: _FIRST}, cluster=3),
    },
    NOW.date(),
    NOW.date(),
)
def test_passage_pairs_follow_their_rule(
    con: Connection, articles: dict[str, Seeded], first: date, last: date
) -> None:
    """One of the two is asked about and they are of two publishers; they share a seed that one is
    first to have and one leads; or one is the origin of the other's cluster, whatever they share.
    """
    asked = {each for each, article in articles.items() if article.is_asked}
    cluster_of = {each: article.cluster for each, article in articles.items()}
    origins = {
        number: min(each for each in articles if cluster_of[each] == number)
        for number in cluster_of.values()
    }
    times = {each: article.published_at for each, article in articles.items()}
    with undone(con):
        hold(con, {each: article.publisher_id for each, article in articles.items()}, times)
        cluster(con, cluster_of, origins, times)
        index_seeds(con, articles)
        with_ids = {"staged_ids": load.ids_table(asked)}
        reprints = lookup.staged_table(con, "reprints", with_ids, **EVER)
        values = {"first_day": first, "last_day": last, "window_s": DAY_S}
        found = lookup.passage_pairs(con, asked, reprints, **values)

    assert found == [
        (a, b)
        for a, b in combinations(sorted(articles), 2)
        for one, other in ((articles[a], articles[b]),)
        if {a, b} & asked
        and (one.publisher_id is None or one.publisher_id != other.publisher_id)
        and (
            (one.cluster == other.cluster and origins[one.cluster] in {a, b})
            or (
                _share_a_passage(one, other)
                and _within(one.published_at, other.published_at)
                and _inside(one.published_at, first, last)
                and _inside(other.published_at, first, last)
            )
        )
    ]
