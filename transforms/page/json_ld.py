"""schema.org JSON-LD as pages embed it: read within bounds, broken or not, the article alone.

A page's blocks also describe its site, its breadcrumbs, its comments and other articles. Only top
article nodes speak of the article: a live blog's updates name an agency that wrote one of them.
"""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from transforms.decode import storable

MAX_BLOCK_CHARS = 2_000_000
"""A longer block is not read: 10 MB cost trafilatura 1.3 GB of memory."""

_MAX_NODES = 5_000
_MAX_NAMES = 50
_MAX_DEPTH = 6
_MAX_PARTS = 20
_MAX_ADDRESS = 2_000
_DESCENDED = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
_ARTICLE_TYPES = frozenset(
    """
    article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle
    backgroundnewsarticle reviewnewsarticle asknewsarticle askpublicnewsarticle blogposting
    liveblogposting socialmediaposting techarticle scholarlyarticle report satiricalarticle
    advertisercontentarticle
    """.split()  # noqa: SIM905 - names read better as words than as quoted strings
)
_WRAPPERS = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*\Z")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MISSING_VALUE = re.compile(r"(:\s*)(?=[,}])")
_LOOSE_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|inLanguage|isAccessibleForFree)"\s*:\s*"((?:[^"\\\n]|\\.){1,500})"',
)

_DECODER = json.JSONDecoder(strict=False)

Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StructuredArticle:
    """What the JSON-LD of a page states of its article; strings as found, entities resolved."""

    is_article: bool = False
    headline: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    section: str | None = None
    image: str | None = None
    word_count: int | None = None
    is_free: bool | None = None
    paid_parts: tuple[str, ...] = ()
    language: str | None = None
    publisher: str | None = None
    body: str | None = None
    authors: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    source_organizations: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    credit_texts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    headlines: int = 0
    """`paid_parts` are the CSS selectors of the parts that are said not to be free, `word_count` is
    as declared; `headlines` tells how many different headlines the top article nodes have: many on a section page."""


def read_article(blocks: Iterable[str]) -> StructuredArticle:
    """Read the text of a page's `application/ld+json` elements; never raises."""
    roots: list[object] = []
    loose: dict[str, str] = {}
    for block in blocks:
        if len(block) > MAX_BLOCK_CHARS:
            continue
        value = _parse(block)
        if value is not None:
            roots.append(value)
        elif _names_article(block):
            for name, text in _LOOSE_FIELD.findall(block):
                loose.setdefault(name, _unescaped(text))
    nodes = list(_nodes(roots))
    by_id = {node_id: n for n in nodes if isinstance(node_id := n.get("@id"), str) and len(n) > 1}
    articles = [n for n in nodes if _is_article(n)]
    if not articles:
        return StructuredArticle(
            is_article=bool(loose),
            headline=_clean(loose.get("headline")),
            date_published=loose.get("datePublished"),
            date_modified=loose.get("dateModified"),
            is_free=_truth(loose.get("isAccessibleForFree")),
            language=loose.get("inLanguage"),
        )
    return _build(articles, by_id)


def _build(articles: list[Node], by_id: Mapping[str, Node]) -> StructuredArticle:
    def first(*keys: str) -> str | None:
        return next((t for k in keys for n in articles if (t := _text(n.get(k)))), None)

    def names(key: str) -> tuple[str, ...]:
        found: list[str] = []
        for node in articles:
            for name in _names(node.get(key), by_id):
                if name not in found:
                    found.append(name)
        return tuple(found[:_MAX_NAMES])

    headlines = {h for n in articles if (h := _text(n.get("headline")))}
    # Several nodes of one page repeat the article; several articles are told by their headlines.
    if len(headlines) > 1:
        articles = articles[:1]
    return StructuredArticle(
        is_article=True,
        headline=first("headline", "name"),
        date_published=first("datePublished"),
        date_modified=first("dateModified"),
        section=first("articleSection"),
        image=next((a for n in articles if (a := _address(n.get("image")))), None),
        word_count=next((w for n in articles if (w := _count(n.get("wordCount")))), None),
        is_free=_is_free(articles),
        paid_parts=tuple(_paid_parts(articles)),
        language=next((t for n in articles if (t := _language(n.get("inLanguage")))), None),
        publisher=next(iter(names("publisher")), None),
        body=_body(articles),
        authors=names("author"),
        creators=names("creator"),
        source_organizations=names("sourceOrganization"),
        providers=names("provider"),
        credit_texts=names("creditText"),
        tags=_tags(articles),
        headlines=len(headlines),
    )


def _parse(block: str) -> object:
    """The value of a block, repaired where a known slip breaks it; None where nothing helps."""
    text = _WRAPPERS.sub("", block).strip().rstrip(";")
    repaired = itertools.chain(
        [text],
        (repair(text) for repair in (_without_slips, html.unescape)),
    )
    for attempt in repaired:
        try:
            value: object = _DECODER.raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _without_slips(text: str) -> str:
    return _MISSING_VALUE.sub(r"\1null", _TRAILING_COMMA.sub("", text))


def _nodes(roots: list[object]) -> Iterator[Node]:
    """Top nodes, breadth first: lists, `@graph` and main entities, never parts or comments."""
    level: list[object] = roots
    seen = 0
    for _ in range(_MAX_DEPTH):
        below: list[object] = []
        for value in level:
            seen += 1
            if seen > _MAX_NODES:
                return
            if isinstance(value, list):
                below.extend(value)
            elif isinstance(value, dict):
                yield value
                below.extend(value[key] for key in _DESCENDED if key in value)
        level = below


def _is_article(node: Node) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(k, str) and re.split(r"[/:#]", k)[-1].lower() in _ARTICLE_TYPES for k in kinds
    )


def _names_article(block: str) -> bool:
    return re.search(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|BlogPosting)"', block) is not None


def _names(value: object, by_id: Mapping[str, Node], depth: int = 0) -> Iterator[str]:
    """Names of persons and organisations in any of the shapes in use."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        name = _clean(value)
        if name and not re.match(r"https?://|#|/", name):
            yield name
    elif isinstance(value, list):
        for part in value[:_MAX_NAMES]:
            yield from _names(part, by_id, depth + 1)
    elif isinstance(value, dict):
        yield from _names(_named(value, by_id), by_id, depth + 1)


def _named(node: Node, by_id: Mapping[str, Node]) -> object:
    """The value that names a node: its own name, or that of the node it refers to."""
    if (own := node.get("name") or node.get("@value")) is not None:
        return own
    if "givenName" in node and "familyName" in node:
        return f"{node['givenName']} {node['familyName']}"
    node_id = node.get("@id")
    return by_id[node_id].get("name") if isinstance(node_id, str) and node_id in by_id else None


def _text(value: object) -> str | None:
    """The first text in a value: a string, a number, a list's first, or `@value`."""
    for _ in range(_MAX_DEPTH):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("@value")
        else:
            break
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _clean(value) if isinstance(value, str) else None


def _address(value: object) -> str | None:
    """The first address in an image: a string, a list's first, an ImageObject's."""
    for _ in range(_MAX_DEPTH):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
        else:
            break
    return value if isinstance(value, str) and 0 < len(value) <= _MAX_ADDRESS else None


def _count(value: object) -> int | None:
    text = _text(value)
    return int(text) if text and text.isdecimal() and len(text) <= 6 else None


def _truth(value: object) -> bool | None:
    """What pages write for true and false: booleans, and their names as text or address."""
    if isinstance(value, bool):
        return value
    text = (_text(value) or "").lower().rpartition("/")[2]
    return {"true": True, "false": False}.get(text)


def _is_free(articles: list[Node]) -> bool | None:
    """Whether all nodes that say anything say free; None where none does."""
    said = [truth for n in articles if (truth := _truth(n.get("isAccessibleForFree"))) is not None]
    return all(said) if said else None


def _paid_parts(articles: list[Node]) -> Iterator[str]:
    for node in articles:
        parts = node.get("hasPart")
        for part in (parts if isinstance(parts, list) else [parts])[:_MAX_PARTS]:
            if isinstance(part, dict) and _truth(part.get("isAccessibleForFree")) is False:
                selectors = part.get("cssSelector")
                for selector in selectors if isinstance(selectors, list) else [selectors]:
                    if isinstance(selector, str):
                        yield selector


def _language(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    return _text(value)


def _body(articles: list[Node]) -> str | None:
    found = (n.get("articleBody") for n in articles)
    return next((b for b in found if isinstance(b, str) and b.strip()), None)


def _tags(articles: list[Node]) -> tuple[str, ...]:
    found: list[str] = []
    for node in articles:
        value = node.get("keywords")
        values = value if isinstance(value, list) else [value]
        for part in values[:_MAX_NAMES]:
            text = _text(part)
            found.extend(text.split(",") if text and not isinstance(value, list) else [text or ""])
    return tuple(found)


def _clean(text: str | None) -> str | None:
    """Entities resolved, markup removed, white space single."""
    if text is None:
        return None
    text = storable(html.unescape(text))
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", text)
    return " ".join(text.split()) or None


def _unescaped(text: str) -> str:
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return str(value)
