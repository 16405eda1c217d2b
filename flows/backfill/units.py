"""The units of an archive, and how far each has come: what makes a backfill resumable.

A unit is a part of an archive that is read from its beginning to its end: a WARC file, a sitemap, a
day of an index. The place reached in it is a row of `ops.backfill_units`, written in the transaction
of the batch that holds its entries, so whatever was committed is never done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.backfill.request import BackfillRequest
from flows.batch import Batch, Loaded, Seen
from flows.readings import Postponed, WebReading
from flows.rows import Row, fetch_row
from flows.runs import utc_now
from flows.settings import Settings
from flows.walk import Load
from transforms.archives.days import DayRange, day_of
from transforms.identity import hashed_id
from transforms.records import Article, Page, Reason, Rejection
from warehouse import load as warehouse_load
from warehouse import lookup
from warehouse.connection import transaction, writer


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of an archive.

    Args:
        key: What makes it this unit and no other: its address, and the digest of what it holds where
            that is known beforehand.
        url: What is read.
        kind: `warc`, `sitemap` or `index`, for `ops.fetches`.
        source_id: The source it is read for.
        at: When it was made, as far as is known: a file's modification time.
        sha256: Digest of the whole, where it is known beforehand.
        byte_count: Its size, None where it is not known.
        page_count: Pages it holds, None where it is not known.
        is_growing: Whether what is there stays, and more may be added behind it.
        may_change: Whether it is to be read again though it was read to its end before.
    """

    key: tuple[str, ...]
    url: str
    kind: str
    source_id: str
    at: datetime
    sha256: str | None = None
    byte_count: int | None = None
    page_count: int | None = None
    is_growing: bool = False
    may_change: bool = False


@dataclass(slots=True)
class Course:
    """A unit under way: how far it has come in this attempt.

    `position` counts entries given to the walk, `committed` those that are in the tables; `places`
    holds, for each entry count, the byte at which to go on and the records passed by until there.
    """

    unit: Unit
    unit_id: str
    attempt: int
    position: int = 0
    committed: int = 0
    byte_offset: int = 0
    passed: int = 0
    unchanged: int = 0
    is_done: bool = False
    pending: int = 0
    places: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def reading(self) -> WebReading:
        """The attempt as a reading."""
        fetch_id = hashed_id("unit", self.unit_id, str(self.attempt))
        unit = self.unit
        return WebReading(fetch_id, unit.source_id, unit.url, unit.kind, unit.at, None, unit.sha256)

    def mark(self, byte_offset: int = 0) -> None:
        """An entry was given; the next record begins here."""
        self.position += 1
        self.byte_offset = byte_offset
        self.places[self.position] = (byte_offset, self.passed)


class Courses:
    """The units of one run: where each stands, and where it stands with each batch.

    Args:
        settings: Where the data is.
        request: What was asked for.
        days: The range, with the lag that goes with its archive.
        run_id: The run under way.
    """

    def __init__(
        self, settings: Settings, request: BackfillRequest, days: DayRange, run_id: str
    ) -> None:
        self._settings = settings
        self._request = request
        self._days = days
        self._run_id = run_id
        self._under_way: dict[str, Course] = {}
        self.finished = 0
        self.incomplete = 0
        self.done_before = 0

    @property
    def begun(self) -> int:
        """Units that were looked into in this run."""
        return len(self._under_way)

    @property
    def unchanged(self) -> int:
        """Entries of these units that were held already and are no entries again."""
        return sum(course.unchanged for course in self._under_way.values())

    @property
    def passed(self) -> int:
        """Records passed by, in earlier runs of these units too."""
        return sum(course.passed for course in self._under_way.values())

    def look(self, units: Iterable[Unit]) -> list[Course]:
        """Where these units stand; one that is done has nothing left to do unless it is forced."""
        courses = [Course(unit, self._unit_id(unit), 1) for unit in units]
        held = standing(self._settings, [course.unit_id for course in courses])
        for course in courses:
            row = held.get(course.unit_id)
            if row is not None:
                self._resume(course, row)
            self.done_before += course.is_done
        return courses

    def begin(self, course: Course) -> Course:
        """From here on this unit is under way."""
        self._under_way[course.reading.fetch_id] = course
        return course

    def loading(self, load: Load) -> Load:
        """`load`, which also decides what lies outside the range, and writes how far units came."""

        def load_with_units(settings: Settings, batch: Batch) -> Loaded:
            courses = [
                self._under_way[fetch_id]
                for fetch_id in batch.readings
                if fetch_id in self._under_way
            ]
            within = replace(batch, seen=tuple(map(self._within, batch.seen)))
            for seen in within.seen:
                course = seen.reading and self._under_way.get(seen.reading.fetch_id)
                if course and isinstance(seen.outcome, Postponed):
                    course.pending += 1
            rows = tuple(self._row(course, batch) for course in courses)
            loaded = load(settings, replace(within, units=rows))
            for course, row in zip(courses, rows, strict=True):
                course.committed = int(str(row["entry_count"]))
                for count in [n for n in course.places if n < course.committed]:
                    del course.places[count]
                self.finished += row["state"] == "done"
                self.incomplete += row["state"] == "incomplete"
            return loaded

        return load_with_units

    def advance(self, course: Course) -> None:
        """Nothing was asked for up to here; where all that was given is committed, so is this."""
        if course.position != course.committed:
            course.places[course.position] = (course.byte_offset, course.passed)
            return
        row = self._values(course, course.committed, "open", course.byte_offset, course.passed)
        reading = course.reading
        fetch = fetch_row(reading, self._run_id, course.committed, "reading", None)
        wait_s = self._settings.lock_wait_s
        with writer(self._settings.home, wait_s=wait_s) as con, transaction(con):
            warehouse_load.delete(con, "fetches", [reading.fetch_id])
            warehouse_load.append(con, "ops.fetches", [fetch])
            warehouse_load.replace_units(con, [row])

    def _unit_id(self, unit: Unit) -> str:
        request = self._request
        days = f"{request.since}/{request.until}/{self._days.lag_days}"
        return hashed_id("backfill", request.archive, days, *unit.key, *sorted(request.sources))

    def _resume(self, course: Course, row: lookup.Found) -> None:
        course.attempt = int(str(row["attempt_count"]))
        reached = int(str(row["byte_offset"]))
        has_grown = course.unit.is_growing and (course.unit.byte_count or 0) > reached
        is_done = row["state"] == "done" and not self._request.force and not course.unit.may_change
        if is_done and not has_grown:
            course.is_done = True
        elif row["state"] == "open" or is_done:
            course.position = course.committed = int(str(row["entry_count"]))
            course.byte_offset = reached
            course.passed = int(str(row["passed_count"]))
            course.pending = int(str(row["pending_count"]))
            course.places[course.position] = (course.byte_offset, course.passed)
        else:
            course.attempt += 1

    def _within(self, seen: Seen) -> Seen:
        """The same, or where it lies outside the range, left out with the reason."""
        page, article = seen.entry.capture, seen.outcome
        if not isinstance(article, Article) or not isinstance(page, Page):
            return seen
        published_at = article.published.at if article.published else None
        if self._days.holds(published_at, page.fetched_at):
            return seen
        day = day_of(published_at, page.fetched_at)
        how = "was published" if published_at is not None else "names no date and was captured"
        detail = (
            f"It {how} on {day} and captured on {page.fetched_at.date()}, outside the range "
            f"{self._days.since} to {self._days.until}."
        )
        left_out = Rejection(page.url, Reason.OUTSIDE_RANGE, detail)
        return replace(
            seen, entry=replace(seen.entry, url=page.url, capture=left_out), outcome=left_out
        )

    def _row(self, course: Course, batch: Batch) -> Row:
        fetch_id = course.reading.fetch_id
        count = batch.entries_seen[fetch_id]
        state = "open"
        byte_offset, passed = course.places.get(count, (0, 0))
        if fetch_id in batch.finished:
            failed = batch.finished[fetch_id] is not None or course.pending > 0
            state = "incomplete" if failed else "done"
            byte_offset, passed = course.byte_offset, course.passed
        return self._values(course, count, state, byte_offset, passed)

    def _values(self, course: Course, count: int, state: str, byte_offset: int, passed: int) -> Row:
        return {
            "unit_id": course.unit_id,
            "archive": self._request.archive,
            "url": course.unit.url,
            "source_id": course.unit.source_id,
            "since_on": self._request.since,
            "until_on": self._request.until,
            "state": state,
            "attempt_count": course.attempt,
            "fetch_id": course.reading.fetch_id,
            "entry_count": count,
            "passed_count": passed,
            "pending_count": course.pending,
            "byte_offset": byte_offset,
            "run_id": self._run_id,
            "changed_at": utc_now(),
        }


def standing(settings: Settings, unit_ids: Iterable[str]) -> Mapping[str, lookup.Found]:
    """The rows of these units, by id."""
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        return {str(row["unit_id"]): row for row in lookup.by_ids(con, "backfill_units", unit_ids)}
