"""`wirecopy serve`."""

from pathlib import Path

import click

from flows.commands import home_option
from flows.settings import load_settings


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=4200,
    show_default=True,
    help="Where the server listens, on this machine only.",
)
@home_option
def serve(port: int, home: Path | None) -> None:
    """Run the Prefect server with its UI, the deployments and their schedules, until Ctrl-C.

    Where PREFECT_API_URL or the active Prefect profile names a server, that one is used.
    """
    from flows.orchestration.serve import serve as run  # noqa: PLC0415

    try:
        run(load_settings(home), port)
    except KeyboardInterrupt:
        click.echo("Stopped; what was committed stays.")
