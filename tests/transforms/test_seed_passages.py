"""The five articles on one subject: no copies among them, four agency sentences, no false passage."""

from functools import partial
from itertools import combinations
from pathlib import Path

import pytest

from transforms.clusters import cluster
from transforms.fingerprint import fingerprint
from transforms.overlaps import overlaps
from transforms.passages import align
from transforms.plaintext import read_plain_text
from transforms.records import ClusterArticle, ComparisonText, Passage
from transforms.reuse import match_pairs

SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"

pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the five seed articles are not here"),
]

# What must be inside a passage, by its first and last words, on the side of the first article.
AGENCY_SENTENCES = {
    ("000", "001"): [
        ("Moscow submitted draft", "Central and Eastern Europe"),
        ("amid soaring tensions", "of a possible invasion"),
    ],
    ("000", "002"): [("Washington is working", "sought by Mr Putin")],
    ("001", "002"): [("Biden warned", "it attacks Ukraine")],
}
STOCK = ("annexed", "threw its weight", "killed", "opposes the kind of guarantees")


@pytest.fixture(scope="module")
def texts() -> dict[str, ComparisonText]:
    """The five articles as the pipeline reads them."""
    found = {}
    for path in sorted(SEEDS.glob("*.txt")):
        read = read_plain_text(path.read_text(encoding="utf-8"))
        found[path.name[:3]] = ComparisonText(path.name[:3], read.body, read.prose)
    return found


@pytest.fixture(scope="module")
def passages(texts: dict[str, ComparisonText]) -> list[Passage]:
    """The passages of all ten pairs."""
    return align(list(combinations(texts, 2)), texts)


def test_all_five_are_alone(texts: dict[str, ComparisonText]):
    """One subject and a week of quotations in common make no near-duplicate and no excerpt."""
    shingles = {mark.article_id: mark.shingles for mark in fingerprint(list(texts.values()))}
    matches = match_pairs(list(combinations(texts, 2)), shingles)
    assert matches == []
    articles = [ClusterArticle(article_id, None, article_id) for article_id in texts]
    found = cluster(articles, [], partial(overlaps, shingles=shingles))
    assert [one.members for one in found] == [(name,) for name in sorted(texts)]


def test_whole_agency_sentences_are_passages(
    texts: dict[str, ComparisonText], passages: list[Passage]
):
    """Each of the four sentences lies inside one passage, from its first word to its last."""
    for (a, b), sentences in AGENCY_SENTENCES.items():
        spans = [
            texts[a].body[p.a_start : p.a_end]
            for p in passages
            if (p.article_a, p.article_b) == (a, b)
        ]
        for first, last in sentences:
            assert any(first in span and last in span for span in spans), (a, b, first)


def test_nothing_else_is_reported_but_stock_background(
    texts: dict[str, ComparisonText], passages: list[Passage]
):
    """Whatever is no agency sentence is one of the background clauses; no translated quotation."""
    for passage in passages:
        span = texts[passage.article_a].body[passage.a_start : passage.a_end]
        wanted = AGENCY_SENTENCES.get((passage.article_a, passage.article_b), [])
        is_sentence = any(first in span and last in span for first, last in wanted)
        assert is_sentence or any(words in span for words in STOCK), span
        assert "must give us" not in span


def test_every_pair_with_a_passage_shares_a_seed(
    texts: dict[str, ComparisonText], passages: list[Passage]
):
    """The pairs with agency sentences are found through their seeds, not only when asked for."""
    seeds = {m.article_id: set(m.seeds.tolist()) for m in fingerprint(list(texts.values()))}
    for pair in AGENCY_SENTENCES:
        assert seeds[pair[0]] & seeds[pair[1]]
    assert {(p.article_a, p.article_b) for p in passages} >= set(AGENCY_SENTENCES)
