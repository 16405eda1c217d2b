"""The `wirecopy` command. Each command imports what it needs when it runs, so that all start fast."""

import os
import signal
import sys
from types import FrameType

import click

from flows.commands import say
from flows.commands.backfill import backfill, maintain, rebuild, reprocess
from flows.commands.demo import demo
from flows.commands.export import export
from flows.commands.ingest import ingest
from flows.commands.publish import audit, publish
from flows.commands.report import report
from flows.commands.serve import serve
from flows.commands.sources import release, sources, status
from flows.commands.sql import sql
from flows.errors import BadRequest, NothingToRead, WirecopyError
from warehouse.errors import WarehouseError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wirecopy")
def main_group() -> None:
    """News ingestion that keeps every copy: who ran the same words, as tables in DuckDB."""


for _command in (
    ingest,
    backfill,
    reprocess,
    rebuild,
    maintain,
    sources,
    status,
    release,
    publish,
    audit,
    sql,
    export,
    serve,
    report,
    demo,
):
    main_group.add_command(_command)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what goes wrong is one sentence on stderr and an exit code.

    0: all that was asked is done; 1: something failed or is pending; 2: the command line is wrong.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    code = _run(arguments)
    contact = sys.modules.get("flows.orchestration.contact")
    if contact is not None and contact.has_given_up():
        sys.stdout.flush()
        os._exit(code)  # Prefect would try for minutes to tell the rest to a server that is gone
    if code:
        sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        # Not in its standalone mode, click gives the code of an `Exit` back and raises nothing.
        code = main_group.main(arguments, prog_name="wirecopy", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (BadRequest, NothingToRead) as error:
        say(f"wirecopy: {error}", err=True)
        return 2
    except (WirecopyError, WarehouseError) as error:
        say(f"wirecopy: {error}", err=True)
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("wirecopy: stopped; what was committed stays, the next run goes on.", err=True)
        return 130
    return code if isinstance(code, int) else 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a run as Ctrl-C does: the batch under way is rolled back."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
