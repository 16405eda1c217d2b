"""What a fetch gives: the records of a request and of what came of it, values all of them.

FetchRequest -> Fetched       the answer as it came, decoded within bounds, ready to be captured
              | FetchFailure  a reason for the ledger, whether to try again and when, a sentence
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from transforms.http_headers import NO_VALIDATORS, Headers, Validators, content_type
from transforms.records import Reason


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to fetch.

    `validators` are those of the last answer, sent as they came. `obeys_robots` is true for pages;
    for feeds and sitemaps, which are published to be polled, the caller decides.
    """

    url: str
    validators: Validators = NO_VALIDATORS
    obeys_robots: bool = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, byte for byte as they went over the wire.

    `answer` is the whole HTTP message with its transfer and content codings; `body_start` is where
    its head ends. `address` is the IP address that answered. Times are aware UTC.
    """

    url: str
    address: str
    sent_at: datetime
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    body_start: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop: the address that redirected, how, and where to."""

    url: str
    status: int
    target: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer: 2xx with its page, or 304 with nothing.

    `payload` is the body without its codings; what was received is in `exchange`. `final_url` is
    where it was found; `moved_to` where the site says the address now is: the target of the
    permanent redirects (301, 308) the chain begins with, None where there are none.
    """

    url: str
    final_url: str
    status: int
    fetched_at: datetime
    headers: Headers = field(repr=False)
    payload: bytes = field(repr=False)
    exchange: Exchange
    redirects: tuple[Redirect, ...] = ()
    moved_to: str | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the site says that what the validators stand for is still current."""
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The header as sent, with its charset; "" where there is none."""
        return content_type(self.headers)


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """No page: why, and when another try may bring one.

    `retry_after_s` is what the site asked for, clamped to a second and a day; None where it asked
    for nothing. `status` is the HTTP status, None where no answer came. `detail` is one sentence
    for a person and holds no credentials. `headers` are those of the answer, if any.
    """

    url: str
    reason: Reason
    detail: str
    fetched_at: datetime
    is_retryable: bool
    retry_after_s: float | None = None
    status: int | None = None
    final_url: str | None = None
    moved_to: str | None = None
    headers: Headers = field(default=(), repr=False)
    redirects: tuple[Redirect, ...] = ()
