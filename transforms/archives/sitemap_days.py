"""What the dates of a sitemap, its name and its addresses say of when something was published.

A sitemap's own dates are hints: `lastmod` is when a page last changed, which is no earlier than its
publication; the date in an address or in a sitemap's name is that of publication, to the day or the
month; `news:publication_date` is what it says. What these leave possible is a span of days; the
page itself decides, once it is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from transforms.archives.days import DayRange
from transforms.sitemaps import SitemapEntry

_DAY = timedelta(days=1)
_W3C = re.compile(r"\s*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_YEAR = r"(?<![0-9])((?:19|20)[0-9]{2})"
_PARTS = (
    # 2026/03/14, 2026-03-14, 2026_03_14; then without the day, then without separators
    re.compile(_YEAR + r"[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12][0-9]|3[01])(?![0-9])"),
    re.compile(_YEAR + r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9])"),
    re.compile(_YEAR + r"[/_-](0?[1-9]|1[0-2])(?![0-9])"),
)
_MONTH_RUN = re.compile(_YEAR + r"(0[1-9]|1[0-2])(?![0-9])")
_YEAR_ALONE = re.compile(_YEAR + r"(?![0-9])")
_QUERY = {
    "year": frozenset({"year", "yyyy", "y"}),
    "month": frozenset({"month", "mm", "m"}),
    "day": frozenset({"day", "dd", "d"}),
}
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are possible, both ends included; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def meets(self, days: DayRange) -> bool:
        """Whether one of these days may lie in the range, give or take a day for time zones."""
        too_late = self.first is not None and self.first > _moved(days.until, _DAY)
        too_early = self.last is not None and self.last < _moved(days.since, -_DAY)
        return not (too_late or too_early)


def entry_span(entry: SitemapEntry) -> Span:
    """When the page of an entry may have been published, by what the sitemap says of it."""
    said = span_of_date(entry.published_raw)
    if said is None and entry.url is not None:
        said = span_of_name(entry.url, is_sitemap=False)
    if said is not None:
        return said
    changed = span_of_date(entry.lastmod_raw)
    return Span(None, changed.last if changed else None)


def sitemap_span(entry: SitemapEntry) -> Span:
    """When the pages of a sitemap that an index names may have been published."""
    said = span_of_name(entry.url or "", is_sitemap=True)
    if said is not None:
        return said
    changed = span_of_date(entry.lastmod_raw)
    return Span(None, changed.last if changed else None)


def span_of_date(raw: str | None) -> Span | None:
    """The days a W3C date stands for: a day, a month or a year; None where it is none."""
    found = _W3C.match(raw or "")
    if found is None:
        return None
    month = int(found[2]) if found[2] else None
    return _span(int(found[1]), month, int(found[3]) if found[3] else None)


def span_of_name(url: str, *, is_sitemap: bool) -> Span | None:
    """The days the date in an address stands for; None where there is none.

    Of a sitemap's name a month or year written together counts too (`sitemap-202603.xml`): that of
    an article may as well be a number.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    from_query = _of_query(parts.query) if is_sitemap else None
    if from_query is not None:
        return from_query
    for pattern in (*_PARTS, *((_MONTH_RUN, _YEAR_ALONE) if is_sitemap else ())):
        found = pattern.search(parts.path)
        if found is not None:
            numbers = [int(each) for each in found.groups()]
            span = _span(*numbers, *([None] * (3 - len(numbers))))
            if span is not None:
                return span
    return None


def sitemaps_in_robots(text: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (sitemaps.org), each once."""
    return tuple(dict.fromkeys(_SITEMAP_LINE.findall(text)))


def in_range(entries: Iterable[SitemapEntry], days: DayRange) -> list[SitemapEntry]:
    """Those of these entries whose pages may have been published in the range."""
    return [entry for entry in entries if entry.url and entry_span(entry).meets(days)]


def _of_query(query: str) -> Span | None:
    values: dict[str, int] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        for part, names in _QUERY.items():
            if name.lower() in names and value.isascii() and value.isdecimal():
                values[part] = int(value[:6])
    if not 1900 <= values.get("year", 0) <= 2100:
        return None
    return _span(values["year"], values.get("month"), values.get("day"))


def _span(year: int, month: int | None, day: int | None) -> Span | None:
    try:
        if month is None:
            return Span(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            first = date(year, month, 1)
            return Span(first, (first + timedelta(days=31)).replace(day=1) - _DAY)
        return Span(date(year, month, day), date(year, month, day))
    except (ValueError, OverflowError):
        return None


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day
