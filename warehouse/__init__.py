"""The store: DuckDB and SQL. It knows nothing of Prefect, HTTP or of how articles are extracted.

`connection` opens the writer's and the published file, `migrate` brings a file up to date, `load`
and `lookup` run the statements under `sql/`, `checks` proves what the tables promise, `snapshot`
publishes. Rows come in and go out as plain dictionaries and Arrow tables.
"""
