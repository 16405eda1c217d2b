"""What the list says of a source is what its articles say where nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.backfill.rebuild import rebuild
from flows.backfill.reprocess import reprocess
from flows.ingest import ingest
from flows.publish import publish
from tests.flows.newsroom import Desk, entry, feed, page
from tests.flows.webserver import WebServer, answer

SAID = """
publisher = "Port Alder Post"
language = "pt-BR"
timezone = "America/Sao_Paulo"
"""
FOLDER = f'[[source]]\nslug = "desk"\nurl = "../in"\nkind = "folder"\n{SAID}'
BARE = (
    page("ferry")
    .replace(b" lang=en", b"")
    .replace(b"</h1>", b"</h1><time datetime='2026-07-14T08:00'></time>")
)
SPEAKING = (
    page("bridge")
    .replace(b"<title>", b"<meta property='og:site_name' content='Bridge Times'><title>")
    .replace(b"</h1>", b"</h1><time datetime='2026-07-14T08:00+02:00'></time>")
)
RECORD = (
    '{"id": "m1", "headline": "Museum", "text": "The museum opened again on Tuesday after repairs that took the town '
    'eleven months and cost more than expected.", "publisher": "Museum News", "source": "wire", '
    '"source_defaults": {"publisher": "Nobody"}}\n'
)
TEXT = (
    "Theatre opens\nThe theatre opened again on Tuesday after repairs that took the town eleven "
    "months and cost more than anybody on the council had expected, the office said.\n"
)
SAYS = """
    select a.headline, p.name, a.language_declared, a.published_at::varchar, d.flag
    from articles as a left join publishers as p using (publisher_id)
    left join article_dates as d on d.article_id = a.article_id and d.is_chosen
    order by a.url, a.headline
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a folder of four kinds of input on its list."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ferry.html").write_bytes(BARE)
    (folder / "bridge.html").write_bytes(SPEAKING)
    (folder / "museum.jsonl").write_text(RECORD)
    (folder / "theatre.txt").write_text(TEXT)
    found = Desk(tmp_path / "home", WebServer({}))
    found.home.mkdir()
    (found.home / "sources.toml").write_text(FOLDER)
    return found


TOLD = [
    ("The bridge opens", "Bridge Times", "en", "2026-07-14 06:00:00+00", None),
    ("The ferry opens", "Port Alder Post", "pt", "2026-07-14 11:00:00+00", "source_zone"),
    ("Theatre opens", "Port Alder Post", "pt", None, None),
    ("Museum", "Museum News", "pt", None, None),
]


def test_files_say_what_their_folder_says_where_they_say_nothing(desk: Desk) -> None:
    """Publisher, language and zone; what a page or a record says of itself comes first."""
    assert desk.poll().states == {"loaded": 4}

    assert desk.ask(SAYS) == TOLD
    [(declared,)] = desk.ask("select declared from raw.pages where url = 'm1'")
    assert '"source":"wire"' in str(declared).replace(" ", "")
    assert "Nobody" not in str(declared)
    assert desk.failed_checks() == []


def test_it_does_not_matter_who_reads_a_file_first(desk: Desk) -> None:
    """Named by hand or due: the same captures, so the same rows."""
    by_hand = Desk(desk.home.parent / "other", desk.web)
    by_hand.home.mkdir()
    (by_hand.home / "sources.toml").write_text(FOLDER)
    ingest(by_hand.settings, [desk.home.parent / "in"], publish_after=False)
    desk.poll()

    pages = "select page_id, declared from raw.pages order by all"
    assert by_hand.ask(pages) == desk.ask(pages)
    assert by_hand.ask(SAYS) == desk.ask(SAYS)


def test_the_innermost_source_counts(desk: Desk) -> None:
    """A folder in a folder, whichever of the two comes first."""
    inner = desk.home.parent / "in" / "inner"
    inner.mkdir()
    (desk.home.parent / "in" / "ferry.html").rename(inner / "ferry.html")
    more = f'[[source]]\nslug = "zone"\nurl = "{inner}"\nkind = "folder"\npublisher = "Inner"\n'
    (desk.home / "sources.toml").write_text(FOLDER + more)

    desk.poll()

    sql = "select p.name from articles join publishers as p using (publisher_id) where headline"
    assert desk.ask(f"{sql} = 'The ferry opens'") == [("Inner",)]
    assert desk.ask(f"{sql} = 'Theatre opens'") == [("Port Alder Post",)]


def test_what_is_extracted_again_says_the_same(desk: Desk) -> None:
    """The list may have changed meanwhile: what counted is kept with the capture."""
    desk.poll()
    before = desk.ask(SAYS)
    (desk.home / "sources.toml").write_text("")

    reprocess(desk.settings, publish_after=False)
    assert desk.ask(SAYS) == before
    assert not rebuild(desk.settings, publish_after=False).unread
    assert desk.ask(SAYS) == before
    assert desk.failed_checks() == []


def test_pages_of_a_feed_and_records_of_an_archive_do_too(tmp_path: Path) -> None:
    """Over the web when first fetched and when looked at again; then from the capture, elsewhere."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)  # young: looked at again
    local = at.astimezone(ZoneInfo("America/Sao_Paulo")).replace(tzinfo=None).isoformat()
    young = BARE.replace(b"2026-07-14T08:00", local.encode())
    changed = young.replace(b"after repairs", b"after long and costly repairs to its engine")
    with WebServer({"/ferry": answer(young)}) as web:
        web.routes["/feed"] = feed([entry(web.url("/ferry"), published="")])
        desk = Desk(tmp_path / "home", web)
        desk.home.mkdir()
        feed_source = (
            f'[[source]]\nslug = "post"\nurl = "{web.url("/feed")}"\nkind = "feed"\n{SAID}'
        )
        (desk.home / "sources.toml").write_text(feed_source)
        assert desk.poll().states == {"loaded": 1}
        told = [
            (
                "The ferry opens",
                "Port Alder Post",
                "pt",
                f"{at:%Y-%m-%d %H:%M:%S}+00",
                "source_zone",
            )
        ]
        assert desk.ask(SAYS) == told
        web.routes["/ferry"] = answer(changed)
        desk.ask("update ops.rechecks set next_check_at = now() - interval 1 minute")
        assert desk.poll().states == {"loaded": 1}
        assert desk.ask("select version_no from articles") == [(2,)]
        assert desk.ask(SAYS) == told
    other = Desk(tmp_path / "other", web)
    ingest(other.settings, [desk.home / "raw"], publish_after=False)
    assert other.ask(SAYS) == told
    reprocess(other.settings, publish_after=False)
    assert other.ask(SAYS) == told


def test_a_source_may_ask_for_less_noise(desk: Desk) -> None:
    """`favor_precision` of a folder and of a feed; extracted again, too."""
    long = page("ferry", " More was said of the ferry and its crew." * 20)
    with WebServer({"/ferry": answer(long)}) as web:
        web.routes["/feed"] = feed([entry(web.url("/ferry"))])
        (desk.home.parent / "in" / "long.html").write_bytes(long)
        (desk.home / "sources.toml").write_text(
            f'[[source]]\nslug = "desk"\nurl = "{desk.home.parent / "in" / "long.html"}"\n'
            'kind = "folder"\nfavor_precision = true\n'
            f'[[source]]\nslug = "post"\nurl = "{web.url("/feed")}"\nkind = "feed"\n'
            "favor_precision = true\n"
        )
        assert desk.poll().states == {"loaded": 2}
    told = [("precision", 2)]
    sql = "select body_source, count(*) from articles group by body_source"
    assert desk.ask(sql) == told
    (desk.home / "sources.toml").write_text("")
    reprocess(desk.settings, publish_after=False)
    assert desk.ask(sql) == told


def test_a_source_is_of_the_publisher_of_its_articles(tmp_path: Path) -> None:
    """Where all are of one; the source of two publishers has none."""
    with WebServer({"/ferry": answer(page("ferry")), "/bridge": answer(page("bridge"))}) as web:
        elsewhere = web.url("/bridge").replace("127.0.0.1", "localhost")
        web.routes["/one"] = feed([entry(web.url("/ferry"))])
        web.routes["/two"] = feed([entry(web.url("/ferry")), entry(elsewhere)])
        web.routes["/none"] = feed([])
        desk = Desk(tmp_path / "home", web)
        desk.follow(one="/one", two="/two", none="/none")
        desk.poll()
    publish(desk.settings)

    sql = """
        select slug, host from sources left join publishers using (publisher_id)
        where slug in ('one', 'two', 'none') order by slug
    """
    assert desk.ask(sql) == [("none", None), ("one", "127.0.0.1"), ("two", None)]
    assert desk.failed_checks() == []
    desk.ask("delete from ops.entries")  # as old sightings are cleared away
    assert desk.failed_checks() == ["balance_entries"]
    assert desk.ask(sql)[1] == ("one", "127.0.0.1")
