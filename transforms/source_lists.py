"""`sources.toml`: which sources to read, as a file that people edit.

    [[source]]
    slug = "port-alder-chronicle"
    publisher = "Port Alder Chronicle"
    url = "https://chronicle.example/rss"
    kind = "feed"
    language = "en"
    timezone = "Europe/London"
    every = "30m"

`slug`, `url` and `kind` must be there. A fault costs its table and gives one sentence; the other
tables count. Keys that are not known are kept, for whoever wrote them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from transforms.urls import is_http

Kind = Literal["feed", "sitemap", "page", "folder", "warc"]
KINDS: tuple[str, ...] = get_args(Kind)
REMOTE = frozenset({"feed", "sitemap", "page"})

MIN_EVERY_S = 900
MAX_EVERY_S = 30 * 86_400

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_EVERY = re.compile(r"([0-9]{1,6})\s*(s|m|min|h|d|w)")
_UNITS_S = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as somebody wished for it.

    Attributes:
        slug: its short name, unique in the list: small letters, digits, hyphens.
        url: http(s) for a feed, sitemap or page; a path for a folder or WARC file.
        kind: what there is to read.
        publisher: who publishes it; None leaves it to what its pages say.
        language: of its articles, where they do not say ("pt-BR").
        timezone: of its times that name none ("America/Sao_Paulo").
        every: how often to poll it ("30m", "2h", "1d"); None adapts to what it brings.
        enabled: whether it is read at all.
        favor_precision: whether extraction should rather leave text out than take too much.
        max_entries: how many entries to take of one reading; None for the default.
        extra: keys that are not known, as they are.
    """

    slug: str
    url: str
    kind: Kind
    publisher: str | None = None
    language: str | None = None
    timezone: str | None = None
    every: str | None = None
    enabled: bool = True
    favor_precision: bool = False
    max_entries: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def every_s(self) -> int | None:
        """`every` in seconds."""
        return None if self.every is None else duration_s(self.every)


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources of a file, and one sentence for each fault in it."""

    sources: tuple[SourceSpec, ...] = ()
    faults: tuple[str, ...] = ()


def parse_source_list(text: str, *, name: str = "sources.toml") -> SourceList:
    """Read the text of a `sources.toml`; never raises.

    Args:
        text: of the file.
        name: what to call the file in a fault.
    """
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return SourceList(faults=(f"{name} is no TOML: {error}",))
    tables = said.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return SourceList(faults=(f"{name}: write each source as a table [[source]].",))
    found: dict[str, SourceSpec] = {}
    faults = [
        f'{name}: "{key}" is not known at the top; a source begins with [[source]].'
        for key in said
        if key not in {"source", "version"}
    ]
    for number, table in enumerate(tables, 1):
        spec, wrong = parse_table(table)
        where = f"{name}: source {number}"
        slug = table.get("slug")
        where += f' ("{slug}")' if isinstance(slug, str) else ""
        if spec is not None and spec.slug in found:
            wrong = ['its "slug" stands above already; give it another.']
        faults += [f"{where}: {fault}" for fault in wrong]
        if spec is not None and not wrong:
            found[spec.slug] = spec
    return SourceList(tuple(found.values()), tuple(faults))


def duration_s(every: str) -> int | None:
    """The seconds of "30m", "2h", "1d", within a quarter of an hour and thirty days, or None."""
    match = _EVERY.fullmatch(every.strip().lower())
    seconds = int(match[1]) * _UNITS_S[match[2]] if match else 0
    return seconds if MIN_EVERY_S <= seconds <= MAX_EVERY_S else None


def table_of(spec: SourceSpec) -> dict[str, object]:
    """A source as a table of `sources.toml`: its keys in their usual order, defaults left out."""
    known = {
        "slug": spec.slug,
        "publisher": spec.publisher,
        "url": spec.url,
        "kind": spec.kind,
        "language": spec.language,
        "timezone": spec.timezone,
        "every": spec.every,
        "enabled": None if spec.enabled else False,
        "favor_precision": spec.favor_precision or None,
        "max_entries": spec.max_entries,
    }
    return {key: value for key, value in known.items() if value is not None} | dict(spec.extra)


def parse_table(table: Mapping[str, object]) -> tuple[SourceSpec | None, list[str]]:
    """A table of the file as a source, and what is wrong with it: one sentence for each key."""
    faults = [
        f'"{key}" is {_shown(table[key])}; {rule}'
        for key, (fits, rule) in _RULES.items()
        if key in table and not fits(table[key])
    ]
    faults += [f'"{key}" is missing; {_RULES[key][1]}' for key in _NEEDED if key not in table]
    if faults:
        return None, faults
    values = {key: value for key, value in table.items() if key in _RULES}
    extra = {key: value for key, value in table.items() if key not in _RULES}
    spec = SourceSpec(**values, extra=extra)  # type: ignore[arg-type]  # each was checked by its rule
    if spec.kind in REMOTE and not is_http(spec.url):
        return spec, [f'"url" is {_shown(spec.url)}; a {spec.kind} needs an http(s) address.']
    return spec, []


_NEEDED = ("slug", "url", "kind")


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else f"{value}"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 80 and _SLUG.fullmatch(value) is not None


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_language(value: object) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def is_timezone(value: object) -> bool:
    """Whether this names a time zone of the IANA data base."""
    if not isinstance(value, str) or not value:
        return False
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        return False
    return True


_RULES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "slug": (
        _is_slug,
        'write a short name of small letters, digits and hyphens, such as "port-alder-chronicle".',
    ),
    "publisher": (_is_line, "write the publisher's name."),
    "url": (_is_line, "write the address of the feed, sitemap or page, or the path of the folder."),
    "kind": (lambda value: value in KINDS, f"write one of {', '.join(KINDS)}."),
    "language": (_is_language, 'write a language code, such as "en" or "pt-BR".'),
    "timezone": (is_timezone, 'write a time zone such as "Europe/Lisbon".'),
    "every": (
        lambda value: isinstance(value, str) and duration_s(value) is not None,
        'write a time between "15m" and "30d", such as "30m", "2h" or "1d".',
    ),
    "enabled": (lambda value: isinstance(value, bool), "write true or false."),
    "favor_precision": (lambda value: isinstance(value, bool), "write true or false."),
    "max_entries": (
        lambda value: type(value) is int and 1 <= value <= 100_000,
        "write a number from 1 to 100000.",
    ),
}
"""What each known key must be, and how to say so."""
