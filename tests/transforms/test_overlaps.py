"""What all pairs of a component share, against the decision for one pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import overlaps as module
from transforms.overlaps import KNOWN_CONTAINMENT, UNMATCHED_OVERLAP, overlaps
from transforms.records import MatchKind
from transforms.reuse import CHANCE_SHINGLES, match_pairs

texts = st.lists(st.frozensets(st.integers(0, 60), min_size=1), min_size=1, max_size=8)


def shingles_of(sets: list[frozenset[int]]) -> dict[str, np.ndarray]:
    """The sets as ascending shingles of articles n0, n1, ..."""
    return {f"n{i}": np.array(sorted(one), dtype=np.uint64) for i, one in enumerate(sets)}


@given(texts)
def test_all_pairs_agree_with_each_pair(sets: list[frozenset[int]]):
    """A pair is joined where the pair alone is a near-duplicate, with that pair's containments."""
    shingles = shingles_of(sets)
    found = overlaps(sorted(shingles), shingles)
    place = {member: i for i, group in enumerate(found.groups) for member in group}
    matches = {
        (m.article_a, m.article_b): m
        for m in match_pairs(list(combinations(shingles, 2)), shingles)
    }
    for a, b in combinations(sorted(shingles), 2):
        i, j = place[a], place[b]
        if i == j:
            assert shingles[a].tolist() == shingles[b].tolist()
            continue
        match = matches.get((a, b))
        is_near = match is not None and match.kind is MatchKind.NEAR_DUPLICATE
        assert found.joined[i, j] == found.joined[j, i] == is_near
        shared = len(set(shingles[a].tolist()) & set(shingles[b].tolist()))
        few = min(shingles[a].size, shingles[b].size)
        if is_near or shared - CHANCE_SHINGLES >= KNOWN_CONTAINMENT * few:
            assert found.larger[i, j] == shared / few
            assert found.smaller[i, j] == shared / max(shingles[a].size, shingles[b].size)
        else:
            assert found.smaller[i, j] == found.larger[i, j] == UNMATCHED_OVERLAP
    assert not found.joined.diagonal().any()


def test_equal_texts_are_one_group_however_many():
    """Two hundred outlets with the very same text cost one row."""
    text = np.arange(300, dtype=np.uint64)
    found = overlaps([f"x{i:03}" for i in range(200)], {f"x{i:03}": text for i in range(200)})
    assert [len(group) for group in found.groups] == [200]
    assert found.smaller.shape == (1, 1)


def test_a_matrix_in_pieces_is_the_whole_matrix(monkeypatch: pytest.MonkeyPatch):
    """What fits into memory at a time does not change what is counted."""
    random = np.random.default_rng(5)
    shingles = {
        f"n{i}": np.unique(random.integers(0, 400, 150)).astype(np.uint64) for i in range(12)
    }
    whole = overlaps(sorted(shingles), shingles)
    monkeypatch.setattr(module, "_CELLS", 12 * 7)
    pieces = overlaps(sorted(shingles), shingles)
    assert (whole.smaller == pieces.smaller).all()
    assert (whole.larger == pieces.larger).all()


def test_texts_without_shingles_share_nothing():
    """Empty texts are equal to each other and nothing else."""
    empty, full = np.array([], dtype=np.uint64), np.arange(30, dtype=np.uint64)
    found = overlaps(["a", "b", "c"], {"a": empty, "b": empty, "c": full})
    assert found.groups == [["a", "b"], ["c"]]
    assert not found.joined.any()
