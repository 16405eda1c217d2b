"""Ingest: the walk of articles from files to rows. Start reading here.

    find_files -> entries -> batches -> Extractor -> load_batch -> publish
    (archive)     (archive)  (walk)     (workers)    (batch)       (warehouse)

A file that was read before and has not changed is counted and left; one whose reading was cut off
goes on where the last committed batch ended. `flows.polling` is the same for what is on the web.
"""

import os
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from os import PathLike

from flows.archive import FileReading, existing_paths, find_files
from flows.errors import BadRequest
from flows.publish import publish, publishing
from flows.readings import Finished, Found, Step
from flows.runs import recorded_run
from flows.settings import Settings
from flows.sources.places import with_source_defaults
from flows.walk import Load, Summary, Watch, load_now, walk
from transforms.records import Reason
from transforms.urls import is_http
from warehouse import lookup
from warehouse.connection import writer

_FILES_AT_A_TIME = 500


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
        seen = publishing(settings, watch) if publish_after else watch
        steps = file_steps(settings, find_files(roots), summary)
        walk(settings, run.run_id, steps, summary, load=load, watch=seen)
        summary.seconds = time.monotonic() - started
        run.outcomes = summary.as_json()
    if publish_after:
        publish(settings)
        summary.published = True
    summary.seconds = time.monotonic() - started
    return summary


def ingest_any(
    settings: Settings,
    what: Sequence[str],
    *,
    sources: Sequence[str] = (),
    publish_after: bool = True,
    load: Load = load_now,
    watch: Watch = lambda _: None,
    prefect_flow_run_id: str | None = None,
) -> Summary:
    """Ingest files and folders, or poll addresses and sources: what `wirecopy ingest` is asked for.

    Args:
        settings: Where the data is and what a run may take.
        what: Paths, or http(s) addresses; with none the sources are polled.
        sources: Slugs of the sources to poll, due or not.
        publish_after: Whether readers get the new state when all is loaded.
        load: What loads one batch; a flow run passes a task.
        watch: Called after each batch with the counts so far.
        prefect_flow_run_id: The flow run this is, if it is one.

    Raises:
        BadRequest: Files, and addresses or sources, at once.
    """
    urls = [word for word in what if is_http(word)]
    paths = [word for word in what if not is_http(word)]
    if wrong := [word for word in paths if "://" in word and not os.path.lexists(word)]:
        raise BadRequest(f"{wrong[0]!r} is neither an http(s) address nor a file.")
    if paths and (urls or sources):
        raise BadRequest("Read files in a run of their own, without addresses or sources.")
    if paths:
        return ingest(
            settings,
            paths,
            publish_after=publish_after,
            load=load,
            watch=watch,
            prefect_flow_run_id=prefect_flow_run_id,
        )
    from flows.polling import poll  # noqa: PLC0415 - files need none of it

    return poll(
        settings,
        sources=sources,
        urls=urls,
        publish_after=publish_after,
        load=load,
        watch=watch,
        prefect_flow_run_id=prefect_flow_run_id,
    )


def file_steps(
    settings: Settings, readings: Iterator[FileReading], summary: Summary
) -> Iterator[Step]:
    """What is new in these files; what is not is counted.

    Raises:
        BadSources: The list of sources, which may speak of them, cannot be read.
    """
    readings = with_source_defaults(settings, readings)
    while group := list(islice(readings, _FILES_AT_A_TIME)):
        for reading, begin in _unread(settings, group, summary):
            position = begin
            for entry in islice(reading.entries(), begin, None):
                yield Found(reading, entry)
                position = entry.position + 1
            yield Finished(reading, position, _failure(reading))


def _unread(
    settings: Settings, group: Sequence[FileReading], summary: Summary
) -> list[tuple[FileReading, int]]:
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


def _is_same(reading: FileReading, row: lookup.Found) -> bool:
    if reading.rejection is not None:
        return bool(row["reason"] == reading.rejection.reason.value)
    return row["payload_sha256"] == reading.sha256 and row["reason"] != Reason.CHANGED.value


def _failure(reading: FileReading) -> Reason | None:
    if reading.rejection is not None:
        return reading.rejection.reason
    return Reason.CHANGED if reading.has_changed() else None
