"""Whether to believe a feed that says "not modified": its validators, verified now and then.

Nothing obliges a server to mean what its ETag says, and some do not: polled with validators, they
never show anything new again. So every few polls one asks without them, what a feed says is
remembered by its digest, and a feed that was caught is asked without them from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.http_headers import NO_VALIDATORS, Validators

VERIFY_EVERY = 8
"""After so many answers of "not modified" in a row, one poll asks without validators."""

MAX_SUSPICIONS = 2
MAX_IGNORED = 3


@dataclass(frozen=True, slots=True)
class ValidatorState:
    """What is known of a feed's validators.

    Attributes:
        validators: those of the last answer, verbatim.
        content_sha256: of what it said (`transforms.feeds.identity.feed_sha256`, else of the body).
        is_trusted: whether they are sent; false once the feed was caught lying.
        unchanged_count: answers "not modified" since the last body.
        suspicion_count: checks in a row that found new content where "not modified" was said before.
        ignored_count: conditional requests in a row answered with the body already known.
        distrust_reason: how it lied, one sentence; None while trusted.
    """

    validators: Validators = NO_VALIDATORS
    content_sha256: str | None = None
    is_trusted: bool = True
    unchanged_count: int = 0
    suspicion_count: int = 0
    ignored_count: int = 0
    distrust_reason: str | None = None


def validators_to_send(state: ValidatorState) -> Validators:
    """What the next request sends: nothing where a feed has lied, nor every now and then, to check."""
    is_due = state.unchanged_count >= VERIFY_EVERY
    return state.validators if state.is_trusted and not is_due else NO_VALIDATORS


def validators_after(
    state: ValidatorState,
    *,
    sent: Validators,
    received: Validators,
    content_sha256: str | None,
) -> ValidatorState:
    """What is known of a feed's validators after an answer.

    A feed lies that gives another body the same ETag, that says "not modified" over and over until
    it is asked without validators and then has something new, or that answers every conditional
    request with the same body. Its validators are sent no more; its bodies are compared instead.

    Args:
        state: before.
        sent: the validators of the request; `NO_VALIDATORS` where it was unconditional.
        received: those of the answer.
        content_sha256: of what it said, None for a 304.
    """
    if content_sha256 is None:
        kept = Validators(
            received.etag or state.validators.etag,
            received.last_modified or state.validators.last_modified,
        )
        return replace(
            state, validators=kept, unchanged_count=state.unchanged_count + 1, ignored_count=0
        )
    after = replace(
        state,
        validators=received,
        content_sha256=content_sha256,
        unchanged_count=0,
        suspicion_count=0,
        ignored_count=0,
    )
    if state.content_sha256 is None or not state.is_trusted:
        return after
    if content_sha256 == state.content_sha256:
        if not sent:
            return after
        ignored = state.ignored_count + 1
        if ignored >= MAX_IGNORED:
            return _distrusted(after, "It sends the same body whatever validators say.")
        return replace(after, ignored_count=ignored)
    if received.etag is not None and received.etag == state.validators.etag:
        return _distrusted(after, "It gave two different bodies the same ETag.")
    if not sent and state.unchanged_count:
        if received and received == state.validators:
            return _distrusted(after, 'It said "not modified" although it had changed.')
        suspicions = state.suspicion_count + 1
        if suspicions >= MAX_SUSPICIONS:
            return _distrusted(
                after, 'It says "not modified" until it is asked without validators.'
            )
        return replace(after, suspicion_count=suspicions)
    return after


def _distrusted(state: ValidatorState, reason: str) -> ValidatorState:
    return replace(state, is_trusted=False, distrust_reason=reason)
