"""A web server on loopback that answers as badly as it is told to, and a fetch that talks to it.

Answers are bytes or iterables of bytes, written as they are: what is wrong with them is the point.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from flows.web.fetch import Fetcher
from flows.web.host_gate import HostGates
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.policy import FetchPolicy, user_agent
from transforms.records import Reason

AGENT = user_agent("1.0", "https://contact.example/")
HTML = "text/html; charset=utf-8"

Reply = bytes | Iterable[bytes]
Routes = dict[str, "Reply | Callable[[Asked], Reply]"]

PAGE = b"<html><body><p>The ferry runs again.</p></body></html>"
PACKED = gzip.compress(PAGE, mtime=0)
GZIP = "Content-Encoding: gzip"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    head: str
    connection: int

    def header(self, name: str) -> str | None:
        """The value of a header, None where it was not sent."""
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None


@dataclass
class WebServer:
    """Routes by path, without query; `*` is for all others. Every request is kept in `asked`."""

    routes: dict[str, Reply | Callable[[Asked], Reply]]
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    sent: int = 0
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, self.port), family=family, backlog=64)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(5)

    def url(self, path: str = "/") -> str:
        """The address of a path here."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [asked.path for asked in self.asked]

    def slowly(self, data: bytes, every_s: float = 0.05) -> Iterator[bytes]:
        """One byte at a time, with a pause before each."""
        for byte in data:
            if self.stopping.wait(every_s):
                return
            yield bytes([byte])

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(
                target=self._serve, args=(sock, self.connections), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        sock.settimeout(20)
        with sock:
            try:
                stream = self.tls.wrap_socket(sock, server_side=True) if self.tls else sock
                with stream:
                    while self._answer(stream, number):
                        pass
            except OSError:
                return

    def _answer(self, stream: socket.socket, number: int) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            part = stream.recv(65_536)
            if not part:
                return False
            head += part
        text = head.decode("latin-1")
        path = text.split(" ")[1]
        asked = Asked(path, text, number)
        self.asked.append(asked)
        reply = self.routes.get(path.partition("?")[0], self.routes.get("*", status(404)))
        content = reply(asked) if callable(reply) else reply
        for part in [content] if isinstance(content, bytes) else content:
            stream.sendall(part)
            self.sent += len(part)
        # Only a whole answer to a plain request leaves the connection open.
        return isinstance(content, bytes) and b"\r\nX-Keep: 1\r\n" in content


def answer(
    body: bytes = b"<html><body>An ordinary page.</body></html>",
    *,
    code: str = "200 OK",
    kind: str = HTML,
    headers: Iterable[str] = (),
    keep: bool = False,
) -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {code}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    lines.append("X-Keep: 1" if keep else "Connection: close")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def status(code: int, *headers: str, body: bytes = b"") -> bytes:
    """An answer that is mostly a status."""
    return answer(body, code=f"{code} Told", headers=headers)


def redirect(target: str, code: int = 302) -> bytes:
    """A redirect with a body nobody should read."""
    return answer(b"moved", code=f"{code} Moved", headers=[f"Location: {target}"])


def chunked(parts: Iterable[bytes], *headers: str, end: bytes = b"0\r\n\r\n") -> bytes:
    """An answer in chunks."""
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {HTML}", "Transfer-Encoding: chunked", *headers]
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + end


def fetch(
    gates: Path,
    *requests: FetchRequest | str,
    spacing_s: float = 0.0,
    fetcher: dict[str, object] | None = None,
    **policy: object,
) -> list[Fetched | FetchFailure]:
    """Fetch one after the other with one fetcher; without robots.txt where only a URL is given."""

    async def run() -> list[Fetched | FetchFailure]:
        rules = FetchPolicy(AGENT, **{"allow_private_networks": True, **policy})  # type: ignore[arg-type]
        asked = [FetchRequest(r, obeys_robots=False) if isinstance(r, str) else r for r in requests]
        turns = HostGates(gates, spacing_s=spacing_s)
        async with Fetcher(rules, turns, **(fetcher or {})) as client:  # type: ignore[arg-type]
            return [await client.fetch(request) for request in asked]

    return asyncio.run(run())


def one(gates: Path, routes: Routes, path: str = "/", **policy: object) -> Fetched | FetchFailure:
    """Fetch one path of a server with these routes, without robots.txt."""
    with WebServer(routes) as web:
        [outcome] = fetch(gates, web.url(path), **policy)
    return outcome


def reason(outcome: Fetched | FetchFailure) -> Reason:
    """The reason of a failure."""
    assert isinstance(outcome, FetchFailure)
    return outcome.reason


def page(outcome: Fetched | FetchFailure) -> Fetched:
    """A success."""
    assert isinstance(outcome, Fetched), outcome
    return outcome
