"""Reading the few words in which an agency is credited: a byline, a dateline's parentheses.

What stands beside the agency decides the level: alone, or with its own writers, the text is the
agency's (`owner`); with an outlet, another agency or staff, it is `shared`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.bylines import split_byline
from transforms.credits.lines import STATES
from transforms.credits.roles import is_organisation
from transforms.credits.rules import AgencyRules, Hit
from transforms.records import Level

PHOTO = re.compile(
    r"\b(?:[Pp]hoto(?:s|graph\w*)?|[Pp]icture[ -][Aa]lliance|PHOTO(?:S|GRAPH\w*)?|Fotos?|FOTOS?|Fotograf\w*|Bild:|Illustrations?|Images?|Pictures?|Getty|Pool|POOL|Handout|HANDOUT)\b|\bvia\b|\b[Cc]redit:"
)
_JOINTS = re.compile(
    r"\s*[/,;+&|·、，・]\s*|\s+(?:and|und|et|y|e|og|och|en|with|avec|mit|con|com)\s+|\s[–—-]+\s"
)
_OPENINGS = re.compile(
    r"^(?:(?:the|die|der|den|l['’]|la|le|agence|agencia|agência|agenzia|agentur|nachrichtenagentur(?:en)?|by|from|von|par"
    r"|source|quelle|©)\s*:?\s+|l['’]|©\s*|(?:来源|來源|출처|出典)\s*[:：]\s*)",
    re.IGNORECASE,
)
_DESK = re.compile(r"[a-zäöü]{2,4}|\W*\d[\d\W]*")  # "lno", "jd", "23.12.": a desk, initials, a date
_EDITORS = frozenset({"red", "redaktion", "staff"})  # the outlet's own hand beside an agency's code
_GENERIC = frozenset(
    """
    international news agency wire service services staff world bureau online english newsroom agencies
    reporter reporters writer writers editor desk reports report team feed pvt ltd inc
    """.split()  # noqa: SIM905 - a table in the shape of text
)


_BEFORE_CODE = re.compile(
    r"(?:^|[,;/&(]|['’]|\b(?:an?|the|and|und|et|y|e|der|die|den|la|le|by|from|of|de|da|do|du|von|agenc\w+|agênci\w+"
    r"|agentur\w*))\s*$",
    re.IGNORECASE,
)
_AFTER_CODE = re.compile(
    r"\s*(?:$|[,;/&.)\]]|(?:and|und|et|y|e|in)\b|(?:\w+ ){0,3}?(?:writers?|reporters?|journalists?|correspondents?|staff"
    r"|producers?|news|reports?|feeds?|material|editors?|photographers?)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a slot names: agencies in order, and everyone else. `own`: the others are the agency's."""

    agency_ids: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    own: bool = False

    @property
    def level(self) -> Level:
        """OWNER for one agency alone or with its own writers, SHARED for any other company."""
        alone = len(self.agency_ids) == 1 and (self.own or not self.others)
        return Level.OWNER if alone else Level.SHARED


def named_whole(rules: AgencyRules, text: str) -> str | None:
    """The agency a whole text names, an article or "Agence" before it aside."""
    if agency_id := rules.named(text):
        return agency_id
    text = text.strip().strip(" .:*\"“”'()[]")
    return rules.named(text) or rules.named(_OPENINGS.sub("", text))


def read_byline(rules: AgencyRules, raw: str) -> Named:
    """Agencies and others of a byline: in "Jane Doe, Associated Press" she is the agency's writer."""
    if whole := named_whole(rules, raw):
        return Named((whole,))
    ids: list[str] = []
    others: list[str] = []
    attached = True
    for n, (name, joint) in enumerate(pieces := split_byline(raw)):
        agency_id, rest = _read_name(rules, name, raw)
        if name in STATES and joint == "comma" and not re.search(rf"\b{name}\s+\w", raw):
            agency_id = (
                None  # "Jane Doe, Allentown, PA"; "Jane Doe, PA Correspondent" is the agency's
            )
        if agency_id is None:
            others.append(name)
            continue
        ids.append(agency_id)
        if rest:
            others.append(rest)
        elif n == 0 and len(pieces) > 1:
            attached = attached and pieces[1][1] in {"slash", "note", "bar"}
        else:
            attached = attached and joint not in {"and", "amp", "also"}
    own = attached and all(is_person(name) for name in others)
    return Named(tuple(dict.fromkeys(ids)), tuple(others), own=own)


def _read_name(rules: AgencyRules, name: str, raw: str) -> tuple[str | None, str]:
    """The agency a name is or ends with, and the person written beside it without a comma."""
    if agency_id := named_whole(rules, name):
        # "CP Staff" is a paper's own: two letters need more than the word "staff".
        short = len(name) == 2 and re.search(rf"\b{re.escape(name)} staff\b", raw, re.IGNORECASE)
        return (None, "") if short else (agency_id, "")
    for hit in rules.find(name):
        if hit.is_code or not (hit.end == len(name) or hit.start == 0):
            continue
        rest = (name[: hit.start] + name[hit.end :]).strip(" ,-–—/'’")
        if rest.lower().split()[-1:] == ["the"]:
            rest = rest[:-4].strip()
        # "Associated Press Auto" is a beat, "新华社记者" a reporter of Xinhua.
        beat = hit.start == 0 and " " in name[: hit.end] and " " not in rest
        if (
            beat
            or rest[:2] in {"记者", "記者"}
            or all(word in _GENERIC for word in rest.lower().split())
        ):
            return hit.agency_id, ""
        if is_person(rest):
            return hit.agency_id, rest
    return None, ""


def is_person(name: str) -> bool:
    """Whether a name reads as a person's: two words or more, capitals, no organisation's word."""
    words = name.split()
    return (
        len(words) >= 2
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and not is_organisation(name)
    )


def read_slot(
    rules: AgencyRules, text: str, *, strict: bool = False, unspaced: bool = False
) -> Named:
    """Agencies and others of a narrow slot, every piece of which is a name or code.

    Args:
        rules: the agencies.
        text: "AP", "dpa/lno", "CNN/AP", "AFP, Reuters".
        strict: desk codes and initials beside the agency count as others.
        unspaced: a name may stand inside a run of Han or kana, beside a place and a reporter.
    """
    if PHOTO.search(text):
        return Named()
    if whole := named_whole(rules, text):
        return Named((whole,))
    ids: list[str] = []
    others: list[str] = []
    for piece in _JOINTS.split(text.strip(" .")):
        agency_id = named_whole(rules, piece)
        if agency_id is None and unspaced:
            agency_id = rules.within(piece)
        if agency_id:
            ids.append(agency_id)
        elif piece.strip(" .").lower() in _EDITORS:
            others.append(piece.strip(" .").upper())
        elif piece.strip() and (strict or not _DESK.fullmatch(piece.strip())):
            others.append(piece.strip())
    return Named(tuple(dict.fromkeys(ids)), tuple(others))


def credits_in_words(text: str, hit: Hit) -> bool:
    """Whether a name or code found in a note ("with files from …") is one of the credited.

    A code must stand where a name would: "AP writer Jane Doe" does, "the MAP project" does not.
    """
    if not hit.is_code:
        return hit.as_spelt
    return bool(_BEFORE_CODE.search(text[: hit.start]) and _AFTER_CODE.match(text, hit.end))
