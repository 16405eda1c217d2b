"""A hard case of our own: a text rewritten five times in a day, each version republished.

Versions and their copies are put together from the agency paragraphs of the synthetic articles,
each of which is used once: a version drops, adds and reorders paragraphs of the one before, and
one to five outlets run it, cut, with a paragraph of their own or a word changed. Whether two
articles are copies follows from what they share: both covered by .6 or more; .4 to .6 is not
judged. The chain from the first version to the last is what connected components get wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random

from benchmarks.labelled import COPY_COVERAGE, JUDGED_COVERAGE, Labelled, Pair, compared

VERSIONS = 5
_LEAST_WORDS = 13


def make_updates(synthetic: Labelled, *, seed: int, texts: int = 40) -> Labelled:
    """A labelled set of `texts` running texts of five versions each, from the same seed the same."""
    random = Random(seed)
    pool = list(_agency_paragraphs(synthetic))
    random.shuffle(pool)
    versions: dict[str, list[str]] = {}
    bodies: dict[str, str] = {}
    for number in range(texts):
        current = [pool.pop() for _ in range(random.randint(8, 18))]
        for version in range(VERSIONS):
            for outlet in range(random.choice((1, 1, 2, 3, 5))):
                article_id = f"u{number:03}v{version}o{outlet}"
                versions[article_id] = _republish(current, pool, random)
                bodies[article_id] = "\n".join(_retouch(p, random) for p in versions[article_id])
            current = _update(current, pool, random)
    copies, unjudged = _judge(versions)
    return Labelled(
        name="updates",
        texts=[compared(article_id, body) for article_id, body in sorted(bodies.items())],
        publishers={article_id: article_id for article_id in bodies},
        copies=frozenset(copies),
        unjudged=frozenset(unjudged),
        paragraphs={},
        labels={},
        published={},
    )


def _agency_paragraphs(synthetic: Labelled) -> Iterator[str]:
    seen = set()
    for text in synthetic.texts:
        for paragraph in synthetic.paragraphs[text.article_id]:
            body = text.body[paragraph.start : paragraph.end]
            long = len(body.split()) >= _LEAST_WORDS
            if paragraph.origin is not None and paragraph.origin not in seen and long:
                seen.add(paragraph.origin)
                yield body


def _republish(current: list[str], pool: list[str], random: Random) -> list[str]:
    run = list(current)
    if random.random() < 0.3:
        run = run[: max(3, int(len(run) * random.uniform(0.5, 1)))]
    if random.random() < 0.3:
        run.insert(random.randrange(len(run) + 1), pool.pop())
    return run


def _retouch(paragraph: str, random: Random) -> str:
    words = paragraph.split()
    if random.random() < 0.15:
        words[random.randrange(len(words))] = f"local{random.randrange(100)}"
    return " ".join(words)


def _update(current: list[str], pool: list[str], random: Random) -> list[str]:
    share = random.uniform(0.15, 0.55)
    new = [pool.pop() for _ in range(max(1, int(len(current) * share)))]
    match random.choice(("replace", "append", "top")):
        case "replace":
            kept = [paragraph for paragraph in current if random.random() > share]
            half = len(new) // 2
            updated = [*new[:half], *kept, *new[half:]]
        case "append":
            updated = current + new
        case _:
            updated = new + current[: max(2, int(len(current) * (1 - share)))]
    return updated[:25]


def _judge(versions: dict[str, list[str]]) -> tuple[set[Pair], set[Pair]]:
    copies, unjudged = set(), set()
    words = {i: {p: len(p.split()) for p in run} for i, run in versions.items()}
    for a, b in combinations(sorted(versions), 2):
        if a[:4] != b[:4]:
            continue
        common = sum(count for paragraph, count in words[a].items() if paragraph in words[b])
        coverage = common / max(sum(words[a].values()), sum(words[b].values()))
        if coverage >= COPY_COVERAGE:
            copies.add((a, b))
        elif coverage >= JUDGED_COVERAGE:
            unjudged.add((a, b))
    return copies, unjudged
