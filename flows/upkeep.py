"""Upkeep: what is cleared away, and the writer's file made as small as it can be.

Every step is safe at any instant: rows go in one transaction with the counts that stand for them,
files go only while the writer's right is held, and captures are never deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import filelock

from flows.backfill.rebuild import ASIDE
from flows.publish import audit, publish
from flows.runs import recorded_run, utc_now
from flows.settings import Settings
from warehouse import load, lookup
from warehouse.connection import LIVE, PUBLISHED, exclusive, transaction, writer
from warehouse.replacement import beside, carry_tables, fresh_file, put_in_place, settle

_COMPACT = Path("live", "compact")


@dataclass(slots=True)
class Upkeep:
    """What was done: fetches and entries kept as counts, files removed, and the file's size in bytes."""

    fetches_retired: int = 0
    entries_retired: int = 0
    files_removed: list[str] = field(default_factory=list)
    bytes_before: int = 0
    bytes_after: int = 0
    failed_checks: list[str] = field(default_factory=list)
    published: bool = False

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            "fetches_retired": self.fetches_retired,
            "entries_retired": self.entries_retired,
            "files_removed": self.files_removed,
            "bytes_before": self.bytes_before,
            "bytes_after": self.bytes_after,
            "failed_checks": self.failed_checks,
            "published": self.published,
        }

    def as_text(self) -> str:
        """The same in a few lines for a person."""
        lines = [
            f"{self.fetches_retired:,} fetches with {self.entries_retired:,} entries kept as counts.",
            f"{len(self.files_removed):,} files that nobody needs removed.",
            f"The writer's file had {self.bytes_before / 1e6:,.1f} MB,",
            f"and has {self.bytes_after / 1e6:,.1f} MB now.",
        ]
        lines += [f"FAILED {name}: see `wirecopy audit`." for name in self.failed_checks]
        return "\n".join(lines)


def maintain(settings: Settings, *, publish_after: bool = True) -> Upkeep:
    """Retire old sightings, remove what killed runs left, compact the writer's file, check, publish.

    Args:
        settings: Where the data is, how long sightings are kept, when a file is compacted.
        publish_after: Whether readers get the new state.

    Raises:
        WarehouseLocked: Another writer, or a program that has the file open, did not let go.
    """
    upkeep = Upkeep()
    with recorded_run(settings, "maintain", {}) as run:
        try:
            _retire(settings, upkeep)
            with exclusive(settings.home, wait_s=settings.lock_wait_s):
                upkeep.files_removed = sorted(
                    map(str, _remove_left_over(settings.home, run.run_id))
                )
                settle(settings.home, wait_s=settings.lock_wait_s)
                upkeep.bytes_before = (settings.home / LIVE).stat().st_size
            _compact(settings)
            upkeep.bytes_after = (settings.home / LIVE).stat().st_size
        finally:
            run.outcomes = upkeep.as_json()
    upkeep.failed_checks = [result.name for result in audit(settings) if not result.passed]
    if publish_after and not upkeep.failed_checks:
        publish(settings)
        upkeep.published = True
    return upkeep


def _retire(settings: Settings, upkeep: Upkeep) -> None:
    """Keep of old sightings what they came to, day by day, and delete them."""
    if settings.keep_entries_days is None:
        return
    before = utc_now() - timedelta(days=settings.keep_entries_days)
    with writer(settings.home, wait_s=settings.lock_wait_s) as con, transaction(con):
        rows = lookup.rows(con, "retirable_fetches", before=before)
        ids = [str(row["fetch_id"]) for row in rows]
        upkeep.fetches_retired, upkeep.entries_retired = load.retire_fetches(con, ids)


def _remove_left_over(home: Path, run_id: str) -> Iterator[Path]:
    """Remove what killed runs left: nobody else writes meanwhile, and what is locked is in use."""
    for path in (home / f".{PUBLISHED.name}.draft",):
        if path.exists():
            path.unlink()
            yield path
    for folder in (home / ASIDE, home / _COMPACT, (home / LIVE).with_suffix(".tmp")):
        if folder.is_dir():
            shutil.rmtree(folder)
            yield folder
    for path in (home / "live" / "runs").glob("*.lock"):
        if path.stem != run_id and _is_free(path):
            yield path


def _is_free(path: Path) -> bool:
    """Whether a run's lock belongs to nobody any more; then it is removed."""
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return False
    path.unlink(missing_ok=True)
    lock.release()
    return True


def _compact(settings: Settings) -> None:
    """Copy what the file holds to a new one where much of it is free, and put that in its place."""
    home, wait_s = settings.home, settings.lock_wait_s
    with exclusive(home, wait_s=wait_s):
        settle(home, wait_s=wait_s)
        aside = home / _COMPACT
        try:
            with fresh_file(aside / LIVE.name, utc_now()) as con, beside(con, home / LIVE):
                size = lookup.counts(con, "former_size")
                if size["free_byte_count"] < settings.compact_free_ratio * size["byte_count"]:
                    return
                with transaction(con):
                    load.forget_migrations(con)
                    carry_tables(con, lambda _: True)
            put_in_place(home, aside / LIVE.name, wait_s=wait_s)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
