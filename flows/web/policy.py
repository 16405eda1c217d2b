"""What a fetch may do and take, and the name it goes by."""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "wirecopy"
"""The name in the User-Agent, and the one robots.txt may use for us."""


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What a fetch may do and take.

    `user_agent` is what `user_agent()` makes. `deadline_s` is for one address with all its
    redirects: names, connections, headers and bodies, but not the wait for a host's turn, which
    has its own limit `max_wait_s`. Caps are bytes. `allow_private_networks` is the only switch that
    lets a request reach an address that is not public.
    """

    user_agent: str
    allow_private_networks: bool = False
    deadline_s: float = 60.0
    robots_deadline_s: float = 20.0
    max_wait_s: float = 600.0
    max_crawl_delay_s: float = 60.0
    max_wire_bytes: int = 10 << 20
    max_decoded_bytes: int = 20 << 20
    max_redirects: int = 10


def user_agent(version: str, contact: str) -> str:
    """The honest name of this program with where to complain: an address of the web or of mail.

    Raises:
        ValueError: The contact is empty or holds what a header cannot.
    """
    if not contact.strip() or not contact.isascii() or not contact.isprintable():
        raise ValueError(
            "The contact must be an address in plain ASCII, such as a URL or an e-mail."
        )
    return f"{PRODUCT}/{version} (+{contact.strip()})"
