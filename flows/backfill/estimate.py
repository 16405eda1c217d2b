"""A dry run: the units a request has, and roughly what they cost. Nothing is written.

Archives are asked for their listings and indexes, which is what a backfill begins with too; no page
is fetched and no file of an archive is read.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows.backfill.archives.downloads import PIECE_BYTES
from flows.backfill.archives.sitemaps import leaves
from flows.backfill.archives.wayback import Wayback, wayback_units
from flows.backfill.plan import Plan
from flows.backfill.request import BackfillRequest, origins_of
from flows.backfill.search import Search, day_range
from flows.backfill.units import Courses
from flows.errors import ArchiveFailed
from flows.runs import utc_now
from flows.settings import Settings
from warehouse.connection import LIVE, writer
from warehouse.migrate import is_current, migrate

_NEWS_FILE_BYTES = 1 << 30
_NEWS_FILE_PAGES = 30_000
"""What a file of the news archive holds: it is closed at a gigabyte (docs/backfills.md)."""

_PAGE_BYTES = 100_000
"""A news page as it is sent, packed; seen to vary by a factor of ten."""

_PAGES_PER_S = 25.0
_BYTES_PER_S = 10e6
"""Extraction and loading on two cores, and an ordinary line: rough, and said to be."""


def estimate(settings: Settings, request: BackfillRequest, *, today: date) -> Plan:
    """What a checked request would do, and what it would cost."""
    plan = Plan()
    origins = origins_of(settings, request)
    days = day_range(settings, request)
    with ExitStack() as stack:
        read = _readable(settings, stack)
        courses = Courses(read, request, days, run_id="")
        search = Search(read, request, days, origins, courses, stack, today, keeps=False)
        search.problems = plan.problems
        if request.archive == "sitemap":
            _sitemaps(plan, search)
        elif request.archive == "wayback":
            _wayback(plan, search)
        elif request.archive == "warc" and not request.paths:
            _news(plan, search)
        else:
            _files(plan, replace_home(search, settings))
        plan.units_before = courses.done_before
    work_s = (plan.pages or 0) / _PAGES_PER_S + plan.byte_count / _BYTES_PER_S
    # Hosts are asked side by side where there are several; one archive is one host.
    plan.seconds = max(plan.requests * settings.host_spacing_s, work_s)
    return plan


def replace_home(search: Search, settings: Settings) -> Search:
    """The same search over the captures of the real data folder."""
    return replace(search, settings=settings)


def _files(plan: Plan, search: Search) -> None:
    for unit, path in search.files():
        [course] = search.courses.look([unit])
        if not course.is_done:
            size = (unit.byte_count or 0) - course.byte_offset
            plan.add(str(path), pages=None, byte_count=max(size, 0))
    plan.notes.append("How many pages a WARC file holds is known only when it is read.")


def _news(plan: Plan, search: Search) -> None:
    for course in search.courses.look(search.news()):
        if not course.is_done:
            size = max(_NEWS_FILE_BYTES - course.byte_offset, 0)
            requests = -(-size // PIECE_BYTES)
            plan.add(course.unit.url, pages=None, requests=requests, byte_count=size)
    plan.requests += search.downloads.requests
    plan.notes.append(
        f"A file has about a gigabyte and {_NEWS_FILE_PAGES:,} pages of all publishers; all of it "
        "is read, and those of the sources asked for are kept."
    )


def _sitemaps(plan: Plan, search: Search) -> None:
    sitemaps = search.sitemaps()
    force = search.request.force
    for origin in search.origins:
        for course, left in leaves(
            sitemaps, search.courses, origin, search.request.paths, force=force
        ):
            count = len(left)
            plan.add(course.unit.url, pages=count, requests=count, byte_count=count * _PAGE_BYTES)
    plan.requests += sitemaps.requests


def _wayback(plan: Plan, search: Search) -> None:
    wayback = Wayback(search.settings, search.downloads, search.session)
    for origin in search.origins:
        try:
            for unit, day in wayback_units(
                search.settings, search.days, origin, today=search.today
            ):
                [course] = search.courses.look([unit])
                if course.is_done:
                    continue
                left = wayback.left(wayback.listed(origin, day), course.reading.fetch_id)
                size = sum(capture.length or _PAGE_BYTES for capture in left)
                plan.add(unit.url, pages=len(left), requests=len(left), byte_count=size)
        except ArchiveFailed as error:
            plan.problems.append(str(error))
    plan.requests += search.downloads.requests


def _readable(settings: Settings, stack: ExitStack) -> Settings:
    """The settings with a warehouse that can be asked: the real one, else an empty one elsewhere."""
    if (settings.home / LIVE).exists():
        with writer(settings.home, wait_s=settings.lock_wait_s) as con:
            if is_current(con):
                return settings
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wirecopy-")))
    with writer(home) as con:
        migrate(con, utc_now())
    return replace(settings, home=home)
