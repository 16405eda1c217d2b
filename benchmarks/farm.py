"""A farm of feeds on loopback addresses, each a host of its own, and what it remembers of its visitors.

Served by a process of its own, so that what asks it can be measured alone.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

FEEDS = 1_000
ENTRIES = 20


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
    """A request as the server saw it: to which of its addresses, for what, from when to when (the
    answer is on its way).
    """

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
                # Once it is written the other side may have read it, whenever this one goes on.
                self.log.append(Visit(host, path, is_conditional, began, time.monotonic()))
                writer.write(lines.encode() + body)
                await writer.drain()
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
