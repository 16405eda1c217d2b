"""Look-ups find what is held, for every id there can be, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from warehouse import load, lookup
from warehouse.connection import Connection
from warehouse.statements import names, statement

NOW = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)


EVER: dict[str, object] = {"first_day": date.min, "last_day": date.max}
TODAY: dict[str, object] = {"first_day": NOW.date(), "last_day": NOW.date()}


def _values(name: str) -> dict[str, object]:
    """All days, where the statement wants days."""
    return EVER if "$first_day" in statement(f"lookup/{name}") else {}


@pytest.mark.parametrize("name", [
    name
    for name in names("lookup")
    if "staged_ids" in statement(f"lookup/{name}")
    and set(re.findall(r"\$\w+", statement(f"lookup/{name}"))) <= {"$first_day", "$last_day"}
    if name not in {"ledger", "component_days"}
])  # fmt: skip
def test_a_lookup_finds_nothing_for_no_ids_and_for_unknown_ones(
    filled: Connection, name: str
) -> None:
    """An id that is not held is no error; odd text in it is text."""
    values = _values(name)
    assert lookup.by_ids(filled, name, [], **values) == []
    assert lookup.by_ids(filled, name, ["unknown", "it's; --", "zażółć 🚢", ""], **values) == []


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("article_authors", "f3fffffffffffff3", [{"author_id": "ann"}]),
        ("clusters", "1b00000000000002", [
            {
                "article_id": "1b00000000000002",
                "cluster_id": "0a00000000000001",
                "origin_article_id": "0a00000000000001",
            },
        ]),
        ("fellow_members", "9d00000000000004", [
            {
                "article_key": 0x9D00000000000004,
                "cluster_id": "9d00000000000004",
                "is_origin": True,
                "day": None,
            },
        ]),
        ("component_days", "1b00000000000002", [
            {"first_day": NOW.date(), "last_day": NOW.date(), "is_open": False},
        ]),
        ("component_days", "9d00000000000004", [
            {"first_day": None, "last_day": None, "is_open": True},
        ]),
        ("component_days", "beef", [{"first_day": None, "last_day": None, "is_open": False}]),
        ("last_events", "in-0a00000000000001", [{"ledger_id": "in-0a00000000000001", "seq": 2}]),
        ("sources", "local", [{"source_id": "local"}]),
        ("pages", "page-older", [{"page_id": "page-older"}]),
    ],
)  # fmt: skip
def test_a_lookup_finds_what_is_held(
    filled: Connection, name: str, asked: str, expected: list[dict[str, object]]
) -> None:
    """Rows come back as dictionaries by column name."""
    found = lookup.by_ids(filled, name, [asked, asked, "unknown"], **_values(name))
    assert found == expected


def test_edges_are_the_near_duplicates_between_articles_asked_about(filled: Connection) -> None:
    """A component's edges are among its own articles; excerpts connect nothing."""
    own, reprint, borrower = "0a00000000000001", "1b00000000000002", "f3fffffffffffff3"

    def edges(*ids: str) -> list[tuple[object, object]]:
        rows = lookup.by_ids(filled, "edges", ids, **TODAY)
        assert all(0 < float(str(row["overlap"])) <= 1 for row in rows)
        return [(row["article_a"], row["article_b"]) for row in rows]

    assert edges(own, reprint) == [(own, reprint)]
    assert edges(own, borrower, reprint) == [(own, reprint)]
    assert edges(reprint, borrower) == []


def test_captures_and_versions_of_an_article(filled: Connection) -> None:
    """Every capture, and each text it has shown once."""
    captures = lookup.by_ids(filled, "article_pages", ["0a00000000000001"])
    texts = lookup.by_ids(filled, "article_versions", ["0a00000000000001"])

    assert sorted(str(row["page_id"]) for row in captures) == [
        "page-0a00000000000001",
        "page-older",
    ]
    assert len({row["body_sha256"] for row in texts}) == len(texts) == 2


def test_a_component_is_found_from_any_of_its_members(filled: Connection) -> None:
    """With what clustering must know: who is an agency's own, when each was published."""
    rows = lookup.by_ids(filled, "components", ["1b00000000000002", "9d00000000000004"], **TODAY)

    found = {row["article_id"]: (row["published_at"], row["is_agency"]) for row in rows}
    assert found == {
        "0a00000000000001": (NOW - timedelta(hours=1), True),
        "1b00000000000002": (NOW - timedelta(hours=1), False),
        "9d00000000000004": (None, False),
    }


def test_an_article_not_yet_compared_is_its_own_component(filled: Connection) -> None:
    """It is in the articles and not yet in the index."""
    filled.execute("delete from reuse.components where article_id = 'f3fffffffffffff3'")

    rows = lookup.by_ids(filled, "components", ["f3fffffffffffff3"], **TODAY)
    assert [row["article_id"] for row in rows] == ["f3fffffffffffff3"]


def test_the_ledger_is_found_by_input_and_by_article(filled: Connection) -> None:
    """All inputs that lead to an article, so that one of them can be the loaded one."""
    rows = lookup.ledger(filled, ["in-damaged"], ["0a00000000000001"])

    assert sorted(str(row["ledger_id"]) for row in rows) == [
        "in-0a00000000000001",
        "in-again",
        "in-damaged",
    ]
    assert lookup.ledger(filled, [], []) == []


def test_known_pages_are_those_held(filled: Connection) -> None:
    """The others are still to be landed."""
    assert lookup.known_pages(filled, ["page-older", "new"]) == {"page-older"}


def test_the_last_fetch_of_an_address(filled: Connection) -> None:
    """The latest, and of two at one time always the same one."""
    fetch = {"run_id": "run", "source_id": "local", "kind": "text", "outcome": "ok"}
    rows = [("a", 0), ("z", 5), ("m", 5), ("b", 3)]
    load.append(
        filled,
        "ops.fetches",
        [
            {
                **fetch,
                "fetch_id": fetch_id,
                "url": "file:///it's.txt",
                "fetched_at": NOW + timedelta(hours=hours),
                "entries_seen": 1,
            }
            for fetch_id, hours in rows
        ],
    )

    found = lookup.by_ids(filled, "last_fetches", ["file:///it's.txt"])
    assert [row["fetch_id"] for row in found] == ["m"]
