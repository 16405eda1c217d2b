"""The same work as Prefect flows: Prefect knows when and how often, DuckDB knows what is true.

One flow run per request, one task per batch. Importing this module imports Prefect, which takes
seconds: only what runs a flow does.
"""

from typing import cast

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.tasks import Task
from prefect.utilities.annotations import quote

from flows.batch import Batch, Loaded
from flows.ingest import Summary, load_now
from flows.ingest import ingest as ingest_files
from flows.progress import report
from flows.settings import Settings, load_settings
from warehouse.errors import WarehouseLocked


def _is_transient(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Only a warehouse that another writer holds is worth another try."""
    return isinstance(state.data, WarehouseLocked) or "WarehouseLocked" in (state.message or "")


@task(
    name="load batch",
    cache_policy=NO_CACHE,  # a load that was skipped because it "ran before" would lose a batch
    retries=3,
    retry_delay_seconds=[5, 30, 120],
    retry_condition_fn=_is_transient,
)
def load_batch(settings: Settings, batch: Batch) -> Loaded:
    """Compare and load one batch in one transaction."""
    return load_now(settings, batch)


@flow(name="ingest")
def ingest(paths: list[str], home: str | None = None, publish_after: bool = True) -> Summary:  # noqa: FBT001, FBT002 - a form field
    """Load articles from files and folders, compare them with all others, and publish.

    Args:
        paths: Text, HTML, JSONL and WARC files, and folders of them.
        home: The data folder.
        publish_after: Give readers the new state when all is loaded.
    """
    logger = get_run_logger()

    def load(settings: Settings, batch: Batch) -> Loaded:
        # Quoted: Prefect would otherwise walk through every article to look for futures.
        quoted = (quote(settings), quote(batch))
        return cast(Loaded, load_batch(*quoted))  # type: ignore[call-overload]

    summary = ingest_files(
        load_settings(home),
        paths,
        publish_after=publish_after,
        load=load,
        watch=lambda so_far: logger.info("%d inputs so far", so_far.inputs),
        prefect_flow_run_id=flow_run.id,
    )
    logger.info(report(summary))
    return summary
