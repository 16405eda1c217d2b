"""The walk of entries to rows, wherever they come from: disk, network, an archive's index.

    steps -> batches -> Extractor -> load_batch
                        (workers)    (batch)

One batch is being extracted in the workers while the one before it is compared and loaded; nothing
else is in memory, however much there is to read.
"""

import contextlib
import ctypes
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

import pyarrow as pa

from flows.batch import Batch, Loaded, Seen, load_batch
from flows.readings import Entry, Finished, Found, Postponed, Reading, Step
from flows.runs import utc_now
from flows.settings import Settings, agencies_csv
from flows.workers import Extractor, Outcome
from transforms.records import Page, Reason

Load = Callable[[Settings, Batch], Loaded]
Watch = Callable[["Summary"], None]


@dataclass(slots=True)
class Summary:
    """What a run came to: entries by state and reason, unchanged ones, and rows added.

    `polled` counts the sources that were asked, `unchanged_sources` those of them that had nothing
    new, `failed_sources` those that could not be read.
    """

    run_id: str = ""
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    batches: int = 0
    matches: int = 0
    passages: int = 0
    seconds: float = 0.0
    published: bool = False
    polled: int = 0
    unchanged_sources: int = 0
    failed_sources: int = 0

    @property
    def inputs(self) -> int:
        """Everything that was met; each is in exactly one of the counts."""
        return self.states.total() + self.unchanged

    @property
    def is_done(self) -> bool:
        """Whether all that was asked is done: nothing is pending and no source failed."""
        return not self.states["pending"] and not self.failed_sources

    def add(self, loaded: Loaded) -> None:
        """Count a batch."""
        self.states.update(loaded.states)
        self.reasons.update(loaded.reasons)
        self.matches += loaded.match_count
        self.passages += loaded.passage_count
        self.batches += 1

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            "run_id": self.run_id,
            "inputs": self.inputs,
            "loaded": self.states["loaded"],
            "duplicate": self.states["duplicate"],
            "skipped": self.states["skipped"],
            "quarantined": self.states["quarantined"],
            "pending": self.states["pending"],
            "unchanged": self.unchanged,
            "reasons": dict(sorted(self.reasons.items())),
            "matches_added": self.matches,
            "passages_added": self.passages,
            "sources_polled": self.polled,
            "sources_unchanged": self.unchanged_sources,
            "sources_failed": self.failed_sources,
            "batches": self.batches,
            "seconds": round(self.seconds, 3),
            "published": self.published,
        }


@dataclass(slots=True)
class _Draft:
    """A batch being filled."""

    entries: list[Found] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    entries_seen: dict[str, int] = field(default_factory=dict)
    finished: dict[str, Reason | None] = field(default_factory=dict)
    bytes: int = 0

    def add(self, step: Step) -> None:
        if isinstance(step, Finished):
            self._reached(step.reading, step.entries_seen)
            self.finished[step.reading.fetch_id] = step.reason
            return
        self.entries.append(step)
        entry = step.entry
        if step.reading is not None:
            self._reached(step.reading, entry.position + 1)
        if entry.attempt is not None:
            self._reached(entry.attempt, 0)
            self.finished[entry.attempt.fetch_id] = entry.attempt.reason
        if isinstance(entry.capture, Page):
            self.bytes += len(entry.capture.payload)

    def _reached(self, reading: Reading, entries_seen: int) -> None:
        # What is fetched side by side is not landed in order.
        before = self.entries_seen.get(reading.fetch_id, 0)
        self.readings[reading.fetch_id] = reading
        self.entries_seen[reading.fetch_id] = max(before, entries_seen)

    def is_full(self, settings: Settings) -> bool:
        many = max(len(self.entries), len(self.readings)) >= settings.batch_entries
        return many or self.bytes >= settings.batch_bytes


def load_now(settings: Settings, batch: Batch) -> Loaded:
    """Load a batch in this process, now."""
    return load_batch(settings.home, batch, now=utc_now(), lock_wait_s=settings.lock_wait_s)


def walk(
    settings: Settings,
    run_id: str,
    steps: Iterable[Step],
    summary: Summary,
    *,
    load: Load = load_now,
    watch: Watch = lambda _: None,
) -> None:
    """Take entries through extraction into the tables, one transaction a batch.

    A batch is committed whole or not at all, so `steps` may end at any instant, and by an error:
    what was committed stays.

    Args:
        settings: Where the data is and how large a batch may be.
        run_id: The run under way, a row of `ops.runs`.
        steps: Entries and the ends of their readings. The sightings of a reading come in order of
            position and without gaps, if not all in one batch.
        summary: Counted into.
        load: What loads one batch; a flow run passes a task.
        watch: Called after each batch with the counts so far.

    Raises:
        WarehouseLocked: Another writer held the warehouse too long.
    """
    with _extractor(settings) as extractor:
        waiting: deque[tuple[_Draft, list[Future[Outcome]]]] = deque()

        def load_next() -> None:
            batch = _batch(run_id, extractor, *waiting.popleft())
            summary.add(load(settings, batch))
            watch(summary)
            _return_freed_memory()

        for draft in _drafts(settings, steps):
            waiting.append((draft, extractor.submit(_pages(draft))))
            if len(waiting) > 1:
                load_next()
        while waiting:
            load_next()


def _return_freed_memory() -> None:
    """Give what the last batch freed back to the system.

    Allocators keep it for later in pieces that the next batch does not fit, so that a long run
    would grow by a quarter (benchmarks/results/memory.md). Where there is no such call, nothing is
    done.
    """
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _extractor(settings: Settings) -> Extractor:
    return Extractor(
        agencies_csv(),
        workers=settings.workers,
        timeout_s=settings.page_timeout_s,
        memory_bytes=settings.page_memory_bytes,
    )


def _drafts(settings: Settings, steps: Iterable[Step]) -> Iterator[_Draft]:
    """Fill batches."""
    draft = _Draft()
    for step in steps:
        draft.add(step)
        if draft.is_full(settings):
            yield draft
            draft = _Draft()
    if draft.readings or draft.entries:
        yield draft


def _pages(draft: _Draft) -> list[Page]:
    captures = (found.entry.capture for found in draft.entries)
    return [capture for capture in captures if isinstance(capture, Page)]


def _batch(
    run_id: str, extractor: Extractor, draft: _Draft, futures: list[Future[Outcome]]
) -> Batch:
    """The batch a draft becomes when all of it has been extracted; waits for that."""
    pending = iter(futures)
    return Batch(
        run_id=run_id,
        load_id=uuid.uuid4().hex,
        seen=tuple(
            Seen(found.reading, found.entry, _outcome(extractor, found.entry, pending))
            for found in draft.entries
        ),
        readings=draft.readings,
        entries_seen=draft.entries_seen,
        finished=draft.finished,
    )


def _outcome(
    extractor: Extractor, entry: Entry, pending: Iterator[Future[Outcome]]
) -> Outcome | Postponed:
    if not isinstance(entry.capture, Page):
        return entry.capture
    return extractor.outcome(entry.capture, next(pending))
