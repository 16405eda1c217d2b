"""Answers that stand in the place of a page: bot challenges, blocks and consent walls.

Two kinds of evidence. A vendor's own mark (a header made to say so, a script only the challenge
page holds) decides alone. Words and widgets decide only on a page that has little else to say:
articles carry captcha widgets and write about robots too.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from transforms.http_headers import Headers, header

SAMPLE_BYTES = 256 << 10
"""How much of a page is looked at; challenge pages are smaller."""

_LITTLE_TEXT_WORDS = 150
_LARGEST_BYTES = 100_000
"""What is larger is a page, though its text may stand in a script: so in 2 of 181 labelled pages."""

_MARK_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-vercel-mitigated", "", "Vercel"),
    ("x-datadome-cid", "", "DataDome"),
)
"""Header, the value it must contain, whose it is; all documented by their makers."""

_MARK_SCRIPTS = (
    (b"_cf_chl_opt", "Cloudflare"),
    (b"cf-browser-verification", "Cloudflare"),
    (b"geo.captcha-delivery.com", "DataDome"),
    (b"ct.captcha-delivery.com", "DataDome"),
    (b"px-captcha", "HUMAN"),
    (b"_pxAppId", "HUMAN"),
    (b"/_Incapsula_Resource?", "Imperva"),
    (b"awsWafCookieDomainList", "AWS WAF"),
    (b"sec-if-cpt-container", "Akamai"),
    (b"/.within.website/x/cmd/anubis/", "Anubis"),
    (b"sucuri_cloudproxy_js", "Sucuri"),
    (b"ddos-guard/js-challenge", "DDoS-Guard"),
)
"""Some of them are also put into ordinary pages, so little text must stand beside them."""

_CHALLENGE_NAME = re.compile(
    r"just a moment|attention required|checking your browser|verifying you are human"
    r"|are you a (?:robot|human)|access (?:to this page has been )?denied|pardon our interruption"
    r"|security check|bot verification|one more step|ddos protection|making sure you.{1,8}re not a bot"
    r"|human verification|request unsuccessful",
    re.IGNORECASE,
)
_WIDGETS = (b"g-recaptcha", b"h-captcha", b"hcaptcha.com/1/api.js", b"cf-turnstile")
_CONSENT_HOST = re.compile(
    r"(?:consent|guce|myprivacy|privacy-?gate|cookie-?wall|cmp)\.[a-z0-9.-]+|[a-z0-9.-]*\.?consent\.[a-z0-9.-]+"
)
_CONSENT_PATH = re.compile(
    r"/(?:cookie-?wall|privacy-?(?:gate|wall)|consent(?:-?wall)?|cookie-?consent)(?:[/.?]|\Z)",
    re.IGNORECASE,
)
_CONSENT_NAME = re.compile(
    r"before you continue|we value your privacy|cookie ?wall|privacy ?gate|cookie consent"
    r"|your privacy choices|zustimmung|datenschutz-?einstellungen|bevor sie fortfahren"
    r"|avant de continuer|gestion des cookies|privacyinstellingen|cookie-?instellingen",
    re.IGNORECASE,
)
_NAME = re.compile(rb"<(?:title|h1)[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_UNSEEN = re.compile(
    rb"<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(rb"<[^<>]*>")
_ASCII_WORD = re.compile(rb"[A-Za-z0-9]{2,}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_BYTES_A_WORD = 6
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|script)\b", re.IGNORECASE)


class ChallengeKind(StrEnum):
    """What stands in the place of the page."""

    CHALLENGE = "challenge_page"
    CONSENT_WALL = "consent_wall"


@dataclass(frozen=True, slots=True)
class Challenge:
    """An answer that is no page: its kind, and one sentence on how that is known."""

    kind: ChallengeKind
    detail: str


def find_challenge(
    status: int, headers: Headers, payload: bytes, url: str, final_url: str
) -> Challenge | None:
    """What stands in the place of the page, None where it is the page (or an ordinary error).

    Args:
        status: of the answer.
        headers: of the answer.
        payload: the body without its codings, or the beginning of it.
        url: the address asked for.
        final_url: where it was found.
    """
    for name, needle, vendor in _MARK_HEADERS:
        value = header(headers, name)
        if value is not None and needle in value.lower():
            return _challenge(f"{vendor} says so in its header {name!r}.")
    sample = payload[:SAMPLE_BYTES]
    if len(payload) > _LARGEST_BYTES or not _MARKUP.search(sample[:4096]):
        return None
    if _word_count(sample) > _LITTLE_TEXT_WORDS:
        return None
    names = b" ".join(_NAME.findall(sample[:65_536])[:3]).decode("utf-8", "replace")
    if (sign := _sign_of_challenge(status, names, sample)) is not None:
        return _challenge(sign)
    if _is_consent(names, url, final_url):
        detail = "The page asks for consent and does not hold what is asked for."
        return Challenge(ChallengeKind.CONSENT_WALL, detail)
    return None


def readable_beginning(body: bytes, content_encoding: str | None) -> bytes:
    """The beginning of a body, of which the end may be missing, without its gzip coding.

    For looking at, not for storing: damage ends it and is no error.
    """
    if (content_encoding or "").strip().lower() not in {"gzip", "x-gzip"}:
        return body[:SAMPLE_BYTES]
    try:
        return zlib.decompressobj(31).decompress(body, SAMPLE_BYTES)
    except zlib.error:
        return b""


def _sign_of_challenge(status: int, names: str, sample: bytes) -> str | None:
    """What makes a page with little text a challenge, as a sentence; None where nothing does."""
    for script, vendor in _MARK_SCRIPTS:
        if script in sample:
            return f"The page is {vendor}'s and has no text of its own."
    if _CHALLENGE_NAME.search(names):
        return f"The page calls itself {' '.join(names.split())[:80]!r}."
    if any(widget in sample for widget in _WIDGETS):
        return "The page holds a captcha and no text."
    if status in {401, 403, 429, 503} and b"captcha" in sample.lower():
        return "The answer refuses and asks for a captcha."
    return None


def _challenge(detail: str) -> Challenge:
    return Challenge(ChallengeKind.CHALLENGE, detail)


def _word_count(sample: bytes) -> int:
    """Words a reader would see, roughly; enough to tell a notice from an article in any script."""
    visible = _TAG.sub(b" ", _UNSEEN.sub(b" ", sample))
    beyond = sum(map(len, _BEYOND_ASCII.findall(visible)))
    return len(_ASCII_WORD.findall(visible)) + beyond // _BYTES_A_WORD


def _is_consent(names: str, url: str, final_url: str) -> bool:
    if _CONSENT_NAME.search(names):
        return True
    try:
        asked, found = urlsplit(url), urlsplit(final_url)
        host = (found.hostname or "").lower()
    except ValueError:
        return False
    if (asked.netloc, asked.path) == (found.netloc, found.path):
        return False
    return bool(_CONSENT_HOST.fullmatch(host) or _CONSENT_PATH.search(found.path))
