"""The demo: the articles in `seeds/demo` through a local Prefect server, and what was found."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from flows.errors import WirecopyError
from flows.orchestration.server import free_port, prefect_server, read_url
from flows.query import ask
from flows.settings import Settings, demo_folder
from warehouse.connection import PUBLISHED, reader
from warehouse.statements import names, statement


def run_demo(settings: Settings) -> None:
    """Start a server, run the ingest flow on the demo articles, stop, and print what was found.

    Raises:
        WirecopyError: The server or the flow run failed.
    """
    click.echo(f"Starting a Prefect server in {settings.home / 'prefect'} …")
    with prefect_server(settings.home, free_port()) as environment:
        click.echo(f"It answers on {environment['PREFECT_API_URL']}. Running the ingest flow …")
        outcome = _ingest(settings.home, environment)
        state = _flow_run_state(settings.home, environment)
    click.echo(f"The flow run is recorded as {state}; the server is stopped.")
    click.echo(
        f"{outcome['inputs']} inputs: {outcome['loaded']} loaded, {outcome['skipped']} skipped, "
        f"{outcome['quarantined']} quarantined, {outcome['unchanged']} unchanged.\n"
    )
    click.echo(findings(settings.home))
    click.echo(
        f"\nAsk more: wirecopy sql --home {settings.home}\n"
        f"or open {settings.home / PUBLISHED} with DuckDB."
    )


def findings(home: Path) -> str:
    """What the published copy holds: the counts, then three queries, each with its answer."""
    with reader(home) as con:
        parts = [ask(con, statement("demo/found")).as_table()]
        for name in names("demo/queries"):
            query = statement(f"demo/queries/{name}").strip()
            parts += [query, ask(con, query).as_table()]
    return "\n\n".join(parts)


def _ingest(home: Path, environment: Mapping[str, str]) -> dict[str, object]:
    command = [sys.executable, "-m", "flows.cli", "ingest", str(demo_folder())]
    done = subprocess.run(  # noqa: S603 - our own interpreter and fixed words
        [*command, "--home", str(home), "--json"],
        env=dict(environment),
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise WirecopyError(
            f"The flow run failed (exit code {done.returncode}); its messages stand above and in "
            f"{home / 'prefect' / 'server.log'}."
        )
    outcome = json.loads(done.stdout)
    if not isinstance(outcome, dict):
        raise WirecopyError("The flow run printed no summary.")
    return outcome


def _flow_run_state(home: Path, environment: Mapping[str, str]) -> str:
    """What the server holds of the flow run that the last run's row names."""
    with reader(home) as con:
        rows = ask(con, statement("demo/last_flow_run")).rows
    api_url = environment["PREFECT_API_URL"]
    recorded = json.loads(read_url(f"{api_url}/flow_runs/{rows[0][0]}", timeout_s=30))
    return f"{recorded['name']} ({recorded['state_name']})"
