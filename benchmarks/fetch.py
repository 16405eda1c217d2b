"""Polling a thousand feeds: requests, CPU and memory of a poll, beside others, and what the server saw.

A farm of feeds on a thousand loopback addresses, each a host of its own, served by another process.
Three rounds: the first poll, one answered 304, and one answered 200 with the same body. What is
measured runs in a process of its own, with all its children; beside ours a plain loop of
`feedparser.parse(url)` and, where a Python with `reader` (PyPI) is given, that feed reader.
Then the limits of politeness, by the server's own log, and the settings of feedparser.

    python -m benchmarks.fetch --reader PYTHON > benchmarks/results/fetch.md

One run makes the whole file, with the same thousand feeds for everybody.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.farm import ENTRIES, FEEDS, Farm, Visit, feed, gaps, running_farm
from benchmarks.feed_parsing import settings_of_feedparser
from benchmarks.meter import Meter
from benchmarks.pollers import AT_ONCE, READER, SPACING_S, be_measured, reader_version

ROUNDS = ("first poll", "unchanged, 304", "unchanged, 200 and the same body")
PARTS = ("fetcher", "poll", "feedparser", "reader", "politeness", "settings")


def measure(name: str, command: list[str], farm: Farm, feeds: int) -> list[Visit]:
    """Run the three rounds of one candidate on so many feeds, print their rows; what the server saw."""
    visits: list[Visit] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        farm.log()
        meter = Meter(process.pid)
        for title, mode in zip(ROUNDS, ("honest", "honest", "deaf"), strict=True):
            farm.answer(mode)
            meter.peak_bytes = 0
            used, began = meter.cpu_s(), time.monotonic()
            process.stdin.write("\n")
            process.stdin.flush()
            seen = process.stdout.readline().strip()
            wall, cpu = time.monotonic() - began, meter.cpu_s() - used
            log = farm.log()
            conditional = sum(visit.is_conditional for visit in log)
            print(
                f"| {name} | {title} | {len(log) / wall:.0f} | {cpu * 1000 / feeds:.2f} "
                f"| {meter.peak_bytes >> 20} | {len(log):,} | {conditional:,} | {int(seen):,} |",
                flush=True,
            )
            visits += log
        meter.close()
        process.stdin.close()
    return visits


def be_polite(home: Path, urls: list[str], *, obeys_robots: bool) -> None:
    """Ask for these addresses side by side: what the limits do is the server's to say."""
    from flows.web.fetch import Fetcher  # noqa: PLC0415 - only what is measured
    from flows.web.host_gate import HostGates  # noqa: PLC0415
    from flows.web.outcomes import FetchRequest  # noqa: PLC0415
    from flows.web.policy import FetchPolicy, user_agent  # noqa: PLC0415

    async def run() -> None:
        policy = FetchPolicy(user_agent("benchmark", "benchmark"), allow_private_networks=True)
        async with Fetcher(policy, HostGates(home / "gates", spacing_s=SPACING_S)) as fetcher:
            requests = [FetchRequest(url, obeys_robots=obeys_robots) for url in urls]
            await asyncio.gather(*map(fetcher.fetch, requests))

    asyncio.run(run())


def politeness(farm: Farm, home: Path) -> None:
    """Two processes that share a data folder ask the same hosts at the same time."""
    print("\n## Politeness, by the server's log\n")
    print("| asked | requests | asked again | least pause, s | limit, s |\n|---|---|---|---|---|")
    context = multiprocessing.get_context("spawn")

    def row(name: str, urls: list[str], processes: int, limit_s: float, *, robots: bool) -> None:
        farm.log()
        running = [
            context.Process(target=be_polite, args=(home, urls), kwargs={"obeys_robots": robots})
            for _ in range(processes)
        ]
        for process in running:
            process.start()
        for process in running:
            process.join()
        log = farm.log()
        again, least_s = gaps(log)
        print(f"| {name} | {len(log)} | {again} | {least_s:.3f} | {limit_s:g} |", flush=True)
        assert least_s >= limit_s

    many = [farm.url(host, f"{path}") for path in range(10) for host in range(10)]
    row("100 feeds on 10 hosts, by each of two processes at once", many, 2, SPACING_S, robots=False)
    pages = [farm.url(20, f"page-{number}") for number in range(5)]
    row(
        "pages of a host whose robots.txt asks for 2 s (Crawl-delay)",
        pages,
        1,
        2.0,
        robots=True,
    )
    busy = [farm.url(30, "busy"), farm.url(30, "busy-too")]
    row("a host that answers 429 with Retry-After: 3", busy, 1, 3.0, robots=False)
    print(
        "\nA pause runs from when an answer is sent to the beginning of the next request; below zero, two "
        "requests would have overlapped. The first of the pages comes after robots.txt itself."
    )


def main() -> None:
    """Print the tables, or be one of what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", help="a Python that has the package reader")
    parser.add_argument(
        "--only", nargs="+", default=PARTS, choices=PARTS, help="leave out the rest, to try it"
    )
    parser.add_argument(
        "--feeds",
        type=int,
        default=FEEDS,
        choices=range(1, FEEDS + 1),
        metavar="N",
        help="of how many",
    )
    parser.add_argument("--measured", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measured:
        name, folder, listed = arguments.measured
        be_measured(name, Path(folder), json.loads(Path(listed).read_text()))
        return
    has_reader = bool(arguments.reader) and Path(arguments.reader).exists()
    began = time.monotonic()
    print("# Polling\n")
    print(
        f"Python {platform.python_version()}, {psutil.cpu_count()} cores, loopback: {arguments.feeds:,} feeds of "
        f"{len(feed(0)):,} bytes and {ENTRIES} entries on as many hosts, the same for everybody, "
        f"{AT_ONCE} at once where there is a choice. CPU and memory (PSS) are those of all processes of "
        "the candidate; the server is another. `python -m benchmarks.fetch --reader PYTHON`\n"
    )
    print(
        f"The machine was shared with other work: a load of {psutil.getloadavg()[0]:.0f} when this "
        f"began, at `nice` {os.nice(0)}. **Compare CPU; requests a second say how busy it was.**\n"
    )
    print(
        "- *fetch and capture*: `flows.web` alone, each answer in a WARC file and synced; saw bodies\n"
        "- *poll*: `flows.polling.poll`: list of sources, conditional requests, captures, parsing in "
        "workers that can be killed, entries, ledger and states committed; saw entries in all. The pages "
        "announced were left pending\n"
        "- *feedparser loop*: `feedparser.parse(url, etag=...)`, one after the other, nothing kept; saw "
        "entries\n- *reader*: `reader.update_feeds(workers=32, scheduled=False)` into SQLite; saw entries in all\n"
    )
    print(
        "| what | round | requests a second | CPU ms a feed | peak MiB | requests | conditional | saw |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ours: list[Visit] = []
        for name, title in (
            ("fetcher", "fetch and capture"),
            ("poll", "poll"),
            ("feedparser", "feedparser loop"),
        ):
            if name not in arguments.only:
                continue
            with running_farm() as farm:
                urls = [farm.url(number) for number in range(arguments.feeds)]
                listed = home / f"{name}.json"
                listed.write_text(json.dumps(urls))
                program = [sys.executable, "-m", "benchmarks.fetch", "--measured", name]
                command = [*program, str(home / name), str(listed)]
                visits = measure(title, command, farm, arguments.feeds)
                ours += visits if name == "poll" else []
        if has_reader and "reader" in arguments.only:
            with running_farm() as farm:
                urls = [farm.url(number) for number in range(arguments.feeds)]
                database = str(home / "reader.sqlite")
                command = [arguments.reader, "-c", READER, database, str(AT_ONCE), *urls]
                measure(
                    f"reader {reader_version(arguments.reader)}", command, farm, arguments.feeds
                )
        again, least_s = gaps(ours)
        if ours:
            print(
                f"\nThe server's log of the three polls: {len(ours):,} requests, a host asked again {again:,} "
                f"times, never before its last answer was {least_s:.1f} s old.\n"
            )
        if "politeness" in arguments.only:
            with running_farm() as farm:
                politeness(farm, home / "polite")
    if "settings" in arguments.only:
        settings_of_feedparser()
        print(
            "\nAddresses that differ are those of a feed that writes words into its ids: feedparser "
            "takes these for links, we do not. The real feeds are evaluation data beside the "
            "repository, left out where they are absent."
        )
    print(f"\nIn all {(time.monotonic() - began) / 60:.0f} minutes.")


if __name__ == "__main__":
    main()
