"""The flow `publish`: prove what the tables promise, then give readers their copy."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.errors import WirecopyError
from flows.orchestration.refusals import explain
from flows.orchestration.run_page import failed
from flows.publish import publish as publish_now
from flows.settings import load_settings
from warehouse.errors import WarehouseError


@flow(
    name="publish",
    description="Runs every check, then replaces the copy that readers open.",
    persist_result=False,
    on_failure=[explain],
    on_crashed=[explain],
)
def publish() -> State[int]:
    """Run every check, then replace the copy that readers open."""
    settings = load_settings()
    try:
        size = publish_now(settings)
    except (WirecopyError, WarehouseError) as error:
        return failed(error)
    return Completed(message=f"Published {size / 1e6:,.1f} MB in {settings.home}.", data=size)
