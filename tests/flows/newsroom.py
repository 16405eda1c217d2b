"""A small news site on loopback: its feeds, its pages, and a data folder that follows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

from flows.polling import poll
from flows.publish import audit
from flows.settings import Settings
from flows.walk import Summary
from tests.flows.webserver import Asked, Reply, WebServer, answer, status
from warehouse.connection import LIVE

RSS = "application/rss+xml; charset=utf-8"
DAY = "Tue, 14 Jul 2026 08:00:00 GMT"


def page(subject: str, more: str = "") -> bytes:
    """A page with an article about a subject, in words of its own."""
    words = " ".join(f"{subject}{number}" for number in range(40))
    return (
        f"<!doctype html><html lang=en><head><title>The {subject} opens</title>"
        '<meta property="og:type" content="article"></head><body><article>'
        f"<h1>The {subject} opens</h1><p>The {subject} opened again on Tuesday after repairs that "
        f"took the town eleven months and cost more than anybody on the council had expected, the "
        f"{subject} office said.</p><p>Those who know it say {words}.{more}</p></article></body></html>"
    ).encode()


def entry(link: str, **more: str) -> str:
    """An RSS entry; `guid`, `headline`, `published` and `content` replace what the link makes."""
    name = link.rpartition("/")[2]
    content = more.get("content")
    full = f"<content:encoded>{escape(content)}</content:encoded>" if content else ""
    return (
        f"<item><title>{escape(more.get('headline', f'The {name} opens'))}</title>"
        f"<link>{escape(link)}</link><guid isPermaLink='false'>{more.get('guid', name)}</guid>"
        f"<pubDate>{more.get('published', DAY)}</pubDate>{full}</item>"
    )


def rss(entries: Iterable[str], about: str = "") -> bytes:
    """A feed of these entries."""
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Port Alder Post"
        f"</title><link>http://post.example/</link>{about}{''.join(entries)}</channel></rss>"
    ).encode()


def feed(entries: Iterable[str], *headers: str, about: str = "") -> bytes:
    """A whole answer with a feed."""
    return answer(rss(entries, about), kind=RSS, headers=headers)


def sitemap(urls: Iterable[str]) -> bytes:
    """A whole answer with a sitemap."""
    lines = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in urls)
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return answer(f"<urlset xmlns='{schema}'>{lines}</urlset>".encode(), kind="application/xml")


def conditional(body: bytes, etag: str) -> object:
    """A feed that answers 304 to who has it."""

    def reply(asked: Asked) -> Reply:
        if asked.header("If-None-Match") == etag:
            return status(304, f"ETag: {etag}")
        return answer(body, kind=RSS, headers=[f"ETag: {etag}"])

    return reply


@dataclass
class Desk:
    """A data folder, the site it follows, and what it has learnt."""

    home: Path
    web: WebServer
    options: dict[str, object] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Those of a run: without pauses, for all that is on loopback."""
        options = {
            "allow_private_networks": True,
            "host_spacing_s": 0.0,
            "workers": 1,
            "fetch_deadline_s": 10.0,
            **self.options,
        }
        return Settings(home=self.home, **options)  # type: ignore[arg-type]

    def follow(self, **sources: str) -> None:
        """Make these the sources: slug and path, of a feed unless the path says otherwise."""
        self.home.mkdir(parents=True, exist_ok=True)
        lines = []
        for slug, path in sources.items():
            kind = "sitemap" if "sitemap" in path else "page" if ".html" in path else "feed"
            url = path if "://" in path else self.web.url(path)
            lines.append(f'[[source]]\nslug = "{slug}"\nurl = "{url}"\nkind = "{kind}"\n')
        (self.home / "sources.toml").write_text("\n".join(lines))

    def poll(self, *urls: str, sources: Iterable[str] = ()) -> Summary:
        """One round, not published."""
        return poll(self.settings, sources=list(sources), urls=urls, publish_after=False)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the live tables."""
        with duckdb.connect(str(self.home / LIVE)) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(sql).fetchall()

    def ledger(self) -> dict[str, tuple[object, object]]:
        """State and reason of each input, by the path of its address."""
        rows = self.ask("select url_key, state, reason from ops.ledger")
        return {"/" + str(key).partition("://")[2].partition("/")[2]: (s, r) for key, s, r in rows}

    def failed_checks(self) -> list[str]:
        """The names of the checks that fail."""
        return [result.name for result in audit(self.settings) if not result.passed]


def served(pages: Mapping[str, Reply]) -> dict[str, object]:
    """Routes for these paths."""
    return dict(pages)
