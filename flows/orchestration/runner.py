"""The second child of `wirecopy serve`: registers the deployments and runs their flow runs.

    python -m flows.orchestration.runner DESCRIPTOR [--owns-server]

Writes a byte to that descriptor when all is registered, and stops when it is told to (SIGTERM,
SIGINT) or when its standard input ends, because then `serve` is gone. Each flow run is a process of
its own, as Prefect does it; they share this one's session.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.runner import Runner

from flows.orchestration.deployments import (
    DEPLOYMENTS,
    close_lost_runs,
    deployment_for,
    limit_writers,
    set_form,
)
from flows.orchestration.parameters import source_slugs

POLL_S = 2.0
"""How often the server is asked for runs to start; at 10 s a form's run took 6 to 14 s to begin."""
_FORMS_S = 10.0
"""How often the choices of the forms are brought up to date."""


async def run(ready: int, *, owns_server: bool) -> None:
    """Register, say so on the descriptor `ready`, and run until told to stop.

    `owns_server`: the server is this home's own, so that it has no other runner.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    runner = Runner(name="wirecopy", query_seconds=POLL_S, pause_on_shutdown=False)
    async with get_client() as client:
        await limit_writers(client)
        ids = await _register(client, runner)
        if owns_server:
            await close_lost_runs(client, ids)
        polling = asyncio.create_task(runner.start())
        while not runner.started and not polling.done():  # noqa: ASYNC110 - it has no event for it
            await asyncio.sleep(0.05)
        # Only now: `Runner.start` has put a handler of its own there, which exits in mid-air.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        loop.add_reader(sys.stdin.fileno(), _note_end, loop, stopping)
        forms = asyncio.create_task(_keep_forms(client, ids))
        with open(ready, "wb") as told:  # noqa: ASYNC230 - one byte into a pipe
            told.write(b"1")
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({polling, stopped}, return_when=asyncio.FIRST_COMPLETED)
        forms.cancel()
        if polling.done():
            stopped.cancel()
            polling.result()
        else:
            await runner.astop()
            await polling


def _note_end(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    """`serve` never writes: what can be read is the end."""
    loop.remove_reader(sys.stdin.fileno())
    stopping.set()


async def _register(client: PrefectClient, runner: Runner) -> list[UUID]:
    ids = []
    for deployed in DEPLOYMENTS:
        deployment = await deployment_for(client, deployed)
        deployment_id = await runner.aadd_deployment(deployment)
        await set_form(client, deployment_id, deployed.form)
        ids.append(deployment_id)
    return ids


async def _keep_forms(client: PrefectClient, ids: Sequence[UUID]) -> None:
    """Offer a source in the forms soon after it was added."""
    offered = source_slugs()
    while True:
        await asyncio.sleep(_FORMS_S)
        slugs = source_slugs()
        if slugs != offered:
            with contextlib.suppress(Exception):  # tried again in a moment
                for deployment_id, deployed in zip(ids, DEPLOYMENTS, strict=True):
                    if "sources" in deployed.form["properties"]:
                        await set_form(client, deployment_id, deployed.form)
                offered = slugs


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), owns_server="--owns-server" in sys.argv))
