"""The headline of a page: the heading a reader sees, without the name of the site.

`og:title` and `<title>` often end in " - Site Name", and headlines are compared across sites. The
`<h1>` that agrees with a declared headline is taken as printed; where none agrees, the declared one
with the site's name cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SEPARATOR = re.compile(r"\s+[-–—|·•»«:/~]+\s+|\s*[|｜]\s*|:\s+(?=\S+\.\S+$)")
_PLAIN = re.compile(r"[\W_]+")
_MIN_AGREEING = 12
_MIN_SHARE = 0.6
_MIN_RELATED = 0.3
_MIN_HEADING_WORDS = 4


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
    sites = {plain for name in site_names if (plain := _plain(name))}
    sites |= {_plain(name.rsplit(".", 1)[0]) for name in site_names if "." in name}
    stripped = [without_site(d, sites) for d in declared]
    named = without_site(page_name, sites) if page_name else ""
    headings = [h for h in headings if _plain(h) not in sites]
    for candidate in [*stripped, named]:
        for heading in headings:
            if candidate and agree(heading, candidate):
                return _spaced(heading, candidate)
    for candidate in [*stripped, named]:
        for heading in headings[:3]:
            if candidate and _related(heading, candidate):
                return heading
    fallbacks = [*stripped, *(headings if len(headings) == 1 else ()), named, *headings]
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
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= 4}


def _spaced(heading: str, candidate: str) -> str:
    """The heading; or the declared headline where the heading has a kicker glued on before it."""
    printed, declared = _plain(heading), _plain(candidate)
    if printed == declared:
        return candidate if len(candidate.split()) > len(heading.split()) else heading
    return candidate if printed.endswith(declared) else heading


def _plain(text: str) -> str:
    return _PLAIN.sub("", text.casefold())
