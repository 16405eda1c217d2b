"""How far an agency's copy among the matches of an article tells that the article is the agency's.

    python -m benchmarks.overlap --folder ../shared/eval --out benchmarks/results/overlap.md

Every real article of `near_duplicates/articles.jsonl` is read as plain text, its credits too. Each
that credits itself to an agency is then taken as if it did not: the best of its matches that credit
themselves foretell its agency and role, which are known. Counts are by kind of match and by the
share of the article's shingles that stand in the copy.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from benchmarks.labelled import DEFAULT_FOLDER, Pair
from transforms.agencies import parse_agencies
from transforms.extract import extract_article
from transforms.fingerprint import fingerprint
from transforms.records import (
    Article,
    ComparisonText,
    Declared,
    Level,
    Location,
    Match,
    MatchKind,
    Page,
)
from transforms.reuse import match_pairs

ROOT = Path(__file__).resolve().parents[1]
CAPTURE = datetime(2026, 1, 1, tzinfo=UTC)
BINS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
COMMON = 60
"""Shingles that so many articles have are a site's furniture and make no candidates."""

OWNED = frozenset({Level.OWNER, Level.SELF})


def read_articles(folder: Path) -> dict[str, Article]:
    """The articles by id, as the pipeline extracts them."""
    rules = parse_agencies((ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8"))
    articles = {}
    with (folder / "near_duplicates" / "articles.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            payload = row["text"].encode()
            page = Page(
                url=f"https://{row['source']}/{row['id']}",
                payload=payload,
                content_type="text/plain",
                fetched_at=CAPTURE,
                location=Location("", 0, len(payload)),
                declared=Declared(headline=row["title"]),
            )
            found = extract_article(page, rules)
            if isinstance(found, Article):
                articles[row["id"]] = found
    return articles


def find_matches(articles: dict[str, Article]) -> list[Match]:
    """All matches, from all pairs that share a shingle."""
    texts = [ComparisonText(key, a.body, a.prose, "en") for key, a in articles.items()]
    shingles = {item.article_id: item.shingles for item in fingerprint(texts)}
    having: dict[int, list[str]] = defaultdict(list)
    for key, hashes in shingles.items():
        for value in hashes.tolist():
            having[value].append(key)
    pairs: set[Pair] = set()
    for keys in having.values():
        if 1 < len(keys) < COMMON:
            pairs.update(combinations(sorted(keys), 2))
    return match_pairs(sorted(pairs), shingles)


def foretold(
    articles: dict[str, Article], matches: Iterable[Match]
) -> Iterator[tuple[MatchKind, float, str]]:
    """For each article and kind of match: the containment in the best owned copy, and the outcome."""
    best: dict[tuple[str, MatchKind], tuple[float, str]] = {}
    for match in matches:
        for key, copy, share in (
            (match.article_a, match.article_b, match.containment_a),
            (match.article_b, match.article_a, match.containment_b),
        ):
            for agency_id, role in articles[copy].agency_roles:
                if role in OWNED:
                    place = (key, match.kind)
                    best[place] = max(best.get(place, (0.0, "")), (share, agency_id))
    for (key, kind), (share, agency_id) in best.items():
        roles = dict(articles[key].agency_roles)
        if not roles:
            yield kind, share, "no credit"
        elif agency_id not in roles:
            yield kind, share, "another agency"
        else:
            yield kind, share, "owner" if roles[agency_id] in OWNED else "shared"


def report(articles: dict[str, Article], matches: list[Match]) -> str:
    """The counts as Markdown."""
    outcomes = ("owner", "shared", "another agency", "no credit")
    counts: dict[tuple[MatchKind, float], Counter[str]] = defaultdict(Counter)
    for kind, share, outcome in foretold(articles, matches):
        counts[kind, max(low for low in BINS if share >= low)][outcome] += 1
    roles = Counter(role.value for a in articles.values() for _, role in a.agency_roles)
    by_role = ", ".join(f"{n} {role}" for role, n in sorted(roles.items()))
    credited = sum(bool(a.agency_roles) for a in articles.values())
    lines = [
        "# Attribution by overlap",
        "",
        f"`python -m benchmarks.overlap`: {len(articles)} real articles, of which {credited} credit an agency ({by_role}); {len(matches)} matches.",
        "",
        "Each article as if it had no credit, foretold by the copy that holds most of it. The columns",
        'say what its own credit is; "no credit" are those the signal is for.',
        "",
        "| kind of match | share of the article in the copy | owner | shared | another agency | no credit |",
        "|---|---|---|---|---|---|",
    ]
    for kind, low in sorted(counts):
        row = counts[kind, low]
        cells = " | ".join(str(row[outcome]) for outcome in outcomes)
        lines.append(f"| {kind.value} | from {low:.1f} | {cells} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure and print, or write the results file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    articles = read_articles(arguments.folder)
    text = report(articles, find_matches(articles))
    if arguments.out is None:
        print(text)
    else:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
