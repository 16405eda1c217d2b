"""Articles by day as steps of a chart: days if they fit, else weeks, months or years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from flows.report import bounds


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of days, the last not included, and its articles."""

    begins_on: date
    ends_on: date
    article_count: int
    own_article_count: int

    @property
    def wire_article_count(self) -> int:
        """Articles that are wire copy."""
        return self.article_count - self.own_article_count


@dataclass(frozen=True, slots=True)
class Volume:
    """Steps of one unit without a hole; what lies before and behind them; articles of no known day."""

    unit: str
    steps: list[Step]
    before: Step | None
    behind: Step | None
    undated: Step | None


Day = tuple[date, int, int]


def volume(rows: Sequence[dict[str, Any]]) -> Volume:
    """The steps of rows with `published_on`, `article_count`, `own_article_count`, a day each.

    A few articles with odd dates must not squeeze the others into one step: where days do not fit,
    at most `EDGE_RATIO` of the articles at either end are summed, if that makes the steps finer.
    """
    columns = ("published_on", "article_count", "own_article_count")
    counted = [tuple(row[name] for name in columns) for row in rows]
    undated = [Step(date.min, date.min, n, own) for day, n, own in counted if day is None]
    days: list[Day] = sorted((day, n, own) for day, n, own in counted if day is not None)
    if not days:
        return Volume("day", [], None, None, undated[0] if undated else None)
    core, unit = days, _unit(days)
    if unit != "day":
        trimmed = _without_edges(days)
        if trimmed and _UNITS.index(_unit(trimmed)) < _UNITS.index(unit):
            core, unit = trimmed, _unit(trimmed)
    return Volume(
        unit=unit,
        steps=_steps(core, unit),
        before=_sum([day for day in days if day[0] < core[0][0]]),
        behind=_sum([day for day in days if day[0] > core[-1][0]]),
        undated=undated[0] if undated else None,
    )


_UNITS = ("day", "week", "month", "year")


def _unit(days: Sequence[Day]) -> str:
    first, last = days[0][0], days[-1][0]
    span = (last - first).days + 1
    if span <= bounds.STEPS:
        return "day"
    if span / 7 + 1 <= bounds.STEPS:
        return "week"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return "month" if months <= bounds.STEPS else "year"


def _without_edges(days: Sequence[Day]) -> list[Day]:
    allowed = bounds.EDGE_RATIO * sum(n for _, n, _ in days)
    low, left = 0, allowed
    while low < len(days) and days[low][1] <= left:
        left -= days[low][1]
        low += 1
    high, left = len(days), allowed
    while high > low and days[high - 1][1] <= left:
        left -= days[high - 1][1]
        high -= 1
    return list(days[low:high])


def _begin(day: date, unit: str) -> date:
    if unit == "week":
        # 0001-01-01 is a Monday: no week begins before there are dates.
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _next(day: date, unit: str) -> date:
    """The next step's first day; of the last there is, the last day."""
    length = {"day": 1, "week": 7, "month": 31, "year": 366}[unit]
    if date.max - day < timedelta(days=length):
        return date.max
    return _begin(day + timedelta(days=length), unit)


def _edges(first: date, last: date, unit: str) -> Iterator[date]:
    edge = _begin(first, unit)
    while edge <= last and edge < date.max:
        yield edge
        edge = _next(edge, unit)
    yield edge


def _steps(days: Sequence[Day], unit: str) -> list[Step]:
    totals: dict[date, tuple[int, int]] = {}
    for day, count, own in days:
        begins = _begin(day, unit)
        held = totals.get(begins, (0, 0))
        totals[begins] = (held[0] + count, held[1] + own)
    edges = _edges(days[0][0], days[-1][0], unit)
    return [Step(low, high, *totals.get(low, (0, 0))) for low, high in pairwise(edges)]


def _sum(days: Sequence[Day]) -> Step | None:
    if not days:
        return None
    first, last = days[0][0], days[-1][0]
    return Step(first, last, sum(n for _, n, _ in days), sum(own for _, _, own in days))
