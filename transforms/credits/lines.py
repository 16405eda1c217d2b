"""Where in a text an agency may be credited: datelines, closing lines, notes of contribution.

Each function looks at one line and cuts out the slot in which an agency's name would stand; whether
one stands there is for `agencies` to say. Patterns run on a clipped line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.lines.words import DATE_WORDS, MONTHS
from transforms.records import Level


@dataclass(frozen=True, slots=True)
class Slot:
    """The words in which an agency may be named. `loose` slots are searched, others read whole;
    `strict` slots know no desk codes or initials beside the agency.
    """

    signal: str
    level: Level
    text: str
    line: str
    loose: bool = False
    strict: bool = False


STATES = frozenset(
    """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH
    OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC
    """.split()  # noqa: SIM905 - a table in the shape of text
)
"""Postal codes of the USA: after a town and a comma no agency's code."""

_HEAD = 170  # characters a dateline may reach into a line
_TAIL = 260
_NOTE_LENGTH = 500  # a longer line is a paragraph; only its end may hold a note
_PLACE_WORDS = frozenset(
    "de del della di da do dos das la le les el of and und et y e am an der den im upon sur al los".split()  # noqa: SIM905
)
_IN_BRACKETS = tuple(
    re.compile(
        rf"[\W_]{{0,3}}(?P<place>[^()\n]{{0,80}}?)\s*[{opening}](?P<slot>[^()（）\[\]]{{2,60}})[{closing}]"
        r"(?P<dash>\s*[—–\-−―:=/.~_\"]{1,3}|\s*)(?P<rest>.?)"
    )
    for opening, closing in (("(（", ")）"), ("\\[", "\\]"))
)
_IN_SLASHES = re.compile(
    r"(?P<place>[^/\n]{0,60}?)\s*/(?P<slot>[^/\s][^/]{1,24})/(?:\s*[.\-–—:]|\s+(?=[A-ZÀ-ÞА-ЯЁ]))"
)
_AFTER_PLACE = re.compile(
    r"(?P<place>[A-ZÀ-ÞА-ЯЁ][^/\n—–]{2,50}?)(?P<joint>,\s+|\.?\s*[—–-]{1,2}\s+)"
    r"(?P<slot>[A-ZÀ-ÞА-ЯЁ][\w.’' -]{1,30}?)"
    r"\s*(?:\.|:|[—–-]{1,2})\s"
)
_UNSPACED_BRACKETS = re.compile(
    r"[\s\u3000]{0,4}[【［\[(（「](?P<slot>[^】］\])）」\n]{2,50})[】］\])）」](?=.)"
)
_UNSPACED_OPENING = re.compile(
    r"[\s\u3000]{0,4}(?P<slot>[\u3400-\u9fff]{2,8}?[社网網])[^，。,.\n]{0,30}[电電](?![影视視话話力])"
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|(?:^|(?<=[\W_]))(?<![^\W\d_]\s)(?<![,;]\s)copyright\b)\s*(?:©|\(c\)|copyright)?\s*(?:\d{4}(?:\s*[-–]\s*\d{2,4})?)?[,\s]*"
    r"(?:by\s+|von\s+|par\s+)?(?P<slot>[^\n.|]{2,90})",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"[,\s]*(?:all rights|alle rechte|tous droits|todos los|todos os|tutti i|riproduzione|may not|no reproduction"
    r"|\d{4}).*$",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:^|[.!?”\"»]\s+|\(\s*)(?:news source|sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|källor|källa"
    r"|kilder?|lähde|źródło|источник|agenc(?:y|ies)|agencias?|agências?|agentur(?:en)?|来源|來源|출처|出典)"
    r"\s*[:：]\s*(?P<slot>[^()\n]{2,80}?)\s*\)?[\s.]*$",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"\b(?:polls?|surveys?|data|charts?|graphics?|statistics|index|umfragen?|daten|grafik(?:en)?|sondages?|données"
    r"|infographie|encuestas?|datos|gráfico|sondagg\w+|dati|pesquisas?|dados)\b",
    re.IGNORECASE,
)
"""A source of figures is none of the text."""

_TAIL_BRACKETS = re.compile(
    r"(?:^|(?<=[.!?…。！？\"”’»)])|(?<=[.!?…\"”’»)]\s))\s*[(（\[](?P<slot>[^()（）\[\]]{2,60})[)）\]][\s.]*$"
)
_TAIL_CODE = re.compile(
    r"(?:(?<=[.!?…][\"'”’»)])\s*|(?<=[.!?…。])\s+|(?<=[.!?…。]))(?:[-–—/]{1,2}\s*|©\s*)?"
    r"(?P<slot>[^\s()./–—-][^().!?]{1,44}?)\s*/?\.?$"
)
_WITH = re.compile(
    r"(?:mit|with|avec|con|com|med|met)\s+(?:inputs? from |files from |l['’]|la |the |agencias? |agences? |agências? "
    r"|agenturen |agência |agencia )?",
    re.IGNORECASE,
)
_START = r"(?:^|(?<=[.!?)\]”\"»*_|]\s)|(?<=[(\[*_—–-])|(?<=[—–-]\s))"
_CONTRIBUTED = re.compile(
    _START + r"(?P<slot>[^!?\n]{2,240}?)\s(?:also\s)?contribut(?:ed|es)\s"
    r"(?:(?:to|reporting)\s[^.\n]{0,30}\b(?:report|story|article|reporting|coverage|piece|from)\b|to this\b|reporting\b)"
)
_CONTRIBUTIONS = tuple(
    re.compile(_START + pattern, re.IGNORECASE)
    for pattern in (
        (
            r"(?:with|using|includes?|contains)\s(?:additional\s)?(?:files?|reporting|information|material|inputs?|reports?"
            r"|contributions?|copy)\s(?:from|by|of)\s(?P<slot>[^.\n]{2,120})"
        ),
        r"this (?:article|story|report) (?:also )?(?:includes|contains|uses)\s[^.\n]{0,40}\s(?:from|by)\s(?P<slot>[^.\n]{2,90})",
        r"(?:additional|some) (?:reporting|material|information)\s(?:by|from|for)\s(?P<slot>[^.\n]{2,90})",
        r"(?:information|material|reporting|reports)\sfrom\s(?P<slot>[^.\n]{2,90})\s(?:was|were|is|has been|contributed)\b",
        r"(?:compiled|adapted|based on (?:reports?|reporting|material))\s(?:from|by)\s(?P<slot>[^.\n]{2,90})",
        r"(?:from|by)\s(?:staff|local)\s(?:and|&)\s(?P<slot>[^.\n]{2,60})\s(?:reports|dispatches)",
        (
            r"(?:mit|unter verwendung von|enthält)\s(?:dem |zusätzlichem )?(?:material|informationen|inhalten|meldungen"
            r"|agenturmaterial)\s(?:von|der|des|durch|aus)\s(?P<slot>[^.\n]{2,90})"
        ),
        r"avec\s(?:(?:les|des)\sinformations\s(?:de|d['’])|la contribution de)\s?(?P<slot>[^.\n]{2,60})",
        r"con\s(?:información|informaciones|datos|material|reportes)\sde\s(?P<slot>[^.\n]{2,80})",
        r"com\s(?:informações|dados|material|agência|agências)\s(?:d[aoe]s?\s)?(?P<slot>[^.\n]{2,80})",
        r"con\s(?:informazioni|il contributo)\s(?:d[ia]\s|dell['’a]?\s?)?(?P<slot>[^.\n]{2,60})",
        (
            r"(?:mit|avec|con|com|with)\s(?:l['’]|la\s|le\s|agencias?\s|agências?\s|agenturen\s)?"
            r"(?P<slot>[A-Za-zÀ-ÿ/, -]{2,40})(?=[)\]]|$)"
        ),
    )
)
_NAMED_BELOW = re.compile(
    r"(?:for more|more|read|see|here is|below is|what follows is)\b(?P<slot>[^.!?\n]{2,90}?)\b"
    r"(?:see below|is below|below|follows|reads)\s*[:.]?",
    re.IGNORECASE,
)
_FIRST_PUBLISHED = re.compile(
    _START
    + r"this (?:report|story|article) by (?P<slot>[^.\n]{2,60}?) (?:was|is) (?:first )?published",
    re.IGNORECASE,
)
_REPRINTED = re.compile(
    _START
    + r"(?:this|the following|the above)\s(?:article|story|report|piece|text|news|dispatch|copy)\b[^.\n]{0,90}?"
    r"\b(?:published|appeared|written|produced|provided|distributed|supplied|issued|syndicated|republished|generated"
    r"|sourced|taken)\s(?:(?:by|from|on|in|via|with permission (?:of|from))\s){1,2}(?P<slot>[^.\n]{2,80})",
    re.IGNORECASE,
)
_REPRINTED_GERMAN = re.compile(
    _START + r"(?:dieser (?:artikel|text|beitrag)|diese meldung)\s[^.\n]{0,40}?\b(?:von|der|des)\s"
    r"(?P<slot>[^.\n]{2,60}?)\s(?:übernommen|veröffentlicht|verfasst|erstellt)",
    re.IGNORECASE,
)
_NOTE_PARTS = (
    "contribut",
    "below",
    "follows",
    "this article",
    "this story",
    "this report",
    "his news",
    "ieser ",
    "iese m",
)


def dateline_slot(line: str) -> Slot | None:
    """The agency's place in a dateline: "PLACE, date (AP) —", "(ANSA) - PLACE", "/TASS/."."""
    head = line[:_HEAD]
    if not head.isascii():
        for pattern in (_UNSPACED_BRACKETS, _UNSPACED_OPENING):
            found = pattern.match(head)
            if found and any(char >= "\u2e80" for char in found["slot"]):
                return Slot("dateline", Level.OWNER, found["slot"], head)
    for pattern in _IN_BRACKETS:
        found = pattern.match(head)
        if found and _is_place(found["place"]):
            first = found["place"].strip(" ,").split(" ")[0].rstrip(",")
            capitals = len(first) > 2 and first.isupper()
            followed = bool(found["rest"] or found["dash"].strip())
            # "Bern (sda) Der Rat …": a code in small letters can be nothing else.
            small = found["slot"].islower() and found["rest"].isupper()
            if capitals or small or (followed and (found["dash"].strip() or not first)):
                return Slot("dateline", Level.OWNER, found["slot"], head)
    found = _IN_SLASHES.match(head)
    if found and _is_place(found["place"]):
        return Slot("dateline", Level.OWNER, found["slot"], head)
    found = _AFTER_PLACE.match(head)
    if found and _is_place(found["place"]) and not _is_state(found["slot"], found["joint"]):
        place = found["place"]
        if place.isupper() or any(char.isdigit() for char in place):
            return Slot("dateline", Level.OWNER, found["slot"], head, strict=True)
    return None


def _is_state(slot: str, joint: str) -> bool:
    """Whether the code after a town is its state's: "SCRANTON, PA —"."""
    return joint.startswith(",") and slot in STATES


def _is_place(text: str) -> bool:
    """Whether a text reads as a place, perhaps with a date: no word that a sentence would have."""
    words = [word.strip(".,:;'’\"“”[]·•|") for word in text.split()]
    if len(words) > 10:
        return False
    for word in words:
        low = word.lower()
        if word[:1].islower() and not (low in _PLACE_WORDS or low in MONTHS or low in DATE_WORDS):
            return False
    return True


def copyright_slots(line: str) -> list[Slot]:
    """The holders a copyright line names."""
    text = line if len(line) <= _NOTE_LENGTH else line[-_TAIL:]
    return [
        Slot("copyright_line", Level.OWNER, holder, text)
        for found in _COPYRIGHT.finditer(text)
        if (holder := _RIGHTS.sub("", found["slot"]).strip(" ,()"))
    ]


def source_slots(line: str) -> list[Slot]:
    """What follows "Source:", "Quelle:" at the end of a line."""
    found = _SOURCE.search(line[-_TAIL:])
    if found is None or _FIGURES.search(found["slot"]):
        return []
    return [Slot("source_line", Level.OWNER, found["slot"], line[-_TAIL:])]


def tail_slot(line: str) -> list[Slot]:
    """A name or code alone after the last sentence: "… the US. PTI", "… sagte er. (dpa)", "Reuters"."""
    tail = line[-_TAIL:]
    found = _TAIL_BRACKETS.search(tail)
    if found and (found.start() > 0 or len(tail) == len(line)):
        text = found["slot"]
        if opening := _WITH.match(text):
            return [Slot("contribution", Level.SHARED, text[opening.end() :], tail)]
        return [Slot("tail_code", Level.OWNER, text, tail)]
    if found := _TAIL_CODE.search(tail):
        return [Slot("tail_code", Level.OWNER, found["slot"], tail)]
    if len(line) <= 60 and line[-1] not in "!?:":
        return [Slot("tail_code", Level.OWNER, line.strip("-–—/© ."), line)]
    return []


def has_note(line: str) -> bool:
    """Whether a line may hold a note wherever it stands."""
    low = line.lower() if len(line) <= _NOTE_LENGTH else line[-_TAIL:].lower()
    return any(part in low for part in _NOTE_PARTS)


def contribution_slots(line: str, *, at_edge: bool) -> list[Slot]:
    """Notes that an agency contributed. Only "X contributed to this report" may stand anywhere."""
    text = line if len(line) <= _NOTE_LENGTH else line[-_TAIL:]
    found = list(_CONTRIBUTED.finditer(text)) if "contribut" in text else []
    if at_edge:
        found.extend(match for pattern in _CONTRIBUTIONS if (match := pattern.search(text)))
    return [Slot("contribution", Level.SHARED, match["slot"], text, loose=True) for match in found]


def reprint_slots(line: str) -> list[Slot]:
    """Notes that what stands here, above or below, is an agency's text."""
    if len(line) > _NOTE_LENGTH:
        return []
    if len(line) <= 160 and (found := _NAMED_BELOW.match(line)):
        return [Slot("reprint_notice", Level.SHARED, found["slot"], line, loose=True)]
    found = (
        _REPRINTED.search(line) or _FIRST_PUBLISHED.search(line) or _REPRINTED_GERMAN.search(line)
    )
    return [Slot("reprint_notice", Level.OWNER, found["slot"], line, loose=True)] if found else []
