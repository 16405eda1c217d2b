"""What was read and what became of each entry: the rows of `ops.fetches` and `ops.entries`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows import rows
from flows.ledger import Input
from flows.readings import Postponed
from transforms.records import Article, Reason, Rejection, State
from warehouse import load
from warehouse.connection import Connection

if TYPE_CHECKING:
    from flows.batch import Batch, Seen


def load_sightings(con: Connection, batch: Batch, inputs: Sequence[Input]) -> None:
    """Write how far each reading of a batch has come, and what became of each entry."""
    load.delete(con, "fetches", batch.readings)
    fetches = []
    for fetch_id, reading in batch.readings.items():
        reason = batch.finished.get(fetch_id)
        done = "ok" if fetch_id in batch.finished else "reading"
        fetches.append(
            rows.fetch_row(
                reading,
                batch.run_id,
                batch.entries_seen[fetch_id],
                "failed" if reason else done,
                reason.value if reason else None,
            )
        )
    load.append(con, "ops.fetches", fetches)
    new: list[rows.Row] = []
    known: list[rows.Row] = []
    for seen, each in zip(batch.seen, inputs, strict=True):
        why = _why(seen, each.state)
        if seen.reading is not None:
            row = rows.entry_row(
                seen.reading, seen.entry, each.ledger_id, each.state, why, batch.run_id
            )
            new.append(row)
        elif seen.entry.wanted is not None:
            known.append(rows.entry_outcome_row(seen.entry.wanted, each.state, why))
    load.append(con, "ops.entries", new)
    load.update_entries(con, known)


def _why(seen: Seen, state: State) -> Rejection | Postponed | None:
    if not isinstance(seen.outcome, Article):
        return seen.outcome
    if state is State.LOADED:
        return None
    return Rejection(seen.entry.url, Reason.SAME_ARTICLE, "the text is already held")
