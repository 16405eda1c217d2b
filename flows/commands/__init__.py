"""The commands of `wirecopy`, one module for each group of them; `flows.cli` puts them together.

All are imported at every start, so each imports what it needs only when it runs.
"""

from pathlib import Path

import click

from flows.settings import DEFAULT_HOME, HOME_VARIABLE

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Data folder [default: ${HOME_VARIABLE}, else {DEFAULT_HOME} here].",
)
networks_option = click.option(
    "--allow-private-networks",
    is_flag=True,
    help="Let fetches reach addresses that are not public [also: $WIRECOPY_ALLOW_PRIVATE_NETWORKS=1].",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


def say(text: object, *, err: bool = False) -> None:
    """Print what may hold the words of others: what a terminal would obey is written out."""
    from flows.query.cells import one_line, printable  # noqa: PLC0415 - costs every start

    lines = (printable(one_line(line)) for line in str(text).split("\n"))
    click.echo("\n".join(lines), err=err)
