"""Polling: what is new on the web, from sources that are due. Start with `rounds`.

    sources due -> ask and capture -> parse in a worker -> record      -> land    -> walk
                   (asking)           (parsing)            (discovery)    (landing)  (flows.walk)

`judging` decides what a poll means for its source, `states` keeps that, `announced` makes pages to
fetch of entries, `children` sources of the sitemaps of an index, `addresses` looks at what is given
on the command line, `folders` reads sources that are on disk. `stages` runs these for one round.
"""

from flows.polling.rounds import poll

__all__ = ["poll"]
