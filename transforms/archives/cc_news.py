"""Common Crawl's news archive: which files it lists, and when each was begun.

There is no index of its pages, only a list of files for each month: `warc.paths.gz`, a path a line,
relative to the archive's address. A file holds some thirty thousand pages of all publishers, in the
order in which they were captured; its name says when it was begun.
https://commoncrawl.org/blog/news-dataset-available
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FIRST_MONTH = date(2016, 8, 1)
"""There are no files before."""

_PATH = re.compile(
    r"crawl-data/CC-NEWS/(\d{4})/(\d{2})/CC-NEWS-(\d{14})-(\d{5})\.warc\.gz", re.ASCII
)
_LONGEST = timedelta(days=1)
"""A file is closed at a gigabyte, or after a day."""


@dataclass(frozen=True, slots=True)
class NewsFile:
    """A file of the archive: its path below the archive's address, and when it was begun, in UTC."""

    path: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class NewsListing:
    """The files of a month in order of time, and the lines of the list that name none."""

    files: tuple[NewsFile, ...]
    malformed: tuple[str, ...]


def listing_path(month: date) -> str:
    """The path of the list of a month's files, below the archive's address."""
    return f"crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz"


def months(first: date, last: date) -> list[date]:
    """The first days of the months that these days touch, as far as there are files."""
    month = max(first, FIRST_MONTH).replace(day=1)
    found = []
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def parse_listing(text: str) -> NewsListing:
    """Read the list of a month's files, unpacked. A line that names no file is told and left out."""
    files: dict[str, NewsFile] = {}
    malformed = []
    for line in text.splitlines():
        name = line.strip()
        found = _PATH.fullmatch(name)
        begun_at = None if found is None else _instant(found[3])
        if begun_at is not None:
            files[name] = NewsFile(name, begun_at)
        elif name:
            malformed.append(name[:200])
    ordered = sorted(files.values(), key=lambda file: (file.begun_at, file.path))
    return NewsListing(tuple(ordered), tuple(malformed))


def files_between(files: Iterable[NewsFile], first: date, last: date) -> Sequence[NewsFile]:
    """Those that may hold pages captured from one day to another, both included, in order of time.

    These are the files begun on these days and, as files are filled one after the other, the last
    one that was begun before, unless it was closed by then.
    """
    ordered = sorted(files, key=lambda file: (file.begun_at, file.path))
    before = [file for file in ordered if file.begun_at.date() < first][-1:]
    within = [file for file in ordered if first <= file.begun_at.date() <= last]
    return [file for file in before if (file.begun_at + _LONGEST).date() >= first] + within


def _instant(timestamp: str) -> datetime | None:
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
