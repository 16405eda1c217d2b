"""What a feed or a sitemap said of an article where it named its address.

It is kept with the capture of the page, as `Declared.extra["entry"]`, and is the second word: feeds
shorten headlines, date what was changed anew and leave out authors. Where the page itself says nothing
it is the only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.records import Declared

KEY = "entry"


@dataclass(frozen=True, slots=True)
class FeedWord:
    """An entry's word, raw; absent is None or empty. `updated` is also a sitemap's `lastmod`."""

    headline: str | None = None
    published: str | None = None
    updated: str | None = None
    publisher: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def dates(self) -> tuple[tuple[str, str], ...]:
        """The times it states, as (source, raw) pairs of `transforms.dates`."""
        stated = (("entry", self.published), ("entry_modified", self.updated))
        return tuple((source, raw) for source, raw in stated if raw)


def feed_word(declared: Declared) -> FeedWord:
    """The word of the entry that led to a page; an empty one where none did."""
    said = declared.extra.get(KEY)
    if not isinstance(said, Mapping):
        return FeedWord()

    def text(*names: str) -> str | None:
        found = (said.get(name) for name in names)
        return next((value for value in found if isinstance(value, str) and value.strip()), None)

    def texts(name: str) -> tuple[str, ...]:
        values = said.get(name)
        found = values if isinstance(values, list | tuple) else ()
        return tuple(value for value in found if isinstance(value, str) and value.strip())

    return FeedWord(
        headline=text("headline"),
        published=text("published"),
        updated=text("updated", "lastmod"),
        publisher=text("publication"),
        language=text("language"),
        authors=texts("authors"),
        tags=texts("tags"),
    )
