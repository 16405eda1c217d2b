"""Making room for captures that are extracted again: what was made of them before is taken back.

Runs inside the batch's transaction, before the batch is loaded as any other. An article is taken
back only where the batch settles it: it brings all its captures, or all that it brings lead to the
same article again. What it leaves unsettled stays as it was until a batch brings the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flows import compare
from flows.readings import Entry, Postponed
from transforms.records import Article, Page, Rejection
from transforms.urls import capture_id
from warehouse import load, lookup
from warehouse.connection import Connection


class _Seen(Protocol):
    """An entry and what extraction made of it."""

    @property
    def entry(self) -> Entry:
        """The entry."""

    @property
    def outcome(self) -> Article | Rejection | Postponed:
        """What became of it."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """`gone` are articles that nothing leads to any more; `unsettled` those that were left alone."""

    gone: frozenset[str]
    unsettled: frozenset[str]


def withdraw(con: Connection, seen: Iterable[_Seen], article_tables: Sequence[str]) -> Withdrawn:
    """Take back what these captures were read as before.

    Args:
        con: The writer's connection, in a transaction.
        seen: Captures that are held already, and what they are read as now.
        article_tables: The tables with an article's current row and what belongs to it.
    """
    now: dict[str, str | None] = {}
    for each in seen:
        if isinstance(each.entry.capture, Page):
            outcome = each.outcome
            found = outcome.article_id if isinstance(outcome, Article) else None
            now[capture_id(each.entry.capture)] = found
    before = lookup.by_ids(con, "page_owners", now)
    owners = {str(row["article_id"]) for row in before}
    missing = {
        str(row["article_id"])
        for row in lookup.by_ids(con, "article_pages", owners)
        if str(row["page_id"]) not in now
    }
    losing = {
        str(row["article_id"]) for row in before if now[str(row["page_id"])] != row["article_id"]
    }
    unsettled = missing & losing
    settled = owners - unsettled
    load.delete(
        con,
        "article_pages",
        (str(row["page_id"]) for row in before if row["article_id"] in settled),
    )
    load.delete(con, "unshown_versions", settled)
    load.delete(con, "article_urls", settled - missing)
    gone = settled - missing - {article_id for article_id in now.values() if article_id}
    _remove(con, sorted(gone), article_tables)
    return Withdrawn(frozenset(gone), frozenset(unsettled))


def _remove(con: Connection, article_ids: Sequence[str], article_tables: Sequence[str]) -> None:
    if not article_ids:
        return
    rows = lookup.by_ids(con, "articles", article_ids)
    authors = lookup.by_ids(con, "article_authors", article_ids)
    for name in article_tables:
        load.delete(con, name, article_ids)
    load.delete(con, "unnamed_authors", (str(row["author_id"]) for row in authors))
    publishers = (row["publisher_id"] for row in rows)
    load.refresh_publishers(con, (str(each) for each in publishers if each is not None))
    compare.remove(con, article_ids)
