"""robots.txt over the wire: what each answer to it means for the pages of its site."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from tests.flows.webserver import Asked, Reply, WebServer, answer, fetch, redirect, status
from transforms.records import Reason
from transforms.robots import ALLOW_ALL, RobotsAnswer, robots_rules

PLAIN = "text/plain"
CLOSED = b"User-agent: *\nDisallow: /private\nAllow: /private/open\n"


def outcome_of(gates: Path, robots: Reply, path: str = "/page", **policy: object) -> str:
    """What comes of a page of a site with this robots.txt: "fetched", or the reason why not."""
    with WebServer({"/robots.txt": robots, "*": answer()}) as web:
        [outcome] = fetch(gates, FetchRequest(web.url(path)), **policy)
    return "fetched" if isinstance(outcome, Fetched) else outcome.reason.value


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 451, 499])
def test_a_refused_robots_txt_allows_all(tmp_path: Path, code: int) -> None:
    """RFC 9309, 2.3.1.3: 4xx is "unavailable", and all may be fetched."""
    assert outcome_of(tmp_path, status(code)) == "fetched"


def test_a_429_for_robots_txt_allows_all_after_a_pause(tmp_path: Path) -> None:
    """It is a 4xx like the others, and the host is left alone as it asks."""
    known: dict[str, RobotsAnswer] = {}
    with WebServer({"/robots.txt": status(429, "Retry-After: 50"), "*": answer()}) as web:
        [outcome] = fetch(
            tmp_path, FetchRequest(web.url("/a")), max_wait_s=1.0, fetcher={"robots": known}
        )
    assert isinstance(outcome, FetchFailure)
    assert outcome.reason is Reason.HOST_BUSY
    assert robots_rules(known[web.url("")].status, b"", "wirecopy") == ALLOW_ALL


@pytest.mark.parametrize("code", [500, 502, 503, 504, 599])
def test_a_failing_robots_txt_denies_for_now(tmp_path: Path, code: int) -> None:
    """RFC 9309, 2.3.1.4: 5xx is "unreachable", nothing is fetched, and it is tried again later."""
    with WebServer({"/robots.txt": status(code), "*": answer()}) as web:
        [outcome] = fetch(tmp_path, FetchRequest(web.url("/page")))
    assert isinstance(outcome, FetchFailure)
    assert (outcome.reason, outcome.is_retryable) == (Reason.ROBOTS_UNREACHABLE, True)
    assert web.paths == ["/robots.txt"]


def test_a_robots_txt_that_breaks_off_denies_for_now(tmp_path: Path) -> None:
    """Half a file may lack the rule that matters."""
    cut = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\n" + CLOSED
    assert outcome_of(tmp_path, cut) == "robots_unreachable"
    assert outcome_of(tmp_path, iter(())) == "robots_unreachable"
    assert (
        outcome_of(tmp_path, answer(CLOSED, headers=["Content-Encoding: br"]))
        == "robots_unreachable"
    )


def test_a_packed_robots_txt_is_read(tmp_path: Path) -> None:
    """Some servers pack it although they are asked not to; a bomb is a file like any other."""
    for body, expected in (
        (b"User-agent: *\nDisallow: /", "robots_denied"),
        (bytes(50 << 20), "fetched"),
    ):
        packed = answer(gzip.compress(body), headers=["Content-Encoding: gzip"])
        assert outcome_of(tmp_path, packed) == expected


def test_a_robots_txt_that_drips_denies_for_now(tmp_path: Path) -> None:
    """It has a deadline of its own."""

    def drip(_: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
        yield from web.slowly(b"#" * 400)

    with WebServer({"/robots.txt": drip, "*": answer()}) as web:
        [outcome] = fetch(tmp_path, FetchRequest(web.url()), robots_deadline_s=0.3)
    assert isinstance(outcome, FetchFailure)
    assert outcome.reason is Reason.ROBOTS_UNREACHABLE


def test_rules_are_obeyed(tmp_path: Path) -> None:
    """What is disallowed is not asked for; the longest rule wins; feeds may be exempt."""
    with WebServer({"/robots.txt": answer(CLOSED, kind=PLAIN), "*": answer()}) as web:
        requests = [
            FetchRequest(web.url("/private/a")),
            FetchRequest(web.url("/private/open/a")),
            FetchRequest(web.url("/private/feed"), obeys_robots=False),
        ]
        denied, *allowed = fetch(tmp_path, *requests)
    assert isinstance(denied, FetchFailure)
    assert (denied.reason, denied.is_retryable) == (Reason.ROBOTS_DENIED, False)
    assert [type(outcome) for outcome in allowed] == [Fetched] * 2
    assert web.paths == ["/robots.txt", "/private/open/a", "/private/feed"]


def test_a_redirect_is_held_to_the_rules_of_where_it_leads(tmp_path: Path) -> None:
    """Each hop asks the robots.txt of its own site, once."""
    with (
        WebServer(
            {"/robots.txt": answer(CLOSED, kind=PLAIN), "*": answer()}, host="127.0.0.2"
        ) as b,
        WebServer({"/a": redirect(b.url("/private")), "/b": redirect(b.url("/open"))}) as a,
    ):
        denied, allowed = fetch(tmp_path, FetchRequest(a.url("/a")), FetchRequest(a.url("/b")))
    assert isinstance(denied, FetchFailure)
    assert denied.reason is Reason.ROBOTS_DENIED
    assert isinstance(allowed, Fetched)
    assert (a.paths, b.paths) == (["/robots.txt", "/a", "/b"], ["/robots.txt", "/open"])


def test_five_redirects_are_followed_to_a_robots_txt(tmp_path: Path) -> None:
    """Five lead to its rules; more, or a circle, count as no file."""

    def chain(length: int) -> str:
        hops: dict[str, Reply] = {f"/r{n}": redirect(f"/r{n - 1}") for n in range(1, length)}
        hops["/r0"] = answer(b"User-agent: *\nDisallow: /", kind=PLAIN)
        routes = {"/robots.txt": redirect(f"/r{length - 1}"), **hops, "*": answer()}
        with WebServer(routes) as web:
            [outcome] = fetch(tmp_path, FetchRequest(web.url("/page")))
        return "fetched" if isinstance(outcome, Fetched) else outcome.reason.value

    assert chain(5) == "robots_denied"
    assert chain(6) == "fetched"
    assert outcome_of(tmp_path, redirect("/robots.txt")) == "fetched"


def test_half_a_megabyte_of_rules_is_read(tmp_path: Path) -> None:
    """Rules within the first 500 KiB count, those behind do not, and no more is taken."""
    padding = b"# " + b"x" * 97 + b"\n"
    within = b"User-agent: *\n" + padding * 5_100 + b"Disallow: /page\n"
    behind = b"User-agent: *\n" + padding * 5_200 + b"Disallow: /page\n"
    assert outcome_of(tmp_path, answer(within, kind=PLAIN)) == "robots_denied"
    assert outcome_of(tmp_path, answer(behind, kind=PLAIN)) == "fetched"


def test_a_page_in_place_of_robots_txt_has_no_rules(tmp_path: Path) -> None:
    """Many sites answer every path with their home page."""
    assert (
        outcome_of(tmp_path, answer(b"<!doctype html><p>Disallow all the things: /")) == "fetched"
    )


def test_crawl_delay_is_kept_up_to_a_minute(tmp_path: Path) -> None:
    """A pause that is too long to wait for is a matter for later."""
    slow = answer(b"User-agent: *\nCrawl-delay: 61\n", kind=PLAIN)
    with WebServer({"/robots.txt": slow, "*": answer()}) as web:
        [outcome] = fetch(tmp_path, FetchRequest(web.url()))
    assert isinstance(outcome, FetchFailure)
    assert (outcome.reason, outcome.retry_after_s) == (Reason.CRAWL_DELAY, 61)


def test_stored_answers_are_used_for_a_day(tmp_path: Path) -> None:
    """A fresh stored answer costs no request, a stale one is replaced, and failures last half an hour."""
    with WebServer({"/robots.txt": answer(b"", kind=PLAIN), "*": answer()}) as web:
        origin = web.url("")
        now = datetime.now(UTC)

        def ask(stored: RobotsAnswer) -> tuple[str, list[str]]:
            web.asked.clear()
            known = {origin: stored}
            [outcome] = fetch(tmp_path, FetchRequest(web.url("/a")), fetcher={"robots": known})
            assert (known[origin] is stored) == ("/robots.txt" not in web.paths)
            return "fetched" if isinstance(outcome, Fetched) else outcome.reason.value, web.paths

        closed = b"User-agent: *\nDisallow: /"
        hour = timedelta(hours=1)
        assert ask(RobotsAnswer(origin, now - 23 * hour, 200, closed)) == ("robots_denied", [])
        assert ask(RobotsAnswer(origin, now - 25 * hour, 200, closed)) == (
            "fetched",
            ["/robots.txt", "/a"],
        )
        assert ask(RobotsAnswer(origin, now - hour / 3, 503)) == ("robots_unreachable", [])
        assert ask(RobotsAnswer(origin, now - hour, None)) == ("fetched", ["/robots.txt", "/a"])
        assert ask(RobotsAnswer(origin, now + hour, 200, closed)) == (
            "fetched",
            ["/robots.txt", "/a"],
        )
