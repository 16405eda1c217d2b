"""Reprocess: articles and comparisons made again from what was captured, without the network.

    captures held -> places -> pages -> walk, as a renewal -> publish
    (raw.pages)   (captures)          (flows.renewal)

With the same code the same tables come of it; where a rule has changed, or a row was damaged, the
rows change accordingly. Each batch is one transaction, so a run can be killed at any instant; the
next one begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import overload

import numpy as np

from flows.backfill.captures import Captures
from flows.backfill.request import check_days
from flows.batch import Batch, Loaded
from flows.publish import publish, publishing
from flows.readings import Entry, Found
from flows.runs import recorded_run, utc_now
from flows.settings import Settings
from flows.walk import Load, Summary, Watch, load_now, walk
from transforms.records import Rejection
from warehouse import lookup
from warehouse.connection import writer

_PLACES_AT_A_TIME = 500
_ARTICLES_AT_A_TIME = 100
_OLDEST, _NEWEST = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(slots=True)
class ReprocessSummary(Summary):
    """What reprocessing came to.

    `captures` were to be read; `unread` could not be, by reason: what was made of them before stays.
    `lost` are those of them that are our own captures, which nobody should have touched.
    """

    captures: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    unread_pages: set[str] = field(default_factory=set)
    first_unread: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether all our own captures could be read."""
        return not self.lost

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            **Summary.as_json(self),
            "captures": self.captures,
            "captures_unread": sum(self.unread.values()),
            "captures_lost": self.lost,
            "unread_reasons": dict(sorted(self.unread.items())),
            "first_unread": self.first_unread,
        }


def reprocess(
    settings: Settings,
    *,
    since: date | None = None,
    until: date | None = None,
    publish_after: bool = True,
    load: Load = load_now,
    watch: Watch = lambda _: None,
    prefect_flow_run_id: str | None = None,
) -> ReprocessSummary:
    """Extract and compare again what was captured, and publish.

    Args:
        settings: Where the data is and what a run may take.
        since: First day of publication, or of capture where that is not known; None for the first.
        until: Last day; None for the last.
        publish_after: Whether readers get the new state when all is loaded.
        load: What loads one batch; a flow run passes a task.
        watch: Called after each batch with the counts so far.
        prefect_flow_run_id: The flow run this is, if it is one.

    Raises:
        BadRequest: The range is none; nothing was written.
        WarehouseLocked: Another writer held the warehouse too long.
        CheckFailed: All is loaded, but a check failed; readers keep the copy they have.
    """
    started = time.monotonic()
    check_days(since, until, today=utc_now().date())
    parameters = {
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
    summary = ReprocessSummary()
    with recorded_run(
        settings, "reprocess", parameters, prefect_flow_run_id=prefect_flow_run_id
    ) as run:
        summary.run_id = run.run_id
        try:
            told_to = publishing(settings, watch) if publish_after else watch
            renew(settings, run.run_id, summary, since=since, until=until, load=load, watch=told_to)
        finally:
            summary.seconds = time.monotonic() - started
            run.outcomes = summary.as_json()
    if publish_after:
        publish(settings)
        summary.published = True
    summary.seconds = time.monotonic() - started
    return summary


def renew(
    settings: Settings,
    run_id: str,
    summary: ReprocessSummary,
    *,
    since: date | None = None,
    until: date | None = None,
    captures_home: Path | None = None,
    load: Load = load_now,
    watch: Watch = lambda _: None,
) -> None:
    """Take all captures of these days through extraction and comparison again.

    `captures_home` is the data folder with the captures, where it is not that of the warehouse.
    """
    unsettled: set[str] = set()

    def renewing(settings: Settings, batch: Batch) -> Loaded:
        loaded = load(settings, replace(batch, is_renewal=True))
        unsettled.update(loaded.unsettled)
        return loaded

    with Captures(captures_home or settings.home) as captures:
        pages = page_ids(settings, since, until)
        summary.captures = len(pages)
        steps = _steps(settings, captures, pages, summary)
        walk(settings, run_id, steps, summary, load=renewing, watch=watch)
        # Whose captures fell into several batches and lead elsewhere now: each in one batch, whole.
        for articles in _groups(sorted(unsettled), _ARTICLES_AT_A_TIME):
            together = _pages_of(settings, articles)
            whole = replace(settings, batch_entries=len(together) + 1, batch_bytes=1 << 40)
            again = Summary()
            steps = _steps(settings, captures, together, summary)
            walk(whole, run_id, steps, again, load=renewing)


def told(summary: ReprocessSummary) -> str:
    """What reprocessing came to, in a few lines for a person."""
    states = summary.states
    counted = (
        f"{summary.captures:,} captures read again in {summary.seconds:.1f} s: "
        f"{states['loaded'] + states['duplicate']:,} articles, "
        f"{states['skipped'] + states['quarantined']:,} no articles, "
        f"{sum(summary.unread.values()):,} could not be read."
    )
    lines = [counted]
    lines += [f"  {count:,} {reason}" for reason, count in sorted(summary.unread.items())]
    if summary.first_unread:
        lines.append(f"The first of them: {summary.first_unread}")
    return "\n".join(lines)


def _steps(
    settings: Settings, captures: Captures, pages: Sequence[str], summary: ReprocessSummary
) -> Iterator[Found]:
    position = 0
    for ids in _groups(pages, _PLACES_AT_A_TIME):
        with writer(settings.home, wait_s=settings.lock_wait_s) as con:
            places = lookup.by_ids(con, "places", ids)
        for place in places:
            page = captures.page(place)
            if isinstance(page, Rejection):
                _count_unread(summary, place, page)
                continue
            yield Found(None, Entry(position, page.url, page))
            position += 1


def _count_unread(summary: ReprocessSummary, place: lookup.Found, why: Rejection) -> None:
    page_id = str(place["page_id"])
    if page_id in summary.unread_pages:
        return
    summary.unread_pages.add(page_id)
    reason = why.reason.value
    summary.unread[reason] = summary.unread.get(reason, 0) + 1
    summary.lost += not str(place["warc_file"]).startswith("/")
    summary.first_unread = summary.first_unread or why.detail


class _PageIds(Sequence[str]):
    """Ids of captures, kept as numbers: eight bytes each."""

    def __init__(self, keys: np.ndarray) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return _PageIds(self._keys[place])
        return f"{int(self._keys[place]):016x}"


def page_ids(
    settings: Settings, since: date | None = None, until: date | None = None
) -> Sequence[str]:
    """The captures of these days, in the order in which they lie on disk."""
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        keys = lookup.pages_between(con, since or _OLDEST, until or _NEWEST)
    return _PageIds(keys)


def _pages_of(settings: Settings, article_ids: Iterable[str]) -> list[str]:
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        return [str(row["page_id"]) for row in lookup.by_ids(con, "article_pages", article_ids)]


def _groups(values: Sequence[str], size: int) -> Iterator[list[str]]:
    left = iter(values)
    while group := list(islice(left, size)):
        yield group
