"""JSON Lines: every line is a page or a reason, whatever it holds."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.archive import find_files
from flows.readings import Entry
from transforms.records import Page, Reason, Rejection

Write = Callable[..., Path]
AT = datetime(2026, 3, 1, tzinfo=UTC)


def read(path: Path) -> list[Entry]:
    """The entries of one file."""
    (reading,) = find_files([path])
    found = list(reading.entries())
    assert [entry.position for entry in found] == list(range(len(found)))
    return found


def page(entry: Entry) -> Page:
    """The page an entry is."""
    assert isinstance(entry.capture, Page), entry
    return entry.capture


def reasons(found: list[Entry]) -> list[Reason | None]:
    """Why each entry is no page; None for pages."""
    return [e.capture.reason if isinstance(e.capture, Rejection) else None for e in found]


def test_a_record_becomes_a_page_with_what_it_declares(write: Write) -> None:
    """Known keys are declared, unknown ones kept, the rest is text with its place in the file."""
    record = {
        "url": "https://e.example/a",
        "text": "Text ž.",
        "headline": " Head ",
        "published": "2026-02-28",
        "publisher": "Post",
        "language": "sl",
        "authors": ["A", "B", 5, None],
        "fetched_at": "2026-02-28T10:00:00+01:00",
        "section": {"deep": [1, 2.5, True, None]},
    }
    line = json.dumps(record)
    path = write("a.jsonl", f"\n{line}\n")
    (entry,) = read(path)
    found = page(entry)
    assert found.url == "https://e.example/a"
    assert found.payload == "Text ž.".encode()
    assert found.content_type == "text/plain; charset=utf-8"
    assert found.fetched_at == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert found.is_dated
    assert (found.location.offset, found.location.length) == (1, len(line) + 1)
    declared = found.declared
    assert (declared.headline, declared.published, declared.publisher) == (
        "Head",
        "2026-02-28",
        "Post",
    )
    assert (declared.language, declared.authors) == ("sl", ("A", "B", "5"))
    assert declared.extra == {"section": {"deep": [1, 2.5, True, None]}}


def test_every_line_is_accounted_for_and_good_ones_survive_their_neighbours(write: Write) -> None:
    """Bad lines are entries with reasons; blank ones are none; the good ones are pages."""
    good = b'{"id": 0, "text": "ok"}'
    given: list[tuple[bytes, Reason | None]] = [
        (b"\xef\xbb\xbf" + good, None),
        (b"", None),
        (b"   \t", None),
        (good, None),
        (b"{not json}", Reason.INVALID_JSON),
        (b'{"id": 1, "text": "a"} {"id": 2}', Reason.INVALID_JSON),
        (b'{"id": 3, "text": "\xff\xfe"}', Reason.INVALID_JSON),
        (b'{"id": 4, "text": "raw nul \x00"}', Reason.INVALID_JSON),
        (b"[" * 100_000 + b"]" * 100_000, Reason.INVALID_JSON),
        (b'{"n": ' + b"9" * 5000 + b"}", Reason.INVALID_JSON),
        (b'["a list"]', Reason.INVALID_RECORD),
        (b"null", Reason.INVALID_RECORD),
        (b"NaN", Reason.INVALID_RECORD),
        (b'{"text": "no address"}', Reason.INVALID_RECORD),
        (b'{"url": "", "id": "  ", "text": "x"}', Reason.INVALID_RECORD),
        (b'{"url": ["a"], "text": "x"}', Reason.INVALID_RECORD),
        (b'{"url": true, "text": "x"}', Reason.INVALID_RECORD),
        (b'{"id": "no text"}', Reason.INVALID_RECORD),
        (b'{"id": "t", "text": 5, "html": ["x"]}', Reason.INVALID_RECORD),
        (good, None),
    ]
    path = write("a.jsonl", b"\r\n".join(line for line, _ in given))
    expected = [why for line, why in given if line.strip()]
    found = read(path)
    assert reasons(found) == expected
    assert [page(e).url for e in (found[0], found[1], found[-1])] == ["0", "0", "0"]
    for entry in found:
        if isinstance(entry.capture, Rejection):
            assert "a.jsonl" in entry.capture.detail
    assert found[2].url.endswith("a.jsonl#line=5")


def test_odd_values_become_storable_ones(write: Write) -> None:
    """NaN, huge numbers, lone surrogates, NUL and deep nesting reach no store as they are."""
    deep = "[" * 200 + "]" * 200
    line = (
        r'{"url": "https://e.example/\ud800\u0000x", "text": "a\u0000b\udfff", "nan": NaN, '
        rf'"inf": -Infinity, "big": {10**30}, "k\u0000ey": "\ud83d\ude00", "deep": {deep}, '
        r'"headline": NaN, "published": 1e999, "publisher": {"a": 1}, "language": true, '
        r'"authors": "\u0000", "fetched_at": "0001-01-01T00:00:00+14:00"}'
    )
    (entry,) = read(write("a.jsonl", line, at=AT))
    found = page(entry)
    assert found.url == "https://e.example/\ufffdx"
    assert found.payload.decode() == "ab\ufffd"
    assert found.fetched_at == AT
    assert not found.is_dated, "the time of the file says nothing of the record"
    extra = dict(found.declared.extra)
    assert extra.pop("deep")
    assert extra == {"nan": None, "inf": None, "big": str(10**30), "key": "😀"}
    json.dumps(dict(found.declared.extra), allow_nan=False).encode()
    assert found.declared.publisher is None
    assert found.declared.language is None
    assert found.declared.authors == ()


@pytest.mark.parametrize(
    ("record", "payload", "kind"),
    [
        ({"text": "plain", "html": "<p>page"}, b"plain", "text/plain"),
        ({"text": "", "html": "<p>page"}, b"<p>page", "text/html"),
        ({"text": " \n", "html": "<p>page"}, b"<p>page", "text/html"),
        ({"text": None, "html": "<p>page"}, b"<p>page", "text/html"),
        ({"html": "<p>page"}, b"<p>page", "text/html"),
        ({"text": ""}, b"", "text/plain"),
    ],
)
def test_text_wins_over_html_unless_it_is_empty(
    write: Write, record: dict[str, object], payload: bytes, kind: str
) -> None:
    """A record may hold both; an empty text says nothing of the page beside it."""
    (entry,) = read(write("a.jsonl", json.dumps({"id": "x", **record})))
    assert page(entry).payload == payload
    assert page(entry).content_type.startswith(kind)


def test_a_line_over_the_limit_is_one_entry_and_the_next_is_read(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long line is read past; one of exactly the limit is read."""
    monkeypatch.setattr("flows.archive.jsonl.MAX_LINE_BYTES", 60)
    fits = json.dumps({"id": "fits", "text": "x" * 34})
    assert len(fits) == 60
    over = json.dumps({"id": "over", "text": "x" * 35})
    long = json.dumps({"id": "long", "text": "x" * 500})
    found = read(write("a.jsonl", f"{fits}\n{over}\n{long}\n{fits}\n{long}"))
    large = Reason.TOO_LARGE
    assert reasons(found) == [None, large, large, None, large]
    assert page(found[3]).location.offset == len(fits) + len(over) + len(long) + 3


def test_offsets_seek_to_the_line(write: Write) -> None:
    """Offset and length cut out the line from the unpacked stream."""
    records = [json.dumps({"id": n, "text": "ž" * n}, ensure_ascii=False) for n in range(1, 4)]
    raw = "\n\n".join(records).encode()
    for path in (write("a.jsonl", raw), write("b.jsonl.gz", gzip.compress(raw))):
        for entry, record in zip(read(path), records, strict=True):
            place = page(entry).location
            assert raw[place.offset : place.offset + place.length].strip() == record.encode()


@pytest.mark.parametrize("cut", [1, 9, 60, 400])
def test_a_truncated_gzip_gives_what_it_holds_and_says_where_it_breaks_off(
    write: Write, cut: int
) -> None:
    """The lines before the break are pages, then one entry says so; never an exception."""
    lines = [json.dumps({"id": n, "text": f"{n} {hash_like(n)}"}) for n in range(100)]
    packed = gzip.compress("\n".join(lines).encode())
    found = read(write("a.jsonl.gz", packed[:-cut]))
    *pages, last = found
    assert all(isinstance(entry.capture, Page) for entry in pages)
    assert reasons([last]) == [Reason.TRUNCATED]
    assert [e.url for e in pages] == [str(n) for n in range(len(pages))]


def hash_like(number: int) -> str:
    """Text that does not compress well, so that the packed size grows with the lines."""
    return "".join(chr(97 + (number * 7919 + k * k * 104729) % 26) for k in range(40))


def test_a_damaged_gzip_and_one_that_is_none_are_said_to_be(write: Write) -> None:
    """Damage in the middle, noise behind the end and text named .gz end in an entry."""
    packed = gzip.compress(b'{"id": 1, "text": "x"}\n' * 10)
    middle = bytearray(packed)
    middle[len(middle) // 2] ^= 0xFF
    assert reasons(read(write("a.jsonl.gz", bytes(middle))))[-1] is Reason.TRUNCATED
    assert reasons(read(write("b.jsonl.gz", packed + b"noise")))[-1] is Reason.TRUNCATED
    assert reasons(read(write("c.jsonl.gz", b'{"id": 1, "text": "x"}'))) == [Reason.TRUNCATED]
    assert reasons(read(write("d.jsonl.gz", packed + packed))) == [None] * 20


def test_blank_lines_alone_are_no_entries(write: Write) -> None:
    """A file of nothing but line ends holds nothing."""
    assert read(write("a.jsonl", "\n \n\r\n")) == []
