"""The labelled articles of the evaluation folder, as the comparison sees them.

The folder holds `near_duplicates/` with real articles (`articles.jsonl`, `pairs.jsonl`) and
synthetic ones (`synthetic.parquet`). None of its text is part of this repository.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import duckdb

from benchmarks.shell import Piece, ask, load_pieces
from transforms.plaintext import body_spans
from transforms.records import ComparisonText, Passage, PassageKind

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
    published: Mapping[str, datetime]


def compared(article_id: str, body: str) -> ComparisonText:
    """The text with the spans that count, as the pipeline finds them in plain text."""
    spans = body_spans(body)
    return ComparisonText(article_id, body, spans.prose, headings=spans.headings)


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
        published=_times((row["id"], row["ts"]) for row in rows),
    )


def read_synthetic(folder: Path) -> Labelled:
    """The synthetic articles; a copy is a pair with one label."""
    path = folder / "near_duplicates" / "synthetic.parquet"
    rows = duckdb.execute(
        "SELECT id, source, body, label, paragraphs, published FROM read_parquet(?) ORDER BY id",
        [str(path)],
    ).fetchall()
    by_label: dict[str, list[str]] = defaultdict(list)
    for article_id, _, _, label, _, _ in rows:
        by_label[label].append(article_id)
    return Labelled(
        name="synthetic",
        texts=[compared(row[0], row[2]) for row in rows],
        publishers={row[0]: row[1] for row in rows},
        copies=frozenset(pairs_within(by_label.values())),
        unjudged=frozenset(),
        paragraphs={row[0]: list(_place(row[2], row[4])) for row in rows},
        labels={row[0]: row[3] for row in rows},
        published=_times((row[0], row[5]) for row in rows),
    )


def as_pieces(truth: Labelled) -> list[Piece]:
    """The articles of a set as the pipeline meets them, each with its publisher and time.

    Ids are hashes, as the pipeline makes them: `piece_id` of those of the set.
    """
    return [
        Piece(
            replace(text, article_id=piece_id(text.article_id), language="en"),
            None if (publisher := truth.publishers[text.article_id]) == "?" else publisher,
            truth.published.get(text.article_id),
        )
        for text in truth.texts
    ]


def piece_id(article_id: str) -> str:
    """The id of an article of a labelled set in the tables."""
    return hashlib.sha256(article_id.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Stored:
    """What the pipeline wrote for a set, with the ids of the set: clusters, passages, matches held."""

    clusters: list[list[str]]
    passages: list[Passage]
    match_count: int
    seed_count: int
    cpu_s: float


def through_pipeline(truth: Labelled, batch: int = 1_000) -> Stored:
    """Compare a set as the pipeline does, in a file of its own."""
    ids = {piece_id(text.article_id): text.article_id for text in truth.texts}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        *_, last = load_pieces(home, as_pieces(truth), batch)
        members: dict[str, list[str]] = defaultdict(list)
        for article_id, cluster_id in ask(
            home, "select article_id, cluster_id from cluster_members"
        ):
            members[str(cluster_id)].append(ids[str(article_id)])
        columns = "article_a, a_start, a_end, article_b, b_start, b_end, matched_words, kind"
        passages = [
            Passage(ids[a], a_start, a_end, ids[b], b_start, b_end, words, PassageKind(kind))
            for a, a_start, a_end, b, b_start, b_end, words, kind in ask(
                home,
                f"select {columns} from passages",  # noqa: S608 - names of ours
            )
        ]
        [(matches, seeds)] = ask(
            home, "select (select count(*) from matches), (select count(*) from reuse.seeds)"
        )
    return Stored(list(members.values()), passages, matches, seeds, last.cpu_s - last.rows_cpu_s)


def _times(raw: Iterable[tuple[str, str]]) -> dict[str, datetime]:
    """When the articles of a set were published; a time without a zone is taken for UTC."""
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
