"""The labelled sets through the program: what a user who loads them as JSONL finds in the tables.

The benchmarks give the comparison its texts as they are; here they are read as any input is, and what
reading loses is lost.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from benchmarks.labelled import (
    DEFAULT_FOLDER,
    Labelled,
    pairs_within,
    read_real,
    read_synthetic,
    score,
)
from benchmarks.passages import LEAST_WORDS, judge
from flows.ingest import ingest
from flows.settings import Settings
from warehouse.connection import LIVE

pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not DEFAULT_FOLDER.is_dir(), reason="the labelled articles are not here"),
]

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Bodies, clusters and the spans of passages, by the ids of the set."""

    bodies: dict[str, str]
    clusters: list[list[str]]
    spans: dict[str, list[Span]]


def load(truth: Labelled, home: Path, *, with_publishers: bool = True) -> Found:
    """Ingest a set as one JSONL file and read the tables."""
    path = home.parent / f"{truth.name}.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for text in truth.texts:
            record = {"id": text.article_id, "text": text.body}
            if with_publishers and truth.publishers[text.article_id] != "?":
                record["publisher"] = truth.publishers[text.article_id]
            if text.article_id in truth.published:
                record["published"] = truth.published[text.article_id].isoformat()
            lines.write(json.dumps(record) + "\n")
    ingest(Settings(home=home), [path], publish_after=False)
    with duckdb.connect(str(home / LIVE), read_only=True) as con:
        rows = con.execute("select article_id, url, body from articles").fetchall()
        members = con.execute("select cluster_id, article_id from cluster_members").fetchall()
        passages = con.execute(
            """
            select article_a, a_start, a_end from passages
            union all
            select article_b, b_start, b_end from passages
            """
        ).fetchall()
    ids = {article_id: url for article_id, url, _ in rows}
    clusters, spans = defaultdict(list), defaultdict(list)
    for cluster_id, article_id in members:
        clusters[cluster_id].append(ids[article_id])
    for article_id, start, end in passages:
        spans[ids[article_id]].append((start, end))
    return Found({url: body for _, url, body in rows}, list(clusters.values()), dict(spans))


@pytest.mark.parametrize(
    ("read", "least"), [(read_real, 0.99), (read_synthetic, 0.98)], ids=["real", "synthetic"]
)
def test_pairs(read: Callable[[Path], Labelled], least: float, tmp_path: Path) -> None:
    """Every article is loaded, and pairs of one cluster are as good as the benchmark says."""
    truth = read(DEFAULT_FOLDER)
    found = load(truth, tmp_path / "home")
    assert found.bodies.keys() == {text.article_id for text in truth.texts}
    assert score(pairs_within(found.clusters), truth)[2] >= least
    if truth.paragraphs:
        everyone, embedding = set(truth.paragraphs), set(judge(truth).embedding)
        assert passage_f1(truth, found, everyone) >= 0.975
        assert passage_f1(truth, found, embedding) >= 0.95


def test_passages_where_no_publisher_is_known(tmp_path: Path) -> None:
    """The furniture of all sites is told from one pool of articles."""
    whole = read_synthetic(DEFAULT_FOLDER)
    texts = whole.texts[:2000]
    paragraphs = {text.article_id: whole.paragraphs[text.article_id] for text in texts}
    truth = replace(whole, texts=texts, paragraphs=paragraphs)
    found = load(truth, tmp_path / "home", with_publishers=False)
    assert passage_f1(truth, found, set(truth.paragraphs)) >= 0.97


def passage_f1(truth: Labelled, found: Found, articles: set[str]) -> float:
    """F1 of the paragraphs that passages cover by half; one that reading has lost is not found."""
    shared = judge(truth).shared
    counts: Counter[tuple[bool, bool]] = Counter()
    for text in truth.texts:
        if text.article_id not in articles:
            continue
        at = 0
        for paragraph in truth.paragraphs[text.article_id]:
            words = text.body[paragraph.start : paragraph.end].split()
            if len(words) < LEAST_WORDS:
                continue
            told = " ".join(words)
            body = found.bodies[text.article_id]
            start = body.find(told, at)
            if start < 0:
                start = body.find(told)
            is_found = False
            if start >= 0:
                at = start
                own = sorted(found.spans.get(text.article_id, ()))
                is_found = 2 * covered(own, (start, start + len(told))) >= len(told)
            counts[paragraph.origin in shared, is_found] += 1
    hits = counts[True, True]
    return 2 * hits / (2 * hits + counts[True, False] + counts[False, True])


def covered(spans: list[Span], place: Span) -> int:
    """How many characters of a place lie in spans that ascend."""
    total, at = 0, place[0]
    for start, end in spans:
        low, high = max(start, at), min(end, place[1])
        if low < high:
            total += high - low
            at = high
    return total
