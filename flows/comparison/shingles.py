"""The shingles a batch meets: its own as they were made, others as the index has them, each asked once."""

from collections.abc import Collection, Iterable

from flows.comparison.days import Span
from transforms.fingerprint import Fingerprint
from transforms.words import U64
from warehouse import lookup
from warehouse.connection import Connection


class Shingles:
    """The ascending shingles of articles, by article id."""

    def __init__(self, con: Connection, prints: Iterable[Fingerprint]) -> None:
        """Those of the batch are known from its fingerprints."""
        self._con = con
        self._known: dict[str, U64] = {each.article_id: each.shingles for each in prints}

    def of(self, ids: Collection[str], span: Span) -> dict[str, U64]:
        """Those of these articles, most of which were published in the span; of others nothing."""
        missing = [each for each in ids if each not in self._known]
        if missing:
            ends = span.first_day, span.last_day
            self._known.update(lookup.shingles(self._con, missing, *ends))
        return {each: self._known[each] for each in ids if each in self._known}
