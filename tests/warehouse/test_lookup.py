"""Look-ups find what is held, for every id there can be, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warehouse import load, lookup
from warehouse.connection import Connection
from warehouse.statements import names, statement

NOW = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)
DAY_S = 86_400

_one_warehouse = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_IDS = st.integers(0, 2**64 - 1).map(load.article_id)
_HASHES = st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 2**63 - 1, 2**63, 2**64 - 1]))
_HIGH = [f"{2**64 - n:016x}" for n in range(1, 5)]

Hashes = Mapping[str, set[int]]


@contextmanager
def _undone(con: Connection) -> Iterator[None]:
    con.begin()
    try:
        yield
    finally:
        con.rollback()


def _index(con: Connection, table: str, column: str, hashes: Hashes) -> pa.Table:
    """Append hashes of articles to the index; returns them as a batch would stage them."""
    rows = [(value, load.article_key(each)) for each, found in hashes.items() for value in found]
    columns = {
        column: pa.array([value for value, _ in rows], pa.uint64()),
        "article_key": pa.array([key for _, key in rows], pa.uint64()),
        "published_at": pa.nulls(len(rows), pa.timestamp("us", "UTC")),
    }
    load.append(con, f"reuse.{table}", columns)
    return pa.table(columns)


def _sharing(fresh: Hashes, stored: Hashes) -> list[tuple[str, str]]:
    pairs = {
        (min(a, b), max(a, b))
        for a, found in fresh.items()
        for b, other in stored.items()
        if a != b and found & other
    }
    return sorted(pairs)


@_one_warehouse
@given(st.dictionaries(_IDS, st.sets(_HASHES, max_size=4), max_size=6), st.integers(0, 6))
@example({each: {2**64 - 1} for each in _HIGH}, 2)
@example({"0000000000000000": {1}, "ffffffffffffffff": {1}}, 1)
def test_candidates_are_the_pairs_that_share_a_band(
    con: Connection, bands: Hashes, fresh_count: int
) -> None:
    """At least one of a pair is of the batch, whatever numbers stand for articles and bands."""
    fresh = dict(sorted(bands.items())[:fresh_count])
    with _undone(con):
        _index(con, "bands", "band", {k: v for k, v in bands.items() if k not in fresh})
        staged = _index(con, "bands", "band", fresh)

        assert lookup.candidates(con, staged, DAY_S) == _sharing(fresh, bands)


def _published_bands(times: Mapping[str, datetime | None]) -> pa.Table:
    return pa.table(
        {
            "band": pa.array([7] * len(times), pa.uint64()),
            "article_key": pa.array(map(load.article_key, times), pa.uint64()),
            "published_at": pa.array(list(times.values()), pa.timestamp("us", "UTC")),
        }
    )


@pytest.mark.parametrize(
    ("apart", "expected"),
    [(timedelta(days=1), 1), (timedelta(days=-1), 1), (timedelta(days=1, seconds=1), 0)],
)
def test_the_window_includes_its_edge(con: Connection, apart: timedelta, expected: int) -> None:
    """Seconds are counted in both directions."""
    table = _published_bands({"a0": NOW, "f000000000000000": NOW + apart})
    load.append(con, "reuse.bands", {name: table[name] for name in table.column_names})

    assert len(lookup.candidates(con, table.slice(0, 1), DAY_S)) == expected
    assert len(lookup.candidates(con, table, DAY_S)) == expected


def test_an_unknown_time_is_inside_every_window(con: Connection) -> None:
    """An undated article may be a copy of anything."""
    table = _published_bands({"a0": None, "b0": NOW, "c0": NOW + timedelta(days=300)})
    load.append(con, "reuse.bands", {name: table[name] for name in table.column_names})

    found = lookup.candidates(con, table, DAY_S)
    assert [(int(a, 16), int(b, 16)) for a, b in found] == [(0xA0, 0xB0), (0xA0, 0xC0)]


def _hold(con: Connection, publishers: Mapping[str, str | None], origins: set[str]) -> None:
    """Articles of these publishers; those not among the origins belong to a cluster elsewhere."""
    load.append(
        con,
        "articles",
        [
            {
                "article_id": each,
                "publisher_id": publisher,
                "url": each,
                "url_key": each,
                "headline": "",
                "body": f"body of {each}",
                "first_seen_at": NOW,
                "fetched_at": NOW,
                "word_count": 1,
                "body_sha256": "",
                "version_no": 1,
                "page_id": "",
            }
            for each, publisher in publishers.items()
        ],
    )
    load.append(
        con,
        "clusters",
        [
            {"cluster_id": each, "origin_article_id": each, "article_count": 1}
            for each in sorted(origins)
        ],
    )


@_one_warehouse
@given(
    st.dictionaries(
        _IDS,
        st.tuples(
            st.sets(_HASHES, max_size=3),
            st.sampled_from(["post", "herald", None]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=6,
    )
)
@example({each: ({2**64 - 1}, None, True, True) for each in _HIGH})
def test_passage_pairs_follow_their_rule(
    con: Connection, articles: dict[str, tuple[set[int], str | None, bool, bool]]
) -> None:
    """A seed in common, not one publisher, one of the two an origin, one of the two asked about."""
    seeds = {each: fields[0] for each, fields in articles.items()}
    publishers = {each: fields[1] for each, fields in articles.items()}
    origins = {each for each, fields in articles.items() if fields[2]}
    fresh = {each: seeds[each] for each, fields in articles.items() if fields[3]}
    with _undone(con):
        _hold(con, publishers, origins)
        _index(con, "seeds", "seed", seeds)
        staged = lookup.index_rows(con, "seeds", fresh)
        found = lookup.passage_pairs(con, staged, DAY_S)

    assert found == [
        (a, b)
        for a, b in _sharing(fresh, seeds)
        if {a, b} & origins and (publishers[a] is None or publishers[a] != publishers[b])
    ]


@_one_warehouse
@given(
    st.dictionaries(_IDS, st.lists(_HASHES, max_size=5), max_size=4),
    st.sets(_IDS, max_size=30),
)
@example({"ffffffffffffffff": [2**64 - 1]}, {load.article_id(n) for n in range(200)})
def test_shingles_come_back_by_article(
    con: Connection, prints: dict[str, list[int]], others: set[str]
) -> None:
    """Of those held, however many others are asked about; the hashes are the same numbers."""
    with _undone(con):
        load.append(
            con,
            "reuse.fingerprints",
            [
                {
                    "article_key": load.article_key(each),
                    "norm_version": 1,
                    "prose": b"",
                    "shingles": np.array(values, "<u8").tobytes(),
                }
                for each, values in prints.items()
            ],
        )
        found = lookup.shingles(con, [*prints, *sorted(others)])

    assert {each: values.tolist() for each, values in found.items()} == prints


@_one_warehouse
@given(st.dictionaries(_IDS, st.sets(_HASHES, min_size=1, max_size=4), max_size=5), st.data())
def test_seeds_come_back_by_article(con: Connection, seeds: Hashes, data: st.DataObject) -> None:
    """Those of the articles asked about, every one of them."""
    asked = data.draw(st.sets(st.sampled_from(sorted(seeds)))) if seeds else set()
    with _undone(con):
        _index(con, "seeds", "seed", seeds)
        table = lookup.index_rows(con, "seeds", asked)

    rows = zip(table["seed"].to_pylist(), table["article_key"].to_pylist(), strict=True)
    assert sorted(rows) == sorted(
        (value, load.article_key(each)) for each in asked for value in seeds[each]
    )


@_one_warehouse
@given(st.sets(_IDS, min_size=1, max_size=5))
@example({"f000000000000000", "0000000000000001", "ffffffffffffffff"})
def test_comparison_texts_are_found_for_every_id(con: Connection, ids: set[str]) -> None:
    """The index knows an article by its number, the tables by its id."""
    with _undone(con):
        _hold(con, dict.fromkeys(ids), set())
        load.append(
            con,
            "reuse.fingerprints",
            [
                {
                    "article_key": load.article_key(each),
                    "norm_version": 1,
                    "prose": each.encode(),
                    "shingles": b"",
                }
                for each in ids
            ],
        )
        rows = lookup.by_ids(con, "comparison_texts", ids)

    found = {row["article_id"]: (row["body"], row["prose"]) for row in rows}
    assert found == {each: (f"body of {each}", each.encode()) for each in ids}


@pytest.mark.parametrize("name", [
    name
    for name in names("lookup")
    if "staged_ids" in statement(f"lookup/{name}") and "$" not in statement(f"lookup/{name}")
    if name != "ledger"
])  # fmt: skip
def test_a_lookup_finds_nothing_for_no_ids_and_for_unknown_ones(
    filled: Connection, name: str
) -> None:
    """An id that is not held is no error; odd text in it is text."""
    assert lookup.by_ids(filled, name, []) == []
    assert lookup.by_ids(filled, name, ["unknown", "it's; --", "zażółć 🚢", ""]) == []


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("article_authors", "f3fffffffffffff3", [{"author_id": "ann"}]),
        ("clusters", "1b00000000000002", [
            {"cluster_id": "0a00000000000001", "origin_article_id": "0a00000000000001"},
        ]),
        ("compared", "1b00000000000002", [{"article_id": "1b00000000000002"}]),
        ("last_events", "in-0a00000000000001", [{"ledger_id": "in-0a00000000000001", "seq": 2}]),
        ("sources", "local", [{"source_id": "local"}]),
        ("pages", "page-older", [{"page_id": "page-older"}]),
    ],
)  # fmt: skip
def test_a_lookup_finds_what_is_held(
    filled: Connection, name: str, asked: str, expected: list[dict[str, object]]
) -> None:
    """Rows come back as dictionaries by column name."""
    assert lookup.by_ids(filled, name, [asked, asked, "unknown"]) == expected


def test_edges_are_the_near_duplicates_between_articles_asked_about(filled: Connection) -> None:
    """A component's edges are among its own articles; excerpts connect nothing."""
    own, reprint, borrower = "0a00000000000001", "1b00000000000002", "f3fffffffffffff3"

    def edges(*ids: str) -> list[tuple[object, object]]:
        rows = lookup.by_ids(filled, "edges", ids)
        assert all(0 < float(str(row["overlap"])) <= 1 for row in rows)
        return [(row["article_a"], row["article_b"]) for row in rows]

    assert edges(own, reprint) == [(own, reprint)]
    assert edges(own, borrower, reprint) == [(own, reprint)]
    assert edges(reprint, borrower) == []


def test_captures_and_versions_of_an_article(filled: Connection) -> None:
    """Every capture, and each text it has shown once."""
    captures = lookup.by_ids(filled, "article_pages", ["0a00000000000001"])
    texts = lookup.by_ids(filled, "article_versions", ["0a00000000000001"])

    assert sorted(str(row["page_id"]) for row in captures) == [
        "page-0a00000000000001",
        "page-older",
    ]
    assert len({row["body_sha256"] for row in texts}) == len(texts) == 2


def test_a_component_is_found_from_any_of_its_members(filled: Connection) -> None:
    """With what clustering must know: who is an agency's own, when each was published."""
    rows = lookup.by_ids(filled, "components", ["1b00000000000002", "9d00000000000004"])

    found = {row["article_id"]: (row["published_at"], row["is_agency"]) for row in rows}
    assert found == {
        "0a00000000000001": (NOW - timedelta(hours=1), True),
        "1b00000000000002": (NOW - timedelta(hours=1), False),
        "9d00000000000004": (None, False),
    }


def test_an_article_not_yet_compared_is_its_own_component(filled: Connection) -> None:
    """It is in the articles and not yet in the index."""
    filled.execute("delete from reuse.components where article_id = 'f3fffffffffffff3'")

    rows = lookup.by_ids(filled, "components", ["f3fffffffffffff3"])
    assert [row["article_id"] for row in rows] == ["f3fffffffffffff3"]


def test_the_ledger_is_found_by_input_and_by_article(filled: Connection) -> None:
    """All inputs that lead to an article, so that one of them can be the loaded one."""
    rows = lookup.ledger(filled, ["in-damaged"], ["0a00000000000001"])

    assert sorted(str(row["ledger_id"]) for row in rows) == [
        "in-0a00000000000001",
        "in-again",
        "in-damaged",
    ]
    assert lookup.ledger(filled, [], []) == []


def test_known_pages_are_those_held(filled: Connection) -> None:
    """The others are still to be landed."""
    assert lookup.known_pages(filled, ["page-older", "new"]) == {"page-older"}


def test_the_last_fetch_of_an_address(filled: Connection) -> None:
    """The latest, and of two at one time always the same one."""
    fetch = {"run_id": "run", "source_id": "local", "kind": "text", "outcome": "ok"}
    rows = [("a", 0), ("z", 5), ("m", 5), ("b", 3)]
    load.append(
        filled,
        "ops.fetches",
        [
            {
                **fetch,
                "fetch_id": fetch_id,
                "url": "file:///it's.txt",
                "fetched_at": NOW + timedelta(hours=hours),
                "entries_seen": 1,
            }
            for fetch_id, hours in rows
        ],
    )

    found = lookup.by_ids(filled, "last_fetches", ["file:///it's.txt"])
    assert [row["fetch_id"] for row in found] == ["m"]
