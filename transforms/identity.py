"""Ids: 16 hexadecimal digits of a SHA-256 over stable keys, the same in every warehouse.

A hash of what a thing is, never a counter: reading the same input again, in any order, gives the
same ids. `transforms.urls` has those of articles and captures.
"""

import hashlib
import json

from transforms.records import Publisher


def hashed_id(*parts: str) -> str:
    """The id that stands for these parts, which the hash keeps apart."""
    text = json.dumps(parts, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def publisher_id(publisher: Publisher | None, *, declared: bool) -> str | None:
    """The id of a publisher, None where nothing is known of it.

    A page is of the host it stands on, whatever names it gives itself. A record that names its
    publisher is of that name: archives serve many publishers' articles from one host of their own.
    """
    if publisher is None:
        return None
    if publisher.host is not None and not declared:
        return hashed_id("host", publisher.host)
    if publisher.name is not None:
        return hashed_id("name", " ".join(publisher.name.casefold().split()))
    return None if publisher.host is None else hashed_id("host", publisher.host)
