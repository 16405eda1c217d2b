"""Peak memory of an ingest against the number of articles: it must not grow with the corpus.

    python -m benchmarks.memory [--articles 10000 100000] [--seed 7] [--write]

Generates corpora (see `benchmarks.corpus`), ingests each into a fresh data folder with
`wirecopy ingest`, and samples the proportional set size (PSS, shared pages counted once) of the
command and all its worker processes five times a second. Compare ratios: the corpora run one after
the other on the same machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.corpus import write_lines

RESULT = Path(__file__).parent / "results" / "memory.md"
_SAMPLE_S = 0.2
_ALLOWED = 1.3


@dataclass(frozen=True)
class Measured:
    """One ingest: articles, seconds, peak PSS in bytes of all processes and of the main one."""

    articles: int
    loaded: int
    seconds: float
    cpu_s: float
    peak: int
    peak_main: int
    database_bytes: int


def main() -> None:
    """Measure, print the table, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    arguments = parser.parse_args()
    measured = [measure(count, arguments.seed) for count in arguments.articles]
    text = table(measured, arguments.seed)
    print(text)
    if arguments.write:
        RESULT.write_text(text, encoding="utf-8")


def measure(articles: int, seed: int) -> Measured:
    """Ingest one generated corpus in a folder of its own and watch it."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, home = Path(folder, "corpus.jsonl"), Path(folder, "home")
        with corpus.open("wb") as out:
            write_lines(out, articles, seed)
        command = [sys.executable, "-m", "flows.cli", "ingest", str(corpus), "--home", str(home)]
        began = time.monotonic()
        with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE) as process:
            watch = _watch(psutil.Process(process.pid))
            assert process.stdout is not None
            summary = json.loads(process.stdout.read())
        return Measured(
            articles=articles,
            loaded=summary["loaded"],
            seconds=time.monotonic() - began,
            cpu_s=watch[2],
            peak=watch[0],
            peak_main=watch[1],
            database_bytes=(home / "news.duckdb").stat().st_size,
        )


def _watch(main: psutil.Process) -> tuple[int, int, float]:
    peak = peak_main = 0
    cpu: dict[int, float] = {}
    while main.is_running() and main.status() != psutil.STATUS_ZOMBIE:
        sizes = {}
        for process in [main, *main.children(recursive=True)]:
            try:
                sizes[process.pid] = process.memory_full_info().pss
                times = process.cpu_times()
                cpu[process.pid] = times.user + times.system
            except psutil.Error:
                continue
        peak = max(peak, sum(sizes.values()))
        peak_main = max(peak_main, sizes.get(main.pid, 0))
        time.sleep(_SAMPLE_S)
    return peak, peak_main, sum(cpu.values())


def table(measured: list[Measured], seed: int) -> str:
    """The result as Markdown."""
    least = measured[0]
    heading = (
        "| articles | loaded | peak, MB | of it the main process, MB | peak, ratio "
        "| articles per s | CPU ms per article | database, MB |"
    )
    lines = [
        "# Memory",
        "",
        "`python -m benchmarks.memory --write`: peak memory of `wirecopy ingest` on generated JSONL,",
        f"seed {seed}, 500 articles a day, two cores, default settings (batches of 1,000, two workers). Peak is the",
        f"proportional set size of the command and its workers. Goal: at most {_ALLOWED} times the first.",
        "",
        heading,
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.articles:,} | {row.loaded:,} | {row.peak / 1e6:.0f} | {row.peak_main / 1e6:.0f} "
        f"| {row.peak / least.peak:.2f} | {row.articles / row.seconds:.0f} "
        f"| {1000 * row.cpu_s / row.articles:.1f} | {row.database_bytes / 1e6:.0f} |"
        for row in measured
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
