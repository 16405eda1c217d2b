"""The days of publication of the articles a batch meets: they bound what its statements read.

What is stored of an article has its day, what is stored of a pair the earlier of the two. So a
statement about some articles reads the days around theirs, and what has no day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from transforms.reuse import WINDOW_DAYS
from warehouse import load, lookup
from warehouse.connection import Connection
from warehouse.load import NO_DAY

WINDOW_S = WINDOW_DAYS * 86_400
"""The window in seconds, as the statements that find pairs want it."""

_REACH = timedelta(days=WINDOW_DAYS + 1)
"""How far apart the days of two articles in one window can be, and one for what is left of a day."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row, both ends included; none where the first lies behind the last."""

    first_day: date
    last_day: date

    def values(self) -> dict[str, object]:
        """The span as statements want it."""
        return {"first_day": self.first_day, "last_day": self.last_day}

    def covers(self, other: Span) -> bool:
        """Whether all days of the other are days of this."""
        return self | other == self

    def widened(self) -> Span:
        """With the days on which an article can be compared with one of this span's."""
        if self.first_day > self.last_day:
            return self
        return Span(
            max(self.first_day, EVER.first_day + _REACH) - _REACH,
            min(self.last_day, EVER.last_day - _REACH) + _REACH,
        )

    def __or__(self, other: Span) -> Span:
        return Span(min(self.first_day, other.first_day), max(self.last_day, other.last_day))


EVER = Span(NO_DAY + timedelta(days=1), date.max)
NEVER = Span(date.max, EVER.first_day)


def day_of(at: datetime | None) -> date | None:
    """The day of a time in UTC."""
    return None if at is None else at.astimezone(UTC).date()


def span_of(days: Iterable[date | None]) -> Span:
    """From the first of these days to the last; those that are unknown (or NO_DAY) are left out."""
    known = [day for day in days if day is not None and day != NO_DAY]
    return Span(min(known), max(known)) if known else NEVER


class Days:
    """When articles were published: as the index has them and as the batch brings them.

    An article that comes again at another time has both days: what is stored of it has the former.
    """

    def __init__(
        self, con: Connection, fresh: Mapping[str, datetime | None], changed: Iterable[str]
    ) -> None:
        """Ask the index about what a batch changes, before it is forgotten.

        Args:
            con: The writer's connection.
            fresh: The publication times of the articles that are compared, by article id.
            changed: All articles of the batch.
        """
        self._con = con
        self._days: dict[str, date | None] = {}
        self._former: defaultdict[str, set[date | None]] = defaultdict(set)
        self._absent: set[str] = set()
        self._span = NEVER
        ids = set(changed) | fresh.keys()
        self._learn(ids, lookup.index_rows(con, "published", ids, **EVER.values()).to_pylist())
        self.held = frozenset(self._days)
        """Those of the articles of the batch that the index holds."""
        for article_id, at in fresh.items():
            if article_id in self._days:
                self._former[article_id].add(self._days[article_id])
            self._days[article_id] = day_of(at)
        self._absent -= fresh.keys()
        self._span |= span_of(map(day_of, fresh.values()))

    def own(self, ids: Collection[str]) -> Span:
        """The days on which these articles were published; the undated aside."""
        return span_of(self._days_of(ids))

    def near(self, ids: Collection[str]) -> Span:
        """The days of pairs that have one of these articles."""
        return self.own(ids).widened()

    def comparable(self, ids: Collection[str]) -> Span:
        """The days of all articles with which one of these is compared: all, where one is undated."""
        days = self._days_of(ids)
        return EVER if None in days else span_of(days).widened()

    def reach(self, ids: Collection[str]) -> Span:
        """The days of all articles in the components of these, and of all that they are compared with.

        A component is connected by matches, so whoever else is in it was published near somebody who
        was found already; an undated article can be near anybody.
        """
        reach = self.comparable(ids)
        while True:
            [found] = lookup.by_ids(self._con, "component_days", ids, **reach.values()) or [{}]
            if found.get("is_open"):
                return EVER
            days = (found.get("first_day"), found.get("last_day"))
            wider = reach | span_of(d for d in days if isinstance(d, date)).widened()
            if wider == reach:
                return reach
            reach = wider

    def of_pairs(self, pairs: Collection[tuple[str, str]]) -> list[date | None]:
        """The day of each pair: the earlier of the two, if both are known and in reach of each other."""
        self._ask({article_id for pair in pairs for article_id in pair})
        days = ((self._days.get(one), self._days.get(other)) for one, other in pairs)
        return [
            None if a is None or b is None or abs(a - b) > _REACH else min(a, b) for a, b in days
        ]

    def _days_of(self, ids: Collection[str]) -> set[date | None]:
        self._ask(ids)
        days = {self._days[each] for each in ids if each in self._days}
        return days.union(*(self._former[each] for each in self._former.keys() & ids))

    def _ask(self, ids: Collection[str]) -> None:
        """Ask the index about those of whom it has not been asked."""
        missing = set(ids) - self._days.keys() - self._absent
        if missing:
            likely = self._span.widened().widened()
            ends = likely.first_day, likely.last_day
            self._learn(missing, lookup.within(self._con, "published", missing, *ends))

    def _learn(self, ids: Collection[str], rows: Iterable[Mapping[str, object]]) -> None:
        for row in rows:
            at = row["published_at"]
            day = day_of(at) if isinstance(at, datetime) else None
            self._days[load.article_id(int(str(row["article_key"])))] = day
        self._absent |= set(ids) - self._days.keys()
