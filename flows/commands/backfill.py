"""`wirecopy backfill`, `reprocess`, `rebuild` and `maintain`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import click

from flows.commands import home_option, json_option, networks_option, say
from flows.settings import load_settings

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_ARCHIVES = ("landed", "sitemap", "warc", "wayback")


@click.command()
@click.option("--since", type=_DAY, required=True, help="First day of publication (UTC).")
@click.option("--until", type=_DAY, required=True, help="Last day; it belongs to the range.")
@click.option("--source", "sources", multiple=True, metavar="SLUG", help="Only this source.")
@click.option(
    "--archive",
    type=click.Choice(_ARCHIVES),
    default="landed",
    show_default=True,
    help="Our own captures, the sources' sitemaps, WARC files or Common Crawl's news archive, or "
    "the Wayback Machine.",
)
@click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="PATH|URL",
    help="A WARC file or a folder of them (warc), the address of a sitemap (sitemap).",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and what it costs.")
@click.option("--force", is_flag=True, help="Do what was done before once more.")
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@networks_option
@home_option
@json_option
def backfill(
    since: datetime,
    until: datetime,
    sources: tuple[str, ...],
    archive: str,
    paths: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001 - a flag of the command line, as below
    force: bool,  # noqa: FBT001
    no_publish: bool,  # noqa: FBT001
    allow_private_networks: bool,  # noqa: FBT001
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Load what was published in a range of days from an archive."""
    from flows.backfill.backfill import BackfillSummary, told  # noqa: PLC0415
    from flows.backfill.backfill import backfill as run  # noqa: PLC0415
    from flows.backfill.request import Archive, BackfillRequest, checked  # noqa: PLC0415
    from flows.orchestration.known_servers import find_server  # noqa: PLC0415
    from flows.progress import progress  # noqa: PLC0415

    settings = load_settings(home, allow_private_networks=allow_private_networks)
    request = BackfillRequest(
        since.date(),
        until.date(),
        sources,
        cast(Archive, archive),
        paths,
        dry_run,
        force,
    )
    if server := find_server(settings.home):
        from flows.orchestration.recorded import run_recorded  # noqa: PLC0415

        checked(settings, request, today=datetime.now(UTC).date())  # a wrong line makes no run
        given = {**asdict(request), "paths": _places(paths), "publish_after": not no_publish}
        summary = cast(BackfillSummary, run_recorded(server, settings, "backfill", **given))
    else:
        click.echo("Without a Prefect server: none is configured or running.", err=True)
        with progress() as watch:
            summary = run(settings, request, publish_after=not no_publish, watch=watch)
    if as_json:
        click.echo(json.dumps(summary.as_json()))
    else:
        say(told(summary))
    if not summary.is_done:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--since", type=_DAY, help="First day of publication (UTC).")
@click.option("--until", type=_DAY, help="Last day; it belongs to the range.")
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@home_option
@json_option
def reprocess(
    since: datetime | None,
    until: datetime | None,
    no_publish: bool,  # noqa: FBT001
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Extract and compare again what was captured, without the network."""
    from flows.backfill.reprocess import ReprocessSummary, told  # noqa: PLC0415
    from flows.backfill.reprocess import reprocess as run  # noqa: PLC0415
    from flows.backfill.request import check_days  # noqa: PLC0415
    from flows.orchestration.known_servers import find_server  # noqa: PLC0415
    from flows.progress import progress  # noqa: PLC0415

    settings = load_settings(home)
    since_on, until_on = _day(since), _day(until)
    if server := find_server(settings.home):
        from flows.orchestration.recorded import run_recorded  # noqa: PLC0415

        check_days(since_on, until_on, today=datetime.now(UTC).date())
        given = {"since": since_on, "until": until_on, "publish_after": not no_publish}
        summary = cast(ReprocessSummary, run_recorded(server, settings, "reprocess", **given))
    else:
        click.echo("Without a Prefect server: none is configured or running.", err=True)
        with progress() as watch:
            summary = run(
                settings,
                since=since_on,
                until=until_on,
                publish_after=not no_publish,
                watch=watch,
            )
    if as_json:
        click.echo(json.dumps(summary.as_json()))
    else:
        say(told(summary))
    if not summary.is_done:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--force", is_flag=True, help="Also where articles would be lost.")
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@home_option
@json_option
def rebuild(
    force: bool,  # noqa: FBT001
    no_publish: bool,  # noqa: FBT001
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Make a fresh warehouse from captures alone, and put it in the place of the old one."""
    from flows.backfill.rebuild import rebuild as run  # noqa: PLC0415
    from flows.backfill.reprocess import told  # noqa: PLC0415
    from flows.progress import progress  # noqa: PLC0415

    with progress() as watch:
        summary = run(load_settings(home), force=force, publish_after=not no_publish, watch=watch)
    if as_json:
        click.echo(json.dumps(summary.as_json()))
    else:
        say(told(summary))
    if not summary.is_done:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@home_option
@json_option
def maintain(no_publish: bool, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Clear away what is no longer needed, and make the warehouse's file as small as it can be."""
    from flows.upkeep import maintain as run  # noqa: PLC0415

    upkeep = run(load_settings(home), publish_after=not no_publish)
    click.echo(json.dumps(upkeep.as_json()) if as_json else upkeep.as_text())
    if upkeep.failed_checks:
        raise click.exceptions.Exit(1)


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()


def _places(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The same paths for a process that may stand elsewhere."""
    return tuple(path if "://" in path else str(Path(path).absolute()) for path in paths)
