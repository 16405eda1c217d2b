"""Lists that come from elsewhere and go elsewhere: an address somebody adds, OPML, TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

from flows.errors import BadSources
from flows.settings import Settings
from flows.sources import read_source_list
from flows.sources.adding import Discovered, discover
from flows.sources.registry import add_sources, export_toml
from transforms.opml import read_opml, write_opml
from transforms.records import Rejection
from transforms.source_lists import (
    Kind,
    SourceList,
    SourceSpec,
    parse_source_list,
    parse_table,
    table_of,
)
from transforms.subscriptions import opml_of, slug_of, sources_of
from transforms.urls import url_key

MAX_FILE_BYTES = 20 << 20


@dataclass(frozen=True, slots=True)
class Added:
    """A source that was added, or was there already, and what is to be read there."""

    spec: SourceSpec
    found: Discovered
    is_new: bool = True

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            **table_of(self.spec),
            "added": self.is_new,
            "entries": self.found.entry_count,
            "announced": self.found.is_announced,
        }

    def sentence(self) -> str:
        """The same for a person."""
        if not self.is_new:
            return f"{self.spec.url} is there already, as {self.spec.slug!r}."
        what = f"the {self.spec.kind} {self.spec.url}"
        count = (
            ""
            if self.spec.kind == "page"
            else f", which holds {self.found.entry_count:,} entries now"
        )
        return f"Added {self.spec.slug!r}: {what}{count}. The next `wirecopy ingest` reads it."


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a list: sources added, those there already, and a sentence for each fault."""

    added: tuple[SourceSpec, ...]
    known_count: int
    faults: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The same as one JSON object."""
        return {
            "added": [spec.slug for spec in self.added],
            "known": self.known_count,
            "faults": list(self.faults),
        }

    def sentence(self) -> str:
        """The same for a person."""
        return f"{len(self.added):,} sources added, {self.known_count:,} were there already."


def add_found(settings: Settings, url: str, kind: str | None, wishes: Mapping[str, str]) -> Added:
    """Look at an address and add what is there to the list.

    Args:
        settings: Limits, contact and the data folder.
        url: As typed; without a scheme https is meant.
        kind: feed, sitemap or page, where that is known.
        wishes: Keys of `sources.toml`: slug, publisher, language, timezone, every.

    Raises:
        BadSources: Nothing that can be polled is there, or a wish is none that can be kept.
    """
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    taken = {spec.slug for spec in read_source_list(settings).sources}
    if (slug := wishes.get("slug")) in taken:
        raise BadSources(f"There is a source {slug!r} already; choose another --slug.")
    # Wishes are checked before anything is fetched.
    draft = {"slug": "draft", "url": address, "kind": kind or "feed", **wishes}
    _, faults = parse_table(draft)
    if faults:
        raise BadSources(f"Not added: {faults[0]}")
    found = discover(settings, address, cast("Kind | None", kind))
    named = {
        "slug": slug_of(wishes.get("publisher") or found.name or "", found.url, taken),
        "publisher": found.name,
        "language": found.language,
    }
    table = {key: value for key, value in named.items() if value} | dict(wishes)
    spec, faults = parse_table({**table, "url": found.url, "kind": found.kind})
    if spec is None or faults:
        # What a feed says of itself may be of no use; what a person said has been checked.
        bare = {"slug": named["slug"], **wishes, "url": found.url, "kind": found.kind}
        spec, faults = parse_table(bare)
    if spec is None or faults:
        raise BadSources(f"Not added: {faults[0]}")
    added, known = add_sources(settings, [spec])
    if known:
        held = next(s for s in read_source_list(settings).sources if _is_same(s, spec))
        return Added(held, found, is_new=False)
    return Added(added[0], found)


def import_file(settings: Settings, path: Path) -> Imported:
    """Add the sources of an OPML or TOML file, told apart by content.

    Raises:
        BadSources: The file cannot be read, or is neither.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadSources(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(content) > MAX_FILE_BYTES:
        raise BadSources(f"{path} is larger than {MAX_FILE_BYTES >> 20} MiB; nothing was added.")
    return _import(settings, _list_of(settings, content, str(path)))


def import_starter(settings: Settings) -> Imported:
    """Add the list of public news sources that comes with the program."""
    text = (files("seeds") / "sources.toml").read_text(encoding="utf-8")
    return _import(settings, parse_source_list(text, name="seeds/sources.toml"))


def export(settings: Settings, kind: str, output: Path | None) -> bytes:
    """The list as OPML or as TOML; also written to `output`, where one is given.

    Raises:
        BadSources: The list cannot be read, or the file not be written.
    """
    if kind == "toml":
        content = export_toml(settings).encode()
    else:
        content = write_opml(opml_of(read_source_list(settings).sources))
    if output is not None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise BadSources(f"{output} cannot be written: {error.strerror or error}.") from error
    return content


def _list_of(settings: Settings, content: bytes, name: str) -> SourceList:
    beginning = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        opml = read_opml(content, name=name)
        if isinstance(opml, Rejection):
            raise BadSources(f"{name} {opml.detail}; nothing was added.")
        taken = {spec.slug for spec in read_source_list(settings).sources}
        return sources_of(opml, taken=taken, name=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSources(f"{name} is neither OPML nor TOML: {error}; nothing was added.") from error
    listed = parse_source_list(text, name=name)
    if not listed.sources and listed.faults:
        raise BadSources(f"{listed.faults[0]} Nothing was added.")
    return listed


def _import(settings: Settings, listed: SourceList) -> Imported:
    added, known = add_sources(settings, listed.sources)
    return Imported(tuple(added), known, listed.faults)


def _is_same(one: SourceSpec, other: SourceSpec) -> bool:
    return url_key(one.url) == url_key(other.url)
