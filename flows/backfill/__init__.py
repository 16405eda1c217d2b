"""Loading the past: ranges of days from archives, and all that was captured once more.

`request` says what may be asked for, `backfill` does it: an archive gives units (`units`), a unit
gives entries, and each batch of them is committed with the place reached in its unit. `reprocess`
extracts again what is held, `rebuild` makes a new warehouse of it.
"""
