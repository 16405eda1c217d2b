"""The sources a backfill may be asked for, and which pages are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.settings import Settings
from flows.sources import read_sources
from flows.sources.tables import Source, listed
from transforms.urls import same_site


@dataclass(frozen=True, slots=True)
class Origin:
    """A source of the registry as a backfill sees it: where its pages come from."""

    source: Source

    @property
    def source_id(self) -> str:
        """Its id in `sources`."""
        return self.source.source_id

    @property
    def url(self) -> str:
        """Its address."""
        return self.source.url

    @property
    def kind(self) -> str:
        """What there is to read: feed, sitemap, page, folder, warc."""
        return self.source.kind

    def has(self, url: str) -> bool:
        """Whether a page at this address is of this source: it lies on the same site."""
        return same_site(self.url, url)


def known_origins(settings: Settings) -> dict[str, Origin]:
    """The sources of the registry by slug; none where nothing was set up yet.

    Raises:
        BadSources: The registry cannot be read.
    """
    return {spec.slug: Origin(listed(spec)) for spec in read_sources(settings)}


def origin_of(url: str, origins: Sequence[Origin]) -> Origin | None:
    """The first of these sources that has a page at this address, None where none has."""
    return next((origin for origin in origins if origin.has(url)), None)
