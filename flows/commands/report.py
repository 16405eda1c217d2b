"""`wirecopy report`."""

import json
from pathlib import Path

import click

from flows.commands import home_option, json_option
from flows.settings import load_settings

_DEFAULT = "wirecopy-report.html"


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=_DEFAULT,
    show_default=True,
    help="The file to write.",
)
@home_option
@json_option
def report(output: Path, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Write what the published copy holds as one HTML file: charts, data health, copies side by side."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from flows.report.compose import write_report  # noqa: PLC0415

    written = write_report(load_settings(home).home, output.absolute(), datetime.now(UTC))
    text = (
        f"Wrote {written.path} ({written.bytes / 1e6:,.1f} MB): {written.article_count:,} articles, "
        f"{written.pair_count} pairs to read side by side."
    )
    click.echo(json.dumps(written.as_json()) if as_json else text)
