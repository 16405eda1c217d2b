"""The records are frozen values, and every reason leads to one ledger state."""

from __future__ import annotations

import dataclasses
import inspect
import pickle
from datetime import UTC, datetime

import pytest

from transforms import records
from transforms.records import Level, Location, Page, Reason, Rejection, State

_RECORDS = [
    record
    for _, record in inspect.getmembers(records, dataclasses.is_dataclass)
    if record.__module__ == records.__name__
]


@pytest.mark.parametrize("record", _RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_and_has_no_room_for_more(record: type) -> None:
    """A stage returns a new record; nobody changes the one it was given, or hangs things on it."""
    parameters = record.__dataclass_params__  # type: ignore[attr-defined]

    assert parameters.frozen
    assert "__slots__" in record.__dict__


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_leads_to_the_state_it_is_listed_under(reason: Reason) -> None:
    """Skipped is no article, quarantined is damaged or out of reach; none is ever loaded."""
    skipped = [
        "empty",
        "binary",
        "unsupported_type",
        "outside_folder",
        "not_a_regular_file",
        "http_status",
        "not_an_article",
        "paywall",
        "no_text",
        "too_short",
        "outside_range",
        "too_many_entries",
        "not_followed",
        "robots_denied",
        "gone",
        "not_found",
        "refused",
    ]
    others = {"same_article": "duplicate", "seen_before": "duplicate", "not_fetched": "pending"}
    expected = "skipped" if reason.value in skipped else others.get(reason.value, "quarantined")

    assert reason.state.value == expected


def test_names_and_values_agree() -> None:
    """A value is its name in lower case, so that tables, code and prose say one word."""
    kinds = (State, Level, records.Precision, records.MatchKind, records.PassageKind, Reason)
    named = [(each.name.lower(), each.value) for kind in kinds for each in kind]

    assert [pair for pair in named if pair[0] != pair[1]] == [
        ("changed", "changed_while_reading"),
        ("challenge", "challenge_page"),
    ]


def test_records_travel_between_processes() -> None:
    """Pages go to the workers and rejections come back."""
    page = Page(
        "https://news.example/",
        b"\0\xff",
        "text/html",
        datetime(2026, 7, 14, tzinfo=UTC),
        Location("a.warc", 7, 9),
    )
    rejection = Rejection(page.url, Reason.EMPTY, "is empty")

    assert pickle.loads(pickle.dumps((page, rejection))) == (page, rejection)  # noqa: S301 - our own bytes
