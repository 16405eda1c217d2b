"""Answers that break off, drip, do not end or are damaged."""

from __future__ import annotations

import gzip
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.web.outcomes import Fetched, FetchFailure
from tests.flows.webserver import (
    GZIP,
    PACKED,
    PAGE,
    Asked,
    Reply,
    WebServer,
    answer,
    chunked,
    fetch,
    one,
    page,
    reason,
    redirect,
    status,
)
from transforms.records import Reason


def endless(_: Asked) -> Iterator[bytes]:
    """A body without end and without length."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    while True:
        yield b"x" * 65_536


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        ("short length", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", Reason.TRUNCATED),
        ("cut chunk", chunked([PAGE])[:-20], Reason.TRUNCATED),
        ("no last chunk", chunked([PAGE], end=b""), Reason.TRUNCATED),
        ("cut head", b"HTTP/1.1 200 OK\r\nContent-Le", Reason.TRUNCATED),
        ("gzip without end", answer(PACKED[:-9], headers=[GZIP]), Reason.TRUNCATED),
        ("gzip cut in 2nd member", answer(PACKED + PACKED[:20], headers=[GZIP]), Reason.TRUNCATED),
        ("empty as gzip", answer(b"", headers=[GZIP]), Reason.TRUNCATED),
        ("damaged gzip", answer(PACKED[:15] + b"\xff\xff" + PACKED[17:], headers=[GZIP]), Reason.CORRUPT_BODY),
        ("plain called gzip", answer(PAGE, headers=[GZIP]), Reason.CORRUPT_BODY),
        ("gzip twice", answer(gzip.compress(PACKED), headers=["Content-Encoding: gzip, gzip"]), Reason.UNSUPPORTED_CODING),
        ("gzip twice, two lines", answer(PACKED, headers=[GZIP, GZIP]), Reason.UNSUPPORTED_CODING),
        ("brotli", answer(b"\x0b\x02\x80", headers=["Content-Encoding: br"]), Reason.UNSUPPORTED_CODING),
        ("zstd", answer(b"(\xb5/\xfd", headers=["Content-Encoding: zstd"]), Reason.UNSUPPORTED_CODING),
        ("no HTTP", b"220 mail.example ESMTP ready\r\n\r\n", Reason.INVALID_ANSWER),
        ("bad chunk size", chunked([], end=b"zz\r\nabc\r\n"), Reason.INVALID_ANSWER),
        ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", Reason.INVALID_ANSWER),
        ("head without end", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000, Reason.INVALID_ANSWER),
        ("interim without end", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, Reason.INVALID_ANSWER),
        ("closed at once", iter(()), Reason.CONNECTION_FAILED),
        ("said too large", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", Reason.TOO_LARGE),
        ("said absurd", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Reason.TOO_LARGE),
        ("a video", answer(b"\x00" * 99, kind="video/mp4"), Reason.UNSUPPORTED_TYPE),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_a_failure(
    tmp_path: Path, name: str, sent: Reply, expected: Reason
) -> None:
    """A short, cut, damaged or misnamed answer is never taken for a page."""
    assert reason(one(tmp_path, {"/": sent})) is expected, name


@pytest.mark.parametrize("where", ["status line", "headers", "body", "chunks", "nothing"])
def test_no_address_takes_longer_than_its_deadline(tmp_path: Path, where: str) -> None:
    """Bytes that drip in reset no clock: the deadline is for the whole."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    slow = {
        "status line": (b"", b"HTTP/1.1 200 OK" * 50),
        "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 50),
        "body": (head, b"x" * 500),
        "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 50),
        "nothing": (b"", b""),
    }[where]

    def drip(_: Asked) -> Iterator[bytes]:
        yield slow[0]
        yield from web.slowly(slow[1])
        web.stopping.wait(20)

    started = time.monotonic()
    with WebServer({"/": drip}) as web:
        [outcome] = fetch(tmp_path, web.url(), deadline_s=0.5)
    assert reason(outcome) is Reason.DEADLINE_EXCEEDED
    assert outcome.is_retryable
    assert 0.4 < time.monotonic() - started < 10


def test_the_deadline_counts_all_redirects_together(tmp_path: Path) -> None:
    """Ten slow hops do not have ten deadlines."""

    def slow_hop(asked: Asked) -> Iterator[bytes]:
        web.stopping.wait(0.2)
        yield redirect(f"/{int(asked.path[1:]) + 1}")

    with WebServer({"*": slow_hop}) as web:
        [outcome] = fetch(tmp_path, web.url("/1"), deadline_s=0.7)
    assert reason(outcome) is Reason.DEADLINE_EXCEEDED
    assert len(web.paths) < 6


def test_a_name_that_never_resolves_ends_with_the_deadline(tmp_path: Path) -> None:
    """Looking up the name is part of the time, and nothing waits for a resolver that is stuck."""

    async def stuck(_host: str, _port: int) -> list[str]:
        import asyncio  # noqa: PLC0415 - used here alone

        await asyncio.sleep(60)
        return []

    [outcome] = fetch(tmp_path, "http://paper.example/", deadline_s=0.2, fetcher={"resolve": stuck})
    assert reason(outcome) is Reason.DEADLINE_EXCEEDED


def test_an_endless_body_is_left_at_the_cap(tmp_path: Path) -> None:
    """No more is taken than the cap; what the server could send beyond it is socket buffers."""
    with WebServer({"/": endless}) as web:
        [outcome] = fetch(tmp_path, web.url(), max_wire_bytes=1 << 20)
    assert reason(outcome) is Reason.TOO_LARGE
    assert web.sent < 20 << 20


@pytest.mark.parametrize(
    "status_line", ["302 Found\r\nLocation: /page", "404 Not Found", "500 Oops"]
)
def test_endless_bodies_of_redirects_and_errors_are_not_read(
    tmp_path: Path, status_line: str
) -> None:
    """Of a redirect nothing is read, of an error the beginning, and the outcome is the same."""

    def flood(_: Asked) -> Iterator[bytes]:
        yield f"HTTP/1.1 {status_line}\r\nContent-Type: text/html\r\n\r\n".encode()
        while True:
            yield b"x" * 65_536

    with WebServer({"/": flood, "/page": answer(PAGE)}) as web:
        [outcome] = fetch(tmp_path, web.url())
    assert web.sent < 20 << 20
    assert isinstance(outcome, Fetched) or outcome.status in {404, 500}


def test_tiny_chunks_cannot_keep_the_parser_busy(tmp_path: Path) -> None:
    """Ten megabytes of one-byte chunks are refused after a bounded number of them."""
    sent = chunked([], end=b"1\r\nx\r\n" * 1_700_000)
    started = time.process_time()
    assert reason(one(tmp_path, {"/": sent})) is Reason.INVALID_ANSWER
    assert time.process_time() - started < 10


def test_a_location_in_utf8_is_understood(tmp_path: Path) -> None:
    """Sites send letters beyond ASCII in Location as they are."""
    target = "/caf\u00e9 1".encode().decode("latin-1")
    with WebServer({"/": redirect(target), "/caf%C3%A9%201": answer(PAGE)}) as web:
        [found] = fetch(tmp_path, web.url())
    assert page(found).final_url == web.url("/caf%C3%A9%201")


def test_no_answer_raises(tmp_path: Path) -> None:
    """Answers damaged at random, the same each time, give values of one kind or the other."""
    luck = random.Random(20261122)  # noqa: S311 - the same on every run
    whole = [
        answer(PACKED, headers=[GZIP]), chunked([PAGE[:9], PAGE[9:]]), redirect("/x"), status(304),
        status(503, "Retry-After: 5", body=PAGE), answer(PAGE, headers=["Link: </h>; rel=hub"]),
    ]  # fmt: skip

    def damaged(_: Asked) -> Reply:
        sent = bytearray(luck.choice(whole))
        for _ in range(luck.randint(1, 4)):
            at = luck.randrange(len(sent))
            match luck.randrange(3):
                case 0:
                    sent[at] = luck.randrange(256)
                case 1:
                    sent[at:at] = bytes(luck.choices(b"\r\n :;,\x00\xff0aZ<>", k=3))
                case _:
                    del sent[at : at + luck.randint(1, 9)]
        return bytes(sent)

    with WebServer({"*": damaged}) as web:
        urls = [web.url(f"/{number}") for number in range(300)]
        outcomes = fetch(tmp_path, *urls, deadline_s=5.0, max_wait_s=0.0)
    kinds = {type(outcome) for outcome in outcomes}
    assert kinds == {Fetched, FetchFailure}
    assert len({outcome.reason for outcome in outcomes if isinstance(outcome, FetchFailure)}) > 4
