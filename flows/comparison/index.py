"""The index of the comparison: what is kept of each text, and who leads the others of a day.

A hash that very many texts of a day share would pair them all. So the first few articles of a day
that have it lead, and every other article is compared with these. Who leads is a function of the
articles held: each step here looks at the groups (a hash on a day) that a batch touched and says
which articles lead now and did not, or the other way round; all they are paired with is found anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.fingerprint import NORM_VERSION, Fingerprint
from transforms.furniture import month_of
from transforms.records import ComparisonText
from transforms.reuse import LEADERS_A_DAY, WINDOW_DAYS
from warehouse import load, lookup
from warehouse.connection import Connection

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

    `connected` are the articles of their components, `bands` and `seeds` their groups, `lines` their
    lines as their publishers have them.
    """

    connected: frozenset[str]
    bands: pa.Table
    seeds: pa.Table
    lines: pa.Table


def forget(con: Connection, ids: Collection[str]) -> Forgotten:
    """Drop what the index, the matches and the passages hold of these articles."""
    compared = {str(row["article_id"]) for row in lookup.by_ids(con, "compared", ids)}
    if not compared:
        return Forgotten(frozenset(), _NO_BANDS, _NO_SEEDS, _NO_LINES)
    connected = {str(row["article_id"]) for row in lookup.by_ids(con, "components", compared)}
    bands, seeds = groups(con, "band", compared), groups(con, "seed", compared)
    lines = lookup.index_rows(con, "lines", compared)
    load.delete(con, "wire_words", compared)
    load.delete_index(con, compared)
    load.delete(con, "matches", compared)
    load.delete(con, "passages", compared)
    return Forgotten(frozenset(connected), bands, seeds, lines)


def groups(con: Connection, kind: str, ids: Collection[str]) -> pa.Table:
    """The groups these articles are in: their hashes (named as the kind) with their days.

    Args:
        con: The writer's connection.
        kind: "band" or "seed".
        ids: The articles.
    """
    if not ids:
        return {"band": _NO_BANDS, "seed": _NO_SEEDS}[kind]
    days = window(con, ids)
    name = {"band": "band_groups", "seed": "seed_groups"}[kind]
    return lookup.index_rows(con, name, ids, first_day=days.first_day, last_day=days.last_day)


def add_prints(
    con: Connection, fresh: Sequence[Comparable], prints: Sequence[Fingerprint]
) -> pa.Table:
    """Add the shingles, bands and lines of a batch, as if each led; returns the groups of its bands."""
    rows = [
        {
            "article_key": load.article_key(article.text.article_id),
            "norm_version": NORM_VERSION,
            "published_at": article.published_at,
            "prose": np.asarray(article.text.prose, dtype="<i4").tobytes(),
            "shingles": item.shingles.astype("<u8").tobytes(),
        }
        for article, item in zip(fresh, prints, strict=True)
    ]
    load.append(con, "reuse.fingerprints", rows)
    bands = _spread(fresh, [item.bands for item in prints])
    bands = {"band": bands.pop("hash"), **bands}
    is_leader = pa.repeat(pa.scalar(value=True), len(bands.pop("place")))
    load.append(con, "reuse.bands", {**bands, "is_leader": is_leader})
    known = [i for i, article in enumerate(fresh) if article.publisher_id is not None]
    lines = _spread([fresh[i] for i in known], [prints[i].lines for i in known])
    months = pa.array([month_of(fresh[i].published_at) for i in known], pa.int32())
    publishers = pa.array([fresh[i].publisher_id for i in known], pa.string())
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


def _spread(fresh: Sequence[Comparable], hashes: Sequence[np.ndarray]) -> dict[str, pa.Array]:
    """A row for each hash of each article: hash, article_key, published_at, day, place in `fresh`."""
    lengths = [len(values) for values in hashes]
    place = pa.array(np.repeat(np.arange(len(fresh)), lengths))
    keys = pa.array([load.article_key(each.text.article_id) for each in fresh], pa.uint64())
    times = pa.array([each.published_at for each in fresh], pa.timestamp("us", "UTC"))
    days = pa.array([_day(each.published_at) for each in fresh], pa.date32())
    return {
        "hash": pa.array(_joined(hashes), pa.uint64()),
        "article_key": keys.take(place),
        "published_at": times.take(place),
        "day": days.take(place),
        "place": place,
    }


def _joined(hashes: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=np.uint64), *hashes])


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(UTC).date()


def mark_firsts(con: Connection, ids: Collection[str]) -> pa.Table:
    """Say anew who is the first to have each seed in the clusters of these articles.

    Returns:
        The rows that changed: seed, day, article_key, is_first.
    """
    with_ids = {"staged_ids": load.ids_table(ids)}
    members = lookup.staged_table(con, "fellow_members", with_ids)
    days = window(con, [load.article_id(key) for key in members["article_key"].to_pylist()])
    span = {"first_day": days.first_day, "last_day": days.last_day}
    changes = lookup.staged_table(con, "seed_firsts", {"staged_members": members}, **span)
    _update(con, "seed_firsts", changes, days.first_day, days.last_day)
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
    days = pc.min_max(touched["day"]).as_py()
    span = {"first_day": days["min"] or date.max, "last_day": days["max"] or date.min}
    name = {"band": "band_leaders", "seed": "seed_leaders"}[kind]
    changes = lookup.staged_table(
        con, name, {"staged_groups": touched}, leader_count=LEADERS_A_DAY, **span
    )
    _update(con, name, changes, span["first_day"], span["last_day"])
    return {load.article_id(key) for key in changes["article_key"].unique().to_pylist()}


def _update(con: Connection, name: str, changes: pa.Table, first_day: date, last_day: date) -> None:
    """Write rows of the index that have changed, which tell their days."""
    has_undated = changes["day"].null_count > 0
    load.update_index(con, name, changes, first_day, last_day, has_undated=has_undated)


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which an article can be compared with any of some, both included."""

    first_day: date
    last_day: date

    def values(self) -> dict[str, object]:
        """The window as the statements for pairs want it."""
        return {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "window_s": WINDOW_DAYS * 86_400,
        }


def window(con: Connection, ids: Collection[str]) -> Window:
    """The window of articles of the index: all days where one of them is undated."""
    (found,) = lookup.index_rows(con, "published_days", ids).to_pylist()
    if found["is_open"] or found["first_day"] is None:
        return Window(date.min, date.max)
    reach = timedelta(days=WINDOW_DAYS + 1)
    return Window(found["first_day"] - reach, found["last_day"] + reach)
