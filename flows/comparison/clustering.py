"""Clusters: every component that a batch touched is clustered again, whole."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

from flows.comparison.days import Days, day_of
from transforms.clusters import cluster
from transforms.components import components
from transforms.overlaps import overlaps
from transforms.records import Cluster, ClusterArticle
from transforms.words import U64
from warehouse import load, lookup
from warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class Reclustered:
    """What clustering did.

    `members` are all articles that were looked at, `alone` those in a cluster of their own, `moved`
    those whose cluster or its origin is another now.
    """

    members: frozenset[str]
    alone: frozenset[str]
    moved: frozenset[str]


def recluster(con: Connection, touched: Collection[str], days: Days) -> Reclustered:
    """Cluster again every component that has one of these articles."""
    span = days.reach(touched)
    reach = span.values()
    members = [_member(row) for row in lookup.by_ids(con, "components", touched, **reach)]
    ids = [member.article_id for member in members]
    edges = [
        (str(row["article_a"]), str(row["article_b"]), float(str(row["overlap"])))
        for row in lookup.by_ids(con, "edges", ids, **reach)
    ]
    component_of = components(ids, ((a, b) for a, b, _ in edges))
    times = {member.article_id: member.published_at for member in members}
    shingles = _to_part(con, component_of, times)
    clusters = cluster(members, edges, partial(overlaps, shingles=shingles))
    rows = lookup.by_ids(con, "clusters", ids, **reach)
    before = {str(row["article_id"]): _place(row) for row in rows}
    load.delete(con, "clusters", {str(row["cluster_id"]) for row in rows})
    for table in ("cluster_members", "components"):
        load.delete_dated(con, table, ids, span.first_day, span.last_day)
    agencies = {member.article_id for member in members if member.is_agency}
    load.append(con, "clusters", [_cluster_row(item, times, agencies) for item in clusters])
    member_rows = (_member_rows(item, times) for item in clusters)
    load.append(con, "cluster_members", list(chain.from_iterable(member_rows)))
    load.append(
        con,
        "reuse.components",
        [
            {
                "article_id": article_id,
                "component_id": component_id,
                "day": day_of(times[article_id]),
            }
            for article_id, component_id in component_of.items()
        ],
    )
    after = {
        member: (item.cluster_id, item.origin_article_id)
        for item in clusters
        for member in item.members
    }
    return Reclustered(
        frozenset(ids),
        frozenset(item.cluster_id for item in clusters if len(item.members) == 1),
        frozenset(member for member, place in after.items() if before.get(member) != place),
    )


def _place(row: Mapping[str, object]) -> tuple[str, str]:
    return str(row["cluster_id"]), str(row["origin_article_id"])


def _to_part(
    con: Connection, component_of: Mapping[str, str], times: Mapping[str, datetime | None]
) -> dict[str, U64]:
    """The shingles of the components that may fall apart: those of more than two articles."""
    sizes = Counter(component_of.values())
    chosen = [one for one, whole in component_of.items() if sizes[whole] > 2]
    known = [at.date() for one in chosen if (at := times[one]) is not None]
    if not known:
        return lookup.shingles(con, chosen)
    return lookup.shingles(con, chosen, min(known), max(known))


def _member(row: Mapping[str, object]) -> ClusterArticle:
    return ClusterArticle(
        article_id=str(row["article_id"]),
        published_at=_time(row["published_at"]),
        url_key=str(row["url_key"]),
        is_agency=bool(row["is_agency"]),
    )


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _cluster_row(
    item: Cluster, published: Mapping[str, datetime | None], agencies: Collection[str]
) -> dict[str, object]:
    times = [at for at in (published[member] for member in item.members) if at is not None]
    if len(item.members) == 1:
        basis = "only"
    else:
        basis = "agency" if item.origin_article_id in agencies else "earliest"
    return {
        "cluster_id": item.cluster_id,
        "origin_article_id": item.origin_article_id,
        "article_count": len(item.members),
        "first_published_at": min(times, default=None),
        "origin_basis": basis,
    }


def _member_rows(item: Cluster, times: Mapping[str, datetime | None]) -> list[dict[str, object]]:
    return [
        {
            "article_id": member,
            "cluster_id": item.cluster_id,
            "role": "origin" if member == item.origin_article_id else "reprint",
            "day": day_of(times[member]),
        }
        for member in item.members
    ]
