"""The agencies as data: `seeds/agencies.csv` read into tables of names, codes and domains."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

COLUMNS = (
    "agency_id", "name", "other_names", "codes", "domains", "countries", "languages", "sign_offs", "note",
)  # fmt: skip
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,40}")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CODE_TOKEN = re.compile(r"[\w©][\w-]*")


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


@dataclass(frozen=True, slots=True)
class AgencyRules:
    """The agencies and what to recognise them by. Built by `parse_agencies`; picklable."""

    agencies: tuple[Agency, ...]
    _names: Mapping[str, str] = field(repr=False)  # case-folded name -> agency_id
    _codes: Mapping[str, str] = field(repr=False)  # code, in its own case -> agency_id
    _domains: Mapping[str, str] = field(repr=False)
    _spellings: tuple[tuple[str, str, str], ...] = field(
        repr=False
    )  # name, folded, id; longest first

    def at_host(self, host: str | None) -> str | None:
        """The agency whose own site a host is, None for any other."""
        labels = (host or "").lower().rstrip(".").split(".")
        for n in range(min(len(labels) - 1, 8)):
            found = self._domains.get(".".join(labels[n:]))
            if found:
                return found
        return None

    def named(self, text: str) -> str | None:
        """The agency a whole text names: a code in its own case, a name in any."""
        text = text.strip()
        if len(text) > 80:
            return None
        return self._codes.get(text) or self._names.get(text.casefold())

    def within(self, text: str) -> str | None:
        """The agency named anywhere in a short text of a script without spaces."""
        return next(
            (found for name, _, found in self._spellings if not name.isascii() and name in text),
            None,
        )

    def find_names(self, text: str, *, cased: bool = False) -> list[tuple[int, int, str]]:
        """Full names in running text as (start, end, agency_id), ascending, longest name first.

        Only the first place of each spelling is reported.
        """
        folded = text if cased else text.lower()
        hits: list[tuple[int, int, str]] = []
        for name, lowered, agency_id in self._spellings:
            wanted = name if cased else lowered
            at = folded.find(wanted)
            while at >= 0 and not _is_whole(folded, at, at + len(wanted), wanted):
                at = folded.find(wanted, at + 1)
            while at >= 0 and any(start <= at < end for start, end, _ in hits):
                at = folded.find(wanted, at + 1)
            if at >= 0 and _is_whole(folded, at, at + len(wanted), wanted):
                hits.append((at, at + len(wanted), agency_id))
        return sorted(hits)

    def find_all(self, text: str) -> list[tuple[int, int, str]]:
        """Names, and codes standing as words, in the text of a credit; ascending."""
        hits = self.find_names(text)
        for token in _CODE_TOKEN.finditer(text):
            agency_id = self._codes.get(token[0])
            if agency_id and not any(start <= token.start() < end for start, end, _ in hits):
                hits.append((token.start(), token.end(), agency_id))
        return sorted(hits)

    def signed(self, line: str) -> list[Agency]:
        """The agencies whose closing formula a line is."""
        if len(line) > 600:
            return []
        folded = line.casefold()
        return [
            agency
            for agency in self.agencies
            if any(_in_order(folded, group) for group in agency.sign_offs)
        ]


def _is_whole(text: str, start: int, end: int, name: str) -> bool:
    if not name[0].isascii() and not name[0].isalpha():
        return True
    if name[0] >= "\u2e80":  # scripts without spaces have no word ends
        return True
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or after.isalnum())


def _in_order(folded: str, group: tuple[str, ...]) -> bool:
    at = 0
    for n, words in enumerate(group):
        found = folded.find(words, at)
        if found < 0 or (n == 0 and found > 24):
            return False
        at = found + len(words)
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
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            raise ValueError(f"agencies.csv line 1: the header must be {','.join(COLUMNS)}")
        for row in reader:
            where = f"agencies.csv line {reader.line_num}"
            if not any(row):
                continue
            agency = _parse_row(row, where)
            if agency.agency_id in agencies:
                raise ValueError(f"{where}: agency_id {agency.agency_id!r} is used twice")
            for key in (
                *map(str.casefold, (agency.name, *agency.other_names)),
                *agency.codes,
                *agency.domains,
            ):
                owner = taken.setdefault(key, agency.agency_id)
                if owner != agency.agency_id:
                    raise ValueError(f"{where}: {key!r} already belongs to {owner!r}")
            agencies[agency.agency_id] = agency
    except csv.Error as error:
        raise ValueError(f"agencies.csv line {reader.line_num}: {error}") from error
    rows = tuple(agencies[agency_id] for agency_id in sorted(agencies))
    spellings = [
        (name, a.agency_id) for a in rows for name in dict.fromkeys((a.name, *a.other_names))
    ]
    return AgencyRules(
        agencies=rows,
        _names={name.casefold(): agency_id for name, agency_id in spellings},
        _codes={code: a.agency_id for a in rows for code in a.codes},
        _domains={domain: a.agency_id for a in rows for domain in a.domains},
        _spellings=tuple(
            (name, name.lower(), agency_id)
            for name, agency_id in sorted(spellings, key=lambda pair: (-len(pair[0]), pair[0]))
        ),
    )


def _parse_row(row: list[str], where: str) -> Agency:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{where}: {len(row)} cells, but the header has {len(COLUMNS)}")
    cells = dict(zip(COLUMNS, (cell.strip() for cell in row), strict=True))
    lists = {
        column: tuple(part.strip() for part in cells[column].split(";") if part.strip())
        for column in COLUMNS[2:8]
    }
    if not _SLUG.fullmatch(cells["agency_id"]):
        raise ValueError(
            f"{where}: agency_id {cells['agency_id']!r} must be lower-case letters, digits and _"
        )
    if not cells["name"]:
        raise ValueError(f"{where}: the name is empty")
    for column, pattern in (
        ("domains", _DOMAIN),
        ("countries", _COUNTRY),
        ("languages", _LANGUAGE),
    ):
        for value in lists[column]:
            if not pattern.fullmatch(value):
                raise ValueError(f"{where}: {value!r} does not look right in {column}")
    return Agency(
        agency_id=cells["agency_id"],
        name=cells["name"],
        other_names=lists["other_names"],
        codes=lists["codes"],
        domains=lists["domains"],
        countries=lists["countries"],
        languages=lists["languages"],
        sign_offs=tuple(
            tuple(words.strip().casefold() for words in group.split("+"))
            for group in lists["sign_offs"]
        ),
        note=cells["note"],
    )
