"""The flow `reprocess`: extract and compare again from captures, without the network."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows.backfill.reprocess import ReprocessSummary, told
from flows.backfill.reprocess import reprocess as reprocess_now
from flows.orchestration.parameters import Day
from flows.orchestration.refusals import explain
from flows.orchestration.run_page import RunPage, concluded
from flows.settings import load_settings


@flow(
    name="reprocess",
    description="Extracts and compares again what was captured, without the network: for after a change of "
    "the rules.",
    persist_result=False,
    on_failure=[explain],
    on_crashed=[explain],
)
def reprocess(
    since: Day | None = None,
    until: Day | None = None,
    publish_after: bool = True,  # noqa: FBT001, FBT002 - a field of the form
) -> State[ReprocessSummary]:
    """Make articles and comparisons again from what was captured, and publish.

    Args:
        since: The first day of publication (UTC); without it, from the first capture on.
        until: The last day of publication (UTC); without it, up to the last capture.
        publish_after: Give readers the new state when all is loaded.
    """

    def work(page: RunPage) -> ReprocessSummary:
        return reprocess_now(
            page.settings,
            since=since,
            until=until,
            publish_after=publish_after,
            load=page.load,
            watch=page.watch,
            prefect_flow_run_id=page.flow_run_id,
        )

    return concluded(RunPage(load_settings()), work, told)
