"""What a parsed page states of itself: headline, dates, authors, publisher, language, address.

One walk over the tree collects meta tags, JSON-LD, headings and times; the rest reads from that.
trafilatura's own metadata drops organisation authors, times of day and zones, and keeps the site's
name in the headline, at twice the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from transforms.languages import primary_subtag
from transforms.page.access import OPEN, Access, read_access
from transforms.page.headlines import choose_headline
from transforms.page.json_ld import StructuredArticle, read_article
from transforms.page.markup import Marks, collect_marks, printed_bylines, tidy
from transforms.times.calendars import FILLERS, MONTHS
from transforms.urls import host, resolve

_MAX_TAGS = 50
_MAX_TAG = 100
_MAX_SECTION = 100

_AUTHOR_NAMES = (
    "author", "authors", "byl", "byline", "article:author", "og:article:author", "parsely-author",
    "sailthru.author", "dc.creator", "dcterms.creator", "dc:creator", "citation_author",
    "article.author", "cxenseparse:author", "dcsext.author", "rbauthors",
)  # fmt: skip
_SOURCE_NAMES = (
    "source", "dc.source", "dcterms.source", "original-source", "syndication-source",
    "content-source", "article:content_source", "article.source", "news_source", "contentsource",
)  # fmt: skip
_PUBLISHED_NAMES = ("article:published_time", "og:article:published_time")
_OTHER_DATE_NAMES = (
    "datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "pub_date", "publishdate",
    "publish-date", "publish_date", "publication_date", "publication-date", "og:published_time",
    "originalpublicationdate", "article_date_original", "article.published", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created",
    "cxenseparse:recs:publishtime", "citation_publication_date", "citation_date", "bt:pubdate",
    "iso-8601-publish-date", "rnews:datepublished", "prism.publicationdate", "date",
)  # fmt: skip
_MODIFIED_NAMES = ("article:modified_time", "og:updated_time", "datemodified")
_SECTION_NAMES = (
    "article:section", "parsely-section", "section", "cxenseparse:section", "category",
    "analyticscategory",
)  # fmt: skip
_IMAGE_NAMES = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
)
_TAG_NAMES = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")

_FROM_DIGIT = re.compile(r"\d")
_DATE_WORDS = MONTHS.keys() | FILLERS


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page states of itself; strings as found, one space between words.

    `dates` are (source, raw) pairs for `transforms.dates`. `authors` are raw bylines, the most
    trusted kind only; `structured` all (signal, value) pairs that may credit an agency; `bylines`
    the printed ones. `canonical`, `amp` and `image` are absolute. `is_article` says that the page
    calls itself one.
    """

    headline: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    structured: tuple[tuple[str, str], ...] = ()
    publisher: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    canonical: str | None = None
    amp: str | None = None
    image: str | None = None
    section: str | None = None
    access: Access = OPEN
    body: str | None = None
    is_article: bool = False
    headings: tuple[str, ...] = ()
    page_name: str | None = None
    listed_headlines: int = 0
    linked_headings: int = 0


def read_metadata(tree: HtmlElement, address: str) -> Metadata:
    """Read the metadata of a parsed page; the tree is left as it is.

    Args:
        tree: the root element.
        address: the address the page was finally fetched from; relative links start from it.
    """
    found = collect_marks(tree)
    stated = read_article(found.blocks)
    publisher = _publisher(found.meta, stated)
    declared = [stated.headline, *_each(found.meta, ("og:title", "twitter:title", "headline"))]
    bylines = tuple(printed_bylines(tree))
    meta_authors = tuple(a for a in _each(found.meta, _AUTHOR_NAMES) if not _is_link(a))
    base = (resolve(address, found.base) if found.base else None) or address
    return Metadata(
        headline=choose_headline(
            declared=[d for d in declared if d],
            headings=found.headings,
            page_name=found.page_name,
            site_names=[n for n in (publisher, *_site_names(found.meta, address)) if n],
        ),
        dates=tuple(_dates(found, stated)),
        authors=_authors(stated, meta_authors, tuple(map(_names_only, bylines)), publisher),
        bylines=bylines,
        structured=tuple(_structured(found.meta, stated, meta_authors)),
        publisher=publisher,
        language=_language(tree, found.meta, stated),
        tags=_tags(found.meta, stated),
        canonical=resolve(base, found.canonical) if found.canonical else None,
        amp=resolve(base, found.amp) if found.amp else None,
        image=_image(found.meta, stated, base),
        section=_section(found.meta, stated),
        access=read_access(tree, found.meta, stated),
        body=stated.body,
        is_article=_is_article(found.meta, stated),
        headings=tuple(found.headings),
        page_name=found.page_name,
        listed_headlines=stated.headlines,
        linked_headings=found.linked_headings,
    )


def _dates(found: Marks, stated: StructuredArticle) -> Iterator[tuple[str, str]]:
    if stated.date_published:
        yield "json_ld", stated.date_published
    for raw in _each(found.meta, _PUBLISHED_NAMES):
        yield "meta", raw
    for raw in _each(found.meta, _OTHER_DATE_NAMES):
        yield "meta_other", raw
    marked = [raw for is_marked, raw in found.times if is_marked]
    yield from (("time", raw) for raw in (marked or [raw for _, raw in found.times])[:1])
    if stated.date_modified:
        yield "json_ld_modified", stated.date_modified
    for raw in _each(found.meta, _MODIFIED_NAMES):
        yield "meta_modified", raw


def _authors(
    stated: StructuredArticle,
    meta_authors: tuple[str, ...],
    bylines: tuple[str, ...],
    publisher: str | None,
) -> tuple[str, ...]:
    """The most trusted kind of byline that names more than the publisher itself."""
    kinds = [stated.authors, stated.creators, meta_authors, bylines]
    present = [kind for kind in kinds if kind]
    own = (publisher or "").casefold()
    named = (kind for kind in present if any(name.casefold() != own for name in kind))
    return next(named, present[0] if present else ())


def _structured(
    meta: Mapping[str, list[str]], stated: StructuredArticle, meta_authors: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    kinds = {
        "json_ld_author": stated.authors,
        "json_ld_creator": stated.creators,
        "json_ld_source_organization": stated.source_organizations,
        "json_ld_provider": stated.providers,
        "json_ld_credit_text": stated.credit_texts,
        "meta_author": meta_authors,
        "meta_source": tuple(s for s in _each(meta, _SOURCE_NAMES) if not _is_link(s)),
    }
    for signal, values in kinds.items():
        yield from ((signal, value) for value in values)


def _language(
    tree: HtmlElement, meta: Mapping[str, list[str]], stated: StructuredArticle
) -> str | None:
    namespaced = "{http://www.w3.org/XML/1998/namespace}lang"
    stated_in = (
        stated.language,
        tree.get("lang") or tree.get("xml:lang") or tree.get(namespaced),
        _first(meta, "content-language"),
        _first(meta, "inlanguage"),
        _first(meta, "language"),
        _first(meta, "og:locale"),
    )
    return next((code for raw in stated_in if (code := primary_subtag(raw))), None)


def _section(meta: Mapping[str, list[str]], stated: StructuredArticle) -> str | None:
    """The first name of a section that is one."""
    named = (stated.section, *_each(meta, _SECTION_NAMES))
    tidied = (tidy(name) for name in named if name and not _is_link(name))
    return next((name for name in tidied if 0 < len(name) <= _MAX_SECTION), None)


def _image(meta: Mapping[str, list[str]], stated: StructuredArticle, base: str) -> str | None:
    found = (*_each(meta, _IMAGE_NAMES), stated.image)
    return next((url for raw in found if raw and (url := resolve(base, raw))), None)


def _tags(meta: Mapping[str, list[str]], stated: StructuredArticle) -> tuple[str, ...]:
    """Tags of the first place that has any, without repeats."""
    places = [stated.tags, *(tuple(_split_tags(meta, name)) for name in _TAG_NAMES)]
    for place in places:
        tags = dict.fromkeys(t for raw in place if 0 < len(t := tidy(raw)) <= _MAX_TAG)
        if tags:
            return tuple(tags)[:_MAX_TAGS]
    return ()


def _split_tags(meta: Mapping[str, list[str]], name: str) -> Iterator[str]:
    for value in meta.get(name, ()):
        yield from re.split(r"[,;]", value)


def _is_article(meta: Mapping[str, list[str]], stated: StructuredArticle) -> bool:
    kinds = [k.lower() for k in meta.get("og:type", ())]
    return (
        (stated.is_article and stated.headlines <= 1)
        or any("article" in k for k in kinds)
        or any(name in meta for name in _PUBLISHED_NAMES)
    )


def _publisher(meta: Mapping[str, list[str]], stated: StructuredArticle) -> str | None:
    """The first stated name that is one, without the slogan some sites append to theirs."""
    stated_names = (stated.publisher, _first(meta, "og:site_name"))
    names = (name.split(" | ")[0] for name in stated_names if name and not _is_link(name))
    return next((name for name in names if name), None)


def _site_names(meta: Mapping[str, list[str]], address: str) -> Iterator[str]:
    yield from _each(meta, ("og:site_name", "application-name", "apple-mobile-web-app-title"))
    if name := host(address):
        yield name


def _names_only(byline: str) -> str:
    """A printed byline up to its date or reading time: no name has a digit."""
    names = _FROM_DIGIT.split(byline, maxsplit=1)
    if len(names) == 1:
        return byline
    words = names[0].split()
    while words and words[-1].strip(".,").lower() in _DATE_WORDS:
        words.pop()
    return " ".join(words).rstrip(" ,|·•–—-")


def _is_link(text: str) -> bool:
    return text.startswith(("http://", "https://", "/", "@", "www."))


def _first(meta: Mapping[str, list[str]], name: str) -> str | None:
    return next(iter(meta.get(name, ())), None)


def _each(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        for value in meta.get(name, ()):
            if value not in seen:
                seen.add(value)
                yield value
