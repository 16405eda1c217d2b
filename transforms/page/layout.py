"""What is done to a parsed page before trafilatura sees it.

Elements that it would drop after several copies of the tree are dropped before the first: a quarter
of its time. And two layouts are put right that would cost part of an article. It takes the first container that looks like an article body, and drops blocks whose class says
"embed". Pages that cut the body into several containers, to put advertising between them, lose
all but the first; embedded posts, which readers see as part of the text, are lost with their frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import strip_elements
from lxml.html import HtmlElement

_BODY_CLASS = re.compile(
    r"(?:article|entry|post|story|content|text)[-_]{0,2}(?:body|content|text)|articleBody",
    re.IGNORECASE,
)
_FRAMES = frozenset({"div", "figure", "p", "section", "span"})
_LINK_WORDS = 3
_MAX_LINK = 300
_MAX_CLASS = 1_000


_NEVER_BODY = (
    "aside", "audio", "button", "canvas", "dialog", "embed", "figure", "footer", "head", "iframe",
    "input", "label", "math", "menu", "nav", "noscript", "object", "picture", "script", "select",
    "style", "svg", "template", "textarea", "video",
)  # fmt: skip
"""Elements trafilatura drops wherever they stand (its MANUALLY_CLEANED), but for `form`: whole pages
are built inside one, and its rescue steps still look there."""


def prepare_layout(tree: HtmlElement) -> None:
    """Drop what is never body text, join split article bodies, keep embedded posts, in place.

    Metadata must be read before: scripts and the head go too.
    """
    strip_elements(tree, *_NEVER_BODY, with_tail=False)
    _join_split_bodies(tree)
    for quote in tree.iter("blockquote"):
        _unmark_embed(quote)


def link_texts(tree: HtmlElement) -> frozenset[str]:
    """The texts of all links of three words or more, single-spaced."""
    found = set()
    for link in tree.iter("a"):
        words = "".join(link.itertext()).split()
        if len(words) >= _LINK_WORDS:
            text = " ".join(words)
            if len(text) <= _MAX_LINK:
                found.add(text)
    return frozenset(found)


def _join_split_bodies(tree: HtmlElement) -> None:
    """Move what later parts of a body hold to the end of the first part.

    Parts carry the same class and share a parent or grandparent. A heading of its own, or an
    `<article>` around it, makes a container another article's body.
    """
    firsts: dict[tuple[str, HtmlElement], HtmlElement] = {}
    parts: list[tuple[HtmlElement, HtmlElement]] = []
    for element in tree.iter("div", "section"):
        name = element.get("class")
        if name and len(name) > _MAX_CLASS:
            # Patterns are tried on it many times over, here and in trafilatura.
            name = name[:_MAX_CLASS]
            element.set("class", name)
        if not name or not _is_body_name(name):
            continue
        keys = [(name, frame) for frame in _near_frames(element)]
        first = next((firsts[key] for key in keys if key in firsts), None)
        if first is None:
            firsts.update(dict.fromkeys(keys, element))
        elif _is_part(element, first):
            parts.append((first, element))
    for first, element in parts:
        first.extend(list(element))


def _is_body_name(name: str) -> bool:
    low = name.lower()
    # Whatever the pattern finds ends in one of these; most classes hold none.
    return ("body" in low or "content" in low or "text" in low) and (
        _BODY_CLASS.search(low) is not None
    )


def _near_frames(element: HtmlElement) -> Iterator[HtmlElement]:
    """The parent, and the grandparent where the parent is no article with a heading of its own."""
    parent = element.getparent()
    if parent is None:
        return
    yield parent
    above = parent.getparent()
    if (
        above is not None
        and parent.tag in _FRAMES
        and next(parent.iter("h1", "header"), None) is None
    ):
        yield above


def _is_part(element: HtmlElement, first: HtmlElement) -> bool:
    return (
        next(element.iter("p"), None) is not None
        and next(element.iter("h1", "header", "article"), None) is None
        and not any(above is first for above in element.iterancestors())
    )


def _unmark_embed(quote: HtmlElement) -> None:
    """Take the class off the frames around a quotation that call it an embed."""
    for frame in quote.iterancestors():
        name = frame.get("class") or ""
        if frame.tag not in _FRAMES or _is_body_name(name):
            return
        if "embed" in name.lower():
            del frame.attrib["class"]
