"""One other extractor, run in an environment of its own: pages in on stdin, texts out on stdout.

    python benchmarks/extractors.py newspaper4k

`benchmarks.extraction` starts it and says how to install what it needs. It imports nothing of the
project. A line in is {"path": a gzipped page, "url": its address}; a line out is {"text", "headline",
"seconds": CPU of the call}. What a library prints or raises is not let through.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib
import importlib.metadata
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Found = tuple[str, str]
"""Text and headline."""


def _newspaper4k() -> Callable[[str, str], Found]:
    newspaper = importlib.import_module("newspaper")

    def extract(page: str, url: str) -> Found:
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=page)
        article.parse()
        return article.text or "", article.title or ""

    return extract


def _news_please() -> Callable[[str, str], Found]:
    please = importlib.import_module("newsplease").NewsPlease

    def extract(page: str, url: str) -> Found:
        article = please.from_html(page, url=url)
        return article.maintext or "", article.title or ""

    return extract


def _readability() -> Callable[[str, str], Found]:
    document = importlib.import_module("readability").Document
    html = importlib.import_module("lxml.html")

    def extract(page: str, _url: str) -> Found:
        found = document(page)
        return str(html.fromstring(found.summary()).text_content()), found.short_title() or ""

    return extract


def _resiliparse() -> Callable[[str, str], Found]:
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    tree = importlib.import_module("resiliparse.parse.html").HTMLTree

    def extract(page: str, _url: str) -> Found:
        parsed = tree.parse(page)
        return plain(parsed, main_content=True), parsed.title or ""

    return extract


LIBRARIES: dict[str, Callable[[], Callable[[str, str], Found]]] = {
    "newspaper4k": _newspaper4k,
    "news-please": _news_please,
    "readability-lxml": _readability,
    "resiliparse": _resiliparse,
}


def main() -> None:
    """Announce the version, then answer one line for each line in."""
    library = sys.argv[1]
    answer = sys.stdout
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        extract = LIBRARIES[library]()
        with contextlib.suppress(
            Exception
        ):  # what is done once, first calls to the network included
            extract("<html><body><p>Warm.</p></body></html>", "https://example.org/")
        print(json.dumps(importlib.metadata.version(library)), file=answer, flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            page = gzip.decompress(Path(asked["path"]).read_bytes()).decode("utf-8", "replace")
            started = time.process_time()
            try:
                text, headline = extract(page, asked["url"])
            except Exception:  # noqa: BLE001 - another extractor's failure is its empty page
                text, headline = "", ""
            seconds = time.process_time() - started
            found = {"text": text, "headline": headline, "seconds": seconds}
            print(json.dumps(found), file=answer, flush=True)


if __name__ == "__main__":
    main()
