"""What polls have found, as rows, in one transaction.

The entries of a feed, the pages that are wanted because of them, and the feed's validators are
committed together: validators never stand for entries that are not in the tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows import rows
from flows.ledger import Input, update_ledger, update_wanted
from flows.polling.announced import Announcement, announcements
from flows.polling.asking import Polled
from flows.polling.children import Followed, put_children
from flows.polling.judging import Judged, judge
from flows.polling.landing import attempt_of
from flows.polling.parsing import Announced
from flows.polling.states import Standing, state_row
from flows.readings import Entry, Postponed, Wanted, WebReading
from transforms.identity import hashed_id
from transforms.records import Reason, Rejection, State
from transforms.sitemaps import Sitemap
from transforms.urls import is_http, url_key
from transforms.validators import ValidatorState
from warehouse import load, lookup
from warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class Poll:
    """A source that was asked, and what its body says: None where none came, or a known one."""

    polled: Polled
    parsed: Announced | Rejection | None = None


@dataclass(slots=True)
class Recorded:
    """What a group of polls came to."""

    unchanged: int = 0
    unchanged_sources: int = 0
    failed_sources: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Rows:
    """What a group of polls adds to the tables."""

    inputs: list[tuple[Wanted | None, Input]] = field(default_factory=list)
    fetches: list[rows.Row] = field(default_factory=list)
    entries: list[rows.Row] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    states: list[rows.Row] = field(default_factory=list)


def record_polls(con: Connection, run_id: str, polls: Sequence[Poll], now: datetime) -> Recorded:
    """Write what these polls found; call it inside a transaction.

    A page that is new is `pending` and due at once. One that is known, under this address or
    another, is only sighted.
    """
    attempts = [_attempt(poll) for poll in polls]
    found = [
        list(announcements(poll.parsed.said, poll.polled.standing.source, attempt.fetch_id))
        if isinstance(poll.parsed, Announced) and not _is_index(poll.parsed)
        else []
        for poll, attempt in zip(polls, attempts, strict=True)
    ]
    known = _Known(con, (each for entries in found for each in entries))
    feeds = {_feed_key(poll): hashed_id("input", _feed_key(poll)) for poll in polls}
    troubled = {
        str(row["ledger_id"])
        for row in lookup.ledger(con, feeds.values(), ())
        if row["state"] in {State.PENDING.value, State.QUARANTINED.value}
    }
    recorded, added = Recorded(), _Rows()
    for poll, attempt, entries in zip(polls, attempts, found, strict=True):
        judged = judge(poll.polled, poll.parsed, now)
        if judged.standing.source.kind == "page":  # its one entry is accounted for by the walk
            recorded.failed_sources += judged.failure is not None
            added.states.append(state_row(_settled_page(judged, now)))
            continue
        if judged.failure is not None:
            _add_failure(added, recorded, poll, attempt, judged, judged.failure, run_id)
            continue
        if judged.is_unchanged:
            recorded.unchanged_sources += 1
            recorded.unchanged += judged.standing.body.entries_seen if judged.standing.body else 0
        new = [] if judged.is_unchanged else entries
        new_count = _add_entries(added, recorded, known, attempt, new, run_id, now)
        seen = len(new)
        if isinstance(poll.parsed, Announced) and not judged.is_unchanged:
            rest = _rest_of_feed(poll.parsed, attempt, seen)
            if _is_index(poll.parsed):
                followed = put_children(con, judged.standing.source, poll.parsed.said)
                new_count, rest = followed.new_count, _rest_of_index(followed, attempt)
            if rest is not None:
                _add_rest(added, recorded, attempt, seen, rest, run_id)
                seen += 1
        added.fetches.append(rows.fetch_row(attempt, run_id, seen, "ok", None))
        if feeds[_feed_key(poll)] in troubled:
            detail = "It is no article; its entries are read one by one."
            read = Rejection(attempt.url, Reason.NOT_AN_ARTICLE, detail)
            added.inputs.append((None, Input(_feed_key(poll), read, State.SKIPPED)))
        added.states.append(state_row(judged.settled(new_count, now)))
    _write(con, run_id, added, now)
    return recorded


class _Known:
    """Which entries have been met before, in the tables or earlier in this group."""

    def __init__(self, con: Connection, entries: Iterable[Announcement]) -> None:
        each = list(entries)
        ids = {i for entry in each for i in _ledger_ids(entry)}
        # What a backfill left out because of its date is not met: nothing came of it.
        self._ledger = {
            str(row["ledger_id"])
            for row in lookup.ledger(con, ids, ())
            if row["reason"] != Reason.OUTSIDE_RANGE.value
        }
        aliases = {alias for entry in each for alias in _alias_ids(entry)}
        found = lookup.by_ids(con, "entry_aliases", aliases)
        self.aliases = {str(row["alias_id"]): str(row["ledger_id"]) for row in found}

    def ledger_id(self, entry: Announcement) -> str | None:
        """The input an entry is, None for a new one."""
        for ledger_id in _ledger_ids(entry):
            if ledger_id in self._ledger:
                return ledger_id
        return next(
            (self.aliases[alias] for alias in _alias_ids(entry) if alias in self.aliases), None
        )

    def add(self, ledger_id: str) -> None:
        """From here on it is known."""
        self._ledger.add(ledger_id)


def _add_entries(
    added: _Rows,
    recorded: Recorded,
    known: _Known,
    attempt: WebReading,
    entries: Sequence[Announcement],
    run_id: str,
    now: datetime,
) -> int:
    """The sightings of a feed; returns how many entries are new."""
    new_count = 0
    for position, each in enumerate(entries):
        ledger_id = known.ledger_id(each)
        outcome: Postponed | Rejection
        if ledger_id is not None:
            outcome = Rejection(each.url, Reason.SEEN_BEFORE, "it has been met before")
            recorded.unchanged += 1
        else:
            ledger_id = hashed_id("input", each.key)
            known.add(ledger_id)
            new_count += 1
            if each.wanted is not None:
                outcome = Postponed(each.url, Reason.NOT_FETCHED, "it is yet to be fetched", now)
            else:
                detail = "the entry has neither an address nor a text"
                outcome = Rejection(each.url, Reason.BAD_ADDRESS, detail)
                recorded.states[outcome.reason.state.value] += 1
                recorded.reasons[outcome.reason.value] += 1
            state = outcome.reason.state
            added.inputs.append((each.wanted, Input(each.key, outcome, state)))
        for alias in _alias_ids(each):
            if alias not in known.aliases:
                known.aliases[alias] = added.aliases[alias] = ledger_id
        entry = Entry(position, each.url, outcome, guid=each.guid)
        state = outcome.reason.state
        added.entries.append(rows.entry_row(attempt, entry, ledger_id, state, outcome, run_id))
    return new_count


def _rest_of_feed(parsed: Announced, attempt: WebReading, taken: int) -> Rejection | None:
    """What stands for all entries beyond those that are taken."""
    count = parsed.said.dropped_count
    detail = f"{count:,} more entries than the {taken:,} that are taken of one reading"
    url = f"{attempt.url}#entries={taken}-"
    return Rejection(url, Reason.TOO_MANY_ENTRIES, detail) if count else None


def _rest_of_index(followed: Followed, attempt: WebReading) -> Rejection | None:
    """What stands for all sitemaps of an index that are not polled."""
    if followed.why is None:
        return None
    detail = f"{followed.left_out_count:,} of its sitemaps are not followed: {followed.why}"
    return Rejection(f"{attempt.url}#sitemaps", Reason.NOT_FOLLOWED, detail)


def _add_rest(
    added: _Rows,
    recorded: Recorded,
    attempt: WebReading,
    position: int,
    rest: Rejection,
    run_id: str,
) -> None:
    """One sighting for all that is not taken of a reading."""
    each = Input(rest.url, rest, rest.reason.state)
    added.inputs.append((None, each))
    entry = Entry(position, rest.url, rest)
    added.entries.append(rows.entry_row(attempt, entry, each.ledger_id, each.state, rest, run_id))
    recorded.states[each.state.value] += 1
    recorded.reasons[rest.reason.value] += 1


def _add_failure(
    added: _Rows,
    recorded: Recorded,
    poll: Poll,
    attempt: WebReading,
    judged: Judged,
    outcome: Postponed | Rejection,
    run_id: str,
) -> None:
    """A source that could not be read: an input itself, with its reason."""
    state = State.PENDING if isinstance(outcome, Postponed) else outcome.reason.state
    each = Input(_feed_key(poll), outcome, state)
    added.inputs.append((None, each))
    failed = replace(attempt, reason=outcome.reason)
    entry = Entry(0, poll.polled.standing.source.url, outcome)
    added.fetches.append(rows.fetch_row(failed, run_id, 1, "failed", outcome.reason.value))
    added.entries.append(rows.entry_row(failed, entry, each.ledger_id, state, outcome, run_id))
    added.states.append(state_row(judged.standing))
    recorded.failed_sources += 1
    recorded.states[state.value] += 1
    recorded.reasons[outcome.reason.value] += 1


def _settled_page(judged: Judged, now: datetime) -> Standing:
    """A page keeps no validators: they would stand for a capture that is not loaded yet."""
    if judged.failure is not None:
        return judged.standing
    return replace(judged.settled(0, now), validators=ValidatorState())


def _write(con: Connection, run_id: str, added: _Rows, now: datetime) -> None:
    standing = update_ledger(con, run_id, [each for _, each in added.inputs], now)
    update_wanted(con, added.inputs, standing)
    load.append(con, "ops.fetches", added.fetches)
    load.append(con, "ops.entries", added.entries)
    load.append(
        con,
        "ops.entry_aliases",
        [{"alias_id": key, "ledger_id": value} for key, value in added.aliases.items()],
    )
    load.delete(con, "source_state", [str(row["source_id"]) for row in added.states])
    load.append(con, "ops.source_state", added.states)


def _attempt(poll: Poll) -> WebReading:
    source = poll.polled.standing.source
    return attempt_of(poll.polled.outcome, source.source_id, kind=source.kind)


def _is_index(parsed: Announced) -> bool:
    return isinstance(parsed.said, Sitemap) and parsed.said.kind == "index"


def _feed_key(poll: Poll) -> str:
    return url_key(poll.polled.standing.source.url)


def _ledger_ids(entry: Announcement) -> Iterator[str]:
    """The ids an entry may have in the ledger: its address with either scheme, and other addresses."""
    for key in (entry.key, *entry.aliases):
        if key == entry.key or is_http(key):
            yield hashed_id("input", key)
            for scheme, other in (("http://", "https://"), ("https://", "http://")):
                if key.startswith(scheme):
                    yield hashed_id("input", other + key.removeprefix(scheme))


def _alias_ids(entry: Announcement) -> list[str]:
    return [hashed_id("alias", key) for key in entry.aliases if not is_http(key)]
