"""A round of polling on an ordinary day: feeds, sitemaps and pages of a site that behaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.progress import report
from tests.flows.newsroom import RSS, Desk, conditional, entry, feed, page, rss, sitemap
from tests.flows.webserver import Asked, WebServer, answer, redirect, status

MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose site has three articles."""
    routes = {f"/{name}": answer(page(name)) for name in ("ferry", "bridge", "museum")}
    with WebServer(routes) as web:
        yield Desk(tmp_path / "home", web)


def links(desk: Desk, *names: str) -> list[str]:
    """Entries for these pages."""
    return [entry(desk.web.url(f"/{name}")) for name in names]


def test_what_a_feed_announces_is_landed_and_loaded(desk: Desk) -> None:
    """Entries are rows, pages are captured, articles are there, every check passes."""
    desk.web.routes["/feed"] = feed(
        links(desk, "ferry", "bridge"),
        about="<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/>",
    )
    desk.follow(post="/feed")

    summary = desk.poll()

    assert (summary.states["loaded"], summary.inputs, summary.polled) == (2, 2, 1)
    assert summary.is_done
    rows = desk.ask("select position, outcome, guid from ops.entries order by position")
    assert rows == [(0, "loaded", "ferry"), (1, "loaded", "bridge")]
    kinds = desk.ask("select kind, outcome, entries_seen from ops.fetches order by all")
    assert kinds == [("feed", "ok", 2), ("page", "ok", 0), ("page", "ok", 0)]
    events = desk.ask("select state, count(*) from ops.ledger_events group by all order by all")
    assert events == [("loaded", 2), ("pending", 2)]
    assert desk.ask("select hub_url from ops.source_state") == [("https://hub.example/",)]
    assert desk.failed_checks() == []
    for file, offset, length in desk.ask(
        "select warc_file, warc_offset, warc_length from raw.pages"
    ):
        assert (desk.home / str(file)).read_bytes()[int(str(offset)) :][: int(str(length))]


def test_a_second_round_asks_conditionally_and_loads_nothing(desk: Desk) -> None:
    """One request, with the validator as it came, answered 304; the summary says so."""
    body = rss(links(desk, "ferry", "bridge"))
    desk.web.routes["/feed"] = conditional(body, 'W/"v 1"')
    desk.follow(post="/feed")
    desk.poll()
    before = len(desk.web.asked)

    summary = desk.poll(sources=["post"])

    [asked] = desk.web.asked[before:]
    assert (asked.path, asked.header("If-None-Match")) == ("/feed", 'W/"v 1"')
    assert (summary.unchanged_sources, summary.unchanged, summary.states.total()) == (1, 2, 0)
    assert "1 had nothing new" in report(summary)
    assert "Nothing new: all 2 inputs" in report(summary)
    assert desk.failed_checks() == []


def test_nothing_is_asked_before_it_is_due(desk: Desk) -> None:
    """A round right after another sends no request at all, unless a source is named."""
    desk.web.routes["/feed"] = feed(links(desk, "ferry"))
    desk.follow(post="/feed")
    desk.poll()
    before = len(desk.web.asked)

    assert desk.poll().polled == 0
    assert len(desk.web.asked) == before


@pytest.mark.parametrize(
    "about", ["", "<lastBuildDate>{}</lastBuildDate>"], ids=["same", "stamped"]
)
def test_an_unchanged_body_loads_nothing(desk: Desk, about: str) -> None:
    """A 200 with the same entries is told by its content, whatever time the feed prints in it."""
    bodies = iter(range(9))
    desk.web.routes["/feed"] = lambda _: feed(
        links(desk, "ferry"), about=about.format(next(bodies))
    )
    desk.follow(post="/feed")
    desk.poll()
    before = len(desk.web.asked)

    summary = desk.poll(sources=["post"])

    assert [asked.path for asked in desk.web.asked[before:]] == ["/feed"]
    assert (summary.unchanged_sources, summary.unchanged, summary.states.total()) == (1, 1, 0)
    assert desk.failed_checks() == []


def test_flaps_of_a_feed_make_no_new_article(desk: Desk) -> None:
    """Guids, trackers, order, the window, the scheme's case, a link under a known guid and time."""
    url = desk.web.url
    desk.web.routes["/new-slug"] = answer(page("ferry"))
    first = [entry(url("/ferry")), entry(url("/bridge")), entry(url("/museum"))]
    flaps = [
        [first[2], entry(url("/bridge#top")), entry(url("/ferry?utm_source=rss"))],
        [entry(url("/bridge"), guid="other"), entry(url("/ferry").replace("http", "HTTP"))],
        [*first[1:], entry(url("/new-slug"), guid="ferry", headline="The ferry opens")],
    ]
    desk.web.routes["/feed"] = feed(first)
    desk.follow(post="/feed")
    desk.poll()
    before = desk.web.paths.count("/ferry")

    for entries in flaps:
        desk.web.routes["/feed"] = feed(entries)
        assert desk.poll(sources=["post"]).states.total() == 0

    assert desk.web.paths.count("/ferry") == before
    assert "/new-slug" not in desk.web.paths
    assert desk.ask("select count(*) from articles") == [(3,)]
    assert desk.failed_checks() == []


def test_feed_sitemap_page_and_archive_lead_to_one_article(desk: Desk) -> None:
    """Whichever way it comes; and its own capture, read as an archive, is the capture it was."""
    desk.web.routes["/feed"] = feed(links(desk, "ferry"))
    desk.web.routes["/sitemap.xml"] = sitemap([desk.web.url("/ferry?utm_medium=map")])
    desk.follow(post="/feed", map="/sitemap.xml")
    desk.poll()
    desk.poll(desk.web.url("/ferry"))
    pages = desk.ask("select count(*) from raw.pages")

    ingest(desk.settings, [desk.home / "raw"], publish_after=False)

    assert desk.ask("select count(*) from articles") == [(1,)]
    assert desk.ask("select count(*) from raw.pages") == pages
    assert desk.failed_checks() == []


def test_every_way_to_a_page_that_names_its_address_is_one_article(
    desk: Desk, tmp_path: Path
) -> None:
    """A feed's link with parameters, a sitemap's, an AMP page by hand, somebody's archive of http."""
    url = desk.web.url
    named = page("ferry").replace(
        b"</head>", f'<link rel="canonical" href="{url("/ferry")}"></head>'.encode()
    )
    desk.web.routes |= {"/ferry": answer(named), "/ferry/amp": answer(named)}
    desk.web.routes["/feed"] = feed([entry(url("/ferry?from=rss&id=7"), guid="7")])
    desk.web.routes["/sitemap.xml"] = sitemap([url("/ferry")])
    other = Desk(tmp_path / "archive", desk.web)
    other.poll(url("/ferry?page=all"))
    desk.follow(post="/feed", map="/sitemap.xml")

    desk.poll()
    desk.poll(url("/ferry/amp"))
    ingest(desk.settings, [other.home / "raw"], publish_after=False)

    assert desk.ask("select url from articles") == [(url("/ferry"),)]
    assert desk.ask("select count(*), count(distinct url) from raw.pages") == [(4, 4)]
    assert desk.ask("select count(*) from article_versions") == [(1,)]
    kinds = "select url, kind from article_urls where kind <> 'canonical' order by url"
    assert desk.ask(kinds) == [
        (url(path), "fetched")
        for path in ("/ferry", "/ferry/amp", "/ferry?from=rss&id=7", "/ferry?page=all")
    ]
    states = "select state, count(*) from ops.ledger group by state order by state"
    assert desk.ask(states) == [("duplicate", 3), ("loaded", 1)]
    assert desk.failed_checks() == []


def test_captures_alone_give_the_same_articles(desk: Desk, tmp_path: Path) -> None:
    """Redirects, text from the feed itself and what was declared included."""
    desk.web.routes["/go"] = redirect("/bridge")
    desk.web.routes["/feed"] = feed(
        [
            *links(desk, "ferry", "go"),
            entry(desk.web.url("/wall"), content="<p>Only here: " + "the wall fell today. " * 30),
        ]
    )
    desk.follow(post="/feed")
    assert desk.poll().states["loaded"] == 3
    other = Desk(tmp_path / "other", desk.web)

    ingest(other.settings, [desk.home / "raw"], publish_after=False)

    for table, apart in (("articles", "first_seen_at"), ("raw.pages", "warc_file")):
        sql = f"select columns(* exclude ({apart})) from {table} order by page_id"  # noqa: S608 - names of tables
        assert other.ask(sql) == desk.ask(sql)


def test_a_sitemap_index_is_followed(desk: Desk) -> None:
    """Its sitemaps are sources with validators of their own; a second round sends only those."""
    url = desk.web.url
    maps = "".join(f"<sitemap><loc>{url(f'/map{n}.xml')}</loc></sitemap>" for n in (1, 2))
    desk.web.routes |= {
        "/sitemap.xml": answer(f"<sitemapindex>{maps}</sitemapindex>".encode(), kind="text/xml"),
        "/map1.xml": sitemap([url("/ferry")]),
        "/map2.xml": sitemap([url("/bridge"), url("/ferry")]),
    }
    desk.follow(map="/sitemap.xml")

    summary = desk.poll()

    assert (summary.states["loaded"], summary.polled) == (2, 3)
    slugs = [
        str(slug) for (slug,) in desk.ask("select slug from sources where parent_id is not null")
    ]
    assert len(slugs) == 2
    assert all(slug.startswith("map/") for slug in slugs)
    again = desk.poll(sources=["map"])
    assert (again.polled, again.unchanged_sources, again.states.total()) == (3, 3, 0)
    assert desk.failed_checks() == []


def test_sitemaps_of_an_index_that_are_not_followed_are_counted(desk: Desk) -> None:
    """The newest twenty are polled; the others are one sighting that says how many, and why."""
    url = desk.web.url
    places = [url(f"/map{n}.xml") for n in range(25)] + ["http://elsewhere.example/map.xml", ""]
    maps = "".join(
        f"<sitemap><loc>{place}</loc><lastmod>2026-07-{n + 1:02}</lastmod></sitemap>"
        for n, place in enumerate(places)
    )
    index = answer(f"<sitemapindex>{maps}</sitemapindex>".encode(), kind="text/xml")
    desk.web.routes |= {"/sitemap.xml": index}
    desk.web.routes |= {f"/map{n}.xml": sitemap([url("/ferry")]) for n in range(25)}
    desk.follow(map="/sitemap.xml")

    summary = desk.poll()

    assert summary.polled == 21
    assert {"/map4.xml", "/map5.xml"} & set(desk.web.paths) == {"/map5.xml"}
    assert summary.reasons == {"not_followed": 1}
    told = (
        "7 of its sitemaps are not followed: 5 are older than the 20 newest, "
        "1 lie on another site, 1 have no address"
    )
    sql = "select detail from ops.entries where reason = 'not_followed'"
    assert desk.ask(sql) == [(told,)]
    assert desk.failed_checks() == []


def test_indexes_in_a_circle_come_to_an_end(desk: Desk) -> None:
    """Two that name each other, and one that always has another below it, are asked a few times."""

    def deeper(asked: Asked) -> bytes:
        below = desk.web.url(f"{asked.path}x")
        return answer(
            f"<sitemapindex><sitemap><loc>{below}</loc></sitemap></sitemapindex>".encode()
        )

    def circle(other: str) -> bytes:
        both = "".join(
            f"<sitemap><loc>{desk.web.url(path)}</loc></sitemap>"
            for path in (other, "/sitemap.xml")
        )
        return answer(f"<sitemapindex>{both}</sitemapindex>".encode(), kind="text/xml")

    desk.web.routes |= {"/sitemap.xml": circle("/b.xml"), "/b.xml": circle("/c.xml")}
    desk.web.routes |= {"/c.xml": circle("/b.xml"), "*": deeper}
    desk.follow(circle="/sitemap.xml", deep="/deep-sitemap")
    for _ in range(3):
        desk.poll(sources=["circle", "deep"])

    sql = "select slug[:4], count(*) from sources where kind = 'sitemap' group by all order by all"
    assert desk.ask(sql) == [("circ", 3), ("deep", 4)]
    assert desk.ask("select detail from ops.entries where reason = 'not_followed' limit 1") == [
        ("1 of its sitemaps are not followed: 1 stand below more than 3 indexes",)
    ]
    assert desk.failed_checks() == []


def test_addresses_are_told_apart_by_content(desk: Desk) -> None:
    """A feed, a sitemap and a page on one command line, whatever type the server claims."""
    desk.web.routes["/f"] = answer(rss(links(desk, "ferry")), kind="text/html")
    desk.web.routes["/s"] = sitemap([desk.web.url("/bridge")])

    summary = desk.poll(*map(desk.web.url, ("/f", "/s", "/museum")))

    assert (summary.states["loaded"], summary.polled) == (3, 2)
    rows = desk.ask(
        "select kind, entries_seen from ops.fetches where entries_seen > 0 order by all"
    )
    assert rows == [("feed", 1), ("page", 1), ("sitemap", 1)]
    again = desk.poll(*map(desk.web.url, ("/f", "/s", "/museum")))
    assert (again.states["duplicate"], again.states["loaded"], again.unchanged) == (1, 0, 2)
    assert desk.failed_checks() == []


def test_the_feeds_own_text_stands_in_for_a_page_that_is_gone(desk: Desk) -> None:
    """Where the feed holds the whole text it is an article, with what the feed says of it."""
    text = "<p>The wall fell at dawn, and nobody was hurt, the mayor said.</p>" * 8
    desk.web.routes["/feed"] = feed(
        [entry(desk.web.url("/wall"), content=text, headline="The wall falls")]
    )
    desk.follow(post="/feed")

    assert desk.poll().states["loaded"] == 1

    [row] = desk.ask("select headline, published_at::varchar, url from articles")
    assert row[:2] == ("The wall falls", "2026-07-14 08:00:00+00")
    assert desk.ask("select outcome, reason from ops.fetches where kind = 'page'") == [
        ("failed", "not_found")
    ]
    assert desk.failed_checks() == []


def test_a_permanent_redirect_moves_a_source_and_a_temporary_one_does_not(desk: Desk) -> None:
    """The list stays as it was written; what is asked next is the new address, or the old one."""
    desk.web.routes |= {
        "/new": feed(links(desk, "ferry")),
        "/for-good": redirect("/new", 308),
        "/for-now": redirect("/new", 302),
    }
    desk.follow(good="/for-good", now="/for-now")
    desk.poll()
    before = len(desk.web.asked)

    desk.poll(sources=["good", "now"])

    assert sorted(asked.path for asked in desk.web.asked[before:]) == ["/for-now", "/new", "/new"]
    assert sorted(desk.ask("select moved_url is not null from ops.source_state")) == [
        (False,),
        (True,),
    ]


def test_robots_txt_is_asked_once_a_day_and_not_once_a_run(desk: Desk) -> None:
    """Its answer is in the warehouse, and what it forbids is not fetched."""
    desk.web.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /bridge", kind="text/plain")
    desk.web.routes["/feed"] = feed(links(desk, "ferry"))
    desk.follow(post="/feed")
    desk.poll()
    desk.web.routes["/feed"] = feed(links(desk, "bridge", "museum"))

    desk.poll(sources=["post"])

    assert desk.web.paths.count("/robots.txt") == 1
    assert "/bridge" not in desk.web.paths
    assert desk.ledger()["/bridge"] == ("skipped", "robots_denied")
    assert desk.ask("select status_code from ops.robots_files") == [(200,)]


def test_what_a_feed_says_counts_where_the_page_says_nothing(desk: Desk) -> None:
    """Date, author, tag; still when the page is looked at again, by itself or by hand."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    said = "<author>ada@post.example (Ada Example)</author><category>Harbour</category>"
    item = entry(desk.web.url("/ferry"), published=format_datetime(at))
    desk.web.routes["/feed"] = feed([item.replace("</item>", f"{said}</item>")])
    desk.follow(post="/feed")
    desk.poll()
    sql = """
        select published_at, published_source, name, tag, version_no from articles
        join article_authors using (article_id) join authors using (author_id)
        join article_tags using (article_id)
    """
    assert desk.ask(sql) == [(at, "entry", "Ada Example", "Harbour", 1)]

    desk.web.routes["/ferry"] = answer(page("ferry", " Nobody was hurt, the harbour office said."))
    desk.ask("update ops.rechecks set next_check_at = now() - interval 1 minute")
    desk.poll()
    assert desk.ask(sql) == [(at, "entry", "Ada Example", "Harbour", 2)]

    desk.web.routes["/ferry"] = answer(page("ferry", " Two were hurt, the harbour office said."))
    desk.poll(desk.web.url("/ferry"))
    assert desk.ask(sql) == [(at, "entry", "Ada Example", "Harbour", 3)]
    stated = page("ferry").replace(
        b"</head>",
        b"<meta property='article:published_time' content='2026-01-02T03:04:05Z'></head>",
    )
    desk.web.routes["/ferry"] = answer(stated)
    desk.poll(desk.web.url("/ferry"))
    assert desk.ask("select published_source from articles") == [("meta",)]


def test_a_young_article_is_looked_at_again(desk: Desk) -> None:
    """Unchanged it is a revisit whose page can still be read; changed it is a new version."""
    desk.web.routes["/feed"] = feed([entry(desk.web.url("/ferry"), published="")])
    desk.follow(post="/feed")
    desk.poll()
    due = "update ops.rechecks set next_check_at = now() - interval 1 minute"
    desk.ask(due)
    [(first,)] = desk.ask("select warc_offset from raw.pages")

    assert desk.poll().states == {"duplicate": 1}

    assert desk.ask("select distinct warc_offset from raw.pages") == [(first,)]
    assert desk.ask("select check_count, last_changed_at from ops.rechecks") == [(1, None)]
    desk.web.routes["/ferry"] = answer(page("ferry", " Nobody was hurt, the harbour office said."))
    desk.ask(due)
    assert desk.poll().states == {"loaded": 1}
    assert desk.ask("select version_no from articles") == [(2,)]
    desk.web.routes["/ferry"] = status(404)
    desk.ask(due)
    desk.poll()
    assert desk.ask("select count(*) from ops.rechecks") == [(0,)]
    assert desk.ask("select state from ops.ledger") == [("loaded",)]
    assert desk.failed_checks() == []
    other = Desk(desk.home.parent / "other", desk.web)
    ingest(other.settings, [desk.home / "raw"], publish_after=False)
    pages = "select page_id, fetched_at from raw.pages order by all"
    assert other.ask(pages) == desk.ask(pages)


def test_a_feed_that_is_not_modified_is_still_taken_at_its_word(desk: Desk) -> None:
    """What it said of ttl, hours and freshness counts after a 304, after a failure, until it says else."""
    now = datetime.now(UTC)
    skipped = {(now + timedelta(hours=hours)).hour for hours in range(8)}
    hours = "".join(f"<hour>{hour}</hour>" for hour in sorted(skipped))
    body = rss([], f"<ttl>300</ttl><skipHours>{hours}</skipHours>")
    fresh = answer(rss([]), kind=RSS, headers=["Cache-Control: max-age=18000", 'ETag: "1"'])
    desk.web.routes |= {"/feed": conditional(body, '"1"'), "/fresh": fresh}  # type: ignore[dict-item]
    desk.follow(post="/feed", mail="/fresh")
    desk.poll()
    waits = "select epoch(next_poll_at) - epoch(last_polled_at), next_poll_at from ops.source_state"
    desk.ask("update ops.source_state set interval_s = 900")
    desk.web.routes["/fresh"] = status(304, 'ETag: "1"')

    assert desk.poll(sources=["post", "mail"]).unchanged_sources == 2

    (fresh_s, _), (hours_s, at) = sorted(desk.ask(waits))  # type: ignore[type-var]
    assert 18_000 <= float(str(fresh_s)) <= 19_800
    assert float(str(hours_s)) >= 18_000
    assert isinstance(at, datetime)
    assert at.hour not in skipped
    desk.web.routes["/feed"] = status(503)
    desk.poll(sources=["post"])
    [(at,)] = desk.ask("select next_poll_at from ops.source_state where failure_count = 1")
    assert isinstance(at, datetime)
    assert at.hour not in skipped
