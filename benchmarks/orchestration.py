"""What Prefect costs: the flow run against the same work called directly.

    python -m benchmarks.orchestration [--articles 1000 20000] [--pairs 3 2] [--seed 7] [--write]

Generates corpora (see `benchmarks.corpus`) and ingests each with `wirecopy ingest`, once directly and
once as a flow run on a local Prefect server, each into a fresh data folder. The two of a pair run at
the same time, so that whatever else the machine does befalls both; who is started first changes from
pair to pair. The server has the global limit of one writer, as with `wirecopy serve`. CPU is that of
the command with all its workers (`benchmarks.reaping`); the server's own is beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import psutil

from benchmarks.corpus import write_lines
from flows.orchestration.server import free_port, prefect_server

RESULT = Path(__file__).parent / "results" / "orchestration.md"
WRITER_LIMIT = "wirecopy-writer"
_ALLOWED = 1.05


@dataclass(frozen=True)
class Measured:
    """One ingest: seconds from start to end of the command, of the work in it, and of CPU."""

    wall_s: float
    work_s: float
    cpu_s: float
    batches: int


@dataclass(frozen=True)
class Pair:
    """The same corpus directly and as a flow run, with the CPU the server took meanwhile."""

    articles: int
    direct: Measured
    flow: Measured
    server_cpu_s: float


def main() -> None:
    """Measure, print the table, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--pairs", type=int, nargs="+", default=[3, 2])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    chosen = parser.parse_args()
    pairs: list[Pair] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "server"
        with prefect_server(home, free_port()) as environment:
            limit = ["gcl", "create", WRITER_LIMIT, "--limit", "1"]
            subprocess.run(
                [sys.executable, "-m", "prefect", *limit],
                env=dict(environment),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            for articles, count in zip(chosen.articles, chosen.pairs, strict=True):
                corpus = Path(folder) / f"{articles}.jsonl"
                with corpus.open("wb") as output:
                    write_lines(output, articles, chosen.seed)
                for number in range(count):
                    place = Path(folder) / f"{articles}-{number}"
                    is_odd = number % 2 == 1
                    pairs.append(measure(articles, corpus, place, environment, flow_first=is_odd))
                    print(pairs[-1], flush=True)
    text = table(pairs, chosen.seed, os.getloadavg()[2])
    print(text)
    if chosen.write:
        RESULT.write_text(text, encoding="utf-8")


def measure(
    articles: int, corpus: Path, place: Path, environment: Mapping[str, str], *, flow_first: bool
) -> Pair:
    """Run both of a pair side by side."""
    plain = {key: value for key, value in os.environ.items() if key != "PREFECT_API_URL"}
    ways = {"direct": plain, "flow": environment}
    found: dict[str, Measured] = {}

    def run(way: str) -> None:
        found[way] = ingest(corpus, place / way, ways[way])

    before = _server_cpu_s()
    threads = [Thread(target=run, args=(way,)) for way in sorted(ways, reverse=flow_first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Pair(articles, found["direct"], found["flow"], _server_cpu_s() - before)


def ingest(corpus: Path, home: Path, environment: Mapping[str, str]) -> Measured:
    """Ingest a corpus into a fresh data folder."""
    command = [sys.executable, "-m", "benchmarks.reaping", sys.executable, "-m", "flows.cli"]
    command += ["ingest", str(corpus), "--home", str(home)]
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [*command, "--json"], env=dict(environment), stdout=output, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.monotonic() - started
        assert process.returncode == 0
        output.seek(0)
        summary = json.load(output)
    cpu_s = used.ru_utime + used.ru_stime
    return Measured(wall_s, summary["seconds"], cpu_s, summary["batches"])


def _server_cpu_s() -> float:
    """CPU seconds of the Prefect server, the only child that is one, and its children."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if "prefect" in " ".join(child.cmdline()[1:4]):
                total += sum(child.cpu_times()[:2])
    return total


def table(pairs: Sequence[Pair], seed: int, load: float) -> str:
    """The result as Markdown; `load` is the machine's load average meanwhile."""
    lines = [
        "# What Prefect costs",
        "",
        f"`python -m benchmarks.orchestration --write`: generated JSONL, seed {seed}, batches of 1,000,",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load average {load:.0f} (2 would be",
        "this benchmark alone). The two of a pair ran at the same time, into fresh data folders, so that",
        "other work on the machine befell both; who began first changed from pair to pair. The Prefect",
        "server is a local one (SQLite). *Command* is from start to end, imports and the flow run's",
        "registration included; *work* is from the first file to the published copy; CPU is that of the",
        "command with its extraction workers. Medians over the pairs.",
        "",
        "| articles | pairs | | command, s | work, s | CPU, s | CPU of the server, s |",
        "|---|---|---|---|---|---|---|",
    ]
    verdicts = []
    for articles in sorted({pair.articles for pair in pairs}):
        own = [pair for pair in pairs if pair.articles == articles]
        direct = [_median([getattr(p.direct, f) for p in own]) for f in _FIELDS]
        flow = [_median([getattr(p.flow, f) for p in own]) for f in _FIELDS]
        server = _median([p.server_cpu_s for p in own])
        head = f"| {articles:,} | {len(own)} |"
        lines.append(f"{head} direct | " + " | ".join(f"{v:,.1f}" for v in direct) + " | |")
        lines.append(
            f"{head} flow run | " + " | ".join(f"{v:,.1f}" for v in flow) + f" | {server:,.1f} |"
        )
        ratios = [f"{b / a:.3f}" for a, b in zip(direct, flow, strict=True)]
        lines.append(f"{head} ratio | " + " | ".join(ratios) + " | |")
        verdicts.append((articles, flow[0] / direct[0], flow[2] / direct[2]))
    articles, wall, cpu = verdicts[-1]
    lines += [
        "",
        f"Goal at {articles:,} articles, at most 5 % more: CPU {_verdict(cpu)}, time {_verdict(wall)}.",
    ]
    return "\n".join(lines) + "\n"


def _verdict(ratio: float) -> str:
    return f"{ratio:.3f} ({'met' if ratio <= _ALLOWED else '**not met**'})"


_FIELDS = ("wall_s", "work_s", "cpu_s")


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    main()
