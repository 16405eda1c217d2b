"""A CDX server, the index of a Wayback Machine: what to ask it, and what it answers.

The protocol is that of the Internet Archive's server (`wayback-cdx-server`): captures by site and
time as a JSON list of lists or as lines of text, and behind the last one, after an empty list or
line, the key with which to go on where there is more. A capture's bytes, as they were received, are
at its `id_` address. https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, unquote_plus, urlencode

from transforms.urls import is_http

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
"""The columns asked for, in their order; the names are the server's."""

MAX_ROWS = 3000
"""Captures asked for at a time; the server keeps as many in one block of its index."""

_TIMESTAMP = re.compile(r"\d{14}", re.ASCII)
_REPLAY = re.compile(r"/web/(\d{14})id_/(https?:/.+)", re.ASCII | re.DOTALL)
_WANTED = ("statuscode:200", r"mimetype:(text/html|application/xhtml\+xml|text/plain)")


@dataclass(frozen=True, slots=True)
class CdxCapture:
    """One capture of the index. `captured_at` is UTC; `length` is bytes as stored, None if unknown."""

    urlkey: str
    captured_at: datetime
    url: str
    mime_type: str
    status_code: int | None
    digest: str
    length: int | None

    @property
    def timestamp(self) -> str:
        """The time as the archive writes it: YYYYMMDDhhmmss."""
        return self.captured_at.strftime("%Y%m%d%H%M%S")


@dataclass(frozen=True, slots=True)
class CdxAnswer:
    """What a server answered: captures, the key to go on with, and the rows that are none.

    `resume_key` is as it stands in the answer, encoded for an address; None at the end. `malformed`
    holds the beginnings of rows that cannot be read.
    """

    captures: tuple[CdxCapture, ...]
    resume_key: str | None
    malformed: tuple[str, ...]


def cdx_query(
    base_url: str,
    site: str,
    first: date,
    last: date,
    *,
    resume_key: str | None = None,
    limit: int = MAX_ROWS,
) -> str:
    """The address that asks for a site's pages captured from one day to another, both included.

    Args:
        base_url: Where the archive is, without the path of its index.
        site: A host, or a host and the beginning of a path; its subdomains count where it is a host.
        first: First day of capture.
        last: Last day of capture.
        resume_key: From the answer before, as it stood there.
        limit: How many captures to give at most.
    """
    parameters = [
        ("url", site),
        ("matchType", "prefix" if "/" in site else "domain"),
        ("from", first.strftime("%Y%m%d")),
        ("to", last.strftime("%Y%m%d")),
        ("output", "json"),
        ("fl", ",".join(FIELDS)),
        *(("filter", each) for each in _WANTED),
        ("limit", str(limit)),
        ("showResumeKey", "true"),
    ]
    if resume_key is not None:
        parameters.append(("resumeKey", unquote_plus(resume_key)))
    return f"{base_url.rstrip('/')}/cdx/search/cdx?{urlencode(parameters)}"


def parse_cdx(text: str) -> CdxAnswer | None:
    """Read an answer in either form, JSON or text; None where it is neither.

    An empty answer is one without captures. A row that cannot be read is told and left out.
    """
    stripped = text.strip()
    if stripped.startswith("["):
        rows = _json_rows(stripped)
        if rows is None:
            return None
    elif stripped.startswith("<"):  # a page with an error
        return None
    else:
        rows = [line.split(" ") if line.strip() else [] for line in text.strip("\n").split("\n")]
    return _answer(rows)


def replay_url(base_url: str, capture: CdxCapture) -> str:
    """Where the capture's bytes are, as they were received."""
    address = quote(capture.url, safe="/:?&=#%+,;@!$'()*[]~")
    return f"{base_url.rstrip('/')}/web/{capture.timestamp}id_/{address}"


def replayed(url: str) -> tuple[str, datetime] | None:
    """The address and the time of the capture that a replay's address stands for, None for others."""
    found = _REPLAY.search(url)
    at = None if found is None else _instant(found[1])
    if found is None or at is None:
        return None
    scheme, _, rest = found[2].partition(":")
    return f"{scheme}://{rest.lstrip('/')}", at


def _json_rows(text: str) -> list[list[str]] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return [
        [each if isinstance(each, str) else json.dumps(each) for each in row]
        if isinstance(row, list)
        else [json.dumps(row)]
        for row in found
    ]


def _answer(rows: Sequence[Sequence[str]]) -> CdxAnswer:
    columns: Sequence[str] = FIELDS
    if rows and set(rows[0]) <= set(FIELDS) and "timestamp" in rows[0]:
        columns, rows = rows[0], rows[1:]
    captures, malformed = [], []
    resume_key = None
    pending = iter(rows)
    for row in pending:
        if not row:
            resume_key = _key(pending)
            break
        capture = _capture(dict(zip(columns, row, strict=False)))
        if capture is None:
            malformed.append(" ".join(row)[:200])
        else:
            captures.append(capture)
    return CdxAnswer(tuple(captures), resume_key, tuple(malformed))


def _key(rows: Iterator[Sequence[str]]) -> str | None:
    """What stands behind the empty row."""
    return next((" ".join(row).strip() for row in rows if row), "") or None


def _capture(row: dict[str, str]) -> CdxCapture | None:
    at = _instant(row.get("timestamp", ""))
    url = row.get("original", "")
    if at is None or not is_http(url):
        return None
    return CdxCapture(
        urlkey=row.get("urlkey", ""),
        captured_at=at,
        url=url,
        mime_type=row.get("mimetype", ""),
        status_code=_number(row.get("statuscode", "")),
        digest=row.get("digest", ""),
        length=_number(row.get("length", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _instant(timestamp: str) -> datetime | None:
    if _TIMESTAMP.fullmatch(timestamp) is None:
        return None
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
