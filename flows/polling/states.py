"""What polling knows of a source between runs, and its row in `ops.source_state`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from flows.rows import Row
from flows.sources.tables import Source
from transforms.http_headers import Validators
from transforms.polling import (
    NEVER_POLLED,
    FeedHints,
    PollState,
    SourceStatus,
    hints_as_text,
    hints_from_text,
)
from transforms.validators import ValidatorState


@dataclass(frozen=True, slots=True)
class LastBody:
    """The last whole body of a source: how many entries it had, and the record that holds it."""

    entries_seen: int
    url: str
    captured_at: datetime
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A source, and all that is known of it.

    `hints` are what its last body and headers said about when to come; the operator's are the source's.
    """

    source: Source
    poll: PollState = NEVER_POLLED
    validators: ValidatorState = ValidatorState()  # noqa: RUF009 - frozen
    body: LastBody | None = None
    hints: FeedHints = FeedHints()  # noqa: RUF009 - frozen
    hub_url: str | None = None
    last_polled_at: datetime | None = None
    last_reason: str | None = None
    last_error: str | None = None

    @property
    def url(self) -> str:
        """Where to ask: where it has moved to, if it has."""
        return self.poll.moved_to or self.source.url

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be asked now."""
        if self.poll.status is not SourceStatus.ACTIVE:
            return False
        return self.poll.next_poll_at is None or self.poll.next_poll_at <= now


def standing_of(source: Source, row: Mapping[str, object] | None) -> Standing:
    """What a row of `ops.source_state` says of a source; None for one that was never polled."""
    if row is None:
        return Standing(source)

    def text(name: str) -> str | None:
        return None if row[name] is None else str(row[name])

    def number(name: str) -> int:
        return int(str(row[name] or 0))

    poll = PollState(
        interval_s=number("interval_s") or NEVER_POLLED.interval_s,
        next_poll_at=cast("datetime | None", row["next_poll_at"]),
        failure_count=number("failure_count"),
        hard_failure_count=number("hard_failure_count"),
        status=SourceStatus(str(row["status"])),
        status_reason=text("status_reason"),
        last_success_at=cast("datetime | None", row["last_success_at"]),
        moved_to=text("moved_url"),
    )
    validators = ValidatorState(
        validators=Validators(text("etag"), text("last_modified")),
        content_sha256=text("content_sha256"),
        is_trusted=row["is_trusted"] is not False,
        unchanged_count=number("unchanged_count"),
        suspicion_count=number("suspicion_count"),
        ignored_count=number("ignored_count"),
        distrust_reason=text("distrust_reason"),
    )
    body = None
    if row["payload_digest"] is not None:
        at = cast(datetime, row["captured_at"])
        body = LastBody(
            number("entries_seen"), str(row["captured_url"]), at, str(row["payload_digest"])
        )
    return Standing(
        source,
        poll,
        validators,
        body,
        hints=hints_from_text(text("feed_hints")),
        hub_url=text("hub_url"),
        last_polled_at=cast("datetime | None", row["last_polled_at"]),
        last_reason=text("last_reason"),
        last_error=text("last_error"),
    )


def state_row(standing: Standing) -> Row:
    """The reverse of `standing_of`."""
    poll, known, body = standing.poll, standing.validators, standing.body
    return {
        "source_id": standing.source.source_id,
        "etag": known.validators.etag,
        "last_modified": known.validators.last_modified,
        "status": poll.status.value,
        "status_reason": poll.status_reason,
        "next_poll_at": poll.next_poll_at,
        "interval_s": poll.interval_s,
        "failure_count": poll.failure_count,
        "hard_failure_count": poll.hard_failure_count,
        "last_success_at": poll.last_success_at,
        "last_polled_at": standing.last_polled_at,
        "last_reason": standing.last_reason,
        "last_error": standing.last_error,
        "moved_url": poll.moved_to,
        "hub_url": standing.hub_url,
        "feed_hints": hints_as_text(standing.hints),
        "content_sha256": known.content_sha256,
        "is_trusted": known.is_trusted,
        "distrust_reason": known.distrust_reason,
        "unchanged_count": known.unchanged_count,
        "suspicion_count": known.suspicion_count,
        "ignored_count": known.ignored_count,
        "entries_seen": body.entries_seen if body else None,
        "captured_url": body.url if body else None,
        "captured_at": body.captured_at if body else None,
        "payload_digest": body.payload_digest if body else None,
    }


def released(standing: Standing, now: datetime) -> Standing:
    """The same, active again and due."""
    poll = replace(
        standing.poll,
        status=SourceStatus.ACTIVE,
        status_reason=None,
        failure_count=0,
        hard_failure_count=0,
        next_poll_at=now,
    )
    return replace(standing, poll=poll)
