"""The tables are a function of the set of captures: not of their order, files, batches or runs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from benchmarks.corpus import generate
from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings
from warehouse.connection import writer

Public = Callable[[Path], dict[str, list[str]]]
Record = dict[str, object]

ARRIVAL = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Copies of six agency texts, articles that embed them, others; three addresses are updated."""
    by_cluster: dict[str, list[Record]] = defaultdict(list)
    for record in generate(900, seed=11):
        by_cluster[str(record["truth_cluster"])].append(record)
    copies = sorted(by_cluster.values(), key=len, reverse=True)[:6]
    sources = {str(cluster[0]["truth_cluster"]) for cluster in copies}
    others = [r for cluster in by_cluster.values() for r in cluster if len(cluster) == 1]
    embedding = [r for r in others if sources & set(map(str, r["truth_sources"]))]  # type: ignore[call-overload]
    chosen = [r for cluster in copies for r in cluster[:5]] + embedding[:6] + others[:4]
    arrived: list[Record] = [
        {**record, "fetched_at": (ARRIVAL + timedelta(minutes=number)).isoformat()}
        for number, record in enumerate(chosen)
    ]
    for number in (0, 6, 12):
        later, earlier = ARRIVAL + timedelta(days=1), ARRIVAL - timedelta(days=1)
        update = f"{arrived[number]['text']}\n\nA further {number} barges were seen at dusk."
        arrived.append({**arrived[number], "text": update, "fetched_at": later.isoformat()})
        # What stood at the address first was a copy of another agency's text.
        other = arrived[number + 5]["text"]
        arrived.append({**arrived[number], "text": other, "fetched_at": earlier.isoformat()})
    return arrived


def run(home: Path, parts: list[list[Record]], *, batch_entries: int) -> Path:
    """Load each part as a file in a run of its own; the data folder."""
    home.mkdir()
    for number, part in enumerate(parts):
        path = home / f"{number}.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in part))
        settings = Settings(home=home, batch_entries=batch_entries)
        ingest(settings, [path], publish_after=False)
    failed = [result.name for result in audit(Settings(home=home)) if not result.passed]
    assert failed == []
    return home


@pytest.fixture(scope="module")
def expected(
    records: list[Record], tmp_path_factory: pytest.TempPathFactory, public: Public
) -> dict[str, list[str]]:
    """The public tables after one run in one batch, in the order of the captures."""
    in_order = sorted(records, key=lambda record: str(record["fetched_at"]))
    home = run(tmp_path_factory.mktemp("order") / "home", [in_order], batch_entries=500)
    return public(home)


def test_the_corpus_has_something_to_get_wrong(
    records: list[Record], expected: dict[str, list[str]]
) -> None:
    """Matches, clusters of several, passages and versions: else the comparison proves nothing."""
    counts = {name: len(rows) for name, rows in expected.items()}
    addresses = {record["url"] for record in records}
    assert counts["articles"] == len(addresses) > 30
    assert counts["article_versions"] == len(records) == len(addresses) + 6
    assert counts["clusters"] < 20
    assert counts["matches"] > 30
    assert counts["passages"] > 50


@pytest.mark.parametrize(
    ("seed", "parts", "batch_entries"), [(1, 1, 1), (2, 1, 7), (3, 3, 500), (4, 2, 5), (5, 1, 20)]
)
def test_any_order_and_any_cut_gives_the_same_tables(
    records: list[Record],
    expected: dict[str, list[str]],
    public: Public,
    home: Path,
    seed: int,
    parts: int,
    batch_entries: int,
) -> None:
    """Shuffled, one by one or all at once, from one file or several: row for row the same."""
    shuffled = records.copy()
    Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    cut = [shuffled[number::parts] for number in range(parts)]
    found = public(run(home, cut, batch_entries=batch_entries))
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_what_a_former_version_compared_is_compared_again(
    records: list[Record], expected: dict[str, list[str]], public: Public, home: Path
) -> None:
    """After a migration that empties the index, the next run leaves the tables as if made now."""
    run(home, [records], batch_entries=500)
    with writer(home) as con:
        con.execute("update reuse.fingerprints set norm_version = 0")
        for table in ("matches", "passages", "clusters", "cluster_members", "mart.wire_words"):
            con.execute(f"delete from {table}")  # noqa: S608 - names of tables
        for table in ("bands", "seeds", "lines", "furniture", "components"):
            con.execute(f"delete from reuse.{table}")  # noqa: S608 - names of tables

    summary = ingest(Settings(home=home, batch_entries=7), [home / "0.jsonl"], publish_after=False)

    assert summary.states.total() == 0, "nothing was read again"
    assert [one.name for one in audit(Settings(home=home)) if not one.passed] == []
    assert public(home) == expected
