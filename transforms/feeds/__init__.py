"""Feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, well-formed or not.

`sniffing` tells what a payload is, `parse` reads a feed into the records of `entries`, through
`dialects` (feedparser's own grammar, with bounds) or `json_feed`. `identity` says which entry is
which, `discovery` finds the feeds a page announces, `links` undoes what proxies do to addresses.
"""
