"""How times are written.

`reading` reads the absolute forms of pages and feeds, `relative_days` "yesterday" and "3 hours ago",
`calendars` has the words of both. What is taken of what a page states is `transforms.dates`' matter.
"""
