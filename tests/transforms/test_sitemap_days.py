"""What dates in sitemaps, names and addresses leave possible."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.archives.days import DayRange
from transforms.archives.sitemap_days import (
    Span,
    entry_span,
    in_range,
    sitemap_span,
    sitemaps_in_robots,
    span_of_date,
    span_of_name,
)
from transforms.sitemaps import SitemapEntry

MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


def one(year: int, month: int, day: int) -> Span:
    """A single day."""
    return Span(date(year, month, day), date(year, month, day))


@pytest.mark.parametrize(
    ("url", "span"),
    [
        ("https://a.example/sitemap-2026-03.xml", MARCH),
        ("https://a.example/sitemaps/2026/03/14.xml", one(2026, 3, 14)),
        ("https://a.example/sitemap_202603.xml.gz", MARCH),
        ("https://a.example/sitemap-20260314.xml", one(2026, 3, 14)),
        ("https://a.example/sitemap.xml?yyyy=2026&mm=03&dd=14", one(2026, 3, 14)),
        ("https://a.example/sitemap.xml?year=2026&month=3", MARCH),
        ("https://a.example/sitemap-2026.xml", Span(date(2026, 1, 1), date(2026, 12, 31))),
        ("https://a.example/sitemap-news.xml", None),
        ("https://a.example/sitemap-12026033.xml", None),
        ("https://a.example/2026-02-31.xml", Span(date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_a_sitemap_is_named_after_its_days(url: str, span: Span | None) -> None:
    """With or without separators, in the path or in the query."""
    assert span_of_name(url, is_sitemap=True) == span


def test_an_article_is_dated_by_a_path_and_not_by_a_number() -> None:
    """Numbers of articles look like months."""
    assert span_of_name("https://a.example/2026/03/14/x", is_sitemap=False) == one(2026, 3, 14)
    assert span_of_name("https://a.example/x-202603", is_sitemap=False) is None
    assert span_of_name("https://[broken/2026/03/14", is_sitemap=False) is None


@pytest.mark.parametrize(
    ("raw", "span"),
    [
        ("2026-03-14T08:00:00+01:00", one(2026, 3, 14)),
        ("2026-03", MARCH),
        ("2026", Span(date(2026, 1, 1), date(2026, 12, 31))),
        ("2026-13-01", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_w3c_date_is_as_exact_as_it_is(raw: str | None, span: Span | None) -> None:
    """A day, a month, a year."""
    assert span_of_date(raw) == span


def test_lastmod_only_says_that_it_was_not_later() -> None:
    """A page changed in March may be of any day before."""
    changed = SitemapEntry(0, "https://a.example/x", lastmod_raw="2026-03-14")

    assert entry_span(changed) == sitemap_span(changed) == Span(None, date(2026, 3, 14))
    assert entry_span(SitemapEntry(0, "https://a.example/x")) == Span()


def test_entries_are_chosen_by_what_is_surest() -> None:
    """News date, then the date in the address, then lastmod; without any it must be looked at."""
    days = DayRange(date(2026, 3, 14), date(2026, 3, 15))
    entries = [
        SitemapEntry(0, "https://a.example/0", "2026-03-14", published_raw="2026-03-10"),
        SitemapEntry(1, "https://a.example/1", "2026-03-10", published_raw="2026-03-14T05:00Z"),
        SitemapEntry(2, "https://a.example/2026/02/02/x", "2026-03-20"),
        SitemapEntry(3, "https://a.example/2026/03/16/x", "2026-03-10"),  # a zone away
        SitemapEntry(4, "https://a.example/4", "2026-03-12"),
        SitemapEntry(5, "https://a.example/5"),
        SitemapEntry(6, None),
    ]

    assert [entry.position for entry in in_range(entries, days)] == [1, 3, 5]


def test_robots_names_sitemaps() -> None:
    """In any case, anywhere, each once."""
    text = "User-agent: *\nSITEMAP: https://a.example/1.xml\n sitemap:https://a.example/2.xml\r\n"

    assert sitemaps_in_robots(text + text) == ("https://a.example/1.xml", "https://a.example/2.xml")


@given(st.text(max_size=100), st.booleans())
def test_any_address_has_days_or_none(url: str, is_sitemap: bool) -> None:  # noqa: FBT001 - drawn
    """Never an exception."""
    span = span_of_name(url, is_sitemap=is_sitemap)

    assert span is None or span.first is None or span.last is None or span.first <= span.last
