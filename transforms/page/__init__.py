"""What an HTML page says of itself, from one parse.

`markup` walks the tree once, `json_ld` reads structured data, `headlines` finds the headline,
`layout` prepares the tree for extraction, `body` trims what came out, `kinds` tells an article from
a front page, a consent wall or a soft 404. `transforms.metadata` and `transforms.extract` use them.
"""
