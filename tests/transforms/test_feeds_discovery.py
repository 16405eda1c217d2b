"""Finding the feeds and sitemaps of a site."""

import pytest

from transforms.feeds.discovery import candidate_links, feed_links, sitemap_lines
from transforms.feeds.entries import FeedLink

URL = "https://chronicle.example/news/"


def test_what_a_page_announces_is_found() -> None:
    """Feeds in the page's order, those of comments after them, sitemaps last."""
    page = """<html><head><!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->
    <link rel="sitemap" type="application/xml" href="/sitemap.xml">
    <LINK REL='Alternate' TYPE='application/rss+xml' title='Comments on Caf&eacute;' href='comments/feed'>
    <link rel=alternate type=application/atom+xml title="News &amp; more" href=atom.xml?a=1&amp;b=2>
    <link rel="alternate" type="application/feed+json" href="https://feeds.example/j">
    <link rel="alternate" type="text/xml" title="RSS" href="feed:https://feeds.example/x">
    <link rel="alternate" type="application/json" href="/wp-json/posts/1">
    <link rel="alternate" hreflang="pt" href="/pt/"><link rel="stylesheet" href="/rss.css">
    <link rel="alternate" type="application/rss+xml" href="javascript:x()">
    <link rel="alternate" type="application/rss+xml"></head></html>"""

    assert feed_links(page.encode(), "text/html", URL) == (
        FeedLink("https://chronicle.example/news/atom.xml?a=1&b=2", "atom", "News & more"),
        FeedLink("https://feeds.example/j", "json"),
        FeedLink("https://feeds.example/x", "rss", "RSS"),
        FeedLink("https://chronicle.example/news/comments/feed", "rss", "Comments on Café"),
        FeedLink("https://chronicle.example/sitemap.xml", "sitemap"),
    )


def test_the_base_of_a_page_counts() -> None:
    """Links are relative to it, and it to the page."""
    page = b'<base href="/other/"><link rel="alternate" type="application/rss+xml" href="rss">'

    assert feed_links(page, "text/html", URL) == (
        FeedLink("https://chronicle.example/other/rss", "rss"),
    )


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\x00\xff<link",
        b"<link " * 50_000,
        b"<!--" * 100_000,
        b'<link rel="alternate"' + b" a" * 9_000 + b">",
    ],
)
def test_a_page_that_announces_nothing_gives_nothing(page: bytes) -> None:
    """Damage and repetition included."""
    assert feed_links(page, "text/html", URL) == ()


def test_usual_places_are_on_the_same_host() -> None:
    """Tried when a site announces nothing."""
    found = candidate_links("https://chronicle.example:8443/news/?x=1")

    assert FeedLink("https://chronicle.example:8443/feed/", "rss") in found
    assert FeedLink("https://chronicle.example:8443/sitemap.xml", "sitemap") in found
    assert all(link.url.startswith("https://chronicle.example:8443/") for link in found)
    assert candidate_links("file:///etc/passwd") == ()


def test_robots_txt_names_sitemaps() -> None:
    """Those for news first; comments, other lines and bad addresses are passed over."""
    robots = """User-agent: *
    Disallow: /
    Sitemap: https://chronicle.example/sitemap.xml
    SITEMAP:  /news-sitemap.xml  # latest
    Sitemap: ftp://chronicle.example/x
    # Sitemap: https://chronicle.example/old.xml"""

    assert [link.url for link in sitemap_lines(robots, "https://chronicle.example/robots.txt")] == [
        "https://chronicle.example/news-sitemap.xml",
        "https://chronicle.example/sitemap.xml",
    ]
