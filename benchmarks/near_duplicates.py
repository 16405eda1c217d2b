"""Near-duplicates: pair quality on labelled articles, what each constant does, and speed.

    python -m benchmarks.near_duplicates [FOLDER]

FOLDER holds the labelled articles (see `benchmarks.labelled`). Prints the tables and writes them
to `benchmarks/results/near_duplicates.md`. A few minutes on one core. datasketch is compared where
it is installed; it is no dependency of the project.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from rensa import RMinHash

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # run as a file, not as a module
    sys.path.insert(0, str(ROOT))

from benchmarks.baselines import (  # noqa: E402  # needs the path above
    WORD,
    by_datasketch,
    by_default_bands,
    by_rensa,
    by_simhash,
    components,
    meeting,
    string_shingles,
)
from benchmarks.labelled import (  # noqa: E402  # needs the path above
    DEFAULT_FOLDER,
    Labelled,
    Pair,
    pairs_within,
    read_real,
    read_synthetic,
    score,
    through_pipeline,
)
from benchmarks.updates import make_updates  # noqa: E402
from flows.comparison import index  # noqa: E402
from transforms import clusters, fingerprint, overlaps, reuse, text  # noqa: E402
from transforms.records import Cluster, ClusterArticle, ComparisonText, Match, MatchKind  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "near_duplicates.md"
BATCH = 500


class Prepared:
    """A labelled set with its fingerprints, the candidates its bands give, and their components."""

    def __init__(self, truth: Labelled) -> None:
        self.truth = truth
        began = time.process_time()
        self.marks = [
            mark
            for first in range(0, len(truth.texts), BATCH)
            for mark in fingerprint.fingerprint(truth.texts[first : first + BATCH])
        ]
        self.candidates = meeting((mark.article_id, mark.bands.tolist()) for mark in self.marks)
        self.shingles = {mark.article_id: mark.shingles for mark in self.marks}
        self.articles = [
            ClusterArticle(mark.article_id, None, mark.article_id) for mark in self.marks
        ]
        self.clusters(self.matches())
        self.seconds = time.process_time() - began

    def matches(self) -> list[Match]:
        """The matches among the candidates."""
        return reuse.match_pairs(sorted(self.candidates), self.shingles)

    def clusters(self, matches: Sequence[Match]) -> set[Pair]:
        """The pairs of members of one cluster."""
        return pairs_within([one.members for one in self.clustered(matches)])

    def clustered(self, matches: Sequence[Match]) -> list[Cluster]:
        """The clusters, as the pipeline finds them: matches connect, all pairs inside decide."""
        edges = [
            (m.article_a, m.article_b, min(m.containment_a, m.containment_b))
            for m in matches
            if m.kind is MatchKind.NEAR_DUPLICATE
        ]
        return clusters.cluster(
            self.articles, edges, partial(overlaps.overlaps, shingles=self.shingles)
        )


@contextmanager
def setting(module: object, **values: object) -> Iterator[None]:
    """Constants of a module for the length of a block."""
    before = {name: getattr(module, name) for name in values}
    try:
        for name, value in values.items():
            setattr(module, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)


def row(name: str, results: Iterable[tuple[float, float, float]], *more: str) -> str:
    """One line of a Markdown table."""
    cells = [f"{p:.3f} / {r:.3f} / **{f:.4f}**" for p, r, f in results]
    return f"| {' | '.join([name, *cells, *more])} |"


def quality(sets: Sequence[Prepared]) -> Iterator[str]:
    """The table of methods."""
    yield (
        "| method | "
        + " | ".join(f"{s.truth.name} P / R / F1" for s in sets)
        + " | articles per CPU s |"
    )
    yield "|---|" + "---|" * (len(sets) + 1)
    stored = [through_pipeline(s.truth) for s in sets]
    yield row(
        "**wirecopy**, as the pipeline runs it, persistence and passages included",
        [score(pairs_within(each.clusters), s.truth) for s, each in zip(sets, stored, strict=True)],
        f"{len(sets[1].marks) / stored[1].cpu_s:,.0f}",
    )
    rate = f"{len(sets[1].marks) / sets[1].seconds:,.0f}"
    yield row(
        "wirecopy: clusters, in memory, every two that share a band compared",
        [score(s.clusters(s.matches()), s.truth) for s in sets],
        rate,
    )
    for least in (0.35, 0.40, 0.45):
        with setting(reuse, COPY_OVERLAP=least):
            near = [
                [
                    (m.article_a, m.article_b)
                    for m in s.matches()
                    if m.kind is MatchKind.NEAR_DUPLICATE
                ]
                for s in sets
            ]
        yield row(
            f"wirecopy: connected components at {least:.2f}",
            [
                score(pairs_within(components(s.shingles, n)), s.truth)
                for s, n in zip(sets, near, strict=True)
            ],
            "",
        )
    others: list[tuple[str, Callable[[Labelled], set[Pair]]]] = [
        ("rensa, 32 bands, estimate >= .3", lambda truth: by_rensa(truth, 0.3)),
        ("rensa, 32 bands, estimate >= .5", lambda truth: by_rensa(truth, 0.5)),
        ("datatrove's default (14 x 8, unverified)", by_default_bands),
        ("trafilatura Simhash >= .9", by_simhash),
    ]
    try:
        import datasketch  # noqa: F401, PLC0415  # only whether it is there

        others.append(("datasketch MinHashLSH .5", by_datasketch))
    except ImportError:
        pass
    for name, method in others:
        results, seconds = [], 0.0
        for s in sets:
            began = time.process_time()
            results.append(score(method(s.truth), s.truth))
            if s is sets[1]:
                seconds = time.process_time() - began
        yield row(name, results, f"{len(sets[1].marks) / seconds:,.0f}")


CONSTANTS: tuple[tuple[str, tuple[object, ...], str, tuple[float, ...]], ...] = (
    ("copy", (reuse,), "COPY_OVERLAP", (0.30, 0.35, 0.40, 0.45, 0.50)),
    ("copy", (reuse,), "CONTAINED_OVERLAP", (0.25, 0.30, 0.35)),
    ("copy", (reuse,), "NEARLY_WHOLE", (0.6, 0.7, 0.8, 0.9, 1.0)),
    ("copy", (reuse, overlaps), "CHANCE_SHINGLES", (0, 3, 6, 9)),
    ("clusters", (overlaps,), "KNOWN_CONTAINMENT", (0.25, 0.3, 0.35, 0.4, 0.5)),
    ("clusters", (overlaps,), "UNMATCHED_OVERLAP", (0.0, 0.1, 0.2)),
    ("clusters", (clusters,), "RELATIVE_OVERLAP", (0.50, 0.55, 0.60, 0.65)),
    ("clusters", (clusters,), "LONE_COHESION", (0.5, 0.6, 0.7, 0.8)),
    ("clusters", (clusters,), "LEAST_OVERLAP", (0.25, 0.30, 0.35)),
)
"""Row group, the modules that hold the constant, its name, and the values tried."""


def constants(sets: Sequence[Prepared]) -> Iterator[str]:
    """The table of constants: each at several values, the others as they are."""
    yield (
        "| rows | constant | value | "
        + " | ".join(f"{s.truth.name} P / R / F1" for s in sets)
        + " |"
    )
    yield "|---|---|---|" + "---|" * len(sets)
    for group, modules, name, values in CONSTANTS:
        for value in values:
            chosen = " (chosen)" if value == getattr(modules[0], name) else ""
            with ExitStack() as stack:
                for module in modules:
                    stack.enter_context(setting(module, **{name: value}))
                results = [score(s.clusters(s.matches()), s.truth) for s in sets]
            yield row(f"{group} | {name} | {value:g}{chosen}", results)


def leaders(sets: Sequence[Prepared]) -> Iterator[str]:
    """The table of leaders: the pipeline with so many a day for each band and seed."""
    yield (
        "| leaders a day | "
        + " | ".join(f"{s.truth.name} P / R / F1 | matches per article" for s in sets)
        + " |"
    )
    yield "|---|" + "---|---|" * len(sets)
    for count in (1, 2, 4, 8, 16, 10_000):
        with setting(index, LEADERS_A_DAY=count):
            stored = [through_pipeline(s.truth) for s in sets]
        cells = []
        for s, each in zip(sets, stored, strict=True):
            p, r, f = score(pairs_within(each.clusters), s.truth)
            per_article = each.match_count / len(s.marks)
            cells.append(f"{p:.3f} / {r:.3f} / **{f:.4f}** | {per_article:.1f}")
        chosen = " (chosen)" if count == reuse.LEADERS_A_DAY else ""
        yield f"| {count:,}{chosen} | {' | '.join(cells)} |"


def candidates(sets: Sequence[Prepared]) -> Iterator[str]:
    """The table of candidates: how many, and how many copies they miss."""
    yield "| set | articles | candidates per article | share of true pairs among them | near-duplicates | excerpts |"
    yield "|---|---|---|---|---|---|"
    for s in sets:
        kinds = [m.kind for m in s.matches()]
        met = len(s.candidates & s.truth.copies) / len(s.truth.copies)
        near = kinds.count(MatchKind.NEAR_DUPLICATE)
        yield (
            f"| {s.truth.name} | {len(s.marks):,} | {len(s.candidates) / len(s.marks):.1f} | {met:.3f} "
            f"| {near:,} | {len(kinds) - near:,} |"
        )


def speed(truth: Labelled, rounds: int = 3) -> Iterator[str]:
    """The table of speed: every stage on the same batches, in turn."""
    batches = [truth.texts[i : i + BATCH] for i in range(0, len(truth.texts), BATCH)]

    def rensa_strings(texts: Sequence[ComparisonText]) -> None:
        RMinHash.digest_matrix_from_token_sets([string_shingles(t.body) for t in texts], 128, 1)

    def words_only(texts: Sequence[ComparisonText]) -> None:
        for one in texts:
            WORD.findall(one.body.lower())

    def shingles_only(texts: Sequence[ComparisonText]) -> None:
        fingerprint.shingle(text.tokenise(texts))

    stages: list[tuple[str, Callable[[Sequence[ComparisonText]], object]]] = [
        ("rensa fed with string 5-shingles", rensa_strings),
        ("`re.findall` on lowered text", words_only),
        ("wirecopy: text to tokens", text.tokenise),
        ("wirecopy: text to shingles", shingles_only),
        ("wirecopy: text to fingerprints", fingerprint.fingerprint),
    ]
    spent = dict.fromkeys((name for name, _ in stages), 0.0)
    for _ in range(rounds):
        for batch in batches:
            for name, stage in stages:
                began = time.process_time()
                stage(batch)
                spent[name] += time.process_time() - began
    characters = rounds * sum(len(t.body) for t in truth.texts)
    base = spent[stages[0][0]]
    yield "| stage | articles per CPU s | million characters per CPU s | against rensa |"
    yield "|---|---|---|---|"
    for name, seconds in spent.items():
        yield (
            f"| {name} | {rounds * len(truth.texts) / seconds:,.0f} | {characters / seconds / 1e6:.1f} "
            f"| {base / seconds:.2f}x |"
        )


def machine() -> str:
    """The class of machine and the versions that matter."""
    return (
        f"One core of a shared {platform.machine()} machine, Python {platform.python_version()}, "
        f"numpy {np.__version__}, rensa {version('rensa')}; CPU time of the process."
    )


def report(folder: Path) -> Iterator[str]:
    """The whole result file, line by line."""
    real, synthetic = read_real(folder), read_synthetic(folder)
    yield "# Near-duplicates"
    yield ""
    yield (
        "Written by `python -m benchmarks.near_duplicates`. Pairs of articles in one cluster against "
        f"the labels; {machine()} `real`: {len(real.texts)} agency articles as many outlets ran "
        f"them; `synthetic`: {len(synthetic.texts):,}, cut and edited by rule; `updates`: our own "
        "hard case, 80 texts rewritten five times in a day (`benchmarks.updates`)."
    )
    yield ""
    first, second = (make_updates(synthetic, seed=seed) for seed in (1, 2))
    updates = _joined(first, second)
    sets = [Prepared(truth) for truth in (real, synthetic, updates)]
    for title, table in (
        ("Methods", quality(sets)),
        ("Candidates (42 bands of 3 rows)", candidates(sets)),
        ("Leaders", leaders(sets)),
        ("Constants", constants(sets)),
        ("Speed", speed(synthetic)),
    ):
        yield f"## {title}"
        yield ""
        yield from table
        yield ""


def _joined(first: Labelled, second: Labelled) -> Labelled:
    """Two sets of updates as one; their article ids are told apart by a prefix."""

    def renamed(pairs: Iterable[Pair]) -> set[Pair]:
        return {("w" + a, "w" + b) for a, b in pairs}

    texts = [
        *first.texts,
        *(replace(t, article_id="w" + t.article_id) for t in second.texts),
    ]
    # The two halves use the same paragraphs, so pairs across them are not judged.
    ids = [t.article_id for t in first.texts]
    across = {(a, t.article_id) for a in ids for t in texts[len(ids) :]}
    return Labelled(
        name="updates",
        texts=texts,
        publishers={t.article_id: t.article_id for t in texts},
        copies=first.copies | renamed(second.copies),
        unjudged=first.unjudged | renamed(second.unjudged) | across,
        paragraphs={},
        labels={},
        published={},
    )


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
