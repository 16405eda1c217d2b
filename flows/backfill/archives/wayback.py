"""Backfilling from a Wayback Machine: the captures its index lists for a site and a day.

A day of a site is a unit. Of each address the day's first capture is taken, as it was received, and
put on disk here before it is extracted. When it was captured is the archive's word; when it was
published is the page's.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from flows.backfill.archives.downloads import Downloads
from flows.backfill.archives.pages import landed_steps, ledger_id_of
from flows.backfill.origins import Origin
from flows.backfill.units import Course, Courses, Unit
from flows.errors import ArchiveFailed
from flows.polling.landing import landed
from flows.readings import Entry, Finished, Step, Wanted, declared_values, with_defaults
from flows.runs import utc_now
from flows.settings import Settings
from flows.web.capture import Unwritten
from flows.web.outcomes import Fetched, FetchRequest
from flows.web.session import Web, WebSession
from flows.web.visits import visit_hosts
from transforms.archives.cdx import CdxCapture, cdx_query, parse_cdx, replay_url, replayed
from transforms.archives.days import DayRange
from transforms.records import Declared, Page, Reason, Rejection
from transforms.urls import url_key
from warehouse import lookup
from warehouse.connection import writer

_INDEX_LAG = timedelta(days=3)
"""How long a capture may take to appear in the index; what is listed of older days is settled."""

_MAX_PAGES = 1000
"""Answers of the index for one day of one site; each has some three thousand captures."""


@dataclass(slots=True)
class Wayback:
    """Asks a Wayback Machine.

    Args:
        settings: Where it is, and limits.
        downloads: What asks its index.
        session: Where captures are fetched.
        malformed: How many rows of its index could not be read.
    """

    settings: Settings
    downloads: Downloads
    session: WebSession
    malformed: int = 0
    _wanted: dict[str, CdxCapture] = field(default_factory=dict)

    def listed(self, origin: Origin, day: date) -> list[CdxCapture]:
        """The first capture of each address of a site on a day, in order of address.

        Raises:
            ArchiveFailed: The index does not answer, or not as it should.
        """
        first: dict[str, CdxCapture] = {}
        resume_key: str | None = None
        for _ in range(_MAX_PAGES):
            url = cdx_query(
                self.settings.wayback_url, _site(origin), day, day, resume_key=resume_key
            )
            text = self.downloads.text_of(url)
            answer = parse_cdx(text or "")
            if answer is None:
                raise ArchiveFailed(f"{url} answered what is no index. Run this again later.")
            self.malformed += len(answer.malformed)
            for capture in answer.captures:
                key = url_key(capture.url)
                held = first.get(key)
                if capture.captured_at.date() == day and (
                    held is None or capture.captured_at < held.captured_at
                ):
                    first[key] = capture
            if answer.resume_key is None or answer.resume_key == resume_key:
                break
            resume_key = answer.resume_key
        return sorted(first.values(), key=lambda capture: (url_key(capture.url), capture.url))

    def left(self, captures: Sequence[CdxCapture], fetch_id: str) -> list[CdxCapture]:
        """Those of these captures that are not held, nor were seen by this fetch before."""
        urls = [capture.url for capture in captures]
        with writer(self.settings.home, wait_s=self.settings.lock_wait_s) as con:
            rows = lookup.by_ids(con, "held_captures", urls)
            seen = {
                str(row["ledger_id"]) for row in lookup.rows(con, "fetch_entries", fetch=fetch_id)
            }
        held = {(row["url"], row["fetched_at"]) for row in rows}
        return [
            capture
            for capture in captures
            if (capture.url, capture.captured_at) not in held
            and ledger_id_of(capture.url) not in seen
        ]

    def wanted(self, origin: Origin, course: Course, capture: CdxCapture) -> Wanted:
        """A capture as a page to fetch."""
        address = replay_url(self.settings.wayback_url, capture)
        self._wanted[address] = capture
        return Wanted(
            capture.url,
            origin.source_id,
            course.reading.fetch_id,
            0,
            fetch_url=address,
            declared=Declared(source=origin.source.defaults),
        )

    async def land_all(self, web: Web, pages: Sequence[Wanted]) -> AsyncIterator[Entry]:
        """Fetch captures, one after the other, and put them on disk."""
        async for entry in visit_hosts(
            web,
            pages,
            url=lambda each: each.fetch_url or each.url,
            ask=lambda each: self._land(web, each),
        ):
            yield entry

    async def _land(self, web: Web, wanted: Wanted) -> Entry:
        address = wanted.fetch_url or wanted.url
        capture = self._wanted.pop(address)
        # The archive's index and captures are there for programs to ask; its host's turn is kept.
        outcome = await web.fetcher.fetch(FetchRequest(address, obeys_robots=False))
        if not isinstance(outcome, Fetched):
            return await landed(web, wanted, outcome)
        return await landed_as_is(web, wanted, outcome, capture)


async def landed_as_is(web: Web, wanted: Wanted, fetched: Fetched, capture: CdxCapture) -> Entry:
    """What an archive's copy of a page is here: the page, as of the time of the archive's capture."""
    at = capture.captured_at
    if fetched.redirects:
        # It has no copy of this very moment and led to the next best one, or to another page.
        found = replayed(fetched.final_url)
        if found is None or url_key(found[0]) != url_key(wanted.url):
            detail = (
                f"The archive has no copy of {capture.timestamp}; it led to {fetched.final_url}."
            )
            return Entry(0, wanted.url, Rejection(wanted.url, Reason.NOT_FOUND, detail))
        at = found[1]
    known = {
        "url": wanted.url,
        "captured_at": at.isoformat(),
        "declared": dict(declared_values(wanted.declared)),
    }
    context = json.dumps({key: value for key, value in known.items() if value}, ensure_ascii=True)
    stored = await web.capture(Unwritten(fetched, context=context))
    page = Page(
        url=wanted.url,
        payload=fetched.payload,
        content_type=fetched.content_type,
        fetched_at=at,
        location=stored.location,
        status_code=fetched.status,
        declared=wanted.declared,
    )
    return Entry(0, wanted.url, with_defaults(page, None))


def wayback_units(
    settings: Settings, days: DayRange, origin: Origin, *, today: date
) -> Iterator[tuple[Unit, date]]:
    """The days of a site on which pages of the range may have been captured."""
    for day in days.capture_days():
        if day > today:
            return
        url = cdx_query(settings.wayback_url, _site(origin), day, day)
        yield (
            Unit(
                (_site(origin), day.isoformat()),
                url,
                "index",
                origin.source_id,
                utc_now(),
                may_change=day >= today - _INDEX_LAG,
            ),
            day,
        )


def wayback_steps(
    wayback: Wayback, courses: Courses, origin: Origin, days: DayRange, *, today: date
) -> Iterator[Step]:
    """The entries of a site's captures, day by day.

    Raises:
        ArchiveFailed: The index does not answer; the days before are done.
        OSError: A capture could not be written.
    """
    for unit, day in wayback_units(wayback.settings, days, origin, today=today):
        [course] = courses.look([unit])
        if course.is_done:
            continue
        listed = wayback.listed(origin, day)
        left = wayback.left(listed, course.reading.fetch_id)
        course.unchanged = len(listed) - len(left)
        courses.begin(course)
        pages = [wayback.wanted(origin, course, capture) for capture in left]
        yield from landed_steps(wayback.session, course, pages, wayback.land_all, is_live=False)
        yield Finished(course.reading, course.position)


def _site(origin: Origin) -> str:
    """What the index is asked for: the host of a source, whose subdomains count."""
    return (urlsplit(origin.url).hostname or origin.url).removeprefix("www.")
