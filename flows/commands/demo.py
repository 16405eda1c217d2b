"""`wirecopy demo`."""

from pathlib import Path

import click

from flows.commands import home_option
from flows.settings import load_settings


@click.command()
@home_option
def demo(home: Path | None) -> None:
    """Run the demo articles through a local Prefect server and show what was found."""
    from flows.demo import run_demo  # noqa: PLC0415

    run_demo(load_settings(home or "wirecopy-demo"))
