"""Headers: validators as sent, durations clamped, links, types that are never text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.http_headers import (
    MAX_FRESHNESS_S,
    MAX_RETRY_AFTER_S,
    MIN_RETRY_AFTER_S,
    Validators,
    content_type,
    freshness_s,
    header,
    http_date,
    links,
    never_text,
    retry_after_s,
    validators,
)
from transforms.records import Reason

NOW = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)
NOW_SENT = ("Date", "Sun, 22 Nov 2026 08:00:00 GMT")

header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80)
some_headers = st.lists(
    st.tuples(
        st.sampled_from(["Retry-After", "Cache-Control", "Expires", "Date", "Age", "Link"]),
        header_text,
    ),
    max_size=6,
).map(tuple)


@pytest.mark.parametrize(
    "value",
    ["Sun, 22 Nov 2026 08:00:00 GMT", "Sunday, 22-Nov-26 08:00:00 GMT", "Sun Nov 22 08:00:00 2026"],
)
def test_all_three_forms_of_a_date_are_read(value: str) -> None:
    """RFC 9110 wants recipients to know the two old forms too."""
    assert http_date(value) == NOW


@pytest.mark.parametrize(
    "value", [None, "", "0", "-1", "soon", "Sun, 99 Nov 2026 08:00:00 GMT", "9" * 40]
)
def test_what_is_no_date_is_none(value: str | None) -> None:
    """`Expires: 0` and other inventions are no dates."""
    assert http_date(value) is None


def test_validators_are_verbatim() -> None:
    """Quotes, the weak mark and the date as sent; of two the first."""
    sent = (
        ("ETag", 'W/"a\xe9"'),
        ("etag", '"b"'),
        ("LAST-MODIFIED", "Sunday, 22-Nov-26 08:00:00 GMT"),
    )
    assert validators(sent) == Validators('W/"a\xe9"', "Sunday, 22-Nov-26 08:00:00 GMT")
    assert not validators(())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 1),
        ("99999999", 86_400),
        ("Sun, 22 Nov 2026 08:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 1),
        ("Sun, 22 Nov 2099 08:00:00 GMT", 86_400),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_and_clamped(value: str, expected: float | None) -> None:
    """Seconds or a date, between a second and a day; nonsense is no wish."""
    assert retry_after_s((("Retry-After", value),), NOW) == expected


def test_retry_after_counts_from_the_servers_clock() -> None:
    """A server that lives in 2031 still means five minutes."""
    sent = (
        ("Date", "Wed, 01 Jan 2031 12:00:00 GMT"),
        ("Retry-After", "Wed, 01 Jan 2031 12:05:00 GMT"),
    )
    assert retry_after_s(sent, NOW) == 300


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ((), None),
        ((("Cache-Control", "max-age=600"),), 600),
        ((("Cache-Control", 'public, Max-Age="600"'),), 600),
        ((("Cache-Control", "public"), ("Cache-Control", "max-age=60")), 60),
        ((("Cache-Control", "max-age=600"), ("Age", "100")), 500),
        ((("Cache-Control", "max-age=600"), ("Age", "700")), None),
        ((("Cache-Control", "max-age=0"),), None),
        ((("Cache-Control", "no-cache, max-age=600"),), None),
        ((("Cache-Control", "no-store"),), None),
        ((("Cache-Control", "s-maxage=600"),), None),
        ((("Cache-Control", "max-age=-1"),), None),
        ((("Cache-Control", "max-age=99999999999"),), MAX_FRESHNESS_S),
        ((NOW_SENT, ("Expires", "Sun, 22 Nov 2026 09:00:00 GMT")), 3600),
        ((("Expires", "Sun, 22 Nov 2026 09:00:00 GMT"),), 3600),
        ((("Cache-Control", "max-age=60"), ("Expires", "Sun, 22 Nov 2026 09:00:00 GMT")), 60),
        ((("Expires", "0"),), None),
        ((NOW_SENT, ("Expires", "Sat, 21 Nov 2026 09:00:00 GMT")), None),
    ],
)
def test_freshness(sent: tuple[tuple[str, str], ...], expected: float | None) -> None:
    """max-age before Expires, less Age; what says "do not store" says nothing about polling."""
    assert freshness_s(sent, NOW) == expected


def test_links_by_relation() -> None:
    """The hub and the feed's own address, relative ones resolved, several relations in one link."""
    sent = (
        ("Link", '<https://hub.example/>; rel="hub", </feed?a=1,2>; rel="self next"; title="a, b"'),
        ("Link", "<https://second.example/>; rel=hub"),
        ("link", "<x>; rev=self"),
    )
    assert links(sent, "https://paper.example/rss") == {
        "hub": "https://hub.example/",
        "self": "https://paper.example/feed?a=1,2",
        "next": "https://paper.example/feed?a=1,2",
    }


def test_content_type_is_verbatim() -> None:
    """With its charset and case."""
    assert (
        content_type((("content-type", " Text/HTML; Charset=KOI8-R "),))
        == "Text/HTML; Charset=KOI8-R"
    )
    assert content_type(()) == ""


@pytest.mark.parametrize(
    "kind", ["image/png", "Video/MP4", "audio/mpeg", "font/woff2", "application/pdf; x=1"]
)
def test_types_that_are_never_text(kind: str) -> None:
    """What is certain to hold neither page nor feed."""
    assert never_text(kind) is Reason.UNSUPPORTED_TYPE


@pytest.mark.parametrize(
    "kind",
    ["", "text/html", "application/octet-stream", "application/xml", "text/x-unknown", "nonsense"],
)
def test_types_that_may_be_text(kind: str) -> None:
    """Feeds come under every name."""
    assert never_text(kind) is None


def test_repeated_headers_are_joined() -> None:
    """Two lines of one name are one list (RFC 9110, 5.2)."""
    assert header((("A", "1"), ("b", "x"), ("a", "2")), "A") == "1, 2"
    assert header((), "a") is None


@given(some_headers)
def test_no_header_breaks_anything(sent: tuple[tuple[str, str], ...]) -> None:
    """Whatever is sent, durations stay within their bounds."""
    wait, fresh = retry_after_s(sent, NOW), freshness_s(sent, NOW)
    assert wait is None or MIN_RETRY_AFTER_S <= wait <= MAX_RETRY_AFTER_S
    assert fresh is None or 0 < fresh <= MAX_FRESHNESS_S
    assert all(isinstance(url, str) for url in links(sent, "https://paper.example/").values())
