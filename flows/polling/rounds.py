"""A round of polling: sources that are due are asked, new pages landed, extracted and loaded.

    due -> ask_sources -> Parser -> record_polls     one transaction for a group of sources
    due_pages -> land -> walk                        one transaction for a batch of pages

Between the two lies only the ledger: what a feed announces is a pending input, committed with the
feed's validators, and is landed by this round, or by the next where this one is killed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

import filelock

from flows.errors import BadRequest, BadSources
from flows.polling.folders import Folders
from flows.polling.robots import read_robots
from flows.polling.stages import Round
from flows.publish import publish, publishing
from flows.runs import recorded_run, utc_now
from flows.settings import Settings
from flows.sources import read_source_list
from flows.sources.tables import sync_sources
from flows.walk import Load, Summary, Watch, load_now, walk
from flows.web.session import WebSession
from transforms.urls import is_http
from warehouse.connection import transaction, writer
from warehouse.errors import WarehouseLocked


def poll(
    settings: Settings,
    *,
    sources: Sequence[str] = (),
    urls: Sequence[str] = (),
    publish_after: bool = True,
    load: Load = load_now,
    watch: Watch = lambda _: None,
    prefect_flow_run_id: str | None = None,
) -> Summary:
    """Ask sources for what is new, land it, compare and load it, and publish.

    Folders and WARC files that are sources are read first, as `ingest` reads what is named by hand.

    Args:
        settings: Where the data is, and what a run may take.
        sources: Slugs: ask these, due or not, and no others. None: every source that is due.
        urls: Addresses to read besides: of feeds, sitemaps or pages, told apart by content. With
            addresses and no slugs, only the addresses are read.
        publish_after: Whether readers get the new state when all is loaded.
        load: What loads one batch; a flow run passes a task.
        watch: Called after each batch with the counts so far.
        prefect_flow_run_id: The flow run this is, if it is one.

    Raises:
        BadSources: The list of sources cannot be read, or has no such slug; nothing was asked.
        BadRequest: An address is none.
        WarehouseLocked: Another round is under way and does not end.
        CheckFailed: All is loaded, but a check failed; readers keep the copy they have.
    """
    started = time.monotonic()
    listed = read_source_list(settings)
    slugs = {spec.slug for spec in listed.sources}
    if unknown := sorted(set(sources) - slugs):
        raise BadSources(
            f"There is no source {unknown[0]!r}. `wirecopy sources list` shows them all."
        )
    if wrong := [url for url in urls if not is_http(url)]:
        raise BadRequest(f"{wrong[0]!r} is no http(s) address; nothing was fetched.")
    summary = Summary()
    parameters = {"sources": list(sources), "urls": list(urls)}
    with (
        _turn(settings),
        recorded_run(
            settings, "ingest", parameters, prefect_flow_run_id=prefect_flow_run_id
        ) as run,
    ):
        summary.run_id = run.run_id
        with writer(settings.home, wait_s=settings.lock_wait_s) as con, transaction(con):
            sync_sources(con, listed.sources)
            robots = read_robots(con, utc_now())
        with WebSession(settings, robots) as session:
            under_way = Round(settings, run.run_id, session, robots, summary, watch)
            folders = Folders(settings, run.run_id, summary, watch)
            on_disk = folders.steps(frozenset(sources)) if sources or not urls else ()
            steps = chain(on_disk, under_way.steps(frozenset(sources), tuple(urls)))
            seen = publishing(settings, watch) if publish_after else watch
            walk(settings, run.run_id, steps, summary, load=load, watch=seen)
            under_way.save_robots()
        folders.settle()
        summary.seconds = time.monotonic() - started
        run.outcomes = summary.as_json()
    if publish_after:
        publish(settings)
        summary.published = True
    summary.seconds = time.monotonic() - started
    return summary


@contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    """One round at a time: two would fetch the same pages."""
    path = settings.home / "live" / "polling.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=settings.lock_wait_s)
    except filelock.Timeout:
        raise WarehouseLocked(
            f"Another wirecopy is polling into {settings.home} and did not finish within "
            f"{settings.lock_wait_s:g} s. Run this again later; nothing was changed."
        ) from None
    try:
        yield
    finally:
        lock.release()
