"""A warehouse of tmp_path, empty or with a few articles made by hand, each table with its rows."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.figures import store_figures
from warehouse import load
from warehouse.connection import LIVE, Connection, transaction, writer
from warehouse.migrate import migrate

NOW = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)

OWN_COPY, REPRINT, BORROWER, LONER = (
    "0a00000000000001",
    "1b00000000000002",
    "f3fffffffffffff3",
    "9d00000000000004",
)
"""The articles: an agency's own text, its reprint, one that borrows a passage, one alone."""

BODIES = {
    OWN_COPY: "The bridge shut at noon.\nNobody was hurt, the harbour office said.",
    REPRINT: "The bridge shut at noon.\nNobody was hurt, the harbour office said. Ferries ran.",
    BORROWER: "Our reporter walked across.\nNobody was hurt, the harbour office said.",
    LONER: "Zażółć 🚢 gęślą jaźń.",
}
_PUBLISHERS = {OWN_COPY: "agency", REPRINT: "post", BORROWER: "herald", LONER: None}


def digest(text: str) -> str:
    """SHA-256 of a text, as the tables hold it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _capture(page_id: str, minutes: int) -> dict[str, object]:
    return {
        "page_id": page_id,
        "url": f"https://news.example/{page_id}",
        "fetched_at": NOW + timedelta(minutes=minutes),
        "payload_sha256": digest(page_id),
        "warc_file": "a.warc",
        "warc_offset": 0,
        "warc_length": 1,
    }


def _article(article_id: str, version_no: int = 1, minutes: int = 0) -> dict[str, object]:
    publisher, body = _PUBLISHERS[article_id], BODIES[article_id]
    return {
        "article_id": article_id,
        "publisher_id": publisher,
        "url": f"https://news.example/{article_id}",
        "url_key": f"https://news.example/{article_id}",
        "headline": "Bridge shut",
        "body": body,
        "published_at": NOW - timedelta(hours=1) if publisher else None,
        "published_precision": "minute" if publisher else None,
        "first_seen_at": NOW,
        "fetched_at": NOW + timedelta(minutes=minutes),
        "word_count": len(body.split()),
        "body_sha256": digest(body),
        "version_no": version_no,
        "page_id": f"page-{article_id}",
        "publisher_name": publisher and publisher.title(),
        "publisher_host": publisher and f"{publisher}.example",
    }


def _versions(con: Connection) -> None:
    """Each article has one capture; the agency's own copy an older one, with another text."""
    older = "The bridge is shut."
    captures = [(each, f"page-{each}", 0, BODIES[each], 1) for each in BODIES]
    captures[0] = (OWN_COPY, f"page-{OWN_COPY}", 5, BODIES[OWN_COPY], 2)
    captures.append((OWN_COPY, "page-older", 0, older, 1))
    load.append(con, "raw.pages", [_capture(page, minutes) for _, page, minutes, _, _ in captures])
    load.append(
        con,
        "article_pages",
        [
            {
                "article_id": article_id,
                "page_id": page,
                "fetched_at": NOW + timedelta(minutes=minutes),
                "headline": "Bridge shut",
                "body_sha256": digest(body),
            }
            for article_id, page, minutes, body, _ in captures
        ],
    )
    load.append(
        con,
        "article_versions",
        [
            {
                "article_id": article_id,
                "version_no": number,
                "headline": "Bridge shut",
                "body": body,
                "body_sha256": digest(body),
                "page_id": page,
                "seen_at": NOW + timedelta(minutes=minutes),
            }
            for article_id, page, minutes, body, number in captures
        ],
    )


def _articles(con: Connection) -> None:
    rows = [_article(OWN_COPY, version_no=2, minutes=5), *map(_article, list(BODIES)[1:])]
    load.append(con, "articles", rows)
    load.refresh_publishers(con, [each for each in _PUBLISHERS.values() if each])
    load.append(con, "authors", [{"author_id": "ann", "name": "Ann Lee"}])
    link = {"article_id": BORROWER, "author_id": "ann", "position": 1, "raw": "By Ann Lee"}
    load.append(con, "article_authors", [link])
    load.append(con, "article_tags", [{"article_id": BORROWER, "tag": "harbour"}])
    load.replace_agencies(con, [("mpa", "Meridian Press Agency"), ("north", "North Wire")])
    evidence = {"signal": "dateline", "text": "(MPA)"}
    load.append(
        con,
        "agency_evidence",
        [
            {**evidence, "article_id": OWN_COPY, "agency_id": "mpa", "level": "self"},
            {**evidence, "article_id": REPRINT, "agency_id": "mpa", "level": "owner"},
            {**evidence, "article_id": REPRINT, "agency_id": "north", "level": "mention"},
        ],
    )
    load.append(
        con,
        "article_agencies",
        [
            {"article_id": OWN_COPY, "agency_id": "mpa", "role": "self"},
            {"article_id": REPRINT, "agency_id": "mpa", "role": "owner"},
        ],
    )


def _reuse(con: Connection) -> None:
    days = {
        each: (NOW - timedelta(hours=1)).date() if name else None
        for each, name in _PUBLISHERS.items()
    }
    pair = {"article_a": OWN_COPY, "day": days[OWN_COPY]}
    ratios = {"resemblance": 0.75, "containment_a": 1.0, "containment_b": 0.75, **pair}
    load.append(
        con,
        "matches",
        [
            {**ratios, "article_b": REPRINT, "kind": "near_duplicate"},
            {**ratios, "article_b": BORROWER, "kind": "excerpt"},
        ],
    )
    clusters = {OWN_COPY: (OWN_COPY, REPRINT), BORROWER: (BORROWER,), LONER: (LONER,)}
    members = {member: cluster for cluster, found in clusters.items() for member in found}
    load.append(
        con,
        "clusters",
        [
            {
                "cluster_id": cluster,
                "origin_article_id": cluster,
                "article_count": len(found),
                "first_published_at": None if cluster == LONER else NOW - timedelta(hours=1),
                "origin_basis": "agency" if cluster == OWN_COPY else "only",
            }
            for cluster, found in clusters.items()
        ],
    )
    load.append(
        con,
        "cluster_members",
        [
            {
                "article_id": member,
                "cluster_id": cluster,
                "role": "origin" if member == cluster else "reprint",
                "day": days[member],
            }
            for member, cluster in members.items()
        ],
    )
    load.append(
        con,
        "reuse.components",
        [
            {"article_id": each, "component_id": cluster, "day": days[each]}
            for each, cluster in members.items()
        ],
    )
    a_start, b_start = (BODIES[each].index("Nobody") for each in (OWN_COPY, BORROWER))
    passage = {
        **pair,
        "a_start": a_start,
        "a_end": len(BODIES[OWN_COPY]),
        "article_b": BORROWER,
        "b_start": b_start,
        "b_end": len(BODIES[BORROWER]),
        "matched_words": 5,
        "kind": "verbatim",
    }
    load.append(con, "passages", [passage])
    _index(con)


def _index(con: Connection) -> None:
    keys = [load.article_key(each) for each in BODIES]
    load.append(
        con,
        "reuse.fingerprints",
        [
            {
                "article_key": load.article_key(each),
                "norm_version": 1,
                "published_at": NOW - timedelta(hours=1) if publisher else None,
                "prose": b"",
                "shingles": b"",
            }
            for each, publisher in _PUBLISHERS.items()
        ],
    )
    day = NOW.date()
    bands = [{"band": 2**64 - 1, "article_key": key, "day": day} for key in keys[:2]]
    load.append(con, "reuse.bands", [{**band, "is_leader": True} for band in bands])
    seed = {"seed": 2**64 - 1, "line": 2**63, "day": day, "is_furniture": False, "is_leader": True}
    load.append(
        con,
        "reuse.seeds",
        [{**seed, "article_key": key, "is_first": key != keys[1]} for key in keys[:3]],
    )
    lines = [
        {
            "publisher_id": publisher,
            "month": 202607,
            "line": 2**63,
            "article_key": load.article_key(each),
        }
        for each, publisher in _PUBLISHERS.items()
        if publisher
    ]
    load.append(con, "reuse.lines", lines)


def _ledger(con: Connection) -> None:
    """One input for each article, one that leads to an article held, one damaged, one to come."""
    run = {"run_id": "run", "flow": "ingest", "started_at": NOW, "status": "running"}
    load.append(con, "ops.runs", [run])
    load.end_run(con, "run", NOW, "completed", "{}")
    local = {"source_id": "local", "slug": "local", "url": "file:", "kind": "folder"}
    load.append(con, "sources", [local])
    inputs: list[tuple[str, str, str | None, str | None]] = [
        *((f"in-{each}", "loaded", None, each) for each in BODIES),
        ("in-again", "duplicate", "same_article", OWN_COPY),
        ("in-damaged", "quarantined", "truncated", None),
        ("in-later", "pending", "http_status", None),
    ]
    load.append(
        con,
        "ops.ledger",
        [
            {
                "ledger_id": ledger_id,
                "url_key": ledger_id,
                "state": state,
                "reason": reason,
                "attempts": 1,
                "next_attempt_at": NOW if state == "pending" else None,
                "article_id": article_id,
                "last_run_id": "run",
            }
            for ledger_id, state, reason, article_id in inputs
        ],
    )
    event = {"run_id": "run", "at_utc": NOW}
    events = [
        {**event, "ledger_id": ledger_id, "seq": 1, "state": state, "reason": reason}
        for ledger_id, state, reason, _ in inputs
    ]
    first = {**event, "ledger_id": f"in-{OWN_COPY}", "state": "quarantined", "reason": "truncated"}
    events[0]["seq"] = 2
    load.append(con, "ops.ledger_events", [{**first, "seq": 1}, *events])
    fetch = {"run_id": "run", "source_id": "local", "kind": "jsonl", "fetched_at": NOW}
    load.append(
        con,
        "ops.fetches",
        [
            {
                **fetch,
                "fetch_id": "fetch",
                "url": "file:///a.jsonl",
                "outcome": "ok",
                "entries_seen": len(inputs),
            },
            {
                **fetch,
                "fetch_id": "failed",
                "url": "file:///b.jsonl",
                "outcome": "failed",
                "reason": "unreadable",
                "entries_seen": 0,
            },
        ],
    )
    load.append(
        con,
        "ops.entries",
        [
            {
                "source_id": "local",
                "fetch_id": "fetch",
                "position": position,
                "ledger_id": ledger_id,
                "url_raw": ledger_id,
                "outcome": state,
                "reason": reason,
                "run_id": "run",
            }
            for position, (ledger_id, state, reason, _) in enumerate(inputs)
        ],
    )
    counts = {"input_count": len(inputs), "article_count": len(BODIES)}
    batch = {"load_id": "load", "run_id": "run", "committed_at": NOW, **counts}
    load.append(con, "ops.loads", [{**batch, "match_count": 2, "passage_count": 1}])


def _fill(con: Connection) -> None:
    with transaction(con):
        for part in (_versions, _articles, _reuse, _ledger):
            part(con)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two migrated files, one empty and one filled, to copy from."""
    folders = {}
    for name in ("empty", "filled"):
        folders[name] = tmp_path_factory.mktemp(name)
        with writer(folders[name], wait_s=5) as con:
            migrate(con, NOW)
            if name == "filled":
                _fill(con)
                store_figures(con)
    return folders


def _copied(template: Path, home: Path) -> Path:
    (home / LIVE).parent.mkdir(parents=True)
    shutil.copy(template / LIVE, home / LIVE)
    return home


@pytest.fixture
def empty_home(templates: dict[str, Path], tmp_path: Path) -> Path:
    """A data folder whose warehouse has all tables and no rows."""
    return _copied(templates["empty"], tmp_path / "home")


@pytest.fixture
def filled_home(templates: dict[str, Path], tmp_path: Path) -> Path:
    """A data folder whose warehouse holds four articles and keeps every promise."""
    return _copied(templates["filled"], tmp_path / "home")


@pytest.fixture
def con(empty_home: Path) -> Iterator[Connection]:
    """The writer's connection to an empty warehouse."""
    with writer(empty_home, wait_s=5) as opened:
        yield opened


@pytest.fixture
def filled(filled_home: Path) -> Iterator[Connection]:
    """The writer's connection to the warehouse with four articles."""
    with writer(filled_home, wait_s=5) as opened:
        yield opened
