"""Captures: what lies on disk, for our own reader and for others, and after a kill."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from flows.archive import find_files
from flows.web import capture as capture_module
from flows.web.capture import Capture, CaptureWriter, Unwritten
from flows.web.outcomes import Exchange, Fetched, Redirect
from flows.web.warc_records import Earlier
from tests.flows.webserver import WebServer, answer, chunked, fetch, redirect
from transforms.records import Page

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
PAGE = b"<html><body><p>The ferry runs again.</p></body></html>"
HEAD = (
    b"HTTP/1.1 200 oK\r\nX-ODD:   spaced  \r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
)


def fetched(
    body: bytes = PAGE, *, head: bytes = HEAD, at: datetime = AT, **more: object
) -> Fetched:
    """An answer as the fetcher gives it."""
    answer = head + b"\r\n" + body
    url = "http://paper.example/a?b=1"
    request = b"GET /a?b=1 HTTP/1.1\r\nHost: paper.example\r\nUser-Agent: wirecopy\r\n\r\n"
    sent = Exchange(url, "93.184.215.14", at, request, answer, len(head) + 2)
    whole = Fetched(url, url, 200, at, (("Content-Type", "text/html; charset=utf-8"),), body, sent)
    return replace(whole, **more)  # type: ignore[arg-type]


def writer(home: Path, **more: object) -> CaptureWriter:
    """A writer whose clock stands still."""
    options: dict[str, object] = {"clock": lambda: AT, **more}
    return CaptureWriter(
        home,
        software="wirecopy/1.0",
        operator="https://contact.example/",
        **options,  # type: ignore[arg-type]
    )


def record_at(home: Path, captured: Capture) -> bytes:
    """The record at a location, unpacked."""
    place = captured.location
    with (home / place.file).open("rb") as file:
        file.seek(place.offset)
        return gzip.decompress(file.read(place.length))


def records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    """All records as warcio reads them: type, headers, payload."""
    with path.open("rb") as file:
        return [
            (record.rec_type, dict(record.rec_headers.headers), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def test_the_answer_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """Case, spacing and repeated headers of the answer are in the record as they were received."""
    with writer(tmp_path) as out:
        captured = out.write(fetched())
    assert record_at(tmp_path, captured).endswith(HEAD + b"\r\n" + PAGE + b"\r\n\r\n")
    assert captured.location.file == "raw/2026-11-22/wirecopy-20261122-00001.warc.gz"


def test_a_capture_is_a_response_tied_to_its_request(tmp_path: Path) -> None:
    """Warcio finds warcinfo, response and request, with the fields the standard asks for."""
    with writer(tmp_path) as out:
        captured = out.write(fetched())
    (kind_0, info, about), (kind_1, answer, payload), (kind_2, request, _) = records(
        tmp_path / captured.location.file
    )
    assert (kind_0, kind_1, kind_2) == ("warcinfo", "response", "request")
    assert b"operator: https://contact.example/" in about
    assert payload == PAGE
    assert request["WARC-Concurrent-To"] == answer["WARC-Record-ID"]
    assert answer["WARC-Warcinfo-ID"] == info["WARC-Record-ID"]
    assert answer["WARC-IP-Address"] == "93.184.215.14"
    assert answer["WARC-Date"] == "2026-11-22T08:00:00.123456Z"
    assert answer["WARC-Payload-Digest"] == captured.payload_digest


def test_our_own_reader_gives_the_page_back(tmp_path: Path) -> None:
    """`flows.archive.warc` reads the address, the instant, the type and the place it was told."""
    with writer(tmp_path) as out:
        captured = out.write(fetched())
    [reading] = find_files([tmp_path])
    [entry] = reading.entries()
    page = entry.capture
    assert isinstance(page, Page)
    assert (page.url, page.payload, page.fetched_at) == ("http://paper.example/a?b=1", PAGE, AT)
    assert page.content_type == "text/html; charset=utf-8"
    assert (page.location.offset, page.location.length) == (
        captured.location.offset,
        captured.location.length,
    )


def test_what_was_fetched_is_what_is_read_back(tmp_path: Path) -> None:
    """From a server over the capture to our reader: payload, type, instant and status are the same."""
    packed = gzip.compress(PAGE)
    routes = {
        "/plain": answer(PAGE),
        "/chunks": chunked([packed[:20], packed[20:]], "Content-Encoding: gzip"),
        "/early": b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(PAGE),
        "/moved": redirect("/plain", 301),
    }
    with WebServer(routes) as web, writer(tmp_path / "home") as out:
        found = fetch(tmp_path / "gates", *map(web.url, routes))
        for outcome in found:
            assert isinstance(outcome, Fetched)
            out.write(outcome)
    [reading] = find_files([tmp_path / "home"])
    pages = [entry.capture for entry in reading.entries()]
    assert [(p.url, p.payload, p.fetched_at, p.content_type, p.status_code) for p in pages] == [
        (f.url, f.payload, f.fetched_at, f.content_type, f.status) for f in found
    ]
    assert [p.final_url or p.url for p in pages] == [f.final_url for f in found]


def test_chunks_and_gzip_stay_and_are_undone_by_readers(tmp_path: Path) -> None:
    """A body in chunks and packed is stored so; our reader and warcio both give the page."""
    packed = gzip.compress(PAGE, mtime=0)
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(packed[i : i + 9]), packed[i : i + 9])
        for i in range(0, len(packed), 9)
    )
    body = chunks + b"0\r\n\r\n"
    head = HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
    with writer(tmp_path) as out:
        captured = out.write(fetched(body, head=head))
    assert body in record_at(tmp_path, captured)
    assert records(tmp_path / captured.location.file)[1][2] == PAGE
    [reading] = find_files([tmp_path])
    [entry] = reading.entries()
    assert isinstance(entry.capture, Page)
    assert entry.capture.payload == PAGE


def test_warcio_check_and_fastwarc_find_every_digest_right(tmp_path: Path) -> None:
    """Block and payload digests hold for both readers, in plain and chunked answers."""
    chunked = fetched(b"5\r\nhello\r\n0\r\n\r\n", head=HEAD + b"Transfer-Encoding: chunked\r\n")
    with writer(tmp_path) as out:
        place = out.write(fetched()).location
        out.write(chunked)
    path = tmp_path / place.file
    checker = Checker(_Command([str(path)]))
    checker.process_all()
    assert checker.exit_value == 0
    warc = pytest.importorskip("fastwarc.warc")
    content, answers = path.read_bytes(), warc.WarcRecordType.response
    all_records = warc.ArchiveIterator(io.BytesIO(content), parse_http=False)
    blocks = [record.verify_block_digest() for record in all_records]
    responses = warc.ArchiveIterator(io.BytesIO(content), record_types=answers)
    payloads = [record.verify_payload_digest() for record in responses]
    assert (blocks, payloads) == ([True] * 5, [True] * 2)


class _Command:
    """What `warcio check` passes on from its command line."""

    def __init__(self, inputs: list[str]) -> None:
        self.inputs = inputs
        self.verbose = False


def test_an_unchanged_body_becomes_a_revisit(tmp_path: Path) -> None:
    """A known payload leaves only its head, with the 1.1 profile and where the body is."""
    with writer(tmp_path) as out:
        first = out.write(fetched())
        earlier = Earlier("http://paper.example/a?b=1", AT, first.payload_digest)
        again = out.write(fetched(at=AT + timedelta(hours=1)), earlier)
    kind, headers, payload = records(tmp_path / again.location.file)[3]
    assert (kind, payload, again.is_revisit) == ("revisit", b"", True)
    assert headers["WARC-Profile"].endswith("/warc/1.1/revisit/identical-payload-digest")
    assert headers["WARC-Refers-To-Date"] == "2026-11-22T08:00:00.123456Z"
    assert headers["WARC-Refers-To-Target-URI"] == "http://paper.example/a?b=1"
    assert headers["WARC-Payload-Digest"] == first.payload_digest
    assert headers["WARC-Truncated"] == "length"
    assert PAGE not in record_at(tmp_path, again)


def test_a_304_becomes_a_revisit_of_its_own_profile(tmp_path: Path) -> None:
    """What the server says has not changed is recorded as just that."""
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n'
    with writer(tmp_path) as out:
        same = out.write(fetched(b"", head=head, status=304), Earlier("http://paper.example/", AT))
    _, headers, _ = records(tmp_path / same.location.file)[1]
    assert headers["WARC-Profile"].endswith("/warc/1.1/revisit/server-not-modified")
    assert "WARC-Truncated" not in headers


def test_the_address_asked_for_is_kept_beside_the_one_found(tmp_path: Path) -> None:
    """Behind redirects the record names both."""
    hops = (Redirect("http://paper.example/old", 301, "http://paper.example/a?b=1"),)
    with writer(tmp_path) as out:
        captured = out.write(fetched(redirects=hops))
    _, headers, _ = records(tmp_path / captured.location.file)[1]
    assert headers["X-Wirecopy-Via"] == "http://paper.example/old"


def test_files_are_rotated_by_size_and_day(tmp_path: Path) -> None:
    """A full file is followed by the next of its day, a new day begins a folder of its own."""
    now = [AT]
    with writer(tmp_path, max_file_bytes=1_500, clock=lambda: now[0]) as out:
        names = [out.write(fetched()).location.file for _ in range(3)]
        now[0] = AT + timedelta(days=1)
        names.append(out.write(fetched()).location.file)
    assert names[0] != names[-2]
    assert names[-1] == "raw/2026-11-23/wirecopy-20261123-00001.warc.gz"
    found = [entry for reading in find_files([tmp_path]) for entry in reading.entries()]
    assert [type(entry.capture) for entry in found] == [Page] * 4


def test_two_writers_never_share_a_file(tmp_path: Path) -> None:
    """Who comes second writes to the next file, and goes on with the first once it is free."""
    with writer(tmp_path) as one, writer(tmp_path) as two:
        a, b = one.write(fetched()).location, two.write(fetched()).location
    with writer(tmp_path) as three:
        c = three.write(fetched()).location
    assert (a.file == b.file, a.file == c.file) == (False, True)
    assert c.offset > a.offset


@pytest.mark.parametrize("torn", [1, 9, 40, 300, 700])
def test_a_torn_tail_is_cut_and_nothing_before_it(tmp_path: Path, torn: int) -> None:
    """Whatever part of its last record a killed writer left, the next one starts behind the whole."""
    with writer(tmp_path) as out:
        first = out.write(fetched())
        path = tmp_path / first.location.file
        whole = path.stat().st_size
        out.write(fetched(os.urandom(2_000).hex().encode()))
    os.truncate(path, whole + torn)
    with writer(tmp_path) as out:
        after = out.write(fetched())
    assert after.location.file == first.location.file
    assert [kind for kind, _, _ in records(path)] == [
        "warcinfo", "response", "request", "warcinfo", "response", "request",
    ]  # fmt: skip


def test_a_file_damaged_in_the_middle_is_left_as_it_is(tmp_path: Path) -> None:
    """Damage with whole records behind it is no torn tail: nothing is cut, a new file is begun."""
    with writer(tmp_path) as out:
        first = out.write(fetched())
        out.write(fetched())
    path = tmp_path / first.location.file
    content = bytearray(path.read_bytes())
    content[first.location.offset + first.location.length - 6] ^= 0xFF
    path.write_bytes(content)
    with writer(tmp_path) as out:
        assert out.write(fetched()).location.file != first.location.file
    assert path.read_bytes() == bytes(content)


def test_a_captured_archive_is_never_taken_for_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that holds whole WARC records itself loses nothing when its file is opened again."""
    monkeypatch.setattr(capture_module, "_TAIL_BYTES", 6_000)
    with writer(tmp_path / "other") as out:
        other = tmp_path / "other" / out.write(fetched()).location.file
        for _ in range(9):
            out.write(fetched())
    with writer(tmp_path) as out:
        captured = out.write(fetched(os.urandom(40_000) + other.read_bytes() + os.urandom(300)))
    before = record_at(tmp_path, captured)
    with writer(tmp_path) as out:
        out.write(fetched())
    assert record_at(tmp_path, captured) == before


_KILLED = """
import os, sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from test_capture import fetched, writer
out = writer(Path({home!r}))
for number in range(10_000):
    place = out.write(fetched(os.urandom(20_000).hex().encode())).location
    print(place.file, place.offset, place.length, flush=True)
"""


def test_what_was_reported_survives_a_kill(tmp_path: Path) -> None:
    """After kill -9 in the middle of writing, every place that was returned reads whole."""
    code = _KILLED.format(root=str(ROOT), tests=str(Path(__file__).parent), home=str(tmp_path))
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [child.stdout.readline().split() for _ in range(20)]
    child.kill()
    told += [
        line.split()
        for line in child.communicate()[0].splitlines(keepends=True)
        if line.endswith("\n")
    ]
    with writer(tmp_path) as out:
        out.write(fetched())
    for file, offset, length in told:
        with (tmp_path / file).open("rb") as stream:
            stream.seek(int(offset))
            assert gzip.decompress(stream.read(int(length))).startswith(b"WARC/1.1\r\n")
    for path in tmp_path.rglob("*.warc.gz"):
        assert records(path)[-1][0] == "request"


def test_a_full_disk_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a write fails the file ends where it did, and the next record is read."""
    with writer(tmp_path) as out:
        first = out.write(fetched())
        path = tmp_path / first.location.file
        size = path.stat().st_size
        write = os.write

        def half(descriptor: int, content: bytes) -> int:
            if len(content) < 400:
                raise OSError(28, "No space left on device")
            return write(descriptor, bytes(content)[:300])

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", half)
            with pytest.raises(OSError, match="No space"):
                out.write(fetched())
        assert path.stat().st_size == size
        out.write(fetched())
    assert len(records(path)) == 5


def test_places_are_returned_after_the_disk_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch is written, then synced once, then told."""
    synced: list[int] = []
    sync = os.fsync
    with writer(tmp_path) as out:
        path = tmp_path / out.write(fetched()).location.file

        def noting(descriptor: int) -> None:
            sync(descriptor)
            synced.append(os.fstat(descriptor).st_size)

        monkeypatch.setattr(os, "fsync", noting)
        places = out.write_all([Unwritten(fetched())] * 3)
    last = places[-1].location
    assert len(synced) == 1
    assert synced[0] == path.stat().st_size > last.offset + last.length
