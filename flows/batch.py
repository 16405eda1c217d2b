"""Loading one batch: everything it changes, in one transaction.

Articles, versions, matches, clusters, passages, the ledger and the place reached in each file are
committed together or not at all, so a run can be killed at any instant and run again.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import cast

from flows import rows
from flows.compare import Comparable, Compared, compare
from flows.ledger import input_of, update_ledger, update_wanted
from flows.readings import Entry, Postponed, Reading
from flows.rechecks import update_rechecks
from flows.renewal import withdraw
from flows.sightings import load_sightings
from transforms.records import Article, ComparisonText, Level, Page, Reason, Rejection, State
from transforms.urls import capture_id
from transforms.versions import Sighting, Version, in_order, text_digest, versions
from warehouse import load, lookup
from warehouse.connection import Connection, transaction, writer
from warehouse.lookup import Found


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry and what extraction made of it.

    `reading` is None where the sighting is in the tables already: `entry.wanted` says which.
    """

    reading: Reading | None
    entry: Entry
    outcome: Article | Rejection | Postponed


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries to load together, and how far each reading has come with them.

    `entries_seen` counts the entries of each reading up to and with this batch, by fetch id;
    `finished` gives, for each read to its end, None or the reason why it counts as failed.
    `units` are rows of `ops.backfill_units` as they stand with this batch. A renewal brings captures
    that are held already, extracted again: what was made of them before is replaced.
    """

    run_id: str
    load_id: str
    seen: tuple[Seen, ...]
    readings: Mapping[str, Reading]
    entries_seen: Mapping[str, int]
    finished: Mapping[str, Reason | None]
    units: tuple[rows.Row, ...] = ()
    is_renewal: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a batch came to: entries by state and by reason, and rows added.

    `unsettled` are articles that a renewal left as they were: it did not bring all their captures.
    """

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    match_count: int = 0
    passage_count: int = 0
    unsettled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Current:
    """A capture that is the latest of its article and new: the article's row is made from it."""

    article: Article
    page: Page
    version_no: int


@dataclass(frozen=True, slots=True)
class _Body:
    """The body that stands for a text: that of the latest capture which shows the text."""

    fetched_at: datetime
    page_id: str
    body: str
    body_sha256: str

    def latest(self, other: "_Body") -> "_Body":
        """The later of the two."""
        is_later = (other.fetched_at, other.page_id) > (self.fetched_at, self.page_id)
        return other if is_later else self


@dataclass(slots=True)
class _History:
    """An article's captures, those held and those of the batch, and the texts they showed.

    `bodies` are by text; `untold` are captures stored before texts were told from bodies.
    """

    sightings: dict[str, Sighting] = field(default_factory=dict)
    fresh: dict[str, tuple[Article, Page]] = field(default_factory=dict)
    bodies: dict[str, _Body] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    untold: set[str] = field(default_factory=set)


def load_batch(home: Path, batch: Batch, *, now: datetime, lock_wait_s: float) -> Loaded:
    """Load a batch in one transaction; returns what became of its entries.

    Raises:
        WarehouseLocked: Another writer did not let go in time; nothing was changed.
    """
    # The extraction of the next batch has the other cores.
    with writer(home, wait_s=lock_wait_s, threads=1) as con, transaction(con):
        withdrawn = withdraw(con, batch.seen, _REPLACED_TABLES) if batch.is_renewal else None
        histories, states = _histories(con, batch)
        _load_pages(con, batch)
        current = _load_articles(con, histories, now, compares_all=batch.is_renewal)
        compared = compare(con, current, recredited=histories)
        inputs = [
            input_of(seen.entry, seen.outcome, state)
            for seen, state in zip(batch.seen, states, strict=True)
        ]
        gone = withdrawn.gone if withdrawn else None
        standing = update_ledger(con, batch.run_id, inputs, now, gone)
        if withdrawn is None:
            asked_for = (seen.entry.wanted for seen in batch.seen)
            update_wanted(con, zip(asked_for, inputs, strict=True), standing)
            update_rechecks(con, zip(batch.seen, inputs, strict=True), now)
        load_sightings(con, batch, inputs)
        load.replace_units(con, batch.units)
        loaded = _finish(con, batch, states, compared, now, len(current))
        return replace(loaded, unsettled=withdrawn.unsettled) if withdrawn else loaded


def _histories(con: Connection, batch: Batch) -> tuple[dict[str, _History], list[State]]:
    """The captures of each article of the batch, and the state each entry of the batch ends in."""
    ids = {seen.outcome.article_id for seen in batch.seen if isinstance(seen.outcome, Article)}
    histories: dict[str, _History] = {article_id: _History() for article_id in ids}
    _recall(con, histories)
    states: list[State] = []
    for seen in batch.seen:
        if isinstance(seen.outcome, Postponed):
            states.append(State.PENDING)
            continue
        if isinstance(seen.outcome, Rejection):
            states.append(seen.outcome.reason.state)
            continue
        article, page = seen.outcome, cast(Page, seen.entry.capture)
        history = histories[article.article_id]
        is_new_text = article.text_sha256 not in history.bodies
        states.append(State.LOADED if is_new_text else State.DUPLICATE)
        if article.page_id not in history.sightings:
            history.sightings[article.page_id] = Sighting(
                article.fetched_at,
                article.page_id,
                article.headline,
                article.body_sha256,
                article.text_sha256,
            )
            history.fresh[article.page_id] = (article, page)
            body = _Body(article.fetched_at, article.page_id, article.body, article.body_sha256)
            known = history.bodies.get(article.text_sha256, body)
            history.bodies[article.text_sha256] = known.latest(body)
    return {key: history for key, history in histories.items() if history.fresh}, states


def _recall(con: Connection, histories: Mapping[str, _History]) -> None:
    """Fill in what is held of these articles: their captures, and a body for each text."""
    held = lookup.by_ids(con, "article_versions", histories)
    texts = {
        (str(row["article_id"]), str(row["body_sha256"])): str(
            row["text_sha256"] or text_digest(str(row["body"]))
        )
        for row in held
    }
    latest: dict[tuple[str, str], Sighting] = {}
    for row in lookup.by_ids(con, "article_pages", histories):
        article_id, body_sha256 = str(row["article_id"]), str(row["body_sha256"])
        sighting = Sighting(
            cast(datetime, row["fetched_at"]),
            str(row["page_id"]),
            str(row["headline"]),
            body_sha256,
            str(row["text_sha256"] or texts.get((article_id, body_sha256), body_sha256)),
        )
        history = histories[article_id]
        history.sightings[sighting.page_id] = sighting
        if row["text_sha256"] is None:
            history.untold.add(sighting.page_id)
        key = (article_id, sighting.text_sha256)
        latest[key] = in_order((sighting, latest.get(key, sighting)))[-1]
    for row in held:
        article_id, body_sha256 = str(row["article_id"]), str(row["body_sha256"])
        text = texts[article_id, body_sha256]
        seen = latest.get((article_id, text))
        if seen is not None:
            body = _Body(seen.fetched_at, seen.page_id, str(row["body"]), body_sha256)
            histories[article_id].bodies[text] = body


def _load_pages(con: Connection, batch: Batch) -> None:
    """Every capture of the batch is a page, whether an article came of it or not."""
    found: dict[str, rows.Row] = {}
    for seen in batch.seen:
        page = seen.entry.capture
        if isinstance(page, Page):
            digest = hashlib.sha256(page.payload).hexdigest()
            key = capture_id(page)
            found[key] = rows.page_row(page, key, digest)
    known = lookup.known_pages(con, found)
    load.append(con, "raw.pages", [row for key, row in found.items() if key not in known])


def _load_articles(
    con: Connection, histories: Mapping[str, _History], now: datetime, *, compares_all: bool = False
) -> list[Comparable]:
    """Versions and current rows of the articles with new captures; returns those to compare."""
    held = {str(row["article_id"]): row for row in lookup.by_ids(con, "articles", histories)}
    current: list[_Current] = []
    renumbered: dict[str, int] = {}
    for article_id, history in histories.items():
        history.versions = versions(history.sightings.values())
        number = history.versions[-1].version_no
        latest = in_order(history.sightings.values())[-1]
        if latest.page_id in history.fresh:
            article, page = history.fresh[latest.page_id]
            current.append(_Current(article, page, number))
        else:
            renumbered[article_id] = number
    load.delete(
        con, "article_pages", chain.from_iterable(each.untold for each in histories.values())
    )
    load.append(
        con,
        "article_pages",
        [
            rows.sighting_row(article_id, history.sightings[page])
            for article_id, history in histories.items()
            for page in history.fresh.keys() | history.untold
        ],
    )
    load.delete(con, "article_versions", held)
    load.append(
        con,
        "article_versions",
        [
            rows.version_row(article_id, version, shown.body, shown.body_sha256)
            for article_id, history in histories.items()
            for version in history.versions
            for shown in (history.bodies[version.first.text_sha256],)
        ],
    )
    load.append(
        con,
        "article_urls",
        list(
            {
                (row["article_id"], row["url"], row["kind"]): row
                for history in histories.values()
                for article, _ in history.fresh.values()
                for row in rows.url_rows(article)
            }.values()
        ),
    )
    load.set_version_numbers(con, renumbered)
    _replace_articles(con, current, held, now)
    return [
        Comparable(
            _comparison_text(item.article),
            _published_at(item.article),
            rows.publisher_of(item.article, item.page),
        )
        for item in current
        if compares_all or _differs(item, held.get(item.article.article_id))
    ]


def _replace_articles(
    con: Connection, current: Sequence[_Current], held: Mapping[str, Found], now: datetime
) -> None:
    replaced = [i.article.article_id for i in current if i.article.article_id in held]
    former_authors = [
        str(row["author_id"]) for row in lookup.by_ids(con, "article_authors", replaced)
    ]
    for name in _REPLACED_TABLES:
        load.delete(con, name, replaced)
    articles = [item.article for item in current]
    load.append(
        con,
        "articles",
        [
            rows.article_row(item.article, item.page, item.version_no, _first_seen(item, held, now))
            for item in current
        ],
    )
    written = [rows.author_rows(article) for article in articles]
    authors = {str(row["author_id"]): row for row in chain.from_iterable(a for a, _ in written)}
    load.append(con, "authors", list(authors.values()))
    load.append(con, "article_authors", list(chain.from_iterable(links for _, links in written)))
    load.append(con, "article_tags", list(chain.from_iterable(map(rows.tag_rows, articles))))
    load.append(con, "article_dates", list(chain.from_iterable(map(rows.date_rows, articles))))
    load.append(
        con, "agency_evidence", list(chain.from_iterable(map(rows.evidence_rows, articles)))
    )
    load.append(con, "article_agencies", list(chain.from_iterable(map(rows.agency_rows, articles))))
    load.delete(con, "unnamed_authors", former_authors)
    publishers = {rows.publisher_of(item.article, item.page) for item in current}
    publishers |= {cast("str | None", row["publisher_id"]) for row in held.values()}
    load.refresh_publishers(con, (each for each in publishers if each is not None))


_REPLACED_TABLES = (
    "articles",
    "article_authors",
    "article_tags",
    "article_dates",
    "agency_evidence",
    "article_agencies",
)


def _first_seen(item: _Current, held: Mapping[str, Found], now: datetime) -> datetime:
    row = held.get(item.article.article_id)
    return now if row is None else cast(datetime, row["first_seen_at"])


def _differs(item: _Current, row: Found | None) -> bool:
    """Whether the comparison would see anything new in this capture."""
    article = item.article
    return row is None or (
        row["body_sha256"] != article.body_sha256
        or row["published_at"] != _published_at(article)
        or row["publisher_id"] != rows.publisher_of(article, item.page)
        or row["language"] != article.language
        or row["is_agency"] != any(level is Level.SELF for _, level in article.agency_roles)
    )


def _published_at(article: Article) -> datetime | None:
    return article.published.at if article.published else None


def _comparison_text(article: Article) -> ComparisonText:
    return ComparisonText(
        article.article_id,
        article.body,
        article.prose,
        article.language,
        headings=article.headings,
    )


def _finish(
    con: Connection,
    batch: Batch,
    states: Iterable[State],
    compared: Compared,
    now: datetime,
    article_count: int,
) -> Loaded:
    load.append(
        con,
        "ops.loads",
        [
            {
                "load_id": batch.load_id,
                "run_id": batch.run_id,
                "committed_at": now,
                "input_count": len(batch.seen),
                "article_count": article_count,
                "match_count": compared.match_count,
                "passage_count": compared.passage_count,
            }
        ],
    )
    reasons = (s.outcome.reason.value for s in batch.seen if not isinstance(s.outcome, Article))
    return Loaded(
        Counter(state.value for state in states),
        Counter(reasons),
        compared.match_count,
        compared.passage_count,
    )
