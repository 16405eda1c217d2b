"""Words of dates: month names in the languages of the press, and what zone names mean.

A zone name is an offset only by convention. Where two conventions compete, the table takes the one
that news in English uses (IST is India, CST is North America, BST is British Summer Time).
"""

from __future__ import annotations

from datetime import datetime, timedelta

_MONTH_NAMES = (
    # English German French Spanish Italian Portuguese Dutch Russian Polish Swedish Danish Turkish
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari января янв stycznia ocak",
    "february feb februar febr feber février févr fév febrero febbraio fevereiro fev februari февраля фев lutego şubat",
    "march mar märz mär mrz mars marzo março maart mrt марта мар marca mart",
    "april apr avril avr abril abr aprile апреля апр kwietnia nisan",
    "may mai mayo maggio mag maio mei мая maja maj mayıs toukokuuta května május травня тра مايو",
    "june jun juni juin junio giugno giu junho июня июн czerwca haziran",
    "july jul juli juillet juil julio luglio lug julho июля июл lipca temmuz",
    "august aug août aout agosto ago augustus augusti авг августа sierpnia ağustos",
    "september sep sept septembre septiembre setiembre settembre set setembro сентября сен сент września eylül",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября окт października ekim",
    "november nov novembre noviembre novembro ноября ноя нояб listopada kasım",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro декабря дек grudnia aralık",
)
_MORE_MONTH_NAMES = (
    # Norwegian Finnish Czech Hungarian Romanian Ukrainian Indonesian Arabic, and short Polish
    "sty tammikuuta ledna január ianuarie січня січ يناير",
    "lut helmikuuta února február februarie pebruari лютого лют فبراير",
    "maaliskuuta března március martie березня бер maret مارس",
    "kwi huhtikuuta dubna április aprilie квітня кві أبريل",
    "",
    "cze kesäkuuta června június iunie червня чер يونيو",
    "lip heinäkuuta července július iulie липня лип يوليو",
    "sie elokuuta srpna серпня сер agustus أغسطس",
    "wrz syyskuuta září szeptember septembrie вересня вер سبتمبر",
    "paź lokakuuta října október octombrie жовтня жов أكتوبر",
    "lis marraskuuta listopadu noiembrie листопада лис نوفمبر",
    "gru desember joulukuuta prosince decembrie грудня гру ديسمبر",
)
MONTHS: dict[str, int] = {
    name: number
    for table in (_MONTH_NAMES, _MORE_MONTH_NAMES)
    for number, names in enumerate(table, 1)
    for name in names.split()
}
"""Month names and their abbreviations, lower case, without the full stop."""

FILLERS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
    lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom
    lunedì martedì mercoledì giovedì venerdì sabato domenica gio mar
    segunda terça quarta quinta sexta feira seg ter qua qui sex
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс г года в
    понеділок середа четвер пʼятниця субота неділя року р о об
    poniedziałek wtorek środa czwartek piątek sobota niedziela godz roku
    måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag kl den
    pazartesi salı çarşamba perşembe cuma cumartesi pazar
    maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai klo
    senin selasa rabu kamis jumat sabtu minggu
    st nd rd th er of the at on by and
    published publish posted post date dated first last
    den der um am uhr vom veröffentlicht erstellt stand
    le la à publié mis en ligne h min
    el a las de del publicado il alle ore pubblicato às em op om
    """.split()  # noqa: SIM905 - names read better as words than as quoted strings
)
"""Words that may stand around a date without changing it: weekdays, ordinals, prepositions."""

_ZONES: dict[str, int] = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet", "zulu"), 0),
    **dict.fromkeys(("bst", "cet", "mez", "wat", "west"), 60),
    **dict.fromkeys(("cest", "mesz", "eet", "cat", "sast"), 120),
    **dict.fromkeys(("eest", "msk", "eat", "idt", "trt"), 180),
    **dict.fromkeys(("gst", "msd"), 240),
    "pkt": 300,
    "ist": 330,
    "npt": 345,
    **dict.fromkeys(("ict", "wib"), 420),
    **dict.fromkeys(("awst", "hkt", "myt", "pht", "sgt", "wita"), 480),
    **dict.fromkeys(("jst", "kst", "wit"), 540),
    "acst": 570,
    "aest": 600,
    "acdt": 630,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    "ndt": -150,
    **dict.fromkeys(("adt", "art", "brt", "uyt"), -180),
    "nst": -210,
    **dict.fromkeys(("ast", "clt", "edt"), -240),
    **dict.fromkeys(("est", "cdt", "cot", "pet"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    **dict.fromkeys(("pst", "akdt"), -480),
    "akst": -540,
    "hst": -600,
}
"""Offsets from UTC in minutes."""

_AMERICAN = {"et": -300, "ct": -360, "mt": -420, "pt": -480}
"""Names that leave out whether daylight saving holds; the date says it."""


def zone_offset(name: str, local: datetime) -> int | None:
    """Minutes that a zone name stands for at a naive local time; None for an unknown name."""
    name = name.lower().strip("()[] .")
    if name in _AMERICAN:
        return _AMERICAN[name] + (60 if _american_summer(local) else 0)
    return _ZONES.get(name)


def _american_summer(local: datetime) -> bool:
    """Whether daylight saving holds in the United States (Energy Policy Act of 2005; before: 1986)."""
    if local.year >= 2007:
        start = _sunday(local.year, 3, 8)
        end = _sunday(local.year, 11, 1)
    else:
        start = _sunday(local.year, 4, 1)
        end = _sunday(local.year, 10, 25)
    return start + timedelta(hours=2) <= local < end + timedelta(hours=2)


def _sunday(year: int, month: int, from_day: int) -> datetime:
    day = datetime(year, month, from_day)  # noqa: DTZ001 - a local calendar day has no zone
    return day + timedelta(days=6 - day.weekday())
