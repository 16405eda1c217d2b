"""Reading sitemaps: for pages and for news, indexes, text files, and what real ones get wrong."""

import gzip
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.records import Reason, Rejection
from transforms.sitemaps import Sitemap, SitemapEntry, parse_sitemap

URL = "https://chronicle.example/sitemaps/news.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://chronicle.example/a?x=1&amp;y=2 </loc><lastmod>2026-11-22</lastmod>
<n:news><n:publication><n:name>The Chronicle</n:name><n:language>pt-br</n:language></n:publication>
<n:publication_date>2026-11-22T08:00:00-03:00</n:publication_date>
<n:title><![CDATA[Balsa & "porto"]]></n:title></n:news>
<image:image><image:loc>https://chronicle.example/i.jpg</image:loc><image:title>No</image:title></image:image>
</url><url><loc>/b</loc><changefreq>daily</changefreq></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>https://chronicle.example/2026-11.xml.gz</loc>
<lastmod>2026-11-22T08:00:00+00:00</lastmod></sitemap>
<sitemap><loc>https://chronicle.example/2026-10.xml.gz</loc></sitemap></sitemapindex>"""
TWO = "<url><loc>https://c.example/1</loc></url><url><loc>https://c.example/2</loc></url>"


def sitemap_of(text: str | bytes, content_type: str = "") -> Sitemap:
    """The sitemap these bytes are."""
    payload = text if isinstance(text, bytes) else text.encode()
    found = parse_sitemap(payload, url=URL, content_type=content_type)
    assert isinstance(found, Sitemap), found
    return found


def test_a_news_sitemap_is_read_whole() -> None:
    """Whatever prefix it uses; an image's address and title are not the article's."""
    assert sitemap_of(NEWS) == Sitemap(
        kind="urlset",
        entries=(
            SitemapEntry(
                position=0,
                url="https://chronicle.example/a?x=1&y=2",
                lastmod_raw="2026-11-22",
                headline='Balsa & "porto"',
                published_raw="2026-11-22T08:00:00-03:00",
                publication="The Chronicle",
                language="pt-br",
            ),
            SitemapEntry(position=1, url="https://chronicle.example/b"),
        ),
    )


def test_an_index_names_sitemaps() -> None:
    """With the times of their last change."""
    found = sitemap_of(INDEX)

    assert found.kind == "index"
    assert [(entry.url, entry.lastmod_raw) for entry in found.entries] == [
        ("https://chronicle.example/2026-11.xml.gz", "2026-11-22T08:00:00+00:00"),
        ("https://chronicle.example/2026-10.xml.gz", None),
    ]


@pytest.mark.parametrize(
    "payload",
    [
        gzip.compress(NEWS.encode()),
        gzip.compress(NEWS[:300].encode()) + gzip.compress(NEWS[300:].encode()),
        NEWS.replace("UTF-8", "utf-16").encode("utf-16"),
        b"\xef\xbb\xbf" + NEWS.encode(),
        ("\n " + NEWS).encode(),
        NEWS.replace("The", "<!-- & -->The").encode(),
        NEWS.replace("<n:", "<news:").replace("</n:", "</news:").encode(),
        NEWS.replace("xmlns", "data").encode(),
    ],
)
def test_forms_of_one_sitemap_are_one(payload: bytes) -> None:
    """Compressed, in two members, in UTF-16, with a mark, after blank lines, without name spaces."""
    assert sitemap_of(payload).entries == sitemap_of(NEWS).entries


def test_the_charset_of_the_header_counts() -> None:
    """Where the bytes are no UTF-8."""
    text = NEWS.replace("Balsa", "Барка").replace(' encoding="UTF-8"', "")
    found = sitemap_of(text.encode("cp1251"), "text/xml; charset=windows-1251")

    assert found.entries[0].headline == 'Барка & "porto"'


def test_a_text_sitemap_is_a_line_for_each_address() -> None:
    """What is no address is kept as an entry without one, so that it is counted."""
    found = sitemap_of("https://c.example/1\r\n\nhttps://c.example/2\nnonsense\n", "text/plain")

    assert [entry.url for entry in found.entries] == [
        "https://c.example/1",
        "https://c.example/2",
        None,
    ]
    assert found.malformed == "1 of its lines are no addresses"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (
            "<urlset><url><loc>https://c.example/?a=1&b=2&copy=3</loc></url></urlset>",
            ["https://c.example/?a=1&b=2&copy=3"],
        ),
        (f"<urlset>{TWO}<url><loc>https://c.exam", ["https://c.example/1", "https://c.example/2"]),
        (f"<urlset>\x0b{TWO}</urlset>", ["https://c.example/1", "https://c.example/2"]),
        (f"<urlset>{TWO}</urlset><p>", ["https://c.example/1", "https://c.example/2"]),
    ],
)
def test_faults_of_real_sitemaps_are_mended(text: str, urls: list[str]) -> None:
    """Bare ampersands, a missing end, forbidden characters, something after the end; and noted."""
    found = sitemap_of(text)

    assert [entry.url for entry in found.entries] == urls
    assert found.malformed


@pytest.mark.parametrize(
    ("loc", "url"),
    [
        ("", None),
        ("mailto:a@c.example", None),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://c.example/x#part", "https://c.example/x"),
        (f"https://c.example/{'x' * 9_000}", None),
        ("https://[::1", None),
    ],
)
def test_only_web_addresses_count(loc: str, url: str | None) -> None:
    """An entry without a usable address is an entry all the same."""
    found = sitemap_of(f"<urlset><url><loc>{loc}</loc></url></urlset>")

    assert found.entries == (SitemapEntry(0, url),)


def test_entries_beyond_the_cap_are_counted() -> None:
    """In XML and in text."""
    lines = [f"https://c.example/{n}" for n in range(30)]
    xml = "".join(f"<url><loc>{line}</loc></url>" for line in lines)
    for payload in (f"<urlset>{xml}</urlset>".encode(), "\n".join(lines).encode()):
        found = parse_sitemap(payload, url=URL, max_entries=7, content_type="text/plain")
        assert isinstance(found, Sitemap)
        assert ([entry.url for entry in found.entries], found.dropped_count) == (lines[:7], 23)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"<html><body>404</body></html>", Reason.UNSUPPORTED_TYPE),
        (b"<rss><channel/></rss>", Reason.UNSUPPORTED_TYPE),
        (b"%PDF-1.7", Reason.BINARY),
        (b"<urlset><url><loc>https://c.exam", Reason.UNREADABLE),
        (gzip.compress(NEWS.encode())[:-12], Reason.TRUNCATED),
        (b"<urlset>" + b" " * 52_428_800, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_sitemap_is_a_reason(payload: bytes, reason: Reason) -> None:
    """And never an empty one."""
    found = parse_sitemap(payload, url=URL)

    assert isinstance(found, Rejection)
    assert (found.url, found.reason) == (URL, reason)


def test_an_empty_sitemap_is_a_sitemap() -> None:
    """A site may have nothing new."""
    assert sitemap_of("<urlset></urlset>") == Sitemap("urlset")


def test_results_cross_process_borders() -> None:
    """Plain values."""
    for found in (sitemap_of(NEWS), parse_sitemap(b"", url=URL)):
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - just made here


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<urlset>", NEWS.encode()[:600], b"\x1f\x8b\x08"]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_value(noise: bytes, start: bytes) -> None:
    """A sitemap or a rejection, and what it holds can be stored."""
    found = parse_sitemap(start + noise, url=URL)

    assert isinstance(found, Sitemap | Rejection)
    f"{found}".encode()
