"""The flow `backfill`: a past range of days, from an archive."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows.backfill.backfill import BackfillSummary, told
from flows.backfill.backfill import backfill as backfill_now
from flows.backfill.request import Archive, BackfillRequest
from flows.orchestration.parameters import Day, Slugs
from flows.orchestration.refusals import explain
from flows.orchestration.run_page import RunPage, concluded
from flows.settings import load_settings


@flow(
    name="backfill",
    flow_run_name="backfill {since} to {until}",
    description="Loads what was published in a range of days: from our own captures, the sources' sitemaps, "
    "WARC files, the news archive of Common Crawl, or the Wayback Machine. Goes on where an "
    "interrupted backfill stopped; run twice, it changes nothing.",
    persist_result=False,
    on_failure=[explain],
    on_crashed=[explain],
)
def backfill(
    since: Day,
    until: Day,
    sources: Slugs = (),
    archive: Archive = "landed",
    paths: tuple[str, ...] = (),
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a field of the form
    force: bool = False,  # noqa: FBT001, FBT002 - a field of the form
    publish_after: bool = True,  # noqa: FBT001, FBT002 - a field of the form
) -> State[BackfillSummary]:
    """Load what was published in a range of days from an archive, and publish.

    Args:
        since: The first day of publication (UTC).
        until: The last day of publication (UTC); it belongs to the range.
        sources: Only these sources. With none, all that the archive has.
        archive: Where to look. landed: our own captures. sitemap: the sources' sitemaps by date.
            warc: WARC files, or the news archive of Common Crawl. wayback: the Wayback Machine.
        paths: For warc, files and folders on the machine that runs the flow; for sitemap,
            addresses of sitemaps.
        dry_run: Only say what would be done, and roughly what it costs; nothing is written.
        force: Do what an earlier backfill did before once more.
        publish_after: Give readers the new state when all is loaded.
    """

    def work(page: RunPage) -> BackfillSummary:
        return backfill_now(  # which first of all checks the request
            page.settings,
            BackfillRequest(since, until, sources, archive, paths, dry_run, force),
            publish_after=publish_after,
            load=page.load,
            watch=page.watch,
            prefect_flow_run_id=page.flow_run_id,
        )

    return concluded(RunPage(load_settings()), work, told)
