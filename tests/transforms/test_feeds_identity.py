"""Which entry is which, whatever flaps around it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.entries import Feed, FeedEntry
from transforms.feeds.identity import entry_aliases, entry_key, feed_sha256
from transforms.feeds.parse import parse_feed
from transforms.urls import url_key

SOURCE = "https://chronicle.example/rss"
ENTRY = FeedEntry(
    position=3,
    url="https://chronicle.example/news/ferry?id=4",
    guid="tag:chronicle.example,2026:4",
    guid_is_link=False,
    headline="The ferry is late",
    published_raw="Sun, 22 Nov 2026 08:00:00 GMT",
)


@pytest.mark.parametrize(
    "url",
    [
        "https://chronicle.example/news/ferry?id=4&utm_source=rss&utm_medium=feed",
        "https://chronicle.example/news/ferry?utm_campaign=x&id=4&fbclid=Y",
        "http://chronicle.example/news/ferry?id=4",
        "http://chronicle.example:80/news/ferry?id=4",
        "https://CHRONICLE.example/news/./ferry?id=4",
        "https://chronicle.example/news/%66erry?id=4#comments",
    ],
)
def test_spellings_of_the_link_are_one_key(url: str) -> None:
    """Trackers, scheme, port, case, escapes, fragment."""
    assert entry_key(SOURCE, replace(ENTRY, url=url)) == entry_key(SOURCE, ENTRY)


def test_the_key_is_the_comparable_address() -> None:
    """The one articles are known by, so that an entry and a page given by hand meet."""
    assert entry_key(SOURCE, ENTRY) == url_key(str(ENTRY.url))


@pytest.mark.parametrize(
    "changed",
    [
        {"guid": "https://chronicle.example/?p=4", "guid_is_link": True},
        {"guid": None},
        {"position": 17},
        {"headline": "The ferry is very late"},
        {"published_raw": "Sun, 22 Nov 2026 09:30:00 GMT"},
        {"summary_html": "<p>Other</p>", "content_html": "<p>Other</p>"},
    ],
)
def test_what_changes_beside_the_link_leaves_the_key(changed: dict[str, object]) -> None:
    """Guid, place, headline, time, text."""
    assert entry_key(SOURCE, replace(ENTRY, **changed)) == entry_key(SOURCE, ENTRY)


def test_another_address_is_another_entry() -> None:
    """Parameters that name a page count, and so does the case of the path."""
    for url in (
        "https://chronicle.example/news/ferry?id=5",
        "https://chronicle.example/News/ferry?id=4",
    ):
        assert entry_key(SOURCE, replace(ENTRY, url=url)) != entry_key(SOURCE, ENTRY)


def test_a_proxy_does_not_change_the_key() -> None:
    """A feed through a counter, and the feed itself, announce the same entries."""
    plain = "<item><link>https://chronicle.example/1</link></item>"
    counted = (
        "<item><link>http://feeds.example/~r/c/~3/xyz/</link><feedburner:origLink>"
        "https://chronicle.example/1?utm_source=feedburner</feedburner:origLink></item>"
    )
    space = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    keys = set()
    for entries in (plain, counted):
        text = f"<rss version='2.0' {space}><channel>{entries}</channel></rss>"
        feed = parse_feed(text.encode(), content_type="", url=SOURCE)
        assert isinstance(feed, Feed)
        keys.add(entry_key(SOURCE, feed.entries[0]))

    assert keys == {"https://chronicle.example/1"}


def test_an_entry_without_a_link_is_known_by_its_guid() -> None:
    """In its feed alone; a permalink is an address."""
    entry = replace(ENTRY, url=None)
    key = entry_key(SOURCE, entry)

    assert key.startswith("urn:wirecopy:entry:")
    assert (
        entry_key(SOURCE, replace(entry, headline="Other", published_raw=None, position=0)) == key
    )
    assert entry_key("https://elsewhere.example/rss", entry) != key
    assert entry_key(SOURCE, replace(entry, guid="5")) != key
    linked = replace(entry, guid="http://chronicle.example/4#x", guid_is_link=True)
    assert entry_key(SOURCE, linked) == "https://chronicle.example/4"


def test_an_entry_without_link_and_guid_is_known_by_headline_and_time() -> None:
    """And one that has nothing at all by its text."""
    entry = replace(ENTRY, url=None, guid=None)
    keys = {
        entry_key(SOURCE, each)
        for each in (
            entry,
            replace(entry, headline="Other"),
            replace(entry, published_raw="Mon, 23 Nov 2026 08:00:00 GMT"),
            replace(entry, headline="", published_raw=None, content_html="<p>a</p>"),
            replace(entry, headline="", published_raw=None, content_html="<p>b</p>"),
        )
    }

    assert len(keys) == 5
    assert entry_key(SOURCE, replace(entry, position=9, tags=("x",))) in keys


def test_a_source_may_change_its_scheme() -> None:
    """Guids stay scoped to the same source."""
    entry = replace(ENTRY, url=None)

    assert entry_key(SOURCE.replace("https", "http"), entry) == entry_key(SOURCE, entry)


def test_an_entry_is_recognised_when_its_link_changes() -> None:
    """The same guid with the same time, or with the same headline, is the same entry."""
    before = set(entry_aliases(SOURCE, [ENTRY])[0])
    moved = replace(ENTRY, url="https://chronicle.example/news/ferry-late-again")
    retimed = replace(moved, published_raw="Sun, 22 Nov 2026 09:00:00 GMT")
    renamed = replace(moved, headline="The ferry is late again")

    for entry in (moved, retimed, renamed):
        assert entry_key(SOURCE, entry) != entry_key(SOURCE, ENTRY)
        assert before & set(entry_aliases(SOURCE, [entry])[0])


def test_a_guid_used_again_is_not_recognised() -> None:
    """A feed that numbers its entries anew every day announces new articles."""
    other = replace(
        ENTRY,
        url="https://chronicle.example/news/harbour",
        headline="The harbour is closed",
        published_raw="Mon, 23 Nov 2026 08:00:00 GMT",
    )

    assert not set(entry_aliases(SOURCE, [ENTRY])[0]) & set(entry_aliases(SOURCE, [other])[0])


def test_what_fits_several_entries_is_an_alias_of_none() -> None:
    """Where a feed gives all its entries one guid and one time."""
    one = replace(ENTRY, headline="One", guid="0")
    two = replace(ENTRY, headline="Two", guid="0", url="https://chronicle.example/news/two")
    aliases = entry_aliases(SOURCE, [one, two])

    assert [len(each) for each in aliases] == [1, 1]
    assert not set(aliases[0]) & set(aliases[1])


def test_the_same_entry_twice_keeps_its_aliases() -> None:
    """A feed that repeats an entry has one entry."""
    assert (
        entry_aliases(SOURCE, [ENTRY, replace(ENTRY, position=4)])[0]
        == entry_aliases(SOURCE, [ENTRY])[0]
    )


@given(st.permutations(range(6)), st.integers(1, 6))
def test_keys_do_not_depend_on_order_or_window(order: list[int], window: int) -> None:
    """An entry has its key wherever it stands, whatever stands beside it."""
    entries = [
        replace(ENTRY, url=f"https://c.example/{n}" if n % 2 else None, guid=f"g{n}")
        for n in range(6)
    ]
    shown = [replace(entries[n], position=p) for p, n in enumerate(order[:window])]

    assert [entry_key(SOURCE, entry) for entry in shown] == [
        entry_key(SOURCE, entries[n]) for n in order[:window]
    ]


def test_a_digest_sees_what_entries_say() -> None:
    """Not their order nor the channel's clock, but every word of theirs."""
    other = replace(ENTRY, url="https://chronicle.example/2")
    feed = Feed(kind="rss", entries=(ENTRY, other))
    digest = feed_sha256(feed)

    assert feed_sha256(replace(feed, entries=(other, ENTRY), name="Made at 08:01")) == digest
    for changed in (
        replace(ENTRY, headline="x"),
        replace(ENTRY, content_html="x"),
        replace(ENTRY, updated_raw="x"),
    ):
        assert feed_sha256(replace(feed, entries=(changed, other))) != digest
