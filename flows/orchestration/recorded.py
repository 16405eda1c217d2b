"""A flow run in this process, for the command line: recorded on a server, told on the terminal."""

import os
from importlib import import_module
from typing import Any

import click
from httpx import TransportError

from flows.errors import ServerUnavailable
from flows.orchestration.known_servers import KnownServer
from flows.orchestration.server import require_answer
from flows.settings import Settings, share_settings


def run_recorded(server: KnownServer, settings: Settings, name: str, **parameters: object) -> Any:
    """Run the flow of this name here and now; what it gives is its own.

    Args:
        server: Where the run is recorded.
        settings: Those of the command line; the flow finds them in the environment.
        name: The flow: ingest, backfill, reprocess.
        parameters: As in its form.

    A server that goes away during the run costs its record, not the run.

    Raises:
        ServerUnavailable: The server does not answer, and nothing was done; or it went away as the
            run began.
        WirecopyError: What the flow fails with in an expected way, as without a server.
    """
    require_answer(server.api_url, server.named_by)
    click.echo(f"As a flow run on {server.ui_url}.", err=True)
    share_settings(settings)
    os.environ["PREFECT_API_URL"] = server.api_url
    os.environ["DO_NOT_TRACK"] = "1"
    if server.prefect_home:
        os.environ["PREFECT_HOME"] = str(server.prefect_home)
    flow = getattr(import_module(f"flows.orchestration.{name}"), name)  # takes seconds
    try:
        return flow(**parameters)
    except TransportError as error:
        return _unrecorded(server, error)


def _unrecorded(server: KnownServer, error: TransportError) -> Any:
    """What a run came to whose server went away meanwhile; raises what it failed with."""
    from flows.orchestration.run_page import conclusions  # noqa: PLC0415 - takes seconds

    gone = f"The Prefect server at {server.ui_url} does not answer any more"
    if not conclusions:
        raise ServerUnavailable(
            f"{gone}. What was committed stays; run the same again to complete it."
        ) from error
    click.echo(f"{gone}; this run is over, which that server does not know.", err=True)
    if isinstance(conclusions[-1], Exception):
        raise conclusions[-1] from None
    return conclusions[-1]
