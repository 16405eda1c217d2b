"""Folders and WARC files that are sources: read when they are due, as `ingest PATH` reads them.

A file that was read before and is as it was costs a look; that it was read is the tables' to say. When
a source is looked at next is written once all that was found is committed, so that a round that is
killed leaves it due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.archive import FileReading, find_files, open_regular
from flows.ingest import file_steps
from flows.ledger import Input, update_ledger
from flows.polling.states import Standing, standing_of, state_row
from flows.readings import Found, Step
from flows.runs import utc_now
from flows.settings import Settings
from flows.sources.places import place
from flows.sources.tables import is_polled, source_of
from flows.walk import Summary, Watch
from transforms.identity import hashed_id
from transforms.polling import FailureKind, PollOutcome, PollResult, next_poll
from transforms.records import Reason, Rejection, State
from warehouse import load, lookup
from warehouse.connection import Connection, transaction, writer


@dataclass(frozen=True, slots=True)
class _Looked:
    """A source that was looked at: how much in it is new, or why it cannot be read."""

    standing: Standing
    root: Path
    new_count: int
    fault: str | None


class Folders:
    """The folders and WARC files of one round.

    Args:
        settings: Where the data is.
        run_id: The run under way.
        summary: Counted into.
        watch: Called when all have been counted.
    """

    def __init__(self, settings: Settings, run_id: str, summary: Summary, watch: Watch) -> None:
        self._settings = settings
        self._run_id = run_id
        self._summary = summary
        self._watch = watch
        self._looked: list[_Looked] = []

    def steps(self, slugs: frozenset[str]) -> Iterator[Step]:
        """What is new in these sources, due or not; with none in all that are due.

        A file that lies in two of them is read for the first.
        """
        for standing in self._due(slugs):
            source = standing.source
            root = place(self._settings, source.url)
            roots = [each.root for each in self._looked]
            fault, new_count = _fault(root), 0
            for step in file_steps(
                self._settings, _readings(root, source.slug, roots), self._summary
            ):
                new_count += isinstance(step, Found)
                yield step
            self._looked.append(_Looked(standing, root, new_count, fault))

    def settle(self) -> None:
        """Write when each is looked at next; call it when all that was found is committed."""
        if not self._looked:
            return
        now = utc_now()
        with (
            writer(self._settings.home, wait_s=self._settings.lock_wait_s) as con,
            transaction(con),
        ):
            self._close(con, now)
            rows = [state_row(_settled(each, now)) for each in self._looked]
            load.delete(con, "source_state", [str(row["source_id"]) for row in rows])
            load.append(con, "ops.source_state", rows)
        summary = self._summary
        summary.polled += len(self._looked)
        summary.failed_sources += sum(each.fault is not None for each in self._looked)
        summary.unchanged_sources += sum(
            each.fault is None and not each.new_count for each in self._looked
        )
        self._watch(summary)

    def _due(self, slugs: frozenset[str]) -> list[Standing]:
        with writer(self._settings.home, wait_s=self._settings.lock_wait_s) as con:
            sources = [
                source
                for source in map(source_of, lookup.rows(con, "sources_held"))
                if source.is_listed
                and not is_polled(source)
                and (source.slug in slugs if slugs else source.is_enabled)
            ]
            found = lookup.by_ids(con, "source_states", (each.source_id for each in sources))
        states = {str(row["source_id"]): row for row in found}
        standings = [standing_of(each, states.get(each.source_id)) for each in sources]
        now = utc_now()
        due = [each for each in standings if slugs or each.is_due(now)]
        return sorted(due, key=lambda each: each.source.slug)

    def _close(self, con: Connection, now: datetime) -> None:
        """What could not be read at all, and now can, is an open input no more."""
        roots = [each.root.as_uri() for each in self._looked if each.fault is None]
        rows = lookup.ledger(con, [hashed_id("input", url) for url in roots], ())
        detail = "It can be read again; its files are inputs of their own."
        closed = [
            Input(url, Rejection(url, Reason.NOT_AN_ARTICLE, detail), State.SKIPPED)
            for url in (str(row["url_key"]) for row in rows if row["reason"] == Reason.UNREADABLE)
        ]
        update_ledger(con, self._run_id, closed, now)


def _readings(root: Path, slug: str, others: list[Path]) -> Iterator[FileReading]:
    for reading in find_files([root], must_exist=False):
        if not any(other == reading.path or other in reading.path.parents for other in others):
            yield replace(reading, slug=slug)


def _fault(root: Path) -> str | None:
    """Why nothing in it can be read, a sentence; None where it can."""
    try:
        if root.is_dir():
            next(root.iterdir(), None)
        else:
            open_regular(root).close()
    except OSError as error:
        return f"{str(root)!r} cannot be read: {error.strerror or error}."
    return None


def _settled(looked: _Looked, now: datetime) -> Standing:
    """Where the source stands after this."""
    before, source = looked.standing, looked.standing.source
    if looked.fault is not None:
        outcome = PollOutcome(PollResult.FAILED, failure=FailureKind.SOFT, detail=looked.fault)
    else:
        result = PollResult.NEW_ENTRIES if looked.new_count else PollResult.UNCHANGED
        outcome = PollOutcome(result, new_count=looked.new_count)
    poll = next_poll(
        now=now,
        previous=before.poll,
        outcome=outcome,
        hints=replace(before.hints, every_s=source.every_s),
        seed=source.source_id,
    )
    return replace(
        before,
        poll=poll,
        last_polled_at=now,
        last_reason=Reason.UNREADABLE.value if looked.fault else None,
        last_error=looked.fault,
    )
