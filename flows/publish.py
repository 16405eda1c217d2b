"""Publish and audit: prove what the tables promise, then give readers their copy."""

import time
from collections.abc import Callable
from typing import TypeVar

from flows.figures import store_figures
from flows.settings import Settings
from warehouse.checks import CheckResult, run_checks
from warehouse.connection import LIVE, PUBLISHED, writer
from warehouse.errors import CheckFailed, NotPublished
from warehouse.load import settle_source_publishers
from warehouse.migrate import require_current
from warehouse.snapshot import publish as publish_copy

Counts = TypeVar("Counts")


def audit(settings: Settings, *, deep: bool = False) -> list[CheckResult]:
    """Run every check on the writer's file, with all figures stored as in a published copy.

    `deep` also reads every capture from where it lies and compares its digest.

    Raises:
        NotPublished: Nothing has been loaded in this folder yet.
        SchemaTooOld: An older wirecopy made this folder, and nothing was loaded since.
    """
    _require_live(settings)
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        require_current(con)
        store_figures(con)
        settle_source_publishers(con)
        results = run_checks(con)
    if deep:
        from flows.backfill.verify import verify_captures  # noqa: PLC0415 - publishing needs none of it

        results.append(verify_captures(settings))
    return results


def publish(settings: Settings) -> int:
    """Run every check, then replace the published copy; returns its size in bytes.

    Raises:
        CheckFailed: A check found rows that break it; the published copy stays as it was.
        SchemaTooOld: An older wirecopy made this folder, and nothing was loaded since.
    """
    _require_live(settings)
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        require_current(con)
        store_figures(con)
        settle_source_publishers(con)
        failed = [result.name for result in run_checks(con) if not result.passed]
        if failed:
            raise CheckFailed(
                f"Not published: {', '.join(failed)} failed. `wirecopy audit` shows the rows; "
                "readers keep the copy they have."
            )
        return publish_copy(con, settings.home)


def publishing(
    settings: Settings,
    watch: Callable[[Counts], None],
    *,
    clock: Callable[[], float] = time.time,
) -> Callable[[Counts], None]:
    """A watch for a long run: after a batch, it publishes if readers' copy has become too old.

    The copy is too old `settings.publish_every_s` after it was made, or where there is none. A
    check that fails does not end the run, which goes on loading: readers keep the copy they have,
    and the publish at the end of the run says what is wrong.

    Args:
        settings: Where the data is and how old the copy may become.
        watch: Called after each batch, with what it is called with.
        clock: Seconds since 1970, as a file's modification time.
    """
    copy = settings.home / PUBLISHED
    due = copy.stat().st_mtime + settings.publish_every_s if copy.exists() else clock()

    def watching(counts: Counts) -> None:
        nonlocal due
        if clock() >= due:
            try:
                publish(settings)
            except CheckFailed:
                pass  # told at the end of the run, when the same checks fail again
            finally:
                due = clock() + settings.publish_every_s
        watch(counts)

    return watching


def _require_live(settings: Settings) -> None:
    if not (settings.home / LIVE).exists():
        raise NotPublished(
            f"There is no warehouse in {settings.home} yet. Run `wirecopy ingest` first."
        )
