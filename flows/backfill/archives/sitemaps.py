"""Backfilling from the sitemaps of sources: the pages they name for a range of days, fetched now.

    robots.txt, the source itself -> indexes -> sitemaps -> pages
                                     (by the dates in names and by lastmod)

A sitemap that lists pages is a unit; indexes are read every time. Pages that are held are not
fetched again. Robots rules, turns and pauses are those of every other fetch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urljoin

from flows.backfill.archives.pages import landed_steps, unsettled
from flows.backfill.origins import Origin
from flows.backfill.units import Course, Courses, Unit
from flows.polling.announced import announcements
from flows.polling.landing import land
from flows.polling.parsing import Announced, Parser
from flows.readings import Finished, Step, Wanted
from flows.runs import utc_now
from flows.settings import Settings
from flows.web.capture import Unwritten
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.session import Web, WebSession
from transforms.archives.days import DayRange
from transforms.archives.sitemap_days import in_range, sitemap_span, sitemaps_in_robots
from transforms.records import Reason, Rejection
from transforms.sitemaps import MAX_ENTRIES, Sitemap
from transforms.urls import same_site

MAX_SITEMAPS = 5000
"""How many sitemaps of a source are looked at in one run; a large archive has one for each day."""

_DEEPEST = 3
_USUAL = ("/sitemap.xml", "/sitemap_index.xml")


@dataclass(slots=True)
class Sitemaps:
    """Reads the sitemaps of sources.

    Args:
        settings: Limits.
        session: Where requests are made.
        parser: Workers that read what comes.
        days: The range that is looked for.
        keeps: Whether what is fetched is put on disk; a dry run writes nothing.
        requests: How many were made.
        failures: A sentence for each sitemap that could not be read.
    """

    settings: Settings
    session: WebSession
    parser: Parser
    days: DayRange
    keeps: bool = True
    requests: int = 0
    failures: list[str] = field(default_factory=list)

    def first(self, origin: Origin, given: Sequence[str]) -> list[tuple[str, bool]]:
        """The sitemaps to begin with, each with whether it is only tried: it need not exist.

        They are those given; else the source itself and those its site names, else the usual places.
        """
        if given:
            return [(url, False) for url in given]
        own = [origin.url] if origin.kind == "sitemap" else []
        named = [*own, *self._named(origin)]
        if named:
            return [(url, False) for url in dict.fromkeys(named)]
        return [(urljoin(origin.url, path), True) for path in _USUAL]

    def read(self, url: str, *, is_tried: bool = False) -> Sitemap | None:
        """A sitemap; None where it cannot be read, which is told in `failures`."""
        outcome = self.session.run(lambda web: self._fetched(web, url))
        self.requests += 1
        if isinstance(outcome, FetchFailure):
            if not (is_tried and outcome.reason in {Reason.NOT_FOUND, Reason.GONE}):
                self.failures.append(f"{url}: {outcome.detail}")
            return None
        future = self.parser.submit(
            "sitemap", outcome.payload, outcome.content_type, outcome.final_url, MAX_ENTRIES
        )
        parsed = self.parser.outcome(url, future)
        if isinstance(parsed, Announced) and isinstance(parsed.said, Sitemap):
            return parsed.said
        if isinstance(parsed, Rejection) and not is_tried:
            self.failures.append(f"{url}: {parsed.detail}")
        return None

    def children(self, index: Sitemap, url: str) -> list[str]:
        """The sitemaps of an index that may have pages of the range; those of other sites are left."""
        return [
            entry.url
            for entry in index.entries
            if entry.url and same_site(entry.url, url) and sitemap_span(entry).meets(self.days)
        ]

    def _named(self, origin: Origin) -> list[str]:
        request = FetchRequest(urljoin(origin.url, "/robots.txt"), obeys_robots=False)
        outcome = self.session.run(lambda web: web.fetcher.fetch(request))
        self.requests += 1
        if isinstance(outcome, FetchFailure):
            return []
        return list(sitemaps_in_robots(outcome.payload.decode("utf-8", "replace")))

    async def _fetched(self, web: Web, url: str) -> Fetched | FetchFailure:
        outcome = await web.fetcher.fetch(FetchRequest(url, obeys_robots=False))
        if self.keeps and isinstance(outcome, Fetched):
            await web.capture(Unwritten(outcome))
        return outcome


def sitemap_steps(
    sitemaps: Sitemaps, courses: Courses, origin: Origin, given: Sequence[str], *, force: bool
) -> Iterator[Step]:
    """The entries of a source's sitemaps for the range, sitemap by sitemap.

    What cannot be read is told in `sitemaps.failures`, and the others are read.

    Raises:
        OSError: A capture could not be written.
    """
    for course, left in leaves(sitemaps, courses, origin, given, force=force):
        courses.begin(course)
        yield from landed_steps(sitemaps.session, course, left, land, is_live=True)
        yield Finished(course.reading, course.position)


def leaves(
    sitemaps: Sitemaps, courses: Courses, origin: Origin, given: Sequence[str], *, force: bool
) -> Iterator[tuple[Course, list[Wanted]]]:
    """The sitemaps that list pages and are not done, with what is to be fetched of each."""
    waiting = [(url, is_tried, 0) for url, is_tried in sitemaps.first(origin, given)]
    met: set[str] = set()
    while waiting and len(met) < MAX_SITEMAPS:
        url, is_tried, depth = waiting.pop(0)
        if url in met:
            continue
        met.add(url)
        [course] = courses.look([_unit(sitemaps, origin, url)])
        if course.is_done:
            continue
        sitemap = sitemaps.read(url, is_tried=is_tried)
        if sitemap is None:
            continue
        if sitemap.kind == "index":
            if depth < _DEEPEST:
                named = sitemaps.children(sitemap, url)
                waiting[:0] = [(child, False, depth + 1) for child in named]
            continue
        entries = in_range(sitemap.entries, sitemaps.days)
        course.passed += len(sitemap.entries) - len(entries)
        said = Announced(replace(sitemap, entries=tuple(entries)), "")
        found = announcements(said.said, origin.source, course.reading.fetch_id)
        sought = [each.wanted for each in found if each.wanted is not None]
        left = unsettled(sitemaps.settings, sought, fetch_id=course.reading.fetch_id, force=force)
        course.unchanged = len(sought) - len(left)
        yield course, left


def _unit(sitemaps: Sitemaps, origin: Origin, url: str) -> Unit:
    now = utc_now()
    # What is published on its days may still be added to it.
    may_change = sitemaps.days.until >= (now - timedelta(days=1)).date()
    return Unit((url,), url, "sitemap", origin.source_id, now, may_change=may_change)
