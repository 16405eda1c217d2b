"""The shell: the only code that knows Prefect, the network, the clock, files and processes.

Read `ingest` first: the walk of an article from a file to rows. `archive` reads what lies on disk,
`workers` runs extraction where it can be killed, `batch` loads one batch in one transaction and
`compare` finds what it shares with the articles already held. `publish` gives readers their copy,
`cli` is the `wirecopy` command. Nothing here imports Prefect until a command needs it.
"""
