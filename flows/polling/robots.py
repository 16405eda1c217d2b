"""Answers for robots.txt in the warehouse, so that a site is asked once a day and not once a run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from transforms.robots import RobotsAnswer
from warehouse import load, lookup
from warehouse.connection import Connection

_KEPT = timedelta(days=1)


class KnownRobots(dict[str, RobotsAnswer]):
    """Answers by origin; `unsaved` are those that have come since they were read."""

    def __init__(self) -> None:
        super().__init__()
        self.unsaved: set[str] = set()

    def __setitem__(self, origin: str, answer: RobotsAnswer) -> None:
        super().__setitem__(origin, answer)
        self.unsaved.add(origin)


def read_robots(con: Connection, now: datetime) -> KnownRobots:
    """The answers that may still be used."""
    known = KnownRobots()
    for row in lookup.rows(con, "robots_files", since=now - _KEPT):
        status = row["status_code"]
        answer = RobotsAnswer(
            str(row["origin"]),
            cast(datetime, row["fetched_at"]),
            None if status is None else int(str(status)),
            cast("bytes | None", row["body"]) or b"",
        )
        known[answer.origin] = answer
    known.unsaved.clear()
    return known


def save_robots(con: Connection, known: KnownRobots) -> None:
    """Store the answers that are new; call it inside a transaction."""
    new = [known[origin] for origin in list(known.unsaved)]
    known.unsaved.difference_update(answer.origin for answer in new)
    load.delete(con, "robots_files", [answer.origin for answer in new])
    load.append(
        con,
        "ops.robots_files",
        [
            {
                "origin": answer.origin,
                "fetched_at": answer.fetched_at,
                "status_code": answer.status,
                "body": answer.body,
            }
            for answer in new
        ],
    )
