"""Look-ups of components and clusters find all members that lie in the days or have none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import (
    IDS,
    NOW,
    SPANS,
    TIMES,
    Ends,
    cluster,
    days_in,
    hold,
    is_in,
    one_warehouse,
    undone,
)
from warehouse import load, lookup
from warehouse.connection import Connection


@dataclass(frozen=True)
class Member:
    """An article in a component and in a cluster of it."""

    published_at: datetime | None
    component: int
    cluster: int
    publisher_id: str | None
    is_agency: bool
    is_asked: bool

    @property
    def day(self) -> date | None:
        """The day of publication."""
        return self.published_at.date() if self.published_at else None


MEMBERS = st.builds(
    Member,
    TIMES,
    st.integers(0, 1),
    st.integers(0, 1),
    st.sampled_from(["post", "herald", None]),
    st.booleans(),
    st.booleans(),
)


class Held(NamedTuple):
    """Articles with the origins of their clusters; those asked about."""

    articles: dict[str, Member]
    origin_of: dict[str, str]
    asked: set[str]

    def in_days(self, ends: Ends) -> dict[str, Member]:
        """The articles that lie in the days or are undated."""
        return {one: each for one, each in self.articles.items() if is_in(each.day, ends)}


@st.composite
def _members(draw: st.DrawFn) -> Held:
    articles = draw(st.dictionaries(IDS, MEMBERS, max_size=7))
    groups = defaultdict(list)
    for one, each in sorted(articles.items()):
        groups[each.component, each.cluster].append(one)
    origins = {group: draw(st.sampled_from(ids)) for group, ids in sorted(groups.items())}
    origin_of = {one: origins[each.component, each.cluster] for one, each in articles.items()}
    return Held(articles, origin_of, {one for one, each in articles.items() if each.is_asked})


def _hold(con: Connection, held: Held) -> None:
    times = {one: each.published_at for one, each in held.articles.items()}
    hold(con, {one: each.publisher_id for one, each in held.articles.items()}, times)
    numbers = {origin: n for n, origin in enumerate(sorted(set(held.origin_of.values())))}
    cluster_of = {one: numbers[origin] for one, origin in held.origin_of.items()}
    cluster(con, cluster_of, {n: origin for origin, n in numbers.items()}, times)
    load.append(
        con,
        "reuse.components",
        [
            {"article_id": one, "component_id": str(each.component), "day": each.day}
            for one, each in held.articles.items()
        ],
    )
    agencies = [one for one, each in held.articles.items() if each.is_agency]
    own = {"agency_id": "mpa", "role": "self"}
    load.append(con, "article_agencies", [{**own, "article_id": one} for one in agencies])


def _same_story(*days: int | None) -> Held:
    """Articles in one cluster, this many days from the first: all are asked about."""
    articles = {
        load.article_id(key): Member(
            None if day is None else NOW + timedelta(days=day),
            component=0,
            cluster=0,
            publisher_id=None,
            is_agency=key == 0,
            is_asked=True,
        )
        for key, day in enumerate(days)
    }
    return Held(articles, dict.fromkeys(articles, load.article_id(0)), set(articles))


_EDGES = (NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=2))
"""Two days, for stories of the days around."""


@one_warehouse
@given(_members(), SPANS)
@example(_same_story(1, 1, 2), _EDGES)
@example(_same_story(1, 0, 3, None), _EDGES)
def test_components_in_the_days_and_the_undated(con: Connection, held: Held, ends: Ends) -> None:
    """All of the components of those asked about that lie in the days, from their first day to their
    last; and those asked about that are in no component yet.
    """
    new = sorted(held.asked)[:1]
    with undone(con):
        _hold(con, held)
        load.delete_dated(con, "components", new, date.min, date.max)
        rows = lookup.by_ids(con, "components", held.asked, **days_in(ends))
        days = lookup.by_ids(con, "component_days", held.asked, **days_in(ends))

    found = held.in_days(ends)
    touched = {held.articles[one].component for one in held.asked - set(new) if one in found}
    members = {
        one: each
        for one, each in found.items()
        if one in held.asked or (each.component in touched and one not in new)
    }
    assert {str(row.pop("article_id")): tuple(row.values()) for row in rows} == {
        one: (each.published_at, one, each.is_agency) for one, each in members.items()
    }
    assert len(rows) == len(members)
    whole = [
        each.day for one, each in found.items() if each.component in touched and one not in new
    ]
    dated = [day for day in whole if day is not None]
    expected = {
        "first_day": min(dated, default=None),
        "last_day": max(dated, default=None),
        "is_open": len(dated) < len(whole),
    }
    assert days == ([expected] if held.asked else [])


@one_warehouse
@given(_members(), SPANS)
@example(_same_story(1, 1, 2, 0, 3, None), _EDGES)
@example(_same_story(2, 1, None), _EDGES)
@example(_same_story(0, 1, 2, 3), _EDGES)
@example(_same_story(None, 0, 1, 2, 3), _EDGES)
def test_clusters_in_the_days_and_the_undated(con: Connection, held: Held, ends: Ends) -> None:
    """Of those asked about: their origins, all members of their clusters, and who is a reprint of whom
    among different publishers, from either side.
    """
    with undone(con):
        _hold(con, held)
        clusters = lookup.by_ids(con, "clusters", held.asked, **days_in(ends))
        fellows = lookup.by_ids(con, "fellow_members", held.asked, **days_in(ends))
        reprints = lookup.by_ids(con, "reprints", held.asked, **days_in(ends))

    found = held.in_days(ends)
    origin_of = {one: held.origin_of[one] for one in found}
    assert sorted(tuple(row.values()) for row in clusters) == sorted(
        (one, origin, origin)
        for one, origin in origin_of.items()
        if one in held.asked and origin in found
    )
    touched = {origin for one, origin in origin_of.items() if one in held.asked}
    assert sorted(tuple(row.values()) for row in fellows) == sorted(
        (load.article_key(one), origin, one == origin, found[one].day)
        for one, origin in origin_of.items()
        if origin in touched
    )
    assert sorted(tuple(row.values()) for row in reprints) == sorted(
        (load.article_key(one), load.article_key(origin))
        for one, origin in origin_of.items()
        if one != origin and origin in found and {one, origin} & held.asked
        for publisher in (found[one].publisher_id,)
        if publisher is None or publisher != found[origin].publisher_id
    )
