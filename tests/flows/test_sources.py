"""The list of sources: a file that keeps what people wrote, OPML in and out, addresses looked at."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tomlkit

from flows.errors import BadSources
from flows.settings import Settings
from flows.sources import read_source_list, read_sources, sources_file
from flows.sources.exchange import add_found, export, import_file, import_starter
from flows.sources.registry import add_sources, remove_source
from tests.flows.newsroom import Desk, entry, feed, page, sitemap
from tests.flows.webserver import WebServer, answer, redirect, status
from transforms.source_lists import SourceSpec

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]

WRITTEN = """\
# Mine.
[[source]]
slug = "post"   # the local one
url = "https://post.example/rss"
kind = "feed"
note = "ask Ann"

# And this.
[[source]]
url = "https://mail.example/sitemap.xml"
slug = "mail"
kind = "sitemap"
every = "2h"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder on loopback whose list has two sources."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "sources.toml").write_text(WRITTEN)
    return Settings(home=home, allow_private_networks=True, host_spacing_s=0.0, workers=1)


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    """A site that announces two feeds, the first of which is broken, and others that do not."""
    head = (
        "<link rel='alternate' type='application/rss+xml' href='/broken' title='Old'>"
        "<link rel='alternate' type='application/rss+xml' href='/rss' title='News'>"
    )
    routes = {
        "/": answer(f"<html><head>{head}</head><body>Hello</body></html>".encode()),
        "/broken": answer(b"<rss", kind="text/xml"),
        "/moved": redirect("/rss", 301),
        "/map": sitemap(["http://post.example/ferry"]),
        "/article": answer(page("ferry")),
        "/picture": answer(b"\x00\x01\x02\x03" * 100, kind="application/octet-stream"),
        "/failing": status(503),
    }
    with WebServer(dict(routes)) as found:
        failing = [entry(found.url("/failing"))]
        found.routes["/packed-page"] = answer(b"\x8b", headers=["Content-Encoding: br"])
        found.routes["/packed"] = feed([entry(found.url("/packed-page"))])
        found.routes["/rss"] = feed(failing, about="<language>en</language>")
        yield found


def test_adding_and_removing_leave_the_rest_of_the_file_as_it_was(settings: Settings) -> None:
    """Comments, order and unknown keys stay; what was added and removed again leaves no trace."""
    add_sources(settings, [SourceSpec("radio", "https://radio.example/feed", "feed")])
    text = sources_file(settings).read_text()
    assert text.startswith(WRITTEN.rstrip())
    assert [spec.slug for spec in read_sources(settings)] == ["post", "mail", "radio"]

    remove_source(settings, "radio")

    assert sources_file(settings).read_text().strip() == WRITTEN.strip()


def test_an_address_is_added_once_and_a_slug_is_had_by_one(settings: Settings) -> None:
    """Another spelling of an address is the same; another address under a slug gets a number."""
    added, known = add_sources(
        settings,
        [
            SourceSpec("again", "HTTPS://post.example:443/rss#top", "feed"),
            SourceSpec("post", "https://post.example/sport", "feed"),
        ],
    )

    assert known == 1
    assert [spec.slug for spec in added] == ["post-2"]


def test_a_list_is_made_where_there_is_none(tmp_path: Path) -> None:
    """The file begins with the first source."""
    settings = Settings(home=tmp_path / "new")
    assert read_sources(settings) == ()

    add_sources(settings, [SourceSpec("post", "https://post.example/rss", "feed")])

    assert tomlkit.parse(sources_file(settings).read_text())["source"][0]["slug"] == "post"  # type: ignore[index]


def test_opml_out_and_in_again_is_the_same_list(settings: Settings, tmp_path: Path) -> None:
    """Kinds, intervals and unknown keys included; imported twice it adds nothing."""
    export(settings, "opml", tmp_path / "list.opml")
    other = Settings(home=tmp_path / "other")

    imported = import_file(other, tmp_path / "list.opml")

    assert imported.faults == ()
    assert read_sources(other) == read_sources(settings)
    assert import_file(other, tmp_path / "list.opml").known_count == 2
    assert export(other, "opml", None) == (tmp_path / "list.opml").read_bytes()


def test_the_starter_list_is_whole(tmp_path: Path) -> None:
    """All of it is added, without a fault."""
    settings = Settings(home=tmp_path)

    imported = import_starter(settings)

    assert imported.faults == ()
    assert len(imported.added) > 20
    assert import_starter(settings).added == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nothing.opml", None, "No such file"),
        ("list.opml", b"<html></html>", "is no OPML"),
        ("list.toml", b"[[source]\n", "is no TOML"),
        ("list.bin", b"\x00\xff\xfe", "neither OPML nor TOML"),
    ],
)
def test_what_is_no_list_is_told_in_a_sentence(
    settings: Settings, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    """And nothing is added."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(BadSources, match=said):
        import_file(settings, tmp_path / name)

    assert sources_file(settings).read_text() == WRITTEN


def test_a_fault_costs_its_table_alone(settings: Settings) -> None:
    """The other sources count, and a sentence names the one that does not."""
    path = sources_file(settings)
    path.write_text(WRITTEN + '\n[[source]]\nslug = "bad"\nurl = "ftp://x"\nkind = "feed"\n')

    listed = read_source_list(settings)

    assert [spec.slug for spec in listed.sources] == ["post", "mail"]
    assert [fault for fault in listed.faults if "bad" in fault]


@pytest.mark.parametrize(
    ("path", "kind", "url"),
    [
        ("/", "feed", "/rss"),
        ("/rss", "feed", "/rss"),
        ("/map", "sitemap", "/map"),
        ("/moved", "feed", "/rss"),
    ],
)
def test_what_is_at_an_address_is_told_by_content(
    settings: Settings, web: WebServer, path: str, kind: str, url: str
) -> None:
    """A site's first feed that can be read; a feed, a sitemap; where it has moved for good."""
    added = add_found(settings, web.url(path), None, {"slug": "found"})

    assert (added.spec.kind, added.spec.url) == (kind, web.url(url))
    assert added.found.entry_count == 1
    assert read_sources(settings)[-1].slug == "found"
    assert not add_found(settings, web.url(path), None, {}).is_new


def test_a_page_is_added_where_one_is_meant(settings: Settings, web: WebServer) -> None:
    """With `--kind page`; otherwise a site without a feed is told so."""
    assert add_found(settings, web.url("/article"), "page", {}).spec.kind == "page"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/picture", "neither a feed"),
        ("/failing", r"cannot be read \(unavailable\)"),
        ("/absent", r"cannot be read \(not_found\)"),
    ],
)
def test_what_cannot_be_polled_is_not_added(
    settings: Settings, web: WebServer, path: str, said: str
) -> None:
    """One sentence says why; the list stays as it is."""
    with pytest.raises(BadSources, match=said):
        add_found(settings, web.url(path), None, {})

    assert sources_file(settings).read_text() == WRITTEN


def test_a_wish_that_cannot_be_kept_is_refused_before_anything_is_fetched(
    settings: Settings, web: WebServer
) -> None:
    """An interval of a second, a slug that is taken."""
    before = len(web.asked)
    with pytest.raises(BadSources, match="every"):
        add_found(settings, web.url("/rss"), None, {"every": "1s"})
    with pytest.raises(BadSources, match="'mail' already"):
        add_found(settings, web.url("/rss"), None, {"slug": "mail"})
    assert len(web.asked) == before


def test_a_source_taken_off_the_list_is_not_polled_and_its_articles_stay(tmp_path: Path) -> None:
    """Nor one that is disabled; a new address under an old slug begins without validators."""
    with WebServer({"/ferry": answer(page("ferry"))}) as web:
        web.routes["/feed"] = feed([entry(web.url("/ferry"))], 'ETag: "1"')
        web.routes["/other"] = feed([entry(web.url("/ferry"))])
        desk = Desk(tmp_path / "home", web)
        desk.follow(post="/feed")
        desk.poll()
        desk.follow(radio="/other")
        desk.poll()
        assert desk.ask("select slug, is_enabled from sources where is_listed order by slug") == [
            ("post", False),
            ("radio", True),
        ]
        before = len(web.asked)
        desk.follow(post="/other")
        assert desk.poll().polled == 1
        assert [asked.header("If-None-Match") for asked in web.asked[before:]] == [None]
        with pytest.raises(BadSources, match="no source 'nobody'"):
            desk.poll(sources=["nobody"])
    assert desk.ask("select count(*) from articles") == [(1,)]
    assert desk.failed_checks() == []


def test_the_commands_agree(wirecopy: Wirecopy, home: Path, web: WebServer) -> None:
    """Add, ingest, status and list from the command line, on one home; errors are a sentence."""
    refused = wirecopy("sources", "add", web.url("/rss"), "--home", home)
    assert refused.returncode == 1
    assert "private_address" in refused.stderr
    assert "Traceback" not in refused.stderr

    private = "--allow-private-networks"
    added = wirecopy("sources", "add", web.url("/"), private, "--home", home, "--json")
    assert json.loads(added.stdout)["url"] == web.url("/rss")
    env = {"WIRECOPY_ALLOW_PRIVATE_NETWORKS": "1"}
    done = wirecopy("ingest", "--home", home, "--json", env=env)
    said = json.loads(done.stdout)
    assert (done.returncode, said["pending"], said["reasons"]) == (1, 1, {"unavailable": 1})
    status_said = json.loads(wirecopy("status", "--home", home, "--json").stdout)
    [source] = status_said["sources"]
    assert source["status"] == "active"
    assert source["last_success_at"] is not None
    assert status_said["open_inputs"][0]["reason"] == "unavailable"
    words = wirecopy("status", "--home", home).stdout
    assert "next poll in" in words
    assert "1 pending: unavailable" in words


def test_lists_travel_by_commands_and_what_stopped_starts_again(
    wirecopy: Wirecopy, home: Path, web: WebServer, tmp_path: Path
) -> None:
    """Import, export, remove, import what was exported, a round, release: one after the other."""

    def sources(*words: object) -> str:
        done = wirecopy("sources", *words, "--home", home)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    mine = tmp_path / "mine.toml"
    mine.write_text(WRITTEN.replace("https://post.example/rss", web.url("/packed")))
    assert sources("import", mine) == "2 sources added, 0 were there already.\n"
    before = sources("list")
    assert sources("export", "-o", tmp_path / "list.opml") == ""
    assert tomlkit.parse(sources("export", "--format", "toml"))["source"][0]["note"] == "ask Ann"  # type: ignore[index]
    assert sources("remove", "mail") == "Removed mail (https://mail.example/sitemap.xml).\n"
    again = wirecopy("sources", "remove", "mail", "--home", home)
    assert (again.returncode, "Traceback" in again.stderr) == (1, False)
    assert sources("import", tmp_path / "list.opml") == "1 sources added, 1 were there already.\n"
    assert sources("list") == before
    assert "0 were there already" in sources("import", "--starter")

    desk = Desk(home, web)
    desk.poll(sources=["post"])
    assert desk.ledger() == {"/packed-page": ("quarantined", "unsupported_coding")}
    nothing = wirecopy("release", web.url("/elsewhere"), "--home", home)
    assert (nothing.returncode, "Nothing that is quarantined" in nothing.stderr) == (2, True)
    released = wirecopy("release", web.url("/packed-page"), "--home", home)
    assert released.stdout == "1 pages and 0 sources are due again.\n"
    assert desk.ledger() == {"/packed-page": ("pending", "not_fetched")}
