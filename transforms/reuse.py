"""Which articles run the same text: the theory of the comparison, and the decision for a pair.

Observations
    A desk that takes agency copy cuts it from the end, drops or moves paragraphs, puts in local
    ones, changes quotes, hyphens, spellings and figures, and adds a byline, a caption and the
    furniture of its site. It seldom rewrites a sentence from within. Two reporters at one event
    share names, figures and translated quotations, and hardly ever seven content words in a row
    that are not mostly names with their titles.
    Texts made from one template (weather, scores, obituaries, markets) share a frame and differ in
    every slot. An agency rewrites a running text several times a day; each version keeps a part
    of the one before, and outlets run whichever version they took.

Definitions
    content word  a token that is no function word of English, without its ending (`text`).
    shingle       four content words in a row on one line, as a 64-bit hash (`fingerprint`).
    containment   of A in B: the share of A's shingles that B has.
    resemblance   the Jaccard ratio of the two shingle sets.
    overlap       the smaller of the two containments of a pair.
    chance        CHANCE_SHINGLES common shingles, which prove nothing: they are taken off first.
    leader        of the articles of a day that have a band, or a seed, the first LEADERS_A_DAY.
    first         of a cluster, for a seed: its origin, or where that lacks the seed the earliest.
    furniture     a line that one site puts under unrelated articles (`furniture`).
    match         a pair with an overlap of COPY_OVERLAP beyond chance, or of CONTAINED_OVERLAP where
                  NEARLY_WHOLE of one is in the other (near-duplicate), or else with a containment
                  of EXCERPT_CONTAINMENT on one side (excerpt).
    heading       a line that reads like a heading or a row of a table. It has no shingles: it is
                  too short to tell articles apart, and a part of a passage only where articles
                  that are aligned have the whole line, word for word.
    component     articles that near-duplicates connect, directly or through others.
    cluster       articles that run one version of one text (`clusters`).
    passage       a run of text on one line of each of two articles (`passages`).

Algorithm
    1. Text to content words, shingles, 42 bands of a MinHash signature, seeds and lines; all of
       it a function of that text alone, so that it can be stored and never changes.
    2. Articles that share a band are candidates, if they were published within WINDOW_DAYS of each
       other and one of the two leads. Three rows a band and 42 bands meet with a probability of .94
       at a resemblance of .4 and of .04 at .1 (1 - (1 - r^3)^42). Leaders bound what a text costs
       that thousands run: everyone meets the same few. Who leads follows from the articles held, so
       when a late one takes the place of another, the pairs of both are found anew.
    3. The pair is decided by the exact overlap of the two shingle sets. The decision looks at that
       pair only, so that it is the same whenever the second of the two arrives.
    4. Inside a component all pairs are computed, those that share no band too (`overlaps`), and it
       is parted where two groups resemble each other less than each resembles itself (`clusters`):
       a function of the texts of the component.
    5. A reprint is aligned with the origin of its cluster, and articles that share a seed are
       aligned where one of the two is a first and one leads (`passages`). Seeds are runs of six
       words, the least a passage has, winnowed in windows of two: what shares seven words shares a
       seed. Shorter ones are mostly stock phrases, and a sample of them brought twenty pairs to
       align for one that had a passage. Lines that are furniture have no part in this.

Evidence for the constants (rows of `benchmarks/results/`)
    COPY_OVERLAP, CONTAINED_OVERLAP,     near_duplicates.md, Constants: "copy".
    NEARLY_WHOLE, CHANCE_SHINGLES
    bands and rows                       near_duplicates.md, Candidates.
    the rule for clusters                near_duplicates.md, Constants: "clusters"; Methods, against
                                         "connected components".
    LEADERS_A_DAY                        near_duplicates.md, Leaders; passages.md, rows "leaders";
                                         what it bounds: growth.md.
    seeds, furniture                     passages.md, Constants of the pipeline.
    alignment                            passages.md, Constants of alignment.
    EXCERPT_CONTAINMENT and WINDOW_DAYS are choices, not measurements: half of a text is what a
    reader would call an excerpt; an agency text older than a week is run as an archive piece.

Known exceptions
    - A copy cut to about a third of the longer text is an excerpt. It joins its cluster only
      where the copies between them connect it.
    - Templates of fewer than some thirty content words whose slots agree by chance can match.
    - Two versions of a text that differ by a third are one cluster when each was run only once: one
      article is no evidence of how alike the copies of its version are.
    - What more than LEADERS_A_DAY articles of one day share is compared with the first of them: two
      late ones that share it and nothing else with the first are not compared. A copy that credits
      nobody is attributed by the credited copies among those it was compared with.
    - A paragraph that one site repeats under four texts in a month counts as its furniture there; all
      articles of unknown publishers count as one site.
    - Two articles that share six content words in a row, and nowhere seven, may not be aligned.
    - Names count half where a passage is a part of a line, so in German, which writes all nouns with
      a capital, such a passage is some eight words long.
    - A translation is no copy; nothing here sees meaning.
    - Paragraphs joined or split differently lose the shingles across the new line ends.

Further reading
    Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (shingles, MinHash).
    Schleimer, Wilkerson and Aiken, "Winnowing", SIGMOD 2003 (what a sample of runs is sure to find).
    Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3 (bands and rows).
    Clough, Gaizauskas, Piao and Wilks, "METER: MEasuring TExt Reuse", ACL 2002 (news reuse).
    Smith, Cordell and Mullen, "Computational Methods for Uncovering Reprinted Texts in Antebellum
    Newspapers", American Literary History 27(3), 2015 (passages).
    Silcock, D'Amico-Wong, Yang and Dell, "Noise-Robust De-Duplication at Scale", ICLR 2023
    (wire copy in historical newspapers, and how far n-grams go).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from transforms.records import Match, MatchKind
from transforms.words import I64, U64

Counts = I64 | NDArray[np.float64]

WINDOW_DAYS = 7
"""Articles published further apart are not compared."""

LEADERS_A_DAY = 8
"""So many articles of a day that share a band, or a seed, lead: all others with it are compared with
these. A cluster of up to nine a day has all its pairs; of a larger one each article has a few."""

COPY_OVERLAP = 0.35
"""A pair whose two containments are both at least this, beyond chance, is a near-duplicate."""

CONTAINED_OVERLAP = 0.3
"""So is a pair with this overlap, beyond chance, ..."""
NEARLY_WHOLE = 0.9
"""... where so much of the shorter is in the longer: a copy cut short, or one with much put in. An update
of a running text, which has as little in common, differs on both sides."""

EXCERPT_CONTAINMENT = 0.5
"""A pair that is no near-duplicate is an excerpt when one containment is at least this."""

CHANCE_SHINGLES = 6
"""So many common shingles prove nothing, however short the articles are: nine content words of a
frame, a title or a slogan. They are taken off before the shares are compared with the thresholds."""


def within_window(published_a: datetime | None, published_b: datetime | None) -> bool:
    """Whether two publication times lie close enough to compare; an unknown one always does."""
    if published_a is None or published_b is None:
        return True
    return abs(published_a - published_b) <= timedelta(days=WINDOW_DAYS)


def match_pairs(pairs: Sequence[tuple[str, str]], shingles: Mapping[str, U64]) -> list[Match]:
    """The pairs that are near-duplicates or excerpts, ascending; the others are left out.

    Args:
        pairs: Candidate pairs of article ids, in any order, repeats allowed.
        shingles: For each article its ascending, unique shingles. A pair with an article that is
            not here is left out.
    """
    wanted = sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})
    wanted = [(a, b) for a, b in wanted if a in shingles and b in shingles]
    shared = np.array(_shared(wanted, shingles), dtype=np.int64)
    sizes = np.array([(shingles[a].size, shingles[b].size) for a, b in wanted]).reshape(-1, 2)
    least, most = sizes.min(axis=1), sizes.max(axis=1)
    copies = are_copies(shared, least, most)
    beyond_chance = shared - CHANCE_SHINGLES
    excerpts = (beyond_chance > 0) & (beyond_chance >= EXCERPT_CONTAINMENT * least)
    found = np.flatnonzero(copies | excerpts).tolist()
    kinds = {True: MatchKind.NEAR_DUPLICATE, False: MatchKind.EXCERPT}
    return [
        _match(wanted[i], sizes[i].tolist(), int(shared[i]), kinds[copies.item(i)]) for i in found
    ]


def are_copies(shared: Counts, least: Counts, most: Counts) -> NDArray[np.bool_]:
    """Which pairs are near-duplicates, from the shingles both have, the smaller and the larger set.

    Arrays of one shape, of whole numbers or floats.
    """
    beyond_chance = shared - CHANCE_SHINGLES
    is_contained = (beyond_chance >= CONTAINED_OVERLAP * most) & (shared >= NEARLY_WHOLE * least)
    return (beyond_chance > 0) & ((beyond_chance >= COPY_OVERLAP * most) | is_contained)


def _shared(pairs: Sequence[tuple[str, str]], shingles: Mapping[str, U64]) -> list[int]:
    """For each pair how many shingles both articles have."""
    counts = []
    for a, b in pairs:
        few, many = shingles[a], shingles[b]
        if few.size > many.size:
            few, many = many, few
        if few.size == 0:
            counts.append(0)
            continue
        met = many.take(many.searchsorted(few), mode="clip")
        counts.append(int(np.count_nonzero(met == few)))
    return counts


def _match(pair: tuple[str, str], sizes: Sequence[int], shared: int, kind: MatchKind) -> Match:
    size_a, size_b = sizes
    return Match(
        article_a=pair[0],
        article_b=pair[1],
        resemblance=shared / (size_a + size_b - shared),
        containment_a=shared / size_a,
        containment_b=shared / size_b,
        kind=kind,
    )
