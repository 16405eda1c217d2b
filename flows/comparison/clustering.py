"""Clusters: every component that a batch touched is clustered again, whole."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flows.comparison.days import Days, day_of, span_of
from flows.comparison.shingles import Shingles
from transforms.clusters import cluster
from transforms.components import components
from transforms.overlaps import overlaps
from transforms.records import Cluster, ClusterArticle
from warehouse import load, lookup
from warehouse.connection import Connection

Times = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Reclustered:
    """What clustering did.

    `members` are all articles that were looked at, `alone` those in a cluster of their own, `moved`
    those whose cluster or its origin is another now.
    """

    members: frozenset[str]
    alone: frozenset[str]
    moved: frozenset[str]


def recluster(
    con: Connection, touched: Collection[str], days: Days, shingles: Shingles
) -> Reclustered:
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
    to_part = _to_part(component_of)
    known = shingles.of(to_part, span_of(day_of(times[each]) for each in to_part))
    clusters = cluster(members, edges, partial(overlaps, shingles=known))
    rows = lookup.by_ids(con, "clusters", ids, **reach)
    before = {str(row["article_id"]): _place(row) for row in rows}
    load.delete(con, "clusters", {str(row["cluster_id"]) for row in rows})
    for table in ("cluster_members", "components"):
        load.delete_dated(con, table, ids, span.first_day, span.last_day)
    agencies = {member.article_id for member in members if member.is_agency}
    load.append(con, "clusters", _cluster_columns(clusters, times, agencies))
    load.append(con, "cluster_members", _member_columns(clusters, times))
    load.append(
        con,
        "reuse.components",
        {
            "article_id": list(component_of),
            "component_id": list(component_of.values()),
            "day": [day_of(times[article_id]) for article_id in component_of],
        },
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


def _to_part(component_of: Mapping[str, str]) -> list[str]:
    """The members of the components that may fall apart: those of more than two articles."""
    sizes = Counter(component_of.values())
    return [one for one, whole in component_of.items() if sizes[whole] > 2]


def _member(row: Mapping[str, object]) -> ClusterArticle:
    return ClusterArticle(
        article_id=str(row["article_id"]),
        published_at=_time(row["published_at"]),
        url_key=str(row["url_key"]),
        is_agency=bool(row["is_agency"]),
    )


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _cluster_columns(
    clusters: Sequence[Cluster], published: Times, agencies: Collection[str]
) -> dict[str, list[object]]:
    firsts = (
        min((at for member in one.members if (at := published[member]) is not None), default=None)
        for one in clusters
    )
    return {
        "cluster_id": [one.cluster_id for one in clusters],
        "origin_article_id": [one.origin_article_id for one in clusters],
        "article_count": [len(one.members) for one in clusters],
        "first_published_at": list(firsts),
        "origin_basis": [_basis(one, agencies) for one in clusters],
    }


def _basis(one: Cluster, agencies: Collection[str]) -> str:
    if len(one.members) == 1:
        return "only"
    return "agency" if one.origin_article_id in agencies else "earliest"


def _member_columns(clusters: Sequence[Cluster], times: Times) -> dict[str, list[object]]:
    placed = [(member, one) for one in clusters for member in one.members]
    return {
        "article_id": [member for member, _ in placed],
        "cluster_id": [one.cluster_id for _, one in placed],
        "role": [
            "origin" if member == one.origin_article_id else "reprint" for member, one in placed
        ],
        "day": [day_of(times[member]) for member, _ in placed],
    }
