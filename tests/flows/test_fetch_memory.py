"""What a hostile answer may cost: memory measured in a process of its own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.flows.webserver import Asked, Reply, WebServer, answer, redirect, status

ROOT = Path(__file__).resolve().parents[2]
GZIP = "Content-Encoding: gzip"
MIB = 1 << 20

_MEASURED = """
import json, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.flows.webserver import fetch
outcomes = fetch(Path({gates!r}), *{urls!r}, deadline_s=30.0)
# Not ru_maxrss: a child begins with its parent's.
lines = Path("/proc/self/status").read_text().splitlines()
kib = int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])
reasons = [getattr(outcome, "reason", "fetched") for outcome in outcomes]
print(json.dumps([kib / 1024, reasons]))
"""


def peak_mib(gates: Path, urls: list[str]) -> tuple[float, list[str]]:
    """Peak memory of a process that fetches these addresses, and what came of each."""
    code = _MEASURED.format(root=str(ROOT), gates=str(gates), urls=urls)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    mib, reasons = json.loads(done.stdout)
    return mib, reasons


def endless(head: bytes, part: bytes) -> Callable[[Asked], Iterator[bytes]]:
    """An answer that never ends."""

    def flood(_: Asked) -> Iterator[bytes]:
        yield head
        while True:
            yield part * (65_536 // len(part))

    return flood


def test_bombs_cost_no_more_than_a_large_page(tmp_path: Path) -> None:
    """Over all bombs together the peak stays within 300 MiB of one ordinary fetch."""
    zeros = gzip.compress(bytes(16 * MIB))
    bomb = zeros * 64  # a gigabyte, in 64 members
    one_member = gzip.compress(bytes(400 * MIB), compresslevel=1)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    bombs: dict[str, tuple[Reply | Callable[[Asked], Reply], str]] = {
        "/gzip": (answer(bomb, headers=[GZIP]), "too_large"),
        "/gzip-one-member": (answer(one_member, headers=[GZIP]), "too_large"),
        "/gzip-nested": (answer(gzip.compress(bomb), headers=[GZIP]), "fetched"),
        "/gzip-twice": (answer(gzip.compress(bomb), headers=[GZIP, GZIP]), "unsupported_coding"),
        "/brotli": (answer(b"\xff" * 809, headers=["Content-Encoding: br"]), "unsupported_coding"),
        "/not-found": (status(404, GZIP, body=bomb), "not_found"),
        "/redirect": (redirect("/fine").replace(b"Content-Length: 5", b"X-Length: 5") + bomb, "fetched"),
        "/body": (endless(head + b"\r\n", b"x"), "too_large"),
        "/chunks": (endless(head + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"), "too_large"),
        "/headers": (endless(head, b"X-A: b\r\n"), "invalid_answer"),
        "/one-header": (endless(head + b"X-A: ", b"b"), "invalid_answer"),
        "/status-line": (endless(b"HTTP/1.1 200 ", b"O"), "invalid_answer"),
        "/interim": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "invalid_answer"),
    }  # fmt: skip
    routes: dict[str, Reply | Callable[[Asked], Reply]] = {
        path: reply for path, (reply, _) in bombs.items()
    }
    with WebServer({**routes, "/fine": answer(b"<p>word</p>" * 10_000)}) as web:
        ordinary, _ = peak_mib(tmp_path, [web.url("/fine")])
        hostile, reasons = peak_mib(tmp_path, [web.url(path) for path in bombs])
    assert dict(zip(bombs, reasons, strict=True)) == {
        path: told for path, (_, told) in bombs.items()
    }
    assert hostile - ordinary < 300, f"{hostile:.0f} MiB against {ordinary:.0f}"
