"""The benchmark corpus is the same everywhere, streams, and is what it says it is."""

from __future__ import annotations

import gzip
import json
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpus, prose

ROOT = Path(__file__).parents[1]
SEED = 7


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    """Two thousand records: two thirds of a day of news."""
    return list(corpus.generate(2000, SEED))


def published(record: dict[str, Any]) -> datetime:
    """The publication time of a record."""
    return datetime.fromisoformat(record["published"])


def lines(record: dict[str, Any]) -> set[str]:
    """The lines of a text with straight quotation marks and without a dateline or a credit."""
    straight = re.sub("[“”]", '"', record["text"])
    found = {re.sub(r"^[A-Z]+ \([A-Z]+\) — ", "", line) for line in straight.split("\n\n")}
    return {line for line in found if not line.startswith(("© ", "By "))}


def test_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Neither hash randomisation nor the process decides anything."""
    command = [sys.executable, "-m", "benchmarks.corpus", "--articles", "40", "--seed", "3"]
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    for target, hash_seed in ((plain, "1"), (packed, "2")):
        subprocess.run(
            [*command, "--out", str(target)],
            cwd=ROOT,
            check=True,
            env={"PYTHONHASHSEED": hash_seed},
        )

    expected = "".join(
        json.dumps(record, ensure_ascii=False) + "\n" for record in corpus.generate(40, 3)
    ).encode()
    assert plain.read_bytes() == expected
    assert gzip.decompress(packed.read_bytes()) == expected


def test_another_seed_gives_other_articles() -> None:
    """Two seeds share neither addresses nor texts."""
    one, other = (list(corpus.generate(50, seed)) for seed in (1, 2))
    for key in ("url", "text"):
        assert not {record[key] for record in one} & {record[key] for record in other}


def test_small_corpus_is_the_beginning_of_a_large_one(records: list[dict[str, Any]]) -> None:
    """A run on more articles measures the same articles and then some; nothing is made ahead."""
    assert list(islice(corpus.generate(1_000_000, SEED), 300)) == records[:300]


def test_records_have_the_fields_of_the_input_format(records: list[dict[str, Any]]) -> None:
    """Every record has what `wirecopy ingest` reads, and the truth in keys it does not know."""
    keys = {"url", "headline", "published", "publisher", "language", "text"}
    truth = {"truth_kind", "truth_cluster", "truth_agency", "truth_sources"}
    codes = {code for _, code in corpus._AGENCIES}
    for record in records:
        assert set(record) == keys | truth
        assert re.fullmatch(r"https://[a-z]+\.example/\d{4}/\d\d/\d\d/[a-z-]+-\d+", record["url"])
        assert record["headline"][0].isupper()
        assert record["text"].strip() == record["text"]
        assert published(record).utcoffset() is not None
        assert (record["truth_agency"] in codes) == (record["truth_kind"] == "copy")
        assert bool(record["truth_sources"]) == (record["truth_kind"] == "embedding")
    assert len({record["url"] for record in records}) == len(records)


def test_records_come_by_time_at_three_thousand_a_day(records: list[dict[str, Any]]) -> None:
    """The range of dates grows with the number of articles."""
    instants = [published(record) for record in records]
    assert all(one <= other for one, other in pairwise(instants))
    expected = timedelta(days=len(records) / corpus.ARTICLES_PER_DAY)
    assert 0.85 * expected < instants[-1] - corpus.START < 1.15 * expected


def test_shares_of_the_three_kinds(records: list[dict[str, Any]]) -> None:
    """About 35 % copies and 10 % embeddings, from the first records on."""
    for part in (records, records[:1000], records[1000:]):
        counts = Counter(record["truth_kind"] for record in part)
        assert counts["copy"] / len(part) == pytest.approx(corpus.COPY_SHARE, abs=0.08)
        assert counts["embedding"] / len(part) == pytest.approx(corpus.EMBEDDING_SHARE, abs=0.03)


def test_lengths_are_those_of_news(records: list[dict[str, Any]]) -> None:
    """A median of about 350 words, with a long tail to about 1,200."""
    lengths = [len(record["text"].split()) for record in records]
    assert 320 < statistics.median(lengths) < 390
    assert max(lengths) < 1400
    assert sum(length > 800 for length in lengths) > 10


def test_words_fall_off_as_in_english(records: list[dict[str, Any]]) -> None:
    """Function words take 40 to 50 % of the text; no other word takes one in a hundred."""
    counts = Counter(word for r in records for word in re.findall(r"[a-z]+", r["text"].lower()))
    total = sum(counts.values())
    function_words = set(prose._FUNCTION_TEXT.split())
    share = sum(counts[word] for word in function_words) / total

    assert 0.40 < share < 0.50
    assert max(n for word, n in counts.items() if word not in function_words) < total / 100
    assert len(counts) > 6000


def test_copies_of_one_text_come_from_several_sites_within_the_window(
    records: list[dict[str, Any]],
) -> None:
    """A cluster has at most 40 members, each from another publisher, and is mixed with the rest."""
    members = defaultdict(list)
    for place, record in enumerate(records):
        if record["truth_kind"] == "copy":
            members[record["truth_cluster"]].append((place, record))
    sizes = [len(copies) for copies in members.values()]

    assert max(sizes) <= corpus.MAX_REPRINTS
    assert max(sizes) > 10
    assert statistics.median(sizes) < 4
    for copies in members.values():
        assert len({record["publisher"] for _, record in copies}) == len(copies)
        assert len({record["truth_agency"] for _, record in copies}) == 1
        span = published(copies[-1][1]) - published(copies[0][1])
        assert span <= timedelta(hours=corpus.REPRINT_HOURS)
    large = max(members.values(), key=len)
    assert large[-1][0] - large[0][0] > len(large)


def test_lines_are_shared_where_the_truth_says_so(records: list[dict[str, Any]]) -> None:
    """Two publishers have a line in common only as copies or by embedding one agency text."""
    owners: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        for line in lines(record):
            owners[line].append(record)
    shared = 0
    for sharing in owners.values():
        if len({record["publisher"] for record in sharing}) > 1:
            shared += 1
            origins = {
                (record["truth_sources"] or [record["truth_cluster"]])[0] for record in sharing
            }
            assert len(origins) == 1
    assert shared > 500


def test_most_copies_differ_from_each_other(records: list[dict[str, Any]]) -> None:
    """Desks edit: of two copies in a row of one text, hardly any have the same text."""
    seen: dict[str, str] = {}
    same = different = 0
    for record in records:
        if record["truth_kind"] == "copy":
            before = seen.get(record["truth_cluster"])
            same += before == record["text"]
            different += before is not None and before != record["text"]
            seen[record["truth_cluster"]] = record["text"]
    assert different > 100
    assert same < different / 50


def test_sites_close_with_their_own_lines(records: list[dict[str, Any]]) -> None:
    """Boilerplate: every busy site has a line that stands under most of its articles."""
    by_site: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        by_site[record["publisher"]].append(record)
    busy = [of_site for of_site in by_site.values() if len(of_site) >= 10]
    assert len(by_site) > 300
    assert busy
    for of_site in busy:
        counts = Counter(line for record in of_site for line in lines(record))
        assert counts.most_common(1)[0][1] >= len(of_site) / 2
