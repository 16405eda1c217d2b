"""Which news agency a text comes from: one evidence row for each signal, and the role it adds up to.

The agencies are data (`seeds/agencies.csv`); the rules are here, in `credits.slots` and in
`credits.lines`. In order: the page's host and canonical link; JSON-LD and meta fields; bylines; a
dateline in the first paragraphs; sign-offs, copyright and source lines, codes at the end; notes that
an agency contributed or is reprinted. Short codes ("AP", "PA", "TT") count only in such a slot and in
their own case, so "Allentown, PA" says nothing. Photo credits and "a Reuters tally" are mentions and
give no role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from transforms.bylines import split_byline
from transforms.credits.lines import (
    Slot,
    contribution_slots,
    copyright_slots,
    dateline_slot,
    has_note,
    reprint_slots,
    source_slots,
    tail_slot,
)
from transforms.credits.printed import LINE, MARKED, SOURCE
from transforms.credits.roles import is_code
from transforms.credits.rules import Agency, AgencyRules, Hit, parse_agencies
from transforms.credits.signatures import BY, is_signature, read_credit, without_photographers
from transforms.credits.slots import (
    PHOTO,
    Named,
    credits_in_words,
    is_person,
    named_whole,
    read_byline,
    read_slot,
)
from transforms.lines.judge import LineKind, judge_lines
from transforms.lines.shapes import credit_start, ends_like_a_sentence, weigh
from transforms.records import AgencyEvidence, Level

__all__ = ["Agency", "AgencyRules", "Credits", "find_evidence", "parse_agencies", "roles"]

_TEXT_LENGTH = 200  # characters of evidence kept
_VALUE_LENGTH = 500  # characters of a field that are read
_HEAD_LINES = 9
_HEAD_PARAGRAPHS = 4
_UNDER_DATELINE = 0.6
"""The share of the prose under a dateline that makes the text the agency's: "Who wrote it" in
docs/extraction.md has what it finds."""
_TAIL_LINES = 10
_BYLINE_WORDS = 14
_STRENGTH = {Level.MENTION: 0, Level.SHARED: 1, Level.OWNER: 2, Level.SELF: 3}
_PRINTED = frozenset({LINE, MARKED, SOURCE})
_SINGLE_SOURCE = ("organization", "provider", "source")  # fields that name no persons


@dataclass(frozen=True)
class Credits:
    """What a page says of where its text comes from.

    `structured` holds (signal, value) pairs such as ("json_ld_author", "Associated Press"), one pair
    for each value. `bylines` are visible bylines. `body` is the clean text, one paragraph a line, and
    `prose` are the spans of it that are neither captions nor headings, ascending.
    """

    host: str | None
    canonical_url: str | None
    structured: tuple[tuple[str, str], ...]
    bylines: tuple[str, ...]
    body: str
    headline: str
    prose: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    hits: tuple[Hit, ...]


def find_evidence(rules: AgencyRules, page: Credits) -> tuple[AgencyEvidence, ...]:
    """Every signal that names an agency, sorted by agency and signal, one row for each pair.

    A page on an agency's own host has SELF for all that credits this agency. MENTION rows are kept
    for agencies that nothing else names.
    """
    rows: list[AgencyEvidence] = []
    own = rules.at_host(page.host)
    if own and page.host:
        rows.append(AgencyEvidence(own, "host", Level.SELF, page.host))
    rows.extend(_from_canonical(rules, page))
    rows.extend(
        _from_names(rules, "byline", without_photographers(rules, page.bylines, page.structured))
    )
    rows.extend(_from_printed_lines(rules, page))
    for signal in dict.fromkeys(signal for signal, _ in page.structured):
        if signal in _PRINTED:
            continue
        values = [value for name, value in page.structured if name == signal]
        rows.extend(_from_names(rules, signal, values))
    lines = [
        _Line(text, tuple(rules.find(text)))
        for text in (line.strip() for line in page.body.split("\n"))
        if text
    ]
    rows.extend(_from_head(rules, lines[:_HEAD_LINES]))
    rows.extend(_from_first_dateline(rules, page))
    rows.extend(_from_tail(rules, lines))
    rows.extend(_from_notes(rules, lines))
    credited = {row.agency_id for row in rows if row.level is not Level.MENTION}
    rows.extend(row for row in _from_photo_credits(lines) if row.agency_id not in credited)
    headline = _Line(page.headline, tuple(rules.find(page.headline[:_VALUE_LENGTH])))
    rows.extend(_mentions([headline, *lines], {row.agency_id for row in rows}))
    best: dict[tuple[str, str], AgencyEvidence] = {}
    for row in rows:
        level = Level.SELF if row.agency_id == own and row.level is not Level.MENTION else row.level
        seen = best.get((row.agency_id, row.signal))
        if seen is None or _STRENGTH[seen.level] < _STRENGTH[level]:
            text = _clip(row.text)
            best[row.agency_id, row.signal] = AgencyEvidence(row.agency_id, row.signal, level, text)
    return tuple(best[key] for key in sorted(best))


def roles(evidence: Iterable[AgencyEvidence]) -> tuple[tuple[str, Level], ...]:
    """One role for each agency that is more than mentioned: SELF before OWNER before SHARED."""
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
    return text if len(text) <= _TEXT_LENGTH else text[: _TEXT_LENGTH - 1] + "…"


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url.strip()).hostname
    except ValueError:
        return None


def _from_canonical(rules: AgencyRules, page: Credits) -> list[AgencyEvidence]:
    url = page.canonical_url or ""
    agency_id = rules.at_host(_host_of(url))
    if not agency_id or agency_id == rules.at_host(page.host):
        return []
    return [AgencyEvidence(agency_id, "canonical", Level.OWNER, url)]


def _from_names(rules: AgencyRules, signal: str, values: Iterable[str]) -> list[AgencyEvidence]:
    """Author fields and bylines: next to names of staff an agency shares."""
    found: list[tuple[str, Named]] = []
    staff = 0
    for value in values:
        text = value.strip()[:_VALUE_LENGTH]
        if text[:4].lower() == "http":
            agency_id = rules.at_host(_host_of(text)) if signal.endswith("source") else None
            named = Named((agency_id,)) if agency_id else Named()
        else:
            named = read_byline(rules, text)
            staff += not named.agency_ids and bool(named.others)
        if named.agency_ids:
            found.append((text, named))
    agencies = {agency_id for _, named in found for agency_id in named.agency_ids}
    rows: list[AgencyEvidence] = []
    for text, named in found:
        name, level = signal, named.level
        if PHOTO.search(text):
            name, level = "photo_credit", Level.MENTION
        elif (
            not signal.endswith(_SINGLE_SOURCE)
            and not named.others
            and (staff or len(agencies) > 1)
        ):
            level = Level.SHARED
        rows.extend(AgencyEvidence(agency_id, name, level, text) for agency_id in named.agency_ids)
    return rows


def _from_printed_lines(rules: AgencyRules, page: Credits) -> list[AgencyEvidence]:
    """Lines beside the headline and under the text that are nothing but a credit.

    On a page whose fields name a person that the line does not name, the text is shared.
    """
    rows: list[AgencyEvidence] = []
    for signal, text in page.structured:
        if signal not in _PRINTED or not rules.find(text):
            continue
        if signal == SOURCE:
            named = next((read_slot(rules, slot.text) for slot in source_slots(text)), Named())
        elif signal == MARKED and named_whole(rules, text):
            named = read_byline(rules, text)
        else:
            named = read_credit(rules, text)
        staff = any(
            is_person(name) and name.casefold() not in text.casefold()
            for field, value in page.structured
            if field.endswith("author") and field not in _PRINTED
            for name, _ in split_byline(value)
        )
        level = Level.SHARED if staff else named.level
        rows.extend(
            AgencyEvidence(agency_id, signal, level, text) for agency_id in named.agency_ids
        )
    return rows


def _from_slot(rules: AgencyRules, slot: Slot) -> list[AgencyEvidence]:
    """Evidence of one slot. A loose slot ("with files from …") is searched, a narrow one is read."""
    if slot.loose:
        hits = (hit for hit in rules.find(slot.text) if credits_in_words(slot.text, hit))
        ids = dict.fromkeys(hit.agency_id for hit in hits)
        return [AgencyEvidence(agency_id, slot.signal, slot.level, slot.line) for agency_id in ids]
    in_dateline = slot.signal == "dateline"
    named = read_slot(rules, slot.text, strict=slot.strict, unspaced=in_dateline)
    if slot.signal in {"dateline", "copyright_line"} and any(
        is_person(name) for name in named.others
    ):
        return []  # "(Jane Doe / AP)" before a text, "© Jane Doe / AP" after it: a photographer
    if slot.signal == "tail_code" and "|" in slot.text:
        named = read_byline(
            rules, slot.text
        )  # a byline that stands last: "Jane Doe | Associated Press"
    elif slot.signal == "tail_code" and not all(is_code(name) for name in named.others):
        return []  # "She lives in Allentown, PA"
    level = Level.SHARED if slot.level is Level.SHARED else named.level
    return [
        AgencyEvidence(agency_id, slot.signal, level, slot.line) for agency_id in named.agency_ids
    ]


def _from_head(rules: AgencyRules, lines: Sequence[_Line]) -> list[AgencyEvidence]:
    """Datelines of the first paragraphs, and bylines left in the text above them."""
    rows: list[AgencyEvidence] = []
    paragraphs = 0
    for n, line in enumerate(lines):
        full = weigh(line.text) >= 8 and ends_like_a_sentence(line.text)
        if line.hits:
            if slot := dateline_slot(line.text):
                rows.extend(_from_slot(rules, slot))
            elif not full and not paragraphs and weigh(line.text) <= _BYLINE_WORDS:
                rows.extend(_from_printed_byline(rules, lines, n))
        paragraphs += full
        if paragraphs == _HEAD_PARAGRAPHS:
            break
    return rows


def _from_first_dateline(rules: AgencyRules, page: Credits) -> list[AgencyEvidence]:
    """The first dateline, however far down: under a gallery, whose captions are many lines.

    Most of the text must stand under it, or it is an item of a column. What breaks off in dots is a
    teaser of another article.
    """
    left = sum(end - start for start, end in page.prose)
    least = _UNDER_DATELINE * left
    for start, end in page.prose:
        if left < least:
            return []
        text = page.body[start:end]
        is_teaser = text.endswith(("...", "…"))
        slot = dateline_slot(text) if not is_teaser and rules.find(text) else None
        if slot is not None and (rows := _from_slot(rules, slot)):
            return rows
        left -= end - start
    return []


def _from_printed_byline(
    rules: AgencyRules, lines: Sequence[_Line], n: int
) -> list[AgencyEvidence]:
    text = lines[n].text
    alone = named_whole(rules, text) or is_signature(rules, text)
    if not alone and not BY.match(text):
        return []
    near = [line.text for line in lines[max(0, n - 1) : n + 2]]
    if alone and any(credit_start(other) >= 0 for other in near if other != text):
        return []  # the name of the agency under its photo's caption
    if alone and sum(line.text == text for line in lines) > 1:
        return []
    return _from_names(rules, "byline", [text])


def _from_tail(rules: AgencyRules, lines: Sequence[_Line]) -> list[AgencyEvidence]:
    """The last lines: at and after the last paragraph a bare code or name is the text's own."""
    tail = lines[-_TAIL_LINES:]
    rows: list[AgencyEvidence] = []
    for line in tail:
        signed = rules.signed(line.text)
        rows.extend(
            AgencyEvidence(agency_id, "sign_off", Level.OWNER, line.text) for agency_id in signed
        )
    if not any(line.hits for line in tail):
        return rows
    judged = judge_lines([line.text for line in tail])
    last = max((n for n, one in enumerate(judged) if one.kind is LineKind.PROSE), default=0)
    for n, line in enumerate(tail):
        if not line.hits or judged[n].kind is LineKind.CAPTION:
            continue
        under_caption = n > 0 and judged[n - 1].kind is LineKind.CAPTION
        if weigh(line.text) <= 4 and (
            under_caption or len(tail) == 1 or sum(other.text == line.text for other in lines) > 1
        ):
            continue
        slots = copyright_slots(line.text)
        if n >= last:
            slots += source_slots(line.text)
            slots += tail_slot(line.text)
        for slot in slots:
            rows.extend(_from_slot(rules, slot))
    return rows


def _from_notes(rules: AgencyRules, lines: Sequence[_Line]) -> list[AgencyEvidence]:
    """Notes of contribution or reprint, loosely worded ones near the top and the end only."""
    rows: list[AgencyEvidence] = []
    for n, line in enumerate(lines):
        at_edge = n < _HEAD_PARAGRAPHS or n >= len(lines) - _TAIL_LINES
        if line.hits and (at_edge or has_note(line.text)):
            for slot in (
                *contribution_slots(line.text, at_edge=at_edge),
                *reprint_slots(line.text),
            ):
                rows.extend(_from_slot(rules, slot))
    return rows


def _from_photo_credits(lines: Sequence[_Line]) -> list[AgencyEvidence]:
    rows: list[AgencyEvidence] = []
    for line in lines:
        close = [hit for hit in line.hits if hit.end >= len(line.text.rstrip(" ).")) - 12]
        at = credit_start(line.text) if close else -1
        if at >= 0:
            credit = line.text[at:]
            rows.extend(
                AgencyEvidence(hit.agency_id, "photo_credit", Level.MENTION, credit)
                for hit in close
            )
    return rows


def _mentions(lines: Sequence[_Line], known: set[str]) -> list[AgencyEvidence]:
    rows: list[AgencyEvidence] = []
    seen = set(known)
    for line in lines:
        for hit in line.hits:
            if not hit.is_code and hit.as_spelt and hit.agency_id not in seen:
                seen.add(hit.agency_id)
                around = line.text[max(0, hit.start - 60) : hit.end + 60]
                rows.append(AgencyEvidence(hit.agency_id, "mention", Level.MENTION, around))
    return rows
