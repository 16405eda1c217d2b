"""WARC files: every captured answer is a page or a reason, whatever is wrong with the archive."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.archive import find_files
from flows.archive.http_answers import parse_answer
from flows.readings import Entry
from transforms.records import Page, Reason, Rejection

Write = Callable[..., Path]
BODY = b"<html><body><p>" + b"some words of an article. " * 40 + b"</p></body></html>"


def response(
    number: int,
    body: bytes = BODY,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
    *,
    status: str = "200 OK",
    packed: bool = True,
    warc_headers: dict[str, str] | None = None,
    kind: str = "response",
) -> bytes:
    """One record, as warcio writes it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
    record = writer.create_warc_record(
        f"https://e.example/{number}",
        kind,
        payload=io.BytesIO(body),
        http_headers=http if kind in {"response", "revisit"} else None,
        warc_headers_dict={"WARC-Date": "2026-03-01T10:00:00Z", **(warc_headers or {})},
        warc_content_type="" if kind == "response" else "text/html",
    )
    writer.write_record(record)
    record.raw_stream.close()
    return out.getvalue()


def read(path: Path) -> list[Entry]:
    """The entries of one file."""
    (reading,) = find_files([path])
    return list(reading.entries())


def outcomes(found: list[Entry]) -> list[tuple[str, Reason | None]]:
    """The last part of each address, and the reason where the entry is no page."""
    return [
        (e.url.rpartition("/")[2], e.capture.reason if isinstance(e.capture, Rejection) else None)
        for e in found
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_a_good_archive_gives_its_answers_in_order(write: Write, packed: bool) -> None:  # noqa: FBT001
    """Payload, type, status, time and a place to seek to; other records are no entries."""
    info = io.BytesIO()
    writer = WARCWriter(info, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    records = [info.getvalue()]
    records += [response(n, packed=packed) for n in range(3)]
    records.insert(2, response(9, packed=packed, kind="metadata"))
    path = write("a.warc.gz" if packed else "a.warc", b"".join(records))
    found = read(path)
    assert outcomes(found) == [("0", None), ("1", None), ("2", None)]
    first, second = (e.capture for e in found[:2])
    assert isinstance(first, Page)
    assert isinstance(second, Page)
    assert first.payload == BODY
    assert first.content_type == "text/html; charset=utf-8"
    assert (first.status_code, first.url) == (200, "https://e.example/0")
    assert first.fetched_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    stored = path.read_bytes()
    cut = stored[second.location.offset :][: second.location.length]
    (again,) = read(write("cut.warc", cut))
    assert isinstance(again.capture, Page)
    assert again.capture.payload == BODY
    assert again.url == "https://e.example/1"


def test_transfer_and_content_codings_are_undone(write: Write) -> None:
    """Chunks are joined, gzip and deflate unpacked; headers that lie about it are not believed."""
    html = ("Content-Type", "text/html")
    chunked = ("Transfer-Encoding", "chunked")
    chunks = b"%x;ext=1\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (9, BODY[:9], len(BODY) - 9, BODY[9:])
    packed = gzip.compress(BODY, mtime=0)
    path = write(
        "a.warc.gz",
        response(0, chunks, (html, chunked))
        + response(1, packed, (html, ("Content-Encoding", "gzip")))
        + response(2, zlib.compress(BODY), (html, ("content-encoding", "deflate")))
        + response(
            3,
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed),
            (html, chunked, ("Content-Encoding", "gzip")),
        )
        + response(4, BODY, (html, chunked)),
    )
    for entry in read(path):
        assert isinstance(entry.capture, Page), entry
        assert entry.capture.payload == BODY, entry.url


def test_answers_that_are_no_pages_say_why(write: Write) -> None:
    """Errors, other types, unknown codings, damaged bodies: each is an entry of its own."""
    html = ("Content-Type", "text/html")
    chunked = (html, ("Transfer-Encoding", "chunked"))
    zipped = (html, ("Content-Encoding", "gzip"))
    records = [
        (response(0, status="404 Not Found"), Reason.HTTP_STATUS),
        (response(1, b"", (("Location", "/"),), status="301 Moved"), Reason.HTTP_STATUS),
        (response(2, b"\x89PNG", (("Content-Type", "image/png"),)), Reason.UNSUPPORTED_TYPE),
        (response(3, b"\x0b\x02\x80", (html, ("Content-Encoding", "br"))), Reason.UNREADABLE),
        (response(4, gzip.compress(BODY, mtime=0)[:-9], zipped), Reason.TRUNCATED),
        (response(5, b"\x1f\x8b\x08 not gzip at all", zipped), Reason.UNREADABLE),
        (response(6, b"5\r\nabcde\r\n50\r\nonly", chunked), Reason.TRUNCATED),
        (response(7, gzip.compress(bytes(30_000_000), mtime=0), zipped), Reason.TOO_LARGE),
        (response(8, warc_headers={"WARC-Date": "long ago"}), Reason.INVALID_RECORD),
        (
            response(9, warc_headers={"WARC-Date": "0001-01-01T00:00:00+14:00"}),
            Reason.INVALID_RECORD,
        ),
        (response(10), None),
    ]
    found = outcomes(read(write("a.warc.gz", b"".join(record for record, _ in records))))
    assert found == [(str(n), why) for n, (_, why) in enumerate(records)]


def test_resource_records_are_pages_of_their_own_type(write: Write) -> None:
    """A resource holds no HTTP answer: its block is the page."""
    (entry,) = read(write("a.warc.gz", response(0, kind="resource")))
    assert isinstance(entry.capture, Page)
    assert (entry.capture.payload, entry.capture.status_code) == (BODY, None)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("cut", [1, 30, 400, 700])
def test_an_archive_cut_short_loses_its_last_record_and_says_so(
    write: Write,
    cut: int,
    packed: bool,  # noqa: FBT001
) -> None:
    """The records before are pages; the last is an entry of its own, never a shorter page."""
    records = [response(n, BODY * (n + 1), packed=packed) for n in range(3)]
    whole = b"".join(records)
    if not packed:
        whole = whole.rstrip(b"\r\n")
    found = outcomes(read(write("a.warc", whole[: -min(cut, len(records[-1]) - 40)])))
    assert found[:2] == [("0", None), ("1", None)]
    assert len(found) == 3
    assert found[2][1] in {Reason.TRUNCATED, Reason.INVALID_RECORD}


def test_behind_damage_in_the_middle_the_next_record_is_read(write: Write) -> None:
    """One record is lost, under its own address where that can be read; the others are pages."""
    records = [response(n, Random(n).randbytes(300).hex().encode()) for n in range(4)]  # noqa: S311 - noise
    for at in (0, 12, len(records[1]) // 2, len(records[1]) - 6):
        damaged = bytearray(records[1])
        damaged[at] ^= 0xFF
        found = outcomes(read(write("a.warc.gz", b"".join([records[0], damaged, *records[2:]]))))
        assert [name for name, why in found if why is None] == ["0", "2", "3"], at
        assert sum(why is not None for _, why in found) == 1, at


def test_damage_in_a_plain_archive_ends_it_with_an_entry(write: Write) -> None:
    """Without members nothing tells where the next record begins; what was read stays."""
    first, second, third = (response(n, packed=False) for n in range(3))
    broken = second.replace(b"Content-Length: ", b"Content-Length: x", 1)
    found = outcomes(read(write("a.warc", first + broken + third)))
    assert found == [("0", None), (f"a.warc#offset={len(first)}", Reason.INVALID_RECORD)]


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html>\n<html><body><p>GET 200 1 2 text/html 40</p></body></html>\n" * 20,
        b"\n" * 5000,
        gzip.compress(b"\r\n" * 5000, mtime=0),
        gzip.compress(b"<html>no archive</html>", mtime=0),
        gzip.compress(b"WARC/1.0\r\n" + b"X" * 300_000, mtime=0),
        gzip.compress(b"WARC/1.0\r\n" + b"X: y\r\n" * 50_000, mtime=0),
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999999999999999999\r\n\r\n",
        b"http://e.example/ 1.2.3.4 20260301100000 text/html 20\nHTTP/1.1 200 OK\r\n\r\n<p>",
    ],
)
def test_what_is_no_archive_is_one_entry(
    write: Write, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """HTML named .warc, endless headers, lengths that cannot be: one reason, and nothing printed."""
    found = outcomes(read(write("a.warc", content)))
    assert [why for _, why in found] == [Reason.INVALID_RECORD]
    assert capfd.readouterr() == ("", "")


def test_an_archive_in_one_gzip_stream_is_refused_with_an_explanation(write: Write) -> None:
    """Records must be packed one by one, or nobody could seek to them."""
    whole = b"".join(response(n, packed=False) for n in range(3))
    found = read(write("a.warc.gz", gzip.compress(whole, mtime=0)))
    capture = found[0].capture
    assert isinstance(capture, Rejection)
    assert len(found) == 1


def test_a_record_larger_than_a_page_is_passed_over(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not read into memory; the records after it are pages."""
    monkeypatch.setattr("flows.archive.warc.MAX_FILE_BYTES", 2000)
    for packed in (True, False):
        records = (response(0, BODY * 3, packed=packed), response(1, packed=packed))
        found = outcomes(read(write("a.warc", b"".join(records))))
        assert found == [("0", Reason.TOO_LARGE), ("1", None)]


def test_no_damage_at_all_makes_the_reader_fail(write: Write) -> None:
    """Random damage: always entries, never an exception, and never silence."""
    rng = Random(20260301)  # noqa: S311 - noise
    packed = b"".join(response(n) for n in range(3))
    plain = b"".join(response(n, packed=False) for n in range(3))
    for _ in range(300):
        damaged = bytearray(rng.choice((packed, plain)))
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(damaged))
            match rng.randrange(4):
                case 0:
                    damaged[at] = rng.randrange(256)
                case 1:
                    del damaged[at : at + rng.randint(1, 200)]
                case 2:
                    damaged[at:at] = rng.randbytes(rng.randint(1, 30))
                case 3:
                    damaged[at:at] = rng.choice((b"\r\n\r\n", b"WARC/1.0\r\n", b"\x1f\x8b\x08"))
        found = read(write("a.warc", bytes(damaged)))
        assert found
        for entry in found:
            entry.url.encode()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", (200, b"body")),
        (b"HTTP/2 200\nA: b\n\nbody\n\nmore", (200, b"body\n\nmore")),
        (b"HTTP/1.0 404 \r\n\r\n", (404, b"")),
        (b"HTTP/1.1 200 OK\r\nno end of headers", (200, b"")),
        (b"HTTP/1.1 20", None),
        (b"HTTP/1.1 2000 OK\r\n\r\n", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_parse_answer_reads_status_and_body(
    block: bytes, expected: tuple[int, bytes] | None
) -> None:
    """Both kinds of line ends; what has no status line is no answer."""
    answer = parse_answer(block)
    assert (answer and (answer.status, answer.body)) == expected


def test_headers_are_by_lower_case_name_the_first_counts_and_folded_lines_join() -> None:
    """As RFC 9110 and old servers write them."""
    answer = parse_answer(
        b"HTTP/1.1 200 OK\r\nCONTENT-type: text/html;\r\n charset=koi8-r\r\nContent-Type: x\r\n\r\n"
    )
    assert answer is not None
    assert answer.headers == {"content-type": "text/html; charset=koi8-r"}
