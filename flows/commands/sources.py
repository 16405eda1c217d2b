"""`wirecopy sources`, `wirecopy status`, `wirecopy release`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from flows.commands import home_option, json_option, networks_option, say
from flows.settings import load_settings


@click.group()
def sources() -> None:
    """The feeds, sitemaps and pages that are polled: `sources.toml` in the data folder."""


@sources.command("list")
@home_option
@json_option
def list_sources(home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Show the sources of `sources.toml`."""
    from flows.sources import read_source_list, sources_file  # noqa: PLC0415
    from transforms.source_lists import table_of  # noqa: PLC0415

    settings = load_settings(home)
    listed = read_source_list(settings)
    for fault in listed.faults:
        say(fault, err=True)
    if as_json:
        tables = [table_of(spec) for spec in listed.sources]
        report = {"file": str(sources_file(settings)), "sources": tables}
        click.echo(json.dumps({**report, "faults": list(listed.faults)}, default=str))
        return
    if not listed.sources:
        click.echo("No sources yet: `wirecopy sources add URL`, or `wirecopy sources import`.")
    for spec in listed.sources:
        off = "" if spec.enabled else "  (disabled)"
        say(f"{spec.slug}  {spec.kind}  {spec.url}{off}")


@sources.command()
@click.argument("url")
@click.option("--slug", help="Its short name [default: of what it calls itself].")
@click.option("--publisher", help="Who publishes it.")
@click.option("--language", help='Of its articles, where they do not say: "en".')
@click.option("--timezone", help='Of its times without a zone: "Europe/Lisbon".')
@click.option("--every", help='How often to poll it: "30m", "2h" [default: adapts].')
@click.option("--kind", type=click.Choice(["feed", "sitemap", "page"]), help="What it is.")
@networks_option
@home_option
@json_option
def add(
    url: str,
    slug: str | None,
    publisher: str | None,
    language: str | None,
    timezone: str | None,
    every: str | None,
    kind: str | None,
    allow_private_networks: bool,  # noqa: FBT001 - a flag of the command line, as below
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Add the feed, sitemap or page at URL; of a site, the feed it announces."""
    from flows.sources.exchange import add_found  # noqa: PLC0415

    settings = load_settings(home, allow_private_networks=allow_private_networks)
    wishes = {
        "slug": slug,
        "publisher": publisher,
        "language": language,
        "timezone": timezone,
        "every": every,
    }
    added = add_found(settings, url, kind, {key: value for key, value in wishes.items() if value})
    if as_json:
        click.echo(json.dumps(added.as_json()))
    else:
        say(added.sentence())


@sources.command()
@click.argument("slug")
@home_option
def remove(slug: str, home: Path | None) -> None:
    """Take a source off the list; the articles it brought stay."""
    from flows.sources.registry import remove_source  # noqa: PLC0415

    removed = remove_source(load_settings(home), slug)
    say(f"Removed {removed.slug} ({removed.url}).")


@sources.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--starter", is_flag=True, help="The list of public news sources that comes with wirecopy."
)
@home_option
@json_option
def import_sources(
    file: Path | None,
    starter: bool,  # noqa: FBT001 - a flag of the command line, as below
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Add the sources of an OPML or TOML FILE; those that are there already are left as they are."""
    from flows.sources.exchange import import_file, import_starter  # noqa: PLC0415

    if (file is None) != starter:
        raise click.UsageError("Name a file, or give --starter.")
    settings = load_settings(home)
    imported = import_starter(settings) if file is None else import_file(settings, file)
    for fault in imported.faults:
        say(fault, err=True)
    if as_json:
        click.echo(json.dumps(imported.as_json()))
    else:
        say(imported.sentence())
    if imported.faults:
        raise click.exceptions.Exit(1)


@sources.command("export")
@click.option(
    "--format", "kind", type=click.Choice(["opml", "toml"]), default="opml", show_default=True
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File [default: stdout].",
)
@home_option
def export_sources(kind: str, output: Path | None, home: Path | None) -> None:
    """Write the list as OPML, for a feed reader, or as TOML."""
    from flows.sources.exchange import export  # noqa: PLC0415

    content = export(load_settings(home), kind, output)
    if output is None:
        sys.stdout.buffer.write(content)


@click.command()
@home_option
@json_option
def status(home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Show each source: its last success, next poll and, where it stopped, why."""
    from flows.runs import utc_now  # noqa: PLC0415
    from flows.sources.standings import overview  # noqa: PLC0415
    from flows.sources.wording import status_lines  # noqa: PLC0415

    found = overview(load_settings(home))
    if as_json:
        click.echo(json.dumps(found.as_json(), default=str))
    else:
        say("\n".join(status_lines(found, utc_now())))


@click.command()
@click.argument("what", required=False, metavar="[URL|SLUG]")
@click.option("--reason", help="All pages quarantined for this reason.")
@click.option("--all", "is_all", is_flag=True, help="All that is quarantined or stopped.")
@home_option
@json_option
def release(
    what: str | None,
    reason: str | None,
    is_all: bool,  # noqa: FBT001 - a flag of the command line, as below
    home: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Try again what is quarantined, and poll again what has stopped: with the next ingest."""
    from flows.sources.standings import release as run  # noqa: PLC0415

    done = run(load_settings(home), what, reason=reason, is_all=is_all)
    if as_json:
        report = {"pages": done.pages, "sources": done.sources, "from_files": done.from_files}
        click.echo(json.dumps(report))
        return
    click.echo(f"{done.pages:,} pages and {len(done.sources):,} sources are due again.")
    if done.from_files:
        click.echo(f"{done.from_files:,} more were read from files: `wirecopy ingest` them again.")
