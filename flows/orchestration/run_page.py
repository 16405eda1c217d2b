"""A flow run as a person follows it: progress, a log line for each reason, and how it ended.

What stands on the page is for reading. A server that is gone or slow costs lines on that page, never
an article: whatever goes wrong here is logged, and the run goes on.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.exceptions import FailedRun, ObjectNotFound
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.settings import PREFECT_UI_URL
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from flows.backfill.backfill import BackfillSummary
from flows.backfill.reprocess import ReprocessSummary
from flows.batch import Batch, Loaded, Seen
from flows.errors import WirecopyError
from flows.orchestration.artifacts import (
    form_link,
    one_line,
    outcome_rows,
    plan_page,
    summary_page,
)
from flows.orchestration.contact import attempted, is_back, quieten
from flows.orchestration.tasks import load_batch
from flows.progress import report
from flows.settings import Settings
from flows.walk import Summary
from transforms.records import Article
from warehouse import lookup
from warehouse.connection import writer
from warehouse.errors import WarehouseError

_REFRESH_S = 2.0
"""The progress shown is at most this old; each refresh is a request to the server."""
_SERVER_BACK_S = 300.0
"""How long a run that is done waits for a server that is gone, to say so."""


@dataclass(slots=True)
class RunPage:
    """The page of the flow run that this process is.

    `total` is how many files there are to read, 0 where that is not known before the end.
    """

    settings: Settings
    total: int = 0
    _done: int = 0
    _progress_id: UUID | None = None
    _refreshed: float = 0.0
    _sources: dict[str, str] = field(default_factory=dict)

    @property
    def flow_run_id(self) -> str | None:
        """The id of the flow run."""
        return cast("str | None", flow_run.id)

    def load(self, settings: Settings, batch: Batch) -> Loaded:
        """Load a batch as a task run, and log what was not loaded and why."""
        # Quoted: Prefect would otherwise walk through every article to look for futures.
        quoted = (quote(settings), quote(batch))
        loaded = cast(Loaded, load_batch(*quoted))  # type: ignore[call-overload]
        self._done += len(batch.finished)
        for line in self._rejections(batch):
            get_run_logger().info(line)
        return loaded

    def watch(self, summary: Summary) -> None:
        """Show the counts so far."""
        now = time.monotonic()
        if now - self._refreshed >= _REFRESH_S:
            self._refreshed = now
            self._show(summary, min(99.0, 100 * self._share(summary)))

    def finish(self, summary: Summary) -> None:
        """Show what the run came to: all of its progress, the table, the summary, the links."""
        attempted("Not shown: the page of the run", partial(self._finish, summary))

    def _finish(self, summary: Summary) -> None:
        name, given = str(flow_run.flow_name), flow_run.parameters
        again = _form_again(name, given)
        plan = summary.plan if isinstance(summary, BackfillSummary) else None
        if plan is not None:
            text = plan_page(name, plan.as_json(), given, again)
        else:
            self._show(summary, 100.0)
            with writer(self.settings.home, wait_s=self.settings.lock_wait_s) as con:
                outcomes = lookup.of_run(con, "run_outcomes", summary.run_id)
                clusters = lookup.of_run(con, "run_clusters", summary.run_id)
                failures = lookup.of_run(con, "run_failures", summary.run_id)
            for row in failures:
                line = f"{row['source']}: failed: {row['reason']}: {row['url']}"
                get_run_logger().warning(one_line(line, 400))
            create_table_artifact(
                outcome_rows(outcomes, summary.unchanged),
                key=f"{name}-outcomes",
                description="What became of the inputs, by source and reason",
            )
            text = summary_page(name, summary, clusters, given, again)
        create_markdown_artifact(
            text,
            key=f"{name}-summary",
            description="Figures, clusters found, and the parameters of this run",
        )
        if again:
            create_link_artifact(
                again,
                link_text="Fill in the form again",
                key=f"{name}-again",
                description="The form, filled in with the parameters of this run",
            )

    def _share(self, summary: Summary) -> float:
        """How much of the work is done, from 0 to 1, as far as that is known."""
        if isinstance(summary, BackfillSummary):
            return (summary.units_done + summary.units_before) / max(summary.units, 1)
        if isinstance(summary, ReprocessSummary):
            return summary.states.total() / max(summary.captures, 1)
        return self._done / self.total if self.total else 0.0

    def _show(self, summary: Summary, percent: float) -> None:
        text = f"{summary.inputs:,} inputs, {summary.states['loaded']:,} loaded"
        attempted("Not shown: the progress", partial(self._show_progress, percent, text))

    def _show_progress(self, percent: float, text: str) -> None:
        if self._progress_id is None:
            key = f"{flow_run.flow_name}-progress"
            made = create_progress_artifact(percent, key=key, description=text)
            self._progress_id = cast(UUID, made)  # a coroutine only among coroutines
        else:
            update_progress_artifact(self._progress_id, percent, description=text)

    def _rejections(self, batch: Batch) -> Iterator[str]:
        """One line for each source and reason of a batch."""
        kinds: dict[tuple[str, str], list[Seen]] = {}
        for seen in batch.seen:
            if not isinstance(seen.outcome, Article):
                kind = (_source_id(seen), seen.outcome.reason.value)
                kinds.setdefault(kind, []).append(seen)
        self._name_sources({source_id for source_id, _ in kinds})
        for (source_id, reason), many in sorted(kinds.items()):
            first = many[0]
            detail = "" if isinstance(first.outcome, Article) else first.outcome.detail
            source = self._sources.get(source_id, source_id)
            yield one_line(f"{source}: {len(many):,} {reason}: {first.entry.url}: {detail}", 400)

    def _name_sources(self, source_ids: set[str]) -> None:
        unknown = source_ids - self._sources.keys()
        if not unknown:
            return
        with suppress(WarehouseError), writer(self.settings.home) as con:
            for row in lookup.by_ids(con, "source_slugs", sorted(unknown)):
                self._sources[str(row["source_id"])] = one_line(row["slug"])


def _source_id(seen: Seen) -> str:
    if seen.reading is not None:
        return seen.reading.source_id
    return seen.entry.wanted.source_id if seen.entry.wanted else ""


S = TypeVar("S", bound=Summary)

conclusions: list[Summary | WirecopyError | WarehouseError] = []
"""What the runs of this process came to, for a command line whose server is gone in the end."""


def concluded(
    page: RunPage, work: Callable[[RunPage], S], told: Callable[[S], str] = report
) -> State[S]:
    """Do the work of a flow run and say how it ended, in a sentence that stands in its state.

    What goes wrong in an expected way (a bad parameter, a warehouse that is no database) is a
    failed state with the sentence a person gets on the command line; anything else is a fault of
    this program and is raised as it is.

    Args:
        page: Where the run is followed.
        work: What the run does.
        told: What it came to, in a few lines; the first becomes the state's message.
    """
    quieten()
    outcome: S | WirecopyError | WarehouseError
    try:
        outcome = work(page)
    except (WirecopyError, WarehouseError) as error:
        outcome = error
    conclusions.append(outcome)
    # What a deployment's run came to must be known, or it keeps its place; a person does not wait.
    is_back(_SERVER_BACK_S if _deployment_id() else 0)
    if isinstance(outcome, Exception):
        return failed(outcome)
    summary = outcome
    page.finish(summary)
    lines = told(summary).splitlines()
    for line in lines:
        get_run_logger().info(line)
    return Completed(message=one_line(lines[0], 1000), data=summary)


def failed(error: WirecopyError | WarehouseError) -> State[Any]:
    """The state of a run that ended in an expected error: its sentence, in its logs too.

    The error itself goes to a command line that runs the flow in its own process.
    """
    sentence = one_line(error, 1000)
    get_run_logger().error(sentence)  # the run's page opens at its logs
    if not _deployment_id():
        return Failed(message=sentence, data=error)
    for name in ("prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(_says_more)
    return Failed(message=sentence)


def _deployment_id() -> UUID | None:
    """The deployment of this flow run; None for one of the command line.

    Not from `prefect.runtime`, which asks the server where there is none.
    """
    context = FlowRunContext.get()
    return context.flow_run.deployment_id if context and context.flow_run else None


def _says_more(record: logging.LogRecord) -> bool:
    """False for the traceback of a state that failed, which only repeats the sentence."""
    return not (record.exc_info and isinstance(record.exc_info[1], FailedRun))


def _form_again(name: str, parameters: Mapping[str, object]) -> str | None:
    """The address of the form of this flow's deployment, filled in; None where it has none."""
    ui_url = PREFECT_UI_URL.value()
    deployment_id = _deployment_id()
    if not deployment_id:
        try:
            with get_client(sync_client=True) as client:
                deployment_id = client.read_deployment_by_name(f"{name}/{name}").id
        except ObjectNotFound:
            return None
    return form_link(ui_url, deployment_id, parameters) if ui_url else None
