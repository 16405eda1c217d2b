"""Changing `sources.toml`: in place, so that comments, order and what is not known to us stay."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from flows.errors import BadSources
from flows.settings import Settings
from flows.sources import read_source_list, sources_file
from transforms.source_lists import SourceSpec, parse_source_list, table_of
from transforms.subscriptions import slug_of
from transforms.urls import url_key

_HEADER = "# The sources wirecopy reads: `wirecopy sources --help`, or edit this file.\n"


def add_sources(settings: Settings, specs: Iterable[SourceSpec]) -> tuple[list[SourceSpec], int]:
    """Append sources to the file; returns those added, and how many were there already.

    A source whose address is there already, in whatever spelling, is not added again; one whose
    slug is taken by another address gets a number behind it.

    Raises:
        BadSources: The file cannot be read or written.
    """
    held = _sound(settings)
    slugs = {spec.slug for spec in held}
    keys = {url_key(spec.url) for spec in held}
    text = _read(sources_file(settings)) or _HEADER
    document = _parsed(text, sources_file(settings))
    if "source" not in document:
        document.append("source", tomlkit.aot())
    tables = document["source"]
    if not isinstance(tables, AoT):
        raise BadSources(f"{sources_file(settings)}: write each source as a table [[source]].")
    added: list[SourceSpec] = []
    known = 0
    for spec in specs:
        if url_key(spec.url) in keys:
            known += 1
            continue
        table = tomlkit.table()
        for key, value in {**table_of(spec), "slug": free_slug(spec, slugs)}.items():
            table.append(key, tomlkit.item(value))
        tables.append(table)
        stored = parse_source_list(tomlkit.dumps({"source": [table.unwrap()]}))
        added += stored.sources
        slugs.add(str(table["slug"]))
        keys.add(url_key(spec.url))
    if added:
        _write(sources_file(settings), tomlkit.dumps(document))
    return added, known


def remove_source(settings: Settings, slug: str) -> SourceSpec:
    """Take a source out of the file; what it brought stays in the tables.

    Raises:
        BadSources: There is none of that name.
    """
    found = next((spec for spec in _sound(settings) if spec.slug == slug), None)
    if found is None:
        raise BadSources(f"There is no source {slug!r}. `wirecopy sources list` shows them all.")
    path = sources_file(settings)
    document = _parsed(_read(path), path)
    tables = cast(AoT, document["source"])
    index = next(i for i, table in enumerate(tables) if cast(Table, table).get("slug") == slug)
    del tables[index]
    _write(path, tomlkit.dumps(document))
    return found


def export_toml(settings: Settings) -> str:
    """The text of the file, as it is."""
    return _read(sources_file(settings))


def free_slug(spec: SourceSpec, taken: set[str]) -> str:
    """The slug of a source, or one like it that nobody has."""
    return spec.slug if spec.slug not in taken else slug_of(spec.slug, spec.url, taken)


def _sound(settings: Settings) -> tuple[SourceSpec, ...]:
    """The sources of a file that is whole enough to be changed."""
    listed = read_source_list(settings)
    broken = [fault for fault in listed.faults if "is no TOML" in fault]
    if broken:
        raise BadSources(f"{broken[0]}. Mend the file first.")
    return listed.sources


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadSources(f"{path} cannot be read: {error}.") from error


def _parsed(text: str, path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise BadSources(f"{path} is no TOML: {error}. Mend the file first.") from error


def _write(path: Path, text: str) -> None:
    """Replace the file in one step: a reader sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadSources(f"{path} cannot be written: {error}.") from error
