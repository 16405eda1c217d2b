"""Verifying captures: every place that `raw.pages` names is read and its digest compared."""

from __future__ import annotations

from flows.backfill.captures import Captures
from flows.backfill.reprocess import page_ids
from flows.settings import Settings
from transforms.records import Rejection
from warehouse import lookup
from warehouse.checks import CheckResult
from warehouse.connection import writer

_AT_A_TIME = 500
_SHOWN = 5
_PROMISE = "Every capture can be read from where its row says it lies, and is the one it names."


def verify_captures(settings: Settings) -> CheckResult:
    """Read every capture that is held; what is changed, damaged or gone breaks the promise."""
    examples: list[str] = []
    count = 0
    ids = page_ids(settings)
    with Captures(settings.home) as captures:
        for begin in range(0, len(ids), _AT_A_TIME):
            wanted = [ids[place] for place in range(begin, min(begin + _AT_A_TIME, len(ids)))]
            with writer(settings.home, wait_s=settings.lock_wait_s) as con:
                places = lookup.by_ids(con, "places", wanted)
            for place in places:
                found = captures.page(place)
                if isinstance(found, Rejection):
                    count += 1
                    if len(examples) < _SHOWN:
                        examples.append(f"{place['url']}: {found.reason.value}: {found.detail}")
    return CheckResult("captures_intact", _PROMISE, count, tuple(examples))
