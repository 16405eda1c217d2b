"""Publication times: every odd form is read right or not at all, and the choice is ordered."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates import SOURCE_ORDER, choose, read_date
from transforms.records import Precision, Published

DAYS = st.dates(date(1995, 1, 1), date(2037, 12, 31))
CAPTURE = datetime(2024, 5, 1, 12, tzinfo=UTC)


def read(raw: str) -> tuple[str, str, int | None] | None:
    """The value, precision and offset of a raw string, or None."""
    found = read_date(raw, "meta")
    if found is None:
        return None
    return found.at.strftime("%Y-%m-%dT%H:%M:%S"), found.precision.value, found.offset_minutes


@pytest.mark.parametrize(
    ("raw", "at", "offset"),
    [
        ("2021-12-23T14:05:41Z", "2021-12-23T14:05:41", 0),
        ("2021-12-23T14:05:41.123456789Z", "2021-12-23T14:05:41", 0),
        ("2021-12-23t14:05:41,5+01:00", "2021-12-23T13:05:41", 60),
        ("2021-12-23T14:05:41+0100", "2021-12-23T13:05:41", 60),
        ("2021-12-23T14:05:41+01", "2021-12-23T13:05:41", 60),
        ("2021-12-23 14:05:41 -0500", "2021-12-23T19:05:41", -300),
        ("2021-12-23T14:05:41+01:00[Europe/Paris]", "2021-12-23T13:05:41", 60),
        ("2021-12-23T23:30:00-05:00", "2021-12-24T04:30:00", -300),
        ("2021-12-23T24:00:00Z", "2021-12-24T00:00:00", 0),
        ("2021-12-31T23:59:60Z", "2021-12-31T23:59:59", 0),
        ("20211223T140500Z", "2021-12-23T14:05:00", 0),
        ("20211223140541", "2021-12-23T14:05:41", None),
        ("2021/12/23 14:05:41", "2021-12-23T14:05:41", None),
        ("2021-12-23T14:05:41", "2021-12-23T14:05:41", None),
        ("1640268341", "2021-12-23T14:05:41", 0),
        ("1640268341123", "2021-12-23T14:05:41", 0),
        ("1640268341.25", "2021-12-23T14:05:41", 0),
        ("Thu, 23 Dec 2021 14:05:41 +0000", "2021-12-23T14:05:41", 0),
        ("Thu, 23 Dec 2021 14:05:41 -0000", "2021-12-23T14:05:41", 0),
        ("Thu, 23 Dec 21 14:05:41 GMT", "2021-12-23T14:05:41", 0),
        ("23 Dec 2021 14:05:41 +05:30", "2021-12-23T08:35:41", 330),
        ("Thu Dec 23 2021 14:05:41 GMT+0100 (CET)", "2021-12-23T13:05:41", 60),
        ("Thu Dec 23 14:05:41 CET 2021", "2021-12-23T13:05:41", 60),
        ("Thu, 23 Dec 2021 14:05:41", "2021-12-23T14:05:41", None),
    ],
)
def test_instants(raw: str, at: str, offset: int | None):
    """Times to the second, in the forms that feeds, JSON-LD and meta tags use."""
    assert read(raw) == (at, "instant", offset)


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [
        ("GMT", 0), ("UT", 0), ("Z", 0), ("BST", 60), ("CET", 60), ("CEST", 120), ("MSK", 180),
        ("IST", 330), ("SGT", 480), ("JST", 540), ("ACST", 570), ("AEST", 600), ("AEDT", 660),
        ("EST", -300), ("EDT", -240), ("CST", -360), ("PDT", -420), ("PST", -480), ("NST", -210),
    ],
)  # fmt: skip
def test_zone_names_are_offsets_and_not_utc(zone: str, minutes: int):
    """Feed parsers take many of these for UTC without a word."""
    found = read_date(f"Thu, 23 Dec 2021 14:05:41 {zone}", "declared")
    assert found is not None
    assert found.offset_minutes == minutes
    assert found.at == datetime(2021, 12, 23, 14, 5, 41, tzinfo=UTC) - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("Dec. 23, 2021, 2:05 p.m. ET", "2021-12-23T19:05:00"),
        ("July 4, 2021, 2:05 p.m. ET", "2021-07-04T18:05:00"),
        ("March 13, 2022 1:59 AM PT", "2022-03-13T09:59:00"),
        ("March 13, 2022 3:00 AM PT", "2022-03-13T10:00:00"),
        ("April 2, 2006 3:00 AM ET", "2006-04-02T07:00:00"),
        ("March 20, 2006 3:00 AM ET", "2006-03-20T08:00:00"),
    ],
)
def test_american_zones_without_season_follow_the_date(raw: str, at: str):
    """The zone "ET" is five hours behind in winter and four in summer, by the rules of that year."""
    found = read(raw)
    assert found is not None
    assert found[0] == at


@pytest.mark.parametrize(
    "raw",
    [
        "23 December 2021, 14:05 GMT", "Thursday, December 23rd, 2021 at 2:05 PM GMT",
        "2021-12-23 2:05 PM GMT", "12/23/2021 2:05 PM UTC", "23/12/2021 14:05 +00:00",
        "2021-12-23T14:05Z",
    ],
)  # fmt: skip
def test_times_without_seconds_have_minute_precision(raw: str):
    """No second is invented; noon and midnight follow the 12-hour clock."""
    assert read(raw) == ("2021-12-23T14:05:00", "minute", 0)


def test_the_twelve_hour_clock_turns_at_twelve():
    """12 AM is midnight, 12 PM noon, 13 PM nothing."""
    assert read("2021-12-23 12:05 AM") == ("2021-12-23T00:05:00", "minute", None)
    assert read("2021-12-23 12:05 PM") == ("2021-12-23T12:05:00", "minute", None)
    assert read("2021-12-23 13:05 PM") is None


@pytest.mark.parametrize(
    "raw",
    [
        "23. Dezember 2021, 14:05 Uhr", "le 23 décembre 2021 à 14h05", "23 декабря 2021, 14:05",
        "23 de diciembre de 2021 a las 14:05", "23 dicembre 2021 alle 14:05",
        "23 de dezembro de 2021 às 14:05", "23 december 2021 om 14:05", "2021年12月23日 14:05",
        "2021년 12월 23일 14:05", "23.12.2021 14:05",
    ],
)  # fmt: skip
def test_month_names_of_other_languages(raw: str):
    """The forms of the European and East Asian press are read without a locale."""
    assert read(raw) == ("2021-12-23T14:05:00", "minute", None)


@pytest.mark.parametrize(
    "raw",
    [
        "2021-12-23", "20211223", "2021/12/23", "2021.12.23", "December 23, 2021", "Dec. 23, 2021",
        "23 December 2021", "Published: Thursday 23 December 2021", "23/12/2021", "12/23/2021",
        "23.12.2021", "23-12-2021", "2021年12月23日",
    ],
)  # fmt: skip
def test_days_stay_days(raw: str):
    """A date without a time has day precision and stands at midnight UTC, without an offset."""
    assert read(raw) == ("2021-12-23T00:00:00", "day", None)


def test_an_unknown_zone_name_leaves_the_day():
    """A time whose zone cannot be told is not taken for UTC: only its day is kept."""
    assert read("Thu, 23 Dec 2021 14:05:41 XYZT") == ("2021-12-23T00:00:00", "day", None)
    assert read("2021-12-23T14:05:41 Nowhere/City") == ("2021-12-23T00:00:00", "day", None)


@pytest.mark.parametrize("raw", ["01/02/2024", "01-02-2024", "1/2/2024 2:05 PM"])
def test_ambiguous_days_are_not_guessed(raw: str):
    """Whether the day or the month comes first is decided by a value over 12 or not at all."""
    assert read(raw) is None


def test_equal_day_and_month_are_not_ambiguous():
    """The fifth of May is the same either way."""
    assert read("05/05/2021") == ("2021-05-05T00:00:00", "day", None)


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "0000-00-00", "0000-00-00T00:00:00", "2021-13-45", "2021-02-30", "32 December 2021",
        "2021-12-23T25:00:00Z", "2021-12-23T14:61Z", "2021-12-23T14:05:41+99:00", "2 hours ago", "today",
        "yesterday at 5 pm", "Dec. 1-3, 2021", "between 1 December 2021 and 3 January 2022",
        "Updated December 23, 2021", "Last modified: 2 May 2021", "2021", "2021-12", "12/23/21",
        "Order 66 executed December 23, 2021", "December 2021", "14:05", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_publication_time_is_none(raw: str):
    """Impossible, relative, partial and modified dates, ranges and sentences give nothing."""
    assert read(raw) is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(raw: str):
    """Reading never raises, and what it gives is aware, in UTC and carries its raw string."""
    found = read_date(raw, "time")
    if found is not None:
        assert found.raw == raw
        assert found.at.utcoffset() == timedelta(0)


@given(DAYS, st.integers(0, 24 * 60 * 60 - 1), st.integers(-14 * 60, 14 * 60))
def test_iso_strings_come_back_as_the_instant_they_state(day: date, second: int, minutes: int):
    """Whatever offset a time is written with, the instant is the same."""
    local = datetime.combine(day, time(), UTC) + timedelta(seconds=second)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    found = read_date(f"{local:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{rest:02}", "json_ld")
    assert found is not None
    assert found.at == local - timedelta(minutes=minutes)
    assert found.offset_minutes == minutes


@given(DAYS)
def test_a_day_reads_the_same_in_words_and_in_numbers(day: date):
    """Four spellings of a day agree."""
    spellings = [
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
        f"{day:%d.%m.%Y}",
    ]
    assert len({read(spelling) for spelling in spellings}) == 1


def published(source: str, raw: str) -> Published:
    """A candidate that must be readable."""
    found = read_date(raw, source)
    assert found is not None
    return found


def test_the_order_of_sources_decides():
    """A declared time wins over JSON-LD, JSON-LD over meta, whatever order they are given in."""
    candidates = [
        published(source, f"2024-04-{day:02}T10:00:00Z")
        for day, source in enumerate(SOURCE_ORDER, 1)
    ]
    for first in range(len(SOURCE_ORDER)):
        chosen = choose(reversed(candidates[first:]), CAPTURE)
        assert chosen == candidates[first]


@pytest.mark.parametrize(
    "raw", ["1970-01-01T00:00:00Z", "1994-12-31", "2024-05-03T12:00:01Z", "2034-01-01"]
)
def test_absurd_times_are_never_chosen(raw: str):
    """Before 1995 or more than two days after the capture, a time is passed over for the next."""
    absurd, sound = published("json_ld", raw), published("meta", "2024-04-30T10:00:00Z")
    assert choose([absurd, sound], CAPTURE) == sound
    assert choose([absurd], CAPTURE) is None


def test_two_days_ahead_are_allowed():
    """Clocks and embargoes run ahead a little."""
    ahead = published("json_ld", "2024-05-03T12:00:00Z")
    assert choose([ahead], CAPTURE) == ahead


def test_a_day_is_refined_by_a_time_of_that_day():
    """A day from JSON-LD gives way to a time that falls on it where it was printed, to no other."""
    day = published("json_ld", "2024-04-30")
    late = published("meta", "2024-04-30T23:00:00-05:00")
    other = published("meta", "2024-04-29T10:00:00Z")
    assert choose([day, late], CAPTURE) == late
    assert choose([day, other], CAPTURE) == day


def test_a_declared_day_stays():
    """What the feed or record declares is never replaced."""
    day = published("declared", "2024-04-30")
    assert choose([day, published("json_ld", "2024-04-30T10:00:00Z")], CAPTURE) == day
    assert day.precision is Precision.DAY
