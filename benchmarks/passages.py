"""Passages: which paragraphs of the synthetic articles are found as shared, and how fast.

    python -m benchmarks.passages [FOLDER]

FOLDER holds the labelled articles (see `benchmarks.labelled`). A paragraph is shared when the same
agency paragraph stands in an article of another publisher; it is found when passages cover half of
it. Articles are aligned as the pipeline does it: with the origins of clusters they share a seed
with. Prints the tables and writes them to `benchmarks/results/passages.md`.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # run as a file, not as a module
    sys.path.insert(0, str(ROOT))

from benchmarks.labelled import DEFAULT_FOLDER, Labelled, Pair, Paragraph, read_synthetic  # noqa: E402
from benchmarks.near_duplicates import Prepared, machine, setting  # noqa: E402
from transforms import passages  # noqa: E402
from transforms.records import ComparisonText, Passage  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "passages.md"
COVERED = 0.5
LEAST_WORDS = 8  # shorter paragraphs (bylines, figures, "Image") are not scored
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Scored:
    """Which paragraphs are scored, and which of them are shared."""

    truth: Labelled
    shared: frozenset[tuple[int, int]]
    embedding: frozenset[str]

    def score(self, found: Sequence[Passage], articles: Iterable[str]) -> str:
        """Precision, recall and F1 of the paragraphs of these articles, as a table cell."""
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for passage in found:
            spans[passage.article_a].append((passage.a_start, passage.a_end))
            spans[passage.article_b].append((passage.b_start, passage.b_end))
        bodies = {text.article_id: text.body for text in self.truth.texts}
        counts: Counter[tuple[bool, bool]] = Counter()
        for article_id in articles:
            own = sorted(spans[article_id])
            for paragraph in self.truth.paragraphs[article_id]:
                if len(bodies[article_id][paragraph.start : paragraph.end].split()) < LEAST_WORDS:
                    continue
                counts[paragraph.origin in self.shared, _cover(own, paragraph) >= COVERED] += 1
        hits = counts[True, True]
        precision = hits / max(hits + counts[False, True], 1)
        recall = hits / max(hits + counts[True, False], 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        return f"{precision:.3f} / {recall:.3f} / **{f1:.4f}**"


def _cover(spans: Sequence[tuple[int, int]], paragraph: Paragraph) -> float:
    """The share of a paragraph's characters that lie in the spans, which ascend by start."""
    covered, at = 0, paragraph.start
    for start, end in spans:
        low, high = max(start, at), min(end, paragraph.end)
        if low < high:
            covered += high - low
            at = high
    return covered / (paragraph.end - paragraph.start)


def judge(truth: Labelled) -> Scored:
    """What is shared, and which articles embed agency paragraphs in text of their own."""
    runs: dict[tuple[int, int], set[str]] = defaultdict(set)
    for article_id, paragraphs in truth.paragraphs.items():
        for paragraph in paragraphs:
            if paragraph.origin is not None:
                runs[paragraph.origin].add(truth.publishers[article_id])
    sizes = Counter(truth.labels.values())
    embedding = {
        article_id
        for article_id, paragraphs in truth.paragraphs.items()
        if sizes[truth.labels[article_id]] == 1
        and 0 < 2 * sum(p.origin is not None for p in paragraphs) <= len(paragraphs)
    }
    shared = {origin for origin, publishers in runs.items() if len(publishers) > 1}
    return Scored(truth, frozenset(shared), frozenset(embedding))


def origin_pairs(prepared: Prepared) -> list[Pair]:
    """Pairs across publishers that share a seed, one of them the origin of a cluster."""
    found = prepared.clustered(prepared.matches())
    origins = {one.origin_article_id for one in found}
    buckets: dict[int, list[str]] = defaultdict(list)
    for mark in prepared.marks:
        for seed in mark.seeds.tolist():
            buckets[seed].append(mark.article_id)
    publisher = prepared.truth.publishers
    pairs = {
        (min(a, b), max(a, b))
        for members in buckets.values()
        for a in members
        if a in origins
        for b in members
        if a != b and publisher[a] != publisher[b]
    }
    return sorted(pairs)


def without_furniture(prepared: Prepared) -> Labelled:
    """The articles without the lines that one wording repeats over many unrelated clusters."""
    truth = prepared.truth
    found = prepared.clustered(prepared.matches())
    cluster_of = {member: one.cluster_id for one in found for member in one.members}

    def masked(text: ComparisonText, start: int, end: int) -> str:
        site = truth.publishers[text.article_id]
        return _DIGITS.sub("0", text.body[start:end].replace(site, "")).strip()

    articles: dict[str, set[str]] = defaultdict(set)
    unrelated: dict[str, set[str]] = defaultdict(set)
    for text in truth.texts:
        for start, end in text.prose:
            line = masked(text, start, end)
            articles[line].add(text.article_id)
            unrelated[line].add(cluster_of[text.article_id])
    furniture = {
        line
        for line in articles
        if len(unrelated[line]) >= 6 and 2 * len(unrelated[line]) >= len(articles[line])
    }
    texts = [
        replace(text, prose=tuple(s for s in text.prose if masked(text, *s) not in furniture))
        for text in truth.texts
    ]
    return replace(truth, texts=texts)


def by_whole_lines(prepared: Prepared, pairs: Sequence[Pair]) -> list[Passage]:
    """The baseline: lines that are equal in letters and digits, whatever their punctuation."""
    squeeze = re.compile(r"[\W_]+")
    lines: dict[str, dict[str, tuple[int, int]]] = {}
    for text in prepared.truth.texts:
        own = {squeeze.sub(" ", text.body[s:e]).strip().lower(): (s, e) for s, e in text.prose}
        lines[text.article_id] = own
    return [
        Passage(a, *lines[a][line], b, *lines[b][line], 0, passages.PassageKind.VERBATIM)
        for a, b in pairs
        for line in lines[a].keys() & lines[b].keys()
    ]


CONSTANTS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("MIN_MATCHED_WORDS", (5, 6, 7, 8)),
    ("MIN_WHOLE_LINE_WORDS", (4, 5, 6)),
    ("MAX_GAP", (2, 4, 6)),
    ("MIN_DENSITY", (0.0, 0.5, 0.7)),
)


def report(folder: Path) -> Iterator[str]:
    """The whole result file, line by line."""
    truth = read_synthetic(folder)
    scored = judge(truth)
    clean = Prepared(without_furniture(Prepared(truth)))
    yield "# Passages"
    yield ""
    yield (
        f"Written by `python -m benchmarks.passages`: {len(truth.texts):,} synthetic articles, "
        f"{len(scored.embedding)} of which embed agency paragraphs in text of their own. Paragraphs "
        f"of at least {LEAST_WORDS} words; found means half covered by passages. "
        "Lines that a site repeats over many unrelated clusters are left out: with them nearly every "
        f"pair of articles shares a seed. {machine()}"
    )
    yield ""
    yield "## Methods"
    yield ""
    yield "| method | all articles P / R / F1 | embedding articles P / R / F1 | pairs | passages |"
    yield "|---|---|---|---|---|"
    seconds = 0.0
    methods: list[tuple[str, Callable[[Prepared, Sequence[Pair]], list[Passage]]]] = [
        ("**wirecopy**", _align),
        ("equal lines", by_whole_lines),
    ]
    everyone = list(truth.paragraphs)
    embedding = sorted(scored.embedding)
    pairs = origin_pairs(clean)
    for name, method in methods:
        began = time.process_time()
        found = method(clean, pairs)
        seconds = seconds or time.process_time() - began
        yield (
            f"| {name} | {scored.score(found, everyone)} | {scored.score(found, embedding)} "
            f"| {len(pairs):,} | {len(found):,} |"
        )
    yield ""
    yield "## Constants"
    yield ""
    yield "| constant | value | all articles P / R / F1 | embedding articles P / R / F1 | passages |"
    yield "|---|---|---|---|---|"
    for name, values in CONSTANTS:
        for value in values:
            chosen = " (chosen)" if value == getattr(passages, name) else ""
            with setting(passages, **{name: value}):
                found = _align(clean, pairs)
            yield (
                f"| {name} | {value:g}{chosen} | {scored.score(found, everyone)} "
                f"| {scored.score(found, embedding)} | {len(found):,} |"
            )
    yield ""
    yield "## Speed"
    yield ""
    yield "| stage | articles per CPU s | pairs per CPU s |"
    yield "|---|---|---|"
    count = len(truth.texts)
    yield f"| fingerprints, candidates, matches and clusters | {count / clean.seconds:,.0f} | |"
    yield f"| passages | {count / seconds:,.0f} | {len(pairs) / seconds:,.0f} |"


def _align(prepared: Prepared, pairs: Sequence[Pair]) -> list[Passage]:
    return passages.align(pairs, {text.article_id: text for text in prepared.truth.texts})


def main() -> None:
    """Run everything, print it and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    lines = []
    for line in report(parser.parse_args().folder):
        print(line, flush=True)
        lines.append(line)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
