"""Pages that are no article: home and section pages, consent walls, error pages sent as 200.

A page is turned away only on two signs together, one of them that it does not call itself an
article: an outlet's missing metadata must not cost an article, nor a word in a headline.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from transforms.metadata import Metadata
from transforms.records import Reason

_SHORT_CHARS = 1_500
_SECTION_HEADLINES = 4
_TEASERS = 8
_PARAGRAPH = 150
_MISSING = re.compile(
    r"\b(?:error )?404\b|\bpage (?:not|could ?n[o']t be) found\b|\bnot found\b|\bno longer available\b"
    r"|\bseite (?:wurde )?nicht gefunden\b|\bpage (?:introuvable|non trouvée)\b|\bpagina non trovata\b"
    r"|\bpágina no (?:encontrada|existe)\b|\bpágina não encontrada\b|\bpagina niet gevonden\b"
    r"|страница не найдена",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"\bjust a moment\b|\baccess (?:denied|to this page has been denied)\b|\battention required\b"
    r"|\bare you a (?:robot|human)\b|\bverif(?:y|ying) (?:that )?you are (?:a )?human\b"
    r"|\bsecurity check\b|\bplease enable (?:javascript|cookies)\b|\benable javascript and cookies\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\bbefore you continue\b|\bwe value your privacy\b|\bprivacy settings\b"
    r"|\bcookie (?:consent|settings|preferences|policy)\b|\bzustimmung\b|\bdatenschutz-?einstellungen\b",
    re.IGNORECASE,
)
_CONSENT_WORD = re.compile(
    r"\b(?:cookies?|consent\w*|privacy|partners|zustimm\w+|datenschutz\w*)\b", re.IGNORECASE
)
_INDEX_PATH = re.compile(r"/?(?:index\.\w{3,5}|home/?|[a-z]{2}(?:-[a-z]{2})?/?)?", re.IGNORECASE)
_ARTICLE_PATH = re.compile(r"(?:[^/]+[-_]){3}[^/]*/?$|\d{5}|\.s?html?$")
"""Addresses of articles: a slug of four words, a long number, a file of their own."""


def not_an_article(metadata: Metadata, body: str, address: str) -> tuple[Reason, str] | None:
    """Why this page is no article, with one sentence, or None where it may be one.

    Args:
        metadata: what the page states of itself.
        body: the text extracted from it.
        address: where it was fetched from.
    """
    names = " ".join(filter(None, (metadata.page_name, metadata.headline, *metadata.headings[:2])))
    is_short = len(body) < _SHORT_CHARS
    if is_short and not metadata.body and _MISSING.search(names):
        return Reason.NOT_FOUND, "The page says that what was asked for does not exist."
    if metadata.is_article:
        return None
    if is_short and _CHALLENGE.search(names):
        return (
            Reason.CHALLENGE,
            "The page asks for proof of a human reader; the article is behind it.",
        )
    if is_short and _asks_consent(names, body):
        return (
            Reason.CONSENT_WALL,
            "The page asks for consent to cookies; the article is behind it.",
        )
    why = _why_section(metadata, body, address)
    return None if why is None else (Reason.NOT_AN_ARTICLE, why)


def _why_section(metadata: Metadata, body: str, address: str) -> str | None:
    """One sentence that says why this is a home or section page, or None where it is not."""
    if metadata.listed_headlines >= _SECTION_HEADLINES:
        return "The page lists several articles."
    paragraphs = sum(len(line) >= _PARAGRAPH for line in body.split("\n"))
    is_teasers = metadata.linked_headings >= _TEASERS and paragraphs < metadata.linked_headings / 2
    path = _path(address)
    if is_teasers and paragraphs == 0:
        return "The page is headings that link to other pages, without one paragraph of text."
    if is_teasers and path is not None and _ARTICLE_PATH.search(path) is None:
        return "The page is mostly headings that link to other pages."
    if path is not None and _INDEX_PATH.fullmatch(path):
        return "The address is that of a home or section page, and the page names no article."
    return None


def _asks_consent(names: str, body: str) -> bool:
    words = len(body.split())
    return _CONSENT.search(names) is not None or (
        words < 250 and len(_CONSENT_WORD.findall(body)) >= max(4, words // 25)
    )


def _path(address: str) -> str | None:
    """The path of an http(s) address without a query; None for all others."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.path if parts.scheme in {"http", "https"} and not parts.query else None
