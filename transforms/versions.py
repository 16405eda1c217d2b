"""Versions of an article: the texts it has had, read off all captures of it.

A capture that shows the text of the one before it is the same version. What counts as text are the
words of its prose: a new caption, another list of related links, "Updated 3 minutes ago" or a
counter make no version. What the versions are depends on the set of captures alone, so a capture
that arrives late takes its place among them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from transforms.lines.volatile import settled
from transforms.plaintext import prose_spans


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture of an article: when it was taken, the body it showed and the text that counts."""

    fetched_at: datetime
    page_id: str
    headline: str
    body_sha256: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A text of an article, numbered from 1, and the first capture that showed it."""

    version_no: int
    first: Sighting


def in_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Captures by time; those of one instant by page id, so that the order is always the same."""
    return sorted(sightings, key=lambda sighting: (sighting.fetched_at, sighting.page_id))


def text_digest(body: str, prose: tuple[tuple[int, int], ...] | None = None) -> str:
    """SHA-256 of the words of a body that make a version, hexadecimal; a function of the body alone.

    Quotation marks and dashes count in one spelling. A body that is no prose counts whole.

    Args:
        body: the text, one paragraph a line.
        prose: what `prose_spans(body)` gives, where that is at hand.
    """
    spans = prose_spans(body) if prose is None else prose
    lines = [settled(body[start:end]) for start, end in spans]
    text = "\n".join(line for line in lines if line) or body
    return hashlib.sha256(text.encode()).hexdigest()


def versions(sightings: Iterable[Sighting]) -> list[Version]:
    """The versions these captures show, oldest first."""
    found: list[Version] = []
    text = None
    for sighting in in_order(sightings):
        if sighting.text_sha256 != text:
            text = sighting.text_sha256
            found.append(Version(len(found) + 1, sighting))
    return found
