"""Site furniture: which lines a publisher puts under unrelated articles, as the clusters stand now."""

from collections.abc import Collection, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from flows.comparison.days import Days
from flows.comparison.index import lines_of
from transforms.furniture import FURNITURE_CLUSTERS, UNDATED, days_of, is_furniture, months_of
from warehouse import load, lookup
from warehouse.connection import Connection

Line = tuple[str, int]
"""A line of an article: the article's id and the hash of the line."""


def update_furniture(
    con: Connection, moved: Collection[str], former: pa.Table, days: Days
) -> set[str]:
    """Say anew which lines are furniture, where that may have changed.

    Args:
        con: The writer's connection.
        moved: Articles that are new, or in another cluster than before.
        former: Lines of articles that were forgotten: publisher_id, month, line.
        days: When they were published.

    Returns:
        The articles that have a line which is furniture now and was not, or the other way round.
    """
    touched = pa.concat_tables([lines_of(con, moved, days), former])
    if not touched.num_rows:
        return set()
    span = _span(pc.unique(touched["month"]).to_pylist())
    values = {**span, "least_count": FURNITURE_CLUSTERS}
    counts = lookup.staged_table(con, "line_counts", {"staged_lines": touched}, **values)
    changed = [
        {**row, "is_furniture": now}
        for row in counts.to_pylist()
        if (now := is_furniture(row["article_count"], row["cluster_count"])) != row["was_furniture"]
    ]
    if not changed:
        return set()
    told = counts.schema.empty_table().select(["publisher_id", "month", "line"]).schema
    gone = [row for row in changed if not row["is_furniture"]]
    load.delete_staged(con, "furniture", {"staged_lines": pa.Table.from_pylist(gone, told)})
    new = pa.Table.from_pylist([row for row in changed if row["is_furniture"]], told)
    load.append(con, "reuse.furniture", {name: new[name] for name in told.names})
    lines = pa.Table.from_pylist(changed, told.append(pa.field("is_furniture", pa.bool_())))
    months = {row["month"] for row in changed}
    span = _span(months)
    held_in = {"first_month": span["first_month"], "last_month": span["last_month"]}
    holders = lookup.staged_table(con, "line_holders", {"staged_lines": lines}, **held_in)
    first_day, last_day = days_of(months)
    has_undated = UNDATED in months
    load.update_index(con, "seed_furniture", holders, first_day, last_day, has_undated=has_undated)
    return {load.article_id(key) for key in holders["article_key"].unique().to_pylist()}


def furniture_of(con: Connection, ids: Collection[str], days: Days) -> set[Line]:
    """The lines of these articles that are furniture of their sites."""
    span = days.own(ids)
    first_month, last_month = months_of(span.first_day, span.last_day)
    months = {"first_month": first_month, "last_month": last_month}
    found = lookup.index_rows(con, "furniture_of", ids, **months)
    keys, lines = found["article_key"].to_pylist(), found["line"].to_pylist()
    return {(load.article_id(key), line) for key, line in zip(keys, lines, strict=True)}


def _span(months: Iterable[int]) -> dict[str, object]:
    """The days and months that these months cover, the undated aside."""
    first_day, last_day = days_of(months)
    first_month, last_month = months_of(first_day, last_day)
    return {
        "first_day": first_day,
        "last_day": last_day,
        "first_month": first_month,
        "last_month": last_month,
    }
