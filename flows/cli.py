"""The `wirecopy` command. Each command imports what it needs when it runs, so that all start fast."""

import json
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from flows.errors import NothingToRead, WirecopyError
from flows.settings import DEFAULT_HOME, HOME_VARIABLE, load_settings, prefect_api_url
from warehouse.errors import WarehouseError

_home = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Data folder [default: ${HOME_VARIABLE}, else {DEFAULT_HOME} here].",
)
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wirecopy")
def main_group() -> None:
    """News ingestion that keeps every copy: who ran the same words, as tables in DuckDB."""


@main_group.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@_home
@_json
def ingest(paths: tuple[Path, ...], no_publish: bool, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Load articles from text, HTML, JSONL and WARC files, and folders of them."""
    from flows.archive import existing_paths  # noqa: PLC0415
    from flows.ingest import ingest as run  # noqa: PLC0415
    from flows.progress import progress, report  # noqa: PLC0415

    settings = load_settings(home)
    if api_url := prefect_api_url():
        from flows.server import require_answer  # noqa: PLC0415

        places = [str(path.absolute()) for path in existing_paths(paths)]
        require_answer(api_url)
        click.echo(f"As a flow run on {api_url}.", err=True)
        from flows.orchestration import ingest as flow  # noqa: PLC0415 - takes seconds

        summary = flow(paths=places, home=str(settings.home), publish_after=not no_publish)
    else:
        click.echo("Without a Prefect server: PREFECT_API_URL is not set.", err=True)
        with progress() as watch:
            summary = run(settings, paths, publish_after=not no_publish, watch=watch)
    click.echo(json.dumps(summary.as_json()) if as_json else report(summary))


@main_group.command()
@_home
@_json
def publish(home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Run every check, then replace the published copy."""
    from flows.publish import publish as run  # noqa: PLC0415
    from warehouse.connection import PUBLISHED  # noqa: PLC0415

    settings = load_settings(home)
    size = run(settings)
    path = settings.home / PUBLISHED
    text = f"Published {path} ({size / 1e6:,.1f} MB)."
    click.echo(json.dumps({"path": str(path), "bytes": size}) if as_json else text)


@main_group.command()
@_home
@_json
def audit(home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Run every check on the warehouse; exit code 1 when one fails."""
    from dataclasses import asdict  # noqa: PLC0415

    from flows.publish import audit as run  # noqa: PLC0415

    results = run(load_settings(home))
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


@main_group.command()
@click.argument("query", required=False)
@_home
@_json
def sql(query: str | None, home: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Ask the published copy; without QUERY, a shell (or queries from standard input)."""
    from flows.query import ask_home, shell  # noqa: PLC0415

    folder = load_settings(home).home
    if query is None:
        shell(folder)
    else:
        answer = ask_home(folder, query)
        click.echo(answer.as_json() if as_json else answer.as_table())


@main_group.command()
@_home
def demo(home: Path | None) -> None:
    """Run the demo articles through a local Prefect server and show what was found."""
    from flows.demo import run_demo  # noqa: PLC0415

    run_demo(load_settings(home or "wirecopy-demo"))


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what goes wrong is one sentence on stderr and an exit code.

    0: all that was asked is done; 1: something failed or is pending; 2: the command line is wrong.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        main_group.main(arguments, prog_name="wirecopy", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except NothingToRead as error:
        click.echo(f"wirecopy: {error}", err=True)
        sys.exit(2)
    except (WirecopyError, WarehouseError) as error:
        click.echo(f"wirecopy: {error}", err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("wirecopy: stopped; what was committed stays, the next run goes on.", err=True)
        sys.exit(130)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a run as Ctrl-C does: the batch under way is rolled back."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
