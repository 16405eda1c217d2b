"""The comparison as the pipeline runs it: batches of articles into a warehouse, timed.

What a benchmark of quality or of growth measures is what `flows.compare` writes into DuckDB, not a
second implementation in memory. Articles come as texts with a publisher and a time; what extraction
adds to a row is left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from flows.compare import Comparable, compare
from transforms.records import ComparisonText
from warehouse import load
from warehouse.connection import LIVE, transaction, writer
from warehouse.migrate import migrate

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Piece:
    """An article: its text, its publisher (None: unknown) and when it was published."""

    text: ComparisonText
    publisher_id: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """After a batch: articles so far, CPU seconds so far in all, and of it for the article rows."""

    articles: int
    cpu_s: float
    rows_cpu_s: float


def load_pieces(home: Path, pieces: Iterable[Piece], batch: int = 1_000) -> Iterator[Progress]:
    """Load and compare pieces batch by batch, a transaction each; tells how far it has come."""
    with writer(home) as con:
        migrate(con, EPOCH)
    coming, done, spent, for_rows = iter(pieces), 0, 0.0, 0.0
    while chunk := list(islice(coming, batch)):
        began = time.process_time()
        with writer(home, threads=1) as con, transaction(con):
            load.append(con, "articles", [_row(piece) for piece in chunk])
            for_rows += time.process_time() - began
            compare(con, [Comparable(p.text, p.published_at, p.publisher_id) for p in chunk])
        spent += time.process_time() - began
        done += len(chunk)
        yield Progress(done, spent, for_rows)


def _row(piece: Piece) -> dict[str, object]:
    text = piece.text
    return {
        "article_id": text.article_id,
        "publisher_id": piece.publisher_id,
        "url": text.article_id,
        "url_key": text.article_id,
        "headline": "",
        "body": text.body,
        "published_at": piece.published_at,
        "first_seen_at": EPOCH,
        "fetched_at": EPOCH,
        "word_count": text.body.count(" ") + 1,
        "body_sha256": text.article_id,
        "version_no": 1,
        "page_id": text.article_id,
    }


def ask(home: Path, query: str) -> Sequence[tuple[Any, ...]]:
    """The rows of a query on the writer's file."""
    with duckdb.connect(str(home / LIVE), read_only=True) as con:
        return con.execute(query).fetchall()
