"""Fetching one address from servers that do it right and servers that do not."""

from __future__ import annotations

import gzip
import random
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from flows.fetch_outcomes import Fetched, FetchFailure, FetchReason, FetchRequest
from flows.fetch_policy import user_agent
from tests.flows.webserver import (
    HTML,
    Asked,
    Reply,
    WebServer,
    answer,
    chunked,
    fetch,
    redirect,
    status,
)
from transforms.http_headers import Validators, validators
from transforms.records import State

PAGE = b"<html><body><p>The ferry runs again.</p></body></html>"
PACKED = gzip.compress(PAGE, mtime=0)
GZIP = "Content-Encoding: gzip"

Routes = dict[str, Reply | Callable[[Asked], Reply]]


def one(gates: Path, routes: Routes, path: str = "/", **policy: object) -> Fetched | FetchFailure:
    """Fetch one path of a server with these routes, without robots.txt."""
    with WebServer(routes) as web:
        [outcome] = fetch(gates, web.url(path), **policy)
    return outcome


def reason(outcome: Fetched | FetchFailure) -> FetchReason:
    """The reason of a failure."""
    assert isinstance(outcome, FetchFailure)
    return outcome.reason


def page(outcome: Fetched | FetchFailure) -> Fetched:
    """A success."""
    assert isinstance(outcome, Fetched), outcome
    return outcome


def endless(_: Asked) -> Iterator[bytes]:
    """A body without end and without length."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    while True:
        yield b"x" * 65_536


# -- what goes right ------------------------------------------------------------------------------


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


# -- conditional requests -------------------------------------------------------------------------


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
    assert reason(one(tmp_path, {"/": status(304)})) is FetchReason.HTTP_STATUS


def test_validators_cannot_break_out_of_their_header(tmp_path: Path) -> None:
    """A stored validator with a line end is not sent; one with odd bytes goes back as it came."""
    requests = [Validators('"a"\r\nX: y', "\x00"), Validators('"\xe9\xff"')]
    with WebServer({"/": answer(PAGE, headers=['ETag: "\xe9\xff"'], keep=True)}) as web:
        found = fetch(
            tmp_path, *[FetchRequest(web.url(), stored, obeys_robots=False) for stored in requests]
        )
    assert [asked.header("If-None-Match") for asked in web.asked] == [None, '"\xe9\xff"']
    assert validators(page(found[0]).headers).etag == '"\xe9\xff"'


# -- answers that break off, drip or do not end ---------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        ("short length", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", FetchReason.TRUNCATED),
        ("cut chunk", chunked([PAGE])[:-20], FetchReason.TRUNCATED),
        ("no last chunk", chunked([PAGE], end=b""), FetchReason.TRUNCATED),
        ("cut head", b"HTTP/1.1 200 OK\r\nContent-Le", FetchReason.TRUNCATED),
        ("gzip without end", answer(PACKED[:-9], headers=[GZIP]), FetchReason.TRUNCATED),
        ("gzip cut in 2nd member", answer(PACKED + PACKED[:20], headers=[GZIP]), FetchReason.TRUNCATED),
        ("empty as gzip", answer(b"", headers=[GZIP]), FetchReason.TRUNCATED),
        ("damaged gzip", answer(PACKED[:15] + b"\xff\xff" + PACKED[17:], headers=[GZIP]), FetchReason.CORRUPT_BODY),
        ("plain called gzip", answer(PAGE, headers=[GZIP]), FetchReason.CORRUPT_BODY),
        ("gzip twice", answer(gzip.compress(PACKED), headers=["Content-Encoding: gzip, gzip"]), FetchReason.UNSUPPORTED_CODING),
        ("gzip twice, two lines", answer(PACKED, headers=[GZIP, GZIP]), FetchReason.UNSUPPORTED_CODING),
        ("brotli", answer(b"\x0b\x02\x80", headers=["Content-Encoding: br"]), FetchReason.UNSUPPORTED_CODING),
        ("zstd", answer(b"(\xb5/\xfd", headers=["Content-Encoding: zstd"]), FetchReason.UNSUPPORTED_CODING),
        ("no HTTP", b"220 mail.example ESMTP ready\r\n\r\n", FetchReason.INVALID_ANSWER),
        ("bad chunk size", chunked([], end=b"zz\r\nabc\r\n"), FetchReason.INVALID_ANSWER),
        ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", FetchReason.INVALID_ANSWER),
        ("head without end", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000, FetchReason.INVALID_ANSWER),
        ("interim without end", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, FetchReason.INVALID_ANSWER),
        ("closed at once", iter(()), FetchReason.CONNECTION_FAILED),
        ("said too large", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", FetchReason.TOO_LARGE),
        ("said absurd", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", FetchReason.TOO_LARGE),
        ("a video", answer(b"\x00" * 99, kind="video/mp4"), FetchReason.UNSUPPORTED_TYPE),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_a_failure(
    tmp_path: Path, name: str, sent: Reply, expected: FetchReason
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
    assert reason(outcome) is FetchReason.DEADLINE_EXCEEDED
    assert outcome.is_retryable
    assert 0.4 < time.monotonic() - started < 10


def test_the_deadline_counts_all_redirects_together(tmp_path: Path) -> None:
    """Ten slow hops do not have ten deadlines."""

    def slow_hop(asked: Asked) -> Iterator[bytes]:
        web.stopping.wait(0.2)
        yield redirect(f"/{int(asked.path[1:]) + 1}")

    with WebServer({"*": slow_hop}) as web:
        [outcome] = fetch(tmp_path, web.url("/1"), deadline_s=0.7)
    assert reason(outcome) is FetchReason.DEADLINE_EXCEEDED
    assert len(web.paths) < 6


def test_a_name_that_never_resolves_ends_with_the_deadline(tmp_path: Path) -> None:
    """Looking up the name is part of the time, and nothing waits for a resolver that is stuck."""

    async def stuck(_host: str, _port: int) -> list[str]:
        import asyncio  # noqa: PLC0415 - used here alone

        await asyncio.sleep(60)
        return []

    [outcome] = fetch(tmp_path, "http://paper.example/", deadline_s=0.2, fetcher={"resolve": stuck})
    assert reason(outcome) is FetchReason.DEADLINE_EXCEEDED


def test_an_endless_body_is_left_at_the_cap(tmp_path: Path) -> None:
    """No more is taken than the cap; what the server could send beyond it is socket buffers."""
    with WebServer({"/": endless}) as web:
        [outcome] = fetch(tmp_path, web.url(), max_wire_bytes=1 << 20)
    assert reason(outcome) is FetchReason.TOO_LARGE
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
    assert reason(one(tmp_path, {"/": sent})) is FetchReason.INVALID_ANSWER
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


# -- redirects ------------------------------------------------------------------------------------


def test_redirects_are_followed_and_told(tmp_path: Path) -> None:
    """Every hop is kept; permanent is what permanent redirects lead to from the start."""
    routes: Routes = {
        "/a": redirect("/b", 301),
        "/b": redirect("c", 308),
        "/c": redirect("/d", 307),
        "/d": redirect("/e", 301),
        "/e": answer(PAGE),
    }
    with WebServer(routes) as web:
        [found] = map(page, fetch(tmp_path, web.url("/a")))
    assert found.final_url == web.url("/e")
    assert found.moved_to == web.url("/c")
    assert [(hop.status, hop.target) for hop in found.redirects] == [
        (301, web.url("/b")), (308, web.url("/c")), (307, web.url("/d")), (301, web.url("/e")),
    ]  # fmt: skip


@pytest.mark.parametrize("code", [302, 303, 307])
def test_temporary_redirects_move_nothing(tmp_path: Path, code: int) -> None:
    """Only 301 and 308 say that the address has changed."""
    assert page(one(tmp_path, {"/": redirect("/a", code), "/a": answer(PAGE)})).moved_to is None


def test_a_redirect_to_what_fails_still_says_where(tmp_path: Path) -> None:
    """A failure knows its hops and its permanent address."""
    outcome = one(tmp_path, {"/": redirect("/gone", 301), "/gone": status(410)})
    assert reason(outcome) is FetchReason.GONE
    assert outcome.moved_to is not None
    assert outcome.moved_to.endswith("/gone")


def test_redirects_end(tmp_path: Path) -> None:
    """A circle is seen when it closes; ten hops are followed, not eleven."""
    circle: Routes = {"/": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/a#x")}
    assert reason(one(tmp_path, circle)) is FetchReason.REDIRECT_LOOP
    assert reason(one(tmp_path, {"/": redirect("/")})) is FetchReason.REDIRECT_LOOP

    def onwards(asked: Asked) -> Reply:
        number = int(asked.path[1:])
        return redirect(f"/{number + 1}") if number else answer(PAGE)

    with WebServer({"*": onwards}) as web:
        [outcome] = fetch(tmp_path, web.url("/1"))
    assert reason(outcome) is FetchReason.TOO_MANY_REDIRECTS
    assert len(web.paths) == 11
    ten: Routes = {f"/{n}": redirect(f"/{n - 1}") for n in range(1, 11)}
    assert isinstance(one(tmp_path, {**ten, "/0": answer(PAGE)}, "/10"), Fetched)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd", "ftp://paper.example/", "gopher://paper.example:70/x", "data:text/html,x",
        "javascript:alert(1)", "http://[::1", "http://a b/", "//user:pw@127.0.0.1/",
        "http://127.0.0.1:25/", "http://127.0.0.1:99999/",
    ],
)  # fmt: skip
def test_redirects_to_what_is_not_fetched_are_refused(tmp_path: Path, target: str) -> None:
    """The rules for addresses hold for every hop."""
    with WebServer({"/": redirect(target)}) as web:
        [outcome] = fetch(tmp_path, web.url())
    assert reason(outcome) is FetchReason.BAD_ADDRESS
    assert "pw" not in repr(outcome)


def test_a_redirect_without_a_target_is_a_failure(tmp_path: Path) -> None:
    """301 with no Location, 300, 305 bring no page."""
    for code in (300, 301, 305):
        assert reason(one(tmp_path, {"/": status(code)})) is FetchReason.HTTP_STATUS


# -- what sites say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected", "again"),
    [
        (400, FetchReason.HTTP_STATUS, False), (401, FetchReason.REFUSED, False),
        (402, FetchReason.REFUSED, False), (403, FetchReason.REFUSED, False),
        (404, FetchReason.NOT_FOUND, False), (408, FetchReason.HTTP_STATUS, True),
        (410, FetchReason.GONE, False), (418, FetchReason.HTTP_STATUS, False),
        (429, FetchReason.RATE_LIMITED, True), (451, FetchReason.REFUSED, False),
        (500, FetchReason.SERVER_ERROR, True), (501, FetchReason.SERVER_ERROR, False),
        (502, FetchReason.SERVER_ERROR, True), (503, FetchReason.UNAVAILABLE, True),
        (504, FetchReason.SERVER_ERROR, True), (522, FetchReason.SERVER_ERROR, True),
        (204, FetchReason.HTTP_STATUS, False), (206, FetchReason.HTTP_STATUS, False),
    ],
)  # fmt: skip
def test_every_status_has_its_reason(
    tmp_path: Path, code: int, expected: FetchReason, again: object
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
        assert reason(one(tmp_path, {"/": sent})) is FetchReason.CHALLENGE


def test_a_consent_wall_is_no_page(tmp_path: Path) -> None:
    """A page that only asks for consent is told apart."""
    wall = b"<html><head><title>Before you continue</title></head><body>Accept all</body></html>"
    assert reason(one(tmp_path, {"/": answer(wall)})) is FetchReason.CONSENT_WALL


def test_every_reason_ends_in_a_ledger_state() -> None:
    """Whatever is not tried again is skipped or quarantined."""
    assert {reason.state for reason in FetchReason} == {State.SKIPPED, State.QUARANTINED}


# -- TLS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of the tests."""
    return trustme.CA()


def serve_tls(authority: trustme.CA, name: str = "127.0.0.1", **options: object) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for a name."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name, **options).configure_cert(context)  # type: ignore[arg-type]
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A client's side that trusts the tests' authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_https_with_a_good_certificate_is_read(tmp_path: Path, authority: trustme.CA) -> None:
    """The ordinary case, over TLS."""
    with WebServer({"/": answer(PAGE)}, tls=serve_tls(authority)) as web:
        [found] = fetch(tmp_path, web.url(), fetcher={"tls": trusting(authority)})
    assert page(found).payload == PAGE


def test_bad_certificates_are_refused_and_nothing_is_sent(
    tmp_path: Path, authority: trustme.CA
) -> None:
    """Expired, self-signed by nobody known, and made out to another: no request, no way around."""
    expired = serve_tls(authority, not_after=datetime(2020, 1, 1, tzinfo=UTC))
    cases = (expired, serve_tls(trustme.CA()), serve_tls(authority, "other.example"))
    for context in cases:
        with WebServer({"*": answer(PAGE)}, tls=context) as web:
            [outcome] = fetch(
                tmp_path, FetchRequest(web.url()), fetcher={"tls": trusting(authority)}
            )
        assert (reason(outcome), web.paths) == (FetchReason.TLS_FAILED, [])


def test_the_authorities_of_the_system_are_the_default(
    tmp_path: Path, authority: trustme.CA
) -> None:
    """Without a context given, a certificate nobody vouches for is refused."""
    with WebServer({"/": answer(PAGE)}, tls=serve_tls(authority)) as web:
        [outcome] = fetch(tmp_path, web.url())
    assert (reason(outcome), web.paths) == (FetchReason.TLS_FAILED, [])


def test_nothing_falls_back_to_plain_http(tmp_path: Path) -> None:
    """A server that speaks no TLS where it should is not asked in the clear."""
    with WebServer({"*": answer(PAGE)}) as web:
        [outcome] = fetch(tmp_path, web.url().replace("http:", "https:"), deadline_s=0.5)
    assert (type(outcome), web.paths) == (FetchFailure, [])


# -- the environment ------------------------------------------------------------------------------


def test_proxies_of_the_environment_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would connect in our place, to addresses nobody checked."""
    with WebServer({"*": status(500)}) as proxy, WebServer({"/": answer(PAGE)}) as web:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        [found] = fetch(tmp_path, web.url())
    assert (page(found).payload, proxy.connections) == (PAGE, 0)


def test_a_closed_port_is_told(tmp_path: Path) -> None:
    """Nobody there is a failure that may pass."""
    with WebServer({}) as web:
        url = web.url()
    [outcome] = fetch(tmp_path, url)
    assert (reason(outcome), outcome.is_retryable) == (FetchReason.CONNECTION_FAILED, True)
