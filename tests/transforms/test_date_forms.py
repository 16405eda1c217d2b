"""The odd forms that feeds and pages write times in, one by one: what is kept of each, and its flag.

Every form that a library in use is known to read wrongly, silently or not, has a row here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dates import (
    MODIFIED_SOURCES,
    SOURCE_ORDER,
    chosen_date,
    date_candidates,
    is_plausible,
)
from transforms.records import DateCandidate, DateFlag, Precision

CAPTURE = datetime(2024, 5, 1, 12, tzinfo=UTC)  # a Wednesday
PARIS = ZoneInfo("Europe/Paris")
KOLKATA = ZoneInfo("Asia/Kolkata")


def only(
    raw: str, source: str = "declared", zone: ZoneInfo | None = None, at: datetime = CAPTURE
) -> DateCandidate:
    """The one candidate a string gives."""
    (found,) = date_candidates([(source, raw)], at, zone)
    return found


FORMS = [
    # zone names that feed parsers take for GMT
    ("Thu, 23 Dec 2021 14:05:41 BST", "2021-12-23T13:05:41", "instant", 60, None),
    ("Thu, 23 Dec 2021 14:05:41 CET", "2021-12-23T13:05:41", "instant", 60, None),
    ("Thu, 23 Dec 2021 14:05:41 CEST", "2021-12-23T12:05:41", "instant", 120, None),
    ("Thu, 23 Dec 2021 14:05:41 MSK", "2021-12-23T11:05:41", "instant", 180, None),
    ("Thu, 23 Dec 2021 14:05:41 IST", "2021-12-23T08:35:41", "instant", 330, None),
    ("Thu, 23 Dec 2021 14:05:41 JST", "2021-12-23T05:05:41", "instant", 540, None),
    ("Thu, 23 Dec 2021 14:05:41 AEDT", "2021-12-23T03:05:41", "instant", 660, None),
    ("Thu, 23 Dec 2021 14:05:41 AEST", "2021-12-23T04:05:41", "instant", 600, None),
    ("Thu, 23 Dec 2021 14:05:41 EST", "2021-12-23T19:05:41", "instant", -300, None),
    # an offset where RFC 822 has none, and one beside a US clock
    ("Thu, 23 Dec 2021 14:05:41 +05:30", "2021-12-23T08:35:41", "instant", 330, None),
    ("Thu, 23 Dec 2021 02:05 PM EST", "2021-12-23T19:05:00", "minute", -300, None),
    ("12/23/2021 2:05 PM EST", "2021-12-23T19:05:00", "minute", -300, None),
    # read as another day, as midnight, or as the year 1640
    ("2021/12/23 14:05:41", "2021-12-23T14:05:41", "instant", None, "no_zone"),
    ("20211223T140500Z", "2021-12-23T14:05:00", "instant", 0, None),
    ("1640268341", "2021-12-23T14:05:41", "instant", 0, None),
    ("1640268341000", "2021-12-23T14:05:41", "instant", 0, None),
    # no zone at all: taken as UTC, and said so
    ("2021-12-23T14:05:41", "2021-12-23T14:05:41", "instant", None, "no_zone"),
    ("Thu, 23 Dec 2021 14:05:41", "2021-12-23T14:05:41", "instant", None, "no_zone"),
    ("23.12.2021, 14:05 Uhr", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    # W3C dates of news sitemaps
    ("2021-12-23T14:05+01:00", "2021-12-23T13:05:00", "minute", 60, None),
    ("2021-12-23", "2021-12-23T00:00:00", "day", None, None),
    # day first, month first, other languages
    ("23/12/2021", "2021-12-23T00:00:00", "day", None, None),
    ("12/23/2021", "2021-12-23T00:00:00", "day", None, None),
    ("23. Dezember 2021", "2021-12-23T00:00:00", "day", None, None),
    ("23 décembre 2021", "2021-12-23T00:00:00", "day", None, None),
    ("23 декабря 2021 г.", "2021-12-23T00:00:00", "day", None, None),
    ("23 de diciembre de 2021", "2021-12-23T00:00:00", "day", None, None),
    ("2021年12月23日", "2021-12-23T00:00:00", "day", None, None),
    # a zone name nobody knows leaves the day
    ("Thu, 23 Dec 2021 14:05:41 QZT", "2021-12-23T00:00:00", "day", None, None),
    # more languages, and their clocks
    ("23 déc. 2021 14 h 05", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    ("23 gru 2021, 14:05", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    ("23 Aralık 2021 Perşembe, 14:05", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    ("torsdag 23 desember 2021 kl. 14.05", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    ("23 joulukuuta 2021 klo 14.05", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    ("23. prosince 2021", "2021-12-23T00:00:00", "day", None, None),
    ("23 грудня 2021 р", "2021-12-23T00:00:00", "day", None, None),
    ("٢٣ ديسمبر ٢٠٢١", "2021-12-23T00:00:00", "day", None, None),
    ("2021年12月23日(木) 午後2時5分", "2021-12-23T14:05:00", "minute", None, "no_zone"),
    ("2021年12月23日 星期四 下午12:05", "2021-12-23T12:05:00", "minute", None, "no_zone"),
    ("2021. 12. 23. 오전 12:05", "2021-12-23T00:05:00", "minute", None, "no_zone"),
    # a minus sign proper; spans, which look like offsets
    ("2021-12-23T14:05:41\u221205:00", "2021-12-23T19:05:41", "instant", -300, None),
    ("23 Dec 2021 10:00-12:00", "2021-12-23T00:00:00", "day", None, None),
    ("Dec 23, 2021 2:05 PM-3 PM", None, None, None, "unreadable"),
    ("Dec 23-24, 2021", None, None, None, "unreadable"),
    ("23 Dec 2021 10:00\u201312:00", None, None, None, "unreadable"),
    # zones by their place, week dates, other calendars, two zones
    ("2021-12-23 14:05:41 Europe/Paris", "2021-12-23T00:00:00", "day", None, None),
    ("2021-W51-4", None, None, None, "unreadable"),
    ("23 December 2564", "2564-12-23T00:00:00", "day", None, "future"),
    ("1443-05-19", "1443-05-19T00:00:00", "day", None, "too_early"),
    ("令和3年12月23日", None, None, None, "unreadable"),
    ("Dec. 23, 2021 2:05 pm PST / 5:05 pm EST", None, None, None, "unreadable"),
    ("2021-12-23T14:05:41+15:00", None, None, None, "unreadable"),
    ("Published Dec 23, 2021 2:05 PM Updated Dec 24, 2021 3 PM", None, None, None, "unreadable"),
    ("{{ article.date }}", None, None, None, "unreadable"),
    # cannot be told, or is no date
    ("01/02/2024", None, None, None, "unreadable"),
    ("12/23/21", None, None, None, "unreadable"),
    ("0000-00-00", None, None, None, "unreadable"),
    ("0000-00-00T00:00:00Z", None, None, None, "unreadable"),
    ("2021-02-30", None, None, None, "unreadable"),
    ("2021-13-45", None, None, None, "unreadable"),
    ("Thu, 32 Dec 2021 14:05:41 GMT", None, None, None, "unreadable"),
    ("2021-12-23T25:00:00Z", None, None, None, "unreadable"),
    ("2021-12", None, None, None, "unreadable"),
    ("soon", None, None, None, "unreadable"),
    # absurd: template values, clocks that are wrong
    ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00", "instant", 0, "too_early"),
    ("Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00", "instant", 0, "too_early"),
    ("0001-01-01T00:00:00", "0001-01-01T00:00:00", "instant", None, "too_early"),
    ("1601-01-01", "1601-01-01T00:00:00", "day", None, "too_early"),
    ("2099-12-31T00:00:00Z", "2099-12-31T00:00:00", "instant", 0, "future"),
    ("2024-05-03T12:00:01Z", "2024-05-03T12:00:01", "instant", 0, "future"),
    # ahead of the capture by no more than two days: zones and embargoes
    ("2024-05-02T06:00:00Z", "2024-05-02T06:00:00", "instant", 0, "ahead"),
    # relative: the day, and said to be inferred
    ("3 hours ago", "2024-05-01T00:00:00", "day", None, "inferred"),
    ("13 hours ago", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("an hour ago", "2024-05-01T00:00:00", "day", None, "inferred"),
    ("2 days ago", "2024-04-29T00:00:00", "day", None, "inferred"),
    ("Yesterday at 5 pm", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("Published: today", "2024-05-01T00:00:00", "day", None, "inferred"),
    ("Tuesday", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("Wednesday", "2024-05-01T00:00:00", "day", None, "inferred"),
    ("Thursday", "2024-04-25T00:00:00", "day", None, "inferred"),
    ("vor 3 Stunden", "2024-05-01T00:00:00", "day", None, "inferred"),
    ("gestern, 18:30 Uhr", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("il y a 2 jours", "2024-04-29T00:00:00", "day", None, "inferred"),
    ("hace una hora", "2024-05-01T00:00:00", "day", None, "inferred"),
    ("ieri", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("vorgestern", "2024-04-29T00:00:00", "day", None, "inferred"),
    ("вчера в 14:05", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("13 часов назад", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("13時間前", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("昨天", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("어제", "2024-04-30T00:00:00", "day", None, "inferred"),
    ("13 timmar sedan", "2024-04-30T00:00:00", "day", None, "inferred"),
    # relative, and no publication or no day
    ("3年前", None, None, None, "unreadable"),
    ("last Tuesday", None, None, None, "unreadable"),
    ("Updated 3 hours ago", None, None, None, "unreadable"),
    ("2 weeks ago", None, None, None, "unreadable"),
    ("90 days ago", None, None, None, "unreadable"),
    ("Tuesday's child", None, None, None, "unreadable"),
    ("said Tuesday", None, None, None, "unreadable"),
    ("hours ago", None, None, None, "unreadable"),
]


@pytest.mark.parametrize(("raw", "at", "precision", "offset", "flag"), FORMS)
def test_odd_forms(
    raw: str, at: str | None, precision: str | None, offset: int | None, flag: str | None
) -> None:
    """Each is read right, or not at all; never silently wrong."""
    found = only(raw)
    stated = found.at.isoformat().removesuffix("+00:00") if found.at else None
    assert (stated, found.precision, found.offset_minutes, found.flag) == (
        at,
        precision,
        offset,
        flag,
    )
    assert found.raw == raw
    never = {"unreadable", "too_early", "future"}
    assert found.is_chosen == (flag not in never)


def test_the_zone_of_the_source_is_that_of_times_without_one() -> None:
    """A source in Paris means Paris, in summer and in winter; a zone that is stated wins."""
    summer = only("2021-07-23T14:05:41", zone=PARIS)
    assert (summer.at, summer.offset_minutes) == (
        datetime(2021, 7, 23, 12, 5, 41, tzinfo=UTC),
        None,
    )
    assert summer.flag is DateFlag.SOURCE_ZONE
    assert only("2021-12-23T14:05:41", zone=PARIS).at == datetime(
        2021, 12, 23, 13, 5, 41, tzinfo=UTC
    )
    assert only("2021-07-23T14:05:41Z", zone=PARIS).flag is None
    assert only("2021-07-23", zone=PARIS).at == datetime(2021, 7, 23, tzinfo=UTC)
    assert only("Thu, 23 Dec 2021 14:05:41 QZT", zone=PARIS).precision is Precision.DAY


def test_relative_days_are_those_of_the_sources_zone() -> None:
    """At 20:00 UTC it is tomorrow in Kolkata."""
    evening = datetime(2024, 4, 30, 20, tzinfo=UTC)
    assert only("today", at=evening).at == datetime(2024, 4, 30, tzinfo=UTC)
    assert only("today", zone=KOLKATA, at=evening).at == datetime(2024, 5, 1, tzinfo=UTC)
    assert only("1 hour ago", zone=KOLKATA, at=evening).at == datetime(2024, 5, 1, tzinfo=UTC)


def test_relative_days_are_read_where_they_date_the_article_only() -> None:
    """A declared one and a line of plain text; in a meta tag or JSON-LD it is an error."""
    assert only("yesterday").source == "declared_inferred"
    assert only("yesterday", "date_line").source == "date_line_inferred"
    for source in ("json_ld", "meta", "time"):
        assert only("yesterday", source).flag is DateFlag.UNREADABLE


def test_what_is_inferred_comes_after_everything_that_is_stated() -> None:
    """Even a guess of the page's day is better than a relative one that is declared."""
    stated = [("declared", "yesterday"), ("htmldate", "2024-04-12")]
    chosen = chosen_date(date_candidates(stated, CAPTURE))
    assert chosen is not None
    assert (chosen.source, chosen.raw) == ("htmldate", "2024-04-12")


def test_everything_stated_is_kept_in_order_of_trust() -> None:
    """The chosen one, those passed over with the reason, times of changes, each once."""
    stated = [
        ("time", "2024-04-30T08:00:00Z"),
        ("json_ld_modified", "2024-05-01T09:00:00Z"),
        ("meta", "2034-01-01"),
        ("json_ld", "1970-01-01"),
        ("declared", "sometime"),
        ("time", "2024-04-30T08:00:00Z"),
        ("meta_other", "  "),
    ]
    found = date_candidates(stated, CAPTURE)
    assert [(c.source, c.flag, c.is_chosen) for c in found] == [
        ("declared", DateFlag.UNREADABLE, False),
        ("json_ld", DateFlag.TOO_EARLY, False),
        ("meta", DateFlag.FUTURE, False),
        ("time", None, True),
        ("json_ld_modified", DateFlag.MODIFIED, False),
    ]


def test_a_time_of_a_change_is_never_the_publication() -> None:
    """A page that only says when it was modified has no publication time."""
    for source in sorted(MODIFIED_SOURCES):
        assert chosen_date(date_candidates([(source, "2024-04-30")], CAPTURE)) is None


def test_a_flood_of_dates_is_cut() -> None:
    """A hostile page cannot fill the table."""
    flood = [
        ("meta_other", f"2024-04-{n % 28 + 1:02}T00:{n % 60:02}:00Z" + " " * n)
        for n in range(9_000)
    ]
    assert len(date_candidates(flood, CAPTURE)) == 40
    assert len(only("9" * 10_000).raw) == 200


_SOURCES = st.sampled_from([*SOURCE_ORDER[:7], *sorted(MODIFIED_SOURCES)])
_RAWS = st.one_of(
    st.sampled_from([raw for raw, *_ in FORMS]),
    st.dates(date(1960, 1, 1), date(2060, 1, 1)).map(lambda day: f"{day}T23:05:00"),
    st.text(max_size=30),
)


@given(st.lists(st.tuples(_SOURCES, _RAWS), max_size=8), st.sampled_from([None, PARIS, KOLKATA]))
def test_at_most_one_is_chosen_and_it_is_sound(
    stated: list[tuple[str, str]], zone: ZoneInfo | None
) -> None:
    """The chosen one is plausible and carries no flag that forbids it; nothing stated is lost."""
    found = date_candidates(stated, CAPTURE, zone)
    assert {c.raw for c in found} == {raw for _, raw in stated if raw.strip()}
    chosen = [c for c in found if c.is_chosen]
    usable = [c for c in found if c.flag not in {"unreadable", "too_early", "future", "modified"}]
    assert len(chosen) == bool(usable)
    for each in chosen:
        assert each in usable
        assert each.at is not None
        assert is_plausible(each.at, CAPTURE)
        assert each.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jun 1, 2019 at 6:00 AM Jun 1, 2019 at 12:43 PM", datetime(2019, 6, 1, 6, tzinfo=UTC)),
        ("2 June 2019 11:00 1 June 2019 10:30", datetime(2019, 6, 1, 10, 30, tzinfo=UTC)),
        ("01/02/2019 03/04/2019", None),
        ("Jun 1, 2019 Jun 2", None),
    ],
)
def test_of_two_dates_on_one_line_the_earlier_counts(line: str, expected: datetime | None) -> None:
    """When it was published and when it was updated, as many sites print them; both must be sure."""
    [found] = date_candidates([("date_line", line)], datetime(2020, 1, 1, tzinfo=UTC))
    assert (found.at, found.raw) == (expected, line)
    [other] = date_candidates([("meta", line)], datetime(2020, 1, 1, tzinfo=UTC))
    assert other.at is None, "elsewhere two dates are no date"
