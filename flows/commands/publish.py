"""`wirecopy publish` and `wirecopy audit`."""

import json
import sys
from pathlib import Path

import click

from flows.commands import home_option, json_option
from flows.settings import load_settings


@click.command()
@home_option
@json_option
def publish(home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Run every check, then replace the published copy."""
    from flows.publish import publish as run  # noqa: PLC0415
    from warehouse.connection import PUBLISHED  # noqa: PLC0415

    settings = load_settings(home)
    size = run(settings)
    path = settings.home / PUBLISHED
    text = f"Published {path} ({size / 1e6:,.1f} MB)."
    click.echo(json.dumps({"path": str(path), "bytes": size}) if as_json else text)


@click.command()
@click.option("--deep", is_flag=True, help="Read every capture too, and compare its digest.")
@home_option
@json_option
def audit(deep: bool, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Run every check on the warehouse; exit code 1 when one fails."""
    from dataclasses import asdict  # noqa: PLC0415

    from flows.publish import audit as run  # noqa: PLC0415

    results = run(load_settings(home), deep=deep)
    failed = [result for result in results if not result.passed]
    if as_json:
        click.echo(json.dumps({"passed": not failed, "checks": [asdict(each) for each in results]}))
    else:
        for result in failed:
            click.echo(f"FAILED {result.name}: {result.violation_count:,} rows. {result.promise}")
            for example in result.examples:
                click.echo(f"    {example!r}")
        click.echo(f"{len(results) - len(failed)} of {len(results)} checks passed.")
    if failed:
        sys.exit(1)
