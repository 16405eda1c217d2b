"""Backfilling from Common Crawl's news archive: a month's list of files, each read in pieces.

There is no index of pages, so a file is read from its beginning to its end; of what it holds, the
records of the sources asked for are copied to our own captures, byte for byte, before they are
extracted. A file is a unit; the place reached in it is a byte, and the next run asks from there.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from datetime import date
from io import BufferedReader
from typing import Any

from flows.archive.gzip_members import MAGIC
from flows.archive.warc import Record
from flows.backfill.archives.downloads import Downloads, RemoteFile
from flows.backfill.archives.warc_files import Keep, Selection, record_steps, source_of
from flows.backfill.origins import Origin
from flows.backfill.units import Course, Courses, Unit
from flows.errors import ArchiveFailed
from flows.readings import Step
from flows.settings import Settings
from flows.web.capture import Unwritten
from flows.web.session import WebSession
from flows.web.warc_records import Copied
from transforms.archives.cc_news import NewsFile, files_between, listing_path, months, parse_listing
from transforms.archives.days import DayRange
from transforms.records import Location

_BUFFER = 64 << 10


def news_units(
    settings: Settings,
    downloads: Downloads,
    days: DayRange,
    origins: Sequence[Origin],
    *,
    today: date,
) -> Iterator[Unit]:
    """The files that may hold pages of these days, in order of time.

    Raises:
        ArchiveFailed: A list of files cannot be had.
    """
    base = settings.news_archive_url.rstrip("/")
    files: list[NewsFile] = []
    for month in months(days.first, min(days.last, today)):
        url = f"{base}/{listing_path(month)}"
        text = downloads.text_of(url)
        if text is None and month < today.replace(day=1):  # this month's may be yet to come
            raise ArchiveFailed(f"There is no {url}, the list of a month that is over.")
        files += parse_listing(text or "").files
    for file in files_between(files, days.first, days.last):
        url = f"{base}/{file.path}"
        yield Unit((file.path,), url, "warc", source_of(origins), file.begun_at)


def news_steps(
    downloads: Downloads, session: WebSession, courses: Courses, wanted: Selection, course: Course
) -> Iterator[Step]:
    """The entries of a file from the place reached in it, and its end.

    Raises:
        ArchiveFailed: The file cannot be had further; the place reached stays.
        OSError: A record cannot be put on disk.
    """
    remote = RemoteFile(downloads, course.unit.url)
    file = BufferedReader(remote, _BUFFER)
    yield from record_steps(
        courses, wanted, course, file, course.unit.url, keep=keeping(session, file)
    )


def keeping(session: WebSession, file: BufferedReader[Any]) -> Keep:
    """What copies a record of a file to our own captures and gives its place there."""

    def keep(record: Record) -> Location:
        file.seek(record.offset)
        member = file.read(record.length)
        if not member.startswith(MAGIC):  # of a file that is not packed; ours are
            member = gzip.compress(member, mtime=0)
        capture = session.run(lambda web: web.capture(Unwritten(Copied(member))))
        return capture.location

    return keep
