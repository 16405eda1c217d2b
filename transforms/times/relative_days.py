"""Days said relative to another: "yesterday", "3 hours ago", "Tuesday", in the languages of the press.

They mean something only beside an anchor, the time the page was taken, and then no more than a day.
Whether a result may be used, and that it was inferred, is for `transforms.dates` to say.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

_MAX_DAYS = 31
"""Who counts more days, or weeks, has rounded."""

_ONE = frozenset("a an one ein eine einer einem un une una um uma uno een".split())  # noqa: SIM905 - words read better
_UNITS = {
    **dict.fromkeys(
        """second seconds sec secs sekunde sekunden seconde secondes segundo segundos secondo secondi
        seconden секунд секунду секунды sekund sekundy sekunder 秒 초""".split(),  # noqa: SIM905 - as above
        timedelta(seconds=1),
    ),
    **dict.fromkeys(
        """minute minutes min mins minuten minuto minutos minuti minuut
        минут минуту минуты хвилин хвилини minut minuty minutę minuter minutter 分 分钟 分鐘 분""".split(),  # noqa: SIM905 - as above
        timedelta(minutes=1),
    ),
    **dict.fromkeys(
        """hour hours hr hrs h stunde stunden std heure heures hora horas ora ore uur uren
        час часа часов годин години godz godzin godziny godzinę timmar timme timer time 小时 小時 時間
        시간""".split(),  # noqa: SIM905 - as above
        timedelta(hours=1),
    ),
    **dict.fromkeys(
        """day days d tag tage tagen jour jours día días dia dias giorno giorni dag dagen
        день дня дней днів dni dzień dagar dage 天 日 일""".split(),  # noqa: SIM905 - as above
        timedelta(days=1),
    ),
}
_UNSPACED = re.compile(r"(?P<count>\d{1,3})\s*(?P<unit>[^\W\d_]+?)\s*[前전]")
_COUNT = r"(?P<count>\d{1,3}|[^\W\d_]+)\s*(?P<unit>[^\W\d_]+)\.?"
_AGO = re.compile(
    rf"(?:{_COUNT}\s+(?:ago|fa|geleden|назад|тому|temu|sedan|siden)|(?:vor|il y a|hace|há|ha)\s+{_COUNT.replace('count', 'count2').replace('unit', 'unit2')})"
)
_SAME_DAY = (
    "today", "just now", "now", "heute", "soeben", "aujourd'hui", "hoy", "hoje", "oggi", "vandaag",
    "сегодня", "сьогодні", "dzisiaj", "dziś", "idag", "i dag", "bugün", "今天", "今日", "오늘",
)  # fmt: skip
_DAY_BEFORE = (
    "yesterday", "gestern", "hier", "ayer", "ontem", "ieri", "gisteren", "вчера", "вчора", "wczoraj",
    "igår", "i går", "dün", "昨天", "昨日", "어제",
)  # fmt: skip
_TWO_DAYS_BEFORE = (
    "day before yesterday", "the day before yesterday", "vorgestern", "avant-hier", "anteayer",
    "anteontem", "l'altro ieri", "eergisteren", "позавчера", "позавчора", "przedwczoraj", "i förrgår",
    "前天", "一昨日", "그저께",
)  # fmt: skip
_WEEKS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
)
_WEEKDAYS = {name: day for week in _WEEKS for day, name in enumerate(week.split())}
_LABEL = re.compile(
    r"(?:published|posted|filed|veröffentlicht|publiée?|publicado|pubblicato|gepubliceerd|am|on|le|el)"
    r"\s*:?\s+"
)
_CLOCK = re.compile(
    r"[\s,]*(?:at|um|à|a las|alle|às|om|в|о|kl|klo)?[\s,]*\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?\s?m\.?|uhr|h)?"
)
_LONGEST = 60
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


def read_relative_day(raw: str, anchor: datetime, zone: tzinfo | None = None) -> datetime | None:
    """Midnight UTC of the day a relative string means, or None where it is none.

    Args:
        raw: the whole string ("yesterday at 5 pm", "vor 3 Stunden", "Tuesday"); a weekday is the
            latest one that is not after the anchor. "Updated 3 hours ago" is no publication.
        anchor: the time the string was read at, aware.
        zone: whose days are meant; UTC where it is not known.
    """
    if len(raw) > _LONGEST:
        return None
    text = " ".join(raw.lower().replace("’", "'").split()).strip(" .,;|·•")
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    here = anchor.astimezone(zone or UTC)
    elapsed = _elapsed(text)
    if elapsed is not None:
        day = (here - elapsed).date()
    else:
        back = _days_back(text, here.weekday())
        if back is None:
            return None
        day = here.date() - timedelta(days=back)
    return datetime.combine(day, time(), UTC)


def is_relative_day(line: str) -> bool:
    """Whether a line is a relative day and nothing else."""
    return read_relative_day(line, _ANY) is not None


def _elapsed(text: str) -> timedelta | None:
    match = _UNSPACED.fullmatch(text)
    if match is not None:
        count, unit = match["count"], match["unit"]
    elif (match := _AGO.fullmatch(text)) is not None:
        count, unit = match["count"] or match["count2"], match["unit"] or match["unit2"]
    else:
        return None
    number = 1 if count in _ONE else int(count) if count.isdecimal() else None
    step = _UNITS.get(unit)
    if number is None or step is None or number * step > timedelta(days=_MAX_DAYS):
        return None
    return number * step


def _days_back(text: str, today: int) -> int | None:
    for words, back in ((_SAME_DAY, 0), (_DAY_BEFORE, 1), (_TWO_DAYS_BEFORE, 2)):
        if any(_is_day(text, word) for word in words):
            return back
    name = next((name for name in _WEEKDAYS if _is_day(text, name)), None)
    return None if name is None else (today - _WEEKDAYS[name]) % 7


def _is_day(text: str, word: str) -> bool:
    """Whether a text is this word, alone or with a time of day."""
    if not text.startswith(word):
        return False
    rest = text[len(word) :]
    return not rest or _CLOCK.fullmatch(rest) is not None
