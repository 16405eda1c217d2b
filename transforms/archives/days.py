"""Which day an entry belongs to: the one rule all archives share.

An entry's day is the day (UTC) on which it was published, where its page says so credibly; else the
day on which it was captured. An entry belongs to a range when its day lies in it and, for archives
that are searched by the time of capture, when it was captured no more than so many days later: what
a search of one range finds is then what searches of its parts find, whatever the parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_AHEAD = timedelta(days=1)
"""A page may carry tomorrow's date: it is dated by a zone ahead of UTC, or for the printed issue."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """The days from `since` to `until`, both included.

    `lag_days` is how many days after its day an entry may have been captured; None for any number.
    """

    since: date
    until: date
    lag_days: int | None = None

    def holds(self, published_at: datetime | None, captured_at: datetime) -> bool:
        """Whether an entry with these times (aware) belongs to the range."""
        day = day_of(published_at, captured_at)
        if not self.since <= day <= self.until:
            return False
        return self.lag_days is None or _day(captured_at) <= day + timedelta(days=self.lag_days)

    def may_hold(self, captured_at: datetime) -> bool:
        """Whether a page captured then may belong to the range; what it says decides."""
        return self.first <= _day(captured_at) <= self.last

    @property
    def first(self) -> date:
        """First day on which what belongs to the range may have been captured."""
        return _shifted(self.since, -_AHEAD.days)

    @property
    def last(self) -> date:
        """Last day on which what belongs to the range may have been captured."""
        return date.max if self.lag_days is None else _shifted(self.until, self.lag_days)

    def capture_days(self) -> Iterator[date]:
        """The days on which what belongs to the range may have been captured, in order.

        Raises:
            ValueError: There is no last one.
        """
        if self.lag_days is None:
            raise ValueError("a range without a limit to the lag has no last day of capture")
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)


def day_of(published_at: datetime | None, captured_at: datetime) -> date:
    """The day an entry belongs to; a time of publication well after the capture is none."""
    if published_at is not None and published_at <= captured_at + _AHEAD:
        return _day(published_at)
    return _day(captured_at)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
