"""The task: one batch, loaded while no other flow run loads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from urllib.parse import urlsplit
from uuid import UUID

from httpx import HTTPStatusError, HTTPTransport, Request, Response
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import State, TaskRun
from prefect.settings import PREFECT_API_URL
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
_BUSY = 503
_SOON_S = 0.05
_SOON_TRIES = 40
_HERE = ("127.0.0.1", "localhost", "::1")


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
    client = _client()
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
    _client().release_concurrency_slots_with_lease(lease)


class _SoonAgain(HTTPTransport):
    """Asks a server that was busy again after 50 ms, up to 2 s; it did nothing then.

    A local server's SQLite is locked a moment now and then, and Prefect's client sleeps 2 s at once:
    at every third batch, which was a third of the time of a run.
    """

    def handle_request(self, request: Request) -> Response:
        for _ in range(_SOON_TRIES):
            response = super().handle_request(request)
            if response.status_code != _BUSY:
                return response
            response.close()
            time.sleep(_SOON_S)
        return super().handle_request(request)


def _client() -> SyncPrefectClient:
    """A client for the server; proxies and certificates of one elsewhere are left to Prefect."""
    api_url = PREFECT_API_URL.value() or ""
    url = urlsplit(api_url)
    if url.scheme == "http" and url.hostname in _HERE:
        return _client_here(api_url)
    return get_client(sync_client=True)


@cache
def _client_here(_api_url: str) -> SyncPrefectClient:
    # Made once for a server: one takes 20 ms of CPU.
    return get_client(httpx_settings={"transport": _SoonAgain(verify=False)}, sync_client=True)
