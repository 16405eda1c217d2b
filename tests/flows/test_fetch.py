"""Fetching one address: pages, conditional requests, what statuses mean."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.policy import user_agent
from tests.flows.webserver import (
    GZIP,
    HTML,
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
    status,
)
from transforms.http_headers import Validators, validators
from transforms.records import Reason, State

# -- what goes right -----


def test_a_page_comes_with_what_was_sent_and_received(tmp_path: Path) -> None:
    """The payload is unpacked; the exchange has both messages byte for byte."""
    sent = answer(PACKED, headers=[GZIP, "X-ODD:   spaced  "])
    with WebServer({"/a": sent}) as web:
        [found] = map(page, fetch(tmp_path, web.url("/a?b=1#part")))
    assert (found.payload, found.content_type, found.status) == (PAGE, HTML, 200)
    assert found.exchange.answer == sent
    assert found.exchange.answer[found.exchange.body_start :] == PACKED
    assert found.exchange.request.decode() == web.asked[0].head
    assert (found.url, found.final_url) == (web.url("/a?b=1#part"), web.url("/a?b=1"))
    assert found.exchange.address == "127.0.0.1"


def test_a_request_is_honest_and_carries_nothing_else(tmp_path: Path) -> None:
    """Name and contact, gzip alone; no cookie, no referrer, no credentials."""
    with WebServer({"/": answer(PAGE, headers=["Set-Cookie: a=1"], keep=True)}) as web:
        fetch(tmp_path, web.url(), web.url())
    names = [line.split(":")[0] for line in web.asked[1].head.strip().split("\r\n")[1:]]
    assert names == ["Host", "User-Agent", "Accept", "Accept-Encoding"]
    assert web.asked[1].header("User-Agent") == "wirecopy/1.0 (+https://contact.example/)"
    assert web.asked[1].header("Accept-Encoding") == "gzip"


def test_a_contact_is_required() -> None:
    """No name is made without an address for complaints, nor with one that would break headers."""
    for contact in ("", "  ", "a\r\nX: y", "é"):
        with pytest.raises(ValueError, match="contact"):
            user_agent("1.0", contact)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("chunks", chunked([PAGE[:10], PAGE[10:]])),
        ("packed chunks", chunked([PACKED[:10], PACKED[10:]], GZIP)),
        ("two gzip members", answer(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]), headers=[GZIP])),
        ("deflate", answer(zlib.compress(PAGE), headers=["Content-Encoding: deflate"])),
        ("no length", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE),
        ("HTTP/1.0", b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + PAGE),
        ("no reason phrase", b"HTTP/1.1 200\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE),
        ("interim answers", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2 + answer(PAGE)),
        ("long header", answer(PAGE, headers=["Content-Security-Policy: " + "a " * 15_000])),
        ("bytes behind it", answer(PAGE) + b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
)  # fmt: skip
def test_whole_answers_of_every_form_are_read(tmp_path: Path, name: str, sent: bytes) -> None:
    """Each way of saying where a body ends is understood, and only the answer itself is kept."""
    found = page(one(tmp_path, {"/": sent}))
    assert found.payload == PAGE, name
    assert found.exchange.answer.startswith(b"HTTP/1.")
    assert b" 103 " not in found.exchange.answer[:20]
    assert found.exchange.answer in sent


def test_the_charset_of_the_header_is_kept(tmp_path: Path) -> None:
    """The content type is passed on as sent."""
    found = page(one(tmp_path, {"/": answer(PAGE, kind="Text/HTML;Charset=windows-1251")}))
    assert found.content_type == "Text/HTML;Charset=windows-1251"


def test_a_connection_is_used_again(tmp_path: Path) -> None:
    """Requests to one host go over one connection where the server keeps it open."""
    with WebServer({"*": answer(PAGE, keep=True)}) as web:
        fetch(tmp_path, *[web.url(f"/{n}") for n in range(3)])
    assert [asked.connection for asked in web.asked] == [1, 1, 1]


def test_a_connection_closed_meanwhile_is_made_anew(tmp_path: Path) -> None:
    """A server that hangs up on a kept connection costs nothing but a new one."""

    def hang_up(asked: Asked) -> Reply:
        return iter(()) if asked.connection == 1 else answer(PAGE)

    with WebServer({"/a": answer(PAGE, keep=True), "/b": hang_up}) as web:
        outcomes = fetch(tmp_path, web.url("/a"), web.url("/b"))
    assert [type(outcome) for outcome in outcomes] == [Fetched, Fetched]
    assert web.paths == ["/a", "/b", "/b"]


# -- conditional requests -----


def test_validators_go_back_verbatim_and_304_is_an_answer(tmp_path: Path) -> None:
    """Quotes, W/ and the server's own date format are sent as they came; 304 has no payload."""
    stored = Validators('W/"a, b"', "Sunday, 22-Nov-26 08:00:00 GMT")
    with WebServer({"/": status(304)}) as web:
        [found] = map(page, fetch(tmp_path, FetchRequest(web.url(), stored, obeys_robots=False)))
    assert web.asked[0].header("If-None-Match") == stored.etag
    assert web.asked[0].header("If-Modified-Since") == stored.last_modified
    assert (found.is_unchanged, found.payload) == (True, b"")


def test_an_unasked_304_is_a_failure(tmp_path: Path) -> None:
    """A server may not say "unchanged" to who has nothing."""
    assert reason(one(tmp_path, {"/": status(304)})) is Reason.HTTP_STATUS


def test_validators_cannot_break_out_of_their_header(tmp_path: Path) -> None:
    """A stored validator with a line end is not sent; one with odd bytes goes back as it came."""
    requests = [Validators('"a"\r\nX: y', "\x00"), Validators('"\xe9\xff"')]
    with WebServer({"/": answer(PAGE, headers=['ETag: "\xe9\xff"'], keep=True)}) as web:
        found = fetch(
            tmp_path, *[FetchRequest(web.url(), stored, obeys_robots=False) for stored in requests]
        )
    assert [asked.header("If-None-Match") for asked in web.asked] == [None, '"\xe9\xff"']
    assert validators(page(found[0]).headers).etag == '"\xe9\xff"'


# -- what sites say -----


@pytest.mark.parametrize(
    ("code", "expected", "again"),
    [
        (400, Reason.HTTP_STATUS, False), (401, Reason.REFUSED, False),
        (402, Reason.REFUSED, False), (403, Reason.REFUSED, False),
        (404, Reason.NOT_FOUND, False), (408, Reason.HTTP_STATUS, True),
        (410, Reason.GONE, False), (418, Reason.HTTP_STATUS, False),
        (429, Reason.RATE_LIMITED, True), (451, Reason.REFUSED, False),
        (500, Reason.SERVER_ERROR, True), (501, Reason.SERVER_ERROR, False),
        (502, Reason.SERVER_ERROR, True), (503, Reason.UNAVAILABLE, True),
        (504, Reason.SERVER_ERROR, True), (522, Reason.SERVER_ERROR, True),
        (204, Reason.HTTP_STATUS, False), (206, Reason.HTTP_STATUS, False),
    ],
)  # fmt: skip
def test_every_status_has_its_reason(
    tmp_path: Path, code: int, expected: Reason, again: object
) -> None:
    """What helps to try again is tried again, the rest is final at once."""
    outcome = one(tmp_path, {"/": status(code)})
    assert isinstance(outcome, FetchFailure)
    assert (outcome.reason, outcome.status, outcome.is_retryable) == (expected, code, again)


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("120", 120, 120),
        ("0", 1, 1),
        ("9999999", 86_400, 86_400),
        ("soon", None, None),
        ("-5", None, None),
    ],
)
def test_retry_after_in_seconds(
    tmp_path: Path, code: int, value: str, low: float | None, high: float | None
) -> None:
    """Seconds are read on 429 and 503, and clamped to a second and a day."""
    outcome = one(tmp_path, {"/": status(code, f"Retry-After: {value}")})
    assert isinstance(outcome, FetchFailure)
    assert (outcome.retry_after_s, outcome.retry_after_s) == (low, high)


@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_as_a_date(tmp_path: Path, code: int) -> None:
    """A date counts from the server's own clock, whatever ours says."""
    then = datetime(2031, 1, 1, 12, tzinfo=UTC)
    later = then + timedelta(minutes=5)
    headers = (
        f"Date: {format_datetime(then, usegmt=True)}",
        f"Retry-After: {format_datetime(later, usegmt=True)}",
    )
    outcome = one(tmp_path, {"/": status(code, *headers)})
    assert isinstance(outcome, FetchFailure)
    assert outcome.retry_after_s == 300


def test_a_challenge_is_no_page(tmp_path: Path) -> None:
    """With 200 or 403, plain or packed, what asks to prove oneself human is told apart."""
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking</body></html>"
    for sent in (
        answer(wall),
        status(403, GZIP, body=gzip.compress(wall)),
        status(503, "cf-mitigated: challenge"),
    ):
        assert reason(one(tmp_path, {"/": sent})) is Reason.CHALLENGE


def test_a_consent_wall_is_no_page(tmp_path: Path) -> None:
    """A page that only asks for consent is told apart."""
    wall = b"<html><head><title>Before you continue</title></head><body>Accept all</body></html>"
    assert reason(one(tmp_path, {"/": answer(wall)})) is Reason.CONSENT_WALL


def test_every_reason_ends_in_a_ledger_state() -> None:
    """Whatever is not loaded has one, and every state but that one has its reasons."""
    assert {reason.state for reason in Reason} == set(State) - {State.LOADED}
