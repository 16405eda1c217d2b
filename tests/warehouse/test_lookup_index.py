"""Look-ups in the index of the comparison: who leads, who is first, what is furniture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import (
    BANDED,
    DAYS,
    EVER,
    HASHES,
    IDS,
    SEEDED,
    Banded,
    Seeded,
    cluster,
    day_of,
    hold,
    index_bands,
    index_seeds,
    one_warehouse,
    print_row,
    undone,
)
from warehouse import load, lookup
from warehouse.connection import Connection


def _groups(kind: str, groups: Iterable[tuple[int, date]]) -> pa.Table:
    rows = list(groups)
    hashes = pa.array([value for value, _ in rows], pa.uint64())
    return pa.table({kind: hashes, "day": pa.array([day for _, day in rows], pa.date32())})


LATEST = datetime.max.replace(tzinfo=UTC)


@one_warehouse
@given(st.dictionaries(IDS, BANDED, max_size=7), st.integers(1, 3), st.data())
def test_the_first_articles_of_a_day_with_a_band_lead(
    con: Connection, articles: dict[str, Banded], leader_count: int, data: st.DataObject
) -> None:
    """Told are the rows that say otherwise, of the bands and days asked about and of no others."""
    groups = {
        (band, day_of(each.published_at)) for each in articles.values() for band in each.bands
    }
    asked = data.draw(st.sets(st.sampled_from(sorted(groups, key=str)))) if groups else set()
    with undone(con):
        index_bands(con, articles)
        found = lookup.staged_table(
            con,
            "band_leaders",
            {"staged_groups": _groups("band", [*asked, *asked])},
            **EVER,
            leader_count=leader_count,
        ).to_pylist()

    expected = []
    for band, day in asked:
        holders = sorted(
            (each.published_at or LATEST, name)
            for name, each in articles.items()
            if band in each.bands and day_of(each.published_at) == day
        )
        for place, (_, name) in enumerate(holders):
            if articles[name].bands[band] != (leads := place < leader_count):
                expected.append((band, name, leads))
    assert sorted(
        (r["band"], load.article_id(r["article_key"]), r["leads"]) for r in found
    ) == sorted(expected)


@one_warehouse
@given(st.dictionaries(IDS, SEEDED, max_size=7), st.integers(1, 3), st.data())
def test_firsts_of_clusters_lead_before_others_and_furniture_never(
    con: Connection, articles: dict[str, Seeded], leader_count: int, data: st.DataObject
) -> None:
    """Of each seed and day asked about, the rows that say otherwise; a row on furniture that leads
    is one.
    """
    articles = {
        name: replace(
            each,
            seeds={
                seed: flags._replace(is_leader=data.draw(st.booleans()))
                for seed, flags in each.seeds.items()
            },
        )
        for name, each in articles.items()
    }
    groups = {
        (seed, day_of(each.published_at)) for each in articles.values() for seed in each.seeds
    }
    asked = data.draw(st.sets(st.sampled_from(sorted(groups, key=str)))) if groups else set()
    with undone(con):
        index_seeds(con, articles)
        found = lookup.staged_table(
            con,
            "seed_leaders",
            {"staged_groups": _groups("seed", [*asked, *asked])},
            **EVER,
            leader_count=leader_count,
        ).to_pylist()

    expected = []
    for seed, day in asked:
        holders = [
            name
            for name, each in articles.items()
            if seed in each.seeds and day_of(each.published_at) == day
        ]
        able = sorted(
            (not articles[name].seeds[seed].is_first, articles[name].published_at or LATEST, name)
            for name in holders
            if not articles[name].seeds[seed].is_furniture
        )
        leading = {name for _, _, name in able[:leader_count]}
        expected += [
            (seed, name, name in leading)
            for name in holders
            if articles[name].seeds[seed].is_leader != (name in leading)
        ]
    assert sorted(
        (r["seed"], load.article_id(r["article_key"]), r["leads"]) for r in found
    ) == sorted(expected)


@one_warehouse
@given(st.dictionaries(IDS, SEEDED, max_size=7), st.data())
def test_the_first_of_a_cluster_is_its_origin_or_the_earliest_that_has_the_seed(
    con: Connection, articles: dict[str, Seeded], data: st.DataObject
) -> None:
    """Of the clusters of the articles asked about, whole, and of no others; never on furniture."""
    cluster_of = {each: article.cluster for each, article in articles.items()}
    members = {
        number: [each for each in sorted(articles) if cluster_of[each] == number]
        for number in cluster_of.values()
    }
    origins = {number: data.draw(st.sampled_from(ids)) for number, ids in members.items()}
    asked = data.draw(st.sets(st.sampled_from(sorted(articles)))) if articles else set()
    times = {each: article.published_at for each, article in articles.items()}
    with undone(con):
        cluster(con, cluster_of, origins, times)
        index_seeds(con, articles)
        with_ids = {"staged_ids": load.ids_table(asked)}
        fellows = lookup.staged_table(con, "fellow_members", with_ids, **EVER)
        staged = {"staged_members": fellows.drop_columns("day")}
        found = lookup.staged_table(con, "seed_firsts", staged, **EVER).to_pylist()

    touched = {cluster_of[each] for each in asked}
    assert sorted(load.article_id(key) for key in fellows["article_key"].to_pylist()) == sorted(
        each for number in touched for each in members[number]
    )
    expected = []
    for number in touched:
        for seed in {seed for each in members[number] for seed in articles[each].seeds}:
            holders = [each for each in members[number] if seed in articles[each].seeds]
            able = [
                (each != origins[number], articles[each].published_at or LATEST, each)
                for each in holders
                if not articles[each].seeds[seed].is_furniture
            ]
            first = min(able)[2] if able else None
            expected += [
                (seed, each, each == first)
                for each in holders
                if articles[each].seeds[seed].is_first != (each == first)
            ]
    assert sorted(
        (r["seed"], load.article_id(r["article_key"]), r["is_first"]) for r in found
    ) == sorted(expected)


def test_stale_articles_are_those_not_compared_as_today(con: Connection) -> None:
    """Those compared under another version, whatever their ids, as many as asked for."""
    ids = ["0000000000000001", "8000000000000000", "ffffffffffffffff"]
    hold(con, dict.fromkeys(ids))
    load.append(
        con,
        "reuse.fingerprints",
        [print_row(each, version=number) for each, number in zip(ids, (2, 1, 1), strict=True)],
    )

    def stale(version: int, article_count: int = 10) -> list[object]:
        values = {"norm_version": version, "article_count": article_count}
        return sorted(
            str(row["article_id"]) for row in lookup.rows(con, "stale_articles", **values)
        )

    assert stale(2) == ids[1:]
    assert stale(1) == ids[:1]
    assert stale(3) == ids
    assert stale(2, article_count=1) == ids[1:2]


@one_warehouse
@given(
    st.dictionaries(IDS, st.lists(HASHES, max_size=5), max_size=4),
    st.sets(IDS, max_size=30),
)
@example({"ffffffffffffffff": [2**64 - 1]}, {load.article_id(n) for n in range(200)})
def test_shingles_come_back_by_article(
    con: Connection, prints: dict[str, list[int]], others: set[str]
) -> None:
    """Of those held, however many others are asked about; the hashes are the same numbers."""
    with undone(con):
        rows = [print_row(each, shingles=values) for each, values in prints.items()]
        load.append(con, "reuse.fingerprints", rows)
        found = lookup.shingles(con, [*prints, *sorted(others)])

    assert {each: values.tolist() for each, values in found.items()} == prints


@one_warehouse
@given(
    st.dictionaries(IDS, SEEDED, max_size=5),
    st.dictionaries(IDS, BANDED, max_size=5),
    DAYS,
    DAYS,
)
def test_groups_are_the_hashes_of_articles_on_their_days(
    con: Connection,
    seeded: dict[str, Seeded],
    banded: dict[str, Banded],
    first: date,
    last: date,
) -> None:
    """Those of the articles asked about in the days and of the undated, each group once."""
    days = {"first_day": first, "last_day": last}
    with undone(con):
        index_seeds(con, seeded)
        index_bands(con, banded)
        asked = {each for each, article in [*seeded.items(), *banded.items()] if article.is_asked}
        seeds = lookup.index_rows(con, "seed_groups", asked, **days).to_pylist()
        bands = lookup.index_rows(con, "band_groups", asked, **days).to_pylist()

    def expected(values: Iterable[tuple[str, Iterable[int], datetime | None]]) -> list[object]:
        groups = {(v, day_of(at)) for each, own, at in values if each in asked for v in own}
        return sorted(
            (group for group in groups if group[1] == load.NO_DAY or first <= group[1] <= last),
            key=str,
        )

    assert sorted(((r["seed"], r["day"]) for r in seeds), key=str) == expected(
        (each, article.seeds, article.published_at) for each, article in seeded.items()
    )
    assert sorted(((r["band"], r["day"]) for r in bands), key=str) == expected(
        (each, article.bands, article.published_at) for each, article in banded.items()
    )


@one_warehouse
@given(st.sets(IDS, min_size=1, max_size=5))
@example({"f000000000000000", "0000000000000001", "ffffffffffffffff"})
def test_comparison_texts_are_found_for_every_id(con: Connection, ids: set[str]) -> None:
    """The index knows an article by its number, the tables by its id."""
    with undone(con):
        hold(con, dict.fromkeys(ids))
        load.append(con, "reuse.fingerprints", [print_row(each) for each in ids])
        rows = lookup.within(con, "comparison_texts", ids, date.min, date.min)

    found = {row["article_id"]: (row["body"], row["prose"]) for row in rows}
    assert found == {each: (f"body of {each}", each.encode()) for each in ids}
