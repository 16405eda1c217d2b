"""What a request costs, and what comes of bad answers, with our client and with aiohttp and httpx.

The others are no dependencies: `uv pip install aiohttp httpx` adds them to the comparison, and a
client that is missing is left out. The server runs in a process of its own on loopback; CPU is
that of the client alone.

    python -m benchmarks.http_clients > benchmarks/results/http_clients.md
"""

from __future__ import annotations

import asyncio
import gzip
import importlib.metadata
import multiprocessing
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from flows.web.fetch import Fetcher
from flows.web.host_gate import HostGates
from flows.web.outcomes import Fetched, FetchRequest
from flows.web.policy import FetchPolicy
from tests.flows.webserver import AGENT, Asked, Reply, WebServer, answer, chunked

REQUESTS = 400
PAGE = b"<p>" + b"An ordinary sentence of an ordinary page. " * 1_000
PACKED = gzip.compress(PAGE)
GZIP = "Content-Encoding: gzip"

Get = Callable[[str], Awaitable[bytes | None]]
"""A URL to the body as a caller would use it, None for a failure that is told."""


def _drip(_: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    for _ in range(100):
        time.sleep(0.1)
        yield b"x"


ROUTES: dict[str, Reply | Callable[[Asked], Reply]] = {
    "/keep": answer(PACKED, headers=[GZIP], keep=True),
    "/close": answer(PACKED, headers=[GZIP]),
    "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
    "/cut-chunk": chunked([PAGE])[:-20],
    "/cut-gzip": answer(PACKED[:-9], headers=[GZIP]),
    "/members": answer(gzip.compress(b"one") + gzip.compress(b"two"), headers=[GZIP]),
    "/drip": _drip,
    "/tiny-chunks": chunked([], end=b"1\r\nx\r\n" * 1_000_000 + b"0\r\n\r\n"),
}


def _serve(pipe: Any) -> None:
    with WebServer(ROUTES) as web:
        pipe.send(web.port)
        pipe.recv()


@asynccontextmanager
async def ours() -> Any:
    """Our client, without politeness."""
    policy = FetchPolicy(AGENT, allow_private_networks=True, deadline_s=3.0)
    with tempfile.TemporaryDirectory() as gates:
        async with Fetcher(policy, HostGates(Path(gates), spacing_s=0.0)) as client:

            async def get(url: str) -> bytes | None:
                found = await client.fetch(FetchRequest(url, obeys_robots=False))
                return found.payload if isinstance(found, Fetched) else None

            yield get


@asynccontextmanager
async def with_aiohttp() -> Any:
    """Its session with a total timeout, as its documentation has it."""
    import aiohttp  # noqa: PLC0415 - may be missing

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3.0)) as session:

        async def get(url: str) -> bytes | None:
            try:
                async with session.get(url) as found:
                    return await found.read()
            except (aiohttp.ClientError, TimeoutError):
                return None

        yield get


@asynccontextmanager
async def with_httpx() -> Any:
    """Its client with a timeout for each read, the only kind it has."""
    import httpx  # noqa: PLC0415 - may be missing

    async with httpx.AsyncClient(timeout=3.0, trust_env=False) as client:

        async def get(url: str) -> bytes | None:
            try:
                return (await client.get(url)).content
            except httpx.HTTPError:
                return None

        yield get


async def measure(make: Callable[[], Any], base: str) -> list[str]:
    """One row: CPU ms a request kept and closed, then what came of each fault."""
    cells = []
    async with make() as get:
        for path in ("/keep", "/close"):
            assert await get(base + path) == PAGE
            started = time.process_time()
            for _ in range(REQUESTS):
                await get(base + path)
            cells.append(f"{(time.process_time() - started) * 1000 / REQUESTS:.2f}")
        for path, whole in (
            ("/short", None),
            ("/cut-chunk", None),
            ("/cut-gzip", None),
            ("/members", b"onetwo"),
        ):
            cells.append("right" if await get(base + path) == whole else "WRONG")
        for path in ("/drip", "/tiny-chunks"):
            started, used = time.monotonic(), time.process_time()
            await get(base + path)
            cells.append(f"{time.monotonic() - started:.1f} / {time.process_time() - used:.1f}")
    return cells


def main() -> None:
    """Print the table."""
    pipe, far = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(far,), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{pipe.recv()}"
    print("# HTTP clients\n")
    print(
        f"Python {platform.python_version()}, loopback, pages of {len(PACKED):,} bytes packed, {REQUESTS} requests each. `python -m benchmarks.http_clients`\n"
    )
    print(
        "| client | CPU ms, kept | CPU ms, closed | short length | cut chunk | cut gzip | 2 gzip members | drip, deadline 3 s: s / CPU s | 1 M one-byte chunks: s / CPU s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, distribution, make in (
        ("ours", "h11", ours),
        ("aiohttp", "aiohttp", with_aiohttp),
        ("httpx", "httpx", with_httpx),
    ):
        try:
            cells = asyncio.run(measure(make, base))
        except ImportError:
            print(f"{name} is not installed and was left out", file=sys.stderr)
            continue
        version = importlib.metadata.version(distribution)
        label = f"ours (h11 {version})" if name == "ours" else f"{name} {version}"
        print(f"| {label} | {' | '.join(cells)} |")
    pipe.send(None)
    server.join(5)


if __name__ == "__main__":
    main()
