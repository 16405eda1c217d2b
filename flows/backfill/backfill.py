"""Backfill: a range of days from an archive, by the same walk as everything else.

    checked -> units of an archive -> entries -> walk -> publish
    (request)  (search)                          (flows.walk)

What is skipped is what earlier runs committed: whole units, and of the unit that was under way all
entries up to the place reached. So a run that was killed is completed by the next one, and two that
overlap end with the tables of one over all their days.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import filelock

from flows.backfill.plan import Plan
from flows.backfill.request import BackfillRequest, checked, origins_of
from flows.backfill.search import Search, day_range
from flows.backfill.units import Courses
from flows.progress import report
from flows.publish import publish, publishing
from flows.runs import recorded_run, utc_now
from flows.settings import Settings
from flows.sources import read_sources
from flows.sources.tables import sync_sources
from flows.walk import Load, Summary, Watch, load_now, walk
from transforms.identity import hashed_id
from warehouse.connection import transaction, writer
from warehouse.errors import WarehouseLocked


@dataclass(slots=True)
class BackfillSummary(Summary):
    """What a backfill came to; `plan` is what a dry run would do.

    `units` are the parts of the archive that were looked into: `units_done` read to their end now,
    `units_before` in earlier runs, `units_incomplete` with something pending. `passed` counts the
    records that were not asked for. `problems` are sentences on what could not be read at all.
    """

    units: int = 0
    units_done: int = 0
    units_before: int = 0
    units_incomplete: int = 0
    passed: int = 0
    problems: list[str] = field(default_factory=list)
    plan: Plan | None = None

    @property
    def is_done(self) -> bool:
        """Whether all that was asked for is done."""
        return not (self.states["pending"] or self.units_incomplete or self.problems)

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        found = {
            **Summary.as_json(self),
            "units": self.units,
            "units_done": self.units_done,
            "units_done_before": self.units_before,
            "units_incomplete": self.units_incomplete,
            "records_passed": self.passed,
            "problems": self.problems,
        }
        return found if self.plan is None else {**found, "plan": self.plan.as_json()}

    def take(self, courses: Courses) -> None:
        """Count the units as they stand."""
        self.units = courses.begun + courses.done_before
        self.units_done, self.units_incomplete = courses.finished, courses.incomplete
        self.units_before = courses.done_before
        self.passed, self.unchanged = courses.passed, courses.unchanged


def backfill(
    settings: Settings,
    request: BackfillRequest,
    *,
    publish_after: bool = True,
    load: Load = load_now,
    watch: Watch = lambda _: None,
    prefect_flow_run_id: str | None = None,
) -> BackfillSummary:
    """Load a range of days from an archive, compare what is new with everything held, and publish.

    Args:
        settings: Where the data is and what a run may take.
        request: What is asked for; it is checked first.
        publish_after: Whether readers get the new state when all is loaded.
        load: What loads one batch; a flow run passes a task.
        watch: Called after each batch with the counts so far.
        prefect_flow_run_id: The flow run this is, if it is one.

    Raises:
        BadRequest: The request cannot be done; nothing was written.
        WarehouseLocked: Another writer held the warehouse too long.
        CheckFailed: All is loaded, but a check failed; readers keep the copy they have.
    """
    started = time.monotonic()
    today = utc_now().date()
    request = checked(settings, request, today=today)
    summary = BackfillSummary()
    if request.dry_run:
        from flows.backfill.estimate import estimate  # noqa: PLC0415 - only for a dry run

        summary.plan = estimate(settings, request, today=today)
        summary.problems = summary.plan.problems
        summary.seconds = time.monotonic() - started
        return summary
    with (
        _turn(settings, request),
        recorded_run(
            settings, "backfill", request.as_json(), prefect_flow_run_id=prefect_flow_run_id
        ) as run,
    ):
        summary.run_id = run.run_id
        with writer(settings.home, wait_s=settings.lock_wait_s) as con, transaction(con):
            sync_sources(con, read_sources(settings))
        days = day_range(settings, request)
        courses = Courses(settings, request, days, run.run_id)

        def counted(so_far: Summary) -> None:
            summary.take(courses)
            told_to(so_far)

        told_to = publishing(settings, watch) if publish_after else watch

        try:
            with ExitStack() as stack:
                search = Search(
                    settings, request, days, origins_of(settings, request), courses, stack, today
                )
                summary.problems = search.problems
                walk(
                    settings,
                    run.run_id,
                    search.steps(),
                    summary,
                    load=courses.loading(load),
                    watch=counted,
                )
        finally:
            summary.take(courses)
            summary.seconds = time.monotonic() - started
            run.outcomes = summary.as_json()
    if publish_after:
        publish(settings)
        summary.published = True
    summary.seconds = time.monotonic() - started
    return summary


@contextmanager
def _turn(settings: Settings, request: BackfillRequest) -> Iterator[None]:
    """One run at a time of those that would read the same units; the next finds what is left."""
    asked = (request.archive, str(request.since), str(request.until), *sorted(request.sources))
    path = settings.home / "live" / "backfills" / f"{hashed_id(*asked)}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=settings.lock_wait_s)
    except filelock.Timeout:
        raise WarehouseLocked(
            f"The same backfill is under way in {settings.home} and did not finish within "
            f"{settings.lock_wait_s:g} s. Run this again later; nothing was changed."
        ) from None
    try:
        yield
    finally:
        lock.release()


def told(summary: BackfillSummary) -> str:
    """What a backfill came to, in a few lines for a person."""
    if summary.plan is not None:
        return summary.plan.as_text()
    counted = report(summary) if summary.inputs else "Nothing of these days was found that is new."
    units = (
        f"{summary.units:,} units: {summary.units_done:,} read to their end, "
        f"{summary.units_before:,} done before, {summary.units_incomplete:,} incomplete; "
        f"{summary.passed:,} records were not asked for."
    )
    return "\n".join([counted, units, *summary.problems])
