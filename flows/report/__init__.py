"""The report: what the published copy holds, as one HTML file that needs nothing else.

`contents` asks, `volume` and `reader` shape, `charts` and `drawing` draw, `page` renders, and
`compose` does one after the other. docs/report.md says what each part of the page means.
"""
