"""Rebuild: a fresh warehouse from captures alone, made beside the old one and put in its place.

    captures and accounts carried over -> articles, comparisons made anew -> checks -> swap
    (raw.pages, ops, sources)             (reprocess)

The writer's right is held from beginning to end, so nothing is loaded meanwhile, and readers keep
the published copy. What is derived is not carried over, with one exception: when an article was first
seen is known to nobody else. Where there is no warehouse any more, the published copy stands in for
it, and without that the capture files are read as a backfill reads them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flows.backfill.backfill import backfill
from flows.backfill.reprocess import ReprocessSummary, renew
from flows.backfill.request import EARLIEST, BackfillRequest
from flows.errors import RebuildRefused
from flows.figures import store_figures
from flows.publish import publish
from flows.runs import Run, recorded_run, utc_now
from flows.settings import Settings, agencies_csv
from flows.walk import Watch
from transforms.agencies import parse_agencies
from warehouse import load, lookup
from warehouse.checks import run_checks
from warehouse.connection import LIVE, PUBLISHED, Connection, exclusive, reader, transaction, writer
from warehouse.errors import CheckFailed, WarehouseError
from warehouse.load import settle_source_publishers
from warehouse.replacement import beside, carry_tables, fresh_file, put_in_place, settle

ASIDE = Path("live", "rebuild")

_DERIVED = frozenset(
    {
        "main.articles",
        "main.article_pages",
        "main.article_versions",
        "main.article_authors",
        "main.article_tags",
        "main.article_agencies",
        "main.article_urls",
        "main.article_dates",
        "main.agency_evidence",
        "main.agencies",
        "main.authors",
        "main.publishers",
        "main.matches",
        "main.clusters",
        "main.cluster_members",
        "main.passages",
        "mart.wire_words",
        "mart.changed_words",
        "ops.migrations",
    }
)
_INDEX = "reuse."


def rebuild(
    settings: Settings,
    *,
    force: bool = False,
    publish_after: bool = True,
    watch: Watch = lambda _: None,
) -> ReprocessSummary:
    """Make a fresh warehouse from captures alone, and put it in the place of the old one.

    Args:
        settings: Where the data is and what a run may take.
        force: Also where articles would be lost, because no capture of them can be read.
        publish_after: Whether readers get the new state.
        watch: Called after each batch with the counts so far.

    Raises:
        RebuildRefused: Articles would be lost; nothing was changed.
        WarehouseLocked: Another writer, or a program that has the file open, did not let go.
        CheckFailed: The new warehouse breaks a promise; the old one stays.
    """
    started = time.monotonic()
    summary = ReprocessSummary()
    with recorded_run(settings, "rebuild", {"force": force}) as run:
        summary.run_id = run.run_id
        former = _former(settings)
        try:
            if former is not None:
                _replace(settings, run, former, summary, force=force, watch=watch)
        finally:
            summary.seconds = time.monotonic() - started
            run.outcomes = summary.as_json()
    if former is None or former == settings.home / PUBLISHED:
        _add_unloaded(settings, summary, watch)
    if publish_after:
        publish(settings)
        summary.published = True
    summary.seconds = time.monotonic() - started
    return summary


def _former(settings: Settings) -> Path | None:
    """The file that knows what was captured: the writer's, else the published copy, else none."""
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        if lookup.counts(con, "page_count")["page_count"]:
            return settings.home / LIVE
    try:
        with reader(settings.home) as con:
            held = lookup.counts(con, "page_count")["page_count"]
    except WarehouseError:
        return None
    return settings.home / PUBLISHED if held else None


def _replace(
    settings: Settings,
    run: Run,
    former: Path,
    summary: ReprocessSummary,
    *,
    force: bool,
    watch: Watch,
) -> None:
    aside = settings.home / ASIDE
    with exclusive(settings.home, wait_s=settings.lock_wait_s):
        shutil.rmtree(aside, ignore_errors=True)
        try:
            settle(settings.home, wait_s=settings.lock_wait_s)
            with fresh_file(aside / LIVE, run.started_at) as con, beside(con, former):
                _carry(con, run)
            elsewhere = replace(settings, home=aside)
            renew(elsewhere, run.run_id, summary, captures_home=settings.home, watch=watch)
            with writer(aside) as con:
                with beside(con, former):
                    lost = _settled(con, run)
                _refuse_loss(lost, summary, force=force)
                _expect_sound(con)
            put_in_place(settings.home, aside / LIVE, wait_s=settings.lock_wait_s)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _carry(con: Connection, run: Run) -> None:
    """Captures, accounts and sources, and the agencies the rules know."""
    with transaction(con):
        carry_tables(con, lambda name: name not in _DERIVED and not name.startswith(_INDEX))
        if not lookup.by_ids(con, "runs", [run.run_id]):
            row = {
                "run_id": run.run_id,
                "flow": "rebuild",
                "started_at": run.started_at,
                "status": "running",
            }
            load.append(con, "ops.runs", [row])
        rules = parse_agencies(agencies_csv())
        load.replace_agencies(con, [(each.agency_id, each.name) for each in rules.agencies])


def _settled(con: Connection, run: Run) -> list[lookup.Found]:
    """What only the former file knows is carried over; returns the articles that were lost."""
    with transaction(con):
        load.carry_first_seen(con)
        lost = lookup.rows(con, "lost_articles")
        load.release_lost_inputs(con, run.run_id, utc_now())
    return lost


def _refuse_loss(lost: Sequence[lookup.Found], summary: ReprocessSummary, *, force: bool) -> None:
    if lost and not force:
        why = f" ({summary.first_unread})" if summary.first_unread else ""
        raise RebuildRefused(
            f"{len(lost):,} articles would be lost, for no capture of them can be read{why}: the "
            f"first is {lost[0]['url']}. Nothing was changed; --force rebuilds without them."
        )


def _expect_sound(con: Connection) -> None:
    store_figures(con)
    settle_source_publishers(con)
    failed = [result.name for result in run_checks(con) if not result.passed]
    if failed:
        raise CheckFailed(
            f"Not rebuilt: {', '.join(failed)} failed in the new warehouse; the old one stays."
        )


def _add_unloaded(settings: Settings, summary: ReprocessSummary, watch: Watch) -> None:
    """Load what lies in our capture files and in no table."""
    tomorrow = utc_now().date() + timedelta(days=1)  # it is that already somewhere
    request = BackfillRequest(EARLIEST, tomorrow, archive="landed", force=True)
    found = backfill(settings, request, publish_after=False, watch=watch)
    summary.captures += found.states.total()
    summary.states.update(found.states)
    summary.reasons.update(found.reasons)
    summary.batches += found.batches
