"""How sources stand, for a person: `wirecopy status`; and starting again what has stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flows.errors import BadRequest
from flows.ledger import Input, update_ledger
from flows.polling.states import released, standing_of, state_row
from flows.readings import Postponed
from flows.runs import recorded_run, utc_now
from flows.settings import Settings
from flows.sources import read_source_list
from flows.sources.tables import source_of
from transforms.records import Reason, State
from transforms.urls import url_key
from warehouse import load, lookup
from warehouse.connection import LIVE, PUBLISHED, Connection, reader, transaction, writer
from warehouse.errors import WarehouseLocked

_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Overview:
    """Each source, as `sources.toml` and the tables have it, and the inputs that are not done.

    `open_inputs` holds rows of state, reason and input_count; `faults` are those of the file.
    """

    sources: tuple[Mapping[str, object], ...] = ()
    open_inputs: tuple[Mapping[str, object], ...] = ()
    faults: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            "sources": [_plain(row) for row in self.sources],
            "open_inputs": [_plain(row) for row in self.open_inputs],
            "faults": list(self.faults),
        }


@dataclass(slots=True)
class Released:
    """What was made pending again, and what only reading its file again can help."""

    pages: int = 0
    sources: list[str] = field(default_factory=list)
    from_files: int = 0


def overview(settings: Settings) -> Overview:
    """How all sources stand: from the live tables, or the published ones while a load holds those.

    Raises:
        BadSources: The list of sources cannot be read.
    """
    listed = read_source_list(settings)
    rows = _ask(settings.home, lambda con: lookup.rows(con, "source_status"))
    opened = _ask(settings.home, lambda con: lookup.rows(con, "open_inputs"))
    known = {str(row["slug"]): row for row in rows}
    found: list[Mapping[str, object]] = []
    for spec in listed.sources:
        said = {"slug": spec.slug, "url": spec.url, "kind": spec.kind, "is_enabled": spec.enabled}
        found.append({**_NOTHING, **known.get(spec.slug, {}), **said})
    slugs = {spec.slug for spec in listed.sources}
    parents = {row["source_id"] for row in found}
    found += [
        row
        for row in rows
        if row["slug"] not in slugs and (row["parent_id"] in parents or row["status"] is not None)
    ]
    return Overview(tuple(found), tuple(opened), listed.faults)


def release(
    settings: Settings, what: str | None = None, *, reason: str | None = None, is_all: bool = False
) -> Released:
    """Make quarantined pages pending again, and stopped sources active; the next poll tries them.

    Args:
        settings: Where the data is.
        what: An address, or a source's slug.
        reason: All pages quarantined for this reason.
        is_all: All that is quarantined or stopped.

    Raises:
        BadRequest: Nothing was named, or nothing of what was named is quarantined or stopped.
    """
    if (what is not None) + (reason is not None) + is_all != 1:
        raise BadRequest("Name one of: an address or a source, `--reason`, or `--all`.")
    if reason is not None and reason not in {each.value for each in Reason}:
        raise BadRequest(f"There is no reason {reason!r}; `wirecopy status` lists those there are.")
    done = Released()
    parameters = {"what": what, "reason": reason, "all": is_all}
    with recorded_run(settings, "release", parameters) as run:
        with writer(settings.home, wait_s=settings.lock_wait_s) as con, transaction(con):
            now = utc_now()
            feeds = _release_sources(con, what, reason, is_all, now, done)
            inputs = [
                Input(str(row["url_key"]), _again(str(row["url_key"]), now), State.PENDING)
                for row in _matching(con, what, reason, done, feeds)
            ]
            update_ledger(con, run.run_id, inputs, now)
            done.pages = len(inputs)
        run.outcomes = {"pages": done.pages, "sources": done.sources}
    if what is not None and not done.pages and not done.sources and not done.from_files:
        raise BadRequest(f"Nothing that is quarantined or stopped goes by {what!r}.")
    return done


def _matching(
    con: Connection, what: str | None, reason: str | None, done: Released, feeds: set[str]
) -> list[lookup.Found]:
    """The quarantined inputs that are meant and can be fetched again."""
    found = [
        row
        for row in lookup.rows(con, "quarantined")
        if (what is None or row["url_key"] == url_key(what))
        and (reason is None or row["reason"] == reason)
    ]
    able = [row for row in found if row["is_fetchable"]]
    done.from_files = sum(not row["is_fetchable"] and row["url_key"] not in feeds for row in found)
    return able


def _release_sources(
    con: Connection,
    what: str | None,
    reason: str | None,
    is_all: bool,  # noqa: FBT001 - private, passed on
    now: datetime,
    done: Released,
) -> set[str]:
    """Start sources that are meant; returns the addresses of all sources."""
    sources = list(map(source_of, lookup.rows(con, "sources_held")))
    ids = [source.source_id for source in sources]
    states = {str(row["source_id"]): row for row in lookup.by_ids(con, "source_states", ids)}
    rows = []
    for source in sources:
        row = states.get(source.source_id)
        is_meant = (
            is_all
            or (what is not None and (what == source.slug or url_key(what) == url_key(source.url)))
            or (row is not None and reason is not None and row["last_reason"] == reason)
        )
        if row is not None and is_meant and (row["failure_count"] or row["status"] != "active"):
            rows.append(state_row(released(standing_of(source, row), now)))
            done.sources.append(source.slug)
    load.delete(con, "source_state", [str(row["source_id"]) for row in rows])
    load.append(con, "ops.source_state", rows)
    return {url_key(source.url) for source in sources}


def _again(url: str, now: datetime) -> Postponed:
    return Postponed(url, Reason.NOT_FETCHED, "it was released", now)


def _ask(home: Path, question: Callable[[Connection], list[lookup.Found]]) -> list[lookup.Found]:
    """Ask the live tables, the published ones while the live are held; nothing where none are."""
    if (home / LIVE).exists():
        try:
            with writer(home, wait_s=_PATIENCE_S) as con:
                return question(con)
        except WarehouseLocked:
            pass
    if not (home / PUBLISHED).exists():
        return []
    with reader(home) as con:
        return question(con)


_NOTHING: Mapping[str, object] = dict.fromkeys(
    [
        "source_id",
        "status",
        "status_reason",
        "last_success_at",
        "last_polled_at",
        "next_poll_at",
        "interval_s",
        "failure_count",
        "last_reason",
        "last_error",
        "moved_url",
        "hub_url",
        "is_trusted",
        "distrust_reason",
        "article_count",
        "median_s",
        "last_published_at",
        "last_loaded_at",
        "parent_id",
    ]
)


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in row.items()
    }
