"""The publication time of an article: everything that is stated of it, and the one to believe.

Nothing a page states is thrown away: what is not used stays a candidate, with a flag that says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from transforms.records import DateCandidate, DateFlag, Precision, Published
from transforms.times.reading import MAX_RAW, read_date, read_first_date
from transforms.times.relative_days import read_relative_day

__all__ = ["SOURCE_ORDER", "choose", "chosen_date", "date_candidates", "is_plausible", "read_date"]

SOURCE_ORDER = (
    "declared",
    "json_ld",
    "meta",
    "entry",
    "meta_other",
    "time",
    "date_line",
    "htmldate",
    "declared_inferred",
    "date_line_inferred",
)
"""Where a time may come from, best first: the record, JSON-LD `datePublished`,
`article:published_time`, the feed's entry, other meta tags, a `<time>` element, a line of plain text, htmldate; last,
what the first or a line of text say relative to the capture ("yesterday", "3 hours ago")."""

MODIFIED_SOURCES = frozenset({"json_ld_modified", "meta_modified", "entry_modified"})
"""Times of a change: kept, and never taken for the publication."""

_INFERRED_SOURCES = frozenset({"declared", "date_line"})
_NEVER_CHOSEN = frozenset(
    {DateFlag.UNREADABLE, DateFlag.TOO_EARLY, DateFlag.FUTURE, DateFlag.MODIFIED}
)
_MAX_CANDIDATES = 40

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""No news page is older; earlier dates are template values such as 1970-01-01."""

AHEAD = timedelta(days=2)
"""How far beyond the capture a time may lie: embargoes and clocks in zones ahead of UTC."""


def is_plausible(at: datetime, reference: datetime) -> bool:
    """Whether news captured at `reference` can have been published at `at`."""
    return EARLIEST <= at <= reference + AHEAD


def date_candidates(
    stated: Iterable[tuple[str, str]], reference: datetime, zone: tzinfo | None = None
) -> tuple[DateCandidate, ...]:
    """Everything a page and its source state of when the article was published, best first.

    At most one is chosen, as by `choose`. A string that cannot be read as a time is read as a day
    relative to the capture where its source allows that, and is flagged where it is neither.

    Args:
        stated: (source, raw) pairs; sources are those of `SOURCE_ORDER` and `MODIFIED_SOURCES`.
        reference: when the page was taken.
        zone: the zone of times that state none; UTC where it is not given.
    """
    pairs = list(dict.fromkeys((source, raw[:MAX_RAW]) for source, raw in stated if raw.strip()))
    found = [_candidate(source, raw, reference, zone) for source, raw in pairs[:_MAX_CANDIDATES]]
    found.sort(key=lambda candidate: _rank(candidate.source))
    usable = {_published(c): c for c in reversed(found) if c.flag not in _NEVER_CHOSEN}
    best = choose(filter(None, reversed(usable)), reference)
    chosen = usable[best] if best is not None else None
    return tuple(replace(c, is_chosen=True) if c is chosen else c for c in found)


def chosen_date(candidates: Iterable[DateCandidate]) -> Published | None:
    """The publication time among candidates, None where none was chosen."""
    return next((_published(c) for c in candidates if c.is_chosen), None)


def _candidate(source: str, raw: str, reference: datetime, zone: tzinfo | None) -> DateCandidate:
    found = read_date(raw, source, zone)
    if found is None and source == "date_line":
        found = read_first_date(raw, source, zone)
    if found is not None:
        flag = _flag(found, reference, zone)
        return DateCandidate(
            source, raw, found.at, found.precision, found.offset_minutes, flag=flag
        )
    day = read_relative_day(raw, reference, zone) if source in _INFERRED_SOURCES else None
    if day is not None:
        inferred = f"{source}_inferred"
        return DateCandidate(inferred, raw, day, Precision.DAY, None, flag=DateFlag.INFERRED)
    return DateCandidate(source, raw, None, None, None, flag=DateFlag.UNREADABLE)


def _flag(found: Published, reference: datetime, zone: tzinfo | None) -> DateFlag | None:
    if found.source in MODIFIED_SOURCES:
        return DateFlag.MODIFIED
    if found.at < EARLIEST:
        return DateFlag.TOO_EARLY
    if found.at > reference + AHEAD:
        return DateFlag.FUTURE
    if found.at > reference:
        return DateFlag.AHEAD
    if found.offset_minutes is None and found.precision is not Precision.DAY:
        return DateFlag.NO_ZONE if zone is None else DateFlag.SOURCE_ZONE
    return None


def _published(candidate: DateCandidate) -> Published | None:
    if candidate.at is None or candidate.precision is None:
        return None
    return Published(
        candidate.at,
        candidate.precision,
        candidate.source,
        candidate.raw,
        candidate.offset_minutes,
    )


def _rank(source: str) -> int:
    return SOURCE_ORDER.index(source) if source in SOURCE_ORDER else len(SOURCE_ORDER)


def choose(candidates: Iterable[Published], reference: datetime) -> Published | None:
    """The publication time, by `SOURCE_ORDER`; None where no candidate is plausible.

    A day is replaced by a time that another candidate states for the same day, so that the first
    publisher of a text can be told; a declared value is never replaced.
    """
    ranked = sorted(
        (c for c in candidates if is_plausible(c.at, reference)),
        key=lambda c: _rank(c.source),
    )
    if not ranked:
        return None
    best = ranked[0]
    if best.precision is Precision.DAY and best.source != "declared":
        return next((c for c in ranked if _refines(c, best)), best)
    return best


def _refines(candidate: Published, day: Published) -> bool:
    if candidate.precision is Precision.DAY:
        return False
    local = candidate.at + timedelta(minutes=candidate.offset_minutes or 0)
    return local.date() == day.at.date()
