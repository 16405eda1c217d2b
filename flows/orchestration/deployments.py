"""What is registered on a Prefect server: the deployments and the limit of one writer.

Registering again brings descriptions, forms and versions up to date and leaves alone what a person
may have changed there: schedules, pauses, limits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    DeploymentUpdate,
    GlobalConcurrencyLimitCreate,
)
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitStrategy,
    ConcurrencyOptions,
    StateType,
)
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed
from prefect.utilities.callables import parameter_schema

from flows.orchestration.backfill import backfill
from flows.orchestration.ingest import ingest
from flows.orchestration.maintain import maintain
from flows.orchestration.publish import publish
from flows.orchestration.reprocess import reprocess
from flows.orchestration.tasks import WRITER_LIMIT

TAG = "wirecopy"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment as we register it; `cron` (UTC) is its first schedule, which may be changed."""

    flow: Flow[..., Any]
    tags: tuple[str, ...]
    cron: str | None = None
    is_one_at_a_time: bool = False

    @property
    def name(self) -> str:
        """The name of the flow and of its one deployment."""
        return self.flow.name

    @property
    def description(self) -> str:
        """What it does, for a person."""
        return str(self.flow.description)

    @property
    def entrypoint(self) -> str:
        """Where a runner finds the flow: in a module of an installed package."""
        return f"{self.flow.fn.__module__}.{self.flow.fn.__name__}"

    @property
    def form(self) -> dict[str, Any]:
        """The schema of its parameters, which takes no others."""
        return {**parameter_schema(self.flow).model_dump(), "additionalProperties": False}


DEPLOYMENTS = (
    Deployed(ingest, ("polling",), cron="*/10 * * * *", is_one_at_a_time=True),
    Deployed(backfill, ("archive",)),
    Deployed(reprocess, ("archive",), is_one_at_a_time=True),
    Deployed(publish, ("upkeep",), is_one_at_a_time=True),
    Deployed(maintain, ("upkeep",), cron="20 3 * * 0", is_one_at_a_time=True),
)


async def find_deployment(client: PrefectClient, name: str) -> UUID | None:
    """The id of the deployment of a flow, None where the server has none."""
    try:
        return (await client.read_deployment_by_name(f"{name}/{name}")).id
    except ObjectNotFound:
        return None


async def deployment_for(client: PrefectClient, deployed: Deployed) -> RunnerDeployment:
    """What a runner registers: everything where it is new, else what nobody changes by hand."""
    wanted: dict[str, Any] = {
        "name": deployed.name,
        "flow_name": deployed.name,
        "description": deployed.description,
        "version": version("wirecopy"),
        "version_type": "prefect:simple",  # else Prefect asks git about the working directory
        "tags": [TAG, *deployed.tags],
        "entrypoint": deployed.entrypoint,
        "enforce_parameter_schema": True,
    }
    if await find_deployment(client, deployed.name) is None:
        if deployed.cron:
            schedule = CronSchedule(cron=deployed.cron, timezone="UTC")
            wanted["schedules"] = [DeploymentScheduleCreate(schedule=schedule, active=True)]
        if deployed.is_one_at_a_time:
            wanted["concurrency_limit"] = 1
            strategy = ConcurrencyLimitStrategy.ENQUEUE
            wanted["concurrency_options"] = ConcurrencyOptions(collision_strategy=strategy)
    return RunnerDeployment(**wanted)


async def set_form(client: PrefectClient, deployment_id: UUID, form: Mapping[str, object]) -> None:
    """Give a deployment its form."""
    update = DeploymentUpdate.model_validate({"parameter_openapi_schema": form})
    await client.update_deployment(deployment_id, update)


async def limit_writers(client: PrefectClient) -> None:
    """Make the global limit of one writer, where it is not there yet."""
    try:
        await client.read_global_concurrency_limit_by_name(WRITER_LIMIT)
    except ObjectNotFound:
        limit = GlobalConcurrencyLimitCreate(name=WRITER_LIMIT, limit=1)
        await client.create_global_concurrency_limit(limit)


async def close_lost_runs(client: PrefectClient, deployment_ids: Sequence[UUID]) -> int:
    """Mark runs as crashed that a runner left under way when it was killed; returns how many.

    They would hold their deployment's one place for ever. Only for a server with one runner, which
    has just started: none of these can be alive.
    """
    under_way = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    lost = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=list(deployment_ids)),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=under_way)),
        )
    )
    for run in lost:
        message = "Its process ended with the `wirecopy serve` before; the next run goes on."
        await client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    return len(lost)
