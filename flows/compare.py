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
from flows.comparison.furnishing import furniture_of, update_furniture
from flows.comparison.index import Comparable
from flows.comparison.matching import match
from flows.comparison.passing import comparison_text, find_passages
from flows.overlap import credit_copies, partners
from transforms.fingerprint import NORM_VERSION, fingerprint
from warehouse import load, lookup
from warehouse.connection import Connection

__all__ = ["Comparable", "Compared", "compare", "compare_stale", "remove"]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows a comparison added, and the articles whose matches may be others."""

    match_count: int
    passage_count: int
    rematched: frozenset[str] = frozenset()


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
    former = partners(con, changed)
    compared = _compare(con, fresh, ids) if fresh else Compared(0, 0)
    credit_copies(con, changed | former | compared.rematched | partners(con, changed))
    return compared


def remove(con: Connection, ids: Sequence[str]) -> None:
    """Forget articles that are no longer held; those they were connected with are clustered again."""
    former = partners(con, ids) - set(ids)
    compared = _compare(con, (), ids)
    credit_copies(con, former | compared.rematched)


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


def _compare(con: Connection, fresh: Sequence[Comparable], changed: Collection[str]) -> Compared:
    """Compare `fresh` after everything held of `changed`, which has them all, is forgotten."""
    forgotten = index.forget(con, changed)
    prints = fingerprint([article.text for article in fresh])
    ids = {article.text.article_id for article in fresh}
    bands = index.add_prints(con, fresh, prints)
    led = index.lead(con, "band", [bands, forgotten.bands])
    # What a leader was matched with may be none of its pairs any more.
    parted = partners(con, led)
    matches = match(con, ids | led)
    met = set(chain.from_iterable((one.article_a, one.article_b) for one in matches))
    rematched = led | parted | met
    gone = set(changed) - ids
    _drop_membership(con, gone)
    clusters = recluster(con, (ids | rematched | forgotten.connected) - gone)
    shown = update_furniture(con, clusters.moved | ids, forgotten.lines)
    seeds = index.add_seeds(con, fresh, prints, clusters.alone, furniture_of(con, ids))
    firsts = index.mark_firsts(con, (clusters.members - (clusters.alone & ids)) | shown)
    furnished = index.groups(con, "seed", shown)
    groups = [seeds, furnished, firsts.select(["seed", "day"]), forgotten.seeds]
    led = index.lead(con, "seed", groups) | _articles(firsts)
    passage_count = find_passages(con, ids | clusters.moved | shown | led)
    return Compared(len(matches), passage_count, frozenset(rematched))


def _drop_membership(con: Connection, ids: Collection[str]) -> None:
    """Take articles that are held no longer out of their clusters, which go with them."""
    load.delete(
        con, "clusters", {str(row["cluster_id"]) for row in lookup.by_ids(con, "clusters", ids)}
    )
    load.delete(con, "cluster_members", ids)
    load.delete(con, "components", ids)


def _articles(rows: pa.Table) -> set[str]:
    return {load.article_id(key) for key in rows["article_key"].unique().to_pylist()}
