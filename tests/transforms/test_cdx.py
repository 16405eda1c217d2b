"""The index of a Wayback Machine: its two forms, what is malformed, what is asked of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.archives.cdx import (
    FIELDS,
    CdxAnswer,
    CdxCapture,
    cdx_query,
    parse_cdx,
    replay_url,
    replayed,
)

ROW = [
    "example,post)/a",
    "20260314080910",
    "https://post.example/a",
    "text/html",
    "200",
    "Q4",
    "15",
]
AT = datetime(2026, 3, 14, 8, 9, 10, tzinfo=UTC)
CAPTURE = CdxCapture(ROW[0], AT, ROW[2], "text/html", 200, "Q4", 15)


def test_json_has_a_head_rows_and_a_key() -> None:
    """Behind an empty list stands the key with which to go on."""
    text = json.dumps([list(FIELDS), ROW, ROW, [], ["example%2Cpost%29%2Fa+20260314080910%21"]])

    answer = parse_cdx(text)

    assert answer == CdxAnswer((CAPTURE, CAPTURE), "example%2Cpost%29%2Fa+20260314080910%21", ())


def test_text_has_a_row_a_line() -> None:
    """And the key behind an empty line."""
    line = " ".join(ROW)

    assert parse_cdx(f"{line}\n{line}\n\nkey%21\n") == CdxAnswer((CAPTURE, CAPTURE), "key%21", ())
    assert parse_cdx(f"{line}\n") == CdxAnswer((CAPTURE,), None, ())


@pytest.mark.parametrize("text", ["", "\n", "[]", "[ ]", json.dumps([list(FIELDS)])])
def test_an_empty_answer_has_no_captures(text: str) -> None:
    """It is an answer all the same."""
    assert parse_cdx(text) == CdxAnswer((), None, ())


@pytest.mark.parametrize("text", ["<html>Sorry</html>", "[[", "[" * 100_000])
def test_what_is_no_index_is_none(text: str) -> None:
    """An error page, a list that breaks off."""
    assert parse_cdx(text) is None


@pytest.mark.parametrize(
    ("place", "value"),
    [(1, "20261399000000"), (1, "2026"), (1, "２０２６0314080910"), (2, "post.example/a"), (2, "")],
)
def test_a_malformed_row_is_told_and_the_others_count(place: int, value: str) -> None:
    """A time that is none, an address that is none."""
    bad = [*ROW[:place], value, *ROW[place + 1 :]]

    answer = parse_cdx(json.dumps([list(FIELDS), bad, ROW]))

    assert answer is not None
    assert (answer.captures, answer.malformed) == ((CAPTURE,), (" ".join(bad),))


def test_columns_go_by_their_names() -> None:
    """A server may give fewer, or in another order; numbers that are none are unknown."""
    answer = parse_cdx(json.dumps([["original", "timestamp", "length"], [ROW[2], ROW[1], "-"]]))

    assert answer is not None
    [found] = answer.captures
    assert (found.url, found.captured_at, found.length) == (ROW[2], AT, None)
    short = parse_cdx(json.dumps([list(FIELDS), ROW[:2], 7, None]))
    assert short is not None
    assert len(short.malformed) == 3


def test_a_query_names_the_site_the_days_and_the_place_to_go_on() -> None:
    """The key is sent back as the server understands it."""
    url = cdx_query(
        "https://web.archive.org/",
        "post.example",
        date(2026, 3, 1),
        date(2026, 3, 2),
        resume_key="example%2Cpost%29%2Fa+20260314080910%21",
    )

    query = parse_qs(urlsplit(url).query)
    assert urlsplit(url).path == "/cdx/search/cdx"
    assert (query["url"], query["matchType"]) == (["post.example"], ["domain"])
    assert (query["from"], query["to"]) == (["20260301"], ["20260302"])
    assert query["resumeKey"] == ["example,post)/a 20260314080910!"]
    assert "statuscode:200" in query["filter"]


def test_a_replay_is_the_capture_as_received() -> None:
    """And its address tells what it is of."""
    url = replay_url("https://web.archive.org", CAPTURE)

    assert url == "https://web.archive.org/web/20260314080910id_/https://post.example/a"
    assert replayed(url) == ("https://post.example/a", AT)
    assert replayed("https://web.archive.org/web/20260314080910/https://post.example/a") is None
    assert replayed("https://post.example/a") is None


@given(st.text(max_size=300))
def test_anything_is_an_answer_or_none(text: str) -> None:
    """Never an exception."""
    answer = parse_cdx(text)

    assert answer is None or isinstance(answer, CdxAnswer)


@given(st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=20))
def test_any_json_is_an_answer_or_none(value: object) -> None:
    """Whatever lies in the lists."""
    answer = parse_cdx(json.dumps(value))

    assert answer is None or all(each.captured_at.tzinfo for each in answer.captures)
