"""Sources on this machine: where they lie, and what they say of the files in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from flows.archive import FileReading
from flows.settings import Settings
from flows.sources import read_sources
from flows.sources.tables import Source, is_polled, listed
from transforms.records import SourceDefaults


def place(settings: Settings, path: str) -> Path:
    """Where a source on disk is: its path is taken from the data folder."""
    written = Path(path)
    if path.startswith("~"):
        with suppress(RuntimeError):  # nobody of that name has a home
            written = written.expanduser()
    root = settings.home.absolute() / written
    try:
        return root.resolve()
    except (OSError, RuntimeError):  # links that lead in a circle
        return root


def with_source_defaults(
    settings: Settings, readings: Iterable[FileReading]
) -> Iterator[FileReading]:
    """Files with what the source they lie in says of all its articles.

    The innermost source counts, whichever way a file is read, so that what is made of it does not
    depend on who asks for it first.

    Raises:
        BadSources: The list of sources cannot be read.
    """
    inner_first = _inner_first(settings)
    for reading in readings:
        yield replace(reading, defaults=_defaults(reading.path, inner_first))


def defaults_of(settings: Settings, path: Path) -> SourceDefaults | None:
    """What the source a file lies in says of all its articles, None for nothing.

    Raises:
        BadSources: The list of sources cannot be read.
    """
    return _defaults(path, _inner_first(settings))


def _inner_first(settings: Settings) -> list[tuple[Path, Source]]:
    sources = map(listed, read_sources(settings))
    return sorted(
        ((place(settings, each.url), each) for each in sources if not is_polled(each)),
        key=lambda found: (-len(found[0].parts), found[1].slug),
    )


def _defaults(path: Path, inner_first: Iterable[tuple[Path, Source]]) -> SourceDefaults | None:
    holding = (each for root, each in inner_first if root == path or root in path.parents)
    source = next(holding, None)
    return source.defaults if source else None
