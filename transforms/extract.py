"""From a captured page to an article.

A page is parsed once; its metadata are read by us from the tree that the main text is found in.
docs/extraction.md says where each column of an article comes from.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from transforms.agencies import AgencyRules, Credits, find_evidence, roles
from transforms.bylines import parse_byline
from transforms.credits.printed import printed_credits
from transforms.dates import EARLIEST, MODIFIED_SOURCES, chosen_date, date_candidates
from transforms.decode import binary_kind, decode_body, decode_text, is_gzip, media_type, storable
from transforms.feed_word import feed_word
from transforms.languages import best_language, detect_language, primary_subtag
from transforms.metadata import Metadata, read_metadata
from transforms.page.access import is_paywalled, why_stub
from transforms.page.body import trim_body
from transforms.page.kinds import not_an_article
from transforms.page.layout import link_texts, prepare_layout
from transforms.page.main_text import main_text
from transforms.page.parsing import parse_html
from transforms.page.reduced import reduce_html
from transforms.plaintext import Spans, as_headline, body_spans, read_plain_text
from transforms.records import (
    Article,
    ArticleUrl,
    Author,
    BodySource,
    Page,
    Publisher,
    Reason,
    Rejection,
    SourceDefaults,
    UrlKind,
)
from transforms.urls import article_id, capture_id, host, is_http, same_site, url_key
from transforms.versions import text_digest

MAX_HTML_BYTES = 5_000_000
"""Largest page that is parsed; the largest of 860 real news pages has 2.9 MB."""

MIN_WORDS = 12
"""A body with fewer words is no article; agency flashes have about fifteen."""

_DAMAGE = {
    Reason.TOO_LARGE: "larger than 5 MB when unpacked",
    Reason.TRUNCATED: "cut short",
    Reason.UNREADABLE: "damaged",
}
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_OTHER_ROOT = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!(?:--(?:[^-]|-(?!->))*--|doctype[^>]*)>\s*){0,5}"
    r"<(rss|rdf:rdf|feed|urlset|sitemapindex|opml|svg)[\s>]",
    re.IGNORECASE,
)
_ROOT_WITHIN = 2_000
_ANY_TAG = re.compile(r"<[a-zA-Z!/?]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_SPACED_WORDS = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_WORDS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
    r"(?:['’.,-][^\W_]+)*"
)

# Pages it cannot read end in a Rejection here; its own warnings would only repeat that.
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a way of reading, of HTML or plain text, makes of a page."""

    body: str
    spans: Spans
    metadata: Metadata
    source: BodySource


def extract_article(
    page: Page, rules: AgencyRules, *, is_fallback: bool = False
) -> Article | Rejection:
    """Make an article of a page, or say why it is none.

    Args:
        page: the capture; what it declares beside the page wins over the page's own metadata.
        rules: the agencies, from `transforms.agencies.parse_agencies`.
        is_fallback: whether HTML is read the crude way that no page can overwhelm: for one that the
            usual way has failed on, by its time or memory.

    Returns:
        An `Article`, or a `Rejection` whose `detail` is one sentence for a person. Never raises for
        bad input; how long and how much memory a hostile page may take is for the caller to limit.
    """
    refused = _refuse_envelope(page)
    if refused is not None:
        return refused
    payload = _payload(page)
    if isinstance(payload, Rejection):
        return payload
    text = decode_text(payload, page.content_type)
    if other := _OTHER_ROOT.match(text[:_ROOT_WITHIN]):
        detail = f"It is XML of another kind, <{other[1].lower()}>, and no page."
        return _reject(page, Reason.NOT_AN_ARTICLE, detail)
    # Servers call plain text HTML; what has no tag at all is no HTML.
    says_html = media_type(page.content_type) in _HTML_TYPES
    is_html = _HTML_START.match(text) is not None or (
        says_html and _ANY_TAG.search(text) is not None
    )
    read = _from_plain_text if not is_html else _from_reduced if is_fallback else _from_html
    draft = read(text, page)
    if isinstance(draft, Rejection):
        return draft
    words = count_words(draft.body)
    is_text = draft.source is BodySource.PLAIN_TEXT
    stub = why_stub(draft.metadata.access, draft.body.split("\n"), words, is_text=is_text)
    if stub is not None:
        return _reject(page, Reason.PAYWALL, stub)
    if words == 0:
        return _reject(page, Reason.NO_TEXT, "No text was found on the page.")
    if words < MIN_WORDS:
        detail = f"The text has only {words} words; an article has at least {MIN_WORDS}."
        return _reject(page, Reason.TOO_SHORT, detail)
    return _finish(page, draft, words, rules)


def count_words(text: str) -> int:
    """Words of a text; in scripts written without spaces every character counts as one."""
    words = _WORDS if _UNSPACED.search(text) else _SPACED_WORDS  # the latter in half the time
    return len(words.findall(text))


def _refuse_envelope(page: Page) -> Rejection | None:
    """What can be told without looking at the payload's text."""
    if page.status_code is not None and not 200 <= page.status_code < 300:
        return _reject(page, Reason.HTTP_STATUS, f"The server answered {page.status_code}.")
    if not page.payload.strip():
        return _reject(page, Reason.EMPTY, "The page has no content.")
    return None


def _payload(page: Page) -> bytes | Rejection:
    """The payload as text in bytes, without a content coding that is still on it."""
    payload = page.payload
    if is_gzip(payload):
        decoded = decode_body(payload, "gzip", limit=MAX_HTML_BYTES)
        if isinstance(decoded, Reason):
            return _reject(page, decoded, f"The compressed payload is {_DAMAGE[decoded]}.")
        payload = decoded
    kind = binary_kind(payload)
    if kind is not None:
        return _reject(page, Reason.BINARY, f"The payload is {kind}, not text.")
    known = media_type(page.content_type)
    if known and known not in _HTML_TYPES and known != "text/plain":
        detail = f"Only HTML and plain text are read, not {known[:80]!r}."
        return _reject(page, Reason.UNSUPPORTED_TYPE, detail)
    if len(payload) > MAX_HTML_BYTES:
        size = len(payload) / 1e6
        return _reject(page, Reason.TOO_LARGE, f"The page has {size:.1f} MB; 5 MB is the limit.")
    return payload


def _from_plain_text(text: str, page: Page) -> _Draft:
    read = read_plain_text(text, headline=page.declared.headline)
    # "Two hours ago" says nothing where nobody knows when it was read.
    relative = read.relative_raw if page.is_dated else None
    metadata = Metadata(
        headline=read.headline,
        dates=tuple(("date_line", raw) for raw in (read.date_raw, relative) if raw),
        authors=(read.byline,) if read.byline else (),
        bylines=(read.byline,) if read.byline else (),
        is_article=True,
    )
    spans = Spans(read.prose, read.headings)
    return _Draft(read.body, spans, metadata, BodySource.PLAIN_TEXT)


def _from_html(text: str, page: Page) -> _Draft | Rejection:
    tree = parse_html(text)
    if tree is None:
        return _reject(page, Reason.NO_TEXT, "The page holds no HTML that can be parsed.")
    metadata = read_metadata(tree, page.final_url or page.url)
    printed = printed_credits(tree, metadata.headline)
    metadata = replace(metadata, structured=metadata.structured + printed)
    if all(source in MODIFIED_SOURCES for source, _ in metadata.dates):
        metadata = replace(metadata, dates=metadata.dates + _guess_date(tree, page))
    prepare_layout(tree)
    links = link_texts(tree)
    found = main_text(tree, text, metadata.body, favor_precision=page.favor_precision)
    headline = page.declared.headline or metadata.headline
    lines = trim_body(found.lines, headline=headline, headings=found.headings, links=links)
    return _drafted(page, lines, metadata, found.source)


def _from_reduced(text: str, page: Page) -> _Draft | Rejection:
    """The crude way: the marks of the page's head alone are parsed, as a small page of their own."""
    reduced = reduce_html(text)
    tree = parse_html(f"{reduced.head}<p></p>")
    metadata = Metadata() if tree is None else read_metadata(tree, page.final_url or page.url)
    headline = page.declared.headline or metadata.headline
    lines = trim_body(reduced.lines, headline=headline, headings=(), links=frozenset())
    return _drafted(page, lines, metadata, BodySource.FALLBACK)


def _drafted(
    page: Page, lines: list[str], metadata: Metadata, source: BodySource
) -> _Draft | Rejection:
    body = "\n".join(lines)
    why = not_an_article(metadata, body, _article_url(page, metadata.canonical))
    return _reject(page, *why) if why else _Draft(body, body_spans(body), metadata, source)


def _finish(page: Page, draft: _Draft, words: int, rules: AgencyRules) -> Article:
    metadata, declared = draft.metadata, page.declared
    usual, entry = declared.source or SourceDefaults(), feed_word(declared)
    url = storable(_article_url(page, metadata.canonical))
    key = url_key(url)
    stated_headline = declared.headline or metadata.headline or entry.headline or ""
    headline = as_headline(_one_line(stated_headline))
    publisher_host = host(url)
    unnamed = () if declared.authors or metadata.authors else entry.authors
    named = declared.publisher or metadata.publisher or entry.publisher or usual.publisher
    publisher_name = _one_line(named or "") or None
    stated_language = metadata.language or primary_subtag(entry.language or usual.language)
    evidence = find_evidence(
        rules,
        Credits(
            host=publisher_host,
            canonical_url=metadata.canonical,
            structured=metadata.structured + tuple(("entry_author", name) for name in unnamed),
            bylines=metadata.bylines + declared.authors,
            body=draft.body,
            headline=headline,
            prose=draft.spans.prose,
        ),
    )
    is_plain = draft.source is BodySource.PLAIN_TEXT  # its prose was judged with lines now gone
    given = primary_subtag(declared.language)
    detected, score = detect_language(draft.body)
    stated_dates: tuple[tuple[str, str], ...] = ()
    if declared.published:
        stated_dates = (("declared", declared.published),)
    stated_dates += metadata.dates + entry.dates
    dates = date_candidates(stated_dates, page.fetched_at, page.timezone)
    return Article(
        article_id=article_id(key),
        page_id=capture_id(page),
        url=url,
        url_key=key,
        headline=headline,
        body=draft.body,
        prose=draft.spans.prose,
        headings=draft.spans.headings,
        body_sha256=hashlib.sha256(draft.body.encode()).hexdigest(),
        word_count=words,
        fetched_at=page.fetched_at,
        language=best_language(given, stated_language, detected, score),
        published=chosen_date(dates),
        publisher=Publisher(publisher_name, publisher_host)
        if publisher_name or publisher_host
        else None,
        authors=_authors(declared.authors or metadata.authors or unnamed),
        tags=metadata.tags or tuple(dict.fromkeys(_one_line(tag) for tag in entry.tags)),
        evidence=evidence,
        agency_roles=roles(evidence),
        text_sha256=text_digest(draft.body, None if is_plain else draft.spans.prose),
        body_source=draft.source,
        language_declared=given or stated_language,
        language_detected=detected,
        section=metadata.section,
        image_url=_storable_url(metadata.image),
        canonical_url=_storable_url(metadata.canonical),
        amp_url=_storable_url(metadata.amp),
        is_paywalled=is_paywalled(metadata.access, draft.body.split("\n")),
        dates=dates,
        urls=_urls(page, metadata, url),
    )


def _guess_date(tree: HtmlElement, page: Page) -> tuple[tuple[str, str], ...]:
    """The day htmldate finds in the page or its address, within the plausible range."""
    try:
        day = find_date(
            tree,
            extensive_search=False,
            original_date=True,
            url=page.final_url or page.url,
            min_date=EARLIEST.strftime("%Y-%m-%d"),
            max_date=(page.fetched_at + timedelta(days=2)).strftime("%Y-%m-%d"),
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a fallback that fails leaves the date unknown
        return ()
    return (("htmldate", day),) if day else ()


def _authors(bylines: tuple[str, ...]) -> tuple[Author, ...]:
    """Authors of all bylines in their order, each name once."""
    named: dict[str, Author] = {}
    for byline in bylines:
        for author in parse_byline(storable(byline)):
            named.setdefault(author.name.casefold(), author)
    return tuple(named.values())


def _article_url(page: Page, canonical: str | None) -> str:
    """The article's address: a canonical link where the page may speak for itself.

    A link to another site is evidence of syndication, one to the home page a template's mistake.
    """
    if canonical is None or (url_key(canonical).count("/") == 3 and canonical.endswith("/")):
        return page.url
    if page.url.startswith("file:"):
        return canonical
    fetched = [u for u in (page.final_url, page.url) if u is not None and is_http(u)]
    return canonical if any(same_site(u, canonical) for u in fetched) else page.url


def _urls(page: Page, metadata: Metadata, own: str) -> tuple[ArticleUrl, ...]:
    """Every address this capture gives the article, each once for what it is."""
    found = [(page.url, UrlKind.FETCHED)]
    if page.final_url is not None and page.final_url != page.url:
        found.append((page.final_url, UrlKind.FINAL))
    if metadata.canonical is not None:
        has_site = any(is_http(url) for url, _ in found)
        if own == storable(metadata.canonical) or not has_site:
            found.append((metadata.canonical, UrlKind.CANONICAL))
        elif not any(same_site(url, metadata.canonical) for url, _ in found):
            found.append((metadata.canonical, UrlKind.SYNDICATION))
    if metadata.amp is not None:
        found.append((metadata.amp, UrlKind.AMP))
    return tuple(dict.fromkeys(ArticleUrl(storable(url), kind) for url, kind in found))


def _storable_url(url: str | None) -> str | None:
    return None if url is None else storable(url)


def _one_line(text: str) -> str:
    return " ".join(storable(text).split())


def _reject(page: Page, reason: Reason, detail: str) -> Rejection:
    return Rejection(page.url, reason, detail)
