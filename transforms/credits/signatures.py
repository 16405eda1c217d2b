"""Short lines that are nothing but a credit: "Jane Doe, Associated Press", "AFP, MANILA", "By dpa".

Where a line stands decides how much it must say: a name alone may be a photographer's, a code after a
name is one more often than not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.bylines import split_byline
from transforms.credits.rules import AgencyRules
from transforms.credits.slots import PHOTO, Named, is_person, named_whole, read_byline
from transforms.lines.shapes import ends_like_a_sentence

Signal = tuple[str, str]

BY = re.compile(
    r"(?:[/|•·]\s*)?(?:(?:(?:written|posted|reported)\s+)?(?:by|von|par|por|di|door|av|af)\s*:?\s+"
    r"|(?:author|autor|auteur|autore|source)s?\s*:\s*)+(?=[A-ZÀ-Þ\-–])",
    re.IGNORECASE,
)
_BEFORE_BYLINE = re.compile(r"(?P<agency>.{2,40}?)\s+[—–-]\s+(?=by\s)", re.IGNORECASE)
_NAME_AND_AGENCY = re.compile(r"([^/|]{2,60})/([^/|]{2,60})")
_FILED = re.compile(
    r"(?P<agency>[^,]{2,40}?)(?:,\s+[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{2,30}|\s+(?:in|à|en)\s+[A-ZÀ-Þ][\w .'’-]{2,30})"
)
_DATED = re.compile(r"\b\d{1,2}\b.*\b\d{4}\b|\b\d{4}\b.*\b\d{1,2}\b|\b\d{1,2}[:.]\d{2}\b")


def is_signature(rules: AgencyRules, text: str) -> bool:
    """Whether a line is names and an agency's full name, or an agency and a date or a byline: "Jane Doe,
    Associated Press", "Reuters | July 14, 2025", "Reuters — By Jane Doe". A code after a name is a
    photographer's more often than not.
    """
    if PHOTO.search(text):
        return False
    above = _BEFORE_BYLINE.match(text)
    if above and named_whole(rules, above["agency"]):
        return True
    *people, (last, joint) = split_byline(text) or [("", "")]
    if not people:
        return (
            last != text.strip()
            and bool(named_whole(rules, last))
            and _DATED.search(text) is not None
        )
    if "/" in text or ends_like_a_sentence(text):
        return False
    in_words = not last.isupper() and not last.islower()
    in_words = (in_words or len(people) > 1) and named_whole(rules, last) is not None
    return in_words and joint in {"comma", "bar"} and all(is_person(name) for name, _ in people)


def read_credit(rules: AgencyRules, text: str) -> Named:
    """Who a line credits that stands alone beside a headline; nobody where it may be anything else."""
    filed = _FILED.fullmatch(text)
    agency_id = named_whole(rules, filed["agency"]) if filed else None
    if agency_id:
        return Named((agency_id,))
    return read_byline(rules, text) if BY.match(text) or is_signature(rules, text) else Named()


def without_photographers(
    rules: AgencyRules, bylines: Iterable[str], structured: Iterable[Signal]
) -> list[str]:
    """The printed bylines, but for "Jane Doe / AP" on a page whose fields name another author.

    Captions and bylines are marked alike on many sites, and a name beside an agency after a stroke is
    a photographer's as often as a writer's.
    """
    declared = [
        name.casefold()
        for signal, value in structured
        if signal.endswith(("author", "creator"))
        for name, _ in split_byline(value)
    ]
    kept = []
    for text in bylines:
        pair = _NAME_AND_AGENCY.fullmatch(text.strip())
        sides = [side.strip() for side in pair.groups()] if pair else []
        people = [side for side in sides if not named_whole(rules, side)]
        is_photo = len(people) == 1 and is_person(people[0]) and bool(declared)
        if not (is_photo and not any(name in text.casefold() for name in declared)):
            kept.append(text)
    return kept
