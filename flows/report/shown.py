"""How values look on the page: numbers, times, and text in which nothing is invisible or obeyed."""

import unicodedata
from datetime import date, datetime

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PICTURES = 0x2400
_DELETE, _DELETE_PICTURE = 0x7F, "\u2421"
_NEVER = frozenset({"Cc", "Cs"})
_NONCHARACTERS = range(0xFDD0, 0xFDF0)


def visible(text: str) -> str:
    """Text whose control characters are shown and not obeyed.

    A C0 control becomes its picture (U+2400 and on), other controls, surrogates and noncharacters
    U+FFFD. Characters that turn the direction of what follows are named: a reversed
    word is a disguise more often than a need. Line ends and tabs stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else _shown(c) for c in text)


def _shown(character: str) -> str:
    code = ord(character)
    if character in _BIDI:
        return f"⟨U+{code:04X}⟩"
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    if code & 0xFFFE == 0xFFFE or code in _NONCHARACTERS:
        return "\ufffd"
    return "\ufffd" if unicodedata.category(character) in _NEVER else character


def shortened(text: str, limit: int) -> str:
    """Visible text in one line of at most so many characters."""
    line = " ".join(visible(text[: 2 * limit + 1]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def count(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}"


def share(part: float, whole: float) -> str:
    """A share in per cent; a dash where there is no whole."""
    return f"{part / whole:.0%}" if whole else "–"


def instant(at: datetime | None, precision: str | None = None) -> str:
    """A time in UTC, as precise as it is known."""
    if at is None:
        return "unknown"
    return f"{at:%Y-%m-%d}" if precision == "day" else f"{at:%Y-%m-%d %H:%M} UTC"


def day(on: date | None) -> str:
    """A day."""
    return "unknown" if on is None else on.isoformat()


def duration(seconds: float | None) -> str:
    """Seconds in the unit that fits."""
    if seconds is None:
        return "–"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.0f} s"
