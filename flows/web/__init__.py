"""Fetching one address, safely and politely, and keeping what came, raw.

`fetch` first: it follows one request to its end. `policy` says what is allowed, `addresses` what may
be reached at all, `connections` and `kept_connections` speak HTTP, `answers` reads what comes,
`trail` follows redirects, `outcomes` are the values it gives. `host_gate` keeps hosts from being
asked too often, `capture` writes WARC files with `warc_records`. `session` puts it all into one event
loop for a run, `visits` asks many hosts side by side.
"""
