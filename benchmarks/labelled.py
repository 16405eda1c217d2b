"""The labelled articles of the evaluation folder, as the comparison sees them.

The folder holds `near_duplicates/` with real articles (`articles.jsonl`, `pairs.jsonl`) and
synthetic ones (`synthetic.parquet`). None of its text is part of this repository.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import duckdb

from benchmarks.shell import Piece
from transforms.plaintext import prose_spans
from transforms.records import ComparisonText

DEFAULT_FOLDER = Path(__file__).resolve().parents[1] / ".." / "shared" / "eval"
COPY_COVERAGE = 0.6
JUDGED_COVERAGE = 0.4

Pair = tuple[str, str]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a synthetic article: its span, and the agency paragraph it came from."""

    start: int
    end: int
    origin: tuple[int, int] | None


@dataclass(frozen=True)
class Labelled:
    """A set of articles with their true pairs; `unjudged` pairs count neither way."""

    name: str
    texts: Sequence[ComparisonText]
    publishers: dict[str, str]
    copies: frozenset[Pair]
    unjudged: frozenset[Pair]
    paragraphs: dict[str, list[Paragraph]]
    labels: dict[str, str]


def compared(article_id: str, body: str) -> ComparisonText:
    """The text with the spans that count, as the pipeline finds them in plain text."""
    return ComparisonText(article_id, body, prose_spans(body))


def read_real(folder: Path) -> Labelled:
    """The real articles; a copy is a pair of which both sides are covered by .6 or more."""
    root = folder / "near_duplicates"
    with (root / "articles.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    copies, unjudged = set(), set()
    with (root / "pairs.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            coverage = min(row["cov_a"], row["cov_b"])
            pair = (min(row["a"], row["b"]), max(row["a"], row["b"]))
            if coverage >= COPY_COVERAGE:
                copies.add(pair)
            elif coverage >= JUDGED_COVERAGE:
                unjudged.add(pair)
    return Labelled(
        name="real",
        texts=[compared(row["id"], row["text"]) for row in rows],
        publishers={row["id"]: row["source"] for row in rows},
        copies=frozenset(copies),
        unjudged=frozenset(unjudged),
        paragraphs={},
        labels={},
    )


def read_synthetic(folder: Path) -> Labelled:
    """The synthetic articles; a copy is a pair with one label."""
    path = folder / "near_duplicates" / "synthetic.parquet"
    rows = duckdb.execute(
        "SELECT id, source, body, label, paragraphs FROM read_parquet(?) ORDER BY id", [str(path)]
    ).fetchall()
    by_label: dict[str, list[str]] = defaultdict(list)
    for article_id, _, _, label, _ in rows:
        by_label[label].append(article_id)
    return Labelled(
        name="synthetic",
        texts=[compared(row[0], row[2]) for row in rows],
        publishers={row[0]: row[1] for row in rows},
        copies=frozenset(pairs_within(by_label.values())),
        unjudged=frozenset(),
        paragraphs={row[0]: list(_place(row[2], row[4])) for row in rows},
        labels={row[0]: row[3] for row in rows},
    )


def read_pieces(folder: Path, name: str) -> list[Piece]:
    """The articles of a set as the pipeline meets them, each with its publisher and time.

    Ids are hashes, as the pipeline makes them: `piece_id` of those of the set.
    """
    truth = read_real(folder) if name == "real" else read_synthetic(folder)
    times = _times(folder / "near_duplicates", name)
    return [
        Piece(
            ComparisonText(piece_id(text.article_id), text.body, text.prose, "en"),
            None if (publisher := truth.publishers[text.article_id]) == "?" else publisher,
            times[text.article_id],
        )
        for text in truth.texts
    ]


def piece_id(article_id: str) -> str:
    """The id of an article of a labelled set in the tables."""
    return hashlib.sha256(article_id.encode()).hexdigest()[:16]


def _times(root: Path, name: str) -> dict[str, datetime]:
    """When the articles of a set were published; a time without a zone is taken for UTC."""
    if name == "real":
        with (root / "articles.jsonl").open(encoding="utf-8") as lines:
            raw = [(row["id"], row["ts"]) for row in map(json.loads, lines)]
    else:
        path = str(root / "synthetic.parquet")
        raw = duckdb.execute("SELECT id, published FROM read_parquet(?)", [path]).fetchall()
    times = {article_id: datetime.fromisoformat(at) for article_id, at in raw}
    return {key: at if at.tzinfo else at.replace(tzinfo=UTC) for key, at in times.items()}


def _place(body: str, paragraphs: Iterable[dict[str, object]]) -> Iterator[Paragraph]:
    at = 0
    for paragraph in paragraphs:
        text = str(paragraph["text"])
        start = body.index(text, at)
        at = start + len(text)
        story, number = paragraph["story"], paragraph["paragraph"]
        origin = (story, number) if isinstance(story, int) and isinstance(number, int) else None
        yield Paragraph(start, at, origin)


def pairs_within(groups: Iterable[Sequence[str]]) -> set[Pair]:
    """Every pair of members of one group, each ascending."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def score(found: Iterable[Pair], truth: Labelled) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs; unjudged pairs are left out."""
    judged = set(found) - truth.unjudged
    hits = len(judged & truth.copies)
    precision = hits / len(judged) if judged else 1.0
    recall = hits / len(truth.copies)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
