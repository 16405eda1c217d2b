"""`wirecopy ingest`."""

import json
from pathlib import Path

import click

from flows.commands import home_option, json_option
from flows.settings import load_settings, prefect_api_url


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--no-publish", is_flag=True, help="Leave the published copy as it is.")
@home_option
@json_option
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
