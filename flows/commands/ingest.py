"""`wirecopy ingest`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import click

from flows.commands import home_option, json_option, networks_option
from flows.settings import load_settings


@click.command()
@click.argument("what", nargs=-1, metavar="[PATH|URL]...")
@click.option(
    "--source", "sources", multiple=True, metavar="SLUG", help="Only this source, due or not."
)
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@networks_option
@home_option
@json_option
def ingest(
    what: tuple[str, ...],
    sources: tuple[str, ...],
    no_publish: bool,  # noqa: FBT001 - a flag of the command line, as below
    allow_private_networks: bool,  # noqa: FBT001
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Load what is new: from the sources that are due, or from what is named here.

    A PATH is a text, HTML, JSONL or WARC file, or a folder of them. A URL is a feed, a sitemap or a
    page, told apart by content.
    """
    from flows.ingest import ingest_any  # noqa: PLC0415
    from flows.orchestration.known_servers import find_server  # noqa: PLC0415
    from flows.progress import progress, report  # noqa: PLC0415
    from flows.walk import Summary  # noqa: PLC0415

    settings = load_settings(home, allow_private_networks=allow_private_networks)
    if server := find_server(settings.home):
        from flows.archive import existing_paths  # noqa: PLC0415
        from flows.orchestration.recorded import run_recorded  # noqa: PLC0415

        places = tuple(word if "://" in word else str(Path(word).absolute()) for word in what)
        existing_paths([place for place in places if "://" not in place])
        given = {"paths": places, "sources": sources, "publish_after": not no_publish}
        summary = cast(Summary, run_recorded(server, settings, "ingest", **given))
    else:
        click.echo("Without a Prefect server: none is configured or running.", err=True)
        with progress() as watch:
            summary = ingest_any(
                settings, what, sources=sources, publish_after=not no_publish, watch=watch
            )
    click.echo(json.dumps(summary.as_json()) if as_json else report(summary))
    if not summary.is_done:
        raise click.exceptions.Exit(1)
