"""Attributing copies that credit nobody: the rows of `agency_evidence` with the signal `overlap`.

Runs after the matches of a batch are in. Which rows an article has depends on its own credits, its
matches and the credits of those it matches, and on nothing else; so they are written anew for every
article of the batch and for all that these match, or matched before.
"""

from collections.abc import Collection

from flows.comparison.days import Days
from transforms.credits.overlap import SIGNAL, Overlap, overlap_evidence
from transforms.records import MatchKind
from warehouse import load, lookup
from warehouse.connection import Connection


def partners(con: Connection, article_ids: Collection[str], days: Days) -> set[str]:
    """The articles that match one of these, and those of them that are matched."""
    near = days.near(article_ids).values()
    return {str(row["article_id"]) for row in lookup.by_ids(con, "partners", article_ids, **near)}


def credit_copies(con: Connection, article_ids: Collection[str], days: Days) -> None:
    """Write the evidence by overlap of these articles, and their roles, as they stand now."""
    ids = set(article_ids)
    overlaps = [
        Overlap(
            article_id=str(row["article_id"]),
            agency_id=str(row["agency_id"]),
            copy_id=str(row["copy_id"]),
            containment=float(str(row["containment"])),
            kind=MatchKind(str(row["kind"])),
        )
        for row in lookup.by_ids(con, "overlaps", ids, **days.near(ids).values())
    ]
    found = sorted(overlap_evidence(overlaps).items())
    load.delete(con, "overlap_evidence", ids)
    load.delete(con, "unfounded_agencies", ids)
    load.append(
        con,
        "agency_evidence",
        [
            {
                "article_id": article_id,
                "agency_id": evidence.agency_id,
                "signal": SIGNAL,
                "level": evidence.level.value,
                "text": evidence.text,
            }
            for article_id, evidence in found
        ],
    )
    load.append(
        con,
        "article_agencies",
        [
            {
                "article_id": article_id,
                "agency_id": evidence.agency_id,
                "role": evidence.level.value,
            }
            for article_id, evidence in found
        ],
    )
