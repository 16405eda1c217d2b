"""`wirecopy sql`."""

from pathlib import Path

import click

from flows.commands import home_option, json_option
from flows.settings import load_settings


@click.command()
@click.argument("query", required=False)
@home_option
@json_option
def sql(query: str | None, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Ask the published copy; without QUERY, a shell (or queries from standard input)."""
    from flows.query import ask_home, shell  # noqa: PLC0415

    folder = load_settings(home).home
    if query is None:
        shell(folder)
    else:
        answer = ask_home(folder, query)
        click.echo(answer.as_json() if as_json else answer.as_table())
