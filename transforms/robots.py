"""robots.txt as RFC 9309 has it: which group is ours, which rule wins, what a status means.

A pattern is matched from left to right, once, so that no file is slow to read.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

MAX_ROBOTS_BYTES = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5: at least 500 KiB)."""

MAX_ROBOTS_REDIRECTS = 5
"""How many redirects are followed to a robots.txt (RFC 9309, 2.3.1.2)."""

_GOOD_FOR = timedelta(hours=24)
_FAILED_FOR = timedelta(minutes=30)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_DELAY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "%/:?#[]@!$&'()*+,;=-._~\"<>\\^`{|}"
_OWN_PATH = "/robots.txt"


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What came of a request for robots.txt: enough to answer again without another request.

    `status` is that of the last answer after redirects, None where the site could not be reached.
    """

    origin: str
    fetched_at: datetime
    status: int | None
    body: bytes = b""

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may still be used: a day, half an hour where the site was unreachable."""
        failed = self.status is None or self.status >= 500
        return timedelta(0) <= now - self.fetched_at < (_FAILED_FOR if failed else _GOOD_FOR)


@dataclass(frozen=True, slots=True)
class Rule:
    """One `allow` or `disallow` line; `pattern` is normalised, `*` and a last `$` are special."""

    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one site for one crawler, and the delay it asks for between requests, seconds.

    `is_final` is false where the file could not be had: everything is denied, for now.
    """

    rules: tuple[Rule, ...] = ()
    crawl_delay_s: float | None = None
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class RobotsDecision:
    """Whether an address may be fetched and the rule that says so, None where none applies."""

    is_allowed: bool
    rule: Rule | None = None


ALLOW_ALL = RobotsRules()
DENY_FOR_NOW = RobotsRules((Rule("/", allows=False),), is_final=False)


def robots_rules(status: int | None, body: bytes, product_token: str) -> RobotsRules:
    """The rules that follow from the answer to a request for robots.txt (RFC 9309, 2.3.1).

    Args:
        status: of the last answer after redirects; None where the site could not be reached. A
            3xx stands for more redirects than are followed: the file is unavailable.
        body: the payload, decoded; only its first 500 KiB are read.
        product_token: the crawler's name as in its User-Agent, letters, "_" and "-" only.

    Returns:
        2xx: the file's rules. 3xx and 4xx: all is allowed. 5xx and None: all is denied for now.
    """
    if status is not None and 200 <= status < 300:
        return parse_robots(body, product_token)
    if status is not None and 300 <= status < 500:
        return ALLOW_ALL
    return DENY_FOR_NOW


def parse_robots(body: bytes, product_token: str) -> RobotsRules:
    """The rules of a robots.txt for one product token; never fails, whatever the bytes are.

    All groups that name the token count together; only where none does, those for `*`. Unknown
    lines are passed over and end no list of names; `crawl-delay`, which the RFC does not know, ends
    it as `allow` and `disallow` do, for that is how sites write it.
    """
    groups = _groups(body)
    token = product_token.lower()
    named = [group for group in groups if token in group.names]
    chosen = named or [group for group in groups if "*" in group.names]
    delays = [group.delay for group in chosen if group.delay is not None]
    rules = dict.fromkeys(rule for group in chosen for rule in group.rules)
    return RobotsRules(tuple(rules), max(delays, default=None))


def robots_text(body: bytes, content_encoding: str | None) -> bytes | None:
    """The beginning of a robots.txt without its coding, None where that cannot be undone.

    Some servers pack it although they are asked not to. Only gzip is known; what counts is at most
    the first 500 KiB, so an end that is missing is none of ours.
    """
    coding = (content_encoding or "").strip().lower()
    if coding in {"", "identity"}:
        return body[:MAX_ROBOTS_BYTES]
    if coding not in {"gzip", "x-gzip"}:
        return None
    try:
        return zlib.decompressobj(31).decompress(body, MAX_ROBOTS_BYTES)
    except zlib.error:
        return None


def robots_decision(rules: RobotsRules, url: str) -> RobotsDecision:
    """Whether an http(s) address may be fetched: the longest matching rule, `allow` at a tie."""
    path = _path(url)
    if path == _OWN_PATH and rules.is_final:
        return RobotsDecision(is_allowed=True)
    best: Rule | None = None
    for rule in rules.rules:
        if best is not None and (len(rule.pattern), rule.allows) <= (
            len(best.pattern),
            best.allows,
        ):
            continue
        if _matches(rule.pattern, path):
            best = rule
    return RobotsDecision(best is None or best.allows, best)


def robots_url(url: str) -> str:
    """Where the robots.txt of an http(s) address lies: same scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{_OWN_PATH}"


@dataclass(slots=True)
class _Group:
    """Consecutive `user-agent` lines (in lower case) and what follows up to the next of them."""

    names: set[str]
    rules: list[Rule]
    delay: float | None = None


def _groups(body: bytes) -> list[_Group]:
    groups: list[_Group] = []
    has_rules = True
    for key, value in _records(body):
        if key == "user-agent":
            if has_rules:
                groups.append(_Group(set(), []))
                has_rules = False
            groups[-1].names.add(_crawler(value))
        elif not groups:
            continue
        elif key in {"allow", "disallow"}:
            has_rules = True
            if value:
                groups[-1].rules.append(Rule(_normalised(value), allows=key == "allow"))
        elif key == "crawl-delay" and _DELAY.fullmatch(value):
            has_rules = True
            groups[-1].delay = max(float(value), groups[-1].delay or 0.0)
    return groups


def _crawler(value: str) -> str:
    """The crawler a `user-agent` line names: "*", or its product token without a version."""
    if value == "*" or value.startswith(("* ", "*\t")):
        return "*"
    token = _TOKEN.match(value)
    return token[0].lower() if token else ""


def _records(body: bytes) -> list[tuple[str, str]]:
    text = body[:MAX_ROBOTS_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    found = []
    for line in _LINE_ENDS.split(text):
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            found.append((key.strip().lower(), value.strip()))
    return found


def _path(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path or "/"
    return _normalised(f"{path}?{parts.query}" if parts.query else path)


def _normalised(text: str) -> str:
    """One spelling of escapes: unreserved characters plain, what is not ASCII as %XX (RFC 9309, 2.2.2)."""

    def respell(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else f"%{match[1].upper()}"

    return _ESCAPE.sub(respell, quote(text, safe=_SAFE, errors="replace"))


def _matches(pattern: str, path: str) -> bool:
    """Whether the pattern matches the beginning of the path, or all of it where it ends in `$`."""
    is_anchored = pattern.endswith("$")
    first, *others = (pattern[:-1] if is_anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not is_anchored or at == len(path)
    *middle, last = others
    for part in middle:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if is_anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
