"""Showing how a run goes: a live line on a terminal, plain lines anywhere else, on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from flows.walk import Summary


@contextmanager
def progress() -> Iterator[Callable[[Summary], None]]:
    """A function to call after each batch with the counts so far."""
    if not sys.stderr.isatty():
        yield lambda summary: click.echo(_counts(summary), err=True)
        return
    from rich.console import Console  # noqa: PLC0415 - only where someone looks

    console = Console(stderr=True)
    with console.status("Reading…") as status:
        yield lambda summary: status.update(_counts(summary))


def report(summary: Summary) -> str:
    """What a run came to, in a few lines for a person."""
    states = summary.states
    asked = _sources(summary)
    if summary.inputs == 0:
        return asked or "Nothing found: nothing is due, or these folders are empty."
    if not states.total():
        nothing = f"Nothing new: all {summary.unchanged:,} inputs are as they were."
        return f"{asked}\n{nothing}" if asked else nothing
    counted = (
        f"{summary.inputs:,} inputs in {summary.seconds:.1f} s: {states['loaded']:,} loaded, "
        f"{states['duplicate']:,} held already, {states['skipped']:,} skipped, "
        f"{states['quarantined']:,} quarantined, {states['pending']:,} pending, "
        f"{summary.unchanged:,} unchanged."
    )
    lines = [
        *([asked] if asked else []),
        counted,
        f"{summary.matches:,} matches and {summary.passages:,} shared passages added.",
    ]
    lines += [f"  {count:,} {reason}" for reason, count in sorted(summary.reasons.items())]
    return "\n".join(lines)


def _sources(summary: Summary) -> str:
    """What came of asking sources; "" where none were asked."""
    if not summary.polled:
        return ""
    return (
        f"{summary.polled:,} sources asked: {summary.unchanged_sources:,} had nothing new, "
        f"{summary.failed_sources:,} could not be read."
    )


def _counts(summary: Summary) -> str:
    states = summary.states
    return (
        f"{summary.inputs:,} inputs: {states['loaded']:,} loaded, {states['duplicate']:,} held "
        f"already, {states['skipped'] + states['quarantined']:,} rejected, "
        f"{summary.matches:,} matches, {summary.passages:,} passages"
    )
