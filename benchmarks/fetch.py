"""Polling a thousand feeds: requests, CPU and memory of the fetcher, and what the server saw.

A farm of feeds on a thousand loopback addresses, each a host of its own, served by another process.
Three rounds: the first poll, a poll answered 304, and a poll answered 200 with the same body. Beside
it a plain loop of `feedparser.parse(url)`, which fetches and parses; therefore the fetcher's answers
are parsed with feedparser too, in a second column. The server's log says whether the limits held.

    python -m benchmarks.fetch > benchmarks/results/fetch.md
"""

from __future__ import annotations

import asyncio
import multiprocessing
import platform
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import feedparser

from flows.web.capture import CaptureWriter
from flows.web.fetch import Fetcher
from flows.web.host_gate import HostGates
from flows.web.outcomes import Fetched, FetchRequest
from flows.web.policy import FetchPolicy, user_agent
from transforms.http_headers import NO_VALIDATORS, Validators, validators

FEEDS = 1_000
AT_ONCE = 32
SPACING_S = 1.0
ENTRIES = 30
AGENT = user_agent("benchmark", "https://contact.example/")


def feed(number: int) -> bytes:
    """A feed of thirty entries."""
    entries = "".join(
        f"<item><title>Headline {number}-{n}</title><guid>g{number}-{n}</guid>"
        f"<link>http://paper.example/{number}/{n}</link>"
        f"<description>{'A sentence of a summary. ' * 8}</description>"
        "<pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate></item>"
        for n in range(ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>F{number}</title>{entries}</channel></rss>".encode()


def serve(pipe: Any) -> None:
    """Answer on every loopback address until told to stop; then give the log."""
    bodies = [feed(number) for number in range(FEEDS)]
    log: list[tuple[str, float, float]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                began = time.monotonic()
                number = int(head.split(b" ", 2)[1][1:].split(b"?")[0])
                lines = [b"Content-Type: application/rss+xml", b'ETag: "v1"']
                # `?same` is a server that knows no conditional requests.
                if b"If-None-Match" in head and b"?same" not in head.split(b"\r\n", 1)[0]:
                    content = b"HTTP/1.1 304 Not Modified\r\n" + b"\r\n".join(lines) + b"\r\n\r\n"
                else:
                    lines.append(b"Content-Length: %d" % len(bodies[number]))
                    content = (
                        b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + bodies[number]
                    )
                writer.write(content)
                await writer.drain()
                log.append((writer.get_extra_info("sockname")[0], began, time.monotonic()))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=256)  # noqa: S104 - all of 127/8
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        pipe.send(log)

    asyncio.run(run())


def url(number: int, port: int, query: str = "") -> str:
    """Each feed on a host of its own."""
    return f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/{number}{query}"


async def poll(
    home: Path, urls: list[str], known: list[Validators], *, parses: bool
) -> list[Validators]:
    """Fetch all, capture and perhaps parse what came; the validators for the next round."""
    policy = FetchPolicy(AGENT, allow_private_networks=True)
    found = [NO_VALIDATORS] * len(urls)
    todo = iter(range(len(urls)))
    gates = HostGates(home / "gates", spacing_s=SPACING_S)
    with CaptureWriter(home, software="benchmark", operator="https://contact.example/") as captures:
        async with Fetcher(policy, gates) as fetcher:

            async def worker() -> None:
                for number in todo:
                    request = FetchRequest(urls[number], known[number], obeys_robots=False)
                    got = await fetcher.fetch(request)
                    assert isinstance(got, Fetched), got
                    found[number] = validators(got.headers)
                    if not got.is_unchanged:
                        captures.write(got)
                        if parses:
                            assert len(feedparser.parse(BytesIO(got.payload)).entries) == ENTRIES

            await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return found


def measured(name: str, run: Callable[[], Any]) -> Any:
    """Run a round, print its row."""
    started, used = time.monotonic(), time.process_time()
    result = run()
    wall, cpu = time.monotonic() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {FEEDS / wall:.0f} | {cpu * 1000 / FEEDS:.2f} | {peak:.0f} |", flush=True)
    return result


def main() -> None:
    """Print the tables."""
    pipe, far = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(far,), daemon=True)
    server.start()
    port = pipe.recv()
    urls = [url(number, port) for number in range(FEEDS)]
    same = [url(number, port, "?same") for number in range(FEEDS)]
    nothing = [NO_VALIDATORS] * FEEDS
    print("# Polling\n")
    print(
        f"Python {platform.python_version()}, loopback, {FEEDS:,} feeds of {len(feed(0)):,} bytes on as "
        f"many hosts, {AT_ONCE} at once, each answer captured and synced. `python -m benchmarks.fetch`\n"
    )
    print("| round | feeds a second | CPU ms a feed | peak MiB so far |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        known = measured("first poll", lambda: asyncio.run(poll(home, urls, nothing, parses=False)))
        measured("unchanged, 304", lambda: asyncio.run(poll(home, urls, known, parses=False)))
        measured(
            "unchanged, 200 and the same body",
            lambda: asyncio.run(poll(home, same, known, parses=False)),
        )
        measured("first poll, parsed", lambda: asyncio.run(poll(home, urls, nothing, parses=True)))
        pipe.send(None)
        log = pipe.recv()
    server.join(5)
    pipe, far = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(far,), daemon=True)
    server.start()
    port = pipe.recv()
    urls = [url(number, port) for number in range(FEEDS)]
    measured(
        "feedparser.parse(url), one after the other", lambda: [feedparser.parse(u) for u in urls]
    )
    measured("the same with etag: 304", lambda: [feedparser.parse(u, etag='"v1"') for u in urls])
    pipe.send(None)
    pipe.recv()
    visits: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for host, began, ended in log:
        visits[host].append((began, ended))
    gaps = [b[0] - a[1] for seen in visits.values() for a, b in pairwise(sorted(seen))]
    print(
        f"\nThe server's log of the fetcher's rounds: {len(log):,} requests to {len(visits):,} hosts, "
        f"never two at once at one host, {min(gaps):.2f} s or more between two.\n"
        if min(gaps) >= 0
        else "\nOVERLAPPING REQUESTS\n"
    )


if __name__ == "__main__":
    main()
