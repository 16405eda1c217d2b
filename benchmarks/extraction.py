"""Text quality and CPU of article extraction on labelled news pages, side by side with others.

    python -m benchmarks.extraction --folder ../shared/eval/extraction --out benchmarks/results/extraction.md

The folder holds `ground-truth.json` (name -> `url`, `articleBody`) and `html/<name>.html.gz`, as in
Scrapinghub's article-extraction-benchmark, whose metric this is: multisets of 4-grams of words,
precision and recall averaged over pages, F1 of the two means. All extractors run on each page in
one process, in an order that rotates from page to page; only the CPU time of the calls counts.
Extractors that are not installed are left out: readability-lxml and resiliparse are no dependencies of
the project.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.metadata
import importlib.util
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from lxml.html import fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document

from transforms.agencies import parse_agencies
from transforms.extract import extract_article
from transforms.records import Article, Location, Page

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_FOLDER = ROOT / ".." / "shared" / "eval" / "extraction"
OURS = "wirecopy (text, metadata, attribution)"
FAST = "trafilatura, fast, text only"
DEFAULT = "trafilatura, default, with metadata"
CAPTURE = datetime(2020, 1, 1, tzinfo=UTC)
RESAMPLES = 1_000

_WORD = re.compile(r"\w+")

Extractor = Callable[[bytes, str], str]


@dataclass
class Score:
    """What one extractor did: for each page its precision, recall and CPU seconds."""

    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    empty: int = 0

    def f1(self, pages: list[int] | None = None) -> float:
        """F1 of mean precision and mean recall, over all pages or a sample of them."""
        chosen = range(len(self.recalls)) if pages is None else pages
        precision = statistics.fmean(self.precisions[n] for n in chosen)
        recall = statistics.fmean(self.recalls[n] for n in chosen)
        return 2 * precision * recall / (precision + recall)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-grams of a text with their counts; a shorter text is one shingle."""
    words = _WORD.findall(text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)) if words)


def precision_recall(gold: str, text: str) -> tuple[float, float]:
    """The share of the text's shingles that gold has, and of gold's that the text has."""
    theirs, ours = shingles(gold), shingles(text)
    common = (theirs & ours).total()
    return (common / ours.total() if ours else 0.0, common / theirs.total() if theirs else 1.0)


def trafilatura_text(payload: bytes, **options: Any) -> str:
    """The text trafilatura finds with these options."""
    found = bare_extraction(payload, **options)
    return (found.text or "") if isinstance(found, Document) else ""


def extractors(articles: list[Article]) -> dict[str, Extractor]:
    """All that are installed; ours also leaves its articles in the list given."""
    rules = parse_agencies((ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8"))

    def ours(payload: bytes, url: str) -> str:
        page = Page(url, payload, "text/html", CAPTURE, Location("", 0, len(payload)))
        found = extract_article(page, rules)
        if not isinstance(found, Article):
            return ""
        articles.append(found)
        return found.body

    known: dict[str, Extractor] = {
        OURS: ours,
        FAST: lambda p, _: trafilatura_text(p, fast=True, include_comments=False),
        "trafilatura, fast, with metadata": lambda p, _: trafilatura_text(
            p, fast=True, include_comments=False, with_metadata=True
        ),
        DEFAULT: lambda p, _: trafilatura_text(p, with_metadata=True),
        "trafilatura, precision": lambda p, _: trafilatura_text(
            p, favor_precision=True, include_comments=False
        ),
    }
    return known | dict(_others())


def _others() -> Iterator[tuple[str, Extractor]]:
    if importlib.util.find_spec("readability"):
        readability = importlib.import_module("readability")

        def readable(payload: bytes, _url: str) -> str:
            summary = readability.Document(payload.decode("utf-8", "replace")).summary()
            return str(fromstring(summary).text_content())

        yield "readability-lxml", readable
    if importlib.util.find_spec("resiliparse"):
        html2text = importlib.import_module("resiliparse.extract.html2text")

        def main_content(payload: bytes, _url: str) -> str:
            page = payload.decode("utf-8", "replace")
            return str(html2text.extract_plain_text(page, main_content=True))

        yield "resiliparse, main content", main_content


def measure(folder: Path) -> tuple[dict[str, Score], list[Article]]:
    """Run every extractor on every page, each page in another order."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    articles: list[Article] = []
    methods = list(extractors(articles).items())
    scores = {name: Score() for name, _ in methods}
    for number, (page_name, gold) in enumerate(sorted(truth.items())):
        payload = gzip.decompress((folder / "html" / f"{page_name}.html.gz").read_bytes())
        if number == 0:
            for _, method in methods:
                method(payload, gold["url"])
            articles.clear()
        turn = number % len(methods)
        for name, method in methods[turn:] + methods[:turn]:
            started = time.process_time()
            try:
                text = method(payload, gold["url"])
            except Exception:  # noqa: BLE001 - another extractor's failure is its empty page
                text = ""
            scores[name].seconds.append(time.process_time() - started)
            precision, recall = precision_recall(gold["articleBody"], text)
            scores[name].precisions.append(precision)
            scores[name].recalls.append(recall)
            scores[name].empty += not text.strip()
    return scores, articles


def spread(one: Score, other: Score) -> float:
    """Standard deviation of the difference of two F1, over resampled pages (paired bootstrap)."""
    random = Random(0)
    count = len(one.recalls)
    differences = []
    for _ in range(RESAMPLES):
        pages = [random.randrange(count) for _ in range(count)]
        differences.append(one.f1(pages) - other.f1(pages))
    return statistics.stdev(differences)


def report(scores: dict[str, Score], articles: list[Article]) -> str:
    """The results as Markdown."""
    count = len(scores[OURS].recalls)
    base = sum(scores[DEFAULT].seconds)
    versions = ", ".join(f"{name} {_version(name)}" for name in ("trafilatura", "lxml", "htmldate"))
    difference = scores[OURS].f1() - scores[FAST].f1()
    deviation = spread(scores[OURS], scores[FAST])
    lines = [
        "# Extraction",
        "",
        f"`python -m benchmarks.extraction`: {count} labelled news pages; {versions}.",
        "CPU is relative to trafilatura's default mode with metadata on the same pages in the same run.",
        "",
        "| extractor | F1 | precision | recall | pages with recall < .5 | empty | CPU | ms p50 | ms p99 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, score in scores.items():
        seconds = sorted(score.seconds)
        lines.append(
            f"| {name} | {score.f1():.3f} | {statistics.fmean(score.precisions):.3f} "
            f"| {statistics.fmean(score.recalls):.3f} | {sum(r < 0.5 for r in score.recalls)} "
            f"| {score.empty} | {sum(seconds) / base:.2f} | {1000 * seconds[count // 2]:.0f} "
            f"| {1000 * seconds[int(count * 0.99)]:.0f} |"
        )
    lines += [
        "",
        f"F1 above trafilatura's fast mode by {difference:.3f} ± {deviation:.3f} (paired bootstrap).",
        "",
        f"Of {len(articles)} articles: " + "; ".join(_coverage(articles)) + ".",
        "",
    ]
    return "\n".join(lines)


def _coverage(articles: list[Article]) -> Iterator[str]:
    dated = Counter(a.published.precision.value for a in articles if a.published)
    sources = Counter(a.published.source for a in articles if a.published)
    yield "published " + ", ".join(f"{n} {precision}" for precision, n in dated.most_common())
    yield "from " + ", ".join(f"{n} {source}" for source, n in sources.most_common())
    yield f"{sum(bool(a.headline) for a in articles)} with a headline"
    yield f"{sum(bool(a.authors) for a in articles)} with authors"
    yield f"{sum(a.language is not None for a in articles)} with a language"
    yield f"{sum(bool(a.agency_roles) for a in articles)} with an agency"


def _version(package: str) -> str:
    return importlib.metadata.version(package)


def main() -> None:
    """Measure and print, or write the results file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    text = report(*measure(arguments.folder))
    if arguments.out is None:
        print(text)
    else:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
