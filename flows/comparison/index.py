"""The index of the comparison: what is kept of each text, and who leads the others of a day.

A hash that very many texts of a day share would pair them all. So the first few articles of a day
that have it lead, and every other article is compared with these. Who leads is a function of the
articles held: each step here looks at the groups (a hash on a day) that a batch touched and says
which articles lead now and did not, or the other way round; all they are paired with is found anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.comparison.days import Days, Span, day_of, span_of
from transforms.fingerprint import NORM_VERSION, Fingerprint
from transforms.furniture import UNKNOWN_PUBLISHER, month_of, months_of
from transforms.records import ComparisonText
from transforms.reuse import LEADERS_A_DAY
from warehouse import load, lookup
from warehouse.connection import Connection
from warehouse.load import NO_DAY

_NO_BANDS = pa.schema({"band": pa.uint64(), "day": pa.date32()}).empty_table()
_NO_SEEDS = pa.schema({"seed": pa.uint64(), "day": pa.date32()}).empty_table()
_NO_LINES = pa.schema(
    {"publisher_id": pa.string(), "month": pa.int32(), "line": pa.uint64()}
).empty_table()


@dataclass(frozen=True, slots=True)
class Comparable:
    """An article whose text is new to the comparison, with its publication time and publisher."""

    text: ComparisonText
    published_at: datetime | None
    publisher_id: str | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What the index held of articles before it forgot them.

    `connected` are the articles of their components, `borrowing` those they shared passages with;
    `bands` and `seeds` are their groups, `lines` their lines as their publishers have them.
    """

    connected: frozenset[str]
    borrowing: frozenset[str]
    bands: pa.Table
    seeds: pa.Table
    lines: pa.Table


def forget(con: Connection, ids: Collection[str], days: Days) -> Forgotten:
    """Drop what the index, the matches and the passages hold of these articles of a batch."""
    held = days.held.intersection(ids)
    if not held:
        return Forgotten(frozenset(), frozenset(), _NO_BANDS, _NO_SEEDS, _NO_LINES)
    reach = days.reach(held).values()
    connected = {str(row["article_id"]) for row in lookup.by_ids(con, "components", held, **reach)}
    bands, seeds = groups(con, "band", held, days), groups(con, "seed", held, days)
    lines = lines_of(con, held, days)
    load.delete_index(con, held)
    near = days.near(held)
    load.delete_dated(con, "matches", held, near.first_day, near.last_day)
    borrowing = forget_passages(con, held, days)
    return Forgotten(frozenset(connected), borrowing, bands, seeds, lines)


def forget_passages(con: Connection, ids: Collection[str], days: Days) -> frozenset[str]:
    """Drop the passages of these articles; returns who had one with them, and those of them that had."""
    near = days.near(ids)
    rows = lookup.by_ids(con, "borrowers", ids, **near.values())
    if rows:
        load.delete_dated(con, "passages", ids, near.first_day, near.last_day)
    return frozenset(str(row["article_id"]) for row in rows)


def lines_of(con: Connection, ids: Collection[str], days: Days) -> pa.Table:
    """The lines of these articles, as their publishers have them in a month."""
    span = days.own(ids)
    first_month, last_month = months_of(span.first_day, span.last_day)
    return lookup.index_rows(con, "lines", ids, first_month=first_month, last_month=last_month)


def groups(con: Connection, kind: str, ids: Collection[str], days: Days) -> pa.Table:
    """The groups these articles are in: their hashes (named as the kind) with their days.

    Args:
        con: The writer's connection.
        kind: "band" or "seed".
        ids: The articles.
        days: When they were published.
    """
    if not ids:
        return {"band": _NO_BANDS, "seed": _NO_SEEDS}[kind]
    name = {"band": "band_groups", "seed": "seed_groups"}[kind]
    return lookup.index_rows(con, name, ids, **days.own(ids).values())


def add_prints(
    con: Connection, fresh: Sequence[Comparable], prints: Sequence[Fingerprint]
) -> pa.Table:
    """Add the shingles, bands and lines of a batch, as if each led; returns the groups of its bands."""
    load.append(
        con,
        "reuse.fingerprints",
        {
            "article_key": [load.article_key(article.text.article_id) for article in fresh],
            "norm_version": [NORM_VERSION] * len(fresh),
            "published_at": [article.published_at for article in fresh],
            "prose": [_blob(article.text.prose) for article in fresh],
            "headings": [_blob(article.text.headings) for article in fresh],
            "shingles": [item.shingles.astype("<u8").tobytes() for item in prints],
        },
    )
    bands = _spread(fresh, [item.bands for item in prints])
    bands = {"band": bands.pop("hash"), **bands}
    is_leader = pa.repeat(pa.scalar(value=True), len(bands.pop("place")))
    load.append(con, "reuse.bands", {**bands, "is_leader": is_leader})
    lines = _spread(fresh, [item.lines for item in prints])
    months = pa.array([month_of(article.published_at) for article in fresh], pa.int32())
    sites = [article.publisher_id or UNKNOWN_PUBLISHER for article in fresh]
    publishers = pa.array(sites, pa.string())
    load.append(
        con,
        "reuse.lines",
        {
            "publisher_id": publishers.take(lines["place"]),
            "month": months.take(lines["place"]),
            "line": lines["hash"],
            "article_key": lines["article_key"],
        },
    )
    return pa.table({"band": bands["band"], "day": bands["day"]})


def add_seeds(
    con: Connection,
    fresh: Sequence[Comparable],
    prints: Sequence[Fingerprint],
    alone: Collection[str],
    furniture: Collection[tuple[str, int]],
) -> pa.Table:
    """Add the seeds of a batch, as if each led, and who is alone was a first.

    Args:
        con: The writer's connection.
        fresh: The articles.
        prints: Their fingerprints.
        alone: Articles in a cluster of their own.
        furniture: The lines that are furniture, by article id and hash.

    Returns:
        The groups of the seeds: seed, day.
    """
    rows = _spread(fresh, [item.seeds for item in prints])
    place = rows.pop("place")
    publishers = pa.array([article.publisher_id for article in fresh], pa.string())
    is_alone = pa.array([article.text.article_id in alone for article in fresh], pa.bool_())
    is_furniture = pa.array(
        [
            (article.text.article_id, line) in furniture
            for article, item in zip(fresh, prints, strict=True)
            for line in item.seed_lines.tolist()
        ],
        pa.bool_(),
    )
    rows = {"seed": rows.pop("hash"), **rows}
    is_proper = pc.invert(is_furniture)
    load.append(
        con,
        "reuse.seeds",
        {
            **rows,
            "line": pa.array(_joined([item.seed_lines for item in prints]), pa.uint64()),
            "publisher_id": publishers.take(place),
            "is_first": pc.and_(is_alone.take(place), is_proper),
            "is_furniture": is_furniture,
            "is_leader": is_proper,
        },
    )
    return pa.table({"seed": rows["seed"], "day": rows["day"]})


def _blob(spans: Sequence[tuple[int, int]]) -> bytes:
    return np.array(spans, dtype="<i4").tobytes()


def _spread(fresh: Sequence[Comparable], hashes: Sequence[np.ndarray]) -> dict[str, pa.Array]:
    """A row for each hash of each article: hash, article_key, published_at, day, place in `fresh`."""
    lengths = [len(values) for values in hashes]
    place = pa.array(np.repeat(np.arange(len(fresh)), lengths))
    keys = pa.array([load.article_key(each.text.article_id) for each in fresh], pa.uint64())
    times = pa.array([each.published_at for each in fresh], pa.timestamp("us", "UTC"))
    days = pa.array([day_of(each.published_at) or NO_DAY for each in fresh], pa.date32())
    return {
        "hash": pa.array(_joined(hashes), pa.uint64()),
        "article_key": keys.take(place),
        "published_at": times.take(place),
        "day": days.take(place),
        "place": place,
    }


def _joined(hashes: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=np.uint64), *hashes])


def mark_firsts(con: Connection, ids: Collection[str], days: Days) -> pa.Table:
    """Say anew who is the first to have each seed in the clusters of these articles.

    Returns:
        The rows that changed: seed, day, article_key, is_first.
    """
    with_ids = {"staged_ids": load.ids_table(ids)}
    members = lookup.staged_table(con, "fellow_members", with_ids, **days.reach(ids).values())
    span = span_of(members["day"].to_pylist())
    with_members = {"staged_members": members.drop_columns("day")}
    changes = lookup.staged_table(con, "seed_firsts", with_members, **span.values())
    _update(con, "seed_firsts", changes, span)
    return changes


def lead(con: Connection, kind: str, groups: Sequence[pa.Table]) -> set[str]:
    """Say anew who leads in these groups; returns the articles that lead where they did not, or
    no longer lead where they did.

    Args:
        con: The writer's connection.
        kind: "band" or "seed".
        groups: Tables of a hash (named as the kind) and a day; repeats allowed.
    """
    touched = pa.concat_tables(groups)
    if not touched.num_rows:
        return set()
    span = span_of(pc.unique(touched["day"]).to_pylist())
    name = {"band": "band_leaders", "seed": "seed_leaders"}[kind]
    changes = lookup.staged_table(
        con, name, {"staged_groups": touched}, leader_count=LEADERS_A_DAY, **span.values()
    )
    _update(con, name, changes, span)
    return {load.article_id(key) for key in changes["article_key"].unique().to_pylist()}


def _update(con: Connection, name: str, changes: pa.Table, span: Span) -> None:
    """Write rows of the index that have changed, which tell their days."""
    has_undated = pc.any(pc.equal(changes["day"], pa.scalar(NO_DAY))).as_py() is True
    first_day, last_day = span.first_day, span.last_day
    load.update_index(con, name, changes, first_day, last_day, has_undated=has_undated)
