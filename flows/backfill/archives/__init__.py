"""The archives a backfill searches: their units, and the entries each unit gives.

`warc_files` are our own captures and files that are given, `news` is Common Crawl's news archive,
`sitemaps` those of sources, `wayback` a Wayback Machine. `pages` lands what is fetched, `downloads`
asks for what is no page.
"""
