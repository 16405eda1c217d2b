"""Searching the archives: which units a request has, and the entries each gives.

A unit or a source that cannot be read is told in a sentence, and the others are read; the next run
goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from flows.backfill.archives.downloads import Downloads
from flows.backfill.archives.news import news_steps, news_units
from flows.backfill.archives.sitemaps import Sitemaps, sitemap_steps
from flows.backfill.archives.warc_files import Selection, file_steps, given_units, landed_units
from flows.backfill.archives.wayback import Wayback, wayback_steps
from flows.backfill.origins import Origin
from flows.backfill.request import BackfillRequest
from flows.backfill.units import Courses, Unit
from flows.errors import ArchiveFailed
from flows.polling.parsing import Parser
from flows.polling.robots import read_robots, save_robots
from flows.readings import Step
from flows.runs import utc_now
from flows.settings import Settings
from flows.web.session import WebSession
from transforms.archives.days import DayRange
from warehouse import lookup
from warehouse.connection import transaction, writer


@dataclass
class Search:
    """One run's search of an archive; what it opens is closed with `stack`.

    `keeps` is false for a dry run, which puts nothing on disk. `problems` are sentences on what could
    not be read.
    """

    settings: Settings
    request: BackfillRequest
    days: DayRange
    origins: Sequence[Origin]
    courses: Courses
    stack: ExitStack
    today: date
    keeps: bool = True
    problems: list[str] = field(default_factory=list)

    def steps(self) -> Iterator[Step]:
        """The entries of all units of the request, and their ends."""
        if self.request.archive == "sitemap":
            return self._sitemap_steps()
        if self.request.archive == "wayback":
            return self._wayback_steps()
        if self.request.archive == "warc" and not self.request.paths:
            return self._news_steps()
        return self._file_steps()

    @cached_property
    def session(self) -> WebSession:
        """Where requests are made; what it learns of robots.txt is kept."""
        if not self.keeps:
            return self.stack.enter_context(WebSession(self.settings, {}))
        wait_s = self.settings.lock_wait_s
        with writer(self.settings.home, wait_s=wait_s) as con:
            robots = read_robots(con, utc_now())

        def save() -> None:
            with writer(self.settings.home, wait_s=wait_s) as con, transaction(con):
                save_robots(con, robots)

        self.stack.callback(save)
        return self.stack.enter_context(WebSession(self.settings, robots))

    @cached_property
    def downloads(self) -> Downloads:
        """What asks for listings and files."""
        return Downloads(self.settings, self.session)

    def sitemaps(self) -> Sitemaps:
        """What reads sitemaps."""
        parser = self.stack.enter_context(Parser(self.settings))
        return Sitemaps(
            self.settings,
            self.session,
            parser,
            self.days,
            keeps=self.keeps,
            failures=self.problems,
        )

    def files(self) -> Iterator[tuple[Unit, Path]]:
        """The WARC files on this machine that a request is about."""
        if self.request.archive == "landed":
            return landed_units(self.settings, self.days, self.origins)
        return given_units(self.request.paths, self.origins)

    def news(self) -> list[Unit]:
        """The files of the news archive; none where their lists cannot be had."""
        try:
            return list(
                news_units(self.settings, self.downloads, self.days, self.origins, today=self.today)
            )
        except ArchiveFailed as error:
            self.problems.append(str(error))
            return []

    def _file_steps(self) -> Iterator[Step]:
        own = self.request.archive == "landed"
        left_out = own_addresses(self.settings) if own else frozenset()
        wanted = Selection(self.days, self.origins, left_out)
        for unit, path in self.files():
            [course] = self.courses.look([unit])
            if not course.is_done:
                self.courses.begin(course)
                yield from file_steps(self.settings, self.courses, wanted, course, path, own=own)

    def _news_steps(self) -> Iterator[Step]:
        wanted = Selection(self.days, self.origins)
        try:
            units = list(
                news_units(self.settings, self.downloads, self.days, self.origins, today=self.today)
            )
        except ArchiveFailed as error:
            self.problems.append(str(error))
            return
        for course in self.courses.look(units):
            if course.is_done:
                continue
            self.courses.begin(course)
            try:
                yield from news_steps(self.downloads, self.session, self.courses, wanted, course)
            except ArchiveFailed as error:
                self.problems.append(str(error))

    def _sitemap_steps(self) -> Iterator[Step]:
        parser = self.stack.enter_context(Parser(self.settings))
        sitemaps = Sitemaps(self.settings, self.session, parser, self.days, failures=self.problems)
        for origin in self.origins:
            yield from sitemap_steps(
                sitemaps, self.courses, origin, self.request.paths, force=self.request.force
            )

    def _wayback_steps(self) -> Iterator[Step]:
        wayback = Wayback(self.settings, self.downloads, self.session)
        for origin in self.origins:
            try:
                yield from wayback_steps(wayback, self.courses, origin, self.days, today=self.today)
            except ArchiveFailed as error:
                self.problems.append(str(error))
        if wayback.malformed:
            self.problems.append(
                f"{wayback.malformed:,} rows of the archive's index could not be read."
            )


def day_range(settings: Settings, request: BackfillRequest) -> DayRange:
    """The range of a request, with the lag that goes with its archive.

    Files are read whole whatever they are, and so are sitemaps: nothing limits how late after its
    publication a page found there was captured.
    """
    searched_by_capture = request.archive == "wayback" or (
        request.archive == "warc" and not request.paths
    )
    lag_days = settings.capture_lag_days if searched_by_capture else None
    return DayRange(request.since, request.until, lag_days)


def own_addresses(settings: Settings) -> frozenset[str]:
    """The addresses of sources and sitemaps: captured with the pages, and no articles."""
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        return frozenset(str(row["url"]) for row in lookup.rows(con, "polled_addresses"))
