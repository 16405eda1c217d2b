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
import gzip
import io
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

FEEDS = 1_000
AT_ONCE = 32
SPACING_S = 1.0
ENTRIES = 20
ROUNDS = ("first poll", "unchanged, 304", "unchanged, 200 and the same body")
PARTS = ("fetcher", "poll", "feedparser", "reader", "politeness", "settings")
REAL = Path(__file__).parents[1] / "../shared/eval/feeds"
READER = """
import sys
from reader import make_reader
_, database, at_once, *urls = sys.argv
reader = make_reader(database)
for url in urls:
    reader.add_feed(url)
print("ready", flush=True)
for _ in sys.stdin:
    reader.update_feeds(workers=int(at_once), scheduled=False)
    print(reader.get_entry_counts().total, flush=True)
"""


def feed(number: int, entries: int = ENTRIES, text: str = "A sentence of a summary. " * 8) -> bytes:
    """A feed."""
    listed = "".join(
        f"<item><title>Headline {number}-{n}</title><guid isPermaLink='false'>g{number}-{n}</guid>"
        f"<link>http://paper.example/{number}/{n}</link><description>{text}</description>"
        "<pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate></item>"
        for n in range(entries)
    )
    return f"<rss version='2.0'><channel><title>F{number}</title>{listed}</channel></rss>".encode()


@dataclass(frozen=True)
class Visit:
    """A request as the server saw it: to which of its addresses, for what, from when to when."""

    host: str
    path: str
    is_conditional: bool
    began: float
    ended: float


class Farm:
    """The server, seen from here."""

    def __init__(self) -> None:
        self._pipe, far = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=serve, args=(far,), daemon=True)
        self._process.start()
        self.port: int = self._pipe.recv()

    def url(self, number: int, path: str = "") -> str:
        """Each number is a host of its own."""
        return f"http://127.1.{number // 250}.{number % 250 + 1}:{self.port}/{path or number}"

    def answer(self, mode: str) -> None:
        """From now on: "honest", or "deaf", which knows no conditional requests."""
        self._pipe.send(mode)
        self._pipe.recv()

    def log(self) -> list[Visit]:
        """All requests since it was asked last."""
        self._pipe.send("log")
        found: list[Visit] = self._pipe.recv()
        return found

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()


class Site:
    """What the server says and remembers."""

    def __init__(self) -> None:
        self.mode = "honest"
        self.log: list[Visit] = []
        self._bodies = [feed(number) for number in range(FEEDS)]
        self._asked: dict[str, int] = defaultdict(int)

    def content(self, path: str, *, is_conditional: bool) -> tuple[str, list[str], bytes]:
        """Status, headers and body for a path."""
        self._asked[path] += 1
        if path == "robots.txt":
            return "200 OK", [], b"User-agent: *\nCrawl-delay: 2\n"
        if path == "busy" and self._asked[path] == 1:
            return "429 Too Many Requests", ["Retry-After: 3"], b""
        if not path.isdecimal():
            return "200 OK", ["Content-Type: text/html"], b"<p>A page.</p>"
        headers = ["Content-Type: application/rss+xml", 'ETag: "v1"']
        if is_conditional and self.mode == "honest":
            return "304 Not Modified", headers, b""
        return "200 OK", headers, self._bodies[int(path)]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        host = writer.get_extra_info("sockname")[0]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                began = time.monotonic()
                path = head.split(b" ", 2)[1][1:].decode()
                is_conditional = b"\r\nif-none-match:" in head.lower()
                status, headers, body = self.content(path, is_conditional=is_conditional)
                if not status.startswith("304"):
                    headers = [*headers, f"Content-Length: {len(body)}"]
                lines = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""])
                writer.write(lines.encode() + body)
                await writer.drain()
                self.log.append(Visit(host, path, is_conditional, began, time.monotonic()))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def serve(pipe: Any) -> None:
    """Answer on every loopback address until killed."""
    site = Site()

    async def run() -> None:
        server = await asyncio.start_server(site.answer, "0.0.0.0", 0, backlog=512)  # noqa: S104 - all of 127/8
        pipe.send(server.sockets[0].getsockname()[1])
        while True:
            order = await asyncio.to_thread(pipe.recv)
            if order == "log":
                pipe.send(list(site.log))
                site.log.clear()
            else:
                site.mode = order
                pipe.send(None)

    asyncio.run(run())


# What is measured: each says "ready", does a round for each line it reads, and says how much it saw.


def run_fetcher(home: Path, urls: list[str]) -> Iterator[int]:
    """Our fetcher and captures, without parsing and tables; the bodies of each round."""
    from flows.web.capture import CaptureWriter, Unwritten  # noqa: PLC0415 - only what is measured
    from flows.web.fetch import Fetcher  # noqa: PLC0415
    from flows.web.host_gate import HostGates  # noqa: PLC0415
    from flows.web.outcomes import Fetched, FetchRequest  # noqa: PLC0415
    from flows.web.policy import FetchPolicy, user_agent  # noqa: PLC0415
    from transforms.http_headers import NO_VALIDATORS, validators  # noqa: PLC0415

    policy = FetchPolicy(user_agent("benchmark", "benchmark"), allow_private_networks=True)
    known = dict.fromkeys(urls, NO_VALIDATORS)

    async def poll(captures: CaptureWriter) -> int:
        todo, bodies = iter(urls), 0
        async with Fetcher(policy, HostGates(home / "gates", spacing_s=SPACING_S)) as fetcher:

            async def work() -> None:
                nonlocal bodies
                for url in todo:
                    got = await fetcher.fetch(FetchRequest(url, known[url], obeys_robots=False))
                    assert isinstance(got, Fetched), got
                    known[url] = validators(got.headers)
                    if not got.is_unchanged:
                        bodies += 1
                        captures.write_all([Unwritten(got)])

            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return bodies

    while True:
        captures = CaptureWriter(home, software="benchmark", operator="benchmark")
        yield asyncio.run(poll(captures))
        captures.close()


def run_poll(home: Path, urls: list[str]) -> Iterator[int]:
    """The real poll, from the list of sources to committed tables; the inputs known after each round.

    The pages that the entries announce are left pending: they are not what is measured here.
    """
    import duckdb  # noqa: PLC0415 - only what is measured

    import flows.polling.stages  # noqa: PLC0415
    from flows.polling import poll  # noqa: PLC0415
    from flows.settings import Settings  # noqa: PLC0415
    from flows.sources import FILE  # noqa: PLC0415

    flows.polling.stages.Round._wanted_pages = lambda *_: iter(())  # type: ignore[method-assign]  # noqa: SLF001
    slugs = [f"feed-{number}" for number in range(len(urls))]
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(
        "".join(
            f'[[source]]\nslug = "{slug}"\nurl = "{url}"\nkind = "feed"\n'
            for slug, url in zip(slugs, urls, strict=True)
        )
    )
    settings = Settings(
        home=home, allow_private_networks=True, fetches_at_once=AT_ONCE, contact="benchmark"
    )
    while True:
        summary = poll(settings, sources=slugs, publish_after=False)
        assert (summary.polled, summary.failed_sources) == (len(urls), 0), summary
        with duckdb.connect(home / "live" / "news.duckdb", read_only=True) as con:
            yield con.sql("select count(*) from ops.ledger").fetchall()[0][0]


def run_feedparser(home: Path, urls: list[str]) -> Iterator[int]:  # noqa: ARG001 - as the others
    """A loop of `feedparser.parse(url)` that keeps the ETags; the entries of each round."""
    import feedparser  # noqa: PLC0415 - only what is measured

    known: dict[str, str | None] = dict.fromkeys(urls)
    while True:
        seen = 0
        for url in urls:
            found = feedparser.parse(url, etag=known[url])
            known[url] = found.get("etag", known[url])
            seen += len(found.entries)
        yield seen


MEASURED: dict[str, Callable[[Path, list[str]], Iterator[int]]] = {
    "fetcher": run_fetcher,
    "poll": run_poll,
    "feedparser": run_feedparser,
}


def be_measured(name: str, home: Path, urls: list[str]) -> None:
    """In the process that is measured."""
    rounds = MEASURED[name](home, urls)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(next(rounds), flush=True)


class Meter:
    """CPU seconds of a process and all its children, the ended ones too, and their bytes of memory.

    Memory that they share is counted once (PSS).
    """

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._used: dict[tuple[int, float], float] = {}
        self._is_over = threading.Event()
        self.peak_bytes = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def cpu_s(self) -> float:
        """So far."""
        self._look()
        return sum(self._used.values())

    def close(self) -> None:
        """Stop looking."""
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.1):
            self._look()

    def _look(self) -> None:
        resident = 0
        try:
            tree = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in tree:
            try:
                times = process.cpu_times()
                self._used[process.pid, process.create_time()] = times.user + times.system
                resident += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        self.peak_bytes = max(self.peak_bytes, resident)


def measure(name: str, command: list[str], farm: Farm) -> list[Visit]:
    """Run the three rounds of one candidate, print their rows; what the server saw."""
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
                f"| {name} | {title} | {len(log) / wall:.0f} | {cpu * 1000 / FEEDS:.2f} "
                f"| {meter.peak_bytes >> 20} | {len(log):,} | {conditional:,} | {int(seen):,} |",
                flush=True,
            )
            visits += log
        meter.close()
        process.stdin.close()
    return visits


@contextmanager
def running_farm() -> Iterator[Farm]:
    """A farm for the length of a block."""
    farm = Farm()
    try:
        yield farm
    finally:
        farm.stop()


def gaps(visits: list[Visit]) -> tuple[int, float]:
    """How many times a host was asked again, and the least pause from an answer to the next request."""
    by_host: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for visit in visits:
        by_host[visit.host].append((visit.began, visit.ended))
    found = [b[0] - a[1] for seen in by_host.values() for a, b in pairwise(sorted(seen))]
    return len(found), min(found, default=float("inf"))


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
        "\nA pause runs from the end of an answer to the beginning of the next request; below zero, two "
        "requests would have overlapped. The first of the pages comes after robots.txt itself."
    )


def settings_of_feedparser() -> None:
    """The same feeds with each setting: seconds of CPU, and whether the entries are the same."""
    import feedparser  # noqa: PLC0415 - only what is measured

    from transforms.feeds.entries import Feed  # noqa: PLC0415
    from transforms.feeds.parse import parse_feed  # noqa: PLC0415

    text = "&lt;p&gt;A sentence of a &lt;a href='/x'&gt;summary&lt;/a&gt;. It&amp;#8217;s so.&lt;/p&gt; "
    made = [feed(number, 60, text * 12) for number in range(5)]
    sets = {f"{len(made)} made, {sum(map(len, made)) / 1e6:.1f} MB": made}
    if REAL.is_dir():
        real = [gzip.decompress(path.read_bytes()) for path in sorted(REAL.glob("*.gz"))]
        sets[f"{len(real)} real, {sum(map(len, real)) / 1e6:.1f} MB"] = real
    url = "http://paper.example/feed"
    headers = {"content-type": "application/xml", "content-location": url}

    def with_settings(**settings: bool) -> Callable[[bytes], list[tuple[str, str]]]:
        def parsed(payload: bytes) -> list[tuple[str, str]]:
            found = feedparser.parse(io.BytesIO(payload), response_headers=headers, **settings)
            return [
                (entry.get("link", "").partition("#")[0], entry.get("title", ""))
                for entry in found.entries
            ]

        return parsed

    def ours(payload: bytes) -> list[tuple[str, str]]:
        found = parse_feed(payload, content_type="application/xml", url=url)
        return [(e.url or "", e.headline) for e in found.entries] if isinstance(found, Feed) else []

    print("\n## Settings of feedparser\n")
    print("| feeds | reader | CPU, s | MB a second | entries | same number in | same address |")
    print("|---|---|---|---|---|---|---|")
    for name, payloads in sets.items():
        expected: list[list[tuple[str, str]]] | None = None
        for reader, parse in (
            (f"feedparser {feedparser.__version__} as it comes", with_settings()),
            (
                "... without sanitising and resolving",
                with_settings(sanitize_html=False, resolve_relative_uris=False),
            ),
            ("ours: its grammar, driven with buffer_text, within bounds", ours),
        ):
            began = time.process_time()
            found = [parse(payload) for payload in payloads]
            used = time.process_time() - began
            expected = expected or found
            counts = sum(len(a) == len(b) for a, b in zip(found, expected, strict=True))
            pairs = [
                p for a, b in zip(found, expected, strict=True) for p in zip(a, b, strict=False)
            ]
            same = sum(a[0] == b[0].strip() for a, b in pairs)
            print(
                f"| {name} | {reader} | {used:.2f} | {sum(map(len, payloads)) / used / 1e6:.1f} "
                f"| {sum(map(len, found)):,} | {counts} of {len(payloads)} | {same:,} of {len(pairs):,} |",
                flush=True,
            )


def main() -> None:
    """Print the tables, or be one of what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", help="a Python that has the package reader")
    parser.add_argument(
        "--only", nargs="+", default=PARTS, choices=PARTS, help="leave out the rest, to try it"
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
        f"Python {platform.python_version()}, {psutil.cpu_count()} cores, loopback: {FEEDS:,} feeds of "
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
                urls = [farm.url(number) for number in range(FEEDS)]
                listed = home / f"{name}.json"
                listed.write_text(json.dumps(urls))
                program = [sys.executable, "-m", "benchmarks.fetch", "--measured", name]
                command = [*program, str(home / name), str(listed)]
                visits = measure(title, command, farm)
                ours += visits if name == "poll" else []
        if has_reader and "reader" in arguments.only:
            with running_farm() as farm:
                urls = [farm.url(number) for number in range(FEEDS)]
                database = str(home / "reader.sqlite")
                command = [arguments.reader, "-c", READER, database, str(AT_ONCE), *urls]
                measure(f"reader {reader_version(arguments.reader)}", command, farm)
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


def reader_version(python: str) -> str:
    """Of the package in that Python."""
    code = "import importlib.metadata as m; print(m.version('reader'))"
    return subprocess.run(
        [python, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
