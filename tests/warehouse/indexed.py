"""Articles as the index of the comparison holds them, drawn at random with all their flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from warehouse import load
from warehouse.connection import Connection

NOW = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)
DAY_S = 86_400
EVER: dict[str, object] = {"first_day": load.NO_DAY + timedelta(days=1), "last_day": date.max}
"""All days: that which stands for an unknown one is none of them."""

one_warehouse = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
IDS = st.integers(0, 2**64 - 1).map(load.article_id)
HASHES = st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 2**63 - 1, 2**63, 2**64 - 1]))
HIGH = [f"{2**64 - n:016x}" for n in range(1, 5)]

TIMES = st.none() | st.integers(0, 5 * 24).map(lambda hours: NOW + timedelta(hours=hours))
DAYS = st.integers(-1, 6).map(lambda days: (NOW + timedelta(days=days)).date())

Ends = tuple[date, date]
SPANS = st.tuples(DAYS, DAYS)
"""First and last day; the last may lie before the first."""


def is_in(day: date | None, ends: Ends) -> bool:
    """Whether a row of this day lies in the days or has none."""
    return day is None or ends[0] <= day <= ends[1]


def days_in(ends: Ends) -> dict[str, object]:
    """The days as look-ups want them."""
    return {"first_day": ends[0], "last_day": ends[1]}


@contextmanager
def undone(con: Connection) -> Iterator[None]:
    """Whatever the block writes is rolled back."""
    con.begin()
    try:
        yield
    finally:
        con.rollback()


@dataclass(frozen=True)
class Banded:
    """An article of the index of bands: each band with whether it leads there."""

    bands: dict[int, bool]
    published_at: datetime | None = None
    is_asked: bool = True


BANDED = st.builds(Banded, st.dictionaries(HASHES, st.booleans(), max_size=4), TIMES, st.booleans())


def day_of(at: datetime | None) -> date:
    """The day of a time in UTC, as the index has it: an unknown one is a day that nobody knows."""
    return load.NO_DAY if at is None else at.date()


def index_bands(con: Connection, articles: Mapping[str, Banded]) -> None:
    """Put the bands of these articles into the index."""
    load.append(
        con,
        "reuse.bands",
        [
            {
                "band": band,
                "article_key": load.article_key(each),
                "published_at": article.published_at,
                "day": day_of(article.published_at),
                "is_leader": is_leader,
            }
            for each, article in articles.items()
            for band, is_leader in article.bands.items()
        ],
    )


def hold(
    con: Connection,
    publishers: Mapping[str, str | None],
    times: Mapping[str, datetime | None] = MappingProxyType({}),
) -> None:
    """Articles of these publishers, published at these times."""
    load.append(
        con,
        "articles",
        [
            {
                "article_id": each,
                "publisher_id": publisher,
                "url": each,
                "url_key": each,
                "headline": "",
                "body": f"body of {each}",
                "published_at": times.get(each),
                "first_seen_at": NOW,
                "fetched_at": NOW,
                "word_count": 1,
                "body_sha256": "",
                "version_no": 1,
                "page_id": "",
            }
            for each, publisher in publishers.items()
        ],
    )


def cluster(
    con: Connection,
    cluster_of: Mapping[str, int],
    origins: Mapping[int, str],
    times: Mapping[str, datetime | None] = MappingProxyType({}),
) -> None:
    """Clusters, named as their origins, and their members with the days of these times."""
    sizes = Counter(cluster_of.values())
    load.append(
        con,
        "clusters",
        [
            {
                "cluster_id": origin,
                "origin_article_id": origin,
                "article_count": sizes[number],
                "origin_basis": "earliest",
            }
            for number, origin in origins.items()
        ],
    )
    load.append(
        con,
        "cluster_members",
        [
            {
                "article_id": each,
                "cluster_id": origins[number],
                "role": "origin" if origins[number] == each else "reprint",
                "day": at.date() if (at := times.get(each)) else None,
            }
            for each, number in cluster_of.items()
        ],
    )


class Flags(NamedTuple):
    """What a row of the index of seeds says. What stands on furniture is no first and leads nobody."""

    is_first: bool = False
    is_leader: bool = False
    is_furniture: bool = False


@dataclass(frozen=True)
class Seeded:
    """An article of the index of seeds, its publisher, and the number of its cluster."""

    seeds: dict[int, Flags]
    publisher_id: str | None = None
    published_at: datetime | None = None
    is_asked: bool = True
    cluster: int = 0


FLAGS = st.one_of(st.builds(Flags, st.booleans(), st.booleans()), st.just(Flags(is_furniture=True)))
SEEDED = st.builds(
    Seeded,
    st.dictionaries(HASHES, FLAGS, max_size=3),
    st.sampled_from(["post", "herald", None]),
    TIMES,
    st.booleans(),
    st.integers(0, 3),
)


def index_seeds(con: Connection, articles: Mapping[str, Seeded]) -> None:
    """Put the seeds of these articles into the index."""
    load.append(
        con,
        "reuse.seeds",
        [
            {
                "seed": seed,
                "line": seed // 2,
                "article_key": load.article_key(each),
                "published_at": article.published_at,
                "day": day_of(article.published_at),
                "publisher_id": article.publisher_id,
                **flags._asdict(),
            }
            for each, article in articles.items()
            for seed, flags in article.seeds.items()
        ],
    )


def print_row(
    article_id: str, at: datetime | None = None, *, version: int = 1, shingles: Iterable[int] = ()
) -> dict[str, object]:
    """A row of the fingerprints."""
    return {
        "article_key": load.article_key(article_id),
        "norm_version": version,
        "published_at": at,
        "prose": article_id.encode(),
        "shingles": np.array(list(shingles), "<u8").tobytes(),
    }
