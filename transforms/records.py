"""The records that travel through the pipeline, one for each stage an article has reached.

    source -> entry -> Page -> Article -> Fingerprint -> Match / Passage -> rows

Every record is frozen: a stage reads one record and returns the next. A decision is a value:
`extract_article` returns an `Article` or a `Rejection`, it never raises for bad input.
Times are aware and in UTC. Character offsets are half-open and count code points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from transforms.reasons import Reason as Reason  # noqa: PLC0414 - given on to all who read records
from transforms.reasons import State as State  # noqa: PLC0414 - as above


@dataclass(frozen=True, slots=True)
class Location:
    """Where the bytes of a page lie: a file, and the record's place in its decompressed stream.

    `offset` and `length` are bytes; a whole file is (0, its size). For a WARC, `offset` is that
    of the record in the file as stored, so that a reader can seek to it.
    """

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class SourceDefaults:
    """What the list of sources says of all articles of a source; each may be missing.

    `publisher` and `language` are taken where neither the input nor the page says anything;
    `timezone` is the IANA name of the zone of times without one. `favor_precision` is whether pages
    are read with less noise at the risk of losing text.
    """

    publisher: str | None = None
    language: str | None = None
    timezone: str | None = None
    favor_precision: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """What an input said of its article beside the page itself: a JSONL record, later a feed entry.

    Raw strings, taken over the page's own metadata where present. `extra` holds unknown keys.
    `source` is what its source says of all its articles, None for nothing: the last word, not the
    first.
    """

    headline: str | None = None
    published: str | None = None
    publisher: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    source: SourceDefaults | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of one capture and what was said of them, before anything is parsed.

    `url` is the address fetched, a `file:` URL, or the record's own. `content_type` is the header
    as sent, with its charset ("text/html; charset=windows-1251"); for local files it is what the
    suffix says. `fetched_at` is when the bytes were taken: the file's modification time for local
    files, WARC-Date for archives. `is_dated` says whether that is when the page itself was taken: of a
    record in a larger file that does not say, only the file's time is known.
    `favor_precision` and `timezone` are settings of the source, which whoever polls it fills in:
    whether its pages are read with less noise at the risk of losing text, and which zone its times
    without one are in.
    """

    url: str
    payload: bytes
    content_type: str
    fetched_at: datetime
    location: Location
    final_url: str | None = None
    status_code: int | None = None
    declared: Declared = Declared()
    favor_precision: bool = False
    timezone: tzinfo | None = None
    is_dated: bool = True


class Precision(StrEnum):
    """How exactly a publication time is known."""

    INSTANT = "instant"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time and where it comes from.

    `at` is aware UTC; a day-precision value is that day's midnight UTC. `source` names the place it
    was read from ("declared", "json_ld", "meta", "date_line", "htmldate", ...); `raw` is the string
    found there; `offset_minutes` the UTC offset it carried, None where it carried none.
    """

    at: datetime
    precision: Precision
    source: str
    raw: str
    offset_minutes: int | None = None


class DateFlag(StrEnum):
    """What is to be known of a date candidate: why it was passed over, or with what reservation."""

    # never chosen
    UNREADABLE = "unreadable"
    TOO_EARLY = "too_early"
    FUTURE = "future"
    MODIFIED = "modified"
    # may be chosen
    AHEAD = "ahead"
    INFERRED = "inferred"
    SOURCE_ZONE = "source_zone"
    NO_ZONE = "no_zone"


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A time that a page or its source states for the article, used or not.

    The first five fields are as in `Published`; `at` and `precision` are None for a string that
    cannot be read. At most one candidate of an article is chosen.
    """

    source: str
    raw: str
    at: datetime | None
    precision: Precision | None
    offset_minutes: int | None
    is_chosen: bool = False
    flag: DateFlag | None = None


class UrlKind(StrEnum):
    """What an address is to an article."""

    FETCHED = "fetched"
    FINAL = "final"
    CANONICAL = "canonical"
    AMP = "amp"
    SYNDICATION = "syndication"


@dataclass(frozen=True, slots=True)
class ArticleUrl:
    """An address an article goes by; a SYNDICATION one lies on another site and never identifies it."""

    url: str
    kind: UrlKind


class BodySource(StrEnum):
    """Which way of reading gave the body: the fast run of the extractor, its full or precise one,
    JSON-LD's `articleBody`, the fallback for pages that overwhelm the parser, or plain text.
    """

    FAST = "fast"
    FULL = "full"
    PRECISION = "precision"
    JSON_LD = "json_ld"
    FALLBACK = "fallback"
    PLAIN_TEXT = "plain_text"


@dataclass(frozen=True, slots=True)
class Author:
    """A person or desk named in a byline; `raw` is the byline as printed."""

    name: str
    raw: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published the article. At least one of the two is set; `host` has no "www."."""

    name: str | None
    host: str | None


class Level(StrEnum):
    """What a signal says about an agency: the text is the agency's, partly its, its own site's, or
    merely names it.
    """

    OWNER = "owner"
    SHARED = "shared"
    SELF = "self"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class AgencyEvidence:
    """One signal that names an agency: which signal, at which level, and the words it stands on."""

    agency_id: str
    signal: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    r"""Clean text and metadata of one page.

    `body` is for readers: one paragraph a line, "\\n" between, valid UTF-8 without NUL. `prose` are
    the spans of `body` that count for comparison (no captions, promos, related links): ascending,
    disjoint, none crossing a line end. `headings` are those of its other lines that read like a
    heading or a row of a table, likewise.
    `agency_roles` holds one role for each agency: OWNER, SHARED or SELF, never MENTION.
    `text_sha256` is of the words that make a version: the prose without stamps and counters.
    `language` is the best of what is declared and what the text shows; both are kept beside it.
    `canonical_url` is the page's own link, on whatever site; `dates` are all date candidates.
    """

    article_id: str
    page_id: str
    url: str
    url_key: str
    headline: str
    body: str
    prose: tuple[tuple[int, int], ...]
    body_sha256: str
    word_count: int
    fetched_at: datetime
    language: str | None = None
    published: Published | None = None
    publisher: Publisher | None = None
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()
    evidence: tuple[AgencyEvidence, ...] = ()
    agency_roles: tuple[tuple[str, Level], ...] = ()
    text_sha256: str = ""
    body_source: BodySource = BodySource.FAST
    language_declared: str | None = None
    language_detected: str | None = None
    section: str | None = None
    image_url: str | None = None
    canonical_url: str | None = None
    amp_url: str | None = None
    is_paywalled: bool = False
    dates: tuple[DateCandidate, ...] = ()
    urls: tuple[ArticleUrl, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input that became no article: which, why, and one sentence for a person."""

    url: str
    reason: Reason
    detail: str


class MatchKind(StrEnum):
    """What two articles are to each other."""

    NEAR_DUPLICATE = "near_duplicate"
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair, `article_a` < `article_b`.

    `resemblance` is the Jaccard ratio of the two shingle sets, `containment_a` the share of A's
    shingles that B has, `containment_b` the reverse; all 0 to 1.
    """

    article_a: str
    article_b: str
    resemblance: float
    containment_a: float
    containment_b: float
    kind: MatchKind


class PassageKind(StrEnum):
    """Whether a shared passage is word for word the same or was edited."""

    VERBATIM = "verbatim"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text two articles share, `article_a` < `article_b`; offsets into their bodies.

    `matched_words` counts the content words the two spans have in common, in order.
    """

    article_a: str
    a_start: int
    a_end: int
    article_b: str
    b_start: int
    b_end: int
    matched_words: int
    kind: PassageKind


@dataclass(frozen=True, slots=True)
class ComparisonText:
    """What the comparison sees of an article: its body, the spans that count, its language.

    `furniture` are the hashes of the lines that are no copy but its site's own (`furniture`).
    `headings` are spans that count where another text has the whole line, word for word.
    """

    article_id: str
    body: str
    prose: tuple[tuple[int, int], ...]
    language: str | None = None
    furniture: frozenset[int] = frozenset()
    headings: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterArticle:
    """What clustering needs to know of an article: when it was published (None: unknown), a
    tie-breaking key, and whether its publisher is itself an agency.
    """

    article_id: str
    published_at: datetime | None
    url_key: str
    is_agency: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that run the same text. `members` is ascending and holds the origin; an article that
    matches nothing is a cluster of one. `cluster_id` is a function of the members alone.
    """

    cluster_id: str
    origin_article_id: str
    members: tuple[str, ...]
