"""What the comparison is measured against: the libraries people use for near-duplicates, at their settings.

Each takes a labelled set and gives the pairs of articles it puts into one component.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from rensa import RMinHash

from benchmarks.labelled import Labelled, Pair, pairs_within
from transforms import clusters
from transforms.records import ComparisonText

WORD = re.compile(r"\w+")


def meeting(keys: Iterable[tuple[str, Sequence[Hashable]]]) -> set[Pair]:
    """The pairs of articles that share a key."""
    buckets: dict[Hashable, list[str]] = defaultdict(list)
    for article_id, values in keys:
        for value in set(values):
            buckets[value].append(article_id)
    return pairs_within(members for members in buckets.values() if len(members) > 1)


def components(ids: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """The connected components of a set of pairs."""
    return clusters._components(ids, pairs)  # noqa: SLF001  # the baseline is the library's own


def string_shingles(body: str) -> list[str]:
    """Word 5-grams as strings: what the compared libraries are usually fed with."""
    words = WORD.findall(body.lower())
    return [" ".join(words[i : i + 5]) for i in range(max(len(words) - 4, 1))]


def rensa_signatures(texts: Sequence[ComparisonText], permutations: int) -> np.ndarray:
    """MinHash signatures of string shingles, an array (texts, permutations)."""
    sets = [string_shingles(t.body) for t in texts]
    return np.array(RMinHash.digest_matrix_from_token_sets(sets, permutations, 1).to_rows())


def by_rensa(truth: Labelled, least: float) -> set[Pair]:
    """rensa: 128 permutations, 32 bands, estimated resemblance of at least `least`, components."""
    rows = rensa_signatures(truth.texts, 128)
    ids = [t.article_id for t in truth.texts]
    place = {article_id: i for i, article_id in enumerate(ids)}
    pairs = meeting(zip(ids, banded(rows, 32), strict=True))
    kept = [p for p in pairs if np.mean(rows[place[p[0]]] == rows[place[p[1]]]) >= least]
    return pairs_within(components(ids, kept))


def by_default_bands(truth: Labelled) -> set[Pair]:
    """The default of datatrove's MinHash stage: word 5-grams, 14 bands of 8 rows, unverified."""
    ids = [t.article_id for t in truth.texts]
    rows = rensa_signatures(truth.texts, 112)
    return pairs_within(components(ids, meeting(zip(ids, banded(rows, 14), strict=True))))


def banded(rows: np.ndarray, bands: int) -> list[list[tuple[int, ...]]]:
    """Each signature's bands as keys."""
    parts = rows.reshape(len(rows), bands, -1)
    return [[(i, *band) for i, band in enumerate(row)] for row in parts.tolist()]


def by_simhash(truth: Labelled) -> set[Pair]:
    """Simhash as trafilatura has it: similarity of at least .9 between all pairs, components."""
    from trafilatura.deduplication import Simhash  # noqa: PLC0415  # heavy, only for this row

    ids = [t.article_id for t in truth.texts]
    values = np.array([Simhash(t.body).hash for t in truth.texts], dtype=np.uint64)
    pairs = []
    for i in range(len(ids)):
        apart = np.bitwise_count(values[i + 1 :] ^ values[i])
        pairs += [(ids[i], ids[i + 1 + int(j)]) for j in np.flatnonzero(apart <= 6)]
    return pairs_within(components(ids, pairs))


def by_datasketch(truth: Labelled) -> set[Pair]:
    """datasketch: MinHashLSH at .5 on word 5-grams, 128 permutations, components."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415  # only where installed

    index = MinHashLSH(threshold=0.5, num_perm=128)
    pairs = []
    for one in truth.texts:
        mark = MinHash(num_perm=128)
        mark.update_batch([s.encode() for s in string_shingles(one.body)])
        pairs += [(other, one.article_id) for other in index.query(mark)]
        index.insert(one.article_id, mark)
    return pairs_within(components([t.article_id for t in truth.texts], pairs))
