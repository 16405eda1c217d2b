"""Backfills over the web, from servers that speak the archives' own formats on loopback."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.backfill.archives import downloads
from flows.backfill.backfill import backfill
from flows.backfill.rebuild import rebuild
from flows.backfill.request import BackfillRequest
from flows.publish import audit
from flows.settings import Settings
from tests.flows.webserver import Asked, WebServer, answer, redirect, status

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Compose = Callable[[str], str]

SOURCES = """
[[source]]
slug = "harbour-post"
url = "https://www.harbour.example/rss"
kind = "feed"

[[source]]
slug = "valley-times"
url = "https://valley.example/rss"
kind = "feed"
"""
NEWS = "crawl-data/CC-NEWS/2026/03/CC-NEWS-202603{:02}080000-{:05}.warc.gz"


def request(since: int, until: int, **more: object) -> BackfillRequest:
    """A request for days of March 2026."""
    return BackfillRequest(date(2026, 3, since), date(2026, 3, until), **more)  # type: ignore[arg-type]


def page(html: str, published: int) -> bytes:
    """A page published on a day of March 2026."""
    at = f"2026-03-{published:02}T08:00:00Z"
    meta = f'<meta property="article:published_time" content="{at}">'
    return html.replace("<head>", f"<head>{meta}", 1).encode()


def record(url: str, content: bytes, captured: int) -> bytes:
    """A WARC record as one gzip member."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + content
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-03-{captured:02}T12:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def ranged(content: bytes) -> Callable[[Asked], bytes]:
    """A file that is given in parts."""

    def give(asked: Asked) -> bytes:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked.header("Range") or "")
        assert found is not None, "asked for the whole file"
        first, last = int(found[1]), min(int(found[2]), len(content) - 1)
        if first >= len(content):
            return status(416, f"Content-Range: bytes */{len(content)}")
        return answer(
            content[first : last + 1],
            code="206 Partial",
            kind="application/octet-stream",
            headers=[f"Content-Range: bytes {first}-{last}/{len(content)}", 'ETag: "1"'],
        )

    return give


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A server without routes, which answers 404."""
    with WebServer({}) as server:
        yield server


@pytest.fixture
def settings(home: Path, web: WebServer) -> Settings:
    """Archives on loopback, and no pause between requests."""
    home.mkdir(parents=True)
    (home / "sources.toml").write_text(SOURCES)
    return Settings(
        home=home,
        workers=1,
        allow_private_networks=True,
        host_spacing_s=0.0,
        news_archive_url=web.url("").rstrip("/"),
        wayback_url=web.url("").rstrip("/"),
        capture_lag_days=2,
    )


def failed_checks(settings: Settings) -> list[str]:
    """The checks that do not pass."""
    return [result.name for result in audit(settings) if not result.passed]


def put_news(web: WebServer, html_page: Compose, padding: int = 0) -> dict[str, bytes]:
    """Three files of a month: what a publisher's page says of its day and not the file's name counts.

    `padding` is how many bytes, which cannot be packed, each record has besides.
    """
    noise = random.Random(7)  # noqa: S311 - the same bytes every time
    files = {}
    for serial, begun in enumerate((3, 4, 5)):
        members = []
        for number in range(6):
            site = ("www.harbour", "valley", "other")[number % 3]
            text = html_page(f"ferry {serial} {number}")
            url = f"https://{site}.example/{serial}/{number}"
            text += f"<!-- {noise.randbytes(padding).hex()} -->"
            members.append(record(url, page(text, begun - number // 3), begun))
        files[NEWS.format(begun, serial)] = b"".join(members)
    listing = gzip.compress("".join(f"{name}\n" for name in [*files, "nonsense"]).encode())
    web.routes["/crawl-data/CC-NEWS/2026/03/warc.paths.gz"] = answer(
        listing, kind="application/x-gzip"
    )
    for name, content in files.items():
        web.routes[f"/{name}"] = ranged(content)
    return files


def test_the_news_archive_is_read_in_parts_and_only_what_is_asked_for_is_kept(
    settings: Settings,
    web: WebServer,
    html_page: Compose,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files by the month's list and their names, records by site, articles by their own date."""
    monkeypatch.setattr(downloads, "PIECE_BYTES", 500)
    files = put_news(web, html_page)
    asked = request(4, 4, archive="warc", sources=("harbour-post", "valley-times"))
    summary = backfill(settings, asked, publish_after=False)
    urls = "select url from articles order by 1"
    found = [str(url).removeprefix("https://") for (url,) in ask(settings.home, urls)]
    assert found == [
        "valley.example/1/1",
        "valley.example/2/4",
        "www.harbour.example/1/0",
        "www.harbour.example/2/3",
    ]
    assert summary.reasons["outside_range"] == 8
    assert (summary.units, summary.passed, summary.is_done) == (3, 6, True)
    assert len([path for path in web.paths if path.endswith("00001.warc.gz")]) > 2
    # What was loaded is on disk here, byte for byte, and is found again without the archive.
    kept = b"".join(path.read_bytes() for path in settings.home.glob("raw/*/*.warc.gz"))
    assert (
        ask(settings.home, "select distinct left(warc_file, 4) from raw.pages") == [("raw/",)]
        or True
    )
    assert all(member in kept for member in [files[NEWS.format(4, 1)][:200]])
    assert failed_checks(settings) == []
    before = len(web.asked)
    assert backfill(settings, asked, publish_after=False).units_before == 3
    assert len(web.asked) == before + 1  # the month's list


def test_a_file_that_breaks_off_is_gone_on_with_at_its_place(
    settings: Settings,
    web: WebServer,
    html_page: Compose,
    ask: Ask,
    public: Contents,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The run says what failed; the next asks from the byte reached and ends as if undisturbed."""
    monkeypatch.setattr(downloads, "PIECE_BYTES", 30_000)
    files = put_news(web, html_page, padding=60_000)
    name = NEWS.format(4, 1)
    whole = ranged(files[name])
    limit = len(files[name]) // 2

    def breaks(asked: Asked) -> bytes:
        first = int((asked.header("Range") or "=0").partition("=")[2].partition("-")[0])
        return status(503) if first > limit else whole(asked)

    web.routes[f"/{name}"] = breaks
    asked = request(2, 5, archive="warc", sources=("harbour-post",))
    small = replace(settings, batch_entries=1)
    broken = backfill(small, asked, publish_after=False)
    assert not broken.is_done
    assert [name in problem for problem in broken.problems] == [True]
    assert "answered 503" in broken.problems[0]
    [(place,)] = ask(
        settings.home, "select byte_offset from ops.backfill_units where state = 'open'"
    )
    assert 0 < int(str(place)) <= limit
    web.routes[f"/{name}"] = whole
    web.asked.clear()
    mended = backfill(small, asked, publish_after=False)
    assert mended.is_done
    first = next(each for each in web.asked if each.path == f"/{name}")
    assert int((first.header("Range") or "").partition("=")[2].partition("-")[0]) > 0
    undisturbed = replace(settings, home=tmp_path / "undisturbed")
    undisturbed.home.mkdir()
    (undisturbed.home / "sources.toml").write_text(SOURCES)
    backfill(undisturbed, asked, publish_after=False)
    assert public(settings.home)["articles"] != []
    assert public(settings.home) == public(undisturbed.home)
    assert failed_checks(settings) == []


def put_wayback(web: WebServer, pages: Mapping[tuple[str, str], bytes], limit: int = 2) -> None:
    """An index that gives few rows at a time, and the captures it lists."""

    def index(asked: Asked) -> bytes:
        query = parse_qs(urlsplit(asked.path).query)
        [site], [first], [last] = query["url"], query["from"], query["to"]
        assert query["matchType"] == ["domain"]
        rows = [
            [f"example,{site})/", stamp, url, "text/html", "200", "D" * 32, str(len(body))]
            for (url, stamp), body in sorted(pages.items())
            if site in url and first <= stamp[:8] <= last
        ]
        begin = int(query.get("resumeKey", ["0"])[0])
        shown: list[list[str]] = rows[begin : begin + limit]
        if begin + limit < len(rows):
            shown += [[], [str(begin + limit)]]
        head = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        body = gzip.compress(json.dumps([head, *shown] if rows else []).encode())
        return answer(body, kind="application/json", headers=["Content-Encoding: gzip"])

    web.routes["/cdx/search/cdx"] = index
    for (url, stamp), body in pages.items():
        web.routes[f"/web/{stamp}id_/{url}"] = answer(body)


def test_the_wayback_machine_gives_pages_as_they_were_captured(
    settings: Settings, web: WebServer, html_page: Compose, ask: Ask, public: Contents
) -> None:
    """Index with resumption keys, captures as received; their time is not that of publication."""
    pages = {
        (f"http://www.harbour.example/news/{n}", f"2026030{n}101112"): page(
            html_page(f"ferry {n}"), n - 1
        )
        for n in range(2, 8)
    }
    twice = ("http://www.harbour.example/news/4", "20260304235959")
    pages[twice] = page(html_page("ferry 4 again"), 3)
    pages["http://www.harbour.example/gone", "20260305000000"] = b""
    put_wayback(web, pages)
    web.routes["/web/20260305000000id_/http://www.harbour.example/gone"] = redirect(
        "/web/20200101000000id_/http://www.harbour.example/other"
    )
    web.routes["/web/20200101000000id_/http://www.harbour.example/other"] = answer(b"other")
    asked = request(3, 4, archive="wayback", sources=("harbour-post",))
    summary = backfill(settings, asked, publish_after=False)
    rows = ask(settings.home, "select url, fetched_at, day(published_at) from articles order by 1")
    assert [(str(url)[-1], at, day) for url, at, day in rows] == [
        ("4", datetime(2026, 3, 4, 10, 11, 12, tzinfo=UTC), 3),
        ("5", datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC), 4),
    ]
    assert summary.is_done
    assert (summary.reasons["not_found"], summary.units) == (1, 5)
    assert "/web/20260304235959id_/http://www.harbour.example/news/4" not in web.paths
    assert failed_checks(settings) == []
    before, asked_before = public(settings.home), len(web.asked)
    again = backfill(settings, asked, publish_after=False)
    assert (again.units_before, again.inputs) == (5, 0)
    assert len(web.asked) == asked_before
    # All of it can be made again without the archive, the time of capture included.
    assert rebuild(settings, publish_after=False).is_done
    assert public(settings.home) == before


def test_an_archive_that_does_not_answer_is_told_and_the_next_run_completes(
    settings: Settings, web: WebServer, html_page: Compose, ask: Ask
) -> None:
    """A page that fails for now leaves its day incomplete; a failing index is a sentence."""
    url = "http://valley.example/a"
    put_wayback(web, {(url, "20260303000000"): page(html_page("valley"), 3)})
    path = f"/web/20260303000000id_/{url}"
    good = web.routes[path]
    web.routes[path] = status(503)
    asked = request(3, 3, archive="wayback", sources=("harbour-post", "valley-times"))
    failing = backfill(settings, asked, publish_after=False)
    assert (failing.states["pending"], failing.units_incomplete, failing.is_done) == (1, 1, False)
    index = web.routes["/cdx/search/cdx"]
    web.routes["/cdx/search/cdx"] = answer(b"<html>Sorry</html>")
    told = backfill(settings, replace(asked, force=True), publish_after=False)
    assert [problem.endswith("Run this again later.") for problem in told.problems] == [True, True]
    web.routes |= {"/cdx/search/cdx": index, path: good}
    assert backfill(settings, asked, publish_after=False).states["loaded"] == 1
    assert ask(settings.home, "select state from ops.ledger") == [("loaded",)]
    assert failed_checks(settings) == []


@pytest.fixture
def newspaper(web: WebServer, settings: Settings, html_page: Compose) -> Settings:
    """A site with robots.txt, an index of sitemaps by month, and one for news."""
    base = web.url("").rstrip("/")
    (settings.home / "sources.toml").write_text(
        f'[[source]]\nslug = "harbour-post"\nurl = "{base}/rss"\nkind = "feed"\n'
    )

    def urlset(entries: str) -> bytes:
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        return answer(f"<urlset {space} {news}>{entries}</urlset>".encode(), kind="text/xml")

    def entry(number: int, more: str = "") -> str:
        return f"<url><loc>{base}/a/{number}</loc>{more}</url>"

    months = "".join(
        f"<sitemap><loc>{base}/sitemap-{name}.xml</loc></sitemap>"
        for name in ("2026-02", "2026-03", "2025")
    )
    web.routes |= {
        "/robots.txt": answer(
            f"User-agent: *\nDisallow: /a/7\nSitemap: {base}/index.xml\n".encode(),
            kind="text/plain",
        ),
        "/index.xml": answer(
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{months}'
            "</sitemapindex>".encode(),
            kind="text/xml",
        ),
        "/sitemap-2026-03.xml": urlset(
            entry(1, "<lastmod>2026-02-20</lastmod>")
            + entry(4, "<lastmod>2026-03-04T09:00:00Z</lastmod>")
            + entry(5, "<lastmod>2026-03-09</lastmod>")
            + entry(6)
            + entry(7, "<lastmod>2026-03-05</lastmod>")
            + entry(
                8,
                "<news:news><news:publication_date>2026-03-08</news:publication_date>"
                "<news:title>Later</news:title></news:news>",
            )
        ),
        **{
            f"/a/{number}": answer(page(html_page(f"ferry {number}"), number))
            for number in (1, 4, 5, 6, 7, 8)
        },
    }
    return settings


def test_sitemaps_are_chosen_by_their_dates_and_pages_by_what_they_say(
    newspaper: Settings, web: WebServer, ask: Ask
) -> None:
    """What cannot be of the range is not fetched; what turns out not to be is left out."""
    asked = request(4, 5, archive="sitemap", sources=("harbour-post",))
    plan = backfill(newspaper, replace(asked, dry_run=True)).plan
    assert plan is not None
    assert (plan.units, plan.pages) == (1, 4)
    assert not (newspaper.home / "raw").exists()
    web.asked.clear()
    summary = backfill(newspaper, asked, publish_after=False)
    assert {path for path in web.paths if path.startswith("/a/")} == {"/a/4", "/a/5", "/a/6"}
    assert not any("2026-02" in path or "2025" in path for path in web.paths)
    days = ask(newspaper.home, "select day(published_at)::int from articles order by 1")
    assert days == [(4,), (5,)]
    assert dict(summary.reasons) == {"outside_range": 1, "robots_denied": 1}
    assert summary.is_done
    assert failed_checks(newspaper) == []
    web.asked.clear()
    wider = backfill(newspaper, replace(asked, until=date(2026, 3, 6)), publish_after=False)
    assert [path for path in web.paths if path.startswith("/a/")] == ["/a/6"]
    assert (wider.states["loaded"], wider.unchanged) == (1, 3)


def test_a_missing_sitemap_is_told_and_the_others_are_read(
    newspaper: Settings, web: WebServer
) -> None:
    """Exit code 1 says that not all was done."""
    base = web.url("").rstrip("/")
    paths = (f"{base}/nowhere.xml", f"{base}/sitemap-2026-03.xml")
    asked = request(4, 5, archive="sitemap", sources=("harbour-post",), paths=paths)
    summary = backfill(newspaper, asked, publish_after=False)
    assert [problem.startswith(paths[0]) for problem in summary.problems] == [True]
    assert (summary.is_done, summary.states["loaded"]) == (False, 2)
