"""Records as rows: the one seam between `transforms` and `warehouse`, which do not know each other."""

import json
from datetime import datetime

from flows.readings import Entry, Postponed, Reading, Wanted, declared_values
from transforms.decode import storable
from transforms.identity import hashed_id, publisher_id
from transforms.records import Article, Author, Declared, Page, Rejection, State
from transforms.versions import Sighting, Version

Row = dict[str, object]


def page_row(page: Page, page_id: str, payload_sha256: str) -> Row:
    """A capture as a row of `raw.pages`."""
    return {
        "page_id": page_id,
        "url": page.url,
        "final_url": page.final_url,
        "fetched_at": page.fetched_at,
        "status_code": page.status_code,
        "content_type": page.content_type,
        "payload_sha256": payload_sha256,
        "warc_file": page.location.file,
        "warc_offset": page.location.offset,
        "warc_length": page.location.length,
        "declared": _json(page.declared),
    }


def article_row(article: Article, page: Page, version_no: int, first_seen_at: datetime) -> Row:
    """An article, as its latest capture shows it, as a row of `articles`."""
    published, publisher = article.published, article.publisher
    return {
        "article_id": article.article_id,
        "publisher_id": publisher_of(article, page),
        "url": article.url,
        "url_key": article.url_key,
        "headline": article.headline,
        "body": article.body,
        "language": article.language,
        "published_at": published.at if published else None,
        "published_precision": published.precision.value if published else None,
        "published_source": published.source if published else None,
        "published_raw": published.raw if published else None,
        "published_offset_minutes": published.offset_minutes if published else None,
        "first_seen_at": first_seen_at,
        "fetched_at": article.fetched_at,
        "word_count": article.word_count,
        "body_sha256": article.body_sha256,
        "version_no": version_no,
        "page_id": article.page_id,
        "publisher_name": publisher.name if publisher else None,
        "publisher_host": publisher.host if publisher else None,
        "text_sha256": article.text_sha256,
        "body_source": article.body_source.value,
        "language_declared": article.language_declared,
        "language_detected": article.language_detected,
        "section": article.section,
        "image_url": article.image_url,
        "canonical_url": article.canonical_url,
        "amp_url": article.amp_url,
        "is_paywalled": article.is_paywalled,
    }


def publisher_of(article: Article, page: Page) -> str | None:
    """The id of the article's publisher."""
    return publisher_id(article.publisher, declared=page.declared.publisher is not None)


def sighting_row(article_id: str, sighting: Sighting) -> Row:
    """A capture of an article as a row of `article_pages`."""
    return {
        "article_id": article_id,
        "page_id": sighting.page_id,
        "fetched_at": sighting.fetched_at,
        "headline": sighting.headline,
        "body_sha256": sighting.body_sha256,
        "text_sha256": sighting.text_sha256,
    }


def version_row(article_id: str, version: Version, body: str, body_sha256: str) -> Row:
    """A version as a row of `article_versions`, with the body its text has."""
    return {
        "article_id": article_id,
        "version_no": version.version_no,
        "headline": version.first.headline,
        "body": body,
        "body_sha256": body_sha256,
        "text_sha256": version.first.text_sha256,
        "page_id": version.first.page_id,
        "seen_at": version.first.fetched_at,
    }


def author_rows(article: Article) -> tuple[list[Row], list[Row]]:
    """The authors of an article as rows of `authors` and of `article_authors`."""
    named: dict[str, Author] = {}
    for author in article.authors:
        named.setdefault(hashed_id("author", author.name), author)
    authors: list[Row] = [{"author_id": key, "name": named[key].name} for key in named]
    links: list[Row] = [
        {
            "article_id": article.article_id,
            "author_id": key,
            "position": position,
            "raw": author.raw,
        }
        for position, (key, author) in enumerate(named.items(), start=1)
    ]
    return authors, links


def tag_rows(article: Article) -> list[Row]:
    """The keywords of an article as rows of `article_tags`."""
    tags = dict.fromkeys(article.tags)
    return [{"article_id": article.article_id, "tag": tag} for tag in tags]


def date_rows(article: Article) -> list[Row]:
    """The times stated for an article as rows of `article_dates`."""
    return [
        {
            "article_id": article.article_id,
            "position": position,
            "source": date.source,
            "raw": storable(date.raw),
            "stated_at": date.at,
            "precision": date.precision.value if date.precision else None,
            "offset_minutes": date.offset_minutes,
            "is_chosen": date.is_chosen,
            "flag": date.flag.value if date.flag else None,
        }
        for position, date in enumerate(article.dates, start=1)
    ]


def url_rows(article: Article) -> list[Row]:
    """The addresses a capture gives an article as rows of `article_urls`."""
    return [
        {"article_id": article.article_id, "url": each.url, "kind": each.kind.value}
        for each in dict.fromkeys(article.urls)
    ]


def evidence_rows(article: Article) -> list[Row]:
    """The signals of an article as rows of `agency_evidence`."""
    return [
        {
            "article_id": article.article_id,
            "agency_id": evidence.agency_id,
            "signal": evidence.signal,
            "level": evidence.level.value,
            "text": evidence.text,
        }
        for evidence in dict.fromkeys(article.evidence)
    ]


def agency_rows(article: Article) -> list[Row]:
    """The agencies of an article as rows of `article_agencies`."""
    return [
        {"article_id": article.article_id, "agency_id": agency_id, "role": level.value}
        for agency_id, level in article.agency_roles
    ]


def fetch_row(
    reading: Reading, run_id: str, entries_seen: int, outcome: str, reason: str | None
) -> Row:
    """An attempt to read something as a row of `ops.fetches`."""
    return {
        "fetch_id": reading.fetch_id,
        "run_id": run_id,
        "source_id": reading.source_id,
        "url": reading.url,
        "kind": reading.kind,
        "fetched_at": reading.fetched_at,
        "status_code": reading.status_code,
        "outcome": outcome,
        "reason": reason,
        "payload_sha256": reading.sha256,
        "entries_seen": entries_seen,
    }


def entry_row(
    reading: Reading,
    entry: Entry,
    ledger_id: str,
    state: State,
    why: Rejection | Postponed | None,
    run_id: str,
) -> Row:
    """A sighting as a row of `ops.entries`."""
    return {
        "source_id": reading.source_id,
        "fetch_id": reading.fetch_id,
        "position": entry.position,
        "ledger_id": ledger_id,
        "url_raw": entry.url,
        "guid": entry.guid,
        "outcome": state.value,
        "reason": why.reason.value if why else None,
        "detail": storable(why.detail) if why else None,
        "run_id": run_id,
    }


def entry_outcome_row(wanted: Wanted, state: State, why: Rejection | Postponed | None) -> Row:
    """What became of a sighting that was pending: what `load.update_entries` takes."""
    return {
        "fetch_id": wanted.fetch_id,
        "position": wanted.position,
        "outcome": state.value,
        "reason": why.reason.value if why else None,
        "detail": storable(why.detail) if why else None,
    }


def wanted_row(wanted: Wanted, ledger_id: str) -> Row:
    """A page still to be fetched as a row of `ops.wanted_pages`."""
    return {
        "ledger_id": ledger_id,
        "url": wanted.url,
        "fetch_url": wanted.fetch_url,
        "source_id": wanted.source_id,
        "fetch_id": wanted.fetch_id,
        "position": wanted.position,
        "declared": _json(wanted.declared),
        "fallback": wanted.fallback,
        "fallback_declared": _json(wanted.fallback_declared),
    }


def _json(declared: Declared) -> str | None:
    present = declared_values(declared)
    return json.dumps(present, ensure_ascii=False) if present else None
