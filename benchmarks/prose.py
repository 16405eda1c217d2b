"""Prose that is news to a machine: the statistics of English words without their meaning.

English function words take about half of all words, invented words the rest, both falling off by a
Zipf-Mandelbrot law; an article has its own names and topic words, which recur; sentences have 6 to
34 words, some are quotations, some hold a number, some one of the stock phrases that return all
over a corpus.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from random import Random

MIN_WORDS, MEDIAN_WORDS, MAX_WORDS, LENGTH_SIGMA = 80, 300, 1000, 0.55
WORD_COUNT, PHRASE_COUNT, TOPIC_WORDS = 8000, 300, 24

_FUNCTION_SHARE = 0.53
# The shift of the Zipf-Mandelbrot law: large for the invented words, for no word of content makes
# up more than about half a percent of a newspaper.
_FUNCTION_SHIFT, _INVENTED_SHIFT = 2.7, 12.0
_TOPIC_BELOW = 1 << 29  # an eighth of the 32-bit draws
_TABLE_SIZE = 1 << 18  # the rarest word stands in it about twice
_ONSETS, _VOWELS = tuple("bdfhjklmnprstvz"), tuple("aeiou")
_ENDINGS = ("", "", "n", "r", "l", "s", "st")
# By falling frequency, so that the n-th weighs about as much as the n-th word of English prose.
_FUNCTION_TEXT = """
the of to and a in that is for on it was with as he at by be from his have are this not but had they
has an were which their been one or its said who will more there would about when her all we out up
she after them than into if other some no over can what only could also so most between before under
while because during through those against then where such both since until did each any within
"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A table in which every word stands as often as it is frequent; rarer words; stock phrases."""

    table: tuple[str, ...]
    rare: tuple[str, ...]
    phrases: tuple[str, ...]


def invent_vocabulary(rng: Random) -> Vocabulary:
    """English function words, `WORD_COUNT` words that look speakable, phrases of 4 or 5 of them."""
    function_words = _FUNCTION_TEXT.split()
    known = set(function_words)
    invented: list[str] = []
    while len(invented) < WORD_COUNT:
        # The more frequent a word, the shorter: two syllables at the head, four in the far tail.
        syllables = 2 + bisect_left((2500, 6500), len(invented) + rng.randint(-500, 500))
        word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables))
        word += rng.choice(_ENDINGS)
        if word not in known:
            known.add(word)
            invented.append(word)
    size = round(_FUNCTION_SHARE * _TABLE_SIZE)
    table = (
        *_by_frequency(function_words, _FUNCTION_SHIFT, size),
        *_by_frequency(invented, _INVENTED_SHIFT, _TABLE_SIZE - size),
    )
    phrases = tuple(" ".join(rng.sample(invented, rng.randint(4, 5))) for _ in range(PHRASE_COUNT))
    return Vocabulary(table, tuple(invented[500:]), phrases)


def _by_frequency(words: Sequence[str], shift: float, size: int) -> Iterator[str]:
    """`size` words, in which the r-th stands in proportion to 1 / (r + shift)."""
    reached = list(accumulate(1 / (rank + shift) for rank in range(1, len(words) + 1)))
    filled = 0
    for word, reach in zip(words, reached, strict=True):
        until = round(size * reach / reached[-1])
        yield from repeat(word, until - filled)
        filled = until


def write_article(rng: Random, vocabulary: Vocabulary) -> tuple[str, list[str]]:
    """A headline, and paragraphs of one to three sentences, as long as the length law draws."""
    topic = _topic(rng, vocabulary)
    drawn = MEDIAN_WORDS * rng.lognormvariate(0, LENGTH_SIGMA)
    length = round(min(max(drawn, MIN_WORDS), MAX_WORDS))
    sentences = _sentences(rng, vocabulary, topic, length)
    paragraphs = []
    while sentences:
        taken = rng.randint(1, 3)
        paragraphs.append(" ".join(sentences[:taken]))
        sentences = sentences[taken:]
    return _headline(rng, vocabulary, topic), paragraphs


def write_headline(rng: Random, vocabulary: Vocabulary) -> str:
    """A headline of 6 to 12 words."""
    return _headline(rng, vocabulary, _topic(rng, vocabulary))


def write_paragraph(rng: Random, vocabulary: Vocabulary, length: int) -> str:
    """One paragraph of about `length` words on a topic of its own."""
    return " ".join(_sentences(rng, vocabulary, _topic(rng, vocabulary), length))


def _topic(rng: Random, vocabulary: Vocabulary) -> list[str]:
    """The words an article returns to: rarer words of the vocabulary, a quarter of them names."""
    chosen = rng.sample(vocabulary.rare, TOPIC_WORDS)
    names = TOPIC_WORDS // 4
    return [word.capitalize() for word in chosen[:names]] + chosen[names:]


def _words(rng: Random, vocabulary: Vocabulary, topic: Sequence[str], count: int) -> list[str]:
    """`count` words by their frequency; one in eight is of the topic."""
    table = vocabulary.table
    # One draw decides twice: its size whether the word is of the topic, its low bits which word.
    return [
        topic[draw % len(topic)] if draw < _TOPIC_BELOW else table[draw % _TABLE_SIZE]
        for draw in struct.unpack(f"<{count}I", rng.randbytes(4 * count))
    ]


def _sentences(rng: Random, vocabulary: Vocabulary, topic: Sequence[str], length: int) -> list[str]:
    """Sentences of `length` words in all, not counting stock phrases and "... said"."""
    words = _words(rng, vocabulary, topic, length)
    sentences = []
    taken = 0
    while taken < length:
        size = int(rng.triangular(6, 35, 17))
        if length - taken - size < 6:  # the last sentence takes what would be too short for one
            size = length - taken
        part = words[taken : taken + size]
        taken += size
        chance = rng.random()
        if chance < 0.3:
            part[size // 2] = str(rng.randint(11, 9999))
        elif chance < 0.45:
            part[size // 2] += f", {rng.choice(vocabulary.phrases)},"
        sentence = part[0][:1].upper() + " ".join(part)[1:]
        quoted = rng.random() < 0.15
        sentences.append(f'"{sentence}," {topic[0]} said.' if quoted else f"{sentence}.")
    return sentences


def _headline(rng: Random, vocabulary: Vocabulary, topic: Sequence[str]) -> str:
    words = _words(rng, vocabulary, topic, rng.randint(6, 12))
    return words[0][:1].upper() + " ".join(words)[1:]
