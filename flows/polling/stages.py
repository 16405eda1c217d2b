"""The stages of a round: addresses, sources, pages; each gives the walk what it has landed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace

from flows.polling.addresses import Address, LookedAt, look_at
from flows.polling.asking import Polled, ask_sources
from flows.polling.discovery import Poll, Recorded, record_polls
from flows.polling.landing import land
from flows.polling.parsing import Announcement, Parsed, Parser
from flows.polling.robots import KnownRobots, save_robots
from flows.polling.states import Standing, standing_of
from flows.readings import EarlierPage, Entry, Finished, Found, Step, Wanted, declared_of
from flows.runs import utc_now
from flows.settings import Settings
from flows.sources.tables import is_polled, put_sources, source_of
from flows.walk import Summary, Watch
from flows.web.outcomes import Fetched
from flows.web.session import Web, WebSession
from transforms.identity import hashed_id
from transforms.records import Declared, Location, SourceDefaults
from transforms.urls import url_key
from warehouse import lookup
from warehouse.connection import Connection, transaction, writer

_POLLS_AT_A_TIME = 50
_BYTES_AT_A_TIME = 32 << 20
_PAGES_AT_A_TIME = 500
_DEEPEST = 3
"""How many levels of sitemap indexes are followed in one round."""


class Round:
    """One round: what it has asked already, and for whom.

    Args:
        settings: Where the data is, and what a run may take.
        run_id: The run under way.
        session: The web.
        robots: What is known of robots.txt.
        summary: Counted into.
        watch: Called after each group of sources.
    """

    def __init__(
        self,
        settings: Settings,
        run_id: str,
        session: WebSession,
        robots: KnownRobots,
        summary: Summary,
        watch: Watch,
    ) -> None:
        self._settings = settings
        self._run_id = run_id
        self._session = session
        self._robots = robots
        self._summary = summary
        self._watch = watch
        self._asked: set[str] = set()

    def steps(self, slugs: frozenset[str], urls: tuple[str, ...]) -> Iterator[Step]:
        """Poll, then land what is new and what is due again, and give it to the walk.

        Args:
            slugs: Only these sources, due or not; with `urls` the sources of these addresses too.
            urls: Addresses to look at. With neither, all sources that are due.
        """
        only = {hashed_id("source", slug) for slug in slugs}
        is_restricted = bool(slugs or urls)
        with Parser(self._settings) as parser:
            if urls:
                only |= yield from self._addresses(parser, urls)
            for _ in range(_DEEPEST):
                due = self._due(only if is_restricted else None)
                if not due:
                    break
                self._asked.update(each.source.source_id for each in due)
                yield from self._pages_of(each for each in due if each.source.kind == "page")
                lists = [each for each in due if each.source.kind != "page"]
                self._poll(parser, self._session.stream(_asking(lists)))
        if is_restricted:  # the sitemaps of an index were found on the way
            only |= {each.source.source_id for each in self._standings(only)}
        yield from self._wanted_pages(only if is_restricted else None)

    def save_robots(self) -> None:
        """Store what was learnt of robots.txt."""
        if self._robots.unsaved:
            with self._writer() as con, transaction(con):
                save_robots(con, self._robots)

    def _writer(self) -> AbstractContextManager[Connection]:
        return writer(self._settings.home, wait_s=self._settings.lock_wait_s)

    def _standings(self, only: set[str] | None) -> list[Standing]:
        """The sources there are to ask, of these if any are given."""
        with self._writer() as con:
            held = map(source_of, lookup.rows(con, "sources_held"))
            sources = [source for source in held if is_polled(source) and source.url != "http:"]
            if only is None:
                sources = [source for source in sources if source.is_enabled]
            else:
                sources = [
                    source
                    for source in sources
                    if source.source_id in only or (source.parent_id in only and source.is_enabled)
                ]
            found = lookup.by_ids(con, "source_states", (each.source_id for each in sources))
        states = {str(row["source_id"]): row for row in found}
        return [standing_of(source, states.get(source.source_id)) for source in sources]

    def _due(self, only: set[str] | None) -> list[Standing]:
        now = utc_now()
        return [
            each
            for each in self._standings(only)
            if each.source.source_id not in self._asked and (only is not None or each.is_due(now))
        ]

    def _poll(self, parser: Parser, answers: Iterable[Polled]) -> None:
        """Parse what sources answered, and record it in groups."""
        group: list[tuple[Polled, Future[Parsed] | None]] = []
        size = 0
        for polled in answers:
            size += len(polled.outcome.payload) if isinstance(polled.outcome, Fetched) else 0
            group.append((polled.without_body(), self._parsing(parser, polled)))
            if len(group) >= _POLLS_AT_A_TIME or size >= _BYTES_AT_A_TIME:
                self._record(parser, group)
                group, size = [], 0
        if group:
            self._record(parser, group)

    def _parsing(self, parser: Parser, polled: Polled) -> Future[Parsed] | None:
        outcome, source = polled.outcome, polled.standing.source
        if not isinstance(outcome, Fetched) or outcome.is_unchanged or polled.is_same_body:
            return None
        kind: Announcement = "sitemap" if source.kind == "sitemap" else "feed"
        entry_count = source.max_entries or self._settings.feed_entries
        return parser.submit(
            kind, outcome.payload, outcome.content_type, outcome.final_url, entry_count
        )

    def _record(
        self, parser: Parser, group: Sequence[tuple[Polled, Future[Parsed] | None]]
    ) -> None:
        polls = [
            Poll(polled, parser.outcome(polled.outcome.url, future) if future else None)
            for polled, future in group
        ]
        with self._writer() as con, transaction(con):
            asked = (poll.polled.standing.source for poll in polls)
            put_sources(con, [s for s in asked if not s.is_listed and s.parent_id is None])
            recorded = record_polls(con, self._run_id, polls, utc_now())
            save_robots(con, self._robots)
        self._count(recorded, len(polls))

    def _count(self, recorded: Recorded, polled: int) -> None:
        summary = self._summary
        summary.polled += polled
        summary.unchanged += recorded.unchanged
        summary.unchanged_sources += recorded.unchanged_sources
        summary.failed_sources += recorded.failed_sources
        summary.states.update(recorded.states)
        summary.reasons.update(recorded.reasons)
        self._watch(summary)

    def _addresses(self, parser: Parser, urls: Sequence[str]) -> Generator[Step, None, set[str]]:
        """Look at addresses: pages go to the walk, feeds and sitemaps become sources.

        Returns the sources that are to be asked, and those whose pages are to be landed.
        """
        with self._writer() as con:
            held = list(map(source_of, lookup.rows(con, "sources_held")))
            earlier = _last_captures(con, urls)
        by_key = {url_key(each.url): each for each in held if each.kind in {"feed", "sitemap"}}
        known = {by_key[url_key(url)].source_id for url in urls if url_key(url) in by_key}
        new = [
            Address(url, earlier=earlier.get(url))
            for url in dict.fromkeys(urls)
            if url_key(url) not in by_key
        ]
        polls: list[Polled] = []
        for looked in self._session.stream(_looking(new)):
            if looked.polled is not None:
                polls.append(looked.polled)
            else:
                yield from _landed(looked)
        self._asked.update(each.standing.source.source_id for each in polls)
        self._poll(parser, polls)
        return known | {each.standing.source.source_id for each in polls}

    def _pages_of(self, due: Iterable[Standing]) -> Iterator[Step]:
        """Pages that are sources themselves: landed at once, whenever they are due."""
        addresses = [Address(each.url, each) for each in due]
        polls: list[Poll] = []
        for looked in self._session.stream(_looking(addresses)):
            yield from _landed(looked)
            if looked.standing is not None:
                polls.append(Poll(Polled(looked.standing, looked.outcome).without_body()))
        if polls:
            with self._writer() as con, transaction(con):
                recorded = record_polls(con, self._run_id, polls, utc_now())
            self._count(recorded, len(polls))

    def _wanted_pages(self, only: set[str] | None) -> Iterator[Step]:
        """Pages that were announced, now or earlier, and are due; then those to look at again."""
        for wanted in self._due_pages("due_pages", only):
            for entry in self._session.stream(_landing(wanted)):
                yield Found(None, entry)
        for wanted in self._due_pages("due_rechecks", only):
            addresses = [Address(each.url, again=each) for each in wanted]
            for looked in self._session.stream(_looking(addresses)):
                yield from _landed(looked)

    def _due_pages(self, name: str, only: set[str] | None) -> Iterator[list[Wanted]]:
        """Pages that are due, a group at a time, each once."""
        tried: set[str] = set()
        while True:
            with self._writer() as con:
                if self._robots.unsaved:
                    with transaction(con):
                        save_robots(con, self._robots)
                found = lookup.due(
                    con, name, utc_now(), _PAGES_AT_A_TIME, but=tried, source_ids=only
                )
                earlier = _last_captures(con, (str(row["url"]) for row in found))
            if not found:
                return
            tried.update(str(row["ledger_id"]) for row in found)
            yield [_wanted(row, earlier.get(str(row["url"]))) for row in found]


def _last_captures(con: Connection, urls: Iterable[str]) -> dict[str, EarlierPage]:
    """The last capture of each of these addresses that has one."""
    return {
        str(row["url"]): EarlierPage(
            str(row["payload_sha256"]),
            Location(
                str(row["warc_file"]), int(str(row["warc_offset"])), int(str(row["warc_length"]))
            ),
            declared_of(json.loads(str(row["declared"]))) if row["declared"] else Declared(),
        )
        for row in lookup.by_ids(con, "last_captures", urls)
    }


def _asking(due: Sequence[Standing]) -> Callable[[Web], AsyncIterator[Polled]]:
    return lambda web: ask_sources(web, due)


def _looking(addresses: Sequence[Address]) -> Callable[[Web], AsyncIterator[LookedAt]]:
    return lambda web: look_at(web, addresses)


def _landing(wanted: Sequence[Wanted]) -> Callable[[Web], AsyncIterator[Entry]]:
    return lambda web: land(web, wanted)


def _landed(looked: LookedAt) -> Iterator[Step]:
    """A page that was looked at is a reading with one entry: itself."""
    if looked.entry is not None:
        yield Found(looked.attempt, looked.entry)
        yield Finished(looked.attempt, 1, looked.attempt.reason)


def _wanted(row: lookup.Found, earlier: EarlierPage | None) -> Wanted:
    """A row of `due_pages`, or of `due_rechecks`, which has fewer columns."""

    def text(name: str) -> str | None:
        return None if row.get(name) is None else str(row[name])

    def declared(name: str) -> Declared:
        said = text(name)
        return declared_of(json.loads(said)) if said else Declared()

    said = SourceDefaults(
        text("publisher"), text("language"), text("timezone"), bool(row["is_precision_favored"])
    )
    usual = None if said == SourceDefaults() else said
    return Wanted(
        url=str(row["url"]),
        source_id=str(row["source_id"]),
        fetch_id=text("fetch_id") or "",
        position=int(text("position") or 0),
        declared=replace(declared("declared"), source=usual),
        fallback=text("fallback"),
        fallback_declared=replace(declared("fallback_declared"), source=usual),
        attempts=int(text("attempts") or 0),
        fetch_url=text("fetch_url"),
        earlier=earlier,
    )
