"""Which news agency a text comes from: one evidence row for each signal, and the role it adds up to.

The agencies are data (`seeds/agencies.csv`); the rules are here and in `credit_lines`. Rules, in
order: the page's host and canonical link; JSON-LD and meta fields; bylines; a dateline in the first
paragraphs; sign-offs, copyright and source lines, codes at the end; notes that an agency contributed
or is reprinted. Short codes ("AP", "PA", "TT") count only in such a slot and in their own case, so
"Allentown, PA" says nothing. Photo credits and "a Reuters tally" are mentions and give no role.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from transforms.agency_rules import Agency, AgencyRules, parse_agencies
from transforms.bylines import is_organisation, split_byline
from transforms.credit_lines import (
    Slot,
    contribution_slots,
    copyright_slots,
    dateline_slot,
    reprint_slots,
    source_slots,
    tail_slot,
)
from transforms.line_shapes import credit_start, weigh
from transforms.lines import Judged, LineKind, judge_lines
from transforms.records import AgencyEvidence, Level

__all__ = ["Agency", "AgencyRules", "Credits", "find_evidence", "parse_agencies", "roles"]

_TEXT = 200  # characters of evidence kept
_HEAD_LINES = 9
_HEAD_PARAGRAPHS = 4
_TAIL_LINES = 10
_STRENGTH = {Level.SELF: 3, Level.OWNER: 2, Level.SHARED: 1, Level.MENTION: 0}
_PHOTO = re.compile(
    r"\b(?:Photos?|Foto|Images?|Pictures?|Getty|Pool|Handout|[Vv]ia)\b|\b[Cc]redit:"
)
_SLOT_JOINTS = re.compile(
    r"\s*[/,;+&|·]\s*|\s+(?:and|und|et|y|e|og|och|en|with|avec|mit|con|com)\s+|\s[–—-]\s"
)
_SLOT_OPENINGS = re.compile(
    r"^(?:the|die|der|den|l['’]|la|le|agence|agencia|agência|agenzia|agentur|nachrichtenagentur(?:en)?|by|from|©"
    r"|source|quelle)\s*:?\s*",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"[a-zäöü]{2,4}|\W*\d[\d\W]*"
)  # "lno", "jd": a desk or initials beside a code


@dataclass(frozen=True)
class Credits:
    """What a page says of where its text comes from.

    `structured` holds (signal, value) pairs such as ("json_ld_author", "Associated Press"); one pair
    for each value. `bylines` are visible bylines. `body` is the clean text, one paragraph a line.
    """

    host: str | None
    canonical_url: str | None
    structured: tuple[tuple[str, str], ...]
    bylines: tuple[str, ...]
    body: str
    headline: str


@dataclass(frozen=True, slots=True)
class _Named:
    """What a slot names: agencies, and how many others; `own` when each other is the agency's."""

    agency_ids: tuple[str, ...]
    others: int
    own: bool = False

    @property
    def level(self) -> Level:
        alone = len(self.agency_ids) == 1 and (self.others == 0 or self.own)
        return Level.OWNER if alone else Level.SHARED


def find_evidence(rules: AgencyRules, credits: Credits) -> tuple[AgencyEvidence, ...]:
    """Every signal that names an agency, sorted by agency and signal, one row for each pair.

    A page on an agency's own host has SELF for all that names this agency.
    """
    rows: list[AgencyEvidence] = []
    own = rules.at_host(credits.host)
    if own and credits.host:
        rows.append(AgencyEvidence(own, "host", Level.SELF, credits.host))
    rows.extend(_from_canonical(rules, credits))
    rows.extend(_from_names(rules, "byline", credits.bylines))
    for signal in dict.fromkeys(signal for signal, _ in credits.structured):
        values = [value for name, value in credits.structured if name == signal]
        rows.extend(_from_names(rules, signal, values))
    lines = [line.strip() for line in credits.body.split("\n") if line.strip()]
    rows.extend(_from_head(rules, lines[:_HEAD_LINES]))
    rows.extend(_from_tail(rules, lines[-_TAIL_LINES:], len(lines) > _TAIL_LINES))
    rows.extend(_from_notes(rules, lines))
    strong = {row.agency_id for row in rows if row.level is not Level.MENTION}
    rows.extend(_from_photo_credits(rules, lines, strong))
    rows.extend(
        _mentions(rules, f"{credits.headline}\n{credits.body}", {row.agency_id for row in rows})
    )
    best: dict[tuple[str, str], AgencyEvidence] = {}
    for row in rows:
        level = Level.SELF if row.agency_id == own and row.level is not Level.MENTION else row.level
        kept = AgencyEvidence(row.agency_id, row.signal, level, _clip(row.text))
        seen = best.get((row.agency_id, row.signal))
        if seen is None or _STRENGTH[seen.level] < _STRENGTH[level]:
            best[row.agency_id, row.signal] = kept
    return tuple(best[key] for key in sorted(best))


def roles(evidence: Iterable[AgencyEvidence]) -> tuple[tuple[str, Level], ...]:
    """One role for each agency with more than mentions: SELF before OWNER before SHARED."""
    best: dict[str, Level] = {}
    for row in evidence:
        if row.level is Level.MENTION:
            continue
        seen = best.get(row.agency_id)
        if seen is None or _STRENGTH[seen] < _STRENGTH[row.level]:
            best[row.agency_id] = row.level
    return tuple(sorted(best.items()))


def _clip(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _from_canonical(rules: AgencyRules, credits: Credits) -> list[AgencyEvidence]:
    host = _host_of(credits.canonical_url or "")
    agency_id = rules.at_host(host)
    if not agency_id or host == credits.host:
        return []
    return [AgencyEvidence(agency_id, "canonical", Level.OWNER, credits.canonical_url or "")]


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url.strip()).hostname
    except ValueError:
        return None


def _from_names(rules: AgencyRules, signal: str, values: Iterable[str]) -> list[AgencyEvidence]:
    """Author fields and bylines: an agency beside other names shares, unless it is their employer."""
    found: list[tuple[str, _Named]] = []
    staff = 0
    for value in values:
        text = value[:500]
        if text.lstrip()[:4].lower() == "http":
            agency_id = rules.at_host(_host_of(text))
            if agency_id and signal.endswith("source"):
                found.append((text, _Named((agency_id,), 0)))
            continue
        named = _in_byline(rules, text)
        if named.agency_ids:
            found.append((text, named))
        else:
            staff += named.others
    rows: list[AgencyEvidence] = []
    for text, named in found:
        if _PHOTO.search(text):
            level, name = Level.MENTION, "photo_credit"
        else:
            level, name = named.level, signal
            others = staff + sum(len(other.agency_ids) for _, other in found if other is not named)
            if (
                others
                and not named.others
                and not signal.endswith(("organization", "provider", "source"))
            ):
                level = Level.SHARED
        rows.extend(AgencyEvidence(agency_id, name, level, text) for agency_id in named.agency_ids)
    return rows


def _in_byline(rules: AgencyRules, raw: str) -> _Named:
    whole = rules.named(_SLOT_OPENINGS.sub("", raw.strip())) or rules.named(raw.strip())
    if whole:
        return _Named((whole,), 0)
    ids: list[str] = []
    others: list[str] = []
    joints: list[str] = []
    for name, joint in split_byline(raw):
        agency_id = rules.named(name)
        if agency_id and len(name) == 2 and re.search(rf"\b{name} staff\b", raw, re.IGNORECASE):
            agency_id = None  # "CP Staff" is a paper's own
        if agency_id is None:
            for start, end, inner in rules.find_names(name):
                if end == len(name) or start == 0:
                    agency_id = inner
                    rest = (name[:start] + name[end:]).strip(" ,-–—/")
                    if rest and not is_organisation(rest):
                        others.append(rest)
        if agency_id is None:
            others.append(name)
        else:
            ids.append(agency_id)
            joints.append(joint)
    unique = tuple(dict.fromkeys(ids))
    apart = any(joint in {"and", "amp", "also"} for joint in joints)
    own = not apart and all(_is_person(name) for name in others)
    if ids and others and own and joints[0] == "" and "comma" in {j for _, j in split_byline(raw)}:
        own = False  # "Associated Press, Jane Doe" names two
    return _Named(unique, len(others), own=own)


def _is_person(name: str) -> bool:
    return " " in name and name[0].isupper() and not is_organisation(name)


def _in_slot(rules: AgencyRules, slot: Slot) -> _Named:
    """Agencies of a narrow slot, such as a dateline's parentheses: every piece is a name or code."""
    ids: list[str] = []
    others = 0
    for piece in _SLOT_JOINTS.split(slot.text.strip(" .")):
        text = _SLOT_OPENINGS.sub("", piece.strip(" .:*\"'“”"))
        agency_id = rules.named(piece.strip()) or rules.named(text)
        if agency_id is None and not text.isascii():
            agency_id = rules.within(text)
        if agency_id:
            ids.append(agency_id)
        elif text and not (_SERVICE.fullmatch(text) and not slot.strict):
            others += 1
    return _Named(tuple(dict.fromkeys(ids)), others)


def _slot_rows(rules: AgencyRules, slot: Slot) -> list[AgencyEvidence]:
    """Evidence of one slot. A loose slot ("with files from …") is searched, a narrow one is read."""
    if slot.loose:
        ids = dict.fromkeys(agency_id for _, _, agency_id in rules.find_all(slot.text))
        return [AgencyEvidence(agency_id, slot.signal, slot.level, slot.line) for agency_id in ids]
    named = _in_slot(rules, slot)
    level = Level.SHARED if slot.level is Level.SHARED else named.level
    return [
        AgencyEvidence(agency_id, slot.signal, level, slot.line) for agency_id in named.agency_ids
    ]


def _from_head(rules: AgencyRules, lines: list[str]) -> list[AgencyEvidence]:
    rows: list[AgencyEvidence] = []
    judged = judge_lines(lines)
    paragraphs = 0
    for n, (line, one) in enumerate(zip(lines, judged, strict=True)):
        if slot := dateline_slot(line):
            rows.extend(_slot_rows(rules, slot))
        if one.kind is LineKind.PROSE:
            paragraphs += 1
            if paragraphs == _HEAD_PARAGRAPHS:
                break
        elif paragraphs < 2 and weigh(line) <= 12 and not _beside_caption(judged, n):
            opened = re.match(r"(?:by|von|par|por|di)\s+", line, re.IGNORECASE)
            if opened or (rules.named(_SLOT_OPENINGS.sub("", line)) and (len(line) > 3 or n < 2)):
                rows.extend(_from_names(rules, "byline", [line]))
    return rows


def _beside_caption(judged: list[Judged], n: int) -> bool:
    return any(judged[m].kind is LineKind.CAPTION for m in (n - 1, n + 1) if 0 <= m < len(judged))


def _from_tail(rules: AgencyRules, lines: list[str], more_above: bool) -> list[AgencyEvidence]:  # noqa: FBT001
    """The last lines: at and after the last paragraph a bare code or name is the text's own."""
    rows: list[AgencyEvidence] = []
    judged = judge_lines(lines)
    last = max((n for n, one in enumerate(judged) if one.kind is LineKind.PROSE), default=-1)
    for n, line in enumerate(lines):
        if judged[n].kind is LineKind.CAPTION:
            continue
        rows.extend(
            AgencyEvidence(agency.agency_id, "sign_off", Level.OWNER, line)
            for agency in rules.signed(line)
        )
        if n < last:
            continue
        slots = [*copyright_slots(line), *source_slots(line)]
        if slot := tail_slot(line):
            slots.append(slot)
        above_caption = n > 0 and judged[n - 1].kind is LineKind.CAPTION and weigh(line) <= 4
        if above_caption or (n == 0 and not more_above and judged[n].kind is not LineKind.PROSE):
            continue
        for slot in slots:
            rows.extend(_slot_rows(rules, slot))
    return rows


def _from_notes(rules: AgencyRules, lines: list[str]) -> list[AgencyEvidence]:
    rows: list[AgencyEvidence] = []
    for n, line in enumerate(lines):
        near_end = n >= len(lines) - _TAIL_LINES
        for slot in contribution_slots(line, near_end=near_end or n < 4):
            rows.extend(_slot_rows(rules, slot))
        for slot in reprint_slots(line):
            rows.extend(_slot_rows(rules, slot))
    return rows


def _from_photo_credits(
    rules: AgencyRules, lines: list[str], strong: set[str]
) -> list[AgencyEvidence]:
    rows: list[AgencyEvidence] = []
    for line in lines:
        tail = line[-120:]
        found = [hit for hit in rules.find_all(tail) if hit[1] >= len(tail.rstrip(" ).")) - 8]
        if found and found[0][2] not in strong and (at := credit_start(line)) >= 0:
            rows.extend(
                AgencyEvidence(hit[2], "photo_credit", Level.MENTION, line[at:]) for hit in found
            )
    return rows


def _mentions(rules: AgencyRules, text: str, known: set[str]) -> list[AgencyEvidence]:
    rows: list[AgencyEvidence] = []
    seen = set(known)
    for start, end, agency_id in rules.find_names(text, cased=True):
        if agency_id not in seen:
            seen.add(agency_id)
            around = text[max(0, start - 60) : end + 60]
            rows.append(AgencyEvidence(agency_id, "mention", Level.MENTION, around))
    return rows
