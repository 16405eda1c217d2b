"""Look-ups that take days find all that lies in them or has none, and nothing dated outside of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.warehouse.indexed import (
    DAYS,
    EVER,
    IDS,
    NOW,
    TIMES,
    cluster,
    hold,
    one_warehouse,
    print_row,
    undone,
)
from warehouse import load, lookup
from warehouse.connection import Connection

Ends = tuple[date, date]
SPANS = st.tuples(DAYS, DAYS)
"""First and last day; the last may lie before the first."""


def _is_in(day: date | None, ends: Ends) -> bool:
    return day is None or ends[0] <= day <= ends[1]


def _days(ends: Ends) -> dict[str, object]:
    return {"first_day": ends[0], "last_day": ends[1]}


class Pair(NamedTuple):
    """A row of the matches and of the passages."""

    a: str
    b: str
    day: date | None
    kind: str
    containment_a: float
    containment_b: float


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[list[Pair], set[str]]:
    """Pairs of a few articles, and which of the articles are asked about."""
    ids = sorted(draw(st.sets(IDS, min_size=2, max_size=5)))
    ratios = st.sampled_from([0.25, 0.5, 1.0])
    kinds = st.sampled_from(["near_duplicate", "excerpt"])
    each = st.tuples(st.none() | DAYS, kinds, ratios, ratios)
    chosen = draw(st.lists(st.sampled_from(list(combinations(ids, 2))), unique=True))
    pairs = [Pair(a, b, *draw(each)) for a, b in chosen]
    return pairs, draw(st.sets(st.sampled_from([*ids, "unknown"])))


def _store(con: Connection, pairs: Iterable[Pair]) -> None:
    rows: list[dict[str, object]] = [
        {
            "article_a": each.a,
            "article_b": each.b,
            "resemblance": 0.5,
            "containment_a": each.containment_a,
            "containment_b": each.containment_b,
            "kind": each.kind,
            "day": each.day,
        }
        for each in pairs
    ]
    load.append(con, "matches", rows)
    places = dict.fromkeys(("a_start", "a_end", "b_start", "b_end", "matched_words"), 1)
    own = ("article_a", "article_b", "day", "kind")
    # An article lends the same words more than once, and words to one that it does not match.
    twice = [{**places, **{name: row[name] for name in own}} for row in [*rows, *rows]]
    load.append(con, "passages", twice)


@one_warehouse
@given(_pairs(), SPANS)
@example(([Pair("a", "b", None, "near_duplicate", 1, 1)], {"a", "b"}), (date.max, date.min))
@example(
    ([Pair("a", "b", NOW.date(), "near_duplicate", 0.5, 1)], {"a", "b"}), (NOW.date(), NOW.date())
)
def test_pairs_in_the_days_and_the_undated(
    con: Connection, drawn: tuple[list[Pair], set[str]], ends: Ends
) -> None:
    """Partners and borrowers are both articles of every pair that has one asked about, each once; an
    edge is a near-duplicate of two asked about.
    """
    pairs, asked = drawn
    with undone(con):
        _store(con, pairs)
        partners = lookup.by_ids(con, "partners", asked, **_days(ends))
        borrowers = lookup.by_ids(con, "borrowers", asked, **_days(ends))
        edges = lookup.by_ids(con, "edges", asked, **_days(ends))

    found = [each for each in pairs if _is_in(each.day, ends)]
    met = sorted({one for each in found for one in each[:2] if {each.a, each.b} & asked})
    assert sorted(str(row["article_id"]) for row in partners) == met
    assert sorted(str(row["article_id"]) for row in borrowers) == met
    assert sorted(tuple(row.values()) for row in edges) == sorted(
        (each.a, each.b, min(each.containment_a, each.containment_b))
        for each in found
        if {each.a, each.b} <= asked and each.kind == "near_duplicate"
    )


_EVIDENCE = st.tuples(
    st.sampled_from(["mpa", "north"]),
    st.sampled_from(["dateline", "overlap"]),
    st.sampled_from(["mention", "owner", "shared", "self"]),
)


@one_warehouse
@given(_pairs(), SPANS, st.data())
def test_overlaps_in_the_days_and_the_undated(
    con: Connection, drawn: tuple[list[Pair], set[str]], ends: Ends, data: st.DataObject
) -> None:
    """Of those asked about that credit nobody, with those that credit themselves; what was told by
    overlap counts on neither side.
    """
    pairs, asked = drawn
    ids = sorted({one for each in pairs for one in each[:2]} | asked)
    credited = {each: data.draw(st.lists(_EVIDENCE, max_size=2)) for each in ids}
    with undone(con):
        _store(con, pairs)
        names = ("agency_id", "signal", "level")
        load.append(
            con,
            "agency_evidence",
            [
                {"article_id": each, "text": "", **dict(zip(names, one, strict=True))}
                for each, given_credits in credited.items()
                for one in given_credits
            ],
        )
        rows = lookup.by_ids(con, "overlaps", asked, **_days(ends))

    own = {
        each: [(agency, level) for agency, signal, level in credited[each] if signal != "overlap"]
        for each in ids
    }
    sides = [
        side
        for each in pairs
        if _is_in(each.day, ends)
        for side in (
            (each.a, each.b, each.containment_a, each.kind),
            (each.b, each.a, each.containment_b, each.kind),
        )
    ]
    assert sorted(tuple(row.values()) for row in rows) == sorted(
        (*side, agency)
        for side in sides
        if side[0] in asked and all(level == "mention" for _, level in own[side[0]])
        for agency in {one for one, level in own[side[1]] if level in {"owner", "self"}}
    )


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
        return {one: each for one, each in self.articles.items() if _is_in(each.day, ends)}


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


_ONE = Member(NOW, 0, 0, None, is_agency=True, is_asked=True)


@one_warehouse
@given(_members(), SPANS)
@example(Held({"0a": _ONE}, {"0a": "0a"}, {"0a"}), (NOW.date(), NOW.date()))
def test_components_in_the_days_and_the_undated(con: Connection, held: Held, ends: Ends) -> None:
    """All of the components of those asked about that lie in the days, from their first day to their
    last; and those asked about that are in no component yet.
    """
    new = sorted(held.asked)[:1]
    with undone(con):
        _hold(con, held)
        load.delete_dated(con, "components", new, date.min, date.max)
        rows = lookup.by_ids(con, "components", held.asked, **_days(ends))
        days = lookup.by_ids(con, "component_days", held.asked, **_days(ends))

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
@example(Held({"0a": _ONE, "0b": _ONE}, {"0a": "0a", "0b": "0a"}, {"0b"}), (NOW.date(), NOW.date()))
def test_clusters_in_the_days_and_the_undated(con: Connection, held: Held, ends: Ends) -> None:
    """Of those asked about: their origins, all members of their clusters, and who is a reprint of whom
    among different publishers, from either side.
    """
    with undone(con):
        _hold(con, held)
        clusters = lookup.by_ids(con, "clusters", held.asked, **_days(ends))
        fellows = lookup.by_ids(con, "fellow_members", held.asked, **_days(ends))
        reprints = lookup.by_ids(con, "reprints", held.asked, **_days(ends))

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


@one_warehouse
@given(st.dictionaries(IDS, TIMES, max_size=6), st.sets(IDS, max_size=3), SPANS)
def test_articles_in_the_days_and_the_undated(
    con: Connection, times: dict[str, datetime | None], others: set[str], ends: Ends
) -> None:
    """When they were published and what they say; those outside are found where `within` looks again,
    each once.
    """
    asked = {*list(times)[:4], *others}
    with undone(con):
        rows = [print_row(one, at, shingles=[7]) for one, at in times.items()]
        load.append(con, "reuse.fingerprints", rows)
        hold(con, dict.fromkeys(times), times)
        published, shingles, texts = (
            lookup.index_rows(con, name, asked, **_days(ends)).to_pylist()
            for name in ("published", "shingles", "comparison_texts")
        )
        everywhere = lookup.within(con, "published", asked, *ends)

    held = {one: at for one, at in times.items() if one in asked}
    found = {one: at for one, at in held.items() if _is_in(at and at.date(), ends)}
    keys = {load.article_key(one): at for one, at in found.items()}
    assert {row["article_key"]: row["published_at"] for row in published} == keys
    assert sorted(row["article_key"] for row in shingles) == sorted(keys)
    assert sorted(row["article_id"] for row in texts) == sorted(found)
    assert sorted(int(str(row["article_key"])) for row in everywhere) == sorted(
        map(load.article_key, held)
    )


@pytest.mark.parametrize(
    ("hours", "expected"), [(-0.001, 0), (0, 1), (23.999, 1), (24, 0), (None, 1)]
)
@pytest.mark.parametrize("name", ["published", "shingles", "comparison_texts", "components"])
def test_a_day_goes_from_midnight_to_midnight(
    con: Connection, name: str, hours: float | None, expected: int
) -> None:
    """In UTC; the next midnight is of the next day."""
    midnight = NOW.replace(hour=0, minute=0)
    at = None if hours is None else midnight + timedelta(hours=hours)
    load.append(con, "reuse.fingerprints", [print_row("0a", at)])
    hold(con, {"000000000000000a": None}, {"000000000000000a": at})

    found = lookup.staged_table(
        con,
        name,
        {
            "staged_keys": load.keys_table(["0a"]),
            "staged_ids": load.ids_table(["000000000000000a"]),
        },
        **_days((NOW.date(), NOW.date())),
    )
    assert found.num_rows == expected


def test_all_days_are_from_the_first_to_the_last_of_the_calendar(con: Connection) -> None:
    """What is published in their last hours is found too."""
    first, last = EVER.values()
    assert isinstance(first, date)
    assert isinstance(last, date)
    times = {
        "0a": NOW.replace(year=first.year, month=first.month, day=first.day, hour=0),
        "0b": NOW.replace(year=last.year, month=last.month, day=last.day, hour=23),
    }
    load.append(con, "reuse.fingerprints", [print_row(one, at) for one, at in times.items()])

    found = lookup.index_rows(con, "published", times, **EVER).to_pylist()
    assert sorted(row["published_at"] for row in found) == sorted(times.values())
