"""A run and its row in `ops.runs`: opened before anything else, closed however the run ends."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import filelock

from flows.archive import LOCAL_SOURCE
from flows.compare import compare_stale
from flows.settings import Settings, agencies_csv
from transforms.agencies import parse_agencies
from transforms.identity import hashed_id
from warehouse import load, lookup
from warehouse.connection import PUBLISHED, Connection, transaction, writer
from warehouse.migrate import migrate
from warehouse.snapshot import publish

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Run:
    """A run under way; `outcomes` is what its row will say it came to."""

    run_id: str
    started_at: datetime
    outcomes: Mapping[str, object]


@contextmanager
def recorded_run(
    settings: Settings,
    flow: str,
    parameters: Mapping[str, object],
    *,
    prefect_flow_run_id: str | None = None,
    clock: Clock = utc_now,
) -> Iterator[Run]:
    """Bring the warehouse up to date, record that a run begins, and how it ends.

    A run holds a lock as long as its process lives; a row that says `running` and whose lock is
    free was left by a crash, and is closed as such.
    """
    run = Run(uuid.uuid4().hex, clock(), {})
    folder = settings.home / "live" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.run_id}.lock"
    with filelock.FileLock(path):
        with writer(settings.home, wait_s=settings.lock_wait_s) as con:
            _open(con, settings, run, flow, parameters, prefect_flow_run_id, folder)
        status = "failed"
        try:
            yield run
            status = "completed"
        except BaseException as stop:
            # Interrupted here, or told to end by the runner of a flow run; what else is an error.
            status = "failed" if isinstance(stop, Exception) else "cancelled"
            raise
        finally:
            with writer(settings.home, wait_s=settings.lock_wait_s) as con:
                load.end_run(con, run.run_id, clock(), status, json.dumps(dict(run.outcomes)))
            path.unlink(missing_ok=True)


def _open(
    con: Connection,
    settings: Settings,
    run: Run,
    flow: str,
    parameters: Mapping[str, object],
    prefect_flow_run_id: str | None,
    folder: Path,
) -> None:
    migrate(con, run.started_at)
    with transaction(con):
        for run_id in lookup.running_runs(con):
            if _is_free(folder / f"{run_id}.lock"):
                load.close_crashed_run(con, run_id, run.started_at)
        load.append(
            con,
            "ops.runs",
            [
                {
                    "run_id": run.run_id,
                    "flow": flow,
                    "started_at": run.started_at,
                    "status": "running",
                    "parameters": json.dumps(dict(parameters)),
                    "prefect_flow_run_id": prefect_flow_run_id,
                }
            ],
        )
        _load_reference(con)
    _catch_up(con, settings.batch_entries)
    if not (settings.home / PUBLISHED).exists():
        publish(con, settings.home)  # readers find the tables from the first moment on


def _catch_up(con: Connection, article_count: int) -> None:
    """Compare again what a former version compared in its own way, a transaction each batch."""
    is_told = False
    while True:
        with transaction(con):
            if not compare_stale(con, article_count):
                return
        if not is_told:
            click.echo(
                "Comparing all articles again: the rules are new. This happens once.", err=True
            )
            is_told = True


def _load_reference(con: Connection) -> None:
    """The agencies the rules know, and the source that stands for local files."""
    agencies = parse_agencies(agencies_csv()).agencies
    load.replace_agencies(con, [(each.agency_id, each.name) for each in agencies])
    source_id = hashed_id("source", LOCAL_SOURCE)
    if not lookup.by_ids(con, "sources", [source_id]):
        row = {
            "source_id": source_id,
            "slug": LOCAL_SOURCE,
            "url": "file:",
            "kind": "folder",
            "is_enabled": False,
            "is_precision_favored": False,
            "is_listed": False,
        }
        load.append(con, "sources", [row])


def _is_free(path: Path) -> bool:
    if not path.exists():
        return True
    try:
        filelock.FileLock(path).acquire(timeout=0).lock.release()
    except filelock.Timeout:
        return False
    path.unlink(missing_ok=True)
    return True
