"""Where an input stands, and why: the words of the ledger. `transforms.records` gives them too."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an input stands in the ledger; every input is in exactly one."""

    PENDING = "pending"
    LOADED = "loaded"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    QUARANTINED = "quarantined"


class Reason(StrEnum):
    """Why an input did not become an article (or, for a duplicate, why nothing new was loaded)."""

    # skipped: understood, and not an article
    EMPTY = "empty"
    BINARY = "binary"
    UNSUPPORTED_TYPE = "unsupported_type"
    OUTSIDE_FOLDER = "outside_folder"
    NOT_A_REGULAR_FILE = "not_a_regular_file"
    HTTP_STATUS = "http_status"
    NOT_AN_ARTICLE = "not_an_article"
    PAYWALL = "paywall"
    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    OUTSIDE_RANGE = "outside_range"
    # quarantined: damaged or dangerous; worth a look, can be released
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    CHANGED = "changed_while_reading"
    INVALID_JSON = "invalid_json"
    INVALID_RECORD = "invalid_record"
    PARSER_TIMEOUT = "parser_timeout"
    PARSER_MEMORY = "parser_memory"
    PARSER_CRASH = "parser_crash"
    # duplicate
    SAME_ARTICLE = "same_article"
    SEEN_BEFORE = "seen_before"
    # found in a feed or a sitemap, and not fetched yet
    NOT_FETCHED = "not_fetched"
    TOO_MANY_ENTRIES = "too_many_entries"
    NOT_FOLLOWED = "not_followed"
    # a fetch that was refused before anything was sent
    BAD_ADDRESS = "bad_address"
    PRIVATE_ADDRESS = "private_address"
    ROBOTS_DENIED = "robots_denied"
    # one that went wrong on the way
    HOST_NOT_FOUND = "host_not_found"
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    HOST_BUSY = "host_busy"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    CRAWL_DELAY = "crawl_delay"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    # one whose answer is no page
    INVALID_ANSWER = "invalid_answer"
    UNSUPPORTED_CODING = "unsupported_coding"
    CORRUPT_BODY = "corrupt_body"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server_error"
    GONE = "gone"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    CHALLENGE = "challenge_page"
    CONSENT_WALL = "consent_wall"

    @property
    def state(self) -> State:
        """The ledger state an input with this reason ends in, once it is not tried again."""
        if self in _QUARANTINED:
            return State.QUARANTINED
        return _OTHER_STATES.get(self, State.SKIPPED)

    @property
    def is_retryable(self) -> bool:
        """Whether the same request may do better later; only ever so of a fetch."""
        return self in _RETRYABLE


_QUARANTINED = frozenset(
    {
        Reason.UNREADABLE,
        Reason.TOO_LARGE,
        Reason.TRUNCATED,
        Reason.CHANGED,
        Reason.INVALID_JSON,
        Reason.INVALID_RECORD,
        Reason.PARSER_TIMEOUT,
        Reason.PARSER_MEMORY,
        Reason.PARSER_CRASH,
        Reason.BAD_ADDRESS,
        Reason.PRIVATE_ADDRESS,
        Reason.HOST_NOT_FOUND,
        Reason.CONNECTION_FAILED,
        Reason.TLS_FAILED,
        Reason.DEADLINE_EXCEEDED,
        Reason.HOST_BUSY,
        Reason.ROBOTS_UNREACHABLE,
        Reason.CRAWL_DELAY,
        Reason.TOO_MANY_REDIRECTS,
        Reason.REDIRECT_LOOP,
        Reason.INVALID_ANSWER,
        Reason.UNSUPPORTED_CODING,
        Reason.CORRUPT_BODY,
        Reason.RATE_LIMITED,
        Reason.UNAVAILABLE,
        Reason.SERVER_ERROR,
        Reason.CHALLENGE,
        Reason.CONSENT_WALL,
    }
)
_OTHER_STATES = {
    Reason.SAME_ARTICLE: State.DUPLICATE,
    Reason.SEEN_BEFORE: State.DUPLICATE,
    Reason.NOT_FETCHED: State.PENDING,
}
_RETRYABLE = frozenset(
    {
        Reason.TRUNCATED,
        Reason.HOST_NOT_FOUND,
        Reason.CONNECTION_FAILED,
        Reason.DEADLINE_EXCEEDED,
        Reason.HOST_BUSY,
        Reason.ROBOTS_UNREACHABLE,
        Reason.CRAWL_DELAY,
        Reason.INVALID_ANSWER,
        Reason.CORRUPT_BODY,
        Reason.RATE_LIMITED,
        Reason.UNAVAILABLE,
        Reason.SERVER_ERROR,
        Reason.CHALLENGE,
        Reason.CONSENT_WALL,
    }
)
