"""Comparing a batch with everything held: the rows of matches, clusters and passages that change.

Runs inside the batch's transaction, after its articles are in. Each step asks the index for the few
articles concerned, lets `transforms` decide, and writes the decision; no step looks at the whole
archive. Every decision is a function of the articles held, so batches in any order end alike.

    forget -> fingerprint -> lead -> match -> cluster -> furniture -> firsts -> lead -> passages -> credits
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import cast

import pyarrow as pa

from flows.comparison import index
from flows.comparison.clustering import recluster
from flows.comparison.days import Days
from flows.comparison.furnishing import furniture_of, update_furniture
from flows.comparison.index import Comparable
from flows.comparison.matching import match
from flows.comparison.passing import comparison_text, find_passages
from flows.comparison.shingles import Shingles
from flows.overlap import credit_copies, partners
from transforms.fingerprint import NORM_VERSION, fingerprint
from warehouse import load, lookup
from warehouse.connection import Connection

__all__ = ["Comparable", "Compared", "compare", "compare_stale", "remove"]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows a comparison added; the articles whose matches may be others, and those whose
    wire copy may be more or less.
    """

    match_count: int
    passage_count: int
    rematched: frozenset[str] = frozenset()
    recounted: frozenset[str] = frozenset()


def compare(
    con: Connection, fresh: Sequence[Comparable], recredited: Iterable[str] = ()
) -> Compared:
    """Find what these articles share with all others, and bring the tables of reuse up to date.

    An article that was compared before, with another text, is compared anew: what its old text
    matched is forgotten first.

    Args:
        con: The writer's connection, inside the batch's transaction; the articles are in.
        fresh: The articles whose text is new to the comparison.
        recredited: All articles whose credits may have changed, with an old text or a new one.
    """
    ids = [article.text.article_id for article in fresh]
    changed = {*ids, *recredited}
    days = Days(con, {each.text.article_id: each.published_at for each in fresh}, changed)
    former = partners(con, changed, days)
    compared = _compare(con, fresh, ids, days) if fresh else Compared(0, 0)
    _credit(con, changed | former | partners(con, changed, days), compared, days)
    return compared


def remove(con: Connection, ids: Sequence[str]) -> None:
    """Forget articles that are no longer held; those they were connected with are clustered again."""
    days = Days(con, {}, ids)
    former = partners(con, ids, days) - set(ids)
    _credit(con, former, _compare(con, (), ids, days), days)
    load.delete(con, "wire_words", ids)


def compare_stale(con: Connection, article_count: int) -> int:
    """Compare again so many of the articles whose fingerprints a former version made.

    Returns:
        How many there were; 0 when none is left.
    """
    values = {"norm_version": NORM_VERSION, "article_count": article_count}
    stale = [
        Comparable(
            comparison_text(row),
            cast("datetime | None", row["published_at"]),
            cast("str | None", row["publisher_id"]),
        )
        for row in lookup.rows(con, "stale_articles", **values)
    ]
    compare(con, stale)
    return len(stale)


def _compare(
    con: Connection, fresh: Sequence[Comparable], changed: Collection[str], days: Days
) -> Compared:
    """Compare `fresh` after everything held of `changed`, which has them all, is forgotten."""
    forgotten = index.forget(con, changed, days)
    prints = fingerprint([article.text for article in fresh])
    ids = {article.text.article_id for article in fresh}
    bands = index.add_prints(con, fresh, prints)
    led = index.lead(con, "band", [bands, forgotten.bands])
    # What a leader was matched with may be none of its pairs any more.
    parted = partners(con, led, days)
    shingles = Shingles(con, prints)
    matches = match(con, ids, led - ids, days, shingles)
    met = set(chain.from_iterable((one.article_a, one.article_b) for one in matches))
    rematched = led | parted | met
    gone = set(changed) - ids
    _drop_membership(con, gone, days)
    touched = (ids | rematched | forgotten.connected) - gone
    clusters = recluster(con, touched, days, shingles)
    shown = update_furniture(con, clusters.moved | ids, forgotten.lines, days)
    furniture = furniture_of(con, ids, days)
    seeds = index.add_seeds(con, fresh, prints, clusters.alone, furniture)
    firsts = index.mark_firsts(con, (clusters.members - (clusters.alone & ids)) | shown, days)
    furnished = index.groups(con, "seed", shown, days)
    groups = [seeds, furnished, firsts.select(["seed", "day"]), forgotten.seeds]
    led = index.lead(con, "seed", groups) | _articles(firsts)
    realigned = (clusters.moved | shown | led) - ids
    passages = find_passages(con, ids, realigned, days)
    recounted = clusters.members | realigned | forgotten.borrowing | passages.borrowing
    return Compared(len(matches), passages.passage_count, frozenset(rematched), recounted)


def _credit(con: Connection, ids: Collection[str], compared: Compared, days: Days) -> None:
    """Credit copies that credit nobody, and have the wire copy counted again that may have changed.

    An agency's text counts as nobody's own words, so what an article owes follows from its passages,
    its cluster and the credits of those it shares a passage with.
    """
    credited = compared.rematched.union(ids)
    credit_copies(con, credited, days)
    recounted = credited | compared.recounted
    near = days.near(recounted).values()
    borrowers = {
        str(row["article_id"]) for row in lookup.by_ids(con, "borrowers", recounted, **near)
    }
    load.delete(con, "wire_words", recounted | borrowers)


def _drop_membership(con: Connection, ids: Collection[str], days: Days) -> None:
    """Take articles that are held no longer out of their clusters, which go with them."""
    if not ids:
        return
    span = days.reach(ids)
    rows = lookup.by_ids(con, "clusters", ids, **span.values())
    load.delete(con, "clusters", {str(row["cluster_id"]) for row in rows})
    for table in ("cluster_members", "components"):
        load.delete_dated(con, table, ids, span.first_day, span.last_day)


def _articles(rows: pa.Table) -> set[str]:
    return {load.article_id(key) for key in rows["article_key"].unique().to_pylist()}
