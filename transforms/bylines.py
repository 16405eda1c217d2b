"""Names out of bylines: "By JANE DOE, Associated Press" is Jane Doe and Associated Press.

Roles, places, addresses and handles go; people and organisations stay, in the order printed. Names
keep their case, except people's names in capitals.
"""

from __future__ import annotations

import re

from transforms.credits.names import in_case
from transforms.credits.roles import (
    NOBODY,
    ROLE_MODIFIERS,
    SINGLE_NAMES,
    is_code,
    is_organisation,
    without_role,
)
from transforms.records import Author

_CLIP = 1_000  # characters of a byline that are read; longer ones are not bylines
_MOST_NAMES = 40
_ADDRESS = re.compile(
    r"[^\s()<>]{1,80}@[^\s()<>]{1,80}\.\w{2,12}|https?://\S+|www\.\S+|(?<!\w)@\w{2,40}"
)
_TAGS = re.compile(r"<[^<>]{0,200}>|&(?:nbsp|#\d{1,5});?|Â(?=\s|$)")
_PROFILE = re.compile(
    r"^\s*(?:view|see|read|show)?\s*(?:all |more )?(?:posts|articles|stories|content)?\s*(?:by|from)\s+|"
    r"\b(?:view|see|read) (?:all |more )?(?:posts|articles|stories|profile|bio)\b(?: (?:by|from))?|\bfollow(?:ing)?\b"
    r"|\bshow bio\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:author )?byline|(?:(?:written|reported|posted|published|story|text|words|reporting|analysis|review|edited|compiled|opinion)"
    r"\s+)?by|von|vom|par|por|di|da|door|av|af|przez|from|text|texte|texto|testo|autor(?:in|es)?|auteurs?|autore"
    r"|authors?|written|автор|文|記者|记者|作者|글)\s*[:/：]?\s+|^(?:文|記者|记者|作者|撰文)\s*[:/／：]\s*",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\b(?:(?:last )?updated|published|posted|first published|aktualisiert|veröffentlicht|publié|mis à jour|publicado"
    r"|actualizado|atualizado|pubblicato|aggiornato)\b.*$|\b\d{1,2}:\d{2}\b.*$|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b.*$"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}.*$",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    rf"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?"
    rf"|\d{{1,2}} {_MONTH}\.?,? \d{{4}}\b)(?:,? (?:at )?\d{{1,2}}:\d{{2}}(?: ?[ap]\.?m\b\.?)?(?: [A-Z]{{2,4}}\b)?)?"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
    re.IGNORECASE,
)
# What sites print after a name: buttons, a biography, the section.
_REST = re.compile(
    r"(?<=\S)\s+(?:(?:About|Follow(?:ing)?|Biography|Opinions expressed|Shares?|Facebook|Twitter|Email the|Print this"
    r"|Topic:|Special to|Show more)\b|\d{1,4} (?:com[me]nt|min)|\d{1,2} \w{3,7} ago|Coment[eá]).*$"
)
# Where an organisation follows a name without a comma: "JANE DOE Associated Press", "Jane DoeThe Courier".
_NO_COMMA = re.compile(
    r"(?<=[a-z.A-Z])\s+(?=(?:Associated|Canadian) Press\b|Agence France|USA TODAY\b|[A-Z]{2,4} News\b)"
    r"|(?<=[a-z.])\s*(?=The [A-Z])|(?<=[a-zA-Z.])\s+(?=(?:AP|AFP|CNN|UPI|PTI)\b)|(?<=[a-z])(?=(?:AP|AFP|CNN)\b)"
    r"|(?<=[A-Z]{3})\s+(?=[A-Z][a-z]+ (?:[A-Z][a-z]+ )?(?:Press|News|Times|Post|Tribune|Journal|Herald|Chronicle)\b)"
)
_JOINT = re.compile(
    r"(?P<bar>\s*\|\s*)|(?P<hard>\s*[;•·\n\t]\s*|\s*、\s*|\s*／\s*)|(?P<comma>\s*[,，]\s+(?!(?:with|avec|mit|con|com|met|med)\s)(?:(?:and|und|et|y|e|en|och|og)\s+)?)"
    r"|(?P<slash>\s*/\s*|\s+[–—-]\s+)|(?P<amp>\s+&\s+)"
    r"|(?P<also>\s*,?\s+(?:with|avec|mit|con|com|met|med)\s+(?:l'|l’|la |le |the |der |die |den )?)"
    r"|(?P<of>\s+for\s+(?=(?-i:[A-Z]))|\s+(?:of|from) the\s+|\s+of\s+(?=(?-i:[A-Z]{2,})\b))"
    r"|(?P<and>\s+(?:and|und|et|y|e|en|och|og|i|и)\s+)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\s+(?:in|à|en|a|aus|reporting from|at)\s+(?:the\s+)?[A-ZÀ-Þ][\w.'’-]*(?:[ ,]+[A-ZÀ-Þ][\w.'’-]*){0,3}$"
)
_NOTE = re.compile(r"\(([^()]{1,60})\)")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?:Jr|Sr|Inc|Co|Corp|Ltd)\.\s*$", re.IGNORECASE)
_DEGREE = re.compile(
    r"(?:ph\.?d|m\.?d|m\.?p\.?h|m\.?a|m\.?sc|b\.?a|b\.?sc|r\.?n|esq|d\.?phil|mba|jd|dds|dvm|ms|rdn?|mph|np|dr)\.?$",
    re.IGNORECASE,
)


def parse_byline(raw: str) -> tuple[Author, ...]:
    """The people and organisations a byline names, each once, in the order printed.

    Args:
        raw: the byline as printed or declared; `Author.raw` repeats it.

    Returns:
        Nothing for a byline of roles, addresses or dates alone.
    """
    names: list[str] = []
    seen: set[str] = set()
    for name, _ in split_byline(raw):
        if name.casefold() not in seen and len(names) < _MOST_NAMES:
            seen.add(name.casefold())
            names.append(name)
    return tuple(Author(name, raw) for name in names)


def split_byline(raw: str) -> list[tuple[str, str]]:
    """The names of a byline, each with the joint before it: "", "bar" (|), "hard" (;), "comma", "slash", "amp",
    "also" (with), "of", "and" or "note" (in parentheses).
    """
    text = _TAGS.sub(" ", raw[:_CLIP]).replace("\u00a0", " ").replace("\u200b", "").strip()
    text = _DATE.sub(" | ", _ADDRESS.sub(" ", text))
    text = re.sub(r"[ \r\f\v]+", " ", text).strip(" ,;|/•·-–—")
    text = _REST.sub("", text)
    text = _PROFILE.sub("", text).strip()
    for _ in range(2):
        text = _OPENING.sub("", text).strip()
    pieces = _split(_NO_COMMA.sub(_comma_after_a_name, text))
    names: list[tuple[str, str]] = []
    for joint, piece in pieces:
        text = _STAMP.sub("", piece).strip(" .,:;|/•·-–—\"'“”*")
        dot = "." if _ABBREVIATION.search(piece) else ""
        if names and _SUFFIX.fullmatch(text):
            names[-1] = (f"{names[-1][0]} {text}{dot}", names[-1][1])
            continue
        notes = [note for note in _NOTE.findall(text) if note.strip()]
        name = _clean_name(_NOTE.sub(" ", text))
        if name:
            names.append((name + dot, joint))
        names.extend((note, "note") for note in map(_clean_name, notes) if note)
    if len(names) == 2 and names[1][1] == "comma" and not any(" " in name for name, _ in names):
        return _turn_round(names)
    return names


def _comma_after_a_name(found: re.Match[str]) -> str:
    before = found.string[: found.start()].split()[-2:]
    named = len(before) == 2 and all(word[0].isupper() for word in before)
    return ", " if named and before[1] not in {"The", "And", "By"} else found[0]


def _turn_round(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turn "Doe, Jane" into one person; "Reuters, AFP" and "Doe, AFP" are two."""
    (last, joint), (first, _) = names
    known = {last.casefold(), first.casefold()} & SINGLE_NAMES
    if known or first.isupper() or last.isupper() or is_organisation(f"{last} {first}"):
        return names
    return [(f"{first} {last}", joint)]


def _split(text: str) -> list[tuple[str, str]]:
    """Cut a byline at its joints, leaving "X & Y" and "Health and Human Services" whole."""
    pieces: list[tuple[str, str]] = []
    joint = ""
    start = 0
    for found in _JOINT.finditer(text):
        left = text[start : found.start()]
        kind = found.lastgroup or ""
        if kind in {"amp", "and"} and not _splits(left, text[found.end() :], kind):
            continue
        pieces.append((joint, left))
        joint, start = kind, found.end()
    pieces.append((joint, text[start:]))
    return pieces


def _splits(left: str, after: str, kind: str) -> bool:
    right = _JOINT.split(after, maxsplit=1)[0]
    left_words, right_words = left.split(), right.split()
    if not left_words or not right_words:
        return False
    if re.search(r"\b(?:of|for|de|du|des|für)\b", left) and not is_code(right):
        return kind == "and" and len(right_words) >= 2 and not is_organisation(right)
    if is_code(right) or is_code(left_words[-1]):
        return True
    if right_words[0].casefold() in SINGLE_NAMES or left_words[-1].casefold() in SINGLE_NAMES:
        return True
    if kind == "amp":
        return (
            len(left_words) >= 2
            and len(right_words) >= 2
            and not re.search(
                r"\b(?:co|company|sons|inc|ltd|partners|associates)\b", right, re.IGNORECASE
            )
        )
    if len(left_words) == 1 and is_organisation(right):
        return False
    return left.casefold().strip() != right.casefold().strip()


def _clean_name(text: str) -> str:
    """A piece of a byline as a name; empty where it is a role, a place of work or nothing."""
    text = " ".join(text.split()).strip(' .,:;|/•·-–—"“”*')
    text = _OPENING.sub("", text)
    text = _PLACE.sub("", text)
    words = text.split()
    if not words or len(words) > 10 or text.casefold() in NOBODY or _DEGREE.fullmatch(text):
        return ""
    if not any(char.isalpha() for char in text) or sum(char.isdigit() for char in text) > 3:
        return ""
    half = len(words) // 2
    if half >= 2 and words[:half] == words[half:]:
        words = words[:half]
    words = without_role(words)
    low = {word.casefold() for word in words}
    if low <= ROLE_MODIFIERS | NOBODY or (words[0].isdigit() and words[-1].islower()):
        return ""
    return " ".join(in_case(words, organisation=is_organisation(" ".join(words))))
