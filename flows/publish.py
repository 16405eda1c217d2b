"""Publish and audit: prove what the tables promise, then give readers their copy."""

from flows.settings import Settings
from warehouse.checks import CheckResult, run_checks
from warehouse.connection import LIVE, writer
from warehouse.errors import CheckFailed, NotPublished
from warehouse.load import count_wire_words
from warehouse.snapshot import publish as publish_copy


def audit(settings: Settings) -> list[CheckResult]:
    """Run every check on the writer's file.

    Raises:
        NotPublished: Nothing has been loaded in this folder yet.
    """
    _require_live(settings)
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        return run_checks(con)


def publish(settings: Settings) -> int:
    """Run every check, then replace the published copy; returns its size in bytes.

    Raises:
        CheckFailed: A check found rows that break it; the published copy stays as it was.
    """
    _require_live(settings)
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        count_wire_words(con)
        failed = [result.name for result in run_checks(con) if not result.passed]
        if failed:
            raise CheckFailed(
                f"Not published: {', '.join(failed)} failed. `wirecopy audit` shows the rows; "
                "readers keep the copy they have."
            )
        return publish_copy(con, settings.home)


def _require_live(settings: Settings) -> None:
    if not (settings.home / LIVE).exists():
        raise NotPublished(
            f"There is no warehouse in {settings.home} yet. Run `wirecopy ingest` first."
        )
