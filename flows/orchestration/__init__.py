"""The same work as Prefect flows: Prefect knows when and how often, DuckDB knows what is true.

One flow run for each tick of a schedule or request, one task run for each batch. `ingest`,
`backfill`, `reprocess`, `publish` and `maintain` are the flows, `run_page` and `artifacts` what a
person sees of a run, `refusals` what it says of wrong parameters, `contact` how it does without a
server, `deployments` what is registered. `serve` is the process that `wirecopy serve` is, `server` and
`runner` are its two children; `known_servers` finds the server to talk to.

Nothing else imports Prefect, and nothing is imported here: `server`, `serve` and `known_servers` are
used by commands that must not wait for that import.
"""
