"""Which day an entry belongs to, and that ranges add up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from transforms.archives.days import DayRange, day_of

TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 28), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given
DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 28))
LAGS = st.none() | st.integers(0, 10)


def test_the_day_of_publication_is_in_utc() -> None:
    """Whatever zone it was given in."""
    late = datetime(2026, 3, 14, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert day_of(late, late) == date(2026, 3, 15)


def test_without_a_publication_it_is_that_of_the_capture() -> None:
    """Also where the publication lies well after it; a day ahead is another zone's date."""
    captured = datetime(2026, 3, 14, 12, tzinfo=UTC)

    assert day_of(None, captured) == date(2026, 3, 14)
    assert day_of(captured + timedelta(days=5), captured) == date(2026, 3, 14)
    assert day_of(captured + timedelta(hours=20), captured) == date(2026, 3, 15)


def test_how_late_a_capture_may_be() -> None:
    """With a lag of two days, a page captured three days after its publication is left out."""
    published = datetime(2026, 3, 14, 12, tzinfo=UTC)
    days = DayRange(date(2026, 3, 14), date(2026, 3, 14), lag_days=2)

    assert days.holds(published, published + timedelta(days=2))
    assert not days.holds(published, published + timedelta(days=3))
    assert list(days.capture_days()) == [date(2026, 3, day) for day in (13, 14, 15, 16)]


@given(TIMES | st.none(), TIMES, DAYS, DAYS, DAYS, LAGS)
def test_a_range_holds_what_its_parts_hold(
    published: datetime | None, captured: datetime, a: date, b: date, c: date, lag: int | None
) -> None:
    """However it is divided, overlaps included: backfills add up."""
    first, middle, last = sorted((a, b, c))

    whole = DayRange(first, last, lag).holds(published, captured)
    one = DayRange(first, middle, lag).holds(published, captured)
    two = DayRange(middle, last, lag).holds(published, captured)

    assert whole == (one or two or DayRange(middle, middle, lag).holds(published, captured))


@given(TIMES | st.none(), TIMES, DAYS, DAYS, LAGS)
def test_what_a_range_holds_is_looked_for(
    published: datetime | None, captured: datetime, a: date, b: date, lag: int | None
) -> None:
    """The search by time of capture misses nothing that belongs to the range."""
    days = DayRange(min(a, b), max(a, b), lag)

    assert days.may_hold(captured) or not days.holds(published, captured)
