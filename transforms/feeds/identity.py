"""Which entry is which: keys that stay while a feed changes around the entry.

An entry is known by its article's address. Its guid is unique in its feed at best, changes when a
site changes its software, and is at worst the same for all; so it identifies only what has no
address, and otherwise serves to recognise an entry whose address has changed (`entry_aliases`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from transforms.feeds.entries import Feed, FeedEntry
from transforms.urls import is_http, url_key

_URN = "urn:wirecopy:entry:"


def entry_key(source_url: str, entry: FeedEntry) -> str:
    """The key under which an entry is known: the comparable address of its article.

    What flaps, and why the key stays:

    - trackers, a fragment, escapes, the case of the host: `transforms.urls.url_key` undoes them;
    - http or https: both give the key of https;
    - a proxy's link: `FeedEntry.url` is the original where the feed names it or the link holds it;
    - another guid with the same link: the guid is not looked at;
    - another place in the feed, another window of it, another title or time: not looked at.

    An entry without an address is known by its guid where that is one, else by its feed and its
    guid, else by its feed, headline and time (of nothing at all, by its text).

    Args:
        source_url: what the source is known by; keep giving the same, also when the feed has moved.
        entry: of that source.
    """
    if entry.url is not None:
        return _address_key(entry.url)
    if entry.guid is not None:
        if entry.guid_is_link and is_http(entry.guid):
            return _address_key(entry.guid)
        return _urn(source_url, "guid", entry.guid)
    if entry.headline or entry.published_raw:
        return _urn(source_url, "entry", entry.headline, entry.published_raw or "")
    return _urn(source_url, "text", entry.content_html or "", entry.summary_html or "")


def entry_aliases(source_url: str, entries: Sequence[FeedEntry]) -> tuple[tuple[str, ...], ...]:
    """For each entry the other keys by which it may have been met before, without its own.

    An entry whose link has changed is still the same where its guid stands with the same time or
    the same headline; the guid alone proves nothing, since feeds number their entries anew. So an
    alias is made of the guid and one of the two. One that fits several entries of the same feed,
    as where all guids and times are alike, is no alias of any.

    Args:
        source_url: as for `entry_key`.
        entries: those of one feed, read at one time.
    """
    own = [entry_key(source_url, entry) for entry in entries]
    found = [
        {alias for alias in _aliases(source_url, entry) if alias != key}
        for entry, key in zip(entries, own, strict=True)
    ]
    claimed = Counter(
        alias
        for alias, _ in {
            (alias, key) for aliases, key in zip(found, own, strict=True) for alias in aliases
        }
    )
    return tuple(
        tuple(sorted(alias for alias in aliases if claimed[alias] == 1)) for aliases in found
    )


def feed_sha256(feed: Feed) -> str:
    """A digest of what a feed says in its entries, whatever their order.

    Two bodies with the same digest announce the same: feeds print the time at which they were made,
    and a body that differs in that alone has not changed.
    """
    rows = sorted(
        json.dumps(
            [
                entry.url,
                entry.guid,
                entry.headline,
                entry.published_raw,
                entry.updated_raw,
                entry.summary_html,
                entry.content_html,
            ]
        )
        for entry in feed.entries
    )
    return hashlib.sha256("\n".join(rows).encode("ascii")).hexdigest()


def _aliases(source_url: str, entry: FeedEntry) -> set[str]:
    if entry.guid is None:
        return set()
    aliases = set()
    if entry.guid_is_link and is_http(entry.guid):
        aliases.add(_address_key(entry.guid))
    if entry.published_raw:
        aliases.add(_urn(source_url, "guid and time", entry.guid, entry.published_raw))
    if entry.headline:
        aliases.add(_urn(source_url, "guid and headline", entry.guid, entry.headline))
    return aliases


def _address_key(url: str) -> str:
    """The comparable address, with one scheme for both."""
    key = url_key(url)
    return f"https://{key.removeprefix('http://')}" if key.startswith("http://") else key


def _urn(source_url: str, *parts: str) -> str:
    text = json.dumps([_address_key(source_url), *parts])
    return _URN + hashlib.sha256(text.encode("ascii")).hexdigest()[:24]
