"""The days a batch reads: wide enough for all it must see, and no wider."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import combinations, pairwise, product
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flows.comparison.days import EVER, NEVER, Days, Span, day_of, span_of
from tests.flows.comparing import NOON
from transforms.components import components
from transforms.reuse import WINDOW_DAYS
from warehouse import load
from warehouse.connection import Connection
from warehouse.load import NO_DAY
from warehouse.migrate import migrate

_REACH = WINDOW_DAYS + 1
"""Days between two articles that are exactly a window apart, and one more."""


def _around(day: date) -> st.SearchStrategy[date]:
    first = max(EVER.first_day.toordinal(), day.toordinal() - 20)
    last = min(EVER.last_day.toordinal(), day.toordinal() + 20)
    return st.integers(first, last).map(date.fromordinal)


ANCHORS = st.sampled_from([EVER.first_day, NOON.date(), EVER.last_day])


@st.composite
def _some_spans(draw: st.DrawFn) -> list[Span]:
    """Spans near each other: at the beginning of the calendar, at its end or between; or none."""
    days = _around(draw(ANCHORS))
    dated = st.tuples(days, days).map(lambda ends: Span(min(ends), max(ends)))
    return draw(st.lists(dated | st.just(NEVER), min_size=2, max_size=2))


def _days_of(span: Span) -> set[int]:
    return set(range(span.first_day.toordinal(), span.last_day.toordinal() + 1))


@given(_some_spans())
def test_spans_are_sets_of_days(spans: list[Span]) -> None:
    """One covers another that has no day besides; the union of two has the days between them too."""
    one, other = spans
    both = _days_of(one) | _days_of(other)

    assert one.covers(other) == (_days_of(other) <= _days_of(one))
    assert _days_of(one | other) == (set(range(min(both), max(both) + 1)) if both else set())
    assert (one | NEVER, NEVER | one, one | one) == (one, one, one)
    assert (EVER.covers(one), one | EVER) == (True, EVER)
    assert one.values() == {"first_day": one.first_day, "last_day": one.last_day}


@given(_some_spans())
@example([EVER, NEVER])
def test_a_wider_span_has_the_days_in_reach(spans: list[Span]) -> None:
    """Eight on either side, as far as the calendar goes; where there is no day there is none near."""
    for span in spans:
        wider = span.widened()

        first, last = (each.toordinal() for each in (span.first_day, span.last_day))
        calendar = range(EVER.first_day.toordinal(), EVER.last_day.toordinal() + 1)
        expected = range(max(first - _REACH, calendar[0]), min(last + _REACH, calendar[-1]) + 1)
        if span == NEVER:
            assert wider == NEVER
        else:
            assert (wider.first_day.toordinal(), wider.last_day.toordinal()) == (
                expected[0],
                expected[-1],
            )


@given(st.lists(ANCHORS.flatmap(_around) | st.none() | st.just(NO_DAY)))
def test_the_span_of_days_is_from_the_first_to_the_last(days: list[date | None]) -> None:
    """Of those that are known; the one that stands for unknown ones is as good as none."""
    known = [day for day in days if day not in {None, NO_DAY}]
    span = span_of(iter(days))

    assert all(span.covers(Span(day, day)) for day in known if day is not None)
    assert {span.first_day, span.last_day} <= set(known) if known else span == NEVER


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, None),
        (datetime(2026, 3, 30, 23, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 3, 30, 1, tzinfo=timezone(timedelta(hours=2))), date(2026, 3, 29)),
        (datetime(2026, 3, 30, 22, tzinfo=timezone(timedelta(hours=-5))), date(2026, 3, 31)),
    ],
)
def test_a_day_is_one_in_utc(at: datetime | None, expected: date | None) -> None:
    """Wherever the time was told."""
    assert day_of(at) == expected


IDS = [load.article_id(key) for key in (0, 1, 10, 2**63, 2**63 + 1, 2**64 - 2, 2**64 - 1)]
_GAPS = st.sampled_from([0, 1, 24, 24 * 3, 24 * 6.5, 24 * 7, 24 * 7 + 1, 24 * 8, 24 * 9, 24 * 40])
"""Hours between one article and the next: in a window, at its edge, outside of it."""


class Archive(NamedTuple):
    """What is held: when each article was published, and the pairs that match."""

    times: dict[str, datetime | None]
    pairs: list[tuple[str, str]]

    def component(self, ids: set[str]) -> set[str]:
        """All articles in the components of these."""
        component_of = components(list(self.times), iter(self.pairs))
        touched = {component_of[one] for one in ids & self.times.keys()}
        return {one for one, component in component_of.items() if component in touched}


class Batch(NamedTuple):
    """What comes: articles with their times, new ones and ones held; those credited anew besides."""

    fresh: dict[str, datetime | None]
    recredited: set[str]


@st.composite
def _archives(draw: st.DrawFn) -> Archive:
    """Articles one after another, near enough or not, each matched with some that are in its window;
    the undated with anybody.
    """
    at, times = NOON, dict[str, datetime | None]()
    for one in draw(st.lists(st.sampled_from(IDS), unique=True)):
        at += timedelta(hours=draw(_GAPS))
        times[one] = None if draw(st.integers(0, 9)) == 0 else at
    pairs = [
        (one, other)
        for one, other in combinations(sorted(times), 2)
        if _in_window(times[one], times[other]) and draw(st.integers(0, 3))
    ]
    return Archive(times, pairs)


def _in_window(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) <= timedelta(days=WINDOW_DAYS)


_TIMES = st.none() | st.integers(-400, 1500).map(lambda hours: NOON + timedelta(hours=hours))
_BATCHES = st.builds(
    Batch,
    st.dictionaries(st.sampled_from(IDS), _TIMES, max_size=3),
    st.sets(st.sampled_from(IDS), max_size=2),
)
_ASKED = st.sets(st.sampled_from(IDS), max_size=3)

_DAY_H = 24
_CHAIN = dict(zip(IDS, (NOON + timedelta(hours=7 * _DAY_H * n) for n in range(7)), strict=True))
CHAIN = Archive(dict(_CHAIN), list(pairwise(IDS)))
"""Each a week after the one before."""
BROKEN = Archive({**_CHAIN, IDS[3]: None, IDS[4]: None}, list(pairwise(IDS)))
"""Two halves that undated articles connect, far from each other."""
NOTHING = Batch({}, set())


@pytest.fixture(scope="module")
def migrated() -> Iterator[Connection]:
    """One empty warehouse in memory for all examples."""
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'")
        migrate(opened, NOON)
        yield opened


one_warehouse = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Known:
    """By definition: the days of all articles, as held and as they come."""

    def __init__(self, archive: Archive, batch: Batch) -> None:
        self.now = {one: day_of(at) for one, at in (archive.times | batch.fresh).items()}
        self._held = {one: day_of(at) for one, at in archive.times.items()}
        self._archive = archive

    def both(self, ids: set[str]) -> set[date | None]:
        """The days of these articles: that under which they are held, that under which they come."""
        return {days[one] for one in ids for days in (self.now, self._held) if one in days}

    def whole(self, ids: set[str]) -> set[date | None]:
        """The days of these articles and of all in their components."""
        return self.both(ids) | {self._held[one] for one in self._archive.component(ids)}

    def pair(self, one: str, other: str) -> date | None:
        """The day of a pair."""
        a, b = self.now.get(one), self.now.get(other)
        return None if a is None or b is None or abs((a - b).days) > _REACH else min(a, b)


def _widened(days: set[date | None], *, is_bounded: bool = False) -> Span:
    """The days around these; all, if one of them is unknown."""
    known = [day for day in days if day is not None]
    if len(known) < len(days) and not is_bounded:
        return EVER
    reach = timedelta(days=_REACH)
    return Span(min(known) - reach, max(known) + reach) if known else NEVER


def _stored(con: Connection, archive: Archive, batch: Batch) -> Days:
    """The archive as the index holds it, and what is asked of it about the batch."""
    prints = {"norm_version": 1, "prose": b"", "shingles": b""}
    load.append(
        con,
        "reuse.fingerprints",
        [
            {**prints, "article_key": load.article_key(one), "published_at": at}
            for one, at in archive.times.items()
        ],
    )
    component_of = components(list(archive.times), iter(archive.pairs))
    load.append(
        con,
        "reuse.components",
        [
            {"article_id": one, "component_id": component_of[one], "day": day_of(at)}
            for one, at in archive.times.items()
        ],
    )
    return Days(con, batch.fresh, batch.recredited)


@one_warehouse
@given(_archives(), _BATCHES, st.lists(_ASKED, min_size=1, max_size=3))
@example(CHAIN, NOTHING, [{IDS[0]}, {IDS[3]}, {IDS[6]}])
@example(BROKEN, NOTHING, [{IDS[0]}, {IDS[3]}])
@example(CHAIN, Batch({IDS[0]: NOON - timedelta(days=300)}, set()), [{IDS[0]}, {IDS[1]}])
@example(CHAIN, Batch({IDS[6]: None}, {IDS[5]}), [{IDS[6]}, {IDS[5]}, set()])
def test_days_are_those_of_the_definition(
    migrated: Connection, archive: Archive, batch: Batch, questions: list[set[str]]
) -> None:
    """Own: from the first day of the articles to the last, both days of one that comes again at another
    time. Near: all days around. Comparable: all days, where one is undated. Reach: as far as anybody
    of their components, however long the chain, and all days where an undated one is among them.
    """
    known = Known(archive, batch)
    migrated.begin()
    try:
        days = _stored(migrated, archive, batch)
        held = days.held
        own = [days.own(ids) for ids in questions]
        near = [days.near(ids) for ids in questions]
        comparable = [days.comparable(ids) for ids in questions]
        reach = [days.reach(ids) for ids in questions]
    finally:
        migrated.rollback()

    assert held == (batch.fresh.keys() | batch.recredited) & archive.times.keys()
    assert own == [span_of(known.both(ids)) for ids in questions]
    assert near == [_widened(known.both(ids), is_bounded=True) for ids in questions]
    assert comparable == [_widened(known.both(ids)) for ids in questions]
    assert reach == [_widened(known.whole(ids)) for ids in questions]


@one_warehouse
@given(_archives(), _BATCHES, _ASKED)
@example(CHAIN, NOTHING, {IDS[3]})
@example(CHAIN, Batch({IDS[0]: NOON - timedelta(days=300)}, set()), {IDS[0]})
def test_all_that_a_batch_must_see_lies_in_its_days(
    migrated: Connection, archive: Archive, batch: Batch, ids: set[str]
) -> None:
    """A stored pair that has one of the articles is near them, whoever is to be compared with one is
    comparable, and whoever is connected with one is in reach; days that are unknown are always read.
    """
    migrated.begin()
    try:
        days = _stored(migrated, archive, Batch({}, set(archive.times)))
        stored = dict(zip(archive.pairs, days.of_pairs(archive.pairs), strict=True))
        migrated.execute("delete from reuse.fingerprints")
        migrated.execute("delete from reuse.components")
        days = _stored(migrated, archive, batch)
        near, comparable, reach = days.near(ids), days.comparable(ids), days.reach(ids)
        found = {pair: days.of_pairs([pair])[0] for pair in product(sorted(ids), IDS)}
    finally:
        migrated.rollback()

    known = Known(archive, batch)
    met = {day for pair, day in stored.items() if ids & set(pair)}
    assert all(near.covers(span_of([day])) for day in met)
    now = archive.times | batch.fresh
    fellows = {
        other for one, other in product(ids & now.keys(), now) if _in_window(now[one], now[other])
    }
    assert comparable.covers(span_of(day_of(now[other]) for other in fellows))
    assert reach.covers(span_of(known.whole(ids)))
    assert reach.covers(comparable)
    assert found == {pair: known.pair(*pair) for pair in found}
    assert all(near.covers(span_of([day])) for day in found.values())


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (0, 0),
        (-3, -3),
        (WINDOW_DAYS, 0),
        (WINDOW_DAYS + 1, 0),
        (WINDOW_DAYS + 2, None),
        (-WINDOW_DAYS - 1, -WINDOW_DAYS - 1),
        (-WINDOW_DAYS - 2, None),
        (None, None),
    ],
)
def test_the_day_of_a_pair(migrated: Connection, other: int | None, expected: int | None) -> None:
    """The earlier of the two, whichever comes first; none if one is unknown or they are far apart."""
    at = None if other is None else NOON + timedelta(days=other)
    days = Days(migrated, {IDS[0]: NOON, IDS[1]: at}, ())
    day = None if expected is None else (NOON + timedelta(days=expected)).date()

    first, second, third = IDS[:3]
    pairs = [(first, second), (second, first), (first, third), (first, first)]
    assert days.of_pairs(pairs) == [day, day, None, NOON.date()], "the third is not held"
