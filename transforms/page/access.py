"""Whether an article is free to read, and whether what came is only its beginning.

Pages that search engines may read behind their paywall say so in schema.org terms
(`isAccessibleForFree`, `hasPart` with the selector of the paid part) or in Facebook's
`article:content_tier`. Where nothing is declared, an invitation to subscribe at the end of the text
says the same. That an article is paid for costs nothing; only a stub of it is turned away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from transforms.page.json_ld import StructuredArticle

_TIER_NAMES = ("article:content_tier", "content_tier", "og:article:content_tier")
_PAID_TIERS = frozenset({"locked", "metered", "paid", "premium", "subscriber", "subscription"})
_SELECTOR = re.compile(r"[\w-]*([.#])([\w-]{1,80})")
_STUB_WORDS = 250
"""A text this long is worth keeping, even if more of it is to be had for money."""

_LEAD_WORDS = 60
"""As much as a lead paragraph. A longer preview that breaks off without a word is kept, as paywalled:
two of 181 labelled pages are such, and count as articles there."""

_TEXT_STUB_WORDS = _LEAD_WORDS
"""The same for a plain text. It has no layout that hides its rest: whoever hands it in has what there
is, and an invitation to subscribe under it is mostly what the copier took along.
"""

_END_LINES = 4
_INVITATION_CHARS = 250
_CUT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*$")
_INVITATION = re.compile(
    r"""
    \b(?:subscribe|sign\ (?:in|up)|log\ ?in|register|become\ a\ (?:subscriber|member))\b.{0,60}
        \b(?:to|and)\ (?:continue|keep|read|finish|unlock|access|view|get\ full)\b
    | \bto\ (?:continue|keep|finish)\ reading\b
    | \b(?:only|exclusive(?:ly)?|reserved|available)\b.{0,30}\b(?:for|to)\b.{0,30}\b(?:subscribers|members)\b
    | \bsubscribers?[\ -]only\b | \balready\ a\ (?:subscriber|member)\b
    | \breached\ your\b.{0,40}\blimit\b | \bfree\ articles?\ (?:left|remaining)\b
    | \b(?:jetzt|weiter)\s?(?:lesen|freischalten|abonnieren)\ mit\b | \bweiterlesen\ mit\b
    | \bnur\ (?:für|mit)\b.{0,30}\babo\w* | \bbereits\ abonnent | \bexklusiv\ für\b.{0,30}\babonnent
    | \bréservée?s?\ (?:aux|à\ nos)\b.{0,20}\babonnés | \babonnez-vous\ pour\b | \bdéjà\ abonné
    | \bil\ vous\ reste\ \d+ | \bpara\ (?:\w+\ )?su[bs]s?criptores\b | \bsuscríb\w+\ para\b
    | \bya\ eres\ su[bs]s?criptor | \briservat[oa]\ agli\ abbonati | \babbonati\ per\b
    | \bpara\ assinantes\b | \bjá\ é\ assinante | \bassine\ para\b | \balleen\ voor\ abonnees
    | \b(?:för|for|kun\ for|endast\ för)\ (?:prenumeranter|abonnenter)\b | \bdla\ prenumeratorów\b
    | \bтолько\ для\ подписчиков\b | \bпо\ подписке\b | 有料会員 | 会員限定
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Access:
    """What a page declares of its price: whether the article is paid for, how many words it has,
    and how many of the paid part came with the page (None where no part is named).
    """

    is_paid: bool = False
    is_free: bool = False
    word_count: int | None = None
    paid_words: int | None = None


OPEN = Access()
"""A page that declares nothing."""


def read_access(
    tree: HtmlElement, meta: Mapping[str, list[str]], stated: StructuredArticle
) -> Access:
    """Read what a page declares; the tree is left as it is and read before anything is dropped."""
    tiers = {tier.lower() for name in _TIER_NAMES for tier in meta.get(name, ())}
    is_paid = stated.is_free is False or bool(tiers & _PAID_TIERS)
    return Access(
        is_paid=is_paid,
        is_free=not is_paid and (stated.is_free is True or "free" in tiers),
        word_count=stated.word_count,
        paid_words=_words_of(tree, stated.paid_parts) if is_paid and stated.paid_parts else None,
    )


def is_paywalled(access: Access, lines: Sequence[str]) -> bool:
    """Whether the article is not free: it is declared to be paid for, or its text ends in an
    invitation to subscribe and nothing declares it free.
    """
    return access.is_paid or (not access.is_free and _invites(lines))


def why_stub(
    access: Access, lines: Sequence[str], words: int, *, is_text: bool = False
) -> str | None:
    """One sentence that says why this is only the beginning of a paid article; None where it is not.

    Args:
        access: what the page declares.
        lines: the paragraphs that came.
        words: how many words these have.
        is_text: whether they came as plain text, without a page around them.
    """
    if words >= (_TEXT_STUB_WORDS if is_text else _STUB_WORDS) or not is_paywalled(access, lines):
        return None
    if access.word_count is not None and 2 * words < access.word_count:
        return f"The article is behind a paywall: {words} of its {access.word_count} words came."
    if access.word_count is not None and access.is_paid and 10 * words >= 9 * access.word_count:
        return None
    if _invites(lines):
        return f"The article is behind a paywall: after {words} words the page asks to subscribe."
    if words >= _LEAD_WORDS:
        return None
    if access.paid_words == 0:
        return f"The article is behind a paywall: its paid part is missing from the {words} words that came."
    if access.paid_words is None and lines and _CUT.search(lines[-1]):
        return f"The article is behind a paywall: its text breaks off after {words} words."
    return None


def _invites(lines: Sequence[str]) -> bool:
    return any(
        len(line) <= _INVITATION_CHARS and _INVITATION.search(line) is not None
        for line in lines[-_END_LINES:]
    )


def _words_of(tree: HtmlElement, selectors: Sequence[str]) -> int | None:
    """Words in the elements that simple selectors (`.paid`, `div#paid`) name; None for others."""
    simple = [match for s in selectors if (match := _SELECTOR.fullmatch(s.strip())) is not None]
    if not simple:
        return None
    classes = {match[2] for match in simple if match[1] == "."}
    names = {match[2] for match in simple if match[1] == "#"}
    words = 0
    for element in tree.iter("div", "section", "article", "p", "main", "span"):
        if element.get("id") in names or classes.intersection(element.get("class", "").split()):
            words += len("".join(element.itertext()).split())
    return words
