"""Every check holds on a good warehouse, and goes red when just its promise is broken."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.checks import run_checks
from warehouse.connection import LIVE, Connection, writer
from warehouse.statements import names, statement

_AGAIN = "insert into {0} select * from {0} limit 1"


def _again(table: str) -> str:
    """A statement that puts a row of a table there twice."""
    return _AGAIN.format(table)


_LEFT = """
insert into ops.ledger_events by name
select
    'in-again' as ledger_id, 2 as seq, 'run' as run_id, 'skipped' as state, 'empty' as reason,
    now() as at_utc
"""

_MUTATIONS: list[tuple[str, str]] = [
    ("accepted_ratios", "update matches set resemblance = 1.01"),
    ("accepted_ratios", "update matches set containment_a = -0.01"),
    ("accepted_ratios", "update matches set containment_b = 'nan'::double"),
    ("accepted_values", "update ops.ledger set state = 'gone' where state = 'pending'"),
    ("accepted_values", "update ops.ledger set reason = 'because' where state = 'quarantined'"),
    ("accepted_values", "update ops.ledger_events set state = 'gone' where seq = 1"),
    ("accepted_values", "update ops.ledger_events set reason = 'because' where seq = 1"),
    ("accepted_values", "update ops.entries set outcome = 'new' where position = 0"),
    ("accepted_values", "update ops.entries set reason = 'because' where position = 4"),
    ("accepted_values", "update ops.fetches set outcome = 'good'"),
    ("accepted_values", "update ops.fetches set reason = 'because'"),
    ("accepted_values", "update ops.runs set status = 'done'"),
    ("accepted_values", "update sources set kind = 'rss'"),
    ("accepted_values", "update matches set kind = 'same'"),
    ("accepted_values", "update passages set kind = 'close'"),
    ("accepted_values", "update cluster_members set role = 'copy' where role = 'reprint'"),
    ("accepted_values", "update article_agencies set role = 'mention'"),
    ("accepted_values", "update agency_evidence set level = 'photo' where level = 'mention'"),
    ("accepted_values", "update articles set published_precision = 'year'"),
    ("articles_kept", _LEFT),
    ("balance_entries", "delete from ops.entries where position = 0"),
    ("balance_entries", "update ops.fetches set entries_seen = entries_seen + 1"),
    ("balance_entries", "update ops.entries set position = 1 where position = 0"),
    ("balance_entries", "update ops.entries set position = position + 1"),
    ("balance_entries", "update ops.entries set ledger_id = 'unknown' where position = 0"),
    ("balance_entries", "delete from ops.fetches where entries_seen > 0"),
    ("balance_ledger", "update ops.ledger set reason = null where state = 'quarantined'"),
    ("balance_ledger", "update ops.ledger set reason = 'empty' where state = 'loaded'"),
    ("balance_ledger", "update ops.ledger set article_id = null where state = 'duplicate'"),
    ("balance_ledger", "update ops.ledger set article_id = 'unknown' where state = 'duplicate'"),
    ("balance_ledger", "update ops.ledger set next_attempt_at = null"),
    ("balance_ledger", "update ops.ledger set attempts = 11 where state = 'pending'"),
    (
        "balance_ledger",
        "update ops.ledger set state = 'loaded', reason = null where state = 'duplicate'",
    ),
    ("balance_ledger", "delete from ops.ledger where state = 'loaded' and article_id[1] = 'f'"),
    ("balance_ledger_events", "delete from ops.ledger_events where ledger_id = 'in-later'"),
    ("balance_ledger_events", "update ops.ledger_events set seq = 3 where seq = 2"),
    ("balance_ledger_events", "update ops.ledger_events set seq = 0 where seq = 1"),
    ("balance_ledger_events", "update ops.ledger_events set state = 'skipped' where seq = 2"),
    ("balance_ledger_events", "update ops.ledger_events set reason = 'empty' where seq = 2"),
    ("balance_ledger_events", "delete from ops.ledger where ledger_id = 'in-later'"),
    (
        "balance_wanted",
        (
            "insert into ops.wanted_pages by name select ledger_id, 'u' as url, 's' as source_id, "
            "'f' as fetch_id, 0 as position from ops.ledger where state = 'loaded'"
        ),
    ),
    (
        "balance_wanted",
        (
            "insert into ops.wanted_pages by name select 'unknown' as ledger_id, 'u' as url, "
            "'s' as source_id, 'f' as fetch_id, 0 as position"
        ),
    ),
    (
        "balance_wanted",
        (
            "insert into ops.rechecks by name select 'unknown' as ledger_id, 'u' as url, "
            "'s' as source_id, now() as first_seen_at, 0 as check_count, now() as next_check_at"
        ),
    ),
    (
        "accepted_values",
        "insert into ops.source_state by name select 's' as source_id, 'asleep' as status",
    ),
    ("balance_runs", "update ops.fetches set run_id = 'unknown'"),
    ("balance_runs", "update ops.entries set run_id = 'unknown'"),
    ("balance_runs", "update ops.loads set run_id = 'unknown'"),
    ("balance_runs", "update ops.ledger_events set run_id = 'unknown'"),
    ("balance_runs", "update ops.ledger set last_run_id = 'unknown'"),
    ("balance_runs", "update ops.runs set ended_at = null"),
    ("balance_runs", "update ops.runs set status = 'running'"),
    ("clusters_agree", "update clusters set article_count = article_count + 1"),
    (
        "clusters_agree",
        "update clusters set origin_article_id = '1b00000000000002' where article_count = 2",
    ),
    ("clusters_agree", "update clusters set first_published_at = now()"),
    ("clusters_agree", "update clusters set origin_basis = 'earliest'"),
    ("clusters_agree", "update cluster_members set role = 'origin'"),
    ("clusters_agree", "update cluster_members set role = 'reprint'"),
    ("clusters_agree", "delete from clusters where article_count = 2"),
    (
        "clusters_agree",
        "insert into clusters values ('0000000000000000', '0000000000000000', 1, null, 'only')",
    ),
    (
        "clusters_agree",
        "update cluster_members set cluster_id = 'unknown'; update clusters set cluster_id = 'unknown'",
    ),
    ("components_agree", "update reuse.components set component_id = article_id"),
    ("components_agree", "update reuse.components set component_id = '0000000000000000'"),
    ("components_agree", "update reuse.components set component_id = 'f3fffffffffffff3'"),
    ("components_agree", "delete from reuse.components where article_id = component_id"),
    (
        "components_agree",
        "delete from matches; update reuse.components set component_id = article_id",
    ),
    ("days_agree", "update cluster_members set day = day + 1"),
    ("days_agree", "update reuse.components set day = date '2026-01-01'"),
    ("days_agree", "update matches set day = date '2026-01-01'"),
    ("days_agree", "update passages set day = null"),
    ("days_agree", "update reuse.fingerprints set published_at = null"),
    ("days_agree", "update articles set published_at = published_at + interval 30 days"),
    ("digests_agree", "update articles set body = body || '.'"),
    ("digests_agree", "update article_versions set body = body || '.' where version_no = 2"),
    (
        "digests_agree",
        "update article_versions set body_sha256 = '00' where page_id = 'page-older'",
    ),
    ("digests_agree", "update article_pages set body_sha256 = '00' where page_id = 'page-older'"),
    (
        "digests_agree",
        "update article_versions set body_sha256 = 'same'; update article_pages set body_sha256 = 'same'",
    ),
    (
        "digests_agree",
        "update article_versions set body = 'One text'; update articles set body = 'One text'",
    ),
    ("error_answers", "update raw.pages set status_code = 404"),
    ("error_answers", "update raw.pages set status_code = 500 where page_id = 'page-older'"),
    ("index_complete", "delete from reuse.components where article_id[1] = 'f'"),
    ("index_complete", "delete from reuse.fingerprints where article_key > 9223372036854775807"),
    ("index_complete", _again("reuse.components")),
    ("index_complete", _again("reuse.fingerprints")),
    ("index_complete", "insert into reuse.components values ('00', '00', null)"),
    ("index_complete", "insert into reuse.fingerprints values (7, 1, null, '', '', '')"),
    ("index_complete", "update reuse.bands set article_key = 7"),
    ("index_complete", "update reuse.seeds set article_key = 7"),
    ("index_complete", "update reuse.lines set article_key = 7"),
    ("index_complete", "update reuse.lines set article_key = 7, publisher_id = ''"),
    ("index_complete", "update reuse.lines set publisher_id = 'other' where article_key > 2 ** 63"),
    ("index_complete", "insert into reuse.furniture values ('post', 202607, 7)"),
    ("index_complete", "insert into reuse.furniture values ('post', 202608, 2 ** 63)"),
    ("index_complete", "insert into reuse.furniture select 'post', 202607, 2 ** 63 from range(2)"),
    ("membership_total", "delete from cluster_members where article_id[1] = 'f'"),
    (
        "membership_total",
        "update cluster_members set article_id = 'unknown' where article_id[1] = 'f'",
    ),
    (
        "orphan_agencies",
        "update agency_evidence set article_id = 'unknown' where level = 'mention'",
    ),
    ("orphan_agencies", "delete from agencies where agency_id = 'north'"),
    ("orphan_agencies", "delete from agency_evidence where level = 'owner'"),
    (
        "orphan_agencies",
        "insert into article_agencies values ('1b00000000000002', 'north', 'owner')",
    ),
    ("orphan_articles", "update articles set page_id = 'unknown'"),
    ("orphan_articles", "delete from publishers"),
    ("orphan_articles", "update articles set version_no = 1"),
    ("orphan_authors", "update article_authors set article_id = 'unknown'"),
    ("orphan_authors", "delete from authors"),
    ("orphan_authors", "delete from article_authors"),
    (
        "orphan_captures",
        "update article_pages set article_id = 'unknown' where page_id = 'page-older'",
    ),
    ("orphan_captures", "delete from raw.pages where page_id = 'page-older'"),
    ("orphan_captures", "update raw.pages set fetched_at = now() where page_id = 'page-older'"),
    ("orphan_captures", "update articles set fetched_at = fetched_at - interval 1 minute"),
    ("orphan_captures", "delete from article_pages where page_id <> 'page-older'"),
    ("orphan_matches", "update matches set article_a = '0000000000000000'"),
    ("orphan_matches", "update matches set article_b = 'ffffffffffffffff'"),
    ("orphan_publishers", "update articles set publisher_id = null where publisher_id = 'herald'"),
    ("orphan_sources", "update ops.fetches set source_id = 'unknown'"),
    ("orphan_sources", "update ops.entries set source_id = 'unknown'"),
    ("orphan_sources", "update sources set publisher_id = 'unknown'"),
    ("orphan_tags", "update article_tags set article_id = 'unknown'"),
    ("orphan_versions", "update article_versions set article_id = 'unknown' where version_no = 1"),
    ("orphan_versions", "delete from raw.pages where page_id = 'page-older'"),
    ("orphan_versions", "update articles set version_no = 1"),
    (
        "overlap_agrees",
        "update agency_evidence set signal = 'overlap', level = 'shared' where level = 'mention'",
    ),
    ("passages_inside_bodies", "update passages set a_end = a_end + 1"),
    ("passages_inside_bodies", "update passages set b_end = b_end + 1"),
    ("passages_inside_bodies", "update passages set a_start = -1"),
    ("passages_inside_bodies", "update passages set b_start = -1"),
    ("passages_inside_bodies", "update passages set a_end = a_start"),
    ("passages_inside_bodies", "update passages set b_end = b_start"),
    ("passages_inside_bodies", "update passages set article_a = article_b, article_b = article_a"),
    ("passages_inside_bodies", "update passages set article_b = 'ffffffffffffffff'"),
    (
        "passages_inside_bodies",
        "update articles set publisher_id = 'agency' where article_id[1] = 'f'",
    ),
    ("text_clean", "update articles set body = body || chr(0)"),
    ("text_clean", "update articles set headline = chr(0)"),
    ("text_clean", "update articles set body = ''"),
    ("text_clean", "update article_versions set body = ''"),
    ("text_clean", "update article_versions set body = chr(0) || body"),
    ("text_clean", "update articles set url = 'https://ann:secret@news.example/a'"),
    ("text_clean", "update raw.pages set url = 'ftp://ann:secret@news.example'"),
    ("text_clean", "update raw.pages set final_url = 'https://ann:secret@news.example/'"),
    ("times_sane", "update articles set published_at = '1970-01-01 00:00:00+00'"),
    ("times_sane", "update articles set published_at = fetched_at + interval 49 hours"),
    ("unique_article_url", "update articles set url_key = 'https://news.example/'"),
    ("unique_article_versions", _again("article_versions")),
    ("unique_article_versions", "delete from article_versions where page_id = 'page-older'"),
    ("unique_article_versions", "update article_versions set body_sha256 = 'same'"),
    ("unique_articles", _again("articles")),
    ("unique_authors", _again("authors")),
    ("unique_cluster_members", _again("cluster_members")),
    ("unique_clusters", _again("clusters")),
    ("unique_fetches", _again("ops.fetches")),
    ("unique_ledger", _again("ops.ledger")),
    ("unique_matches", _again("matches")),
    ("unique_matches", "update matches set article_a = article_b, article_b = article_a"),
    ("unique_pages", _again("raw.pages")),
    ("unique_publishers", _again("publishers")),
    ("unique_rows", _again("ops.runs")),
    ("unique_rows", _again("ops.loads")),
    ("unique_rows", _again("agencies")),
    ("unique_rows", _again("article_pages")),
    ("unique_rows", _again("article_authors")),
    ("unique_rows", _again("article_tags")),
    ("unique_rows", _again("article_agencies")),
    ("unique_rows", _again("agency_evidence")),
    ("unique_rows", _again("passages")),
    ("unique_sources", _again("sources")),
    (
        "validators_fetched",
        "insert into ops.source_state by name select 'never' as source_id, '\"e\"' as etag",
    ),
    ("changed_words_complete", "delete from mart.changed_words"),
    ("changed_words_complete", _again("mart.changed_words")),
    ("changed_words_complete", "insert into mart.changed_words values ('a', 'b', [], [], 0, 0)"),
    ("changed_words_complete", "update mart.changed_words set added_word_count = -1"),
    ("wire_words_complete", "delete from mart.wire_words where article_id[1] = 'f'"),
    ("wire_words_complete", _again("mart.wire_words")),
    ("wire_words_complete", "insert into mart.wire_words values ('unknown', 0, 0)"),
    ("wire_words_complete", "update mart.wire_words set wire_word_count = 1000"),
    ("wire_words_complete", "update mart.wire_words set own_word_count = 1000"),
    ("wire_words_complete", "update mart.wire_words set own_word_count = -1"),
    (
        "unique_sources",
        "insert into sources (source_id, slug, url, kind) values ('other', 'local', 'file:', 'folder')",
    ),
    (
        "chosen_dates",
        (
            "insert into article_dates by name select article_id, 1 as position, 'meta' as source,"
            " fetched_at - interval 1 year as stated_at, 'raw' as raw, 'day' as precision,"
            " true as is_chosen from articles"
        ),
    ),
    (
        "orphan_dates_and_urls",
        "insert into article_urls by name select 'unknown' as article_id, 'u' as url, 'canonical' as kind",
    ),
    (
        "balance_backfill_units",
        (
            "insert into ops.backfill_units by name select 'u' as unit_id, 'warc' as archive, 'u' as url,"
            " 'local' as source_id, current_date as since_on, current_date as until_on, 'done' as state,"
            " 1 as attempt_count, 'fetch' as fetch_id, 999 as entry_count, 0 as passed_count,"
            " 0 as pending_count, 0 as byte_offset, 'run' as run_id, now() as changed_at"
        ),
    ),
]


def test_every_check_is_broken_by_some_mutation() -> None:
    """A check that nothing here breaks could never fail."""
    assert {check for check, _ in _MUTATIONS} == set(names("checks"))


@pytest.mark.parametrize("warehouse", ["con", "filled"])
def test_a_good_warehouse_passes_every_check(
    warehouse: str, request: pytest.FixtureRequest
) -> None:
    """An empty warehouse and a small one keep every promise."""
    results = run_checks(request.getfixturevalue(warehouse))

    assert [(result.name, result.examples) for result in results if not result.passed] == []
    assert [result.name for result in results] == list(names("checks"))


def test_a_warehouse_may_hold_rejected_inputs_alone(con: Connection) -> None:
    """No article at all is no broken promise: what was turned away is counted and published."""
    con.execute(
        "insert into ops.runs by name select 'run' as run_id, 'ingest' as flow, now() as started_at, now() as ended_at, 'completed' as status"
    )
    con.execute(
        "insert into ops.ledger by name select 'a' as ledger_id, 'a' as url_key, 'skipped' as state, 'empty' as reason, 1 as attempts, 'run' as last_run_id"
    )
    con.execute(
        "insert into ops.ledger_events by name select 'a' as ledger_id, 1 as seq, 'run' as run_id, 'skipped' as state, 'empty' as reason, now() as at_utc"
    )

    assert [result.name for result in run_checks(con) if not result.passed] == []


@pytest.fixture(scope="module")
def shared(
    templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """One good warehouse for all mutations; each is rolled back."""
    home = tmp_path_factory.mktemp("mutated")
    (home / LIVE).parent.mkdir()
    shutil.copy(templates["filled"] / LIVE, home / LIVE)
    with writer(home, wait_s=5) as opened:
        yield opened


@pytest.mark.parametrize(("check", "mutation"), _MUTATIONS)
def test_a_broken_promise_is_seen(shared: Connection, check: str, mutation: str) -> None:
    """The check of a good warehouse is green (see above), and red after each of these."""
    query = statement(f"checks/{check}")
    shared.begin()
    try:
        shared.execute(mutation)
        assert shared.execute(query).fetchall() != []
    finally:
        shared.rollback()


def test_a_result_says_what_was_promised_and_shows_what_breaks_it(filled: Connection) -> None:
    """The promise is the statement's first comment; of many violations a few are shown."""
    filled.execute("insert into raw.pages select pages.* from raw.pages as pages, range(3)")

    results = {result.name: result for result in run_checks(filled)}

    pages, authors = results["unique_pages"], results["unique_authors"]
    assert (authors.passed, authors.violation_count, authors.examples) == (True, 0, ())
    assert pages.promise == "Every capture is there once."
    assert not pages.passed
    assert pages.violation_count == 5
    assert max(pages.examples) == "('page-older', 4)"


def test_examples_are_few(filled: Connection) -> None:
    """A check that a million rows break shows the first five."""
    filled.execute("insert into article_tags select 'a', i from range(7) t(i)")

    result = next(each for each in run_checks(filled) if each.name == "orphan_tags")

    assert (result.violation_count, len(result.examples)) == (7, 5)


def test_every_check_says_in_one_line_what_it_promises() -> None:
    """`wirecopy audit` prints that line."""
    firsts = {name: statement(f"checks/{name}").splitlines()[0] for name in names("checks")}

    assert {name for name, line in firsts.items() if not line.startswith("-- ")} == set()
    assert {name for name, line in firsts.items() if not line.endswith(".")} == set()
