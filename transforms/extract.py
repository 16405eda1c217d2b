"""From a captured page to an article: the one place that calls trafilatura.

trafilatura is run as measured: fast, without comments, never with its deduplication (a process-wide
cache that empties a page seen before), on a tree parsed once. A full run follows only when the
fast one finds suspiciously little. Metadata are read by us from the same tree.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from htmldate import find_date
from lxml.etree import LxmlError, XMLSyntaxError
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document

from transforms.agencies import AgencyRules, Credits, find_evidence, roles
from transforms.bylines import parse_byline
from transforms.dates import EARLIEST, choose, read_all
from transforms.decode import binary_kind, decode_body, decode_text, is_gzip, media_type, storable
from transforms.languages import primary_subtag
from transforms.metadata import Metadata, read_metadata
from transforms.page.body import body_lines, looks_like_a_dump, trim_body
from transforms.page.kinds import not_an_article
from transforms.page.layout import link_texts, prepare_layout
from transforms.plaintext import prose_spans, read_plain_text
from transforms.records import (
    Article,
    Author,
    Page,
    Published,
    Publisher,
    Reason,
    Rejection,
)
from transforms.urls import article_id, capture_id, host, is_http, same_site, url_key

MAX_HTML_BYTES = 5_000_000
"""Largest page that is parsed; the largest of 860 real news pages has 2.9 MB."""

MIN_WORDS = 12
"""A body with fewer words is no article; agency flashes have about fifteen."""

_DAMAGE = {
    Reason.TOO_LARGE: "larger than 5 MB when unpacked",
    Reason.TRUNCATED: "cut short",
    Reason.UNREADABLE: "damaged",
}
_SHORT_CHARS = 500
_DECLARED_SHARE = 0.6
_LAST_RESORT_SHARE = 0.3
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_WORDS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
    r"(?:['’.,-][^\W_]+)*"
)

_PROLOGUE = 4_096
_DOCTYPE = re.compile(rb"<!doctype[^>]*>", re.IGNORECASE)
_EMPTY_ROOT = re.compile(rb"(<html\b[^<>]{0,1000}?)/>", re.IGNORECASE)
_XML_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_FORBIDDEN_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45]);?(?![0-9])"
    rb"|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF]);?(?![0-9a-fA-F]))"
)
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF. Neither these nor controls does lxml take back from trafilatura."""

_PARSER = HTMLParser(
    collect_ids=False,
    default_doctype=False,
    encoding="utf-8",
    remove_comments=True,
    remove_pis=True,
)

# Pages it cannot read end in a Rejection here; its own warnings would only repeat that.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What either path, HTML or plain text, makes of a page."""

    body: str
    prose: tuple[tuple[int, int], ...]
    metadata: Metadata


def extract_article(page: Page, rules: AgencyRules) -> Article | Rejection:
    """Make an article of a page, or say why it is none.

    Args:
        page: the capture; what it declares beside the page wins over the page's own metadata.
        rules: the agencies, from `transforms.agencies.parse_agencies`.

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
    is_html = media_type(page.content_type) in _HTML_TYPES or _HTML_START.match(text) is not None
    draft = _from_html(text, page) if is_html else _from_plain_text(text, page)
    if isinstance(draft, Rejection):
        return draft
    words = count_words(draft.body)
    if words == 0:
        return _reject(page, Reason.NO_TEXT, "No text was found on the page.")
    if words < MIN_WORDS:
        detail = f"The text has only {words} words; an article has at least {MIN_WORDS}."
        return _reject(page, Reason.TOO_SHORT, detail)
    return _finish(page, draft, words, rules)


def count_words(text: str) -> int:
    """Words of a text; in scripts written without spaces every character counts as one."""
    return len(_WORDS.findall(text))


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
    metadata = Metadata(
        headline=read.headline,
        dates=(("date_line", read.date_raw),) if read.date_raw else (),
        authors=(read.byline,) if read.byline else (),
        bylines=(read.byline,) if read.byline else (),
        is_article=True,
    )
    return _Draft(read.body, read.prose, metadata)


def _from_html(text: str, page: Page) -> _Draft | Rejection:
    address = page.final_url or page.url
    tree = _parse(text)
    if tree is None:
        return _reject(page, Reason.NO_TEXT, "The page holds no HTML that can be parsed.")
    metadata = read_metadata(tree, address)
    guessed = () if metadata.dates else _guess_date(tree, page)
    metadata = replace(metadata, dates=metadata.dates + guessed)
    prepare_layout(tree)
    links = link_texts(tree)
    lines, headings = _main_text(tree, text, metadata.body)
    headline = page.declared.headline or metadata.headline
    body = "\n".join(trim_body(lines, headline=headline, headings=headings, links=links))
    why = not_an_article(metadata, body, _article_url(page, metadata.canonical))
    if why is not None:
        return _reject(page, Reason.NOT_AN_ARTICLE, why)
    return _Draft(body, prose_spans(body), metadata)


def _finish(page: Page, draft: _Draft, words: int, rules: AgencyRules) -> Article:
    metadata, declared = draft.metadata, page.declared
    url = storable(_article_url(page, metadata.canonical))
    key = url_key(url)
    headline = _one_line(declared.headline or metadata.headline or "")
    publisher_host = host(url)
    publisher_name = _one_line(declared.publisher or metadata.publisher or "") or None
    evidence = find_evidence(
        rules,
        Credits(
            host=publisher_host,
            canonical_url=metadata.canonical,
            structured=metadata.structured,
            bylines=metadata.bylines + declared.authors,
            body=draft.body,
            headline=headline,
        ),
    )
    return Article(
        article_id=article_id(key),
        page_id=capture_id(page),
        url=url,
        url_key=key,
        headline=headline,
        body=draft.body,
        prose=draft.prose,
        body_sha256=hashlib.sha256(draft.body.encode()).hexdigest(),
        word_count=words,
        fetched_at=page.fetched_at,
        language=primary_subtag(declared.language) or metadata.language,
        published=_published(page, metadata),
        publisher=Publisher(publisher_name, publisher_host)
        if publisher_name or publisher_host
        else None,
        authors=_authors(declared.authors or metadata.authors),
        tags=metadata.tags,
        evidence=evidence,
        agency_roles=roles(evidence),
    )


def _parse(text: str) -> HtmlElement | None:
    """The tree of a page, None where there is none; half the cost of `trafilatura.load_html`."""
    raw = text.encode("utf-8", "replace").translate(None, _XML_FORBIDDEN)
    raw = _FORBIDDEN_REFERENCE.sub(b"", raw)
    for character in _NONCHARACTERS:
        raw = raw.replace(character, b"")
    # libxml2 loses pages behind some document types and behind a self-closing <html/>.
    start = _DOCTYPE.sub(b"", raw[:_PROLOGUE], count=1)
    start = _EMPTY_ROOT.sub(rb"\1>", start, count=1)
    try:
        return document_fromstring(start + raw[_PROLOGUE:], parser=_PARSER)
    except XMLSyntaxError as error:
        if error.lineno == 0:  # libxml2 ran out of memory: it names no place in the page
            raise MemoryError from error
        return None
    except (LxmlError, ValueError):
        return None


_Text = tuple[list[str], list[str]]
"""Paragraphs, and which of them are headings."""


def _main_text(tree: HtmlElement, text: str, declared_body: str | None) -> _Text:
    """The article's text: a fast run, and a full one when that found suspiciously little, or a dump.

    The full run starts from the page as it came, not from the prepared `tree`. The body that JSON-LD
    declares is the last resort, for pages that only a script fills.
    """
    fast = _run(tree, fast=True)
    length = _length(fast)
    wanted = _DECLARED_SHARE * len(declared_body or "")
    if looks_like_a_dump(fast[0]):
        full = _full_run(text)
        return full if _length(full) >= _SHORT_CHARS else fast
    if length >= max(_SHORT_CHARS, wanted):
        return fast
    best = max(fast, _full_run(text), key=_length)
    if declared_body is not None and _length(best) < _LAST_RESORT_SHARE * len(declared_body):
        return body_lines(_MARKUP.sub("\n", declared_body)), []
    return best


def _full_run(text: str) -> _Text:
    tree = _parse(text)
    return _run(tree, fast=False) if tree is not None else ([], [])


def _run(tree: HtmlElement, *, fast: bool) -> _Text:
    try:
        found = bare_extraction(tree, fast=fast, include_comments=False, deduplicate=False)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it has raised many kinds on hostile trees; then it found nothing
        return [], []
    if not isinstance(found, Document) or found.body is None:
        return [], []
    headings = ["".join(element.itertext()) for element in found.body.iter("head")]
    return body_lines(found.text or ""), [" ".join(text.split()) for text in headings]


def _length(text: _Text) -> int:
    return sum(map(len, text[0]))


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


def _published(page: Page, metadata: Metadata) -> Published | None:
    declared = (("declared", page.declared.published),) if page.declared.published else ()
    return choose(read_all(declared + metadata.dates), page.fetched_at)


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


def _one_line(text: str) -> str:
    return " ".join(storable(text).split())


def _reject(page: Page, reason: Reason, detail: str) -> Rejection:
    return Rejection(page.url, reason, detail)
