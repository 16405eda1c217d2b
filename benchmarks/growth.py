"""What the comparison costs as the archive grows, and what of it, through the real path.

    python -m benchmarks.growth [--articles 200000] [--per-day 500] [--parts growth stages outlets orders] [--write]

Articles of `benchmarks.corpus` are compared and stored batch by batch in a DuckDB file, as `ingest`
does it (see `benchmarks.shell`); extraction is left out. CPU seconds of the process, all threads.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

from rensa import RMinHash

from benchmarks import corpus
from benchmarks.baselines import string_shingles
from benchmarks.labelled import DEFAULT_FOLDER, as_pieces, compared, read_real, read_synthetic
from benchmarks.prose import invent_vocabulary
from benchmarks.shell import EPOCH, Piece, ask, load_pieces
from flows import compare
from flows.comparison import index, matching
from warehouse.connection import LIVE

RESULT = Path(__file__).parent / "results" / "growth.md"
BATCH = 1_000
_MARKS = (10_000, 50_000, 100_000, 200_000, 400_000, 700_000, 1_000_000)
_SPAN = 10_000
_TABLES = (
    "matches",
    "clusters",
    "cluster_members",
    "passages",
    "reuse.components",
    "reuse.furniture",
    "reuse.bands",
    "reuse.seeds",
)


def pieces(articles: int, per_day: int, seed: int = 7) -> Iterator[Piece]:
    """Articles of the generated corpus, so many a day."""
    pace = corpus.ARTICLES_PER_DAY / per_day
    for record in corpus.generate(articles, seed):
        at = datetime.fromisoformat(str(record["published"]))
        body = str(record["text"])
        yield Piece(
            compared(_id(str(record["url"])), body),
            _id(str(record["publisher"])),
            corpus.START + (at - corpus.START) * pace,
        )


def _id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


class Stages:
    """CPU seconds by stage: each function of the comparison is timed."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def timing(self) -> Iterator[None]:
        """For the length of a block."""
        timed: list[tuple[Any, str, str]] = [
            (index, "forget", "document"),
            (compare, "fingerprint", "document"),
            (index, "add_prints", "document"),
            (compare, "match", "document"),
            (compare, "recluster", "document"),
            (index, "lead", ""),
            (compare, "update_furniture", "passage"),
            (index, "add_seeds", "passage"),
            (index, "mark_firsts", "passage"),
            (compare, "find_passages", "passage"),
        ]
        before = [(module, name, getattr(module, name)) for module, name, _ in timed]
        pairs = matching.lookup.pairs
        try:
            for module, name, stage in timed:
                setattr(module, name, self._timed(getattr(module, name), stage))
            matching.lookup.pairs = self._timed(pairs, "candidate join")
            yield
        finally:
            for module, name, function in before:
                setattr(module, name, function)
            matching.lookup.pairs = pairs

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return function(*given, **named)
            finally:
                name = stage or ("document" if given[1] == "band" else "passage")
                self.seconds[name] += time.process_time() - began

        return call


def growth(articles: int, per_day: int) -> Iterator[str]:
    """The table of growth."""
    yield f"## Growth: {articles:,} articles, {per_day:,} a day"
    yield ""
    yield (
        "CPU milliseconds per article, over the 10,000 before each mark; passages and matches held, "
        "per article; peak memory of the process so far."
    )
    yield ""
    yield (
        "| articles | CPU ms | against the first | candidate join | matches | passages "
        "| peak, MB | file, MB |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        yield from _growth(Path(folder, "home"), articles, per_day)
    yield ""


def _growth(home: Path, articles: int, per_day: int) -> Iterator[str]:
    stages = Stages()
    first = before = joined_before = 0.0
    with stages.timing():
        for state in load_pieces(home, pieces(articles, per_day), BATCH):
            spent = state.cpu_s - state.rows_cpu_s
            joined = stages.seconds["candidate join"]
            if state.articles in _MARKS or state.articles == articles:
                cost = 1000 * (spent - before) / _SPAN
                first = first or cost
                share = (joined - joined_before) / (spent - before)
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
                size = (home / LIVE).stat().st_size / 1e6
                yield (
                    f"| {state.articles:,} | {cost:.2f} | {cost / first:.2f} | {share:.1%} "
                    f"| {_rows(home, 'matches') / state.articles:.2f} "
                    f"| {_rows(home, 'passages') / state.articles:.2f} | {peak:.0f} | {size:.0f} |"
                )
            if (state.articles + _SPAN) in _MARKS or state.articles + _SPAN == articles:
                before, joined_before = spent, joined


def _rows(home: Path, table: str) -> int:
    [(count,)] = ask(home, f"select count(*) from {table}")  # noqa: S608 - a name of ours
    return int(str(count))


def stages_beside_rensa(articles: int = 10_000) -> Iterator[str]:
    """The table of stages, beside rensa fed with the same texts as string shingles."""
    yield f"## Stages: {articles:,} articles, 3,000 a day"
    yield ""
    yield "Each with all it reads from and writes to the file. rensa makes signatures and keeps none."
    yield ""
    yield "| batches of | stage | articles per CPU s | against rensa |"
    yield "|---|---|---|---|"
    for batch in (BATCH // 2, BATCH, 4 * BATCH):
        yield from _stages(articles, batch)
    yield ""


def _stages(articles: int, size: int) -> Iterator[str]:
    stages, rensa_s = Stages(), 0.0

    def fed() -> Iterator[Piece]:
        nonlocal rensa_s
        batch: list[Piece] = []
        for piece in pieces(articles, 3_000):
            batch.append(piece)
            if len(batch) == size:
                began = time.process_time()
                sets = [string_shingles(each.text.body) for each in batch]
                RMinHash.digest_matrix_from_token_sets(sets, 126, 1)
                rensa_s += time.process_time() - began
                yield from batch
                batch = []

    with tempfile.TemporaryDirectory() as folder, stages.timing():
        states = list(load_pieces(Path(folder, "home"), fed(), size))
    rows = {
        "rensa: string 5-shingles to 126 permutations": rensa_s,
        "document stage: text to stored clusters": stages.seconds["document"],
        "of it the candidate join": stages.seconds["candidate join"],
        "passage stage: furniture, seeds, passages": stages.seconds["passage"],
        "whole, with commit and checkpoint": states[-1].cpu_s - states[-1].rows_cpu_s,
    }
    for name, seconds in rows.items():
        yield f"| {size:,} | {name} | {articles / seconds:,.0f} | {rensa_s / seconds:.2f}x |"


def outlets(counts: Sequence[int] = (250, 500, 1_000, 2_000, 4_000)) -> Iterator[str]:
    """The table of one text that many run: each outlet with its own edits, within a day."""
    yield "## One agency text run by many outlets"
    yield ""
    yield f"Each with its desk's own edits, within a day, in batches of {BATCH:,} in the order of publication."
    yield ""
    yield "| outlets | clusters | CPU ms per article | matches per article | passages per article |"
    yield "|---|---|---|---|---|"
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder, "home")
            *_, last = load_pieces(home, reprints(count), BATCH)
            yield (
                f"| {count:,} | {_rows(home, 'clusters')} "
                f"| {1000 * (last.cpu_s - last.rows_cpu_s) / count:.2f} "
                f"| {_rows(home, 'matches') / count:.1f} | {_rows(home, 'passages') / count:.1f} |"
            )
    yield ""


def reprints(count: int, seed: int = 3) -> list[Piece]:
    """One agency text as so many publishers run it within a day."""
    rng = Random(seed)
    vocabulary = invent_vocabulary(rng)
    sites = corpus.found_sites(rng, vocabulary)
    wire = corpus.write_wire(rng, vocabulary, 0)
    found = []
    for number in range(count):
        site = sites[number % len(sites)]
        _, paragraphs = corpus.edit(rng, vocabulary, site, wire)
        body = "\n\n".join([*paragraphs, *site.boilerplate])
        at = EPOCH + timedelta(hours=24) * rng.random() ** 2.5
        name = _id(f"{seed} {number}")
        found.append(Piece(compared(name, body), name, at))
    return sorted(found, key=lambda piece: str(piece.published_at))


def orders(folder: Path, runs: int = 20, articles: int = 1_500) -> Iterator[str]:
    """How many of so many random orders and batch sizes end in other tables."""
    chosen = as_pieces(read_synthetic(folder))[:articles] + as_pieces(read_real(folder))
    expected, different = None, 0
    for run in range(runs + 1):
        rng = Random(run)
        shuffled = rng.sample(chosen, len(chosen)) if run else chosen
        with tempfile.TemporaryDirectory() as home:
            for _ in load_pieces(Path(home), shuffled, rng.choice((37, 100, 250, 500, 2_000))):
                pass
            found = [sorted(map(repr, ask(Path(home), f"from {table}"))) for table in _TABLES]
        expected = expected or found
        different += found != expected
    yield "## Orders"
    yield ""
    yield (
        f"{len(chosen):,} labelled articles in {runs} random orders and batch sizes of 37 to 2,000: "
        f"**{different}** runs end in other tables ({', '.join(_TABLES)})."
    )
    yield ""


def report(parts: Sequence[str], articles: int, per_day: int, folder: Path) -> Iterator[str]:
    """The result file, line by line."""
    yield "# Growth"
    yield ""
    yield (
        f"Written by `python -m benchmarks.growth`. A shared {platform.machine()} machine, Python "
        f"{platform.python_version()}, DuckDB {version('duckdb')}, rensa {version('rensa')}; CPU time "
        f"of the process, batches of {BATCH}."
    )
    yield ""
    # Growth comes first: the peak of memory is that of the process.
    tables: dict[str, Callable[[], Iterator[str]]] = {
        "growth": lambda: growth(articles, per_day),
        "stages": stages_beside_rensa,
        "outlets": outlets,
        "orders": lambda: orders(folder),
    }
    for name, table in tables.items():
        if name in parts:
            yield from table()


def main() -> None:
    """Run the parts asked for, print them and with --write keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--per-day", type=int, default=500)
    parser.add_argument("--parts", nargs="+", default=["growth", "stages", "outlets", "orders"])
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    chosen = parser.parse_args()
    lines = []
    for line in report(chosen.parts, chosen.articles, chosen.per_day, chosen.folder):
        print(line, flush=True)
        lines.append(line)
    if chosen.write:
        RESULT.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
