"""Clusters: what belongs together, whatever the order, and where a chain of updates is cut."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import clusters
from transforms.components import components
from transforms.overlaps import UNMATCHED_OVERLAP, Overlaps
from transforms.records import Cluster, ClusterArticle

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def article(article_id: str, hours: float | None = 0, *, agency: bool = False) -> ClusterArticle:
    """An article published so many hours after noon; None: at an unknown time."""
    published = None if hours is None else NOON + timedelta(hours=hours)
    return ClusterArticle(article_id, published, f"https://example.org/{article_id}", agency)


Shared = tuple[str, str, float, float]


def match(a: str, b: str, overlap: float, larger: float | None = None) -> Shared:
    """Two articles with this smaller containment, and the larger one, by default the same."""
    return min(a, b), max(a, b), overlap, overlap if larger is None else larger


def cluster(articles: Sequence[ClusterArticle], shared: Sequence[Shared]) -> list[Cluster]:
    """The clusters of articles of which so much is known; from .4 on two are near-duplicates."""

    def overlaps(members: Sequence[str]) -> Overlaps:
        at = {member: i for i, member in enumerate(members)}
        smaller = np.full((len(members), len(members)), UNMATCHED_OVERLAP)
        larger = smaller.copy()
        for a, b, low, high in shared:
            if a in at and b in at:
                smaller[at[a], at[b]] = smaller[at[b], at[a]] = low
                larger[at[a], at[b]] = larger[at[b], at[a]] = high
        joined = (smaller >= 0.4) & ~np.eye(len(members), dtype=bool)
        return Overlaps([[member] for member in members], smaller, larger, joined)

    edges = [(a, b, low) for a, b, low, _ in shared if low >= 0.4]
    return clusters.cluster(articles, edges, overlaps)


def members(found: Sequence[Cluster]) -> list[tuple[str, ...]]:
    """The members of each cluster."""
    return [one.members for one in found]


def test_an_article_without_matches_is_a_cluster_of_one():
    """Every article is in exactly one cluster."""
    assert cluster([article("b"), article("a")], []) == [
        Cluster("a", "a", ("a",)),
        Cluster("b", "b", ("b",)),
    ]
    assert cluster([], []) == []


def test_a_copy_joins_and_an_excerpt_does_not():
    """Only near-duplicates merge."""
    found = cluster([article(x) for x in "abc"], [match("a", "b", 0.8), match("b", "c", 0.2, 0.9)])
    assert members(found) == [("a", "b"), ("c",)]


def test_the_origin_is_the_agency_then_the_earliest():
    """An agency's own article wins over an earlier one; unknown times come last; ties by key."""
    pair = [match("a", "b", 0.9)]
    assert (
        cluster([article("a", 0), article("b", 5, agency=True)], pair)[0].origin_article_id == "b"
    )
    assert cluster([article("a", 3), article("b", 1)], pair)[0].origin_article_id == "b"
    assert cluster([article("a", None), article("b", 9)], pair)[0].origin_article_id == "b"
    assert cluster([article("a", 1), article("b", 1)], pair)[0].origin_article_id == "a"


def test_a_match_with_an_unknown_article_is_left_out():
    """A match that points outside the given articles connects nothing."""
    assert members(
        cluster([article("a"), article("c")], [match("a", "b", 1), match("b", "c", 1)])
    ) == [
        ("a",),
        ("c",),
    ]


def day_of_updates(outlets: int) -> tuple[list[str], list[Shared]]:
    """Five versions of a story: copies of one alike to .9, successive ones to .45, others to .15."""
    ids = [f"v{version}-{outlet}" for version in range(5) for outlet in range(outlets)]
    matches = []
    for a, b in combinations(ids, 2):
        apart = abs(int(a[1]) - int(b[1]))
        if apart < 2:
            matches.append(match(a, b, (0.9, 0.45)[apart]))
    return ids, matches


def test_a_day_of_updates_is_cut_into_its_versions():
    """Versions that each share less than half with the next are clusters of their own."""
    ids, matches = day_of_updates(outlets=4)
    found = members(cluster([article(x) for x in ids], matches))
    assert found == [tuple(f"v{v}-{o}" for o in range(4)) for v in range(5)]


def test_copies_cut_at_different_places_stay_together():
    """Loose all over: each copy keeps its own part, so none stands closer than the rest."""
    ids = [f"c{i}" for i in range(8)]
    matches = []
    for a, b in combinations(ids, 2):
        apart = abs(int(a[1]) - int(b[1]))
        matches.append(match(a, b, 0.72 - 0.06 * apart, 0.9))
    assert members(cluster([article(x) for x in ids], matches)) == [tuple(ids)]


def test_a_bridge_does_not_join_two_stories():
    """A round-up that holds two stories in full resembles both; the stories do not resemble."""
    left, right = [f"a{i}" for i in range(5)], [f"b{i}" for i in range(5)]
    matches = [match(a, b, 0.95) for side in (left, right) for a, b in combinations(side, 2)]
    matches += [match(x, "round-up", 0.45) for x in left + right]
    found = members(cluster([article(x) for x in [*left, *right, "round-up"]], matches))
    assert not any("a0" in one and "b0" in one for one in found)


Values = dict[tuple[int, int], tuple[float, float]]

overlaps = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]),
    st.tuples(st.floats(0.05, 1), st.floats(0, 1)),
    max_size=30,
)


@given(overlaps, st.randoms(use_true_random=False))
def test_the_order_of_articles_and_matches_does_not_matter(values: Values, random: Random):
    """Shuffled inputs give equal clusters, which partition the articles; ids are of members."""
    articles = [article(f"n{i}", i % 4) for i in range(10)]
    matches = [
        match(f"n{a}", f"n{b}", low, max(low, high)) for (a, b), (low, high) in values.items()
    ]
    expected = cluster(articles, matches)
    random.shuffle(articles)
    random.shuffle(matches)
    assert cluster(articles, matches) == expected
    everyone = [member for one in expected for member in one.members]
    assert sorted(everyone) == [f"n{i}" for i in range(10)]
    for one in expected:
        assert one.cluster_id == min(one.members)
        assert one.origin_article_id in one.members
        assert list(one.members) == sorted(one.members)


@given(overlaps)
def test_components_do_not_influence_each_other(values: Values):
    """Two components clustered together are what each is alone: a batch may bring any of them."""
    matches = [
        match(f"n{a}", f"n{b}", low, max(low, high)) for (a, b), (low, high) in values.items()
    ]
    other = day_of_updates(outlets=2)
    own = cluster([article(f"n{i}") for i in range(10)], matches)
    both = cluster(
        [article(x) for x in [*(f"n{i}" for i in range(10)), *other[0]]], matches + other[1]
    )
    assert [one for one in both if one.cluster_id.startswith("n")] == own


@given(overlaps, st.randoms(use_true_random=False))
def test_a_large_component_is_parted_by_its_best_connected(values: Values, random: Random):
    """With room for four, the rest goes where its strongest match is: each once, in any order, and
    never out of its component.
    """
    articles = [article(f"n{i}") for i in range(10)]
    matches = [
        match(f"n{a}", f"n{b}", low, max(low, high)) for (a, b), (low, high) in values.items()
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "LARGEST_COMPONENT", 4)
        found = cluster(articles, matches)
        random.shuffle(articles)
        random.shuffle(matches)
        assert cluster(articles, matches) == found
    assert sorted(one for each in found for one in each.members) == [f"n{i}" for i in range(10)]
    edges = [(a, b) for a, b, low, _ in matches if low >= 0.4]
    whole = components([f"n{i}" for i in range(10)], edges)
    for one in found:
        assert len({whole[member] for member in one.members}) == 1


def test_in_a_large_component_the_others_follow_their_strongest_match(
    monkeypatch: pytest.MonkeyPatch,
):
    """Two versions with two well connected copies each; each straggler is with its own version."""
    pairs = [match("a1", "a2", 0.95), match("b1", "b2", 0.95), match("a1", "b1", 0.41)]
    pairs += [match(f"a{i}", "a1", 0.9) for i in range(3, 7)]
    pairs += [match(f"a{i}", "a2", 0.9) for i in range(3, 7)]
    pairs += [match(f"b{i}", "b1", 0.9) for i in range(3, 7)]
    pairs += [match(f"b{i}", "b2", 0.9) for i in range(3, 7)]
    pairs += [match("a6", "b1", 0.5)]
    monkeypatch.setattr(clusters, "LARGEST_COMPONENT", 4)
    found = cluster([article(f"{x}{i}") for x in "ab" for i in range(1, 7)], pairs)
    assert members(found) == [
        tuple(f"a{i}" for i in range(1, 7)),
        tuple(f"b{i}" for i in range(1, 7)),
    ]
