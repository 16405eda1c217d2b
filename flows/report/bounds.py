"""How much of anything the report shows: what keeps the file small, however large the archive.

Whatever a bound leaves out, the page counts (docs/report.md).
"""

STEPS = 400
"""Steps of time in the chart of volume and its table: days, or else weeks, months, years."""
BARS = 92
"""So many steps or fewer are drawn as bars, more as one outline."""
EDGE_RATIO = 0.005
"""Where days do not suffice, so much of the dated articles at either end may be summed in one row."""
PUBLISHERS = 30
"""Rows of publishers; the others are summed in one."""
AGENCIES = 20
"""Rows of agencies."""
REASONS = 20
"""Rows of outcomes and of failed fetches."""
SOURCES = 30
"""Rows of sources."""
GAPS = 30
"""Rows of publishers with gaps."""
CLUSTERS = 6
"""Clusters whose spread is drawn: as many as can be told apart."""
COPIES = 40
"""Publishers listed of each cluster."""
REPRINTS = 3
"""Reprints of each of these clusters in the reader."""
BORROWED = 4
"""Pairs of articles of two clusters in the reader."""
SHOWN_CHARACTERS = 20_000
"""Characters of a text shown in the reader."""
READ_CHARACTERS = 200_000
"""Characters of a text that are compared for the reader."""
READER_CHARACTERS = 400_000
"""Characters shown in all pairs of the reader together."""
NAME_CHARACTERS = 100
"""Characters of a name: a publisher, an agency, a source."""
LINE_CHARACTERS = 240
"""Characters of a headline, a byline, an address."""
LABEL_CHARACTERS = 40
"""Characters of a label in a chart."""
