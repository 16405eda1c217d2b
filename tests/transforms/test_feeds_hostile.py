"""Feeds, sitemaps and lists built to do harm end soon, in little memory, with a reason."""

import gzip
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from transforms.feeds.entries import Feed
from transforms.feeds.parse import parse_feed
from transforms.opml import read_opml
from transforms.records import Reason, Rejection
from transforms.sitemaps import Sitemap, parse_sitemap

ROOT = Path(__file__).parents[2]
URL = "https://chronicle.example/rss"
CPU_S = 20.0
"""Generous: each takes a second or two alone on this machine; the quadratic ones took minutes."""

MEMORY_BYTES = 300 << 20

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>'
MANY = " ".join(f'a{n}="1"' for n in range(100_000))


def rss(entries: str, before: str = "") -> bytes:
    """A feed with these entries."""
    return f"{before}<rss version='2.0'><channel><title>C</title>{entries}</channel></rss>".encode()


def blowup(length: int, references: int) -> str:
    """One long entity, referred to again and again."""
    return f'<!DOCTYPE rss [<!ENTITY a "{"x" * length}">]>', "&a;" * references


LONG, REFERENCES = blowup(9_000, 100_000)

FEEDS = {
    "billion laughs": rss("<item><title>&l11;</title></item>", LAUGHS),
    "billion laughs, ill-formed": rss("<item>& <title>&l11;</title></item>", LAUGHS),
    "quadratic blowup": rss(f"<item><title>{REFERENCES}</title></item>", LONG),
    "quadratic blowup in an attribute": rss(f'<item><link href="{REFERENCES}"/></item>', LONG),
    "quadratic blowup, ill-formed": rss(f"<item>& <title>{REFERENCES}</title></item>", LONG),
    "parameter entities": rss(
        "<item><title>T</title></item>",
        f'<!DOCTYPE rss [<!ENTITY % a "{"x" * 9_000}"><!ENTITY % b "{"%a;" * 1_000}"> %b;]>',
    ),
    "100,000 attributes": rss(f"<item {MANY}/>"),
    "100,000 attributes, ill-formed": rss(f"<item><title>x & y</title><link {MANY}/></item>"),
    "100,000 name spaces": rss(
        "<item " + " ".join(f'xmlns:n{n}="http://n.example/{n}"' for n in range(100_000)) + "/>"
    ),
    "100,000 elements in one another": rss(
        "<item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>"
    ),
    "10,000 open elements": rss("<item>& " + "<a>" * 10_000),
    "10,000 categories": rss(
        "<item>" + "".join(f"<category>c{n}</category>" for n in range(10_000)) + "</item>"
    ),
    "100,000 declarations": rss("<item><description>x & " + "<!DOCTYPE " * 100_000),
    "open comments": rss("<item><description>x & " + "<!--" * 200_000),
    "escaped comments": rss(f"<item><description>{'&lt;!--' * 200_000}</description></item>"),
    "100,000 lesser-than signs": rss("<item>" + "<" * 100_000),
    "100,000 ampersands": rss("<item><title>" + "&" * 100_000),
    "gzip bomb": gzip.compress(b"<rss>" + b" " * 200_000_000),
}
SITEMAPS = {
    "billion laughs": FEEDS["billion laughs"].replace(b"rss", b"urlset").replace(b"item", b"url"),
    "quadratic blowup": FEEDS["quadratic blowup"].replace(b"rss", b"urlset"),
    "100,000 attributes": f"<urlset><url {MANY}/></urlset>".encode(),
    "100,000 elements in one another": b"<urlset>" + b"<url>" * 100_000,
    "ampersands": b"<urlset><url><loc>" + b"&" * 2_000_000,
    "gzip bomb": gzip.compress(b"<urlset>" + b" " * 200_000_000),
}


LOOP = """
import pickle, resource, sys, time
from transforms.feeds.parse import parse_feed
from transforms.sitemaps import parse_sitemap

calls = {
    "feed": lambda payload: parse_feed(payload, content_type="application/xml", url=sys.argv[1]),
    "sitemap": lambda payload: parse_sitemap(payload, url=sys.argv[1]),
}
calls["feed"](b"<rss><channel><item/></channel></rss>")  # what is imported once is no bomb's
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
while True:
    kind, payload = pickle.load(sys.stdin.buffer)
    began = time.process_time()
    found = calls[kind](payload)
    used = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    pickle.dump((found, used, grown), sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""

Survive = Callable[[str, bytes], object]


@pytest.fixture(scope="module")
def survived() -> Iterator[Survive]:
    """Calls a parser in a process of its own, and checks the time and memory it took.

    Memory is the most that process ever had: of all bombs together.
    """
    command = [sys.executable, "-c", LOOP, URL]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def call(kind: str, payload: bytes) -> object:
            pickle.dump((kind, payload), asked)
            asked.flush()
            found, used, grown = pickle.load(answers)  # noqa: S301 - our own process
            assert used < CPU_S
            assert grown < MEMORY_BYTES
            return found

        yield call
        process.kill()


def as_feed(payload: bytes) -> Feed | Rejection:
    """Of a well-known address."""
    return parse_feed(payload, content_type="application/xml", url=URL)


def as_sitemap(payload: bytes) -> Sitemap | Rejection:
    """As above."""
    return parse_sitemap(payload, url=URL)


@pytest.mark.parametrize("name", FEEDS)
def test_a_hostile_feed_ends_within_bounds(survived: Survive, name: str) -> None:
    """In a value: a reason, or what is left of the feed."""
    found = survived("feed", FEEDS[name])

    assert isinstance(found, Feed | Rejection)
    if isinstance(found, Rejection):
        assert found.reason in {Reason.TOO_LARGE, Reason.UNREADABLE}
    else:
        assert len(found.entries) <= 1


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_hostile_sitemap_ends_within_bounds(survived: Survive, name: str) -> None:
    """In a reason."""
    found = survived("sitemap", SITEMAPS[name])

    assert isinstance(found, Rejection)
    assert found.reason in {Reason.TOO_LARGE, Reason.UNREADABLE}


@pytest.mark.parametrize(
    "name",
    [
        "billion laughs",
        "quadratic blowup",
        "quadratic blowup in an attribute",
        "100,000 attributes",
        "100,000 attributes, ill-formed",
        "100,000 name spaces",
        "100,000 elements in one another",
        "gzip bomb",
    ],
)
def test_a_bomb_is_called_one(name: str) -> None:
    """`too_large`, and not an empty feed."""
    found = as_feed(FEEDS[name])

    assert isinstance(found, Rejection)
    assert found.reason is Reason.TOO_LARGE


def test_a_hundred_thousand_entries_are_counted(survived: Survive) -> None:
    """In a feed and in a sitemap; kept are as many as the cap says."""
    many = rss("".join(f"<item><title>T{n}</title></item>" for n in range(100_000)))
    feed = survived("feed", many)
    addresses = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(100_000))
    sitemap = survived("sitemap", f"<urlset>{addresses}</urlset>".encode())

    assert isinstance(feed, Feed)
    assert (len(feed.entries), feed.dropped_count) == (1_000, 99_000)
    assert isinstance(sitemap, Sitemap)
    assert (len(sitemap.entries), sitemap.dropped_count) == (50_000, 50_000)


def test_nothing_is_loaded_from_outside() -> None:
    """External entities and DTDs stand for nothing, in feeds, sitemaps and OPML."""
    declared = (
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY f SYSTEM "file:///etc/passwd">'
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>'
    )
    feed = as_feed(rss("<item><title>A&f;B</title></item>", declared))
    sitemap = as_sitemap(
        f"{declared.replace('rss', 'urlset')}<urlset><url><loc>https://a.example/&f;</loc>"
        "</url></urlset>".encode()
    )

    assert isinstance(feed, Feed)
    assert feed.entries[0].headline == "AB"
    assert isinstance(sitemap, Sitemap)
    assert sitemap.entries[0].url == "https://a.example/"


@pytest.mark.parametrize(
    "payload",
    [
        FEEDS["billion laughs"].replace(b"rss", b"opml"),
        f"<opml><body><outline {MANY}/></body></opml>".encode(),
        b"<opml><body>" + b"<outline>" * 100_000,
    ],
)
def test_a_hostile_list_is_refused(payload: bytes) -> None:
    """Files that people import come from elsewhere too."""
    found = read_opml(payload)

    assert isinstance(found, Rejection)
    assert found.reason is Reason.TOO_LARGE
