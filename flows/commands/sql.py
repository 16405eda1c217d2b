"""`wirecopy sql`."""

import sys
from pathlib import Path

import click

from flows.commands import home_option, json_option
from flows.settings import load_settings


@click.command()
@click.argument("query", required=False)
@home_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    help="[default: what FILE ends in, else table]",
)
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the answer to a file, which is replaced when all of it is there.",
)
@json_option
def sql(  # the arguments click gives
    query: str | None,
    home: Path | None,
    form: str | None,
    file: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Ask the published copy; without QUERY, a shell (or queries from standard input)."""
    from flows.query.formats import FORMATS  # noqa: PLC0415
    from flows.query.output import answer, chosen_format  # noqa: PLC0415
    from flows.query.shell import shell  # noqa: PLC0415

    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json and --format {form} are two formats; give one.")
    wanted = "json" if as_json else form
    try:
        chosen = chosen_format(next((each for each in FORMATS if each == wanted), None), file)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    folder = load_settings(home).home
    if query is None and file is None:
        shell(folder, chosen)
    else:
        text = sys.stdin.read() if query is None else query
        answer(folder, text, chosen, file)
