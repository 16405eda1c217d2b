"""Versions of an article: the texts it has had, read off all captures of it.

A capture that shows the text of the one before it is the same version. What the versions are
depends on the set of captures alone, so a capture that arrives late takes its place among them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture of an article: when it was taken and the text it showed."""

    fetched_at: datetime
    page_id: str
    headline: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A text of an article, numbered from 1, and the first capture that showed it."""

    version_no: int
    first: Sighting


def in_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Captures by time; those of one instant by page id, so that the order is always the same."""
    return sorted(sightings, key=lambda sighting: (sighting.fetched_at, sighting.page_id))


def versions(sightings: Iterable[Sighting]) -> list[Version]:
    """The versions these captures show, oldest first."""
    found: list[Version] = []
    text = None
    for sighting in in_order(sightings):
        if sighting.body_sha256 != text:
            text = sighting.body_sha256
            found.append(Version(len(found) + 1, sighting))
    return found
