"""The agencies as data: `seeds/agencies.csv` read into tables of names, codes and domains."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

COLUMNS = (
    "agency_id",
    "name",
    "other_names",
    "codes",
    "domains",
    "countries",
    "languages",
    "sign_offs",
    "note",
)
_LISTS = COLUMNS[2:8]
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,40}")
_SHAPES = {
    "domains": re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    "countries": re.compile(r"[A-Z]{2}"),
    "languages": re.compile(r"[a-z]{2,3}"),
}
_TOKEN = re.compile(r"[^\W_]+")
_FIRST_UNSPACED = "\u2e80"  # Han, kana and Hangul: a name may stand inside a run of letters
_UNSPACED_CHAR = re.compile(f"[{_FIRST_UNSPACED}-\U0010ffff]")
_LONGEST_SLOT = 80


@dataclass(frozen=True, slots=True)
class Agency:
    """One news agency. `sign_offs` are groups of words that all occur, in order, in a closing line
    that only this agency writes ("Reporting by", "Editing by").
    """

    agency_id: str
    name: str
    other_names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sign_offs: tuple[tuple[str, ...], ...] = ()
    note: str = ""


class _Spelling(NamedTuple):
    text: str
    folded: str
    agency_id: str
    is_code: bool


class Hit(NamedTuple):
    """An agency's name or code in a text. `as_spelt` tells a name in its own capitals."""

    start: int
    end: int
    agency_id: str
    is_code: bool
    as_spelt: bool


@dataclass(frozen=True, slots=True)
class AgencyRules:
    """The agencies and what to recognise them by. Built by `parse_agencies`; picklable."""

    agencies: tuple[Agency, ...]
    _names: Mapping[str, str] = field(repr=False)  # case-folded name -> agency_id
    _codes: Mapping[str, str] = field(repr=False)  # code, in its own case -> agency_id
    _domains: Mapping[str, str] = field(repr=False)
    _by_first: Mapping[str, tuple[_Spelling, ...]] = field(repr=False)  # lower-cased first word
    _unspaced: tuple[_Spelling, ...] = field(repr=False)
    _signing: tuple[Agency, ...] = field(repr=False)

    def at_host(self, host: str | None) -> str | None:
        """The agency whose own site a host is, None for any other."""
        labels = (host or "").lower().rstrip(".").split(".")[-6:]
        candidates = (self._domains.get(".".join(labels[n:])) for n in range(len(labels) - 1))
        return next((agency_id for agency_id in candidates if agency_id), None)

    def named(self, text: str) -> str | None:
        """The agency a whole text names: a code in its own case, a name in any."""
        text = text.strip()
        if len(text) > _LONGEST_SLOT:
            return None
        return self._codes.get(text) or self._names.get(text.casefold())

    def within(self, text: str) -> str | None:
        """The agency named anywhere in a short text of a script without spaces; a code, such as 共同,
        which is also a word, only at its end.
        """
        for one in self._unspaced:
            if text.endswith(one.text) if one.is_code else one.text in text:
                return one.agency_id
        return None

    def find(self, text: str) -> list[Hit]:
        """Every name, in any case, and every code standing as a word in a text, ascending.

        The longest name at a place wins: "Australian Associated Press" is not the Associated Press.
        """
        hits: list[Hit] = []
        end = 0
        if self._by_first.keys().isdisjoint(_TOKEN.findall(text.lower())):
            return self._find_unspaced(text, hits)
        for token in _TOKEN.finditer(text):
            spellings = self._by_first.get(token[0].lower())
            if not spellings or token.start() < end:
                continue
            for one in spellings:
                stop = token.start() + len(one.text)
                part = text[token.start() : stop]
                if part.lower() != one.folded or (one.is_code and part != one.text):
                    continue
                if stop < len(text) and text[stop].isalnum():
                    continue
                spelt = part in {one.text, one.text.upper()}
                hits.append(Hit(token.start(), stop, one.agency_id, one.is_code, spelt))
                end = stop
                break
        return self._find_unspaced(text, hits)

    def _find_unspaced(self, text: str, hits: list[Hit]) -> list[Hit]:
        if text.isascii() or not _UNSPACED_CHAR.search(text):
            return hits
        for one in self._unspaced:
            at = text.find(one.text)
            if at >= 0 and not any(hit.start <= at < hit.end for hit in hits):
                hits.append(Hit(at, at + len(one.text), one.agency_id, one.is_code, as_spelt=True))
        return sorted(hits)

    def signed(self, line: str) -> list[str]:
        """The agencies whose closing formula a line is."""
        if len(line) > 600:
            return []
        return [
            agency.agency_id
            for agency in self._signing
            if any(_in_order(line, group) for group in agency.sign_offs)
        ]


def _in_order(line: str, group: tuple[str, ...]) -> bool:
    """Whether all words of a group stand in a line in order, the first near its beginning, and what
    follows the first is a name: "Its reporting by satellite was cut" signs nothing.
    """
    at = 0
    folded = line.lower()
    for n, words in enumerate(group):
        found = folded.find(words, at)
        if found < 0 or (n == 0 and found > 24):
            return False
        at = found + len(words)
        if n == 0 and all(word[0].islower() for word in line[at:].split()[:2]):
            return False
    return bool(group)


def parse_agencies(csv_text: str) -> AgencyRules:
    """Read the agencies table.

    Args:
        csv_text: the CSV, with its header line; several values in a cell are parted by ";".

    Raises:
        ValueError: the table is malformed; the message names the line and what is wrong there.
    """
    reader = csv.reader(io.StringIO(csv_text.removeprefix("\ufeff")), strict=True)
    agencies: dict[str, Agency] = {}
    taken: dict[str, str] = {}
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise ValueError(f"agencies.csv line 1: the header must be {','.join(COLUMNS)}")
        for row in reader:
            if not any(row):
                continue
            where = f"agencies.csv line {reader.line_num}"
            agency = _parse_row(row, where)
            if agency.agency_id in agencies:
                raise ValueError(f"{where}: agency_id {agency.agency_id!r} is used twice")
            names = map(str.casefold, (agency.name, *agency.other_names))
            for key in (*names, *agency.codes, *agency.domains):
                owner = taken.setdefault(key, agency.agency_id)
                if owner != agency.agency_id:
                    raise ValueError(f"{where}: {key!r} already belongs to {owner!r}")
            agencies[agency.agency_id] = agency
    except csv.Error as error:
        raise ValueError(f"agencies.csv line {reader.line_num}: {error}") from error
    return _index(tuple(agencies[agency_id] for agency_id in sorted(agencies)))


def _parse_row(row: list[str], where: str) -> Agency:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{where}: {len(row)} cells, but the header has {len(COLUMNS)}")
    cells = dict(zip(COLUMNS, (cell.strip() for cell in row), strict=True))
    lists = {
        column: tuple(part.strip() for part in cells[column].split(";") if part.strip())
        for column in _LISTS
    }
    if not _SLUG.fullmatch(cells["agency_id"]):
        raise ValueError(
            f"{where}: agency_id {cells['agency_id']!r} must be lower-case letters, digits and _"
        )
    if not cells["name"]:
        raise ValueError(f"{where}: the name is empty")
    for column, shape in _SHAPES.items():
        for value in lists[column]:
            if not shape.fullmatch(value):
                raise ValueError(f"{where}: {value!r} does not look right in {column}")
    groups = (group.split("+") for group in lists["sign_offs"])
    return Agency(
        agency_id=cells["agency_id"],
        name=cells["name"],
        other_names=lists["other_names"],
        codes=lists["codes"],
        domains=lists["domains"],
        countries=lists["countries"],
        languages=lists["languages"],
        sign_offs=tuple(tuple(words.strip().lower() for words in group) for group in groups),
        note=cells["note"],
    )


def _index(agencies: tuple[Agency, ...]) -> AgencyRules:
    names = [
        (name, a.agency_id) for a in agencies for name in dict.fromkeys((a.name, *a.other_names))
    ]
    codes = [(code, a.agency_id) for a in agencies for code in a.codes]
    spellings = [
        _Spelling(name, name.lower(), agency_id, is_code=False) for name, agency_id in names
    ]
    spellings += [
        _Spelling(code, code.lower(), agency_id, is_code=True) for code, agency_id in codes
    ]
    spellings.sort(key=lambda one: (-len(one.text), one.is_code, one.text))
    by_first: dict[str, tuple[_Spelling, ...]] = {}
    for one in spellings:
        first = _TOKEN.match(one.folded.removeprefix("the "))
        if first and not one.folded.startswith("the ") and one.text[0] < _FIRST_UNSPACED:
            by_first[first[0]] = (*by_first.get(first[0], ()), one)
    return AgencyRules(
        agencies=agencies,
        _names={name.casefold(): agency_id for name, agency_id in names},
        _codes=dict(codes),
        _domains={domain: a.agency_id for a in agencies for domain in a.domains},
        _by_first=by_first,
        _unspaced=tuple(one for one in spellings if one.text[0] >= _FIRST_UNSPACED),
        _signing=tuple(agency for agency in agencies if agency.sign_offs),
    )
