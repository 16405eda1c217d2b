"""`wirecopy export`."""

import json
from pathlib import Path

import click

from flows.commands import home_option, json_option
from flows.settings import load_settings


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace an earlier export in DIR.")
@home_option
@json_option
def export(folder: Path, replace: bool, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Write every published table and view as Parquet, by month, into a new folder DIR."""
    from dataclasses import asdict  # noqa: PLC0415

    from flows.export import export as run  # noqa: PLC0415

    tables = run(load_settings(home).home, folder, replace=replace)
    rows = sum(table.row_count for table in tables)
    if as_json:
        contents = {"path": str(folder.absolute()), "tables": [asdict(table) for table in tables]}
        click.echo(json.dumps(contents))
    else:
        click.echo(f"Exported {len(tables)} tables and views, {rows:,} rows, to {folder}.")
