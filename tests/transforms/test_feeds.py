"""Reading feeds: every dialect gives the same records, and form faults cost nothing."""

import gzip
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dates import read_date
from transforms.feeds.entries import Feed, FeedEntry
from transforms.feeds.parse import MAX_FEED_BYTES, parse_feed
from transforms.feeds.sniffing import sniff
from transforms.records import Reason, Rejection

URL = "https://chronicle.example/news/rss"
REAL = Path(__file__).parents[2] / "../shared/eval/feeds"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Port Alder &amp;amp; Harbour</title><link>/</link><language>en-GB</language>
<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="rss"/>
<ttl>60</ttl><skipHours><hour>1</hour><hour>2</hour><hour>24</hour></skipHours>
<skipDays><day>Saturday</day><day>Sunday</day></skipDays>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<item><title>Ferry &lt;b&gt;late&lt;/b&gt; &amp;#8220;again&amp;#8221;</title><link>/news/ferry#top</link>
<guid isPermaLink="false">77</guid><pubDate>Sun, 22 Nov 2026 08:00:00 CET</pubDate>
<dc:creator>Jane Doe</dc:creator><dc:creator>John Roe</dc:creator><category>Town</category>
<description>Short &lt;i&gt;words&lt;/i&gt;</description>
<content:encoded><![CDATA[<p>The whole text.</p>]]></content:encoded>
<media:title>A picture</media:title><media:description>A ferry in the fog</media:description></item>
</channel></rss>"""


def feed_of(text: str | bytes, content_type: str = "application/xml", url: str = URL) -> Feed:
    """The feed these bytes are."""
    payload = text if isinstance(text, bytes) else text.encode()
    found = parse_feed(payload, content_type=content_type, url=url)
    assert isinstance(found, Feed), found
    return found


def rejection_of(payload: bytes, content_type: str = "application/xml") -> Rejection:
    """Why these bytes are no feed."""
    found = parse_feed(payload, content_type=content_type, url=URL)
    assert isinstance(found, Rejection), found
    assert found.url == URL
    return found


def only(feed: Feed) -> FeedEntry:
    """The one entry of a feed."""
    (entry,) = feed.entries
    return entry


def rss(entries: str, channel: str = "") -> str:
    """A feed with these entries."""
    return f'<rss version="2.0"><channel><title>C</title>{channel}{entries}</channel></rss>'


def test_an_rss_entry_is_read_whole() -> None:
    """Text before teaser, times as written, names in order, a caption is no summary."""
    assert only(feed_of(RSS)) == FeedEntry(
        position=0,
        url="https://chronicle.example/news/ferry",
        guid="77",
        guid_is_link=False,
        headline="Ferry late “again”",
        published_raw="Sun, 22 Nov 2026 08:00:00 CET",
        authors=("Jane Doe", "John Roe"),
        tags=("Town",),
        summary_html="Short <i>words</i>",
        content_html="<p>The whole text.</p>",
        content_type="text/html",
    )


def test_what_the_channel_says_is_kept() -> None:
    """Every skipHours value, not only the last; 24 is midnight; the hub for WebSub."""
    feed = feed_of(RSS)

    assert feed == Feed(
        kind="rss",
        name="Port Alder & Harbour",
        site_url="https://chronicle.example/",
        self_url="https://chronicle.example/news/rss",
        language="en-GB",
        ttl_minutes=60,
        skip_hours=frozenset({0, 1, 2}),
        skip_days=frozenset({5, 6}),
        update_every_s=1_800,
        hub_urls=("https://hub.example/",),
        entries=feed.entries,
    )


def test_a_zone_name_is_not_swallowed() -> None:
    """Feedparser takes CET for GMT: the raw string says 07:00 UTC."""
    published = read_date(only(feed_of(RSS)).published_raw or "", "declared")

    assert published is not None
    assert (published.at.hour, published.offset_minutes) == (7, 60)


def test_an_atom_entry_is_read_whole() -> None:
    """xml:base counts at each level; xhtml loses its wrapping; labels before terms."""
    text = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="http://b.example/d/">
    <title type="html">X &amp;amp; Y</title><link rel="alternate" href="."/>
    <entry xml:base="e/"><id>tag:b.example,2026:1</id><title>Eins</title>
    <link rel="replies" type="text/html" href="replies"/><link href="one.html"/>
    <published>2026-11-21T08:00:00Z</published><updated>2026-11-22T08:00:00Z</updated>
    <author><name>Anna</name><email>anna@b.example</email></author>
    <summary>1 &lt; 2</summary><category term="t" label="Thema"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Ganz &amp; gar</p></div></content>
    </entry></feed>"""
    feed = feed_of(text)

    assert (feed.kind, feed.name, feed.language) == ("atom", "X & Y", "de")
    assert feed.site_url == "http://b.example/d/"
    assert only(feed) == FeedEntry(
        position=0,
        url="http://b.example/d/e/one.html",
        guid="tag:b.example,2026:1",
        guid_is_link=False,
        headline="Eins",
        published_raw="2026-11-21T08:00:00Z",
        updated_raw="2026-11-22T08:00:00Z",
        authors=("Anna",),
        tags=("Thema",),
        summary_html="<p>1 &lt; 2</p>",
        content_html="<p>Ganz &amp; gar</p>",
        content_type="application/xhtml+xml",
    )


def test_an_rdf_feed_is_read() -> None:
    """RSS 1.0: entries beside the channel, dc:date is when it was published."""
    feed = feed_of(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="http://r.example/"><title>R</title><link>http://r.example/</link></channel>
        <item rdf:about="http://r.example/1"><title>one</title><link>http://r.example/1</link>
        <dc:date>2026-11-22T08:00+01:00</dc:date></item></rdf:RDF>"""
    )
    entry = only(feed)

    assert (feed.kind, entry.url, entry.guid) == ("rdf", "http://r.example/1", "http://r.example/1")
    assert entry.published_raw == "2026-11-22T08:00+01:00"


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94", "2.0", "", "9.9"])
def test_every_rss_version_is_read(version: str) -> None:
    """What stands in `version` decides nothing."""
    text = rss("<item><title>T</title><link>http://r.example/1</link></item>")
    feed = feed_of(text.replace('"2.0"', f'"{version}"'))

    assert (feed.kind, only(feed).headline) == ("rss", "T")


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "J",
    "home_page_url": "/",
    "feed_url": "feed.json",
    "language": "pt-BR",
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "items": [
        {
            "id": 12,
            "url": "/a",
            "title": " A\n b ",
            "content_text": "One < two\n\nThree",
            "summary": "S",
            "date_published": "2026-11-22T08:00:00-03:00",
            "date_modified": "2026-11-22T09:00:00-03:00",
            "authors": [{"name": "Zé"}, {"url": "https://x.example"}],
            "tags": ["x", "x", 7],
        },
        {"id": "https://j.example/b", "author": {"name": "Old"}, "content_html": "<p>B</p>"},
        {"id": "c", "external_url": "https://other.example/c"},
        "nonsense",
    ],
}


def test_a_json_feed_is_read() -> None:
    """Versions 1.0 and 1.1, numbers for ids, plain text as paragraphs."""
    feed = feed_of(json.dumps(JSON_FEED), "application/json")

    assert (feed.kind, feed.name, feed.language) == ("json", "J", "pt-BR")
    assert feed.site_url == "https://chronicle.example/"
    assert feed.self_url == "https://chronicle.example/news/feed.json"
    assert feed.hub_urls == ("https://hub.example/",)
    assert feed.malformed == "1 of its entries are no objects"
    first, second, third, fourth = feed.entries
    assert first == FeedEntry(
        position=0,
        url="https://chronicle.example/a",
        guid="12",
        guid_is_link=False,
        headline="A b",
        published_raw="2026-11-22T08:00:00-03:00",
        updated_raw="2026-11-22T09:00:00-03:00",
        authors=("Zé",),
        tags=("x", "7"),
        summary_html="<p>S</p>",
        content_html="<p>One &lt; two</p><p>Three</p>",
        content_type="text/plain",
    )
    assert (second.url, second.authors) == ("https://j.example/b", ("Old",))
    assert third.url == "https://other.example/c"
    assert (fourth.url, fourth.guid) == (None, None)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"version":"https://jsonfeed.org/version/1","items":[', Reason.INVALID_JSON),
        (
            b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000,
            Reason.INVALID_JSON,
        ),
        (b'{"version":"https://jsonfeed.org/version/1","items":{}}', Reason.UNREADABLE),
        (b'{"version":"https://jsonfeed.org/version/1"}', Reason.UNREADABLE),
        (b'{"anything": "else"}', Reason.UNSUPPORTED_TYPE),
    ],
)
def test_bad_json_is_a_reason(payload: bytes, reason: Reason) -> None:
    """Cut, nested without end, without entries, or no feed."""
    assert rejection_of(payload).reason is reason


@pytest.mark.parametrize(
    ("content_type", "declared", "codec"),
    [
        ("text/xml; charset=windows-1251", "UTF-8", "cp1251"),
        ("application/rss+xml; charset=koi8-r", "windows-1251", "koi8_r"),
        ("text/xml", "windows-1251", "cp1251"),
        ("text/html", "utf-8", "utf-8"),
        ("application/xml", "utf-16", "utf-16"),
        ("application/xml", "utf-16", "utf-16-le"),
    ],
)
def test_the_charset_of_the_header_counts(content_type: str, declared: str, codec: str) -> None:
    """Before the one in the XML declaration; the latter where the header has none."""
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(
        "<item><title>Москва</title></item>"
    )

    assert only(feed_of(text.encode(codec), content_type)).headline == "Москва"


@pytest.mark.parametrize(
    "text",
    [
        rss("<item><title>Fish & chips</title><link>http://r.example/1?a=1&b=2</link></item>"),
        rss("<item><title>Fish & chips</title><link>http://r.example/1?a=1&b=2</link><p></item>"),
        rss("<item><title>Fish &amp; chips</title><link>http://r.example/1?a=1&b=2</link>")[:-16],
        rss(
            "<item><title>Fish &amp; chips</title><ns:x>y</ns:x>\n<link>http://r.example/1?a=1&amp;b=2</link></item>"
        ),
    ],
)
def test_an_ill_formed_feed_is_read(text: str) -> None:
    """Bare ampersands, missing ends, undeclared prefixes: noted, and read."""
    feed = feed_of(text)

    assert feed.malformed
    assert only(feed).headline.startswith("Fish & chips")
    assert only(feed).url == "http://r.example/1?a=1&b=2"


def test_a_feed_that_was_cut_off_loses_no_whole_entry() -> None:
    """And the entry that was cut has no half address."""
    whole = "".join(
        f"<item><title>T{n}</title><link>http://r.example/{n}</link></item>" for n in range(5)
    )
    feed = feed_of(rss(whole + "<item><title>T5</title><link>http://r.exa")[:-16])

    assert [entry.url for entry in feed.entries[:5]] == [f"http://r.example/{n}" for n in range(5)]
    assert [entry.url for entry in feed.entries[5:]] in ([], [None])


@pytest.mark.parametrize(
    "before",
    ["\n\n ", "\ufeff", "<br />\n<b>Warning</b>: no cache in x.php\n", "Notice: x\n", "\x00\x08"],
)
def test_what_stands_before_a_feed_does_no_harm(before: str) -> None:
    """Blank lines, a byte order mark, a warning that some program printed."""
    text = f'{before}<?xml version="1.0"?>' + rss("<item><title>T &amp; U</title></item>")

    assert only(feed_of(text, "text/html")).headline == "T & U"


def test_entities_of_html_are_read_in_xml() -> None:
    """`&nbsp;` and `&eacute;` are declared nowhere and mean what they mean in HTML."""
    feed = feed_of(rss("<item><title>Caf&eacute;&nbsp;&unknown;</title></item>"))

    assert only(feed).headline == "Café &unknown;"
    assert feed.malformed is None


def test_characters_that_xml_forbids_are_left_out() -> None:
    """A form feed in a headline does not cost the feed."""
    feed = feed_of(rss("<item><title>A\x0cB\x0b</title></item><item><title>C</title></item>"))

    assert [entry.headline for entry in feed.entries] == ["AB", "C"]
    assert feed.malformed


@pytest.mark.parametrize(
    ("entry", "url", "is_link"),
    [
        ("<guid>https://r.example/1</guid>", "https://r.example/1", True),
        ("<guid isPermaLink='true'>https://r.example/1</guid>", "https://r.example/1", True),
        ("<guid isPermaLink='FALSE'>https://r.example/1</guid>", None, False),
        ("<guid>12345</guid>", None, False),
        (
            "<guid>https://r.example/1</guid><link>https://r.example/2</link>",
            "https://r.example/2",
            True,
        ),
        ("<link>https://r.example/2</link><guid>x</guid>", "https://r.example/2", False),
        ("<link>mailto:a@b.example</link>", None, False),
        ("<link>javascript:alert(1)</link>", None, False),
        ("<link></link><link>/3</link>", "https://chronicle.example/3", False),
        ("<link> \n /4?a=1&amp;b=2 \n</link>", "https://chronicle.example/4?a=1&b=2", False),
        ("<link>//cdn.example/5</link>", "https://cdn.example/5", False),
        (f"<link>https://r.example/{'x' * 9_000}</link>", None, False),
    ],
)
def test_a_guid_is_an_address_only_where_it_says_so_and_is_one(
    entry: str,
    url: str | None,
    is_link: bool,  # noqa: FBT001 - a table
) -> None:
    """And an address only http or https, resolved against where the feed was found."""
    found = only(feed_of(rss(f"<item><title>T</title>{entry}</item>")))

    assert (found.url, found.guid_is_link) == (url, is_link)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (
            "<link>http://p.example/~r/1</link><feedburner:origLink>https://r.example/1</feedburner:origLink>",
            "https://r.example/1",
        ),
        (
            "<link>https://www.google.com/url?rct=j&amp;url=https://r.example/1&amp;usg=AB</link>",
            "https://r.example/1",
        ),
        (
            "<link>http://www.bing.com/news/apiclick.aspx?aid=1&amp;url=https%3a%2f%2fr.example%2f1</link>",
            "https://r.example/1",
        ),
        (
            "<link>https://www.google.com/url?q=nothing</link>",
            "https://www.google.com/url?q=nothing",
        ),
        (
            "<link>https://r.example/url?url=https://x.example/</link>",
            "https://r.example/url?url=https://x.example/",
        ),
    ],
)
def test_the_address_behind_a_proxy_is_found(link: str, url: str) -> None:
    """Where the feed names the original, or a known forwarder carries it."""
    text = rss(f"<item>{link}</item>").replace(
        "<rss ", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    )

    assert only(feed_of(text)).url == url


def test_entries_beyond_the_cap_are_counted() -> None:
    """In well-formed, ill-formed and JSON feeds alike."""
    entries = "".join(f"<item><title>T{n}</title></item>" for n in range(30))
    for text in (rss(entries), rss(entries.replace("T3<", "T & 3<"))):
        found = parse_feed(text.encode(), content_type="", url=URL, max_entries=7)
        assert isinstance(found, Feed)
        assert ([entry.position for entry in found.entries], found.dropped_count) == (
            [*range(7)],
            23,
        )
    found = parse_feed(json.dumps(JSON_FEED).encode(), content_type="", url=URL, max_entries=1)
    assert isinstance(found, Feed)
    assert (len(found.entries), found.dropped_count) == (1, 3)


def test_headlines_are_one_line_of_plain_text() -> None:
    """Tags, scripts and entities of entities are undone; a lesser-than sign is none of these."""
    titles = {
        "A &lt;br/&gt; B": "A B",
        "5 &lt; 6 and 7 &gt; 2": "5 < 6 and 7 > 2",
        "AT&amp;amp;T": "AT&T",
        "&lt;script&gt;steal()&lt;/script&gt;Safe &lt;i&gt;x&lt;/i&gt;": "Safe x",
        "<![CDATA[Rock &#8217;n&#8217; roll]]>": "Rock ’n’ roll",
        "a\n\n  b\tc": "a b c",
    }
    feed = feed_of(rss("".join(f"<item><title>{title}</title></item>" for title in titles)))

    assert [entry.headline for entry in feed.entries] == list(titles.values())


def test_a_feed_without_entries_is_a_feed() -> None:
    """Well-formed and empty: nothing is wrong."""
    assert feed_of(rss("")) == Feed(kind="rss", name="C")


@pytest.mark.parametrize(
    ("payload", "content_type", "reason"),
    [
        (b"", "application/rss+xml", Reason.EMPTY),
        (b" \n", "application/rss+xml", Reason.EMPTY),
        (b"<!DOCTYPE html><html><p>503</p></html>", "application/rss+xml", Reason.UNSUPPORTED_TYPE),
        (
            b"<urlset><url><loc>http://a.example/</loc></url></urlset>",
            "text/xml",
            Reason.UNSUPPORTED_TYPE,
        ),
        (b"%PDF-1.7 ...", "application/rss+xml", Reason.BINARY),
        (b"Not found", "text/plain", Reason.UNSUPPORTED_TYPE),
        (b"<rss><channel><title>x & y", "text/xml", Reason.UNREADABLE),
        (b"<rss>" + b" " * MAX_FEED_BYTES, "text/xml", Reason.TOO_LARGE),
        (gzip.compress(b"<rss>" + b" " * MAX_FEED_BYTES, mtime=0), "text/xml", Reason.TOO_LARGE),
        (gzip.compress(RSS.encode(), mtime=0)[:-9], "text/xml", Reason.TRUNCATED),
    ],
)
def test_what_is_no_feed_is_a_reason(payload: bytes, content_type: str, reason: Reason) -> None:
    """Never an empty success: an error page is not a feed in which nothing is new."""
    assert rejection_of(payload, content_type).reason is reason


def test_a_gzip_file_is_opened() -> None:
    """Where the server sends the file and not the coding."""
    assert feed_of(gzip.compress(RSS.encode(), mtime=0), "application/gzip") == feed_of(RSS)


def test_everything_crosses_process_borders() -> None:
    """Arguments and results are plain values."""
    for found in (feed_of(RSS), rejection_of(b"")):
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - just made here


@pytest.mark.parametrize(
    ("payload", "content_type", "expected"),
    [
        (RSS.encode(), "text/html", "feed"),
        (
            b"<?xml version='1.0'?><!-- <html> --><feed xmlns='http://www.w3.org/2005/Atom'/>",
            "",
            "feed",
        ),
        (b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>", "text/html", "feed"),
        (json.dumps(JSON_FEED).encode(), "text/plain", "feed"),
        (gzip.compress(RSS.encode(), mtime=0), "application/x-gzip", "feed"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", "text/html", "sitemap"),
        (b"<ns:sitemapindex>", "", "sitemap"),
        (b"https://a.example/1\nhttps://a.example/2\n", "text/plain", "sitemap"),
        (gzip.compress(b"<urlset></urlset>", mtime=0), "", "sitemap"),
        (b"<!doctype HTML><title>RSS</title>", "application/rss+xml", "page"),
        (b"<p>Use <code>&lt;rss></code></p>", "text/html", "page"),
        (b"<html><body><rss-reader></rss-reader></body></html>", "application/xml", "page"),
        (b"<rdf:RDF xmlns:foaf='http://xmlns.com/foaf/0.1/'/>", "application/rdf+xml", "other"),
        (b"\x89PNG\r\n\x1a\n", "application/rss+xml", "other"),
        (b"", "text/html", "other"),
        (b"Hello", "text/plain", "other"),
        (b'{"a": 1}', "application/json", "other"),
    ],
)
def test_a_payload_is_told_by_its_content(payload: bytes, content_type: str, expected: str) -> None:
    """What the header declares is not asked."""
    assert sniff(payload, content_type) == expected


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"<rss>", b"<feed>", RSS.encode()[:900], b"{"])
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_value(noise: bytes, start: bytes) -> None:
    """A feed or a rejection, whatever the bytes; and what it holds can be stored."""
    found = parse_feed(start + noise, content_type="text/xml", url=URL)

    assert isinstance(found, Feed | Rejection)
    if isinstance(found, Feed):
        for entry in found.entries:
            f"{entry}".encode()
            assert "\x00" not in entry.headline


_TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cc", "Cs"],
        # What was encoded twice ("Ã©" for "é") is repaired, so it does not come back as written.
        exclude_characters="\ufffe\uffff" + "".join(map(chr, range(0x80, 0x100))),
    ),
    min_size=1,
    max_size=40,
)


@given(st.lists(_TEXT, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_atom_text_comes_back_as_written(headlines: list[str]) -> None:
    """Of type text: whatever the words, but for the space between them."""
    from xml.sax.saxutils import escape  # noqa: PLC0415 - here alone

    text = "".join(
        f"<entry><title type='text'>{escape(each)}</title></entry>" for each in headlines
    )
    feed = feed_of(f"<feed xmlns='http://www.w3.org/2005/Atom'>{text}</feed>")

    assert [e.headline for e in feed.entries] == [" ".join(each.split()) for each in headlines]


@pytest.mark.eval
@pytest.mark.skipif(not REAL.is_dir(), reason="the real feeds beside the repository are absent")
def test_real_feeds_are_read_as_feedparser_reads_them() -> None:
    """The same number of entries and, but for a few, the same addresses and names."""
    import io  # noqa: PLC0415 - with feedparser, here alone

    import feedparser  # noqa: PLC0415 - slow, here alone

    seen = same = 0
    for path in sorted(REAL.glob("*.gz"))[:40]:
        payload = gzip.decompress(path.read_bytes())
        if len(payload) > 120_000:
            continue
        found = parse_feed(payload, content_type="application/xml", url=URL)
        theirs = feedparser.parse(
            io.BytesIO(payload),
            response_headers={"content-location": URL, "content-type": "application/xml"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        if isinstance(found, Rejection):
            assert not theirs.entries
            continue
        assert len(found.entries) == len(theirs.entries)
        pairs = [
            (ours.url, entry.link.partition("#")[0].strip())
            for ours, entry in zip(found.entries, theirs.entries, strict=True)
            if " " not in entry.get("link", " ")  # one feed writes words into its ids
        ]
        seen += len(pairs)
        same += sum(ours == link for ours, link in pairs)
    assert seen > 300
    assert same > 0.99 * seen


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("ada@post.example (Ada Example)", ("Ada Example",)),
        ("Ada Example &lt;ada@post.media&gt;", ("Ada Example",)),
        ("Ada Example, ada@post.online", ("Ada Example",)),
        ("ada@post.example", ()),
        (
            "a@b.example (Ada Example)</author><author>c@d.example (Bob Roe)",
            ("Ada Example", "Bob Roe"),
        ),
    ],
)
def test_an_author_is_no_part_of_an_address(author: str, names: tuple[str, ...]) -> None:
    """RSS gives an address with a name in parentheses; its last part may have any length."""
    item = f"<item><title>A</title><link>http://a.example/</link><author>{author}</author></item>"
    payload = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>".encode()

    found = parse_feed(payload, content_type="", url="http://a.example/f", max_entries=10)

    assert isinstance(found, Feed)
    assert found.entries[0].authors == names
