"""How sources stand, in words: `wirecopy status`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flows.sources.standings import Overview


def status_lines(found: Overview, now: datetime) -> Sequence[str]:
    """The same for a person, a source a line and what is wrong below it."""
    lines = [f"! {fault}" for fault in found.faults]
    if not found.sources:
        lines.append("No sources yet: `wirecopy sources add URL`, or `wirecopy sources import`.")
    for row in found.sources:
        lines += _source_lines(row, now)
    lines += [
        f"{int(str(row['input_count'])):,} {row['state']}: {row['reason']}"
        for row in found.open_inputs
    ]
    return lines


def _source_lines(row: Mapping[str, object], now: datetime) -> list[str]:
    lines = [f"{row['slug']}  {_state(row)}".rstrip()]
    success, due = row["last_success_at"], row["next_poll_at"]
    parts = [f"last success {_ago(success, now)}"]
    if row["status"] in {None, "active"} and row["is_enabled"]:
        parts.append(f"next poll {_until(due, now)}")
    if row["interval_s"]:
        parts.append(f"every {_span(float(str(row['interval_s'])))}")
    if row["article_count"]:
        parts.append(f"{int(str(row['article_count'])):,} articles")
    if row["median_s"] is not None:
        parts.append(f"loaded {_span(float(str(row['median_s'])))} after publication (median)")
    lines.append(f"    {', '.join(parts)}")
    if row["last_error"]:
        lines.append(
            f"    {row['failure_count']} failures: {row['last_reason']}: {row['last_error']}"
        )
    if row["status_reason"]:
        lines.append(f"    stopped: {row['status_reason']}")
    if row["moved_url"]:
        lines.append(f"    moved to {row['moved_url']}")
    if row["distrust_reason"]:
        lines.append(f"    validators are not trusted: {row['distrust_reason']}")
    return lines


def _state(row: Mapping[str, object]) -> str:
    if not row["is_enabled"]:
        return "(not polled by itself)"
    return "" if row["status"] in {None, "active"} else f"({row['status']})"


def _ago(at: object, now: datetime) -> str:
    return f"{_span((now - at).total_seconds())} ago" if isinstance(at, datetime) else "not yet"


def _until(at: object, now: datetime) -> str:
    if not isinstance(at, datetime) or at <= now:
        return "now"
    return f"in {_span((at - now).total_seconds())}"


def _span(seconds: float) -> str:
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {name}".replace(".0 ", " ")
    return f"{seconds:.0f} s"
