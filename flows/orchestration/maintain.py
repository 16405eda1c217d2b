"""The flow `maintain`: what the warehouse needs now and then."""

from functools import partial

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.errors import WirecopyError
from flows.orchestration.artifacts import figures, one_line
from flows.orchestration.contact import attempted
from flows.orchestration.refusals import explain
from flows.orchestration.run_page import failed
from flows.settings import load_settings
from flows.upkeep import Upkeep
from flows.upkeep import maintain as maintain_now
from warehouse.errors import WarehouseError


@flow(
    name="maintain",
    description="Retires old sightings, removes what killed runs left behind, makes the writer's "
    "file as small as it can be, runs every check, and publishes.",
    persist_result=False,
    on_failure=[explain],
    on_crashed=[explain],
)
def maintain(
    publish_after: bool = True,  # noqa: FBT001, FBT002 - a field of the form
) -> State[Upkeep]:
    """Clear away what is no longer needed, and make the warehouse's file as small as it can be.

    Args:
        publish_after: Give readers the new state when every check has passed.
    """
    try:
        upkeep = maintain_now(load_settings(), publish_after=publish_after)
    except (WirecopyError, WarehouseError) as error:
        return failed(error)
    page = partial(
        create_markdown_artifact,
        figures(upkeep.as_json()),
        key="maintain-summary",
        description="What was done",
    )
    attempted("Not shown: the page of the run", page)
    message = one_line(upkeep.as_text(), 1000)
    if upkeep.failed_checks:
        return Failed(message=message)
    return Completed(message=message, data=upkeep)
