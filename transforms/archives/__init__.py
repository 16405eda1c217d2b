"""The index formats of public web archives: what they list, and when it was captured.

`cdx` reads the answers of a Wayback Machine's CDX server, `cc_news` the listings of Common Crawl's
news archive, `days` says which entries belong to a range of days. The time an archive gives is that
of the capture, never that of publication.
"""
