"""Passages: which paragraphs of the synthetic articles are found as shared, and how fast.

    python -m benchmarks.passages [FOLDER]

FOLDER holds the labelled articles (see `benchmarks.labelled`). A paragraph is shared when the same
agency paragraph stands in an article of another publisher; it is found when passages cover half of
it. Prints the tables and writes them to `benchmarks/results/passages.md`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # run as a file, not as a module
    sys.path.insert(0, str(ROOT))

from benchmarks.labelled import (  # noqa: E402
    DEFAULT_FOLDER,
    Labelled,
    Pair,
    Paragraph,
    Stored,
    piece_id,
    read_synthetic,
    through_pipeline,
)
from benchmarks.near_duplicates import machine, setting  # noqa: E402
from flows.comparison import furnishing, index, passing  # noqa: E402
from transforms import fingerprint, furniture, passages  # noqa: E402
from transforms.records import ComparisonText, Passage  # noqa: E402
from warehouse import connection  # noqa: E402

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


@dataclass(frozen=True)
class Aligned:
    """What the pipeline aligned of a set: its pairs, and the texts with the furniture of their sites."""

    pairs: Sequence[Pair]
    texts: Mapping[str, ComparisonText]
    copies: Collection[Pair]


def recorded(truth: Labelled) -> tuple[Stored, Aligned]:
    """The pipeline in one batch, and what it gave to the aligner."""
    pairs: list[Pair] = []
    texts: dict[str, ComparisonText] = {}
    copies: set[Pair] = set()

    def align(
        group: Sequence[Pair], given: Mapping[str, ComparisonText], alike: Collection[Pair]
    ) -> list[Passage]:
        pairs.extend(group)
        texts.update(given)
        copies.update(alike)
        return passages.align(group, given, alike)

    # All in one transaction, which a writer of ours would have as ten.
    room = {**connection._WRITER_CONFIG, "memory_limit": "2GB"}  # noqa: SLF001
    with setting(passing, align=align), setting(connection, _WRITER_CONFIG=room):
        stored = through_pipeline(truth, batch=len(truth.texts))
    return stored, Aligned(pairs, texts, copies)


def by_whole_lines(truth: Labelled, aligned: Aligned) -> list[Passage]:
    """The baseline: lines that are equal in letters and digits, whatever their punctuation."""
    squeeze = re.compile(r"[\W_]+")
    lines: dict[str, dict[str, tuple[int, int]]] = {}
    for text in truth.texts:
        own = {squeeze.sub(" ", text.body[s:e]).strip().lower(): (s, e) for s, e in text.prose}
        lines[piece_id(text.article_id)] = own
    ids = {piece_id(text.article_id): text.article_id for text in truth.texts}
    return [
        Passage(ids[a], *lines[a][line], ids[b], *lines[b][line], 0, passages.PassageKind.VERBATIM)
        for a, b in aligned.pairs
        for line in lines[a].keys() & lines[b].keys()
    ]


CONSTANTS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("MIN_MATCHED_WORDS", (5, 6, 7, 8)),
    ("MIN_WHOLE_LINE_WORDS", (4, 5, 6)),
    ("NAME_WEIGHT", (0.25, 0.5, 0.75, 1.0)),
    ("MAX_GAP", (2, 4, 6)),
    ("MIN_DENSITY", (0.0, 0.5, 0.7)),
)


PIPELINE: tuple[tuple[str, tuple[object, ...], tuple[dict[str, float], ...]], ...] = (
    (
        "furniture",
        (furniture, furnishing),
        (
            *({"FURNITURE_CLUSTERS": count} for count in (2, 3, 4, 6, 8, 10_000)),
            *({"FURNITURE_DIVERSITY": share} for share in (0.3, 0.5, 0.8)),
        ),
    ),
    (
        "seeds",
        (fingerprint,),
        (
            *({"SEED_WORDS": words} for words in (4, 5, 6, 7, 8)),
            *({"SEED_WINDOW": window} for window in (1, 2, 3, 4)),
        ),
    ),
    (
        "leaders",
        (index,),
        tuple({"LEADERS_A_DAY": count} for count in (1, 2, 4, 8, 16, 10_000)),
    ),
)
"""Row group, the modules that hold the constant, and the values tried: each through the pipeline."""


def report(folder: Path) -> Iterator[str]:
    """The whole result file, line by line."""
    truth = read_synthetic(folder)
    scored = judge(truth)
    everyone, embedding = list(truth.paragraphs), sorted(scored.embedding)
    yield "# Passages"
    yield ""
    yield (
        f"Written by `python -m benchmarks.passages`: {len(truth.texts):,} synthetic articles, "
        f"{len(scored.embedding)} of which embed agency paragraphs in text of their own, compared and "
        f"stored as the pipeline does it. Paragraphs of at least {LEAST_WORDS} words; found means half "
        f"covered by passages. {machine()}"
    )
    yield ""
    yield "## Methods"
    yield ""
    yield "| method | all articles P / R / F1 | embedding articles P / R / F1 | pairs | passages |"
    yield "|---|---|---|---|---|"
    stored, aligned = recorded(truth)
    methods = (
        ("**wirecopy**", stored.passages),
        ("equal lines of the same pairs", by_whole_lines(truth, aligned)),
    )
    for name, found in methods:
        yield (
            f"| {name} | {scored.score(found, everyone)} | {scored.score(found, embedding)} "
            f"| {len(aligned.pairs):,} | {len(found):,} |"
        )
    yield ""
    yield "## Constants of alignment"
    yield ""
    yield "| constant | value | all articles P / R / F1 | embedding articles P / R / F1 | passages |"
    yield "|---|---|---|---|---|"
    for name, values in CONSTANTS:
        for value in values:
            chosen = " (chosen)" if value == getattr(passages, name) else ""
            with setting(passages, **{name: value}):
                found = _align(truth, aligned)
            yield (
                f"| {name} | {value:g}{chosen} | {scored.score(found, everyone)} "
                f"| {scored.score(found, embedding)} | {len(found):,} |"
            )
    yield ""
    yield "## Constants of the pipeline"
    yield ""
    yield (
        "| rows | constant | all articles P / R / F1 | embedding articles P / R / F1 | pairs "
        "| passages | seeds per article |"
    )
    yield "|---|---|---|---|---|---|---|"
    for group, modules, tried in PIPELINE:
        for values in tried:
            is_chosen = all(getattr(modules[0], name) == value for name, value in values.items())
            with ExitStack() as stack:
                for module in modules:
                    own = {name: value for name, value in values.items() if hasattr(module, name)}
                    stack.enter_context(setting(module, **own))
                stored, aligned = recorded(truth)
            told = ", ".join(f"{name} {value:g}" for name, value in values.items())
            yield (
                f"| {group} | {told}{' (chosen)' if is_chosen else ''} "
                f"| {scored.score(stored.passages, everyone)} "
                f"| {scored.score(stored.passages, embedding)} | {len(aligned.pairs):,} "
                f"| {len(stored.passages):,} | {stored.seed_count / len(truth.texts):.0f} |"
            )


def _align(truth: Labelled, aligned: Aligned) -> list[Passage]:
    ids = {piece_id(text.article_id): text.article_id for text in truth.texts}
    return [
        replace(one, article_a=ids[one.article_a], article_b=ids[one.article_b])
        for one in passages.align(aligned.pairs, aligned.texts, aligned.copies)
    ]


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
