"""What a backfill is asked to do, and whether it can be done at all.

`checked` is the first thing that looks at a request, wherever it comes from: the command line, a
form, an API. It writes nothing, so a wrong request leaves no trace but its one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args

from flows.backfill.origins import Origin, known_origins
from flows.errors import BadRequest
from flows.settings import Settings
from transforms.urls import is_http

Archive = Literal["landed", "sitemap", "warc", "wayback"]

ARCHIVES: tuple[Archive, ...] = get_args(Archive)
EARLIEST = date(1995, 1, 1)
"""No article is published before the web; the check `times_sane` says the same."""

_WARC_SUFFIXES = (".warc", ".warc.gz")


@dataclass(frozen=True, slots=True)
class BackfillRequest:
    """A range of days to load from an archive; both ends belong to it.

    Args:
        since: First day of publication (UTC).
        until: Last day of publication (UTC).
        sources: Slugs of the sources wanted; none means all an archive has.
        archive: Where to look: `landed` (our own captures), `sitemap` (the sources' sitemaps),
            `warc` (files, or Common Crawl's news archive) or `wayback` (the Wayback Machine).
        paths: WARC files and folders of them for `warc`, addresses of sitemaps for `sitemap`.
        dry_run: Say what would be done and what it costs, and write nothing.
        force: Do what was done before once more.
    """

    since: date
    until: date
    sources: tuple[str, ...] = ()
    archive: Archive = "landed"
    paths: tuple[str, ...] = ()
    dry_run: bool = False
    force: bool = False

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object, for the row of the run."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "sources": list(self.sources),
            "archive": self.archive,
            "paths": list(self.paths),
            "dry_run": self.dry_run,
            "force": self.force,
        }


def checked(settings: Settings, request: BackfillRequest, *, today: date) -> BackfillRequest:
    """The request with its sources and paths in one spelling, each once, if it can be done.

    Args:
        settings: Where the data is.
        request: What was asked for.
        today: The day it is, in UTC.

    Raises:
        BadRequest: It cannot; one sentence says why. Nothing was written.
    """
    check_days(request.since, request.until, today=today)
    if request.archive not in ARCHIVES:
        raise BadRequest(f"There is no archive {request.archive!r}; choose {_listed(ARCHIVES)}.")
    sources = tuple(dict.fromkeys(request.sources))
    known = known_origins(settings) if sources else {}
    for slug in sources:
        if slug not in known:
            raise BadRequest(_unknown(slug, known))
    paths = tuple(dict.fromkeys(request.paths))
    if request.archive == "warc":
        paths = _files(paths)
        if not paths and not sources:
            raise BadRequest(
                "The news archive of Common Crawl holds thousands of publishers: name at least one "
                "source, or give WARC files by their paths."
            )
    elif request.archive == "sitemap":
        if wrong := next((path for path in paths if not is_http(path)), None):
            raise BadRequest(f"{wrong!r} is no address of a sitemap; it must begin with http.")
    elif paths:
        raise BadRequest(
            f"Paths do not go with the archive {request.archive!r}; they name WARC files for 'warc' "
            "or sitemaps for 'sitemap'."
        )
    if request.archive in {"sitemap", "wayback"} and not sources:
        raise BadRequest(
            f"The archive {request.archive!r} is searched by source: name one or more."
        )
    return replace(request, sources=sources, paths=paths)


def check_days(since: date | None, until: date | None, *, today: date) -> None:
    """See that a range of days is one; None leaves an end open.

    Raises:
        BadRequest: It is not.
    """
    if since is not None and until is not None and until < since:
        raise BadRequest(f"The range ends before it begins: {since} to {until}.")
    last = today + timedelta(days=1)  # it is tomorrow already somewhere
    for day in (since, until):
        if day is not None and day > last:
            raise BadRequest(f"{day} lies in the future; today is {today}.")
        if day is not None and day < EARLIEST:
            raise BadRequest(
                f"{day} lies before the web; the first day there can be is {EARLIEST}."
            )


def origins_of(settings: Settings, request: BackfillRequest) -> list[Origin]:
    """The sources of a checked request."""
    known = known_origins(settings) if request.sources else {}
    return [known[slug] for slug in request.sources]


def _files(paths: Sequence[str]) -> tuple[str, ...]:
    found = []
    for path in map(Path, paths):
        if not _exists(path):
            raise BadRequest(f"There is no file or folder {str(path)!r}.")
        if path.is_file() and not path.name.lower().endswith(_WARC_SUFFIXES):
            raise BadRequest(
                f"{str(path)!r} is no WARC file; its name must end in .warc or .warc.gz."
            )
        found.append(str(path.absolute()))
    return tuple(dict.fromkeys(found))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # not to be entered, or no name a file can have
        return False


def _unknown(slug: str, known: dict[str, Origin]) -> str:
    close = get_close_matches(slug, known, n=3)
    if close:
        return f"There is no source {slug!r}; did you mean {_listed(close)}?"
    if not known:
        return f"There is no source {slug!r}; none is known yet, `wirecopy sources add` adds one."
    return f"There is no source {slug!r}; `wirecopy sources list` shows the {len(known)} there are."


def _listed(names: Sequence[str]) -> str:
    quoted = [repr(str(name)) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
