"""Which pages are looked at again, and when: kept in step with each batch that landed them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from flows.rows import Row
from transforms.rechecks import next_check
from transforms.records import Article, Reason, State
from warehouse import load, lookup
from warehouse.connection import Connection

if TYPE_CHECKING:
    from flows.batch import Seen
    from flows.ledger import Input

_NO_MORE = frozenset({Reason.GONE, Reason.NOT_FOUND, Reason.ROBOTS_DENIED})


def update_rechecks(
    con: Connection, looked_at: Iterable[tuple[Seen, Input]], now: datetime
) -> None:
    """Say when the pages of a batch are to be looked at next.

    Only pages that a feed or sitemap announced, for the others are read when somebody says so. A
    page that fails is looked at again at its next turn, one that is gone is not.
    """
    pages = [pair for pair in looked_at if pair[0].entry.is_announced]
    ids = [each.ledger_id for _, each in pages]
    held = {str(row["ledger_id"]): row for row in lookup.by_ids(con, "rechecks", ids)}
    rows: dict[str, Row] = {}
    for seen, each in pages:
        row = _row(seen, each, rows.get(each.ledger_id) or held.get(each.ledger_id), now)
        rows.pop(each.ledger_id, None)
        if row is not None:
            rows[each.ledger_id] = row
    load.delete(con, "rechecks", ids)
    load.append(con, "ops.rechecks", list(rows.values()))


def _row(seen: Seen, each: Input, held: Row | None, now: datetime) -> Row | None:
    outcome = seen.outcome
    if not isinstance(outcome, Article):
        if held is None or outcome.reason in _NO_MORE:
            return None
        row = dict(held)
    else:
        published = outcome.published.at if outcome.published else None
        row = {
            "ledger_id": each.ledger_id,
            "url": seen.entry.url,
            "source_id": held["source_id"] if held else _source_id(seen),
            "published_at": published,
            "first_seen_at": held["first_seen_at"] if held else now,
            "last_changed_at": held["last_changed_at"] if held else None,
            "check_count": held["check_count"] if held else -1,
        }
        if held and each.state is State.LOADED:
            row["last_changed_at"] = now
    row["check_count"] = int(str(row["check_count"])) + 1
    row["next_check_at"] = next_check(
        published_at=cast("datetime | None", row["published_at"]),
        first_seen_at=cast(datetime, row["first_seen_at"]),
        last_changed_at=cast("datetime | None", row["last_changed_at"]),
        check_count=cast(int, row["check_count"]),
        now=now,
    )
    return row if row["next_check_at"] is not None else None


def _source_id(seen: Seen) -> str:
    wanted = seen.entry.wanted
    return wanted.source_id if wanted else ""
