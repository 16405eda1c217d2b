"""The headline of a page: the heading a reader sees, without the name of the site.

`og:title` and `<title>` often end in " - Site Name", and headlines are compared across sites. The
`<h1>` that agrees with a declared headline is taken as printed; where none agrees, the declared one
with the site's name cut off. `benchmarks/results/extraction.md` has how often that is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SEPARATOR = re.compile(r"\s+[-–—|·•»«:/~]+\s+|\s*[|｜]\s*|:\s+(?=\S+\.\S+$)")
_PLAIN = re.compile(r"[\W_]+")
_MIN_AGREEING = 12
_MIN_SHARE = 0.6
_MIN_RELATED = 0.25
_MIN_HEADING_WORDS = 4
_MOST_SITE_WORDS = 5
_LONGEST_SITE = 50
_MIN_SEGMENT = 6
_STEM = 6  # letters in which inflected forms of a word mostly agree
_MIN_LABEL = 4  # shorter labels of a host ("www", "co") name no site


def choose_headline(
    *,
    declared: Sequence[str],
    headings: Sequence[str],
    page_name: str | None,
    site_names: Iterable[str],
) -> str | None:
    """The headline, or None where the page has none.

    Args:
        declared: headlines from JSON-LD, `og:title` and the like, most trusted first.
        headings: the texts of the `<h1>` elements.
        page_name: the text of `<title>`.
        site_names: names and the host of the site.
    """
    sites = {plain for name in site_names for form in _forms(name) if (plain := _plain(form))}
    stripped = [text for d in declared if (text := _named_by(d, sites))]
    named = _named_by(page_name or "", sites)
    headings = [h for h in headings if _plain(h) not in sites]
    for candidate in [*stripped, named]:
        for heading in headings:
            if candidate and (agree(heading, candidate) or _is_segment(heading, candidate)):
                return _spaced(heading, candidate)
    for candidate in [*stripped, named]:
        for heading in headings[:3]:
            if candidate and _related(heading, candidate):
                return heading
    if len(headings) == 1 and not stripped and _says_more(named, headings[0]):
        headings = []  # the site's name or a section's, in words that the page's name does not have
    fallbacks = [
        *(_without_last(d) if d == page_name else d for d in stripped),
        *(headings if len(headings) == 1 else ()),
        _without_last(named) if named == page_name else named,
        *headings,
        *declared,
    ]
    return next((f for f in fallbacks if f), None)


def agree(heading: str, candidate: str) -> bool:
    """Whether two spellings of a headline are the same, or one is a good part of the other."""
    a, b = _plain(heading), _plain(candidate)
    if a == b:
        return bool(a)
    short, long = sorted((a, b), key=len)
    return len(short) >= _MIN_AGREEING and short in long and len(short) >= _MIN_SHARE * len(long)


def without_site(text: str, sites: set[str]) -> str:
    """Cut segments off both ends of a headline that are the site's name (`sites`: plain forms)."""
    for _ in range(3):
        marks = list(_SEPARATOR.finditer(text))
        if not marks:
            break
        if _plain(text[marks[-1].end() :]) in sites:
            text = text[: marks[-1].start()].rstrip()
        elif _plain(text[: marks[0].start()]) in sites:
            text = text[marks[0].end() :].lstrip()
        else:
            break
    return text


def _forms(name: str) -> list[str]:
    """A site's name as titles may give it; a host also without its suffix, and each long label.

    Some pages give their headline where the site's name belongs: a name is short.
    """
    if "." not in name or " " in name:
        return (
            [name] if len(name.split()) <= _MOST_SITE_WORDS and len(name) <= _LONGEST_SITE else []
        )
    labels = name.split(".")[:-1]
    return [name, ".".join(labels), *(label for label in labels if len(label) >= _MIN_LABEL)]


def _named_by(text: str, sites: set[str]) -> str:
    """A declared headline without the site's name; empty where it is nothing else."""
    text = without_site(text, sites)
    return "" if _plain(text) in sites else text


def _is_segment(heading: str, candidate: str) -> bool:
    """Whether a heading is what stands before or after a separator of a declared headline."""
    plain = _plain(heading)
    return any(
        (len(plain) >= _MIN_SEGMENT and plain == _plain(candidate[: mark.start()]))
        or (len(plain) >= _MIN_AGREEING and plain == _plain(candidate[mark.end() :]))
        for mark in _SEPARATOR.finditer(candidate)
    )


def _without_last(text: str) -> str:
    """Cut a last segment that reads as a name, for headlines that nothing else on the page confirms."""
    for _ in range(2):
        marks = list(_SEPARATOR.finditer(text))
        if not marks:
            break
        rest, last = text[: marks[-1].start()].rstrip(), text[marks[-1].end() :].split()
        capitals = all(not word[0].islower() or len(word) <= 3 for word in last)
        if not (capitals and len(last) <= _MOST_SITE_WORDS and _says_more(rest, " ".join(last))):
            break
        text = rest
    return text


def _says_more(text: str, name: str) -> bool:
    """Whether a text is long enough for a headline, and longer than a short name beside it."""
    words = len(text.split())
    return _MIN_HEADING_WORDS <= words > len(name.split()) < _MIN_HEADING_WORDS + 2


def _related(heading: str, candidate: str) -> bool:
    """Whether a heading of several words is on the same matter as a headline written for search."""
    words, other = _long_words(heading), _long_words(candidate)
    shared = len(words & other)
    return (
        len(heading.split()) >= _MIN_HEADING_WORDS
        and shared >= 2
        and shared >= _MIN_RELATED * min(len(words), len(other))
    )


def _long_words(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"\w+", text.casefold()) if len(word) >= 4}


def _spaced(heading: str, candidate: str) -> str:
    """The heading; or the declared headline where the heading has a kicker glued on before it."""
    printed, declared = _plain(heading), _plain(candidate)
    if printed == declared:
        return candidate if len(candidate.split()) > len(heading.split()) else heading
    return candidate if printed.endswith(declared) else heading


def _plain(text: str) -> str:
    return _PLAIN.sub("", text.casefold())
