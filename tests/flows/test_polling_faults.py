"""Polling a site that misbehaves: every fault ends in its reason, and costs nobody else anything."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from flows.errors import BadRequest
from flows.sources.standings import overview, release
from flows.sources.wording import status_lines
from flows.web.fetch import Fetcher
from tests.flows.newsroom import RSS, Desk, conditional, entry, feed, page, rss
from tests.flows.test_fetch_addresses import Network
from tests.flows.test_fetch_tls import serve_tls
from tests.flows.webserver import Reply, WebServer, answer, redirect, status

NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose site has nothing yet."""
    with WebServer({}, host="0.0.0.0") as web:  # noqa: S104 - all of 127/8
        web.host = "127.0.0.1"
        yield Desk(tmp_path / "home", web, {"fetch_deadline_s": 3.0})


def _endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    while True:
        yield b"<p>more</p>" * 10_000


def _bomb(body: bytes) -> bytes:
    return answer(gzip.compress(body, mtime=0), headers=["Content-Encoding: gzip"])


def _attributes(count: int) -> bytes:
    many = " ".join(f"a{number}=''" for number in range(count))
    return f"<html><body><div {many}><p>A few words and no more.</p></div></body></html>".encode()


CHALLENGE = b"<html><head><title>Just a moment...</title></head><body>Checking</body></html>"

POISON: dict[str, tuple[object, str, str]] = {
    "/refused": (status(403), "skipped", "refused"),
    "/missing": (status(404), "skipped", "not_found"),
    "/gone": (status(410), "skipped", "gone"),
    "/teapot": (status(418), "skipped", "http_status"),
    "/broken": (status(500), "pending", "server_error"),
    "/later": (status(503, "Retry-After: 7200"), "pending", "unavailable"),
    "/slow-down": (status(429, "Retry-After: 1"), "pending", "rate_limited"),
    "/cut": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<p>a",
        "pending",
        "truncated",
    ),
    "/cut-gzip": (
        answer(gzip.compress(page("cut"))[:-9], headers=["Content-Encoding: gzip"]),
        "pending",
        "truncated",
    ),
    "/endless": (lambda _: _endless(), "quarantined", "too_large"),
    "/bomb": (_bomb(bytes(60 << 20)), "quarantined", "too_large"),
    "/brotli": (
        answer(b"\x0b", headers=["Content-Encoding: br"]),
        "quarantined",
        "unsupported_coding",
    ),
    "/picture": (answer(b"\x89PNG", kind="image/png"), "skipped", "unsupported_type"),
    "/json": (answer(b"{}", kind="application/json"), "skipped", "unsupported_type"),
    "/wall": (answer(CHALLENGE, code="403 Forbidden", headers=["cf-mitigated: challenge"]), "pending", "challenge_page"),
    "/round": (redirect("/round"), "quarantined", "redirect_loop"),
    "/file": (redirect("file:///etc/passwd"), "quarantined", "bad_address"),
    "/spider": (answer(_attributes(150_000)), "quarantined", "parser_timeout"),
    "/drip": (lambda _: _drip(), "pending", "deadline_exceeded"),
    "/nothing": (answer(b""), "skipped", "empty"),
}  # fmt: skip


def _drip() -> Iterator[bytes]:
    import time  # noqa: PLC0415 - only here

    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    for _ in range(100):
        time.sleep(0.1)
        yield b"."


def test_poisoned_pages_cost_the_others_nothing(desk: Desk) -> None:
    """Each ends with its reason in the ledger; every good page is loaded, in the same batch."""
    good = [f"/good{number}" for number in range(20)]
    desk.options |= {"page_timeout_s": 6.0}
    desk.web.routes |= {path: answer(page(path[1:])) for path in good}
    desk.web.routes |= {path: reply for path, (reply, _, _) in POISON.items()}  # type: ignore[misc]
    paths = [path for pair in zip(good, POISON, strict=False) for path in pair]
    desk.web.routes["/feed"] = feed(entry(desk.web.url(path)) for path in paths)
    desk.follow(post="/feed")

    summary = desk.poll()

    found = desk.ledger()
    assert {path: found[path] for path in POISON} == {
        path: (state, reason) for path, (_, state, reason) in POISON.items()
    }
    assert {found[path] for path in good} == {("loaded", None)}
    assert summary.inputs == len(good) + len(POISON)
    assert not summary.is_done
    rows = desk.ask(
        "select url_key, next_attempt_at from ops.ledger where state = 'pending' order by 2 desc"
    )
    assert str(rows[0][0]).endswith("/later")  # who asks for two hours gets them
    assert all(NOW < at < NOW + timedelta(days=2) for _, at in rows)  # type: ignore[operator]
    assert desk.failed_checks() == []


def _retry_after(value: str) -> Reply:
    return status(503, f"Retry-After: {value}")


FEEDS: dict[str, tuple[object, str, str]] = {
    "seconds": (_retry_after("7200"), "pending", "unavailable"),
    "date": (_retry_after(format_datetime(NOW + timedelta(hours=2), usegmt=True)), "pending", "unavailable"),
    "nonsense": (_retry_after("soon"), "pending", "unavailable"),
    "forever": (status(429, "Retry-After: 99999999"), "pending", "rate_limited"),
    "gone": (status(410), "skipped", "gone"),
    "absent": (status(404), "skipped", "not_found"),
    "page": (answer(page("page")), "skipped", "unsupported_type"),
    "empty": (answer(b"", kind=RSS), "skipped", "empty"),
    "cut": (answer(gzip.compress(rss([]))[:-8], kind=RSS, headers=["Content-Encoding: gzip"]), "pending", "truncated"),
    "bomb": (_bomb(b"<rss>" + bytes(60 << 20)), "quarantined", "too_large"),
    "brotli": (answer(b"\x8b\x03\x80", kind=RSS, headers=["Content-Encoding: br"]), "quarantined", "unsupported_coding"),
    "laughs": (
        answer(
            b"<!DOCTYPE rss [<!ENTITY a 'ha'>"
            + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 40) for n in range(9))
            + b"]><rss version='2.0'><channel><item><title>&j;</title></item></channel></rss>",
            kind=RSS,
        ),
        "quarantined",
        "too_large",
    ),
}  # fmt: skip


def test_failing_feeds_have_their_reasons_and_come_back_when_they_may(desk: Desk) -> None:
    """Each by itself: a good feed beside them is read, and nobody is asked sooner than it said."""
    desk.web.routes |= {f"/{name}": reply for name, (reply, _, _) in FEEDS.items()}  # type: ignore[misc]
    desk.web.routes |= {
        "/good": feed([entry(desk.web.url("/ferry"))]),
        "/ferry": answer(page("ferry")),
    }
    # Each on a host of its own: one that says when to come back is left alone for a while.
    hosts = {
        name: f"http://127.0.0.{number}:{desk.web.port}" for number, name in enumerate(FEEDS, 2)
    }
    desk.follow(good="/good", **{name: f"{hosts[name]}/{name}" for name in FEEDS})

    summary = desk.poll()

    found = desk.ledger()
    told = {name: found.get(f"/{name}") for name in FEEDS}
    assert told == {name: (state, reason) for name, (_, state, reason) in FEEDS.items()}
    assert found["/ferry"] == ("loaded", None)
    assert summary.failed_sources == len(told)
    assert summary.polled == len(FEEDS) + 1
    rows = desk.ask(
        "select slug, epoch(next_poll_at) - epoch(last_polled_at), status from ops.source_state "
        "join sources using (source_id)"
    )
    waits = {str(slug): (wait, state) for slug, wait, state in rows}
    assert 7200 <= float(str(waits["seconds"][0])) < 8000
    # An absolute time, made when the tests were collected.
    assert 3600 <= float(str(waits["date"][0])) < 8000
    assert float(str(waits["nonsense"][0])) < 1800
    assert 86_400 <= float(str(waits["forever"][0])) < 100_000
    assert waits["gone"] == (None, "retired")
    assert float(str(waits["absent"][0])) >= 21_600
    assert desk.failed_checks() == []
    lines = "\n".join(status_lines(overview(desk.settings), datetime.now(UTC)))
    assert "gone  (retired)" in lines
    assert "stopped: The site says that it is gone for good (410)." in lines
    assert "2 quarantined: too_large" in lines


def test_a_feed_that_recovers_is_no_failure_any_more(desk: Desk) -> None:
    """Its own ledger row is closed, its failures are forgotten."""
    desk.web.routes |= {"/feed": status(503), "/ferry": answer(page("ferry"))}
    desk.follow(post="/feed")
    assert desk.poll().failed_sources == 1
    desk.web.routes["/feed"] = feed([entry(desk.web.url("/ferry"))])

    assert desk.poll(sources=["post"]).is_done

    assert desk.ledger()["/feed"] == ("skipped", "not_an_article")
    assert desk.ask("select failure_count, last_error from ops.source_state") == [(0, None)]
    assert desk.failed_checks() == []


def test_validators_that_lie_are_found_out(desk: Desk) -> None:
    """One ETag for two bodies: what is new is read all the same, and the ETag is sent no more."""
    url = desk.web.url
    desk.web.routes |= {f"/{name}": answer(page(name)) for name in ("ferry", "bridge")}
    desk.web.routes["/feed"] = feed([entry(url("/ferry"))], 'ETag: "same"')
    desk.follow(post="/feed")
    desk.poll()
    desk.web.routes["/feed"] = feed([entry(url("/bridge")), entry(url("/ferry"))], 'ETag: "same"')

    assert desk.poll(sources=["post"]).states["loaded"] == 1

    assert desk.ask("select is_trusted from ops.source_state") == [(False,)]
    desk.poll(sources=["post"])
    assert desk.web.asked[-1].header("If-None-Match") is None


def test_a_304_is_verified_now_and_then(desk: Desk) -> None:
    """A feed that says "not modified" for ever is asked without validators after the eighth time."""
    desk.web.routes["/feed"] = conditional(rss([]), '"stuck"')
    desk.follow(post="/feed")
    desk.poll()
    desk.ask("update ops.source_state set unchanged_count = 7")

    for _ in range(2):
        desk.poll(sources=["post"])

    asked = [each.header("If-None-Match") for each in desk.web.asked]
    assert asked == [None, '"stuck"', None]
    assert desk.ask("select unchanged_count from ops.source_state") == [(0,)]


def test_a_feed_of_100_000_entries_is_capped_with_a_count(desk: Desk) -> None:
    """What is over the cap is one counted row that says how many."""
    body = rss(f"<item><link>{desk.web.url(f'/{n}')}</link></item>" for n in range(100_000))
    desk.options |= {"feed_entries": 3}
    desk.web.routes |= {"/feed": answer(body, kind=RSS), "*": answer(page("any"))}
    desk.follow(post="/feed")

    summary = desk.poll()

    assert summary.reasons["too_many_entries"] == 1
    [(count, detail)] = desk.ask(
        "select position, detail from ops.entries where reason = 'too_many_entries'"
    )
    assert count == 3
    assert "99,997 more entries" in str(detail)
    assert desk.failed_checks() == []


def test_nothing_private_is_reached_by_default(desk: Desk) -> None:
    """Sources, entries and addresses on the command line: no request is sent, the ledger says why."""
    desk.options |= {"allow_private_networks": False}
    desk.web.routes["/feed"] = feed([entry(desk.web.url("/ferry"))])
    desk.follow(post="/feed")

    summary = desk.poll(desk.web.url("/page"), "http://[::1]:8080/x", sources=["post"])

    assert desk.web.asked == []
    assert summary.failed_sources == 1
    assert set(desk.ledger().values()) == {("quarantined", "private_address")}
    assert desk.failed_checks() == []


def test_a_name_that_turns_private_is_not_followed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when the feed was asked, private when its page is; nothing is dialled then."""
    desk.options |= {"allow_private_networks": False}
    desk.web.routes["/feed"] = feed([entry("http://rebind.example/ferry")])
    network = Network(desk.web)
    for name, seam in network.seams.items():
        monkeypatch.setitem(Fetcher.__init__.__kwdefaults__, name, seam)  # type: ignore[arg-type]
    network.lookups.append("rebind.example")  # so that the first answer is the public one
    desk.follow(post="http://rebind.example/feed")

    summary = desk.poll()

    assert (summary.failed_sources, desk.web.paths) == (0, ["/feed"])
    assert desk.ledger() == {"/ferry": ("quarantined", "private_address")}
    assert network.dialled == [("93.184.215.14", 80)]
    assert desk.failed_checks() == []


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """Self-signed: the feed is not read, and nothing is tried without TLS."""
    with WebServer({"/feed": feed([])}, tls=serve_tls(trustme.CA())) as web:
        desk = Desk(tmp_path / "home", web)
        desk.follow(post="/feed")
        desk.poll()

    assert web.asked == []
    assert desk.ledger() == {"/feed": ("quarantined", "tls_failed")}


def test_what_failed_for_now_is_tried_again_and_then_quarantined(desk: Desk) -> None:
    """Spread over rounds; the last try ends it, `release` begins anew, and then it can be loaded."""
    desk.web.routes["/feed"] = conditional(rss([entry(desk.web.url("/ferry"))]), '"1"')
    desk.web.routes["/ferry"] = status(500)
    desk.follow(post="/feed")
    desk.poll()
    assert desk.poll().states.total() == 0  # not due yet

    due = "update ops.ledger set next_attempt_at = now() - interval 1 second"
    desk.ask(due)
    desk.poll()
    assert desk.ask("select state, attempts from ops.ledger") == [("pending", 2)]
    desk.ask(f"{due}, attempts = 5")
    desk.poll()

    assert desk.ledger()["/ferry"] == ("quarantined", "server_error")
    assert desk.ask("select attempts from ops.ledger") == [(6,)]
    with pytest.raises(BadRequest, match="goes by 'http://elsewhere"):
        release(desk.settings, "http://elsewhere.example/")
    assert release(desk.settings, reason="server_error").pages == 1
    assert desk.ledger()["/ferry"] == ("pending", "not_fetched")
    desk.web.routes["/ferry"] = answer(page("ferry"))
    assert desk.poll().states == {"loaded": 1}
    assert desk.ask("select count(*) from ops.wanted_pages") == [(0,)]
    assert desk.failed_checks() == []


def test_a_wrong_charset_header_counts(desk: Desk) -> None:
    """The text is read by the charset the header names, for a feed and for a page."""
    text = page("ferry").decode().replace("The ferry opens", "Паром открыт")
    desk.web.routes["/ferry"] = answer(
        text.encode("cp1251"), kind="text/html; charset=windows-1251"
    )
    body = rss([entry(desk.web.url("/ferry"), headline="Паром")]).replace(b" encoding='utf-8'", b"")
    desk.web.routes["/feed"] = answer(
        body.decode().encode("cp1251"), kind="text/xml; charset=windows-1251"
    )
    desk.follow(post="/feed")

    desk.poll()

    assert desk.ask("select headline from articles") == [("Паром открыт",)]
    [(declared,)] = desk.ask("select declared from raw.pages")
    assert json.loads(str(declared))["entry"]["headline"] == "Паром"
