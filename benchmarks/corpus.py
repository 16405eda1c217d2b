"""A corpus of any size for load and memory benchmarks: news-shaped JSONL, and the truth beside it.

    python -m benchmarks.corpus --articles 100000 --seed 7 --out articles.jsonl.gz

About 35 % of the records are agency copies (2 to 40 publishers within 36 hours, most of them few
and soon, with the edits of a desk), 10 % are own articles with one to three agency paragraphs
inside, the rest are independent. Lengths are log-normal with a median of about 350 words, and every
site closes its articles with the same few lines. What is missing of real news: grammar, the hours
of the day, updates of a running text, and quotations that two reporters took down separately. A
method that does well here has shown that it scales, not that it is right.

Records come in the order of publication, about 500 a day; what is kept in memory is the agency
texts of the last day and a half, whatever the number of articles. The first n records are the same
for every corpus of one seed that has at least n.

The truth stands in keys the pipeline does not know: `truth_kind` (copy, embedding, own),
`truth_cluster` (copies of one agency text share it), `truth_agency` (the agency's code; copies
only) and `truth_sources` (the clusters an embedding took paragraphs from).
"""

from __future__ import annotations

import argparse
import gzip
import heapq
import json
import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from random import Random
from typing import IO

from benchmarks.prose import (
    Vocabulary,
    invent_vocabulary,
    write_article,
    write_headline,
    write_paragraph,
)

START = datetime(2025, 1, 1, tzinfo=UTC)
ARTICLES_PER_DAY = 500
COPY_SHARE, EMBEDDING_SHARE = 0.35, 0.10
REPRINT_HOURS = 36
MIN_REPRINTS, MAX_REPRINTS = 2, 40
SITE_COUNT = 400

_DAY = 86_400
_WINDOW = 3600.0 * REPRINT_HOURS
# How many publishers take a text falls off with the square of the number: many with 2, a few with
# dozens. Seconds are the unit of the rates: so many of a kind begin in a second.
_SIZES = tuple(range(MIN_REPRINTS, MAX_REPRINTS + 1))
_SIZE_WEIGHTS = tuple(size**-2.0 for size in _SIZES)
_MEAN_SIZE = sum(size**-1.0 for size in _SIZES) / sum(_SIZE_WEIGHTS)
_WIRE_RATE = ARTICLES_PER_DAY * COPY_SHARE / _MEAN_SIZE / _DAY
_EMBEDDING_RATE = ARTICLES_PER_DAY * EMBEDDING_SHARE / _DAY
_OWN_RATE = ARTICLES_PER_DAY * (1 - COPY_SHARE - EMBEDDING_SHARE) / _DAY
_AGENCIES = (
    ("Meridian Press Agency", "MPA"),
    ("Tidewater News Service", "TNS"),
    ("Orrin Dispatch", "ODX"),
    ("Agence Vareille", "AVL"),
)
_KINDS = ("Courier", "Herald", "Post", "Tribune", "Echo", "Gazette", "Observer", "Radio")
_ZONES = tuple(timezone(timedelta(minutes=offset)) for offset in (-480, -300, 0, 60, 120, 330))
_NUMBER = re.compile(r"\b\d{2,4}\b")
_QUOTED = re.compile(r'"([^"\n]*)"')


@dataclass(frozen=True, slots=True)
class Site:
    """A publisher: its name and host, the zone it writes its times in, its habits."""

    name: str
    town: str
    host: str
    zone: timezone
    is_curly: bool
    boilerplate: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """An agency text as it went out, before any desk touched it."""

    cluster: str
    agency: str
    code: str
    place: str
    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a record is: see the keys in the docstring of the module."""

    kind: str
    cluster: str
    agency: str | None = None
    sources: tuple[str, ...] = ()


def generate(articles: int, seed: int) -> Iterator[dict[str, object]]:
    """The first `articles` records of the corpus of `seed`, in the order of publication."""
    return islice(_records(seed), articles)


def _records(seed: int) -> Iterator[dict[str, object]]:
    """Records without end: four clocks, of which the next to strike decides what is written.

    The agencies begin one window before the first record, so that copies have their share at once.
    """
    setting = _stream(seed, "setting")
    vocabulary = invent_vocabulary(setting)
    sites = found_sites(setting, vocabulary)
    rng = _stream(seed, "records")
    next_wire = -_WINDOW
    next_own, next_embedding = rng.expovariate(_OWN_RATE), rng.expovariate(_EMBEDDING_RATE)
    pending: list[tuple[float, int, Site, Wire]] = []  # the reprints to come: a heap by time
    recent: deque[Wire] = deque(maxlen=round(_WIRE_RATE * _WINDOW))
    wires = queued = serial = 0
    while True:
        at = min(next_wire, next_own, next_embedding, pending[0][0] if pending else next_wire)
        if at == next_wire:
            next_wire += rng.expovariate(_WIRE_RATE)
            wire = write_wire(rng, vocabulary, wires)
            wires += 1
            recent.append(wire)
            for site in rng.sample(sites, rng.choices(_SIZES, _SIZE_WEIGHTS)[0]):
                queued += 1  # decides between equal times, and keeps sites from being compared
                due = at + _WINDOW * rng.random() ** 2.5
                heapq.heappush(pending, (due, queued, site, wire))
            continue
        site = sites[int(len(sites) * rng.random() ** 2)]  # some publish far more than others
        if at == next_own:
            next_own += rng.expovariate(_OWN_RATE)
            text = write_article(rng, vocabulary)
            truth = Truth("own", f"own-{serial}")
        elif at == next_embedding:
            next_embedding += rng.expovariate(_EMBEDDING_RATE)
            text = write_article(rng, vocabulary)
            wire = rng.choice(recent)
            _embed(rng, wire, text[1])
            truth = Truth("embedding", f"own-{serial}", sources=(wire.cluster,))
        else:
            _, _, site, wire = heapq.heappop(pending)
            if at < 0:
                continue
            text = edit(rng, vocabulary, site, wire)
            truth = Truth("copy", wire.cluster, wire.code)
        yield _as_record(rng, site, f"{serial}", at, text, truth)
        serial += 1


def _stream(seed: int, name: str) -> Random:
    """A source of draws that is the same on every machine and in every process."""
    return Random(f"{seed} {name}")


def found_sites(rng: Random, vocabulary: Vocabulary) -> list[Site]:
    """The publishers: name and host from an invented town, one to three lines of boilerplate."""
    sites = []
    for town in rng.sample(vocabulary.rare, SITE_COUNT):
        kind = rng.choice(_KINDS)
        lines = [
            write_paragraph(rng, vocabulary, rng.randint(8, 20)) for _ in range(rng.randint(1, 3))
        ]
        sites.append(
            Site(
                name=f"The {town.capitalize()} {kind}",
                town=town.capitalize(),
                host=f"{town}{kind.lower()}.example",
                zone=rng.choice(_ZONES),
                is_curly=rng.random() < 0.5,
                boilerplate=tuple(lines),
            )
        )
    return sites


def write_wire(rng: Random, vocabulary: Vocabulary, number: int) -> Wire:
    """An agency text."""
    agency, code = rng.choice(_AGENCIES)
    place = rng.choice(vocabulary.rare).upper()
    headline, paragraphs = write_article(rng, vocabulary)
    return Wire(f"wire-{number}", agency, code, place, headline, tuple(paragraphs))


def edit(rng: Random, vocabulary: Vocabulary, site: Site, wire: Wire) -> tuple[str, list[str]]:
    """What a desk makes of an agency text: (headline, paragraphs), each edit by its own chance."""
    headline = wire.headline if rng.random() < 0.6 else write_headline(rng, vocabulary)
    paragraphs = list(wire.paragraphs)
    if rng.random() < 0.35:  # cut from the end
        paragraphs = paragraphs[: max(2, round(len(paragraphs) * rng.uniform(0.45, 0.9)))]
    if rng.random() < 0.2 and len(paragraphs) > 3:  # one dropped
        del paragraphs[rng.randrange(1, len(paragraphs))]
    if rng.random() < 0.25:  # a number updated
        place = rng.randrange(len(paragraphs))
        updated = str(rng.randint(11, 9999))
        paragraphs[place] = _NUMBER.sub(updated, paragraphs[place], count=1)
    if rng.random() < 0.2:  # a local paragraph inserted
        local = write_paragraph(rng, vocabulary, rng.randint(30, 60))
        paragraphs.insert(rng.randint(1, len(paragraphs)), f"In {site.town}: {local}")
    credit = rng.random()
    if credit < 0.5:
        paragraphs[0] = f"{wire.place} ({wire.code}) — {paragraphs[0]}"
    elif credit < 0.7:
        paragraphs.append(f"© {START.year} {wire.agency}. All rights reserved.")
    elif credit < 0.85:
        paragraphs.insert(0, f"By {wire.agency}")
    return headline, paragraphs


def _embed(rng: Random, wire: Wire, paragraphs: list[str]) -> None:
    """Put one to three paragraphs of an agency text into an own article, in their order.

    The agency's words stay below a third of the whole, so that no embedding is a near-duplicate.
    """
    room = sum(map(_word_count, paragraphs)) // 2
    count = min(rng.randint(1, 3), len(wire.paragraphs))
    chosen = []
    for source in sorted(rng.sample(range(len(wire.paragraphs)), count)):
        room -= _word_count(wire.paragraphs[source])
        if room >= 0:
            chosen.append(wire.paragraphs[source])
    chosen = chosen or [min(wire.paragraphs, key=_word_count)]
    places = sorted(rng.randint(1, len(paragraphs)) for _ in chosen)
    for shift, (paragraph, place) in enumerate(zip(chosen, places, strict=True)):
        paragraphs.insert(place + shift, paragraph)


def _word_count(text: str) -> int:
    return text.count(" ") + 1


def _as_record(
    rng: Random, site: Site, serial: str, at: float, text: tuple[str, list[str]], truth: Truth
) -> dict[str, object]:
    """One line of the corpus: the site's house style over the text, its own lines below it."""
    headline, paragraphs = text
    lines = [*paragraphs, *(line for line in site.boilerplate if rng.random() < 0.9)]
    body = "\n\n".join(lines)
    if site.is_curly:
        body = _QUOTED.sub("“\\1”", body)
    published = (START + timedelta(seconds=int(at))).astimezone(site.zone)
    slug = re.sub(r"[^a-z]+", "-", headline.lower()).strip("-")
    return {
        "url": f"https://{site.host}/{published:%Y/%m/%d}/{slug}-{serial}",
        "headline": headline,
        "published": published.isoformat(),
        "publisher": site.name,
        "language": "en",
        "text": body,
        "truth_kind": truth.kind,
        "truth_cluster": truth.cluster,
        "truth_agency": truth.agency,
        "truth_sources": list(truth.sources),
    }


def write_lines(out: IO[bytes] | gzip.GzipFile, articles: int, seed: int) -> None:
    """Write the corpus as JSON lines in UTF-8, one record at a time."""
    for record in generate(articles, seed):
        out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: a file, compressed where its name ends in .gz, or - for standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus",
        description="Write invented news articles as JSONL, with the truth about copies beside.",
    )
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", default="-", help="a file, .gz to compress; - is standard output")
    chosen = parser.parse_args(arguments)
    if chosen.out == "-":
        write_lines(sys.stdout.buffer, chosen.articles, chosen.seed)
        return
    with Path(chosen.out).open("wb") as out:
        if not chosen.out.endswith(".gz"):
            write_lines(out, chosen.articles, chosen.seed)
            return
        # Neither name nor time in the header: the same corpus is the same file, byte for byte.
        with gzip.GzipFile("", "wb", compresslevel=5, fileobj=out, mtime=0) as packed:
            write_lines(packed, chosen.articles, chosen.seed)


if __name__ == "__main__":
    main()
