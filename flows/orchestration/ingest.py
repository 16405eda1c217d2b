"""The flow `ingest`: what is new, from the sources that are due, or from files or addresses."""

import os
from collections.abc import Sequence

from prefect import flow
from prefect.client.schemas.objects import State

from flows.ingest import ingest_any
from flows.orchestration.parameters import Slugs
from flows.orchestration.refusals import explain
from flows.orchestration.run_page import RunPage, concluded
from flows.settings import load_settings
from flows.walk import Summary
from transforms.urls import is_http


@flow(
    name="ingest",
    description="Polls the sources that are due, loads what is new and publishes. Give paths to load files "
    "of the machine that runs the flow instead. A run that begins while another is under way waits "
    "for it.",
    persist_result=False,
    on_failure=[explain],
    on_crashed=[explain],
)
def ingest(
    paths: tuple[str, ...] = (),
    sources: Slugs = (),
    publish_after: bool = True,  # noqa: FBT001, FBT002 - a field of the form
) -> State[Summary]:
    """Load what is new, compare it with all there is, and publish.

    Args:
        paths: Text, HTML, JSONL and WARC files and folders of them, on the machine that runs the
            flow; or addresses of feeds, sitemaps and pages. With none, the sources are polled.
        sources: Poll these and no others, due or not. With none, every source that is due.
        publish_after: Give readers the new state when all is loaded.
    """

    def work(page: RunPage) -> Summary:
        page.total = _count(paths)
        return ingest_any(
            page.settings,
            paths,
            sources=sources,
            publish_after=publish_after,
            load=page.load,
            watch=page.watch,
            prefect_flow_run_id=page.flow_run_id,
        )

    return concluded(RunPage(load_settings()), work)


def _count(paths: Sequence[str]) -> int:
    """How many files there are below these paths, roughly: some will not be read."""
    files = [path for path in paths if not is_http(path)]
    return sum(sum(len(names) for _, _, names in os.walk(path)) or 1 for path in files)
