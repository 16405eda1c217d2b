"""The labels of real pages in `benchmarks/labels`, and how an extraction scores against them.

See `benchmarks/labels/README.md` for what was labelled and how.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from transforms.records import Article

FOLDER = Path(__file__).parent / "labels"
_QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛‹›`´", "'"), **dict.fromkeys("“”„‟«»", '"')})

Roles = set[tuple[str, str]]
"""(agency id, role) pairs of one page."""


def headline_sha256(headline: str) -> str:
    """The digest of a headline after normalisation, as the labels have it."""
    text = " ".join(unicodedata.normalize("NFC", headline).translate(_QUOTES).split())
    return hashlib.sha256(text.encode()).hexdigest()


def read_headlines() -> dict[str, str]:
    """Page id -> digest of its headline."""
    with (FOLDER / "headlines.csv").open(encoding="utf-8", newline="") as file:
        return {row["page_id"]: row["headline_sha256"] for row in csv.DictReader(file)}


def read_attribution() -> dict[str, Roles]:
    """Page id -> the roles its credits give; the empty set where they give none."""
    found: dict[str, Roles] = {}
    with (FOLDER / "attribution.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            roles = found.setdefault(row["page_id"], set())
            if row["role"] != "none":
                roles.add((row["agency_id"], row["role"]))
    return found


def roles_of(article: Article) -> Roles:
    """The roles an extracted article has."""
    return {(agency_id, role.value) for agency_id, role in article.agency_roles}


def precision_recall(
    found: Mapping[str, Roles], labels: Mapping[str, Roles]
) -> tuple[float, float]:
    """Over all labelled pages: the share of roles found that are right, and of labels found."""
    right = sum(len(found.get(page, set()) & roles) for page, roles in labels.items())
    given = sum(len(found.get(page, set())) for page in labels)
    wanted = sum(len(roles) for roles in labels.values())
    return (right / given if given else 1.0, right / wanted if wanted else 1.0)
