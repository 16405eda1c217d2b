"""What a character is to the tokeniser: its folded value and its class, as tables by code point.

Folding is NFKC, case folding, and the removal of the accents U+0300 to U+036F, so that "Café",
"CAFE" and "ｃａｆｅ" are one word; decimal digits of every script become 0 to 9. A character that
folds to several (a ligature, "ß") is expanded. The tables are filled a page of 256 code points at
a time, when a text first uses one: filling all 4,352 pages would cost seconds at import.
The classes follow the Unicode general category (https://www.unicode.org/reports/tr44/) and, for
scripts that do not separate words, the script blocks.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

WORD = 1  # letter, digit or mark that belongs to a word
DIGIT = 2
SPECIAL = 4  # folds to nothing (soft hyphen, joiners, points of Hebrew) or to several ("ß")
HYPHEN = 8  # joins two halves of a word ("build-up")
POINT = 16  # full stop or comma: joins digits and initials ("14,000", "U.S.")
IDEOGRAPH = 32  # Han or kana: a token of its own
SYLLABIC = 64  # Thai, Lao, Khmer, Burmese: no spaces and several characters to a word
CASED = 128  # a letter of a script with capitals

_PAGE = 256
_CODE_POINTS = 0x110000
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\ufe63\uff0d")
_POINTS = frozenset(".,\uff0e\uff0c")
_IDEOGRAPHIC_BLOCKS = (
    (0x3005, 0x3007),
    (0x3040, 0x312F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_SYLLABIC_BLOCKS = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xAA7F))
_MASK64 = (1 << 64) - 1
# The micro sign alone of the first page would fold to a letter of another: the letter takes its
# value instead, so that a byte is enough for every folded character of that page.
_MICRO, _MU = 0xB5, 0x3BC


def scramble(number: int) -> int:
    """A 64-bit integer with the bits of `number` well mixed (the finaliser of splitmix64).

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    mixed = (number + 0x9E3779B97F4A7C15) & _MASK64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK64
    return mixed ^ (mixed >> 31)


def fold(character: str) -> str:
    """The folded form of one character: usually one character, sometimes several, never empty."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not 0x300 <= ord(c) <= 0x36F)
    return unicodedata.normalize("NFC", bare) or character


def _within(code_point: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code_point <= last for first, last in blocks)


def _is_transparent(character: str) -> bool:
    category = unicodedata.category(character)
    code_point = ord(character)
    return (
        category == "Cf"
        or 0x300 <= code_point <= 0x36F
        or 0xFE00 <= code_point <= 0xFE0F
        or code_point == 0x0640  # tatweel, which only stretches an Arabic word
        or (category == "Mn" and 0x0591 <= code_point <= 0x0670)
    )


def classify(character: str) -> int:
    """The class bits of one character, of its folded form where it has letters."""
    if character in _HYPHENS:
        return HYPHEN
    if character in _POINTS:
        return POINT
    if _is_transparent(character):
        return SPECIAL
    if not _is_word(character):
        return 0
    if character.isdecimal():
        return WORD | DIGIT
    bits = WORD
    folded = fold(character)[0]
    if _within(ord(folded), _IDEOGRAPHIC_BLOCKS):
        bits |= IDEOGRAPH
    elif _within(ord(folded), _SYLLABIC_BLOCKS):
        bits |= SYLLABIC
    elif folded.upper() != folded.lower():
        bits |= CASED
    return bits


class CharacterTables:
    """Class bits and folded values by code point, filled page by page.

    A cache of the pure functions above: what a lookup gives does not depend on what was asked
    before. `folded` is the code point of the folded character, 0 for what is no part of a word;
    `first_bits` and `first_folded` are the same for code points below 256, for `bytes.translate`.
    """

    def __init__(self) -> None:
        self.bits = np.zeros(_CODE_POINTS, dtype=np.uint8)
        self.folded = np.zeros(_CODE_POINTS, dtype=np.uint32)
        self.expansions: dict[int, NDArray[np.uint32]] = {}
        self._filled = np.zeros(_CODE_POINTS // _PAGE, dtype=np.bool_)
        self._fill(0)
        self.first_bits = self.bits[:_PAGE].tobytes()
        self.first_folded = self.folded[:_PAGE].astype(np.uint8).tobytes()

    def cover(self, code_points: NDArray[np.uint32]) -> None:
        """Fill the pages these code points lie on."""
        pages = np.flatnonzero(np.bincount(code_points >> 8, minlength=1))
        for page in pages[~self._filled[pages]].tolist():
            self._fill(page)

    def _fill(self, page: int) -> None:
        for code_point in range(page * _PAGE, (page + 1) * _PAGE):
            character = chr(code_point)
            bits = classify(character)
            if bits & WORD:
                folded = [c for c in fold(character) if _is_word(c)] or [character]
                self.folded[code_point] = _one_letter(ord(folded[0]))
                if len(folded) > 1:
                    bits |= SPECIAL
                    self.expansions[code_point] = np.array(
                        [_one_letter(ord(c)) for c in folded], dtype=np.uint32
                    )
            self.bits[code_point] = bits
        self._filled[page] = True


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _one_letter(code_point: int) -> int:
    return _MICRO if code_point == _MU else code_point
