"""What the report is made of, read from the published copy in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.report import bounds
from warehouse.connection import reader
from warehouse.report import ask

Record = dict[str, Any]
"""A row by column name, as the statements in `warehouse/sql/report` have it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The first rows of a list, and the others: how many they are, and the sums of their counts."""

    rows: list[Record]
    others: int
    other_sums: Record

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return len(self.rows) + self.others


@dataclass(frozen=True, slots=True)
class Spread:
    """A cluster, its rank by size from 1, and its publishers in the order in which they had it."""

    rank: int
    cluster: Record
    copies: list[Record]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles to be read side by side, and what joins them: a `cluster` rank, or 0."""

    left: Record
    right: Record
    passages: list[Record]
    rank: int


@dataclass(frozen=True, slots=True)
class Contents:
    """All that was read. Counts are of the whole archive, listings are bounded."""

    totals: Record
    volume: list[Record]
    publishers: Listing
    agencies: Listing
    spreads: list[Spread]
    spread_count: int
    gaps: Listing
    outcomes: Listing
    fetch_failures: Listing
    sources: Listing
    pairs: list[Pair]
    borrowed_count: int
    read_at: datetime


def read(home: Path, now: datetime) -> Contents:
    """Read the published copy of a data folder.

    Raises:
        NotPublished: There is none.
        WarehouseError: It is damaged, or of an older wirecopy.
    """
    with reader(home) as con:
        clusters = ask(con, "report/clusters", row_limit=bounds.CLUSTERS)
        ids = [cluster["cluster_id"] for cluster in clusters]
        copies = ask(con, "report/spread", cluster_ids=ids) if ids else []
        spreads = [
            Spread(rank, cluster, [c for c in copies if c["cluster_id"] == cluster["cluster_id"]])
            for rank, cluster in enumerate(clusters, start=1)
        ]
        borrowed = ask(con, "report/borrowed", row_limit=bounds.BORROWED)
        return Contents(
            totals=ask(con, "report/totals")[0],
            volume=ask(con, "report/volume"),
            publishers=_listing(ask(con, "report/originality"), bounds.PUBLISHERS),
            agencies=_listing(ask(con, "report/agencies"), bounds.AGENCIES),
            spreads=spreads,
            spread_count=_count(clusters, "cluster_count"),
            gaps=_listing(ask(con, "report/gaps"), bounds.GAPS),
            outcomes=_listing(ask(con, "report/outcomes"), bounds.REASONS),
            fetch_failures=_listing(ask(con, "report/fetch_failures"), bounds.REASONS),
            sources=_listing(ask(con, "report/freshness"), bounds.SOURCES),
            pairs=_pairs(con, spreads, borrowed),
            borrowed_count=_count(borrowed, "pair_count"),
            read_at=now,
        )


def _count(rows: Sequence[Record], column: str) -> int:
    return int(rows[0][column]) if rows else 0


def _listing(rows: list[Record], limit: int) -> Listing:
    others = rows[limit:]
    counted = [name for name in (rows[0] if rows else {}) if name.endswith("_count")]
    sums: Record = {name: sum(row[name] for row in others) for name in counted}
    return Listing(rows[:limit], len(others), sums)


def _pairs(con: Any, spreads: Sequence[Spread], borrowed: Sequence[Record]) -> list[Pair]:
    """The origins of the clusters with their first reprints, then the pairs that share passages."""
    wanted = [
        (copy["origin_article_id"], copy["first_article_id"], spread.rank)
        for spread in spreads
        for copy in [c for c in spread.copies if not c["is_origin"]][: bounds.REPRINTS]
    ]
    wanted += [(row["article_a"], row["article_b"], 0) for row in borrowed]
    if not wanted:
        return []
    texts = {
        text["article_id"]: text
        for text in ask(
            con,
            "report/texts",
            article_ids=sorted({article_id for pair in wanted for article_id in pair[:2]}),
            body_limit=bounds.READ_CHARACTERS,
        )
    }
    ordered = [(min(left, right), max(left, right)) for left, right, _ in wanted]
    passages = ask(
        con,
        "report/passages",
        a_ids=[low for low, _ in ordered],
        b_ids=[high for _, high in ordered],
    )
    pairs = []
    for left, right, rank in wanted:
        low, high = min(left, right), max(left, right)
        own = [p for p in passages if (p["article_a"], p["article_b"]) == (low, high)]
        first, second = texts[left], texts[right]
        if not rank and _lends(second) < _lends(first):
            first, second = second, first
        pairs.append(Pair(first, second, own, rank))
    return pairs


def _lends(text: Record) -> tuple[bool, bool, float]:
    """Ascending: the agency's own copy, then the earlier one, then that without a date."""
    at = text["published_at"]
    return (not text["is_self"], at is None, at.timestamp() if at else 0.0)
