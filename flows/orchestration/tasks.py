"""The task: one batch, loaded while no other flow run loads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from httpx import HTTPStatusError
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from flows.batch import Batch, Loaded
from flows.orchestration.contact import attempted
from flows.settings import Settings
from flows.walk import load_now
from warehouse.errors import WarehouseLocked

WRITER_LIMIT = "wirecopy-writer"
"""Name of the global concurrency limit of one: who loads holds it."""

_SLOT_S = 60
"""A slot is given back this long after its holder was killed."""
_WAIT_S = 90
"""Then the lock file decides, with its own deadline: the slot is for order, the lock for safety."""
_LOOK_S = 2.0
_LOCKED = 423


def _is_transient(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Only a warehouse that another writer holds is worth another try."""
    return isinstance(state.data, WarehouseLocked) or "WarehouseLocked" in (state.message or "")


@task(
    name="load batch",
    persist_result=False,
    cache_policy=NO_CACHE,  # a load that was skipped because it "ran before" would lose a batch
    retries=3,
    retry_delay_seconds=[5, 30, 120],
    retry_condition_fn=_is_transient,
)
def load_batch(settings: Settings, batch: Batch) -> Loaded:
    """Compare and load one batch in one transaction, in turn with other flow runs."""
    with _turn():
        return load_now(settings, batch)


@contextmanager
def _turn() -> Iterator[None]:
    """Hold the one slot of the writer's limit, as far as the server can give it.

    A server that is gone must cost nothing that was loaded: whatever goes wrong with the slot is
    logged, and the lock file alone keeps writers apart. Without Prefect's own context manager, whose
    thread for renewals took 100 ms of CPU a batch; a load that outlasts its slot has the lock.
    """
    lease = attempted(f"Loading without the slot {WRITER_LIMIT!r}", _lease)
    try:
        yield
    finally:
        if lease is not None:
            attempted(f"The slot {WRITER_LIMIT!r} was not given back", partial(_give_back, lease))


def _lease() -> UUID | None:
    """The lease of the slot; None where the server has no limit.

    Raises:
        HTTPStatusError: None was free in time, or the server refuses.
    """
    deadline = time.monotonic() + _WAIT_S
    client = get_client(sync_client=True)
    while True:
        try:
            answer = client.increment_concurrency_slots_with_lease(
                [WRITER_LIMIT], 1, "concurrency", _SLOT_S
            ).json()
        except HTTPStatusError as error:
            if error.response.status_code != _LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(min(float(error.response.headers.get("Retry-After", 1)), _LOOK_S))
        else:
            return UUID(answer["lease_id"]) if answer["limits"] else None


def _give_back(lease: UUID) -> None:
    get_client(sync_client=True).release_concurrency_slots_with_lease(lease)
