"""Site furniture: the lines a site puts under whatever it publishes, which are nobody's copy.

A request to subscribe, a weather box or a note on comments stands in unrelated articles of one site
month after month, and the sites of one group share them. As passages they would join everything
with everything. A line is told by its content words, numbers apart ("High 81F" is "High 64F"), and
is furniture of a publisher in a month when it stands in many articles there that run different
texts: a long agency text in many editions of one site has as many articles and one cluster. Articles
whose publisher nobody knows are taken for those of one site, or their furniture would join them all. The
rule sees nothing but the articles and clusters held, so the order in which they came is irrelevant.

Only passages leave furniture out. Matches and clusters are decided on whole texts, so what is
furniture can depend on them. The constants are those of `benchmarks/results/passages.md`, rows
"furniture".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from transforms.text import Tokens
from transforms.words import I64, U64, WORD_WEIGHT, mix

FURNITURE_CLUSTERS = 4
"""A line is furniture when it stands in articles of at least so many clusters of one publisher."""
FURNITURE_DIVERSITY = 0.5
"""The share of its articles that must be of clusters of their own: below, one text was repeated."""
MIN_LINE_WORDS = 5
"""Shorter lines are not told apart: no passage can lie in one (`passages.MIN_WHOLE_LINE_WORDS`)."""

UNKNOWN_PUBLISHER = ""
"""What stands for an unknown publisher: all such articles are taken for those of one site."""
UNDATED = 0
"""The month of articles whose publication time is unknown."""

_NUMBER = np.uint64(0x2545F4914F6CDD1D)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def month_of(published_at: datetime | None) -> int:
    """The month in UTC in which the lines of an article are counted, as 202607; 0 if unknown."""
    if published_at is None:
        return UNDATED
    at = published_at.astimezone(UTC)
    return at.year * 100 + at.month


def months_of(first_day: date, last_day: date) -> tuple[int, int]:
    """The months of these two days."""
    return first_day.year * 100 + first_day.month, last_day.year * 100 + last_day.month


def days_of(months: Iterable[int]) -> tuple[date, date]:
    """The first and the last day of these months and those between, without the undated.

    Where all is undated the first lies behind the last: no day is between them.
    """
    dated = sorted(month for month in months if month != UNDATED)
    if not dated:
        return date.max, date.min
    year, month = divmod(dated[-1], 100)
    return date(dated[0] // 100, dated[0] % 100, 1), date(year, month, monthrange(year, month)[1])


def is_furniture(article_count: int, cluster_count: int) -> bool:
    """Whether a line is furniture of its publisher in a month.

    Args:
        article_count: Articles of the publisher, published in that month, with this line.
        cluster_count: The clusters these articles are in.
    """
    return (
        cluster_count >= FURNITURE_CLUSTERS and cluster_count >= FURNITURE_DIVERSITY * article_count
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a batch of texts that have content words.

    `hashes` has one value for each line, 0 for a line of fewer than five words; `of_token` has the
    number of its line for each token.
    """

    hashes: U64
    of_token: I64


def hash_lines(tokens: Tokens) -> Lines:
    """The lines of these tokens: equal hashes for lines with the same content words but numbers."""
    if tokens.lines.size == 0:
        return Lines(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))
    opens = np.append(True, tokens.lines[1:] != tokens.lines[:-1])
    starts = np.flatnonzero(opens)
    of_token = np.cumsum(opens) - 1
    place = (np.arange(tokens.lines.size) - starts[of_token]).astype(np.uint64)
    words = np.where(tokens.is_number, _NUMBER, tokens.hashes)
    hashes = mix(np.add.reduceat(mix(words + place * _STEP), starts))
    weights = np.add.reduceat(tokens.weights.astype(np.int64), starts)
    hashes[weights < MIN_LINE_WORDS * WORD_WEIGHT] = 0
    return Lines(hashes, of_token)
