"""What our own captures say in headers of their own, so that reading them gives what was landed.

`X-Wirecopy-Context` is what was known of a page beside its bytes, `X-Wirecopy-Via` the address that
redirected to it, `X-Wirecopy-Place` where the body of a revisit lies. A stranger's archive may hold
such headers too: whatever they say, it is read as data and within the data folder.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flows.archive import open_regular, utc_instant
from flows.archive.http_answers import parse_headers
from flows.readings import declared_of, zone_of
from transforms.decode import storable
from transforms.records import Declared

_OWN_PLACE = re.compile(r"(raw/\d{4}-\d{2}-\d{2}/[A-Za-z0-9][\w.-]{0,100}) (\d{1,15}) (\d{1,15})")
_OWN_FILE = re.compile(r"raw/\d{4}-\d{2}-\d{2}/[A-Za-z0-9][\w.-]{0,100}")
_MAX_HEADER = 1 << 16


@dataclass(frozen=True, slots=True)
class PageContext:
    """What was known of a page beside its bytes; `url` is its address, None for that of the record.

    `captured_at` is when another archive captured it, of which the record holds the copy.
    """

    url: str | None = None
    declared: Declared = field(default_factory=Declared)
    favor_precision: bool = False
    timezone: ZoneInfo | None = None
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A record in a file of the data folder."""

    path: Path
    offset: int


def page_context(headers: Mapping[str, str]) -> PageContext:
    """The context of a record, by its headers in lower case; an empty one for other archives."""
    via = storable(headers.get("x-wirecopy-via", "")) or None
    try:
        said = json.loads(headers.get("x-wirecopy-context", "{}"))
        json.dumps(said, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        said = {}
    if not isinstance(said, dict):
        said = {}
    url, declared, zone = said.get("url"), said.get("declared"), said.get("timezone")
    # Zone and precision stood beside what was declared before they were part of it.
    return PageContext(
        url=storable(url) if isinstance(url, str) else via,
        declared=declared_of(declared) if isinstance(declared, dict) else Declared(),
        favor_precision=said.get("favor_precision") is True,
        timezone=zone_of(zone) if isinstance(zone, str) else None,
        captured_at=utc_instant(said.get("captured_at")),
    )


def earlier_place(headers: Mapping[str, str], path: Path) -> Place | None:
    """Where the body of a revisit lies, None for what is none of ours.

    Args:
        headers: Of the record, by lower-case name.
        path: The file it stands in: `raw/DAY/FILE` of a data folder.
    """
    found = _OWN_PLACE.fullmatch(headers.get("x-wirecopy-place", ""))
    if found is None or headers.get("warc-type", "").lower() != "revisit" or len(path.parents) < 3:
        return None
    return Place(path.parents[2] / found[1], int(found[2]))


def is_own_place(file: str) -> bool:
    """Whether this is how our captures' files are named in `raw.pages`."""
    return _OWN_FILE.fullmatch(file) is not None


def own_headers(path: Path, offset: int) -> dict[str, str]:
    """The headers of the record at a place, by lower-case name; none where it cannot be read."""
    from flows.archive.gzip_members import Member  # noqa: PLC0415 - only for revisits

    try:
        with open_regular(path) as file:
            stream: BufferedReader[Any] = BufferedReader(Member(file, offset), _MAX_HEADER)
            head = stream.read(_MAX_HEADER).partition(b"\r\n\r\n")[0]
    except (OSError, EOFError, zlib.error):
        return {}
    return parse_headers(head.partition(b"\n")[2])
