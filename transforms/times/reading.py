"""Reading one time in the forms pages and feeds really use.

Feed parsers take CET or IST for GMT, read "2021/12/23" as another day and turn an epoch into the
year 1640; so every raw string is read here. The rule throughout: what cannot be read surely is not
read. A day before a month or a month before a day is decided by a value over 12 or not at all; a
time whose zone is unknown counts as its day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from transforms.records import Precision, Published
from transforms.times.calendars import FILLERS, MONTHS, zone_offset

MAX_RAW = 200
"""Longer strings are no times."""

_ISO = re.compile(
    r"(?P<year>\d{4})(?P<sep>[-/.]?)(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"(?:(?:T|t|\s+|,\s*)(?P<hour>\d{1,2})(?P<colon>:?)(?P<minute>\d{2})"
    r"(?:(?P=colon)(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<rest>.*))?"
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<sep>)(?P<month>\d{2})(?P<day>\d{2})"
    r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<rest>)"
)
_HALF = re.compile(r"([ap])\.?\s?m\b\.?\s*")
_REGION = re.compile(r"\[[^\]]*\]\s*\Z")
_EPOCH = re.compile(r"(\d{10})(?:\.\d+|\d{3}|\d{6})?")
_ASIAN = re.compile(
    r"(?P<year>\d{4})\s*[年년.]\s*(?P<month>\d{1,2})\s*[月월.]\s*(?P<day>\d{1,2})\s*[日号號일.]"
    r"\s*(?:[（(]?(?:(?:星期|週|周|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日월화수목금토일](?:曜日?|요일)?)[）)]?)?"
    r"(?:\s*(?P<half>午前|午後|上午|下午|오전|오후)?\s*(?P<hour>\d{1,2})\s*[:：時时點点시]\s*(?P<minute>\d{1,2})?\s*[分분]?"
    r"(?::(?P<second>\d{2}))?)?"
)
_AFTERNOON = frozenset(("午後", "下午", "오후"))
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b")
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:(?:[:h.]|\s?h\s)(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?|\b(?P<hour12>\d{1,2})\s*(?P<half12>[ap])\.?\s?m\b\.?"
)
_OFFSET = re.compile(r"(?:(?:utc|gmt)\s*)?([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_SPAN = re.compile(r"(?<![:\d])\d{1,2}:\d{2}-\d{1,2}:\d{2}(?!\d)")
"""From one time to another, or a time and its offset: it cannot be told, so the day counts."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"\b\d{4}\b")
_RELABELLED = re.compile(
    r"\b(?:updated|modified|actualis|aktualisier|обновлен|actualizado|aggiornato)"
)


_ANY = datetime(2000, 1, 1)  # noqa: DTZ001 - whether a name is known does not depend on the day


def read_date(raw: str, source: str, zone: tzinfo | None = None) -> Published | None:
    """The time a raw string states, or None where it states none surely.

    Args:
        raw: the string as found ("Thu, 23 Dec 2021 14:05:41 CET", "23. Dezember 2021", "1640268341").
        source: one of `transforms.dates.SOURCE_ORDER`, kept with the result.
        zone: the zone of times that state none; UTC where it is not given.

    Returns:
        `at` in UTC. A time without a zone has `offset_minutes=None`; one whose zone name is unknown
        has day precision. Whether the value is plausible is not judged here.
    """
    text = raw.strip().replace("\u2212", "-")  # a minus sign proper
    if not text or len(text) > MAX_RAW:
        return None
    for reader in (_read_epoch, _read_iso, _read_asian, _read_words):
        try:
            found = reader(text)
            if found is not None:
                at, precision, offset = found
                if zone is not None and offset is None and precision is not Precision.DAY:
                    at = at.replace(tzinfo=zone).astimezone(UTC)
                return Published(at, precision, source, raw, offset)
        except (ValueError, OverflowError):
            return None
    return None


def read_first_date(raw: str, source: str, zone: tzinfo | None = None) -> Published | None:
    """The earlier of two times that a line states one behind the other, when it was published and when
    it was updated ("Jun 1, 2019 at 6:00 AM Jun 1, 2019 at 12:43 PM"); None for any other line.
    """
    words = raw.split()
    for at in range(len(words) - 1, 0, -1):
        parts = (" ".join(words[:at]), " ".join(words[at:]))
        found = [read_date(part, source, zone) for part in parts]
        times = [one for one in found if one is not None and _YEAR.search(one.raw)]
        if len(times) == len(parts):
            return replace(min(times, key=lambda one: one.at), raw=raw)
    return None


_Found = tuple[datetime, Precision, int | None]


def _read_epoch(text: str) -> _Found | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    return datetime.fromtimestamp(int(match[1]), UTC), Precision.INSTANT, 0


def _read_iso(text: str) -> _Found | None:
    """ISO 8601, extended and basic, with the usual liberties ("2021/12/23 14:05:41 CET")."""
    match = _ISO.fullmatch(text)
    if match is None:
        match = _COMPACT.fullmatch(text)
    if match is None or (match["sep"] == "" and len(match["month"] + match["day"]) != 4):
        return None
    day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["hour"] is None:
        return _build(day, None, ())
    rest = match["rest"].lower()
    hour = int(match["hour"])
    if (half := _HALF.match(rest)) is not None:
        hour = _full_hour(hour, half[1])
        rest = rest[half.end() :]
    clock = hour, int(match["minute"]), _second(match["second"])
    return _build(day, clock, _zone_words(rest))


def _read_asian(text: str) -> _Found | None:
    match = _ASIAN.fullmatch(text)
    if match is None:
        return None
    day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["hour"] is None:
        return _build(day, None, ())
    hour = int(match["hour"])
    if match["half"]:
        # Noon is written as both 12 and 0 in the afternoon.
        hour = hour % 12 + (12 if match["half"] in _AFTERNOON else 0) if hour <= 12 else hour
    return _build(day, (hour, int(match["minute"] or 0), _second(match["second"])), ())


def _read_words(text: str) -> _Found | None:
    """A date in words or with slashes, in any order, every token of which is understood."""
    rest = text.lower().replace("\u00a0", " ").replace("\u202f", " ")
    if _RELABELLED.search(rest):
        return None
    numeric = _NUMERIC.search(rest)
    if numeric is not None:
        rest = f"{rest[: numeric.start()]} {rest[numeric.end() :]}"
    is_span = _SPAN.search(rest) is not None
    clock, rest = _take_clock(rest)
    zone, rest = _take_offset(rest) if clock is not None else ((), rest)
    words, numbers = _WORD.findall(rest), _NUMBER.findall(rest)
    if numeric is not None:
        day = None if numbers else _numeric_day(numeric)
    else:
        day = _day_in_words(words, numbers)
        words = [w for w in words if w not in MONTHS]
    unknown = tuple(w for w in words if w not in FILLERS)
    # One unknown word beside a clock is a zone; any other says that this is a sentence.
    if day is None or len(unknown) > (0 if clock is None else 1):
        return None
    if zone and any(zone_offset(word, _ANY) is None for word in unknown):
        return None  # "2 pm-3 pm" is a span and no offset
    return _build(day, clock, ("a span",) if is_span else zone or unknown)


def _numeric_day(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Day and month of "23/12/2021": points mean day first, else only a value over 12 decides."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or (first > 12 >= second) or first == second:
        return year, second, first
    return (year, first, second) if second > 12 >= first else None


def _day_in_words(words: list[str], numbers: list[str]) -> tuple[int, int, int] | None:
    months = [MONTHS[w] for w in words if w in MONTHS]
    if len(numbers) != 2 or len(set(months)) != 1:
        return None
    years = [n for n in numbers if len(n) == 4]
    days = [n for n in numbers if len(n) <= 2]
    if len(years) == 1 and len(days) == 1:
        return int(years[0]), months[0], int(days[0])
    # RFC 822 has two-digit years, always after the day.
    if len(days) == 2 and len(days[1]) == 2:
        return 2000 + int(days[1]), months[0], int(days[0])
    return None


def _take_clock(text: str) -> tuple[tuple[int, int, int | None] | None, str]:
    match = _CLOCK.search(text)
    if match is None:
        return None, text
    hour = int(match["hour"] or match["hour12"])
    half = match["half"] or match["half12"]
    if half:
        hour = _full_hour(hour, half)
    clock = hour, int(match["minute"] or 0), _second(match["second"])
    return clock, f"{text[: match.start()]} {text[match.end() :]}"


def _full_hour(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:
        msg = f"{hour} {half}m is no hour"
        raise ValueError(msg)
    return hour % 12 + (12 if half == "p" else 0)


def _take_offset(text: str) -> tuple[tuple[str, ...], str]:
    match = _OFFSET.search(text)
    if match is None:
        return (), text
    # A zone name beside an offset ("+0000 (UTC)") only repeats it.
    tail = re.sub(r"\([^)]*\)", " ", text[match.end() :])
    return (match[0],), f"{text[: match.start()]} {tail}"


def _zone_words(rest: str) -> tuple[str, ...]:
    # RFC 9557 repeats an offset by a region: "+01:00[Europe/Paris]".
    rest = _REGION.sub("", rest).strip()
    if not rest:
        return ()
    offset, left = _take_offset(rest)
    left = left.strip(" []()")
    return offset if offset and not left.strip() else (rest,)


def _second(text: str | None) -> int | None:
    # A leap second has no place in datetime.
    return None if text is None else min(int(text), 59)


def _build(
    day: tuple[int, int, int],
    clock: tuple[int, int, int | None] | None,
    zone: tuple[str, ...],
) -> _Found:
    """Put the parts together; a ValueError says that they make no time."""
    midnight = datetime(*day, tzinfo=UTC)
    if clock is None:
        return midnight, Precision.DAY, None
    hour, minute, second = clock
    extra = timedelta(days=1) if (hour, minute) == (24, 0) else timedelta()
    local = midnight.replace(hour=hour % 24 if extra else hour, minute=minute, second=second or 0)
    local += extra
    precision = Precision.MINUTE if second is None else Precision.INSTANT
    if not zone:
        return local, precision, None
    offset = _offset_minutes(zone[0], local)
    if offset is None:
        return midnight, Precision.DAY, None
    at = local.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)
    return at, precision, offset


def _offset_minutes(zone: str, local: datetime) -> int | None:
    match = _OFFSET.fullmatch(zone.strip())
    if match is None:
        return zone_offset(zone.strip(), local.replace(tzinfo=None))
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if int(match[3] or 0) > 59 or not minutes <= 14 * 60:
        raise ValueError(zone)
    return -minutes if match[1] == "-" else minutes
