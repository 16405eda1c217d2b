"""The case of names: people's names printed in capitals, codes and initials left alone."""

from __future__ import annotations

import re

_CODES = frozenset("USA UK EU UN ABC AFP ANI AP EFE IANS PA UPI".split())  # noqa: SIM905
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "du",
        "la",
        "le",
        "dos",
        "das",
        "el",
        "bin",
        "ibn",
        "ten",
        "ter",
        "zu",
    ]
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)


def in_case(words: list[str], *, organisation: bool) -> list[str]:
    """The words of a name in title case where they are printed in capitals.

    Args:
        words: one name.
        organisation: whether it is an organisation's, whose last word may be a code.
    """
    letters = [
        w for w in words if sum(char.isalpha() for char in w) > 1 and not _SUFFIX.fullmatch(w)
    ]
    if (
        len(letters) >= 2
        and all(word.isupper() for word in letters)
        and any(map(_has_vowel, letters))
    ):
        return [_capitalise(word, first=n == 0) for n, word in enumerate(words)]
    if len(words) >= 2 and not organisation:
        # "Jane DOE", as French desks write; a code beside a name stays.
        *first, last = words
        surname = len(last) >= 4 and last.isupper() and _has_vowel(last)
        if surname and not any(word.isupper() and len(word) > 2 for word in first):
            return [*first, _capitalise(last, first=False)]
    return words


def _has_vowel(word: str) -> bool:
    return any(char in "AEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÝŒАЕЁИОУЫЭЮЯ" for char in word.upper())


def _capitalise(word: str, *, first: bool) -> str:
    """Write "O'NEIL-MCKAY" as "O'Neil-McKay"; initials and codes without a vowel stay."""
    low = word.lower()
    if low in _PARTICLES and not first:
        return low
    if "." in word.rstrip(".") or not word.isupper() or word in _CODES:
        return word
    letters = sum(char.isalpha() for char in word)
    if letters <= 3 and (not _has_vowel(word) or (letters == 2 and word.endswith("J"))):
        return word
    parts = re.split(r"([-'’])", low)
    joined = "".join(
        part if n and parts[n - 1] in "'’" and len(part) == 1 else part.capitalize()
        for n, part in enumerate(parts)
    )
    return re.sub(r"\bMc([a-zà-ÿ])", lambda found: "Mc" + found[1].upper(), joined)
