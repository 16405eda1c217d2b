"""What backfills over the web share: which pages are held already, and landing the others in order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace

from flows.backfill.units import Course
from flows.readings import Entry, Found, Wanted
from flows.settings import Settings
from flows.web.session import Web, WebSession
from transforms.identity import hashed_id
from transforms.records import Page, Reason, State
from transforms.urls import url_key
from warehouse import lookup
from warehouse.connection import writer

LandAll = Callable[[Web, Sequence[Wanted]], AsyncIterator[Entry]]


def ledger_id_of(url: str) -> str:
    """The id of a page in the ledger."""
    return hashed_id("input", url_key(url))


def unsettled(
    settings: Settings, sought: Sequence[Wanted], *, fetch_id: str, force: bool
) -> list[Wanted]:
    """Those of these pages that are still to be fetched, with their failures so far.

    What the ledger has settled is not fetched again unless that is forced, save what was left out
    because of its date: another range may want it. What this very fetch has seen is done.
    """
    keys = {ledger_id_of(each.url): each for each in sought}
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        held = {str(row["ledger_id"]): row for row in lookup.ledger(con, keys, ())}
        seen = {str(row["ledger_id"]) for row in lookup.rows(con, "fetch_entries", fetch=fetch_id)}
    left = []
    for ledger_id, each in keys.items():
        row = held.get(ledger_id)
        if ledger_id in seen:
            continue
        if row is None:
            left.append(each)
        elif row["state"] == State.PENDING.value:
            left.append(replace(each, attempts=int(str(row["attempts"]))))
        elif force or row["reason"] == Reason.OUTSIDE_RANGE.value:
            left.append(each)
    return left


def landed_steps(
    session: WebSession,
    course: Course,
    pages: Sequence[Wanted],
    land_all: LandAll,
    *,
    is_live: bool,
) -> Iterator[Found]:
    """The entries of pages as they are landed, numbered in that order.

    Of a page of a live site it is kept what a later fetch needs, for ingest to try it again too; an
    archive's copy is asked for by the backfill alone.
    """
    for entry in session.stream(lambda web: land_all(web, pages)):
        capture = entry.capture
        url = capture.url if isinstance(capture, Page) else entry.url
        wanted = entry.wanted if is_live else None
        if wanted is not None:
            wanted = replace(wanted, fetch_id=course.reading.fetch_id, position=course.position)
        placed = replace(entry, position=course.position, url=url, wanted=wanted)
        course.mark()
        yield Found(course.reading, placed)
