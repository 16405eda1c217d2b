"""Listings of Common Crawl's news archive, and which files a range of days needs."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from transforms.archives.cc_news import (
    NewsFile,
    files_between,
    listing_path,
    months,
    parse_listing,
)

ROOT = "crawl-data/CC-NEWS/2026/03/CC-NEWS-"


def test_a_listing_names_files_and_when_they_were_begun() -> None:
    """In order of time; lines that name none are told."""
    text = (
        f"{ROOT}20260314235959-00012.warc.gz\n\n{ROOT}20260301000102-00001.warc.gz\r\n"
        f"{ROOT}20261399000000-00001.warc.gz\n../etc/passwd\nhttps://evil.example/x.warc.gz\n"
        f"{ROOT}20260301000102-00001.warc.gz\n"
    )

    listing = parse_listing(text)

    assert listing.files == (
        NewsFile(f"{ROOT}20260301000102-00001.warc.gz", datetime(2026, 3, 1, 0, 1, 2, tzinfo=UTC)),
        NewsFile(
            f"{ROOT}20260314235959-00012.warc.gz", datetime(2026, 3, 14, 23, 59, 59, tzinfo=UTC)
        ),
    )
    assert len(listing.malformed) == 3
    assert parse_listing("") == parse_listing("\n\n")


def test_the_months_of_a_range() -> None:
    """From the first there are files for."""
    assert months(date(2026, 1, 31), date(2026, 3, 1)) == [
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]
    assert months(date(2010, 1, 1), date(2016, 9, 1)) == [date(2016, 8, 1), date(2016, 9, 1)]
    assert months(date(2010, 1, 1), date(2011, 1, 1)) == []
    assert listing_path(date(2026, 3, 1)) == "crawl-data/CC-NEWS/2026/03/warc.paths.gz"


def begun(day: int, hour: int) -> NewsFile:
    """A file begun at an hour of March 2026."""
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    return NewsFile(f"{ROOT}{at:%Y%m%d%H%M%S}-00001.warc.gz", at)


def test_the_files_of_some_days_begin_with_the_one_still_open() -> None:
    """The last file of the day before goes on over midnight; one two days old was closed."""
    files = [begun(13, 1), begun(13, 22), begun(14, 3), begun(15, 3)]

    assert files_between(files, date(2026, 3, 14), date(2026, 3, 14)) == files[1:3]
    assert files_between(files[:1], date(2026, 3, 15), date(2026, 3, 16)) == []


@given(st.text(max_size=200))
def test_any_text_is_a_listing(text: str) -> None:
    """Never an exception; every file lies below the archive's address."""
    assert all(file.path.startswith("crawl-data/CC-NEWS/") for file in parse_listing(text).files)
