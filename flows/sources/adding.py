"""Looking at an address somebody wants to add: what is there, or which feed the site has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.errors import BadSources
from flows.settings import Settings
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.session import Web, WebSession
from flows.workers import Workers
from transforms.feeds.discovery import candidate_links, feed_links
from transforms.feeds.entries import Feed, FeedLink
from transforms.feeds.parse import parse_feed
from transforms.feeds.sniffing import sniff
from transforms.records import Rejection
from transforms.sitemaps import Sitemap, parse_sitemap
from transforms.source_lists import Kind
from transforms.urls import is_http

_MAX_TRIED = 12


@dataclass(frozen=True, slots=True)
class Discovered:
    """A source that was found: its address, what it is, what it calls itself, what it holds."""

    url: str
    kind: Kind
    name: str | None = None
    language: str | None = None
    entry_count: int = 0
    is_announced: bool = False


def discover(settings: Settings, url: str, kind: Kind | None = None) -> Discovered:
    """What there is at an address; for the page of a site its first feed or sitemap that can be read.

    A person asked for these few addresses, so robots.txt, which is for crawlers, is not consulted.

    Args:
        settings: Limits and contact.
        url: What was typed.
        kind: What it is said to be: then nothing else is looked for.

    Raises:
        BadSources: Nothing is there that could be polled; one sentence says why.
    """
    if not is_http(url):
        raise BadSources(f"{url!r} is no http(s) address.")
    workers: Workers[Discovered | Rejection] = Workers(
        _judge,
        preload=["transforms.feeds.parse", "transforms.sitemaps"],
        workers=1,
        timeout_s=settings.feed_timeout_s,
        memory_bytes=settings.feed_memory_bytes,
    )
    with WebSession(settings, {}) as session, workers:
        fetched = _fetch(session, url)
        found = _judged(workers, fetched, kind)
        if isinstance(found, Discovered) and (kind or found.kind != "page"):
            return found
        if isinstance(found, Rejection):
            raise BadSources(f"{url} {found.detail}.")
        links = feed_links(fetched.payload, fetched.content_type, fetched.final_url)
        tried = 0
        for link, is_announced in _candidates(links, fetched.final_url):
            tried += 1
            answer = session.run(lambda web, at=link.url: _ask(web, at))  # type: ignore[misc]
            if isinstance(answer, FetchFailure):
                continue
            wanted: Kind = "sitemap" if link.kind == "sitemap" else "feed"
            found = _judged(workers, answer, None)
            if isinstance(found, Discovered) and found.kind == wanted and found.entry_count:
                return Discovered(
                    found.url,
                    found.kind,
                    found.name or link.name,
                    found.language,
                    found.entry_count,
                    is_announced,
                )
    raise BadSources(
        f"{url} is a page, and no feed or sitemap was found for it ({tried} addresses tried). Give "
        "the address of the feed, or add the page itself with `--kind page`."
    )


def _candidates(links: Sequence[FeedLink], url: str) -> Iterator[tuple[FeedLink, bool]]:
    seen = {url}
    for link, is_announced in [
        *((link, True) for link in links),
        *((link, False) for link in candidate_links(url)),
    ]:
        if link.url not in seen and len(seen) <= _MAX_TRIED:
            seen.add(link.url)
            yield link, is_announced


def _fetch(session: WebSession, url: str) -> Fetched:
    answer = session.run(lambda web: _ask(web, url))
    if isinstance(answer, FetchFailure):
        raise BadSources(f"{url} cannot be read ({answer.reason.value}): {answer.detail}")
    return answer


async def _ask(web: Web, url: str) -> Fetched | FetchFailure:
    return await web.fetcher.fetch(FetchRequest(url, obeys_robots=False))


def _judged(
    workers: Workers[Discovered | Rejection], fetched: Fetched, kind: Kind | None
) -> Discovered | Rejection:
    # Where the site says that the address has moved for good, the new one is the source's.
    url = fetched.moved_to if fetched.moved_to == fetched.final_url else fetched.url
    future = workers.submit(
        kind, fetched.payload, fetched.content_type, fetched.final_url, url or fetched.url
    )
    return workers.outcome(fetched.url, future, "read")


def _judge(
    kind: Kind | None, payload: bytes, content_type: str, base: str, url: str
) -> Discovered | Rejection:
    """In a worker: what a payload is."""
    content = kind or sniff(payload, content_type)
    said: Feed | Sitemap | Rejection
    if content == "feed":
        said = parse_feed(payload, content_type=content_type, url=base)
        if isinstance(said, Feed):
            return Discovered(url, "feed", said.name, said.language, len(said.entries))
        return said
    if content == "sitemap":
        said = parse_sitemap(payload, url=base, content_type=content_type)
        if isinstance(said, Sitemap):
            return Discovered(url, "sitemap", None, None, len(said.entries))
        return said
    if content == "page":
        return Discovered(url, "page")
    from transforms.records import Reason  # noqa: PLC0415 - in a worker

    return Rejection(url, Reason.UNSUPPORTED_TYPE, "is neither a feed, a sitemap nor a page")
