"""Backfilling from WARC files: our own captures, files given by their paths.

Each file is a unit; the place reached in it is the byte at which the next record begins. Records of
other sites than those asked for, of other days, and those that hold no page are passed by and
counted; everything else is an entry.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

from flows.archive import LOCAL_SOURCE, FileReading, find_files, open_regular, utc_instant
from flows.archive.own_records import page_context
from flows.archive.warc import Gap, Record, capture_of, is_page, records, target_of
from flows.backfill.origins import Origin, origin_of
from flows.backfill.units import Course, Courses, Unit
from flows.readings import Entry, Finished, Found, Step, with_defaults
from flows.settings import Settings
from flows.sources.places import defaults_of
from flows.web.capture import FOLDER
from transforms.archives.days import DayRange
from transforms.identity import hashed_id
from transforms.records import Location, Page, Reason, Rejection, SourceDefaults
from warehouse import lookup
from warehouse.connection import writer

PASSED_AT_A_TIME = 64 << 20
"""Bytes of a file that may be passed by before the place reached is written down."""


_TORN = frozenset({Reason.TRUNCATED, Reason.INVALID_RECORD})
_NO_PAGE = frozenset({Reason.UNSUPPORTED_TYPE, Reason.HTTP_STATUS})
"""Feeds, sitemaps and errors, which lie among our captures."""

Keep = Callable[[Record], Location]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records of a file are asked for: of these days, and of these sources (none: of all).

    `left_out` are addresses that are no articles: those of feeds and other sources themselves.
    """

    days: DayRange
    origins: Sequence[Origin]
    left_out: frozenset[str] = frozenset()

    def has(self, headers: dict[str, str]) -> bool:
        """Whether a record with these headers is asked for; one that does not say so may be."""
        context = page_context(headers)
        captured_at = context.captured_at or utc_instant(headers.get("warc-date"))
        if captured_at is not None and not self.days.may_hold(captured_at):
            return False
        url = context.url or target_of(headers)
        if url in self.left_out:
            return False
        return not self.origins or origin_of(url, self.origins) is not None


def source_of(origins: Sequence[Origin]) -> str:
    """The source a file is read for: the one asked for, or the one that stands for local files."""
    return origins[0].source_id if len(origins) == 1 else hashed_id("source", LOCAL_SOURCE)


def given_units(paths: Iterable[str], origins: Sequence[Origin]) -> Iterator[tuple[Unit, Path]]:
    """The WARC files at these paths and in these folders, each with its digest."""
    for reading in find_files(paths):
        if reading.kind == "warc":
            yield _unit(reading, origins, (reading.url, reading.sha256 or "")), reading.path


def landed_units(
    settings: Settings, days: DayRange, origins: Sequence[Origin]
) -> Iterator[tuple[Unit, Path]]:
    """Our own capture files, those of the range's first day and of all later days.

    A file is named after the day on which it was written, and what it holds may have been captured
    long before, when it came from an archive.
    """
    root = settings.home / FOLDER
    folders = sorted(root.iterdir()) if root.is_dir() else []
    for folder in folders:
        day = _folder_day(folder)
        if day is None or day < days.first:
            continue
        for path in sorted(folder.glob("*.warc.gz")):
            status = path.stat()
            at = datetime.fromtimestamp(status.st_mtime, UTC)
            # It only ever grows, so its name is enough; the place reached says what is new.
            key = (path.relative_to(settings.home).as_posix(),)
            unit = Unit(
                key,
                path.as_uri(),
                "warc",
                source_of(origins),
                at,
                byte_count=status.st_size,
                is_growing=True,
            )
            yield unit, path


def file_steps(
    settings: Settings,
    courses: Courses,
    wanted: Selection,
    course: Course,
    path: Path,
    *,
    own: bool,
) -> Iterator[Step]:
    """The entries of a file from the place reached in it, and its end.

    Args:
        settings: Where the data is.
        courses: The units of the run.
        wanted: What is asked for.
        course: How far the file has come.
        path: The file.
        own: Whether it is one of our captures, whose places are in `raw.pages` where they were
            loaded; these are passed by.
    """
    name = path.relative_to(settings.home).as_posix() if own else str(path)
    held = held_places(settings, name) if own else None
    try:
        with open_regular(path) as file:
            usual = None if own else defaults_of(settings, path)
            yield from record_steps(courses, wanted, course, file, name, held, defaults=usual)
    except OSError as error:
        detail = f"{path.name!r} cannot be read: {error}"
        rejection = Rejection(course.unit.url, Reason.UNREADABLE, detail)
        yield given(course, course.unit.url, rejection, course.byte_offset)
        yield Finished(course.reading, course.position, Reason.UNREADABLE)


def record_steps(
    courses: Courses,
    wanted: Selection,
    course: Course,
    file: BufferedReader[Any],
    name: str,
    held: frozenset[int] | None = None,
    keep: Keep | None = None,
    defaults: SourceDefaults | None = None,
) -> Iterator[Step]:
    """The entries of an open WARC from the place reached in it, and its end.

    `held` are the places of captures that are loaded, for a file of our own; None for others. `keep`
    copies a record to our own captures, for a file that is not on this machine. `defaults` is what
    the source the file lies in says of all its articles.

    Raises:
        OSError: It cannot be read further.
    """
    own, held = held is not None, held or frozenset()
    advanced_at = course.byte_offset
    for found, next_at in _with_next(records(file, course.byte_offset), file):
        if isinstance(found, Record) and _is_passed(found, wanted, held):
            course.passed += 1
            course.byte_offset = next_at
            if next_at - advanced_at > PASSED_AT_A_TIME:
                advanced_at = next_at
                courses.advance(course)
            continue
        url, capture = capture_of(found, name=name, url=course.unit.url)
        if own and isinstance(capture, Rejection):
            if capture.reason in _TORN and next_at == _size(file):
                break  # it is being written, or was torn by a kill: the next writer repairs it
            if capture.reason in _NO_PAGE:
                course.passed += 1
                course.byte_offset = next_at
                continue
        if keep is not None and isinstance(found, Record) and isinstance(capture, Page):
            capture = replace(capture, location=keep(found))
        if isinstance(capture, Page):
            capture = with_defaults(capture, defaults)
        yield given(course, url, capture, next_at)
    yield Finished(course.reading, course.position)


def _with_next(
    found: Iterator[Record | Gap], file: BufferedReader[Any]
) -> Iterator[tuple[Record | Gap, int]]:
    """Each record with the byte at which the next one begins, behind damage too."""
    before = next(found, None)
    while before is not None:
        following = next(found, None)
        yield before, _size(file) if following is None else following.offset
        before = following


def _size(file: BufferedReader[Any]) -> int:
    return file.seek(0, os.SEEK_END)


def given(course: Course, url: str, capture: Page | Rejection, byte_offset: int) -> Found:
    """The next entry of a unit; the next record begins at this byte."""
    entry = Entry(course.position, url, capture)
    course.mark(byte_offset)
    return Found(course.reading, entry)


def held_places(settings: Settings, name: str) -> frozenset[int]:
    """Where in this file the captures lie that are in `raw.pages`."""
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        return frozenset(
            int(str(row["warc_offset"])) for row in lookup.rows(con, "held_places", file=name)
        )


def _is_passed(record: Record, wanted: Selection, held: frozenset[int]) -> bool:
    if record.missing:
        return False  # what is damaged is told, whatever it was
    if not is_page(record.headers) or record.offset in held:
        return True
    return not wanted.has(record.headers)


def _unit(reading: FileReading, origins: Sequence[Origin], key: tuple[str, ...]) -> Unit:
    return Unit(
        key,
        reading.url,
        "warc",
        source_of(origins),
        reading.fetched_at,
        reading.sha256,
        byte_count=reading.size,
    )


def _folder_day(folder: Path) -> date | None:
    try:
        return date.fromisoformat(folder.name)
    except ValueError:
        return None
