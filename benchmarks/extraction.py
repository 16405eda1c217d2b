"""Text, headline, attribution and CPU of article extraction on real news pages, beside others.

    python -m venv .venv-extractors
    .venv-extractors/bin/python -m pip install -r benchmarks/requirements-extractors.txt
    python -m benchmarks.extraction --folder ../shared/eval/extraction \
        --others .venv-extractors/bin/python --out benchmarks/results/extraction.md

The folder holds `ground-truth.json` (name -> `url`, `articleBody`) and `html/<name>.html.gz`, as in
Scrapinghub's article-extraction-benchmark, whose metric this is: multisets of 4-grams of words,
precision and recall averaged over pages, F1 of the two means. Headlines and attribution are scored
against `benchmarks/labels`.

All extractors run on each page before the next page comes, in an order that rotates from page to
page; only the CPU time of the calls counts, one core each. Ours and trafilatura run in this process,
each of the others in one of its own, which is ended when a page takes more than ten seconds of CPU,
or a minute however idle: the page is lost then, and counts as ten seconds. Without `--others` these
are left out.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import re
import select
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import psutil
from trafilatura import bare_extraction
from trafilatura.settings import Document

from benchmarks import page_labels
from benchmarks.extractors import LIBRARIES
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
PAGE_LIMIT_S = 10.0
WAIT_LIMIT_S = 60.0
_POLL_S = 0.5

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Input:
    """A labelled page: its id, address, file and gold text."""

    page_id: str
    url: str
    path: Path
    gold: str


@dataclass(frozen=True)
class Output:
    """What an extractor made of a page, and the CPU seconds it took."""

    text: str = ""
    headline: str = ""
    seconds: float = 0.0
    is_killed: bool = False


Extractor = Callable[[Input], Output]


@dataclass
class Score:
    """What one extractor did: for each page its precision, recall, headline and CPU seconds."""

    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    headlines: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    killed: int = 0

    def add(self, page: Input, found: Output, headline_sha256: str) -> None:
        """Count one page."""
        precision, recall = precision_recall(page.gold, found.text)
        self.precisions.append(precision)
        self.recalls.append(recall)
        self.headlines.append(page_labels.headline_sha256(found.headline) == headline_sha256)
        self.seconds.append(found.seconds)
        self.lost += not found.text.strip()
        self.killed += found.is_killed

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


def read_pages(folder: Path) -> list[Input]:
    """The labelled pages, by their id."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        Input(page_id, gold["url"], folder / "html" / f"{page_id}.html.gz", gold["articleBody"])
        for page_id, gold in sorted(truth.items())
    ]


def trafilatura(**options: Any) -> Extractor:
    """An extractor: trafilatura with these options."""

    def extract(page: Input) -> Output:
        payload = gzip.decompress(page.path.read_bytes())
        started = time.process_time()
        found = bare_extraction(payload, **options)
        seconds = time.process_time() - started
        if not isinstance(found, Document):
            return Output(seconds=seconds)
        return Output(found.text or "", found.title or "", seconds)

    return extract


def ours(articles: dict[str, Article]) -> Extractor:
    """Our own extraction; leaves its articles in the mapping given."""
    rules = parse_agencies((ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8"))

    def extract(page: Input) -> Output:
        payload = gzip.decompress(page.path.read_bytes())
        capture = Page(page.url, payload, "text/html", CAPTURE, Location("", 0, len(payload)))
        started = time.process_time()
        found = extract_article(capture, rules)
        seconds = time.process_time() - started
        if not isinstance(found, Article):
            return Output(seconds=seconds)
        articles[page.page_id] = found
        return Output(found.body, found.headline, seconds)

    return extract


class Other:
    """An extractor in a process of its own, started again after a page that took too long."""

    def __init__(self, python: str, library: str) -> None:
        """Start it with the interpreter of the environment it is installed in."""
        self._command = [python, str(Path(__file__).with_name("extractors.py")), library]
        self._process: subprocess.Popen[str] | None = None
        self.version = str(self._start())

    def __call__(self, page: Input) -> Output:
        """The page's text, or nothing when the limit is passed."""
        if self._process is None:
            self._start()
        asked = json.dumps({"path": str(page.path.resolve()), "url": page.url})
        found = self._ask(asked + "\n")
        if found is None:
            self.close()
            return Output(seconds=PAGE_LIMIT_S, is_killed=True)
        return Output(**found)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> Any:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        version = self._ask("")
        if version is None:
            raise SystemExit(f"{self._command[-1]} did not start: is it installed there?")
        return version

    def _ask(self, line: str) -> Any:
        """One line in, the value of one line out; None when a limit is passed first."""
        child = self._process
        if child is None or child.stdin is None or child.stdout is None:
            return None
        child.stdin.write(line)
        child.stdin.flush()
        until = time.monotonic() + WAIT_LIMIT_S
        spent = _cpu_seconds(child.pid)
        # The answer is written whole, so a stream that is readable holds all of it or its end.
        while not select.select([child.stdout], [], [], _POLL_S)[0]:
            if _cpu_seconds(child.pid) - spent > PAGE_LIMIT_S or time.monotonic() > until:
                return None
        answer = child.stdout.readline()
        return json.loads(answer) if answer else None


def _cpu_seconds(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def measure(pages: list[Input], methods: dict[str, Extractor]) -> dict[str, Score]:
    """Run every extractor on every page, each page in another order."""
    headlines = page_labels.read_headlines()
    scores = {name: Score() for name in methods}
    for method in methods.values():
        method(pages[0])
    for number, page in enumerate(pages):
        turn = number % len(methods)
        names = list(methods)
        for name in names[turn:] + names[:turn]:
            scores[name].add(page, methods[name](page), headlines.get(page.page_id, ""))
    return scores


def spread(one: Score, other: Score) -> float:
    """Standard deviation of the difference of two F1, over resampled pages (paired bootstrap)."""
    random = Random(0)
    count = len(one.recalls)
    differences = []
    for _ in range(RESAMPLES):
        pages = [random.randrange(count) for _ in range(count)]
        differences.append(one.f1(pages) - other.f1(pages))
    return statistics.stdev(differences)


def report(scores: dict[str, Score], articles: dict[str, Article], others: dict[str, str]) -> str:
    """The results as Markdown."""
    count = len(scores[OURS].recalls)
    base = sum(scores[DEFAULT].seconds)
    versions = {
        name: importlib.metadata.version(name) for name in ("trafilatura", "lxml", "htmldate")
    }
    named = ", ".join(f"{name} {version}" for name, version in (versions | others).items())
    difference = scores[OURS].f1() - scores[FAST].f1()
    deviation = spread(scores[OURS], scores[FAST])
    labels = page_labels.read_attribution()
    roles = {page_id: page_labels.roles_of(article) for page_id, article in articles.items()}
    precision, recall = page_labels.precision_recall(roles, labels)
    wanted = sum(map(len, labels.values()))
    lines = [
        "# Extraction",
        "",
        f"`python -m benchmarks.extraction`: {count} labelled news pages; {named}.",
        "CPU is relative to trafilatura's default mode with metadata on the same pages in the same run.",
        "A page is lost when no text comes, or none within ten seconds of CPU (killed).",
        "",
        (
            "| extractor | F1 | precision | recall | pages with recall < .5 | lost | killed"
            " | headline exact | CPU | ms p50 | ms p99 |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, score in scores.items():
        seconds = sorted(score.seconds)
        headline = f"{statistics.fmean(score.headlines):.3f}" if any(score.headlines) else "–"
        lines.append(
            f"| {name} | {score.f1():.3f} | {statistics.fmean(score.precisions):.3f} "
            f"| {statistics.fmean(score.recalls):.3f} | {sum(r < 0.5 for r in score.recalls)} "
            f"| {score.lost} | {score.killed} | {headline} "
            f"| {sum(seconds) / base:.2f} | {1000 * seconds[count // 2]:.0f} "
            f"| {1000 * seconds[int(count * 0.99)]:.0f} |"
        )
    lines += [
        "",
        f"F1 above trafilatura's fast mode by {difference:.3f} ± {deviation:.3f} (paired bootstrap).",
        "",
        f"Attribution, {wanted} labelled roles: precision {precision:.3f}, recall {recall:.3f}.",
        "",
        f"Of {len(articles)} articles: " + "; ".join(_coverage(list(articles.values()))) + ".",
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


def main() -> None:
    """Measure and print, or write the results file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--others", help="the interpreter of the environment with the others")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    articles: dict[str, Article] = {}
    methods: dict[str, Extractor] = {
        OURS: ours(articles),
        FAST: trafilatura(fast=True, include_comments=False),
        "trafilatura, fast, with metadata": trafilatura(
            fast=True, include_comments=False, with_metadata=True
        ),
        DEFAULT: trafilatura(with_metadata=True),
        "trafilatura, precision": trafilatura(favor_precision=True, include_comments=False),
    }
    others = [Other(arguments.others, name) for name in LIBRARIES] if arguments.others else []
    methods |= dict(zip(LIBRARIES, others, strict=False))
    try:
        scores = measure(read_pages(arguments.folder), methods)
    finally:
        for other in others:
            other.close()
    versions = {name: other.version for name, other in zip(LIBRARIES, others, strict=False)}
    text = report(scores, articles, versions)
    if arguments.out is None:
        print(text)
    else:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
