"""Ingest: the walk of articles from files to rows. Start reading here.

    find_files -> entries -> batches -> Extractor -> load_batch -> publish
    (archive)     (archive)             (workers)    (batch)       (warehouse)

One batch is being extracted in the workers while the one before it is compared and loaded; nothing
else is in memory, however much there is to read. A file that was read before and has not changed is
counted and left; one whose reading was cut off goes on where the last committed batch ended.
"""

import os
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from os import PathLike

from flows.archive import Entry, Reading, existing_paths, find_files
from flows.batch import Batch, Loaded, Seen, load_batch
from flows.publish import publish
from flows.runs import recorded_run, utc_now
from flows.settings import Settings, agencies_csv
from flows.workers import Extractor, Outcome
from transforms.records import Page, Reason, Rejection
from warehouse import lookup
from warehouse.connection import writer

_FILES_AT_A_TIME = 500

Load = Callable[[Settings, Batch], Loaded]
Watch = Callable[["Summary"], None]


@dataclass(slots=True)
class Summary:
    """What a run came to: entries by state and reason, unchanged ones, and rows added."""

    run_id: str = ""
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    batches: int = 0
    matches: int = 0
    passages: int = 0
    seconds: float = 0.0
    published: bool = False

    @property
    def inputs(self) -> int:
        """Everything that was met; each is in exactly one of the counts."""
        return self.states.total() + self.unchanged

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
            "batches": self.batches,
            "seconds": round(self.seconds, 3),
            "published": self.published,
        }


@dataclass(slots=True)
class _Draft:
    """A batch being filled."""

    entries: list[tuple[Reading, Entry]] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    entries_seen: dict[str, int] = field(default_factory=dict)
    finished: dict[str, Reason | None] = field(default_factory=dict)
    bytes: int = 0

    def add(self, reading: Reading, entry: Entry) -> None:
        self.entries.append((reading, entry))
        self.readings[reading.fetch_id] = reading
        self.entries_seen[reading.fetch_id] = entry.position + 1
        if isinstance(entry.capture, Page):
            self.bytes += len(entry.capture.payload)

    def finish(self, reading: Reading, entries_seen: int, reason: Reason | None) -> None:
        self.readings[reading.fetch_id] = reading
        self.entries_seen[reading.fetch_id] = entries_seen
        self.finished[reading.fetch_id] = reason

    def is_full(self, settings: Settings) -> bool:
        many = max(len(self.entries), len(self.readings)) >= settings.batch_entries
        return many or self.bytes >= settings.batch_bytes


def load_now(settings: Settings, batch: Batch) -> Loaded:
    """Load a batch in this process, now."""
    return load_batch(settings.home, batch, now=utc_now(), lock_wait_s=settings.lock_wait_s)


def ingest(
    settings: Settings,
    paths: Sequence[str | PathLike[str]],
    *,
    publish_after: bool = True,
    load: Load = load_now,
    watch: Watch = lambda _: None,
    prefect_flow_run_id: str | None = None,
) -> Summary:
    """Read files and folders, extract, compare and load what is new, and publish.

    Args:
        settings: Where the data is and what a run may take.
        paths: Text, HTML, JSONL and WARC files and folders of them.
        publish_after: Whether readers get the new state when all is loaded.
        load: What loads one batch; a flow run passes a task.
        watch: Called after each batch with the counts so far.
        prefect_flow_run_id: The flow run this is, if it is one.

    Raises:
        NothingToRead: A path does not exist; nothing was read.
        WarehouseLocked: Another writer held the warehouse too long.
        CheckFailed: All is loaded, but a check failed; readers keep the copy they have.
    """
    started = time.monotonic()
    # A path may be bytes that are no text; what is stored of it is.
    names = [os.fsencode(path).decode("utf-8", "backslashreplace") for path in paths]
    parameters = {"paths": names}
    summary = Summary()
    roots = existing_paths(paths)  # a path that does not exist is told before a run begins
    with recorded_run(
        settings, "ingest", parameters, prefect_flow_run_id=prefect_flow_run_id
    ) as run:
        summary.run_id = run.run_id
        with _extractor(settings) as extractor:
            waiting: deque[tuple[_Draft, list[Future[Outcome]]]] = deque()
            for draft in _drafts(settings, find_files(roots), summary):
                waiting.append((draft, extractor.submit(_pages(draft))))
                if len(waiting) > 1:
                    _load_next(settings, run.run_id, extractor, waiting, load, summary, watch)
            while waiting:
                _load_next(settings, run.run_id, extractor, waiting, load, summary, watch)
        summary.seconds = time.monotonic() - started
        run.outcomes = summary.as_json()
    if publish_after:
        publish(settings)
        summary.published = True
    summary.seconds = time.monotonic() - started
    return summary


def _extractor(settings: Settings) -> Extractor:
    return Extractor(
        agencies_csv(),
        workers=settings.workers,
        timeout_s=settings.page_timeout_s,
        memory_bytes=settings.page_memory_bytes,
    )


def _drafts(settings: Settings, readings: Iterator[Reading], summary: Summary) -> Iterator[_Draft]:
    """Fill batches with what is new in these files."""
    draft = _Draft()
    while group := list(islice(readings, _FILES_AT_A_TIME)):
        for reading, begin in _unread(settings, group, summary):
            position = begin
            for entry in islice(reading.entries(), begin, None):
                draft.add(reading, entry)
                position = entry.position + 1
                if draft.is_full(settings):
                    yield draft
                    draft = _Draft()
            draft.finish(reading, position, _failure(reading))
            if draft.is_full(settings):
                yield draft
                draft = _Draft()
    if draft.readings:
        yield draft


def _unread(
    settings: Settings, group: Sequence[Reading], summary: Summary
) -> list[tuple[Reading, int]]:
    """Those of these files that are new or changed, with the entry to go on from."""
    with writer(settings.home, wait_s=settings.lock_wait_s) as con:
        rows = lookup.by_ids(con, "last_fetches", (reading.url for reading in group))
        # The same bytes with the same time, were there later ones in between, are not read again.
        rows += lookup.by_ids(con, "fetches", (reading.fetch_id for reading in group))
    last = {str(row["url"]): row for row in rows}
    unread = []
    for reading in group:
        row = last.get(reading.url)
        if row is not None and row["outcome"] != "reading" and _is_same(reading, row):
            summary.unchanged += int(str(row["entries_seen"]))
        elif row is not None and row["fetch_id"] == reading.fetch_id:
            summary.unchanged += int(str(row["entries_seen"]))
            unread.append((reading, int(str(row["entries_seen"]))))
        else:
            unread.append((reading, 0))
    return unread


def _is_same(reading: Reading, row: lookup.Found) -> bool:
    if reading.rejection is not None:
        return bool(row["reason"] == reading.rejection.reason.value)
    return row["payload_sha256"] == reading.sha256 and row["reason"] != Reason.CHANGED.value


def _failure(reading: Reading) -> Reason | None:
    if reading.rejection is not None:
        return reading.rejection.reason
    return Reason.CHANGED if reading.has_changed() else None


def _pages(draft: _Draft) -> list[Page]:
    return [entry.capture for _, entry in draft.entries if isinstance(entry.capture, Page)]


def _load_next(
    settings: Settings,
    run_id: str,
    extractor: Extractor,
    waiting: deque[tuple[_Draft, list[Future[Outcome]]]],
    load: Load,
    summary: Summary,
    watch: Watch,
) -> None:
    """Wait for the oldest batch to be extracted, and load it."""
    draft, futures = waiting.popleft()
    pending = iter(futures)
    seen = tuple(
        Seen(reading, entry, _outcome(extractor, entry, pending))
        for reading, entry in draft.entries
    )
    batch = Batch(
        run_id=run_id,
        load_id=uuid.uuid4().hex,
        seen=seen,
        readings=draft.readings,
        entries_seen=draft.entries_seen,
        finished=draft.finished,
    )
    summary.add(load(settings, batch))
    watch(summary)


def _outcome(extractor: Extractor, entry: Entry, pending: Iterator[Future[Outcome]]) -> Outcome:
    if isinstance(entry.capture, Rejection):
        return entry.capture
    return extractor.outcome(entry.capture, next(pending))
