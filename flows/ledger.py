"""The ledger: one row for each input ever met, one event for each change of its state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.readings import Entry, Postponed, Wanted
from flows.rows import Row, wanted_row
from transforms.identity import hashed_id
from transforms.records import Article, Page, Reason, Rejection, State
from transforms.urls import url_key
from warehouse import load, lookup
from warehouse.connection import Connection


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a batch: its comparable address, what it became, and the state it ends in."""

    key: str
    outcome: Article | Rejection | Postponed
    state: State

    @property
    def ledger_id(self) -> str:
        """Its id in the ledger."""
        return hashed_id("input", self.key)


def input_of(entry: Entry, outcome: Article | Rejection | Postponed, state: State) -> Input:
    """An entry as an input: known by the address of its page, or its own where it has none."""
    capture = entry.capture
    return Input(url_key(capture.url if isinstance(capture, Page) else entry.url), outcome, state)


def update_ledger(
    con: Connection,
    run_id: str,
    inputs: Sequence[Input],
    now: datetime,
    gone: frozenset[str] | None = None,
) -> dict[str, State]:
    """Bring the ledger up to date with a batch; returns where these inputs stand now, by id.

    A good capture outweighs a bad one of the same address. Of several inputs that lead to one
    article, the one with the article's own address is `loaded` (else the first by address), the
    others are `duplicate`. For a renewal `gone` are the articles that nothing leads to any more; what
    is pending stays so, whatever an earlier capture of it is worth now.
    """
    given: dict[str, Row] = {}
    own_key: dict[str, str] = {}
    for each in inputs:
        outcome = each.outcome
        if isinstance(outcome, Article):
            own_key[outcome.article_id] = outcome.url_key
            given[each.ledger_id] = _row(each.key, State.LOADED, None, outcome.article_id)
        elif given.get(each.ledger_id, {}).get("article_id") is None:
            given[each.ledger_id] = _row(each.key, each.state, outcome.reason, None)
            if isinstance(outcome, Postponed):
                given[each.ledger_id]["next_attempt_at"] = outcome.next_attempt_at
    found = lookup.ledger(con, given.keys(), own_key.keys())
    held = {str(row["ledger_id"]): row for row in found}
    wanted = {ledger_id: dict(row) for ledger_id, row in held.items()}
    for ledger_id, row in given.items():
        before = held.get(ledger_id, {"article_id": None, "attempts": 0})
        stays = before["article_id"] not in {None, *(gone or ())}
        stays = stays or (gone is not None and before.get("state") == State.PENDING.value)
        standing = before if row["article_id"] is None and stays else row
        wanted[ledger_id] = {
            **standing,
            # To be announced, or released, is no attempt.
            "attempts": 0
            if row["reason"] == Reason.NOT_FETCHED.value
            else int(str(before["attempts"])) + 1,
        }
    _divide(wanted, own_key)
    changed = {
        ledger_id: row
        for ledger_id, row in wanted.items()
        if _standing(held.get(ledger_id)) != _standing(row)
    }
    told = {key for key, row in changed.items() if _told(held.get(key)) != _told(row)}
    _write(con, run_id, changed, told, held.keys() & changed.keys(), now)
    return {key: State(str(wanted[key]["state"])) for key in given}


def _row(key: str, state: State, reason: Reason | None, article_id: str | None) -> Row:
    return {
        "url_key": key,
        "state": state.value,
        "reason": reason.value if reason else None,
        "article_id": article_id,
        "next_attempt_at": None,
    }


def _divide(wanted: Mapping[str, Row], own_key: Mapping[str, str]) -> None:
    """Of the inputs that lead to one article, make one `loaded` and the others `duplicate`."""
    leading: dict[str, list[Row]] = {}
    for row in wanted.values():
        if row["article_id"] in own_key:
            leading.setdefault(str(row["article_id"]), []).append(row)
    for article_id, inputs in leading.items():
        inputs.sort(key=lambda row: (row["url_key"] != own_key[article_id], str(row["url_key"])))
        for place, row in enumerate(inputs):
            row["state"] = (State.DUPLICATE if place else State.LOADED).value
            row["reason"] = Reason.SAME_ARTICLE.value if place else None


def update_wanted(
    con: Connection,
    inputs: Iterable[tuple[Wanted | None, Input]],
    standing: Mapping[str, State],
) -> None:
    """Keep what is needed to fetch those of these inputs that are pending or quarantined."""
    rows = {
        each.ledger_id: wanted_row(wanted, each.ledger_id)
        for wanted, each in inputs
        if wanted is not None
    }
    load.delete(con, "wanted_pages", standing)
    open_states = {State.PENDING, State.QUARANTINED}
    kept = [row for key, row in rows.items() if standing[key] in open_states]
    load.append(con, "ops.wanted_pages", kept)


def _told(row: Mapping[str, object] | None) -> tuple[object, ...] | None:
    """What an event tells of an input; another try that ends alike is none."""
    return None if row is None else (row["state"], row["reason"])


def _standing(row: Mapping[str, object] | None) -> tuple[object, ...] | None:
    keys = ("state", "reason", "article_id", "next_attempt_at")
    return None if row is None else tuple(row[key] for key in keys)


def _write(
    con: Connection,
    run_id: str,
    changed: Mapping[str, Row],
    told: set[str],
    held: set[str],
    now: datetime,
) -> None:
    last = lookup.by_ids(con, "last_events", told)
    sequence = {str(row["ledger_id"]): int(str(row["seq"])) for row in last}
    load.delete(con, "ledger", held)
    load.append(
        con,
        "ops.ledger",
        [{**row, "ledger_id": key, "last_run_id": run_id} for key, row in changed.items()],
    )
    load.append(
        con,
        "ops.ledger_events",
        [
            {
                "ledger_id": key,
                "seq": sequence.get(key, 0) + 1,
                "run_id": run_id,
                "state": row["state"],
                "reason": row["reason"],
                "at_utc": now,
            }
            for key, row in changed.items()
            if key in told
        ],
    )
