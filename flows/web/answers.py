"""Judging an answer: the page it holds, or the reason why it holds none."""

from __future__ import annotations

from dataclasses import dataclass

from flows.web.connections import Answer
from flows.web.outcomes import FetchRequest
from flows.web.policy import FetchPolicy
from transforms.challenges import Challenge, ChallengeKind, find_challenge, readable_beginning
from transforms.decode import decode_body
from transforms.http_headers import Headers, content_type, header, never_text
from transforms.records import Reason

_CODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_ERROR_BODY_BYTES = 128 << 10
"""How much of an error's body is read: enough to tell a challenge from an error."""

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})
"""Worth another try later; the list of Scrapy and Media Cloud with 425 and Cloudflare's own."""

_REASONS = {
    401: Reason.REFUSED,
    402: Reason.REFUSED,
    403: Reason.REFUSED,
    451: Reason.REFUSED,
    404: Reason.NOT_FOUND,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    503: Reason.UNAVAILABLE,
}
_BODY_REASONS = frozenset({Reason.TOO_LARGE, Reason.TRUNCATED})


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer without a page: why, and whether another try may help."""

    reason: Reason
    detail: str
    is_retryable: bool


def page_body_cap(status: int, headers: Headers) -> int | None:
    """How much of a body is read: pages whole, of errors the beginning, of redirects nothing."""
    if 300 <= status < 400 and status != 304:
        return 0
    if status >= 400:
        return _ERROR_BODY_BYTES
    return 0 if _unwanted(headers) is not None else None


def answer_of(
    request: FetchRequest, answer: Answer, final_url: str, policy: FetchPolicy
) -> bytes | Judged:
    """The payload of an answer (empty for a 304), or why there is none."""
    status = answer.status
    if status == 304:
        if request.validators:
            return b""
        return _judged(Reason.HTTP_STATUS, "Answered 304 to a request without validators.")
    if status in {204, 205, 206} or 300 <= status < 400:
        return _judged(Reason.HTTP_STATUS, f"Answered {status}, which brings no whole page.")
    coding = header(answer.headers, "content-encoding")
    if not 200 <= status < 300:
        sample = readable_beginning(answer.body, coding)
        challenge = find_challenge(status, answer.headers, sample, request.url, final_url)
        return _challenged(challenge) if challenge else _error(status)
    unwanted = _unwanted(answer.headers)
    if unwanted is not None:
        return unwanted
    payload = decode_body(answer.body, coding, limit=policy.max_decoded_bytes)
    if isinstance(payload, Reason):
        reason = payload if payload in _BODY_REASONS else Reason.CORRUPT_BODY
        return _judged(reason, f"The body cannot be unpacked: {payload.value}.")
    challenge = find_challenge(status, answer.headers, payload, request.url, final_url)
    return _challenged(challenge) if challenge else payload


def _unwanted(headers: Headers) -> Judged | None:
    """Why a body is not even read: a coding never asked for, a type that is never text."""
    coding = (header(headers, "content-encoding") or "").strip().lower()
    if coding not in _CODINGS:
        return _judged(
            Reason.UNSUPPORTED_CODING,
            f"The body is coded as {coding[:40]!r}; gzip was asked for, once.",
        )
    kind = content_type(headers)
    if never_text(kind) is not None:
        return _judged(Reason.UNSUPPORTED_TYPE, f"The content type is {kind[:80]!r}.")
    return None


def _error(status: int) -> Judged:
    by_class = Reason.SERVER_ERROR if status >= 500 else Reason.HTTP_STATUS
    reason = _REASONS.get(status, by_class)
    return Judged(reason, f"Answered {status}.", status in _TRANSIENT)


def _challenged(challenge: Challenge) -> Judged:
    is_wall = challenge.kind is ChallengeKind.CONSENT_WALL
    return _judged(Reason.CONSENT_WALL if is_wall else Reason.CHALLENGE, challenge.detail)


def _judged(reason: Reason, detail: str) -> Judged:
    return Judged(reason, detail, reason.is_retryable)
